"""What a block of running text states, with what each clause takes from those around it.

Belongs here: who speaks, of which year, of what, and whether a clause's words are sure enough that a
difference from the table is one. Does not belong here: the grammar of a clause (narrative_clause.py),
the verdict (narrative.py).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.checking.narrative_clause import (
    OWN,
    Grammar,
    Said,
    Voice,
    counts_something_else,
    grammar,
    other_body,
    other_time,
    speaks_of,
    voices,
)
from pipeline.checking.narrative_text import Block, Clause, fold
from pipeline.reading.records import Section

# Sections whose subject is requests, or disputes over them.
ON_SUBJECT = ("application", "dispute")

# As far as a clause is heard before and after another of its block.
_NEAR = 400
_RECEIVED = frozenset(["requests_new", "requests_total"])
_DISPUTES = frozenset(["reviews", "suits"])
# Years that say when; not those of a title, nor those from or into which requests are carried.
_YEAR = re.compile(
    r"《[^》]*》|(?<!转)(?<!转[至到入])(?P<year>(?:19|20)\d{2})年(?!度?(?:结转|结余|转结|遗留))"
)
_BODY = re.compile(
    r".+(?:局|委|会|办|室|处|中心|厅|院|府|署|队|所|站|校|学|公司|街道|镇|乡|县|市|区|省|州|旗)"
)
_QUALIFIED = re.compile(r"\((?!含|包括|其中|详见|见)[^()\d一二三四五六七八九十两]+\)")
_FIRST_YEAR = re.compile(r"((?:19|20)\d{2})年")


class InTable(NamedTuple):
    """A metric's figure in the tables: None where a cell has no number; `doubted` where an identity fails."""

    value: float | None
    doubted: bool


class Heard(NamedTuple):
    """A statement and what its surroundings say of it.

    `firm`: a difference from the table is one. `meanings` are for each of its codes the figures that the
    words may mean, the code itself first.
    """

    section: Section
    block: Block
    clause: Clause
    said: Said
    voice: Voice | None
    firm: bool
    meanings: Mapping[str, tuple[str, ...]]


class Names:
    """The report's own names; a short form of one (管委会办公室) leaves letters out."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [fold(name) for name in names if name]

    def own(self, body: str) -> bool:
        """Tell whether a body is the report's own; no body is."""
        if not body:
            return True
        return bool(_BODY.fullmatch(body)) and any(_within(body, name) for name in self._names)


class Listener:
    """Goes through one block, clause by clause, and keeps what earlier clauses say of later ones."""

    def __init__(
        self, section: Section, block: Block, report_year: int, names: Names, table: Mapping[str, InTable]
    ) -> None:
        self._section, self._block, self._year = section, block, report_year
        self._names, self._table = names, table
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

    def hear(self) -> Iterator[Heard]:
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
        text = self._block.text[max(self._sentence, clause.end - _NEAR) : clause.end]
        named = [int(found["year"]) for found in _YEAR.finditer(text) if found["year"]]
        year = named[-1] if named else self._opening_year or self._year
        return year == self._year and not other_time(text)

    def _on_subject(self, said: Said, clause: Clause) -> bool:
        if _DISPUTES.intersection(said.codes):
            return self._section.section_code in ON_SUBJECT or self._disclosure <= clause.end
        return self._section.section_code == "application" or self._requests <= clause.end

    def _heard(self, said: Said, clause: Clause) -> Heard:
        meanings = {code: self._meanings(code, said, clause) for code in said.codes}
        sure = said.label.firm and not (self._foreign or self._is_part(said) or self._is_qualified(clause))
        firm = sure and (said.explicit or not self._loose)
        if sure and said.explicit:
            self._loose = False
        elif not sure and not all(self._agrees(ones, said.value) for ones in meanings.values()):
            # Not what the table counts: what follows may be a part of it.
            self._loose = True
        self._codes.update(said.codes)
        return Heard(self._section, self._block, clause, said, self._voice, firm, meanings)

    def _is_part(self, said: Said) -> bool:
        """Tell whether what was received is told as a part of what was received."""
        inside = self._in_group and bool(_RECEIVED.intersection(said.codes))
        return inside or bool(self._codes.intersection(said.label.unless))

    def _is_qualified(self, clause: Clause) -> bool:
        """Tell whether words in brackets after the figure say of what part it is: 20 件（网上）."""
        return bool(_QUALIFIED.match(self._block.text, clause.end))

    def _meanings(self, code: str, said: Said, clause: Clause) -> tuple[str, ...]:
        label = said.label
        near = self._block.text[max(0, clause.start - _NEAR) : clause.end + _NEAR]
        if label.with_carried and not self._grammar.carried.search(near):
            return (code,)
        return (code, *label.accepts)

    def _agrees(self, codes: Sequence[str], value: int) -> bool:
        return any(self._table[code].value == value for code in codes)


def _within(short: str, name: str) -> bool:
    """Tell whether all letters of `short` stand in `name`, in their order."""
    letters = iter(name)
    return all(letter in letters for letter in short)
