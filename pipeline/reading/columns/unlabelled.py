"""Table 三 whose lines of figures carry no labels: all labels stand before them, or nowhere.

Belongs here: giving each such line its row by count, and the proof by the arithmetic of the columns.
Does not belong here: rows that have labels of their own (align.py), the reading of a row (choose.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.forms import Table
from pipeline.reading.columns.identities import Numbers, over_columns, sums
from pipeline.reading.regions import Region
from pipeline.reading.rows.bands import Band, after_tabs
from pipeline.reading.rows.names import are_in_order, rows_named, rows_told
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.slots import Slot, filled
from pipeline.reading.words.lines import Entry, Line
from pipeline.reading.words.tokens import BARE, INDENTED, MARKED, PIPED, TABBED, Token, is_garbled

_FEWEST_LINES = 12  # of figures, below which a table is not told to be such a one
_MOST_LATE = 2  # texts that may be labels after the first line of figures
_MOST_MISPRINTS = 4  # identities of columns that a misprinted figure or two break
_MOST_ODD = 2  # rows that lost cells, their totals too
_FEWEST_HOLDING = 4  # identities of columns that prove a table with such rows
_FEWEST_FIGURES = 4  # in a line that is a row: no page number has as many
_PARTS = 2  # of a broken row
_ENDS = ("received_new", "carried_in", "total_handled", "carried_out")  # rows around the outcomes
_MOST_TEXTS = 2  # in a line of figures: garbled ones
_FEWEST_CELLS = 6  # of an empty line, more than any header's merged cell leaves empty
_UNMARKED = frozenset([BARE, INDENTED])
_FEWEST_TABS = 3  # more than one, before a lone figure, that are the empty cells of its row
_CELLS = frozenset([TABBED, PIPED, MARKED])
_ROWS = _CELLS | {BARE}

# A row's numbers by column, None where they are not known.
_Numbers = tuple[int | float | None, ...]


@dataclass(slots=True)
class _Figures:
    """One row's figures: its slots, and what is known of its columns before they are chosen."""

    slots: list[Slot]
    width: int
    known: _Numbers | None
    is_short: bool

    @property
    def alone(self) -> bool:
        """Whether this may be a whole row: all its cells are there, or the last figure is the others' sum."""
        return self.known is not None

    @property
    def is_row(self) -> bool:
        """Whether it has too many figures to be anything but a row, whatever cells it lost."""
        return self.alone or len(filled(self.slots)) >= _FEWEST_FIGURES


def align_by_count(tables: Sequence[Table], region: Region, in_force: str | None) -> Alignment | None:
    """Place the lines of figures of a table without labels beside them; None when it has such labels.

    There must be as many lines as the form has rows, or as labels stand before them, in statutory order, and
    the columns' identities must hold. Otherwise all lines stay unplaced: which was lost or added is not seen.
    """
    entries = region.entries
    likely = [line for _, line in region.texts if line.first == 0 and len(line.tokens) > 1]
    if sum(line.tokens[0].style in _ROWS for line in likely) < _FEWEST_LINES - _MOST_TEXTS:
        return None  # nearly every table, at no cost
    width = len(tables[0].rows[0].columns)
    lines = _figure_lines(entries, width)
    if sum(len(line.tokens) > 1 for _, line in lines) < _FEWEST_LINES or _has_labels_beside(
        tables, entries, lines[0][0]
    ):
        return None
    found = [row for index, line in lines for row in _rows_of(index, line, width)]
    before = [line for _, line in entries if not _is_figures(line)]
    if not all(are_in_order(table, before) for table in tables):
        return Alignment(tables[0], unplaced=[Band([], row.slots, row.width) for row in found])
    labels = [rows_told(table, before) for table in tables]
    most = max(map(len, labels))
    for table, named in zip(tables, labels, strict=True):
        if len(named) < most >= _FEWEST_LINES:
            continue  # another form has more of the labels: its rows are these
        rows = _counted(table, named, found)
        is_named = len(named) == len(table.rows)
        is_likely = len(tables) == 1 or table.form == in_force or is_named or _lack_one(table, rows)
        if rows and _is_proven(
            table, rows, is_named=is_named, is_likely=is_likely, is_whole=region.is_followed
        ):
            return Alignment(table, {code: _placed(row) for code, row in rows.items()})
    ends = _ends(tables[0], found)
    placed = {id(row) for row in ends.values()}
    others = [Band([], row.slots, row.width) for row in found if id(row) not in placed]
    return Alignment(tables[0], {code: _placed(row) for code, row in ends.items()}, others)


