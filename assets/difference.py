"""`gongkai diff A B`: what differs between two warehouses, in schema, rows and values.

Belongs here: finding the two files, running the statements in bounded memory, printing. Does not
belong here: what counts as a difference (pipeline.release.difference).
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import duckdb

from assets import releases
from assets.aligned import aligned, plain
from assets.paths import DATABASE
from assets.query import as_csv, as_json, as_table
from pipeline.catalogue import tables
from pipeline.catalogue.statements import literal, quoted
from pipeline.release import difference
from pipeline.release.difference import Change, Columns, Compared

# More than this is written to a temporary folder.
_MEMORY = "1GB"
_LINES = 20
_WIDEST = 40
_FETCHED = 10_000
_COUNTS = ("added", "removed", "changed", "values changed")
_VALUES = ("table", "agency", "year", "file", "row", "column", "from", "to")
_CELL = "core.cell"
_ORDER = "place, report_year, agency_id, report_id, row_key, nth, before, after"
_COLUMNS = """
    SELECT schema_name || '.' || table_name, column_name, data_type
    FROM duckdb_columns()
    WHERE database_name = ? AND (schema_name, table_name) IN (
        SELECT (schema_name, table_name) FROM duckdb_tables() WHERE database_name = ?
    )
    ORDER BY schema_name, table_name, column_index"""

Rows = list[tuple[Any, ...]]


class Refused(Exception):
    """The two can't be compared; the message says why and what to do."""


class Wish(NamedTuple):
    """What of the differences is asked for, and how it is shown (`form` empty: as a summary)."""

    tables: Sequence[str] = ()
    agency: str | None = None
    years: Sequence[int] = ()
    form: str = ""
    limit: int | None = None


def run(folder: Path, names: tuple[str, str], wish: Wish, *, exit_code: bool) -> int:
    """Print what differs from the first warehouse to the second; return the exit code."""
    try:
        paths = located(folder, names[0]), located(folder, names[1])
        with _compared(paths, wish) as (connection, schema):
            found = _number(connection, "SELECT count(*) FROM change") + len(schema)
            for text in _shown(connection, paths, schema, wish):
                sys.stdout.write(text)
    except (Refused, releases.ReleaseError, duckdb.Error, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 1 if found and exit_code else 0


def located(folder: Path, name: str) -> Path:
    """Return the file that is meant: `published`, `held`, a release's id, a file, or a warehouse's folder."""
    held = releases.held(folder)
    named = {one.release_id: releases.file_of(folder, one) for one in releases.releases(folder)}
    named["published"] = folder / DATABASE
    if held:
        named["held"] = named[held.release_id] = releases.held_file(folder, held)
    path = named.get(name) or Path(name)
    path = path / DATABASE if path.is_dir() else path
    if path.is_file():
        return path
    if name == "held":
        raise Refused(f"No build is held back in {folder}.")
    if name == "published":
        raise Refused(f"There is no warehouse in {folder}: run `make run` or `gongkai ingest` first.")
    raise Refused(
        f"{name} is no file, no folder of a warehouse and no release of {folder}: see `gongkai releases`."
    )


@contextmanager
def _compared(
    paths: tuple[Path, Path], wish: Wish
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Change]]]:
    """Give a connection whose table `change` holds what differs, and the differences of schema."""
    with TemporaryDirectory(prefix="gongkai-diff-") as scratch, duckdb.connect() as connection:
        connection.execute("SET python_enable_replacements = false")
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute(f"SET temp_directory = {literal(scratch)}")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(difference.CHANGES)
        if paths[0].samefile(paths[1]):
            yield connection, []
            return
        for side, path in zip("ab", paths, strict=True):
            _attach(connection, side, path)
        yield connection, _fill(connection, wish)


def _attach(connection: duckdb.DuckDBPyConnection, side: str, path: Path) -> None:
    try:
        connection.execute(f"ATTACH {literal(str(path))} AS {side} (READ_ONLY)")
        connection.execute(f"SELECT report_id FROM {side}.core.report LIMIT 0")
    except duckdb.Error as error:
        raise Refused(f"{path} is no warehouse of gongkai: {error}") from error


def _fill(connection: duckdb.DuckDBPyConnection, wish: Wish) -> list[Change]:
    before, after = (_schema(connection, side, wish.tables) for side in "ab")
    for statement in difference.PREPARED:
        connection.execute(statement)
    for place, table in enumerate(_pairs(before, after)):
        connection.execute(difference.changes(table, place))
    if wish.agency is not None or wish.years:
        connection.execute(difference.chosen(wish.agency, wish.years))
    return difference.schema_changes(before, after)


