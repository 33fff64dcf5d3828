"""Labels cut over lines around the figures of their row, as cells centre them, or from these on downwards.

Belongs here: sharing out the lines of labels between the rows of table 三 where they then name rows in
order. Does not belong here: which row a label names (names.py), rows without a label (align.py).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.names import Names
from pipeline.reading.rows.slots import Slot
from pipeline.reading.words.tokens import BARE, Token, word

_MOST_ABOVE = 3  # lines of a label above its row's figures
_FEWEST_CUT = 3  # labels cut over lines that name rows one after the other: then lines are no chance


class _Row(NamedTuple):
    """The texts of a band, each with its line: line by line above its figures, and beside these.

    `at` is the line of the figures, -1 where these are no row of words.
    """

    above: list[list[Slot]]
    own: list[Slot]
    at: int


class _Label(NamedTuple):
    """The texts of one row's label, and whether they are cut over lines."""

    texts: list[Slot]
    is_cut: bool


def with_labels_around(names: Names, found: Sequence[Band]) -> list[Band]:
    """Return the bands, each row with the lines of its label that stand evenly above and below its figures.

    A row whose label was lost then has none, instead of the beginning or the end of its neighbours'. What
    names no rows so, one after the other, stays as it is.
    """
    result = list(found)
    if not names.uniform or sum(map(_may_be_cut, found)) < _FEWEST_CUT:
        return result  # nearly every table
    if any(len(band.lines) != len(band.labels) for band in found):
        return result
    columns = Counter(token.column for band in found for token in band.labels)
    likely = [column for column, count in columns.items() if count > 2 * _FEWEST_CUT]
    for column in (*likely, None) if len(likely) > 1 else (None,):
        _share_out(names, result, [_row(names, band, column) for band in result])
    return result


def _may_be_cut(band: Band) -> bool:
    """Tell whether a band has texts above its line of figures that are words."""
    return bool(band.slots) and band.own < len(band.labels) and band.slots[0][0].style == BARE


def _row(names: Names, band: Band, column: int | None) -> _Row:
    """Return a band's texts, or those that begin in one column: others name groups of rows, and no row."""
    at = {line for _, line in band.slots}
    is_row = len(at) == 1 and band.slots[0][0].style == BARE
    above: dict[int, list[Slot]] = {}
    own: list[Slot] = []
    for place, slot in enumerate(zip(band.labels, band.lines, strict=True)):
        if column not in (None, slot[0].column):
            is_row = is_row and names.row_of(slot[0]) < 0
        elif place >= len(band.labels) - band.own:
            own.append(slot)
        else:
            above.setdefault(slot[1], []).append(slot)
    return _Row(list(above.values()), own, at.pop() if is_row else -1)


def _share_out(names: Names, result: list[Band], rows: Sequence[_Row]) -> None:
    place = 0
    while place < len(rows):
        around = max((_stretch(names, rows, place, above) for above in range(_MOST_ABOVE + 1)), key=len)
        labels = max(around, _stretch(names, rows, place, None), key=len)
        if sum(label.is_cut for label in labels) >= _FEWEST_CUT:
            _give(result, rows, place, labels)
        place += max(len(labels), 1)


def _stretch(names: Names, rows: Sequence[_Row], start: int, above: int | None) -> list[_Label]:
    """Return the labels of rows from one on, of whose label `above` lines stand above its figures.

    None: no line of any label does, all between two rows is the upper one's. They end with the last
    that names a row after those before, and before any that names none.
    """
    labels: list[_Label] = []
    last, end = -1, 0
    for place in range(start, len(rows)):
        texts = _texts(rows, place, above)
        row = names.row_of(_whole(texts)) if texts else last
        if texts is None or row < 0 or (texts and row <= last):
            break
        labels.append(_Label(texts, len({line for _, line in texts}) > 1))
        if texts:
            last, end = row, len(labels)
        if above is not None:
            above = len(rows[place + 1].above) - above if place + 1 < len(rows) else -1
    return labels[:end]


def _texts(rows: Sequence[_Row], place: int, above: int | None) -> list[Slot] | None:
    """Return the texts of a row's label, [] of one without any; None where it cannot be so."""
    row = rows[place]
    below = rows[place + 1].above if place + 1 < len(rows) else []
    if above is None:
        lines = [row.own, *below] if row.at >= 0 and row.own else []
        return [slot for line in lines for slot in line] or None
    if row.at < 0 or not 0 <= above <= min(_MOST_ABOVE, len(row.above), len(below)):
        return None
    lines = [*row.above[len(row.above) - above :], row.own, *below[:above]]
    return [slot for line in lines for slot in line]


def _whole(texts: Sequence[Slot]) -> Token:
    """Return a label in one piece."""
    first = texts[0][0]
    return word("".join(token.text for token, _ in texts), first.column, first.style)


def _give(result: list[Band], rows: Sequence[_Row], start: int, labels: Sequence[_Label]) -> None:
    """Put their labels into rows; other texts above the first and below the last keep their places."""
    given = {(token.column, line) for label in labels for token, line in label.texts}
    for place, label in enumerate(labels, start):
        own = [(_whole(label.texts), rows[place].at)] if label.texts else []
        rest = _others(result[place], given) if place == start else []
        result[place] = _with_labels(result[place], [*rest, *own], len(own))
    place = start + len(labels)
    if place < len(result):
        result[place] = _with_labels(result[place], _others(result[place], given), result[place].own)


def _others(band: Band, given: set[tuple[int, int]]) -> list[Slot]:
    texts = zip(band.labels, band.lines, strict=True)
    return [(token, line) for token, line in texts if (token.column, line) not in given]


def _with_labels(band: Band, texts: Sequence[Slot], own: int) -> Band:
    lines = [line for _, line in texts]
    first, last = (lines[0], lines[-1]) if lines else (-1, -1)
    return replace(band, labels=[token for token, _ in texts], lines=lines, own=own, first=first, last=last)
