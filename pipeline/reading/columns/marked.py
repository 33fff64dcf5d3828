"""Rows whose line marks each cell: which of the cells are the form's columns.

Belongs here: what the rows of such a table show of each other, whether one lost or gained a cell, and where
zeros and empty cells, which prove nothing, are read all the same. Does not belong here: words that only
spaces part (witnesses.py), cells with a line each (own_lines.py).
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import cast

from pipeline.reading.columns import candidates, windows
from pipeline.reading.columns.arithmetic import OPEN, Choice, by_arithmetic, can_be_asked, has_number, holds
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.gridded import Grid, grid, is_filled_up
from pipeline.reading.columns.witnesses import Rows
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import Slot, is_by_program, is_marked, is_one_row

_MOST_OUTSIDE = 1  # rows out of step, above which a table's cells stand anywhere
_FEW = 10  # of so many rows one may have lost or gained a cell
_FEWEST_FULL = 3  # rows with all figures that show where rows like them have theirs
_FEWEST_ENDS = 3  # rows of a marked grid that end in one column
_FEWEST_LIKE = 2  # rows with labels in one column and as many cells, below which cells were lost or added
_FEWEST_FITTING = 5  # rows with cells to spare that show where the table's rows have theirs


class MarkedRows:
    """The rows of a table in lines of marked cells."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.placed, self.width, self.sides = rows, rows.placed, rows.width, rows.sides

    def choose(self, code: str, row: Placed) -> Choice:
        """Return the choice of a line of marked cells that has fewer figures than columns.

        Full rows that are like it, or the table's own rule, tell where they stand, also when the row is
        misprinted. Without these an empty cell means nothing: then arithmetic alone may place the figures.
        """
        if not has_number(row.figures) and self._is_cut_short(code, row):
            return OPEN
        reading = self._like_full_rows(row)
        outside = 0
        if reading is None:
            reading, outside = self._by_rule(code), self._windows.outside
        if reading and outside <= max(_MOST_OUTSIDE, len(self.placed) // _FEW) and holds(reading, self.sides):
            regular = has_number(reading) or (
                not outside and not self._lost_its_label(row) and self._is_regular(code, reading)
            )
            return Choice((reading,), "position") if regular else self._of_zeros(code, row)
        if not has_number(row.figures):
            return self._of_zeros(code, row)
        choice = by_arithmetic(row.figures, self.width, self.sides)
        misprinted = reading and not outside and not self.is_odd(code) and can_be_asked(reading, self.sides)
        misprinted = misprinted and not self._may_end_in_number(code)
        if reading and misprinted and not choice.candidates:
            return Choice((reading,), "position")
        return choice

    def _by_rule(self, code: str) -> Candidate | None:
        """Return a row's reading by the table's rule, None where no other row under as many headings fits.

        It is the row that lost or gained a cell then, not these.
        """
        readings, depth = self._windows.readings, self.rows.depth[code]
        like = [own for other, own in readings.items() if other != code and self.rows.depth[other] == depth]
        return None if len(like) >= _FEWEST_LIKE and not any(like) else readings.get(code)

    def _is_beside(self, code: str, run: Candidate) -> bool:
        """Tell whether rows under as many headings stand in one place, each with figures outside of a row's.

        Only where their figures reach from the first column to the last do they show it.
        """
        own = {slot[0].column for slot in run if slot}
        like = [{token.column for token, _ in other.figures} for other in self._like(code) if other.figures]
        if len(like) < _FEWEST_LIKE or any(columns <= own for columns in like):
            return False
        used = set.union(*like)
        return max(used) - min(used) == self.width - 1

    def _is_cut_short(self, code: str, row: Placed) -> bool:
        """Tell whether the last row printed is shorter than those under as many headings: cut."""
        like = self._like(code) if row.end < 0 and code == [*self.placed][-1] else []
        return bool(like) and len(row.slots) < min(len(other.slots) for other in like)

    def _like(self, code: str) -> list[Placed]:
        """Return the other rows under as many headings."""
        depth = self.rows.depth
        return [row for other, row in self.placed.items() if other != code and depth[other] == depth[code]]

    def choose_odd(self, code: str, row: Placed) -> Choice:
        """Return the choice of a row of a marked grid that ends elsewhere than others, as after a page's end.

        A full row like it shows where its figures stand. Or it has as many cells as columns and adds up, and
        so does another row like it, or its first cell is filled: then none was lost beside its label.
        """
        if not is_marked(row.slots):
            return OPEN
        like = [other for key, other in self.placed.items() if self.rows.kind(key) == self.rows.kind(code)]
        columns = {tuple(token.column for token, _ in one.figures) for one in like if one.is_full(self.width)}
        if len(columns) == 1:
            layout = candidates.Layout(columns.pop(), candidates.EXACT)
            reading = next(candidates.by_position(row.slots, [layout]), None)
        else:
            whole = [other for other in like if self.rows.adds_up(tuple(other.slots))]
            sure = len(whole) > 1 or any(not other.slots[0][0].blank for other in whole)
            reading = tuple(row.slots) if sure else None
        return Choice((reading,), "position") if reading and self.rows.adds_up(reading) else OPEN

    @cached_property
    def has_just_its_cells(self) -> bool:
        """Tell whether a marked grid has as many cells in each row as there are columns: none was lost."""
        return all(is_marked(row.slots) and len(row.slots) == self.width for row in self.placed.values())

    def _may_end_in_number(self, code: str) -> bool:
        """Tell whether a row's last figure may be the running number of the next row, from 1 on."""
        return self.placed[code].figures[-1][0].number == self.rows.ordinals[code] + 1

    def _of_zeros(self, code: str, row: Placed) -> Choice:
        """Return the choice of a row of zeros and blanks that is whole, though its table keeps to no rule.

        One row out of step is not: it lost or gained a cell. Where the headers show the grid it is as long.
        """
        told = self._grid.read(row.slots, self.width) if self._grid else None
        if told and holds(told, self.sides):
            return Choice((told,), "position")
        run = next(
            (run for run in candidates.in_a_run(row.slots, self.width) if _has_all_its_cells(run, row)), None
        )
        if run is None or not self._is_rectangular or self.is_odd(code) or not holds(run, self.sides):
            return OPEN
        if self._is_beside(code, run):
            return OPEN
        readings, outside = self._windows
        in_step = not readings or outside > _MOST_OUTSIDE or readings[code] == run
        is_shown = (len(row.slots), self.rows.depth[code]) in self._shown
        return Choice((run,), "position") if in_step and is_shown else OPEN

    def _lost_its_label(self, row: Placed) -> bool:
        """Tell whether a heading alone stands before a row with cells to spare: one may be its label's."""
        return row.how == "order" and bool(row.labels) and len(row.slots) > self.width

    def _is_filled_up(self, row: Placed) -> bool:
        """Tell whether tabs that somebody set fill the row up, anywhere, to be as long as the longest."""
        if is_by_program(row.slots[0]) or not self._is_rectangular or self._are_spared:
            return False
        deepest = max(self._label_columns, default=-1)
        is_longest = bool(row.labels) and row.labels[-1].column == deepest
        return not is_longest and is_filled_up(self.rows.entries, self.rows.names, self._label_columns)

    @cached_property
    def _label_columns(self) -> list[int]:
        """The columns of the rows' labels."""
        return [row.labels[-1].column for row in self.placed.values() if row.labels]

    @cached_property
    def _grid(self) -> Grid | None:
        """The columns that the headers show to be the cells', if all rows have their figures in them."""
        found = grid(self.rows.entries, self.rows.names, self._label_columns)
        return found if found and all(found.holds(row.figures) for row in self.placed.values()) else None

    def _is_regular(self, code: str, reading: Candidate) -> bool:
        """Tell whether a row of zeros and blanks has just its cells, as far as other rows show it."""
        row = self.placed[code]
        if None in reading:
            return False  # where a column has no cell one was lost
        if self._would_show_a_lost_cell:
            return reading[-1] is row.slots[-1] or not self._may_begin_later(code, reading)
        is_borne_out = self.rows.is_borne_out(row, reading)
        if self.is_odd(code) or not (is_borne_out or self._is_rectangular):
            return False
        if is_borne_out and reading[-1] is row.slots[-1]:
            return True
        return not self._may_begin_later(code, reading) and self._is_held(code, reading)

    def _is_held(self, code: str, reading: Candidate) -> bool:
        """Tell whether a row's figures fit in one place among its cells, or other rows show their place.

        Tabs that somebody set may fill up rows anywhere, but hardly where all rows end in their totals, or
        have cells to spare.
        """
        row = self.placed[code]
        if _has_all_its_cells(reading, row):
            return True
        is_filled_up, like = self._is_filled_up(row), self._fitting[len(row.slots), self.rows.depth[code]]
        if like >= (1 if is_by_program(row.slots[0]) else _FEWEST_LIKE) and not is_filled_up:
            return True
        ends_last = reading[-1] is row.slots[-1] and not is_filled_up
        return (self._are_spared or ends_last) and self._fitting.total() >= _FEWEST_FITTING

    @cached_property
    def _are_spared(self) -> bool:
        """Tell whether all rows have more cells than there are columns."""
        return all(len(row.slots) > self.width for row in self.placed.values())

    @cached_property
    def _fitting(self) -> Counter[tuple[int, int]]:
        """How many rows with cells to spare fit in one place among them, by the number of cells and depth."""
        return Counter(
            (len(row.slots), self.rows.depth[code])
            for code, row in self.placed.items()
            if len(row.slots) > self.width and self._fits_once(row.slots)
        )

    @cached_property
    def _shown(self) -> set[tuple[int, int]]:
        """The cells and depths of rows of which one shows its columns: from end to end, or by its sum."""
        return {
            (len(row.slots), self.rows.depth[code])
            for code, row in self.placed.items()
            for run in candidates.in_a_run(row.slots, self.width)
            if _ends_in_figures(run) or (has_number(run) and holds(run, self.sides))
        }

    def _fits_once(self, slots: Sequence[Slot]) -> bool:
        """Tell whether a row's figures fit in one place among its cells, or add up in just one."""
        runs = candidates.in_a_run(slots, self.width)
        return len(runs) == 1 or sum(has_number(run) and holds(run, self.sides) for run in runs) == 1

    @cached_property
    def _is_rectangular(self) -> bool:
        """Tell whether all rows of the table end in one column, filled up with empty cells or not."""
        return len(self.rows.ends) == 1

    @cached_property
    def _would_show_a_lost_cell(self) -> bool:
        """Tell whether rows under as many headings have as many cells, and others end in another column.

        No program has filled the rows up to one width then, so that a row with a cell less would be shorter.
        """
        lengths: dict[int, list[int]] = {}
        for code, row in self.placed.items():
            if not row.width or not is_one_row(row.slots):
                return False
            lengths.setdefault(self.rows.depth[code], []).append(len(row.slots))
        varied = sum(count >= _FEWEST_ENDS for count in self.rows.ends.values()) > 1
        return varied and all(min(found) == max(found) and found[1:] for found in lengths.values())

    def _may_begin_later(self, code: str, reading: Candidate) -> bool:
        """Tell whether the cell read as the first is empty in all rows like this one, and others follow.

        It may be the label's own, merged over two columns, and the row's cells the next ones.
        """
        first = self.placed[code].slots.index(cast(Slot, reading[0]))
        readings = self._windows.readings.items()
        alike = [
            self.placed[other].slots
            for other, own in readings
            if own and self.rows.depth[other] == self.rows.depth[code]
            if self.placed[other].slots.index(cast(Slot, own[0])) == first
        ]
        return all(len(slots) > first + self.width and slots[first][0].blank for slots in alike)

    def _like_full_rows(self, row: Placed) -> Candidate | None:
        """Return a row's reading in the columns in which all of several full rows like it stand."""
        columns = self.rows.columns_like(row)
        if len(columns) != 1 or columns.total() < _FEWEST_FULL:
            return None
        layout = candidates.Layout(next(iter(columns)), candidates.EXACT)
        return next(candidates.by_position(row.slots, [layout]), None)

    @cached_property
    def _windows(self) -> windows.Windows:
        """The readings of rows of marked cells by the rule that the table keeps to."""
        rows = {
            code: windows.Row(row.labels[-1].column if row.labels else -1, self.rows.depth[code], row.slots)
            for code, row in self.placed.items()
            if row.slots and not is_marked(row.slots)
        }
        return windows.windows(rows, self.width, lambda reading: holds(reading, self.sides))

    def is_odd(self, code: str) -> bool:
        """Tell whether a row lost or gained cells, as far as the other rows show it.

        Rows of a marked grid all end in one column; rows of text are compared with those under as many
        headings whose label stands in the same column. Where like rows have their figures in
        different columns, cells mean nothing.
        """
        row = self.placed[code]
        if is_marked(row.slots):
            return self.rows.ends[row.width] < _FEWEST_ENDS < len(self.placed) or self._is_unlike_peers(code)
        columns = self.rows.columns_like(row)
        is_alone = self.rows.like[self.rows.kind(code)] < _FEWEST_LIKE < len(self.placed)
        is_first = _is_beside_heading(row) and self.rows.ends[row.width] >= _FEWEST_ENDS
        return (is_alone and not is_first) or len(columns) > 1

    def _is_unlike_peers(self, code: str) -> bool:
        """Tell whether a row ends alone in its column: all rows under as many headings end in another one,
        or the two beside it are like others.

        Only rows with labels in one column are compared; where a table goes on in another part,
        all columns may change.
        """
        if self._is_shorter(code):
            return True
        column, _, depth = own = self.rows.kind(code)
        if self.rows.like[own] > 1:
            return False
        kinds = {other: self.rows.kind(other) for other in self.placed}
        level = [kind for kind in kinds.values() if (kind[0], kind[2]) == (column, depth) and kind != own]
        if len(level) >= _FEWEST_LIKE and len(set(level)) == 1:
            return True
        peers = [other for other, kind in kinds.items() if kind[0] == column]
        place = peers.index(code)
        near = {kinds[other] for other in (*peers[max(place - 1, 0) : place], *peers[place + 1 : place + 2])}
        return 0 < place < len(peers) - 1 and len(near) == 1 and self.rows.like[near.pop()] >= _FEWEST_ENDS

    def _is_shorter(self, code: str) -> bool:
        """Tell whether a row ends further left than the two beside it, which end in one column."""
        row = self.placed[code]
        line = row.slots[0][1]
        near = [other.width for other in self.placed.values() if abs(other.slots[0][1] - line) == 1]
        return len(near) == 2 and near[0] == near[1] > row.width


def _has_all_its_cells(run: Candidate, row: Placed) -> bool:
    """Tell whether a run of a row's cells is all of them, or begins and ends in figures: none was lost."""
    return len(run) == len(row.slots) or _ends_in_figures(run)


def _ends_in_figures(run: Candidate) -> bool:
    return all(slot is not None and not slot[0].blank for slot in (run[0], run[-1]))


def _is_beside_heading(row: Placed) -> bool:
    """Tell whether a heading stands in the cell before a row's label: only before the first of its block."""
    columns = [token.column for token in row.labels[-2:]]
    return len(columns) > 1 and columns[0] == columns[1] - 1
