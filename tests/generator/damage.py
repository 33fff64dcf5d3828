"""What happens to a report between the agency's desk and the file: page breaks, lost cells, lost letters.

Belongs here: each damage as one function that spoils a report and adjusts its truth, and their register.
Does not belong here: ways of printing that a careful agency might choose (values, layouts).

Three stages: `figures` alter what the agency wrote (its own mistakes), `document` alter paragraphs and
tables before they take a format, `lines` alter the lines of a text. A damage returns False when it finds
nothing to spoil. Rule for the truth: what a careful human could still read off the document keeps its
truth; what is gone is `missing`; what can only be guessed is `undetermined`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.generator.document import Document, Paragraph, Row, Slot, Table, remove_row
from tests.generator.labels import load
from tests.generator.lines import Line, Part, blank, plain
from tests.generator.neighbours import NEIGHBOURS
from tests.generator.truth import DISCLOSURE, TOTAL, CellTruth, Truth, application_rows

ALL = frozenset({"row", "cell", "aligned", "apart", "grid", "run", "told", "turned"})
TEXT = ALL - {"grid"}


@dataclass(slots=True)
class Subject:
    """A report under damage: its document, its lines once it has them, and what kind of layout it takes.

    In rows that are `still` no cell is moved (another.py).
    """

    document: Document
    layout: str
    family: str
    lines: list[Line]
    still: frozenset[tuple[str, str]] = frozenset()

    @property
    def truth(self) -> Truth:
        return self.document.truth

    def order(self, table: str) -> Sequence[str]:
        """Row codes of a table in the printed order."""
        if table == "application":
            return application_rows(self.truth.application_form)
        if table == "disclosure":
            return [row for rows in DISCLOSURE[self.truth.disclosure_form].values() for row in rows]
        return ("cases",)

    def free(self, table: str, row: str) -> bool:
        """Neither the row nor a neighbour of it has been spoiled before."""
        if row not in self.order(table):
            return True
        place = self.order(table).index(row)
        near = self.order(table)[max(place - 1, 0) : place + 2]
        return not any((table, code) in self.document.touched for code in near)

    def touch(self, table: str, row: str) -> None:
        self.document.touched.add((table, row))

    def doubt_row(self, table: str, row: str) -> None:
        self.truth.doubt(table, None if row == "cases" else row)

    def has_blank(self, table: str, row: str) -> bool:
        """Whether the row prints an empty cell."""
        keys = self.truth.cells if row == "cases" else self.truth.row_keys(table, row)
        return any(self.truth.cells[key].status == "blank" for key in keys if key[0] == table)


Apply = Callable[[Subject, Random], bool]


@dataclass(frozen=True, slots=True)
class Damage:
    """One kind of damage and where it makes sense; `weight` is how often it is drawn: 0 only by its name."""

    name: str
    stage: str
    apply: Apply
    families: frozenset[str] = ALL
    weight: float = 1.0


def _slots(subject: Subject, kinds: Sequence[str]) -> list[Slot]:
    tables = subject.document.tables()
    return [slot for table in tables for row in table.rows for slot in row.slots if slot.kind in kinds]


def _pick_row(subject: Subject, rng: Random, tables: Sequence[str]) -> tuple[Table, int] | None:
    """A random row of values that no damage has come near."""
    found = [
        (table, place)
        for table in subject.document.tables()
        if table.code in tables
        for place, row in enumerate(table.rows)
        if row.code and subject.free(table.code, row.code)
    ]
    if not found:
        return None
    table, place = rng.choice(found)
    subject.touch(table.code, table.rows[place].code or "")
    return table, place


# --- figures: the agency's own mistakes, which stay as written ---


def misprint(truth: Truth, rng: Random) -> None:
    """Print one to three figures of tables 三 and 四 wrongly: an identity fails, nothing else changes."""
    keys = [key for key in truth.figures if key[0] != "disclosure"]
    totals = [key for key in keys if key[2] == TOTAL]
    for key in rng.sample(totals if rng.random() < 0.6 else keys, rng.randint(1, 3)):
        old = truth.figures[key]
        choices = (old + 1, abs(old - 1), Decimal(0), old * 10 + 1)
        truth.figures[key] = rng.choice([value for value in choices if value != old])


# --- document: labels ---


def lost_chars(subject: Subject, rng: Random) -> bool:
    """Characters are missing from some labels and headers (never from a unit)."""
    slots = [
        slot for slot in _slots(subject, ("label", "head", "group", "block", "note")) if "元" not in slot.text
    ]
    slots = [slot for slot in slots if len(slot.text) > 1]
    for slot in rng.sample(slots, min(len(slots), rng.randint(1, 6))):
        first = 2 if slot.text[0].isdigit() and len(slot.text) > 3 else 0
        place = rng.randrange(first, len(slot.text))
        slot.text = slot.text[:place] + slot.text[place + 1 :]
    return bool(slots)


def parted_letters(subject: Subject, rng: Random) -> bool:
    """Letters of labels stand apart: all letters of a few labels, or one gap in each of many."""
    gap = rng.choice((" ", " ", "    ", "　"))
    slots = [slot for slot in _slots(subject, ("label", "head", "group")) if len(slot.text) > 1]
    for slot in rng.sample(slots, rng.randint(1, len(slots))):
        if len(slot.text) < 5 and rng.random() < 0.5:
            slot.text = gap.join(slot.text)
        else:
            place = rng.randrange(1, len(slot.text))
            slot.text = slot.text[:place] + " " + slot.text[place:]
    return bool(slots)


def lost_label(subject: Subject, rng: Random) -> bool:
    """One row has lost its label; its place among the others still tells what it is."""
    if subject.layout == "no_labels":
        return False
    picked = _pick_row(subject, rng, ("application", "application", "disclosure"))
    if picked is None:
        return False
    table, place = picked
    code = table.rows[place].code or ""
    for slot in table.rows[place].slots:
        if slot.kind == "label":
            slot.text = ""
    order = subject.order(table.code)
    before = order[max(order.index(code) - 1, 0)]
    if subject.has_blank(table.code, code) or (
        subject.family in ("cell", "run") and subject.has_blank(table.code, before)
    ):
        subject.truth.doubt(table.code, code)
    if subject.layout == "labels_first":
        subject.truth.doubt(table.code)
    return True


# --- document: cells and rows ---


def _with_empty(subject: Subject, table: Table, row: Row, rng: Random, step: int) -> None:
    """Move the cells from a value cell on by one column; `step` 1 leaves an empty cell there, -1 takes it
    out. Where the row has empty cells of its own, nobody can tell which.
    """
    values = row.values()
    empty = [slot for slot in values if not slot.text.strip()]
    at = rng.choice((values[1:] or values) if step > 0 else empty).column
    if (table.code, row.code) in subject.still:
        return
    if empty:
        subject.doubt_row(table.code, row.code or "")
    if step < 0:
        row.slots = [slot for slot in row.slots if slot.column != at]
    for slot in row.slots:
        if slot.column >= at:
            slot.column += step
    if step > 0:
        row.slots = sorted([*row.slots, Slot("", at, kind="pad")], key=lambda slot: slot.column)


def doubled_empty(subject: Subject, rng: Random) -> bool:
    """An extra empty cell stands in the middle of a row."""
    picked = _pick_row(subject, rng, ("application", "application", "dispute"))
    if picked is None:
        return False
    table, place = picked
    _with_empty(subject, table, table.rows[place], rng, 1)
    return True


def dropped_empty(subject: Subject, rng: Random) -> bool:
    """An empty cell is gone from a row, so the later cells stand one place too far left."""
    rows = [
        (table, row)
        for table in subject.document.tables()
        for row in table.rows
        if row.code
        and subject.free(table.code, row.code)
        and any(slot.width == 1 and not slot.text.strip() for slot in row.values())
        and all(slot.width == 1 for slot in row.values())
    ]
    if not rows:
        return False
    table, row = rng.choice(rows)
    subject.touch(table.code, row.code or "")
    _with_empty(subject, table, row, rng, -1)
    return True


_GARBLED = ("O", "l2", "1O", "#VALUE!", "######", "待核实", "详见附件", "3?8", "x")


def garbled(subject: Subject, rng: Random) -> bool:
    """A value is text that is no number."""
    slots = [slot for slot in _slots(subject, ("value",)) if slot.key and slot.text.strip()]
    for slot in rng.sample(slots, min(len(slots), rng.randint(1, 2))):
        slot.text = rng.choice(_GARBLED)
        if slot.key:
            unit = subject.truth.cells[slot.key].unit
            subject.truth.cells[slot.key] = CellTruth(None, "unreadable", unit, slot.text)
    return bool(slots)


def _lose_row(subject: Subject, table: Table, place: int) -> None:
    for slot in table.rows[place].values():
        if slot.key:
            subject.truth.lose(slot.key)
    remove_row(table, place)


def lost_row(subject: Subject, rng: Random) -> bool:
    """A row is gone. Without row labels nobody can say which one."""
    picked = _pick_row(subject, rng, ("application", "application", "disclosure"))
    if picked is None:
        return False
    table, place = picked
    _lose_row(subject, table, place)
    if subject.layout == "no_labels":
        subject.truth.doubt(table.code)
    return True


def _lose_after(subject: Subject, block: int) -> None:
    """Everything after a block is gone: later tables are missing."""
    for later in subject.document.blocks[block + 1 :]:
        if isinstance(later, Table):
            while later.rows:
                for slot in later.rows[-1].values():
                    if slot.key:
                        subject.truth.lose(slot.key)
                later.rows.pop()
    del subject.document.blocks[block + 1 :]


def cut(subject: Subject, rng: Random) -> bool:
    """The document ends in the middle of table 三."""
    document = subject.document
    place = next(
        at
        for at, block in enumerate(document.blocks)
        if isinstance(block, Table) and block.code == "application"
    )
    table = document.blocks[place]
    if not isinstance(table, Table) or document.cut:
        return False
    keep = rng.randint(6, len(table.rows) - 2)
    while len(table.rows) > keep:
        _lose_row(subject, table, len(table.rows) - 1)
    _lose_after(subject, place)
    document.cut = True
    if subject.layout in ("no_labels", "labels_first"):
        subject.truth.doubt("application")
    return True


# --- document: running text ---


def advertising_in_text(subject: Subject, rng: Random) -> bool:
    """Advertising stands inside sentences."""
    words = load("phrases.toml")["advertising"]
    texts = [
        block for block in subject.document.blocks if isinstance(block, Paragraph) and block.kind == "prose"
    ]
    for block in rng.sample(texts, min(len(texts), rng.randint(1, 4))):
        # Not inside a figure: the year of the report may stand nowhere else.
        places = [
            at for at in range(1, len(block.text)) if not re.search(r"[\d ]", block.text[at - 1 : at + 1])
        ]
        if places:
            place = rng.choice(places)
            block.text = block.text[:place] + rng.choice(words) + block.text[place:]
    return bool(texts)


def lost_heading(subject: Subject, rng: Random) -> bool:
    """A section has lost its heading."""
    blocks = subject.document.blocks
    places = [
        at for at, block in enumerate(blocks) if isinstance(block, Paragraph) and block.kind == "heading"
    ]
    if places:
        del blocks[rng.choice(places)]
    return bool(places)


# --- lines ---


def _boundaries(subject: Subject) -> list[int]:
    """Places between lines where a page may break: in running text, and between whole rows that are not
    spoiled.
    """
    lines = subject.lines
    return [place for place in range(2, len(lines)) if _is_boundary(subject, lines[place - 1], lines[place])]


def _is_boundary(subject: Subject, before: Line, after: Line) -> bool:
    if not after.table or not before.table:
        return not before.table or before.kind in ("row", "blank")
    if before.kind != "row" or before.table != after.table or subject.layout == "labels_first":
        return False
    if subject.family == "aligned":
        whole = after.kind == "row" and before.row != after.row and after.parts[0].kind != "value"
        return whole and subject.free(after.table, after.row)
    return after.kind in ("row", "group") and before.row != after.row and subject.free(after.table, after.row)


def _page_marks(rng: Random) -> Iterator[str]:
    """Page furniture in one manner, counting up."""
    manner = rng.choice(
        ("{n}", "- {n} -", "— {n} —", "第 {n} 页", "第{n}页 共{m}页", "{n} / {m}", "\f", "{n}\f", " {n} ")
    )
    number, pages = rng.randint(1, 20), rng.randint(30, 40)
    while True:
        yield manner.format(n=number, m=pages)
        number += 1


def page_marks(subject: Subject, rng: Random) -> bool:
    """Page numbers and form feeds stand between rows and between lines of text."""
    places = _boundaries(subject)
    chosen = sorted(rng.sample(places, min(len(places), rng.randint(1, 8))))
    if subject.layout == "no_labels":
        _doubt_short_rows(subject, {subject.lines[place].table for place in chosen})
    marks = _page_marks(rng)
    gap = rng.random() < 0.5
    inserted = [(place, next(marks)) for place in chosen]
    for place, mark in inserted:
        if mark.strip().isdigit():
            _doubt_row_before(subject, place)
    for place, mark in reversed(inserted):
        new = [plain(mark, "furniture")]
        subject.lines[place:place] = [blank(), *new, blank()] if gap else new
    return bool(chosen)


def _doubt_row_before(subject: Subject, place: int) -> None:
    """A bare number after a row with empty cells might be one of its values."""
    before = next((line for line in reversed(subject.lines[:place]) if line.kind != "blank"), None)
    if before is not None and before.row and subject.has_blank(before.table, before.row):
        subject.doubt_row(before.table, before.row)


def _doubt_short_rows(subject: Subject, tables: set[str]) -> None:
    """Where rows have no labels and empty cells do not show, a page number looks like one more row."""
    for table in tables - {""}:
        if any(cell.status == "blank" for key, cell in subject.truth.cells.items() if key[0] == table):
            subject.truth.doubt(table)


def advertising_lines(subject: Subject, rng: Random) -> bool:
    """Advertising stands on lines of its own, between rows too."""
    places = _boundaries(subject)
    words = load("phrases.toml")["advertising"]
    for place in sorted(rng.sample(places, min(len(places), rng.randint(1, 5))), reverse=True):
        subject.lines.insert(place, plain(rng.choice(words), "furniture"))
    return bool(places)


def repeated_header(subject: Subject, rng: Random) -> bool:
    """The header of table 三 is printed again where a new page begins."""
    head = [line for line in subject.lines if line.table == "application" and line.kind == "head"]
    places = [place for place in _boundaries(subject) if subject.lines[place].table == "application"]
    if not head or not places:
        return False
    place = rng.choice(places)
    subject.lines[place:place] = [
        Line(list(line.parts), "head", line.table, "", line.sep, line.start, line.end) for line in head
    ]
    return True


def _is_table_row(line: Line) -> bool:
    return line.kind == "row" and line.sep in ("\t", " | ") and bool(line.row)


def slid_label(subject: Subject, rng: Random) -> bool:
    """At a page break a row's label stands in the first column, and an empty cell where it belongs."""
    rows = [
        place
        for place, line in enumerate(subject.lines)
        if _is_table_row(line) and line.parts[0].kind == "pad" and subject.free(line.table, line.row)
    ]
    for place in sorted(rng.sample(rows, min(len(rows), rng.randint(1, 3))), reverse=True):
        parts = subject.lines[place].parts
        label = next(
            (at for at, part in enumerate(parts) if part.kind in ("label", "group") and part.text), 0
        )
        parts[0], parts[label] = parts[label], parts[0]
        if rng.random() < 0.7:
            subject.lines.insert(place, blank(subject.lines[place].table))
    return bool(rows)


