"""The columns of cells that the text marks, told by the headers in the same columns of the lines over them.

Belongs here: rows of table 二, which no sum tells, and those of table 三 whose zeros none proves. Does not
belong here: words that only spaces part (offsets.py), the choice of a row's reading (tables/disclosure.py,
marked.py).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import takewhile
from typing import NamedTuple

from pipeline.forms import COLUMN_KIND, ROW_KIND, Row, forms
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.offsets import header_of
from pipeline.reading.rows.slots import CELL_STYLES, Slot, filled, is_by_program, is_one_row
from pipeline.reading.words.labels import spellings
from pipeline.reading.words.lines import Entry, Line
from pipeline.reading.words.tokens import TABBED, Token
from pipeline.reading.words.values import Interpreted

_FEWEST_CLAUSES = 2
_MOST_TEXTS = 1024  # whose column is remembered


def under_headers(
    row: Row, label: int, slots: Sequence[Slot], entries: Sequence[Entry], beside: Sequence[Entry]
) -> Candidate | None:
    """Read the cells of a row by the headers over them, `label` being the column of the row's own label.

    The row's line and the headers' are as long, so that neither lost a cell, and a header that is printed
    again has its figure again. Tabs that fill lines up may stand anywhere: they tell nothing unless such a
    header, a sum of money under its own header, the lines of clauses, or table 三 `beside` this one show that
    each of them is a cell, or figures fill the first cells. None where any of this is not so.
    """
    heads = _heads(row, slots, entries)
    if heads is None or heads.tokens[0].column != label:
        return None
    codes = {token.column: _measure(token.skeleton) for token in heads.tokens[1:]}
    named = _named(heads)
    if list(dict.fromkeys(named)) != [column.code for column in row.columns]:
        return None
    reading = _read(row, slots, codes)
    if reading is None:
        return None
    is_sure = (
        len(named) > len(set(named))
        or _is_full(reading, slots)
        or is_by_program(slots[0])
        or _are_unfilled(slots, entries)
        or _has_money_below(row, slots, codes)
        or _is_gridded(beside)
    )
    return reading if is_sure else None


def _is_full(reading: Candidate, slots: Sequence[Slot]) -> bool:
    """Tell whether a row's first cells are its reading, and figures stand in all: nearly every row."""
    first = slots[: len(reading)]
    return reading == tuple(first) and len(filled(first)) == len(first) and first[0][0].style in CELL_STYLES


def _has_money_below(row: Row, slots: Sequence[Slot], codes: Mapping[int, str | None]) -> bool:
    """Tell whether a figure with a unit of money, or a part of one, stands under the header of an amount."""
    amounts = {column.code for column in row.columns if column.unit == "yuan"}
    money = (token for token, _ in slots if token.mean is not None and _is_money(token.mean))
    return any(codes.get(token.column) in amounts for token in money)


def _is_money(mean: Interpreted) -> bool:
    return mean.factor is not None or (mean.value is not None and mean.value % 1 != 0)


def _are_unfilled(row: Sequence[Slot], entries: Iterable[Entry]) -> bool:
    """Tell whether no tabs fill lines up to a row's length: those of clauses over the blocks are shorter.

    Or the clause stands in its line again, in each cell that is merged.
    """
    clauses = [line for _, line in entries if line.tokens and _is_clause(line.tokens[0])]
    end = row[-1][0].column
    shorter = [line.tokens[-1].column < end or any(map(_is_clause, line.tokens[1:2])) for line in clauses]
    return len(shorter) >= _FEWEST_CLAUSES and all(shorter)


@cache
def _applicants() -> list[list[str]]:
    """Return the spellings of the header of each column of table 三."""
    found = spellings(COLUMN_KIND["application"])
    codes = [column.code for column in next(iter(forms().values())).tables["application"].rows[0].columns]
    return [[name for name, own in found.items() if own == code] for code in codes]


def _is_gridded(entries: Sequence[Entry]) -> bool:
    """Tell whether the headers of table 三 show its grid, in whose columns all of its figures stand."""
    tokens = [token for _, line in entries if line.figures for token in line.tokens]
    kind = ROW_KIND["application"]
    labels = [token.column for token in tokens if any(label.kind == kind for label in token.labels)]
    found = grid(entries, _applicants(), labels)
    figures = [(token, 0) for token in tokens if token.number is not None and not token.blank]
    return found is not None and found.holds(figures)


def _is_clause(token: Token) -> bool:
    return any(label.code.startswith("clause_") for label in token.labels)


