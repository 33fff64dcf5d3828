"""How fast `gongkai export` writes core.cell, beside what writes the same rows with nothing of ours.

Belongs here: writing rows in each format. Does not belong here: making the warehouse (its cells are those of
data/raw, repeated). Both sides of a ratio are measured by turns in one run, so a busy machine slows both.
"""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import duckdb
import xlsxwriter

from assets.export import Wish, export
from tests.commands import RAW, ingest

TABLE = "core.cell"
ROUNDS = 3


class Case(NamedTuple):
    """A format, how often the cells of data/raw are repeated, and the bare way to write them."""

    form: str
    times: int
    bare: str
    write: Callable[[duckdb.DuckDBPyConnection, Path], object]


def _copy(options: str) -> Callable[[duckdb.DuckDBPyConnection, Path], object]:
    return lambda connection, path: connection.execute(f"COPY {TABLE} TO '{path}' ({options})")


def _worksheet(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        found = connection.execute(f"SELECT * FROM {TABLE}")
        line = 0
        while rows := found.fetchmany(10_000):
            for row in rows:
                page.write_row(line, 0, row)
                line += 1


CASES = (
    Case("csv", 2000, "COPY", _copy("FORMAT csv, HEADER")),
    Case("parquet", 2000, "COPY", _copy("FORMAT parquet, COMPRESSION zstd")),
    Case("xlsx", 50, "xlsxwriter write_row", _worksheet),
)


def repeated(source: Path, folder: Path, times: int) -> int:
    """Make a warehouse with every report and cell of `source` `times` times; return its cells."""
    folder.mkdir()
    shutil.copy(source / "gongkai.duckdb", folder)
    with duckdb.connect(folder / "gongkai.duckdb") as connection:
        for table in ("core.report", TABLE):
            connection.execute(
                f"INSERT INTO {table} SELECT * EXCLUDE (i) REPLACE (report_id || '-' || i AS report_id) "
                f"FROM {table}, range(1, {times}) AS copies(i)"
            )
        found = connection.execute(f"SELECT count(*) FROM {TABLE}").fetchone()
    return int(found[0]) if found else 0


def measure(case: Case, folder: Path) -> tuple[float, float]:
    """Return the seconds of the export and of the bare writing: the best of some rounds, by turns."""
    times = []
    for number in range(ROUNDS):
        start = perf_counter()
        export(folder / f"{case.form}{number}", folder, Wish(case.form, [TABLE]), overwrite=False)
        middle = perf_counter()
        with duckdb.connect(folder / "gongkai.duckdb", read_only=True) as connection:
            connection.execute("SET threads = 1")
            case.write(connection, folder / f"bare{number}.{case.form}")
        times.append((middle - start, perf_counter() - middle))
    ours, bare = (min(column) for column in zip(*times, strict=True))
    return ours, bare


def run() -> None:
    """Print rows per second and the ratio of times, a line a format."""
    print(f"{'format':<8} {'rows':>10} {'rows/s':>10} {'bare/s':>10} {'time ratio':>10}  bare way")
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        source = Path(name) / "source"
        ingest(RAW, source)
        for case in CASES:
            folder = Path(name) / case.form
            rows = repeated(source, folder, case.times)
            ours, bare = measure(case, folder)
            print(
                f"{case.form:<8} {rows:>10,} {rows / ours:>10,.0f} {rows / bare:>10,.0f} "
                f"{ours / bare:>10.2f}  {case.bare}"
            )


if __name__ == "__main__":
    run()
