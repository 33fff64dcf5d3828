-- Which agency-years have no report, and which reports came late?
-- Answers: gaps between an agency's first and last report, and reports dated after they were due.
-- Does not answer: what is missing before the first or after the last report, or whether a gap was ever published.
-- Caveats: due dates are 31 January for departments and 31 March for governments; without a date nothing is late.
SELECT name, report_year, coverage_status, first_published_on, due_on, days_late
FROM mart.coverage
WHERE coverage_status = 'missing' OR is_late
ORDER BY name, report_year
