"""Whatever lies in the folder: each file is ingested, a duplicate or quarantined; nothing is lost.

All of it goes through the command line, in a process of its own, as a person would run it.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from assets import pool
from assets.archive import Content
from assets.folder import sha256
from assets.ingest import Wish
from assets.ingest import run as run_ingest
from assets.year import Task, read_documents
from pipeline.documents import Stream
from pipeline.reading import Finding, Reading, identify, read
from tests.commands import SEEDS, Row, gongkai, ingest, sql
from tests.deadly import lengths_or_death
from tests.documents.made import docx, paragraph, word_table
from tests.nights import at_once

GOOD, CUT_FROM = SEEDS[0], SEEDS[3]

NO_REPORT = "会议通知\n\n请各科室于周五下午三点到三楼会议室开会，议题为年度预算。\n"
CUT_AT = "7. 属于行政执法案卷"  # in the middle of table 三


class Run(NamedTuple):
    """One ingest of a folder of bad input: how it ended, and every row of raw.document by file name."""

    ended: subprocess.CompletedProcess[str]
    documents: dict[str, Row]
    warehouse: Path

    def ask(self, query: str) -> list[Row]:
        return sql(self.warehouse, query)


def make_folder(folder: Path) -> None:
    shutil.copy(GOOD, folder / "good.txt")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_text(" \n\n\t\n", encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 64)
    (folder / "notice.txt").write_text(NO_REPORT, encoding="utf-8")
    text = CUT_FROM.read_text(encoding="utf-8")
    (folder / "cut.txt").write_text(text[: text.index(CUT_AT)], encoding="utf-8")
    no_year = SEEDS[2].read_text(encoding="utf-8").replace("2020", "").replace("2021", "")
    (folder / "no year.txt").write_text(no_year, encoding="utf-8")
    shutil.copy(SEEDS[1], folder / "locked.txt")
    (folder / "locked.txt").chmod(0)
    (folder / "子 目录").mkdir()
    shutil.copy(SEEDS[4], folder / "子 目录" / "秦山 街道 2020（年报）.txt")
    shutil.copy(SEEDS[4], folder / "子 目录" / "同 一 份.txt")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    os.mkfifo(folder / "pipe.txt")
    for ignored in (".hidden.txt", "~$good.txt", "good.txt.part", "good.txt.origin.yaml"):
        shutil.copy(SEEDS[3], folder / ignored)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("bad input")
    raw, warehouse = folder / "raw", folder / "ware house"
    raw.mkdir()
    make_folder(raw)
    ended = gongkai("ingest", "--raw", raw, "--warehouse", warehouse)
    rows = sql(warehouse, "SELECT * FROM raw.document ORDER BY file_name")
    yield Run(ended, {row["file_name"]: row for row in rows}, warehouse)
    (raw / "locked.txt").chmod(0o600)


def test_the_exit_code_says_that_all_went_as_it_should(run: Run) -> None:
    assert run.ended.returncode == 0, run.ended.stderr
    assert "Traceback" not in run.ended.stderr


def test_nothing_is_lost_and_nothing_else_is_taken_in(run: Run) -> None:
    assert set(run.documents) == {
        "good.txt",
        "empty.txt",
        "blank.txt",
        "binary.txt",
        "notice.txt",
        "cut.txt",
        "no year.txt",
        "locked.txt",
        "子 目录/秦山 街道 2020（年报）.txt",
        "子 目录/同 一 份.txt",
        "gone.txt",
        "pipe.txt",
    }


@pytest.mark.parametrize("name", ["good.txt", "cut.txt", "子 目录/同 一 份.txt"])
def test_what_can_be_read_is_ingested(run: Run, name: str) -> None:
    row = run.documents[name]
    assert (row["status"], row["reason"]) == ("ingested", None)
    assert run.ask(f"SELECT report_id FROM core.report WHERE document_id = '{row['document_id']}'")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("empty.txt", ["empty"]),
        ("blank.txt", ["empty"]),
        ("binary.txt", []),
        ("notice.txt", ["no annual report"]),
        ("no year.txt", ["no report year"]),
        ("locked.txt", ["permission", "let the user who runs gongkai read it"]),
        ("gone.txt", ["can't be read"]),
        ("pipe.txt", ["Not a regular file"]),
    ],
)
def test_what_cannot_be_read_is_quarantined_with_a_reason_that_says_what_to_do(
    run: Run, name: str, says: list[str]
) -> None:
    row = run.documents[name]
    assert row["status"] == "quarantined"
    assert all(word.lower() in row["reason"].lower() for word in says), row["reason"]
    what, _, to_do = row["reason"].partition(":")
    assert len(what) > 5
    assert len(to_do) > 5
    assert f"{name}: {row['reason']}" in run.ended.stdout


def test_the_same_bytes_twice_are_read_once(run: Run) -> None:
    row = run.documents["子 目录/秦山 街道 2020（年报）.txt"]
    assert row["status"] == "duplicate"
    assert "子 目录/同 一 份.txt" in row["reason"]
    assert row["sha256"] == run.documents["子 目录/同 一 份.txt"]["sha256"]
    assert len(run.ask("SELECT report_id FROM core.report WHERE agency_name LIKE '%秦山%'")) == 1


def test_a_report_cut_in_table_three_keeps_what_it_has_and_misses_the_rest(run: Run) -> None:
    report = run.documents["cut.txt"]["document_id"]
    rows = run.ask(
        "SELECT table_code, row_code, value_status, count(*) AS cells FROM core.cell "
        f"INNER JOIN core.report USING (report_id) WHERE document_id = '{report}' GROUP BY ALL"
    )
    status = {(row["table_code"], row["row_code"]): row["value_status"] for row in rows}
    assert status["application", "denied_process"] == "reported"
    for missing in ("denied_enforcement_file", "total_handled", "carried_out"):
        assert status["application", missing] == "missing"
    assert {value for (table, _), value in status.items() if table == "dispute"} <= {"missing"}
    assert sum(row["cells"] for row in rows if row["value_status"] == "reported") == 22 + 7 * 10
    found = run.ask(
        "SELECT DISTINCT rule_code FROM quality.finding INNER JOIN core.report USING (report_id) "
        f"WHERE document_id = '{report}'"
    )
    assert {"cell.missing", "section.missing"} <= {row["rule_code"] for row in found}


def test_the_others_are_unaffected(run: Run, seeds_warehouse: Path) -> None:
    query = (
        "SELECT cell.* FROM core.cell INNER JOIN core.report USING (report_id) WHERE agency_name LIKE '盐城%'"
    )
    assert run.ask(query) == sql(seeds_warehouse, query) != []


def test_a_file_that_is_let_in_again_is_read(run: Run) -> None:
    raw = run.warehouse.parent / "raw"
    (raw / "locked.txt").chmod(0o644)
    ingest(raw, run.warehouse)
    assert run.ask("SELECT status FROM raw.document WHERE file_name = 'locked.txt'") == [
        {"status": "ingested"}
    ]


def test_an_empty_folder_gives_an_empty_warehouse(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    ingest(tmp_path / "raw", tmp_path / "out")
    assert sql(tmp_path / "out", "SELECT count(*) AS n FROM mart.agency_year") == [{"n": 0}]


# --- faults of the reader itself ---


def stored(folder: Path) -> dict[str, tuple[str, str | None]]:
    """Return what became of each document by its file's name, as (status, reason)."""
    with duckdb.connect(folder / "gongkai.duckdb", read_only=True) as db:
        rows = db.sql("SELECT file_name, status, reason FROM raw.document").fetchall()
    return {name: (status, reason) for name, status, reason in rows}


