"""The running numbers of a table's rows: 1, 2, 3, … before each of them.

Belongs here: telling such a number from a figure, by its counting up from row to row. Does not belong here:
numbers of pages (pages.py), of items within a label (tokens.py), of columns (lines.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.reading.regions import Region
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import filled
from pipeline.reading.words.lines import SERIALS, Line
from pipeline.reading.words.tokens import BARE

_FEWEST = 5  # that count up by one
_NEARLY_ALL = 0.8
_ROW_KINDS = frozenset(["item", "outcome"])
_FEWEST_ROWS = 4  # that begin with a number of the column 行次
_MOST_PASSED = 2  # by which it rises where a row was lost
_OF_CLAUSES = ("clause_", "information")  # headings over the rows of table 二
_WIDTH = 7  # cells of a row of table 三
_FEWEST_WORDS = 4  # in a line that is a row


def without_serials(region: Region) -> Region:
    """Return a table with its rows of words without the number before their figures.

    Where a label follows the number, it is told from a figure already, or taken for an item's numeral.
    Nearly all rows begin with a number that is one more than that of the row before; then others do that rise
    by no more than there are lines between.
    """
    rows = [line for _, line in region.texts if line.first == 0 and len(line.tokens) >= _FEWEST_WORDS]
    if not any(map(_is_numbered, rows)):
        return region  # nearly every table, at no cost
    entries = region.entries
    numbered = [(place, line) for place, (_, line) in enumerate(entries) if _is_numbered(line)]
    following = [pair for pair in pairwise(numbered) if _follow(*pair)]
    if len(following) < max(_FEWEST, _NEARLY_ALL * (len(numbered) - 1)):
        return region
    serials = {place for pair in pairwise(numbered) if _rises(*pair) for place, _ in pair}
    entries = [
        (index, _without_first(line)) if place in serials and _begins_with_figures(line) else (index, line)
        for place, (index, line) in enumerate(entries)
    ]
    return replace(region, entries=entries, texts=[entry for entry in entries if not entry[1].is_cell])


def _begins_with_figures(line: Line) -> bool:
    return not line.first and _is_numbered(line)


def _is_numbered(line: Line) -> bool:
    first = line.tokens[0]
    return len(line.tokens) >= _FEWEST_WORDS and first.style == BARE and first.number in SERIALS


def _follow(before: tuple[int, Line], after: tuple[int, Line]) -> bool:
    return after[1].tokens[0].number == (before[1].tokens[0].number or 0) + 1


def _rises(before: tuple[int, Line], after: tuple[int, Line]) -> bool:
    step = (after[1].tokens[0].number or 0) - (before[1].tokens[0].number or 0)
    return 0 < step <= after[0] - before[0]


def _without_first(line: Line) -> Line:
    return replace(line, tokens=line.tokens[1:], figures=line.figures - 1, written=line.written - 1)


def drop_serials(found: list[Band]) -> list[Band]:
    """Return bands without the numbers of a list that stand, a line each, before the labels that follow.

    They are the last figure of most bands and count up by one; figures of a table don't. Before a heading
    that has a line of its own, or before headers, there is none: it follows these. Where one is passed over,
    it is that of a row that lost its label, and stands among the figures of the row before; so does that of a
    last row. Of two bands that end in the same number, one with no figure more than usual ends in its total.
    """
    if _followed([_last_number(band) for band in found if not band.width]) < _FEWEST:
        return found  # nearly every table
    before = [
        band
        for band, following in pairwise(found)
        if _may_be_numbered(following) or (_has_cells(following) and _counts_up(band, following))
    ]
    counting = [pair for pair in pairwise(before) if _counts_up(*pair)]
    if len(counting) < _FEWEST or 2 * len(counting) < sum(1 for band in before if band.slots):
        return found
    numbered = {id(band): band for pair in counting for band in pair}
    passed = [after for pair in pairwise(before) if _passes_one(*pair) for after in pair[1:]]
    last = {key: _last_number(band) for key, band in numbered.items()}
    usual, _ = Counter(len(filled(band.slots)) - 1 for band in numbered.values()).most_common(1)[0]
    told = Counter(map(_last_number, before))
    numbered = {
        key: band
        for key, band in numbered.items()
        if told[last[key]] == 1 or len(filled(band.slots)) - 1 in (usual, 0)
    }
    for band in numbered.values():
        place = _place_of_last(band)
        band.end = band.slots[place][1]  # the number's line is no empty cell of the row
        del band.slots[place]
    parts = {
        id(band): _parted(band, int(last[id(band)] or 0) - 1, usual)
        for band in passed
        if id(band) in numbered
    }
    ends = [pair for pair in pairwise(found) if id(pair[0]) in numbered and id(pair[1]) not in numbered]
    parts |= {id(band): _parted(band, int(last[id(above)] or 0) + 1, usual) for above, band in ends}
    rows = [part for band in found for part in parts.get(id(band), [band])]
    return [band for band in rows if band.labels or band.slots]


def may_be_numbered(rows: Iterable[Placed]) -> bool:
    """Tell whether the first or the last figures of rows count up: they may be the rows' numbers."""
    filled = [row for row in rows if row.figures]
    lasts = [row.figures[-1][0].number for row in filled if not row.width]
    return len(_numbered(filled)) >= _FEWEST_ROWS or _followed(lasts) >= _FEWEST


