"""Labels cut over lines around the figures of their row, as cells centre them, or from these on downwards.

Belongs here: sharing out the lines of labels between the rows of table 三 where they then name rows in
order. Does not belong here: which row a label names (names.py), rows without a label (align.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.names import Names
from pipeline.reading.rows.slots import Slot
from pipeline.reading.words.tokens import BARE, INDENTED, Token, word

_MOST_ABOVE = 3  # lines of a label above its row's figures
_MOST_LINES = 5  # of a label
_FEWEST_CUT = 3  # labels cut over lines that name rows one after the other: then lines are no chance


class _Row(NamedTuple):
    """The texts of a band, each with its line: line by line above its figures, and beside these.

    `at` is the line of the figures, -1 where these are no row of words.
    """

    above: list[list[Slot]]
    own: list[Slot]
    at: int


class _Label(NamedTuple):
    """The texts of one row's label, and whether they are cut over lines.

    `empty` are the texts of each label above it whose row has no figures.
    """

    texts: list[Slot]
    is_cut: bool
    empty: Sequence[list[Slot]] = ()


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
    return bool(band.slots) and band.own < len(band.labels) and _is_of_words(band.slots[0][0])


def _is_of_words(token: Token) -> bool:
    """Tell whether a cell stands in a line of words: a figure, or what a row of empty cells leaves."""
    return token.style == BARE or (token.style == INDENTED and token.blank)


def _row(names: Names, band: Band, column: int | None) -> _Row:
    """Return a band's texts, or those that begin in one column: others name groups of rows, and no row."""
    at = {line for _, line in band.slots}
    is_row = len(at) == 1 and _is_of_words(band.slots[0][0])
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
    around = _Around(names, rows)
    place = 0
    while place < len(rows):
        longest = max((around.stretch(place, above, -1) for above in range(_MOST_ABOVE + 1)), key=_reach)
        labels = max(longest, _downwards(names, rows, place), key=len)
        if sum(label.is_cut for label in labels) >= _FEWEST_CUT:
            _give(names, result, rows, place, labels)
        place += max(len(labels), 1)


def _reach(labels: Sequence[_Label]) -> tuple[int, int]:
    """Return how many rows a stretch has, and how many texts are their labels."""
    return len(labels), sum(len(label.texts) + sum(map(len, label.empty)) for label in labels)


class _Around:
    """The stretches of rows whose labels stand evenly above and below their figures."""

    def __init__(self, names: Names, rows: Sequence[_Row]) -> None:
        self.names = names
        self.rows = rows
        self._known: dict[tuple[int, int, int], list[_Label]] = {}

    def stretch(self, place: int, above: int, last: int, most: int = 0) -> list[_Label]:
        """Return the labels of rows from one on, of whose label `above` lines stand above its figures.

        Between two rows may stand the whole labels of others, which have no figures. The labels end with the
        last that names a row after those before (`last`), and before any that names none; of as many rows
        as the table has at `most`.
        """
        key = place, above, last
        if key not in self._known:
            self._known[key] = self._stretch(*key, most or len(self.names.codes))
        return self._known[key]

    def _stretch(self, place: int, above: int, last: int, most: int) -> list[_Label]:
        texts = _texts(self.rows, place, above)
        row = self.names.row_nearly(_whole(texts)) if texts else last
        if texts is None or row < 0 or (texts and row <= last):
            return []
        label = _Label(texts, _is_cut(self.names, texts))
        best: list[_Label] = []
        if place + 1 < len(self.rows) and most > 1:
            between = self.rows[place + 1].above[above:]
            for empty, left in _left_empty(self.names, between, row):
                reached = self.names.row_nearly(_whole(empty[-1])) if empty else row
                rest = self.stretch(place + 1, left, reached, most - 1)
                best = max(best, [rest[0]._replace(empty=empty), *rest[1:]] if rest else [], key=_reach)
        return [label, *best] if texts or best else []


def _left_empty(
    names: Names, lines: Sequence[list[Slot]], last: int
) -> Iterator[tuple[list[list[Slot]], int]]:
    """Yield the texts of no label, of one, of two that the first of some lines make, and how many are left.

    Each, whole or cut over a few lines, names a row after the one before.
    """
    found: list[list[Slot]] = []
    start = 0
    while True:
        yield list(found), len(lines) - start
        ends = range(start + 1, min(start + _MOST_LINES, len(lines)) + 1)
        labels = ((end, [slot for line in lines[start:end] for slot in line]) for end in ends)
        named = ((end, texts, names.row_nearly(_whole(texts))) for end, texts in labels)
        end, texts, row = next((one for one in named if one[2] > last), (0, [], -1))
        if row < 0:
            return
        found.append(texts)
        start, last = end, row


def _downwards(names: Names, rows: Sequence[_Row], start: int) -> list[_Label]:
    """Return the labels of rows from one on that begin beside their figures: all between two is the upper's.

    They end as those of a stretch around its figures do.
    """
    labels: list[_Label] = []
    last = -1
    for place in range(start, len(rows)):
        row = rows[place]
        below = rows[place + 1].above if place + 1 < len(rows) else []
        texts = [slot for line in (row.own, *below) for slot in line] if row.at >= 0 and row.own else []
        named = names.row_of(_whole(texts)) if texts else -1
        if named <= last:
            break
        labels.append(_Label(texts, _is_cut(names, texts)))
        last = named
    return labels


def _texts(rows: Sequence[_Row], place: int, above: int) -> list[Slot] | None:
    """Return the texts of a row's label, [] of one without any; None where it cannot be so."""
    row = rows[place]
    below = rows[place + 1].above if place + 1 < len(rows) else []
    if row.at < 0 or not 0 <= above <= min(_MOST_ABOVE, len(row.above), len(below)):
        return None
    lines = [*row.above[len(row.above) - above :], row.own, *below[:above]]
    return [slot for line in lines for slot in line]


def _is_cut(names: Names, texts: Sequence[Slot]) -> bool:
    """Tell whether texts of several lines are a label as it is known."""
    return len({line for _, line in texts}) > 1 and names.row_of(_whole(texts)) >= 0


def _whole(texts: Sequence[Slot]) -> Token:
    """Return a label in one piece."""
    first = texts[0][0]
    return word("".join(token.text for token, _ in texts), first.column, first.style)


def _give(
    names: Names, result: list[Band], rows: Sequence[_Row], start: int, labels: Sequence[_Label]
) -> None:
    """Put their labels into rows; other texts above the first and below the last keep their places.

    So do the labels of rows without figures.
    """
    given = {
        (token.column, line)
        for label in labels
        for texts in (label.texts, *label.empty)
        for token, line in texts
    }
    for place, label in enumerate(labels, start):
        own = [(_whole(label.texts), rows[place].at)] if label.texts else []
        others = _others(result[place], given)
        if place > start:
            others = [slot for slot in others if names.row_of(slot[0]) >= 0]
        empty = [(_whole(texts), texts[-1][1]) for texts in label.empty]
        result[place] = _with_labels(result[place], [*others, *empty, *own], len(own))
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
