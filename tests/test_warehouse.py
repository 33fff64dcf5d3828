"""The published warehouse against the catalogue, the golden truth and the documents themselves.

Expected figures are computed here from tests/golden, without SQL.
"""

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl
import pytest
import yaml

from assets.build import PUBLISHED, _loaded, sql_file, sql_texts
from assets.storage import Storage
from pipeline.catalogue import in_order, rules, tables, twins
from pipeline.schemas import polars_schema
from tests.commands import RAW, ROOT, SEEDS, ingest
from tests.reading import statute

GOLDEN = ROOT / "tests" / "golden"
TABLES = sorted(PUBLISHED)
# What a rebuild from scratch changes: when each file was first seen.
CHANGES = {"raw.document": ["first_seen_at"]}

Key = tuple[str, str, str]


class Seed(NamedTuple):
    """One of the five documents: its truth by cell, and what is true of the whole."""

    cells: dict[Key, dict[str, str]]
    about: dict[str, Any]

    def value(self, table: str, row: str, column: str) -> float | None:
        text = self.cells[table, row, column]["value"]
        return float(text) if text else None


@pytest.fixture(scope="module")
def folder(seeds_warehouse: Path) -> Path:
    return seeds_warehouse


@pytest.fixture(scope="module")
def db(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(folder / "gongkai.duckdb", read_only=True) as connection:
        yield connection


def seeds() -> dict[str, Seed]:
    found = {}
    for path in sorted(GOLDEN.glob("0*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            cells = {
                (row["table_code"], row["row_code"], row["column_code"]): row for row in csv.DictReader(file)
            }
        about = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
        found[f"{path.stem}.txt"] = Seed(cells, about)
    return found


def rows_of(folder: Path, name: str, leave_out: list[str] | None = None) -> list[tuple[Any, ...]]:
    excluded = f"EXCLUDE ({', '.join(leave_out)})" if leave_out else ""
    with duckdb.connect(folder / "gongkai.duckdb", read_only=True) as connection:
        return connection.sql(f"SELECT * {excluded} FROM {name}").fetchall()


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {name: rows_of(folder, name, CHANGES.get(name)) for name in [*PUBLISHED, *twins()]}


# --- against the catalogue ---


def test_the_tables_and_views_are_those_of_the_catalogue(db: duckdb.DuckDBPyConnection) -> None:
    made = {
        f"{schema}.{name}"
        for schema, name in db.sql("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
    }
    views = db.sql("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    assert made == set(PUBLISHED)
    assert {f"{schema}.{name}" for schema, name in views} == set(twins())


@pytest.mark.parametrize("name", TABLES)
def test_columns_types_and_order_are_the_catalogues(db: duckdb.DuckDBPyConnection, name: str) -> None:
    shown = db.sql(f"DESCRIBE {name}").fetchall()
    assert [(row[0], row[1]) for row in shown] == [
        (column.name, column.type) for column in tables()[name].columns
    ]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_and_column_is_described_in_both_languages(
    db: duckdb.DuckDBPyConnection, name: str
) -> None:
    schema, table = name.split(".")
    where = f"WHERE schema_name = '{schema}' AND table_name = '{table}'"
    texts = db.sql(f"SELECT comment FROM duckdb_tables() {where}").fetchall()
    texts += db.sql(f"SELECT comment FROM duckdb_columns() {where}").fetchall()
    assert len(texts) == 1 + len(tables()[name].columns)
    for (text,) in texts:
        chinese, bar, english = text.partition(" | ")
        assert chinese
        assert bar
        assert english


@pytest.mark.parametrize("name", TABLES)
def test_keys_are_unique_and_only_nullable_columns_are_empty(
    db: duckdb.DuckDBPyConnection, name: str
) -> None:
    table = tables()[name]
    if table.key:
        key = ", ".join(table.key)
        assert db.sql(f"SELECT {key} FROM {name} GROUP BY ALL HAVING count(*) > 1").fetchall() == []
    for column in table.columns:
        if not column.nullable:
            assert db.sql(f"SELECT * FROM {name} WHERE {column.name} IS NULL").fetchall() == []


@pytest.mark.parametrize("view", sorted(twins()))
def test_the_chinese_views_hold_the_same_rows_under_chinese_names(
    db: duckdb.DuckDBPyConnection, view: str
) -> None:
    table = twins()[view]
    chinese = db.sql(f"SELECT * FROM {view}")
    assert chinese.columns == [column.zh for column in table.columns]
    assert all(any(letter >= "\u4e00" for letter in name) or name == "n" for name in chinese.columns)
    assert chinese.fetchall() == db.sql(f"SELECT * FROM {table.name}").fetchall()
    schema, name = view.split(".")
    comments = db.sql(
        f"SELECT comment FROM duckdb_columns() WHERE schema_name = '{schema}' AND table_name = '{name}'"
    ).fetchall()
    assert all(comment for (comment,) in comments)


def test_every_sql_file_makes_a_table_of_the_catalogue() -> None:
    files = {path for path in (ROOT / "sql").rglob("*.sql") if path.parent.name != "questions"}
    assert files == {sql_file(name) for name in sql_texts()}


def test_sql_runs_in_the_order_of_its_dependencies() -> None:
    statements = {
        "m.c": "SELECT * FROM m.b, m.a",
        "m.b": "WITH x AS (FROM m.a) SELECT * FROM x",
        "m.a": "SELECT 1",
    }
    assert in_order(statements) == ["m.a", "m.b", "m.c"]


def test_a_year_stored_by_an_earlier_catalogue_is_published_with_todays_columns(tmp_path: Path) -> None:
    storage = Storage(warehouse=str(tmp_path))
    name = "core.report"
    today = pl.DataFrame(schema=polars_schema(name))
    storage.write(name, today.drop("withdrawn_at"), 2019)
    storage.write(name, today, 2020)
    loaded = duckdb.sql(_loaded(storage, tmp_path)[name])
    assert loaded.columns == tables()[name].column_names


# --- against the golden truth ---


def test_every_figure_of_the_seeds_is_right_and_leads_to_its_line(db: duckdb.DuckDBPyConnection) -> None:
    found = db.sql("""
        SELECT file_name, table_code, row_code, column_code, raw_text, value, value_status, line_no
        FROM core.cell
        INNER JOIN core.report USING (report_id)
        INNER JOIN (SELECT document_id, file_name FROM raw.document) USING (document_id)
    """).fetchall()
    lines = {path.name: path.read_text(encoding="utf-8").split("\n") for path in SEEDS}
    truth = seeds()
    assert len(found) == sum(len(seed.cells) for seed in truth.values()) == 990
    for file_name, table, row, column, raw_text, value, status, line_no in found:
        assert value == truth[file_name].value(table, row, column)
        assert status == truth[file_name].cells[table, row, column]["value_status"]
        assert raw_text in lines[file_name][line_no - 1]


def test_facts_hold_the_leaves_and_no_totals(db: duckdb.DuckDBPyConnection) -> None:
    truth = seeds()
    files = dict(db.sql("SELECT report_id, file_name FROM mart.agency_year").fetchall())
    facts: dict[str, dict[Key, float | None]] = defaultdict(dict)
    for table, value in (("disclosure", "value"), ("application", "requests"), ("dispute", "cases")):
        columns = tables()[f"core.fact_{table}"].column_names
        for row in db.sql(
            f"SELECT report_id, {columns[3]}, {columns[4]}, {value} FROM core.fact_{table}"
        ).fetchall():
            facts[files[row[0]]][table, row[1], row[2]] = row[3]
    for file_name, seed in truth.items():
        not_additive = {"received_new", "carried_in", "total_handled"}
        leaves = {key for key in seed.cells if key[2] != "total" and key[1] not in not_additive}
        assert facts[file_name] == {key: seed.value(*key) for key in leaves}
        requests = [seed.value("application", row, "total") for row in ("received_new", "carried_in")]
        summed = [value for key, value in facts[file_name].items() if key[0] == "application"]
        assert sum(value or 0 for value in summed) == sum(value or 0 for value in requests)


DENIED = [row for row in statute.RESULTS["2019"] if row.startswith("denied_")]


def expected_metrics(seed: Seed) -> dict[str, float | None]:
    """The headline figures of a report on the form of 2019, from its cells."""

    def requests(*rows: str) -> float:
        return sum(seed.value("application", row, "total") or 0 for row in rows)

    def rate(part: float, whole: float) -> float | None:
        return part / whole if whole else None

    granted, partial, handled = requests("granted"), requests("partial"), requests("total_handled")
    denied = requests(*DENIED)
    new, carried = requests("received_new"), requests("carried_in")
    suits = [seed.value("dispute", row, "total") or 0 for row in ("suit_direct", "suit_after_review")]
    review = seed.value("dispute", "review", "total")
    return {
        "requests_new": new,
        "requests_total": new + carried,
        "requests_denied": denied,
        "backlog": requests("carried_out"),
        "grant_rate": rate(granted, handled),
        "grant_rate_substantive": rate(granted, granted + partial + denied),
        "disclosure_rate": rate(granted + partial, handled),
        "not_held_share": rate(requests("unable_not_held"), handled),
        "clearance": rate(handled, new + carried),
        "reviews": review,
        "suits": sum(suits),
        # A blank is no zero: without the reviews the sum has no number either.
        "disputes_per_100_requests": None
        if review is None or not new + carried
        else 100 * (review + sum(suits)) / (new + carried),
        "procurement_amount": seed.value("disclosure", "procurement", "amount"),
        "normative_documents_made": seed.value("disclosure", "normative_document", "made"),
        "fee_amount": None,  # begins with the form of 2021
        "normative_documents_issued": None,
    }


@pytest.mark.parametrize("file_name", sorted(seeds()))
def test_headline_figures_are_those_of_the_report(db: duckdb.DuckDBPyConnection, file_name: str) -> None:
    expected = expected_metrics(seeds()[file_name])
    found = db.execute(
        f"SELECT {', '.join(expected)} FROM mart.agency_year WHERE file_name = ?", [file_name]
    ).fetchall()
    assert dict(zip(expected, found[0], strict=True)) == pytest.approx(expected)


def test_rates_stand_beside_what_they_rest_on(db: duckdb.DuckDBPyConnection) -> None:
    (row,) = db.sql("""
        SELECT grant_rate, grant_rate_n, grant_rate_check_status, suits, suits_check_status,
            review_reversal_rate, review_reversal_rate_n, derived_metrics
        FROM mart.agency_year WHERE agency_name LIKE '盐城%'
    """).fetchall()
    assert row[:3] == (10 / 38, 38, "verified")
    assert row[3:5] == (2, "contradicted")  # 复议后起诉 reports a total of 1 and parts of 0
    assert row[5:7] == (None, 0)  # nothing decided: no rate
    assert "requests_denied" in row[7].split(",")
    assert "requests_new" not in row[7].split(",")


def test_a_metric_says_its_parts_and_is_absent_where_the_form_has_no_such_cell(
    db: duckdb.DuckDBPyConnection,
) -> None:
    rows = db.sql("""
        SELECT metric_code, value, numerator, denominator, n, basis, check_status
        FROM mart.metric_value INNER JOIN core.report USING (agency_id, report_year)
        WHERE agency_name LIKE '启东%'
    """).fetchall()
    found = {row[0]: row[1:] for row in rows}
    assert found["clearance"] == (17 / 18, 17, 18, 18, "derived", "verified")
    assert found["requests_new"] == (18, 18, None, None, "reported", "verified")
    assert "fee_amount" not in found
    assert "normative_documents_in_force" not in found


def test_identities_are_judged_as_in_the_golden_truth(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.sql(
        "SELECT file_name, cells, cells_verified, cells_contradicted FROM mart.agency_year"
    ).fetchall()
    expected = {name: seed.about["check"]["counts"] for name, seed in seeds().items()}
    assert {row[0]: row[1:] for row in rows} == {
        name: (sum(counts.values()), counts["verified"], counts["contradicted"])
        for name, counts in expected.items()
    }


def test_findings_take_their_severity_from_the_rules(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.sql("SELECT DISTINCT rule_code, severity FROM quality.finding").fetchall()
    assert rows
    assert all(rules()[code].severity == severity for code, severity in rows)
    assert [row[0] for row in db.sql("SELECT rule_code FROM quality.rule").fetchall()] == list(rules())


# --- the same again ---


def test_a_rebuild_from_scratch_gives_the_same_rows_in_the_same_order(folder: Path, tmp_path: Path) -> None:
    shuffled = tmp_path / "raw"
    shuffled.mkdir()
    for path in reversed(SEEDS):
        shutil.copy(path, shuffled / path.name)
    ingest(shuffled, tmp_path / "out")
    assert everything(tmp_path / "out") == everything(folder)


def test_nights_in_pieces_give_what_one_night_gives(folder: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for path in (SEEDS[4], SEEDS[0], SEEDS[2]):
        shutil.copy(path, raw / path.name)
    ingest(raw, tmp_path / "out")
    for path in (SEEDS[1], SEEDS[3]):
        shutil.copy(path, raw / path.name)
    summary = ingest(raw, tmp_path / "out")
    assert "Published" in summary
    assert everything(tmp_path / "out") == everything(folder)


def test_a_later_report_replaces_an_earlier_one_and_keeps_it(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    text = SEEDS[1].read_text(encoding="utf-8")
    (raw / "first.txt").write_text(text, encoding="utf-8")
    (raw / "corrected.txt").write_text(
        text.replace("2021年1月5日", "2021年3月8日").replace("30710", "30711"), encoding="utf-8"
    )
    ingest(raw, tmp_path / "out")
    with duckdb.connect(tmp_path / "out" / "gongkai.duckdb", read_only=True) as db:
        versions = db.sql("""
            SELECT version, is_current, value FROM core.cell INNER JOIN core.report USING (report_id)
            WHERE row_code = 'licensing' AND column_code = 'decisions' ORDER BY version
        """).fetchall()
        assert versions == [(1, False, 30710.0), (2, True, 30711.0)]
        assert db.sql("SELECT licensing_decisions FROM mart.agency_year").fetchall() == [(30711.0,)]
        assert db.sql("SELECT count(*) FROM core.fact_disclosure").fetchall() == [(22,)]


def test_a_reader_that_has_the_file_open_does_not_hinder_and_keeps_its_state(
    own_warehouse: Path, tmp_path: Path
) -> None:
    raw = Path(shutil.copytree(RAW, tmp_path / "raw"))
    with duckdb.connect(own_warehouse / "gongkai.duckdb", read_only=True) as reader:
        (raw / "more.txt").write_bytes(SEEDS[0].read_bytes() + b"\n")
        ingest(raw, own_warehouse)
        assert reader.sql("SELECT count(*) FROM core.report").fetchall() == [(5,)]
    with duckdb.connect(own_warehouse / "gongkai.duckdb", read_only=True) as reader:
        assert reader.sql("SELECT count(*) FROM core.report").fetchall() == [(6,)]
