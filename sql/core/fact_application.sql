-- Leaves of section 3 (申请) of the current reports: each request once, by how it ended or as carried out.
SELECT
    report.report_id,
    report.agency_id,
    report.report_year,
    cell.row_code AS outcome_code,
    cell.column_code AS applicant_code,
    coalesce(cell.corrected_value, cell.value) AS requests,
    CASE WHEN cell.corrected_value IS NULL THEN cell.value_status ELSE 'reported' END AS value_status,
    cell.check_status
FROM core.cell
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_outcome ON dim_outcome.outcome_code = cell.row_code AND dim_outcome.in_facts
INNER JOIN core.dim_applicant ON dim_applicant.applicant_code = cell.column_code AND dim_applicant.in_facts
WHERE report.is_current AND cell.table_code = 'application'
