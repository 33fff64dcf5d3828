"""One PDF page to lines and table rows.

Belongs here: which characters stand on one line or in one cell; where a gap is a space, and how wide.
Does not belong here: opening a file and its bounds (`pdf.py`).
Tables are what ruled lines make. Text in columns without lines keeps its spacing, so that whoever
reads the lines can find the columns. Lengths are in points, from the page's top left.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from pdfplumber.page import Page
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges
from pdfplumber.utils.geometry import filter_edges

from pipeline.documents.flow import Entry, Line, Row
from pipeline.documents.limits import MAX_COLUMNS
from pipeline.documents.spacing import CJK, join_wrapped
from pipeline.documents.stream import Cell

MAX_EDGES = 20_000
"""Ruled lines of a page before those in line are joined; a full table page has 2,000, a map or chart more."""

MAX_CROSSINGS = 2_000
"""Of a page's ruled lines; a full table page has 500. The search for cells takes the square of it."""

_SNAP = 3.0
"""Ruled lines nearer than this are one line, drawn in pieces."""

# In units of the character size.
_LINE_TOLERANCE = 0.4
_REPRINT = 0.25
_WIDE_GAP = 1.0
_RAISED_SIZE = 0.75

_FULL_LINE = 0.75
"""Of the page's width: a line that ends before it is not full, so what follows is a new paragraph."""
_CELL_PADDING = 5.4
"""What Word leaves free at either side of a cell; other programs leave less."""
_FIGURE = re.compile(r"[+\-−＋－]?[0-9０-９][0-9０-９,，.．]*")
# A line of a sentence: punctuation, and neither a wide gap nor figures side by side, as table rows have.
_SENTENCE = re.compile(r"(?!.*\S {2})(?!.*\d +\d).*[，。；：、].*")

_IS_CJK = re.compile(f"[{CJK}]")
# Fonts often map an ideograph to the radical or compatibility sign that looks the same.
_LOOKALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")

_Box = tuple[float, float, float, float]