def split_header(subject: Subject, rng: Random) -> bool:
    """A page break cuts header texts in two: the rest stands in the same columns of the next line."""
    heads = [
        place
        for place, line in enumerate(subject.lines)
        if line.kind == "head" and line.sep == "\t" and sum(len(part.text) > 2 for part in line.parts) > 1
    ]
    if not heads or subject.family not in ("row", "run"):
        return False
    place = rng.choice(heads)
    line = subject.lines[place]
    first = rng.randrange(1, len(line.parts))
    rest = []
    for at, part in enumerate(line.parts):
        half = (len(part.text) + 1) // 2 if at >= first else len(part.text)
        rest.append(Part(part.text[half:], "head"))
        line.parts[at] = Part(part.text[:half], part.kind)
    new = Line(rest, "head", line.table, "", line.sep)
    subject.lines[place + 1 : place + 1] = [blank(line.table), new] if rng.random() < 0.7 else [new]
    return True


def _label_at(line: Line) -> int | None:
    """Where the row's own label stands among a line's parts, if it is long enough to break."""
    found = [at for at, part in enumerate(line.parts) if part.kind == "label" and len(part.text) > 3]
    return found[-1] if found and line.row else None


def broken_label(subject: Subject, rng: Random) -> bool:
    """A label is broken over two lines; the values stand after its first part or after its second."""
    places = [
        at for at, line in enumerate(subject.lines) if line.kind == "row" and _label_at(line) is not None
    ]
    places = [at for at in places if subject.free(subject.lines[at].table, subject.lines[at].row)]
    for place in sorted(rng.sample(places, min(len(places), rng.randint(1, 3))), reverse=True):
        line = subject.lines[place]
        at = _label_at(line) or 0
        text = line.parts[at].text
        half = rng.randrange(2, len(text) - 1)
        values_first = rng.random() < 0.5 and any(part.key for part in line.parts) and line.sep != " | "
        head, tail = (text[:half], text[half:])
        other = Line(
            [*line.parts[:at], Part(head, "label")], line.kind, line.table, line.row, line.sep, line.start
        )
        if values_first:
            line.parts[at] = Part(head, "label")
            rest = Line([Part(tail, "label")], "row", line.table, line.row, line.sep)
            subject.lines.insert(place + 1, rest)
        else:
            line.parts = [Part(tail, "label"), *line.parts[at + 1 :]]
            line.start = ""
            subject.lines.insert(place, other)
        subject.touch(line.table, line.row)
    return bool(places)


