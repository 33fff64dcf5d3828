"""From a table as read to its cell records, with their check status and findings.

Belongs here: units, statuses, identities and findings that concern single cells or a
table's arithmetic. Does not belong here: finding the cells (table.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, partial
from itertools import chain, repeat
from typing import Any, NamedTuple

from pipeline.checking.identities import CONTRADICTED, Failure, evaluate
from pipeline.documents.stream import Stream
from pipeline.forms import CellKey, forms
from pipeline.reading.records import CellRecord, Finding
from pipeline.reading.rows.slots import Slot
from pipeline.reading.tables.table import TableReading
from pipeline.reading.words import values


class _Place(NamedTuple):
    """One statutory cell: its table, row and column, and what its column says of it."""

    table: str
    row: str
    code: str
    key: CellKey
    unit: str
    signed: bool


# What was found for one cell, before it is checked: raw text, value, status, line.
_Content = tuple[str | None, int | float | None, str, int | None]

_UNKNOWN = (values.MISSING, values.UNREADABLE)
_MISSING: _Content = (None, None, values.MISSING, None)
_STATUS_RULES = {
    values.BLANK: ("cell.blank", "空白，不等于零"),
    values.NOT_APPLICABLE: ("cell.not_applicable", "写明不适用"),
    values.UNREADABLE: ("cell.unreadable", "不能确定这一格的数字"),
}


# As their _make, without a call of Python for each cell.
_record = partial(tuple.__new__, CellRecord)
_finding = partial(tuple.__new__, Finding)


def cells_of(reading: TableReading, stream: Stream) -> tuple[list[CellRecord], list[Finding]]:
    """Return every statutory cell of one table, absent ones as `missing`, and its findings."""
    table = reading.table
    places = _places(table.form, table.code)
    table_codes, rows, columns, _, units, _ = _place_columns(table.form, table.code)
    findings = [_located(finding, stream) for finding in reading.findings]
    slots = list(_slots(reading))
    contents = _contents(reading, stream, zip(places, slots, strict=True), findings)
    texts, numbers, statuses, lines = zip(*contents, strict=True)
    reported = statuses.count(values.REPORTED)
    odd = (
        [at for at, status in enumerate(statuses) if status != values.REPORTED]
        if reported < len(slots)
        else []
    )
    unknown = {at for at in odd if statuses[at] in _UNKNOWN}
    checks, failures = evaluate(table.form, table.code, numbers, unknown)
    if not _are_counts(numbers):
        _require_whole(places, contents, checks, findings)
    fields = (table_codes, rows, columns, texts, numbers, units, statuses, checks, lines)
    records = list(map(_record, zip(*fields, _positions(stream, slots), repeat(None))))
    findings += _absent(reading, [records[at] for at in odd])
    findings += [failure_finding(table.code, failure, records) for failure in failures]
    return records, findings


@cache
def _places(form: str, table: str) -> tuple[_Place, ...]:
    return tuple(
        _Place(table, row.code, column.code, (row.code, column.code), column.unit, column.signed)
        for row in forms()[form].tables[table].rows
        for column in row.columns
    )


@cache
def _place_columns(form: str, table: str) -> tuple[tuple[Any, ...], ...]:
    """Return the fields of a table's places, each for all of them: records are made column by column."""
    return tuple(zip(*_places(form, table), strict=True))


def _located(finding: Finding, stream: Stream) -> Finding:
    """Turn the stream's entry, which a finding on the table has, into the raw file's line."""
    *told, entry = finding
    return finding if entry is None else _finding((*told, stream.numbers[entry]))


def _slots(reading: TableReading) -> Iterable[Slot | None]:
    """Return the slot of every statutory cell, None for one that has none."""
    rows = (reading.rows.get(row.code) or (None,) * len(row.columns) for row in reading.table.rows)
    return chain.from_iterable(rows)


def _contents(
    reading: TableReading,
    stream: Stream,
    slots: Iterable[tuple[_Place, Slot | None]],
    findings: list[Finding],
) -> list[_Content]:
    """Return what was found for each cell."""
    contents: list[_Content] = []
    numbers = stream.numbers
    of_money = reading.table.code == "disclosure"
    for place, slot in slots:
        if slot is None:
            contents.append(_without_slot(reading, stream, place))
            continue
        token, entry = slot
        mean = token.mean or values.UNREAD
        line = token.line or numbers[entry]
        value = mean.value
        if value is not None and (mean.note is not None or (of_money and place.unit == "yuan")):
            value = _valued(reading, place, mean, (token.text, line), findings)
        contents.append((token.text, value, mean.status, line))
    return contents


