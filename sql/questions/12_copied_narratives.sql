-- Which narratives are nearly copied from last year's report or from another agency's?
-- Answers: each section at least four fifths of whose text stands in the other report, with both reports.
-- Does not answer: who copied from whom where dates are equal, or whether a copied text is wrong.
-- Caveats: words that many agencies share are left out; short sections are not judged.
SELECT
    dim_agency.name,
    report.report_year,
    section_code,
    kind,
    similarity,
    other_agency.name AS other_name,
    other_report.report_year AS other_year
FROM mart.copied_text
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_agency USING (agency_id)
INNER JOIN core.report AS other_report ON other_report.report_id = other_report_id
INNER JOIN core.dim_agency AS other_agency ON other_agency.agency_id = other_report.agency_id
ORDER BY dim_agency.name, report.report_year, section_code, kind
