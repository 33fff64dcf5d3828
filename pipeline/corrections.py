"""Reviewed corrections of single cells, as data with a guard: what they say and what they do to a reading.

Belongs here: reading the file strictly, applying corrections to one report, and telling what became of
each. Does not belong here: any correction (data/corrections.csv), or when documents are read again.

A correction names a document by its bytes, and what it expects to be read in the cell. Where something else
is read, it is not applied: the reader or the source may have been put right since.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import polars as pl

from pipeline.checking.identities import CONTRADICTED, evaluate
from pipeline.forms import forms
from pipeline.reading import CellRecord, Finding, Reading
from pipeline.reading.tables.cells import failure_finding
from pipeline.reading.words.values import BLANK, MISSING, NOT_APPLICABLE, REPORTED, UNREADABLE, plain
from pipeline.schemas import frame, polars_schema

TABLE = "quality.correction"
APPLIED, DIFFERS, SUPERSEDED, UNREAD, UNKNOWN = (
    "applied",
    "differs",
    "superseded",
    "unread",
    "unknown_document",
)

_STATUSES = frozenset([BLANK, NOT_APPLICABLE, UNREADABLE, MISSING])
_WHOLE = "count.whole"
_DOCUMENT_ID = re.compile(r"[0-9a-f]{16}")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?")
_MESSAGES = {
    APPLIED: "已采用 applied",
    DIFFERS: "未采用，原文现读作“{}” not applied, the cell is read otherwise now: review it",
    SUPERSEDED: "不起作用，该报告已有别的现行版本 without effect, another version of the report is current: "
    "remove it, or review that version",
    UNREAD: "未采用，文件未能读取，或更正以来没有再读 not applied, the document is quarantined or was not "
    "read since: see raw.document, or run gongkai ingest without --year",
    UNKNOWN: "未采用，没有这个文件 not applied, there is no such document: check document_id",
}

Place = tuple[str, str, str]


class CorrectionError(ValueError):
    """The file of corrections can't be used; the message names file and line."""


class Correction(NamedTuple):
    """One line of the file. `expect` is the cell as read: its raw text, or its status where it has no number.

    `corrected_value` is in the cell's unit, a count or yuan. Who checked it against what, and when, stands
    in `reviewer`, `source` and `reviewed_on`.
    """

    document_id: str
    table_code: str
    row_code: str
    column_code: str
    expect: str
    corrected_value: int | float
    reason: str
    source: str
    reviewer: str
    reviewed_on: date

    @property
    def place(self) -> Place:
        """Return the cell's table, row and column."""
        return self.table_code, self.row_code, self.column_code


# --- the file ---


def parse(data: bytes, file_name: str) -> list[Correction]:
    """Return the corrections of a CSV file. Raises CorrectionError at the first thing that isn't right."""
    found: dict[tuple[str, Place], int] = {}
    corrections = []
    for line_no, fields in _lines(data, file_name):
        try:
            correction = _correction(fields)
        except ValueError as error:
            raise CorrectionError(f"{file_name}, line {line_no}: {error}") from error
        first = found.setdefault((correction.document_id, correction.place), line_no)
        if first != line_no:
            raise CorrectionError(
                f"{file_name}, line {line_no}: the cell is corrected on line {first} already"
            )
        corrections.append(correction)
    return corrections


def _lines(data: bytes, file_name: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with the line on which it ends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line_no = data[: error.start].count(b"\n") + 1
        raise CorrectionError(f"{file_name}, line {line_no}: the text is not UTF-8") from error
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        if next(reader, None) != list(Correction._fields):
            raise CorrectionError(f"{file_name}, line 1: the header must be {','.join(Correction._fields)}")
        for row in reader:
            if len(row) != len(Correction._fields):
                message = f"{len(row)} fields instead of {len(Correction._fields)}"
                raise CorrectionError(f"{file_name}, line {reader.line_num}: {message}")
            stripped = (field.strip() for field in row)
            yield reader.line_num, dict(zip(Correction._fields, stripped, strict=True))
    except csv.Error as error:
        raise CorrectionError(f"{file_name}, line {reader.line_num}: {error}") from error


def _correction(fields: Mapping[str, str]) -> Correction:
    """Return the correction of one row. Raises ValueError."""
    absent = [name for name, text in fields.items() if not text]
    if absent:
        raise ValueError(f"{absent[0]} is empty")
    if not _DOCUMENT_ID.fullmatch(fields["document_id"]):
        raise ValueError(f"document_id {fields['document_id']} is not 16 hex digits, as in raw.document")
    place = (fields["table_code"], fields["row_code"], fields["column_code"])
    if place not in _cells():
        raise ValueError(f"no form has a cell {'.'.join(place)}")
    value = _value(fields["corrected_value"], place)
    return Correction(**{**fields, "corrected_value": value, "reviewed_on": _date(fields["reviewed_on"])})  # type: ignore[arg-type]


def _value(text: str, place: Place) -> int | float:
    unit, signed = _cells()[place]
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"corrected_value {text} is no plain number, as 17 or 197000 or 1234.5")
    value = plain(Decimal(text))
    if value < 0 and not signed:
        raise ValueError(f"corrected_value {text} is negative")
    if unit == "count" and not isinstance(value, int):
        raise ValueError(f"corrected_value {text} is no whole number, and the cell is a count")
    return value


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"reviewed_on {text} is no date as 2026-11-21") from None


@cache
def _cells() -> Mapping[Place, tuple[str, bool]]:
    """Return unit and signedness of every cell that a form has."""
    return {
        (table.code, row.code, column.code): (column.unit, column.signed)
        for form in forms().values()
        for table in form.tables.values()
        for row in table.rows
        for column in row.columns
    }


