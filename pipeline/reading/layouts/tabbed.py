r"""Tables as a browser gives the text of a page: tabs between cells, and cells with lines of their own.

Belongs here: putting such cells into rows. Does not belong here: lines of cells without a sign between them
(rows/), lines that hold a row (words/tokens.py).
"""

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.stream import Cell, Stream
from pipeline.reading.words import pages
from pipeline.reading.words.lines import names_row, section_of_heading
from pipeline.reading.words.tokens import Token, begins_with_numeral, is_garbled, word

_TAB = "\t"
_FIGURE_AND_LABEL = re.compile(r"([+\-−]?\d[\d,，.]*\S{0,2}) +([^\s.．、].*)")  # not a numeral: 4 .保护
_PAGE = "\f"  # ends a page, and the line of its number
_FEWEST = 20  # lines of tabs alone in a document, after which a line begins with a text
_FEWEST_FIGURES = 5  # of a row
_FEWEST_ALONE = 10  # of them of one tab; rows of empty cells have more
_LEAST_LAST = 0.05  # of the figures, after which no tab stands: the last ones of their rows
_RESULTS = 5  # of each channel of table 四
_FEWEST_APART = 10  # rows with more empty lines before them than stand between cells


class _Piece(NamedTuple):
    """A text, or a tab; its line's number, the empty lines before it, and whether it begins a line."""

    text: str
    number: int
    gap: int
    begins: bool


def tabbed(stream: Stream) -> Stream:
    """Return a text with the cells that tabs and lines of their own set apart as rows of marked cells."""
    if stream.grid or stream.pages or stream.lines.count(_TAB) < _FEWEST_ALONE:
        return stream
    if _lines_of_tabs(stream.lines) < _FEWEST:
        return stream
    pieces = list(_pieces(stream))
    numbers = _before_texts(pieces)
    if _end_cells(pieces, frozenset(numbers)):
        return replace(stream, lines=[line.strip() for line in stream.lines])
    within = _usual_gap(pieces)
    rows = _Rows(within, _are_apart(pieces, within), {one.text: one.number for one in numbers})
    for piece in pieces:
        if piece.text == _TAB:
            rows.add_tab(piece)
        else:
            rows.add_text(piece)
    rows.end()
    _part_joined(rows)
    return replace(stream, lines=rows.lines, numbers=rows.numbers, grid=rows.grid)


def _part_joined(rows: "_Rows") -> None:
    """Give rows of their own to the figures that a row has beyond what others have: one without a label."""
    labels = {place: _label_cells(cells) for place, cells in rows.grid.items()}
    counts = Counter(len(rows.grid[place]) - count for place, count in labels.items() if count)
    most = counts.most_common(1)[0][0] if counts else 0
    joined = [
        place
        for place, count in labels.items()
        if count and most >= _FEWEST_FIGURES and len(rows.grid[place]) - count >= 2 * most
    ]
    for place in sorted(joined, reverse=True):
        rows.part(place, labels[place] + most)


def _label_cells(cells: Sequence[Cell]) -> int:
    """Return how many cells a row begins with that are texts, when it has figures."""
    means = [word(cell.text).mean for cell in cells]
    texts = next((at for at, mean in enumerate(means) if mean is not None), 0)
    return texts if any(mean is not None and mean.value is not None for mean in means) else 0


def _lines_of_tabs(lines: Sequence[str]) -> int:
    """Count the lines of tabs alone after which the next line that is not empty begins with a text."""
    found, after = 0, False
    for line in lines:
        if line[:1] == _TAB:
            after = line == _TAB or not line.strip(_TAB)
        elif line:
            found += after
            after = False
    return found


def _pieces(stream: Stream) -> Iterator[_Piece]:
    gap = 0
    numbered = _page_numbers(stream.lines)
    for index, (line, number) in enumerate(zip(stream.lines, stream.numbers, strict=True)):
        if index in numbered:
            yield _Piece(_PAGE + line, number, gap, begins=True)
            gap = 0
            continue
        if not line:
            gap += 1
            continue
        begins = True
        for place, text in enumerate(line.split(_TAB)):
            if place:
                yield _Piece(_TAB, number, gap if begins else 0, begins)
                begins = False
            for part in _parted(text if _PAGE in text else text.strip()) if text else ():
                yield _Piece(part, number, gap if begins else 0, begins)
                begins = False
        gap = 0


