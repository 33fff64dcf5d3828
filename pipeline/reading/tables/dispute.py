"""Table 四 (复议、诉讼): fifteen figures, printed as one row, three, or label by label.

Belongs here: which of these shapes a table has, and its three channels. Does not belong here: collecting the
figures of rows (dispute_rows.py) or labels (dispute_labels.py), what proves them (dispute_cells.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise, repeat

from pipeline.forms import Table, forms
from pipeline.reading.columns import arithmetic
from pipeline.reading.columns.arithmetic import Choice
from pipeline.reading.regions import Region
from pipeline.reading.rows.bands import Band, bands
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.serials import drop_row_numbers, drop_serials
from pipeline.reading.rows.slots import CELL_STYLES, LINED_STYLES, Slot, filled
from pipeline.reading.tables.dispute_cells import (
    ALL_CELLS,
    BY_CELLS,
    BY_HEADERS,
    BY_SOME_HEADERS,
    all_sides,
    as_misprinted,
    as_told,
    by_headers,
    ending_as_headers,
    ends_as_headers,
    follow_text,
    garbled_cells,
    has_all_lines,
    has_number,
    has_total,
    is_complete,
    is_proven,
    is_regular,
    lines_as_cells,
    part_of,
    parted_cells,
    with_garbled,
    without_padding,
)
from pipeline.reading.tables.dispute_labels import NAMED, by_labels, channels_told
from pipeline.reading.tables.dispute_rows import (
    in_order,
    names_of_channels,
    pass_over,
    rows_by_name,
    rows_of_figures,
)
from pipeline.reading.words import labels
from pipeline.reading.words.lines import EMPTY, FIGURE, HEADERS, TEXTS, Entry, Line
from pipeline.reading.words.tokens import (
    BARE,
    ENDING_PIPE,
    INDENTED,
    MARKED,
    PIPED,
    TABBED,
    Token,
    is_garbled,
)

_FEWEST_NAMED = 3  # figures of a channel in lines of their own, from which the names beside them speak
_CELLS = frozenset([TABBED, PIPED, ENDING_PIPE])
_NEARLY_ALL = 12  # of the fifteen headers, some may be damaged
_MOST_TABLES = 1024  # whose texts' meaning is remembered: most have the form's own


def choose_dispute(alignment: Alignment, region: Region, end: int = -1) -> dict[str, Choice]:
    """Return the reading of each of the three channels; their slots are put into `alignment`.

    `end` is the line that ends the table (-1: not known).
    """
    slots = _in_one_line(region) or _in_own_lines(region)
    if slots:
        return _of_channels(alignment, region, slots, Choice((tuple(slots),), "counted"))
    found = drop_row_numbers(drop_serials(bands(region.entries, region.left_out)))
    return {} if _are_two_tables(found, region) else _of_one_table(alignment, found, region, end)


def _in_one_line(region: Region) -> list[Slot]:
    """Return the fifteen figures of a table that has them in one line, below headers: nearly every table.

    The text marks their cells, and nothing else in the table may be a row; [] for any other table.
    """
    index, row = next(((at, line) for at, line in region.texts if line.figures), (-1, None))
    if row is None or not row.figures == len(row.tokens) == ALL_CELLS or row.counts:
        return []
    others = [line for _, line in region.entries if line is not row]
    headers = all(
        line.shape == TEXTS or (line.shape == HEADERS and len(line.tokens) <= ALL_CELLS) for line in others
    )
    whole = headers and row.tokens[0].style in CELL_STYLES and not _may_be_two(region.words)
    return list(zip(row.tokens, repeat(index))) if whole else []


def _in_own_lines(region: Region) -> list[Slot]:
    """Return the fifteen figures of a table that has a line for each cell, below all headers.

    Empty cells may stand among the headers, fewer than a row has; [] for any other table.
    """
    head, cells = region.entries[:-ALL_CELLS], region.entries[-ALL_CELLS:]
    style = cells[-1][1].style
    if style not in LINED_STYLES or any(line.shape != FIGURE or line.style != style for _, line in cells):
        return []
    whole = _are_headers([line for _, line in head], style) and not _may_be_two(region.words)
    return [(line.tokens[0], index) for index, line in cells] if whole else []


def _are_headers(lines: Sequence[Line], style: int) -> bool:
    """Tell whether lines are headers, one in each, and empty cells in one style, at the end in one line."""
    empty = 0  # cells since the last header
    for line in lines:
        if line.shape == TEXTS and len(line.tokens) == 1 and _is_header(line.tokens[0]):
            empty = 0
        elif line.shape == EMPTY and line.tokens[0].style == style:
            empty += len(line.tokens)
        else:
            return False
        if empty >= ALL_CELLS:
            return False
    filler = len(lines[-1].tokens) if lines else 0
    return filler > 0 and lines[0].shape == TEXTS and (not empty or empty == filler > 1)


def _is_header(token: Token) -> bool:
    """Tell whether a text is a label, or can be neither a garbled figure nor a label and a figure."""
    return bool(token.labels) or not (
        is_garbled(token) or token.text[-1:].isdigit() or NAMED.fullmatch(token.text)
    )


def _of_one_table(alignment: Alignment, found: Sequence[Band], region: Region, end: int) -> dict[str, Choice]:
    table, entries = alignment.table, region.entries
    labelled = by_labels(table, region)
    if labelled:
        for code, slots in labelled.items():
            alignment.placed[code] = Placed(slots, "label", [], 0, filled(slots))
        return {code: as_told(table, slots) for code, slots in labelled.items()}
    figures = rows_of_figures(table, found)
    by_name = rows_by_name(table, figures)
    slots = _without_set_apart(in_order(table, by_name or figures))
    if not slots:
        return _left_empty(alignment, found)
    width = len(table.rows) * len(table.rows[0].columns)
    if len(slots) > width and _are_broken(slots):
        return {}
    choice = arithmetic.choose_row(slots, filled(slots), width, tuple, all_sides(table))
    if len(choice.candidates) != 1:
        choice = (
            without_padding(table, slots)
            or lines_as_cells(table, figures, end)
            or by_headers(table, figures, entries)
            or parted_cells(table, slots)
            or (as_misprinted(table, slots) if len(slots) == width else None)
            or with_garbled(table, slots)
            or garbled_cells(table, slots, is_regular=is_regular(slots, entries))
            or ending_as_headers(table, slots, entries)
            or choice
        )
    elif follow_text(figures) and not arithmetic.holds(choice.candidates[0], all_sides(table)):
        return {}  # the text is a cell, and another figure none
    if not by_name and pass_over(slots, found):
        choice = arithmetic.OPEN
    whole = has_all_lines(figures, region, end)
    return _of_channels(alignment, region, slots, choice, is_named=bool(by_name), is_whole=whole)


def _of_channels(
    alignment: Alignment,
    region: Region,
    slots: list[Slot],
    choice: Choice,
    *,
    is_named: bool = False,
    is_whole: bool = False,
) -> dict[str, Choice]:
    """Part the reading of all fifteen cells into the channels; those that nothing bears out stay open.

    `is_named` tells whether each channel's figures stand beside its own name, `is_whole` whether the cells
    have just as many lines.
    """
    table, entries = alignment.table, region.entries
    width = len(table.rows) * len(table.rows[0].columns)
    regular = len(slots) == width and (is_regular(slots, entries) or is_complete(slots))
    regular = regular or is_whole or choice.how == BY_HEADERS or ends_as_headers(slots, entries)
    figures = filled(slots)
    for row in table.rows:
        alignment.placed[row.code] = Placed(slots, "label", [], 0, figures)
    if not is_named and _are_turned(table, region):
        return {row.code: arithmetic.OPEN for row in table.rows}
    parts = {row.code: part_of(choice, place, len(row.columns)) for place, row in enumerate(table.rows)}
    parts = _unless_belied(table, parts, entries)
    if choice.how == BY_CELLS:
        return {code: part if has_total(part) else arithmetic.OPEN for code, part in parts.items()}
    proven = has_number if choice.how in (BY_SOME_HEADERS, arithmetic.OPEN.how) else is_proven
    return {code: part if regular or proven(part) else arithmetic.OPEN for code, part in parts.items()}


def _are_broken(slots: Sequence[Slot]) -> bool:
    """Tell whether lines of a row mark its cells in several ways: it was cut within them.

    Then nothing tells which empty cells a line begins or ends with.
    """
    return len({token.style for token, _ in slots} & _CELLS) > 1 and len({line for _, line in slots}) > 1


def _without_set_apart(slots: list[Slot]) -> list[Slot]:
    """Leave out a figure after the fifteen that alone stands below an empty line: it is a page's number."""
    lines = [index for _, index in slots]
    steps = {after - before for before, after in pairwise(lines[:-1])}
    is_apart = len(slots) == ALL_CELLS + 1 and steps == {1} and lines[-1] - lines[-2] > 1
    return slots[:-1] if is_apart else slots


