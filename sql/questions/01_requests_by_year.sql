-- How many requests did each agency receive in each year, and how did that change?
-- Answers: newly received requests (本年新收) beside those of the year before.
-- Does not answer: how many requests there are in a region; consolidated reports hold those below them.
-- Caveats: no value before where the year before has no report or another scope; `comparability` says which.
SELECT dim_agency.name, report_year, scope, value AS requests, value_before, change, relative_change, comparability
FROM mart.year_on_year
INNER JOIN core.dim_agency USING (agency_id)
WHERE metric_code = 'requests_new'
ORDER BY name, report_year
