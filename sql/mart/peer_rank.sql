-- Each figure and rate among its peers: agencies of one level and type in one year.
-- A rate with an n below mart.metric.minimum_n is not ranked and counts for nobody's rank.
WITH placed AS (
    SELECT
        metric_value.agency_id,
        metric_value.report_year,
        metric_value.metric_code,
        dim_agency.admin_level,
        dim_agency.agency_type,
        report.scope,
        metric_value.value,
        metric_value.n,
        metric.minimum_n,
        metric_value.check_status,
        metric_value.value IS NOT NULL AND (metric.minimum_n IS NULL OR metric_value.n >= metric.minimum_n) AS is_ranked
    FROM mart.metric_value
    INNER JOIN mart.metric USING (metric_code)
    INNER JOIN core.report USING (agency_id, report_year)
    INNER JOIN core.dim_agency USING (agency_id)
    WHERE report.is_current AND dim_agency.admin_level IS NOT NULL AND dim_agency.agency_type IS NOT NULL
),

-- Ranked rows are partitioned apart from the others, so that those take no place.
ranked AS (
    SELECT
        *,
        count(*) OVER peers AS peer_count,
        rank() OVER (peers ORDER BY value DESC) AS place,
        percent_rank() OVER (peers ORDER BY value) AS below
    FROM placed
    WINDOW peers AS (PARTITION BY metric_code, report_year, admin_level, agency_type, is_ranked)
)

SELECT
    agency_id,
    report_year,
    metric_code,
    admin_level,
    agency_type,
    scope,
    value,
    n,
    minimum_n,
    is_ranked,
    CASE WHEN is_ranked THEN peer_count END AS peers,
    CASE WHEN is_ranked THEN place END AS place,
    CASE WHEN is_ranked AND peer_count > 1 THEN below END AS percentile,
    check_status
FROM ranked
