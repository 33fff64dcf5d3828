"""sql/mart/year_on_year.sql on a few rows of its own: what stands beside what when scope or form changes."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from assets.build import sql_texts

# metric, table, what the change of form does to it
METRICS = (
    ("goes_on", "application", "comparable"),
    ("with_care", "disclosure", "caution"),
    ("other_thing", "disclosure", "not_comparable"),
    ("is_new", "disclosure", "begins"),
)


@pytest.fixture
def db() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("""
            CREATE SCHEMA core;
            CREATE SCHEMA mart;
            CREATE TABLE core.report (agency_id VARCHAR, report_year INTEGER, scope VARCHAR,
                is_current BOOLEAN, disclosure_form VARCHAR, application_form VARCHAR, dispute_form VARCHAR);
            CREATE TABLE mart.metric (metric_code VARCHAR, table_code VARCHAR);
            CREATE TABLE mart.series_break (metric_code VARCHAR, form_before VARCHAR, form_after VARCHAR,
                comparability VARCHAR);
            CREATE TABLE mart.metric_value (agency_id VARCHAR, report_year INTEGER, metric_code VARCHAR,
                value DOUBLE, n DOUBLE, check_status VARCHAR);
        """)
        for metric, table, comparability in METRICS:
            connection.execute("INSERT INTO mart.metric VALUES (?, ?)", [metric, table])
            connection.execute(
                "INSERT INTO mart.series_break VALUES (?, '2019', '2021', ?)", [metric, comparability]
            )
        yield connection


def judged(
    db: duckdb.DuckDBPyConnection, *reports: tuple[int, str | None, str | None]
) -> dict[tuple[str, int], tuple[Any, ...]]:
    """Return (comparability, value before) by metric and year of reports: year, scope, form of all tables."""
    for year, scope, form in reports:
        db.execute(
            "INSERT INTO core.report VALUES ('a', ?, ?, TRUE, ?, ?, ?)", [year, scope, form, form, form]
        )
        for metric, _, _ in METRICS:
            db.execute(
                "INSERT INTO mart.metric_value VALUES ('a', ?, ?, ?, 7, 'verified')", [year, metric, year]
            )
    rows = db.sql(sql_texts()["mart.year_on_year"]).fetchall()
    assert all((row[5] is None) == (row[6] is None) == (row[9] is None) for row in rows)
    return {(row[2], row[1]): (row[10], row[5]) for row in rows}


def test_a_change_of_form_joins_only_what_is_one_series(db: duckdb.DuckDBPyConnection) -> None:
    found = judged(db, (2020, "own", "2019"), (2021, "own", "2021"), (2022, "own", "2021"))
    assert found["goes_on", 2021] == ("comparable", 2020)
    assert found["with_care", 2021] == ("caution", 2020)
    assert found["other_thing", 2021] == ("not_comparable", None)
    assert found["is_new", 2021] == ("begins", None)
    assert all(found[metric, 2022] == ("same_form", 2021) for metric, _, _ in METRICS)


def test_going_back_to_the_earlier_form_breaks_the_same_series(db: duckdb.DuckDBPyConnection) -> None:
    found = judged(db, (2022, "own", "2021"), (2023, "own", "2019"))
    assert found["goes_on", 2023] == ("comparable", 2022)
    assert found["other_thing", 2023] == ("not_comparable", None)
    assert found["is_new", 2023] == ("ends", None)


@pytest.mark.parametrize(
    ("before", "now"), [("own", "consolidated"), ("consolidated", "own"), (None, "own"), ("own", None)]
)
def test_figures_of_another_scope_are_not_joined(
    db: duckdb.DuckDBPyConnection, before: str | None, now: str | None
) -> None:
    found = judged(db, (2022, before, "2021"), (2023, now, "2021"))
    assert all(found[metric, 2023] == ("other_scope", None) for metric, _, _ in METRICS)


def test_a_report_without_the_table_a_year_before_gives_nothing(db: duckdb.DuckDBPyConnection) -> None:
    found = judged(db, (2022, "own", None), (2023, "own", "2021"), (2025, "own", "2021"))
    assert found["goes_on", 2023] == ("no_table", None)
    assert found["goes_on", 2025] == ("no_report", None)
