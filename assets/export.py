"""`gongkai export`: tables of the published warehouse as files, with a data package that describes them.

Belongs here: choosing tables and rows, writing CSV and Parquet, putting the folder in place.
Does not belong here: what the package says (pipeline.catalogue.package), Excel (workbook.py).
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from assets.aligned import aligned
from assets.paths import DATABASE
from assets.workbook import Sheet, TooMuch, prove_fits, write_workbook
from pipeline.catalogue import Table, tables
from pipeline.catalogue.package import (
    GUARD,
    RISKY,
    File,
    Selection,
    Vintage,
    descriptor,
    notes,
    published,
    usual,
)
from pipeline.catalogue.statements import literal, quoted

DESCRIPTOR = "datapackage.json"
WORKBOOK = "gongkai.xlsx"
# Without the mark Excel reads Chinese in another encoding; DuckDB writes none, so the first header bears it.
_BYTE_ORDER_MARK = "\ufeff"
_CSV = "FORMAT csv, HEADER, NULLSTR '', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%f'"
_PARQUET = "FORMAT parquet, COMPRESSION zstd"
_FETCHED = 10_000
_SUGGESTED = 5


class Refused(Exception):
    """What was asked for can't be done; the message says why and what to do."""


class Wish(NamedTuple):
    """What to export: format, tables (`core.*` names several; none: the usual ones), years, agencies."""

    form: str
    tables: Sequence[str] = ()
    years: Sequence[int] = ()
    agencies: Sequence[str] = ()


