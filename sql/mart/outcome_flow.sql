-- Requests in (new, carried in) and out (each outcome, carried out) of each agency-year, totals of the rows.
-- `other` of 2019 and the sum of the three rows of 2021 are one series, outcome_other.
WITH by_row AS (
    SELECT
        cell.report_id,
        cell.row_code,
        any_value(coalesce(cell.corrected_value, cell.value)) FILTER (WHERE cell.column_code = 'total') AS reported,
        CASE
            WHEN count(coalesce(cell.corrected_value, cell.value)) FILTER (WHERE cell.column_code <> 'total')
                = count(*) FILTER (WHERE cell.column_code <> 'total')
                THEN sum(coalesce(cell.corrected_value, cell.value)) FILTER (WHERE cell.column_code <> 'total')
        END AS summed,
        min(cell.check_status) AS check_status,
        any_value(cell.check_status) FILTER (WHERE cell.column_code = 'total') AS total_status
    FROM core.cell
    WHERE cell.table_code = 'application' AND cell.row_code <> 'total_handled'
    GROUP BY cell.report_id, cell.row_code
),

flow AS (
    SELECT
        by_row.report_id,
        CASE WHEN by_row.row_code IN ('received_new', 'carried_in') THEN 'in' ELSE 'out' END AS direction_of_flow,
        CASE
            WHEN by_row.row_code = 'other' OR dim_outcome.parent_code = 'outcome_other' THEN 'outcome_other'
            ELSE by_row.row_code
        END AS outcome_code,
        coalesce(by_row.reported, by_row.summed) AS requests,
        CASE WHEN by_row.reported IS NULL THEN by_row.check_status ELSE by_row.total_status END AS check_status
    FROM by_row
    INNER JOIN core.dim_outcome ON dim_outcome.outcome_code = by_row.row_code
),

-- One row without a number leaves the sum without one: a blank is no zero.
summed AS (
    SELECT
        report_id,
        direction_of_flow,
        outcome_code,
        CASE WHEN count(requests) = count(*) THEN sum(requests) END AS requests,
        min(check_status) AS check_status
    FROM flow
    GROUP BY report_id, direction_of_flow, outcome_code
)

SELECT
    report.agency_id,
    report.report_year,
    report.scope,
    summed.direction_of_flow,
    summed.outcome_code,
    summed.requests,
    summed.requests / nullif(CASE WHEN count(summed.requests) OVER side = count(*) OVER side
        THEN sum(summed.requests) OVER side END, 0) AS share,
    CASE WHEN count(summed.requests) OVER side = count(*) OVER side THEN sum(summed.requests) OVER side END AS n,
    summed.check_status
FROM summed
INNER JOIN core.report USING (report_id)
WHERE report.is_current
WINDOW side AS (PARTITION BY summed.report_id, summed.direction_of_flow)
