"""Reports of many agencies over years whose figures agree with each other, as frames.

Belongs here: making consistent figures, and rows of core.report and core.cell from them. Does not belong
here: prose, documents, assertions. Figures are written out here from the statute's own rules and know
nothing of pipeline.checking.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

import polars as pl

from pipeline.forms import forms
from pipeline.schemas import polars_schema
from tests.reading import statute

Key = tuple[str, str, str]
"""table_code, row_code, column_code."""

APPLICANTS = statute.APPLICANTS
FIRST, LAST = 2019, 2025
# Requests a year: small offices, counties, cities. An agency keeps its level, so that no year is a jump.
LEVELS = (0, 2, 40, 500, 9_000)


@dataclass(slots=True)
class Report:
    """One report: `cells` has a number or the status for which there is none."""

    report_id: str
    agency_id: str
    year: int
    form: str
    scope: str | None = "own"
    is_current: bool = True
    cells: dict[Key, float | str] = field(default_factory=dict)


Corpus = dict[tuple[str, int], Report]


def form_of(year: int) -> str:
    """The form of a report year."""
    return "2019" if year < 2021 else "2021"


def corpus(agencies: int, *, families: int = 0, seed: int = 1) -> Corpus:
    """Reports of 2019 to 2025 in which every rule across years and bodies holds.

    The first `families` agencies are parents of nine bodies each (`parents`): their figures are the sums.
    """
    made: Corpus = {}
    for number in range(agencies):
        made |= {(report.agency_id, report.year): report for report in _agency(number, seed)}
    for number in range(families):
        parent = f"a{number:03d}"
        _add_up(made, parent, [child for child, above in parents(families) if above == parent])
    return made


def parents(families: int) -> list[tuple[str, str]]:
    """(agency_id, parent_id) of the bodies whose figures parents add up."""
    return [
        (f"a{families + 9 * number + at:03d}", f"a{number:03d}")
        for number in range(families)
        for at in range(9)
    ]


def frames(made: Corpus) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of core.report and core.cell; lines are numbered by the cells."""
    return _report_rows(list(made.values())), _cell_rows(list(made.values()))


