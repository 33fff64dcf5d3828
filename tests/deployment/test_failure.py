"""What a failed run leaves behind: its report, and a command that was told, whatever becomes of it."""

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from assets import failure
from assets.failure import Fault, Rerun
from assets.partitions import year_tags
from assets.storage import Storage
from tests.commands import RAW, gongkai

TOLD = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text('\\n'.join(sys.argv[2:]))"


@pytest.fixture(scope="module")
def broken(seeds_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose next run must fail: a file of its store is no Parquet."""
    folder = tmp_path_factory.mktemp("broken") / "warehouse"
    shutil.copytree(seeds_warehouse, folder)
    (folder / "store" / "raw" / "document.parquet").write_bytes(b"not parquet")
    return folder


def night(warehouse: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a night that fails, with the command that is to be told."""
    arguments = ("ingest", "--raw", RAW, "--warehouse", warehouse, "--year", "2020")
    return gongkai(*arguments, env={failure.ON_FAILURE: command})


def test_a_failed_ingest_writes_a_report_and_tells_the_command(broken: Path, tmp_path: Path) -> None:
    told = tmp_path / "told; touch pwned"
    command = shlex.join([sys.executable, "-c", TOLD, str(told), "$HOME", "two words"])
    ended = night(broken, command)
    assert ended.returncode == 1
    (path,) = (broken / "runs").iterdir()
    assert told.read_text().splitlines() == ["$HOME", "two words", str(path)]
    report = json.loads(path.read_text(encoding="utf-8"))
    assert report["run_id"] == path.stem
    assert report["started_by"] == "command line"
    assert report["years"] == "2020"
    (fault,) = report["faults"]
    assert fault["step"] == "raw_document"
    assert fault["error"] == "ComputeError"
    assert fault["place"].startswith("assets/storage.py:")
    assert report["published"] == str(broken / "gongkai.duckdb")
    assert report["rerun"] == f"gongkai ingest --raw {RAW} --warehouse {broken} --year 2020"
    assert "raw_document failed" in ended.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/no/such/program", "could not be run"),
        ("'unbalanced", "No closing quotation"),
        (
            shlex.join([sys.executable, "-c", "import sys; sys.exit('no mail today')"]),
            "ended with 1: no mail today",
        ),
    ],
)
def test_a_command_that_fails_is_said_and_hides_nothing(broken: Path, command: str, said: str) -> None:
    before = set((broken / "runs").iterdir()) if (broken / "runs").exists() else set()
    ended = night(broken, command)
    assert ended.returncode == 1
    assert "raw_document failed" in ended.stderr
    assert said in ended.stderr
    assert len(set((broken / "runs").iterdir()) - before) == 1


def test_a_command_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(failure, "_PATIENCE_SECONDS", 0.2)
    monkeypatch.setenv(failure.ON_FAILURE, shlex.join([sys.executable, "-c", "import time; time.sleep(60)"]))
    (problem,) = failure.report(ended_run(tmp_path), [Fault(None, "E", "m", None)])
    assert "timed out" in problem


def ended_run(folder: Path, **tags: str) -> Rerun:
    return Rerun("0123", tags, Storage(raw="/srv/raw", warehouse=str(folder)))


def test_a_run_is_reported_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(failure.ON_FAILURE, "/no/such/program")
    assert failure.report(ended_run(tmp_path), [Fault(None, "E", "first", None)])
    written = (tmp_path / "runs" / "0123.json").read_bytes()
    assert failure.report(ended_run(tmp_path), [Fault(None, "E", "second", None)]) == []
    assert (tmp_path / "runs" / "0123.json").read_bytes() == written


def test_where_the_warehouse_takes_no_report_it_goes_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv(failure.ON_FAILURE, raising=False)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "runs").write_text("no folder")
    (problem,) = failure.report(ended_run(tmp_path / "full"), [Fault(None, "E", "m", None)])
    (path,) = tmp_path.glob("gongkai-failed-*/0123.json")
    assert str(path) in problem


def test_a_report_names_the_document_and_holds_no_text_of_it(tmp_path: Path) -> None:
    message = (
        "Could not convert string '张三 13800001111' to INT32 in /srv/raw/启东/a b.txt\n"
        "Contact 110101199003071234 or zhang.san@example.org; [Errno 5] Input/output error: '/srv/raw/c.txt'"
    )
    failure.report(ended_run(tmp_path), [Fault("reports", "ConversionException", message, None)])
    text = (tmp_path / "runs" / "0123.json").read_text(encoding="utf-8")
    assert json.loads(text)["document"] == "启东/a b.txt"
    assert "/srv/raw/c.txt" in text
    for private in ("张三", "13800001111", "110101199003071234", "zhang.san"):
        assert private not in text


def test_how_to_rerun_says_the_years(tmp_path: Path) -> None:
    for tags, years in ((year_tags(), ""), (year_tags(2019, 2020), " --year 2019 --year 2020")):
        failure.report(ended_run(tmp_path, **tags), [Fault(None, "E", "m", None)])
        path = tmp_path / "runs" / "0123.json"
        rerun = json.loads(path.read_text())["rerun"]
        assert rerun == f"gongkai ingest --raw /srv/raw --warehouse {tmp_path}{years}"
        path.unlink()