def by_document(corrections: Iterable[Correction]) -> dict[str, tuple[Correction, ...]]:
    """Return the corrections of each document."""
    found: dict[str, tuple[Correction, ...]] = {}
    for correction in corrections:
        found[correction.document_id] = (*found.get(correction.document_id, ()), correction)
    return found


def fingerprint(corrections: Sequence[Correction]) -> str | None:
    """Return what changes when a document's corrections do; None without any. Their order doesn't matter."""
    if not corrections:
        return None
    return hashlib.sha256(repr(sorted(corrections)).encode()).hexdigest()[:12]


# --- one report ---


def corrected(reading: Reading, corrections: Sequence[Correction]) -> Reading:
    """Return a reading whose cells show the corrected figures, wherever what is read is what is expected.

    A corrected cell keeps what was read in `as_read`. Check statuses and the findings of the form's
    arithmetic are those of the figures shown; `cell.corrected` says what the source prints.
    """
    wanted = {correction.place: correction for correction in corrections}
    shown, found = [], []
    for cell in reading.cells:
        correction = wanted.get((cell.table_code, cell.row_code, cell.column_code))
        if correction is None or not _is_expected(correction, cell.raw_text, cell.value_status):
            shown.append(cell)
            continue
        as_read = (cell.value, cell.value_status)
        shown.append(cell._replace(value=correction.corrected_value, value_status=REPORTED, as_read=as_read))
        found.append(_finding(correction, cell))
    if not found:
        return reading
    one = replace(reading, cells=shown, findings=[*reading.findings, *found])
    for table_code in dict.fromkeys(cell.table_code for cell in shown if cell.as_read):
        one = _rechecked(one, table_code)
    return one


def _is_expected(correction: Correction, raw_text: str | None, value_status: str) -> bool:
    if correction.expect in _STATUSES:
        return value_status == correction.expect
    return raw_text is not None and raw_text.strip() == correction.expect


def _finding(correction: Correction, cell: CellRecord) -> Finding:
    printed = cell.raw_text or cell.value_status
    message = (
        f"原文为“{printed}”，更正为 {correction.corrected_value}：{correction.reason}（{correction.source}）"
    )
    return Finding(
        "cell.corrected", message, *correction.place, str(correction.corrected_value), printed, cell.line_no
    )


def _rechecked(reading: Reading, table_code: str) -> Reading:
    """Return a reading with one table's identities asked again, of the figures shown."""
    form = getattr(reading, f"{table_code}_form")
    own = [cell for cell in reading.cells if cell.table_code == table_code]
    unknown = {at for at, cell in enumerate(own) if cell.value_status in (UNREADABLE, MISSING)}
    statuses, failures = evaluate(form, table_code, [cell.value for cell in own], unknown)
    rules = {equation.rule for equation in forms()[form].tables[table_code].equations}
    settled = {_place(cell) for cell in own if cell.as_read}
    kept = [
        finding
        for finding in reading.findings
        if finding.table_code != table_code
        or not (finding.rule_code in rules or (finding.rule_code == _WHOLE and _place(finding) in settled))
    ]
    broken = {_place(finding) for finding in kept if finding.rule_code == _WHOLE}
    checked = {
        _place(cell): cell._replace(check_status=CONTRADICTED if _place(cell) in broken else status)
        for cell, status in zip(own, statuses, strict=True)
    }
    found = [failure_finding(table_code, failure, own) for failure in failures]
    cells = [checked.get(_place(cell), cell) for cell in reading.cells]
    return replace(reading, cells=cells, findings=kept + found)


def _place(of: CellRecord | Finding) -> tuple[str | None, str | None, str | None]:
    return of.table_code, of.row_code, of.column_code


# --- what became of them ---


def states(
    corrections: Sequence[Correction], documents: pl.DataFrame, reports: pl.DataFrame, cells: pl.DataFrame
) -> pl.DataFrame:
    """Return quality.correction: each correction with its state, in the order of the file.

    `documents`, `reports` and `cells` are rows of raw.document, core.report and core.cell, at least those
    of the documents that are corrected.
    """
    names = dict(
        documents.filter(pl.col("status") != "duplicate").select("document_id", "file_name").iter_rows()
    )
    own = {row["document_id"]: row for row in reports.iter_rows(named=True)}
    found = {
        (row["report_id"], row["table_code"], row["row_code"], row["column_code"]): row
        for row in cells.iter_rows(named=True)
    }
    rows = []
    for correction in corrections:
        report = own.get(correction.document_id)
        cell = found.get((report["report_id"], *correction.place)) if report else None
        state = _state(correction, correction.document_id in names, report, cell)
        read_now = (cell["raw_text"] or cell["value_status"]) if cell else None
        rows.append(
            {
                **correction._asdict(),
                "corrected_value": float(correction.corrected_value),
                "state": state,
                "read_now": read_now,
                "report_id": report["report_id"] if report else None,
                "file_name": names.get(correction.document_id),
                "message": _MESSAGES[state].format(read_now or MISSING),
            }
        )
    return frame(TABLE, {name: [row[name] for row in rows] for name in polars_schema(TABLE)})


def _state(
    correction: Correction,
    is_known: bool,
    report: Mapping[str, object] | None,
    cell: Mapping[str, object] | None,
) -> str:
    if not is_known:
        return UNKNOWN
    if report is None:
        return UNREAD
    if not report["is_current"]:
        return SUPERSEDED
    if cell is None or not _is_expected(correction, cell["raw_text"], str(cell["value_status"])):  # type: ignore[arg-type]
        return DIFFERS
    return APPLIED if cell["corrected_value"] == correction.corrected_value else UNREAD
