-- The headline figures and rates of each agency-year, one column a metric, each rate beside its n.
WITH headline AS (
    PIVOT (
        -- Starting from mart.metric gives every metric its columns, in use or not.
        SELECT
            metric.metric_code,
            metric_value.agency_id,
            metric_value.report_year,
            metric_value.value,
            metric_value.n,
            metric_value.check_status
        FROM mart.metric
        LEFT JOIN mart.metric_value USING (metric_code)
    )
    ON metric_code
    USING any_value(value) AS figure, any_value(n) AS n, any_value(check_status) AS check_status
    GROUP BY agency_id, report_year
),

-- Drop the suffix that PIVOT gives to the figure itself: requests_new_figure is requests_new.
named AS (
    SELECT agency_id, report_year, COLUMNS('^(.+)_figure$') AS '\1', COLUMNS('_(n|check_status)$')
    FROM headline
),

derived AS (
    SELECT agency_id, report_year, array_to_string(list_sort(list(metric_code)), ',') AS derived_metrics
    FROM mart.metric_value
    WHERE basis = 'derived'
    GROUP BY agency_id, report_year
),

checked AS (
    SELECT
        report_id,
        count(*) AS cells,
        count(coalesce(corrected_value, value)) AS cells_reported,
        count(*) FILTER (WHERE check_status = 'verified') AS cells_verified,
        count(*) FILTER (WHERE check_status = 'contradicted') AS cells_contradicted
    FROM core.cell
    GROUP BY report_id
),

found AS (
    SELECT
        report_id,
        count(*) FILTER (WHERE severity = 'error') AS findings_error,
        count(*) FILTER (WHERE severity = 'warning') AS findings_warning
    FROM quality.finding
    GROUP BY report_id
)

SELECT
    report.*,
    named.* EXCLUDE (agency_id, report_year),
    dim_agency.* EXCLUDE (agency_id),
    document.file_name,
    derived.derived_metrics,
    coalesce(checked.cells, 0) AS cells,
    coalesce(checked.cells_reported, 0) AS cells_reported,
    coalesce(checked.cells_verified, 0) AS cells_verified,
    coalesce(checked.cells_contradicted, 0) AS cells_contradicted,
    coalesce(found.findings_error, 0) AS findings_error,
    coalesce(found.findings_warning, 0) AS findings_warning
FROM core.report
INNER JOIN (SELECT document_id, file_name FROM raw.document) AS document USING (document_id)
LEFT JOIN core.dim_agency USING (agency_id)
LEFT JOIN named USING (agency_id, report_year)
LEFT JOIN derived USING (agency_id, report_year)
LEFT JOIN checked USING (report_id)
LEFT JOIN found USING (report_id)
WHERE report.is_current