def _pairs(before: dict[str, Columns], after: dict[str, Columns]) -> Iterator[Compared]:
    """Yield what is compared row by row, the cells of current reports first."""
    names = [name for name in after if name in before]
    if _CELL in names:
        yield difference.current_cells(before[_CELL], after[_CELL])
    yield from (Compared(name, before[name], after[name]) for name in names)


def _schema(connection: duckdb.DuckDBPyConnection, side: str, wanted: Sequence[str]) -> dict[str, Columns]:
    """Return the columns of each table with their types, in the order of the catalogue."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(_COLUMNS, [side, side]).fetchall():
        found.setdefault(table, {})[column] = kind
    order = [name for name in tables() if name in found] + [name for name in found if name not in tables()]
    return {name: found[name] for name in order if not wanted or name in wanted}


def _shown(
    connection: duckdb.DuckDBPyConnection, paths: tuple[Path, Path], schema: list[Change], wish: Wish
) -> Iterator[str]:
    if not wish.form:
        yield from _summary(connection, paths, schema, wish)
        return
    limit = "" if wish.limit is None else f" LIMIT {max(wish.limit - len(schema), 0)}"
    names = re.split(r",\s*", difference.SHOWN.strip())
    rows = _all(_schema_rows(schema)[: wish.limit], connection, difference.DETAIL + limit)
    if wish.form == "table":
        yield as_table(names, list(_short(rows)), None)
    else:
        yield from (as_csv if wish.form == "csv" else as_json)(names, rows)


def _schema_rows(schema: list[Change]) -> Rows:
    nothing = (None,) * 6
    return [(one.table_name, one.change, *nothing, one.column_name, one.before, one.after) for one in schema]


def _all(first: Rows, connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    yield from first
    found = connection.execute(query)
    while rows := found.fetchmany(_FETCHED):
        yield from rows


def _short(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield rows whose long texts are cut, no more than a table shows."""
    for row in rows:
        yield tuple(_cut(value) if isinstance(value, str) else value for value in row)


def _cut(text: str) -> str:
    one_line = " ".join(plain(text).split())
    return one_line if len(one_line) <= _WIDEST else f"{one_line[: _WIDEST - 1]}…"


def _summary(
    connection: duckdb.DuckDBPyConnection, paths: tuple[Path, Path], schema: list[Change], wish: Wish
) -> Iterator[str]:
    most = _LINES if wish.limit is None else wish.limit
    yield f"A  {paths[0]}\nB  {paths[1]}\n"
    if not schema and not _number(connection, "SELECT count(*) FROM change"):
        yield "\nNothing differs.\n"
        return
    if schema:
        yield "\nSchema\n" + aligned(("table", "", "column", "type in A", "type in B"), _of_schema(schema))
    tables_changed = connection.execute(difference.SUMMARY).fetchall()
    rows = [(name, *_rows_of(connection, name), *counts) for name, *counts in tables_changed]
    yield "\nRows\n" + aligned(("table", "rows A", "rows B", *_COUNTS), rows)
    by_agency = connection.execute(difference.BY_AGENCY).fetchall()
    header = ("agency_id", "agency", "year", "table", *_COUNTS)
    yield "\nBy agency and year\n" + _limited(header, by_agency, most, len(by_agency))
    values = connection.execute(
        "SELECT table_name, agency_name, report_year, file_name, row_key, column_name, before, after "
        f"FROM change WHERE change = 'value changed' ORDER BY {_ORDER} LIMIT {most}"
    ).fetchall()
    total = sum(row[-1] for row in tables_changed)
    if total:
        yield "\nValues\n" + _limited(_VALUES, list(_short(iter(values))), most, total)


def _of_schema(schema: list[Change]) -> Rows:
    return [
        (one.table_name, one.change, one.column_name or "", one.before or "", one.after or "")
        for one in schema
    ]


def _rows_of(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[int, int]:
    of_cells = [f"current_cell_{side}" for side in "ab"]
    sources = of_cells if name == difference.CURRENT else [f"{side}.{quoted(name)}" for side in "ab"]
    before, after = (_number(connection, f"SELECT count(*) FROM {source}") for source in sources)
    return before, after


def _limited(header: Sequence[str], rows: Rows, most: int, total: int) -> str:
    shown = aligned(header, rows[:most])
    if total <= most:
        return shown
    return f"{shown}The first {most:,} of {total:,}; see --limit, --agency, --year, --table, --format.\n"


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0