def _without_slot(reading: TableReading, stream: Stream, place: _Place) -> _Content:
    """Return what is known of a cell whose figure was not found, or could not be told."""
    entry = reading.entries.get(place.row)
    if entry is None:
        return _MISSING
    line, raw = stream.numbers[entry], reading.open_rows.get(place.row)
    return ("", None, values.BLANK, line) if raw is None else (raw, None, values.UNREADABLE, line)


def _valued(
    reading: TableReading,
    place: _Place,
    mean: values.Interpreted,
    evidence: tuple[str, int],
    findings: list[Finding],
) -> int | float:
    """Return a value in its unit, reporting what else stands beside the number."""
    at = (place.table, *place.key, None, *evidence)
    if mean.note:
        findings.append(_finding(("cell.note", f"数字旁另有文字：{mean.note}", *at)))
    value = mean.value or 0
    factor = mean.factor
    if place.unit == "yuan":
        factor = factor or reading.header_unit or reading.table.header_units.get(place.code)
        if factor is None and value:
            findings.append(_finding(("cell.unit_assumed", "没有写明货币单位，按元计", *at)))
    return value if factor in (None, 1) else values.plain(Decimal(str(value)) * (factor or 1))


def _positions(stream: Stream, slots: Iterable[Slot | None]) -> Iterable[str | None]:
    """Return where the format itself says that each cell is; a text says nothing."""
    if not stream.tables and not stream.pages:
        return repeat(None)
    return [_position(stream, slot) if slot else None for slot in slots]


def _position(stream: Stream, slot: Slot) -> str | None:
    """Return page, table, row and column of a cell, from 1."""
    token, entry = slot
    parts = [f"page {stream.pages[entry]}"] if stream.pages else []
    ordinal = stream.tables.get(entry)
    if ordinal is not None:
        first = entry
        while stream.tables.get(first - 1) == ordinal:
            first -= 1
        parts.append(f"table {ordinal + 1} row {entry - first + 1} column {token.column + 1}")
    return ", ".join(parts) or None


def _are_counts(numbers: Sequence[int | float | None]) -> bool:
    """Tell whether all cells have whole numbers that are not negative: nearly every table."""
    return {*map(type, numbers)} == {int} and min(numbers) >= 0  # type: ignore[type-var,operator]


def _require_whole(
    places: Sequence[_Place], contents: Sequence[_Content], statuses: list[str], findings: list[Finding]
) -> None:
    """Contradict every count that is no whole number, or is negative without being a change."""
    odd = [at for at, content in enumerate(contents) if type(content[1]) is not int or content[1] < 0]
    for at in odd:
        place, (text, value, _, line) = places[at], contents[at]
        if value is None or place.unit != "count" or (type(value) is int and place.signed):
            continue
        statuses[at] = CONTRADICTED
        evidence = (place.table, *place.key, None, text, line)
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
            at = (
                record.table_code,
                record.row_code,
                record.column_code,
                None,
                record.raw_text,
                record.line_no,
            )
            yield _finding((rule, message, *at))
    for row in reading.table.rows if missing else ():
        if row.code in missing:
            message = f"{row.label.zh}：文中没有 {missing[row.code]} 个栏目的数值"
            yield Finding("cell.missing", message, reading.table.code, row.code)


def failure_finding(table: str, failure: Failure, records: Sequence[CellRecord]) -> Finding:
    """Return the finding on an identity that fails; `records` are the cells of its table."""
    equation = failure.equation
    at = equation.left[0]
    total = next(record for record in records if (record.row_code, record.column_code) == at)
    sides = f"{_names(equation.left)} = {failure.left}，{_names(equation.right)} = {failure.right}"
    sums = (str(failure.right), str(failure.left))
    return Finding(equation.rule, f"勾稽关系不成立：{sides}", table, *at, *sums, total.line_no)


def _names(keys: Sequence[CellKey]) -> str:
    return f"{len(keys)} 项之和" if len(keys) > 4 else " + ".join(f"{row}.{column}" for row, column in keys)
