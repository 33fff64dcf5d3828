"""Figures of the running text about requests, reviews and suits, held against the tables.

Belongs here: the verdict on what the text states. Does not belong here: what it states (narrative_text,
narrative_clause, narrative_hearing), the words (narrative_figures.yaml), text as terms (pipeline.narrative).

A false finding is worse than a missed one: what is not wholly understood gives no finding.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from pipeline.catalogue import metrics
from pipeline.checking.identities import CONTRADICTED
from pipeline.checking.narrative_clause import OWN, WHOLE, Voice, has_trigger, may_hold_a_figure
from pipeline.checking.narrative_hearing import ON_SUBJECT, Heard, InTable, Listener, Names
from pipeline.checking.narrative_text import blocks, line_numbers
from pipeline.documents.stream import Stream
from pipeline.reading.records import CellRecord, Finding, Reading, Section

EQUAL, DIFFERS, OTHER_SCOPE, UNCLEAR = "equal", "differs", "other_scope", "unclear"

# Plans and self-criticism state no figures of the year.
_SECTIONS = ("overview", "disclosure", "application", "dispute", "other")


class Figure(NamedTuple):
    """One figure that the text states (core.narrative_figure).

    `figure_code` is a metric's code, `table_value` that metric's figure in the tables (None where a cell
    has no number), `start` and `end` the place of the clause in the section's text. `verdict`: `equal`;
    `differs` at the same scope; `other_scope`; `unclear` where the text can be read in several ways or the
    table has no number.
    """

    section_code: str
    figure_code: str
    value: int
    scope_word: str | None
    start: int
    end: int
    line_no: int
    table_value: float | None
    verdict: str


def figures(reading: Reading, stream: Stream, scope: str | None, names: Sequence[str] = ()) -> list[Figure]:
    """Return the figures that a report's text states, in order, each with its verdict.

    `scope` is the scope of its tables (core.report.scope), `names` further names of its agency.
    """
    own = Names([reading.agency_name, *names])
    table = _table(reading.cells)
    heard = [
        one
        for section in reading.sections
        if section.section_code in _SECTIONS and _may_matter(section, section.text)
        for block in blocks(section.text)
        if _may_matter(section, block.text)
        for one in Listener(section, block, reading.report_year, own, table).hear()
    ]
    kinds = {one.voice.kind for one in heard if one.voice}
    judged = (_judged(one, code, table, scope, kinds) for one in heard for code in one.said.codes)
    return _located(_without_doubled(list(judged), heard), reading.sections, stream)


def findings(found: Sequence[Figure]) -> list[Finding]:
    """Return a finding for each figure that differs from the table at the same scope."""
    return [_finding(figure) for figure in found if figure.verdict == DIFFERS]


def _may_matter(section: Section, text: str) -> bool:
    """Tell cheaply whether a text can hold a figure; in a section on the subject it need not be named."""
    return may_hold_a_figure(text) and (section.section_code in ON_SUBJECT or has_trigger(text))


def _judged(
    heard: Heard, code: str, table: Mapping[str, InTable], scope: str | None, kinds: set[str]
) -> Figure:
    value, codes = heard.said.value, heard.meanings[code]
    meant = next((one for one in codes if table[one].value == value), None)
    comparable = all(table[one].value is not None and not table[one].doubted for one in codes)
    if meant is not None:
        verdict = EQUAL
    elif not heard.firm or not comparable:
        verdict = UNCLEAR
    else:
        verdict = DIFFERS if _same_scope(heard.voice, scope, kinds) else OTHER_SCOPE
    start, end = heard.block.span(heard.clause.start, heard.clause.end)
    word = heard.voice.word if heard.voice else None
    section, shown = heard.section.section_code, meant or code
    return Figure(section, shown, value, word, start, end, 0, table[shown].value, verdict)


def _same_scope(voice: Voice | None, scope: str | None, kinds: set[str]) -> bool:
    """Tell whether a figure speaks for whom the table does; without a word it speaks as the report does."""
    if voice is None:
        return True
    if scope is None:
        # The kind of body doesn't tell: the text does, where it knows no other voice.
        return voice.kind == OWN and kinds == {OWN}
    return (voice.kind, scope) in ((OWN, "own"), (WHOLE, "consolidated"))


def _without_doubled(found: list[Figure], heard: Sequence[Heard]) -> list[Figure]:
    """Leave open what one block states twice with different numbers without naming the whole."""
    owners = [one for one in heard for _ in one.said.codes]
    stated: dict[tuple[int, str], set[int]] = {}
    for figure, one in zip(found, owners, strict=True):
        if not one.said.explicit:
            stated.setdefault((id(one.block), figure.figure_code), set()).add(figure.value)
    return [
        figure._replace(verdict=UNCLEAR)
        if figure.verdict == DIFFERS and len(stated.get((id(one.block), figure.figure_code), ())) > 1
        else figure
        for figure, one in zip(found, owners, strict=True)
    ]


def _located(found: list[Figure], sections: Sequence[Section], stream: Stream) -> list[Figure]:
    by_code = {section.section_code: section for section in sections}
    lines = {code: _Lines(by_code[code], stream) for code in {one.section_code for one in found}}
    return [one._replace(line_no=lines[one.section_code].at(one.start)) for one in found]


class _Lines:
    """The raw file's line of each place in a section's text."""

    def __init__(self, section: Section, stream: Stream) -> None:
        self._numbers = line_numbers(section, stream)
        ends = accumulate(len(line) + 1 for line in section.text.split("\n"))
        self._ends = list(ends)

    def at(self, place: int) -> int:
        """Return the line number of a place in the text."""
        return self._numbers[bisect_right(self._ends, place)]


def _table(cells: Sequence[CellRecord]) -> dict[str, InTable]:
    by_key = {f"{cell.table_code}.{cell.row_code}.{cell.column_code}": cell for cell in cells}
    return {
        code: _in_table([by_key[key] for key in keys if key in by_key]) for code, keys in _counts().items()
    }


def _in_table(cells: Sequence[CellRecord]) -> InTable:
    known = [cell.value for cell in cells if cell.value is not None]
    whole = bool(cells) and len(known) == len(cells)
    return InTable(sum(known) if whole else None, any(cell.check_status == CONTRADICTED for cell in cells))


@cache
def _counts() -> dict[str, tuple[str, ...]]:
    return {
        code: metric.numerator
        for code, metric in metrics().items()
        if metric.unit == "count" and not metric.denominator
    }


def _finding(figure: Figure) -> Finding:
    metric = metrics()[figure.figure_code]
    table_code, row_code, column_code = metric.numerator[0].split(".")
    one_cell = len(metric.numerator) == 1
    expected = f"{figure.table_value:g}" if figure.table_value is not None else None
    return Finding(
        "narrative.figure",
        f"正文称{metric.zh} {figure.value} 件，表中为 {expected} 件",
        table_code,
        row_code if one_cell else None,
        column_code,
        expected,
        str(figure.value),
        figure.line_no,
    )
