"""Table 三 among other tables of its section: the first rows of last year's, what each agency has received.

Belongs here: parting the bands of several tables, and telling which of them is the form's. Does not belong
here: two tables of about as many rows, of which nothing tells which is this year's (align.py).
"""

from collections.abc import Iterator, Sequence

from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.names import Names, heads

_FIRST_COLUMN = "natural_person"
_FEWEST_NAMED = 3  # rows named one after the other over figures: they are columns there
_PLAINLY = 3  # times as many rows as any other table has


def own_part(names: Names, found: Sequence[Band]) -> tuple[Sequence[Band], list[Band]]:
    """Return the bands of the form's own table 三, and those with figures of others, all far shorter."""
    parts = list(_parted(names, found)) if names.uniform else []
    if len(parts) < 2:
        return found, []  # nearly every table
    counts = [_rows_named(names, part) for part in parts]
    most = max(counts)
    if sum(_PLAINLY * count > most for count in counts) > 1:
        return found, []
    own = parts[counts.index(most)]
    return own, [band for part in parts if part is not own for band in part if band.figures]


def _parted(names: Names, found: Sequence[Band]) -> Iterator[list[Band]]:
    """Part bands where headers stand below which rows come anew: a page's head has later rows below it."""
    part: list[Band] = []
    last = -1
    for band in found:
        rows = [row for token in band.labels if not heads(token) and (row := names.row_of(token)) >= 0]
        if not rows and last >= 0 and _is_headed(band):
            rows = names.resembled(band.labels[-1], range(len(names.codes)))
        again = last >= 0 and bool(rows) and (rows[0] == 0 or rows[0] < last)
        if again and (len(set(rows)) >= _FEWEST_NAMED or _is_headed(band)):
            yield part
            part, last = [], -1
        part.append(band)
        last = max(last, *rows) if rows else last
    yield part


def _is_headed(band: Band) -> bool:
    """Tell whether the name of the form's first column stands over a band's figures."""
    return any(label.code == _FIRST_COLUMN for token in band.labels for label in token.labels)


def _rows_named(names: Names, part: Sequence[Band]) -> int:
    """Count the rows that labels name, also ones left empty."""
    return len({names.row_of(token) for band in part for token in band.labels if not heads(token)} - {-1})
