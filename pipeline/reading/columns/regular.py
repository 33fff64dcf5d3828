"""Rows with a line for each cell, in tables all of whose rows are as long as their labels make them.

Belongs here: telling by the lengths of all rows that none lost a cell, and where the columns begin in each.
Does not belong here: tables whose rows have a line each (windows.py), the choice of a row's reading
(choose.py).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pipeline.forms import Table
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import Slot

_NEARLY_ALL = 0.9  # of the rows are as long as their labels make them; others lost or gained a cell

# The cells of a row, in all its lines up to the next row's label; None for an empty line.
_Cells = list[Slot | None]


def by_length(
    table: Table, placed: Mapping[str, Placed], end: int, holds: Callable[[Candidate], bool]
) -> dict[str, Candidate]:
    """Return the readings of the rows that are as long as their labels make them, by row.

    The empty cells of labels that are merged with those above come before a row's own label, as the last
    cells of the row before: that is longer by these. Or all rows are filled up to one width, their labels
    counted. `end` is the line that ends the table (-1: not known). {} where no one place for the columns
    suits all these rows.
    """
    if len(placed) < len(table.rows) or any(row.width or row.last < 0 for row in placed.values()):
        return {}
    rows = [placed[row.code] for row in table.rows]
    cells = _cells(rows, [*(row.end for row in rows[:-1]), end])
    labels = [min(len(row.labels), len(of.headings) + 1) for row, of in zip(rows, table.rows, strict=True)]
    merged = [len(of.headings) + 1 - count for of, count in zip(table.rows, labels, strict=True)]
    width = len(table.rows[0].columns)
    for added in ([0] * len(rows), [-count for count in (*merged[1:], 0)], labels):
        lengths = [len(found) + more for found, more in zip(cells, added, strict=True)]
        whole = _of_one_length(lengths[:-1])
        start = _start([cells[place] for place in whole], width, holds)
        if start is not None:
            filled_up = added is labels and lengths[-1] == lengths[whole[0]]
            if filled_up or _ends_whole(cells[-1], start + width, is_ended=end >= 0):
                whole.append(len(rows) - 1)
            codes = [(table.rows[place].code, cells[place]) for place in whole]
            return {code: tuple(row[start : start + width]) for code, row in codes}
    return {}


def _ends_whole(row: _Cells, width: int, *, is_ended: bool) -> bool:
    """Tell whether the last row has just its cells: it ends with the table, or in its last figure."""
    last = row[-1] if len(row) == width else None
    return len(row) == width and (is_ended or (last is not None and not last[0].blank))


def _cells(rows: Sequence[Placed], ends: Sequence[int]) -> list[_Cells]:
    """Return the cells of each row: those that lines mark, or its lines where no line marks an empty cell."""
    if any(token.blank for row in rows for token, _ in row.slots):
        return [[*row.slots] for row in rows]
    return [_lines(row, end) for row, end in zip(rows, ends, strict=True)]


def _lines(row: Placed, end: int) -> _Cells:
    """Return the lines from a row's label to an end, up to its last figure where that is not known."""
    at = {index: (token, index) for token, index in row.slots}
    return [
        at.get(index) for index in range(row.last + 1, end if end >= 0 else max(at, default=row.last) + 1)
    ]


def _of_one_length(lengths: Sequence[int]) -> list[int]:
    """Return the places of nearly all rows: those of one length; [] where there are several."""
    usual, count = Counter(lengths).most_common(1)[0]
    if count < _NEARLY_ALL * len(lengths):
        return []
    return [at for at, length in enumerate(lengths) if length == usual]


def _start(rows: Sequence[_Cells], width: int, holds: Callable[[Candidate], bool]) -> int | None:
    """Return the place of the first column in all rows, None where several suit them, or none does."""
    shortest = min(map(len, rows), default=0)
    found = [
        start
        for start in range(shortest - width + 1)
        if all(_fits(row, start, width) and holds(tuple(row[start : start + width])) for row in rows)
    ]
    return found[0] if len(found) == 1 else None


def _fits(row: _Cells, start: int, width: int) -> bool:
    """Tell whether all figures of a row stand in its columns."""
    return all(slot is None or slot[0].blank for slot in (*row[:start], *row[start + width :]))
