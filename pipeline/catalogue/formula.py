"""A metric's formula in words and as SQL, and the forms in which it exists.

Belongs here: texts that follow from a metric's cells. Does not belong here: which cells
those are (metrics.yaml), or their labels (pipeline.forms).
"""

import re
from collections.abc import Sequence

from pipeline.catalogue.load import Metric
from pipeline.checking.comparability import cells_of
from pipeline.forms import ROW_KIND, Label, forms, vocabulary

_TOTAL = "total"
_NOTE = re.compile("（[^（）]*）$")


def words(metric: Metric, language: str) -> str:
    """Return the formula in words; `language` is zh or en."""
    upper = part_words(metric.of, language)
    if not metric.per:
        return upper
    lower = part_words(metric.per, language)
    quotient = f"（{upper}）÷（{lower}）" if language == "zh" else f"({upper}) / ({lower})"
    return quotient if metric.factor == 1 else f"{metric.factor:g} × {quotient}"


def part_words(terms: Sequence[str], language: str) -> str:
    """Return what a numerator or denominator adds up, in words; nothing for no terms."""
    joint = "＋" if language == "zh" else " + "
    return joint.join(dict.fromkeys(_term_words(term, language) for term in terms))


def sql(metric: Metric) -> str:
    """Return the formula as an aggregate over the cells of one report in core.cell.

    It gives NULL where a cell of it has no number, as mart.metric_value does for the leaves.
    """
    upper = _sum_sql(metric.numerator)
    if not metric.denominator:
        return upper
    factor = "" if metric.factor == 1 else f"{metric.factor:g} * "
    return f"{factor}{upper} / nullif({_sum_sql(metric.denominator)}, 0)"


def forms_of(metric: Metric) -> list[str]:
    """Return the forms that have numerator and denominator."""
    parts = [set(part) for part in (metric.numerator, metric.denominator) if part]
    return [code for code in forms() if all(part.intersection(cells_of(code)) for part in parts)]


def _sum_sql(cells: Sequence[str]) -> str:
    listed = ", ".join(f"'{cell}'" for cell in cells)
    where = f"FILTER (WHERE concat_ws('.', table_code, row_code, column_code) IN ({listed}))"
    figure = "coalesce(corrected_value, value)"
    return f"CASE WHEN count({figure}) {where} = count(*) {where} THEN sum({figure}) {where} END"


def _term_words(term: str, language: str) -> str:
    table_code, row_code, column_code = term.split(".")
    row = _row_label(table_code, row_code)
    text = _NOTE.sub("", row.zh) if language == "zh" else row.en
    if column_code == _TOTAL:
        return text
    column = _column_label(table_code, row_code, column_code)
    return f"{text}·{_NOTE.sub('', column.zh)}" if language == "zh" else f"{text}: {column.en}"


def _row_label(table_code: str, row_code: str) -> Label:
    return vocabulary()[ROW_KIND[table_code]].get(row_code) or vocabulary()["heading"][row_code]


def _column_label(table_code: str, row_code: str, column_code: str) -> Label:
    """Return a column's label as the first form prints it that has it in this row."""
    for form in forms().values():
        for row in form.tables[table_code].rows:
            for label in row.columns:
                if (row.code, label.code) == (row_code, column_code):
                    return label
    raise KeyError(f"no form has {table_code}.{row_code}.{column_code}")
