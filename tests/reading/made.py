"""Reports typed out from a form's own data, and the ways in which the tests of this folder read.

Belongs here: printing one report in the layout of tabs, and looking at a reading. Does not belong here:
layouts, damage and random figures (`tests/generator`), assertions.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from random import Random

from pipeline.documents import open_document
from pipeline.documents.stream import Stream
from pipeline.forms import Form, Label, Row, Table, forms, vocabulary
from pipeline.reading import CellRecord, Finding, Reading, read
from tests.generator.truth import make_figures

Key = tuple[str, str, str]
"""table_code, row_code, column_code."""
Spell = Callable[[Label, int], str]
"""How a label is printed; the number counts the labels of one report from 0."""

AGENCY = "安远县财政局"


def as_printed(label: Label, _: int) -> str:
    return label.zh


def stream_of(text: str) -> Stream:
    return open_document(text.encode(), "report.txt")


def read_text(text: str) -> Reading:
    return read(stream_of(text))


def by_key(reading: Reading) -> dict[Key, CellRecord]:
    return {(cell.table_code, cell.row_code, cell.column_code): cell for cell in reading.cells}


def rules_of(reading: Reading) -> set[str]:
    return {finding.rule_code for finding in reading.findings}


def findings_of(reading: Reading, rule: str) -> list[Finding]:
    return [finding for finding in reading.findings if finding.rule_code == rule]


def wrong_cells(cells: Mapping[Key, CellRecord], truth: Mapping[Key, str]) -> list[Key]:
    """The cells that state a number which isn't theirs, and that nothing contradicts."""
    return [
        key
        for key, cell in cells.items()
        if cell.value_status == "reported"
        and cell.check_status != "contradicted"
        and cell.raw_text != truth.get(key, "0")
    ]


def running(form: str) -> dict[Key, str]:
    """Another figure in every cell, none of them a part of another."""
    tables = forms()[form].tables.values()
    keys = [
        (table.code, row.code, column.code)
        for table in tables
        for row in table.rows
        for column in row.columns
    ]
    return {key: str(1001 + place) for place, key in enumerate(keys)}


def balanced(form: str, seed: int, profile: str = "county") -> dict[Key, str]:
    """Figures that satisfy every identity: what is read in the wrong place may still add up."""
    figures = make_figures(Random(f"{seed}:balanced"), form, profile)
    return {key: f"{int(value)}" for key, value in figures.items()}


def report_text(
    form: str | Form,
    raws: Mapping[Key, str] | None = None,
    *,
    zero: str = "0",
    spell: Spell = as_printed,
    numbered: bool = True,
    opening: str | None = None,
    closing: str = "",
) -> str:
    """A whole report in tabs with the given raw texts; every other cell says `zero`.

    `numbered` prints the numerals of table 三 before its labels. `opening` stands before section 一
    (default: a title with agency and year), `closing` after section 六.
    """
    chosen = forms()[form] if isinstance(form, str) else form
    title = f"{AGENCY}{chosen.first_year}年政府信息公开工作年度报告"
    printer = _Printer(raws or {}, zero, spell, numbered=numbered)
    lines = [title if opening is None else opening, ""]
    for number, section in zip("一二三四五六", chosen.sections, strict=True):
        lines.append(f"{number}、{section.zh}")
        table = chosen.tables.get(section.code)
        lines += printer.lines(table) if table else ["全年工作平稳有序。"]
        lines.append("")
    return "\n".join([*lines, closing])


class _Printer:
    """Prints the tables of one report, counting its labels."""

    def __init__(self, raws: Mapping[Key, str], zero: str, spell: Spell, *, numbered: bool) -> None:
        self._raws, self._zero, self._spell, self._count = raws, zero, spell, 0
        self._numbered = numbered

    def lines(self, table: Table) -> Iterator[str]:
        """The lines of one table."""
        return {
            "disclosure": self._disclosure,
            "application": self._application,
            "dispute": self._dispute,
        }[table.code](table)

    def _label(self, label: Label) -> str:
        self._count += 1
        return self._spell(label, self._count - 1)

    def _raw(self, table: Table, row: Row, column: Label) -> str:
        return self._raws.get((table.code, row.code, column.code), self._zero)

    def _disclosure(self, table: Table) -> Iterator[str]:
        for clause, rows in groupby(table.rows, lambda row: row.clause):
            block = list(rows)
            columns = block[0].columns
            yield f"{clause}\t\t\t"
            yield "\t".join(["信息内容", *(self._label(column) for column in columns)])
            for row in block:
                yield "\t".join([self._label(row.label), *(self._raw(table, row, c) for c in columns)])

    def _application(self, table: Table) -> Iterator[str]:
        columns = table.rows[0].columns
        heading = vocabulary()["heading"]
        yield f"{heading['identity_note'].zh}\t\t\t{heading['applicants'].zh}"
        kinds = "\t".join(self._label(column) for column in columns)
        yield f"\t\t\t{kinds}"
        above: tuple[Label, ...] = ()
        numbers = [0, 0, 0]
        for row in table.rows:
            cells = []
            for level, label in enumerate([*row.headings, row.label]):
                if label in above:
                    cells.append("")
                    continue
                numbers[level:] = [numbers[level] + 1, *[0] * (2 - level)]
                cells.append(self._numeral(level, numbers[level]) + self._label(label))
            above = row.headings
            cells += [""] * (3 - len(cells))
            yield "\t".join([*cells, *(self._raw(table, row, column) for column in columns)])

    def _numeral(self, level: int, number: int) -> str:
        """一、 at the first level, （一） at the second, 1. at the third."""
        if not self._numbered:
            return ""
        chinese = "一二三四五六七八九十"[number - 1]
        return (f"{chinese}、", f"（{chinese}）", f"{number}.")[level]

    def _dispute(self, table: Table) -> Iterator[str]:
        suit = vocabulary()["heading"]["suit"].zh
        first, second, third = table.rows
        results = [self._label(column) for column in first.columns]
        yield "\t".join([self._label(first.label), "", "", "", "", suit])
        yield "\t".join([*results, self._label(second.label), "", "", "", "", self._label(third.label)])
        yield "\t".join([""] * 5 + [self._label(column) for row in (second, third) for column in row.columns])
        yield "\t".join(self._raw(table, row, column) for row in table.rows for column in row.columns)
