"""The layouts of plain text: how paragraphs and tables of a report stand in lines.

Belongs here: one renderer a layout, and the register of all layouts by name. Does not belong here: HTML,
DOCX and PDF files (their own modules), damage, encodings (__init__).

A renderer turns a table into lines. Where it cannot show an empty cell, it says so with `Truth.doubt`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.generator.aligned import aligned_renderer
from tests.generator.document import Document, Paragraph, Row, Table
from tests.generator.labels import load
from tests.generator.lines import Line, Part, Spread, blank, doubt_blanks, expand, plain, wrap
from tests.generator.programs import (
    browser_text,
    csv,
    escaped,
    joined_by_cells,
    joined_by_spelt_ends,
    json_lines,
    lists,
    one_line,
    turned,
)
from tests.generator.told import pairs, sentences
from tests.generator.truth import Truth

Renderer = Callable[[Table, Truth], list[Line]]

_SPREADS = (
    Spread("blank", "blank"),
    Spread("once", "blank"),
    Spread("once", "once"),
    Spread("repeat", "repeat"),
    Spread("blank", "once"),
)


def _is_blank(part: Part) -> bool:
    return part.key is not None and not part.text.strip()


def _line(row: Row, parts: list[Part], table: Table, sep: str) -> Line:
    return Line(parts, row.kind, table.code, row.code or "", sep)


# --- a row a line ---


def tabs(rng: Random) -> Renderer:
    """Tab-separated rows; merged cells once, blank or repeated, with or without empty cells at the end."""
    spread = rng.choice(_SPREADS)
    trailing = rng.choice((0, 0, 0, 1, 2))

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        extra = [Part("", "pad")] * trailing
        return [_line(row, parts + extra, table, "\t") for row, parts in expand(table, spread)]

    return render


def ragged_tabs(rng: Random) -> Renderer:
    """Tab-separated rows of equal length whose empty cells stand anywhere: after the label or at the end."""
    steady = rng.random() < 0.6

    def render(table: Table, truth: Truth) -> list[Line]:
        lines = []
        places: dict[int, int] = {}
        for row, parts in expand(table, Spread("once", "blank")):
            pads = max(table.width - len(parts), 0)
            after = places.setdefault(pads, rng.randint(0, pads)) if steady else rng.randint(0, pads)
            first = next((place for place, part in enumerate(parts) if part.key), 0)
            if row.code is None or not first:
                after = 0
            padded = (
                parts[:first] + [Part("", "pad")] * after + parts[first:] + [Part("", "pad")] * (pads - after)
            )
            values = [part for part in parts if part.key]
            spare = pads or parts[-1].kind == "pad"  # cells that the form leaves empty look like those added
            if spare and values and (_is_blank(values[0]) or _is_blank(values[-1])):
                truth.doubt(table.code, values[0].key[1] if values[0].key else None)
            lines.append(_line(row, padded, table, "\t"))
        return lines

    return render


def spaces(rng: Random) -> Renderer:
    """Label v v v v v v v with single spaces; empty cells do not show."""
    spread = rng.choice((Spread("once", "once"), Spread("once", "once"), Spread("repeat", "repeat")))

    def render(table: Table, truth: Truth) -> list[Line]:
        doubt_blanks(truth, table)
        return [
            _line(row, [part for part in parts if part.text.strip()], table, " ")
            for row, parts in expand(table, spread)
        ]

    return render


def data_columns(rng: Random) -> Renderer:
    """Tables 三 and 四 whose columns are named 数据1 to 数据6, 数据7 or 数据15 instead of by the form."""
    spread = rng.choice((Spread("once", "once"), Spread("repeat", "repeat"), Spread("once", "blank")))
    first_named = rng.random() < 0.4
    inner = tabs(rng)

    def render(table: Table, truth: Truth) -> list[Line]:
        if table.code == "disclosure":
            return inner(table, truth)
        names = ["自然人"] if first_named and table.code == "application" else []
        count = (7 if table.code == "application" else 15) - len(names)
        names += [f"数据{number}" for number in range(1, count + 1)]
        before = table.label_columns() if table.code == "application" else 0
        labels = ["项目", *[f"项目{number}" for number in range(2, before + 1)]] if before else []
        head = Line([Part(text, "head") for text in labels + names], "head", table.code)
        body = [_line(row, parts, table, "\t") for row, parts in expand(table, spread) if row.kind != "head"]
        return [head, *body]

    return render


# --- a cell a line ---


def pipe_lines(rng: Random) -> Renderer:
    """One cell a line ending in ` |`; rows are filled up to the table's width, runs of empty ones as `||`."""
    fill_last = rng.random() < 0.3

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        lines: list[Line] = []
        for row, parts in expand(table, Spread("once", "once")):
            last = row is table.rows[-1]
            pads = 0 if last and not fill_last else max(table.width - len(parts), 0)
            for part in parts + [Part("", "pad")] * pads:
                if part.text.strip():
                    lines.append(Line([part], row.kind, table.code, row.code or "", end=" |"))
                elif (
                    lines
                    and lines[-1].sep == ""
                    and lines[-1].row == (row.code or "")
                    and row.kind == lines[-1].kind
                ):
                    lines[-1].parts.append(Part("|", part.kind, part.key))
                else:
                    lines.append(
                        Line([Part("|", part.kind, part.key)], row.kind, table.code, row.code or "", "")
                    )
        return lines

    return render


