"""The console script: what it prints, what it writes, how it ends."""

import io
import json
import os
import pty
import subprocess
from pathlib import Path

import polars as pl
import pytest

from assets.aligned import aligned
from assets.paths import LOG
from tests.commands import GONGKAI, RAW, gongkai, ingest, sql


@pytest.fixture(scope="module")
def warehouse(seeds_warehouse: Path) -> Path:
    return seeds_warehouse


def printed(warehouse: Path, kind: str) -> str:
    """Return the `output` or the `errors` of the ingest that made it."""
    return (warehouse.parent / f"{kind}.txt").read_text(encoding="utf-8")


def ask(warehouse: Path, query: str, *options: str) -> subprocess.CompletedProcess[str]:
    return gongkai("sql", query, "--warehouse", warehouse, *options)


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its time and content, but for the lock and the log, which tell of each run."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path not in {folder / ".lock", folder / LOG}
    }


# --- ingest ---


def test_the_summary_counts_documents_reports_cells_and_findings(warehouse: Path) -> None:
    summary = printed(warehouse, "output")
    assert "Documents  5: 5 ingested, 0 quarantined, 0 duplicate" in summary
    assert "Reports    5: 1 on 2019, 4 on 2020" in summary
    (cells,) = [line for line in summary.splitlines() if line.startswith("Cells")]
    assert "990: " in cells
    assert "5 contradicted; of 100 non-zero" in cells
    (row,) = [line.split() for line in summary.splitlines() if line.strip().startswith("dispute.results")]
    assert row[:3] == ["dispute.results", "error", "1"]
    assert f"Published {warehouse / 'gongkai.duckdb'}" in summary


def test_progress_is_shown_apart_from_the_summary(warehouse: Path) -> None:
    output, errors = printed(warehouse, "output"), printed(warehouse, "errors")
    assert "5/5" in errors
    assert "reading 2020" in errors
    assert "5/5" not in output
    assert "DEBUG" not in errors + output


def test_a_second_run_changes_nothing_and_says_so(own_warehouse: Path) -> None:
    before = files(own_warehouse)
    assert f"Nothing changed: {own_warehouse / 'gongkai.duckdb'} stands" in ingest(RAW, own_warehouse)
    assert files(own_warehouse) == before


def test_only_the_database_its_releases_its_store_and_the_archive_are_left(warehouse: Path) -> None:
    names = {"gongkai.duckdb", "releases", "archive", "logs", "store", ".lock"}
    assert {path.name for path in warehouse.iterdir()} == names
    assert not [name for name in files(warehouse) if Path(name).name.startswith(".")]


def test_a_database_that_was_removed_is_built_again(own_warehouse: Path) -> None:
    rows = sql(own_warehouse, "SELECT * FROM core.cell")
    (own_warehouse / "gongkai.duckdb").unlink()
    assert "Published" in ingest(RAW, own_warehouse)
    assert sql(own_warehouse, "SELECT * FROM core.cell") == rows


def test_one_year_is_read_again_and_a_year_not_read_is_said(tmp_path: Path) -> None:
    summary = ingest(RAW, tmp_path, "--year", "2020")
    assert "Documents  5: 4 ingested, 1 quarantined" in summary
    assert "run gongkai ingest without --year" in summary
    assert "Reports    5: 1 on 2019, 4 on 2020" in ingest(RAW, tmp_path)
    before = files(tmp_path)
    ended = gongkai("ingest", "--raw", RAW, "--warehouse", tmp_path, "--year", "2019", "2020")
    assert "reading 2019" in ended.stderr
    assert "Nothing changed" in ended.stdout
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "--raw", "/no/such/folder"],
        ["ingest", "--year", "1066"],
        ["ingest", "--year", "last"],
        ["ingest", "2020"],
        ["ingest", "--no-such-option"],
        ["sql"],
        ["sql", "SELECT 1", "--format", "xml"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    ended = gongkai(*arguments)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stderr


def test_a_pipeline_that_fails_ends_with_1_and_leaves_the_published_file(own_warehouse: Path) -> None:
    before = (own_warehouse / "gongkai.duckdb").read_bytes()
    stored = own_warehouse / "store" / "raw" / "document.parquet"
    stored.write_bytes(b"not parquet")
    ended = gongkai("ingest", "--raw", RAW, "--warehouse", own_warehouse)
    assert ended.returncode == 1
    assert "raw_document failed" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert (own_warehouse / "gongkai.duckdb").read_bytes() == before


def test_a_folder_that_cannot_be_written_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    ended = gongkai("ingest", "--raw", RAW, "--warehouse", tmp_path / "locked")
    assert ended.returncode == 1
    assert "can't be written" in ended.stderr


# --- sql ---


def test_the_table_is_aligned_for_chinese_letters(warehouse: Path) -> None:
    shown = ask(
        warehouse, "SELECT agency_name, requests_new FROM mart.agency_year ORDER BY requests_new DESC"
    ).stdout
    lines = shown.splitlines()
    widths = {sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in line) for line in lines[2:7]}
    assert lines[0].split() == ["agency_name", "requests_new"]
    assert lines[2].split() == ["盐城经济技术开发区管理委员会", "38"]
    assert len(widths) == 1
    assert lines[-1] == "5 rows"


