"""Each check passes and fails: those that block, on a built warehouse, and those that only warn."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl
import pytest

from assets import build, checks, publish
from assets.storage import Storage
from pipeline.catalogue import tables
from pipeline.catalogue.proofs import broken_rows, lost_rows, references
from pipeline.schemas import violations
from tests.commands import RAW, gongkai, ingest, sql

Spoil = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="module")
def warehouse(seeds_warehouse: Path) -> Path:
    return seeds_warehouse


def spoiled(column: str, value: object) -> Spoil:
    """Return what puts a value into the first row of a frame."""

    def spoil(rows: pl.DataFrame) -> pl.DataFrame:
        first = pl.int_range(pl.len()) == 0
        return rows.with_columns(
            pl.when(first).then(pl.lit(value, rows.schema[column])).otherwise(column).alias(column)
        )

    return spoil


# Of each: the table, the year, and what spoils it so that the check named must fail.
FAULTS = {
    "core.report: 1 rows refer to what is not there": ("core.report", spoiled("document_id", "no such")),
    "core.cell: 1 rows refer to what is not there": ("core.cell", spoiled("report_id", "no such")),
    "core.cell: 1 rows break its schema": ("core.cell", spoiled("value_status", "guessed")),
    "core.section: 1 rows break its schema": ("core.section", spoiled("section_code", "preface")),
    "core.cell: 2 rows share a key": ("core.cell", lambda rows: pl.concat([rows.head(1), rows])),
}


@pytest.mark.parametrize("said", FAULTS)
def test_a_fault_in_the_store_keeps_the_warehouse_from_being_published(
    warehouse: Path, tmp_path: Path, said: str
) -> None:
    storage = copied(warehouse, tmp_path)
    table, spoil = FAULTS[said]
    storage.write(table, spoil(storage.read(table, 2020)), 2020)
    before = storage.database.read_bytes()
    found = publish.published(storage).contents
    assert said in found.wrong()
    assert storage.database.read_bytes() == before
    assert not list(storage.folder.glob(".gongkai*"))


def test_what_is_wrong_is_said_by_the_command_and_stays_wrong_the_next_night(
    warehouse: Path, tmp_path: Path
) -> None:
    storage = copied(warehouse, tmp_path)
    storage.write("core.cell", spoiled("value_status", "guessed")(storage.read("core.cell", 2020)), 2020)
    for _ in range(2):
        ended = gongkai("ingest", "--raw", RAW, "--warehouse", tmp_path)
        assert ended.returncode == 1
        assert "core.cell: 1 rows break its schema" in ended.stderr
    assert "Published" in ingest(RAW, tmp_path, "--year", "2020")


def test_a_row_may_break_its_schema_where_a_finding_says_so(warehouse: Path, tmp_path: Path) -> None:
    storage = copied(warehouse, tmp_path)
    cells = spoiled("value_status", "guessed")(storage.read("core.cell", 2020))
    storage.write("core.cell", cells, 2020)
    findings = storage.read("quality.finding")
    owned = findings.head(1).with_columns(
        report_id=pl.lit(cells["report_id"][0]), rule_code=pl.lit("row.schema")
    )
    storage.write("quality.finding", pl.concat([findings, owned]))
    assert publish.published(storage).contents.wrong() == []
    at_hand = {"ledger.finding": owned}
    assert checks.faults("core.cell", cells, at_hand) == checks.Faults()
    assert checks.faults("core.cell", cells).broken == 1


def test_sql_and_pandera_call_the_same_rows_broken(warehouse: Path, tmp_path: Path) -> None:
    storage = Storage(raw=str(RAW), warehouse=str(warehouse))
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA core; CREATE SCHEMA quality")
        connection.execute("CREATE TABLE quality.finding (report_id VARCHAR, rule_code VARCHAR)")
        cells = storage.read("core.cell", 2020)
        for column, value in (("table_code", "no"), ("check_status", None), ("line_no", -1), ("unit", "kg")):
            bad = spoiled(column, value)(cells)
            bad.write_parquet(tmp_path / "cell.parquet")
            connection.execute(f"CREATE OR REPLACE TABLE core.cell AS FROM '{tmp_path / 'cell.parquet'}'")
            found = connection.execute(broken_rows(tables()["core.cell"])).fetchone()
            rows = {one.row for one in violations("core.cell", bad)}
            assert found == (len(rows),)
            assert rows == {0}


def test_each_reference_is_to_the_key_of_a_table(warehouse: Path) -> None:
    assert references(tables()["core.fact_application"]) == {
        "report_id": "core.report",
        "agency_id": "core.dim_agency",
        "outcome_code": "core.dim_outcome",
        "applicant_code": "core.dim_applicant",
    }
    assert lost_rows(tables()["core.dim_item"]) is None
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as connection:
        assert not build.contents(connection, prove=True).wrong()


def passes(result: dg.AssetCheckResult) -> bool:
    """Return a warning's verdict; it must be one that only warns."""
    assert result.severity is dg.AssetCheckSeverity.WARN
    return bool(result.passed)


