"""Rows of words whose columns drift: `pdftotext -layout` moves figures by some characters from line to line.

Belongs here: the column of the nearest full row that each figure of a row is nearest to. Does not belong
here: columns that line up (candidates.py), what proves such a reading (identities.py).
"""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.reading.columns.candidates import Candidate, Layout, aligned, edges
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import are_in_one_row
from pipeline.reading.words.tokens import BARE

_MIDDLE = 1  # of the edges of a figure


def in_nearest_columns(
    placed: Mapping[str, Placed], codes: Iterable[str], width: int
) -> dict[str, Candidate]:
    """Return the readings of rows, some columns of which are empty, by the full row of `width` next to each.

    Without a full row nothing ties the columns down: a whole column may stand under another's header.
    """
    full = [row for row in placed.values() if row.is_full(width) and _is_of_words(row)]
    rows = {code: placed[code] for code in codes if _is_of_words(placed[code])} if full else {}
    found = {code: _nearest(row, full) for code, row in rows.items()}
    return {code: reading for code, reading in found.items() if reading}


def _is_of_words(row: Placed) -> bool:
    return bool(row.figures) and row.figures[0][0].style == BARE and are_in_one_row(row.figures)


def _nearest(row: Placed, full: Sequence[Placed]) -> Candidate | None:
    """Return a row's figures in the columns of the full row that stands nearest."""
    line = row.figures[0][1]
    above = min(full, key=lambda other: abs(other.figures[0][1] - line))
    middles = tuple(edges(slot)[_MIDDLE] for slot in above.figures)
    return aligned(row.figures, Layout(middles, _MIDDLE))
