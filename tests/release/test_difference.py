"""`gongkai diff` against differences that are planted, and against rows compared in Python."""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.catalogue import tables
from tests.commands import gongkai

PLANTED = """
    UPDATE core.cell SET value = 11, check_status = 'unchecked'
    WHERE row_code = 'received_new' AND column_code = 'natural_person' AND value = 38;
    UPDATE core.section SET text = NULL WHERE section_code = 'other';
    DELETE FROM core.fact_dispute WHERE channel_code = 'review' AND result_code = 'upheld';
    INSERT INTO core.fact_dispute BY NAME
        SELECT * REPLACE ('made' AS channel_code) FROM core.fact_dispute WHERE channel_code = 'suit_direct';
    INSERT INTO quality.finding SELECT * FROM quality.finding WHERE rule_code = 'dispute.results';
    INSERT INTO quality.finding SELECT * FROM quality.finding WHERE rule_code = 'dispute.results';
    DELETE FROM quality.finding WHERE rule_code = 'text.injected';
    UPDATE mart.copied_text SET similarity = 0;
"""
# What was one finding is four; two others are gone.
FINDINGS = (3, 2)
SCHEMA = """
    DROP VIEW zh.carry_over;
    DROP TABLE mart.carry_over;
    CREATE TABLE mart.made AS SELECT 1 AS one;
    ALTER TABLE core.report ADD COLUMN made_at TIMESTAMP;
    ALTER TABLE core.report DROP COLUMN scope_evidence;
    ALTER TABLE core.section ALTER COLUMN first_line TYPE BIGINT;
"""


