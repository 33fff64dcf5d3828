"""In which columns of a text's marked cells the figures of each row stand, by one rule for the whole table.

Belongs here: the rules by which texts set merged cells, and which of them a table keeps to. Does not
belong here: offsets of aligned words (candidates.py), the choice of a row's reading (choose.py).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.rows.slots import Slot, adds_up, filled, is_one_row

_MOST_EXCEPTIONS = 1  # rows that may break a rule: they lost or gained a cell, or don't add up
_ROWS_AN_EXCEPTION = 6
_NOWHERE = -1
_SURE_TOTALS = 3  # rows that show by themselves where totals stand
_FEWEST_TOTALS = 2  # rows that show it together with those under other headings
_PLAINLY = 2  # times as many rows that break any other rule
_MARGIN = 1  # rows more that break another rule, which may be the table's all the same
_NEARLY_ALL = 0.8
_MOST_BLANK = 6  # columns before the first figure of a table that may be empty in all rows


class Row(NamedTuple):
    """A row of marked cells: the column of its label (-1: none), and how deep it stands under headings."""

    label: int
    depth: int
    slots: Sequence[Slot]


# Returns the column in which a row's figures begin.
_Rule = Callable[[Row], int]
_Readings = dict[str, Candidate | None]


class Windows(NamedTuple):
    """The readings of rows by one rule, and how many rows have figures where it has none."""

    readings: _Readings
    outside: int = 0


def windows(rows: Mapping[str, Row], width: int, holds: Callable[[Candidate], bool]) -> Windows:
    """Return each row's reading by the rule that the table keeps to, None where the row breaks it.

    Cells merged in a page are set once, blank or repeated, so figures begin in one column
    of the table, or at one distance from the row's label, shortened or not by the depth of
    the label. No readings when too many rows break every rule; None too where another rule, broken by
    hardly more rows, reads a row differently.
    """
    marked = {code: _Cells(row) for code, row in rows.items() if is_one_row(row.slots)}
    shown = {code: cells for code, cells in marked.items() if cells.first >= 0}
    tried: list[tuple[int, _Readings]] = []
    for rule in _rules(shown.values(), width):
        readings: _Readings = {code: cells.read(rule(cells.row), width) for code, cells in shown.items()}
        broken = sum(not (reading and _agrees(reading, holds)) for reading in readings.values())
        tried.append((broken, readings))
    fewest = min((broken for broken, _ in tried), default=0)
    if fewest > max(_MOST_EXCEPTIONS, len(shown) // _ROWS_AN_EXCEPTION) and not _is_plain(tried, len(shown)):
        return _exact(marked, width, holds) or Windows({}, len(shown))
    margin = _MARGIN if fewest else 0
    best = [readings for broken, readings in sorted(tried, key=_broken) if broken <= fewest + margin]
    outside = sum(reading is None for reading in best[0].values()) if best else 0
    return Windows(_agreed(best), outside)


def _exact(marked: Mapping[str, "_Cells"], width: int, holds: Callable[[Candidate], bool]) -> Windows | None:
    """Return each row's cells where nearly all rows have just as many as there are columns, None elsewhere.

    Some row with an empty cell between its figures adds up so: cells stand in their columns. Misprinted rows,
    which no rule of columns allows for, may be most of a sparse table's.
    """
    readings: _Readings = {
        code: tuple(cells.row.slots) if len(cells.row.slots) == width else None
        for code, cells in marked.items()
    }
    whole = [reading for reading in readings.values() if reading]
    if len(whole) < _NEARLY_ALL * len(marked):
        return None
    if not any(_has_gap(reading) and holds(reading) for reading in whole):
        return None
    return Windows(readings, sum(cells.first >= 0 and not readings[code] for code, cells in marked.items()))


def _has_gap(reading: Candidate) -> bool:
    """Tell whether an empty cell stands between two figures, the last of them above zero."""
    at = [place for place, slot in enumerate(reading) if slot and not slot[0].blank]
    last = reading[at[-1]] if at else None
    return last is not None and bool(last[0].number) and at[-1] - at[0] >= len(at)


def _is_plain(tried: Sequence[tuple[int, _Readings]], rows: int) -> bool:
    """Tell whether one rule places all rows, and every other breaks far more of them: misprints break it."""
    (fewest, best), *others = sorted(tried, key=_broken)
    rivals = [broken for broken, readings in others if readings != best]
    placed = None not in best.values()
    return placed and _PLAINLY * fewest <= rows and min(rivals, default=rows) >= _PLAINLY * fewest


def _broken(tried: tuple[int, _Readings]) -> int:
    return tried[0]


class _Cells:
    """The cells of one row by column, and between which columns its figures stand."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.by_column = {slot[0].column: slot for slot in row.slots}
        columns = [slot[0].column for slot in row.slots if not slot[0].blank]
        self.first, self.last = (columns[0], columns[-1]) if columns else (-1, -1)

    def read(self, start: int, width: int) -> Candidate | None:
        """Return the cells from a column on; None when one is not in the row or a figure stands outside."""
        end = start + width - 1
        if start == _NOWHERE or not {start, end} <= self.by_column.keys() or self.last > end:
            return None
        if 0 <= self.first < start:
            return None
        return tuple(self.by_column.get(column) for column in range(start, end + 1))


