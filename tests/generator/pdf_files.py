"""PDF files with a text layer: running text and ruled tables that go over pages, wrapped labels, page
numbers.

Belongs here: setting a document on A4 pages with reportlab's canvas; a Chinese font that every reader
knows. Does not belong here: what a PDF-to-text tool makes of it (aligned).
"""

import io
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from tests.generator.document import Document, Paragraph, Row, Slot, Table
from tests.generator.lines import display_width, wrap

_WIDTH, _HEIGHT = 595.0, 842.0
_LEFT, _TOP, _BOTTOM = 50.0, 780.0, 70.0
_ROOM = _WIDTH - 2 * _LEFT
_FONT = "STSong-Light"
_TEXT_SIZE, _CELL_SIZE, _PAD = 11.0, 8.0, 3.0
_LEADING = _CELL_SIZE + 3

# Left, right, top and bottom edge.
_Box = tuple[float, float, float, float]


@cache
def _font() -> str:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - reportlab takes a third of a second to import
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # noqa: PLC0415 - as above

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    return _FONT


@dataclass(slots=True)
class _Pen:
    """The page being written: `y` is where the next line goes."""

    canvas: Any
    number: str
    y: float = _TOP
    page: int = 1
    repeat: list[Row] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float) -> None:
        # The font has no U+2212: it would print nothing and turn -7 into 7.
        self.canvas.setFont(_font(), size)
        self.canvas.drawString(x, y, text.replace("\u2212", "\uff0d"))

    def turn(self) -> None:
        """Write the page number and begin the next page."""
        if self.number:
            text = self.number.format(n=self.page)
            self.text((_WIDTH - display_width(text) * 5) / 2, 40, text, 10)
        self.canvas.showPage()
        self.page += 1
        self.y = _TOP


def _columns(table: Table) -> list[float]:
    """Widths of the grid columns in points, together as wide as the text."""
    count = max([table.width, *(slot.column + slot.width for row in table.rows for slot in row.slots)])
    if table.code != "application":
        return [_ROOM / count] * count
    labels = table.label_columns()
    widths = [150.0 if column == labels - 1 else 48.0 for column in range(labels)] + [40.0] * (count - labels)
    return [width * _ROOM / sum(widths) for width in widths]


@dataclass(slots=True)
class _Set:
    """A table set in type: the left edge of each column, the lines of each slot, the height of each row.

    `written` are the slots whose text stands on a page.
    """

    starts: list[float]
    texts: dict[int, list[str]]
    heights: list[float]
    written: set[int] = field(default_factory=set)

    def texts_in(self, slot: Slot, box: _Box, *, is_last: bool) -> list[str]:
        """The lines of a slot to be written in a box: none where they are written, or have no room yet."""
        lines = self.texts[id(slot)]
        has_room = box[2] - box[3] >= len(lines) * _LEADING
        if id(slot) in self.written or not (has_room or is_last):
            return []
        self.written.add(id(slot))
        return lines

    def left(self, slot: Slot) -> float:
        return self.starts[slot.column]

    def right(self, slot: Slot) -> float:
        return self.starts[min(slot.column + slot.width, len(self.starts) - 1)]


def _set(table: Table) -> _Set:
    widths = _columns(table)
    starts = [_LEFT + sum(widths[:place]) for place in range(len(widths) + 1)]
    result = _Set(starts, {}, [])
    for row in table.rows:
        for slot in row.slots:
            columns = int((result.right(slot) - result.left(slot) - 2 * _PAD) / (_CELL_SIZE / 2))
            result.texts[id(slot)] = wrap(slot.text, max(columns, 2))
        single = [len(result.texts[id(slot)]) for slot in row.slots if slot.height == 1]
        result.heights.append(max([1, *single]) * _LEADING + 2 * _PAD)
    for place, row in enumerate(table.rows):
        for slot in row.slots:
            last = min(place + slot.height, len(table.rows))
            need = len(result.texts[id(slot)]) * _LEADING + 2 * _PAD
            result.heights[last - 1] += max(need - sum(result.heights[place:last]), 0)
    return result


def _pages(table: Table, made: _Set, rooms: tuple[float, float]) -> list[tuple[int, int]]:
    """Rows of each page as (first, end); `rooms` are what the first page has left, and each other one."""
    pages: list[tuple[int, int]] = []
    first, used, room = 0, 0.0, rooms[0]
    breaks = [place for place in range(len(made.heights)) if _may_break(table, made, place)]
    for place, height in enumerate(made.heights):
        if used + height > room and place > first:
            otherwise = place if pages else first  # the table begins on the next page
            end = max((at for at in breaks if first < at <= place), default=otherwise)
            pages.append((first, end))
            first, used, room = end, sum(made.heights[end:place]), rooms[1]
        used += height
    return [*pages, (first, len(made.heights))]


