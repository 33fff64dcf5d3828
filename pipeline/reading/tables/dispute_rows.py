"""The rows of figures of table 四: which lines hold them, and in which order they are the fifteen.

Belongs here: sums, words and other tables between them, channels told by their names. Does not belong here:
figures told label by label (dispute_labels.py), the choice between readings (dispute_cells.py).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipeline.forms import Table
from pipeline.reading.columns import arithmetic
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.slots import Slot, is_marked
from pipeline.reading.tables.dispute_cells import ALL_CELLS, all_sides
from pipeline.reading.words import labels
from pipeline.reading.words.tokens import BARE, INDENTED, MARKED, Token, begins_with_numeral, is_garbled

_SUMS = frozenset(["合计", "总计", "小计", "共计"])
_OTHER_KINDS = frozenset(["item", "measure", "outcome", "applicant"])
_RESULTS = 5  # of a channel
_SUITS = "行政诉讼"  # may stand before the name of either kind
# What tells a channel in a name beside its figures that is not known: 诉讼：复议后起诉, 直接起诉案件.
_TELLING = (
    ("复议后", "suit_after_review"),
    ("未经", "suit_direct"),
    ("直接", "suit_direct"),
    ("复议", "review"),
)


def pass_over(slots: Sequence[Slot], found: Sequence[Band]) -> bool:
    """Tell whether figures without a known label stand below the first cells, none of which is a cell."""
    own = {index for _, index in slots}
    below = (band for band in _up_to_others(found) if band.slots and band.slots[0][1] > slots[0][1])
    return any(
        band.figures
        and not any(token.labels for token in band.labels)
        and own.isdisjoint(index for _, index in band.figures)
        for band in below
    )


def rows_by_name(table: Table, figures: Sequence[Band]) -> list[Band]:
    """Return the channels' rows in statutory order, [] unless each has its own channel's name beside it."""
    order = [row.code for row in table.rows]
    named = {
        channel_of(band.labels[-1]) or _told_channel(band.labels[-1]): band for band in figures if band.labels
    }
    whole = len(figures) == len(order) and named.keys() == set(order)
    return [named[code] for code in order] if whole else []


def channel_of(token: Token) -> str | None:
    """Return the channel that a text names, None when it names none."""
    return names_of_channels().get(token.skeleton)


@cache
def names_of_channels() -> dict[str, str]:
    """Return the channel of each of its names, alone and after that of both suits."""
    names = labels.spellings("channel")
    return {_SUITS + name: code for name, code in names.items()} | names


def _told_channel(token: Token) -> str | None:
    """Return the channel that a name which is not known tells by a word of it."""
    return next((code for word, code in _TELLING if word in token.skeleton), None)


def rows_of_figures(table: Table, found: Sequence[Band]) -> list[Band]:
    """Return the bands that hold figures, without what adds up the channels, or with words among them."""
    found = _below_headers(_up_to_others(found))
    figures = _with_figures(found)
    added = _without_sums(table, figures)
    if added is not figures:
        return added
    joined = _with_words(found)
    return figures if len(joined) == len(found) else _with_figures(joined)


def _below_headers(found: Sequence[Band]) -> Sequence[Band]:
    """Return the bands without what stands before one below the headers of two channels or more.

    Figures there are the last of table 三's, where the heading between is lost.
    """
    results = labels.spellings("result")
    named = [sum(token.skeleton in results for token in band.labels) for band in found]
    last = next((place for place, count in enumerate(named) if count >= 2 * _RESULTS), 0)
    return found[last:] if last and found[last].figures else found


def _up_to_others(found: Sequence[Band]) -> Sequence[Band]:
    """Return the bands up to one below figures that has another table's label: a chart's, or a list's."""
    first = next((place for place, band in enumerate(found) if band.figures), len(found))
    ends = (place for place in range(first + 1, len(found)) if any(map(_is_of_another, found[place].labels)))
    return found[: next(ends, len(found))]


def _is_of_another(token: Token) -> bool:
    """Tell whether a text is another table's label, and no piece of this one's (其他, of 其他结果)."""
    if not token.labels or any(label.kind not in _OTHER_KINDS for label in token.labels):
        return False
    own = [*labels.spellings("result"), *names_of_channels()]
    return not any(token.skeleton in name for name in own)


def _with_figures(found: Sequence[Band]) -> list[Band]:
    """Return the bands of figures, and empty ones below headers of their own, as those of others have."""
    headed = any(band.figures and _is_headed_row(band) for band in found)
    return [
        _with_first_cell(band)
        for band in found
        if band.slots and (not _is_other(band) or (headed and _is_headed_row(band)))
    ]


def _is_headed_row(band: Band) -> bool:
    """Tell whether a band is one channel's five cells in a line, below the five results."""
    results = [token.skeleton in labels.spellings("result") for token in band.labels[-_RESULTS:]]
    return band.width == len(band.slots) == _RESULTS == sum(results)


def _with_first_cell(band: Band) -> Band:
    """Return a row of marked cells, all but one, with the text in its first that is no figure (3?8)."""
    if len(band.slots) + 1 != ALL_CELLS or band.own != 1 or not is_marked(band.slots):
        return band  # nearly every table
    first = band.labels[-1]
    if first.style != MARKED or first.column or not is_garbled(first):
        return band
    return replace(band, labels=band.labels[:-1], slots=[(first, band.last), *band.slots], _figures=None)


