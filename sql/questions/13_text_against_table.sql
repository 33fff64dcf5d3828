-- Where do text and table of a report disagree at the same scope?
-- Answers: figures of the prose on requests, outcomes, reviews and suits that differ from the table.
-- Does not answer: which of the two is right.
-- Caveats: a figure of another scope is no disagreement and not listed; clauses that were not wholly understood
-- are left alone, so that an absence proves nothing.
SELECT dim_agency.name, report_year, section_code, metric_code, scope_word, stated_value, table_value, line_no
FROM core.narrative_figure
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_agency USING (agency_id)
WHERE is_current AND verdict = 'differs'
ORDER BY name, report_year, line_no, metric_code
