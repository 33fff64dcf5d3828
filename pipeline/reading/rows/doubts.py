"""Rows whose figures may be another row's, though they have a place.

Belongs here: what in labels and lines speaks against a row's figures, once all rows have their places; no
number is looked at. Does not belong here: placing rows (align.py), what sums say (arithmetic.py).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.labels_after import are_after
from pipeline.reading.rows.names import Names, heads, rising
from pipeline.reading.rows.placed import DOUBT, Alignment, Placed
from pipeline.reading.rows.slots import is_one_row
from pipeline.reading.words import labels
from pipeline.reading.words.labels import skeleton
from pipeline.reading.words.lines import Line
from pipeline.reading.words.tokens import (
    BARE,
    WORDS,
    Token,
    begins_with_numeral,
    end_of,
    is_part_of_label,
    is_spelt_number,
)
from pipeline.reading.words.values import UNITS

_FEWEST_APART = 2  # rows whose figures stand apart from their labels
_FEWEST_TWICE = 2  # rows that say two things
_SHORTEST_PIECE = 3  # letters that tell whose label they are
_SHORTEST_DAMAGED = 6  # letters of a label that has lost some
_MOST_LOST = 2
_MOST_DAMAGED = 100  # labels without a place, several times as many as the longest table has rows
_NUMERALS = frozenset("一二三四五六七")
_PARTS = 2  # lines that a broken row has
_FEWEST_ASTRAY = 2  # labels that stand before others that they should follow
_FEWEST_LETTERS = 20  # that stand alone: more than damage leaves
_ITEM = re.compile(r"[（(]?([1-8])\s?[.．、]")
_CLAUSE = re.compile(  # 本年新制作数量102，
    r"[\u4e00-\u9fff：:]\s?\d+(?:\.\d+)?\s?[件项个条次份宗]?[，,；;](?!\d{3})"
)
_PLAINLY = 2  # rows beside their label for each that stands below one


class Rows(NamedTuple):
    """What speaks against a row: the table's bands, in reading order, and the places that rows have.

    `printed` are the bands before they were made whole.
    """

    names: Names
    bands: Sequence[Band]
    result: Alignment
    printed: Sequence[Band] = ()

    @property
    def before_missing(self) -> Iterator[tuple[str, Placed]]:
        """Rows that have a place when the next one of the form has none."""
        placed = self.result.placed
        for code, following in pairwise(self.names.codes):
            if code in placed and following not in placed:
                yield code, placed[code]


# Yields the codes of the rows that it doubts.
Reason = Callable[[Rows], Iterable[str]]


def doubt(rows: Rows, reasons: Iterable[Reason] | None = None) -> None:
    """Mark the rows that any of `reasons` (all without them) speaks against: they stay open."""
    for reason in REASONS if reasons is None else reasons:
        for code in list(reason(rows)):
            rows.result.placed[code].how = DOUBT


def _beside_lost(rows: Rows) -> Iterator[str]:
    """Yield rows left empty beside figures that have no row: these may be theirs."""
    unplaced = {id(band.slots) for band in rows.result.unplaced if band.figures}
    near = {
        id(rows.bands[place + step].slots)
        for place, band in enumerate(rows.bands)
        if id(band.slots) in unplaced
        for step in (-1, 1)
        if 0 <= place + step < len(rows.bands)
    }
    yield from (code for code, row in rows.result.placed.items() if not row.figures and id(row.slots) in near)


def _running_on(rows: Rows) -> Iterator[str]:
    """Yield rows without figures, and those of table 二 with too few, right before figures that have no row.

    A figure alone may be a page's number; it may as well be the row's. Several such lines below a label of
    table 二 may begin with another row's, whatever figures it has.
    """
    names, placed = rows.names, rows.result.placed
    taken = {id(row.slots) for row in placed.values()}
    loose = [bool(band.figures and not band.labels) and id(band.slots) not in taken for band in rows.bands]
    if not any(loose):
        return  # nearly every table
    before = {id(band.slots): place for place, band in enumerate(rows.bands)}
    for code, row in placed.items():
        place = before.get(id(row.slots), len(loose)) + 1
        short = len(row.figures) < (1 if names.uniform else names.widths[names.order[code]])
        below = bool(row.figures) and not names.uniform and -1 < row.last < row.figures[0][1]
        if any(loose[place : place + 1]) and (short or (below and all(loose[place : place + 2]))):
            yield code


def _before_loose(rows: Rows) -> Iterator[str]:
    """Yield rows with fewer figures than columns before a figure that was left out: it may be theirs."""
    loose = {id(band.slots) for band in chain(rows.bands, rows.printed) if band.loose and band.slots}
    if loose:  # in hardly any table
        names, placed = rows.names, rows.result.placed.items()
        yield from (
            code
            for code, row in placed
            if id(row.slots) in loose and len(row.figures) < names.widths[names.order[code]]
        )


def _below_label(rows: Rows) -> Iterator[str]:
    """Yield rows with figures in the line below their label when the next row is missing: they may be its.

    Only where most other rows stand beside their labels.
    """
    below = [band for band in rows.bands if not band.own and band.width and _is_below(rows.names, band)]
    if not below or sum(bool(band.own and band.figures) for band in rows.bands) < _PLAINLY * len(below):
        return
    for code, row in rows.before_missing:
        if any(row.slots is band.slots for band in below):
            yield code


def _alone_below(rows: Rows) -> Iterator[str]:
    """Yield rows of table 二 with one figure, in a line below their label, where most stand beside theirs.

    It may be a page's number, or that of a row that lost its label.
    """
    names = rows.names
    if names.uniform:
        return
    told = {
        code: row
        for code, row in rows.result.placed.items()
        if row.figures and row.labels and names.row_of(row.labels[-1]) >= 0
    }
    below = [code for code, row in told.items() if row.figures[0][1] > row.last]
    if len(told) > (_PLAINLY + 1) * len(below):
        yield from (code for code in below if len(told[code].figures) == 1)


def _is_below(names: Names, band: Band) -> bool:
    """Tell whether words stand in the line after a row's whole label."""
    if not band.figures or not band.labels:
        return False
    (token, entry), label = band.figures[0], band.labels[-1]
    return token.style == BARE and entry == band.last + 1 and names.row_of(label) >= 0