@pytest.fixture(scope="module")
def files(seeds_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    published = seeds_warehouse / "gongkai.duckdb"
    changed = tmp_path_factory.mktemp("difference") / "changed.duckdb"
    shutil.copy(published, changed)
    with duckdb.connect(changed) as connection:
        connection.execute(PLANTED)
    return published, changed


def diff(*arguments: str | Path) -> tuple[int, str]:
    """Return the exit code of `gongkai diff` and what was printed."""
    ended = gongkai("diff", *arguments)
    printed = ended.stdout + ended.stderr
    assert "Traceback" not in printed
    return ended.returncode, printed


def text(*arguments: str | Path) -> str:
    """Return what is printed by a comparison that ends well."""
    code, printed = diff(*arguments)
    assert code == 0, printed
    return printed


def changes(*arguments: str | Path) -> list[dict[str, Any]]:
    """Return every change."""
    found: list[dict[str, Any]] = json.loads(text(*arguments, "--format", "json"))
    return found


def test_counts_are_those_of_rows_compared_one_by_one(files: tuple[Path, Path]) -> None:
    found = Counter((one["table_name"], one["change"]) for one in changes(*files))
    expected: Counter[tuple[str, str]] = Counter()
    for name, table in tables().items():
        if table.kind == "store":
            continue
        old, new = (rows(path, name) for path in files)
        key = [table.column_names.index(column) for column in table.key]
        if not key:
            expected[name, "row added"] = (Counter(new) - Counter(old)).total()
            expected[name, "row removed"] = (Counter(old) - Counter(new)).total()
            continue
        by_key = [{tuple(row[place] for place in key): row for row in side} for side in (old, new)]
        expected[name, "row added"] = len(by_key[1].keys() - by_key[0].keys())
        expected[name, "row removed"] = len(by_key[0].keys() - by_key[1].keys())
        expected[name, "value changed"] = sum(
            one != other
            for shared in by_key[0].keys() & by_key[1].keys()
            for one, other in zip(by_key[0][shared], by_key[1][shared], strict=True)
        )
    found = Counter({place: n for place, n in found.items() if place[0] != "core.cell (current)"})
    assert found == +expected
    assert (expected["quality.finding", "row added"], expected["quality.finding", "row removed"]) == FINDINGS
    assert expected["core.cell", "value changed"] == 2
    assert expected["core.fact_dispute", "row added"] == 20


def rows(path: Path, name: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        found = connection.execute(f"SELECT * FROM {name}").fetchall()
    return [tuple(tuple(value) if isinstance(value, list) else value for value in row) for row in found]


def test_a_changed_cell_is_told_with_its_report_its_place_and_both_values(files: tuple[Path, Path]) -> None:
    found = changes(*files, "--table", "core.cell")
    assert {one["table_name"] for one in found} == {"core.cell", "core.cell (current)"}
    (value,) = [one for one in found if one["table_name"] == "core.cell" and one["column_name"] == "value"]
    assert value["row_key"] == "application.received_new.natural_person"
    assert (value["before"], value["after"]) == ("38.0", "11.0")
    assert value["agency_name"] == "盐城经济技术开发区管理委员会"
    assert (value["report_year"], value["file_name"]) == (2020, "000_f38378f0edcefb48.txt")


def test_the_summary_counts_by_table_agency_and_year_and_shows_values(files: tuple[Path, Path]) -> None:
    shown = text(*files)
    (line,) = [line.split() for line in shown.splitlines() if line.startswith("core.fact_dispute")]
    assert line[1:] == ["60", "75", "20", "5", "0", "0"]
    of_agency = [line for line in shown.splitlines() if "盐城" in line and " core.cell " in line]
    assert any(line.split()[2:4] == ["2020", "core.cell"] for line in of_agency)
    assert "application.received_new.natural_person" in shown
    assert "see --limit" in text(*files, "--limit", "1")


def test_agencies_and_years_are_filtered(files: tuple[Path, Path]) -> None:
    everything = changes(*files)
    found = changes(*files, "--agency", "盐城", "--year", "2020")
    assert found == [one for one in everything if one["agency_name"] == "盐城经济技术开发区管理委员会"]
    assert found == changes(*files, "--agency", found[0]["agency_id"])
    years = {one["report_year"] for one in changes(*files, "--year", "2018-2019")}
    assert years == {2019}
    assert len(changes(*files, "--limit", "3")) == 3


def test_schema_changes_are_told_first_and_common_columns_still_compared(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    changed = Path(shutil.copy(files[1], tmp_path / "b.duckdb"))
    with duckdb.connect(changed) as connection:
        connection.execute(SCHEMA)
    found = changes(files[0], changed)
    assert [
        (one["change"], one["table_name"], one["column_name"], one["before"], one["after"])
        for one in found[:5]
    ] == [
        ("table added", "mart.made", None, None, None),
        ("table removed", "mart.carry_over", None, None, None),
        ("column added", "core.report", "made_at", None, "TIMESTAMP"),
        ("column removed", "core.report", "scope_evidence", "VARCHAR", None),
        ("type changed", "core.section", "first_line", "INTEGER", "BIGINT"),
    ]
    assert found[5:] == changes(*files)
    assert "type changed" in text(files[0], changed)


def test_two_that_are_the_same_do_not_differ(files: tuple[Path, Path], tmp_path: Path) -> None:
    copy = Path(shutil.copy(files[0], tmp_path / "copy.duckdb"))
    for other in (files[0], copy):
        assert text(files[0], other, "--exit-code").splitlines()[-1] == "Nothing differs."
    assert diff(*files, "--exit-code")[0] == 1
    assert diff(*files)[0] == 0
    assert text(files[0], copy, "--format", "csv").count("\n") == 1


def test_names_that_mean_no_warehouse_are_refused(files: tuple[Path, Path], tmp_path: Path) -> None:
    folder = files[0].parent
    (release,) = [path.stem for path in (folder / "releases").glob("*.duckdb")]
    assert diff(release, "published", "--warehouse", folder, "--exit-code")[0] == 0
    assert diff(folder, release, "--warehouse", folder, "--exit-code")[0] == 0
    (tmp_path / "text.duckdb").write_text("no database")
    with duckdb.connect(tmp_path / "other.duckdb") as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a")
    for name, message in [
        ("held", f"No build is held back in {folder}."),
        ("20200101T000000Z", "20200101T000000Z is no file, no folder of a warehouse and no release"),
        (str(tmp_path / "text.duckdb"), "text.duckdb is no warehouse of gongkai"),
        (str(tmp_path / "other.duckdb"), "other.duckdb is no warehouse of gongkai"),
    ]:
        code, printed = diff("published", name, "--warehouse", folder)
        assert code == 1
        assert message in printed
    assert diff(*files, "--table", "core.cel")[0] == 2
    assert diff(*files, "--year", "last")[0] == 2
