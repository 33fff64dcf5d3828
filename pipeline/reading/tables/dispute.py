"""Table 四 (复议、诉讼): fifteen figures, printed as one row, three, or label by label.

Belongs here: collecting the fifteen from any of these shapes. Does not belong here:
the choice between candidates, which is the same arithmetic as for every table.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import chain, pairwise, repeat, takewhile

from pipeline.forms import Table, forms
from pipeline.reading.columns import arithmetic, offsets
from pipeline.reading.columns.anchors import under_anchors
from pipeline.reading.columns.arithmetic import Choice, Sides
from pipeline.reading.columns.candidates import Candidate, by_lines, parted, stand_apart
from pipeline.reading.regions import Region
from pipeline.reading.rows.bands import Band, bands
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.serials import drop_row_numbers, drop_serials
from pipeline.reading.rows.slots import (
    CELL_STYLES,
    LINED_STYLES,
    Slot,
    filled,
    is_marked,
    is_one_row,
    is_plain,
)
from pipeline.reading.words import labels
from pipeline.reading.words.lines import EMPTY, FIGURE, HEADERS, TEXTS, Entry, Line
from pipeline.reading.words.tokens import (
    BARE,
    INDENTED,
    MARKED,
    Token,
    begins_with_numeral,
    is_garbled,
    is_part_of_label,
    word,
)

_HEADERS = "headers"
_SOME_HEADERS = "some headers"  # of the fifteen are known
_CELLS = "cells"  # fifteen, of which one channel's don't add up
_FEWEST_BESIDE = 2  # labels with their cells beside them, from which one without has an empty cell
_FEWEST_NAMED = 3  # figures of a channel in lines of their own, from which the names beside them speak
_SUMS = frozenset(["合计", "总计", "小计", "共计"])
_OTHER_KINDS = frozenset(["item", "measure", "outcome", "applicant"])
_SUITS = "行政诉讼"  # may stand before the name of either kind
# What tells a channel in a name beside its figures that is not known: 诉讼：复议后起诉, 直接起诉案件.
_TELLING = (
    ("复议后", "suit_after_review"),
    ("未经", "suit_direct"),
    ("直接", "suit_direct"),
    ("复议", "review"),
)
_NAMED = re.compile(r"([^:：]+)[:：]\s*(.+)")
_NEARLY_ALL = 12  # of the fifteen headers, some may be damaged
_MOST_TABLES = 1024  # whose texts' meaning is remembered: most have the form's own
_ALL = 15  # fewer blanks after labels than this are empty header cells


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
    if row is None or not row.figures == len(row.tokens) == _ALL or row.counts:
        return []
    others = [line for _, line in region.entries if line is not row]
    headers = all(
        line.shape == TEXTS or (line.shape == HEADERS and len(line.tokens) <= _ALL) for line in others
    )
    whole = headers and row.tokens[0].style in CELL_STYLES and not _may_be_two(region.words)
    return list(zip(row.tokens, repeat(index))) if whole else []


def _in_own_lines(region: Region) -> list[Slot]:
    """Return the fifteen figures of a table that has a line for each cell, below all headers.

    Empty cells may stand among the headers, fewer than a row has; [] for any other table.
    """
    head, cells = region.entries[:-_ALL], region.entries[-_ALL:]
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
        if empty >= _ALL:
            return False
    filler = len(lines[-1].tokens) if lines else 0
    return filler > 0 and lines[0].shape == TEXTS and (not empty or empty == filler > 1)


def _is_header(token: Token) -> bool:
    """Tell whether a text is a label, or can be neither a garbled figure nor a label and a figure."""
    return bool(token.labels) or not (
        is_garbled(token) or token.text[-1:].isdigit() or _NAMED.fullmatch(token.text)
    )


def _of_one_table(alignment: Alignment, found: Sequence[Band], region: Region, end: int) -> dict[str, Choice]:
    table, entries = alignment.table, region.entries
    labelled = _by_labels(table, region)
    if labelled:
        for code, slots in labelled.items():
            alignment.placed[code] = Placed(slots, "label", [], 0, filled(slots))
        return {code: _as_told(table, slots) for code, slots in labelled.items()}
    figures = _rows_of_figures(table, found)
    by_name = _by_name(table, figures)
    slots = _in_order(table, by_name or figures)
    if not slots:
        return _left_empty(alignment, found)
    width = len(table.rows) * len(table.rows[0].columns)
    choice = arithmetic.choose_row(slots, filled(slots), width, tuple, _all_sides(table))
    if len(choice.candidates) != 1:
        choice = (
            _without_padding(table, slots)
            or _by_lines(table, figures, end)
            or _by_headers(table, figures, entries)
            or _parted(table, slots)
            or (_misprinted(table, slots) if len(slots) == width else None)
            or _garbled(table, slots)
            or _garbled_cells(table, slots, is_regular=_is_regular(slots, entries))
            or _ending_as_headers(table, slots, entries)
            or choice
        )
    elif _follow_text(figures) and not arithmetic.holds(choice.candidates[0], _all_sides(table)):
        return {}  # the text is a cell, and another figure none
    if not by_name and _pass_over(slots, found):
        choice = arithmetic.OPEN
    whole = _has_all_lines(figures, region, end)
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
    regular = len(slots) == width and (_is_regular(slots, entries) or _is_whole(slots))
    regular = regular or is_whole or choice.how == _HEADERS or _ends_as_headers(slots, entries)
    figures = filled(slots)
    for row in table.rows:
        alignment.placed[row.code] = Placed(slots, "label", [], 0, figures)
    if not is_named and _are_turned(table, region):
        return {row.code: arithmetic.OPEN for row in table.rows}
    parts = {row.code: _part(choice, place, len(row.columns)) for place, row in enumerate(table.rows)}
    parts = _unless_belied(table, parts, entries)
    if choice.how == _CELLS:
        return {code: part if _has_total(part) else arithmetic.OPEN for code, part in parts.items()}
    proven = _has_number if choice.how in (_SOME_HEADERS, arithmetic.OPEN.how) else _is_proven
    return {code: part if regular or proven(part) else arithmetic.OPEN for code, part in parts.items()}


def _pass_over(slots: Sequence[Slot], found: Sequence[Band]) -> bool:
    """Tell whether figures without a known label stand below the first cells, none of which is a cell."""
    own = {index for _, index in slots}
    below = (band for band in _up_to_others(found) if band.slots and band.slots[0][1] > slots[0][1])
    return any(
        band.figures
        and not any(token.labels for token in band.labels)
        and own.isdisjoint(index for _, index in band.figures)
        for band in below
    )


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


def _by_name(table: Table, figures: Sequence[Band]) -> list[Band]:
    """Return the channels' rows in statutory order, [] unless each has its own channel's name beside it."""
    order = [row.code for row in table.rows]
    named = {
        _channel(band.labels[-1]) or _told_channel(band.labels[-1]): band for band in figures if band.labels
    }
    whole = len(figures) == len(order) and named.keys() == set(order)
    return [named[code] for code in order] if whole else []


def _channel(token: Token) -> str | None:
    """Return the channel that a text names, None when it names none."""
    return _channel_names().get(token.skeleton)


@cache
def _channel_names() -> dict[str, str]:
    """Return the channel of each of its names, alone and after that of both suits."""
    names = labels.spellings("channel")
    return {_SUITS + name: code for name, code in names.items()} | names


def _told_channel(token: Token) -> str | None:
    """Return the channel that a name which is not known tells by a word of it."""
    return next((code for word, code in _TELLING if word in token.skeleton), None)


def _are_turned(table: Table, region: Region) -> bool:
    """Tell whether the channels' names, with figures between them, have another order than the form's."""
    if _are_named_in_order(table.form, region.words):
        return False  # nearly every table
    parts = _channels(region.entries)[:-1]
    return any(not code and not slot[0].blank for _, marks in parts for code, slot in marks)


@lru_cache(maxsize=_MOST_TABLES)
def _are_named_in_order(form: str, words: str) -> bool:
    """Tell whether a table's texts name the channels, those that they name, in the form's order."""
    order = [row.code for row in forms()[form].tables["dispute"].rows]
    found = filter(None, map(_channel_names().get, words.split("\n")))
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
    gaps = [place for place, (at, to) in enumerate(pairwise(band.lines), 1) if to - at > _ALL]
    for start, end in pairwise([0, *gaps]):
        yield Band(band.labels[start:end])
    if band.slots:
        yield replace(band, labels=band.labels[max([0, *gaps]) :])


def _rows_of_figures(table: Table, found: Sequence[Band]) -> list[Band]:
    """Return the bands that hold figures, without what adds up the channels, or with words among them."""
    found = _up_to_others(found)
    figures = _with_figures(found)
    added = _without_sums(table, figures)
    if added is not figures:
        return added
    joined = _with_words(found)
    return figures if len(joined) == len(found) else _with_figures(joined)


def _up_to_others(found: Sequence[Band]) -> Sequence[Band]:
    """Return the bands up to one below figures that has another table's label: a chart's, or a list's."""
    first = next((place for place, band in enumerate(found) if band.figures), len(found))
    ends = (place for place in range(first + 1, len(found)) if any(map(_is_of_another, found[place].labels)))
    return found[: next(ends, len(found))]