def test_a_question_can_stand_in_a_file(warehouse: Path, tmp_path: Path) -> None:
    question = tmp_path / "question.sql"
    question.write_text("-- how many\nSELECT count(*) AS n FROM core.report\n", encoding="utf-8")
    found = gongkai("sql", "--file", question, "--warehouse", warehouse, "--format", "csv")
    assert (found.returncode, found.stdout.split()) == (0, ["n", "5"])
    both = gongkai("sql", "SELECT 1", "--file", question, "--warehouse", warehouse)
    assert both.returncode == 2


def test_null_blank_and_zero_are_told_apart(warehouse: Path) -> None:
    query = "SELECT NULL AS a, '' AS b, 0 AS c, 1.5 AS d, true AS e, [1, NULL] AS f, DATE '2021-01-25' AS g"
    assert ask(warehouse, query).stdout.splitlines()[2].split() == [
        "NULL",
        "0",
        "1.5",
        "true",
        "[1,",
        "NULL]",
        "2021-01-25",
    ]
    assert (
        ask(warehouse, query, "--format", "csv").stdout
        == 'a,b,c,d,e,f,g\n,"",0,1.5,true,"[1, null]",2021-01-25\n'
    )
    assert json.loads(ask(warehouse, query, "--format", "json").stdout) == [
        {"a": None, "b": "", "c": 0, "d": 1.5, "e": True, "f": [1, None], "g": "2021-01-25"}
    ]


def test_csv_quotes_what_must_be_quoted(warehouse: Path) -> None:
    query = "SELECT '规章, \"甲\"' AS \"a,b\", 'x' || chr(10) || 'y' AS c"
    assert ask(warehouse, query, "--format", "csv").stdout == '"a,b",c\n"规章, ""甲""","x\ny"\n'


def test_csv_and_json_are_complete_and_agree(warehouse: Path) -> None:
    query = "SELECT * FROM core.cell"
    rows = sql(warehouse, query)
    read = pl.read_csv(ask(warehouse, query, "--format", "csv").stdout.encode(), infer_schema=False)
    assert len(rows) == read.height == 990
    assert read["raw_text"].to_list() == [row["raw_text"] for row in rows]


def test_parquet_goes_to_a_pipe_or_a_file(warehouse: Path, tmp_path: Path) -> None:
    command = [
        str(GONGKAI),
        "sql",
        "SELECT * FROM core.report",
        "--warehouse",
        str(warehouse),
        "--format",
        "parquet",
    ]
    piped = pl.read_parquet(io.BytesIO(subprocess.run(command, capture_output=True, check=True).stdout))
    assert (
        subprocess.run([*command, "-o", str(tmp_path / "r.parquet")], check=True, capture_output=True).stdout
        == b""
    )
    assert piped.equals(pl.read_parquet(tmp_path / "r.parquet"))
    assert piped.height == 5
    assert [path.name for path in tmp_path.iterdir()] == ["r.parquet"]


def test_parquet_is_not_for_a_terminal(warehouse: Path) -> None:
    master, slave = pty.openpty()
    command = [str(GONGKAI), "sql", "SELECT 1", "--warehouse", str(warehouse), "--format", "parquet"]
    ended = subprocess.run(command, stdout=slave, stderr=subprocess.PIPE, text=True, check=False)
    os.close(slave)
    os.close(master)
    assert ended.returncode == 1
    assert "--output" in ended.stderr