class Fault(NamedTuple):
    """What goes wrong with a document: where, what it does to the reading there, and the error of it."""

    step: str
    spoil: Callable[[Any], object]
    error: str


def _raising(error: Exception) -> Callable[[Any], object]:
    def fails(_: Any) -> object:
        raise error

    return fails


def _with_half_sign(reading: Reading) -> None:
    reading.cells[0] = reading.cells[0]._replace(raw_text="1\ud83d")


def _with_half_sign_in_title(reading: Reading) -> None:
    reading.title = "\udfff"


def _with_half_sign_in_finding(reading: Reading) -> None:
    reading.findings.append(Finding("cell.unreadable", "\ud83d"))


def _with_unknown_rule(reading: Reading) -> None:
    reading.findings.append(Finding("no.rule", "x"))


def _with_endless_number(reading: Reading) -> None:
    reading.cells[0] = reading.cells[0]._replace(value=10**400)


IDENTIFY, READ = "assets.intake.identify", "assets.year.read"
# The words of an error may quote the document: they are not to be told.
WORDS = "a fault of ours"
ERRORS = [MemoryError(), RecursionError(), ValueError(), UnicodeDecodeError("a", b"b", 0, 1, "")]
RAISED = {
    "while opening": Fault(IDENTIFY, _raising(ZeroDivisionError(WORDS)), "ZeroDivisionError"),
    "while reading": Fault(READ, _raising(ZeroDivisionError(WORDS)), "ZeroDivisionError"),
    **{repr(error): Fault(READ, _raising(error), type(error).__name__) for error in ERRORS},
}
# One cell with half a character ended a night's run: no file could take its text.
WITHOUT_ROWS = {
    "half a sign": Fault(READ, _with_half_sign, "UnicodeEncodeError"),
    "half a sign in the title": Fault(READ, _with_half_sign_in_title, "UnicodeEncodeError"),
    "half a sign in a finding": Fault(READ, _with_half_sign_in_finding, "UnicodeEncodeError"),
    "an unknown rule": Fault(READ, _with_unknown_rule, "KeyError"),
    "an endless number": Fault(READ, _with_endless_number, "OverflowError"),
}
FAULTS = RAISED | WITHOUT_ROWS


