"""A made report before it takes a format: paragraphs and tables with merged cells, in reading order.

Belongs here: the model (Slot, Row, Table, Paragraph, Document), and building it from a truth. Does not
belong here: any file format (layouts, html_pages, docx_files, pdf_files), damage.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.generator.labels import Wording
from tests.generator.truth import (
    APPLICANTS,
    CHANNELS,
    DISCLOSURE,
    RESULTS,
    TOTAL,
    Key,
    Truth,
    application_rows,
)


@dataclass(slots=True)
class Slot:
    """One cell of a table, at its top left; `kind` is note, head, block, group, label, serial, value or
    pad.
    """

    text: str
    column: int
    width: int = 1
    height: int = 1
    kind: str = "label"
    key: Key | None = None


@dataclass(slots=True)
class Row:
    """The slots that begin in one grid row. `kind` is block, head, group or row; `code` the row_code of a
    row.
    """

    slots: list[Slot]
    kind: str
    code: str | None = None

    def values(self) -> list[Slot]:
        return [slot for slot in self.slots if slot.key is not None]


@dataclass(slots=True)
class Table:
    """A statutory table: `code` is its table_code, `width` its grid columns."""

    code: str
    width: int
    rows: list[Row]
    part: int = 0

    def label_columns(self) -> int:
        """How many grid columns stand left of the values."""
        return min((slot.column for row in self.rows for slot in row.values()), default=1)


@dataclass(slots=True)
class Paragraph:
    """Running text; `kind` is title, toc, heading, prose, sign, nav."""

    text: str
    kind: str


Block = Paragraph | Table


@dataclass(slots=True)
class Document:
    """Blocks in reading order with the truth they print.

    `touched` holds (table, row) that damage has already spoiled, so that two damages never meet in one
    place and the adjusted truth stays exact. `cut` tells that the file ends in the middle of table 三.
    """

    blocks: list[Block]
    truth: Truth
    touched: set[tuple[str, str]] = field(default_factory=set)
    cut: bool = False

    def tables(self, code: str | None = None) -> Iterator[Table]:
        for block in self.blocks:
            if isinstance(block, Table) and code in (None, block.code):
                yield block


@dataclass(frozen=True, slots=True)
class Plan:
    """How the tables of one report are drawn up; drawn from the seed alone, so that all layouts share it."""

    total_place: int = 2
    extra: str = ""
    depth: str = "columns"
    last_width: bool = True

    @staticmethod
    def draw(rng: Random) -> "Plan":
        return Plan(
            total_place=rng.choice((1, 2, 2, 3)),
            extra=rng.choice(("",) * 10 + ("serial", "empty")),
            depth=rng.choice(("columns",) * 8 + ("rows", "joined")),
            last_width=rng.random() < 0.6,
        )


def _value(truth: Truth, key: Key, column: int, width: int = 1) -> Slot:
    return Slot(truth.cells[key].raw, column, width, kind="value", key=key)


# --- table 二 ---


def disclosure_table(truth: Truth, words: Wording, plan: Plan, amount_header: str) -> Table:
    """Table 二: blocks of 第二十条, each with its own header; a block with fewer columns widens its last
    one.
    """
    form = truth.disclosure_form
    rows: list[Row] = []
    for block, items in DISCLOSURE[form].items():
        columns = next(iter(items.values()))
        rows.append(Row([Slot(words("disclosure", "blocks", block), 0, 4, kind="block")], "block"))
        head = [_column_label(words, form, column, amount_header) for column in columns]
        rows.append(Row(_spread([Slot(words["disclosure.head"], 0, kind="head")], head, plan), "head"))
        for item in items:
            label = Slot(_item_label(words, form, item), 0)
            keys = [("disclosure", item, column) for column in columns]
            slots = _spread([label], [truth.cells[key].raw for key in keys], plan)
            for slot, key in zip(slots[1:], keys, strict=False):
                slot.kind, slot.key = "value", key
            rows.append(Row(slots, "row", item))
    return Table("disclosure", 4, rows)


def _spread(first: list[Slot], texts: list[str], plan: Plan) -> list[Slot]:
    """Cells after the first column; the last one takes the rest of the width, or empty cells follow it."""
    kind = first[0].kind if first[0].kind == "head" else "pad"
    slots = first + [Slot(text, place, kind=kind) for place, text in enumerate(texts, 1)]
    rest = 3 - len(texts)
    if rest and (plan.last_width or len(texts) == 1):
        slots[-1].width += rest
    else:
        slots += [Slot("", 4 - rest + place, kind="pad") for place in range(rest)]
    return slots


def _item_label(words: Wording, form: str, item: str) -> str:
    name = f"{item}_{form}" if item == "normative_document" else item
    return words("disclosure", "rows", name)


def _column_label(words: Wording, form: str, column: str, amount_header: str) -> str:
    if column == "amount":
        return words("disclosure", "columns", f"amount_{form}{amount_header}")
    name = f"{column}_{form}" if column == "decisions" else column
    return words("disclosure", "columns", name)


# --- table 三 ---

_TOP = ("received_new", "carried_in", "carried_out")
_SECOND = ("granted", "partial", "total_handled")


def _group_of(row: str, form: str) -> str | None:
    """The group of a third-level row: denied, unable, rejected or (form 2021) other."""
    if row in _TOP or row in _SECOND or (form == "2019" and row == "other"):
        return None
    return row.split("_", maxsplit=1)[0]


def application_table(truth: Truth, words: Wording, plan: Plan) -> Table:
    """Table 三: three label columns and seven value columns, as the form merges them; or one label column."""
    build = {"columns": _rows_in_columns, "rows": _rows_in_one_column, "joined": _rows_joined}[plan.depth]
    labels = 3 if plan.depth == "columns" else 1
    first_value = labels + (plan.extra == "empty")
    table = Table("application", first_value + 7, _application_head(words, plan, labels, first_value))
    for row in build(truth, words):
        if row.code is None:
            row.slots += [Slot("", first_value + place, kind="pad") for place in range(7)]
        if plan.extra == "empty":
            row.slots.append(Slot("", labels, kind="pad"))
        if row.code is not None:
            keys = [("application", row.code, column) for column in (*APPLICANTS, TOTAL)]
            row.slots += [_value(truth, key, first_value + place) for place, key in enumerate(keys)]
        row.slots.sort(key=lambda slot: slot.column)
        table.rows.append(row)
    if plan.extra == "serial":
        _number_rows(table)
    return table


def _application_head(words: Wording, plan: Plan, labels: int, first: int) -> list[Row]:
    """Three header rows; the header 总计 stands in the first, the second or the third of them."""
    place = plan.total_place
    total = Slot(words["application.columns.total"], first + 6, height=4 - place, kind="head")
    rows = [
        [
            Slot(words["application.note"], 0, labels, 3, "note"),
            Slot(words["application.applicants_head"], first, 6 + (place > 1), kind="head"),
        ],
        [
            Slot(words["application.columns.natural_person"], first, 1, 2, "head"),
            Slot(words["application.organisations_head"], first + 1, 5 + (place > 2), kind="head"),
        ],
        [
            Slot(words("application", "columns", kind), first + 1 + place_, kind="head")
            for place_, kind in enumerate(APPLICANTS[1:])
        ],
    ]
    rows[place - 1].append(total)
    if first > labels:
        rows[0].insert(1, Slot("", labels, 1, 3, "pad"))
    return [Row(slots, "head") for slots in rows]


def _rows_in_columns(truth: Truth, words: Wording) -> Iterator[Row]:
    form = truth.application_form
    codes = application_rows(form)
    groups = [_group_of(code, form) for code in codes]
    seen: set[str] = set()
    for code, group in zip(codes, groups, strict=True):
        slots = []
        if code == "granted":
            slots.append(Slot(words["application.groups.outcomes"], 0, 1, len(codes) - 3, "group"))
        if group and group not in seen:
            seen.add(group)
            slots.append(Slot(words("application", "groups", group), 1, 1, groups.count(group), "group"))
        column = 2 if group else (0 if code in _TOP else 1)
        slots.append(Slot(words("application", "rows", code), column, 3 - column))
        yield Row(slots, "row", code)


def _rows_in_one_column(truth: Truth, words: Wording) -> Iterator[Row]:
    seen: set[str] = set()
    for code in application_rows(truth.application_form):
        group = _group_of(code, truth.application_form)
        if code == "granted":
            yield Row([Slot(words["application.groups.outcomes"], 0, kind="group")], "group")
        if group and group not in seen:
            seen.add(group)
            yield Row([Slot(words("application", "groups", group), 0, kind="group")], "group")
        yield Row([Slot(words("application", "rows", code), 0)], "row", code)


def _rows_joined(truth: Truth, words: Wording) -> Iterator[Row]:
    for code in application_rows(truth.application_form):
        group = _group_of(code, truth.application_form)
        before = words("application", "groups", group) if group else ""
        yield Row([Slot(before + words("application", "rows", code), 0)], "row", code)


def _number_rows(table: Table) -> None:
    """Put a column of running numbers (序号) at the left."""
    table.width += 1
    number = 0
    for place, row in enumerate(table.rows):
        for slot in row.slots:
            slot.column += 1
        if row.kind == "head":
            if place == 0:
                row.slots.insert(0, Slot("序号", 0, 1, 3, "head"))
            continue
        number += row.code is not None
        row.slots.insert(0, Slot(str(number) if row.code else "", 0, kind="serial"))


# --- table 四 ---


def dispute_table(truth: Truth, words: Wording) -> Table:
    """Table 四: three header rows over one row of fifteen values."""
    results = [words("dispute", "columns", kind) for kind in (*RESULTS, TOTAL)]
    top = [
        Slot(words["dispute.review_head"], 0, 5, kind="head"),
        Slot(words["dispute.suit_head"], 5, 10, kind="head"),
    ]
    middle = [Slot(text, place, 1, 2, "head") for place, text in enumerate(results)]
    middle.append(Slot(words["dispute.channels.suit_direct"], 5, 5, kind="head"))
    middle.append(Slot(words["dispute.channels.suit_after_review"], 10, 5, kind="head"))
    low = [Slot(text, 5 + place, kind="head") for place, text in enumerate(results * 2)]
    keys = [("dispute", channel, result) for channel in CHANNELS for result in (*RESULTS, TOTAL)]
    values = [_value(truth, key, place) for place, key in enumerate(keys)]
    return Table(
        "dispute", 15, [Row(top, "head"), Row(middle, "head"), Row(low, "head"), Row(values, "row", "cases")]
    )


# --- table surgery that formats and damage share ---


def remove_row(table: Table, index: int) -> None:
    """Take a row out; groups that begin in it begin in the next row, groups that pass through it shrink."""
    for place, row in enumerate(table.rows[:index]):
        for slot in row.slots:
            if slot.height > index - place:
                slot.height -= 1
    gone = table.rows.pop(index)
    moved = [slot for slot in gone.slots if slot.height > 1]
    if index < len(table.rows):
        for slot in moved:
            slot.height -= 1
        table.rows[index].slots = sorted([*moved, *table.rows[index].slots], key=lambda slot: slot.column)


def split_table(table: Table, index: int, carry: str) -> tuple[Table, Table]:
    """Cut a table in two before a row. A group cut through goes on as `repeat`ed text, `blank`, or not at
    all (`drop`).
    """
    head, tail = table.rows[:index], table.rows[index:]
    carried = []
    for place, row in enumerate(head):
        for slot in row.slots:
            over = place + slot.height - index
            if over > 0:
                slot.height -= over
                text = slot.text if carry == "repeat" else ""
                carried.append(Slot(text, slot.column, slot.width, over, "group"))
    if tail and carry != "drop":
        tail[0].slots = sorted([*carried, *tail[0].slots], key=lambda slot: slot.column)
    return Table(table.code, table.width, head, 0), Table(table.code, table.width, tail, 1)