def test_many_quarantined_documents_warn() -> None:
    def documents(kept_out: int) -> pl.DataFrame:
        status = ["quarantined"] * kept_out + ["ingested"] * (100 - kept_out) + ["quarantined"]
        return pl.DataFrame(
            {"status": status, "withdrawn_at": [None] * 100 + [datetime(2026, 1, 1, tzinfo=UTC)]}
        )

    assert passes(checks.quarantined(documents(0)))
    assert passes(checks.quarantined(documents(10)))
    assert not passes(checks.quarantined(documents(11)))
    assert passes(checks.quarantined(documents(0).clear()))


def test_identities_that_fail_and_cells_that_nothing_verifies_warn() -> None:
    assert passes(checks.identities({2020: {"verified": 98, "contradicted": 2, "unchecked": 900}}))
    assert not passes(checks.identities({2020: {"verified": 50}, 2021: {"verified": 47, "contradicted": 3}}))
    assert passes(checks.verified({2020: {"verified": 40, "unchecked": 60}}))
    assert not passes(checks.verified({2020: {"verified": 39, "unchecked": 60, "contradicted": 1}}))


def test_a_year_without_reports_between_others_warns() -> None:
    assert passes(checks.years_missing([2019, 2020, 2021]))
    assert passes(checks.years_missing([]))
    missing = checks.years_missing([2018, 2019, 2022])
    assert not passes(missing)
    assert missing.metadata["missing"].value == "2020, 2021"


def test_the_counts_of_cells_are_those_of_the_warehouse(warehouse: Path) -> None:
    storage = Storage(raw=str(RAW), warehouse=str(warehouse))
    rows = sql(
        warehouse,
        "SELECT report_year, check_status, count(*) AS n FROM core.cell JOIN core.report USING (report_id) "
        "WHERE value <> 0 GROUP BY ALL",
    )
    expected: checks.Counts = {}
    for row in rows:
        expected.setdefault(row["report_year"], {})[row["check_status"]] = row["n"]
    assert checks.cells_by_check(storage, non_zero=True) == expected
    assert set(checks.years_with_reports(storage)) == {2019, 2020}


def copied(warehouse: Path, folder: Path) -> Storage:
    """Copy a warehouse, times and all, so that nothing seems changed."""
    shutil.copytree(warehouse, folder, dirs_exist_ok=True, copy_function=shutil.copy2)
    return Storage(raw=str(RAW), warehouse=str(folder))


def test_where_every_document_is_quarantined_nothing_is_lost() -> None:
    with duckdb.connect() as db:
        db.execute("CREATE SCHEMA core; CREATE SCHEMA mart; CREATE SCHEMA raw; CREATE SCHEMA quality")
        for name in {"mart.coverage", *references(tables()["mart.coverage"]).values()}:
            columns = ", ".join(f"{column.name} {column.type}" for column in tables()[name].columns)
            db.execute(f"CREATE TABLE {name} ({columns})")
        db.execute("INSERT INTO raw.document (document_id) VALUES ('d')")
        db.execute("INSERT INTO mart.coverage (document_id) VALUES ('d')")
        query = lost_rows(tables()["mart.coverage"])
        assert query is not None
        assert db.execute(query).fetchall() == [(0,)]
        db.execute("INSERT INTO mart.coverage (document_id, report_id) VALUES ('d', 'r')")
        assert db.execute(query).fetchall() == [(1,)]
