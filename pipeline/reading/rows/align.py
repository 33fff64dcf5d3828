"""Which statutory row each band is: labels in statutory order, gaps filled by count.

Belongs here: the first witness (labels, their variants, damage, order). Does not belong
here: figures - no number is looked at - nor which slot is which column.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby, pairwise

from pipeline.forms import Table
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.doubts import Rows, doubt
from pipeline.reading.rows.labels_after import with_labels_first
from pipeline.reading.rows.left_empty import without_left_empty
from pipeline.reading.rows.mending import fits, lines_of, made_whole
from pipeline.reading.rows.names import (
    MARGIN,
    Names,
    heads,
    label_texts,
    names_of,
    rising,
)
from pipeline.reading.rows.parts import own_part
from pipeline.reading.rows.placed import Alignment
from pipeline.reading.rows.slots import is_plain

_SURE = 80.0  # similarity from which a damaged label is taken as the row's
_MOST_LOST = 2  # cells that a row of table 三 may have lost
_MOST_MISSING = 4  # of a form's rows, in a table that is turned about
_FEWEST_TWICE = 3  # rows whose labels stand twice, where a table does
_SHORT = 4  # letters, below which likeness tells nothing
_FEWEST_LETTERS = 2
_ALIEN = 35.0  # similarity below which a label speaks against the row that order gives it


def align(table: Table, found: Sequence[Band], *, is_paged: bool = False) -> Alignment:
    """Give each band of `found` its row of `table`; never two rows to one label, never out of order.

    `is_paged` tells whether a figure alone may be a page number.
    """
    names = names_of(table)
    found, alien = own_part(names, found)
    found = with_labels_first(names, without_left_empty(names, found))
    if _are_columns(names, found) or _are_two_tables(names, found):
        return Alignment(table, unplaced=[*alien, *(band for band in found if band.figures)])
    spread = made_whole(names, found, is_paged=is_paged)
    others = [band for band in spread if names.is_other_tables(band) and band.figures]
    spread = [band for band in spread if band not in others] if others else spread
    named = [(place, row) for place, band in enumerate(spread) if (row := names.exact(band)) is not None]
    sure = _uncontested(names, spread, named)
    result = _filled(names, spread, rising(sure), is_paged=is_paged)
    doubt(Rows(names, spread, result, found))
    result.unplaced += [*alien, *others]
    return result


def _uncontested(names: Names, found: Sequence[Band], named: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those of some bands with their rows that no other band contests."""
    if len({row for _, row in named}) == len(named):
        return named  # nearly every table
    said = _said(names, found, named)
    return [(place, row) for place, row in named if not _is_contested(names, found[place], row, said)]


# Of each row, what the bands with its label say, and the longest band that says it.
_Said = dict[int, dict[tuple[str, ...], Band]]


def _said(names: Names, found: Sequence[Band], named: Iterable[tuple[int, int]]) -> _Said:
    """Return what is said of each row: figures, or a whole row of empty cells."""
    said: _Said = {}
    for place, row in named:
        band, texts = found[place], _texts(found[place])
        known = said.setdefault(row, {})
        longest = texts not in known or len(known[texts].slots) < len(band.slots)
        if longest and (texts or _is_empty_row(band, names.widths[row])):
            known[texts] = band
    return said


def _texts(band: Band) -> tuple[str, ...]:
    return tuple(token.text for token, _ in band.figures)


def _is_contested(names: Names, band: Band, row: int, said: _Said) -> bool:
    """Tell whether another band bears the same row's label with other figures: then neither has the row.

    A few empty cells contest no figures, they are a header's; a whole row of them does: one of the two labels
    is that of the row before, filled in. Nor do figures that make no row of table 三, as a sentence before or
    a comparison after the table has them, contest those of a whole row.
    """
    width, own = names.widths[row], _texts(band)
    fewest = width - _MOST_LOST if names.uniform and _is_whole(band, width) else 0
    return any(
        texts != own and (not texts or len(rival.slots) >= fewest) for texts, rival in said[row].items()
    )


def _are_columns(names: Names, found: Sequence[Band]) -> bool:
    """Tell whether most rows of table 三 have about as many cells as the form has rows: they are columns."""
    if not names.uniform:
        return False
    cells = [len(band.slots) for band in found if band.labels and band.width and band.slots]
    long = sum(count > len(names.codes) - _MOST_MISSING for count in cells)
    return 2 * long > len(cells)


