"""Table 三 told column by column: each kind of applicants with its figures, one for every row.

Belongs here: tables turned about, and the columns of a page one after the other, where the labels stand in
order and every identity holds. Does not belong here: figures beside their own names (paired.py).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.forms import Row, Table, forms
from pipeline.reading.layouts.rows import Turned, adds_up, bare
from pipeline.reading.words import labels

_SIGN = "自然人"  # the name of the first column
_FIGURE = r"[\d０-９]+(?:,[\d０-９]{3}(?![\d０-９]))*"
_APART = r"(?!,\d{3}(?!\d))[^\w+\-−()（）]+"  # but for what parts thousands
_BEGUN = re.compile(rf"(?:{_APART}{_FIGURE}){{9}}")
_CELL = re.compile(r"[^\n\t|]+")

# A text and its place.
_Piece = tuple[str, int]


class _Found(NamedTuple):
    """Where a table begins and ends, and its rows: a label and its figures."""

    start: int
    end: int
    rows: list[list[_Piece]]


def across(stream: Stream, text: str) -> Stream | None:
    """Return a text with a table 三 that it tells column by column as rows of marked cells.

    `text` are all its lines; without such a table it is None.
    """
    tables = [form.tables["application"] for form in forms().values()] if _may_be_across(text) else []
    found = next(filter(None, (_found(text, table) for table in tables)), None)
    if found is None:
        return None
    turned = Turned(stream)
    turned.add_text(0, found.start)
    for row in found.rows:
        turned.add_row(found.start, found.start, row)
    return turned.stream(found.end)


def _may_be_across(text: str) -> bool:
    """Tell whether several figures follow the name of the first column; nearly no text goes further."""
    at = text.find(_SIGN)
    while at >= 0 and not _BEGUN.match(text, at + len(_SIGN)):
        at = text.find(_SIGN, at + 1)
    return at >= 0


def _found(text: str, table: Table) -> _Found | None:
    """Return the table when all its columns and labels stand in the text and all of it adds up."""
    runs = list(_run(len(table.rows)).finditer(text))
    codes = labels.spellings("applicant")
    columns = {codes[labels.skeleton(run["name"])]: run for run in runs}
    order = [label.code for label in table.rows[0].columns]
    if len(runs) != len(order) or set(columns) != set(order):
        return None
    names = _names(text[: runs[0].start()], table.rows)
    cells = list(zip(*(_figures(columns[code]) for code in order), strict=True))
    if not names or not adds_up(table, [[_number(figure) for figure, _ in row] for row in cells]):
        return None
    rows = [[names[row.code], *figures] for row, figures in zip(table.rows, cells, strict=True)]
    return _Found(min(place for _, place in names.values()), runs[-1].end(), rows)


@cache
def _run(count: int) -> re.Pattern[str]:
    """Return the pattern of a column: a kind of applicants, and as many figures as the table has rows."""
    names = sorted(labels.spellings("applicant"), key=len, reverse=True)
    return re.compile(
        rf"(?<![\u4e00-\u9fff])(?P<name>{'|'.join(names)})(?P<figures>(?:{_APART}{_FIGURE}){{{count}}})"
        rf"(?!{_APART}{_FIGURE}(?!\s?[.．、)）]))"
    )


def _figures(run: re.Match[str]) -> Iterator[_Piece]:
    start = run.start("figures")
    return ((found[0], start + found.start()) for found in re.finditer(_FIGURE, run["figures"]))


def _number(figure: str) -> int:
    return int(figure.replace(",", ""))


def _names(text: str, rows: Sequence[Row]) -> Mapping[str, _Piece]:
    """Return the rows' labels when they are the last ones of a text, in order or level by level."""
    codes, own = labels.spellings("outcome"), {row.code for row in rows}
    cells = ((found[0].strip(), found.start()) for found in _CELL.finditer(text))
    known = [(code, cell) for cell in cells if (code := codes.get(bare(cell[0]))) in own and code]
    last = dict(known[-len(rows) :])
    by_level = sorted(rows, key=lambda row: len(row.headings))
    orders = ([row.code for row in rows], [row.code for row in by_level])
    return last if list(last) in orders else {}
