"""The structured log: what stands in it, and what of a document must never stand in it."""

import json
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from assets import log
from assets.cli import app
from assets.paths import LOG
from pipeline.documents import Stream
from pipeline.reading import read
from tests.commands import SEEDS
from tests.nights import at_once

NAME, TELEPHONE, IDENTITY, ADDRESS = "欧阳震华", "13912345678", "110101199003078515", "o.zh@example.com"
CELL_LINE = 64  # 本机关不掌握, natural persons: 10
PERSONAL = (NAME, TELEPHONE, IDENTITY, ADDRESS)


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two nights over a report with a person's data in text and cell, a notice, and a report that breaks the
    reader with an error that quotes it.
    """
    folder = tmp_path_factory.mktemp("logged")
    raw = folder / "raw"
    raw.mkdir()
    text = SEEDS[0].read_text(encoding="utf-8")
    person = f"联系人：{NAME}，电话{TELEPHONE}，身份证{IDENTITY}，{ADDRESS}\n"
    lines = text.split("\n")
    lines[CELL_LINE] = lines[CELL_LINE].replace("\t10\t", f"\t10 {NAME}{TELEPHONE}\t", 1)
    (raw / "report.txt").write_text("\n".join(lines) + person, encoding="utf-8")
    (raw / f"告知书{TELEPHONE}.txt").write_text(f"会议通知\n{person}", encoding="utf-8")
    shutil.copy(SEEDS[1], raw / "broken.txt")

    def breaks(stream: Stream) -> object:
        if "启东" in "".join(stream.lines):
            raise ValueError(f"could not convert: {person}")
        return read(stream)

    with pytest.MonkeyPatch.context() as patch, at_once():
        patch.setattr("assets.year.read", breaks)
        for _ in range(2):
            arguments = ["ingest", "--raw", str(raw), "--warehouse", str(folder)]
            assert CliRunner().invoke(app, arguments).exit_code == 0
            (raw / "report.txt").unlink(missing_ok=True)
    return folder


def test_nothing_of_a_person_stands_in_the_log(warehouse: Path) -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in (warehouse / LOG).parent.iterdir())
    assert not [found for found in PERSONAL if found in written]
    assert "could not convert" not in written


def test_the_cell_with_a_name_is_in_the_warehouse(warehouse: Path) -> None:
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as db:
        found = db.execute("SELECT count(*) FROM core.cell WHERE raw_text LIKE ?", [f"%{NAME}%"]).fetchall()
    # The cell is unreadable and keeps its text as its evidence; the others of its row are read.
    assert found == [(1,)]


def test_each_document_is_named_with_what_became_of_it_in_which_step(warehouse: Path) -> None:
    told = [
        (line["event"], line["file_name"], line["step"], line.get("error"))
        for line in lines(warehouse)
        if "file_name" in line
    ]
    first = {
        ("document.ingested", "report.txt", "raw_document", None),
        ("document.ingested", "broken.txt", "raw_document", None),
        ("document.quarantined", "告知书….txt", "raw_document", None),
        ("document.read", "report.txt", "reports", None),
        ("document.failed", "broken.txt", "reports", "ValueError"),
    }
    assert set(told[:5]) == first
    # A document that failed is tried again every night, and a file that has gone is noticed once.
    assert set(told[5:]) == {
        ("document.withdrawn", "report.txt", "raw_document", None),
        ("document.failed", "broken.txt", "reports", "ValueError"),
    }


def test_steps_begin_and_end_with_their_time_under_their_run(warehouse: Path) -> None:
    found = lines(warehouse)
    assert len({line["run_id"] for line in found}) == 2
    assert len({line["parser_version"] for line in found}) == 1
    ended = [line for line in found if line["event"] == "step.ended"]
    assert {line["step"] for line in ended} == {"raw_document", "reports", "across", "publish"}
    assert all(line["seconds"] >= 0 for line in ended)
    assert [line["read"] for line in found if line["event"] == "year.read" and line["year"] == 2020] == [2, 1]


def test_a_step_that_fails_is_logged_with_the_kind_of_its_error_alone(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    stored = tmp_path / "store" / "raw" / "document.parquet"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(NAME.encode())
    arguments = ["ingest", "--raw", str(tmp_path / "raw"), "--warehouse", str(tmp_path)]
    assert CliRunner().invoke(app, arguments).exit_code == 1
    (failed,) = [line for line in lines(tmp_path) if line["event"] == "step.failed"]
    assert failed["step"] == "raw_document"
    assert failed["error"] == "ComputeError"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"event": "a.b", "documents": 3, "seconds": 0.5}, {"event": "a.b", "documents": 3, "seconds": 0.5}),
        ({"event": "a", "reason": "text"}, {"event": "a", "withheld": 1}),
        ({"event": "a", "error": "ValueError: " + NAME}, {"event": "a", "withheld": 1}),
        ({"event": "a", "documents": TELEPHONE}, {"event": "a", "withheld": 1}),
        ({"event": "a", "file_name": f"{IDENTITY}.txt"}, {"event": "a", "file_name": "….txt"}),
        ({"event": "a", "file_name": f"x/{ADDRESS}"}, {"event": "a", "file_name": "x/…"}),
        (
            {"event": "a", "file_name": "t20210115_5012345.html"},
            {"event": "a", "file_name": "t20210115_5012345.html"},
        ),
    ],
)
def test_only_what_may_stand_in_the_log_is_written(given: dict[str, Any], kept: dict[str, Any]) -> None:
    assert log.permitted(None, "", given) == kept


def test_the_log_keeps_within_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_BYTES", 2_000)
    for number in range(200):
        log.event(tmp_path, "night", documents=number)
    files = sorted((tmp_path / LOG).parent.iterdir())
    assert len(files) == log._KEPT + 1
    assert all(path.stat().st_size <= 2_000 for path in files)
    assert lines(tmp_path)[-1]["documents"] == 199


def test_a_log_that_cannot_be_written_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("in the way", encoding="utf-8")
    log.event(tmp_path, "night")
    assert capsys.readouterr() == ("", "")