def _are_two_tables(names: Names, found: Sequence[Band]) -> bool:
    """Tell whether two tables of one kind, as last year's beside this year's, say different things.

    The labels of several rows stand twice then, and not each time with the same cells. A row may be left
    empty in this year's; nothing tells which that is.
    """
    fewest = names.widths[0] - _MOST_LOST if names.uniform else 0
    rows = [band for band in found if not (band.own and band.figures and len(band.slots) < fewest)]
    tokens = [token for band in rows for token in band.labels if not heads(token)]
    told = [row for token in tokens if (row := names.row_of(token)) >= 0]
    counts = Counter(row for row, _ in groupby(told))
    twice = {row for row, count in counts.items() if count > 1}
    if len(twice) < _FEWEST_TWICE:
        return False
    cells = Counter((names.exact(band), _cells(band)) for band in rows)
    return not twice <= {row for (row, _), count in cells.items() if row is not None and count == counts[row]}


def _cells(band: Band) -> tuple[tuple[str, int], ...]:
    """Return what a row's cells say, and where they stand."""
    return tuple((token.text, token.column if band.width else at - band.last) for token, at in band.slots)


def _is_whole(band: Band, width: int) -> bool:
    """Tell whether a band has a cell for each column, and a figure in it."""
    return bool(band.figures) and fits(band, width)


def _is_empty_row(band: Band, width: int) -> bool:
    """Tell whether a label of rows alone, no header's, stands before a whole row of empty cells."""
    return band.own > 0 and len(band.slots) >= width and len(band.labels[-1].labels) == 1


def _filled(
    names: Names, found: Sequence[Band], anchors: list[tuple[int, int]], *, is_paged: bool
) -> Alignment:
    """Place the anchored bands, and those between two anchors by likeness and count."""
    takes_lone = not (anchors or names.uniform or is_paged)
    result = Alignment(names.table, has_labels=bool(anchors), takes_lone=takes_lone)
    bounds = [(-1, -1), *anchors, (len(found), len(names.codes))]
    for (band_before, row_before), (band_after, row_after) in pairwise(bounds):
        between = range(band_before + 1, band_after)
        if any(found[place].slots for place in between):
            _fill_gap(names, found, between, range(row_before + 1, row_after), result)
        if band_after < len(found):
            result.place(names.codes[row_after], found[band_after], "label")
    return result


def _fill_gap(names: Names, found: Sequence[Band], between: range, rows: range, result: Alignment) -> None:
    noise = {place for place in between if _is_noise(found[place], names, rows, takes_lone=result.takes_lone)}
    slotted = [place for place in between if found[place].slots and place not in noise]
    result.unplaced += [found[place] for place in slotted if names.exact(found[place]) is not None]
    slotted = [place for place in slotted if names.exact(found[place]) is None]
    likely = rising(_likely(names, found, slotted, rows))
    bounds = [(between.start - 1, rows.start - 1), *likely, (between.stop, rows.stop)]
    for (band_before, row_before), (band_after, row_after) in pairwise(bounds):
        gap = [place for place in slotted if band_before < place < band_after]
        if gap:
            fences = _fences(
                names, found, range(band_before + 1, band_after), range(row_before + 1, row_after)
            )
            _fill_blocks(names, [(place, found[place]) for place in gap], fences, result)
        if band_after < between.stop:
            result.place(names.codes[row_after], found[band_after], "damaged label")


