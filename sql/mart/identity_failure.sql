-- Each arithmetic identity of the form that fails in a current report: where it fails and by how much.
SELECT
    report.agency_id,
    report.report_year,
    report.report_id,
    finding.rule_code,
    finding.table_code,
    finding.row_code,
    finding.column_code,
    TRY_CAST(finding.expected AS DOUBLE) AS expected_value,
    TRY_CAST(finding.observed AS DOUBLE) AS observed_value,
    TRY_CAST(finding.observed AS DOUBLE) - TRY_CAST(finding.expected AS DOUBLE) AS difference,
    finding.message,
    finding.line_no
FROM quality.finding
INNER JOIN core.report USING (report_id)
WHERE
    report.is_current
    AND finding.rule_code IN (
        'application.balance', 'application.outcomes', 'application.applicants', 'dispute.results', 'count.whole'
    )
