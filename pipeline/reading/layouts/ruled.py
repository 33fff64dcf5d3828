"""Tables of text in which a rule stands after every row, and a row's cells are broken over lines.

Belongs here: putting the lines between two rules together, cell by cell. Does not belong here: tables whose
lines are rows (tokens.py), or lines that lost their breaks (unfolded.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.reading.words.breaks import is_rule

_PIPE = re.compile(r"[|│┃║｜]")
_FIGURE = re.compile(r"[+\-]?[\d,.，]+")
_FEWEST_RULES = 4
_NEARLY_ALL = 0.8  # of the rows of several lines have no two figures in one column


def ruled(stream: Stream) -> Stream:
    """Return a text with each row of such tables in one line; it has the number of the row's first line."""
    if stream.grid or stream.pages:
        return stream
    rules = [place for place, line in enumerate(stream.lines) if is_rule(line)]
    if len(rules) < _FEWEST_RULES:
        return stream
    rows = list(_rows(stream.lines, rules))
    if sum(row.is_one for row in rows) < _NEARLY_ALL * len(rows):
        return stream
    lines, numbers, taken = [], [], 0
    for row in rows:
        lines += [*stream.lines[taken : row.first], row.text]
        numbers += [*stream.numbers[taken : row.first], stream.numbers[row.first]]
        taken = row.end
    return replace(stream, lines=[*lines, *stream.lines[taken:]], numbers=[*numbers, *stream.numbers[taken:]])


class _Row(NamedTuple):
    """A row of several lines: the first, the one after the last, its text, and whether it may be one row."""

    first: int
    end: int
    text: str
    is_one: bool


def _rows(lines: Sequence[str], rules: Sequence[int]) -> Iterator[_Row]:
    for before, after in pairwise(rules):
        parts = [_PIPE.split(line.strip()) for line in lines[before + 1 : after]]
        if len(parts) > 1 and len({len(cells) for cells in parts}) == 1 and len(parts[0]) > 2:
            columns = [[cell.strip() for cell in column] for column in zip(*parts, strict=True)]
            text = "|".join(map(_joined, columns))
            yield _Row(before + 1, after, text, all(_figures(column) < 2 for column in columns))


def _joined(texts: Sequence[str]) -> str:
    """Join the lines of a cell; two figures stay apart, for they may be two."""
    return (" " if _figures(texts) > 1 else "").join(filter(None, texts))


def _figures(texts: Sequence[str]) -> int:
    return sum(bool(_FIGURE.fullmatch(text)) for text in texts)