def _ends(table: Table, found: Sequence[_Figures]) -> dict[str, _Figures]:
    """Return the rows that the table begins and ends with, where totals show that none of these is absent.

    Which of the rows between them have no line isn't seen. 一 and 二 add up to 三(七) and 四, and all between
    to 三(七): with a row less on either side neither would.
    """
    codes = [row.code for row in table.rows]
    totals = [row.known[-1] if row.known else None for row in found]
    if len(found) <= len(_ENDS) or codes[:2] + codes[-2:] != list(_ENDS) or not all(totals):
        return {}
    first, second, *between, handled, rest = (total or 0 for total in totals)
    if first + second != handled + rest or sum(between) != handled:
        return {}
    ends = dict(zip(_ENDS, [*found[:2], *found[-2:]], strict=True))
    _, failing = _tried(table, {code: row.known for code, row in ends.items()})
    return ends if failing == 0 else {}


def _figure_lines(entries: Sequence[Entry], width: int) -> list[Entry]:
    """Return the lines of figures, and a lone figure before or after a line that lacks one.

    Among lines whose cells are marked, words that only spaces part are no row: a page's number (16 / 40).
    """
    styles = Counter(line.tokens[0].style for _, line in entries if _is_figures(line))
    marked = styles.most_common(1)[0][0] in _CELLS if styles else False
    entries = [
        (index, line)
        for index, line in entries
        if not marked or len(line.tokens) == 1 or line.tokens[0].style != BARE or not _is_figures(line)
    ]
    lacking = {
        place
        for place, (_, line) in enumerate(entries)
        if _is_figures(line)
        and sum(not token.blank for token in line.tokens) == len(line.tokens) == width - 1
    }
    return [
        entry
        for place, entry in enumerate(entries)
        if _is_figures(entry[1]) or (_is_lone(entry[1]) and not lacking.isdisjoint((place - 1, place + 1)))
    ]


def _is_lone(line: Line) -> bool:
    return len(line.tokens) == 1 and line.tokens[0].mean is not None and line.tokens[0].style in _UNMARKED


