"""The forms' arithmetic on finished cells.

Belongs here: evaluating every identity of a table, and each cell's check status.
Does not belong here: choosing between readings (reading/choose.py).
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipeline.forms import Equation, forms

VERIFIED = "verified"
CONTRADICTED = "contradicted"
UNCHECKED = "unchecked"


class Failure(NamedTuple):
    """An identity that doesn't hold: the sums of its two sides."""

    equation: Equation
    left: int | float
    right: int | float


class _Places(NamedTuple):
    """An equation by the places of its cells in the table's statutory order."""

    equation: Equation
    left: tuple[int, ...]
    right: tuple[int, ...]


def evaluate(
    form: str, table: str, numbers: Sequence[int | float | None], unknown: Sequence[bool]
) -> tuple[list[str], list[Failure]]:
    """Return the check status of each cell of a table, in statutory order, and the identities that fail.

    `numbers` has each cell's value, None without one; `unknown` tells which of those
    without a value are missing or unreadable, as against blank or not applicable. An
    identity can be asked when none of its cells is unknown and its left side has a
    number; what is blank or not applicable adds nothing to its side. Only cells with a
    number are verified or contradicted: without one nothing is verified.
    """
    statuses = [UNCHECKED] * len(numbers)
    failures: list[Failure] = []
    for places in _places(form, table):
        if _cannot_be_asked(places, numbers, unknown):
            continue
        left = sum(numbers[place] or 0 for place in places.left)
        right = sum(numbers[place] or 0 for place in places.right)
        if left == right:
            _mark(statuses, places, numbers)
        else:
            failures.append(Failure(places.equation, left, right))
    for failure in failures:
        _contradict(statuses, form, table, failure.equation, numbers)
    return statuses, failures


@cache
def _places(form: str, table: str) -> tuple[_Places, ...]:
    spec = forms()[form].tables[table]
    order = {key: place for place, key in enumerate(spec.keys())}
    return tuple(
        _Places(equation, tuple(order[k] for k in equation.left), tuple(order[k] for k in equation.right))
        for equation in spec.equations
    )


def _cannot_be_asked(places: _Places, numbers: Sequence[int | float | None], unknown: Sequence[bool]) -> bool:
    if all(numbers[place] is None for place in places.left):
        return True
    return any(unknown[place] for place in places.left) or any(unknown[place] for place in places.right)


def _mark(statuses: list[str], places: _Places, numbers: Sequence[int | float | None]) -> None:
    for place in places.left + places.right:
        if numbers[place] is not None:
            statuses[place] = VERIFIED


def _contradict(
    statuses: list[str], form: str, table: str, equation: Equation, numbers: Sequence[int | float | None]
) -> None:
    for places in _places(form, table):
        if places.equation is equation:
            for place in places.left + places.right:
                if numbers[place] is not None:
                    statuses[place] = CONTRADICTED