def _is_of_another(token: Token) -> bool:
    """Tell whether a text is another table's label, and no piece of this one's (其他, of 其他结果)."""
    if not token.labels or any(label.kind not in _OTHER_KINDS for label in token.labels):
        return False
    own = [*labels.spellings("result"), *_channel_names()]
    return not any(token.skeleton in name for name in own)


def _with_figures(found: Iterable[Band]) -> list[Band]:
    return [_with_first_cell(band) for band in found if band.slots and not _is_other(band)]


def _with_first_cell(band: Band) -> Band:
    """Return a row of marked cells, all but one, with the text in its first that is no figure (3?8)."""
    if len(band.slots) + 1 != _ALL or band.own != 1 or not is_marked(band.slots):
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


def _by_labels(table: Table, region: Region) -> dict[str, list[Slot]]:
    """Return each channel's row where its own labels stand over or beside its cells, {} where they don't.

    Each channel has the five results after its name: each result with its figure (or none) beside it,
    or all five and then a line of five cells. Figures that then don't add up beside empty cells say nothing,
    unless they stand beside their results, are one channel's alone and the other figures add up: cells that
    stand elsewhere would have moved those too.
    """
    if any(len(line.tokens) - line.first >= _ALL for _, line in region.texts):
        return {}  # one row of fifteen: nearly every table
    order = [label.code for label in table.rows[0].columns]
    parts = _channels(region.entries)
    if sorted(code for code, _ in parts) != sorted(row.code for row in table.rows):
        return {}
    told = any(_are_beside(marks) for _, marks in parts)
    rows = {code: _of_channel(marks, order, told=told) for code, marks in parts}
    if any(map(filled, rows.values())) or all(_has_line_for_each(marks) for _, marks in parts):
        rows = {code: rows[code] or _of_empty(marks, order) for code, marks in parts}
    sides = arithmetic.row_sides(table)
    failing = [slots for slots in rows.values() if not _is_told(slots, sides)]
    others = [slots for slots in rows.values() if slots not in failing]
    borne_out = any(
        arithmetic.has_number(slots) and arithmetic.holds(tuple(slots), sides) for slots in others
    )
    return rows if not failing or (told and len(failing) == 1 and all(failing) and borne_out) else {}


