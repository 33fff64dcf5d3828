-- Metrics added up by region, apart for each type, level and scope of bodies, and rolled up to the regions above.
WITH RECURSIVE lies_in AS (
    SELECT DISTINCT region_code AS own_code, region_code
    FROM core.dim_agency
    WHERE region_code IS NOT NULL
    UNION
    SELECT lies_in.own_code, dim_region.parent_code
    FROM lies_in
    INNER JOIN core.dim_region USING (region_code)
    WHERE dim_region.parent_code IS NOT NULL
),

-- An office and the body it signs for tell of the same requests where both report at one scope.
told_twice AS (
    SELECT office.report_id
    FROM core.report AS office
    INNER JOIN core.dim_agency USING (agency_id)
    INNER JOIN core.report AS principal
        ON principal.agency_id = dim_agency.acts_for
        AND principal.report_year = office.report_year
        AND principal.scope = office.scope
    WHERE office.is_current AND principal.is_current
),

body AS (
    SELECT
        report.agency_id,
        report.report_year,
        coalesce(report.scope, 'unknown') AS scope_group,
        dim_agency.agency_type,
        dim_agency.admin_level,
        dim_agency.region_code AS own_code
    FROM core.report
    INNER JOIN core.dim_agency USING (agency_id)
    ANTI JOIN told_twice USING (report_id)
    WHERE report.is_current AND dim_agency.resolution = 'resolved' AND dim_agency.region_code IS NOT NULL
),

-- A body counts where its scope is known and all parts of the metric have a number.
counted AS (
    SELECT
        body.* EXCLUDE (agency_id),
        metric_value.metric_code,
        metric_value.numerator,
        metric_value.denominator,
        metric_value.check_status,
        body.scope_group <> 'unknown'
        AND metric_value.numerator IS NOT NULL
        AND (len(metric.denominator_cells) = 0 OR metric_value.denominator IS NOT NULL) AS counts
    FROM body
    INNER JOIN mart.metric_value USING (agency_id, report_year)
    INNER JOIN mart.metric USING (metric_code)
),

-- First within each body's own region, so that the roll-up below moves few rows.
local AS (
    SELECT
        own_code,
        report_year,
        agency_type,
        admin_level,
        scope_group,
        metric_code,
        count(*) AS agencies,
        count(*) FILTER (WHERE counts) AS agencies_counted,
        -- As decimals: money has fractions, and sums of doubles depend on the order of threads.
        sum(CAST(numerator AS DECIMAL(38, 4))) FILTER (WHERE counts) AS numerator,
        sum(CAST(denominator AS DECIMAL(38, 4))) FILTER (WHERE counts) AS denominator,
        min(check_status) FILTER (WHERE counts) AS check_status
    FROM counted
    GROUP BY ALL
),

summed AS (
    SELECT
        lies_in.region_code,
        local.report_year,
        local.agency_type,
        local.admin_level,
        local.scope_group,
        local.metric_code,
        sum(local.agencies) AS agencies,
        sum(local.agencies_counted) AS agencies_counted,
        CAST(sum(local.numerator) AS DOUBLE) AS numerator,
        CAST(sum(local.denominator) AS DOUBLE) AS denominator,
        min(local.check_status) AS check_status
    FROM local
    INNER JOIN lies_in USING (own_code)
    GROUP BY ALL
)

SELECT
    summed.*,
    dim_region.label_zh AS region_name,
    dim_region.admin_level AS region_level,
    dim_region.province,
    dim_region.prefecture,
    dim_region.county,
    CASE
        WHEN len(metric.denominator_cells) = 0 THEN summed.numerator
        ELSE metric.factor * summed.numerator / nullif(summed.denominator, 0)
    END AS value
FROM summed
INNER JOIN core.dim_region USING (region_code)
INNER JOIN mart.metric USING (metric_code)
