-- Each metric of each current report beside that of the same agency's report a year earlier.
-- Only figures of equal scope whose series no change of form breaks have a value before and a change.
WITH form AS (
    SELECT agency_id, report_year, scope, 'disclosure' AS table_code, disclosure_form AS form
    FROM core.report
    WHERE is_current
    UNION ALL
    SELECT agency_id, report_year, scope, 'application' AS table_code, application_form AS form
    FROM core.report
    WHERE is_current
    UNION ALL
    SELECT agency_id, report_year, scope, 'dispute' AS table_code, dispute_form AS form
    FROM core.report
    WHERE is_current
),

-- A later report on an earlier form breaks the series as the change of form did.
series_break AS (
    SELECT metric_code, form_before, form_after, comparability FROM mart.series_break
    UNION ALL
    SELECT
        metric_code,
        form_after AS form_before,
        form_before AS form_after,
        CASE comparability WHEN 'begins' THEN 'ends' WHEN 'ends' THEN 'begins' ELSE comparability END AS comparability
    FROM mart.series_break
),

-- Equalities alone in the joins: any other condition makes DuckDB compare every pair of rows.
judged AS (
    SELECT
        metric_value.*,
        form.scope,
        CASE
            WHEN before.agency_id IS NULL THEN 'no_report'
            WHEN before.scope IS DISTINCT FROM form.scope THEN 'other_scope'
            WHEN before.form IS NULL THEN 'no_table'
            WHEN before.form = form.form THEN 'same_form'
            ELSE series_break.comparability
        END AS comparability
    FROM mart.metric_value
    INNER JOIN mart.metric USING (metric_code)
    INNER JOIN form USING (agency_id, report_year, table_code)
    LEFT JOIN form AS before
        ON before.agency_id = metric_value.agency_id
        AND before.report_year = metric_value.report_year - 1
        AND before.table_code = metric.table_code
    LEFT JOIN series_break
        ON series_break.metric_code = metric_value.metric_code
        AND series_break.form_before = before.form
        AND series_break.form_after = form.form
),

joinable AS (
    SELECT *, report_year + 1 AS next_year FROM mart.metric_value
),

paired AS (
    SELECT
        judged.*,
        judged.comparability IN ('same_form', 'comparable', 'caution') AS is_one_series,
        joinable.value AS earlier_value,
        joinable.n AS earlier_n,
        joinable.check_status AS earlier_check_status
    FROM judged
    LEFT JOIN joinable
        ON joinable.agency_id = judged.agency_id
        AND joinable.next_year = judged.report_year
        AND joinable.metric_code = judged.metric_code
)

SELECT
    agency_id,
    report_year,
    metric_code,
    scope,
    value,
    CASE WHEN is_one_series THEN earlier_value END AS value_before,
    CASE WHEN is_one_series THEN value - earlier_value END AS change,
    CASE WHEN is_one_series THEN (value - earlier_value) / nullif(earlier_value, 0) END AS relative_change,
    n,
    CASE WHEN is_one_series THEN earlier_n END AS n_before,
    comparability,
    least(check_status, CASE WHEN is_one_series THEN earlier_check_status END) AS check_status
FROM paired
