-- The eight grounds of 不予公开 of each agency-year: requests refused on each, and its share of all refusals.
SELECT
    metric_value.agency_id,
    metric_value.report_year,
    report.scope,
    dim_outcome.outcome_code,
    metric_value.numerator AS requests,
    metric_value.value AS share,
    metric_value.n,
    metric_value.check_status
FROM mart.metric_value
INNER JOIN mart.metric USING (metric_code)
INNER JOIN core.dim_outcome ON dim_outcome.outcome_code = split_part(metric.numerator_cells[1], '.', 2)
INNER JOIN core.report USING (agency_id, report_year)
WHERE
    report.is_current
    AND dim_outcome.parent_code = 'outcome_denied'
    AND metric.metric_unit = 'share'
    AND len(metric.numerator_cells) = 1
