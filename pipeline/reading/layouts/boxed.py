"""Tables of text that are drawn as boxes, whose cells reach over several lines, rows and columns.

Belongs here: which cell a piece of a line belongs to, by the rules and strokes around it. Does not belong
here: tables whose lines are rows (words/tokens.py), or with strokes between columns only (ruled.py).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from typing import NamedTuple
from unicodedata import east_asian_width

from pipeline.documents.stream import Cell, Stream
from pipeline.reading.words import labels

_DASHES = "-=─━═"
_PIPES = "|│┃║"
_CORNERS = "+┌┬┐├┼┤└┴┘┏┳┓┣╋┫┗┻┛╔╦╗╠╬╣╚╩╝╒╤╕╞╪╡╘╧╛╭╮╰╯┯┿┷┠┨"
_MARK = re.compile(
    rf"[{_PIPES}]|[{_CORNERS}](?=[{_DASHES}{_CORNERS}])|(?<=[{_DASHES}{_CORNERS}])[{_CORNERS}]"
)
_RULE = re.compile(
    rf"(?:[{_PIPES}{_CORNERS}][{_DASHES}]{{2,}}|[{_CORNERS}][{_DASHES}]?(?=[{_CORNERS}]))[{_PIPES}{_CORNERS}]$"
)
_EDGES = frozenset(_PIPES + _CORNERS)
_WIDE_SORTS = ("WF", "WFA", "")
"""Sorts of letters that take two columns, as one program or another counts them."""
_FIGURE = re.compile(r"[+\-＋－−]?[\d,.，．]+ ?[件条项宗个]?|[/—–\-]+|无")
_FEWEST_RULES = 4
_SHORTEST_LABEL = 4  # letters; a shorter one may be a line of another
_LONGEST_CELL = 60  # letters; a longer one that has its row to itself is lines of text in a frame


class _Piece(NamedTuple):
    """What stands between two strokes of a line, and the display columns of the strokes."""

    start: int
    end: int
    text: str
    is_rule: bool


@dataclass(slots=True)
class _Box:
    """A cell: the strokes at its sides, the rules before and after it, and its lines by their place."""

    start: int
    end: int
    row: int
    texts: list[tuple[int, str]] = field(default_factory=list)
    after: int = 0

    @property
    def text(self) -> str:
        parts = [text for _, text in self.texts]
        return (" " if _figures(parts) > 1 else "").join(parts)

    @property
    def first(self) -> int:
        return self.texts[0][0] if self.texts else -1


def boxed(stream: Stream) -> Stream:
    """Return a text with the cells of its drawn boxes as marked cells, each with its first line's number."""
    if stream.grid or stream.pages:
        return stream
    told = _Told(stream)
    for drawn, run in groupby(enumerate(stream.lines), lambda numbered: _is_drawn(numbered[1])):
        lines = list(run)
        tables = _tables([line for _, line in lines]) if drawn else None
        if tables is None:
            told.add_lines(lines)
            continue
        place = lines[0][0]
        for boxes, height in tables:
            told.add_boxes(boxes, place)
            place += height
    return replace(stream, lines=told.lines, numbers=told.numbers, grid=told.grid) if told.grid else stream


def _is_drawn(line: str) -> bool:
    text = line.strip()
    return len(text) > 1 and text[0] in _EDGES and text[-1] in _EDGES


