"""Frames as the catalogue declares them: types, empty frames, and pandera schemas that check rows.

Belongs here: what follows from pipeline.catalogue for polars frames. Does not belong
here: any column, type or allowed value - those are in the catalogue.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import pandera.errors
import pandera.polars as pa
import polars as pl

from pipeline.catalogue import Column, Table, tables

_TYPES: Mapping[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "BIGINT": pl.Int64(),
    "INTEGER": pl.Int32(),
    "DOUBLE": pl.Float64(),
    "BOOLEAN": pl.Boolean(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
    "VARCHAR[]": pl.List(pl.String()),
}


class Violation(NamedTuple):
    """One place where a frame breaks its schema: the 0-based row (None: the frame as a whole)."""

    row: int | None
    column: str | None
    check: str
    value: str | None


def polars_schema(table_name: str) -> dict[str, pl.DataType]:
    """Return a table's column names and polars types, in order."""
    return {column.name: _TYPES[column.type] for column in tables()[table_name].columns}


def empty(table_name: str) -> pl.DataFrame:
    """Return a frame without rows in a table's schema."""
    return pl.DataFrame(schema=polars_schema(table_name))


def frame(table_name: str, columns: Mapping[str, object]) -> pl.DataFrame:
    """Return columns (name: values) as a frame in a table's schema.

    Raises TypeError or polars' own errors for a value that doesn't fit its type.
    """
    schema = polars_schema(table_name)
    return pl.DataFrame({name: columns[name] for name in schema}, schema=schema, strict=True)


@cache
def model(table_name: str) -> pa.DataFrameSchema:
    """Return the pandera schema of a table; its name is the table's in camel case (`Cell`)."""
    table = tables()[table_name]
    return pa.DataFrameSchema(
        {column.name: _column(column) for column in table.columns},
        name=model_name(table),
        strict=True,
        ordered=True,
        unique=list(table.key) or None,
    )


def model_name(table: Table) -> str:
    """Return the name of a table's model: core.section_term gives SectionTerm."""
    return "".join(word.capitalize() for word in table.name.split(".")[1].split("_"))


def violations(table_name: str, rows: pl.DataFrame) -> list[Violation]:
    """Return every place where `rows` break the schema of a table, in row order.

    `rows` is an eager frame: pandera checks no value of a lazy one.
    """
    try:
        model(table_name).validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return sorted({_violation(case) for case in errors.failure_cases.iter_rows(named=True)}, key=_place)
    return []


def _column(column: Column) -> pa.Column:
    checks = []
    if column.values is not None:
        checks.append(pa.Check.isin(sorted(column.values)))
    if column.least is not None:
        checks.append(pa.Check.ge(column.least))
    return pa.Column(_TYPES[column.type], checks=checks, nullable=column.nullable)


def _violation(case: Mapping[str, object]) -> Violation:
    row, column, value = case["index"], case["column"], case["failure_case"]
    return Violation(
        row if isinstance(row, int) else None,
        None if column is None else str(column),
        str(case["check"]),
        None if value is None else str(value),
    )


def _place(violation: Violation) -> tuple[int, str, str]:
    return -1 if violation.row is None else violation.row, violation.column or "", violation.check


def repeated(table_name: str, rows: pl.DataFrame) -> int:
    """Return the number of rows whose key another row of `rows` has too."""
    key = tables()[table_name].key
    return int(rows.select(key).is_duplicated().sum()) if key else 0
