"""The twenty questions on a large warehouse: each against one full scan of the largest table that it reads.

`python -m tests.bench questions` runs it; GONGKAI_BENCH_REPORTS sets another number than 10,000 reports. The
reports are made straight into Parquet, figures at random: no documents and no texts. A full scan takes the
largest value of every column. Printed besides: build time, time of each mart, bytes per report.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from assets.build import PUBLISHED, build, sql_texts
from assets.storage import Storage
from pipeline.catalogue import dependencies, in_order
from pipeline.frames.dimensions import region_rows
from tests.commands import ROOT
from tests.generator.truth import statutory_keys

REPORTS = int(os.environ.get("GONGKAI_BENCH_REPORTS", "10000"))
YEARS = range(2019, 2026)
RUNS = 3
MOST = 10

# Each is a SELECT over `report`: one row a report of one year, with its agency's number `a`.
_ROWS = {
    "core.report": """
        SELECT
            report_id, 'd' || report_id AS document_id, agency_id, agency_id AS agency_name, report_year,
            form AS disclosure_form, form AS application_form, form AS dispute_form, 'x' AS title,
            make_date(report_year + 1, 1, 1 + a % 31) AS published_on, 1 AS version, TRUE AS is_current,
            CASE WHEN a % 10 = 0 THEN 'consolidated' ELSE 'own' END AS scope, 'x' AS scope_evidence,
            NULL AS withdrawn_at
        FROM report""",
    # What is carried in is what was carried out the year before, except of one agency in fifty.
    "core.cell": """
        WITH drawn AS (
            SELECT
                *,
                CASE
                    WHEN row_code = 'carried_in' THEN hash(a, report_year + (a % 50 = 0)::INT, column_code)
                    WHEN row_code = 'carried_out' THEN hash(a, report_year + 1, column_code)
                    ELSE hash(report_id, table_code, row_code, column_code)
                END AS h
            FROM report
            INNER JOIN place USING (form)
        ),
        figure AS (
            SELECT *, CAST(CASE WHEN h % 10 < 7 THEN 0 ELSE h % 997 % 90 END AS DOUBLE) AS value FROM drawn
        )
        SELECT
            report_id, table_code, row_code, column_code, CAST(value AS VARCHAR) AS raw_text, value,
            CASE WHEN column_code = 'amount' THEN 'yuan' ELSE 'count' END AS unit,
            'reported' AS value_status, 'verified' AS check_status,
            CAST(h % 200 + 1 AS INTEGER) AS line_no, NULL AS position, NULL AS corrected_value
        FROM figure
        ORDER BY report_id""",
    "ledger.finding": """
        WITH rule AS (
            SELECT
                unnest(range(6)) AS place,
                unnest(['report.late', 'text.injected', 'cell.unit_assumed', 'label.variant',
                    'dispute.results', 'hierarchy.sum']) AS rule_code
        )
        SELECT
            report_id, rule_code, 'warning' AS severity, 'disclosure' AS table_code, 'fee' AS row_code,
            'amount' AS column_code, '2' AS observed, 'x' AS message, 1 AS line_no,
            CASE rule_code WHEN 'report.late' THEN '2020-01-31' ELSE '1' END AS expected
        FROM report
        INNER JOIN rule ON (a + report_year) % 25 = place""",
    "core.narrative_figure": """
        WITH said AS (
            SELECT
                unnest(['requests_new', 'requests_granted', 'backlog']) AS metric_code,
                unnest([1, 20, 40]) AS text_start
        )
        SELECT
            report_id, 'overview' AS section_code, metric_code, 3 AS stated_value, NULL AS scope_word,
            text_start, text_start + 5 AS text_end, 3 AS line_no, 4.0 AS table_value,
            CASE WHEN a % 50 = 0 THEN 'differs' ELSE 'equal' END AS verdict
        FROM report
        CROSS JOIN said""",
    "ledger.agency": """
        SELECT
            report_id, report_year, agency_id, TRUE AS is_own, agency_id AS name,
            CASE a % 10 WHEN 0 THEN 'government' WHEN 1 THEN 'town' ELSE 'department' END AS agency_type,
            'county' AS admin_level, region_code, NULL AS province, NULL AS prefecture, NULL AS county,
            NULL AS town, NULL AS acts_for, 'resolved' AS resolution, 'x' AS evidence, NULL AS successor,
            NULL AS succession
        FROM report
        INNER JOIN region ON region.place = a % (SELECT count(*) FROM region)""",
    "ledger.reading": """
        SELECT 'd' || report_id AS document_id, 'v' AS parser_version, NULL AS reason FROM report""",
    "core.section": """
        SELECT
            report_id, 'other' AS section_code, 'x' AS heading, 'x' AS text, 1 AS first_line, 2 AS last_line
        FROM report""",
}
_WHOLE = {
    "raw.document": """
        SELECT
            'd' || report_id AS document_id, report_id || '.txt' AS file_name, md5(report_id) AS sha256,
            1 AS byte_size, 'text/plain' AS media_type, 'utf-8' AS encoding, 'ingested' AS status,
            TIMESTAMP '2026-01-01' AS first_seen_at, NULL AS reason, report_year, 'v' AS parser_version,
            NULL AS withdrawn_at
        FROM all_report""",
    "quality.finding": "SELECT * FROM read_parquet('{store}/ledger/finding/*.parquet')",
    "mart.copied_text": """
        SELECT
            report_id, report_id AS other_report_id, 'problems' AS section_code, 0.9 AS similarity,
            'last_year' AS kind
        FROM all_report
        WHERE a % 50 = 0""",
}


def run() -> None:
    """Print build times, and each question's time and ratio to its scan."""
    with TemporaryDirectory(prefix="gongkai-bench-") as folder:
        storage = Storage(warehouse=folder)
        make_store(storage, REPORTS)
        began = time.perf_counter()
        build(storage, storage.database)
        spent = time.perf_counter() - began
        size = storage.database.stat().st_size
        print(f"{REPORTS:,} reports, {os.cpu_count()} cores: built in {spent:.1f} s", end=", ")
        print(f"{size / 1e6:.1f} MB, {size / REPORTS:,.0f} bytes a report")
        with duckdb.connect(storage.database, read_only=True) as connection:
            connection.execute("SET python_enable_replacements = false")
            _print_marts(connection)
            _print_questions(connection)


