"""The choice between candidate readings by the form's own arithmetic.

Belongs here: the third witness - which candidates satisfy the identities of a row - and what stays
open. Does not belong here: how candidates come about (candidates.py), all rows together (identities.py),
nor the judgement of the finished cells (checking/).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import inf
from statistics import median
from typing import cast

from pipeline.forms import COLUMN_KIND, Table, forms
from pipeline.reading.columns import candidates, offsets, windows
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.gridded import Grid, grid, is_filled_up
from pipeline.reading.columns.regular import by_length
from pipeline.reading.rows.placed import DOUBT, Alignment, Placed
from pipeline.reading.rows.slots import (
    Slot,
    adds_up,
    filled,
    is_by_program,
    is_marked,
    is_one_row,
    is_plain,
    joined,
    unread,
)
from pipeline.reading.words import labels
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import BARE, ENDING_PIPE, INDENTED, MARKED
from pipeline.reading.words.values import REPORTED

_NEARLY_ALL = 0.8
_MOST_OUTSIDE = 1  # rows out of step, above which a table's cells stand anywhere
_FEW = 10  # of so many rows one may have lost or gained a cell
_FEWEST_FULL = 3  # rows with all figures that show where rows like them have theirs
_FEWEST_ENDS = 3  # rows of a marked grid that end in one column
_MOST_LOST = 2  # cells of two rows that run together
_MOST_MARGIN = 3  # empty lines between a row's label and its first cell
_DASHES = frozenset("-—–－")
_FEWEST_LIKE = 2  # rows with labels in one column and as many cells, below which cells were lost or added
_FEWEST_FITTING = 5  # rows with cells to spare that show where the table's rows have theirs
_FEWEST_PIECES = 2  # words in a row that are pieces of cells, or signs

# Indexes of a row's columns on the two sides of an equation.
Sides = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(slots=True)
class Choice:
    """The readings of one row that nothing rules out; one when the row is decided.

    `how` is `counted` (as many figures or cells as columns), `position`, `headers` (all those of table 四
    are known; `some headers`: not all), `cells` (one channel of table 四 doesn't add up), `arithmetic` or
    `open`; `candidates` is empty when the row can't be read at all.
    Of an open row `told` holds the cells that are the same in all candidates and borne out by the columns,
    None at the others.
    """

    candidates: tuple[Candidate, ...]
    how: str
    told: Candidate = ()


OPEN = Choice((), "open")


def number(slot: Slot | None) -> int | float | None:
    """Return a slot's number for arithmetic: nothing written counts as 0, what is no count as None."""
    if slot is None:
        return 0
    found = slot[0].number
    return None if found is not None and found < 0 else found


def holds(candidate: Candidate, equations: Iterable[Sides]) -> bool:
    """Tell whether a row's reading satisfies its equations; a figure that is no count satisfies none."""
    return add_up([number(slot) for slot in candidate], equations)


def add_up(numbers: Sequence[int | float | None], equations: Iterable[Sides]) -> bool:
    """Tell whether a row's numbers satisfy its equations; one that is not known (None) satisfies none."""
    if None in numbers:
        equations = list(equations)
        if any(numbers[place] is None for left, right in equations for place in (*left, *right)):
            return False
    take = cast("Callable[[int], int | float]", numbers.__getitem__)
    for left, right in equations:  # noqa: SIM110 - `all` takes half as long again, and all rows come here
        if sum(map(take, left)) != sum(map(take, right)):
            return False
    return True


def choose_row(
    slots: Sequence[Slot],
    figures: Sequence[Slot],
    width: int,
    columns: Callable[[], Sequence[candidates.Layout]],
    sides: Sequence[Sides],
) -> Choice:
    """Return the readings of one row that the layout allows and its equations hold for.

    `figures` are those of its slots in which something stands.
    Where counting leaves one reading, that is what the source says, right or wrong;
    only where it leaves a doubt (blanks lost or added, stray figures) arithmetic decides.
    """
    if len(figures) == width and is_plain(figures):
        return Choice((tuple(figures),), "counted")
    if not figures or (len(figures) > width and not any(slot[0].number for slot in figures)):
        return _without_evidence(slots, width)
    if len(figures) > width:
        whole = joined(figures)
        if len(whole) == width:
            adds_up = has_number(whole) and holds(whole, sides)
            return Choice((whole if adds_up else unread(whole, figures),), "counted")
    counted = candidates.direct(slots, width)
    sure = len(figures) <= width and not any(slot[0].blank for slot in counted or ())
    if counted and (sure or holds(counted, sides)):
        return Choice((counted,), "counted")
    return _doubtful(slots, width, columns(), sides, counted)


def _doubtful(
    slots: Sequence[Slot],
    width: int,
    columns: Sequence[candidates.Layout],
    sides: Sequence[Sides],
    counted: Candidate | None,
) -> Choice:
    """Choose where counting leaves a doubt: by positions, then by arithmetic over all that is possible."""
    placed = distinct(candidates.by_position(slots, columns))
    fitting = next((candidate for candidate in placed if holds(candidate, sides)), None)
    if fitting and counted and is_marked(slots) and distinct([fitting, counted])[1:]:
        return OPEN  # its cells are as many as its columns: misprinted, or all of them moved
    if fitting:
        return Choice((fitting,), "position")
    by_arithmetic = _by_arithmetic(slots, width, sides)
    if by_arithmetic.candidates:
        return by_arithmetic
    fallback = counted or (placed[0] if len(placed) == 1 else None)
    if fallback is None:
        return OPEN
    in_place = is_one_row(slots) or fallback in placed
    taken = is_marked(slots) or (in_place and _can_be_asked(fallback, sides))
    return Choice((fallback,), "counted") if taken else OPEN


def _by_arithmetic(slots: Sequence[Slot], width: int, sides: Sequence[Sides]) -> Choice:
    """Return the readings that add up. Zeros add up wherever they stand: they prove none.

    A figure too many may be a stray one, or not, where the row also adds up without one of its zeros. Where
    it does so with two figures as the digits of one (1 and 0 for 10), nothing tells which it is.
    """
    if not has_number(slots):
        return OPEN
    holding = [option for option in candidates.possible(slots, width) if holds(option, sides)]
    if not holding:
        return OPEN
    figures = filled(slots)
    if any(holds(option, sides) for option in candidates.pasted(figures, width)):
        return OPEN
    rivals = candidates.without_zeros(figures, width)
    holding = distinct([*holding, *(option for option in rivals if holds(option, sides))])
    return Choice(tuple(holding), "arithmetic" if len(holding) == 1 else "open")


def is_of_pieces(figures: Sequence[Slot]) -> bool:
    """Tell whether words that nobody understands are pieces of cells or signs between them (5 + 3 = 8).

    What stands alone may then be no cell, and an empty cell leaves no trace.
    """
    odd = [token.text for token, _ in figures if token.mean is None and token.style == BARE]
    return (
        sum(any(map(str.isdigit, text)) or not any(map(str.isalpha, text)) for text in odd) >= _FEWEST_PIECES
    )


def has_number(slots: Iterable[Slot | None]) -> bool:
    """Tell whether some figure is more than zero, so that a wrong reading would not add up."""
    for slot in slots:  # noqa: SIM110 - `any` takes twice as long, and all rows come here
        if slot is not None and slot[0].number:
            return True
    return False


def _without_evidence(slots: Sequence[Slot], width: int) -> Choice:
    """Return the choice of a row that is empty, or of more zeros than columns: arithmetic can't tell them."""
    counted = candidates.direct(slots, width)
    if not counted and is_marked(slots) and not filled(slots):
        counted = (slots[0],) * width
    return Choice((counted,), "counted") if counted else OPEN


def _can_be_asked(candidate: Candidate, equations: Iterable[Sides]) -> bool:
    """Tell whether each equation has a figure on its left, so that a wrong reading would show."""
    return all(any(_is_figure(candidate[place]) for place in left) for left, _ in equations)


def _is_figure(slot: Slot | None) -> bool:
    return slot is not None and slot[0].mean is not None and slot[0].mean.status == REPORTED


def choose_table(
    table: Table, alignment: Alignment, entries: Sequence[Entry], end: int = -1
) -> dict[str, Choice]:
    """Return each row's choice; what all rows together decide comes after it (identities.py).

    `end` is the line that ends the table (-1: not known).
    """
    rows = _Rows(table, alignment.placed, entries, end)
    choices = {code: rows.choose(code) for code in alignment.placed}
    failing = rows.not_adding_up(choices)
    if rows.are_other_cells(choices, failing):
        return dict.fromkeys(choices, OPEN)
    if not failing or not any(len(band.figures) > 1 for band in alignment.unplaced):
        return choices
    return {code: OPEN if code in failing else choice for code, choice in choices.items()}


class _Rows:
    """The rows of one table, as witnesses of each other's layout."""

    def __init__(
        self, table: Table, placed: Mapping[str, Placed], entries: Sequence[Entry], end: int
    ) -> None:
        self.table = table
        self.placed = placed
        self.entries = entries
        self.end = end
        self.width = len(table.rows[0].columns)
        self.sides = row_sides(table)
        self._columns: dict[tuple[int, int], Counter[tuple[int, ...]]] = {}

    @cached_property
    def depth(self) -> dict[str, int]:
        """How many headings stand over each row's label."""
        return {row.code: len(row.headings) for row in self.table.rows}

    @cached_property
    def like(self) -> Counter[tuple[int, int, int]]:
        """How many rows are laid out alike."""
        return Counter(self._kind(code) for code in self.placed)

    def _kind(self, code: str) -> tuple[int, int, int]:
        """Return what rows share that lost or gained no cells: their layout, under as many headings."""
        return *_layout_group(self.placed[code]), self.depth[code]

    @cached_property
    def ends(self) -> Counter[int]:
        """How many rows reach to the same column."""
        return Counter(row.width for row in self.placed.values())

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
        if has_number(row.figures) or len(self.placed) == len(self.table.rows):
            return False
        codes = [one.code for one in self.table.rows]
        following = codes[codes.index(code) + 1 :][:1]
        lost = bool(following) and following[0] not in self.placed
        return lost and any(len(other.slots) < self.width for other in self.placed.values())

    def not_adding_up(self, choices: Mapping[str, Choice]) -> list[str]:
        """Return the rows that don't add up as read, of those whose cells have a line each.

        Their lines may be other cells: columns stand one after the other, as programs read a page.
        """
        return [code for code in self._lined(choices) if not holds(choices[code].candidates[0], self.sides)]

    def are_other_cells(self, choices: Mapping[str, Choice], failing: Sequence[str]) -> bool:
        """Tell whether most rows whose cells have a line each don't add up."""
        if len(failing) < _FEWEST_FULL or self._has_line_each:
            return False
        return 2 * len(failing) > len(self._lined(choices))

    def _lined(self, choices: Mapping[str, Choice]) -> list[str]:
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
            choice = choose_row(row.slots, row.figures, self.width, lambda: self.layouts_of(row), self.sides)
            return OPEN if not row.width and self._is_rivalled(row.slots, choice) else choice
        if is_one_row(row.slots) and not is_marked(row.slots):
            return self._of_cells(code, row)
        if is_one_row(row.slots) and self.is_odd(code) and not self._has_just_its_cells:
            return self._of_odd(code, row)
        told = self._by_own_lines(code, row) if row.width == 0 else None
        if told:
            return Choice((told,), "position") if self._is_unrivalled(row, told) else OPEN
        if row.width == 0:
            choice = self._of_lines(row)
        else:
            choice = choose_row(row.slots, row.figures, self.width, lambda: self.layouts_of(row), self.sides)
        return choice if all(self._is_borne_out(row, reading) for reading in choice.candidates) else OPEN

    def _of_odd(self, code: str, row: Placed) -> Choice:
        """Return the choice of a row of a marked grid that ends elsewhere than others, as after a page's end.

        A full row like it shows where its figures stand. Or it has as many cells as columns and adds up, and
        so does another row like it, or its first cell is filled: then none was lost beside its label.
        """
        if not is_marked(row.slots):
            return OPEN
        like = [other for key, other in self.placed.items() if self._kind(key) == self._kind(code)]
        columns = {tuple(token.column for token, _ in one.figures) for one in like if one.is_full(self.width)}
        if len(columns) == 1:
            layout = candidates.Layout(columns.pop(), candidates.EXACT)
            reading = next(candidates.by_position(row.slots, [layout]), None)
        else:
            whole = [other for other in like if self._adds_up(tuple(other.slots))]
            sure = len(whole) > 1 or any(not other.slots[0][0].blank for other in whole)
            reading = tuple(row.slots) if sure else None
        return Choice((reading,), "position") if reading and self._adds_up(reading) else OPEN

    def _by_own_lines(self, code: str, row: Placed) -> Candidate | None:
        """Read a row with a line for each cell where its lines are seen to be all of them."""
        told = self._by_whole_lines(row) or self._by_run(code)
        if told or has_number(row.figures):
            return told
        return self._by_length.get(code)

    @cached_property
    def _by_length(self) -> dict[str, Candidate]:
        """The readings of rows that are as long as their labels make them."""
        return by_length(self.table, self.placed, self.end, lambda reading: holds(reading, self.sides))

    def _passes(self, code: str, row: Placed) -> bool:
        """Tell whether figures stand in lines of a row that has too few, and are none of its cells.

        They stand before its own line, if it has just one. The next row's number is none of these.
        """
        if row.last < 0 or len(row.figures) >= self.width:
            return False
        own, following = {index for _, index in row.slots}, self._ordinals[code] + 1
        end = min(own) if row.width and len(own) == 1 else row.end
        return end > row.last + 1 and any(
            row.last < index < end and line.figures and line.tokens[-1].number != following
            for index, line in self.entries
            if index not in own
        )

    @cached_property
    def _ordinals(self) -> dict[str, int]:
        """The number of each row, from 1."""
        return {row.code: place for place, row in enumerate(self.table.rows, 1)}

    def _is_unrivalled(self, row: Placed, reading: Candidate) -> bool:
        """Tell whether a row adds up, or would in no other columns: a line of its own may be lost."""
        return holds(reading, self.sides) or not any(
            holds(other, self.sides) for other in candidates.possible(row.figures, self.width)
        )

    def _in_line(self, row: Placed) -> Placed:
        """Return a row as one of aligned words where its only figure stands so: alone it looks indented."""
        lone = row.slots[0] if len(row.slots) == 1 else None
        if lone is None or lone[0].style != INDENTED or not self._headers:
            return row
        slots = [(replace(lone[0], style=BARE), lone[1])]
        return replace(row, slots=slots, figures=filled(slots), width=1)

    @cached_property
    def _has_just_its_cells(self) -> bool:
        """Tell whether a marked grid has as many cells in each row as there are columns: none was lost."""
        return all(is_marked(row.slots) and len(row.slots) == self.width for row in self.placed.values())

    def _adds_up(self, reading: Candidate) -> bool:
        """Tell whether a row's cells, its total written in the last of them, add up to more than zero."""
        total = reading[-1] if len(reading) == self.width else None
        return total is not None and bool(total[0].number) and holds(reading, self.sides)

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

    def _of_cells(self, code: str, row: Placed) -> Choice:
        """Return the choice of a line of marked cells that has fewer figures than columns.

        Full rows that are like it, or the table's own rule, tell where they stand, also when the row is
        misprinted. Without these an empty cell means nothing: then arithmetic alone may place the figures.
        """
        reading = self._like_full_rows(row)
        outside = 0
        if reading is None:
            reading, outside = self._windows.readings.get(code), self._windows.outside
        if reading and outside <= max(_MOST_OUTSIDE, len(self.placed) // _FEW) and holds(reading, self.sides):
            regular = has_number(reading) or (
                not outside and not self._lost_its_label(row) and self._is_regular(code, reading)
            )
            return Choice((reading,), "position") if regular else self._of_zeros(code, row)
        if not has_number(row.figures):
            return self._of_zeros(code, row)
        by_arithmetic = _by_arithmetic(row.figures, self.width, self.sides)
        misprinted = reading and not outside and not self.is_odd(code) and _can_be_asked(reading, self.sides)
        misprinted = misprinted and not self._may_end_in_number(code)
        if reading and misprinted and not by_arithmetic.candidates:
            return Choice((reading,), "position")
        return by_arithmetic

    def _may_end_in_number(self, code: str) -> bool:
        """Tell whether a row's last figure may be the running number of the next row, from 1 on."""
        return self.placed[code].figures[-1][0].number == self._ordinals[code] + 1

    def _of_zeros(self, code: str, row: Placed) -> Choice:
        """Return the choice of a row of zeros and blanks that is whole, though its table keeps to no rule.

        One row out of step is not: it lost or gained a cell. Where the headers show the grid it is as long.
        """
        told = self._grid.read(row.slots, self.width) if self._grid else None
        if told and holds(told, self.sides):
            return Choice((told,), "position")
        run = next((run for run in candidates.in_a_run(row.slots, self.width) if _is_whole(run, row)), None)
        if run is None or not self._is_rectangular or self.is_odd(code) or not holds(run, self.sides):
            return OPEN
        readings, outside = self._windows
        in_step = not readings or outside > _MOST_OUTSIDE or readings[code] == run
        is_shown = (len(row.slots), self.depth[code]) in self._shown
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
        return not is_longest and is_filled_up(self.entries, self._names, self._label_columns)

    @cached_property
    def _label_columns(self) -> list[int]:
        """The columns of the rows' labels."""
        return [row.labels[-1].column for row in self.placed.values() if row.labels]

    @cached_property
    def _grid(self) -> Grid | None:
        """The columns that the headers show to be the cells', if all rows have their figures in them."""
        found = grid(self.entries, self._names, self._label_columns)
        return found if found and all(found.holds(row.figures) for row in self.placed.values()) else None

    def _is_regular(self, code: str, reading: Candidate) -> bool:
        """Tell whether a row of zeros and blanks has just its cells, as far as other rows show it."""
        row = self.placed[code]
        if None in reading:
            return False  # where a column has no cell one was lost
        if self._would_show_a_lost_cell:
            return reading[-1] is row.slots[-1] or not self._may_begin_later(code, reading)
        is_borne_out = self._is_borne_out(row, reading)
        if self.is_odd(code) or not (is_borne_out or self._is_rectangular):
            return False
        if is_borne_out and reading[-1] is row.slots[-1]:
            return True
        return not self._may_begin_later(code, reading) and self._is_held(row, self.depth[code], reading)

    def _is_held(self, row: Placed, depth: int, reading: Candidate) -> bool:
        """Tell whether a row's figures fit in one place among its cells, or other rows show their place.

        Tabs that somebody set may fill up rows anywhere, but hardly where all rows end in their totals, or
        have cells to spare.
        """
        if _is_whole(reading, row):
            return True
        is_filled_up, like = self._is_filled_up(row), self._fitting[len(row.slots), depth]
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
            (len(row.slots), self.depth[code])
            for code, row in self.placed.items()
            if len(row.slots) > self.width and self._fits_once(row.slots)
        )

    @cached_property
    def _shown(self) -> set[tuple[int, int]]:
        """The cells and depths of rows of which one shows its columns: from end to end, or by its sum."""
        return {
            (len(row.slots), self.depth[code])
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
        return len(self.ends) == 1

    @cached_property
    def _would_show_a_lost_cell(self) -> bool:
        """Tell whether rows under as many headings have as many cells, and others end in another column.

        No program has filled the rows up to one width then, so that a row with a cell less would be shorter.
        """
        lengths: dict[int, list[int]] = {}
        for code, row in self.placed.items():
            if not row.width or not is_one_row(row.slots):
                return False
            lengths.setdefault(self.depth[code], []).append(len(row.slots))
        varied = sum(count >= _FEWEST_ENDS for count in self.ends.values()) > 1
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
            if own and self.depth[other] == self.depth[code]
            if self.placed[other].slots.index(cast(Slot, own[0])) == first
        ]
        return all(len(slots) > first + self.width and slots[first][0].blank for slots in alike)

    def _like_full_rows(self, row: Placed) -> Candidate | None:
        """Return a row's reading in the columns in which all of several full rows like it stand."""
        columns = self._columns_like(row)
        if len(columns) != 1 or columns.total() < _FEWEST_FULL:
            return None
        layout = candidates.Layout(next(iter(columns)), candidates.EXACT)
        return next(candidates.by_position(row.slots, [layout]), None)

    @cached_property
    def _windows(self) -> windows.Windows:
        """The readings of rows of marked cells by the rule that the table keeps to."""
        rows = {
            code: windows.Row(row.labels[-1].column if row.labels else -1, self.depth[code], row.slots)
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
            return self.ends[row.width] < _FEWEST_ENDS < len(self.placed) or self._is_unlike_peers(code)
        columns = self._columns_like(row)
        is_alone = self.like[self._kind(code)] < _FEWEST_LIKE < len(self.placed)
        is_first = _is_beside_heading(row) and self.ends[row.width] >= _FEWEST_ENDS
        return (is_alone and not is_first) or len(columns) > 1

    def _is_unlike_peers(self, code: str) -> bool:
        """Tell whether a row ends alone in its column: all rows under as many headings end in another one,
        or the two beside it are like others.

        Only rows with labels in one column are compared; where a table goes on in another part,
        all columns may change.
        """
        if self._is_shorter(code):
            return True
        column, _, depth = own = self._kind(code)
        if self.like[own] > 1:
            return False
        kinds = {other: self._kind(other) for other in self.placed}
        level = [kind for kind in kinds.values() if (kind[0], kind[2]) == (column, depth) and kind != own]
        if len(level) >= _FEWEST_LIKE and len(set(level)) == 1:
            return True
        peers = [other for other, kind in kinds.items() if kind[0] == column]
        place = peers.index(code)
        near = {kinds[other] for other in (*peers[max(place - 1, 0) : place], *peers[place + 1 : place + 2])}
        return 0 < place < len(peers) - 1 and len(near) == 1 and self.like[near.pop()] >= _FEWEST_ENDS

    def _is_shorter(self, code: str) -> bool:
        """Tell whether a row ends further left than the two beside it, which end in one column."""
        row = self.placed[code]
        line = row.slots[0][1]
        near = [other.width for other in self.placed.values() if abs(other.slots[0][1] - line) == 1]
        return len(near) == 2 and near[0] == near[1] > row.width

    def _columns_like(self, row: Placed) -> Counter[tuple[int, ...]]:
        """Return the columns of the figures of full rows that are like a row."""
        group = _layout_group(row)
        if group not in self._columns:
            full = [
                other for other in self.placed.values() if other.width and len(other.figures) == self.width
            ]
            like = [other.figures for other in full if _layout_group(other) == group]
            columns = (tuple([token.column for token, _ in figures]) for figures in like)
            self._columns[group] = Counter(columns)
        return self._columns[group]

    def _is_borne_out(self, row: Placed, candidate: Candidate) -> bool:
        """Tell whether arithmetic bears out where the empty cells of a row of text are.

        A row of zeros and blanks adds up wherever the blanks are. It is taken only when its
        line marks each cell and its total is written: a lost cell would have moved the total.
        Or each figure stands under those of the same column in other rows: nothing moved them.
        """
        figures = [slot for slot in candidate if slot is not None and not slot[0].blank]
        if not figures or any(slot[0].number for slot in figures):
            return True
        if is_marked(row.slots):
            return None not in candidate  # where a column has no cell one was lost
        if row.width > 0 and figures[0][0].style == BARE:
            return candidate in candidates.by_position(row.slots, self.layouts_of(row)[:1])
        return row.width > 0 and all(_is_figure(candidate[place]) for left, _ in self.sides for place in left)

    def _of_lines(self, row: Placed) -> Choice:
        """Return the choice of a row whose cells have a line each, some of them empty.

        A row that has its total where nearly all others have theirs, and adds up in no way, is misprinted.
        """
        by_lines = self._by_lines(row)
        if by_lines and holds(by_lines, self.sides):
            return Choice((by_lines,), "position")
        choice = self._of_other_lines(row)
        misprinted = by_lines and not choice.candidates and _can_be_asked(by_lines, self.sides)
        return Choice((by_lines,), "position") if by_lines and misprinted else choice

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
        lines = {index for index, _ in self.entries}
        before: dict[int, set[int]] = {}
        for code, row in self.placed.items():
            after = row.last + self.width + 1
            own = [index for _, index in row.slots[: self.width]]
            if row.width or after in lines or own != list(range(row.last + 1, after)):
                return False
            first = row.last
            while first - 1 in lines:
                first -= 1
            before.setdefault(self.depth[code], set()).add(row.last - first)
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
        if self._has_line_each:
            return True
        rows = [row for row in self.placed.values() if row.last >= 0 and has_number(row.figures)]
        read = [reading for row in rows if (reading := self._by_lines(row))]
        failing = len(rows) - sum(holds(reading, self.sides) for reading in read)
        return failing <= max(_MOST_OUTSIDE, (1 - _NEARLY_ALL) * len(rows))

    @property
    def _has_line_each(self) -> bool:
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
    def _margin(self) -> int | None:
        """How many empty lines stand before the cells of a row, None where that varies.

        Nearly all rows that add up end in the same column then, that of their totals, or there is no line to
        spare.
        """
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

    def layouts_of(self, row: Placed) -> list[candidates.Layout]:
        """Return the column layouts of the rows that are like this one, or that the headers show."""
        found = self._layouts[_layout_group(row)] or self._of_same_columns(row)
        if row.slots[0][0].style != BARE or not self._headers:
            return found
        told = [list(candidates.by_position(row.slots, [layout])) for layout in (*found[:1], *self._headers)]
        return self._headers if all(reading == told[0] for reading in told) else []

    def _of_same_columns(self, row: Placed) -> list[candidates.Layout]:
        """Return the column layout of rows of a marked grid whose cells stand in the same columns as these.

        Their labels stand under other headings. [] where there are several.
        """
        if not is_marked(row.slots):
            return []
        own = [token.column for token, _ in row.slots]
        groups = {
            _layout_group(other)
            for other in self.placed.values()
            if is_marked(other.slots) and [token.column for token, _ in other.slots] == own
        }
        found = {self._layouts[group][0] for group in groups if self._layouts[group]}
        return list(found) if len(found) == 1 else []

    @cached_property
    def _headers(self) -> list[candidates.Layout]:
        lines = [row.figures for row in self.placed.values() if row.slots[0][0].style == BARE and row.width]
        # Garbled figures have other widths.
        rows = [[slot for slot in line if slot[0].mean] for line in lines]
        if not candidates.are_aligned(rows):
            return []
        spans = offsets.headers(self.entries, self._names)
        totals = [figures[-1] for figures in rows if figures and _ends_in_sum(figures)]
        found = offsets.under(spans, rows, totals) if spans and totals else None
        return [found] if found else []

    @cached_property
    def _names(self) -> list[list[str]]:
        """The spellings of each column's header."""
        spellings = labels.spellings(COLUMN_KIND[self.table.code])
        columns = self.table.rows[0].columns
        return [[name for name, code in spellings.items() if code == column.code] for column in columns]

    @cached_property
    def _layouts(self) -> dict[tuple[int, int], list[candidates.Layout]]:
        """Column layouts by group of like rows."""
        groups: dict[tuple[int, int], list[Sequence[Slot]]] = {}
        for row in self.placed.values():
            groups.setdefault(_layout_group(row), []).append(row.slots)
        return {group: _supported(rows, self.width, self.sides) for group, rows in groups.items()}


def _ends_as_page(figures: Sequence[Slot]) -> bool:
    """Tell whether words end in a number between dashes, as a page's is printed: - 6 -."""
    before, number, after = (token for token, _ in figures[-3:])
    return after.style == BARE and before.text == after.text and bool(number.number)


def _ends_in_sum(figures: Sequence[Slot]) -> bool:
    """Tell whether the last figure is the sum of the others, so that it is the row's total."""
    return has_number(figures) and adds_up(figures)


def _length(row: Placed) -> int:
    """Return how many lines lie between a label and the next, or how many cells where a line has several."""
    return len(row.slots) if row.slots[0][0].style == ENDING_PIPE else row.end - row.last


def _layout_group(row: Placed) -> tuple[int, int]:
    """Return what rows share that have their figures in the same columns: label column and cells.

    In text a label in a line above that of the cells has no column among them.
    """
    token, entry = row.slots[0]
    if token.style == BARE:
        return -1, 0
    if token.style != MARKED and 0 <= row.last < entry:
        return -1, row.width
    return (row.labels[-1].column if row.labels else -1), row.width


def _is_whole(run: Candidate, row: Placed) -> bool:
    """Tell whether a run of a row's cells is all of them, or begins and ends in figures: none was lost."""
    return len(run) == len(row.slots) or _ends_in_figures(run)


def _ends_in_figures(run: Candidate) -> bool:
    return all(slot is not None and not slot[0].blank for slot in (run[0], run[-1]))


def _is_beside_heading(row: Placed) -> bool:
    """Tell whether a heading stands in the cell before a row's label: only before the first of its block."""
    columns = [token.column for token in row.labels[-2:]]
    return len(columns) > 1 and columns[0] == columns[1] - 1


def _supported(rows: Sequence[Sequence[Slot]], width: int, sides: Sequence[Sides]) -> list[candidates.Layout]:
    """Return the column layouts that suit all of some like rows, best supported first.

    Cells that are marked speak so only in rows without a figure too many: that may be a page's number,
    printed over one of them. [] when two are equally well supported: then cells may stand anywhere.
    """
    support: list[tuple[int, candidates.Layout]] = []
    fitting = [slots for slots in rows if 0 < len(filled(slots)) <= width]
    for columns in candidates.column_layouts(rows, width):
        told = fitting if columns.edge == candidates.EXACT else filter(filled, rows)
        readings = [next(candidates.by_position(slots, [columns]), None) for slots in told]
        if None not in readings and len(readings) > 1:
            support.append((sum(1 for reading in readings if reading and holds(reading, sides)), columns))
    support.sort(key=lambda item: -item[0])
    if len(support) > 1 and support[0][0] == support[1][0]:
        return []
    return [columns for _, columns in support]


def row_sides(table: Table) -> list[Sides]:
    """Return the equations of a table's rows as column indexes (all rows have the same)."""
    return _row_sides(table.form, table.code)


@cache
def _row_sides(form: str, code: str) -> list[Sides]:
    table = forms()[form].tables[code]
    order = {label.code: place for place, label in enumerate(table.rows[0].columns)}
    first = table.rows[0].code
    return [
        (tuple(order[c] for _, c in equation.left), tuple(order[c] for _, c in equation.right))
        for equation in table.equations
        if equation.row_code == first
    ]


def meaning(slot: Slot | None) -> str:
    """Return what a slot says, whichever of several equal slots it is; no slot says what a blank says."""
    return "" if slot is None or slot[0].blank else slot[0].text


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that say different things."""
    return list({tuple(map(meaning, candidate)): candidate for candidate in candidates}.values())
