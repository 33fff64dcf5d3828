"""The rows of one table as witnesses of each other's layout.

Belongs here: what rows are like each other, and the columns that several show together, or the headers over
them. Does not belong here: the choice of a row's reading (choose.py), where each line is a row of marked
cells (marked.py) or each cell has a line (own_lines.py).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from pipeline.forms import COLUMN_KIND, Table
from pipeline.reading.columns import candidates, offsets
from pipeline.reading.columns.arithmetic import Sides, has_number, holds, is_figure, row_sides
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import Slot, adds_up, filled, is_marked
from pipeline.reading.words import labels
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import BARE, MARKED

_FEWEST_UNTOLD = 3  # figures under each header where no row adds up to more than zero


class Rows:
    """The rows of one table that have a place, its lines, and the line that ends it (-1: not known)."""

    def __init__(
        self, table: Table, placed: Mapping[str, Placed], entries: Sequence[Entry], end: int
    ) -> None:
        self.table = table
        self.placed = placed
        self.entries = entries
        self.end = end
        self.width = len(table.rows[0].columns)
        self.sides = row_sides(table)
        self._like_columns: dict[tuple[int, int], Counter[tuple[int, ...]]] = {}

    @cached_property
    def depth(self) -> dict[str, int]:
        """How many headings stand over each row's label."""
        return {row.code: len(row.headings) for row in self.table.rows}

    @cached_property
    def like(self) -> Counter[tuple[int, int, int]]:
        """How many rows are laid out alike."""
        return Counter(self.kind(code) for code in self.placed)

    def kind(self, code: str) -> tuple[int, int, int]:
        """Return what rows share that lost or gained no cells: their layout, under as many headings."""
        return *layout_group(self.placed[code]), self.depth[code]

    @cached_property
    def ends(self) -> Counter[int]:
        """How many rows reach to the same column."""
        return Counter(row.width for row in self.placed.values())

    @cached_property
    def ordinals(self) -> dict[str, int]:
        """The number of each row, from 1."""
        return {row.code: place for place, row in enumerate(self.table.rows, 1)}

    def adds_up(self, reading: Candidate) -> bool:
        """Tell whether a row's cells, its total written in the last of them, add up to more than zero."""
        total = reading[-1] if len(reading) == self.width else None
        return total is not None and bool(total[0].number) and holds(reading, self.sides)

    def columns_like(self, row: Placed) -> Counter[tuple[int, ...]]:
        """Return the columns of the figures of full rows that are like a row."""
        group = layout_group(row)
        if group not in self._like_columns:
            full = [
                other for other in self.placed.values() if other.width and len(other.figures) == self.width
            ]
            like = [other.figures for other in full if layout_group(other) == group]
            columns = (tuple([token.column for token, _ in figures]) for figures in like)
            self._like_columns[group] = Counter(columns)
        return self._like_columns[group]

    def is_borne_out(self, row: Placed, candidate: Candidate) -> bool:
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
        return row.width > 0 and all(is_figure(candidate[place]) for left, _ in self.sides for place in left)

    def layouts_of(self, row: Placed) -> list[candidates.Layout]:
        """Return the column layouts of the rows that are like this one, or that the headers show."""
        found = self._layouts[layout_group(row)] or self._of_same_columns(row)
        if row.slots[0][0].style != BARE or not self.headers:
            return found
        told = [list(candidates.by_position(row.slots, [layout])) for layout in (*found[:1], *self.headers)]
        return self.headers if all(reading == told[0] for reading in told) else []

    def _of_same_columns(self, row: Placed) -> list[candidates.Layout]:
        """Return the column layout of rows of a marked grid whose cells stand in the same columns as these.

        Their labels stand under other headings. [] where there are several.
        """
        if not is_marked(row.slots):
            return []
        own = [token.column for token, _ in row.slots]
        groups = {
            layout_group(other)
            for other in self.placed.values()
            if is_marked(other.slots) and [token.column for token, _ in other.slots] == own
        }
        found = {self._layouts[group][0] for group in groups if self._layouts[group]}
        return list(found) if len(found) == 1 else []

    @cached_property
    def headers(self) -> list[candidates.Layout]:
        """The columns of aligned figures as the headers over them show, [] where these don't."""
        lines = [row.figures for row in self.placed.values() if row.slots[0][0].style == BARE and row.width]
        # Garbled figures have other widths.
        rows = [[slot for slot in line if slot[0].mean] for line in lines]
        if not candidates.are_aligned(rows):
            return []
        spans = offsets.headers(self.entries, self.names)
        totals = [figures[-1] for figures in rows if figures and _ends_in_sum(figures)]
        found = offsets.under(spans, rows, totals, fewest=0 if totals else _FEWEST_UNTOLD) if spans else None
        return [found] if found else []

    @cached_property
    def names(self) -> list[list[str]]:
        """The spellings of each column's header."""
        spellings = labels.spellings(COLUMN_KIND[self.table.code])
        columns = self.table.rows[0].columns
        return [[name for name, code in spellings.items() if code == column.code] for column in columns]

    @cached_property
    def _layouts(self) -> dict[tuple[int, int], list[candidates.Layout]]:
        """Column layouts by group of like rows."""
        groups: dict[tuple[int, int], list[Sequence[Slot]]] = {}
        for row in self.placed.values():
            groups.setdefault(layout_group(row), []).append(row.slots)
        return {group: _supported(rows, self.width, self.sides) for group, rows in groups.items()}


def layout_group(row: Placed) -> tuple[int, int]:
    """Return what rows share that have their figures in the same columns: label column and cells.

    In text a label in a line above that of the cells has no column among them.
    """
    token, entry = row.slots[0]
    if token.style == BARE:
        return -1, 0
    if token.style != MARKED and 0 <= row.last < entry:
        return -1, row.width
    return (row.labels[-1].column if row.labels else -1), row.width


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


def _ends_in_sum(figures: Sequence[Slot]) -> bool:
    """Tell whether the last figure is the sum of the others, so that it is the row's total."""
    return has_number(figures) and adds_up(figures)
