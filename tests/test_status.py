"""`gongkai status`: what it says of a warehouse that is well, waits, is held back, damaged or not there."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assets import status as module
from assets.cli import app
from assets.lock import writing
from tests.commands import SEEDS
from tests.nights import at_once
from tests.operations.states import files


def run(command: str, *arguments: str) -> int:
    with at_once():
        return CliRunner().invoke(app, [command, *arguments]).exit_code


def status(raw: Path, warehouse: Path, *options: str) -> tuple[int, dict[str, Any]]:
    arguments = ["status", "--raw", str(raw), "--warehouse", str(warehouse), "--format", "json", *options]
    ended = CliRunner().invoke(app, arguments)
    found: dict[str, Any] = json.loads(ended.stdout)
    return ended.exit_code, found


def fill(raw: Path) -> None:
    raw.mkdir()
    for number in range(3):
        shutil.copy(SEEDS[number], raw / f"{number}.txt")
    (raw / "notice.txt").write_text("会议通知\n请各科室开会。\n", encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("status")
    fill(folder / "raw")
    assert run("ingest", "--raw", str(folder / "raw"), "--warehouse", str(folder / "warehouse")) == 0
    return folder


@pytest.fixture
def folders(built: Path, tmp_path: Path) -> tuple[Path, Path]:
    """The documents and the warehouse of `built`, for one test to change."""
    for name in ("raw", "warehouse"):
        shutil.copytree(built / name, tmp_path / name)
    return tmp_path / "raw", tmp_path / "warehouse"


def test_a_warehouse_that_is_well(folders: tuple[Path, Path]) -> None:
    before = files(folders[1])
    code, found = status(*folders)
    assert code == 0
    assert found["attention"] == []
    assert found["published"]["release"]
    assert 0 <= found["published"]["age_hours"] < 1
    assert found["last_good_run"] >= found["published"]["at"][:19]
    assert found["documents"] == {"ingested": 3, "quarantined": 1, "duplicate": 0, "withdrawn": 0}
    (notice,) = found["quarantined"]
    assert notice["file_name"] == "notice.txt"
    assert "no annual report" in notice["reason"]
    assert not any(found["waiting"].values())
    assert [found[name] for name in ("held", "pinned", "writing", "failed")] == [None] * 4
    assert files(folders[1]) == before


@pytest.mark.parametrize("options", [[], ["--verify"]])
def test_what_is_waiting(folders: tuple[Path, Path], options: list[str]) -> None:
    raw = folders[0]
    shutil.copy(SEEDS[4], raw / "new.txt")
    (raw / "0.txt").write_bytes(SEEDS[0].read_bytes() + b"\n")
    (raw / "1.txt").write_bytes(SEEDS[1].read_bytes().replace(b"2", b"3", 1))
    (raw / "2.txt").unlink()
    (raw / "notice.txt").touch()
    (raw / "half.txt.part").write_text("not yet a document", encoding="utf-8")
    code, found = status(*folders, *options)
    assert found["waiting"] == {
        "new": ["new.txt"],
        "changed": ["0.txt", "1.txt"],
        "touched": [],
        "gone": ["2.txt"],
    }
    assert code == 0


def test_of_many_touched_files_it_is_only_said_that_they_were(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_HASHED", 1)
    assert status(*folders)[1]["waiting"]["touched"] == [
        "1.txt",
        "2.txt",
        "notice.txt",
    ]  # all were copied just now
    assert status(*folders, "--verify")[1]["waiting"]["touched"] == []


def test_a_file_that_waits_too_long_needs_attention(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SEEDS[4], folders[0] / "new.txt")
    monkeypatch.setattr(module, "_LATE_HOURS", 0)
    code, found = status(*folders)
    assert code == 1
    assert "has waited" in found["attention"][0]


def test_who_writes_is_named_while_everything_else_is_answered(folders: tuple[Path, Path]) -> None:
    with writing(folders[1]):
        code, found = status(*folders)
    assert "process" in found["writing"]
    assert (code, found["documents"]["ingested"]) == (0, 3)


def test_a_failed_run_needs_attention_until_one_ends_well(folders: tuple[Path, Path]) -> None:
    reports = folders[1] / "runs"
    reports.mkdir()
    for at in ("2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"):
        fault = {"step": "publish", "message": "No room"}
        (reports / f"{at[:4]}.json").write_text(
            json.dumps({"failed_at": at, "faults": [fault]}), encoding="utf-8"
        )
    code, found = status(*folders)
    assert code == 1
    assert found["failed"]["report"] == str(reports / "2999.json")
    assert found["attention"] == [f"The last run failed: publish: No room ({reports / '2999.json'})."]
    (reports / "2999.json").write_text("{half a rep", encoding="utf-8")
    assert status(*folders)[0] == 0


def test_where_there_is_no_warehouse(folders: tuple[Path, Path], tmp_path: Path) -> None:
    code, found = status(folders[0], tmp_path / "nowhere")
    assert code == 1
    assert found["published"] is None
    assert found["attention"] == ["There is no published warehouse: run gongkai ingest."]
    assert found["waiting"]["new"] == ["0.txt", "1.txt", "2.txt", "notice.txt"]
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("damage", ["gongkai.duckdb", "record"])
def test_a_damaged_warehouse(folders: tuple[Path, Path], damage: str) -> None:
    path = next((folders[1] / "releases").glob("*.json")) if damage == "record" else folders[1] / damage
    path.write_bytes(b"no database, no record" * 1000)
    code, found = status(*folders)
    assert code == 1
    assert "can't be read" in found["attention"][0]


def test_a_rollback_and_a_build_held_back_are_said(folders: tuple[Path, Path]) -> None:
    raw, warehouse = map(str, folders)
    shutil.copy(SEEDS[4], folders[0] / "new.txt")
    assert run("ingest", "--raw", raw, "--warehouse", warehouse) == 0
    assert run("rollback", "--warehouse", warehouse) == 0
    code, found = status(*folders)
    assert code == 1
    assert found["pinned"] in found["attention"][0]
    assert found["waiting"]["new"] == ["new.txt"]
    shutil.copy(SEEDS[3], folders[0] / "newer.txt")
    assert run("ingest", "--raw", raw, "--warehouse", warehouse) == 1
    code, found = status(*folders)
    assert code == 1
    assert found["held"]["since"]
    assert any("held back" in one for one in found["attention"])


def test_the_table_shows_it_to_a_person(folders: tuple[Path, Path]) -> None:
    ended = CliRunner().invoke(app, ["status", "--raw", str(folders[0]), "--warehouse", str(folders[1])])
    assert ended.exit_code == 0
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("Published    2")
    assert "Documents    3 ingested, 1 quarantined, 0 duplicate, 0 withdrawn" in lines
    assert any("notice.txt: " in line for line in lines)


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    assert run("status", "--raw", str(tmp_path / "nowhere")) == 2
    assert run("status", "--format", "xml") == 2
