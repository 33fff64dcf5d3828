"""The fifteen cells of table 四: what proves that they are all there, and which figure is which.

Belongs here: readings of cells that were collected, by arithmetic, headers and lines. Does not belong here:
collecting them (dispute_rows.py, dispute_labels.py).
"""

from collections.abc import Sequence
from functools import cache
from itertools import takewhile

from pipeline.forms import Table, forms
from pipeline.reading.columns import arithmetic, offsets
from pipeline.reading.columns.anchors import under_anchors
from pipeline.reading.columns.arithmetic import Choice, Sides
from pipeline.reading.columns.candidates import Candidate, by_lines, parted, stand_apart
from pipeline.reading.regions import Region
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.slots import LINED_STYLES, Slot, filled, is_marked, is_one_row, is_plain
from pipeline.reading.words import labels
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import BARE, Token, is_garbled

BY_HEADERS = "headers"
BY_SOME_HEADERS = "some headers"  # of the fifteen are known
BY_CELLS = "cells"  # fifteen, of which one channel's don't add up
ALL_CELLS = 15  # fewer blanks after labels than this are empty header cells


def as_told(table: Table, slots: Sequence[Slot]) -> Choice:
    """Return the reading of a channel with its own labels, open where nothing shows what is wrong in it."""
    choice = Choice((tuple(slots),), "position")
    garbled = sum(token.mean is None for token, _ in slots) == 1
    told = garbled or is_told(slots, arithmetic.row_sides(table)) or has_total(choice)
    return choice if told else arithmetic.OPEN


def is_told(slots: Sequence[Slot], sides: Sequence[Sides]) -> bool:
    """Tell whether a row has all its figures, or adds up with its empty cells."""
    if not slots or any(slot[0].blank for slot in slots):
        return bool(slots) and arithmetic.holds(tuple(slots), sides)
    return True


def is_regular(slots: Sequence[Slot], entries: Sequence[Entry]) -> bool:
    """Tell whether a row that marks its cells has as many as the rows of headers: it lost none."""
    if not is_one_row(slots):
        return True
    headers = {
        line.tokens[-1].column
        for index, line in entries
        if index < slots[0][1] and len(line.tokens) > 1 and line.tokens[0].style == slots[0][0].style
    }
    row = next(line for index, line in entries if index == slots[0][1])
    return not headers or row.tokens[-1].column in headers


def is_complete(slots: Sequence[Slot]) -> bool:
    """Tell whether fifteen marked cells end in a figure or hold none: none was lost and filled up."""
    return is_one_row(slots) and (not slots[-1][0].blank or not filled(slots))


def ending_as_headers(table: Table, slots: Sequence[Slot], entries: Sequence[Entry]) -> Choice | None:
    """Read the first fifteen cells of a row that ends as its headers do, when they add up."""
    reading = tuple(slots[:ALL_CELLS])
    whole = ends_as_headers(slots, entries) and arithmetic.holds(reading, all_sides(table))
    return Choice((reading,), "position") if whole else None


def ends_as_headers(slots: Sequence[Slot], entries: Sequence[Entry]) -> bool:
    """Tell whether a row that marks its cells has fifteen, and then as many empty ones as its headers.

    The last line of headers, which has all results, shows how many these are. A row that lost a cell would be
    shorter than the lines above, where the empty cells of merged headers stand, or end in one cell less.
    """
    if len(slots) < ALL_CELLS or not is_one_row(slots) or filled(slots[ALL_CELLS:]):
        return False
    style, row, extra, end = slots[0][0].style, slots[0][1], len(slots) - ALL_CELLS, slots[-1][0].column
    headers = [
        line.tokens
        for index, line in entries
        if index < row and len(line.tokens) > 1 and line.tokens[0].style == style
    ]
    if not headers or _trailing(headers[-1]) != extra:
        return False
    alike = all(tokens[-1].column == end or _trailing(tokens) == extra for tokens in headers)
    return not filled(slots) or (alike and max(tokens[-1].column for tokens in headers) <= end)


def _trailing(tokens: Sequence[Token]) -> int:
    """Return how many empty cells a line ends in."""
    return sum(1 for _ in takewhile(lambda token: token.blank, reversed(tokens)))


def has_all_lines(figures: Sequence[Band], region: Region, end: int) -> bool:
    """Tell whether just fifteen lines stand between the last header and what follows the table.

    How many empty lines stand before that is known, or the last of the fifteen is a figure. None of them was
    taken for a page's number.
    """
    if not _are_below_headers(figures):
        return False
    first = figures[0].last
    if any(first < index < end for index in region.left_out):
        return False
    reading = by_lines(figures[0].slots, first, end, ALL_CELLS)
    return reading is not None and (region.gap >= 0 or reading[-1] is not None)


