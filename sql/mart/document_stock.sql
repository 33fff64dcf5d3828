-- Rules and normative documents of each agency-year. On the form of 2021: issued, repealed, in force, and the
-- stock of the year before plus issued minus repealed, which it should equal. On the form of 2019: made,
-- disclosed, disclosed in total. The two are kept in columns of their own: published is not in force.
WITH stock AS (
    SELECT
        agency_id,
        report_year,
        item_code,
        any_value(report_id) AS report_id,
        any_value(value) FILTER (WHERE measure_code = 'made') AS made,
        any_value(value) FILTER (WHERE measure_code = 'disclosed') AS disclosed,
        any_value(value) FILTER (WHERE measure_code = 'disclosed_total') AS disclosed_total,
        any_value(value) FILTER (WHERE measure_code = 'issued') AS issued,
        any_value(value) FILTER (WHERE measure_code = 'repealed') AS repealed,
        any_value(value) FILTER (WHERE measure_code = 'in_force') AS in_force
    FROM core.fact_disclosure
    WHERE item_code IN ('rule', 'normative_document')
    GROUP BY agency_id, report_year, item_code
),

scoped AS (
    SELECT stock.*, report.scope, report.disclosure_form
    FROM stock
    INNER JOIN core.report USING (report_id)
)

SELECT
    scoped.agency_id,
    scoped.report_year,
    scoped.item_code,
    scoped.scope,
    scoped.disclosure_form,
    scoped.made,
    scoped.disclosed,
    scoped.disclosed_total,
    scoped.issued,
    scoped.repealed,
    scoped.issued - scoped.repealed AS net_change,
    scoped.in_force,
    CASE WHEN before.scope IS NOT DISTINCT FROM scoped.scope THEN before.in_force END AS in_force_before,
    CASE WHEN before.scope IS NOT DISTINCT FROM scoped.scope THEN before.in_force + scoped.issued - scoped.repealed END
        AS in_force_expected,
    CASE
        WHEN before.scope IS NOT DISTINCT FROM scoped.scope
            THEN scoped.in_force - (before.in_force + scoped.issued - scoped.repealed)
    END AS difference
FROM scoped
LEFT JOIN scoped AS before
    ON before.agency_id = scoped.agency_id
    AND before.report_year = scoped.report_year - 1
    AND before.item_code = scoped.item_code
