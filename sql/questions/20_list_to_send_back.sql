-- Which reports should go back to their agency: nothing said in different ways, units missing, labels varied?
-- Answers: reports that mix zeros with blanks or “not applicable”, give an amount without a unit, or word labels
-- differently from the form, with the number of each.
-- Does not answer: whether the figures are right.
-- Caveats: a zero, a blank and “not applicable” are each right in their place; the list asks for one of them.
WITH cells AS (
    SELECT
        report_id,
        count(*) FILTER (WHERE value_status = 'blank') AS blanks,
        count(*) FILTER (WHERE value_status = 'not_applicable') AS not_applicable,
        count(*) FILTER (WHERE value = 0) AS zeros
    FROM core.cell
    GROUP BY report_id
),

found AS (
    SELECT
        report_id,
        count(*) FILTER (WHERE rule_code = 'cell.unit_assumed') AS units_missing,
        count(*) FILTER (WHERE rule_code = 'label.variant') AS labels_varied
    FROM quality.finding
    GROUP BY report_id
)

SELECT
    dim_agency.name,
    report_year,
    blanks,
    not_applicable,
    zeros,
    coalesce(units_missing, 0) AS units_missing,
    coalesce(labels_varied, 0) AS labels_varied
FROM core.report
INNER JOIN core.dim_agency USING (agency_id)
INNER JOIN cells USING (report_id)
LEFT JOIN found USING (report_id)
WHERE
    is_current
    AND (len(list_filter([blanks, not_applicable, zeros], way -> way > 0)) > 1 OR units_missing > 0 OR labels_varied > 0)
ORDER BY name, report_year