def lines_as_cells(table: Table, figures: Sequence[Band], end: int) -> Choice | None:
    """Read figures that have a line each after the last header, an empty line for an empty cell.

    The last figure has to stand in the last total, or the table to end after fifteen lines: then no line
    was lost or added.
    """
    if not _are_below_headers(figures):
        return None
    width = len(table.rows) * len(table.rows[0].columns)
    first, slots = figures[0].last, figures[0].slots
    reading = by_lines(slots, first, -1, width) or by_lines(slots, first, end, width)
    return Choice((reading,), "position") if reading and _stands(table, reading) else None


def _are_below_headers(figures: Sequence[Band]) -> bool:
    """Tell whether all figures stand in lines of words below a header: what is none stands for a figure."""
    if len(figures) != 1 or any(token.style != BARE for token, _ in figures[0].slots):
        return False
    return not follow_text(figures)


def follow_text(figures: Sequence[Band]) -> bool:
    """Tell whether figures with a line each stand below a text that is no header, and may be a cell."""
    first = figures[0]
    return not first.width and bool(first.labels) and is_garbled(first.labels[-1])


def with_garbled(table: Table, slots: Sequence[Slot]) -> Choice | None:
    """Read fifteen figures of which one is a text that is no number, when all others add up.

    Of marked cells each channel may have one, while another, not all zeros, adds up.
    """
    figures = tuple(filled(slots))
    if len(figures) != len(table.rows) * len(table.rows[0].columns) or is_plain(figures):
        return None
    stands = _stands(table, figures) or (is_marked(figures) and _stand_but_for_texts(table, figures))
    return Choice((figures,), "counted") if stands else None


def _stand_but_for_texts(table: Table, reading: Candidate) -> bool:
    """Tell whether some channel, not all zeros, adds up, and any other has one text in place of a figure."""
    sides, channels = arithmetic.row_sides(table), _channels_of(table, reading)
    others = [channel for channel in channels if not arithmetic.holds(channel, sides)]
    proven = any(arithmetic.has_number(channel) for channel in channels if channel not in others)
    return proven and all(
        sum(slot is not None and slot[0].mean is None for slot in one) == 1 for one in others
    )


def garbled_cells(table: Table, slots: Sequence[Slot], *, is_regular: bool) -> Choice | None:
    """Read fifteen cells, empty ones among them, of which one is a text that is no number.

    All other channels add up. A cell lost or added before the text would have moved the total of its channel,
    and, where cells have lines of their own, the last one of the row. Where the headers' rows are shorter
    (`is_regular`: they are not), it would have moved figures of a channel after it. Empty cells that fill a
    row up count for nothing behind its last total.
    """
    width = len(table.rows) * len(table.rows[0].columns)
    cells, padding = slots[:width], slots[width:]
    if len(cells) < width or filled(padding) or (padding and cells[-1][0].blank):
        return None
    sides, channels = arithmetic.row_sides(table), _channels_of(table, cells)
    failing = [place for place, channel in enumerate(channels) if not arithmetic.holds(channel, sides)]
    if len(failing) != 1:
        return None
    *kinds, total = [slot[0] for slot in channels[failing[0]] if slot]
    if sum(token.mean is None for token in (*kinds, total)) != 1 or total.blank:
        return None
    told = [arithmetic.has_number(channel) for channel in channels]
    before, after = any(told[: failing[0]]), any(told[failing[0] + 1 :])
    known = sum(token.number or 0 for token in kinds)
    in_row = after or (is_regular and (before or known <= (total.number or 0)))
    ends = in_row if is_one_row(slots) else bool(cells[-1][0].number)
    return Choice((tuple(cells),), "position") if ends else None


def _stands(table: Table, reading: Candidate) -> bool:
    """Tell whether fifteen cells add up, but for one channel in which a text stands in place of a figure.

    The other two channels add up then, and their figures are not all zeros.
    """
    one = _only_failing(table, reading)
    return one is not None and (
        not one or sum(slot is not None and slot[0].mean is None for slot in one) == 1
    )


def _only_failing(table: Table, reading: Candidate) -> Candidate | None:
    """Return the one channel that doesn't add up, () when all do; None when others fail or are all zeros."""
    sides, channels = arithmetic.row_sides(table), _channels_of(table, reading)
    failing = [channel for channel in channels if not arithmetic.holds(channel, sides)]
    if len(failing) != 1:
        return None if failing else ()
    others = [channel for channel in channels if channel is not failing[0]]
    return failing[0] if any(map(arithmetic.has_number, others)) else None


