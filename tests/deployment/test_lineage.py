"""Where columns come from: known cases by hand, and each table's columns against the catalogue."""

import json
from pathlib import Path

import pytest

from assets import lineage
from assets.build import sql_texts
from assets.storage import Storage
from pipeline.catalogue import tables, twins

# Columns that count rows and so come from no column.
COUNTS = {"mart.agency_year": {"cells"}, "mart.coverage": {"versions"}, "mart.region_year": {"agencies"}}


@pytest.fixture(scope="module")
def traced() -> dict[str, lineage.Sources]:
    return {name: lineage.traced(name, text) for name, text in sql_texts().items()}


def test_every_column_made_by_sql_comes_from_columns_that_exist(traced: dict[str, lineage.Sources]) -> None:
    for name, found in traced.items():
        assert set(tables()[name].column_names) - set(found) == COUNTS.get(name, set()), name
        for table, column in (source for sources in found.values() for source in sources):
            assert column in tables()[table].column_names, f"{name} names {table}.{column}"


def test_columns_come_from_where_the_sql_takes_them(traced: dict[str, lineage.Sources]) -> None:
    figures = [("core.cell", "corrected_value"), ("core.cell", "value")]
    assert sorted(traced["core.fact_application"]["requests"]) == figures
    assert traced["core.fact_application"]["outcome_code"] == [("core.cell", "row_code")]
    # Made by PIVOT: of the metric of that name.
    assert traced["mart.agency_year"]["grant_rate_n"] == [("mart.metric_value", "n")]
    # A union of two by name, whose columns stand in different places.
    assert traced["mart.coverage"]["agency_id"] == [("core.report", "agency_id")]
    assert traced["mart.coverage"]["reason"] == [("raw.document", "reason")]


def test_lineage_is_worked_out_once_for_each_state_of_the_sql(tmp_path: Path) -> None:
    storage = Storage(warehouse=str(tmp_path))
    texts = {"core.fact_dispute": sql_texts()["core.fact_dispute"]}
    first = lineage.column_lineage(storage, texts)
    kept = tmp_path / "store" / "lineage.json"
    own = json.loads(kept.read_text())
    own["columns"]["core.fact_dispute"]["cases"] = [["core.cell", "raw_text"]]
    kept.write_text(json.dumps(own))
    second = lineage.column_lineage(storage, texts)
    assert second != first  # read, not worked out
    changed = {"core.fact_dispute": texts["core.fact_dispute"] + "\n-- changed"}
    assert lineage.column_lineage(storage, changed) == first
    assert set(first) == {"core.fact_dispute", *twins()}


def test_a_chinese_view_names_the_column_of_its_mart() -> None:
    table = tables()["mart.agency_year"]
    found = lineage.renamed(table)
    assert list(found) == [column.zh for column in table.columns]
    assert found[table.columns[0].zh] == [("mart.agency_year", table.columns[0].name)]
