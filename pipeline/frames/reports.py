"""Readings of a batch of documents as the frames of one report year.

Belongs here: rows from readings, their checks before storing, and putting batches and
earlier rows together. Does not belong here: reading, or where frames are stored.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import polars as pl

from pipeline.catalogue import rules, tables
from pipeline.checking import narrative
from pipeline.checking.narrative import Figure
from pipeline.corrections import Correction, corrected
from pipeline.documents import Stream
from pipeline.frames.agency import Agency, agency_of
from pipeline.narrative import terms
from pipeline.normalise import disagreements
from pipeline.reading import CellRecord, Finding, Reading, Section
from pipeline.schemas import empty, frame, polars_schema, violations

# What one report year stores, for the warehouse and for later steps.
PARTITIONED = tuple(
    name for name, table in tables().items() if table.kind in {"parquet", "store"} and not table.whole
)
_REPORT = "r"
REPORT_ID = pl.lit(_REPORT) + pl.col("document_id")  # report_id, as an expression
_CHECKED = ("core.report", "core.section", "core.cell", "core.section_term", "core.narrative_figure")
_WITNESS = "value_matches_raw_text"

_READ_COLUMNS = (
    "agency_name",
    "report_year",
    "disclosure_form",
    "application_form",
    "dispute_form",
    "title",
    "published_on",
)

# Columns of core.narrative_figure that are named otherwise than a figure's fields.
_FIGURE_COLUMNS = {
    "metric_code": "figure_code",
    "stated_value": "value",
    "text_start": "start",
    "text_end": "end",
}

Frames = dict[str, pl.DataFrame]
Owned = tuple[str, Reading]
Columns = dict[str, Sequence[object]]


class Report(NamedTuple):
    """One report: what was read, whose it is, and the figures that its text states."""

    reading: Reading
    agency: Agency
    figures: list[Figure]


class Read(NamedTuple):
    """One document that was read: its report, or the reason why there is none.

    `corrections` is the fingerprint of the corrections that it was read with.
    """

    document_id: str
    report: Report | None
    reason: str | None = None
    corrections: str | None = None


def report_of(
    reading: Reading, stream: Stream, document_id: str, corrections: Sequence[Correction] = ()
) -> Report:
    """Return the report that a reading of a document is, its figures corrected where a review says so."""
    shown = corrected(reading, corrections)
    agency = agency_of(shown, stream, document_id)
    return Report(shown, agency, narrative.figures(shown, stream, agency.scope, agency.names))


def report_id(document_id: str) -> str:
    """Return the id of the report that a document holds."""
    return f"{_REPORT}{document_id}"


def batch(reads: Sequence[Read], version: str) -> Frames:
    """Return the rows of a batch of documents for every table of PARTITIONED, in order, checked with pandera.

    A row that breaks its schema stays and gives a finding `row.schema`. A value that the
    second witness reads differently is emptied (`unreadable`), with a finding too.
    """
    good = [(read.document_id, read.report) for read in reads if read.report is not None]
    by_report = [(report_id(document_id), report.reading) for document_id, report in good]
    agencies = [report.agency for _, report in good]
    figures = [(report_id(document_id), report.figures) for document_id, report in good]
    frames = {
        "core.report": _reports(by_report, [document_id for document_id, _ in good], agencies),
        "core.section": _sections(by_report),
        "core.cell": _cells(by_report),
        "core.section_term": _terms(by_report),
        "core.narrative_figure": _figures(figures),
        "ledger.agency": _agencies(by_report, agencies),
        "ledger.reading": _ledger(reads, version),
    }
    found = _findings(good)
    frames["core.cell"], doubted = _second_witness(frames["core.cell"])
    broken = [_violations(name, frames[name]) for name in _CHECKED]
    frames["ledger.finding"] = pl.concat([found, doubted, *broken])
    return {name: _sorted(name, frames[name]) for name in PARTITIONED}


def merged(table_name: str, earlier: pl.LazyFrame, read: pl.LazyFrame) -> pl.LazyFrame:
    """Return a table of a year: rows of earlier runs that still stand, and those of documents just read.

    Both stand in the table's order, in which no report of the one is in the other. In order means: by report,
    and within one as read.
    """
    return earlier.merge_sorted(read, tables()[table_name].sort, maintain_order=True)


def numbered(reports: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """Return a year's reports with `withdrawn_at`, and `version` and `is_current` of each agency-year.

    `documents` has the year's (document_id, first_seen_at, withdrawn_at). The order is by date of
    publication (reports without one first), first_seen_at, document. Current is the last whose document is
    in the folder; where none is, the last of all.
    """
    group = ["agency_id", "report_year"]
    order = pl.struct("published_on", "first_seen_at", "document_id")
    seen = reports.drop("version", "is_current", "withdrawn_at").join(
        documents.select("document_id", "first_seen_at", "withdrawn_at"),
        "document_id",
        "left",
        maintain_order="left",
    )
    versions = seen.with_columns(version=order.rank("ordinal").over(group).cast(pl.Int32))
    version = pl.col("version")
    present = pl.when(pl.col("withdrawn_at").is_null()).then(version)
    last = pl.coalesce(present.max().over(group), version.max().over(group))
    return versions.with_columns(is_current=version == last).select(polars_schema("core.report").keys())


def _reports(found: Sequence[Owned], documents: Sequence[str], agencies: Sequence[Agency]) -> pl.DataFrame:
    columns: dict[str, object] = {
        name: [getattr(reading, name) for _, reading in found] for name in _READ_COLUMNS
    }
    columns["report_id"] = [own_id for own_id, _ in found]
    columns["document_id"] = documents
    columns["agency_id"] = [agency.own["agency_id"] for agency in agencies]
    columns["scope"] = [agency.scope for agency in agencies]
    columns["scope_evidence"] = [agency.scope_evidence for agency in agencies]
    columns["version"] = [1] * len(found)
    columns["is_current"] = [True] * len(found)
    columns["withdrawn_at"] = [None] * len(found)
    return frame("core.report", columns)


def _columns(fields: Sequence[str], owned: Sequence[tuple[str, Sequence[tuple[object, ...]]]]) -> Columns:
    """Return the named tuples that each report owns column by column, with their report_id."""
    values = list(zip(*chain.from_iterable(rows for _, rows in owned), strict=True)) or [()] * len(fields)
    columns: Columns = dict(zip(fields, values, strict=True))
    columns["report_id"] = [own_id for own_id, rows in owned for _ in rows]
    return columns


def _sections(found: Sequence[Owned]) -> pl.DataFrame:
    return frame("core.section", _columns(Section._fields, [(own_id, one.sections) for own_id, one in found]))


def _cells(found: Sequence[Owned]) -> pl.DataFrame:
    columns = _columns(CellRecord._fields, [(own_id, reading.cells) for own_id, reading in found])
    cells = [cell for _, reading in found for cell in reading.cells]
    shown = [None if cell.value is None else float(cell.value) for cell in cells]
    columns |= {"value": shown, "corrected_value": [None] * len(shown)}
    if any(cell.as_read for cell in cells):
        columns |= _as_read(cells, shown)
    return frame("core.cell", columns)


def _as_read(cells: Sequence[CellRecord], shown: Sequence[float | None]) -> Columns:
    """Return the columns that tell what was read from what is shown instead."""
    read = [cell.as_read or (cell.value, cell.value_status) for cell in cells]
    both = list(zip(cells, shown, strict=True))
    return {
        "value": [None if value is None else float(value) for value, _ in read],
        "value_status": [status for _, status in read],
        "corrected_value": [value if cell.as_read else None for cell, value in both],
    }


def _terms(found: Sequence[Owned]) -> pl.DataFrame:
    rows = [
        (own_id, section.section_code, term, occurrences)
        for own_id, reading in found
        for section in reading.sections
        for term, occurrences in terms(section.text)
    ]
    return _of_rows("core.section_term", rows)


def _figures(found: Sequence[tuple[str, Sequence[Figure]]]) -> pl.DataFrame:
    columns = _columns(Figure._fields, found)
    for name, field in _FIGURE_COLUMNS.items():
        columns[name] = columns[field]
    values = [figure.table_value for _, own in found for figure in own]
    columns["table_value"] = [None if value is None else float(value) for value in values]
    return frame("core.narrative_figure", columns)


def _agencies(found: Sequence[Owned], agencies: Sequence[Agency]) -> pl.DataFrame:
    """Return the agency of each report and, where it signs for another body, that one's row too."""
    rows: list[dict[str, object]] = []
    for (own_id, reading), agency in zip(found, agencies, strict=True):
        report = {"report_id": own_id, "report_year": reading.report_year}
        rows.append({**report, **agency.own, "is_own": True})
        if agency.principal:
            rows.append({**report, **agency.principal, "is_own": False})
    return frame(
        "ledger.agency", {name: [row[name] for row in rows] for name in polars_schema("ledger.agency")}
    )


