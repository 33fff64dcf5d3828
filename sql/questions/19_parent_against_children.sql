-- Where is a consolidated report not the sum of the reports below it?
-- Answers: cells of which the parent's figure differs from the sum of its bodies, all at equal scope.
-- Does not answer: anything where a body below has no report, or too few figures bear the sum out.
-- Caveats: which bodies belong to a government follows from their region.
SELECT
    dim_agency.name,
    report_year,
    table_code,
    row_code,
    column_code,
    CAST(expected AS DOUBLE) AS sum_of_children,
    CAST(observed AS DOUBLE) AS parent
FROM quality.finding
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_agency USING (agency_id)
WHERE rule_code = 'hierarchy.sum' AND is_current
ORDER BY name, report_year, table_code, row_code, column_code
