"""Rows that were found in a text, as a stream with marked cells.

Belongs here: lines, their numbers, the cells of those that are rows, and what any way of finding rows asks of
them. Does not belong here: finding rows.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from pipeline.checking.identities import evaluate
from pipeline.documents.stream import Cell, Stream
from pipeline.forms import Table
from pipeline.reading.words import labels

_WORD = re.compile(r"\w")
_BEFORE_NAME = re.compile(r".*(?:[(（][一二三四五六七][)）]|[一二三四][、.．]|\d[、.．])")


def bare(label: str) -> str:
    """Return the skeleton of a row's own name: without the headings and numerals before it."""
    return labels.skeleton(_BEFORE_NAME.sub("", label))


def adds_up(table: Table, rows: Iterable[Sequence[int]]) -> bool:
    """Tell whether all identities of a table's form hold for the numbers of all its rows, in its order."""
    numbers = [number for row in rows for number in row]
    _, failures = evaluate(table.form, table.code, numbers, frozenset())
    return not failures


class Turned:
    """The text with its rows as cells: lines, their numbers and the cells of those that are rows."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._text = stream, "\n".join(stream.lines)
        self._starts = [0, *accumulate(len(line) + 1 for line in stream.lines)]
        self._lines: list[str] = []
        self._numbers: list[int] = []
        self._grid: dict[int, tuple[Cell, ...]] = {}

    def stream(self, end: int) -> Stream:
        """Return all rows and lines, the last of these from place `end` on."""
        self.add_text(end, len(self._text))
        return replace(self._stream, lines=self._lines, numbers=self._numbers, grid=self._grid)

    def _line_at(self, place: int) -> int:
        return self._stream.numbers[bisect_right(self._starts, place) - 1]

    def add_text(self, start: int, end: int) -> None:
        """Add the lines between two rows, but for what of a row's own line has no letter."""
        parts = self._text[start:end].split("\n")
        at = start
        for place, part in enumerate(parts):
            inner = 0 < place < len(parts) - 1
            if inner or _WORD.search(part):
                self._add(part, at)
            at += len(part) + 1

    def add_row(self, start: int, end: int, cells: Sequence[tuple[str, int]], first: int = 0) -> None:
        """Add a row of texts and their places, from column `first` on; without any it is nobody's."""
        self._grid[len(self._lines)] = tuple(
            Cell(text, column, line=self._line_at(place)) for column, (text, place) in enumerate(cells, first)
        )
        self._add(self._text[start:end], start)

    def _add(self, line: str, place: int) -> None:
        self._lines.append(line)
        self._numbers.append(self._line_at(place))
