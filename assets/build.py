"""One DuckDB file, built from Parquet and SQL beside the published one.

Belongs here: loading, running sql/ in the order of its dependencies, comments, proving
keys. Does not belong here: what a table holds (sql/, pipeline), or putting the file in
its place (publish.py).
"""

import os
from collections.abc import Mapping, Set
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from assets.checks import Faults
from assets.paths import SQL
from assets.storage import Storage
from pipeline.catalogue import Table, comments, create_from, dependencies, in_order, tables, twin, twins
from pipeline.catalogue.proofs import broken_rows, lost_rows
from pipeline.catalogue.statements import literal, quoted
from pipeline.frames import FRAMES, agencies, settled

PUBLISHED = {name: table for name, table in tables().items() if table.kind != "store"}
_PREVIEW = 5
# DuckDB would take four fifths of the machine's memory before it writes to disk; each thread needs its share.
_MEMORY, _THREADS = "1GB", 4
# Stored as opened; published with what reading it gave.
_SETTLED = "raw.document"


class Contents(NamedTuple):
    """What a built file holds: of each table its row count, first rows, repeated keys and faults.

    A file that was published has no faults, so they are not looked for again.
    """

    rows: dict[str, int]
    previews: dict[str, pl.DataFrame]
    repeated: dict[str, int]
    faults: dict[str, Faults]

    def wrong(self) -> list[str]:
        """Return what must keep the file from being published, in words."""
        found = [f"{name}: {rows} rows share a key" for name, rows in self.repeated.items() if rows]
        for name, faults in self.faults.items():
            found += [f"{name}: {faults.broken} rows break its schema"] if faults.broken else []
            found += [f"{name}: {faults.lost} rows refer to what is not there"] if faults.lost else []
        return found


@cache
def sql_texts() -> Mapping[str, str]:
    """Return the SELECT of every table of kind `sql`, by the table's name."""
    return {
        name: sql_file(name).read_text(encoding="utf-8")
        for name, table in tables().items()
        if table.kind == "sql"
    }


def sql_file(table_name: str) -> Path:
    """Return the file of a table: core.cell is sql/core/cell.sql."""
    schema, name = table_name.split(".")
    return SQL / schema / f"{name}.sql"


def made() -> list[str]:
    """Return the tables and views that the publishing step itself makes, each after what it reads."""
    frames = [name for name, table in tables().items() if table.kind == "frame"]
    return [*frames, *in_order(sql_texts()), *twins()]


def upstream(name: str) -> Set[str]:
    """Return the tables that a table or view of the publishing step is made from."""
    if name in twins():
        return {twins()[name].name}
    if name in sql_texts():
        return dependencies(sql_texts()[name])
    return {"core.report"} if name == "core.dim_agency" else set()


def build(storage: Storage, target: Path) -> Contents:
    """Make a whole warehouse in the new file `target` and return what it holds."""
    with storage.scratch() as folder:
        try:
            return _build(storage, target, folder, {"memory_limit": _MEMORY})
        except duckdb.OutOfMemoryException:
            # Better more memory than no warehouse in the morning.
            for left in target.parent.glob(f"{target.name}*"):
                left.unlink()
            return _build(storage, target, folder, {})


def _build(storage: Storage, target: Path, folder: Path, limits: dict[str, str]) -> Contents:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": min(_THREADS, os.cpu_count() or 1),
        "temp_directory": str(folder),
        "python_enable_replacements": False,
        **limits,
    }
    with duckdb.connect(target, config=settings) as connection:
        connection.execute("BEGIN")  # one transaction: each COMMENT alone would be written to disk
        for schema in dict.fromkeys([table.schema for table in PUBLISHED.values()] + ["zh"]):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
        for name, source in _loaded(storage, folder).items():
            connection.execute(create_from(PUBLISHED[name], source))
        for name in in_order(sql_texts()):
            connection.execute(create_from(PUBLISHED[name], sql_texts()[name]))
        for table in twins().values():
            connection.execute(twin(table))
        for statement in (text for table in PUBLISHED.values() for text in comments(table)):
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
        return contents(connection, prove=True)


def contents(connection: duckdb.DuckDBPyConnection, *, prove: bool = False) -> Contents:
    """Return what an open warehouse holds; `prove` looks for faults in every row."""
    names = [*PUBLISHED, *twins()]
    return Contents(
        rows={name: _number(connection, f"SELECT count(*) FROM {quoted(name)}") for name in names},
        previews=_previews(connection),
        repeated={name: _repeated(connection, table) for name, table in PUBLISHED.items() if table.key},
        faults={name: _faults(connection, table) for name, table in PUBLISHED.items() if prove},
    )


def _faults(connection: duckdb.DuckDBPyConnection, table: Table) -> Faults:
    lost = lost_rows(table)
    return Faults(_number(connection, broken_rows(table)), _number(connection, lost) if lost else 0)


def known(path: Path, rows: Mapping[str, int]) -> Contents:
    """Return what a file holds that was counted and proved when it was built."""
    with duckdb.connect(path, read_only=True) as connection:
        return Contents(
            rows=dict(rows),
            previews=_previews(connection),
            repeated={name: 0 for name, table in PUBLISHED.items() if table.key},
            faults={},
        )


def _previews(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    return {
        name: pl.DataFrame(connection.sql(f"SELECT * FROM {quoted(name)} LIMIT {_PREVIEW}"))
        for name in [*PUBLISHED, *twins()]
    }


def _repeated(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    key = ", ".join(map(quoted, table.key))
    groups = f"SELECT count(*) AS rows FROM {quoted(table.name)} GROUP BY {key} HAVING count(*) > 1"
    return _number(connection, f"SELECT coalesce(sum(rows), 0) FROM ({groups})")


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0


def _loaded(storage: Storage, folder: Path) -> dict[str, str]:
    """Return for every table that SQL does not make the SELECT that reads it from Parquet."""
    sources = {}
    for name, table in PUBLISHED.items():
        if table.kind == "sql":
            continue
        years: list[int | None] = [*storage.years(name)]
        if table.whole and name != _SETTLED and storage.path(name).exists():
            years = [None]
        stored = [_fitted(storage, name, year, folder) for year in years] if table.kind == "parquet" else []
        if not stored:
            stored = [folder / f"{name}.parquet"]
            _made(storage, table).write_parquet(stored[0])
        files = ", ".join(literal(str(path)) for path in stored)
        sources[name] = f"SELECT * FROM read_parquet([{files}])"
    return sources


def _fitted(storage: Storage, name: str, year: int | None, folder: Path) -> Path:
    """Return a stored file; of one of an earlier catalogue, as of a year not read since, a fitted copy."""
    path = storage.path(name, year)
    if list(pl.read_parquet_schema(path)) == tables()[name].column_names:
        return path
    fitted = folder / f"{name}.{year}.parquet"
    storage.read(name, year).write_parquet(fitted)
    return fitted


def _made(storage: Storage, table: Table) -> pl.DataFrame:
    """Return the rows of a table that is not stored as it is published."""
    if table.name == _SETTLED:
        return settled(storage.read(_SETTLED), storage.read_all("ledger.reading"))
    if table.name == "core.dim_agency":
        return agencies(storage.read_all("ledger.agency"), storage.read_all("core.report"))
    if table.name in FRAMES:
        return FRAMES[table.name]()
    return storage.read_all(table.name)
