"""Table 三 with its columns in another order than the form's, or with more of them.

Belongs here: which of a row's figures is which column, by the headers over them and by the arithmetic of all
rows. Does not belong here: 总计 alone in the first place (turned.py), rows that lost or gained a cell.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import combinations
from operator import itemgetter

from pipeline.forms import COLUMN_KIND
from pipeline.reading.columns import arithmetic, headers
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.rows.placed import DOUBT, Alignment, Placed
from pipeline.reading.rows.slots import Slot, filled, is_marked, is_one_row
from pipeline.reading.words import labels
from pipeline.reading.words.tokens import Token

_NEARLY_ALL = 0.8  # of the rows
_FEWEST = 5  # rows that show how many columns a table has
_FEWEST_TURNED = 2  # rows that must add up only with 总计 elsewhere
_MOST_SURPLUS = 2  # columns beyond the form's, from which arithmetic alone may choose
_BESIDE = 2  # headers in a line that show their order
_TOTAL, _PERSON = "total", "natural_person"
_GROUPS = ("applicants", "organisation")  # headers over several columns, the wider first
_DOUBT = "栏目的次序或数目与格式不同"


def told(alignment: Alignment, head: headers.Head) -> tuple[Alignment, str | None] | None:
    """Return a table with each row's figures in the form's columns, and why that can't be told.

    None where nothing shows other columns than the form's. Rows with other figures than most lose them.
    """
    columns = [label.code for label in alignment.table.rows[0].columns]
    count = _figures_a_row(alignment)
    if count < len(columns):
        return None
    order = _named(alignment.table.code, head)[-count:]
    complete = len(order) == count and sorted(filter(None, order)) == sorted(columns)
    kinds = [code for code in order if code and code != _TOTAL]
    if count == len(columns) and (not complete or kinds == columns[:-1]):
        return _with_total_inside(alignment, order, columns) if complete else None
    orders = [order, (*kinds, _TOTAL)] if count == len(columns) else [order]
    tried = [[names.index(code) for code in columns] for names in orders if complete]
    places: Sequence[int] | None = next((one for one in tried if _add_up(alignment, one, count)), None)
    is_turned = kinds != sorted(kinds, key=columns.index)
    if places is None and not is_turned and len(columns) < count <= len(columns) + _MOST_SURPLUS:
        places = _by_arithmetic(alignment, count)
    if places and is_turned and _stand_elsewhere(head, alignment):
        places = None
    return (_rearranged(alignment, places, count), None) if places else (alignment, _DOUBT)


def _stand_elsewhere(head: headers.Head, alignment: Alignment) -> bool:
    """Tell whether headers do not stand as the cells of rows do, so that their order may be of cut lines.

    Cells are beside each other, or have a line each, and so have their headers; or the kinds of organisations
    stand in one line, with 自然人 or below their name, which is beside 自然人.
    """
    kind = COLUMN_KIND[alignment.table.code]
    lines = [[headers.code_of(token, kind) or _names_group(token) for token in line] for line in head]
    named = [list(filter(None, line)) for line in lines if any(line)]
    if max(map(len, named), default=0) < _BESIDE:
        in_lines = sum(bool(row.width) for row in alignment.placed.values())
        return 2 * in_lines > len(alignment.placed)
    kinds = [line for line in named if any(code not in (True, _TOTAL, _PERSON) for code in line)]
    persons = next((line for line in named if _PERSON in line), [])
    return len(kinds) > 1 or not (True in persons or persons in kinds)


def without_further(alignment: Alignment, head: headers.Head) -> Alignment:
    """Return a table without the cells of further columns after 总计: 备注, last year's total.

    Where empty cells are left out, a figure of theirs may stand in place of the form's: doubt.
    """
    columns = alignment.table.rows[0].columns
    further = headers.further_applicants(head)
    if not further or not alignment.placed or _figures_a_row(alignment) == len(columns) + further:
        return alignment
    rows = alignment.placed.values()
    marked = all(is_one_row(row.slots) or is_marked(row.slots) for row in rows)
    end = max(Counter(row.width for row in rows).items(), key=itemgetter(1))[0] if marked else 0
    placed = {
        code: _cut(row, end, further) if marked else _shortened(row, len(columns), further)
        for code, row in alignment.placed.items()
    }
    return replace(alignment, placed=placed)


def _cut(row: Placed, end: int, further: int) -> Placed:
    """Return a row of marked cells without the last ones, in doubt when it ends elsewhere than most."""
    if row.width != end:
        return replace(row, how=DOUBT)
    slots = [slot for slot in row.slots if slot[0].column < end - further]
    return replace(row, slots=slots, figures=filled(slots), width=end - further) if slots else row


def _shortened(row: Placed, width: int, further: int) -> Placed:
    """Return a row that has a figure for each column without its last ones, any other in doubt."""
    if len(row.figures) != width + further:
        return replace(row, how=DOUBT) if row.figures else row
    figures = row.figures[:width]
    return replace(row, slots=figures, figures=figures)


def _with_total_inside(
    alignment: Alignment, order: Sequence[str], columns: Sequence[str]
) -> tuple[Alignment, None] | None:
    """Return a table whose 总计 stands before the last kind, as the headers say and all rows add up, or None.

    Headers alone say it also where 总计 spans their rows, and one row may be misprinted.
    """
    count = len(columns)
    places = [order.index(code) for code in columns]
    if places[-1] in (0, count - 1) or _add_up(alignment, range(count), count):
        return None
    if len(_rows(alignment, count)) < _FEWEST_TURNED:
        return None
    return (_rearranged(alignment, places, count), None) if _add_up(alignment, places, count) else None


def _figures_a_row(alignment: Alignment) -> int:
    """Return how many figures nearly all rows have, 0 where that varies."""
    counts = [len(row.figures) for row in alignment.placed.values() if row.figures]
    fewest = max(_FEWEST, _NEARLY_ALL * len(counts))
    return next((count for count in set(counts) if counts.count(count) >= fewest), 0)


@lru_cache(maxsize=headers.MOST_HEADS)
def _named(table: str, head: headers.Head) -> tuple[str, ...]:
    """Return the columns in the order of the headers: each one's code, "" for a name of none."""
    lines = [[token for token in line if _is_header(token)] for line in head]
    if any(len(line) > 1 for line in lines):
        tokens = _nested(_without_repeated(lines))
    else:
        tokens = _unrolled(table, [token for line in lines for token in line])
    named = (headers.code_of(token, COLUMN_KIND[table]) for token in tokens if not _names_group(token))
    return tuple(code or "" for code in named)


