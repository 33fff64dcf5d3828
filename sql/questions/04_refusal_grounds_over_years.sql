-- How does the mix of the eight grounds of refusal (不予公开) move over the years?
-- Answers: refusals on each ground and its share of all refusals, by year, one line for each scope, level and type.
-- Does not answer: the mix of one agency; for that see mart.refusal_grounds.
-- Caveats: scopes are never added up. An agency-year with a ground without a number is left out; the agencies that
-- report differ from year to year, see `agencies`.
SELECT
    report_year,
    scope,
    admin_level,
    agency_type,
    outcome_code,
    count(*) AS agencies,
    sum(requests) AS refused,
    sum(requests) / nullif(sum(n), 0) AS share
FROM mart.refusal_grounds
INNER JOIN core.dim_agency USING (agency_id)
WHERE n IS NOT NULL
GROUP BY ALL
ORDER BY ALL