def _may_break(table: Table, made: _Set, place: int) -> bool:
    """Whether the text of each cell merged over a page's end has room above or below it."""
    for row_place, row in enumerate(table.rows[:place]):
        for slot in row.slots:
            end = row_place + slot.height
            room = max(sum(made.heights[row_place:place]), sum(made.heights[place:end]))
            if end > place and len(made.texts[id(slot)]) * _LEADING > room:
                return False
    return True


def _table(pen: _Pen, table: Table, *, repeat_head: bool) -> None:
    if not table.rows:
        return
    made = _set(table)
    if pen.y - made.heights[0] < _BOTTOM + 40:
        pen.turn()
    head = [place for place, row in enumerate(table.rows) if row.kind == "head"] if repeat_head else []
    extra = sum(made.heights[place] for place in head)
    # The head comes first on each further page: without room for it, rows went down to the page number.
    rooms = pen.y - _BOTTOM - extra, _TOP - _BOTTOM - extra
    for number, (first, end) in enumerate(_pages(table, made, rooms)):
        if number:
            pen.turn()
            if head and head[-1] < first:
                made.written.difference_update(id(slot) for place in head for slot in table.rows[place].slots)
                _segment(pen, table, made, (0, len(head)))
        _segment(pen, table, made, (first, end))
    pen.y -= 14


def _segment(pen: _Pen, table: Table, made: _Set, rows: tuple[int, int]) -> None:
    """Draw the rows of one page; a merged cell that goes over pages has a box on each and its text in the
    first that has room for it, else in the last.
    """
    first, end = rows
    tops = [pen.y]
    for place in range(first, end):
        tops.append(tops[-1] - made.heights[place])
    for place, row in enumerate(table.rows[:end]):
        for slot in row.slots:
            low, high = max(place, first), min(place + slot.height, end)
            if low < high:
                box = (made.left(slot), made.right(slot), tops[low - first], tops[high - first])
                _cell(pen, slot, made.texts_in(slot, box, is_last=place + slot.height <= end), box)
    pen.y = tops[-1]


def _cell(pen: _Pen, slot: Slot, lines: list[str], box: _Box) -> None:
    left, right, top, bottom = box
    pen.canvas.rect(left, bottom, right - left, top - bottom)
    y = (top + bottom) / 2 + len(lines) * _LEADING / 2 - _CELL_SIZE
    for line in lines:
        wide = display_width(line) * _CELL_SIZE / 2
        x = left + _PAD if slot.kind == "label" else max((left + right - wide) / 2, left + 1)
        pen.text(x, y, line, _CELL_SIZE)
        y -= _LEADING


def _paragraph(pen: _Pen, block: Paragraph) -> None:
    size = 16.0 if block.kind == "title" else _TEXT_SIZE
    text = ("　　" if block.kind in ("prose", "heading") else "") + block.text.replace("\t", "  ")
    for line in wrap(text, int(_ROOM / (size / 2))):
        if pen.y < _BOTTOM:
            pen.turn()
        pen.text(_start(block.kind, display_width(line) * size / 2), pen.y, line, size)
        pen.y -= size * 1.7


def _start(kind: str, wide: float) -> float:
    """Where a line of text begins: titles in the middle, signatures at the right."""
    free = _ROOM - wide
    return _LEFT + {"title": free / 2, "sign": free}.get(kind, 0.0)


def write_pdf(document: Document, rng: Random) -> bytes:
    """Bytes of a PDF; the same bytes for the same document."""
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - reportlab takes a third of a second to import

    buffer = io.BytesIO()
    pen = _Pen(
        Canvas(buffer, pagesize=(_WIDTH, _HEIGHT), invariant=1),
        rng.choice(("", "{n}", "- {n} -", "第 {n} 页")),
    )
    pen.canvas.setLineWidth(0.5)
    repeat_head = rng.random() < 0.3
    for block in document.blocks:
        if isinstance(block, Paragraph):
            _paragraph(pen, block)
        else:
            _table(pen, block, repeat_head=repeat_head)
    pen.turn()
    pen.canvas.save()
    return buffer.getvalue()