def _is_header(token: Token) -> bool:
    """Tell whether a text may stand over a column: it is not the first row's own label."""
    return token.mean is None and token.skeleton not in _outcomes()


@cache
def _outcomes() -> frozenset[str]:
    """Return the labels of rows that are no column's name."""
    index = labels.index().items()
    return frozenset(name for name, found in index if all(label.kind == "outcome" for label in found))


def _names_group(token: Token) -> bool:
    return _is_label_of(token, *_GROUPS, "identity_note")


def _is_label_of(token: Token, *codes: str) -> bool:
    return token.skeleton in _spelt(*codes)


@cache
def _spelt(*codes: str) -> frozenset[str]:
    """Return the spellings of some labels."""
    index = labels.index().items()
    return frozenset(name for name, found in index if any(label.code in codes for label in found))


def _without_repeated(lines: Sequence[list[Token]]) -> list[list[Token]]:
    """Return the lines without what merged cells print again: beside it, or in a line below."""
    seen: set[str] = set()
    kept: list[list[Token]] = []
    for line in reversed(lines):
        once = list({token.skeleton or token.text: token for token in line}.items())
        kept.append([token for name, token in once if name not in seen])
        seen.update(name for name, _ in once)
    return [line for line in reversed(kept) if line]


def _nested(lines: Sequence[Sequence[Token]]) -> list[Token]:
    """Return the headers left to right: a line stands below the last header over several columns."""
    order: list[Token] = []
    for line in lines:
        place = max((i for i, token in enumerate(order) if _is_label_of(token, *_GROUPS)), default=len(order))
        order[place : place + 1] = line
    return order


def _unrolled(table: str, tokens: list[Token]) -> list[Token]:
    """Return headers that have a line each, left to right: what the organisations' header stands over
    follows what stands beside it. Where merged cells are printed again, the last row of headers has all.
    """
    codes = [headers.code_of(token, COLUMN_KIND[table]) for token in tokens]
    group = max((place for place, token in enumerate(tokens) if _names_group(token)), default=-1)
    if codes.count(_PERSON) > 1:
        return tokens[group + 1 :]
    below = (place for place, code in enumerate(codes) if code not in (None, _TOTAL, _PERSON))
    first = next(below, -1)
    if group < 0 or first < group or not _is_label_of(tokens[group], _GROUPS[1]):
        return tokens
    return [*tokens[:group], *tokens[first:], *tokens[group + 1 : first]]


def _add_up(alignment: Alignment, places: Sequence[int], count: int) -> bool:
    """Tell whether nearly all rows add up when their figures are taken from some places."""
    sides = arithmetic.row_sides(alignment.table)
    read = [_taken(row.figures, places) for row in _rows(alignment, count)]
    return sum(arithmetic.holds(row, sides) for row in read) >= _NEARLY_ALL * len(read)


def _rows(alignment: Alignment, count: int) -> list[Placed]:
    """Return the rows that can speak for an order: with all figures, not all of them zero."""
    rows = (row for row in alignment.placed.values() if len(row.figures) == count)
    return [row for row in rows if arithmetic.has_number(row.figures)]


def _taken(figures: Sequence[Slot], places: Sequence[int]) -> Candidate:
    return tuple(figures[place] for place in places)


def _by_arithmetic(alignment: Alignment, count: int) -> Sequence[int] | None:
    """Return the only places with which all rows add up, leaving out the same figures of each."""
    sides, width = arithmetic.row_sides(alignment.table), len(alignment.table.rows[0].columns)
    figures = [row.figures for row in _rows(alignment, count)]
    found: dict[tuple[tuple[str, ...], ...], Sequence[int]] = {}
    for places in combinations(range(count), width):
        read = [_taken(row, places) for row in figures]
        if read and all(arithmetic.holds(row, sides) for row in read):
            found[tuple(tuple(map(arithmetic.meaning, row)) for row in read)] = places
    return next(iter(found.values())) if len(found) == 1 else None


def _rearranged(alignment: Alignment, places: Sequence[int], count: int) -> Alignment:
    """Return the rows that have all figures with those of the form's columns, in its order."""
    result = Alignment(alignment.table, unplaced=list(alignment.unplaced))
    for code, row in alignment.placed.items():
        if len(row.figures) == count:
            taken = [row.figures[place] for place in places]
            result.placed[code] = replace(row, slots=taken, figures=taken)
    return result
