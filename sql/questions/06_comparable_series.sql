-- Which series can be compared across the change of form between 2020 and 2021?
-- Answers: for each metric whether its series goes on, goes on with caution, is not comparable, begins or ends.
-- Does not answer: whether an agency counted alike in both years.
-- Caveats: a report may keep the older form after the change; mart.year_on_year looks at each report's own form.
SELECT metric_code, label_zh, label_en, comparability, note_zh, note_en
FROM mart.series_break
INNER JOIN mart.metric USING (metric_code)
WHERE form_before = '2019' AND form_after = '2021'
ORDER BY comparability, metric_code
