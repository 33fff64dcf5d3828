"""Rows whose label stands at the end of the line, after the figures.

Belongs here: telling that order, and turning it round. Does not belong here: labels in lines of their own
(labels_after.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, takewhile

from pipeline.reading.words.lines import Entry, Line
from pipeline.reading.words.tokens import Token, begins_with_numeral, is_label

_FEWEST = 4  # rows that end in their label
_MOST_OTHERS = 0.25  # rows that begin with theirs, for each of these


def with_labels_leading(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Return the lines of a table with each row's label before its figures, where they stand after them."""
    last = sum(bool(_parted(line)[1]) for _, line in entries if line.mixed)
    if last < _FEWEST:
        return entries
    others = sum(line.figures > 0 and any(map(is_label, line.leading)) for _, line in entries)
    if others > _MOST_OTHERS * last:
        return entries
    return list(_turned(entries))


def _parted(line: Line) -> tuple[list[Token], list[Token]]:
    """Return a line's figures and the texts after them, none where it is anything else.

    Empty cells after the texts are of their columns.
    """
    rest = list(dropwhile(lambda token: token.blank, reversed(line.tokens)))
    texts = list(takewhile(lambda token: token.mean is None, rest))
    figures = rest[len(texts) :][::-1]
    is_row = bool(texts and figures) and all(token.mean is not None for token in figures)
    return (figures, texts[::-1]) if is_row else ([], [])


def _turned(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the lines, each label before its figures, with what of it stands in the next lines."""
    row: Entry | None = None
    for index, line in entries:
        if row and not line.figures and _goes_on(row[1].leading, line):
            row = (row[0], _with_label(row[1], [*row[1].leading, *line.tokens]))
            continue
        if row:
            yield row
        figures, texts = _parted(line)
        row = (index, _with_label(replace(line, tokens=tuple(figures)), texts)) if texts else None
        if row is None:
            yield index, line
    if row:
        yield row


def _goes_on(label: Sequence[Token], line: Line) -> bool:
    """Tell whether a line of text goes on with a label that names no row yet."""
    known = any(token.labels for token in (*label, *line.tokens))
    return not known and not begins_with_numeral(line.tokens[0])


def _with_label(line: Line, texts: Sequence[Token]) -> Line:
    """Return a line with texts before its figures, which stood after them."""
    figures = [token for token in line.tokens if token.mean is not None]
    leading = tuple(texts)
    return replace(line, tokens=(*leading, *figures), first=len(leading), leading=leading, mixed=False)
