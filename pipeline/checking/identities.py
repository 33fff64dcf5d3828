"""The forms' arithmetic on finished cells.

Belongs here: evaluating every identity of a table, and each cell's check status.
Does not belong here: choosing between readings (reading/columns/choose.py).
"""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple, cast

from pipeline.forms import Equation, forms

VERIFIED = "verified"
CONTRADICTED = "contradicted"
UNCHECKED = "unchecked"


# Takes the numbers of some cells out of those of a table.
_Taker = Callable[[Sequence[int | float]], Iterable[int | float]]


class Failure(NamedTuple):
    """An identity that doesn't hold: the sums of its two sides."""

    equation: Equation
    left: int | float
    right: int | float


class _Places(NamedTuple):
    """An equation by the places of its cells in the table's statutory order."""

    equation: Equation
    left: tuple[int, ...]
    both: tuple[int, ...]
    take_left: _Taker
    take_right: _Taker


def evaluate(
    form: str, table: str, numbers: Sequence[int | float | None], unknown: AbstractSet[int]
) -> tuple[list[str], list[Failure]]:
    """Return the check status of each cell of a table, in statutory order, and the identities that fail.

    `numbers` has each cell's value, None without one; `unknown` the places of those
    that are missing or unreadable, as against blank or not applicable. An identity can
    be asked when none of its cells is unknown and none of its totals without a number;
    another cell that is blank or not applicable adds nothing to its side. Only cells
    with a number are verified or contradicted: without one nothing is verified.
    """
    whole = None not in numbers
    if whole and not unknown and _all_add_up(form, table, cast("Sequence[int | float]", numbers)):
        return list(_all_hold(form, table)), []  # nearly every table
    terms = [number or 0 for number in numbers]
    held: list[_Places] = []
    failed: list[_Places] = []
    failures: list[Failure] = []
    open_totals = () if whole else {place for place in _totals(form, table) if numbers[place] is None}
    silent = {*open_totals, *unknown}
    for places in _places(form, table):
        if silent and not silent.isdisjoint(places.both):
            continue
        left, right = sum(places.take_left(terms)), sum(places.take_right(terms))
        if left != right:
            failed.append(places)
            failures.append(Failure(places.equation, left, right))
        elif whole or left or any(numbers[i] is not None for i in places.left):
            held.append(places)
    statuses = _statuses(form, table, held, failed)
    if not whole:
        numbered = zip(numbers, statuses, strict=True)
        statuses = [UNCHECKED if number is None else status for number, status in numbered]
    return statuses, failures


def _all_add_up(form: str, table: str, numbers: Sequence[int | float]) -> bool:
    """Tell whether all identities hold, asked of all rows or columns together: quicker than one by one."""
    return all(_sums(left, numbers) == _sums(right, numbers) for left, right in _rules(form, table))


def _sums(takers: Sequence[_Taker], numbers: Sequence[int | float]) -> list[int | float]:
    terms = [take(numbers) for take in takers]
    return list(map(sum, zip(*terms, strict=True))) if len(terms) > 1 else list(terms[0])


def _statuses(form: str, table: str, held: Sequence[_Places], failed: Sequence[_Places]) -> list[str]:
    """Return what the identities say of each cell: one that fails outweighs those that hold."""
    every = _places(form, table)
    if len(held) == len(every):
        return list(_all_hold(form, table))
    statuses = [UNCHECKED] * len(_all_hold(form, table))
    for found, status in ((held, VERIFIED), (failed, CONTRADICTED)):
        for places in found:
            for place in places.both:
                statuses[place] = status
    return statuses


@cache
def _all_hold(form: str, table: str) -> tuple[str, ...]:
    """Return the check status of each cell of a table whose identities all hold: nearly all tables."""
    covered = {place for places in _places(form, table) for place in places.both}
    cells = forms()[form].tables[table].keys()
    return tuple(VERIFIED if place in covered else UNCHECKED for place, _ in enumerate(cells))


@cache
def _totals(form: str, table: str) -> frozenset[int]:
    """Return the places of the totals: a total that is not written leaves its sums without a side."""
    spec = forms()[form].tables[table]
    return frozenset(
        place
        for place, (row, column) in enumerate(spec.keys())
        if row in spec.total_rows or column in spec.total_columns
    )


@cache
def _places(form: str, table: str) -> tuple[_Places, ...]:
    spec = forms()[form].tables[table]
    order = {key: place for place, key in enumerate(spec.keys())}
    found: list[_Places] = []
    for equation in spec.equations:
        left, right = (tuple(order[key] for key in side) for side in (equation.left, equation.right))
        found.append(_Places(equation, left, left + right, _taker(left), _taker(right)))
    return tuple(found)


@cache
def _rules(form: str, table: str) -> list[tuple[list[_Taker], list[_Taker]]]:
    """Return what takes the first, the second, … term of all equations of each rule, on either side."""
    together: dict[str, list[_Places]] = {}
    for places in _places(form, table):
        together.setdefault(places.equation.rule, []).append(places)
    return [
        (_terms([one.left for one in equations]), _terms([one.both[len(one.left) :] for one in equations]))
        for equations in together.values()
    ]


def _terms(sides: Iterable[tuple[int, ...]]) -> list[_Taker]:
    return [_in_order(term) for term in zip(*map(sorted, sides), strict=True)]


def _taker(side: tuple[int, ...]) -> _Taker:
    """Return what takes a side's numbers, in the table's order whatever order the form lists them in."""
    return _in_order(sorted(side))


def _in_order(places: Sequence[int]) -> _Taker:
    steps = {after - before for before, after in pairwise(places)} or {1}
    if len(steps) > 1 or min(steps) < 1:
        return itemgetter(*places)
    return itemgetter(slice(places[0], places[-1] + 1, steps.pop()))