def indent_lines(rng: Random) -> Renderer:
    """One cell a line after a tab, a blank line between rows; cells merged downwards are blank."""
    indent = rng.choice(("\t", "\t", "    ", "　　"))

    def render(table: Table, truth: Truth) -> list[Line]:
        if indent != "\t":
            _doubt_blank_rows(truth, table)
        lines = [blank(table.code)]
        for row, parts in expand(table, Spread("once", "blank")):
            lines += [Line([part], row.kind, table.code, row.code or "", start=indent) for part in parts]
            lines.append(blank(table.code))
        return lines

    return render


def _doubt_blank_rows(truth: Truth, table: Table) -> None:
    """A row of empty lines only cannot be told from spacing."""
    for row in table.rows:
        values = row.values()
        if values and values[0].key and all(not slot.text.strip() for slot in values):
            truth.doubt(table.code, values[0].key[1] if table.code != "dispute" else None)


def bare_lines(rng: Random) -> Renderer:
    """One cell a line and nothing else; an empty cell is an empty line.

    With a column of running numbers, the next row's number might be a value of a row that has empty cells.
    """
    down = rng.choice(("once", "once", "blank"))

    def render(table: Table, truth: Truth) -> list[Line]:
        _doubt_blank_rows(truth, table)
        if any(slot.kind == "serial" for row in table.rows for slot in row.slots):
            doubt_blanks(truth, table)
        return [
            Line([part], row.kind, table.code, row.code or "")
            for row, parts in expand(table, Spread("once", down))
            for part in parts
        ]

    return render


def dense_lines(rng: Random) -> Renderer:
    """One cell a line, empty cells dropped."""
    down = rng.choice(("once", "once", "repeat"))

    def render(table: Table, truth: Truth) -> list[Line]:
        doubt_blanks(truth, table)
        return [
            Line([part], row.kind, table.code, row.code or "")
            for row, parts in expand(table, Spread("once", down))
            for part in parts
            if part.text.strip()
        ]

    return render


# --- markdown ---


def _pipe(row: Row, parts: list[Part], table: Table) -> Line:
    return Line(parts, row.kind, table.code, row.code or "", " | ", "| ", " |")


def _rule(count: int, mark: str, table: Table) -> Line:
    return Line([Part(mark, "rule")] * count, "rule", table.code, "", " | ", "| ", " |")


