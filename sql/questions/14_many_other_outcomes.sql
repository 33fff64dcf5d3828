-- Which agencies put unusually many requests under 其他处理 (handled otherwise)?
-- Answers: agency-years in the top tenth of their peers by its share of all handled, n at least 30.
-- Does not answer: what was done with these requests.
-- Caveats: the one row of the form of 2019 and the sum of the three rows of 2021 are one series.
SELECT dim_agency.name, report_year, value AS share, n, percentile, peers
FROM mart.peer_rank
INNER JOIN core.dim_agency USING (agency_id)
WHERE metric_code = 'other_share' AND percentile >= 0.9 AND value > 0
ORDER BY report_year, share DESC, name
