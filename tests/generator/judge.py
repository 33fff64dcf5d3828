"""Holds what a reader reported against the truth of a made report.

Belongs here: the verdict on a cell and on a document. It knows the reader only by the fields it looks at.
Does not belong here: running a reader, or adding up verdicts (tests/accuracy.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isclose
from typing import Protocol

from tests.generator.truth import CellTruth, Key, Truth


class ReadCell(Protocol):
    """The fields of a reader's cell that are judged."""

    @property
    def value(self) -> float | None: ...
    @property
    def value_status(self) -> str: ...
    @property
    def check_status(self) -> str: ...


class Verdict(StrEnum):
    """What became of one cell."""

    RIGHT = "right"
    FLAGGED = "flagged"
    """Not right, and the reader says so: unreadable, missing, contradicted, or with a finding on the cell."""
    STATUS = "status"
    """Not right, no number involved: blank for not_applicable and the like."""
    SILENT = "silent"
    """A number that the document does not state, or a number passed over as blank, and no contradiction
    told.
    """
    OPEN = "open"
    """The document does not tell for certain, and the reader does not pretend."""
    OPEN_RIGHT = "open_right"
    """The document does not tell for certain, and the reader found the value all the same."""


def same_number(one: float | None, other: float | None) -> bool:
    """Tell whether two values agree; money passes through binary fractions, counts must be exact."""
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-12, abs_tol=1e-6)


def judge_cell(truth: CellTruth, read: ReadCell | None, *, finding: bool = False) -> Verdict:
    """Judge one cell; `read` None counts as missing, `finding` tells that the reader has a finding on it."""
    status = read.value_status if read else "missing"
    value = read.value if read else None
    if status == truth.status and same_number(value, truth.value):
        return Verdict.OPEN_RIGHT if truth.undetermined else Verdict.RIGHT
    contradicted = read is not None and read.check_status == "contradicted"
    if not contradicted and _claims_wrongly(truth, status):
        return Verdict.SILENT
    told = contradicted or status in ("unreadable", "missing")
    if truth.undetermined and (told or status == "blank"):
        return Verdict.OPEN
    return Verdict.FLAGGED if told or finding else Verdict.STATUS


def _claims_wrongly(truth: CellTruth, status: str) -> bool:
    """Tell whether a status that is not right claims a number, or denies one that stands there."""
    if status == "reported":
        return True
    denied = ("not_applicable",) if truth.undetermined else ("blank", "not_applicable")
    return truth.status == "reported" and status in denied


@dataclass(slots=True)
class Judgement:
    """The verdicts on one document. `extra` are reported cells that the document's forms do not have."""

    cells: dict[Key, Verdict] = field(default_factory=dict)
    extra: list[Key] = field(default_factory=list)

    def silent(self) -> list[Key]:
        return [key for key, verdict in self.cells.items() if verdict == Verdict.SILENT] + self.extra


def judge(truth: Truth, read: Mapping[Key, ReadCell], findings: Iterable[Key] = ()) -> Judgement:
    """Judge every cell of a document; `findings` are the keys of cells that the reader has findings on."""
    found = set(findings)
    result = Judgement()
    for key, cell in truth.cells.items():
        result.cells[key] = judge_cell(cell, read.get(key), finding=key in found)
    for key, got in read.items():
        if key not in truth.cells and got.value_status == "reported" and got.check_status != "contradicted":
            result.extra.append(key)
    return result


def tells_application_form(truth: Truth) -> bool:
    """Tell whether the document still shows the rows (（六）其他处理) that tell the forms of table 三
    apart.
    """
    return any(
        cell.status != "missing" and not cell.undetermined
        for key, cell in truth.cells.items()
        if key[0] == "application" and key[1].startswith("other")
    )
