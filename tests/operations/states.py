"""Warehouse folders side by side: what differs in rows and which files lie in them.

Belongs here: looking at folders that a test has made. Does not belong here: making them.
"""

import re
import time
from pathlib import Path

import duckdb

# When a run saw a file, or that it was gone, is the one thing in which two nights may differ.
TIMES = {"first_seen_at", "withdrawn_at"}
_RELEASE = re.compile(r"\d{8}T\d{6}Z(-\d+)?")


def differences(one: Path, other: Path) -> list[str]:
    """Return which tables of two warehouse folders differ in rows, times aside."""
    with duckdb.connect() as db:
        for name, folder in (("one", one), ("other", other)):
            db.execute(f"ATTACH '{folder / 'gongkai.duckdb'}' AS {name} (READ_ONLY)")
        tables, others = (_tables(db, name) for name in ("one", "other"))
        assert tables == others
        assert len(tables) > 30
        return [
            f"{left} has {rows} rows of {table} that {right} has not"
            for table, columns in tables.items()
            for left, right in (("one", "other"), ("other", "one"))
            if (rows := _only_in(db, f"{left}.{table}", f"{right}.{table}", columns))
        ]


def _tables(db: duckdb.DuckDBPyConnection, database: str) -> dict[str, str]:
    """Return the tables of a database, each with its columns as a query names them."""
    found = db.execute(
        """SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index)
        FROM duckdb_columns() INNER JOIN duckdb_tables() USING (database_name, schema_name, table_name)
        WHERE database_name = ? GROUP BY ALL ORDER BY ALL""",
        [database],
    ).fetchall()
    return {table: ", ".join(f'"{name}"' for name in names if name not in TIMES) for table, names in found}


def _only_in(db: duckdb.DuckDBPyConnection, left: str, right: str, columns: str) -> int:
    query = f"SELECT count(*) FROM (SELECT {columns} FROM {left} EXCEPT ALL SELECT {columns} FROM {right})"
    (rows,) = db.execute(query).fetchone() or (0,)
    return int(rows)


def files(folder: Path) -> set[str]:
    """Return the paths of all files and folders below a folder, releases' times aside."""
    return {_RELEASE.sub("<release>", str(path.relative_to(folder))) for path in folder.rglob("*")}


def keep_opening(database: str, stop: str) -> None:
    """Open a published file again and again until the file `stop` appears; once there it must stay there."""
    published, looks, ending = False, 0, False
    while not ending:
        ending = Path(stop).exists()
        published = published or Path(database).exists()
        if published:
            look(Path(database))
            looks += 1
        time.sleep(0.01)  # leaves the processor to the ingest
    print(f"opened {looks} times")


def look(database: Path) -> None:
    """Open a published file and ask it something."""
    with duckdb.connect(database, read_only=True) as db:
        for table in ("raw.document", "core.cell", "mart.agency_year"):
            assert db.sql(f"SELECT count(*) FROM {table}").fetchone()