def are_printed_once(row: Row, slots: Sequence[Slot], entries: Sequence[Entry]) -> bool:
    """Tell whether the headers over a row, in a line as long, stand there once.

    So does the figure of a merged cell.
    """
    heads = _heads(row, slots, entries)
    return heads is not None and _named(heads) == [column.code for column in row.columns]


def _named(heads: Line) -> list[str]:
    """Return the columns that the headers of a line name, in their order."""
    return list(filter(None, (_measure(token.skeleton) for token in heads.tokens[1:])))


@lru_cache(maxsize=_MOST_TEXTS)
def _measure(text: str) -> str | None:
    """Return the column of table 二 whose header a text spells: each row asks it of the lines over it."""
    return header_of(text, spellings("measure"))


def _heads(row: Row, slots: Sequence[Slot], entries: Sequence[Entry]) -> Line | None:
    """Return the nearest line of headers over a row of one line: as long, marked alike, without a figure."""
    if not slots or not is_one_row(slots):
        return None
    own = {column.code for column in row.columns}
    for index, line in reversed(entries):
        if index >= slots[0][1]:
            continue
        named = {code for token in line.tokens if (code := _measure(token.skeleton))}
        if named:
            same = line.tokens[0].style == slots[0][0].style and not line.figures
            as_long = line.tokens[-1].column == slots[-1][0].column
            return line if same and as_long and named == own else None
    return None


def _read(row: Row, slots: Sequence[Slot], codes: dict[int, str | None]) -> Candidate | None:
    """Return the cell under each header; None where a figure stands under none, or is not printed again.

    Nor is a cell told that holds two figures: spaces may part the digits of one.
    """
    if len({slot[0].column for slot in slots}) < len(slots):
        return None
    cells: dict[str, list[Slot]] = {column.code: [] for column in row.columns}
    for slot in slots:
        code = codes.get(slot[0].column)
        if code is not None:
            cells[code].append(slot)
        elif filled([slot]):
            return None
    whole = all(found and len({token.text for token, _ in found}) == 1 for found in cells.values())
    return tuple(found[0] for found in cells.values()) if whole else None


class Grid(NamedTuple):
    """The column in which the figures of rows begin, and in which all lines end."""

    first: int
    last: int

    def holds(self, figures: Iterable[Slot]) -> bool:
        """Tell whether all figures of a row stand in the grid's columns."""
        return all(self.first <= token.column <= self.last for token, _ in figures)

    def read(self, slots: Sequence[Slot], width: int) -> Candidate | None:
        """Return a row's cells in the grid's columns; None where it ends elsewhere."""
        if not is_one_row(slots) or slots[-1][0].column != self.last:
            return None
        found = tuple(slot for slot in slots if 0 <= slot[0].column - self.first < width)
        return found if len(found) == width else None


def grid(entries: Iterable[Entry], names: Sequence[Collection[str]], labels: Collection[int]) -> Grid | None:
    """Return the grid that the headers of table 三 show, given each column's spellings; None for none.

    Each stands in its own column, the first of them beyond several columns of `labels`: cells stand where
    they are merged then, and none fills a line up elsewhere.
    """
    found = _headed(entries, names)
    if found is None or len(set(labels)) < 2 or found.first <= max(labels):
        return None
    in_place = all(
        any((found.first + place, name) in found.at for name in spellings)
        for place, spellings in enumerate(names)
    )
    return Grid(found.first, found.last) if in_place else None


def is_filled_up(entries: Iterable[Entry], names: Sequence[Collection[str]], labels: Collection[int]) -> bool:
    """Tell whether the headers of table 三 stand over the columns of its `labels`, empty cells after them.

    Merged cells are printed once then, and empty ones fill the lines up, where something puts them.
    """
    found = _headed(entries, names)
    return found is not None and found.first <= max(labels, default=-1)


class _Headed(NamedTuple):
    """Headers of table 三: the first one's column, their lines' last, and which text stands in which."""

    first: int
    last: int
    at: frozenset[tuple[int, str]]


def _headed(entries: Iterable[Entry], names: Sequence[Collection[str]]) -> _Headed | None:
    """Return the headers in lines of tabs, all as long; None for none."""
    spelt = {name for spellings in names for name in spellings}
    lines = [line.tokens for _, line in takewhile(lambda entry: not entry[1].figures, entries)]
    heads = [tokens for tokens in lines if any(token.skeleton in spelt for token in tokens)]
    at = {(token.column, token.skeleton) for tokens in heads for token in tokens}
    first = [column for column, text in at if text in names[0]]
    ends = {tokens[-1].column for tokens in heads}
    if not first or len(ends) != 1 or heads[0][0].style != TABBED:
        return None
    return _Headed(min(first), ends.pop(), frozenset(at))
