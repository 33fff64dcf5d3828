-- How many reviews and suits are there for 100 requests?
-- Answers: reviews and both kinds of suit per 100 requests new and carried in, with both figures.
-- Does not answer: how many requesters went to law; one request can lead to a review and a suit after it.
-- Caveats: disputes of a year may concern requests of the year before. With small n one case moves the rate far.
SELECT dim_agency.name, report_year, value AS per_100, numerator AS disputes, n AS requests, check_status
FROM mart.metric_value
INNER JOIN core.dim_agency USING (agency_id)
WHERE metric_code = 'disputes_per_100_requests' AND value IS NOT NULL
ORDER BY per_100 DESC, name, report_year
