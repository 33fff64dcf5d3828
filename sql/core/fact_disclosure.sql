-- Figures of section 2 (主动公开) of the current reports.
SELECT
    report.report_id,
    report.agency_id,
    report.report_year,
    cell.row_code AS item_code,
    cell.column_code AS measure_code,
    coalesce(cell.corrected_value, cell.value) AS value,
    cell.unit,
    CASE WHEN cell.corrected_value IS NULL THEN cell.value_status ELSE 'reported' END AS value_status,
    cell.check_status
FROM core.cell
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_item ON dim_item.item_code = cell.row_code AND dim_item.in_facts
INNER JOIN core.dim_measure ON dim_measure.measure_code = cell.column_code AND dim_measure.in_facts
WHERE report.is_current AND cell.table_code = 'disclosure'