def _as_told(table: Table, slots: Sequence[Slot]) -> Choice:
    """Return the reading of a channel with its own labels, open where nothing shows what is wrong in it."""
    choice = Choice((tuple(slots),), "position")
    garbled = sum(token.mean is None for token, _ in slots) == 1
    told = garbled or _is_told(slots, arithmetic.row_sides(table)) or _has_total(choice)
    return choice if told else arithmetic.OPEN


def _is_told(slots: Sequence[Slot], sides: Sequence[Sides]) -> bool:
    """Tell whether a row has all its figures, or adds up with its empty cells."""
    if not slots or any(slot[0].blank for slot in slots):
        return bool(slots) and arithmetic.holds(tuple(slots), sides)
    return True


# A result's code, or "" for a figure or an empty cell, with its place.
_Mark = tuple[str, Slot]


def _channels(entries: Sequence[Entry]) -> list[tuple[str, list[_Mark]]]:
    """Return the channels in the order of their names, each with the results and cells that follow."""
    results = labels.spellings("result")
    parts: list[tuple[str, list[_Mark]]] = []
    for index, line in entries:
        for token in chain.from_iterable(map(_name_and_text, line.tokens)):
            if channel := _channel(token):
                parts.append((channel, []))
            elif parts and token.mean is not None:
                parts[-1][1].append(("", (token, index)))
            elif parts and (result := results.get(token.skeleton) or _damaged_result(token)):
                parts[-1][1].append((result, (token, index)))
            elif parts and _stands_for_figure(token, index, parts[-1][1]):
                parts[-1][1].append(("", (token, index)))
    return parts