@contextmanager
def faulty_reader() -> Iterator[None]:
    """Let each document that names one of FAULTS suffer it, and no other."""
    with pytest.MonkeyPatch.context() as patch, at_once():
        for step, real in ((IDENTIFY, identify), (READ, read)):
            patch.setattr(step, partial(_suffering, step, real))
        yield


def _suffering(step: str, real: Callable[[Stream], object], stream: Stream) -> object:
    reading = real(stream)
    said = "".join(stream.lines)
    for name, fault in FAULTS.items():
        if _mark(name) in said and fault.step == step:
            fault.spoil(reading)
    return reading


def _mark(name: str) -> str:
    return f"故障{list(FAULTS).index(name):03}"


def faulty(folder: Path, name: str) -> Path:
    """Write a document that suffers a fault; it is of the good one's year, so that both go in one batch."""
    path = folder / f"{list(FAULTS).index(name):03}.txt"
    path.write_text(f"{SEEDS[1].read_text(encoding='utf-8')}\n{_mark(name)}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str | None]]:
    """What one ingest makes of a good document and of one for each fault, by the fault (or "good")."""
    folder = tmp_path_factory.mktemp("faults")
    raw = folder / "raw"
    raw.mkdir()
    shutil.copy(GOOD, raw / "good.txt")
    files = {faulty(raw, name).name: name for name in FAULTS}
    with faulty_reader():
        assert run_ingest(raw, folder / "warehouse", Wish()) == 0
    return {files.get(file, "good"): found for file, found in stored(folder / "warehouse").items()}


def test_faults_of_the_reader_cost_none_but_the_documents_that_have_them(
    broken: dict[str, tuple[str, str | None]],
) -> None:
    assert broken.keys() == {"good", *FAULTS}
    assert broken["good"] == ("ingested", None)


@pytest.mark.parametrize("name", FAULTS)
def test_a_document_that_breaks_the_reader_is_quarantined_and_the_error_is_told(
    broken: dict[str, tuple[str, str | None]], name: str
) -> None:
    status, reason = broken[name]
    assert status == "quarantined"
    assert reason is not None
    place = "tests/test_bad_input.py:" if name in RAISED else ""
    assert f"({FAULTS[name].error} in {place}" in reason
    assert WORDS not in reason
    assert "keep the file and report this" in reason


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.step == READ])
def test_a_fault_alone_in_a_batch_costs_its_document_alone(tmp_path: Path, name: str) -> None:
    files = [Path(shutil.copy(GOOD, tmp_path / "good.txt")), faulty(tmp_path, name)]
    contents = [
        Content(sha256(str(path), 0), path.stat().st_size, tmp_path / "archive", (path,)) for path in files
    ]
    with faulty_reader():
        frames = read_documents(
            [Task(content, path.name, path.name) for content, path in zip(contents, files, strict=True)]
        )
    (good, bad) = frames["ledger.reading"].sort("document_id", descending=True).iter_rows(named=True)
    assert (good["document_id"], good["reason"]) == ("good.txt", None)
    assert f"({FAULTS[name].error} in " in bad["reason"]
    assert frames["core.report"]["document_id"].to_list() == ["good.txt"]


