"""Totals of table 三 in the line above or below their rows: the form centres that column otherwise.

A label of two lines then has its total beside the first and its other figures beside the second, or between:
`（二）部分公开（区分处理的，只计这一情       1`, `1  0  0  0  0  0`.

Belongs here: putting such a total behind its row, where it is the row's sum. Does not belong here: cells of
several lines of their own (columns/passed_over.py).
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.words.lines import Entry, Line
from pipeline.reading.words.tokens import BARE, Token, begins_with_numeral

_WIDTH = 7  # of table 三
_NEAR = 2  # lines; an empty one may stand between


def rejoined(stream: Stream, entries: Sequence[Entry]) -> Stream:
    """Return a text with each figure that stands alone beside a label behind the row whose sum it is."""
    if stream.grid:
        return stream
    of_words = [place for place, (_, line) in enumerate(entries) if line.figures == 1 and line.style == BARE]
    alone = [place for place in of_words if _ends_alone(entries[place][1].tokens)]
    if not alone:
        return stream  # nearly every text
    lines = list(stream.lines)
    taken: set[int] = set()
    for place in alone:
        row = next(
            (at for at in (place + 1, place - 1) if at not in taken and _belongs(entries, place, at)), None
        )
        if row is not None:
            _move(lines, entries[place][0], entries[row][0], entries[place][1].tokens[-1])
            taken.add(row)
    return replace(stream, lines=lines) if taken else stream


def _belongs(entries: Sequence[Entry], place: int, at: int) -> bool:
    """Tell whether the figure at the end of one line is the total of the row in another, next to it."""
    if not 0 <= at < len(entries) or abs(entries[at][0] - entries[place][0]) > _NEAR:
        return False
    (_, line), (_, row) = entries[place], entries[at]
    if line.tokens[-2].labels and (row.tokens[0].mean is None or row.figures < _WIDTH - 1):
        return False  # each line is a row by a label of its own, or of table 二, which has fewer columns
    return _is_rest(row, line.tokens[-1])


def _ends_alone(tokens: Sequence[Token]) -> bool:
    """Tell whether words are a text and one figure: after a whole label one that is not zero."""
    return (
        len(tokens) > 1
        and tokens[-1].mean is not None
        and tokens[-2].mean is None
        and not tokens[-1].blank
        and not (tokens[-2].labels and not tokens[-1].number)
    )


def _is_rest(line: Line, total: Token) -> bool:
    """Tell whether a line ends in a row's figures but for its total: all six, or the others are empty.

    Zeros add up to any row's total, so all six have to be there.
    """
    figures = [token for token in line.tokens if token.mean is not None and not token.blank]
    numbers = [token.number for token in figures]
    if line.style != BARE or not 0 < len(figures) < _WIDTH or None in numbers or total.number is None:
        return False
    if begins_with_numeral(line.tokens[0]):
        return False  # a row of its own
    whole = len(figures) == _WIDTH - 1
    after_texts = all(token.mean is not None for token in line.tokens[-len(figures) :])
    left = figures[-1].column < total.column
    added = sum(number or 0 for number in numbers)
    adds_up = added == total.number
    if adds_up and added > 0 and numbers[-1] == added:
        return False  # a row's first figure, and the rest
    return after_texts and adds_up and (whole or (left and total.number > 0))


def _move(lines: list[str], source: int, target: int, total: Token) -> None:
    """Move a total from the end of its line behind the row, to the column where it stood."""
    line = lines[source].rstrip()
    start = len(line) - len(total.text)
    if line.endswith(total.text):
        lines[target] = f"{lines[target].rstrip()}  ".ljust(start) + total.text
        lines[source] = line[:start].rstrip()