def _parted(text: str) -> Sequence[str]:
    """Return a figure and the next row's label that were run together in one line, else the text alone."""
    found = _FIGURE_AND_LABEL.fullmatch(text)
    joined = found and word(found[1]).mean is not None and names_row(word(found[2]))
    return (found[1], found[2]) if found and joined else (text,)


def _page_numbers(lines: Sequence[str]) -> set[int]:
    """Return the places of lines that number pages: they count up, and spaces stand before them."""
    marks = ((index, pages.possible(line)) for index, line in enumerate(lines) if line[:1] == " ")
    return pages.counting((index, mark) for index, mark in marks if mark)


def _end_cells(pieces: Sequence[_Piece], numbers: Container[_Piece]) -> bool:
    """Tell whether tabs stand after all cells, the last ones of the rows too: they were `</td>` in a page.

    They part no rows then, and what tells the cells is that each has its own lines. `numbers` may be
    the rows' running ones, and tell nothing.
    """
    cells = ((one, after) for one, after in pairwise(pieces) if one.text not in ("", _TAB))
    figures = [
        after.text in ("", _TAB)
        for one, after in cells
        if word(one.text).mean is not None and one not in numbers
    ]
    return len(figures) >= _FEWEST and figures.count(False) < _LEAST_LAST * len(figures)


def _usual_gap(pieces: Sequence[_Piece]) -> int:
    """Return how many empty lines stand before most tabs that begin a line."""
    gaps = Counter(piece.gap for piece in pieces if piece.text == _TAB and piece.begins)
    return max(gaps, key=gaps.__getitem__)


def _are_apart(pieces: Sequence[_Piece], within: int) -> bool:
    """Tell whether more empty lines stand before rows than in them."""
    first = [one for one, after in pairwise(pieces) if after.text == _TAB != one.text and one.begins]
    return sum(piece.gap > within for piece in first) >= _FEWEST_APART


