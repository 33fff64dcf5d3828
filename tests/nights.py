"""Nights without Dagster: the functions under its steps, called in their order, and all that they store.

Belongs here: running one night in this process and looking at the stored tables. Does not belong here:
building the DuckDB file, which follows from them (tests of the command line do), or what a test expects.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import polars as pl

from assets import corrections
from assets.comparison import COPIES, FINDINGS, compared
from assets.intake import take_in
from assets.progress import Progress
from assets.storage import Storage
from assets.year import read_year
from pipeline.frames import PARTITIONED, agencies, settled
from pipeline.frames.reports import Frames

FIRST_NIGHT = datetime(2024, 1, 1, 2)  # noqa: DTZ001 - UTC without its name, as stored


class Counted(Progress):
    """Notes how many documents each step of a night had to do; a step without any is left out."""

    def __init__(self) -> None:
        self.totals: dict[str, int] = {}

    def stage(self, name: str, total: int) -> None:
        """Note a step."""
        if total and name != "comparing":
            self.totals[name] = total


def storage(folder: Path) -> Storage:
    """A folder of documents and a warehouse beside it."""
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    return Storage(raw=str(folder / "raw"), warehouse=str(folder / "warehouse"))


@contextmanager
def at_once() -> Iterator[None]:
    """Let no night wait for files to come to rest."""
    with patch("assets.intake._REST_SECONDS", 0):
        yield


def night(storage: Storage, number: int = 0, years: Iterable[int] | None = None) -> dict[str, int]:
    """Run one night, the `number`-th, over all years or some; return the documents opened and read."""
    progress, asked = Counted(), None if years is None else set(years)
    with patch("assets.intake._now", lambda: FIRST_NIGHT + timedelta(days=number)):
        found = take_in(storage, progress, asked)
    storage.write("raw.document", found)
    stored = {*found["report_year"].drop_nulls(), *storage.years("core.report")}
    for year in sorted(stored if asked is None else stored & asked):
        read_year(storage, progress, found, year, again=asked is not None)
    compared(storage, progress)
    corrections.settled(storage)
    return progress.totals


def tables(storage: Storage) -> Frames:
    """Everything that the warehouse is made of, as published."""
    frames = {name: storage.read_all(name) for name in PARTITIONED}
    frames |= {name: storage.read(name) for name in (FINDINGS, COPIES)}
    frames["raw.document"] = settled(storage.read("raw.document"), frames["ledger.reading"])
    frames["core.dim_agency"] = agencies(frames["ledger.agency"], frames["core.report"])
    return frames


def without(frames: Frames, **columns: list[str]) -> Frames:
    """Frames without some columns: `raw_document=["first_seen_at"]`."""
    left_out = {name.replace("_", ".", 1): names for name, names in columns.items()}
    return {name: rows.drop(left_out.get(name, [])) for name, rows in frames.items()}


def differing(one: Frames, other: Frames) -> dict[str, pl.DataFrame]:
    """The rows in which two sets of tables differ, by table; empty when they are the same in every row."""
    assert one.keys() == other.keys()
    return {
        name: pl.concat([one[name].join(other[name], on=one[name].columns, how="anti", nulls_equal=True)])
        for name in one
        if not one[name].equals(other[name])
    }