def _with_words(found: Sequence[Band]) -> list[Band]:
    """Return the bands with a text that stands in place of a figure (待核实) among the figures around it.

    A text below all figures may be a note (续表); it is a figure's when its line is a marked cell, as theirs.
    """
    result: list[Band] = []
    for band in found:
        last = result[-1] if result else None
        if last and last.figures and len(band.labels) == 1 and _is_cell(band, last):
            slots = [*last.slots, (band.labels[0], band.first), *band.slots]
            result[-1] = replace(last, slots=slots, end=band.end, _figures=None)
        else:
            result.append(band)
    return result


def _is_cell(band: Band, before: Band) -> bool:
    """Tell whether a band's only label stands in place of a figure."""
    label, (token, _) = band.labels[0], before.figures[-1]
    marked = label.style == token.style and not before.width and label.style not in (BARE, INDENTED)
    return is_garbled(label) and (bool(band.figures) or marked)


def _is_other(band: Band) -> bool:
    """Tell whether a band is header cells only (then a few blanks or a text), or a row of table 三."""
    own = band.labels[-band.own :] if band.own else []
    item = any(begins_with_numeral(token) and not channel_of(token) for token in own)
    if band.labels and band.width and band.figures and all(token.mean is None for token, _ in band.figures):
        return True
    return item or (bool(band.labels) and len(band.slots) < ALL_CELLS and not band.figures)


def _without_sums(table: Table, figures: list[Band]) -> list[Band]:
    """Leave out what adds up the channels: a row 合计 of its own, or a last figure beside each result."""
    rows = [[token.number or 0 for token, _ in band.figures] for band in figures]
    channels, results = len(table.rows), len(table.rows[0].columns)
    if len(rows) == channels + 1 and {len(row) for row in rows} == {results}:
        sums = [place for place, band in enumerate(figures) if _is_sum(band)]
        others = [row for place, row in enumerate(rows) if place not in sums]
        whole = len(sums) == 1 and rows[sums[0]] in (_added(others), _added(others[1:]))
        return [band for band in figures if not _is_sum(band)] if whole else figures
    beside = len(rows) == results and all(len(row) == channels + 1 for row in rows)
    if beside and any(map(any, rows)) and all(sum(row) == 2 * row[-1] for row in rows):
        return [replace(band, slots=band.figures[:-1], _figures=None) for band in figures]
    return figures


def _is_sum(band: Band) -> bool:
    """Tell whether a row's own label is 合计 or 小计."""
    return bool(band.labels) and band.labels[-1].skeleton in _SUMS


def _added(rows: Sequence[Sequence[int | float]]) -> list[int | float]:
    return [sum(column) for column in zip(*rows, strict=True)]


def in_order(table: Table, figures: Sequence[Band]) -> list[Slot]:
    """Return the slots channel by channel, results in statutory order."""
    results = labels.spellings("result")
    order = [label.code for label in table.rows[0].columns]
    named = [results.get(band.labels[-1].skeleton) if band.labels else None for band in figures]
    channels = len(table.rows)
    if named == order and all(len(band.figures) == channels for band in figures):
        return [band.figures[place] for place in range(channels) for band in figures]
    all_cells = channels * len(order)
    figured = [slot for band in figures for slot in band.figures]
    full = [band for band in figures if len(band.slots) >= all_cells]
    if len(full) == 1 and len(full[0].figures) == len(figured):
        return _without_filler(full[0].slots)
    understood = [slot for slot in figured if slot[0].mean is not None]
    if len(understood) == all_cells:
        adds_up = arithmetic.holds(tuple(understood), all_sides(table))
        if adds_up or (len(figured) == all_cells and _stand_together(figured)):
            return understood
        return _with_lone(table, understood)
    return [slot for band in (full if len(full) == 1 else figures) for slot in band.slots]


def _stand_together(slots: Sequence[Slot]) -> bool:
    """Tell whether figures stand in one line, or as many in each of several, or none alone in its line."""
    counts = set(Counter(entry for _, entry in slots).values())
    return len(counts) == 1 or min(counts) > 1


def _with_lone(table: Table, slots: Sequence[Slot]) -> list[Slot]:
    """Put the one figure with a line of its own where all then add up, [] where that is not plain."""
    lines = Counter(entry for _, entry in slots)
    lone = [slot for slot in slots if lines[slot[1]] == 1]
    if len(lone) != 1:
        return []
    others = [slot for slot in slots if slot is not lone[0]]
    tried = [(*others[:place], lone[0], *others[place:]) for place in range(len(slots))]
    holding = arithmetic.distinct(one for one in tried if arithmetic.holds(one, all_sides(table)))
    return [slot for slot in holding[0] if slot] if len(holding) == 1 and lone[0][0].number else []


def _without_filler(slots: list[Slot]) -> list[Slot]:
    """Leave out a first line of several empty cells: it fills up the row of headers before."""
    first = [token for token, entry in slots if entry == slots[0][1]]
    empty = len(first) < len(slots) and len(first) > 1 and all(token.blank for token in first)
    return slots[len(first) :] if empty and len(slots) > ALL_CELLS else slots