class _Told:
    """The text with its boxes as rows: lines, their numbers and cells."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.lines: list[str] = []
        self.numbers: list[int] = []
        self.grid: dict[int, tuple[Cell, ...]] = {}

    def add_lines(self, lines: Iterable[tuple[int, str]]) -> None:
        """Add lines of text, each with the place of the line that it stands in."""
        for place, text in lines:
            self.lines.append(text)
            self.numbers.append(self._stream.numbers[place])

    def add_boxes(self, boxes: Sequence[_Box], begin: int) -> None:
        """Add the rows of a table whose first line stands at place `begin`."""
        strokes = sorted({stroke for box in boxes for stroke in (box.start, box.end)})
        columns = {stroke: column for column, stroke in enumerate(strokes)}
        for _, row in groupby(sorted(boxes, key=lambda box: (box.row, box.start)), lambda box: box.row):
            self._add_row(list(row), columns, begin)

    def _add_row(self, row: Sequence[_Box], columns: dict[int, int], begin: int) -> None:
        written = [box for box in row if box.texts]
        if len(written) == 1 and len(written[0].text) > _LONGEST_CELL:
            self.add_lines((begin + place, text) for place, text in written[0].texts)
        elif written:
            first = min(box.first for box in written)
            self.grid[len(self.lines)] = tuple(self._cell(box, columns, begin, first) for box in row)
            self.add_lines([(begin + first, "\t".join(box.text for box in row))])

    def _cell(self, box: _Box, columns: dict[int, int], begin: int, first: int) -> Cell:
        column = columns[box.start]
        line = self._stream.numbers[begin + (box.first if box.texts else first)]
        return Cell(box.text, column, columns[box.end] - column, line, box.after - box.row)


def _tables(lines: Sequence[str]) -> list[tuple[list[_Box], int]] | None:
    """Return the cells and the height of each drawn table in lines that follow each other.

    None where strokes do not meet, or the lines between two rules are rows.
    """
    for wide in _WIDE_SORTS:
        pieces = [_pieces(line.strip(), wide) for line in lines]
        if sum(any(piece.is_rule for piece in line) for line in pieces) < _FEWEST_RULES or not all(pieces):
            return None
        tables = [list(run) for _, run in groupby(pieces, lambda line: line[-1].end)]
        boxes = [joined for table in tables if (joined := _joined(table))]
        if len(boxes) == len(tables):
            return list(zip(boxes, map(len, tables), strict=True)) if all(map(_are_cells, boxes)) else None
    return None


def _pieces(line: str, wide: str) -> list[_Piece]:
    """Return what stands between a line's strokes, in display columns."""
    pieces, start = [], 0
    for before, after in pairwise(mark.start() for mark in _MARK.finditer(line)):
        text = line[before + 1 : after]
        end = start + sum(2 if east_asian_width(letter) in wide else 1 for letter in line[before:after])
        is_rule = bool(_RULE.match(line, before, after + 1))
        pieces.append(_Piece(start, end, text.strip(), is_rule))
        start = end
    return pieces


def _joined(lines: Sequence[Sequence[_Piece]]) -> list[_Box] | None:
    """Return the cells that the pieces of all lines make; None where a stroke ends without a rule."""
    boxes: list[_Box] = []
    opened: dict[int, _Box] = {}
    row = 0
    for place, pieces in enumerate(lines):
        rules = [piece for piece in pieces if piece.is_rule]
        row += bool(rules)
        for rule in rules:
            for box in [box for box in opened.values() if box.start < rule.end and rule.start < box.end]:
                box.after = row
                boxes.append(opened.pop(box.start))
        for piece in pieces:
            if not piece.is_rule and not _took(opened, piece, place, row):
                return None
    return None if any(box.texts for box in opened.values()) else boxes


def _took(opened: dict[int, _Box], piece: _Piece, place: int, row: int) -> bool:
    """Put a piece of a line into the open cell in its columns, or a new one; False where it fits in none."""
    box = opened.get(piece.start)
    if box is None or box.end != piece.end:
        beside = [other for other in opened.values() if other.start < piece.end and piece.start < other.end]
        if any(other.texts for other in beside):
            return False
        for margin in beside:
            del opened[margin.start]
        box = opened[piece.start] = _Box(piece.start, piece.end, row)
    if piece.text:
        box.texts.append((place, piece.text))
    return True


def _are_cells(boxes: Iterable[_Box]) -> bool:
    """Tell whether what stands between two rules is one row: not labels and figures below each other."""
    several, named = Counter[int](), defaultdict[int, set[int]](set)
    for box in boxes:
        several[box.row] += _figures([text for _, text in box.texts]) > 1
        named[box.row].update(place for place, text in box.texts if _is_label(text))
    return all(count < 2 or len(named[row]) < 2 for row, count in several.items())


def _is_label(text: str) -> bool:
    bare = labels.skeleton(text)
    return len(bare) >= _SHORTEST_LABEL and bare in labels.index()


def _figures(texts: Iterable[str]) -> int:
    return sum(bool(_FIGURE.fullmatch(text)) for text in texts)