# --- signs that no file can take ---


TITLE = "海盐县财政局2020年政府信息公开工作年度报告"
PUBLIC = "规章", "1", "2", "3"


def _docx_with(sign: str) -> bytes:
    rows = word_table(*([paragraph(text) for text in (PUBLIC[0], f"1{sign}", *PUBLIC[2:])] for _ in range(3)))
    return docx(paragraph(TITLE) + paragraph("二、主动公开政府信息情况") + rows)


def _html_with(sign: str) -> bytes:
    cells = "".join(f"<td>{text}</td>" for text in (PUBLIC[0], f"1{sign}", *PUBLIC[2:]))
    return (
        f"<html><body><h1>{TITLE}</h1><p>二、主动公开政府信息情况</p><table><tr>{cells}</tr></table>".encode()
    )


SIGNS = {
    "half a character.docx": _docx_with('<w:r><w:sym w:font="Wingdings" w:char="D83D"/></w:r>'),
    "no character.docx": _docx_with('<w:r><w:sym w:char="FFFFFFFFFFFFFFFFFFFFFF"/></w:r>'),
    "no code.docx": _docx_with('<w:r><w:sym w:font="Wingdings"/></w:r>'),
    "entity.html": _html_with("&#xD83D;"),
    "other entity.html": _html_with("&#55357;&#0;&#1;&#x1FFFFF;"),
    "entity.txt": f"{TITLE}\n二、主动公开政府信息情况\n规章\t1&#xD83D;&#0;\t2\t3".encode(),
    "list.txt": "\n".join([TITLE, *['["规章", "1\\ud83d", "2"]'] * 8]).encode(),
}


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str | None]]:
    """What one ingest makes of two real reports and of a document with each of SIGNS, by the file's name."""
    folder = tmp_path_factory.mktemp("signs")
    raw = folder / "raw"
    raw.mkdir()
    shutil.copy(SEEDS[0], raw / "a.txt")
    shutil.copy(SEEDS[1], raw / "b.txt")
    for name, data in SIGNS.items():
        (raw / name).write_bytes(data)
    with at_once():
        assert run_ingest(raw, folder / "warehouse", Wish()) == 0
    return stored(folder / "warehouse")


@pytest.mark.parametrize("name", ["a.txt", "b.txt", *SIGNS])
def test_a_sign_that_no_file_can_take_ends_no_run(
    signs: dict[str, tuple[str, str | None]], name: str
) -> None:
    assert len(signs) == 2 + len(SIGNS)
    assert signs[name] == ("ingested", None)


def test_a_process_that_dies_costs_only_the_document_that_killed_it() -> None:
    words = ["a" * (number % 7) for number in range(120)] + ["kill"] + ["bb"] * 30
    results = list(pool.run(lengths_or_death, words, lambda _: 100_000))
    assert [word for batch, _ in results for word in batch] == words
    assert [batch for batch, result in results if result is None] == [["kill"]]
    assert [length for _, result in results if result for length in result] == [
        len(word) for word in words if word != "kill"
    ]
