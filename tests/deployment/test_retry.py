"""An outage is tried again and a fault of ours is not: the real step, first made to fail."""

from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets import documents
from assets.intake import take_in
from assets.progress import Progress
from assets.storage import Storage
from tests.commands import RAW
from tests.nights import at_once


class Clock:
    """A clock that goes on by sleep alone, which takes no time."""

    def __init__(self) -> None:
        self.slept = 0.0

    def time(self) -> float:
        """Return the seconds slept."""
        return self.slept

    def sleep(self, seconds: float) -> None:
        """Put the clock forward."""
        self.slept += seconds


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *errors: Exception) -> tuple[bool, int, float]:
    """Scan the folder, the first tries ending in errors.

    Return whether it ended well, how many tries there were, and how many seconds were waited between them.
    """
    clock = Clock()
    tries = 0

    def failing(storage: Storage, progress: Progress, years: range | None) -> pl.DataFrame:
        nonlocal tries
        tries += 1
        if tries <= len(errors):
            raise errors[tries - 1]
        with at_once():
            return take_in(storage, progress, years)

    monkeypatch.setattr(documents, "take_in", failing)
    monkeypatch.setattr("dagster._core.execution.plan.active.time", clock)
    resources = {"storage": Storage(raw=str(RAW), warehouse=str(folder)), "progress": Progress()}
    ended = dg.materialize([documents.raw_document], resources=resources, raise_on_error=False)
    return ended.success, tries, clock.slept


def test_an_outage_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    succeeded, tries, waited = run(monkeypatch, tmp_path, OSError(116, "Stale file handle"))
    assert (succeeded, tries) == (True, 2)
    assert waited == pytest.approx(5)
    assert (tmp_path / "store" / "raw" / "document.parquet").exists()


def test_a_fault_is_not_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, tmp_path, ValueError("a column is missing")) == (False, 1, 0)
