"""Which cells make one series from report to report, and what a change of form does to it.

Belongs here: forms/comparability.yaml as objects, and matching cells with its patterns.
Does not belong here: any judgement of what is comparable - that is in the YAML - nor figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import yaml

from pipeline.forms import forms
from pipeline.forms.load import FOLDER

COMPARABLE, SUM, CAUTION, NOT_COMPARABLE = "comparable", "sum", "caution", "not_comparable"
ENDED, BEGUN = "ended", "begun"
FOLLOWED = frozenset([COMPARABLE, SUM])


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over the two forms of a break.

    `cells` has its cells (`table.row.column`) in each form that has it; several add up. `verdict` says
    whether the figure may be followed from the form `before` to the form `after`; zh and en say why.
    `code` is the cell's name in the older form that has it.
    """

    code: str
    before: str
    after: str
    cells: Mapping[str, tuple[str, ...]]
    verdict: str
    zh: str
    en: str

    @property
    def followed(self) -> bool:
        """Tell whether the figures of the two forms may be held against each other."""
        return self.verdict in FOLLOWED


@cache
def series() -> tuple[Series, ...]:
    """Return every series of every break of forms; each cell of the two forms is in exactly one."""
    spec = yaml.safe_load((FOLDER / "comparability.yaml").read_text(encoding="utf-8"))
    return tuple(one for change in spec["breaks"] for one in _of_break(change))


@cache
def cells_of(form: str) -> tuple[str, ...]:
    """Return all cells of a form as `table.row.column`, in statutory order."""
    return tuple(
        f"{code}.{row}.{column}"
        for code, table in forms()[form].tables.items()
        for row, column in table.keys()  # noqa: SIM118 - a table is no mapping
    )


def matches(cell: str, patterns: Sequence[str]) -> bool:
    """Tell whether a cell is one of those that patterns name."""
    return any(fnmatchcase(cell, pattern) for pattern in patterns)


def _of_break(change: Mapping[str, Any]) -> Iterator[Series]:
    before, after = change["before"], change["after"]
    left = {form: dict.fromkeys(cells_of(form)) for form in (before, after)}
    for cell in cells_of(before):
        if cell in left[before]:
            yield from _of_cell(cell, change, left)
    for cell in left[after]:
        yield Series(cell, before, after, {after: (cell,)}, BEGUN, **change["begun"])


def _of_cell(cell: str, change: Mapping[str, Any], left: dict[str, dict[str, None]]) -> Iterator[Series]:
    """Yield the series of a cell of the form before, and take its cells from those that are left."""
    before, after = change["before"], change["after"]
    rule = next((rule for rule in change["rules"] if matches(cell, rule["cells"])), None)
    others = tuple(_counterparts(cell, rule, after)) if rule else ()
    unseen = [other for other in others if other in left[after]]
    for form, cells in ((before, (cell,)), (after, others)):
        for one in cells:
            left[form].pop(one, None)
    if rule is None or not others:
        yield Series(cell, before, after, {before: (cell,)}, ENDED, **change["ended"])
        return
    words = {"verdict": rule["verdict"], "zh": rule["zh"], "en": rule["en"]}
    if rule["verdict"] != NOT_COMPARABLE:
        yield Series(cell, before, after, {before: (cell,), after: others}, **words)
        return
    yield Series(cell, before, after, {before: (cell,)}, **words)
    for other in unseen:
        yield Series(other, before, after, {after: (other,)}, **words)


def _counterparts(cell: str, rule: Mapping[str, Any], form: str) -> Iterator[str]:
    """Yield the cells of a form that a rule sets beside a cell of the form before."""
    for target in rule.get("to", [cell]):
        parts = zip(target.split("."), cell.split("."), strict=True)
        name = ".".join(own if part == "*" else part for part, own in parts)
        if name in cells_of(form):
            yield name
