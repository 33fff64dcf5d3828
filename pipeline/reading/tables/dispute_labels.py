"""Table 四 told label by label: each result with its figure, under the names of the channels.

Belongs here: which figure a result's label has beside it or below. Does not belong here: rows of figures
below headers (dispute_rows.py), the choice between readings (dispute_cells.py).
"""

import re
from collections.abc import Sequence
from itertools import chain

from pipeline.forms import Table
from pipeline.reading.columns import arithmetic
from pipeline.reading.regions import Region
from pipeline.reading.rows.slots import Slot, filled, is_one_row
from pipeline.reading.tables.dispute_cells import ALL_CELLS, is_told
from pipeline.reading.tables.dispute_rows import channel_of
from pipeline.reading.words import labels
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import Token, is_part_of_label, word

_FEWEST_BESIDE = 2  # labels with their cells beside them, from which one without has an empty cell
NAMED = re.compile(r"([^:：]+)[:：]\s*(.+)")
# A result's code, or "" for a figure or an empty cell, with its place.
_Mark = tuple[str, Slot]


def by_labels(table: Table, region: Region) -> dict[str, list[Slot]]:
    """Return each channel's row where its own labels stand over or beside its cells, {} where they don't.

    Each channel has the five results after its name: each result with its figure (or none) beside it,
    or all five and then a line of five cells. Figures that then don't add up beside empty cells say nothing,
    unless they stand beside their results, are one channel's alone and the other figures add up: cells that
    stand elsewhere would have moved those too.
    """
    if any(len(line.tokens) - line.first >= ALL_CELLS for _, line in region.texts):
        return {}  # one row of fifteen: nearly every table
    order = [label.code for label in table.rows[0].columns]
    parts = channels_told(region.entries)
    if sorted(code for code, _ in parts) != sorted(row.code for row in table.rows):
        return {}
    told = any(_are_beside(marks) for _, marks in parts)
    rows = {code: _of_channel(marks, order, told=told) for code, marks in parts}
    if any(map(filled, rows.values())) or all(_has_line_for_each(marks) for _, marks in parts):
        rows = {code: rows[code] or _of_empty(marks, order) for code, marks in parts}
    sides = arithmetic.row_sides(table)
    failing = [slots for slots in rows.values() if not is_told(slots, sides)]
    others = [slots for slots in rows.values() if slots not in failing]
    borne_out = any(
        arithmetic.has_number(slots) and arithmetic.holds(tuple(slots), sides) for slots in others
    )
    return rows if not failing or (told and len(failing) == 1 and all(failing) and borne_out) else {}


def channels_told(entries: Sequence[Entry]) -> list[tuple[str, list[_Mark]]]:
    """Return the channels in the order of their names, each with the results and cells that follow."""
    results = labels.spellings("result")
    parts: list[tuple[str, list[_Mark]]] = []
    for index, line in entries:
        for token in chain.from_iterable(map(_name_and_text, line.tokens)):
            if channel := channel_of(token):
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
    if token.labels or token.mean is not None or not (found := NAMED.fullmatch(token.text)):
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