def _agency(number: int, seed: int) -> Iterator[Report]:
    rng = Random(f"{seed}:{number}")
    level = LEVELS[number % len(LEVELS)]
    carried = dict.fromkeys(APPLICANTS, rng.randint(0, level // 20))
    stock = {row: rng.randint(0, 40) for row in ("rule", "normative_document")}
    items = {
        row: rng.randint(20, 300) for row in ("licensing", "public_service", "penalty", "coercion", "fee")
    }
    for year in range(FIRST, LAST + 1):
        report = Report(f"r{number:03d}{year}", f"a{number:03d}", year, form_of(year))
        carried = _applications(report, rng, level, carried)
        _disputes(report, rng, level)
        _disclosure(report, rng, level, stock, items)
        yield report


def _near(rng: Random, level: float) -> int:
    return round(level * rng.uniform(0.75, 1.3))


def _applications(report: Report, rng: Random, level: int, carried: Mapping[str, int]) -> dict[str, int]:
    """Fill table 三 and return what each kind of applicant carries over."""
    rows = statute.RESULTS[report.form]
    columns: dict[str, dict[str, int]] = {}
    for applicant in APPLICANTS:
        received = _near(rng, level if applicant == "natural_person" else level / 12)
        handled_out = (received + carried[applicant]) // 12
        handled = received + carried[applicant] - handled_out
        parts = dict.fromkeys(rows, handled // 40)
        parts["granted"] += handled - sum(parts.values())
        columns[applicant] = {
            "received_new": received,
            "carried_in": carried[applicant],
            **parts,
            "total_handled": handled,
            "carried_out": handled_out,
        }
    for applicant, column in columns.items():
        for row, value in column.items():
            report.cells["application", row, applicant] = value
    for row in columns["research"]:
        report.cells["application", row, "total"] = sum(column[row] for column in columns.values())
    return {applicant: column["carried_out"] for applicant, column in columns.items()}


def _disputes(report: Report, rng: Random, level: int) -> None:
    for channel in ("review", "suit_direct", "suit_after_review"):
        results = {result: _near(rng, level / 60) for result in ("upheld", "corrected", "other", "pending")}
        for result, value in {**results, "total": sum(results.values())}.items():
            report.cells["dispute", channel, result] = value


def _disclosure(
    report: Report, rng: Random, level: int, stock: dict[str, int], items: dict[str, int]
) -> None:
    """Fill table 二; `stock` and `items` go on from year to year."""
    cells: dict[tuple[str, str], float] = {}
    for row, held in list(stock.items()):
        new, gone = rng.randint(1, 6), rng.randint(0, min(3, held))
        if report.form == "2019":
            cells |= {(row, "made"): new, (row, "disclosed"): new, (row, "disclosed_total"): held + new}
        else:
            cells |= {
                (row, "issued"): new,
                (row, "repealed"): gone,
                (row, "in_force"): held + new - gone,
            }
        stock[row] = held + new - (gone if report.form == "2021" else 0)
    for row, held in items.items():
        change = rng.randint(-5, 5)
        if report.form == "2019":
            cells |= {(row, "items_last_year"): held, (row, "items_change"): change}
        if row != "fee" and (report.form == "2019" or row != "public_service"):
            cells[row, "decisions"] = _near(rng, 3 * level)
        items[row] += change
    if report.form == "2019":
        cells |= {
            ("procurement", "projects"): _near(rng, 30),
            ("procurement", "amount"): _near(rng, 1_000_000),
        }
    else:
        cells["fee", "amount"] = _near(rng, 2_000_000)
    report.cells |= {("disclosure", *key): value for key, value in cells.items()}


def _add_up(made: Corpus, parent: str, children: list[str]) -> None:
    for year in range(FIRST, LAST + 1):
        whole = made[parent, year]
        whole.scope = "consolidated"
        below = [made[child, year].cells for child in children]
        whole.cells = {key: sum(float(cells[key]) for cells in below) for key in whole.cells}


def _report_rows(reports: list[Report]) -> pl.DataFrame:
    forms_: dict[str, list[object]] = {
        f"{table}_form": [one.form for one in reports] for table in ("disclosure", "application", "dispute")
    }
    return _rows(
        "core.report",
        {
            "report_id": [one.report_id for one in reports],
            "agency_id": [one.agency_id for one in reports],
            "report_year": [one.year for one in reports],
            "scope": [one.scope for one in reports],
            "is_current": [one.is_current for one in reports],
            **forms_,
        },
    )


def _cell_rows(reports: list[Report]) -> pl.DataFrame:
    cells = [
        (one.report_id, key, value, line)
        for one in reports
        for line, (key, value) in enumerate(one.cells.items(), 1)
    ]
    return _rows(
        "core.cell",
        {
            "report_id": [report_id for report_id, _, _, _ in cells],
            "table_code": [key[0] for _, key, _, _ in cells],
            "row_code": [key[1] for _, key, _, _ in cells],
            "column_code": [key[2] for _, key, _, _ in cells],
            "value": [None if isinstance(value, str) else float(value) for _, _, value, _ in cells],
            "unit": ["yuan" if key[2] == "amount" else "count" for _, key, _, _ in cells],
            "value_status": [value if isinstance(value, str) else "reported" for _, _, value, _ in cells],
            "line_no": [line for _, _, _, line in cells],
        },
    )


def _rows(table: str, columns: Mapping[str, list[object]]) -> pl.DataFrame:
    """A frame in a table's schema; columns that the rules don't look at are empty."""
    schema = polars_schema(table)
    many = len(columns["report_id"])
    return pl.DataFrame({name: columns.get(name, [None] * many) for name in schema}, schema, strict=True)


def keys_of(form: str) -> list[Key]:
    """The statutory cells of a form."""
    tables = forms()[form].tables
    return [(code, row, column) for code, table in tables.items() for row, column in table.keys()]  # noqa: SIM118
