"""Lines and table rows in reading order, as the markup formats (HTML, DOCX) and PDF collect them.

Belongs here: what is a table and what only lays out a page; the way from entries to the Stream.
Does not belong here: how a format writes its text and tables, or how it counts spans (`grid.py`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from pipeline.documents.limits import check_lines
from pipeline.documents.spacing import join_wrapped
from pipeline.documents.stream import Cell, Stream

PICTURE = "\ufffc"
"""Text of a cell that shows a picture and no text: it isn't blank, and it isn't readable."""

# A cell with more lines *and* more characters than these holds an article, or a whole column of
# labels pasted into one cell; its lines are worth more than its place in a row.
_ARTICLE_LINES = 8
_ARTICLE_LENGTH = 300


class Line(NamedTuple):
    """One line of running text; `number` is the raw file's line, `page` 0 where there are none."""

    text: str
    number: int = 0
    page: int = 0


class Row(NamedTuple):
    """One row of the source's table number `table`, an ordinal in no particular order."""

    cells: tuple[Cell, ...]
    table: int
    number: int = 0
    page: int = 0


Entry = Line | Row


@dataclass(slots=True)
class Flow:
    """What one page or one cell holds, in reading order."""

    entries: list[Entry] = field(default_factory=list)
    has_picture: bool = False

    @property
    def has_table(self) -> bool:
        """Whether a table with rows and columns of its own stands inside."""
        return any(isinstance(entry, Row) for entry in self.entries)

    @property
    def texts(self) -> list[str]:
        """The lines of running text."""
        return [entry.text for entry in self.entries if isinstance(entry, Line)]

    def cell_text(self) -> str:
        """The text as that of one cell: its lines joined, or `PICTURE`."""
        entries = self.entries
        if len(entries) == 1 and isinstance(entries[0], Line):  # most cells
            return entries[0].text.replace("\t", " ")
        text = join_wrapped(self.texts).replace("\t", " ")
        return text or (PICTURE if self.has_picture else "")


class Placed(NamedTuple):
    """A cell with its place in the grid, before it is known whether its table lays out the page."""

    flow: Flow
    column: int
    span: int
    row_span: int
    line: int


RowMark = TypeVar("RowMark")
CellMark = TypeVar("CellMark")


@dataclass(slots=True)
class MarkedRow(Generic[RowMark, CellMark]):
    """A row as the format writes it: what it says of the row and of each cell, and what the cells hold."""

    mark: RowMark
    cells: list[tuple[CellMark, Flow]] = field(default_factory=list)


@dataclass(slots=True)
class _OpenTable(Generic[RowMark, CellMark]):
    ordinal: int
    outer: Flow
    rows: list[MarkedRow[RowMark, CellMark]] = field(default_factory=list)
    in_row: bool = False
    in_cell: bool = False


Placer = Callable[[Sequence[MarkedRow[RowMark, CellMark]]], list[list[Placed]]]


class Collector(Generic[RowMark, CellMark]):
    """Collects entries while a format's reader goes through nested tables in source order.

    `place` is the format's way from its own marks to grid columns. `flow` is where text goes now;
    text between a table's cells goes before the table, where a browser shows it.
    """

    def __init__(self, place: Placer[RowMark, CellMark]) -> None:
        self.page = Flow()
        self.flow = self.page
        self._place = place
        self._tables: list[_OpenTable[RowMark, CellMark]] = []
        self._count = 0

    @property
    def between_cells(self) -> bool:
        """Whether a table is open and no cell of it is: where rows and cells may begin."""
        return bool(self._tables) and not self._tables[-1].in_cell

    @property
    def in_table(self) -> bool:
        """Whether a table is open, around it or not."""
        return bool(self._tables)

    @property
    def in_row(self) -> bool:
        """Whether the innermost table has an open row."""
        return self._tables[-1].in_row

    def open_table(self) -> None:
        """Begin a table where text goes now."""
        self._tables.append(_OpenTable(self._count, self.flow))
        self._count += 1

    def open_row(self, mark: RowMark) -> None:
        """Begin a row of the innermost table."""
        self._tables[-1].rows.append(MarkedRow(mark))
        self._tables[-1].in_row = True

    def close_row(self) -> None:
        """End the row of the innermost table."""
        self._tables[-1].in_row = False

    def open_cell(self, mark: CellMark) -> None:
        """Begin a cell of the open row; text goes into it until it is closed."""
        table = self._tables[-1]
        self.flow = Flow()
        table.rows[-1].cells.append((mark, self.flow))
        table.in_cell = True

    def close_cell(self) -> None:
        """End the cell of the innermost table."""
        self.flow = self._tables[-1].outer
        self._tables[-1].in_cell = False

    def close_table(self) -> None:
        """End the innermost table: its rows become entries where it stands."""
        table = self._tables.pop()
        self.flow = table.outer
        self.flow.entries.extend(table_entries(self._place(table.rows), table.ordinal))


def table_entries(rows: Sequence[Sequence[Placed]], ordinal: int) -> list[Entry]:
    """Entries of a table: one Row a row, but the content itself where the row only lays out the page."""
    only_column = max(map(len, rows), default=0) == 1
    entries: list[Entry] = []
    for row in rows:
        if only_column or any(_is_layout(cell.flow) for cell in row):
            for cell in row:
                entries.extend(cell.flow.entries)
        elif row:
            entries.append(_row(row, ordinal))
    return entries


def _is_layout(flow: Flow) -> bool:
    if flow.has_table:
        return True
    return len(flow.entries) > _ARTICLE_LINES and sum(map(len, flow.texts)) > _ARTICLE_LENGTH


def _row(row: Sequence[Placed], ordinal: int) -> Row:
    cells = tuple(
        Cell(cell.flow.cell_text(), cell.column, cell.span, cell.line, cell.row_span) for cell in row
    )
    number = next((cell.line for cell in cells if cell.text), cells[0].line)
    return Row(cells, ordinal, number)


def to_stream(
    entries: Sequence[Entry],
    media_type: str,
    *,
    encoding: str | None = None,
    own_numbers: bool = False,
    meta: dict[str, str] | None = None,
) -> Stream:
    """The Stream of `entries`; numbered by the raw file's lines when `own_numbers`, else from 1 on.

    Raises Unreadable when there are too many entries or one is too long.
    """
    numbers = [entry.number for entry in entries] if own_numbers else range(1, len(entries) + 1)
    stream = Stream(media_type, encoding, [], numbers, meta=meta or {})
    ordinals: dict[int, int] = {}
    for index, entry in enumerate(entries):
        if isinstance(entry, Line):
            stream.lines.append(entry.text)
            continue
        cells = entry.cells if own_numbers else _renumbered(entry.cells, index + 1)
        stream.grid[index] = cells
        stream.tables[index] = ordinals.setdefault(entry.table, len(ordinals))
        stream.lines.append("\t".join(cell.text for cell in cells))
    check_lines(stream.lines)
    return stream


def _renumbered(cells: Iterable[Cell], number: int) -> tuple[Cell, ...]:
    return tuple(cell._replace(line=number) for cell in cells)
