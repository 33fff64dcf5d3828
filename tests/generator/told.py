"""Tables told in words: every figure stands beside the name of its column.

Belongs here: the names of a table's figures, and rows as sentences, lists and records. Does not belong here:
tables with rows and columns (layouts, programs), the register (layouts).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.generator.document import Row, Slot, Table
from tests.generator.lines import Line, Part
from tests.generator.truth import TOTAL, Truth

Renderer = Callable[[Table, Truth], list[Line]]


@dataclass(slots=True)
class Told:
    """A row as it is told: the headings that begin with it, its label, and its figures with their names."""

    headings: list[str]
    label: str
    pairs: list[tuple[str, Slot]]
    code: str


def told_rows(table: Table) -> Iterator[Told]:
    """The rows of a table with the names of their figures."""
    if table.code == "dispute":
        yield from _channels(table)
        return
    heads: list[Row] = []
    headings: list[str] = []
    for row in table.rows:
        if row.kind == "head":
            heads = [*heads, row] if table.code == "application" else [row]
        texts = [slot.text for slot in row.slots if slot.kind in ("block", "group") and slot.text]
        headings += texts
        if row.code:
            label = next((slot.text for slot in row.slots if slot.kind == "label"), "")
            yield Told(headings, label, [(_name(heads, slot), slot) for slot in row.values()], row.code)
            headings = []


def _name(heads: list[Row], value: Slot) -> str:
    """The lowest header over a figure that names one column."""
    over = [
        slot for row in heads for slot in row.slots if slot.column == value.column and slot.kind == "head"
    ]
    single = [slot for slot in over if slot.width == value.width]
    return (single or over)[-1].text


def _channels(table: Table) -> Iterator[Told]:
    """Table 四 as a row for each channel."""
    top, middle, low, values = (row.slots for row in table.rows)
    names = [slot.text for slot in (*middle[:5], *low)]
    labels = (top[0].text, middle[5].text, middle[6].text)
    for place, label in enumerate(labels):
        own = slice(5 * place, 5 * place + 5)
        headings = [top[1].text] if place == 1 else []
        yield Told(headings, label, list(zip(names[own], values[own], strict=True)), "cases")


def _headings(row: Told, table: Table) -> list[Line]:
    return [Line([Part(text, "group")], "group", table.code) for text in row.headings]


def _line(parts: list[Part], row: Told, table: Table) -> Line:
    return Line([part for part in parts if part.text or part.key], "row", table.code, row.code, "")


def _value(slot: Slot, text: str | None = None) -> Part:
    return Part(slot.text.strip() if text is None else text, "value", slot.key)


# --- sentences ---


def sentences(rng: Random) -> Renderer:
    """A sentence a row; tables 三 and 四 also with the total before the kinds that it adds up."""
    between = rng.choice(("，", "；", "、", ", "))
    link = rng.choice(("", "", " ", "为", "："))
    end = rng.choice(("。", "；", ""))
    total_first = rng.random() < 0.3
    lead = rng.choice(("", "共", "："))

    def render(table: Table, truth: Truth) -> list[Line]:
        lines: list[Line] = []
        for row in told_rows(table):
            lines += _headings(row, table)
            *kinds, (_, total) = row.pairs
            if total_first and total.key and total.key[2] == TOTAL:
                _doubt_unless_told(truth, total)
                parts = [Part(row.label, "label"), Part(lead, "pad"), _value(total), Part("，其中", "pad")]
                parts += _told(kinds, link, between)
            else:
                parts = [Part(row.label, "label"), Part("：", "pad"), *_told(row.pairs, link, between)]
            lines.append(_line([*parts, Part(end, "pad")], row, table))
        return lines

    return render


def _doubt_unless_told(truth: Truth, total: Slot) -> None:
    """A total without a name is not there when it is empty."""
    if total.key and not total.text.strip():
        truth.cells[total.key].undetermined = truth.cells[total.key].status != "missing"


def _told(pairs: list[tuple[str, Slot]], link: str, between: str) -> Iterator[Part]:
    for place, (name, slot) in enumerate(pairs):
        if place:
            yield Part(between, "pad")
        yield Part(name, "head")
        yield Part(link, "pad")
        yield _value(slot)


# --- lists and records ---


@dataclass(frozen=True, slots=True)
class _Telling:
    """How a row is told in lines: what stands before and after its label, a name, a figure; `per_line` tells
    that each pair has a line; `path` that the label stands before each pair.
    """

    label: tuple[str, str]
    name: tuple[str, str]
    figure: tuple[str, str]
    between: str = ""
    end: str = ""
    path: bool = False
    nothing: str = ""


_TELLINGS = (
    _Telling(("项目: ", " | "), ("", ": "), ("", ""), " | "),
    _Telling(("* **", "**："), ("", " "), ("", ""), "，"),
    _Telling(("- ", "\n"), ("  - ", "："), ("", "\n")),
    _Telling(("", ":\n"), ("  ", ": "), ("", "\n")),
    _Telling(('{"项目": "', '", '), ('"', '": '), ('"', '"'), ", ", "},"),
    _Telling(('  "', '": {\n'), ('    "', '": '), ('"', '",\n'), "", "  },", nothing="null"),
    _Telling(("", "\t"), ("", "\t"), ("", "\n"), path=True),
    _Telling(("", " - "), ("", ": "), ("", "\n"), path=True),
    _Telling(("", "\n"), ("", "\n"), ("", "\n")),
)


def pairs(rng: Random) -> Renderer:
    """Lists and records: a row with its pairs, a pair a line, or names and figures in turn."""
    telling = rng.choice(_TELLINGS)
    mixed = rng.random() < 0.15

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        lines: list[Line] = []
        for row in told_rows(table):
            lines += _headings(row, table)
            if mixed:
                rng.shuffle(row.pairs)
            lines += _lines(list(_pieces(row, telling)), row, table)
        return lines

    return render


def _pieces(row: Told, telling: _Telling) -> Iterator[Part]:
    """The pieces of a row; a line ends where one ends in a line end."""
    label = [Part(telling.label[0], "pad"), Part(row.label, "label"), Part(telling.label[1], "pad")]
    if not telling.path:
        yield from label
    for place, (name, slot) in enumerate(row.pairs):
        if place:
            yield Part(telling.between, "pad")
        if telling.path:
            yield from (Part(part.text, part.kind) for part in label)
        yield from (Part(telling.name[0], "pad"), Part(name, "head"), Part(telling.name[1], "pad"))
        text = slot.text.strip()
        before, after = telling.figure if text or not telling.nothing else ("", telling.figure[1].lstrip('"'))
        yield from (Part(before, "pad"), _value(slot, text or telling.nothing), Part(after, "pad"))
    yield Part(telling.end, "pad")


def _lines(pieces: list[Part], row: Told, table: Table) -> Iterator[Line]:
    parts: list[Part] = []
    for piece in pieces:
        text = piece.text.rstrip("\n")
        if text or piece.key:
            parts.append(Part(text, piece.kind, piece.key))
        if piece.text.endswith("\n"):
            yield _line(parts, row, table)
            parts = []
    if parts:
        yield _line(parts, row, table)