def _before_texts(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Return the numbers that stand before a tab and a text, as running numbers do."""
    return [
        one
        for one, tab, text in zip(pieces, pieces[1:], pieces[2:], strict=False)
        if one.text.isdecimal() and tab.text == _TAB and text.text and word(text.text).mean is None
    ]


def _is_of_rows(token: Token) -> bool:
    """Tell whether a label begins rows and is no column's."""
    return bool(token.labels) and all(
        label.kind in ("item", "outcome") or label.code.startswith("clause") for label in token.labels
    )


def _names_row(cell: tuple[str, int]) -> bool:
    """Tell whether a cell is a row's label: no column's begins with a numeral (3.其他)."""
    token = word(cell[0])
    return _is_of_rows(token) or (token.mean is None and begins_with_numeral(token))


@dataclass(slots=True)
class _Rows:
    """The rows so far; of the last one its cells, whether it has a figure, whether a tab stands after it."""

    within: int  # empty lines between the cells of a row
    are_apart: bool  # whether more stand between rows
    last_serials: dict[str, int]
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    grid: dict[int, tuple[Cell, ...]] = field(default_factory=dict)
    _row: list[tuple[str, int]] = field(default_factory=list)
    _has_figure: bool = False
    _is_open: bool = False
    _tab: int = 0  # the line of the last one

    def add_tab(self, tab: _Piece) -> None:
        if tab.begins and self._is_apart(tab):
            self.end()
        if self._is_open or not self._row:
            self._row.append(("", tab.number))
        self._is_open, self._tab = True, tab.number

    def add_text(self, piece: _Piece) -> None:
        """Add a cell: the row's next one after a tab, else the first of a row."""
        if not self._is_open:
            self._begin(piece)
        elif piece.begins and self._begins_row(piece):
            self._begin(piece, *self._serial())
        elif piece.begins and word(piece.text).mean is not None and (empty := self._after_results()):
            self._is_open = False
            self._begin(piece, *empty)
        self._row.append((piece.text, piece.number))
        mean = word(piece.text).mean
        self._has_figure |= len(self._row) > 1 and mean is not None and mean.value is not None
        self._is_open = False

    def _begin(self, piece: _Piece, *cells: tuple[str, int]) -> None:
        self.end()
        if piece.gap:
            self.lines.append("")
            self.numbers.append(piece.number)
        self._row.extend(cells)

    def _is_apart(self, piece: _Piece) -> bool:
        """Tell whether the empty lines before a piece are those between rows."""
        return self.are_apart and piece.gap > self.within

    def _begins_row(self, piece: _Piece) -> bool:
        """Tell whether a text that begins a line after a tab is the next row's: the last cell was empty."""
        if _PAGE in piece.text or (self.are_apart and piece.gap != self.within):
            return True
        if section_of_heading(piece.text) is not None:
            return True
        if self.are_apart:
            return False
        token = word(piece.text)
        if token.mean is not None or not token.named or is_garbled(token) or self._is_serial():
            return False
        if self._has_figure or _is_of_rows(token):
            return True
        return begins_with_numeral(token) and (not self._row[-1][0] or any(map(_names_row, self._row)))

    def _is_serial(self) -> bool:
        """Tell whether the row so far is a running number alone, with one tab after it."""
        if len(self._row) != 1:
            return False
        ((text, _),) = self._row
        return text.isdecimal()

    def _after_results(self) -> Sequence[tuple[str, int]]:
        """Return the empty cells that begin a row after the headers of table 四, () where these don't end so.

        No tab stands after the last header: each of those after it ends an empty cell.
        """
        end = len(self._row)
        while end and not self._row[end - 1][0]:
            end -= 1
        last = self._row[max(end - _RESULTS, 0) : end]
        kinds = [{label.kind for label in word(text).labels} for text, _ in last]
        if len(last) < _RESULTS or not all("result" in one for one in kinds):
            return ()
        empty = [*self._row[end:], ("", self._tab)]
        del self._row[end:]
        return empty

    def _serial(self) -> Iterator[tuple[str, int]]:
        """Yield the next row's running number, taken from a row whose last cell was empty."""
        first, (last, number) = self._row[0][0], self._row[-1]
        follows = first.isdecimal() and last.isdecimal() and int(last) == int(first) + 1
        if follows and len(self._row) > 2 and self.last_serials.get(last) == number:
            yield self._row.pop()

    def part(self, place: int, count: int) -> None:
        """Part a row after some of its cells; the further ones are a row after it."""
        first, rest = self.grid[place][:count], self.grid[place][count:]
        self.lines[place : place + 1] = [_TAB.join(cell.text for cell in cells) for cells in (first, rest)]
        self.numbers.insert(place + 1, rest[0].line)
        self.grid = {at + (at > place): cells for at, cells in self.grid.items()}
        self.grid[place] = first
        self.grid[place + 1] = tuple(cell._replace(column=at) for at, cell in enumerate(rest))

    def end(self) -> None:
        """End the row; the empty cells after the headers of table 四 are a row of their own."""
        cells = list(self._after_results()) if self._ends_empty() else []
        if self._is_open and (cells or self._row):
            (cells or self._row).append(("", self._tab))
        row, self._row = self._row, []
        for one in (row, cells):
            if len(one) > _FEWEST_ALONE or any(text for text, _ in one):
                self._add(one)
        self._has_figure, self._is_open = False, False

    def _ends_empty(self) -> bool:
        """Tell whether the row ends in as many empty cells as an empty row of table 四 has, or nearly."""
        return len(self._row) > _FEWEST_ALONE and not any(text for text, _ in self._row[-_FEWEST_ALONE:])

    def _add(self, row: Sequence[tuple[str, int]]) -> None:
        """Add a row, cells where it has several."""
        if len(row) > 1:
            cells = enumerate(row)
            self.grid[len(self.lines)] = tuple(Cell(text, at, line=line) for at, (text, line) in cells)
        self.lines.append(_TAB.join(text for text, _ in row))
        self.numbers.append(row[0][1])
