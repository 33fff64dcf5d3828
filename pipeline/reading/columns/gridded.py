"""The columns of cells that the text marks, told by the headers in the same columns of the line over them.

Belongs here: rows of table 二, which no sum tells. Does not belong here: words that only spaces part
(offsets.py), the choice of a row's reading (tables/disclosure.py).
"""

from collections.abc import Iterable, Sequence

from pipeline.forms import Row
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.offsets import header_of
from pipeline.reading.rows.slots import Slot, filled, is_by_program, is_one_row
from pipeline.reading.words.labels import spellings
from pipeline.reading.words.lines import Entry, Line
from pipeline.reading.words.tokens import Token

_FEWEST_CLAUSES = 2


def under_headers(row: Row, label: int, slots: Sequence[Slot], entries: Sequence[Entry]) -> Candidate | None:
    """Read the cells of a row by the headers over them, `label` being the column of the row's own label.

    The row's line and the headers' are as long, so that neither lost a cell, and a header that is printed
    again has its figure again. Tabs that somebody set may stand anywhere: they tell nothing unless such a
    header, or shorter lines of clauses, show that each of them is a cell. None where any of this is not so.
    """
    heads = _heads(row, slots, entries)
    if heads is None or heads.tokens[0].column != label:
        return None
    codes = {token.column: header_of(token.skeleton, spellings("measure")) for token in heads.tokens[1:]}
    named = _named(heads)
    if list(dict.fromkeys(named)) != [column.code for column in row.columns]:
        return None
    are_cells = len(named) > len(set(named)) or is_by_program(slots[0]) or _are_unfilled(slots, entries)
    if not are_cells:
        return None
    return _read(row, slots, codes)


def are_printed_once(row: Row, slots: Sequence[Slot], entries: Sequence[Entry]) -> bool:
    """Tell whether the headers over a row, in a line as long, stand there once.

    So does the figure of a merged cell.
    """
    heads = _heads(row, slots, entries)
    return heads is not None and _named(heads) == [column.code for column in row.columns]


def _are_unfilled(row: Sequence[Slot], entries: Iterable[Entry]) -> bool:
    """Tell whether no tabs fill lines up to a row's length: those of clauses over the blocks are shorter.

    Or the clause stands in every cell of its line.
    """
    clauses = [line for _, line in entries if line.tokens and _is_clause(line.tokens[0])]
    end = row[-1][0].column
    shorter = [line.tokens[-1].column < end or all(map(_is_clause, line.tokens)) for line in clauses]
    return len(shorter) >= _FEWEST_CLAUSES and all(shorter)


def _is_clause(token: Token) -> bool:
    return any(label.code.startswith("clause_") for label in token.labels)


def _named(heads: Line) -> list[str]:
    """Return the columns that the headers of a line name, in their order."""
    codes = (header_of(token.skeleton, spellings("measure")) for token in heads.tokens[1:])
    return list(filter(None, codes))


def _heads(row: Row, slots: Sequence[Slot], entries: Sequence[Entry]) -> Line | None:
    """Return the nearest line of headers over a row of one line: as long, marked alike, without a figure."""
    if not slots or not is_one_row(slots):
        return None
    own, measures = {column.code for column in row.columns}, spellings("measure")
    for index, line in reversed(entries):
        if index >= slots[0][1]:
            continue
        named = {code for token in line.tokens if (code := header_of(token.skeleton, measures))}
        if named:
            same = line.tokens[0].style == slots[0][0].style and not line.figures
            as_long = line.tokens[-1].column == slots[-1][0].column
            return line if same and as_long and named == own else None
    return None


def _read(row: Row, slots: Sequence[Slot], codes: dict[int, str | None]) -> Candidate | None:
    """Return the cell under each header; None where a figure stands under none, or is not printed again."""
    cells: dict[str, list[Slot]] = {column.code: [] for column in row.columns}
    for slot in slots:
        code = codes.get(slot[0].column)
        if code is not None:
            cells[code].append(slot)
        elif filled([slot]):
            return None
    whole = all(found and len({token.text for token, _ in found}) == 1 for found in cells.values())
    return tuple(found[0] for found in cells.values()) if whole else None
