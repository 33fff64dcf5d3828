-- How often are an agency's answers corrected on administrative review, pending cases left out?
-- Answers: corrected / (upheld + corrected + other), with the cases decided (its n) and those pending.
-- Does not answer: how suits ended; see the other channels of mart.dispute_rate.
-- Caveats: most agencies have few reviews; look at `decided` before the rate.
SELECT dim_agency.name, report_year, corrected, decided, pending, reversal_rate, check_status
FROM mart.dispute_rate
INNER JOIN core.dim_agency USING (agency_id)
WHERE channel_code = 'review' AND decided > 0
ORDER BY name, report_year