def _named_elsewhere(rows: Rows) -> Iterator[str]:
    """Yield rows of table 二 that have their place by order, below other words, their own label elsewhere.

    What is below a heading then (a page's number) is no row's.
    """
    by_order = {code: row for code, row in rows.result.placed.items() if row.how == "order" and row.labels}
    if rows.names.uniform or not by_order:
        return
    for token in (token for band in rows.bands for token in band.labels):
        place = rows.names.spellings.get(token.skeleton)
        row = by_order.get(rows.names.codes[place]) if place is not None else None
        if place is not None and row and token not in row.labels:
            yield rows.names.codes[place]


def _below_another(rows: Rows) -> Iterator[str]:
    """Yield rows whose label stands before another text, nearer to the figures: these may be that one's."""
    for code, row in rows.result.placed.items():
        place = rows.names.order[code]
        if row.how == "order" and any(rows.names.row_of(token) == place for token in row.labels[:-1]):
            yield code


def _of_two_lines(rows: Rows) -> Iterator[str]:
    """Yield rows made of two lines when the next row is missing: the second line may be that row's."""
    yield from (code for code, row in rows.before_missing if _is_joined(row))


def _of_two_rows(rows: Rows) -> Iterator[str]:
    """Yield rows of table 三 after whose figures there are as many that have no row: either may be theirs.

    The label of the row before or after was lost, or stands in a line without figures.
    """
    unplaced = {id(band.slots) for band in rows.result.unplaced if not band.labels and band.figures}
    firsts = {id(band.slots) for band, rest in pairwise(rows.bands) if id(rest.slots) in unplaced}
    if rows.names.uniform and firsts:
        yield from (code for code, row in rows.result.placed.items() if id(row.slots) in firsts)


