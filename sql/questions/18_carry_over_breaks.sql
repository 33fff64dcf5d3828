-- Where does 上年结转 differ from last year's 结转下年度继续办理?
-- Answers: agency, year and kind of applicant with both figures and their difference.
-- Does not answer: whether last year's or this year's figure is wrong.
-- Caveats: only where the year before has a report at the same scope; a total differs whenever one of its parts does.
SELECT dim_agency.name, report_year, applicant_code, carried_out_before, carried_in, difference, check_status
FROM mart.carry_over
INNER JOIN core.dim_agency USING (agency_id)
WHERE difference <> 0
ORDER BY name, report_year, applicant_code
