r"""Tables as a browser gives the text of a page: a cell a line, a tab alone between two cells of a row.

Belongs here: putting such cells into rows. Does not belong here: lines of cells without a sign between them
(rows/), lines that hold a row (words/tokens.py).
"""

from dataclasses import dataclass, field, replace

from pipeline.documents.stream import Cell, Stream
from pipeline.reading.words.tokens import word

_TAB = "\t"
_FEWEST = 20  # such tabs in a document


def tabbed(stream: Stream) -> Stream:
    """Return a text with the cells that a tab alone sets apart as rows of marked cells."""
    if stream.grid or stream.pages or stream.lines.count(_TAB) < _FEWEST:
        return stream
    if any(line[:1] == _TAB and line.strip() for line in stream.lines):
        return stream  # a tab before every cell: an empty one is a tab alone
    rows = _Rows()
    for line, number in zip(stream.lines, stream.numbers, strict=True):
        if line == _TAB:
            rows.add_tab(number)
        elif line.strip():
            rows.add_text(line.strip(), number)
        else:
            rows.add_empty(number)
    rows.end()
    return replace(stream, lines=rows.lines, numbers=rows.numbers, grid=rows.grid)


@dataclass(slots=True)
class _Rows:
    """The rows so far; of the last one the cells, whether one has a figure, whether a tab stands after them,
    and empty lines.
    """

    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    grid: dict[int, tuple[Cell, ...]] = field(default_factory=dict)
    _row: list[tuple[str, int]] = field(default_factory=list)
    _has_figure: bool = False
    _is_open: bool = False
    _empty: list[int] = field(default_factory=list)

    def add_tab(self, number: int) -> None:
        if self._is_open or not self._row:
            self._row.append(("", number))
        self._is_open, self._empty = True, []

    def add_text(self, text: str, number: int) -> None:
        """Add a cell: the row's next one after a tab, else the first of a row."""
        mean = word(text).mean
        if not self._is_open or (mean is None and self._has_figure):
            self.end()  # a text after figures is the next row's label: the row's last cell was empty
        self._row.append((text, number))
        self._has_figure |= mean is not None and mean.value is not None
        self._is_open, self._empty = False, []

    def add_empty(self, number: int) -> None:
        """Add an empty line, which is none of a row's that goes on."""
        self._empty.append(number)

    def end(self) -> None:
        """End the row, cells where it has several; after it the empty lines that followed."""
        row, self._row = self._row, []
        if len(row) > 1:
            cells = enumerate(row)
            self.grid[len(self.lines)] = tuple(Cell(text, at, line=line) for at, (text, line) in cells)
        if row:
            self.lines.append(_TAB.join(text for text, _ in row))
            self.numbers.append(row[0][1])
        self.lines += [""] * len(self._empty)
        self.numbers += self._empty
        self._has_figure, self._is_open, self._empty = False, False, []