def _below_stray_figures(rows: Rows) -> Iterator[str]:
    """Yield the rows with a line for each cell where figures stand between headers and a first row's label.

    Each row's figures may stand before its label then, and those after it are the next one's.
    """
    table_rows = rows.names.table.rows
    first = {
        0,
        *(place + 1 for place, (one, other) in enumerate(pairwise(table_rows)) if one.clause != other.clause),
    }
    unplaced = {id(band.slots) for band in rows.result.unplaced if _has_lines(band)}
    for band, following in pairwise(rows.bands):
        begun = {rows.names.row_of(token) for token in following.labels} & first
        if begun and id(band.slots) in unplaced and 2 * len(band.figures) > rows.names.widths[min(begun)]:
            yield from (code for code, row in rows.result.placed.items() if not row.width)
            return


def _after_stray(rows: Rows) -> Iterator[str]:
    """Yield the rows of table 三 with figures below their labels that follow a whole row below a heading.

    The figures above each label may be its own then, up to the next row that stands beside its label.
    """
    codes = {id(row.slots): code for code, row in rows.result.placed.items() if row.width}
    unplaced = {id(band.slots) for band in rows.result.unplaced} if rows.names.uniform and codes else set()
    is_after = False
    for band in rows.bands:
        if id(band.slots) in unplaced:
            is_after = bool(band.labels) and len(band.figures) == rows.names.widths[0]
        elif band.own or not band.labels:
            is_after = False
        elif is_after and id(band.slots) in codes:
            yield codes[id(band.slots)]


def _has_lines(band: Band) -> bool:
    """Tell whether a band's figures have a line each, and do not number the columns."""
    numbers = [token.number for token, _ in band.figures]
    lines = {entry for _, entry in band.figures}
    counts = numbers == list(range(1, len(numbers) + 1))
    return 1 < len(numbers) == len(lines) and None not in numbers and not counts


def _is_joined(row: Placed) -> bool:
    return row.last < 0 and not row.width and len({entry for _, entry in row.figures}) == _PARTS


def _run_on(rows: Rows) -> Iterator[str]:
    """Yield rows of figures with a line each when the next row of their block has no label.

    Some may be that row's. Only in table 二, where no sum tells, and where rows leave out their empty cells.
    """
    lined = {code: row for code, row in rows.result.placed.items() if not row.width and len(row.slots) > 1}
    if rows.names.uniform or not any(
        len(row.figures) < rows.names.widths[rows.names.order[code]] for code, row in lined.items()
    ):
        return
    named = {rows.names.row_of(token) for band in rows.bands for token in band.labels}
    for place, (row, following) in enumerate(pairwise(rows.names.table.rows)):
        lost = following.code not in rows.result.placed and place + 1 not in named
        if row.code in lined and row.clause == following.clause and lost:
            yield row.code


def _glued(rows: Rows) -> Iterator[str]:
    """Yield rows of table 二 with a figure glued to the label, as a footnote's, where others' stand apart."""
    if rows.names.uniform:
        return
    beside = {code: row for code, row in rows.result.placed.items() if row.figures and row.labels}
    glued = [code for code, row in beside.items() if _is_glued(row)]
    if glued and len(beside) - len(glued) >= _FEWEST_APART:
        yield from glued


def _is_glued(row: Placed) -> bool:
    token, entry = row.figures[0]
    return token.style == BARE and entry == row.last and token.column == end_of(row.labels[-1])


