"""The ruled tables of one PDF page: what lines enclose.

Belongs here: cells from ruled lines, the characters in each, its text. Does not belong here: text between
tables (`lines.py`), tables that go on over a page's end (`breaks.py`).
Lengths are in points, from the page's top left.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

from pdfplumber.page import Page
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges
from pdfplumber.utils.geometry import filter_edges

from pipeline.documents.limits import MAX_COLUMNS
from pipeline.documents.pdf.glyphs import Glyph, lined, text_of
from pipeline.documents.spacing import join_wrapped

MAX_EDGES = 20_000
"""Ruled lines of a page before those in line are joined; a full table page has 2,000, a map or chart more."""

MAX_CROSSINGS = 2_000
"""Of a page's ruled lines; a full table page has 500. The search for cells takes the square of it."""

SNAP = 3.0
"""Ruled lines nearer than this are one line, drawn in pieces."""

_CELL_PADDING = 5.4
"""What Word leaves free at either side of a cell; other programs leave less."""
_DIGIT_ENDS = re.compile(r"[+\-−＋－0-9０-９,，.．]$")
_DIGIT_GOES_ON = re.compile(r"[0-9０-９,，.．]")
_GROUP_ENDS = re.compile(r"\d[,，](\d{1,2})$")
_GROUP_GOES_ON = re.compile(r"\d{1,2}(?!\d)")
_THOUSANDS = 3  # digits after a separator
_CLOSING = frozenset(",，.．、。)）;；:：%％")
"""What no line begins with: it takes the digit before it along, where there is room."""
_BOUND = _CLOSING | frozenset("(（")
"""What programs do not part from the digit before it."""

_Bounds = tuple[float, float, float, float]


class Box(NamedTuple):
    """A table's cell: its text, from where to where it reaches, over how many rows.

    `room` is what its last line leaves free, `head` the width of what could not be parted from the start
    of its first: a line is broken where the room is less than the next one's head.
    """

    text: str
    x0: float
    x1: float
    row_span: int
    room: float
    head: float


@dataclass(slots=True)
class Ruled:
    """A ruled table: the left edges of its columns, and its rows from the top."""

    lefts: list[float]
    rows: list[list[Box]]
    top: float
    page: int
    ordinal: int


class TableOfPage:
    """A table that is being filled: cells on a grid whose lines are the cells' left and upper edges."""

    def __init__(self, cells: Sequence[_Bounds]) -> None:
        self._cells = sorted(cells, key=lambda cell: (cell[1], cell[0]))
        self._lefts = sorted({x0 for x0, *_ in cells})
        self._tops = sorted({top for _, top, *_ in cells})
        self._glyphs: list[list[Glyph]] = [[] for _ in cells]
        self._owner = {
            (row, column): index
            for index, (x0, top, x1, bottom) in enumerate(self._cells)
            for row in range(*_range(self._tops, top, bottom))
            for column in range(*_range(self._lefts, x0, x1))
        }

    @property
    def columns(self) -> int:
        """How many columns the table has."""
        return len(self._lefts)

    @property
    def area(self) -> float:
        """What its cells cover, in square points."""
        return sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in self._cells)

    @property
    def has_text(self) -> bool:
        """Whether anything is written in it."""
        return any(self._glyphs)

    def take(self, glyph: Glyph) -> bool:
        """Put a character into the cell in which its middle lies; False where there is none."""
        row = bisect_right(self._tops, (glyph.top + glyph.bottom) / 2) - 1
        column = bisect_right(self._lefts, (glyph.x0 + glyph.x1) / 2) - 1
        index = self._owner.get((row, column))
        if index is None or not _holds(self._cells[index], glyph):
            return False
        self._glyphs[index].append(glyph)
        return True

    def ruled(self, page: int, ordinal: int) -> Ruled:
        """Return the table as it is filled; a merged cell stands in its first row alone."""
        rows = [
            [self._box(index) for index, (_, top, *_) in enumerate(self._cells) if top == row_top]
            for row_top in self._tops
        ]
        return Ruled(self._lefts, rows, self._tops[0], page, ordinal)

    def _box(self, index: int) -> Box:
        x0, top, x1, bottom = self._cells[index]
        row, row_end = _range(self._tops, top, bottom)
        lines = [line for line in lined(self._glyphs[index]) if any(glyph.text.strip() for glyph in line)]
        text, room, head = _written(lines, x1 - x0 - 2 * _CELL_PADDING)
        return Box(text, x0, x1, row_end - row, room, head)