def _fences(
    names: Names, found: Sequence[Band], between: range, rows: range
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the bounds of each block that headings of clauses divide: first place and row, ends."""
    starts = [(place, names.clause(found[place])) for place in between]
    ends = range(rows.start, rows.stop + 1)  # below the heading over the row after a gap stands no row of it
    fences = [(place, row) for place, row in starts if row is not None and row in ends]
    return list(pairwise([(between.start, rows.start), *rising(fences), (between.stop, rows.stop)]))


def _fill_blocks(
    names: Names,
    gap: Sequence[tuple[int, Band]],
    blocks: Iterable[tuple[tuple[int, int], tuple[int, int]]],
    result: Alignment,
) -> None:
    """Fill a gap by count, block by block."""
    for (first, row), (end, next_row) in blocks:
        inside = [band for place, band in gap if first <= place < end]
        _fill_by_count(names, inside, range(row, next_row), result)


def _is_noise(band: Band, names: Names, rows: range, *, takes_lone: bool) -> bool:
    """Tell whether a band is no row: a stray figure (a page number), or a header with empty cells."""
    figures = len(band.figures)
    if not figures and (not band.labels or heads(band.labels[-1])):
        return True
    fewest = min((names.widths[row] for row in rows), default=max(names.widths))
    return not takes_lone and figures <= 1 < fewest and len(band.slots) < fewest and not label_texts(band)


def _likely(names: Names, found: Sequence[Band], between: list[int], rows: range) -> list[tuple[int, int]]:
    """Return (band, row) where a damaged label is clearly one row's, and its last text no other's."""
    pairs: list[tuple[int, int]] = []
    for place in between:
        scores = sorted(((names.similarity(found[place], row), row) for row in rows), reverse=True)
        if scores and scores[0][0] >= _SURE and (len(scores) == 1 or scores[0][0] - scores[1][0] >= MARGIN):
            pairs.append((place, scores[0][1]))
    return [
        (place, row) for place, row in pairs if not _is_of_other_row(names, label_texts(found[place])[0], row)
    ]


def _fill_by_count(names: Names, gap: list[Band], rows: range, result: Alignment) -> None:
    """Place the bands of a gap by order alone, when there are as many as rows and all fit."""
    if len(gap) != len(rows):
        gap = _flattened(names, gap, rows)
    if len(gap) != len(rows) and result.takes_lone:
        lines = lines_of(gap)
        rest = [band for band in gap if not _is_noise(band, names, rows, takes_lone=False)]
        gap = lines if len(lines) == len(rows) else rest
    if len(gap) != len(rows) or not _come_out_even(names, gap, rows, result):
        result.unplaced += gap
        return
    for band, row in zip(gap, rows, strict=True):
        result.place(names.codes[row], band, "order")


def _come_out_even(names: Names, gap: Sequence[Band], rows: range, result: Alignment) -> bool:
    """Tell whether as many bands as rows are these rows: nothing in their labels or figures says other.

    A line with too few figures is a row as long as it is no part of one with the lines beside it.
    """
    widths = [names.widths[row] for row in rows]
    pairs = zip(gap, rows, strict=True)
    if any(_speaks_against(names, band, row, has_labels=result.has_labels) for band, row in pairs):
        return False
    short = [place for place, band in enumerate(gap) if not fits(band, widths[place])]
    counts = [len(band.figures) for band in gap]
    return all(
        _is_short_row(gap[place], widths[place], takes_lone=result.takes_lone)
        and all(counts[place] + counts[other] > widths[place] for other in _beside(place, len(gap)))
        for place in short
    )


def _beside(place: int, count: int) -> list[int]:
    return [other for other in (place - 1, place + 1) if 0 <= other < count]


def _is_short_row(band: Band, width: int, *, takes_lone: bool) -> bool:
    """Tell whether a line has several figures of a row, or one, and no empty cells of another's."""
    several = len(band.figures) > 1 and band.width > 0
    return (several or takes_lone) and 0 < len(band.figures) == len(band.slots) < width


def _flattened(names: Names, gap: list[Band], rows: range) -> list[Band]:
    """Divide figures that run on without labels among rows of one figure each, when they come out even."""
    widths = [names.widths[row] for row in rows]
    slots = [slot for band in gap for slot in band.figures]
    named = any(label_texts(band) for band in gap[1:])
    if named or not gap or len(slots) != sum(widths) or max(widths, default=0) > 1:
        return gap
    starts = accumulate(widths, initial=0)
    parts = [slots[start : start + width] for start, width in zip(starts, widths, strict=False)]
    return [Band(gap[0].labels if place == 0 else [], part) for place, part in enumerate(parts)]


def _speaks_against(names: Names, band: Band, row: int, *, has_labels: bool) -> bool:
    """Tell whether a band's label is some other text altogether.

    Where no row has a label, a text in a line of its own before a full row is none either.
    """
    texts = label_texts(band)
    is_full = band.width > 0 and len(band.figures) == names.widths[row] > 1 and is_plain(band.figures)
    if not has_labels and not band.own and is_full:
        return False
    if texts and names.is_another_word(texts[0], row):
        return True
    if texts and len(texts[0]) < _SHORT:
        return _is_of_other_row(names, texts[0], row)
    return bool(texts) and names.similarity(band, row) < _ALIEN


def _is_of_other_row(names: Names, text: str, row: int) -> bool:
    """Tell whether a short text begins or ends another row's label, and is no part of this row's."""
    if len(text) < _FEWEST_LETTERS or any(text in name for name, of in names.spellings.items() if of == row):
        return False
    return any(name.startswith(text) or name.endswith(text) for name in names.spellings)