def _followed(numbers: Sequence[int | float | None]) -> int:
    """Count the numbers that may be running ones and that another one is one more than."""
    before = {number - 1 for number in numbers if number is not None}
    return sum(number in SERIALS and number in before for number in numbers)


def drop_row_numbers(found: list[Band]) -> list[Band]:
    """Return bands without the column 行次: the first figure of nearly every row, which counts up by one.

    It passes over rows that were lost, and that of a row which lost its label may stand in the row before.
    """
    rows = [band for band in found if band.labels and band.figures]
    numbered = _numbered(rows)
    last = max(numbered.values(), default=0)
    if len(numbered) < max(_FEWEST_ROWS, _NEARLY_ALL * last) or last < _NEARLY_ALL * _rows_named(found):
        return found  # nearly every table
    if 2 * (len(rows) - len(numbered)) > len(numbered):
        return found
    alone = sum(id(band) in numbered and len(band.figures) == 1 for band in rows)
    if 2 * alone >= len(numbered) and not len(numbered) == len(rows) == last:
        return found  # figures that happen to count up
    numbered |= _without_label(found, numbered)
    return [part for band in found for part in _without_number(band, numbered)]


def _rows_named(found: Iterable[Band]) -> int:
    """Return how many rows' labels stand in a table, but for those that may be a header's."""
    spelt = (token.labels for band in found for token in band.labels if len(token.labels) == 1)
    return sum(label.kind in _ROW_KINDS for (label,) in spelt)


def _numbered(rows: Iterable[Band | Placed]) -> dict[int, int]:
    """Return the number of each row that begins with one, by its id: each follows the one before."""
    numbered: dict[int, int] = {}
    last = 0
    for band in rows:
        number = band.figures[0][0].number
        if number in SERIALS and last < (number or 0) <= last + _MOST_PASSED:
            numbered[id(band)] = last = int(number or 0)
    return numbered


def _without_label(found: Sequence[Band], numbered: Mapping[int, int]) -> dict[int, int]:
    """Return the numbers of bands without a label, between rows of which just that one is passed over."""
    last = 0
    told: dict[int, int] = {}
    for band in found:
        last = numbered.get(id(band), last)
        first = band.figures[0][0].number if band.figures and not band.labels else None
        if first == last + 1 and first not in {*numbered.values(), *told.values()}:
            told[id(band)] = last + 1
    return told


def _without_number(band: Band, numbered: Mapping[int, int]) -> list[Band]:
    """Return a row without its number, parted at the next one when no row begins with that."""
    number = numbered.get(id(band))
    if number is None:
        return [band]
    row = _without_first_figure(band)
    place = next((at for at, (token, _) in enumerate(row.slots) if token.number == number + 1), -1)
    if place < 0 or row.width or number + 1 in numbered.values():
        return [row]
    first, rest = row.slots[:place], row.slots[place + 1 :]
    return [replace(row, slots=first, end=row.slots[place][1], _figures=None), Band([], rest, end=band.end)]


def _without_first_figure(band: Band) -> Band:
    first = band.figures[0]
    return replace(band, slots=[slot for slot in band.slots if slot is not first], _figures=None)


def _parted(band: Band, number: int, usual: int) -> list[Band]:
    """Part a band of two rows at the second one's number, when each part has as many figures as most rows."""
    for place, (token, entry) in enumerate(band.slots):
        rows = band.slots[:place], band.slots[place + 1 :]
        if token.number == number and all(len(filled(row)) == usual for row in rows):
            first = replace(band, slots=rows[0], end=entry + 1, _figures=None)
            return [first, Band([], rows[1], end=band.end)]
    return [band]


def _may_be_numbered(band: Band) -> bool:
    """Tell whether a row's number may stand before a band."""
    begins = [label for token in band.labels[:1] for label in token.labels]
    clause = any(label.kind == "measure" or label.code.startswith(_OF_CLAUSES) for label in begins)
    return not clause and not _is_headed(band)


def _is_headed(band: Band) -> bool:
    """Tell whether a band is a heading over rows and a number alone."""
    heading = band.labels and any(label.kind == "heading" for label in band.labels[-1].labels)
    return bool(heading) and len(filled(band.slots)) == 1


def _has_cells(band: Band) -> bool:
    """Tell whether a band is one of table 三's headings that is a row of form 2019 (其他处理), left empty."""
    names = {label.kind for token in band.labels[-1:] for label in token.labels}
    return _is_headed(band) and "outcome" in names and len(band.slots) > _WIDTH


def _counts_up(band: Band, following: Band) -> bool:
    return _step(band, following) == 1


def _passes_one(band: Band, following: Band) -> bool:
    return _step(band, following) == 2


def _step(band: Band, following: Band) -> int:
    """Return by how much the last figures of two bands count up, 0 when they can't be numbers of a list."""
    if band.width or following.width:
        return 0
    last, next_last = _last_number(band), _last_number(following)
    if last is None or last not in SERIALS or next_last is None:
        return 0
    return int(next_last - last)


def _last_number(band: Band) -> int | float | None:
    for token, _ in reversed(band.slots):
        if not token.blank:
            return token.number
    return None


def _place_of_last(band: Band) -> int:
    """Return the place of the last slot in which something stands, -1 without one."""
    return max((place for place, slot in enumerate(band.slots) if not slot[0].blank), default=-1)