def _written(lines: Sequence[Sequence[Glyph]], room: float) -> tuple[str, float, float]:
    """Return a cell's text, the room that its last line leaves, and the width of its first line's head."""
    if not lines:
        return "", room, 0.0
    heads = [_head(line) for line in lines]
    rooms = [room - _extent(line) for line in lines]
    text = text_of(lines[0])
    if len(lines) > 1:
        full = [left < head for left, head in zip(rooms, heads[1:], strict=False)]
        texts = [text_of(line, spread=spread) for line, spread in zip(lines, [*full, False], strict=True)]
        text = joined(texts, full)
    return text, rooms[-1], heads[0]


def joined(texts: Sequence[str], full: Sequence[bool]) -> str:
    """Return the lines of one cell as one text: a figure that `full` lines cut is whole again.

    A figure that its column is too narrow for goes on in the next line: then each line of it is so full
    that the next one's head would not have fitted. Figures that stand one below the other are not; three
    digits after a separator are whole wherever the line ends.
    """
    cuts = [_cuts_figure(before, after) for before, after in pairwise(texts)]
    whole = all(fills for fills, cut in zip(full, cuts, strict=True) if cut)
    text = texts[0]
    for after, cut in zip(texts[1:], cuts, strict=True):
        is_whole = cut and (whole or _cuts_thousands(text, after))
        text = text + after if is_whole else join_wrapped((text, after))
    return text


def _cuts_thousands(before: str, after: str) -> bool:
    """Tell whether what follows a separator is no three digits, but with the next line's first ones is."""
    begun, rest = _GROUP_ENDS.search(before), _GROUP_GOES_ON.match(after)
    return begun is not None and rest is not None and len(begun[1]) + len(rest[0]) == _THOUSANDS


def _cuts_figure(before: str, after: str) -> bool:
    return bool(_DIGIT_ENDS.search(before) and _DIGIT_GOES_ON.match(after))


def _extent(line: Sequence[Glyph]) -> float:
    shown = [glyph for glyph in line if glyph.text.strip()]
    return max(glyph.x1 for glyph in shown) - min(glyph.x0 for glyph in shown)


def _head(line: Sequence[Glyph]) -> float:
    """Return the width of a line's first character and of what is not parted from it.

    A line that begins with a closing sign was broken for want of room, however much there seems to be.
    """
    shown = sorted((glyph for glyph in line if glyph.text.strip()), key=lambda glyph: glyph.x0)
    width = inf if shown[0].text in _CLOSING else 0.0
    for place, glyph in enumerate(shown):
        if place and glyph.text not in _BOUND:
            break
        width += glyph.x1 - glyph.x0
    return width


def _range(starts: list[float], start: float, end: float) -> tuple[int, int]:
    """Return the grid lines from `start` up to, and without, `end`."""
    return bisect_left(starts, start), bisect_left(starts, end)


def _holds(cell: _Bounds, glyph: Glyph) -> bool:
    x0, top, x1, bottom = cell
    return x0 <= (glyph.x0 + glyph.x1) / 2 <= x1 and top <= (glyph.top + glyph.bottom) / 2 <= bottom


def tables_of(page: Page) -> list[TableOfPage]:
    """Return the ruled tables of more than one column, the smallest first: frames stand around others."""
    found = [TableOfPage(cells) for cells in cells_to_tables(_cells(page))]
    return sorted(
        (table for table in found if 1 < table.columns <= MAX_COLUMNS), key=lambda table: table.area
    )


def _cells(page: Page) -> list[_Bounds]:
    """Return what a page's ruled lines enclose; nothing for a page that is a map or a chart."""
    edges: list[Any] = [edge for edge in page.edges if edge["orientation"]]  # a slanted one has none
    if len(edges) > MAX_EDGES:
        return []
    edges = filter_edges(merge_edges(edges, SNAP, SNAP, SNAP, SNAP), min_length=SNAP)
    vertical = sum(edge["orientation"] == "v" for edge in edges)
    if vertical * (len(edges) - vertical) > 100 * MAX_CROSSINGS:
        return []
    crossings = edges_to_intersections(edges, SNAP, SNAP)
    return intersections_to_cells(crossings) if len(crossings) <= MAX_CROSSINGS else []
