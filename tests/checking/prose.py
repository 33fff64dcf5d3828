"""Reports of a few sentences beside a table whose figures the test states.

Belongs here: making the reading and its stream. Does not belong here: assertions.
"""

from collections.abc import Mapping

from pipeline.agencies import gather_evidence, resolve, scope
from pipeline.checking.narrative import Figure, figures
from pipeline.documents.stream import Stream
from pipeline.forms import forms
from pipeline.reading import CellRecord, Reading, Section

AGENCY = "安远县财政局"
YEAR = 2022

# One table for all sentences: 38 new and 1 carried in; 38 handled (10, 14, 4, 10) and 1 carried out.
FIGURES: Mapping[tuple[str, str], float] = {
    ("application", "received_new"): 38,
    ("application", "carried_in"): 1,
    ("application", "granted"): 10,
    ("application", "partial"): 14,
    ("application", "denied_law"): 3,
    ("application", "denied_internal"): 1,
    ("application", "unable_not_held"): 10,
    ("application", "total_handled"): 38,
    ("application", "carried_out"): 1,
    ("dispute", "review"): 2,
    ("dispute", "suit_direct"): 1,
    ("dispute", "suit_after_review"): 1,
}


def cells(changed: Mapping[tuple[str, str], float | None] | None = None) -> list[CellRecord]:
    """The cells of tables 三 and 四 in the form of 2021: totals as in FIGURES, every other one 0."""
    values: dict[tuple[str, str], float | None] = {**FIGURES, **(changed or {})}
    records = []
    for table in (forms()["2021"].tables[code] for code in ("application", "dispute")):
        for row, column in table.keys():  # noqa: SIM118 - a table is no mapping
            value = values.get((table.code, row), 0) if column == "total" else 0
            status = "blank" if value is None else "reported"
            raw = "" if value is None else f"{value:g}"
            records.append(
                CellRecord(table.code, row, column, raw, value, "count", status, "verified", 100, None)
            )
    return records


def report(text: str, section: str = "overview", agency: str = AGENCY) -> tuple[Reading, Stream]:
    """A report of 2022 with one section of running text, whose heading stands on line 5."""
    lines = ["", "", "", "", "标题", *text.split("\n")]
    stream = Stream("text/plain", "utf-8", lines, range(1, len(lines) + 1))
    kept = "\n".join(line.strip() for line in lines[5:] if line.strip())
    reading = Reading(None, agency, YEAR, None, sections=[Section(section, "标题", kept, 5, len(lines))])
    reading.cells = cells()
    return reading, stream


def stated(
    text: str, speaks_for: str | None = "own", section: str = "overview", agency: str = AGENCY
) -> list[Figure]:
    """What is found in a text, judged against FIGURES; `speaks_for` is the scope of the tables."""
    return figures(*report(text, section, agency), speaks_for)


def scope_of(reading: Reading, stream: Stream) -> str | None:
    """The scope of a report's tables, as the register of agencies tells it."""
    agency = resolve(reading.agency_name, gather_evidence(stream, reading.report_year))
    found, _ = scope(agency, [section.text for section in reading.sections])
    return found.value if found else None


def short(found: list[Figure]) -> list[str]:
    """Figures in the short form of the tests: `requests_new 38 equal`."""
    return [f"{one.figure_code} {one.value} {one.verdict}" for one in found]
