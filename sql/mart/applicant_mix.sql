-- Who made the year's new requests: each kind of applicant and its share of the six kinds together.
-- Where one of the six has no number there is no whole, and so no share.
SELECT
    report.agency_id,
    report.report_year,
    report.scope,
    cell.column_code AS applicant_code,
    dim_applicant.parent_code IS NOT DISTINCT FROM 'organisation' AS is_organisation,
    coalesce(cell.corrected_value, cell.value) AS requests,
    coalesce(cell.corrected_value, cell.value) / nullif(CASE WHEN count(coalesce(cell.corrected_value, cell.value)) OVER own = count(*) OVER own THEN sum(coalesce(cell.corrected_value, cell.value)) OVER own END, 0)
        AS share,
    CASE WHEN count(coalesce(cell.corrected_value, cell.value)) OVER own = count(*) OVER own THEN sum(coalesce(cell.corrected_value, cell.value)) OVER own END AS n,
    cell.check_status
FROM core.cell
INNER JOIN core.report USING (report_id)
INNER JOIN core.dim_applicant ON dim_applicant.applicant_code = cell.column_code AND dim_applicant.is_leaf
WHERE report.is_current AND cell.table_code = 'application' AND cell.row_code = 'received_new'
WINDOW own AS (PARTITION BY cell.report_id)
