"""Tables whose rows are plain line by line: they get their places in one walk over the lines.

Belongs here: tables of which each row stands beside or below its own label, in statutory order, in cells
that the text marks. Does not belong here: anything to be weighed. A table is given up at the first sign of
that, and its bands (bands.py) and labels (straight.py, align.py) are asked; where this gives a table its
rows, they give it the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import repeat

from pipeline.forms import Table
from pipeline.reading.regions import Region
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.left_empty import may_be_left_empty
from pipeline.reading.rows.mending import fits
from pipeline.reading.rows.names import AMBIGUOUS, HEADINGS, NAMELESS, Names, heads, names_of
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.serials import may_be_numbered
from pipeline.reading.rows.slots import CELL_STYLES, LINED_STYLES, Slot, filled
from pipeline.reading.words.lines import EMPTY, FIGURE, HEADERS, ROW, TEXTS, Entry, Line
from pipeline.reading.words.tokens import BARE, ENDING_PIPE, INDENTED, TABBED, Token, is_garbled

_UNMARKED = frozenset([BARE, INDENTED])


def align_directly(table: Table, region: Region) -> Alignment | None:
    """Give each row of a table its line or lines; None where that is not all there is to do."""
    first = next((line for _, line in region.entries if line.figures), None)
    if first is None or _is_cut(region):
        return None
    walk: _Walk
    if first.shape == ROW:
        walk = _Rows(names_of(table))
    elif first.shape == FIGURE and first.style in LINED_STYLES:
        walk = _Cells(names_of(table), first.style)
    else:
        return None
    rows = walk.result.placed
    if not walk.takes(region.entries) or len(rows) < len(table.rows) or may_be_numbered(rows.values()):
        return None
    return walk.result


def _is_cut(region: Region) -> bool:
    """Tell whether a line within the table was taken for a page number."""
    first, last = region.entries[0][0], region.entries[-1][0]
    return any(first < index < last for index in region.left_out)


class _Walk(ABC):
    """A walk over a table's lines: the rows so far, and the texts since the last of them."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.result = Alignment(names.table)
        self.labels: list[Token] = []
        self.kind = HEADINGS  # the row that these labels name, or what they are
        self.last = -1  # the last row that has its place
        self.before: Placed | None = None  # what it got, as long as nothing follows

    @abstractmethod
    def takes(self, entries: Iterable[Entry]) -> bool:
        """Take all lines of the table; False where it has to be weighed."""

    def add_labels(self, index: int, line: Line) -> None:
        """Add a line's texts to the labels of the next row."""
        if self.before:
            self.before.end = index
            self.before = None
        self.labels += line.leading
        kind, known = self.names.kind_of(line), self.kind
        if known == HEADINGS:
            self.kind = kind
        elif known != NAMELESS:
            self.kind = AMBIGUOUS
        elif kind != HEADINGS:
            self.kind = kind

    def place(self, slots: list[Slot], figures: list[Slot], width: int, last: int) -> bool:
        """Give the row that the labels name its slots; False where they are neither a row's nor headers'."""
        labels, row = self.labels, self.kind
        if row == AMBIGUOUS:
            row = self._row_of(slots, width)
        self.labels, self.kind = [], HEADINGS
        if row < 0:
            return row == HEADINGS and not figures
        if not figures and labels[-1].skeleton in self.names.headed:
            return False  # an empty row's label is plain, or its row is in doubt
        columns = self.names.widths[row]
        placed = self.before = Placed(slots, "label", labels, width, figures, last)
        if row <= self.last or not (len(figures) == len(slots) == columns or fits(placed, columns)):
            return False
        self.result.placed[self.names.codes[row]] = placed
        self.last = row
        return True

    def _row_of(self, slots: list[Slot], width: int) -> int:
        """Return the row that labels name of which one has several meanings, or what they are."""
        row = self.names.plain(Band(self.labels, slots, width))
        if row is None:
            return HEADINGS if all(map(heads, self.labels)) else NAMELESS
        return row


class _Rows(_Walk):
    """A walk over a table whose rows have a line each."""

    def takes(self, entries: Iterable[Entry]) -> bool:
        """Take all lines of the table; False where it has to be weighed."""
        for index, line in entries:
            shape = line.shape
            if shape in (ROW, HEADERS):
                self.add_labels(index, line)
                if not self._takes_row(index, line):
                    return False
            elif shape == TEXTS:
                self.add_labels(index, line)
            elif shape != EMPTY or not self._takes_empty(line):
                return False
        return True

    def _takes_row(self, index: int, line: Line) -> bool:
        cells = line.tokens[line.first :]
        slots = list(zip(cells, repeat(index)))
        figures = slots if line.figures == len(slots) else filled(slots)
        return self.place(slots, figures, cells[-1].column + 1, index)

    def _takes_empty(self, line: Line) -> bool:
        """Take a line of empty cells, which are headers' if they follow any; white space is none."""
        style = line.tokens[0].style
        if len(line.tokens) == 1:
            return style in _UNMARKED
        headings = self.kind == HEADINGS
        self.before, self.labels = None, []
        return headings and style in CELL_STYLES


class _Cells(_Walk):
    """A walk over a table whose cells have a line each, all in one style."""

    def __init__(self, names: Names, style: int) -> None:
        super().__init__(names)
        self.style = style
        self.lines: list[int] = []  # of the labels
        self.slots: list[Slot] = []

    def takes(self, entries: Iterable[Entry]) -> bool:
        """Take all lines of the table; False where it has to be weighed."""
        style = self.style
        for index, line in entries:
            shape = line.shape
            if shape == FIGURE and line.style == style:
                self.slots.append((line.tokens[0], index))
            elif shape == TEXTS:
                if not self._takes_texts(index, line):
                    return False
            elif shape != EMPTY or not self._takes_empty(index, line):
                return False
        return self._ends_row()

    def _takes_texts(self, index: int, line: Line) -> bool:
        """Take a line of labels, which ends the row before; what may be a garbled figure is none."""
        texts = line.leading
        if len(line.labelled) < len(texts) and any(map(_may_be_figure, texts)):
            return False
        if self.slots and not self._ends_row():
            return False
        self.lines += [index] * len(texts)
        self.add_labels(index, line)
        return True

    def _takes_empty(self, index: int, line: Line) -> bool:
        """Take a line of empty cells; white space is none where pipes end cells, nor are tabs elsewhere."""
        style = line.tokens[0].style
        if style == self.style:
            self.slots += zip(line.tokens, repeat(index))
            return True
        if self.style == ENDING_PIPE:
            return style in _UNMARKED
        return all(token.style == TABBED and not token.text for token in line.tokens)

    def _ends_row(self) -> bool:
        """Take the end of a row, or of headers over empty cells."""
        lines, slots, names = self.lines, self.slots, self.names
        ambiguous = self.kind == AMBIGUOUS
        if not lines or (ambiguous and not names.uniform):
            return False  # a column's name is among them: figures may stand before their labels
        end = slots[0][1] if slots else lines[-1]
        apart = ambiguous or end - lines[0] > names.widths[0]
        if apart and may_be_left_empty(names, Band(self.labels, slots, lines=lines)):
            return False
        if not slots:
            return True
        self.lines, self.slots = [], []
        return self.place(slots, filled(slots), 0, lines[-1])


def _may_be_figure(token: Token) -> bool:
    """Tell whether a text that is no label may be a figure, garbled or with a label before it."""
    return not token.labels and (is_garbled(token) or token.text[-1:].isdigit())