def _name_and_text(token: Token) -> Sequence[Token]:
    """Part a result from a text that stands after its colon in place of a figure: 总计：待核实."""
    if token.labels or token.mean is not None or not (found := _NAMED.fullmatch(token.text)):
        return (token,)
    name, text = word(found[1], token.column, token.style), word(found[2], token.column, token.style)
    return (name, text) if name.skeleton in labels.spellings("result") else (token,)


def _stands_for_figure(token: Token, index: int, marks: Sequence[_Mark]) -> bool:
    """Tell whether a text that is no label stands right beside a result, in place of its figure."""
    beside = bool(marks) and marks[-1][0] != "" and marks[-1][1][1] == index
    return beside and not token.labels and not (token.skeleton and is_part_of_label(token.skeleton))


def _damaged_result(token: Token) -> str | None:
    """Return the result that a text with letters lost names."""
    return None if token.labels else labels.spellings("result").get(labels.resembled(token.text) or "")


def _of_channel(marks: Sequence[_Mark], order: Sequence[str], *, told: bool) -> list[Slot]:
    """Return the cells of one channel, [] unless they stand beside their labels or in a line below.

    `told` is whether in some channel the cells of several labels stand beside them.
    """
    if [code for code, _ in marks if code] != list(order) or not marks[0][0]:
        return []
    groups = _groups(marks)
    if len(groups[-1]) == len(order) + 1 and is_one_row(groups[-1][1:]):
        return groups[-1][1:] if all(len(group) == 1 for group in groups[:-1]) else []
    beside = any(len(group) > 1 for group in groups)
    return [_beside(group) for group in groups] if told and beside and all(map(_is_beside, groups)) else []


def _groups(marks: Sequence[_Mark]) -> list[list[Slot]]:
    """Part the marks of a channel into its labels, each with the cells that follow it."""
    groups: list[list[Slot]] = []
    for code, slot in marks:
        if code or not groups:
            groups.append([])
        groups[-1].append(slot)
    return groups


def _are_beside(marks: Sequence[_Mark]) -> bool:
    return sum(len(group) > 1 for group in _groups(marks)) >= _FEWEST_BESIDE


def _of_empty(marks: Sequence[_Mark], order: Sequence[str]) -> list[Slot]:
    """Return empty cells for a channel whose labels stand without any figure, [] where they don't."""
    labels_alone = [(code, entry) for code, (token, entry) in marks if code or not token.blank]
    alone = [code for code, _ in labels_alone] == list(order)
    return [(word(""), entry) for _, entry in labels_alone] if alone else []


def _has_line_for_each(marks: Sequence[_Mark]) -> bool:
    """Tell whether the labels of a channel have a line each, and nothing is written beside them."""
    lines = {entry for _, (_, entry) in marks}
    return len(lines) == len(marks) and all(code for code, _ in marks)


