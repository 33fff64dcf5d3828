"""How much of a warehouse is in memory at a time: some reports of a year, however many there are.

Belongs here: what keeps it so, and that results don't depend on it. Does not belong here: megabytes
(tests.bench.nights).
"""

import filecmp
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from assets.build import build
from assets.cli import app
from assets.storage import Storage
from tests import nights
from tests.reading.made import Key
from tests.small_reports import figures, report, write

BODIES = ("教育局", "财政局", "水利局", "民政局", "审计局", "统计局", "司法局", "商务局", "体育局")
# Totals that no identity bears out: findings in every report.
WRONG: dict[Key, str] = {("application", row, "total"): "99" for row in ("granted", "partial", "carried_out")}
REPORTS = {
    f"{number}_{year}": report(f"启东市{body}", year, figures(new=number, carried_in=3) | WRONG)
    for number, body in enumerate(BODIES)
    for year in (2021, 2022)
}
# The large tables, each with a column that tells its rows from others.
LARGE = {"raw_text": "core/cell/2022", "message": "quality/finding"}
# So many times what is held is there.
TIMES = 4


def ingest(raw: Path, warehouse: Path) -> None:
    with nights.at_once():
        ended = CliRunner().invoke(app, ["ingest", "--raw", str(raw), "--warehouse", str(warehouse)])
    assert ended.exit_code == 0, ended.output


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("reports") / "raw", REPORTS)


@pytest.fixture(scope="module")
def at_once(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse as it is made in the usual stretches, each of which takes all of these few reports."""
    folder = tmp_path_factory.mktemp("at_once")
    ingest(raw, folder)
    return folder


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The most rows of each large table that any frame has held, while a stretch is a few reports."""
    monkeypatch.setattr("assets.pool._BATCH", 2)
    monkeypatch.setattr("assets.storage._STRETCH", 20)
    most = dict.fromkeys(LARGE, 0)
    collect = pl.LazyFrame.collect

    def noting(frame: pl.LazyFrame, *args: Any, **kwargs: Any) -> Any:
        rows = collect(frame, *args, **kwargs)
        for column in LARGE.keys() & set(rows.columns):
            most[column] = max(most[column], rows.height)
        return rows

    monkeypatch.setattr(pl.LazyFrame, "collect", noting)
    return most


def test_no_step_holds_a_year_and_the_store_is_the_same(
    raw: Path, at_once: Path, held: dict[str, int], tmp_path: Path
) -> None:
    ingest(raw, tmp_path)
    for column, name in LARGE.items():
        stored = len(pl.read_parquet(at_once / f"store/{name}.parquet"))
        assert 0 < held[column] * TIMES <= stored, name
    files = {path.relative_to(at_once) for path in at_once.glob("store/*/**/*.parquet")}
    differing = {path for path in files if not filecmp.cmp(at_once / path, tmp_path / path, shallow=False)}
    # When each was first seen differs.
    assert differing <= {Path("store/raw/document.parquet")}


def test_a_build_that_needs_more_memory_is_made_with_more(
    at_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.build._MEMORY", "1MB")
    made = tmp_path / "made.duckdb"
    assert build(Storage(warehouse=str(at_once)), made).wrong() == []
    assert cells(made) == cells(at_once / "gongkai.duckdb")


def cells(path: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.sql("FROM core.cell").fetchall()
