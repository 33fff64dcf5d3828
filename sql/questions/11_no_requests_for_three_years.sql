-- Which agencies reported no new request three years running?
-- Answers: agencies and the third of three successive years in each of which 本年新收 is a reported zero.
-- Does not answer: whether nobody asked; a blank or missing figure is no zero and breaks the run.
-- Caveats: only at one scope and with a report in each of the three years.
SELECT dim_agency.name, third.report_year AS third_year, third.scope
FROM mart.year_on_year AS third
INNER JOIN mart.year_on_year AS second
    ON second.agency_id = third.agency_id
    AND second.report_year = third.report_year - 1
    AND second.metric_code = third.metric_code
INNER JOIN core.dim_agency ON dim_agency.agency_id = third.agency_id
WHERE third.metric_code = 'requests_new' AND third.value = 0 AND third.value_before = 0 AND second.value_before = 0
ORDER BY name, third_year
