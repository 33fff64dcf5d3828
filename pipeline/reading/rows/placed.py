"""Rows of a table in their places: what aligning gives, and choosing takes.

Belongs here: the two records. Does not belong here: how a row comes to its place (align.py, lined.py,
turned.py, unlabelled.py, other_columns.py).
"""

from dataclasses import dataclass, field

from pipeline.forms import Table
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.slots import Slot
from pipeline.reading.words.tokens import Token

DOUBT = "doubt"


@dataclass(slots=True)
class Placed:
    """A row's slots; `how` says on what its place rests: label, damaged label, order,
    or that it is in doubt (`DOUBT`).

    `width`, `figures`, `last` and `end` are its band's.
    """

    slots: list[Slot]
    how: str
    labels: list[Token]
    width: int
    figures: list[Slot]
    last: int = -1
    end: int = -1
    _numbers: list[int | float | None] | None = field(default=None, init=False)

    @property
    def numbers(self) -> list[int | float | None]:
        """What each figure counts for in arithmetic, None for one that nobody understands."""
        numbers = self._numbers
        if numbers is None:
            numbers = self._numbers = [token.number for token, _ in self.figures]
        return numbers

    def is_full(self, width: int) -> bool:
        """Tell whether the row has a figure for each column, and all of them are understood."""
        return len(self.figures) == width and None not in self.numbers


@dataclass(slots=True)
class Alignment:
    """Rows of one table of one form, by row code, and the bands that found no row.

    `has_labels` tells whether any row carries its own label, `takes_lone` whether a figure alone in its line
    may be a row, though rows have several columns.
    """

    table: Table
    placed: dict[str, Placed] = field(default_factory=dict)
    unplaced: list[Band] = field(default_factory=list)
    has_labels: bool = True
    takes_lone: bool = False

    def place(self, code: str, band: Band, how: str) -> None:
        """Give a row its band."""
        self.placed[code] = Placed(
            band.slots, how, band.labels, band.width, band.figures, band.last, band.end
        )

    def follow_labels(self) -> bool:
        """Tell whether each row's label is followed by just its figures, whatever clauses and headers do.

        So pdftotext prints table 二. Where columns follow each other the last label alone has figures, and
        where figures come before labels the first ones have no row.
        """
        return not self.unplaced and all(
            row.code in self.placed
            and self.placed[row.code].how == "label"
            and len(self.placed[row.code].slots) == len(self.placed[row.code].figures) == len(row.columns)
            for row in self.table.rows
        )
