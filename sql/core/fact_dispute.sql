-- Leaves of section 4 (复议诉讼) of the current reports.
SELECT
    report.report_id,
    report.agency_id,
    report.report_year,
    cell.row_code AS channel_code,
    cell.column_code AS result_code,
    coalesce(cell.corrected_value, cell.value) AS cases,
    CASE WHEN cell.corrected_value IS NULL THEN cell.value_status ELSE 'reported' END AS value_status,
    cell.check_status
FROM core.cell
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_channel ON dim_channel.channel_code = cell.row_code AND dim_channel.in_facts
INNER JOIN core.dim_result ON dim_result.result_code = cell.column_code AND dim_result.in_facts
WHERE report.is_current AND cell.table_code = 'dispute'