def merged_rows(subject: Subject, rng: Random) -> bool:
    """Two rows stand on one line."""
    lines = subject.lines
    places = [
        at
        for at in range(len(lines) - 1)
        if lines[at].kind == lines[at + 1].kind == "row"
        and lines[at].table == lines[at + 1].table
        and lines[at].row != lines[at + 1].row
        and subject.free(lines[at].table, lines[at].row)
        and subject.free(lines[at].table, lines[at + 1].row)
        and lines[at + 1].parts[0].kind in ("label", "group", "value")
    ]
    if not places:
        return False
    place = rng.choice(places)
    first, second = lines[place], lines[place + 1]
    for line in (first, second):
        subject.touch(line.table, line.row)
        if subject.has_blank(line.table, line.row):
            subject.doubt_row(line.table, line.row)
    first.parts = first.parts + second.parts
    del lines[place + 1]
    return True


def merged_cells(subject: Subject, rng: Random) -> bool:
    """Two cells that have a line each stand on one line, a space between them."""
    lines = subject.lines
    places = [
        at
        for at in range(len(lines) - 1)
        if lines[at].row
        and lines[at].row == lines[at + 1].row
        and lines[at + 1].parts[0].key
        and lines[at].parts[0].text.strip("| \t")
        and lines[at + 1].parts[0].text.strip("| \t")
        and subject.free(lines[at].table, lines[at].row)
    ]
    if not places:
        return False
    place = rng.choice(places)
    subject.touch(lines[place].table, lines[place].row)
    second = lines.pop(place + 1)
    gap = f"{lines[place].end} " if lines[place].end else " "
    lines[place].parts = [*lines[place].parts, Part(gap, "pad"), *second.parts]
    lines[place].sep = ""
    return True


