-- Every metric of every current report, as mart.metric defines it.
-- min(check_status) is the worst one: contradicted, unchecked, verified is also the order of the letters.
WITH row_sum AS (
    SELECT
        report_id,
        table_code,
        row_code,
        'total' AS column_code,
        CASE WHEN count(coalesce(corrected_value, value)) = count(*) THEN sum(coalesce(corrected_value, value)) END AS value,
        min(check_status) AS check_status
    FROM core.cell
    WHERE table_code IN ('application', 'dispute') AND column_code <> 'total'
    GROUP BY report_id, table_code, row_code
),

-- A reported total is taken as reported. Where a total has no number, the sum of its row's parts stands in.
figure AS (
    SELECT
        report.agency_id,
        report.report_year,
        cell.table_code || '.' || cell.row_code || '.' || cell.column_code AS cell,
        coalesce(cell.corrected_value, cell.value, row_sum.value) AS value,
        CASE WHEN coalesce(cell.corrected_value, cell.value) IS NULL AND row_sum.value IS NOT NULL THEN row_sum.check_status ELSE cell.check_status END
            AS check_status,
        coalesce(cell.corrected_value, cell.value) IS NULL AND row_sum.value IS NOT NULL AS is_derived
    FROM core.cell
    INNER JOIN core.report USING (report_id)
    -- Equalities alone: any other condition on a left join makes DuckDB compare every pair of rows.
    LEFT JOIN row_sum USING (report_id, table_code, row_code, column_code)
    WHERE report.is_current
),

term AS (
    SELECT metric_code, 'numerator' AS part, unnest(numerator_cells) AS cell FROM mart.metric
    UNION ALL
    SELECT metric_code, 'denominator' AS part, unnest(denominator_cells) AS cell FROM mart.metric
),

-- One cell without a number leaves the whole sum without one: a blank is no zero.
part AS (
    SELECT
        figure.agency_id,
        figure.report_year,
        term.metric_code,
        term.part,
        CASE WHEN count(figure.value) = count(*) THEN sum(figure.value) END AS total,
        min(figure.check_status) AS check_status,
        count(*) > 1 OR bool_or(figure.is_derived) AS is_derived
    FROM term
    INNER JOIN figure USING (cell)
    GROUP BY ALL
)

SELECT
    upper_part.agency_id,
    upper_part.report_year,
    metric.metric_code,
    CASE
        WHEN len(metric.denominator_cells) = 0 THEN upper_part.total
        ELSE metric.factor * upper_part.total / nullif(lower_part.total, 0)
    END AS value,
    upper_part.total AS numerator,
    lower_part.total AS denominator,
    lower_part.total AS n,
    CASE WHEN upper_part.is_derived OR coalesce(lower_part.is_derived, FALSE) THEN 'derived' ELSE 'reported' END AS basis,
    least(upper_part.check_status, lower_part.check_status) AS check_status
FROM mart.metric
INNER JOIN part AS upper_part ON upper_part.metric_code = metric.metric_code AND upper_part.part = 'numerator'
LEFT JOIN part AS lower_part
    ON lower_part.metric_code = metric.metric_code
    AND lower_part.part = 'denominator'
    AND lower_part.agency_id = upper_part.agency_id
    AND lower_part.report_year = upper_part.report_year
WHERE len(metric.denominator_cells) = 0 OR lower_part.metric_code IS NOT NULL