def _ledger(reads: Sequence[Read], version: str) -> pl.DataFrame:
    return _of_rows(
        "ledger.reading", [(read.document_id, version, read.reason, read.corrections) for read in reads]
    )


def _findings(found: Sequence[tuple[str, Report]]) -> pl.DataFrame:
    rows = [
        (
            report_id(document_id),
            [*report.reading.findings, *report.agency.findings, *narrative.findings(report.figures)],
        )
        for document_id, report in found
    ]
    return finding_rows(rows)


def finding_rows(owned: Sequence[tuple[str, Sequence[Finding]]]) -> pl.DataFrame:
    """Return the findings that each report (by its id) owns as rows, each with its rule's severity."""
    columns = _columns(Finding._fields, owned)
    columns["severity"] = [rules()[finding.rule_code].severity for _, own in owned for finding in own]
    return frame("ledger.finding", columns)


def _second_witness(cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the cells, values emptied where polars reads another number, and the findings."""
    differs = disagreements(cells)
    doubted = cells.filter(differs)
    is_shown = differs & cells["corrected_value"].is_null()
    emptied = cells.with_columns(
        value=pl.when(differs).then(None).otherwise("value"),
        value_status=pl.when(differs).then(pl.lit("unreadable")).otherwise("value_status"),
        check_status=pl.when(is_shown).then(pl.lit("unchecked")).otherwise("check_status"),
    )
    found = [
        (row["report_id"], [_schema_finding("core.cell", row, _WITNESS)])
        for row in doubted.iter_rows(named=True)
    ]
    return emptied, finding_rows(found)


def _violations(table_name: str, rows: pl.DataFrame) -> pl.DataFrame:
    found = []
    for violation in violations(table_name, rows):
        if violation.row is None:
            raise ValueError(f"{table_name} breaks its schema as a whole: {violation}")
        row = {**rows.row(violation.row, named=True), "value": violation.value}
        check = f"{violation.column}: {violation.check}"
        found.append((row["report_id"], [_schema_finding(table_name, row, check)]))
    return finding_rows(found)


def _schema_finding(table_name: str, row: Mapping[str, object], check: str) -> Finding:
    place = {name: row.get(name) for name in ("table_code", "row_code", "column_code", "line_no")}
    observed = None if row.get("value") is None else str(row["value"])
    return Finding("row.schema", f"{table_name}: {check}", expected=check, observed=observed, **place)  # type: ignore[arg-type]


def _of_rows(table_name: str, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    names = list(polars_schema(table_name))
    if not rows:
        return empty(table_name)
    return frame(table_name, dict(zip(names, zip(*rows, strict=True), strict=True)))


def _sorted(table_name: str, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort(tables()[table_name].sort, maintain_order=True)
