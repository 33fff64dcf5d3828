"""From a table as read to its cell records, with their check status and findings.

Belongs here: units, statuses, identities and findings that concern single cells or a
table's arithmetic. Does not belong here: finding the cells (tables.py).
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from pipeline.checking.identities import CONTRADICTED, Failure, evaluate
from pipeline.documents.stream import Stream
from pipeline.forms import CellKey, Label, forms
from pipeline.reading import values
from pipeline.reading.bands import Slot
from pipeline.reading.records import CellRecord, Finding
from pipeline.reading.tables import TableReading


class _Place(NamedTuple):
    """One statutory cell: its row and column."""

    row: str
    column: Label


class _Content(NamedTuple):
    """What was found for one cell, before it is checked."""

    raw: str | None
    value: int | float | None
    status: str
    line: int | None
    position: str | None


_MISSING = _Content(None, None, values.MISSING, None, None)
_STATUS_RULES = {
    values.BLANK: ("cell.blank", "空白，不等于零"),
    values.NOT_APPLICABLE: ("cell.not_applicable", "写明不适用"),
    values.UNREADABLE: ("cell.unreadable", "不能确定这一格的数字"),
}


def cells_of(reading: TableReading, stream: Stream) -> tuple[list[CellRecord], list[Finding]]:
    """Return every statutory cell of one table, absent ones as `missing`, and its findings."""
    table = reading.table
    places = _places(table.form, table.code)
    findings = [_located(finding, stream) for finding in reading.findings]
    contents = [_content(reading, stream, place, findings) for place in places]
    numbers = [content.value for content in contents]
    unknown = [content.status in (values.MISSING, values.UNREADABLE) for content in contents]
    statuses, failures = evaluate(table.form, table.code, numbers, unknown)
    _require_whole(places, contents, statuses, findings, table.code)
    records = [
        CellRecord(
            table.code, place.row, place.column.code, content.raw, content.value, place.column.unit,
            content.status, status, content.line, content.position,
        )
        for place, content, status in zip(places, contents, statuses, strict=True)
    ]  # fmt: skip
    findings += _absent(reading, records)
    findings += [_failure(table.code, failure, records) for failure in failures]
    return records, findings


@cache
def _places(form: str, table: str) -> tuple[_Place, ...]:
    return tuple(
        _Place(row.code, column) for row in forms()[form].tables[table].rows for column in row.columns
    )


def _located(finding: Finding, stream: Stream) -> Finding:
    """Turn the stream's entry, which a finding on the table has, into the raw file's line."""
    return finding if finding.line_no is None else finding._replace(line_no=stream.numbers[finding.line_no])


def _content(reading: TableReading, stream: Stream, place: _Place, findings: list[Finding]) -> _Content:
    key = (place.row, place.column.code)
    slot = reading.cells.get(key)
    if slot is not None:
        return _written(reading, stream, place, slot, findings)
    if key in reading.open_cells:
        raw, entry = reading.open_cells[key]
        return _Content(raw, None, values.UNREADABLE, stream.numbers[entry], None)
    if key in reading.cells:
        entry_of_row = reading.entries.get(place.row)
        line = None if entry_of_row is None else stream.numbers[entry_of_row]
        return _Content("", None, values.BLANK, line, None)
    return _MISSING


def _written(
    reading: TableReading, stream: Stream, place: _Place, slot: Slot, findings: list[Finding]
) -> _Content:
    token, entry = slot
    mean = token.mean
    line = token.line or stream.numbers[entry]
    position = _position(stream, slot) if stream.tables or stream.pages else None
    if mean is None:
        return _Content(token.text, None, values.UNREADABLE, line, position)
    value = mean.value
    if value is not None and (mean.note or place.column.unit == "yuan"):
        value = _valued(reading, place, mean, (token.text, line), findings)
    return _Content(token.text, value, mean.status, line, position)


def _valued(
    reading: TableReading,
    place: _Place,
    mean: values.Interpreted,
    evidence: tuple[str, int],
    findings: list[Finding],
) -> int | float:
    """Return a value in its unit, reporting what else stands beside the number."""
    at = (reading.table.code, place.row, place.column.code, None, *evidence)
    if mean.note:
        findings.append(Finding("cell.note", f"数字旁另有文字：{mean.note}", *at))
    value = mean.value or 0
    factor = mean.factor
    if place.column.unit == "yuan":
        factor = factor or reading.header_unit or reading.table.header_units.get(place.column.code)
        if factor is None and value:
            findings.append(Finding("cell.unit_assumed", "没有写明货币单位，按元计", *at))
    return value if factor in (None, 1) else values.plain(Decimal(str(value)) * (factor or 1))


def _position(stream: Stream, slot: Slot) -> str | None:
    """Return where the format itself says that a cell is: page, table, row and column, from 1."""
    token, entry = slot
    parts = [f"page {stream.pages[entry]}"] if stream.pages else []
    ordinal = stream.tables.get(entry)
    if ordinal is not None:
        first = entry
        while stream.tables.get(first - 1) == ordinal:
            first -= 1
        parts.append(f"table {ordinal + 1} row {entry - first + 1} column {token.column + 1}")
    return ", ".join(parts) or None


def _require_whole(
    places: Sequence[_Place],
    contents: Sequence[_Content],
    statuses: list[str],
    findings: list[Finding],
    table: str,
) -> None:
    """Contradict every count that is no whole number, or is negative without being a change."""
    for at, (place, content) in enumerate(zip(places, contents, strict=True)):
        value = content.value
        if value is None or place.column.unit != "count":
            continue
        if isinstance(value, int) and (value >= 0 or place.column.signed):
            continue
        statuses[at] = CONTRADICTED
        evidence = (table, place.row, place.column.code, None, content.raw, content.line)
        findings.append(Finding("count.whole", "件数应为不小于零的整数", *evidence))


def _absent(reading: TableReading, records: Sequence[CellRecord]) -> Iterator[Finding]:
    """Report blank, not-applicable and unreadable cells each, and missing cells row by row."""
    missing: dict[str, int] = {}
    for record in records:
        status = record.value_status
        if status == values.MISSING:
            missing[record.row_code] = missing.get(record.row_code, 0) + 1
        elif status != values.REPORTED:
            rule, message = _STATUS_RULES[status]
            key: CellKey = (record.row_code, record.column_code)
            yield Finding(rule, message, record.table_code, *key, None, record.raw_text, record.line_no)
    for row in reading.table.rows:
        if row.code in missing:
            message = f"{row.label.zh}：文中没有 {missing[row.code]} 个栏目的数值"
            yield Finding("cell.missing", message, reading.table.code, row.code)


def _failure(table: str, failure: Failure, records: Sequence[CellRecord]) -> Finding:
    equation = failure.equation
    at = equation.left[0]
    total = next(record for record in records if (record.row_code, record.column_code) == at)
    sides = f"{_names(equation.left)} = {failure.left}，{_names(equation.right)} = {failure.right}"
    sums = (str(failure.right), str(failure.left))
    return Finding(equation.rule, f"勾稽关系不成立：{sides}", table, *at, *sums, total.line_no)


def _names(keys: Sequence[CellKey]) -> str:
    return f"{len(keys)} 项之和" if len(keys) > 4 else " + ".join(f"{row}.{column}" for row, column in keys)
