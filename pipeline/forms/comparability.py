"""Which figures can be compared where one form takes another's place.

Belongs here: reading comparability.yaml and the verdict on a sum of cells. Does not belong
here: the verdicts themselves (comparability.yaml), or comparing any figures.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.forms.load import Form, forms

COMPARABLE, CAUTION, NOT_COMPARABLE, BEGINS, ENDS = (
    "comparable",
    "caution",
    "not_comparable",
    "begins",
    "ends",
)
_WORST_FIRST = (NOT_COMPARABLE, CAUTION, COMPARABLE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a figure of two forms is one series, and why."""

    comparability: str
    zh: str
    en: str


def breaks() -> list[tuple[str, str]]:
    """Return the pairs of forms (earlier, later) between which a series can break."""
    return [(entry["before"], entry["after"]) for entry in _entries()]


def cells_of(form: Form) -> frozenset[str]:
    """Return the statutory cells of a form, each as table.row.column."""
    return frozenset(
        f"{code}.{row}.{column}" for code, table in form.tables.items() for row, column in table.keys()
    )


def verdict(before: str, after: str, cells: Collection[str]) -> Verdict:
    """Return how far the sum of `cells` (table.row.column) is one series across two forms.

    Cells that a form does not have are no part of its sum. Raises ValueError where
    comparability.yaml says nothing of a cell: nothing counts as comparable by default.
    """
    entry = next(entry for entry in _entries() if (entry["before"], entry["after"]) == (before, after))
    old, new = ({cell for cell in cells if cell in _cells(form)} for form in (before, after))
    if not old:
        return _one(BEGINS, entry["begins"], new)
    if not new:
        return _one(ENDS, entry["ends"], old)
    found = list(dict.fromkeys(_both(entry, old, new)))
    worst = min(found, key=lambda one: _WORST_FIRST.index(one.comparability))
    notes = [one for one in found if one.comparability == worst.comparability]
    return Verdict(
        worst.comparability, "；".join(one.zh for one in notes), "; ".join(one.en for one in notes)
    )


@cache
def _entries() -> tuple[Mapping[str, Any], ...]:
    path = Path(__file__).with_name("comparability.yaml")
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def _cells(form: str) -> frozenset[str]:
    return cells_of(forms()[form])


def _both(entry: Mapping[str, Any], old: set[str], new: set[str]) -> Iterator[Verdict]:
    """Yield the verdict on each cell that both forms have, and on what stands for the others."""
    for cell in sorted(old & new):
        yield _one(None, entry["cells"], {cell})
    gone, come = old - new, new - old
    if gone or come:
        yield _pair(entry["pairs"], gone, come)


def _pair(pairs: list[dict[str, Any]], gone: set[str], come: set[str]) -> Verdict:
    for pair in pairs:
        if gone and come and _fits(pair["before"], gone) and _fits(pair["after"], come):
            return Verdict(pair["comparability"], pair["zh"], pair["en"])
    raise ValueError(
        f"comparability.yaml does not say whether {sorted(come)} take the place of {sorted(gone)}"
    )


def _one(comparability: str | None, entries: list[dict[str, Any]], cells: set[str]) -> Verdict:
    for entry in entries:
        if _fits(entry["cells"], cells):
            return Verdict(comparability or entry["comparability"], entry["zh"], entry["en"])
    raise ValueError(f"comparability.yaml says nothing of {sorted(cells)}")


def _fits(patterns: list[str], cells: set[str]) -> bool:
    return all(any(fnmatchcase(cell, pattern) for pattern in patterns) for cell in cells)
