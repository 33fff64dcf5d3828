-- Which reports have advertising injected into their text?
-- Answers: each place with the words found, its line and the file.
-- Does not answer: who put them there, or whether the page still shows them.
-- Caveats: only known kinds of advertising are found.
SELECT dim_agency.name, report.report_year, observed, line_no, file_name
FROM quality.finding
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_agency USING (agency_id)
INNER JOIN raw.document USING (document_id)
WHERE rule_code = 'text.injected' AND is_current
ORDER BY name, report.report_year, line_no
