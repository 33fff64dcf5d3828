"""The layouts that programs make of tables: a browser's text of a page, CSV, lists, a report in one line.

Belongs here: one renderer a layout whose cells a program sets apart, and tables turned about. Does not
belong here: layouts that people type (layouts), figures beside names (told), the register (layouts).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from tests.generator.document import Row, Slot, Table
from tests.generator.lines import Line, Part, Spread, blank, doubt_blanks, expand, plain
from tests.generator.truth import Truth

Renderer = Callable[[Table, Truth], list[Line]]

ONCE = Spread("once", "once")
BLANK = Spread("blank", "blank")
_SPREADS = (BLANK, Spread("once", "blank"), ONCE, Spread("repeat", "repeat"))


def _filled(table: Table, spread: Spread) -> Iterator[tuple[Row, list[Part]]]:
    """Rows with empty cells after them up to the table's width."""
    for row, parts in expand(table, spread):
        yield row, parts + [Part("", "pad")] * (table.width - len(parts))


def _has_numbers(table: Table) -> bool:
    return any(slot.kind == "serial" for row in table.rows for slot in row.slots)


# --- a browser's text ---


@dataclass(slots=True)
class _InnerText:
    """The text of a table as browsers give it (innerText): a paragraph has a blank line before and after it,
    cells have a tab between them, rows a line end.
    """

    table: str
    lines: list[Line] = field(default_factory=list)
    _parts: list[Part] = field(default_factory=list)
    _is_apart: bool = False

    def put(self, part: Part, row: Row) -> None:
        if part.text:
            self._part_off(row)
            self._parts.append(part)

    def put_paragraph(self, part: Part, row: Row) -> None:
        """Put a text that stands in a paragraph of its own; one without text is nothing but its edges."""
        self._is_apart = True
        self.put(part, row)
        self._is_apart = True

    def end_row(self, row: Row) -> None:
        self._part_off(row)
        self._end_line(row)

    def _part_off(self, row: Row) -> None:
        if self._is_apart:
            self._end_line(row)
            self.lines.append(blank(self.table))
            self._is_apart = False

    def _end_line(self, row: Row) -> None:
        line = Line(self._parts, row.kind, self.table, row.code or "", "")
        self.lines.append(line if self._parts else blank(self.table))
        self._parts = []


def browser_text(rng: Random) -> Renderer:
    """What a browser gives as a page's text; paragraphs stand in all cells, in those with text, or in those
    of figures. Blank lines as they come, one at a time, or none.
    """
    held = rng.choice(("all", "all", "filled", "values"))
    nothing = rng.choice(("", "", "\u00a0"))
    gaps = rng.choice(("all", "one", "none"))

    def render(table: Table, truth: Truth) -> list[Line]:
        if gaps != "all" and not nothing and _has_numbers(table):
            doubt_blanks(truth, table)  # the next row's number might be the last cell of such a row
        text = _InnerText(table.code)
        for row, parts in expand(table, ONCE):
            for place, part in enumerate(parts):
                if place:
                    text.put(Part("\t", "pad"), row)
                shown = part.text.strip()
                is_held = held == "all" or (bool(shown) if held == "filled" else part.key is not None)
                put = text.put_paragraph if is_held else text.put
                put(Part(shown, part.kind, part.key) if shown else Part(nothing, "pad"), row)
            text.end_row(row)
        return list(_with_gaps(text.lines, gaps))

    return render


def _with_gaps(lines: list[Line], gaps: str) -> Iterator[Line]:
    for before, line in zip([None, *lines], lines, strict=False):
        is_more = before is not None and before.kind == "blank"
        if line.kind != "blank" or gaps == "all" or (gaps == "one" and not is_more):
            yield line


# --- CSV ---


def csv(rng: Random) -> Renderer:
    """A CSV as spreadsheets write it: all rows as wide, quotation marks where a cell needs them or around
    every text, line breaks in the cells of long labels.
    """
    sep = rng.choice((",", ",", ";"))
    spread = rng.choice(_SPREADS)
    quotes_all, breaks = rng.random() < 0.3, rng.random() < 0.6

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        lines = []
        for row, parts in _filled(table, spread):
            line = _csv_line(row, table, sep)
            for part in parts:
                first, *rest = _csv_cell(part, sep, quotes_all=quotes_all, breaks=breaks)
                line.parts.append(first)
                for piece in rest:
                    lines.append(line)
                    line = _csv_line(row, table, sep)
                    line.parts.append(piece)
            lines.append(line)
        return lines

    return render


def _csv_line(row: Row, table: Table, sep: str) -> Line:
    return Line([], row.kind, table.code, row.code or "", sep)


def _csv_cell(part: Part, sep: str, *, quotes_all: bool, breaks: bool) -> list[Part]:
    """A cell in the lines that it takes."""
    text = part.text.replace('"', '""')
    is_broken = breaks and part.key is None and len(text) > 7
    if is_broken:
        text = f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}"
    if is_broken or sep in text or '"' in text or (quotes_all and text):
        return [Part(piece, "quoted", part.key) for piece in f'"{text}"'.split("\n")]
    return [Part(text, part.kind, part.key)]


