-- Which agencies most often answer that they do not hold the information (本机关不掌握)?
-- Answers: agency-years by the share of 本机关不掌握 in all requests handled, n at least 30.
-- Does not answer: whether the information was truly not held.
-- Caveats: check_status is the worst of the cells that the share rests on.
SELECT dim_agency.name, report_year, value AS share, numerator AS not_held, n, check_status
FROM mart.metric_value
INNER JOIN core.dim_agency USING (agency_id)
WHERE metric_code = 'not_held_share' AND n >= 30 AND value IS NOT NULL
ORDER BY share DESC, name, report_year
