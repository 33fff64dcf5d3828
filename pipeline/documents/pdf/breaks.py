"""Tables over page breaks: one grid of columns for all their parts, a row that was cut whole again.

Belongs here: which tables of two pages are one, and their rows as entries of the stream.
Does not belong here: what stands in a cell (`tables.py`), what the rows mean.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.documents.flow import Entry, Line, Row
from pipeline.documents.pdf.tables import SNAP, Box, Ruled, joined
from pipeline.documents.stream import Cell

Item = Line | Ruled

_FIGURE = re.compile(r"[+\-−＋－]?[0-9０-９][0-9０-９,，.．\s]*[万元件条宗个项次份起]{0,2}")
_REST = re.compile(r"[0-9０-９,，.．万元件条宗个项次份起（(）)]")


def entries_of(pages: Sequence[Sequence[Item]]) -> list[Entry]:
    """Return the entries of all pages in their order: a Line a line of text, a Row a row of a ruled table."""
    lefts: dict[int, list[float]] = {}
    for run in _runs(pages):
        widest = max((table.lefts for table in run), key=len)
        lefts.update((table.ordinal, widest) for table in run)
        for before, after in pairwise(run):
            _make_whole(before, after)
    return [entry for page in pages for item in page for entry in _entries(item, lefts)]


def _entries(item: Item, lefts: dict[int, list[float]]) -> Iterator[Entry]:
    if isinstance(item, Line):
        yield item
        return
    grid = lefts.get(item.ordinal, item.lefts)
    for row in item.rows:
        yield Row(tuple(_cell(box, grid) for box in row), item.ordinal, page=item.page)


def _cell(box: Box, grid: Sequence[float]) -> Cell:
    column, end = bisect_left(grid, box.x0 - SNAP), bisect_left(grid, box.x1 - SNAP)
    return Cell(box.text, column, max(1, end - column), row_span=box.row_span)


def _runs(pages: Sequence[Sequence[Item]]) -> Iterator[list[Ruled]]:
    """Yield the tables that go on from page to page, in their order."""
    run: list[Ruled] = []
    for page in pages:
        tables = [item for item in page if isinstance(item, Ruled)]
        if not tables:
            continue
        if run and run[-1].page + 1 == tables[0].page and _is_one(run, tables[0]):
            run.append(tables[0])
        else:
            if len(run) > 1:
                yield run
            run = [tables[0]]
        if len(tables) > 1:
            if len(run) > 1:
                yield run
            run = [tables[-1]]
    if len(run) > 1:
        yield run


def _is_one(run: Sequence[Ruled], table: Ruled) -> bool:
    """Tell whether a table has the columns of those before it, or these some of its."""
    widest = max((other.lefts for other in run), key=len)
    return _ends_alike(run[-1], table) and (
        _are_among(widest, table.lefts) or _are_among(table.lefts, widest)
    )


def _ends_alike(one: Ruled, other: Ruled) -> bool:
    right, further = (max(box.x1 for row in table.rows for box in row) for table in (one, other))
    return abs(one.lefts[0] - other.lefts[0]) <= SNAP and abs(right - further) <= SNAP


def _are_among(some: Sequence[float], lefts: Sequence[float]) -> bool:
    return all(any(abs(x - left) <= SNAP for left in lefts) for x in some)


def _make_whole(before: Ruled, after: Ruled) -> None:
    """Join a row whose figures go on at the top of the next page, where nothing stands beside them."""
    upper, lower = before.rows[-1], after.rows[0]
    rest = {place: box for box in lower if box.text for place in _places(upper, box)}
    if len(after.rows) < 2 or not _goes_on(upper, lower, rest):
        return
    for place, box in rest.items():
        text = joined([upper[place].text, box.text], [upper[place].room < box.head])
        upper[place] = upper[place]._replace(text=text)
    del after.rows[0]


def _places(upper: Sequence[Box], box: Box) -> Iterator[int]:
    """Yield the place of the cell above a cell, if there is one."""
    for place, other in enumerate(upper):
        if other.text and abs(other.x0 - box.x0) <= SNAP and abs(other.x1 - box.x1) <= SNAP:
            yield place


def _goes_on(upper: Sequence[Box], lower: Sequence[Box], rest: dict[int, Box]) -> bool:
    """Tell whether a page's first row is the end of the last page's last one.

    It has the ends of some figures, and its label's cell, left of them, is empty.
    """
    texts = [place for place, box in enumerate(upper) if box.text and not _FIGURE.fullmatch(box.text)]
    label = next((place for place in texts if place + 1 not in texts), None)
    if label is None or len(rest) < sum(bool(box.text) for box in lower):
        return False
    ends = [box.text for place, box in rest.items() if place > label]
    is_beside = any(abs(box.x0 - upper[label].x0) <= SNAP and not box.text for box in lower)
    figures = sum(bool(box.text) for box in upper[label + 1 :])
    return is_beside and 0 < len(ends) < figures and all(map(_REST.match, ends))