def _left_empty(alignment: Alignment, found: Sequence[Band]) -> dict[str, Choice]:
    """Return the reading of a table of aligned words whose one row is a line of white space: all cells empty.

    Without such a line the row may have been lost.
    """
    if len(found) != 1 or len(found[0].slots) != 1 or not _is_headed(found[0]):
        return {}
    band = found[0]
    ((token, entry),) = slots = band.slots
    abreast = Counter(band.lines).most_common(1)[0][1] >= _FEWEST_NAMED
    if not abreast or not token.blank or token.style != INDENTED or entry < band.last:
        return {}
    for row in alignment.table.rows:
        alignment.placed[row.code] = Placed(slots, "label", [], 0, [])
    return {row.code: Choice((tuple(slots) * len(row.columns),), "position") for row in alignment.table.rows}


def _are_turned(table: Table, region: Region) -> bool:
    """Tell whether the channels' names, with figures between them, have another order than the form's."""
    if _are_named_in_order(table.form, region.words):
        return False  # nearly every table
    parts = channels_told(region.entries)[:-1]
    return any(not code and not slot[0].blank for _, marks in parts for code, slot in marks)


@lru_cache(maxsize=_MOST_TABLES)
def _are_named_in_order(form: str, words: str) -> bool:
    """Tell whether a table's texts name the channels, those that they name, in the form's order."""
    order = [row.code for row in forms()[form].tables["dispute"].rows]
    found = filter(None, map(names_of_channels().get, words.split("\n")))
    names = list(dict.fromkeys(found))
    return names == sorted(names, key=order.index)