def run(target: Path, folder: Path, wish: Wish, *, overwrite: bool) -> int:
    """Write the export of the warehouse in `folder` as the folder `target`; return the exit code."""
    try:
        files = export(target, folder, wish, overwrite=overwrite)
    except (Refused, TooMuch, duckdb.Error, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    rows = [(file.table.name, file.table.zh, file.rows, file.path) for file in files]
    sys.stdout.write(aligned(("table", "", "rows", "file"), rows))
    sys.stdout.write(f"\nWrote {len(files)} tables, {sum(file.rows for file in files):,} rows to {target}.\n")
    return 0


def chosen(patterns: Sequence[str]) -> list[str]:
    """Return the tables that are meant, in the order of the catalogue.

    Raises ValueError for a name that is no table of the warehouse.
    """
    unknown = [one for one in patterns if not any(fnmatchcase(name, one) for name in published())]
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: no such table; there are {', '.join(published())}")
    return [name for name in published() if any(fnmatchcase(name, one) for one in patterns)] or usual()


def export(target: Path, folder: Path, wish: Wish, *, overwrite: bool) -> list[File]:
    """Write the folder `target`, which appears whole or not at all; return the tables written.

    Raises Refused, TooMuch, duckdb.Error or OSError; what was at `target` then stands.
    """
    database = folder / DATABASE
    if not database.exists():
        raise Refused(f"There is no warehouse in {folder}: run `make run` or `gongkai ingest` first.")
    _prove_free(target, overwrite=overwrite)
    settings: dict[str, str | bool | int | float | list[str]] = {"python_enable_replacements": False}
    with (
        _in_place_of(target) as beside,
        duckdb.connect(database, read_only=True, config=settings) as connection,
    ):
        # Several threads could cut the row groups of Parquet differently each time.
        connection.execute("SET threads = 1")
        selection = _selection(connection, wish)
        vintage = _vintage(connection, database)
        files = _written(connection, beside, wish, selection, vintage)
        package = descriptor(files, vintage, selection, wish.form)
        text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
        (beside / DESCRIPTOR).write_text(text, encoding="utf-8")
    return files


def _prove_current(connection: duckdb.DuckDBPyConnection, wanted: Sequence[Table]) -> None:
    """Raise Refused where the warehouse lacks a table or column of today's catalogue."""
    there = set(
        connection.execute(
            "SELECT schema_name || '.' || table_name || '.' || column_name FROM duckdb_columns()"
        ).fetchall()
    )
    for table in wanted:
        for column in table.column_names:
            if (f"{table.name}.{column}",) not in there:
                raise Refused(
                    f"The warehouse has no {table.name}.{column}, so another version of gongkai built it: "
                    "run `make run` or `gongkai ingest` first."
                )


# --- what to take ---


def _selection(connection: duckdb.DuckDBPyConnection, wish: Wish) -> Selection:
    """Return years and agencies with their ids; Refused where nothing or nobody fits."""
    years = tuple(sorted(set(wish.years)))
    named: dict[str, str] = {}
    for name in wish.agencies:
        named.update(_agency(connection, name))
    selection = Selection(years, dict(sorted(named.items())))
    where = condition(tables()["core.report"], selection)
    if (years or named) and not connection.execute(f"SELECT 1 FROM core.report {where} LIMIT 1").fetchone():
        of = " of " + ", ".join(named.values()) if named else ""
        on = " on " + ", ".join(map(str, years)) if years else ""
        raise Refused(f"The warehouse has no report{of}{on}.")
    return selection


def _agency(connection: duckdb.DuckDBPyConnection, wanted: str) -> dict[str, str]:
    """Return id and name of the agencies with this id, full name, or name in a report."""
    same, near = "$wanted IN (agency_id, name, called)", "contains(called, $wanted)"
    found = _agencies(connection, same, wanted)
    if not found:
        close = list(_agencies(connection, f"{near} LIMIT {_SUGGESTED}", wanted).values())
        hint = f"; is it one of {', '.join(close)}?" if close else "; see core.dim_agency."
        raise Refused(f"The warehouse has no agency {wanted}{hint}")
    return found


def _agencies(connection: duckdb.DuckDBPyConnection, where: str, wanted: str) -> dict[str, str]:
    """Return id and name of the agencies that fit a condition on agency_id, name and the names `called`."""
    sql = f"""
        SELECT DISTINCT agency_id, name FROM (
            SELECT agency_id, name, name AS called FROM core.dim_agency UNION ALL
            SELECT agency_id, name, agency_name FROM core.report JOIN core.dim_agency USING (agency_id)
        ) WHERE {where}
    """
    return dict(connection.execute(sql, {"wanted": wanted}).fetchall())


def condition(table: Table, selection: Selection) -> str:
    """Return the WHERE clause (or nothing) that narrows a table to a selection.

    A table without a year or an agency of its own is narrowed by its reports or documents.
    """
    asked: dict[str, list[Any]] = {
        "report_year": list(selection.years),
        "agency_id": list(selection.agencies),
    }
    wanted = {column: values for column, values in asked.items() if values}
    own = [column for column in wanted if column in table.column_names]
    parts = [_one_of(column, wanted[column]) for column in own]
    if table.name == "core.dim_agency":
        parts = [_with_superiors(parts[0])] if parts else []
    link = next((link for link in ("report_id", "document_id") if link in table.column_names), None)
    if link and len(own) < len(wanted):
        reports = " AND ".join(_one_of(column, values) for column, values in wanted.items())
        parts = [f"{link} IN (SELECT {link} FROM core.report WHERE {reports})"]
    return f"WHERE {' AND '.join(parts)}" if parts else ""


def _one_of(column: str, values: Sequence[Any]) -> str:
    return f"{column} IN ({', '.join(literal(one) if isinstance(one, str) else str(one) for one in values)})"


def _with_superiors(of: str) -> str:
    """Return the condition of the agencies that fit `of` and of those that they act for."""
    return f"""agency_id IN (
        WITH RECURSIVE up AS (
            SELECT agency_id, acts_for FROM core.dim_agency WHERE {of}
            UNION SELECT a.agency_id, a.acts_for FROM core.dim_agency a JOIN up ON a.agency_id = up.acts_for
        ) SELECT agency_id FROM up
    )"""


def _vintage(connection: duckdb.DuckDBPyConnection, database: Path) -> Vintage:
    built = datetime.fromtimestamp(int(database.stat().st_mtime), tz=UTC)
    versions = connection.execute(
        "SELECT DISTINCT parser_version FROM raw.document WHERE parser_version IS NOT NULL ORDER BY 1"
    ).fetchall()
    counts = connection.execute(
        "SELECT (SELECT count(*) FROM raw.document), (SELECT count(*) FROM core.report)"
    ).fetchall()
    return Vintage(built, tuple(name for (name,) in versions), version("gongkai"), *counts[0])


# --- writing ---


def _written(
    connection: duckdb.DuckDBPyConnection, beside: Path, wish: Wish, selection: Selection, vintage: Vintage
) -> list[File]:
    wanted = [tables()[name] for name in chosen(wish.tables)]
    _prove_current(connection, wanted)
    if wish.form == "xlsx":
        for table in wanted:
            prove_fits(table, _count(connection, table, selection))
        path = beside / WORKBOOK
        sheets = [Sheet(table, _fetched(connection, query(table, selection))) for table in wanted]
        counts = write_workbook(path, sheets, notes(vintage, selection, wish.form), vintage)
        return [File(table, path.name, counts[table.name], *_measured(path)) for table in wanted]
    return [_copied(connection, table, beside, selection, wish.form) for table in wanted]


def _count(connection: duckdb.DuckDBPyConnection, table: Table, selection: Selection) -> int:
    where = condition(table, selection)
    found = connection.execute(f"SELECT count(*) FROM {quoted(table.name)} {where}").fetchone()
    return int(found[0]) if found else 0


def query(table: Table, selection: Selection, form: str = "") -> str:
    """Return the SELECT of a table's rows in the order of the warehouse, fit for a format."""
    if form == "csv":
        columns = [
            f"{_as_csv(column.name, column.type)} AS {quoted(column.name)}" for column in table.columns
        ]
        first = table.columns[0].name
        columns[0] = columns[0].replace(f"AS {quoted(first)}", f"AS {quoted(_BYTE_ORDER_MARK + first)}")
    else:
        columns = [quoted(column.name) for column in table.columns]
    where = condition(table, selection)
    # A join may give rows in another order; without one they come as they lie.
    order = " ORDER BY rowid" if where else ""
    return f"SELECT {', '.join(columns)} FROM {quoted(table.name)} {where}{order}"


def _as_csv(column: str, type_: str) -> str:
    if type_ == "VARCHAR":
        risky = f"regexp_matches({quoted(column)}, {literal(RISKY)})"
        return f"CASE WHEN {risky} THEN {literal(GUARD)} || {quoted(column)} ELSE {quoted(column)} END"
    return f"CAST(to_json({quoted(column)}) AS VARCHAR)" if type_.endswith("[]") else quoted(column)


def _copied(
    connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, selection: Selection, form: str
) -> File:
    path = folder / f"{table.name}.{form}"
    options = _CSV if form == "csv" else _PARQUET
    done = connection.execute(f"COPY ({query(table, selection, form)}) TO {literal(str(path))} ({options})")
    (rows,) = done.fetchone() or (0,)
    return File(table, path.name, rows, *_measured(path))


def _fetched(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    found = connection.execute(sql)
    while rows := found.fetchmany(_FETCHED):
        yield from rows


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


# --- putting it in place ---


def _prove_free(target: Path, *, overwrite: bool) -> None:
    """Raise Refused unless `target` may be made, or replaced because it is nothing but an earlier export."""
    if not target.exists():
        return
    if not target.is_dir():
        raise Refused(f"{target} is a file; name a folder.")
    held = {path.name for path in target.iterdir()}
    if not held:
        return
    if not overwrite:
        raise Refused(
            f"{target} is not empty; name another folder, or replace an earlier export with --overwrite."
        )
    other = sorted(held - _exported(target))
    if other:
        raise Refused(
            f"{target} holds what no export wrote ({', '.join(other[:3])}); --overwrite would remove it."
        )


def _exported(target: Path) -> set[str]:
    """Return the files in `target` that an earlier export wrote."""
    try:
        package = json.loads((target / DESCRIPTOR).read_text(encoding="utf-8"))
        is_ours = package["name"] == "gongkai"
        return {DESCRIPTOR, *(one["path"] for one in package["resources"])} if is_ours else set()
    except (OSError, ValueError, LookupError, TypeError):
        return set()


@contextmanager
def _in_place_of(target: Path) -> Iterator[Path]:
    """Give a new folder beside `target`, and put it in its place when all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside, old = (target.with_name(f".{target.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    beside.mkdir()
    try:
        yield beside
        if target.exists():
            target.rename(old)
        try:
            beside.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