def _printed_twice(rows: Rows) -> Iterator[str]:
    """Yield rows whose label stands twice where some do with other figures, in table 二 several.

    Two years may stand line by line, or a few rows of last year's table above this year's; one table below
    the other is told before rows are placed (align.py). Rows of far fewer cells, as those of a table that
    compares two years, say nothing of rows that have all of theirs.
    """
    names = rows.names
    said: dict[int, set[tuple[str, ...]]] = {}
    for band in rows.bands:
        if band.labels and band.figures and not _is_of_other_table(rows, band):
            texts = tuple(token.text for token, _ in band.figures)
            said.setdefault(names.row_of(band.labels[-1]), set()).add(texts)
    contested = [row for row, texts in said.items() if row >= 0 and len(texts) > 1]
    if len(contested) >= (1 if names.uniform else _FEWEST_TWICE):
        named = Counter(names.row_of(token) for band in rows.bands for token in band.labels)
        yield from (code for code in rows.result.placed if named[names.order[code]] > 1)
    if names.uniform:
        yield from filter(rows.result.placed.__contains__, _named_by_unplaced(rows))


def _is_of_other_table(rows: Rows, band: Band) -> bool:
    """Tell whether a row of table 三 has few of its cells in one line, and has its place with all of them."""
    names = rows.names
    if not names.uniform or not band.own or len(band.slots) >= names.widths[0] - _MOST_LOST:
        return False
    if band.slots[0][0].style in WORDS or not is_one_row(band.slots):
        return False
    row = names.row_of(band.labels[-1])
    placed = rows.result.placed.get(names.codes[row]) if row >= 0 else None
    return placed is not None and len(placed.slots) >= names.widths[0] and is_one_row(placed.slots)


def _named_by_unplaced(rows: Rows) -> Iterator[str]:
    """Yield the rows of which a label beside figures without a place is, but for a letter or two."""
    names = rows.names
    last = [band.labels[-1] for band in rows.result.unplaced if band.labels and band.figures]
    damaged = [label for label in last if not label.labels and len(label.skeleton) >= _SHORTEST_DAMAGED]
    if len(damaged) > _MOST_DAMAGED:  # no statutory table: any row may be one of these
        yield from names.codes
        return
    for label in damaged:
        for row in names.resembled(label, range(len(names.codes))):
            if any(abs(len(label.skeleton) - len(name)) <= _MOST_LOST for name in names.by_row[row]):
                yield names.codes[row]


def _of_cut_figures(rows: Rows) -> Iterator[str]:
    """Yield rows of words among which a unit stands alone: the start of its figure is in another line."""
    for code, row in rows.result.placed.items():
        if row.slots[0][0].style == BARE and any(token.text in UNITS for token, _ in row.slots):
            yield code


def _of_sentences(rows: Rows) -> Iterator[str]:
    """Yield rows of words that are clauses: 件，总计658件，科研机构 stands among their figures, or before."""
    for code, row in rows.result.placed.items():
        if row.slots[0][0].style == BARE:
            tokens = [*row.labels, *(token for token, _ in row.figures if token.mean is None)]
            if any(_CLAUSE.search(token.text) for token in tokens):
                yield code


def are_sentences(lines: Iterable[Line]) -> bool:
    """Tell whether figures of several results of table 四 stand in clauses: 结果维持0件；结果纠正 1 件."""
    results = labels.spellings("result")
    return any(
        _CLAUSE.search(token.text) and any(name in token.skeleton for name in results)
        for line in lines
        if line.figures
        for token in line.tokens
        if token.mean is None
    )


def _of_another_item(rows: Rows) -> Iterator[str]:
    """Yield rows beside whose figures stands the numeral of another item: there its label begins.

    The row's own label is then that of the lines above, as labels in a narrow column are broken.
    """
    codes = {id(row.slots): code for code, row in rows.result.placed.items()}
    for band in rows.bands:
        code = codes.get(id(band.slots)) if band.own and band.figures else None
        numeral = _numeral(band.labels[-band.own :]) if code else ""
        item = rows.names.items.get(rows.names.order[code]) if code and numeral else None
        if code and item and numeral != str(item):
            yield code


def _numeral(texts: Sequence[Token]) -> str:
    """Return the digit of an item's numeral when nothing else of a label stands in some texts."""
    if any(token.labels or len(token.skeleton) > 1 for token in texts):
        return ""
    found = _ITEM.fullmatch(texts[-1].text.strip())
    return found[1] if found else ""