class _Glyph(NamedTuple):
    """One character: its box, its size, and how far below the page's top it stands."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    base: float


class _Ruler(NamedTuple):
    """Turns a place on the page into a column of text in which Chinese characters take two."""

    left: float
    unit: float

    def column(self, x: float) -> int:
        return round((x - self.left) / self.unit)


def page_entries(page: Page) -> list[Entry]:
    """Entries of a page from top to bottom: a Line a line of text, a Row a row of a ruled table."""
    tables = _tables(page)
    rest = [glyph for glyph in _glyphs(page) if not any(table.take(glyph) for table in tables)]
    number = page.page_number
    placed: list[tuple[float, list[Entry]]] = [
        (table.top, list(table.rows(number * 1000 + index, number)))
        for index, table in enumerate(tables)
        if table.has_text
    ]
    placed += [(line.top, [Line(line.text, page=number)]) for line in _lines(rest, float(page.width))]
    placed.sort(key=lambda item: item[0])
    return [entry for _, entries in placed for entry in entries]


def _glyphs(page: Page) -> Iterator[_Glyph]:
    height = float(page.height)
    for char in page.chars:
        a, b, *_, rise = char["matrix"]
        if abs(b) > abs(a) / 10 and abs(a) > abs(b) / 10:
            continue  # slanted across the page: a watermark
        text = _LOOKALIKE.sub(_ideograph, char["text"].replace("\0", "\ufffd"))
        base = height - rise if char["upright"] else char["bottom"]
        yield _Glyph(text, char["x0"], char["x1"], char["top"], char["bottom"], char["size"], base)


def _ideograph(sign: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", sign[0])


# --- lines ---


class _TextLine(NamedTuple):
    """A line of running text and where it stands."""

    text: str
    top: float
    left: float
    right: float


def _lines(glyphs: Iterable[_Glyph], page_width: float) -> Iterator[_TextLine]:
    """Lines of running text from the top; wrapped sentences are joined, wide gaps and indents kept."""
    shown = [glyph for glyph in glyphs if glyph.text.strip()]
    if not shown:
        return
    unit = max(1.0, median(glyph.size for glyph in shown) / 2)
    ruler = _Ruler(min(glyph.x0 for glyph in shown), unit)
    margin = max(_FULL_LINE * page_width, max(glyph.x1 for glyph in shown) - 4 * unit)
    line: _TextLine | None = None
    for following in _drawn_lines(glyphs, ruler):
        if line is None:
            line = following
        elif line.right >= margin and following.left <= ruler.left + unit and _SENTENCE.fullmatch(line.text):
            line = line._replace(text=join_wrapped((line.text, following.text)), right=following.right)
        else:
            yield line
            line = following
    if line is not None:
        yield line


def _drawn_lines(glyphs: Iterable[_Glyph], ruler: _Ruler) -> Iterator[_TextLine]:
    for group in _groups(glyphs):
        text = _text(group, ruler)
        if text.strip():
            shown = [glyph for glyph in group if glyph.text.strip()]
            top = min(glyph.top for glyph in shown)
            yield _TextLine(text, top, min(g.x0 for g in shown), max(g.x1 for g in shown))


def _groups(glyphs: Iterable[_Glyph]) -> Iterator[list[_Glyph]]:
    """Characters that stand on one line, from the top; within a line in any order."""
    group: list[_Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        if group and glyph.base - group[0].base > _LINE_TOLERANCE * max(glyph.size, group[0].size):
            yield group
            group = []
        group.append(glyph)
    if group:
        yield group


def _text(group: list[_Glyph], ruler: _Ruler | None) -> str:
    """One line's text; with a ruler, its indent and wide gaps are as many spaces as they are wide."""
    text = ""
    width = 0
    last: _Glyph | None = None
    has_space = False
    for glyph in sorted(group, key=lambda glyph: glyph.x0):
        if not glyph.text.strip():
            has_space = True
            continue
        if last is not None and _is_reprint(last, glyph):
            continue
        spaces = 0 if last is None else _spaces(last, glyph, has_space=has_space)
        if ruler is not None and (last is None or spaces > 1):
            spaces = max(ruler.column(glyph.x0) - width, spaces)
        text += " " * (spaces if ruler is not None else min(spaces, 1)) + glyph.text
        width += spaces + _width(glyph.text)
        last, has_space = glyph, False
    return text


def _is_reprint(last: _Glyph, glyph: _Glyph) -> bool:
    """Whether a character was printed twice in nearly one place, which makes it look bold."""
    return last.text == glyph.text and abs(glyph.x0 - last.x0) < _REPRINT * (glyph.x1 - glyph.x0)


def _spaces(last: _Glyph, glyph: _Glyph, *, has_space: bool) -> int:
    """Spaces between two characters: none, one, or two where the gap is that of a column."""
    size = max(last.size, glyph.size)
    gap = (glyph.x0 - last.x1) / size
    if gap >= _WIDE_GAP:
        return 2
    if min(last.size, glyph.size) < _RAISED_SIZE * size:
        return 1  # a footnote's number must not become the last digit of a figure
    return int(gap > _narrowest(last.text, glyph.text, has_space=has_space))


def _narrowest(left: str, right: str, *, has_space: bool) -> float:
    """The widest gap that is no space, in character sizes.

    Justified Chinese is drawn apart by up to half a character, figures are not; beside a figure
    Word adds a quarter of a character that is no space of the text.
    """
    chinese = bool(_IS_CJK.match(left[-1])) + bool(_IS_CJK.match(right[0]))
    if chinese == 2:
        return 0.5
    if has_space:
        return 0.05
    return 0.35 if chinese else 0.15


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


# --- tables ---


