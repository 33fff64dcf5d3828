"""Figures whose unit, remark or fraction stands in the next lines, as a narrow cell of a page breaks them.

Belongs here: putting them into the line of their figure. Does not belong here: what a remark says
(values.py), or labels cut over lines (mending.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.documents.stream import Stream
from pipeline.reading.words.breaks import FIGURE, FIRST, MARK, NEXT, OPEN, REMARK, UNIT

_REST = re.compile(r"[^（()）]{0,14}")
_LAST = re.compile(r"[^（()）]{0,14}[)）]\s*")
_MOST_LINES = 6  # of one remark
_NARROW = 8  # columns of a cell that breaks its text


def closed(stream: Stream) -> Stream:
    """Return a text in which figures have their units and remarks in their own lines."""
    ends = {} if stream.grid else dict(_ends(stream.lines))
    if not ends:
        return stream
    lines, numbers, place = [], [], 0
    while place < len(stream.lines):
        end = ends.get(place, place + 1)
        first, *rest = stream.lines[place:end]
        lines.append(first.rstrip() + "".join(map(str.strip, rest)) if rest else first)
        numbers.append(stream.numbers[place])
        place = end
    return replace(stream, lines=lines, numbers=numbers)


def _ends(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield each line with a figure alone whose unit or remark follows, and the line after these."""
    for place, (line, following) in enumerate(pairwise(map(str.strip, lines))):
        if line[:1] not in FIRST or (following[:1] not in NEXT and "（" not in line and "(" not in line):
            continue  # nearly every line, at no cost
        if _indent(lines[place]) - _indent(lines[place + 1]) > _NARROW:
            continue  # the rest of a label, in the column of labels
        end = 0
        if FIGURE.fullmatch(line):
            end = _after_figure(lines, place)
        elif OPEN.fullmatch(line):
            end = _closing(lines, place)
        if end:
            yield place, end


def _indent(line: str) -> int:
    """Return how many spaces begin a line."""
    return len(line) - len(line.lstrip(" \u3000"))


def _after_figure(lines: Sequence[str], place: int) -> int:
    """Return the line after the unit, remark or fraction that follows a figure, 0 where none does."""
    if UNIT.fullmatch(lines[place + 1]):
        return place + 2
    if MARK.fullmatch(lines[place + 1]):
        return place + 3 if lines[place + 2 : place + 3] and lines[place + 2].strip().isdigit() else 0
    remark = REMARK.fullmatch(lines[place + 1])
    if remark is None:
        return 0
    return place + 2 if remark[1] else _closing(lines, place + 1)


def _closing(lines: Sequence[str], place: int) -> int:
    """Return the line after the one that closes a remark, 0 where none does."""
    for end in range(place + 1, min(place + _MOST_LINES, len(lines))):
        if _LAST.fullmatch(lines[end]):
            return end + 1
        if not _REST.fullmatch(lines[end]):
            return 0
    return 0
