"""Figures of the running text about requests, reviews and suits, held against the tables.

Belongs here: what surrounds a clause (who speaks, of which year, of what), and the verdict.
Does not belong here: the grammar of a clause (narrative_clause.py), the words (narrative_figures.yaml),
segmenting text into terms (pipeline.narrative).

A false finding is worse than a missed one: what is not wholly understood gives no finding.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from pipeline.catalogue import metrics
from pipeline.checking.identities import CONTRADICTED
from pipeline.checking.narrative_clause import (
    OWN,
    WHOLE,
    Grammar,
    Said,
    Voice,
    counts_something_else,
    grammar,
    may_matter,
    other_body,
    other_time,
    speaks_of,
    voices,
)
from pipeline.checking.narrative_text import Block, Clause, blocks, fold, line_numbers
from pipeline.documents.stream import Stream
from pipeline.reading.records import CellRecord, Finding, Reading, Section

EQUAL, DIFFERS, OTHER_SCOPE, UNCLEAR = "equal", "differs", "other_scope", "unclear"

# Plans and self-criticism state no figures of the year.
_SECTIONS = ("overview", "disclosure", "application", "dispute", "other")
# As far as a clause is heard before and after another of its sentence.
_LONGEST_SENTENCE = 400
_RECEIVED = frozenset(["requests_new", "requests_total"])
_DISPUTES = frozenset(["reviews", "suits"])
_YEAR = re.compile(r"《[^》]*》|(?P<year>(?:19|20)\d{2})年(?!度?(?:结转|结余|转结|遗留))")
_BODY = re.compile(
    r".+(?:局|委|会|办|室|处|中心|厅|院|府|署|队|所|站|校|学|公司|街道|镇|乡|县|市|区|省|州|旗)"
)
_FIRST_YEAR = re.compile(r"((?:19|20)\d{2})年")


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


class _Heard(NamedTuple):
    """A statement with what its surroundings say of it; `firm`: a difference from the table is one."""

    section: Section
    block: Block
    clause: Clause
    said: Said
    voice: Voice | None
    firm: bool
    with_carried: bool


class _InTable(NamedTuple):
    """A metric's figure in the tables: None where a cell has no number; `doubted` where an identity fails."""

    value: float | None
    doubted: bool


class _Names:
    """The report's own names; a short form of one (管委会办公室) leaves letters out."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [fold(name) for name in names if name]

    def own(self, body: str) -> bool:
        """Tell whether a body is the report's own; no body is."""
        if not body:
            return True
        return bool(_BODY.fullmatch(body)) and any(_within(body, name) for name in self._names)


def figures(reading: Reading, stream: Stream, scope: str | None, names: Sequence[str] = ()) -> list[Figure]:
    """Return the figures that a report's text states, in order, each with its verdict.

    `scope` is the scope of its tables (core.report.scope), `names` further names of its agency.
    """
    own = _Names([reading.agency_name, *names])
    table = _table(reading.cells)
    heard = [
        one
        for section in reading.sections
        if section.section_code in _SECTIONS and may_matter(section.text)
        for block in blocks(section.text)
        if may_matter(block.text)
        for one in _Listener(section, block, reading.report_year, own).hear()
    ]
    kinds = {one.voice.kind for one in heard if one.voice}
    judged = (_judged(one, code, table, scope, kinds) for one in heard for code in one.said.codes)
    return _located(_without_doubled(list(judged), heard), reading.sections, stream)


def findings(found: Sequence[Figure]) -> list[Finding]:
    """Return a finding for each figure that differs from the table at the same scope."""
    return [_finding(figure) for figure in found if figure.verdict == DIFFERS]


