"""The choice between the candidate readings of a table's rows.

Belongs here: which witness is asked for a row, and what speaks against its reading. Does not belong here:
what one row's arithmetic allows (arithmetic.py), what rows show of each other (witnesses.py, marked.py,
own_lines.py), all rows together (identities.py), nor the judgement of the finished cells (checking/).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from math import inf
from statistics import median

from pipeline.forms import Table
from pipeline.reading.columns import candidates
from pipeline.reading.columns.arithmetic import (
    OPEN,
    Choice,
    by_arithmetic,
    choose_row,
    distinct,
    has_number,
    holds,
    is_of_pieces,
)
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.marked import MarkedRows
from pipeline.reading.columns.own_lines import LinedRows
from pipeline.reading.columns.witnesses import Rows
from pipeline.reading.rows.placed import DOUBT, Alignment, Placed
from pipeline.reading.rows.slots import CELL_STYLES, Slot, filled, is_marked, is_one_row, is_plain
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import BARE, ENDING_PIPE, INDENTED

_FEWEST_FULL = 3  # rows with all figures that show where rows like them have theirs
_MOST_LOST = 2  # cells of two rows that run together
_DASHES = frozenset("-—–－")


def choose_table(
    table: Table, alignment: Alignment, entries: Sequence[Entry], end: int = -1
) -> dict[str, Choice]:
    """Return each row's choice; what all rows together decide comes after it (identities.py).

    `end` is the line that ends the table (-1: not known).
    """
    rows = _Table(Rows(table, alignment.placed, entries, end))
    choices = {code: rows.choose(code) for code in alignment.placed}
    failing = rows.not_adding_up(choices)
    if rows.are_other_cells(choices, failing):
        return dict.fromkeys(choices, OPEN)
    if not failing or not any(len(band.figures) > 1 for band in alignment.unplaced):
        return choices
    return {code: OPEN if code in failing else choice for code, choice in choices.items()}


class _Table:
    """The rows of one table, and those who are asked for them."""

    def __init__(self, rows: Rows) -> None:
        self.rows, self.placed, self.width, self.sides = rows, rows.placed, rows.width, rows.sides

    @cached_property
    def marked(self) -> MarkedRows:
        """The rows in lines of marked cells."""
        return MarkedRows(self.rows)

    @cached_property
    def lined(self) -> LinedRows:
        """The rows with a line for each cell."""
        return LinedRows(self.rows)

    def choose(self, code: str) -> Choice:
        """Return the choice of one row."""
        row = self.placed[code]
        if row.how != DOUBT and row.is_full(self.width):
            return self._of_full(code, row)  # nearly every row
        choice = self._by_layout(code)
        told = len(choice.candidates) == 1
        if told and is_plain(row.figures):
            return choice
        parted = candidates.parted(row.figures, self.width)
        whole = parted or candidates.parted(row.slots, self.width)
        if whole is not None and has_number(whole) and holds(whole, self.sides):
            return Choice((whole,), "arithmetic")
        # It reads a cell of two figures as none, and one beside it as empty: the lines may be at fault.
        return OPEN if told and parted else choice

    def _of_full(self, code: str, row: Placed) -> Choice:
        """Return the choice of a row with a figure for each column: its cells may hold another row's too."""
        choice = Choice((tuple(row.figures),), "counted")
        if _are_interleaved(row.figures):
            return OPEN
        if row.figures[-1][0].text in _DASHES and _ends_as_page(row.figures):
            return choice if holds(choice.candidates[0], self.sides) else OPEN
        rivalled = not row.width and (
            self._holds_two(row) or self._may_end_in_next(code, row) or self._is_rivalled(row.slots, choice)
        )
        return OPEN if rivalled else choice

    def _may_end_in_next(self, code: str, row: Placed) -> bool:
        """Tell whether zeros after a row's label may be those of two rows, the next one's label lost.

        Where empty cells leave no lines, two rows of zeros may have as many figures as one.
        """
        if len(self.placed) == len(self.rows.table.rows) or has_number(row.figures):
            return False
        codes = [one.code for one in self.rows.table.rows]
        following = codes[codes.index(code) + 1 :][:1]
        lost = bool(following) and following[0] not in self.placed
        return lost and any(len(other.slots) < self.width for other in self.placed.values())

    def not_adding_up(self, choices: Mapping[str, Choice]) -> list[str]:
        """Return the rows that don't add up as read, of those whose cells have a line each.

        Their lines may be other cells: columns stand one after the other, as programs read a page.
        """
        return [
            code for code in self._in_own_lines(choices) if not holds(choices[code].candidates[0], self.sides)
        ]

    def are_other_cells(self, choices: Mapping[str, Choice], failing: Sequence[str]) -> bool:
        """Tell whether most rows whose cells have a line each don't add up."""
        if len(failing) < _FEWEST_FULL or self.lined.has_line_each:
            return False
        return 2 * len(failing) > len(self._in_own_lines(choices))

    def _in_own_lines(self, choices: Mapping[str, Choice]) -> list[str]:
        rows = self.placed.items()
        lined = [code for code, row in rows if not row.width and row.slots[0][0].style == BARE]
        return [
            code
            for code in lined
            if has_number(self.placed[code].figures) and len(choices[code].candidates) == 1
        ]

    def _by_layout(self, code: str) -> Choice:
        row = self._in_line(self.placed[code])
        if row.how == DOUBT or self._holds_two(row) or is_of_pieces(row.figures) or self._passes(code, row):
            return OPEN
        if len(row.figures) >= self.width or not row.figures:
            choice = choose_row(
                row.slots, row.figures, self.width, lambda: self.rows.layouts_of(row), self.sides
            )
            return OPEN if not row.width and self._is_rivalled(row.slots, choice) else choice
        if is_one_row(row.slots) and not is_marked(row.slots):
            return self.marked.choose(code, row)
        if is_one_row(row.slots) and self.marked.is_odd(code) and not self.marked.has_just_its_cells:
            return self.marked.choose_odd(code, row)
        told = self.lined.whole(code, row) if row.width == 0 else None
        if told:
            return Choice((told,), "position") if self._is_unrivalled(row, told) else OPEN
        if row.width == 0:
            choice = self.lined.choose(row)
        elif row.slots[0][0].style in CELL_STYLES and not is_one_row(row.slots):
            choice = by_arithmetic(row.figures, self.width, self.sides)  # of a line cut within its cells
        else:
            choice = choose_row(
                row.slots, row.figures, self.width, lambda: self.rows.layouts_of(row), self.sides
            )
        return choice if all(self.rows.is_borne_out(row, reading) for reading in choice.candidates) else OPEN

    def _passes(self, code: str, row: Placed) -> bool:
        """Tell whether figures stand in lines of a row that has too few, and are none of its cells.

        They stand before its own line, if it has just one. The next row's number is none of these.
        """
        if row.last < 0 or len(row.figures) >= self.width:
            return False
        own, following = {index for _, index in row.slots}, self.rows.ordinals[code] + 1
        end = min(own) if row.width and len(own) == 1 else row.end
        return end > row.last + 1 and any(
            row.last < index < end and line.figures and line.tokens[-1].number != following
            for index, line in self.rows.entries
            if index not in own
        )

    def _is_unrivalled(self, row: Placed, reading: Candidate) -> bool:
        """Tell whether a row adds up, or would in no other columns: a line of its own may be lost."""
        return holds(reading, self.sides) or not any(
            holds(other, self.sides) for other in candidates.possible(row.figures, self.width)
        )

    def _in_line(self, row: Placed) -> Placed:
        """Return a row as one of aligned words where its only figure stands so: alone it looks indented."""
        lone = row.slots[0] if len(row.slots) == 1 else None
        if lone is None or lone[0].style != INDENTED or not self.rows.headers:
            return row
        slots = [(replace(lone[0], style=BARE), lone[1])]
        return replace(row, slots=slots, figures=filled(slots), width=1)

    def _holds_two(self, row: Placed) -> bool:
        """Tell whether the lines after a row's label hold another row too, which lost its label."""
        if row.width or row.last < 0 or row.end < 0 or _length(row) < self._longest:
            return False
        return not self._is_one(row.figures)

    def _is_one(self, figures: Sequence[Slot]) -> bool:
        """Tell whether figures are one row: of two rows that run on, the first would have to be zeros."""
        return len(figures) == self.width and bool(figures[0][0].number) and holds(tuple(figures), self.sides)

    @cached_property
    def _longest(self) -> float:
        """How many lines are those of two rows, in tables whose cells have a line each."""
        lined = [row for row in self.placed.values() if not row.width and row.last >= 0 and row.end >= 0]
        return median(map(_length, lined)) + self.width - _MOST_LOST if len(lined) >= _FEWEST_FULL else inf

    def _is_rivalled(self, slots: Sequence[Slot], choice: Choice) -> bool:
        """Tell whether some cells in a row, empty ones among them, add up otherwise than the figures alone.

        A figure beside them may be the number of the next row.
        """
        if len(choice.candidates) != 1 or len(slots) <= self.width or not has_number(choice.candidates[0]):
            return False
        figures = choice.candidates[0]
        runs = [tuple(slots[start : start + self.width]) for start in range(len(slots) - self.width + 1)]
        others = [one for one in runs if one[0] is not figures[0] or one[-1] is not figures[-1]]
        rivals = [one for one in others if has_number(one) and holds(one, self.sides)]
        return bool(rivals) and len(distinct([figures, *rivals])) > 1


def _are_interleaved(figures: Sequence[Slot]) -> bool:
    """Tell whether words of a later line stand among the columns of an earlier one: pieces of its figures.

    A line that goes on in the next does so at its beginning.
    """
    if figures[0][0].style != BARE or figures[0][1] == figures[-1][1]:
        return False  # nearly every row
    return any(
        before[1] != after[1] and figures[0][0].column < after[0].column <= before[0].column
        for before, after in pairwise(figures)
    )


def _ends_as_page(figures: Sequence[Slot]) -> bool:
    """Tell whether words end in a number between dashes, as a page's is printed: - 6 -."""
    before, number, after = (token for token, _ in figures[-3:])
    return after.style == BARE and before.text == after.text and bool(number.number)


def _length(row: Placed) -> int:
    """Return how many lines lie between a label and the next, or how many cells where a line has several."""
    return len(row.slots) if row.slots[0][0].style == ENDING_PIPE else row.end - row.last
