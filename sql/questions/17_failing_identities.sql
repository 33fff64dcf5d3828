-- Which of the form's identities fail, where and by how much?
-- Answers: each failing identity with its place in the table, what it should be and what is reported.
-- Does not answer: which of the cells is wrong; figures are kept as written.
-- Caveats: an identity with a cell that is missing or unreadable is not asked.
SELECT dim_agency.name, report_year, rule_code, row_code, column_code, expected_value, observed_value, difference, line_no
FROM mart.identity_failure
INNER JOIN core.dim_agency USING (agency_id)
ORDER BY name, report_year, rule_code, row_code, column_code