def test_a_long_answer_says_where_it_stops(warehouse: Path) -> None:
    shown = ask(warehouse, "SELECT * FROM range(1001)").stdout.splitlines()
    assert "first 1,000 rows" in shown[-1]
    assert len(shown) == 1000 + 3
    assert ask(warehouse, "SELECT * FROM range(1000)").stdout.splitlines()[-1] == "1,000 rows"


def test_a_table_wider_than_the_terminal_is_given_as_lines() -> None:
    text = aligned(["机构", "requests_new"], [["盐城", 38], ["启东", None]], width=12)
    assert text.splitlines() == [
        "--- 1",
        "机构          盐城",
        "requests_new  38",
        "--- 2",
        "机构          启东",
        "requests_new  NULL",
    ]
    assert aligned(["机构", "requests_new"], [["盐城", 38]], width=80).count("\n") == 3


def test_what_documents_hold_is_shown_and_not_obeyed() -> None:
    text = aligned(["a"], [["[red]x[/red] \x1b[2J\x07"]])
    assert "[red]x[/red] \\x1b[2J\\x07" in text


@pytest.mark.parametrize(
    "query",
    [
        "CREATE TABLE core.x (a INT)",
        "DELETE FROM core.cell",
        "UPDATE core.cell SET value = 0",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('{folder}/in.csv')",
        "ATTACH '{folder}/other.duckdb'",
        "SET enable_external_access = true",
        "SELECT * FROM query",  # the name of a variable of the program
        "SELECT * FROM no_such_table",
        "SELEC 1",
    ],
)
def test_nothing_can_be_changed_and_no_other_file_reached(
    warehouse: Path, tmp_path: Path, query: str
) -> None:
    (tmp_path / "in.csv").write_text("a\n1\n")
    before = (warehouse / "gongkai.duckdb").read_bytes()
    ended = ask(warehouse, query.format(folder=tmp_path))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr
    assert "Traceback" not in ended.stderr
    assert (warehouse / "gongkai.duckdb").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    ended = ask(tmp_path / "none", "SELECT 1")
    assert ended.returncode == 1
    assert "make run" in ended.stderr


def test_asking_does_not_wait_for_dagster() -> None:
    code = "import sys, assets.cli, assets.query; print('dagster' in sys.modules)"
    assert (
        subprocess.run(
            [GONGKAI.with_name("python"), "-c", code], capture_output=True, text=True, check=True
        ).stdout
        == "False\n"
    )


# --- what a killed run leaves ---


def test_leftovers_of_a_killed_run_are_removed_and_do_no_harm(own_warehouse: Path) -> None:
    rows = sql(own_warehouse, "SELECT * FROM core.cell")
    dead = subprocess.Popen(["true"])  # a process id that is nobody's once it has ended
    dead.wait()
    for name in (f".gongkai.duckdb.{dead.pid}", f".gongkai.duckdb.{dead.pid}.wal"):
        (own_warehouse / name).write_bytes(b"half a build")
    (own_warehouse / "gongkai.duckdb").unlink()
    (own_warehouse / "gongkai.duckdb.wal").write_bytes(b"of a writer that was killed")
    ingest(RAW, own_warehouse)
    names = {"gongkai.duckdb", "releases", "archive", "logs", "store", ".lock"}
    assert {path.name for path in own_warehouse.iterdir()} == names
    assert sql(own_warehouse, "SELECT * FROM core.cell") == rows


def test_a_year_whose_storing_was_interrupted_is_read_anew(own_warehouse: Path) -> None:
    rows = sql(own_warehouse, "SELECT * FROM core.cell")
    store = own_warehouse / "store"
    # The ledger is removed first and written last: a kill in between leaves tables without it.
    (store / "ledger" / "reading" / "2020.parquet").unlink()
    (store / "core" / "cell" / "2020.parquet").write_bytes(
        (store / "core" / "cell" / "2019.parquet").read_bytes()
    )
    ended = gongkai("ingest", "--raw", RAW, "--warehouse", own_warehouse)
    assert "reading 2020" in ended.stderr
    assert "reading 2019" not in ended.stderr
    assert sql(own_warehouse, "SELECT * FROM core.cell") == rows