def _is_beside(group: Sequence[Slot]) -> bool:
    """Tell whether a label has its cells in its own line, with one figure at most."""
    return len({entry for _, entry in group}) == 1 and len(filled(group[1:])) <= 1


def _beside(group: Sequence[Slot]) -> Slot:
    """Return the figure beside a label, or the empty cell, or one where the next label follows at once."""
    cells = [*filled(group[1:]), *group[1:]]
    return cells[0] if cells else (word(""), group[0][1])


def _is_regular(slots: Sequence[Slot], entries: Sequence[Entry]) -> bool:
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


def _is_whole(slots: Sequence[Slot]) -> bool:
    """Tell whether fifteen marked cells end in a figure or hold none: none was lost and filled up."""
    return is_one_row(slots) and (not slots[-1][0].blank or not filled(slots))


def _ending_as_headers(table: Table, slots: Sequence[Slot], entries: Sequence[Entry]) -> Choice | None:
    """Read the first fifteen cells of a row that ends as its headers do, when they add up."""
    reading = tuple(slots[:_ALL])
    whole = _ends_as_headers(slots, entries) and arithmetic.holds(reading, _all_sides(table))
    return Choice((reading,), "position") if whole else None


def _ends_as_headers(slots: Sequence[Slot], entries: Sequence[Entry]) -> bool:
    """Tell whether a row that marks its cells has fifteen, and then as many empty ones as its headers.

    The last line of headers, which has all results, shows how many these are. A row that lost a cell would be
    shorter than the lines above, where the empty cells of merged headers stand, or end in one cell less.
    """
    if len(slots) < _ALL or not is_one_row(slots) or filled(slots[_ALL:]):
        return False
    style, row, extra, end = slots[0][0].style, slots[0][1], len(slots) - _ALL, slots[-1][0].column
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


def _has_all_lines(figures: Sequence[Band], region: Region, end: int) -> bool:
    """Tell whether just fifteen lines stand between the last header and what follows the table.

    How many empty lines stand before that is known, or the last of the fifteen is a figure. None of them was
    taken for a page's number.
    """
    if not _are_below_headers(figures):
        return False
    first = figures[0].last
    if any(first < index < end for index in region.left_out):
        return False
    reading = by_lines(figures[0].slots, first, end, _ALL)
    return reading is not None and (region.gap >= 0 or reading[-1] is not None)


def _by_lines(table: Table, figures: Sequence[Band], end: int) -> Choice | None:
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
    return not _follow_text(figures)


def _follow_text(figures: Sequence[Band]) -> bool:
    """Tell whether figures with a line each stand below a text that is no header, and may be a cell."""
    first = figures[0]
    return not first.width and bool(first.labels) and is_garbled(first.labels[-1])


def _garbled(table: Table, slots: Sequence[Slot]) -> Choice | None:
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


def _garbled_cells(table: Table, slots: Sequence[Slot], *, is_regular: bool) -> Choice | None:
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


def _without_padding(table: Table, slots: Sequence[Slot]) -> Choice | None:
    """Read a row of marked cells that empty ones fill up, when the last figure stands in the last total."""
    width = len(table.rows) * len(table.rows[0].columns)
    reading, rest = tuple(slots[:width]), slots[width:]
    if not rest or not is_one_row(slots) or filled(rest) or reading[-1][0].blank:
        return None
    return Choice((reading,), "position") if arithmetic.holds(reading, _all_sides(table)) else None


def _parted(table: Table, slots: Sequence[Slot]) -> Choice | None:
    """Read figures of which two or more stand in one cell, when they then add up."""
    width = len(table.rows) * len(table.rows[0].columns)
    whole = parted(filled(slots), width) or parted(slots, width)
    adds_up = (
        whole is not None and arithmetic.has_number(whole) and arithmetic.holds(whole, _all_sides(table))
    )
    return Choice((whole,), "arithmetic") if whole and adds_up else None


