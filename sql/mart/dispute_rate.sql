-- Reviews and suits of each agency-year by channel: how they ended, the share corrected of those decided,
-- and their number per 100 requests. Pending cases are in no rate's denominator.
WITH channel AS (
    SELECT
        report_id,
        row_code AS channel_code,
        any_value(coalesce(corrected_value, value)) FILTER (WHERE column_code = 'upheld') AS upheld,
        any_value(coalesce(corrected_value, value)) FILTER (WHERE column_code = 'corrected') AS corrected,
        any_value(coalesce(corrected_value, value)) FILTER (WHERE column_code = 'other') AS other,
        any_value(coalesce(corrected_value, value)) FILTER (WHERE column_code = 'pending') AS pending,
        any_value(coalesce(corrected_value, value)) FILTER (WHERE column_code = 'total') AS total,
        min(check_status) AS check_status
    FROM core.cell
    WHERE table_code = 'dispute'
    GROUP BY report_id, row_code
)

SELECT
    report.agency_id,
    report.report_year,
    report.scope,
    channel.channel_code,
    channel.upheld,
    channel.corrected,
    channel.other AS other_result,
    channel.pending,
    coalesce(channel.total, channel.upheld + channel.corrected + channel.other + channel.pending) AS cases,
    channel.upheld + channel.corrected + channel.other AS decided,
    channel.corrected / nullif(channel.upheld + channel.corrected + channel.other, 0) AS reversal_rate,
    requests.value AS requests,
    100 * coalesce(channel.total, channel.upheld + channel.corrected + channel.other + channel.pending)
        / nullif(requests.value, 0) AS per_100_requests,
    channel.check_status
FROM channel
INNER JOIN core.report USING (report_id)
LEFT JOIN (SELECT * FROM mart.metric_value WHERE metric_code = 'requests_total') AS requests
    USING (agency_id, report_year)
WHERE report.is_current
