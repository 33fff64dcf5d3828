"""Texts whose characters take other columns than most programs give them: one each, or “” two.

Belongs here: telling by which measure the figures of rows stand under each other. Does not belong here:
which column of a form a figure stands in (columns/).
"""

import re
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from operator import add

from pipeline.documents.stream import Stream
from pipeline.reading.words.lines import Entry, Line
from pipeline.reading.words.tokens import BARE, Token, end_of, stretched, wide

_NARROWEST_GAP = 2  # columns between figures that stand in columns
_EVEN = 1.0  # columns by which figures that stand under each other differ at most
_FEWEST_HEADERS = 3  # beside each other
_MOST_CELLS = 40  # of a line; a row of table 四 has fifteen
_FURTHEST = 8  # lines from a row to the next one that quotation marks before it move
_PLAINLY = 2  # times as many rows that speak for one measure as for the other
# Quotation marks and dashes, which take one column or two: Chinese fonts and some programs set them wide.
_EITHER = re.compile("[\u2010-\u2e7f]")

_Edge = tuple[float, float, float]  # of a figure: left, middle, right


def measured(stream: Stream, entries: list[Entry]) -> tuple[list[Entry], list[Entry] | None]:
    """Return a text's lines with columns as its rows bear them out, and as they are if nothing tells which.

    Chinese characters take two display columns each; a program that counts characters sets the figures
    after a long label further left than those after a short one, as a page shows them.
    """
    if stream.grid or stream.pages:
        return entries, None
    of_words = [entry for entry in entries if entry[1].tokens[0].style == BARE]
    lined = [entry for entry in of_words if _is_apart(entry[1])]
    rows = [entry for entry in lined if _figures(entry[1])]
    if not any(line.figures for _, line in lined):
        return entries, None
    by_characters = {at: _counted((at, line), stream.lines) for at, line in lined}
    by_display = entries
    if _are_wide(rows, stream.lines):
        by_display, lined, rows = (
            [_with_wide(entry, stream.lines) for entry in lines] for lines in (entries, lined, rows)
        )
    headings = [at for at, line in entries if line.heading is not None]
    shown, counted = _votes(rows, by_characters, headings)
    by_rows = shown + counted > 0
    if not by_rows:
        shown, counted = _votes(lined, by_characters, headings)  # headers may tell, where rows are few
    if shown > _PLAINLY * counted:
        return by_display, None
    moved = [(at, _counted((at, line), stream.lines) if _is_of_words(line) else line) for at, line in entries]
    # That headers of other widths are centred over each other may look so in either measure.
    return (moved, None) if by_rows and counted > _PLAINLY * shown else (by_display, moved)


def _are_wide(rows: Sequence[Entry], lines: Sequence[str]) -> bool:
    """Tell whether figures stand under others when the quotation marks before them take two columns."""
    either = {at for at, _ in rows if not lines[at].isascii() and _EITHER.search(lines[at])}
    votes = [0, 0]
    for entry, following in pairwise(rows):
        if not (entry[0] in either or following[0] in either) or following[0] - entry[0] > _FURTHEST:
            continue
        wide, wide_after = _with_wide(entry, lines)[1], _with_wide(following, lines)[1]
        difference = _in_step(wide, wide_after) - _in_step(entry[1], following[1])
        votes[0] += difference > 0
        votes[1] += difference < 0
    return votes[0] > _PLAINLY * votes[1]


def _with_wide(entry: Entry, lines: Sequence[str]) -> Entry:
    """Return a line of words in which quotation marks take two columns."""
    at, line = entry
    if not (_is_of_words(line) and _EITHER.search(lines[at])):
        return entry
    return at, _placed(line, _offsets(lines[at], wide=True), lambda text: -len(_EITHER.findall(text)))


