"""Tables whose rows stand beside their own labels, in statutory order, each with a cell for each column.

Belongs here: giving such a table its rows by looking labels up - nearly all tables are such. Does not belong
here: anything damaged, lost or left empty, which has to be weighed (align.py). Where this gives a table its
rows, weighing gives it the same.
"""

from collections.abc import Sequence

from pipeline.forms import Table
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.doubts import STRAIGHT, Rows, doubt
from pipeline.reading.rows.labels_after import with_labels_first
from pipeline.reading.rows.left_empty import without_left_empty
from pipeline.reading.rows.mending import fits
from pipeline.reading.rows.names import heads, names_of
from pipeline.reading.rows.placed import Alignment


def align_straight(table: Table, found: Sequence[Band]) -> Alignment | None:
    """Give each band of `found` the row that its label names; None where that is not all there is to do."""
    names = names_of(table)
    found = with_labels_first(names, without_left_empty(names, found))
    result = Alignment(table)
    last = -1
    for band in found:
        if not band.slots:
            continue
        row = names.plain(band)
        if row is None and not band.figures and all(heads(token) for token in band.labels):
            continue
        if row is None or row <= last:
            return None
        width = names.widths[row]
        if not len(band.figures) == len(band.slots) == width and not fits(band, width):
            return None  # of nearly every row each cell is filled
        last = row
        result.place(names.codes[row], band, "label")
    doubt(Rows(names, found, result), STRAIGHT)
    return result
