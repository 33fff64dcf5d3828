-- Requests carried in beside those carried out a year earlier by the same agency at the same scope, by applicant.
-- An agency-year without such a report before it has no row: there is nothing to compare with.
WITH carried AS (
    SELECT
        report.agency_id,
        report.report_year,
        report.scope,
        cell.row_code,
        cell.column_code AS applicant_code,
        coalesce(cell.corrected_value, cell.value) AS value,
        cell.check_status
    FROM core.cell
    INNER JOIN core.report USING (report_id)
    WHERE report.is_current AND cell.table_code = 'application' AND cell.row_code IN ('carried_in', 'carried_out')
)

SELECT
    now.agency_id,
    now.report_year,
    now.applicant_code,
    now.scope,
    before.value AS carried_out_before,
    now.value AS carried_in,
    now.value - before.value AS difference,
    least(now.check_status, before.check_status) AS check_status
FROM carried AS now
INNER JOIN carried AS before
    ON before.agency_id = now.agency_id
    AND before.report_year = now.report_year - 1
    AND before.applicant_code = now.applicant_code
WHERE
    now.row_code = 'carried_in'
    AND before.row_code = 'carried_out'
    AND before.scope IS NOT DISTINCT FROM now.scope