def _votes(
    rows: Sequence[Entry], by_characters: Mapping[int, Line], headings: Sequence[int]
) -> tuple[int, int]:
    """Return how many rows have more cells under those before in display columns, in characters.

    `headings` are the lines, in order, that head sections: rows of two tables are in step by chance.
    """
    votes = [0, 0]
    for (at, before), (at_after, after) in pairwise(rows):
        counted, counted_after = by_characters[at], by_characters[at_after]
        wide, wide_after = _wide_before(before, counted), _wide_before(after, counted_after)
        if abs(wide - wide_after) <= 2 * _EVEN or bisect(headings, at) < bisect(headings, at_after):
            continue  # the same by both measures, or in two tables
        difference = _in_step(before, after) - _in_step(counted, counted_after)
        votes[0] += difference > 0
        votes[1] += difference < 0
    return votes[0], votes[1]


def _wide_before(line: Line, counted: Line) -> int:
    """Return how many columns a line's first cell stands further right when wide characters take two."""
    return _cells(line)[0].column - _cells(counted)[0].column


def _cells(line: Line) -> Sequence[Token]:
    """Return the figures of a line, of headers all but the first."""
    return _figures(line) or line.tokens[1:]


def _is_of_words(line: Line) -> bool:
    return line.tokens[0].style == BARE and len(line.tokens) > 1


def _is_apart(line: Line) -> bool:
    """Tell whether more than a space parts each figure, or header, of a line from what stands before it."""
    if not _is_of_words(line) or not (line.figures or len(line.tokens) >= _FEWEST_HEADERS):
        return False
    if len(line.tokens) > _MOST_CELLS:
        return False
    return all(
        after.column - end_of(before) >= _NARROWEST_GAP
        for before, after in pairwise(line.tokens)
        if after.mean is not None or not line.figures
    )


def _in_step(before: Line, after: Line) -> int:
    """Return how many cells of two rows stand under each other, by one of their edges."""
    above = _edges(before)
    return sum(any(_is_under(upper, lower) for upper in above) for lower in _edges(after))


def _is_under(upper: _Edge, lower: _Edge) -> bool:
    return (
        abs(upper[0] - lower[0]) <= _EVEN
        or abs(upper[1] - lower[1]) <= _EVEN
        or abs(upper[2] - lower[2]) <= _EVEN
    )


def _edges(line: Line) -> list[_Edge]:
    spans = [(token.column, end_of(token)) for token in _cells(line)]
    return [(left, (left + right) / 2, right) for left, right in spans]


def _figures(line: Line) -> list[Token]:
    """Return the figures after a line's last text: before it stands a row's number."""
    figures: list[Token] = []
    for token in line.tokens:
        if token.mean is None:
            figures = []
        elif not token.blank:
            figures.append(token)
    return figures


def _counted(entry: Entry, lines: Sequence[str]) -> Line:
    """Return a line of words whose columns are characters."""
    place, line = entry
    return _placed(line, _offsets(lines[place]), wide)


def _placed(line: Line, offsets: Mapping[int, int], narrower: Callable[[str], int]) -> Line:
    """Return a line with its words at other columns; `narrower` tells how many fewer a text then takes."""
    moved = {id(token): _moved(token, offsets, narrower(token.text)) for token in line.tokens}
    return replace(
        line,
        tokens=tuple(moved[id(token)] for token in line.tokens),
        labelled=tuple(moved[id(token)] for token in line.labelled),
        leading=tuple(moved[id(token)] for token in line.leading),
    )


def _moved(token: Token, offsets: Mapping[int, int], narrower: int) -> Token:
    column = offsets.get(token.column, token.column)
    return stretched(token, column, token.parted - narrower)


def _offsets(line: str, *, wide: bool = False) -> dict[int, int]:
    """Return the character that begins at each display column of a line, or its column if “ is `wide`."""
    wide_before = accumulate(map("\u2e7f".__lt__, line), initial=0)
    columns = map(add, range(len(line)), wide_before)
    if not wide:
        return dict(zip(columns, range(len(line)), strict=True))
    quotes_before = accumulate(map(bool, map(_EITHER.match, line)), initial=0)
    return {column: column + quotes for column, quotes in zip(columns, quotes_before, strict=False)}
