-- How many normative documents were issued and repealed, and how many are in force?
-- Answers: net change and stock by agency and year on the form of 2021, and whether the stock follows from last year's.
-- Does not answer: anything before 2021; the form of 2019 counts documents published, not documents in force.
-- Caveats: the first year on the form has no stock to start from, so that its difference is empty.
SELECT dim_agency.name, report_year, issued, repealed, net_change, in_force, in_force_before, difference
FROM mart.document_stock
INNER JOIN core.dim_agency USING (agency_id)
WHERE item_code = 'normative_document' AND disclosure_form = '2021'
ORDER BY name, report_year