def make_store(storage: Storage, reports: int) -> None:
    """Write the Parquet files of a store of so many reports."""
    with duckdb.connect() as connection:
        keys = [(form, *key) for form in ("2019", "2021") for key in statutory_keys(form, form)]
        connection.execute(
            "CREATE TABLE place (form VARCHAR, table_code VARCHAR, row_code VARCHAR, column_code VARCHAR)"
        )
        connection.executemany("INSERT INTO place VALUES (?, ?, ?, ?)", keys)
        codes = region_rows().filter(admin_level="county")["region_code"].to_list()
        connection.execute(
            "CREATE TABLE region AS SELECT unnest(range(?)) AS place, unnest(?) AS region_code",
            [len(codes), codes],
        )
        for year in YEARS:
            connection.execute(_reports(year, reports))
            for name, rows in _ROWS.items():
                _write(connection, storage.path(name, year), rows)
        connection.execute(
            f"CREATE TABLE all_report AS {' UNION ALL '.join(f'SELECT * FROM r{year}' for year in YEARS)}"
        )
        for name, rows in _WHOLE.items():
            _write(connection, storage.path(name), rows.format(store=storage.store))


def _reports(year: int, reports: int) -> str:
    each = -(-reports // len(YEARS))
    form = "2019" if year < 2021 else "2021"
    return f"""
        CREATE OR REPLACE TABLE r{year} AS
        WITH numbered AS (SELECT range AS a, lpad(CAST(range AS VARCHAR), 8, '0') AS code FROM range({each}))
        SELECT a, 'a' || code AS agency_id, 'r{year}' || code AS report_id, {year} AS report_year,
            '{form}' AS form
        FROM numbered;
        CREATE OR REPLACE VIEW report AS SELECT * FROM r{year}"""


def _write(connection: duckdb.DuckDBPyConnection, path: Path, rows: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def _print_marts(connection: duckdb.DuckDBPyConnection) -> None:
    spent = {name: _seconds(connection, sql_texts()[name], 1) for name in in_order(sql_texts())}
    for name, seconds in spent.items():
        print(f"  {name:<24}{seconds:7.2f} s")
    print(f"  {'all made by SQL':<24}{sum(spent.values()):7.2f} s")


def _print_questions(connection: duckdb.DuckDBPyConnection) -> None:
    rows = {name: _count(connection, name) for name in PUBLISHED}
    worst = 0.0
    for path in sorted((ROOT / "sql" / "questions").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        largest = max(_read(text), key=lambda name: rows[name])
        scan = _seconds(connection, f"SELECT max(COLUMNS(*)) FROM {largest}")
        asked = _seconds(connection, text)
        worst = max(worst, asked / scan)
        against = f"{asked / scan:5.2f} x the scan of {largest} ({rows[largest]:,} rows)"
        print(f"  {path.stem:<34}{1e3 * asked:8.1f} ms, {against}")
    print(f"  worst ratio {worst:.2f}, at most {MOST} is asked for")


def _read(text: str) -> Iterator[str]:
    return (name for name in sorted(dependencies(text)) if name in PUBLISHED)


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])


def _seconds(connection: duckdb.DuckDBPyConnection, text: str, runs: int = RUNS) -> float:
    """Return the shortest of several runs, each into a table: Python's own rows are not what is measured."""
    spent = []
    for _ in range(runs):
        began = time.perf_counter()
        connection.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {text}")
        spent.append(time.perf_counter() - began)
    return min(spent)
