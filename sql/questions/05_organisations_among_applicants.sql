-- What share of new requests do organisations make, and which kinds of organisation?
-- Answers: for each agency-year and kind of organisation the requests and their share of all newly received.
-- Does not answer: who stands behind a natural person's request.
-- Caveats: no share where one of the six kinds of applicant has no number; n is the sum of the six kinds.
SELECT
    dim_agency.name,
    report_year,
    applicant_code,
    requests,
    share,
    sum(requests) OVER own / nullif(n, 0) AS organisation_share,
    n
FROM mart.applicant_mix
INNER JOIN core.dim_agency USING (agency_id)
WHERE is_organisation AND requests > 0 AND n IS NOT NULL
WINDOW own AS (PARTITION BY agency_id, report_year)
ORDER BY name, report_year, applicant_code
