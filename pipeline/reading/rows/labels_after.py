"""Labels of table 二 that stand in lines after their figures, as programs read cells set in the middle.

Belongs here: telling that order, and turning it round. Does not belong here: which row a label is (names.py),
labels at the end of their figures' line (labels_last.py).
"""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.names import Names

_FEWEST = 2  # figures right below a column's name, before any row's label


def with_labels_first(names: Names, found: Sequence[Band]) -> Sequence[Band]:
    """Return the bands of a table 二 with each label before its figures, where all stand after them."""
    if names.uniform or not are_after(found):
        return found
    places = [place for place, band in enumerate(found) if band.figures]
    rows = [_first_row(names, found[place + 1]) if place + 1 < len(found) else -1 for place in places]
    whole = all(
        row >= 0 and len(found[at].slots) == names.widths[row] for at, row in zip(places, rows, strict=True)
    )
    if not whole or any(after <= before for before, after in pairwise(rows)):
        return found
    return [
        Band([found[place + 1].labels[0]], found[place].slots, 0, end=found[place + 1].first)
        for place in places
    ]


def are_after(found: Sequence[Band]) -> bool:
    """Tell whether figures with a line each stand below columns' names, before any label of a row."""
    return sum(map(_is_below_header, found)) >= _FEWEST


def _is_below_header(band: Band) -> bool:
    header = bool(band.labels) and any(label.kind == "measure" for label in band.labels[-1].labels)
    return header and bool(band.figures) and not band.width and not band.own


def _first_row(names: Names, band: Band) -> int:
    return names.row_of(band.labels[0]) if band.labels else -1