def _has_line_each(part: Choice) -> bool:
    """Tell whether figures of a channel have lines of their own: in nearly every table they share one."""
    slots = part.candidates[0] if len(part.candidates) == 1 else ()
    return len({slot[1] for slot in slots if slot}) >= _FEWEST_NAMED


def _unless_belied(table: Table, parts: dict[str, Choice], entries: Iterable[Entry]) -> dict[str, Choice]:
    """Return the channels' readings, open where the results beside their figures are others."""
    if not any(map(_has_line_each, parts.values())):
        return parts
    order, names = [label.code for label in table.rows[0].columns], _results_beside(entries)
    return {code: arithmetic.OPEN if _is_belied(part, order, names) else part for code, part in parts.items()}


def _is_belied(part: Choice, order: Sequence[str], names: Mapping[tuple[int, int], str]) -> bool:
    """Tell whether other results stand beside a channel's figures than those that it was read as."""
    if not _has_line_each(part):
        return False
    slots = part.candidates[0]
    told = [names.get((slot[1], slot[0].column), "") if slot else "" for slot in slots]
    return sum(map(bool, told)) >= _FEWEST_NAMED and any(
        name and name != code for name, code in zip(told, order, strict=False)
    )


def _results_beside(entries: Iterable[Entry]) -> dict[tuple[int, int], str]:
    """Return the result that stands before a figure, in its line or the one before, by line and column."""
    results = labels.spellings("result")
    slots = ((token, index) for index, line in entries for token in line.tokens)
    return {
        (index, token.column): results[before.skeleton]
        for (before, _), (token, index) in pairwise(slots)
        if token.mean is not None and before.skeleton in results
    }


def _are_two_tables(found: Sequence[Band], region: Region) -> bool:
    """Tell whether two rows of cells, each under all headers of its own, say different things.

    All headers again, below a row, are those of a table that is left empty.
    """
    if not _may_be_two(region.words):
        return False  # nearly every table
    rows = [band for band in found if not _is_page_number(band)]
    headed = [part for band in rows for part in _parted_at_empty(band) if _is_headed(part)]
    headed += [band for band in found[-1:] if not band.slots and _is_headed(band)]
    return len({tuple(token.text for token, _ in band.slots) for band in headed}) > 1


@lru_cache(maxsize=_MOST_TABLES)
def _may_be_two(words: str) -> bool:
    """Tell whether nearly all headers of a table stand there twice."""
    return sum(map(labels.spellings("result").__contains__, words.split("\n"))) >= 2 * _NEARLY_ALL


def _is_page_number(band: Band) -> bool:
    """Tell whether all that stands under headers in marked cells is one number outside such cells."""
    alone = band.slots[0][0].style if len(band.slots) == 1 else MARKED
    return alone in (BARE, INDENTED) and all(token.style not in (BARE, INDENTED) for token in band.labels)


def _is_headed(band: Band) -> bool:
    results = labels.spellings("result")
    return sum(token.skeleton in results for token in band.labels) >= _NEARLY_ALL


def _parted_at_empty(band: Band) -> Iterator[Band]:
    """Part from a band the headers of a row of which all cells, with a line each, are empty."""
    gaps = [place for place, (at, to) in enumerate(pairwise(band.lines), 1) if to - at > ALL_CELLS]
    for start, end in pairwise([0, *gaps]):
        yield Band(band.labels[start:end])
    if band.slots:
        yield replace(band, labels=band.labels[max([0, *gaps]) :])
