"""Rows of words whose columns drift: `pdftotext -layout` moves figures by some characters from line to line.

Belongs here: the column of the nearest full row, or of the headers, that each figure of a row is nearest to.
Does not belong here: columns that line up (candidates.py), what proves such a reading (identities.py).
"""

from collections.abc import Iterable, Sequence

from pipeline.forms import COLUMN_KIND
from pipeline.reading.columns import offsets
from pipeline.reading.columns.candidates import Candidate, Layout, aligned, edges
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.slots import are_in_one_row
from pipeline.reading.words import labels
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import BARE

_MIDDLE = 1  # of the edges of a figure

# The line of a full row, or of no row, and the middles of its figures, or of the headers.
_Columns = tuple[int, tuple[int, ...]]


def in_nearest_columns(
    alignment: Alignment, codes: Iterable[str], entries: Sequence[Entry]
) -> dict[str, Candidate]:
    """Return the readings of rows, some columns of which are empty, by the columns next to each."""
    rows = {code: alignment.placed[code] for code in codes if _is_of_words(alignment.placed[code])}
    columns = _columns(alignment, entries) if rows else []
    found = {code: _nearest(row, columns) for code, row in rows.items()} if columns else {}
    return {code: reading for code, reading in found.items() if reading}


def _columns(alignment: Alignment, entries: Sequence[Entry]) -> list[_Columns]:
    """Return the columns of all full rows of words, of a table without any those of its headers."""
    order = [label.code for label in alignment.table.rows[0].columns]
    full = [row for row in alignment.placed.values() if row.is_full(len(order)) and _is_of_words(row)]
    if full:
        return [(row.figures[0][1], tuple(edges(slot)[_MIDDLE] for slot in row.figures)) for row in full]
    spellings = labels.spellings(COLUMN_KIND[alignment.table.code])
    names = [[name for name, code in spellings.items() if code == column] for column in order]
    spans = offsets.headers(entries, names)
    return [(0, tuple(left + right for left, right in spans))] if spans else []


def _is_of_words(row: Placed) -> bool:
    return bool(row.figures) and row.figures[0][0].style == BARE and are_in_one_row(row.figures)


def _nearest(row: Placed, columns: Iterable[_Columns]) -> Candidate | None:
    """Return a row's figures in the columns of the line that stands nearest."""
    line = row.figures[0][1]
    _, middles = min(columns, key=lambda found: abs(found[0] - line))
    return aligned(row.figures, Layout(middles, _MIDDLE))
