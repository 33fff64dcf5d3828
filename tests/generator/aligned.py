"""Tables as a PDF-to-text tool prints them: cells in columns by position, texts wrapped and centred in
their cells.

Belongs here: placing every slot on a canvas of half lines, and turning the canvas into lines. Does not
belong here: any other layout (layouts).
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.generator.document import Slot, Table
from tests.generator.lines import Line, Part, display_width, wrap
from tests.generator.truth import Truth

Renderer = Callable[[Table, Truth], list[Line]]
_GAP = 2


@dataclass(slots=True)
class _Piece:
    """One line of one cell's text on the canvas; `y` counts half lines, `x` display columns."""

    y: int
    x: int
    part: Part


@dataclass(frozen=True, slots=True)
class _Setting:
    """Widths that label and header texts are wrapped at, and where values stand in their column."""

    labels: tuple[int, int, int]
    heads: int
    align: str
    apart: bool


def aligned_renderer(*, apart: bool) -> Callable[[Random], Renderer]:
    """A maker of renderers. `apart`: lines hold their pieces with single spaces, so empty cells do not
    show.
    """

    def make(rng: Random) -> Renderer:
        narrow = apart or rng.random() < 0.5
        labels = rng.choice(((10, 12, 20), (6, 12, 24), (8, 10, 18))) if narrow else (20, 16, 80)
        align = rng.choice(("left", "centre", "right"))
        setting = _Setting(labels, rng.choice((8, 10, 12)), align, apart)

        def render(table: Table, truth: Truth) -> list[Line]:
            if apart:
                _doubt_blanks(truth, table)
            return _lines(table, setting)

        return render

    return make


def _doubt_blanks(truth: Truth, table: Table) -> None:
    for row in table.rows:
        keys = [slot.key for slot in row.values() if slot.key]
        if any(not slot.text.strip() for slot in row.values()):
            for key in keys:
                truth.cells[key].undetermined = truth.cells[key].status != "missing"


def _column_widths(table: Table, setting: _Setting) -> list[int]:
    """Display width of each grid column: labels are wrapped, values never are."""
    columns = max([table.width, *(slot.column + slot.width for row in table.rows for slot in row.slots)])
    labels = table.label_columns() if table.code != "dispute" else 0
    widths = [6] * columns
    for row in table.rows:
        for slot in row.slots:
            if slot.width > 1 and slot.kind != "value":
                continue
            limit = 200 if slot.kind == "value" else setting.heads
            if slot.column < labels:
                limit = setting.labels[min(slot.column, 2)] if labels == 3 else setting.labels[2]
            need = min(display_width(slot.text), limit) // slot.width
            widths[slot.column] = max(widths[slot.column], need)
    return widths


def _heights(table: Table, texts: dict[int, list[str]]) -> list[int]:
    """Height of each row in half lines; the last row of a merged cell grows where its text needs it."""
    heights = [2] * len(table.rows)
    for place, row in enumerate(table.rows):
        for slot in row.slots:
            last = min(place + slot.height, len(table.rows)) - 1
            short = 2 * len(texts[id(slot)]) - sum(heights[place : last + 1])
            heights[last] += max(short, 0)
    return heights


def _shift(slot: Slot, text: str, width: int, align: str) -> int:
    """How far into its cell a text begins."""
    free = max(width - display_width(text), 0)
    if slot.kind in ("head", "block"):
        return free // 2
    if slot.kind != "value" or align == "left":
        return 0
    return free if align == "right" else free // 2


def _pieces(table: Table, setting: _Setting) -> list[_Piece]:
    widths = _column_widths(table, setting)
    starts = [sum(widths[:place]) + _GAP * place for place in range(len(widths) + 1)]
    room = {
        id(slot): starts[slot.column + slot.width] - starts[slot.column] - _GAP
        for row in table.rows
        for slot in row.slots
    }
    texts = {id(slot): wrap(slot.text, room[id(slot)]) for row in table.rows for slot in row.slots}
    heights = _heights(table, texts)
    pieces: list[_Piece] = []
    for place, row in enumerate(table.rows):
        top = sum(heights[:place])
        for slot in row.slots:
            lines = texts[id(slot)]
            free = sum(heights[place : place + slot.height]) - 2 * len(lines)
            for number, text in enumerate(lines):
                x = starts[slot.column] + _shift(slot, text, room[id(slot)], setting.align)
                pieces.append(_Piece(top + free // 2 + 2 * number, x, Part(text, slot.kind, slot.key)))
    return pieces


def _lines(table: Table, setting: _Setting) -> list[Line]:
    by_line: dict[int, list[_Piece]] = {}
    for piece in _pieces(table, setting):
        if piece.part.text.strip() or piece.part.key:
            by_line.setdefault(piece.y, []).append(piece)
    lines = []
    for y in sorted(by_line):
        row = sorted(by_line[y], key=lambda piece: piece.x)
        code = next((piece.part.key[1] for piece in row if piece.part.key), "")
        kind = "row" if code else row[0].part.kind
        if setting.apart:
            lines += _apart(row, kind, table.code, code)
        else:
            lines.append(Line(_padded(row), kind, table.code, code, ""))
    return lines


def _padded(row: list[_Piece]) -> list[Part]:
    """The pieces of one line, each preceded by the spaces that bring it to its column."""
    parts: list[Part] = []
    at = 0
    for piece in row:
        gap = max(piece.x - at, 1 if parts else 0)
        text = " " * gap + piece.part.text
        at += display_width(text)
        parts.append(Part(text, piece.part.kind, piece.part.key))
    return parts


def _apart(row: list[_Piece], kind: str, table: str, code: str) -> list[Line]:
    """Group labels on a line of their own, the rest of the line with single spaces."""
    groups = [piece.part for piece in row if piece.part.kind == "group"]
    rest = [piece.part for piece in row if piece.part.kind != "group" and piece.part.text.strip()]
    lines = [Line([part], "group", table, "", " ") for part in groups]
    return [*lines, Line(rest, kind, table, code, " ")] if rest else lines
