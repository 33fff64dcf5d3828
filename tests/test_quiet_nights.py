"""A night on which nothing has changed does nothing, and on another no year is read or compared in vain.

Belongs here: which steps do their work on a second run. Does not belong here: what they make of it.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from assets import job, log
from assets.cli import app
from assets.comparison import compared
from assets.paths import CORRECTIONS, LOG, RAW
from assets.year import read_year
from tests.nights import at_once

SEEDS = sorted(RAW.glob("*.txt"))


def ingest(folder: Path, *options: str) -> int:
    corrections = folder / "corrections.csv"
    arguments = ["ingest", "--raw", str(folder / "raw"), "--warehouse", str(folder / "warehouse")]
    with at_once():
        return CliRunner().invoke(app, [*arguments, "--corrections", str(corrections), *options]).exit_code


@pytest.fixture(scope="module")
def built(seeds_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quiet")
    (folder / "raw").mkdir()
    for seed in SEEDS:
        shutil.copy(seed, folder / "raw")
    shutil.copy(CORRECTIONS, folder)
    shutil.copytree(seeds_warehouse, folder / "warehouse")
    return folder


@pytest.fixture
def house(built: Path, tmp_path: Path) -> Path:
    """The documents and the warehouse of `built`, times included, for one test to change."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The runs of the job, which then are not run: each ends well."""
    done: list[str] = []

    def run(*_: object) -> int:
        done.append("run")
        return 0

    monkeypatch.setattr(job, "run", run)
    return done


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The years that were read and the comparisons that were made, as they are done."""
    done: list[str] = []

    def noting(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **kwargs: Any) -> Any:
            done.append(f"{name} {args[3]}" if len(args) > 3 else name)
            return work(*args, **kwargs)

        return noted

    monkeypatch.setattr("assets.reports.read_year", noting("read", read_year))
    monkeypatch.setattr("assets.across.compared", noting("compared", compared))
    return done


def of_documents(done: list[str]) -> list[str]:
    return [what for what in done if what in {"read 2019", "read 2020", "compared"}]


def test_a_night_without_changes_starts_nothing_and_says_so(house: Path, started: list[str]) -> None:
    before = (house / "warehouse" / LOG).read_text(encoding="utf-8")
    assert ingest(house) == 0
    assert started == []
    logged = (house / "warehouse" / LOG).read_text(encoding="utf-8").removeprefix(before)
    (event,) = map(json.loads, logged.splitlines())
    assert (event["event"], event["status"]) == (log.STANDS, "unchanged")


def swap(house: Path) -> None:
    """Two documents change names: the same names, the same contents."""
    one, other = sorted((house / "raw").iterdir())[:2]
    one.rename(house / "kept")
    other.rename(one)
    (house / "kept").rename(other)


def edit(house: Path) -> None:
    """A figure is altered in place, and the times are put back."""
    path = min((house / "raw").iterdir())
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"38", b"39", 1))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert path.stat().st_size == times.st_size


CHANGES: dict[str, Callable[[Path], object]] = {
    "a new document": lambda house: (house / "raw" / "new.txt").write_text("x"),
    "a document gone": lambda house: min((house / "raw").iterdir()).unlink(),
    "names swapped": swap,
    "a figure altered in place": edit,
    "what is no file": lambda house: os.mkfifo(house / "raw" / "pipe.txt"),
    "a correction": lambda house: (house / "corrections.csv").open("a").write("x\n"),
    "a lost copy": lambda house: next((house / "warehouse" / "archive").rglob("??*/*")).unlink(),
    "a stored table gone": lambda house: next((house / "warehouse" / "store").rglob("*.parquet")).unlink(),
    "the published file gone": lambda house: (house / "warehouse" / "gongkai.duckdb").unlink(),
    "another published file": lambda house: os.utime(house / "warehouse" / "gongkai.duckdb"),
    "a release gone": lambda house: next((house / "warehouse" / "releases").glob("*.json")).unlink(),
    "what a killed run left": lambda house: (house / "warehouse" / ".scratch.1.a").mkdir(),
    "a torn note": lambda house: next((house / "warehouse").rglob("night.json")).write_text('{"given"'),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_has_changed_starts_the_job(house: Path, started: list[str], change: str) -> None:
    CHANGES[change](house)
    assert ingest(house) == 0
    assert started == ["run"]


@pytest.mark.parametrize("options", [["--year", "2019"], ["--acknowledge", "it is right"]])
def test_who_asks_for_more_than_a_night_gets_it(house: Path, started: list[str], options: list[str]) -> None:
    assert ingest(house, *options) == 0
    assert started == ["run"]


def test_another_program_has_its_first_night(
    house: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.quiet.parser_version", lambda: "another version")
    assert ingest(house) == 0
    assert started == ["run"]


def test_dagster_with_a_history_sees_every_night(
    house: Path, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(house))
    assert ingest(house) == 0
    assert started == ["run"]


def test_times_alone_are_no_change(house: Path, started: list[str]) -> None:
    for path in (house / "raw").iterdir():
        os.utime(path)
    assert ingest(house) == 0
    assert started == []


def test_without_its_note_a_night_reads_and_compares_nothing_either(house: Path, worked: list[str]) -> None:
    note = next((house / "warehouse").rglob("night.json"))
    text = note.read_bytes()
    note.unlink()
    assert ingest(house) == 0
    assert worked == []
    assert note.read_bytes() == text


def test_what_is_to_be_tried_again_lets_no_night_pass_for_one_without_changes(house: Path) -> None:
    note = next((house / "warehouse").rglob("night.json"))
    note.unlink()
    os.mkfifo(house / "raw" / "pipe.txt")
    assert ingest(house) == 0
    assert not note.exists()


def test_a_new_document_has_its_year_read_and_all_compared(house: Path, worked: list[str]) -> None:
    text = SEEDS[0].read_text(encoding="utf-8").replace("38\t0\t0", "37\t0\t0")
    (house / "raw" / "another.txt").write_text(text, encoding="utf-8")
    assert ingest(house) == 0
    assert of_documents(worked) == ["read 2020", "compared"]


def test_a_withdrawn_document_has_its_year_put_together_anew(house: Path, worked: list[str]) -> None:
    next((house / "raw").glob("003*.txt")).unlink()
    assert ingest(house) == 0
    assert of_documents(worked) == ["read 2019", "compared"]


def test_a_stored_table_that_is_not_as_it_was_left_is_not_trusted(house: Path, worked: list[str]) -> None:
    (house / "warehouse" / "store" / "core" / "cell" / "2019.parquet").unlink()
    assert ingest(house) == 0
    assert of_documents(worked) == ["read 2019", "compared"]


def test_what_fails_a_check_is_done_again_the_next_night(
    house: Path, worked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SEEDS[0].read_text(encoding="utf-8").replace("38\t0\t0", "37\t0\t0")
    (house / "raw" / "another.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr("assets.reports.repeated", lambda name, _: 2 * (name == "core.cell"))
    assert ingest(house) == 1
    assert ingest(house) == 1
    assert of_documents(worked) == ["read 2020", "read 2020"]


def test_a_document_that_could_not_be_read_is_tried_every_night(house: Path, worked: list[str]) -> None:
    ledger = house / "warehouse" / "store" / "ledger" / "reading" / "2019.parquet"
    rows = pl.read_parquet(ledger)
    rows.with_columns(reason=pl.lit("The disk failed.")).write_parquet(ledger)
    (house / "warehouse" / "store" / "stamps" / "year-2019.json").unlink()
    assert ingest(house) == 0
    assert of_documents(worked) == ["read 2019"]  # which gives what it gave before
