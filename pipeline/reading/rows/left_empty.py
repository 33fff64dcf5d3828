"""Labels whose rows are left empty: the figures below them, another row's, are not theirs.

Belongs here: parting such labels from the figures, in table 三 by the empty lines and the headings between
them, in table 二 by the one line below each label. Does not belong here: tables 三 whose rows have a line
each, and which row the figures are (align.py).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.names import Names
from pipeline.reading.words.tokens import Token

_STEP = 1  # line from a label of table 二 to its cells
_FEWEST_BELOW = 2  # rows of table 二 that have their cells in the line below their label


def without_left_empty(names: Names, found: Sequence[Band]) -> Sequence[Band]:
    """Return the bands of a table, labels of rows left empty parted from the figures that follow.

    After them there are empty lines enough for all cells of a row, or a heading over other rows.
    """
    if not names.uniform:
        return _below_labels(names, found)
    lined = [band for band in found if band.slots and not band.width]
    if not lined or 2 * len(lined) < sum(map(_has_slots, found)):
        return found
    shortest = names.widths[0]
    if not any(any(_left(names, band, shortest)) for band in found if band.labels):
        return found  # nearly every table
    step = _step(lined)
    longest = names.widths[0] * step + _margin(lined, step)
    return [part for band in found for part in _parted(names, band, longest)]


def _below_labels(names: Names, found: Sequence[Band]) -> Sequence[Band]:
    """Return the bands of table 二, the label next to a figure parted from those with an empty line above it.

    Each label of a row has just one line below it then, its cells' or an empty one, and no other text has an
    empty line: a lost label or a page's number would add one.
    """
    places = [place for place, band in enumerate(found) if _passes_empty_line(band)]
    if not places or not all(_has_line_below(names, band) for band in found if band.labels or band.slots):
        return found  # nearly every table
    if places[-1] == len(found) - 1 and any(token.text.isdigit() for token, _ in found[-1].slots):
        return found  # how many lines stand below the last figure is not known: it may be a page's number
    whole = [band for place, band in enumerate(found) if place not in places and band.slots]
    if len(whole) < _FEWEST_BELOW or any(band.end < 0 for band in found[:-1] if band.slots):
        return found
    return [
        part
        for place, band in enumerate(found)
        for part in (_parted(names, band, _STEP) if place in places else (band,))
    ]


def _passes_empty_line(band: Band) -> bool:
    """Tell whether empty lines stand between the labels before a row's cells."""
    return bool(band.slots) and any(after - before > _STEP for before, after in pairwise(band.lines))


def _has_line_below(names: Names, band: Band) -> bool:
    """Tell whether each label of a row has one line below it, and any other text none."""
    lines = {entry for _, entry in band.slots}
    if not band.labels or len(band.lines) != len(band.labels) or len(lines) > 1:
        return False
    if lines and (lines != {band.last + 1} or band.end not in (-1, band.last + 2)):
        return False
    ends = [*band.lines[1:], band.last + (_STEP if lines else 2 * _STEP)]
    texts = list(zip(band.labels, band.lines, ends, strict=True))
    for place, (token, line, following) in enumerate(texts):
        if following == line:
            continue  # another text stands beside it
        is_last = place == len(texts) - 1
        is_row = names.row_of(token) >= 0
        if following - line != (2 * _STEP if is_row and not (is_last and lines) else _STEP):
            return False
    return True


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