def markdown(rng: Random) -> Renderer:
    """A markdown pipe table; its first row is the header, merged cells once, blank or repeated."""
    spread = rng.choice(_SPREADS)
    fill = rng.random() < 0.7
    mark = rng.choice(("---", ":---:", "--", "----------"))

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        lines = [blank(table.code)]
        for row, parts in expand(table, spread):
            pads = table.width - len(parts) if fill else 0
            lines.append(_pipe(row, parts + [Part("", "pad")] * pads, table))
            if row is table.rows[0]:
                lines.append(_rule(table.width, mark, table))
        return [*lines, blank(table.code)]

    return render


def markdown_rows(rng: Random) -> Renderer:
    """Markdown with one small table a row."""
    spread = rng.choice((Spread("once", "once"), Spread("once", "blank"), Spread("repeat", "repeat")))

    def render(table: Table, truth: Truth) -> list[Line]:
        del truth
        lines = [blank(table.code)]
        for row, parts in expand(table, spread):
            lines += [_pipe(row, parts, table), _rule(len(parts), "---", table), blank(table.code)]
        return lines

    return render


# --- labels and values apart ---


def _apart(table: Table) -> list[tuple[Row, list[Part], list[Part]]]:
    """Rows as (labels, values); empty cells that are no values are left out."""
    return [
        (
            row,
            [part for part in parts if part.key is None and part.text.strip()],
            [part for part in parts if part.key is not None],
        )
        for row, parts in expand(table, Spread("once", "once"))
    ]


def _values(row: Row, values: list[Part], table: Table, sep: str) -> list[Line]:
    shown = values if sep == "\t" else [part for part in values if part.text.strip()]
    return [_line(row, shown, table, sep)] if shown else []


def _doubt_apart(truth: Truth, table: Table, sep: str) -> None:
    if sep != "\t":
        doubt_blanks(truth, table, all_blank_hides_table=True)
    else:
        _doubt_blank_rows(truth, table)


def label_lines(rng: Random) -> Renderer:
    """Labels in one line, their values in the next."""
    sep = rng.choice(("\t", " ", "  "))

    def render(table: Table, truth: Truth) -> list[Line]:
        _doubt_apart(truth, table, sep)
        lines: list[Line] = []
        for row, labels, values in _apart(table):
            if labels:
                lines.append(_line(row, labels, table, rng.choice((sep, sep, " "))))
            lines += _values(row, values, table, sep)
        return lines

    return render


def labels_first(rng: Random) -> Renderer:
    """All labels of a table, then all its rows of values."""
    sep = rng.choice(("\t", " "))

    def render(table: Table, truth: Truth) -> list[Line]:
        _doubt_apart(truth, table, sep)
        _doubt_everything_if_a_row_may_vanish(truth, table)
        rows = _apart(table)
        lines = [_line(row, labels, table, sep) for row, labels, _ in rows if labels]
        return lines + [line for row, _, values in rows for line in _values(row, values, table, sep)]

    return render


def no_labels(rng: Random) -> Renderer:
    """Headers, then the rows of values in the form's order without their labels."""
    sep = rng.choice(("\t", "\t", " "))

    def render(table: Table, truth: Truth) -> list[Line]:
        _doubt_apart(truth, table, sep)
        _doubt_everything_if_a_row_may_vanish(truth, table)
        lines: list[Line] = []
        for row, labels, values in _apart(table):
            if row.kind in ("head", "block"):
                lines.append(_line(row, labels, table, sep))
            lines += _values(row, values, table, sep)
        return lines

    return render


def _doubt_everything_if_a_row_may_vanish(truth: Truth, table: Table) -> None:
    for row in table.rows:
        values = row.values()
        if values and all(not slot.text.strip() for slot in values):
            truth.doubt(table.code)


# --- table 四 in other shapes ---

_CHANNEL_NAMES = {"review": "行政复议", "suit_direct": "未经复议直接起诉", "suit_after_review": "复议后起诉"}


