"""Labels of table 三 whose rows are left empty: the figures below them, another row's, are not theirs.

Belongs here: parting such labels from the figures, by the empty lines and the headings between them. Does not
belong here: tables whose rows have a line each, and which row the figures are (align.py).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.names import Names
from pipeline.reading.words.tokens import Token


def without_left_empty(names: Names, found: Sequence[Band]) -> Sequence[Band]:
    """Return the bands of a table, labels of rows left empty parted from the figures that follow.

    After them there are empty lines enough for all cells of a row, or a heading over other rows.
    """
    lined = [band for band in found if band.slots and not band.width]
    if not names.uniform or not lined or 2 * len(lined) < sum(map(_has_slots, found)):
        return found
    shortest = names.widths[0]
    if not any(any(_left(names, band, shortest)) for band in found if band.labels):
        return found  # nearly every table
    step = _step(lined)
    longest = names.widths[0] * step + _margin(lined, step)
    return [part for band in found for part in _parted(names, band, longest)]


def may_be_left_empty(names: Names, band: Band) -> bool:
    """Tell whether one of a band's labels may be of a row left empty."""
    return names.uniform and any(_left(names, band, names.widths[0]))


def _has_slots(band: Band) -> bool:
    return bool(band.slots)


def _step(lined: Sequence[Band]) -> int:
    """Return how many lines further the next cell stands: the least from a figure to what follows it."""
    steps = [after - before for band in lined for before, after in pairwise(entry for _, entry in band.slots)]
    steps += [band.end - band.slots[-1][1] for band in lined]
    return min((step for step in steps if step > 0), default=1)


def _margin(lined: Sequence[Band], step: int) -> int:
    """Return how many empty lines stand between all labels and the first cells."""
    return max(0, min((band.slots[0][1] - band.last for band in lined if band.labels), default=step) - step)


def _parted(names: Names, band: Band, longest: int) -> Iterator[Band]:
    """Part a band after its last label of a row left empty."""
    place = max(_left(names, band, longest), default=0)
    if place == 0 or not band.slots:
        yield band
        return
    labels, lines = band.labels[place:], band.lines[place:]
    first, last = (lines[0], lines[-1]) if lines else (-1, -1)
    yield Band(band.labels[:place], [], 0, band.first, band.lines[place - 1], first, lines=band.lines[:place])
    yield Band(labels, band.slots, band.width, first, last, band.end, min(band.own, len(labels)), lines=lines)


def _left(names: Names, band: Band, longest: int) -> Iterator[int]:
    """Yield the place after each label of a band whose row is left empty."""
    ends = [*band.lines, band.slots[0][1] if band.slots else -1]
    for at, (line, following) in enumerate(pairwise(ends), 1):
        if following - line > longest or (
            any(map(_heads_rows, band.labels[at : at + 1])) and names.row_of(band.labels[at - 1]) >= 0
        ):
            yield at


def _heads_rows(token: Token) -> bool:
    """Tell whether a text is a heading over rows, and no row's label."""
    return bool(token.labels) and all(label.code.startswith("outcome_") for label in token.labels)