def broken_row(subject: Subject, rng: Random) -> bool:
    """The values of a row go on in the next line."""
    places = [
        at
        for at, line in enumerate(subject.lines)
        if line.kind == "row"
        and line.sep in ("\t", " ")
        and _value_count(line) > 2
        and subject.free(line.table, line.row)
    ]
    if not places:
        return False
    place = rng.choice(places)
    line = subject.lines[place]
    subject.touch(line.table, line.row)
    if subject.has_blank(line.table, line.row):
        subject.doubt_row(line.table, line.row)
    if subject.layout in ("no_labels", "labels_first"):
        _doubt_short_rows(subject, {line.table})
    first = next(at for at, part in enumerate(line.parts) if part.key)
    at = first + rng.randrange(1, _value_count(line))
    rest = Line(line.parts[at:], line.kind, line.table, line.row, line.sep)
    line.parts = line.parts[:at]
    subject.lines.insert(place + 1, rest)
    return True


def _value_count(line: Line) -> int:
    return sum(part.key is not None for part in line.parts)


def trailing_cells(subject: Subject, rng: Random) -> bool:
    """Empty cells at the ends of rows are trimmed, or more are added; trimming can take a real empty cell
    away.
    """
    rows = [line for line in subject.lines if _is_table_row(line) and _value_count(line)]
    trim = rng.random() < 0.5
    for line in rng.sample(rows, min(len(rows), rng.randint(1, 12))):
        if not trim:
            line.parts = line.parts + [Part("", "pad")] * rng.randint(1, 3)
            if subject.has_blank(line.table, line.row) and subject.layout == "ragged_tabs":
                subject.doubt_row(line.table, line.row)
            continue
        while len(line.parts) > 1 and not line.parts[-1].text.strip():
            if line.parts.pop().key:
                subject.doubt_row(line.table, line.row)
    return bool(rows)