def _misprinted(table: Table, slots: Sequence[Slot]) -> Choice | None:
    """Read fifteen marked cells of which one channel alone doesn't add up, the last total being there.

    A cell lost or added before it would have moved the figures of other channels too.
    """
    sides, channels = arithmetic.row_sides(table), _channels_of(table, slots)
    holding = sum(arithmetic.has_number(channel) and arithmetic.holds(channel, sides) for channel in channels)
    marked = is_one_row(slots) or all(slot[0].style in LINED_STYLES for slot in slots)
    whole = marked and holding == len(channels) - 1 and bool(slots[-1][0].number)
    return Choice((tuple(slots),), _CELLS) if whole else None


def _by_headers(table: Table, figures: Sequence[Band], entries: Sequence[Entry]) -> Choice | None:
    """Read one line of aligned figures by the headers over them, when they then add up."""
    line = figures[0].figures if len(figures) == 1 else []
    in_line = all(token.style == BARE and entry == line[0][1] for token, entry in line)
    if not in_line or not stand_apart(line):
        return None
    words = [token for index, before in entries if index < line[0][1] for token in before.tokens]
    order = [label.code for label in table.rows[0].columns] * len(table.rows)
    known = offsets.stacked(words, labels.spellings("result"))
    reading = under_anchors(line, known, order, lambda reading: _is_borne_out(table, reading))
    whole = reading is not None and arithmetic.holds(reading, _all_sides(table))
    if not reading or not whole:
        return Choice((reading,), _CELLS) if reading else None
    return Choice((reading,), _HEADERS if [code for code, _ in known] == order else _SOME_HEADERS)


def _is_borne_out(table: Table, reading: Candidate) -> bool:
    """Tell whether all channels add up, or all but one that is misprinted: it has all its figures."""
    one = _only_failing(table, reading)
    return one is not None and None not in one


def _has_total(choice: Choice) -> bool:
    """Tell whether a channel's total is a number, so that what is wrong in the channel is contradicted."""
    return all(slot is not None and bool(slot[0].number) for (*_, slot) in choice.candidates)


def _has_number(choice: Choice) -> bool:
    """Tell whether a channel has a figure above zero: in wrong places it would not add up.

    Five zeros may be another channel's or another row's where a channel beside them is open.
    """
    return all(map(arithmetic.has_number, choice.candidates))


def _is_proven(choice: Choice) -> bool:
    """Tell whether a channel has no empty cell, or figures whose sum a lost cell would have moved."""
    return all(
        arithmetic.has_number(candidate) or all(slot is not None and not slot[0].blank for slot in candidate)
        for candidate in choice.candidates
    )


def _is_other(band: Band) -> bool:
    """Tell whether a band is header cells only (then a few blanks or a text), or a row of table 三."""
    own = band.labels[-band.own :] if band.own else []
    item = any(begins_with_numeral(token) and not _channel(token) for token in own)
    if band.labels and band.width and band.figures and all(token.mean is None for token, _ in band.figures):
        return True
    return item or (bool(band.labels) and len(band.slots) < _ALL and not band.figures)


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


def _in_order(table: Table, figures: Sequence[Band]) -> list[Slot]:
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
        adds_up = arithmetic.holds(tuple(understood), _all_sides(table))
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
    holding = arithmetic.distinct(one for one in tried if arithmetic.holds(one, _all_sides(table)))
    return [slot for slot in holding[0] if slot] if len(holding) == 1 and lone[0][0].number else []


def _without_filler(slots: list[Slot]) -> list[Slot]:
    """Leave out a first line of several empty cells: it fills up the row of headers before."""
    first = [token for token, entry in slots if entry == slots[0][1]]
    empty = len(first) < len(slots) and len(first) > 1 and all(token.blank for token in first)
    return slots[len(first) :] if empty and len(slots) > _ALL else slots


def _all_sides(table: Table) -> list[Sides]:
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


def _part(choice: Choice, place: int, step: int) -> Choice:
    parts: list[Candidate] = [candidate[place * step : (place + 1) * step] for candidate in choice.candidates]
    return Choice(tuple(arithmetic.distinct(parts) if len(parts) > 1 else parts), choice.how)