def _rules(rows: Collection[_Cells], width: int) -> list[_Rule]:
    starts = [cells.first for cells in rows if cells.first >= 0]
    if not starts:
        return []
    found = [_at(start) for start in range(max(0, min(starts) - _MOST_BLANK), max(starts) + 1)]
    found += [_after_label(gap) for gap in (1, 2, 3)]
    found += [_after_merged_label(gap) for gap in (3, 4, 5)]
    return found + _by_depth(rows, width)


def _at(start: int) -> _Rule:
    return lambda _: start


def _after_label(gap: int) -> _Rule:
    return lambda row: row.label + gap


def _after_merged_label(gap: int) -> _Rule:
    return lambda row: row.label + gap - row.depth


def _by_depth(rows: Iterable[_Cells], width: int) -> list[_Rule]:
    """Return the rule by which rows under as many headings have their totals in one column, if there is one.

    A row's total is its last figure when that is the sum of the others.
    """
    starts: dict[int, Counter[int]] = {}
    for cells in rows:
        figures = filled(cells.row.slots)
        if adds_up(figures) and figures[-1][0].number:
            starts.setdefault(cells.row.depth, Counter())[cells.last - width + 1] += 1
    sure = {depth: _sure(counted, _SURE_TOTALS) for depth, counted in starts.items()}
    sure = {depth: start for depth, start in sure.items() if start != _NOWHERE}
    usual = sure | {
        depth: start
        for depth, counted in starts.items()
        if (start := _sure(counted, _FEWEST_TOTALS)) in sure.values()
    }
    return [lambda row: usual.get(row.depth, _NOWHERE)] if len(starts) > 1 and usual else []


def _sure(starts: Counter[int], fewest: int) -> int:
    """Return where enough rows begin, all alike (of many one may have lost a cell), or that none do."""
    start, count = starts.most_common(1)[0]
    others = starts.total() - count
    return start if count >= fewest and others <= count // _ROWS_AN_EXCEPTION else _NOWHERE


def _agrees(reading: Candidate, holds: Callable[[Candidate], bool]) -> bool:
    """Tell whether nothing speaks against a reading: it adds up, or a figure in it is none."""
    return holds(reading) or any(slot is not None and slot[0].number is None for slot in reading)


def _agreed(best: Sequence[_Readings]) -> _Readings:
    """Return what the first of the rules says; a row that another of them reads differently is None."""
    if not best:
        return {}
    first, *others = best
    return {
        code: reading if all(other[code] in (None, reading) for other in others) else None
        for code, reading in first.items()
    }
