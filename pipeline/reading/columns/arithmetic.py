"""The readings of one row that its own arithmetic allows.

Belongs here: the third witness - which candidates satisfy the identities of a row - and what a choice is.
Does not belong here: how candidates come about (candidates.py), what other rows say (choose.py), all rows
together (identities.py), nor the judgement of the finished cells (checking/).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

from pipeline.forms import Table, forms
from pipeline.reading.columns import candidates
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.rows.slots import Slot, filled, is_marked, is_one_row, is_plain, joined, unread
from pipeline.reading.words.tokens import BARE
from pipeline.reading.words.values import REPORTED

_FEWEST_PIECES = 2  # words in a row that are pieces of cells, or signs

# Indexes of a row's columns on the two sides of an equation.
Sides = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(slots=True)
class Choice:
    """The readings of one row that nothing rules out; one when the row is decided.

    `how` is `counted` (as many figures or cells as columns), `position`, `headers` (all those of table 四
    are known; `some headers`: not all), `cells` (one channel of table 四 doesn't add up), `arithmetic` or
    `open`; `candidates` is empty when the row can't be read at all.
    Of an open row `told` holds the cells that are the same in all candidates and borne out by the columns,
    None at the others.
    """

    candidates: tuple[Candidate, ...]
    how: str
    told: Candidate = ()


OPEN = Choice((), "open")


def number(slot: Slot | None) -> int | float | None:
    """Return a slot's number for arithmetic: nothing written counts as 0, what is no count as None."""
    if slot is None:
        return 0
    found = slot[0].number
    return None if found is not None and found < 0 else found


def holds(candidate: Candidate, equations: Iterable[Sides]) -> bool:
    """Tell whether a row's reading satisfies its equations; a figure that is no count satisfies none."""
    return add_up([number(slot) for slot in candidate], equations)


def add_up(numbers: Sequence[int | float | None], equations: Iterable[Sides]) -> bool:
    """Tell whether a row's numbers satisfy its equations; one that is not known (None) satisfies none."""
    if None in numbers:
        equations = list(equations)
        if any(numbers[place] is None for left, right in equations for place in (*left, *right)):
            return False
    take = cast("Callable[[int], int | float]", numbers.__getitem__)
    for left, right in equations:  # noqa: SIM110 - `all` takes half as long again, and all rows come here
        if sum(map(take, left)) != sum(map(take, right)):
            return False
    return True


def choose_row(
    slots: Sequence[Slot],
    figures: Sequence[Slot],
    width: int,
    columns: Callable[[], Sequence[candidates.Layout]],
    sides: Sequence[Sides],
) -> Choice:
    """Return the readings of one row that the layout allows and its equations hold for.

    `figures` are those of its slots in which something stands.
    Where counting leaves one reading, that is what the source says, right or wrong;
    only where it leaves a doubt (blanks lost or added, stray figures) arithmetic decides.
    """
    if len(figures) == width and is_plain(figures):
        return Choice((tuple(figures),), "counted")
    if not figures or (len(figures) > width and not any(slot[0].number for slot in figures)):
        return _without_evidence(slots, width)
    if len(figures) > width:
        whole = joined(figures)
        if len(whole) == width:
            adds_up = has_number(whole) and holds(whole, sides)
            return Choice((whole if adds_up else unread(whole, figures),), "counted")
    counted = candidates.direct(slots, width)
    sure = len(figures) <= width and not any(slot[0].blank for slot in counted or ())
    if counted and (sure or holds(counted, sides)):
        return Choice((counted,), "counted")
    return _doubtful(slots, width, columns(), sides, counted)


def _doubtful(
    slots: Sequence[Slot],
    width: int,
    columns: Sequence[candidates.Layout],
    sides: Sequence[Sides],
    counted: Candidate | None,
) -> Choice:
    """Choose where counting leaves a doubt: by positions, then by arithmetic over all that is possible."""
    placed = distinct(candidates.by_position(slots, columns))
    fitting = next((candidate for candidate in placed if holds(candidate, sides)), None)
    if fitting and counted and is_marked(slots) and distinct([fitting, counted])[1:]:
        return OPEN  # its cells are as many as its columns: misprinted, or all of them moved
    if fitting:
        return Choice((fitting,), "position")
    choice = by_arithmetic(slots, width, sides)
    if choice.candidates:
        return choice
    fallback = counted or (placed[0] if len(placed) == 1 else None)
    if fallback is None:
        return OPEN
    in_place = is_one_row(slots) or fallback in placed
    taken = is_marked(slots) or (in_place and can_be_asked(fallback, sides))
    return Choice((fallback,), "counted") if taken else OPEN


def by_arithmetic(slots: Sequence[Slot], width: int, sides: Sequence[Sides]) -> Choice:
    """Return the readings that add up. Zeros add up wherever they stand: they prove none.

    A figure too many may be a stray one, or not, where the row also adds up without one of its zeros. Where
    it does so with two figures as the digits of one (1 and 0 for 10), nothing tells which it is.
    """
    if not has_number(slots):
        return OPEN
    holding = [option for option in candidates.possible(slots, width) if holds(option, sides)]
    if not holding:
        return OPEN
    figures = filled(slots)
    if any(holds(option, sides) for option in candidates.pasted(figures, width)):
        return OPEN
    rivals = candidates.without_zeros(figures, width)
    holding = distinct([*holding, *(option for option in rivals if holds(option, sides))])
    return Choice(tuple(holding), "arithmetic" if len(holding) == 1 else "open")


def has_number(slots: Iterable[Slot | None]) -> bool:
    """Tell whether some figure is more than zero, so that a wrong reading would not add up."""
    for slot in slots:  # noqa: SIM110 - `any` takes twice as long, and all rows come here
        if slot is not None and slot[0].number:
            return True
    return False


def is_of_pieces(figures: Sequence[Slot]) -> bool:
    """Tell whether words that nobody understands are pieces of cells or signs between them (5 + 3 = 8).

    What stands alone may then be no cell, and an empty cell leaves no trace.
    """
    odd = [token.text for token, _ in figures if token.mean is None and token.style == BARE]
    return (
        sum(any(map(str.isdigit, text)) or not any(map(str.isalpha, text)) for text in odd) >= _FEWEST_PIECES
    )


def _without_evidence(slots: Sequence[Slot], width: int) -> Choice:
    """Return the choice of a row that is empty, or of more zeros than columns: arithmetic can't tell them."""
    counted = candidates.direct(slots, width)
    if not counted and is_marked(slots) and not filled(slots):
        counted = (slots[0],) * width
    return Choice((counted,), "counted") if counted else OPEN


def can_be_asked(candidate: Candidate, equations: Iterable[Sides]) -> bool:
    """Tell whether each equation has a figure on its left, so that a wrong reading would show."""
    return all(any(is_figure(candidate[place]) for place in left) for left, _ in equations)


def is_figure(slot: Slot | None) -> bool:
    """Tell whether a slot states a figure: no blank, no remark that nothing applies."""
    return slot is not None and slot[0].mean is not None and slot[0].mean.status == REPORTED


def row_sides(table: Table) -> list[Sides]:
    """Return the equations of a table's rows as column indexes (all rows have the same)."""
    return _row_sides(table.form, table.code)


@cache
def _row_sides(form: str, code: str) -> list[Sides]:
    table = forms()[form].tables[code]
    order = {label.code: place for place, label in enumerate(table.rows[0].columns)}
    first = table.rows[0].code
    return [
        (tuple(order[c] for _, c in equation.left), tuple(order[c] for _, c in equation.right))
        for equation in table.equations
        if equation.row_code == first
    ]


def meaning(slot: Slot | None) -> str:
    """Return what a slot says, whichever of several equal slots it is; no slot says what a blank says."""
    return "" if slot is None or slot[0].blank else slot[0].text


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the candidates that say different things."""
    return list({tuple(map(meaning, candidate)): candidate for candidate in candidates}.values())