class _Table:
    """A ruled table: cells on a grid whose lines are the cells' left and upper edges."""

    def __init__(self, cells: Sequence[_Box]) -> None:
        self._cells = sorted(cells, key=lambda cell: (cell[1], cell[0]))
        self._lefts = sorted({x0 for x0, *_ in cells})
        self._tops = sorted({top for _, top, *_ in cells})
        self._glyphs: list[list[_Glyph]] = [[] for _ in cells]
        self._owner = {
            (row, column): index
            for index, (x0, top, x1, bottom) in enumerate(self._cells)
            for row in range(*_range(self._tops, top, bottom))
            for column in range(*_range(self._lefts, x0, x1))
        }

    @property
    def top(self) -> float:
        return self._tops[0]

    @property
    def columns(self) -> int:
        return len(self._lefts)

    @property
    def area(self) -> float:
        return sum((x1 - x0) * (bottom - top) for x0, top, x1, bottom in self._cells)

    @property
    def has_text(self) -> bool:
        return any(self._glyphs)

    def take(self, glyph: _Glyph) -> bool:
        """Put a character into the cell in which its middle lies; False where there is none."""
        row = bisect_right(self._tops, (glyph.top + glyph.bottom) / 2) - 1
        column = bisect_right(self._lefts, (glyph.x0 + glyph.x1) / 2) - 1
        index = self._owner.get((row, column))
        if index is None or not _holds(self._cells[index], glyph):
            return False
        self._glyphs[index].append(glyph)
        return True

    def rows(self, ordinal: int, page: int) -> Iterator[Row]:
        """Rows from the top; a merged cell stands in its first row alone."""
        for top in self._tops:
            cells = tuple(
                self._cell(index) for index, (_, cell_top, *_) in enumerate(self._cells) if cell_top == top
            )
            yield Row(cells, ordinal, page=page)

    def _cell(self, index: int) -> Cell:
        x0, top, x1, bottom = self._cells[index]
        column, column_end = _range(self._lefts, x0, x1)
        row, row_end = _range(self._tops, top, bottom)
        lines = list(_groups(self._glyphs[index]))
        texts = [_text(group, None) for group in lines]
        text = "".join(texts) if _is_cut_figure(lines, texts, x1 - x0) else join_wrapped(texts)
        return Cell(text, column, column_end - column, row_span=row_end - row)


def _is_cut_figure(lines: Sequence[Sequence[_Glyph]], texts: Sequence[str], width: float) -> bool:
    """Tell whether the lines of a cell are one figure, cut because its column is too narrow for it.

    Each line but the last is so full that no further digit would have fitted: two figures that
    stand one below the other are not.
    """
    if len(lines) < 2 or not _FIGURE.fullmatch("".join(texts)) or not all(map(str.strip, texts)):
        return False
    room = width - 2 * _CELL_PADDING
    return all(
        max(glyph.x1 for glyph in line) - min(glyph.x0 for glyph in line) + following[0].x1 - following[0].x0
        > room
        for line, following in pairwise(lines)
    )


def _range(starts: list[float], start: float, end: float) -> tuple[int, int]:
    """The grid lines from `start` up to, and without, `end`."""
    return bisect_left(starts, start), bisect_left(starts, end)


def _holds(cell: _Box, glyph: _Glyph) -> bool:
    x0, top, x1, bottom = cell
    return x0 <= (glyph.x0 + glyph.x1) / 2 <= x1 and top <= (glyph.top + glyph.bottom) / 2 <= bottom


def _tables(page: Page) -> list[_Table]:
    """Ruled tables of more than one column, the smallest first: frames stand around others."""
    found = [_Table(cells) for cells in cells_to_tables(_cells(page))]
    return sorted(
        (table for table in found if 1 < table.columns <= MAX_COLUMNS), key=lambda table: table.area
    )


def _cells(page: Page) -> list[_Box]:
    """Boxes that a page's ruled lines enclose; none for a page that is a map or a chart."""
    edges: list[Any] = page.edges
    if len(edges) > MAX_EDGES:
        return []
    edges = filter_edges(merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP), min_length=_SNAP)
    vertical = sum(edge["orientation"] == "v" for edge in edges)
    if vertical * (len(edges) - vertical) > 100 * MAX_CROSSINGS:
        return []
    crossings = edges_to_intersections(edges, _SNAP, _SNAP)
    return intersections_to_cells(crossings) if len(crossings) <= MAX_CROSSINGS else []