def _before_labels(rows: Rows) -> Iterator[str]:
    """Yield rows of table 二 with a line a cell where figures stand before the labels of their rows."""
    after = not rows.names.uniform and are_after(rows.bands) and _has_labels(rows)
    if after and not rows.result.follow_labels():
        yield from (code for code, row in rows.result.placed.items() if not row.width)


def _has_labels(rows: Rows) -> bool:
    return any(rows.names.row_of(token) >= 0 for band in rows.bands for token in band.labels)


def _out_of_order(rows: Rows) -> Iterator[str]:
    """Yield rows of table 三 with a line a cell where labels don't come in the form's order.

    A program has read the page's cells in another order then, and figures after a label may be any row's.
    """
    lined = [
        code for code, row in rows.result.placed.items() if not row.width and row.slots[0][0].style == BARE
    ]
    if not rows.names.uniform or not lined:
        return
    tokens = (token for band in rows.bands for token in band.labels if not heads(token))
    named = [(at, row) for at, token in enumerate(tokens) if (row := rows.names.row_of(token)) >= 0]
    firsts = list({row: at for at, row in reversed(named)}.items())
    if len(firsts) - len(rising(sorted((at, row) for row, at in firsts))) >= _FEWEST_ASTRAY:
        yield from lined


def _in_letters(rows: Rows) -> Iterator[str]:
    """Yield rows of table 三 that no whole label names where labels stand a letter a line."""
    letters = sum(len(token.skeleton) == 1 for band in rows.bands for token in band.labels)
    if rows.names.uniform and letters >= _FEWEST_LETTERS:
        yield from (code for code, row in rows.result.placed.items() if row.how != "label")


def _after_figures(rows: Rows) -> Iterator[str]:
    """Yield rows whose label begins at the end of a line of figures, which no label leads, with theirs below.

    The figures before the label may be its own.
    """
    printed = rows.printed or rows.bands
    rows_of = [band.slots for band in printed if not band.own and len(band.slots) > 1]
    lines = {slots[0][1] for slots in rows_of if slots[0][1] == slots[-1][1]}
    below = {
        band.slots[0][1]
        for band in printed
        if band.lines and band.slots and band.lines[0] in lines and band.lines[0] < band.slots[0][1]
    }
    if below:
        placed = rows.result.placed.items()
        yield from (code for code, row in placed if row.slots and row.slots[0][1] in below)


def _beside_anothers(rows: Rows) -> Iterator[str]:
    """Yield rows whose figures stand beside a piece of another label, the row's own in the lines before.

    `申请内容仍不 / 明确 / (五)不予处 2677 … / 理 1.信访`: the figures are the next row's.
    """
    for code, row in rows.result.placed.items():
        if len(row.labels) < _PARTS or not row.figures or row.figures[0][1] != row.last:
            continue
        piece = row.labels[-1]
        if (
            not piece.labels
            and len(piece.skeleton) >= _SHORTEST_PIECE
            and not _is_of(rows.names, code, piece)
        ):
            yield code


def _begins_another(rows: Rows) -> Iterator[str]:
    """Yield rows beside whose figures, below their own label, another begins with its numeral.

    `予公开1．属于国 / 家秘密 / 2．其他 0 0 … / 法律行政`: the figures are the next row's.
    """
    codes = {id(row.slots): code for code, row in rows.result.placed.items()}
    for band in rows.bands:
        code = codes.get(id(band.slots)) if 0 < band.own < len(band.labels) and band.figures else None
        if code and (_is_over(rows.names, code, band) or _begins_another_item(rows.names, code, band)):
            yield code


def _is_over(names: Names, code: str, band: Band) -> bool:
    """Tell whether a row's label ends above the line of its figures, and another text stands beside."""
    above = "".join(token.skeleton for token in band.labels[: -band.own] if token.skeleton not in _NUMERALS)
    own, beside = _own_names(names, code), band.labels[-band.own].skeleton
    ends = any(above.endswith(name[-_SHORTEST_PIECE:]) for name in own)
    return ends and band.own == 1 and not any(beside in name for name in own)


