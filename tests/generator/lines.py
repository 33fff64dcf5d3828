"""Lines of text that still know which cells they print, and the ways a table becomes such lines' cells.

Belongs here: Part and Line, expanding merged cells into a grid of texts, display widths, joining lines to
text. Does not belong here: the layouts themselves (layouts).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.generator.document import Row, Slot, Table
from tests.generator.truth import Key, Truth


@dataclass(slots=True)
class Part:
    """A piece of a line: the text of one cell, with the cell's key if it prints a value."""

    text: str
    kind: str
    key: Key | None = None


@dataclass(slots=True)
class Line:
    """One line. `kind` is a paragraph's kind, or head, block, group, row, rule (markdown), blank,
    furniture.
    """

    parts: list[Part]
    kind: str
    table: str = ""
    row: str = ""
    sep: str = "\t"
    start: str = ""
    end: str = ""

    def text(self) -> str:
        return self.start + self.sep.join([part.text for part in self.parts]) + self.end


@dataclass(slots=True)
class Spread:
    """How merged cells show in a format without them: `once`, as `blank` cells, or `repeat`ed; by
    direction.
    """

    across: str
    down: str


def plain(text: str, kind: str, table: str = "") -> Line:
    """A line of one piece."""
    return Line([Part(text, kind)], kind, table)


def blank(table: str = "") -> Line:
    return Line([Part("", "blank")], "blank", table)


def expand(table: Table, spread: Spread) -> Iterator[tuple[Row, list[Part]]]:
    """Each row of a table with the parts it shows, in column order."""
    hanging: dict[int, tuple[Slot, int]] = {}
    for row in table.rows:
        here = {slot.column: slot for slot in row.slots}
        parts: list[Part] = []
        column, end = 0, max([table.width, *(slot.column + slot.width for slot in row.slots)])
        while column < end:
            slot = here.get(column)
            if slot is not None:
                parts += _parts(slot, spread.across, slot.text, slot.key)
            elif column in hanging:
                slot = hanging[column][0]
                parts += _continued(slot, spread)
            column += slot.width if slot else 1
        hanging = {place: (slot, left - 1) for place, (slot, left) in hanging.items() if left > 1}
        hanging |= {slot.column: (slot, slot.height - 1) for slot in row.slots if slot.height > 1}
        yield row, parts


def _parts(slot: Slot, across: str, text: str, key: Key | None) -> list[Part]:
    clean = text.replace("\n", "")
    first = [Part(clean, slot.kind, key)]
    if slot.width == 1 or across == "once":
        return first
    more = clean if across == "repeat" else ""
    kind = slot.kind if across == "repeat" else "pad"
    return first + [Part(more, kind, key if across == "repeat" else None) for _ in range(slot.width - 1)]


def _continued(slot: Slot, spread: Spread) -> list[Part]:
    if spread.down == "once":
        return []
    if spread.down == "repeat":
        return _parts(slot, spread.across, slot.text, slot.key)
    return [Part("", "pad") for _ in range(1 if spread.across == "once" else slot.width)]


def doubt_blanks(truth: Truth, table: Table, *, all_blank_hides_table: bool = False) -> None:
    """Empty cells do not show: rows that have any are open; a row that vanishes may open the whole table."""
    for row in table.rows:
        values = row.values()
        empty = [slot for slot in values if not slot.text.strip()]
        if not empty:
            continue
        if all_blank_hides_table and len(empty) == len(values):
            truth.doubt(table.code)
        for slot in values:
            if slot.key:
                truth.cells[slot.key].undetermined = truth.cells[slot.key].status != "missing"


def display_width(text: str) -> int:
    """Columns that a text takes where Chinese characters are two wide."""
    return sum(2 if ord(char) > 0x2000 else 1 for char in text)


def wrap(text: str, width: int) -> list[str]:
    """Cut a text into lines of at most `width` display columns, anywhere, as cells of printed tables are."""
    lines, line, used = [], "", 0
    for char in text:
        size = 2 if ord(char) > 0x2000 else 1
        if char == "\n" or (used + size > width and line):
            lines.append(line)
            line, used = "", 0
        if char != "\n":
            line += char
            used += size
    return [*lines, line]
