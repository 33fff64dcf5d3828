"""What publishing takes against the size of the file, and what release and gate add to the build.

`python -m tests.bench publishing` runs it; GONGKAI_BENCH_REPORTS sets another number than 500 reports for the
smallest of three warehouses (1, 4 and 16 times as many). The reports are made straight into Parquet. Printed
besides: what `gongkai diff` takes of time and memory for four million cells, with one report in a hundred
changed and with every cell changed; GONGKAI_BENCH_CELLS sets another number.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb

from assets import build, publish, releases
from assets.storage import Storage
from tests.bench.questions import make_store

REPORTS = int(os.environ.get("GONGKAI_BENCH_REPORTS", "500"))
CELLS = int(os.environ.get("GONGKAI_BENCH_CELLS", "4000000"))
TIMES = (1, 4, 16)
# A warehouse of no more than `gongkai diff` needs: 200 cells a report; where `changed` holds, another value.
_MADE = """
    CREATE SCHEMA raw;
    CREATE SCHEMA core;
    CREATE TABLE core.report AS
        SELECT
            'r' || md5(i::VARCHAR)[:16] AS report_id, 'd' || i AS document_id, 'a' || i % 5000 AS agency_id,
            '某机构' || i % 5000 AS agency_name, CAST(2019 + i // 5000 AS INTEGER) AS report_year,
            TRUE AS is_current
        FROM range({reports}) AS reports (i);
    CREATE TABLE raw.document AS SELECT document_id, document_id || '.txt' AS file_name FROM core.report;
    CREATE TABLE core.cell AS
        SELECT
            report_id, 'application' AS table_code, 'row_' || c // 10 AS row_code,
            'column_' || c % 10 AS column_code, CAST(c AS VARCHAR) AS raw_text,
            CAST(c + (CASE WHEN {changed} THEN 1 ELSE 0 END) AS DOUBLE) AS value, 'count' AS unit,
            'reported' AS value_status, 'verified' AS check_status, CAST(c AS INTEGER) AS line_no,
            NULL::VARCHAR AS position
        FROM core.report, range(200) AS cells (c);"""


def run() -> None:
    """Print a line a warehouse, and then what `gongkai diff` takes."""
    print(" reports      cells      MB    build    gate    hash   place   ratio")
    with TemporaryDirectory(prefix="gongkai-bench-") as name:
        for times in TIMES:
            folder = Path(name, str(times))
            _print_publishing(Storage(warehouse=str(folder)), REPORTS * times)
        before = _made(Path(name, "before.duckdb"), "false")
        _print_difference(
            "1 report in 100", before, _made(Path(name, "few.duckdb"), "hash(report_id) % 100 = 0")
        )
        _print_difference("every cell", before, _made(Path(name, "all.duckdb"), "true"))


def _print_publishing(storage: Storage, reports: int) -> None:
    make_store(storage, reports)
    path = releases.beside(storage.folder)
    began = perf_counter()
    contents = build.build(storage, path)
    built = perf_counter()
    release = publish._record(storage.folder, path, publish._inputs(storage), contents)
    judged = perf_counter()
    releases.fingerprint(path)
    hashed = perf_counter() - judged
    begins = perf_counter()
    releases.publish(storage.folder, path, release, storage.keep)
    placed = perf_counter() - begins
    gate = judged - built - hashed
    size = storage.database.stat().st_size / 1e6
    ratio = (gate + hashed + placed) / (built - began)
    print(f"{reports:>8,} {contents.rows['core.cell']:>10,} {size:>7.1f} {built - began:>6.2f} s", end=" ")
    print(f"{gate:>5.2f} s {hashed:>5.2f} s {placed:>5.2f} s {ratio:>7.2f}")


def _made(path: Path, changed: str) -> Path:
    with duckdb.connect(path) as connection:
        connection.execute(_MADE.format(reports=CELLS // 200, changed=changed))
    return path


def _print_difference(name: str, before: Path, after: Path) -> None:
    with duckdb.connect(after, read_only=True) as connection:
        began = perf_counter()
        connection.execute("SELECT sum(hash(COLUMNS(*))) FROM core.cell")
        scan = perf_counter() - began
    diff = Path(sys.executable).with_name("gongkai")
    began = perf_counter()
    process = subprocess.Popen([diff, "diff", before, after], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    spent = perf_counter() - began
    assert status == 0
    times = f"{spent / scan:.0f} times a scan that hashes it"
    print(f"diff of {CELLS:,} cells, {name} changed: {spent:.1f} s, {times}; {used.ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    run()