def _begins_another_item(names: Names, code: str, band: Band) -> bool:
    return begins_with_numeral(band.labels[-band.own]) and not _begins(names, code, band)


def _begins(names: Names, code: str, band: Band) -> bool:
    """Tell whether the text beside figures may begin their row's label, or a heading over the whole of it."""
    first, above = band.labels[-band.own], band.labels[: -band.own]
    item, numeral = names.items.get(names.order[code]), _ITEM.match(first.text.strip())
    if item and numeral and numeral[1] != str(item):
        return False
    own = _own_names(names, code)
    if first.skeleton and _may_begin(first, own):
        return True
    pieces = [token.skeleton for token in above if len(token.skeleton) >= _SHORTEST_PIECE]
    if any(piece in name for piece in pieces for name in own):
        return True  # a heading stands beside the label, which goes on
    return _may_begin(first, _names_of(names, code))


def _may_begin(text: Token, names: Iterable[str]) -> bool:
    return any(name.startswith(text.skeleton) or text.skeleton.startswith(name) for name in names)


def _own_names(names: Names, code: str) -> list[str]:
    """Return the spellings of a row's label without a heading before them."""
    label = names.table.rows[names.order[code]].label
    return [skeleton(name) for name in (label.zh, *label.variants)]


def _names_of(names: Names, code: str) -> list[str]:
    """Return the spellings of a row's label, with its heading too, and of its headings."""
    place = names.order[code]
    return [*names.by_row[place], *(skeleton(heading.zh) for heading in names.table.rows[place].headings)]


def _is_of(names: Names, code: str, piece: Token) -> bool:
    """Tell whether a text is no piece of any label, or one of a row's own or of its headings'."""
    if not is_part_of_label(piece.skeleton):
        return True
    return any(piece.skeleton in name for name in _names_of(names, code))


def _named_again(rows: Rows) -> Iterator[str]:
    """Yield rows of table 二 whose label stood before, a later row's label since: a list follows the table.

    What a list below the table counts, such as what was published of each kind, is no row's figure.
    """
    if rows.names.uniform:
        return
    seen: list[int] = []
    again: set[int] = set()
    for band in rows.printed:
        for token, line in zip(band.labels, band.lines, strict=False):
            row = rows.names.row_of(token)
            if 0 <= row < max(seen, default=0) and row in seen:
                again.add(line)
            seen.append(row)
    yield from (code for code, row in rows.result.placed.items() if row.last in again)


def _after_spelt_number(rows: Rows) -> Iterator[str]:
    """Yield rows of words without a figure for each column, a number in Chinese numerals before the first."""
    spelt = {
        band.last
        for band in rows.printed or rows.bands
        if band.own and any(map(is_spelt_number, band.labels[-band.own :]))
    }
    for code, row in rows.result.placed.items() if spelt else ():
        short = 0 < len(row.figures) < rows.names.widths[rows.names.order[code]]
        if short and row.figures[0][1] in spelt and row.figures[0][0].style == BARE:
            yield code


# For tables whose rows all carry their own labels, in order, with full rows.
STRAIGHT: tuple[Reason, ...] = (
    _before_loose,
    _below_label,
    _alone_below,
    _glued,
    _of_cut_figures,
    _of_sentences,
    _after_figures,
    _after_spelt_number,
)
REASONS: tuple[Reason, ...] = (
    _beside_lost,
    _running_on,
    _before_loose,
    _below_label,
    _alone_below,
    _glued,
    _printed_twice,
    _named_again,
    _named_elsewhere,
    _below_another,
    _of_two_lines,
    _of_two_rows,
    _run_on,
    _of_cut_figures,
    _of_sentences,
    _of_another_item,
    _before_labels,
    _out_of_order,
    _in_letters,
    _below_stray_figures,
    _after_stray,
    _after_figures,
    _after_spelt_number,
    _beside_anothers,
    _begins_another,
)
