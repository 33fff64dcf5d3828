-- Who collects the most in fees, and who buys the most by centralised procurement, in yuan?
-- Answers: amounts in yuan ranked within each year; procurement on the form of 2019, fees on that of 2021.
-- Does not answer: fees before 2021 (only their number was reported) or procurement after 2020.
-- Caveats: `unit_assumed` marks an amount printed without a unit, which is taken as yuan and may be 10,000 times more.
SELECT
    metric_code,
    metric_value.report_year,
    rank() OVER (PARTITION BY metric_code, metric_value.report_year, scope ORDER BY metric_value.value DESC) AS place,
    dim_agency.name,
    scope,
    metric_value.value AS yuan,
    finding.report_id IS NOT NULL AS unit_assumed
FROM mart.metric_value
INNER JOIN core.report USING (agency_id, report_year)
INNER JOIN core.dim_agency USING (agency_id)
LEFT JOIN (SELECT DISTINCT report_id FROM quality.finding WHERE rule_code = 'cell.unit_assumed') AS finding
    USING (report_id)
WHERE is_current AND metric_code IN ('fee_amount', 'procurement_amount') AND metric_value.value > 0
ORDER BY metric_code, report_year, scope, place, name
