"""Figures that no row has, beside rows of words whose they may be.

A program that sets a page's columns side by side prints a cell of several lines (`111（含`, `上年结`,
`转47件）`) around its row's line, in which nothing stands; or a row above its label that has several lines.

Belongs here: leaving such cells and rows open. Does not belong here: rows that are read otherwise for it.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

from pipeline.reading.columns.arithmetic import OPEN, Choice
from pipeline.reading.columns.offsets import overlap, span
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import Slot
from pipeline.reading.words.tokens import BARE

_ITEM = re.compile(r"\d{1,2}\s*[.．、]")
_FEWEST_IN_ROW = 6  # figures, of seven columns
_TALLEST = 4  # lines from a row's own to a line of one of its cells


def left_open(
    placed: Mapping[str, Placed], unplaced: Iterable[Band], choices: dict[str, Choice]
) -> dict[str, Choice]:
    """Return the choices, with the empty cells open of rows beside figures that stand in their column.

    Rows whose figures stand apart from their labels are open, one after the other, beside a row of figures.
    """
    strays = [slot for band in unplaced for slot in band.figures if slot[0].style == BARE]
    if not strays:
        return choices  # nearly every table
    lines = sorted((row.slots[0][1], code) for code, row in placed.items())
    beside = {code for stray in strays for code in _beside(stray, lines, placed)}
    choices = {code: _with_gaps(choice) if code in beside else choice for code, choice in choices.items()}
    cut = {
        code for _, line in strays for at, code in _next_to(line, lines) if _is_cut(placed[code], at, line)
    }
    return choices | dict.fromkeys(cut | _displaced(unplaced, lines, placed), OPEN)


def _next_to(line: int, lines: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    """Return the rows, by their lines, that begin next above and below a line."""
    place = bisect(lines, (line, ""))
    return lines[max(place - 1, 0) : place + 1]


def _is_cut(row: Placed, at: int, line: int) -> bool:
    """Tell whether a row of words in several lines may have pieces of its figures in one more, near it."""
    lines = {index for _, index in row.figures}
    several = 1 < len(lines) < len(row.figures) and row.figures[0][0].style == BARE
    return several and abs(at - line) <= _TALLEST


def _displaced(
    unplaced: Iterable[Band], lines: Sequence[tuple[int, str]], placed: Mapping[str, Placed]
) -> set[str]:
    """Return the rows apart from their labels that follow each other above or below a row without one."""
    found: set[str] = set()
    for band in unplaced:
        if not _is_without_label(band):
            continue
        place = bisect(lines, (band.figures[0][1], ""))
        for codes in (lines[place:], lines[:place][::-1]):
            found |= {code for _, code in takewhile(lambda row: _is_apart(placed[row[1]]), codes)}
    return found


def _is_without_label(band: Band) -> bool:
    """Tell whether a line of figures has no label, whole or damaged: none beside it, no item's above it."""
    lines = {line for _, line in band.figures}
    item = any(_ITEM.match(token.text) for token in band.labels[-1:])
    return len(lines) == 1 and len(band.figures) >= _FEWEST_IN_ROW and not item and band.last not in lines


def _is_apart(row: Placed) -> bool:
    """Tell whether a row's words stand in a line of their own, below its label."""
    lines = {line for _, line in row.slots}
    return len(lines) == 1 and row.slots[0][0].style == BARE and row.last >= 0 and row.last not in lines


def _beside(stray: Slot, lines: Sequence[tuple[int, str]], placed: Mapping[str, Placed]) -> Iterator[str]:
    """Yield the rows above and below a figure, near it, that have nothing in its column."""
    token, line = stray
    for at, code in _next_to(line, lines):
        row = placed[code]
        words = [*row.labels, *(slot[0] for slot in row.slots)]
        in_line = all(slot[1] == at and slot[0].style == BARE for slot in row.slots)
        if (
            in_line
            and abs(at - line) <= _TALLEST
            and not any(overlap(span(token), span(word)) for word in words)
        ):
            yield code


def _with_gaps(choice: Choice) -> Choice:
    """Return a row's choice without what it says of empty cells."""
    if len(choice.candidates) != 1:
        return choice
    cells = tuple(None if slot is None or slot[0].blank else slot for slot in choice.candidates[0])
    return Choice((), "open", cells) if None in cells else choice
