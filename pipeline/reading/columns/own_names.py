"""Figures that stand each after a column's name, in one line: no other column's figures are they.

Belongs here: comparing such names with the columns that a row's figures were given. Does not belong here:
reading tables that are told pair by pair (layouts/paired.py).
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from pipeline.forms import Row, Table
from pipeline.reading.columns.arithmetic import OPEN, Choice
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.headers import code_of
from pipeline.reading.rows.slots import Slot
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import Token, begins_with_numeral

_DASHES = frozenset("-—–－")  # also what stands between a label and a column's name
_FEWEST = 2  # figures of a row after names: the first one may stand after the headers' last

_Lines = Mapping[int, Sequence[Token]]


def under_own_names(table: Table, choices: dict[str, Choice], entries: Sequence[Entry]) -> dict[str, Choice]:
    """Leave open the rows whose figures stand each after a column's name, some of them after another's.

    So is a row before whose last figure, in its line, a column's name stands that is none of its figures'.
    """
    mixed = {index: line.tokens for index, line in entries if line.mixed}
    if not mixed:
        return choices  # nearly every table
    rows = {row.code: row for row in table.rows}
    return {
        code: OPEN if any(_are_misnamed(rows[code], one, mixed) for one in choice.candidates) else choice
        for code, choice in choices.items()
    }


def _are_misnamed(row: Row, reading: Candidate, lines: _Lines) -> bool:
    kind = row.columns[0].kind
    named = [
        (names, label.code)
        for label, slot in zip(row.columns, reading, strict=True)
        if slot and not slot[0].blank and (names := _names_before(slot[0], lines.get(slot[1], ()), kind))
    ]
    if len(named) >= _FEWEST and any(code not in names for names, code in named):
        return True
    figures = [slot for slot in reading if slot and not slot[0].blank]
    unnamed = figures[-1:] if len(named) < _FEWEST else []
    dashes = [slot for slot in figures if slot[0].text in _DASHES]
    return any(_is_before_name(slot, lines, kind) for slot in (*unnamed, *dashes))


def _is_before_name(slot: Slot, lines: _Lines, kind: str) -> bool:
    """Tell whether a column's name and its figure follow a row's last in its line: 行政强制 - 决定数量: 4."""
    written = [token for token in lines.get(slot[1], ()) if not token.blank]
    place = next((at for at, token in enumerate(written) if token is slot[0]), len(written))
    if 0 < place < len(written) and code_of(written[place - 1], kind) is not None:
        return False  # its own name stands before it
    after = written[place + 1 :]
    named = len(after) > 1 and code_of(after[0], kind) is not None and not begins_with_numeral(after[0])
    return named and after[1].mean is not None


def _names_before(figure: Token, line: Sequence[Token], kind: str) -> set[str]:
    """Return the columns whose names are the texts right before a figure, which may stand twice in its line.

    Empty where one of these is no name.
    """
    written = [token for token in line if not token.blank]
    names = {code_of(name, kind) for name, token in pairwise(written) if token is figure}
    return {name for name in names if name} if None not in names else set()
