"""A night on which nothing has changed: no year is read or compared again, and what did change is.

Belongs here: which steps do their work on a second run. Does not belong here: what they make of it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from assets.cli import app
from assets.comparison import compared
from assets.paths import RAW
from assets.year import read_year

SEEDS = sorted(RAW.glob("*.txt"))


def ingest(folder: Path) -> int:
    arguments = ["ingest", "--raw", str(folder / "raw"), "--warehouse", str(folder / "warehouse")]
    return CliRunner().invoke(app, arguments).exit_code


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quiet")
    (folder / "raw").mkdir()
    for seed in SEEDS:
        shutil.copy(seed, folder / "raw")
    assert ingest(folder) == 0
    return folder


@pytest.fixture
def house(built: Path, tmp_path: Path) -> Path:
    """The documents and the warehouse of `built`, times included, for one test to change."""
    for name in ("raw", "warehouse"):
        shutil.copytree(built / name, tmp_path / name)
    return tmp_path


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


def test_without_changes_nothing_is_read_or_compared(house: Path, worked: list[str]) -> None:
    assert ingest(house) == 0
    assert worked == []


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
