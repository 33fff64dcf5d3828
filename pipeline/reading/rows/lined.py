"""Table 二 whose cells have a line each, an empty line for an empty cell.

Belongs here: telling such a table by its rows, all of which have just as many lines as cells, and giving
each row its cells. Does not belong here: tables in which a line was lost or added (disclosure.py), tables 三
and 四.
"""

from collections.abc import Iterable, Sequence

from pipeline.forms import Table
from pipeline.reading.regions import Region
from pipeline.reading.rows.names import names_of
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.slots import Slot, filled
from pipeline.reading.words.tokens import BARE, INDENTED, Token, word

_UNMARKED = frozenset([BARE, INDENTED])

# A row's label and its place, and the cells in the lines below it.
_Row = tuple[int, Token, list[Slot]]


def align_lines(tables: Iterable[Table], region: Region) -> Alignment | None:
    """Place the rows of a table by the lines below their labels; None unless these are just their cells."""
    if any(len(line.tokens) > 1 for _, line in region.texts):
        return None
    if any(line.tokens[0].style not in _UNMARKED for _, line in region.entries):
        return None  # with those above nearly every table, at no cost
    first, last = region.entries[0][0], region.entries[-1][0]
    if any(first < index < max(last, region.end) for index in region.left_out):
        return None
    return next((found for table in tables if (found := _aligned(table, region))), None)


def _aligned(table: Table, region: Region) -> Alignment | None:
    names = names_of(table)
    rows = _rows(table, region)
    if [names.row_of(token) for _, token, _ in rows] != list(range(len(names.codes))):
        return None
    *others, (_, _, last) = rows
    if not any(cell.blank for _, _, cells in others for cell, _ in cells):
        return None
    for lengths in (names.widths, [max(names.widths)] * len(rows)):
        if all(len(cells) == length for (_, _, cells), length in zip(others, lengths, strict=False)):
            ends = region.gap >= 0 and len(last) == lengths[-1] + region.gap
            return _placed(table, rows, ends=ends)
    return None


def _rows(table: Table, region: Region) -> list[_Row]:
    """Return each row's label with the lines up to the next text, an empty cell for an empty line."""
    names = names_of(table)
    figures = {index: line.tokens[0] for index, line in region.entries if line.tokens[0].mean is not None}
    texts = [(index, line.tokens[0]) for index, line in region.entries if index not in figures]
    ends = [index for index, _ in texts[1:]] + [max(region.end, region.entries[-1][0] + 1)]
    return [
        (index, token, [(figures.get(at) or word(""), at) for at in range(index + 1, end)])
        for (index, token), end in zip(texts, ends, strict=True)
        if names.row_of(token) >= 0
    ]


def _placed(table: Table, rows: Sequence[_Row], *, ends: bool) -> Alignment | None:
    """Return the rows with their cells; None when a figure stands beyond them.

    `ends` tells whether just as many lines follow the last label as its cells and the headings' gap ask for:
    else the row may have lost one.
    """
    result = Alignment(table)
    for row, (index, token, cells) in zip(table.rows, rows, strict=True):
        width = len(row.columns)
        if filled(cells[width:]):
            return None
        whole = ends or row is not table.rows[-1]
        slots = cells[:width] if whole else filled(cells) or [(word(""), index)]
        result.placed[row.code] = Placed(
            slots, "label", [token], width, filled(slots), index, index + width + 1
        )
    return result
