"""Rows with a line for each cell: which of the lines are the form's columns.

Belongs here: how many lines the rows of such a table have, where they begin and end. Does not belong here:
rows in one line (marked.py, witnesses.py), zeros told by the length of all rows (regular.py).
"""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from pipeline.reading.columns import candidates
from pipeline.reading.columns.arithmetic import OPEN, Choice, can_be_asked, choose_row, has_number, holds
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.regular import by_length
from pipeline.reading.columns.witnesses import Rows
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import Slot, filled

_NEARLY_ALL = 0.8
_MOST_OUTSIDE = 1  # rows out of step, above which a table's cells stand anywhere
_FEW = 10  # of so many rows one may have lost or gained a cell
_FEWEST_FULL = 3  # rows with all figures that show where rows like them have theirs
_LINES_APART = range(2, 5)  # of all figures from the next; of 自然人 and 总计 alone five lines and more are
_LINES_OF_FIGURE = range(1, 9)  # its own and empty ones beside it
_MOST_MARGIN = 3  # empty lines between a row's label and its first cell


class LinedRows:
    """The rows of a table whose cells have a line each."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.placed, self.width, self.sides = rows, rows.placed, rows.width, rows.sides

    def choose(self, row: Placed) -> Choice:
        """Return the choice of a row whose cells have a line each, some of them empty.

        A row that has its total where nearly all others have theirs, and adds up in no way, is misprinted.
        """
        by_lines = self._by_lines(row)
        if by_lines and holds(by_lines, self.sides):
            return Choice((by_lines,), "position")
        choice = self._of_other_lines(row)
        misprinted = by_lines and not choice.candidates and can_be_asked(by_lines, self.sides)
        return Choice((by_lines,), "position") if by_lines and misprinted else choice

    def whole(self, code: str, row: Placed) -> Candidate | None:
        """Read a row with a line for each cell where its lines are seen to be all of them."""
        told = self._by_whole_lines(row) or self._by_run(code)
        if told or has_number(row.figures):
            return told
        return self._by_length.get(code)

    @cached_property
    def _by_length(self) -> dict[str, Candidate]:
        """The readings of rows that are as long as their labels make them."""
        return by_length(
            self.rows.table, self.placed, self.rows.end, lambda reading: holds(reading, self.sides)
        )

    def _by_run(self, code: str) -> Candidate | None:
        """Read a row of zeros with a line for each cell, up to the empty line that ends each row's lines."""
        row = self.placed[code]
        if has_number(row.figures) or not self._would_show_a_lost_line:
            return None
        return tuple(row.slots[: self.width])

    @cached_property
    def _would_show_a_lost_line(self) -> bool:
        """Tell whether each row has as many lines as cells, then an empty one, and some rows more labels.

        No program has filled the rows up to one width then, so that a row with a cell less would be shorter.
        """
        lines = {index for index, _ in self.rows.entries}
        before: dict[int, set[int]] = {}
        for code, row in self.placed.items():
            after = row.last + self.width + 1
            own = [index for _, index in row.slots[: self.width]]
            if row.width or after in lines or own != list(range(row.last + 1, after)):
                return False
            first = row.last
            while first - 1 in lines:
                first -= 1
            before.setdefault(self.rows.depth[code], set()).add(row.last - first)
        depths = [labels.pop() for labels in before.values() if len(labels) == 1]
        return len(depths) == len(before) and len(set(depths)) > 1

    def _of_other_lines(self, row: Placed) -> Choice:
        """Return the choice of a row that ends elsewhere than others do, or that doesn't add up."""
        if len(row.slots) == self.width and self._are_whole and holds(tuple(row.slots), self.sides):
            return Choice((tuple(row.slots),), "position")
        if any(len(other.slots) > self.width for other in self.placed.values()):
            found = self._by_index.get(id(row.slots))
            if found or row.figures:
                return Choice((found,), "position") if found and holds(found, self.sides) else OPEN
        return choose_row(row.slots, row.figures, self.width, tuple, self.sides)

    @cached_property
    def _are_whole(self) -> bool:
        """Tell whether nearly all rows have as many cells, empty ones among them, as there are columns."""
        whole = sum(len(row.slots) == self.width for row in self.placed.values())
        return whole >= _NEARLY_ALL * len(self.placed)

    @cached_property
    def _by_index(self) -> dict[int, Candidate]:
        """Readings of rows with a line for each cell, by the one offset that suits them best."""
        rows = [row.slots for row in self.placed.values() if row.width == 0]
        options = candidates.by_index(rows, self.width)
        support = [self._support(rows, option) for option in options]
        best = max(support, default=-1)
        if best < 0 or support.count(best) != 1:
            return {}
        chosen = options[support.index(best)]
        return {id(slots): reading for slots, reading in zip(rows, chosen, strict=True) if reading}

    def _support(self, rows: Sequence[Sequence[Slot]], option: Sequence[Candidate | None]) -> int:
        """Count the rows that a reading holds for, -1 when it doesn't fit several that have empty cells."""
        short = [
            reading
            for slots, reading in zip(rows, option, strict=True)
            if 0 < len(filled(slots)) < self.width
        ]
        if short.count(None) > max(_MOST_OUTSIDE, len(short) // _FEW):
            return -1
        return sum(1 for reading in option if reading and holds(reading, self.sides))

    def _by_whole_lines(self, row: Placed) -> Candidate | None:
        """Read a row with a line for each cell when it has as many lines as nearly all others."""
        whole = self._span >= self.width and row.end - row.last - 1 == self._span
        return self._by_lines(row) if whole and row.end >= 0 and self._lines_add_up else None

    @cached_property
    def _lines_add_up(self) -> bool:
        """Tell whether nearly all rows with figures add up when their lines are their cells."""
        if self.has_line_each:
            return True
        rows = [row for row in self.placed.values() if row.last >= 0 and has_number(row.figures)]
        read = [reading for row in rows if (reading := self._by_lines(row))]
        failing = len(rows) - sum(holds(reading, self.sides) for reading in read)
        return failing <= max(_MOST_OUTSIDE, (1 - _NEARLY_ALL) * len(rows))

    @property
    def has_line_each(self) -> bool:
        """Tell whether nearly all rows have just as many lines as columns: each of them is a cell."""
        return self._span == self.width

    def _by_lines(self, row: Placed) -> Candidate | None:
        """Read a row whose cells have a line each: it has as many lines as others, or ends in its total."""
        if row.last < 0 or self._margin is None:
            return None
        label = row.last + self._margin
        whole = row.end - row.last - 1 == self._span
        return candidates.by_lines(row.slots, label, label + self.width + 1 if whole else -1, self.width)

    @cached_property
    def _span(self) -> int:
        """How many lines stand between label and label in nearly all rows, -1 where that varies."""
        spans = [row.end - row.last - 1 for row in self.placed.values() if row.last >= 0 and row.end >= 0]
        usual, count = Counter(spans).most_common(1)[0] if spans else (self.width, 0)
        return usual if count >= _NEARLY_ALL * len(spans) else -1

    @cached_property
    def _figures_take_lines(self) -> bool:
        """Tell whether rows are longer by as many lines for each of their figures: empty lines go with it.

        Its distance from the label then tells no column.
        """
        if self._span >= 0:
            return False
        rows = [row for row in self.placed.values() if row.last >= 0 and row.end >= 0]
        steps = {after[1] - before[1] for row in rows for before, after in pairwise(row.figures)}
        if len(steps) == 1 and not steps.isdisjoint(_LINES_APART):
            return True
        lines = [(row.end - row.last, len(row.figures)) for row in rows]
        rests = (Counter(count - each * figures for count, figures in lines) for each in _LINES_OF_FIGURE)
        return bool(rows) and max(rest.most_common(1)[0][1] for rest in rests) >= _NEARLY_ALL * len(rows)

    @cached_property
    def _margin(self) -> int | None:
        """How many empty lines stand before the cells of a row, None where that varies.

        Nearly all rows that add up end in the same column then, that of their totals, or there is no line to
        spare.
        """
        if self._figures_take_lines:
            return None
        rows = [row for row in self.placed.values() if row.last >= 0 and has_number(row.figures)]
        before = Counter(
            row.figures[-1][1] - row.last - self.width for row in rows if self._ends_in_total(row)
        )
        margin, count = before.most_common(1)[0] if before else (0, 0)
        is_usual = len(rows) >= _FEWEST_FULL and count >= _NEARLY_ALL * before.total()
        if is_usual and 0 <= margin <= _MOST_MARGIN:
            return margin
        return 0 if self._span == self.width else None

    def _ends_in_total(self, row: Placed) -> bool:
        """Tell whether as many lines as columns up to a row's last figure add up: it is no page number."""
        reading = candidates.by_lines(row.slots, row.figures[-1][1] - self.width, -1, self.width)
        return reading is not None and holds(reading, self.sides)