def _by_channel(table: Table) -> list[tuple[str, list[Part], list[Part]]]:
    """Table 四 as (channel, result names, values)."""
    names = [slot.text for slot in table.rows[1].slots[:5]]
    values = [Part(slot.text, "value", slot.key) for row in table.rows for slot in row.values()]
    blocks = []
    for channel in _CHANNEL_NAMES:
        own = [part for part in values if part.key and part.key[1] == channel]
        heads = [Part(name, "head") for name, part in zip(names, own, strict=False) if part.key]
        blocks.append((channel, heads, own))
    return blocks


def _channel_heads(channel: str, table: Table) -> list[Line]:
    suit = [plain("行政诉讼", "head", table.code)] if channel == "suit_direct" else []
    return [*suit, plain(_CHANNEL_NAMES[channel], "head", table.code)]


def dispute_three(rng: Random) -> Renderer:
    """Table 四 as three small tables of five."""
    inner = tabs(rng)

    def render(table: Table, truth: Truth) -> list[Line]:
        if table.code != "dispute":
            return inner(table, truth)
        lines: list[Line] = []
        for channel, heads, values in _by_channel(table):
            lines += _channel_heads(channel, table)
            lines.append(Line(list(heads), "head", "dispute"))
            lines.append(Line(list(values), "row", "dispute", "cases"))
            if rng.random() < 0.5:
                lines.append(blank("dispute"))
        _doubt_blank_rows(truth, table)
        return lines

    return render


def dispute_pairs(rng: Random) -> Renderer:
    """Table 四 as pairs of a result and its number, a pair a line or a block a line."""
    inner = tabs(rng)
    mark = rng.choice(("：", "\t", " ", ": "))
    one_line = rng.random() < 0.4

    def render(table: Table, truth: Truth) -> list[Line]:
        if table.code != "dispute":
            return inner(table, truth)
        lines: list[Line] = []
        for channel, heads, values in _by_channel(table):
            lines += _channel_heads(channel, table)
            told = [[Part(head.text + mark, "head"), part] for head, part in zip(heads, values, strict=True)]
            if one_line:
                flat = [piece for pair in told for piece in (*pair, Part(" ", "pad"))]
                lines.append(Line(flat, "row", "dispute", "cases", ""))
            else:
                lines += [Line(pair, "row", "dispute", "cases", "") for pair in told]
        return lines

    return render


# --- paragraphs, furniture, the whole page ---


@dataclass(frozen=True, slots=True)
class Typing:
    """How running text is set: blank lines between paragraphs, indents, and the width lines are wrapped at
    (0: not).
    """

    gap: bool
    indent: str
    width: int

    @staticmethod
    def draw(rng: Random, *, wrapped: bool) -> "Typing":
        width = rng.choice((60, 76, 84)) if wrapped else 0
        return Typing(rng.random() < 0.5, rng.choice(("", "", "　　", "    ")), width)