def cut_in_row(subject: Subject, rng: Random) -> bool:
    """The file ends inside a row of table 三: after one of its values, or inside one."""
    if subject.document.cut:
        return False
    early = subject.order("application")[1:-1]
    places = [
        at for at, line in enumerate(subject.lines) if line.table == "application" and line.row in early
    ]
    if not places:
        return False
    place = rng.choice(places)
    line = subject.lines[place]
    kept = rng.randint(1, len(line.parts))
    _lose_lines(subject, place, line.parts[kept:])
    line.parts = line.parts[:kept]
    last = line.parts[-1]
    line.end = ""
    if rng.random() < 0.3 and len(last.text) > 1:
        line.parts[-1] = Part(last.text[: len(last.text) // 2], last.kind, last.key)
    subject.doubt_row("application", line.row)
    subject.document.cut = True
    return True


def _lose_lines(subject: Subject, place: int, rest: list[Part]) -> None:
    """Lose the given parts and all that follows a line; a value printed twice goes with its last print."""
    lines = subject.lines
    kept = {part.key for line in lines[: place + 1] for part in line.parts} - {part.key for part in rest}
    order = subject.order("application")
    gone = set(order[order.index(lines[place].row) + 1 :])
    row_rest = [part.key for part in rest] + [part.key for line in lines[place + 1 :] for part in line.parts]
    for key in subject.truth.cells:
        later = key[0] == "dispute" or (key[0] == "application" and key[1] in gone)
        if later or (key in row_rest and key not in kept):
            subject.truth.lose(key)
    del lines[place + 1 :]
    for block in [block for block in subject.document.blocks if isinstance(block, Paragraph)]:
        if block.kind == "sign":
            subject.document.blocks.remove(block)


# --- beside the tables ---


def neighbour(subject: Subject, rng: Random) -> bool:
    """Another table, list or chart that counts the same things: anywhere below the title."""
    blocks = subject.document.blocks
    titles = [at for at, block in enumerate(blocks) if isinstance(block, Paragraph) and block.kind == "title"]
    if subject.truth.year is None:
        return False
    made = NEIGHBOURS[rng.choice(tuple(NEIGHBOURS))](rng, subject.truth.year)
    at = rng.randint(max(titles, default=0) + 1, len(blocks))
    blocks[at:at] = made
    return True


ROWS = frozenset({"row", "apart"})

DAMAGES: dict[str, Damage] = {
    damage.name: damage
    for damage in (
        Damage("lost_chars", "document", lost_chars, weight=2),
        Damage("parted_letters", "document", parted_letters, weight=2),
        Damage("lost_label", "document", lost_label),
        Damage("doubled_empty", "document", doubled_empty, frozenset({"row", "cell", "grid", "run"}), 2),
        Damage("dropped_empty", "document", dropped_empty, frozenset({"row", "cell", "grid", "run"}), 2),
        Damage("garbled", "document", garbled),
        Damage("lost_row", "document", lost_row),
        Damage("cut", "document", cut, ALL - {"turned"}, 0.5),
        Damage("advertising_in_text", "document", advertising_in_text),
        Damage("lost_heading", "document", lost_heading),
        Damage("page_marks", "lines", page_marks, TEXT, 2),
        Damage("advertising_lines", "lines", advertising_lines, TEXT),
        Damage("repeated_header", "lines", repeated_header, TEXT),
        Damage("slid_label", "lines", slid_label, frozenset({"row", "run"}), 2),
        Damage("split_header", "lines", split_header, frozenset({"row", "run"}), 2),
        Damage("broken_label", "lines", broken_label, TEXT - {"aligned"}, 2),
        Damage("merged_rows", "lines", merged_rows, frozenset({"row"})),
        Damage("merged_cells", "lines", merged_cells, frozenset({"cell"})),
        Damage("broken_row", "lines", broken_row, ROWS),
        Damage("trailing_cells", "lines", trailing_cells, frozenset({"row"})),
        Damage("cut_in_row", "lines", cut_in_row, frozenset({"row", "cell", "run", "told"}), 0.5),
        Damage("neighbour", "document", neighbour, weight=0),
    )
}
FIGURE_DAMAGES = ("misprint",)
"""Mistakes of the agency itself, made before anything is printed; they take part in `draw` too."""


def draw(rng: Random, family: str) -> list[str]:
    """Names of one to three damages that fit a layout's family."""
    fitting = [damage for damage in DAMAGES.values() if family in damage.families]
    count = rng.choice((1, 1, 2, 2, 3))
    names = rng.choices([damage.name for damage in fitting], [damage.weight for damage in fitting], k=count)
    if rng.random() < 0.1:
        names.append("misprint")
    return list(dict.fromkeys(names))


def apply(subject: Subject, names: Sequence[str], stage: str, rng: Random) -> list[str]:
    """Apply the named damages of one stage in the given order; the names of those that found something to
    spoil.
    """
    done = []
    for name in names:
        damage = DAMAGES[name]
        if damage.stage == stage and subject.family in damage.families and damage.apply(subject, rng):
            done.append(name)
    return done
