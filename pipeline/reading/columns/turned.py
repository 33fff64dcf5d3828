"""Tables whose 总计 stands in the first column, before the kinds that it adds up.

Belongs here: telling by header and arithmetic whether it stands first or last, and putting such
a table's figures into statutory order. Does not belong here: any other order (headers.py objects).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from pipeline.reading.columns import arithmetic, headers
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.slots import Slot, filled
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import BARE, WORDS, moved

_FEWEST = 2  # rows that must add up only with the total first before arithmetic alone turns a table
_NEARLY_ALL = 0.8  # of a table's rows
_FEWEST_ADDED = 3  # rows that end in their total
_KINDS = 3  # applicants that a header line must name before its order means anything
_Figure = TypeVar("_Figure")
_DOUBT = "总计一栏的位置无法确定"


def in_statutory_order(
    alignment: Alignment, above: Sequence[Entry], head: headers.Head
) -> tuple[Alignment, str | None]:
    """Return a table with its figures in the form's order of columns, and why that can't be told.

    The 总计 of a row is the sum of its other figures: rows show whether it is printed last or
    first. Where they show neither, a header with 总计 before 自然人 in a line of its own cells
    decides; in a line of words, which may be several lines of a header run together, nothing does, nor where
    headers have a line each.
    One row alone may be misprinted: with such a header it shows that 总计 is first, else nothing.
    """
    table = alignment.table
    width = len(table.rows[0].columns)
    rows = _telling([row.numbers for row in alignment.placed.values() if len(row.figures) == width])
    sides = arithmetic.row_sides(table)
    last = sum([arithmetic.add_up(numbers, sides) for numbers in rows])
    if last == len(rows) and not all(arithmetic.add_up(_first_last(numbers), sides) for numbers in rows):
        return alignment, None  # nearly every table
    if len(rows) < _FEWEST:  # most rows have an empty cell
        rows = _telling(_by_cells(row) for row in alignment.placed.values() if len(row.slots) == width)
        last = sum(arithmetic.add_up(numbers, sides) for numbers in rows)
    first = sum(arithmetic.add_up(_first_last(numbers), sides) for numbers in rows)
    if first < last:
        return alignment, None
    if first - last >= _FEWEST and first == len(rows):
        return _all_turned(alignment, width), None
    style = _style_of_total_first(table.code, head)
    if style is None and (first == last or first < _FEWEST or first < len(rows)):
        return alignment, _DOUBT if headers.is_total_first(table, above, head) else None
    return (alignment, _DOUBT) if style in (None, BARE) else (_all_turned(alignment, width), None)


def end_in_totals(alignment: Alignment) -> bool:
    """Tell whether nearly all rows have all their figures, the last the sum of the others, and some not zero.

    In text that columns follow each other in, the header 总计 stands where its cell begins.
    """
    table = alignment.table
    width, sides = len(table.rows[0].columns), arithmetic.row_sides(table)
    rows = [row.numbers for row in alignment.placed.values() if row.is_full(width)]
    all_add_up = all(arithmetic.add_up(numbers, sides) for numbers in rows)
    return all_add_up and len(rows) >= _NEARLY_ALL * len(table.rows) and len(_telling(rows)) >= _FEWEST_ADDED


def _telling(rows: Iterable[Sequence[int | float | None]]) -> list[Sequence[int | float | None]]:
    """Return the rows of which all is understood, and something is more than zero."""
    return [numbers for numbers in rows if None not in numbers and any(numbers)]


def _by_cells(row: Placed) -> list[int | float | None]:
    return [0 if token.blank else token.number for token, _ in row.slots]


def _first_last(row: Sequence[_Figure]) -> tuple[_Figure, ...]:
    return (*row[1:], row[0])


def _turned(figures: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return a row's slots with the first one last, each in the grid column of the place it takes."""
    return tuple(
        (moved(token, place.column, token.style, token.line), entry)
        for (token, entry), (place, _) in zip(_first_last(figures), figures, strict=True)
    )


def _all_turned(alignment: Alignment, width: int) -> Alignment:
    """Turn every row that has a cell for each column; one that lost or gained cells finds no row."""
    turned = Alignment(alignment.table, unplaced=list(alignment.unplaced))
    for code, row in alignment.placed.items():
        slots = row.slots if len(row.slots) == width else row.figures
        if len(slots) == width:
            turned.placed[code] = _with_slots(row, list(_turned(slots)))
    return turned


def _with_slots(row: Placed, slots: list[Slot]) -> Placed:
    return replace(row, slots=slots, figures=filled(slots))


@lru_cache(maxsize=headers.MOST_HEADS)
def _style_of_total_first(table: str, head: headers.Head) -> int | None:
    """Return the style of a header line in which 总计 comes before 自然人, None without one.

    In a table's own cells the kinds of organisations may stand a line further down, below their name.
    """
    for line in head:
        codes = headers.columns_in(table, line)
        if len(codes) > _KINDS and codes[0] == "total":
            return line[0].style
        if line and line[0].style not in WORDS and headers.begins_with_total(line):
            return line[0].style
    return None
