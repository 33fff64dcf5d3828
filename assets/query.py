"""`gongkai sql`: one read-only question to the published warehouse, answered in the form asked for."""

import json
import math
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import polars as pl
from rich.console import Console

from assets.aligned import aligned
from assets.paths import DATABASE

Rows = list[tuple[Any, ...]]

_MOST_SHOWN = 1000
_TO_QUOTE = re.compile(r'[",\r\n]|^\s|\s$')


def run(query: str, folder: Path, form: str, output: Path | None) -> int:
    """Answer a query on the warehouse in `folder`; return the exit code.

    The connection can neither change the warehouse nor read or write any other file.
    """
    database = folder / DATABASE
    if not database.exists():
        return _complain(f"There is no warehouse in {folder}: run `make run` or `gongkai ingest` first.")
    if form == "parquet" and output is None and sys.stdout.isatty():
        return _complain("Parquet is not for a terminal: redirect it to a file or name one with --output.")
    settings: dict[str, str | bool | int | float | list[str]] = {
        "python_enable_replacements": False,
        "enable_external_access": False,
    }
    try:
        with duckdb.connect(database, read_only=True, config=settings) as connection:
            _answer(connection, query, form, output)
    except (duckdb.Error, OSError) as error:
        return _complain(str(error))
    return 0


def _answer(connection: duckdb.DuckDBPyConnection, query: str, form: str, output: Path | None) -> None:
    with _target(output) as file:
        if form == "parquet":
            pl.DataFrame(_relation(connection, query)).write_parquet(file)
            return
        found = connection.execute(query)
        names = [column[0] for column in found.description or []]
        if form == "table":
            text = as_table(names, found.fetchmany(_MOST_SHOWN + 1), None if output else _terminal_width())
            file.write(text.encode())
        else:
            parts = as_csv(names, _rows(found)) if form == "csv" else as_json(names, _rows(found))
            file.writelines(part.encode() for part in parts)


def _relation(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyRelation:
    found = connection.sql(query)
    if found is None:
        raise duckdb.InvalidInputException("The query gives no rows to write.")
    return found


def as_table(names: Sequence[str], rows: Rows, width: int | None) -> str:
    """Return rows as an aligned table; of more than 1,000 the rest is left out, and the last line says so."""
    text = aligned(names, rows[:_MOST_SHOWN], width)
    if len(rows) > _MOST_SHOWN:
        return f"{text}The first {_MOST_SHOWN:,} rows; for all of them use --format csv, json or parquet.\n"
    return f"{text}{len(rows):,} {'row' if len(rows) == 1 else 'rows'}\n"


def as_csv(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Yield the lines of a CSV; NULL is an empty field, an empty text is a pair of quotes."""
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_simple(value) for value in row])


def as_json(names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Yield the parts of a JSON array of objects, one object a line."""
    yield "["
    for place, row in enumerate(rows):
        record = dict(zip(names, map(_simple, row), strict=True))
        yield (",\n" if place else "\n") + json.dumps(record, ensure_ascii=False)
    yield "\n]\n"


def _simple(value: Any) -> Any:
    """Return a value as CSV and JSON know it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_simple(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _simple(one) for name, one in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _csv_line(values: Sequence[Any]) -> str:
    return ",".join(map(_csv_field, values)) + "\n"


def _csv_field(value: Any) -> str:
    """Return one field; the csv module would write NULL and an empty text alike."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return '"' + text.replace('"', '""') + '"' if not text or _TO_QUOTE.search(text) else text


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := found.fetchmany(10_000):
        yield from rows


def _terminal_width() -> int | None:
    return Console().width if sys.stdout.isatty() else None


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    """Give the file to write to: the named one, which appears only whole, or standard output."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    beside = output.with_name(f".{output.name}.part")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)


def _complain(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1