def _paragraph_lines(block: Paragraph, typing: Typing) -> list[Line]:
    indent = typing.indent if block.kind == "prose" else ""
    text = indent + block.text
    texts = wrap(text, typing.width) if typing.width and block.kind == "prose" else [text]
    lines = [plain(piece, block.kind) for piece in texts]
    return [*lines, blank()] if typing.gap else lines


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a web page has around the article: navigation, metadata, and what follows the article."""

    navigation: list[str]
    metadata: list[str]
    after: list[str]

    @staticmethod
    def draw(document: Document, rng: Random) -> "Furniture":
        truth = document.truth
        fill = {"agency": truth.agency or "", "n": rng.randint(10, 9999), "post": rng.randint(320000, 659000)}
        phrases = [str(phrase).format_map(fill) for phrase in load("phrases.toml")["navigation"]]
        metadata = [
            f"索引号：{rng.randint(10000000, 99999999)}/{truth.year}-{rng.randint(10, 999):05d}",
            f"发布机构：{truth.agency or ''}",
            f"公开日期：{truth.published_on.isoformat() if truth.published_on else ''}",
            "文号：无",
            "主题分类：政务公开、政府信息公开年报",
        ]
        return Furniture(
            phrases[: rng.randint(4, 12)], metadata[: rng.randint(2, 5)], phrases[rng.randint(12, 14) :]
        )


def web_text(rng: Random) -> Renderer:
    """The text of a web page; its tables in one of the ways that copying a page gives."""
    return rng.choice((tabs, indent_lines, bare_lines, dense_lines, pipe_lines))(rng)


@dataclass(frozen=True, slots=True)
class TextLayout:
    """A layout of plain text. `family` tells damage what a line is: row, cell, aligned, apart, run (rows
    whose ends do not show), told (names beside figures) or turned.

    `joined` gives what stands between the lines of a report in one line, by what parts its cells.
    """

    name: str
    family: str
    make: Callable[[Random], Renderer]
    wrapped: bool = False
    web: bool = False
    joined: Callable[[str], str] | None = None

    def render(self, document: Document, rng: Random) -> list[Line]:
        """The whole document as lines."""
        typing = Typing.draw(rng, wrapped=self.wrapped)
        render = self.make(rng)
        around = Furniture.draw(document, rng) if self.web else Furniture([], [], [])
        lines = [plain(text, "furniture") for text in around.navigation + around.metadata]
        for block in document.blocks:
            if isinstance(block, Paragraph):
                lines += _paragraph_lines(block, typing)
            else:
                lines += render(block, document.truth)
                if typing.gap:
                    lines.append(blank())
        return lines + [plain(text, "furniture") for text in around.after]

    def in_one(self, lines: list[Line]) -> str:
        """All lines in one, for a layout that joins them; empty lines show where their ends are spelt."""
        sep = next(line.sep for line in lines if line.kind == "row")
        between = self.joined(sep) if self.joined else ""
        return between.join(text for line in lines if (text := line.text()) or "n" in between)


TEXT_LAYOUTS: dict[str, TextLayout] = {
    layout.name: layout
    for layout in (
        TextLayout("tabs", "row", tabs),
        TextLayout("ragged_tabs", "row", ragged_tabs),
        TextLayout("pipe_lines", "cell", pipe_lines),
        TextLayout("indent_lines", "cell", indent_lines),
        TextLayout("bare_lines", "cell", bare_lines),
        TextLayout("dense_lines", "cell", dense_lines),
        TextLayout("markdown", "row", markdown),
        TextLayout("markdown_rows", "row", markdown_rows),
        TextLayout("spaces", "row", spaces, wrapped=True),
        TextLayout("aligned", "aligned", aligned_renderer(apart=False), wrapped=True),
        TextLayout("wrapped", "aligned", aligned_renderer(apart=True), wrapped=True),
        TextLayout("label_lines", "apart", label_lines),
        TextLayout("labels_first", "apart", labels_first),
        TextLayout("no_labels", "apart", no_labels),
        TextLayout("dispute_three", "row", dispute_three),
        TextLayout("dispute_pairs", "row", dispute_pairs),
        TextLayout("data_columns", "row", data_columns),
        TextLayout("web_text", "cell", web_text, web=True),
        TextLayout("browser_text", "cell", browser_text, web=True),
        TextLayout("csv", "row", csv),
        TextLayout("lists", "row", lists),
        TextLayout("json_lines", "cell", json_lines),
        TextLayout("escaped", "row", escaped, joined=joined_by_spelt_ends),
    )
}

OPEN_LAYOUTS: dict[str, TextLayout] = {
    layout.name: layout
    for layout in (
        TextLayout("sentences", "told", sentences),
        TextLayout("pairs", "told", pairs),
        TextLayout("one_line", "run", one_line, joined=joined_by_cells),
        TextLayout("turned", "turned", turned),
    )
}
"""Layouts of which a reader may leave much open: they are held to silence alone, and drawn only by name."""