class _Listener:
    """Goes through one block, clause by clause, and keeps what earlier clauses say of later ones."""

    def __init__(self, section: Section, block: Block, report_year: int, names: _Names) -> None:
        self._section, self._block, self._year, self._names = section, block, report_year, names
        self._grammar: Grammar = grammar(report_year)
        self._voice: Voice | None = None
        # A count that was not understood came before: a label without a subject may belong to it.
        self._loose = False
        # Another body is the sentence's subject.
        self._foreign = False
        self._in_group = False
        self._sentence = 0
        self._opening_year: int | None = None
        self._codes: set[str] = set()
        self._requests, self._disclosure = (
            speaks_of(subject, block.text) for subject in ("requests", "disclosure")
        )

    def hear(self) -> Iterator[_Heard]:
        """Yield what the block states."""
        for clause in self._block.clauses():
            if clause.opens_sentence:
                self._open(clause)
            text = self._block.text[clause.start : clause.end]
            self._in_group = self._in_group or text.startswith("其中")
            said = self._said(text)
            if said is None:
                self._pass(text)
                continue
            self._listen(said.front, said.body)
            if self._is_ours(said, clause):
                yield self._heard(said, clause)
            else:
                self._loose = True

    def _open(self, clause: Clause) -> None:
        self._sentence, self._foreign, self._in_group = clause.start, False, False
        year = _FIRST_YEAR.match(self._block.text, clause.start)
        self._opening_year = int(year[1]) if year else self._opening_year

    def _said(self, text: str) -> Said | None:
        own = self._names.own
        return self._grammar.counted(text, own) or self._grammar.denied(text, own)

    def _pass(self, text: str) -> None:
        """Take from a clause without a known figure what it says of the clauses after it."""
        self._loose = self._loose or counts_something_else(text)
        body = other_body(text)
        if body is None:
            self._listen(text, "")
        elif self._names.own(body):
            self._listen("", body)
        else:
            self._foreign = True

    def _listen(self, text: str, body: str) -> None:
        found = [*voices(text), *([Voice(OWN, body)] if body else [])]
        if found:
            self._voice, self._foreign = found[-1], False

    def _is_ours(self, said: Said, clause: Clause) -> bool:
        """Tell whether a statement is of this year and about requests for information or their disputes."""
        if said.label.after and not self._codes.intersection(said.label.after):
            return False
        return self._is_of_this_year(clause) and (said.explicit or self._on_subject(said, clause))

    def _is_of_this_year(self, clause: Clause) -> bool:
        text = self._block.text[max(self._sentence, clause.end - _LONGEST_SENTENCE) : clause.end]
        named = [int(found["year"]) for found in _YEAR.finditer(text) if found["year"]]
        return (named[-1] if named else self._opening_year or self._year) == self._year and not other_time(
            text
        )

    def _on_subject(self, said: Said, clause: Clause) -> bool:
        if _DISPUTES.intersection(said.codes):
            return self._section.section_code in ("application", "dispute") or self._disclosure <= clause.end
        return self._section.section_code == "application" or self._requests <= clause.end

    def _heard(self, said: Said, clause: Clause) -> _Heard:
        part_of_it = self._in_group and bool(_RECEIVED.intersection(said.codes))
        part_of_it = part_of_it or bool(self._codes.intersection(said.label.unless))
        sure = said.label.firm and not self._foreign and not part_of_it
        near = self._block.text[max(self._sentence, clause.start - _LONGEST_SENTENCE) :][
            : 2 * _LONGEST_SENTENCE
        ]
        sentence = near.partition("。")[0]
        heard = _Heard(
            self._section,
            self._block,
            clause,
            said,
            self._voice,
            sure and (said.explicit or not self._loose),
            bool(self._grammar.carried.search(sentence)),
        )
        self._codes.update(said.codes)
        if sure and said.explicit:
            self._loose = False
        return heard


def _judged(
    heard: _Heard, code: str, table: Mapping[str, _InTable], scope: str | None, kinds: set[str]
) -> Figure:
    label, value = heard.said.label, heard.said.value
    others = label.accepts if heard.with_carried or not label.with_carried else ()
    meant = next((one for one in (code, *others) if table[one].value == value), None)
    start, end = heard.block.span(heard.clause.start, heard.clause.end)
    comparable = all(table[one].value is not None and not table[one].doubted for one in (code, *others))
    if meant is not None:
        verdict = EQUAL
    elif not heard.firm or not comparable:
        verdict = UNCLEAR
    else:
        verdict = DIFFERS if _same_scope(heard.voice, scope, kinds) else OTHER_SCOPE
    code = meant or code
    word = heard.voice.word if heard.voice else None
    return Figure(heard.section.section_code, code, value, word, start, end, 0, table[code].value, verdict)


def _same_scope(voice: Voice | None, scope: str | None, kinds: set[str]) -> bool:
    """Tell whether a figure speaks for whom the table does; without a word it speaks as the report does."""
    if voice is None:
        return True
    if scope is None:
        # The kind of body doesn't tell: the text does, where it knows no other voice.
        return voice.kind == OWN and kinds == {OWN}
    return (voice.kind, scope) in ((OWN, "own"), (WHOLE, "consolidated"))


def _without_doubled(found: list[Figure], heard: Sequence[_Heard]) -> list[Figure]:
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


def _table(cells: Sequence[CellRecord]) -> dict[str, _InTable]:
    by_key = {f"{cell.table_code}.{cell.row_code}.{cell.column_code}": cell for cell in cells}
    return {
        code: _in_table([by_key[key] for key in keys if key in by_key]) for code, keys in _counts().items()
    }


def _in_table(cells: Sequence[CellRecord]) -> _InTable:
    known = [cell.value for cell in cells if cell.value is not None]
    whole = bool(cells) and len(known) == len(cells)
    return _InTable(sum(known) if whole else None, any(cell.check_status == CONTRADICTED for cell in cells))


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


def _within(short: str, name: str) -> bool:
    """Tell whether all letters of `short` stand in `name`, in their order."""
    letters = iter(name)
    return all(letter in letters for letter in short)