# --- lists of programs ---


@dataclass(frozen=True, slots=True)
class _Items:
    """How a program writes a list's items: Python's way or JSON's, nothing as what, numbers bare or not."""

    json: bool
    nothing: str
    bare: bool

    @staticmethod
    def draw(rng: Random) -> "_Items":
        is_json = rng.random() < 0.5
        nothing = rng.choice(('""', "null", "NaN") if is_json else ("''", "None", "nan"))
        return _Items(is_json, nothing, rng.random() < 0.4)

    def __call__(self, text: str) -> str:
        if not text.strip():
            return self.nothing
        if self.bare and text.isascii() and text.isdigit():
            return text
        return json.dumps(text, ensure_ascii=False) if self.json else repr(text)


def lists(rng: Random) -> Renderer:
    """A list a row, as a program prints them."""
    items, spread = _Items.draw(rng), rng.choice(_SPREADS)
    indent, fill, outer = rng.choice(("", " ", "    ")), rng.random() < 0.5, rng.random() < 0.5

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        rows = _filled(table, spread) if fill else expand(table, spread)
        lines = [
            Line(
                [Part(items(part.text), "quoted", part.key) for part in parts],
                row.kind,
                table.code,
                row.code or "",
                ", ",
                f"{indent}[",
                "],",
            )
            for row, parts in rows
        ]
        return [plain("[", "rule", table.code), *lines, plain("]", "rule", table.code)] if outer else lines

    return render


def json_lines(rng: Random) -> Renderer:
    """Nested JSON set out in lines, an item a line."""
    items, spread = _Items(True, rng.choice(('""', "null")), rng.random() < 0.4), rng.choice(_SPREADS)

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        lines = [plain("[", "rule", table.code)]
        for row, parts in expand(table, spread):
            cells = [Part(items(part.text), part.kind, part.key) for part in parts]
            code = row.code or ""
            lines.append(Line([Part("[", "rule")], row.kind, table.code, code, "", "  "))
            lines += [
                Line([cell], row.kind, table.code, code, "", "    ", "," if cell is not cells[-1] else "")
                for cell in cells
            ]
            lines.append(Line([Part("]", "rule")], row.kind, table.code, code, "", "  ", ","))
        return [*lines, plain("]", "rule", table.code)]

    return render


# --- a whole report in one line ---


def one_line(rng: Random) -> Renderer:
    """Rows of a report in one line, in which the same sign parts cells and lines: spaces, pipes or tabs."""
    sep = rng.choice((" ", "　", "|", " | ", "\t"))
    return _parted(sep, rng.choice((ONCE, BLANK)))


def escaped(rng: Random) -> Renderer:
    r"""Rows of a report in one line, in which line ends are spelt `\n` or `\r\n`, and tabs may be `\t`."""
    return _parted(rng.choice(("\t", "\\t", " | ")), rng.choice(_SPREADS))


def _parted(sep: str, spread: Spread) -> Renderer:
    def render(table: Table, truth: Truth) -> list[Line]:
        rows = list(expand(table, spread if sep.strip(" 　") else ONCE))
        if not sep.strip(" 　"):
            doubt_blanks(truth, table)
            rows = [(row, [part for part in parts if part.text.strip()]) for row, parts in rows]
        return [Line(parts, row.kind, table.code, row.code or "", sep) for row, parts in rows]

    return render


def joined_by_cells(sep: str) -> str:
    """What stands between the lines of a report in one line whose cells `sep` parts."""
    return sep


def joined_by_spelt_ends(sep: str) -> str:
    return "\\r\\n" if sep == "\\t" else "\\n"


# --- tables turned about ---


def turned(rng: Random) -> Renderer:
    """Table 三 with a line for each kind of applicants and a column for each row of the form."""
    sep = rng.choice(("\t", "\t", " | ", ","))
    spread = rng.choice(_SPREADS)

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        about = _turned(table) if table.code == "application" else table
        start, end = ("| ", " |") if sep == " | " else ("", "")
        return [
            Line(parts, row.kind, table.code, row.code or "", sep, start, end)
            for row, parts in _quoted(expand(about, spread), sep)
        ]

    return render


def _quoted(rows: Iterator[tuple[Row, list[Part]]], sep: str) -> Iterator[tuple[Row, list[Part]]]:
    for row, parts in rows:
        yield (
            row,
            [
                Part(f'"{part.text}"' if sep == "," and "," in part.text else part.text, part.kind, part.key)
                for part in parts
            ],
        )


def _turned(table: Table) -> Table:
    """The table with rows as columns; a row's code is the column of its figures."""
    slots: dict[int, list[Slot]] = {}
    for place, row in enumerate(table.rows):
        for slot in row.slots:
            about = Slot(slot.text, place, slot.height, slot.width, slot.kind, slot.key)
            slots.setdefault(slot.column, []).append(about)
    rows = []
    for column in range(max(slots) + 1):
        own = slots.get(column, [])
        code = next((slot.key[2] for slot in own if slot.key), None)
        rows.append(Row(own, "row" if code else "head", code))
    return Table(table.code, len(table.rows), rows)