def _is_figures(line: Line) -> bool:
    """Tell whether a line holds figures alone, or all the cells of an empty row."""
    tokens = line.tokens
    if line.owner is not None or any(token.labels for token in tokens) or line.counts:
        return False
    if line.mark is not None and len(tokens) > 1:
        return False  # a page's number: 16 / 40
    values = [token for token in tokens if token.mean is not None]
    shown = [token for token in values if not token.blank]
    if not shown:
        return tokens[0].style in _CELLS and len(tokens) > _FEWEST_CELLS
    if len(tokens) == 1:
        return _is_lone(line) and (not tokens[0].number or tokens[0].column >= _FEWEST_TABS)
    texts = [token for token in tokens if token.mean is None]
    return len(texts) <= min(_MOST_TEXTS, len(shown) // 2) or _is_row_of_blanks(tokens, texts)


def _is_row_of_blanks(tokens: Sequence[Token], texts: Sequence[Token]) -> bool:
    """Tell whether a line is all the cells of a row, most of them empty, a garbled figure among them."""
    cells = tokens[0].style in _CELLS and len(tokens) > _FEWEST_CELLS
    return cells and len(texts) == 1 and is_garbled(texts[0])


def _has_labels_beside(tables: Sequence[Table], entries: Sequence[Entry], first: int) -> bool:
    """Tell whether row labels stand after the first line of figures: between the lines, or in them."""
    late = [line for index, line in entries if index >= first]
    texts = sum(any(token.mean is None and token.named for token in line.tokens) for line in late)
    return 2 * texts > len(late) or any(len(rows_named(table, late)) > _MOST_LATE for table in tables)


def _rows_of(index: int, line: Line, width: int) -> Iterator[_Figures]:
    """Yield the row of a line, or its rows when it holds the figures of several."""
    slots = [(token, index) for token in _cells(line)]
    figures = filled(slots)
    if len(figures) > width and len(figures) % width == 0:
        for start in range(0, len(figures), width):
            yield _figures(figures[start : start + width], 0, width)
        return
    last = slots[-1][0]
    yield _figures(slots, len(slots) if last.style == BARE else last.column + 1, width)


def _cells(line: Line) -> list[Token]:
    """Return the cells of a line; empty ones before its only figure look like an indent."""
    token = line.tokens[0]
    if len(line.tokens) > 1 or token.style != INDENTED or token.column < _FEWEST_TABS:
        return list(line.tokens)
    return list(after_tabs(token))


def _figures(slots: list[Slot], reach: int, width: int) -> _Figures:
    figures = filled(slots)
    cells = figures if len(figures) == width else slots if len(slots) == width else None
    if cells is not None:
        return _Figures(slots, reach, tuple(token.number for token, _ in cells), is_short=False)
    numbers = [token.number for token, _ in figures]
    unsure = not figures or len(figures) > width or None in numbers
    if unsure or sum(n or 0 for n in numbers[:-1]) != numbers[-1]:
        return _Figures(slots, reach, None, is_short=True)
    return _Figures(slots, reach, (*[None] * (width - 1), numbers[-1]), is_short=True)


def _counted(table: Table, named: Sequence[str], found: list[_Figures]) -> dict[str, _Figures]:
    """Return each row's figures where lines and rows come out even, {} where they don't.

    `named` are the rows whose labels stand before the lines.
    """
    codes = [row.code for row in table.rows]
    width = len(table.rows[0].columns)
    whole = _rejoined(found, width)
    shorts = sum(row.is_short for row in found)
    if shorts == _PARTS and not any(row.is_short for row in whole):
        found = whole  # among full rows two short ones are one that was broken, not two with empty cells
    rows = found if len(found) == len(codes) else whole
    if len(rows) == len(codes) and _are_whole(rows, width):
        return dict(zip(codes, rows, strict=True))
    cells = all(not row.is_short or row.slots[-1][0].style in _CELLS for row in found)
    are_rows = all(row.is_row or not row.is_short for row in found)
    if not are_rows or len(named) != len(found):
        return {}
    told = dict(zip(named, found, strict=True))
    return told if cells or len(named) == len(codes) or _lack_one(table, told) else {}


def _lack_one(table: Table, told: dict[str, _Figures]) -> bool:
    """Tell whether of some rows one alone is absent, its label and its figures, as the totals bear out.

    Where lines of empty cells leave no trace, as many labels as lines may as well be those of a row without
    its label beside one without figures: its total would be among the others then.
    """
    codes = [row.code for row in table.rows]
    absent = [code for code in codes if code not in told]
    if len(absent) != 1 or codes[:2] + codes[-2:] != list(_ENDS):
        return False
    totals = {code: row.known[-1] if row.known else None for code, row in told.items()}
    if None in totals.values():
        return False
    first, second, handled, rest = (totals.get(code) or 0 for code in _ENDS)
    between = sum(number or 0 for code, number in totals.items() if code not in _ENDS)
    if absent[0] not in _ENDS:
        return first + second == handled + rest and between < handled
    if absent[0] == _ENDS[2]:
        return first + second == between + rest and between > 0
    return between == handled and first + second != handled + rest


def _are_whole(rows: Sequence[_Figures], width: int) -> bool:
    """Tell whether each of some lines may be a row; one that lost cells is no part of a row beside it."""
    odd = [place for place, row in enumerate(rows) if not row.alone]
    pairs = [(place, place + step) for place in odd for step in (-1, 1) if 0 <= place + step < len(rows)]
    figures = [len(filled(row.slots)) for row in rows]
    return len(odd) <= _MOST_ODD and all(figures[one] + figures[two] > width for one, two in pairs)


def _rejoined(found: Sequence[_Figures], width: int) -> list[_Figures]:
    """Join rows of figures that go on in the next line.

    Where more than two lines are short, one that may be a row with empty cells joins no other such; nor does
    any where empty cells don't show.
    """
    only = sum(row.is_short for row in found) == _PARTS
    rows: list[_Figures] = []
    for row in found:
        last = rows[-1] if rows else None
        shown = row.slots[-1][0].style in _CELLS
        if last and last.is_short and row.is_short and (only or (shown and not (last.alone and row.alone))):
            figures = [*filled(last.slots), *filled(row.slots)]
            if len(figures) == width:
                rows[-1] = _figures(figures, 0, width)
                continue
        rows.append(row)
    return rows


def _is_proven(
    table: Table, rows: dict[str, _Figures], *, is_named: bool, is_likely: bool, is_whole: bool
) -> bool:
    """Tell whether the columns add up, but for what a few misprints make of them.

    Rows that don't show (empty cells, a page cut off) can make the count that of another form than
    the one in force: that needs full rows, and columns that are more than zeros or a table that goes on.
    """
    holding, failing = _tried(table, {code: row.known for code, row in rows.items()})
    if is_named and failing <= _MOST_MISPRINTS:
        return True  # as many labels as lines, and as the form has rows
    is_full = not any(row.is_short for row in rows.values())
    odd = [row for row in rows.values() if not row.alone]
    if odd:
        fewest = 1 if all(row.is_row for row in odd) else _FEWEST_HOLDING
        return is_likely and failing == 0 and holding >= fewest
    if is_likely:
        return 2 * failing <= holding or (is_full and failing <= _MOST_MISPRINTS)
    return is_full and 2 * failing <= holding and (is_whole or holding > 0)


def _tried(table: Table, known: Numbers) -> tuple[int, int]:
    """Return how many identities over columns hold for more than zeros, and how many fail."""
    holding = failing = 0
    for equation, place in over_columns(table):
        found = sums(equation, place, known)
        holding += found is not None and found[0] == found[1] != 0
        failing += found is not None and found[0] != found[1]
    return holding, failing


def _placed(row: _Figures) -> Placed:
    return Placed(row.slots, "order", [], row.width, filled(row.slots))