def _channels_of(table: Table, reading: Sequence[Slot | None]) -> list[Candidate]:
    step = len(table.rows[0].columns)
    return [tuple(reading[place : place + step]) for place in range(0, len(reading), step)]


def without_padding(table: Table, slots: Sequence[Slot]) -> Choice | None:
    """Read a row of marked cells that empty ones fill up, when the last figure stands in the last total."""
    width = len(table.rows) * len(table.rows[0].columns)
    reading, rest = tuple(slots[:width]), slots[width:]
    if not rest or not is_one_row(slots) or filled(rest) or reading[-1][0].blank:
        return None
    return Choice((reading,), "position") if arithmetic.holds(reading, all_sides(table)) else None


def parted_cells(table: Table, slots: Sequence[Slot]) -> Choice | None:
    """Read figures of which two or more stand in one cell, when they then add up."""
    width = len(table.rows) * len(table.rows[0].columns)
    whole = parted(filled(slots), width) or parted(slots, width)
    adds_up = whole is not None and arithmetic.has_number(whole) and arithmetic.holds(whole, all_sides(table))
    return Choice((whole,), "arithmetic") if whole and adds_up else None


def as_misprinted(table: Table, slots: Sequence[Slot]) -> Choice | None:
    """Read fifteen marked cells of which one channel alone doesn't add up, the last total being there.

    A cell lost or added before it would have moved the figures of other channels too.
    """
    sides, channels = arithmetic.row_sides(table), _channels_of(table, slots)
    holding = sum(arithmetic.has_number(channel) and arithmetic.holds(channel, sides) for channel in channels)
    marked = is_one_row(slots) or all(slot[0].style in LINED_STYLES for slot in slots)
    whole = marked and holding == len(channels) - 1 and bool(slots[-1][0].number)
    return Choice((tuple(slots),), BY_CELLS) if whole else None


def by_headers(table: Table, figures: Sequence[Band], entries: Sequence[Entry]) -> Choice | None:
    """Read one line of aligned figures by the headers over them, when they then add up."""
    line = figures[0].figures if len(figures) == 1 else []
    in_line = all(token.style == BARE and entry == line[0][1] for token, entry in line)
    if not in_line or not stand_apart(line):
        return None
    words = [token for index, before in entries if index < line[0][1] for token in before.tokens]
    order = [label.code for label in table.rows[0].columns] * len(table.rows)
    known = offsets.stacked(words, labels.spellings("result"))
    reading = under_anchors(line, known, order, lambda reading: _is_borne_out(table, reading))
    whole = reading is not None and arithmetic.holds(reading, all_sides(table))
    if not reading or not whole:
        return Choice((reading,), BY_CELLS) if reading else None
    return Choice((reading,), BY_HEADERS if [code for code, _ in known] == order else BY_SOME_HEADERS)


def _is_borne_out(table: Table, reading: Candidate) -> bool:
    """Tell whether all channels add up, or all but one that is misprinted: it has all its figures."""
    one = _only_failing(table, reading)
    return one is not None and None not in one


def has_total(choice: Choice) -> bool:
    """Tell whether a channel's total is a number, so that what is wrong in the channel is contradicted."""
    return all(slot is not None and bool(slot[0].number) for (*_, slot) in choice.candidates)


def has_number(choice: Choice) -> bool:
    """Tell whether a channel has a figure above zero: in wrong places it would not add up.

    Five zeros may be another channel's or another row's where a channel beside them is open.
    """
    return all(map(arithmetic.has_number, choice.candidates))


def is_proven(choice: Choice) -> bool:
    """Tell whether a channel has no empty cell, or figures whose sum a lost cell would have moved."""
    return all(
        arithmetic.has_number(candidate) or all(slot is not None and not slot[0].blank for slot in candidate)
        for candidate in choice.candidates
    )


def all_sides(table: Table) -> list[Sides]:
    """Return the equations of all channels, as indexes into the one row of fifteen."""
    return _sides_in_one_row(table.form)


@cache
def _sides_in_one_row(form: str) -> list[Sides]:
    table = forms()[form].tables["dispute"]
    step = len(table.rows[0].columns)
    return [
        (tuple(i + step * place for i in left), tuple(i + step * place for i in right))
        for place in range(len(table.rows))
        for left, right in arithmetic.row_sides(table)
    ]


def part_of(choice: Choice, place: int, step: int) -> Choice:
    """Return the choice of one channel, of so many cells, out of that of all."""
    parts: list[Candidate] = [candidate[place * step : (place + 1) * step] for candidate in choice.candidates]
    return Choice(tuple(arithmetic.distinct(parts) if len(parts) > 1 else parts), choice.how)
