"""Row and column spans to grid columns, by the rules of HTML.

Belongs here: where a cell stands. Does not belong here: what it holds.
Source: HTML Living Standard, 4.9.12.1 "Forming a table". DOCX says its columns itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.documents.limits import MAX_COLUMNS
from pipeline.documents.stream import Unreadable


class Span(NamedTuple):
    """Columns and rows that a cell asks for; `rows` 0 reaches to the end of its row group."""

    columns: int
    rows: int


class Place(NamedTuple):
    """Grid column of a cell (0-based), and the columns and rows that it covers inside its row group."""

    column: int
    span: int
    row_span: int


def place(group: Sequence[Sequence[Span]]) -> list[list[Place]]:
    """Places of the cells of one row group (`thead`, `tbody`, `tfoot`), row by row.

    A cell stands in the first column that no cell from above covers; spans end with the group.
    Raises Unreadable for a cell beyond column MAX_COLUMNS.
    """
    covered: dict[int, int] = {}
    placed = []
    for index, row in enumerate(group):
        places, covered = _place_row(row, covered, len(group) - index)
        placed.append(places)
    return placed


def _place_row(
    row: Sequence[Span], covered: dict[int, int], rows_left: int
) -> tuple[list[Place], dict[int, int]]:
    """Places of one row; and for the next row the columns that are covered, each with for how many rows."""
    below = {column: rows - 1 for column, rows in covered.items() if rows > 1} if covered else {}
    places = []
    column = 0
    for span in row:
        while column in covered:
            column += 1
        row_span = 1 if span.rows == 1 else min(span.rows or rows_left, rows_left)
        width = clip(column, span.columns)
        places.append(Place(column, width, row_span))
        if row_span > 1:
            below.update(dict.fromkeys(range(column, column + width), row_span - 1))
        column += width
    return places, below


def clip(column: int, span: int) -> int:
    """`span` within the widest table allowed: pages ask for 1,000 columns to mean "all there are".

    Raises Unreadable when the cell's own `column` is beyond it.
    """
    if column >= MAX_COLUMNS:
        raise Unreadable(
            f"A table has more than {MAX_COLUMNS} columns, which no report has: take the file out, "
            "or save the report's own part of it."
        )
    return min(span, MAX_COLUMNS - column)
