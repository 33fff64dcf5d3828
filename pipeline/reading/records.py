"""What reading a document gives: the records that everything downstream is built of.

Belongs here: plain record types. Does not belong here: any logic.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class CellRecord(NamedTuple):
    """One statutory cell (core.cell). `value` is in `unit`: a count, or yuan for money.

    `line_no` is the 1-based line of the raw file, None for a cell that the document
    doesn't have; `position` names table, row and column where the format marks them, and
    the page of a PDF. `as_read` has value and status as read of a cell that a reviewed
    correction changed (pipeline.corrections); else it is None.
    """

    table_code: str
    row_code: str
    column_code: str
    raw_text: str | None
    value: int | float | None
    unit: str
    value_status: str
    check_status: str
    line_no: int | None
    position: str | None = None
    as_read: tuple[int | float | None, str] | None = None


class Finding(NamedTuple):
    """One thing that a rule found (quality.finding); the rule's catalogue entry has its severity."""

    rule_code: str
    message: str
    table_code: str | None = None
    row_code: str | None = None
    column_code: str | None = None
    expected: str | None = None
    observed: str | None = None
    line_no: int | None = None


class Section(NamedTuple):
    """One section's heading as written and its text; lines are 1-based lines of the raw file."""

    section_code: str
    heading: str | None
    text: str
    first_line: int
    last_line: int


class Identified(NamedTuple):
    """Whose report of which year a document is."""

    report_year: int
    agency_name: str
    title: str | None
    published_on: date | None


@dataclass(slots=True)
class Reading:
    """One report as read."""

    title: str | None
    agency_name: str
    report_year: int
    published_on: date | None
    disclosure_form: str | None = None
    application_form: str | None = None
    dispute_form: str | None = None
    sections: list[Section] = field(default_factory=list)
    cells: list[CellRecord] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
