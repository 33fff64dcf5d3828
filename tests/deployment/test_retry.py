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


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *errors: Exception) -> tuple[bool, int]:
    """Scan the folder, the first tries ending in errors; return whether it ended well, and how many tries."""
    tries = 0

    def failing(storage: Storage, progress: Progress, years: range | None) -> pl.DataFrame:
        nonlocal tries
        tries += 1
        if tries <= len(errors):
            raise errors[tries - 1]
        return take_in(storage, progress, years)

    monkeypatch.setattr(documents, "take_in", failing)
    resources = {"storage": Storage(raw=str(RAW), warehouse=str(folder)), "progress": Progress()}
    ended = dg.materialize([documents.raw_document], resources=resources, raise_on_error=False)
    return ended.success, tries


def test_an_outage_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, tmp_path, OSError(116, "Stale file handle")) == (True, 2)
    assert (tmp_path / "store" / "raw" / "document.parquet").exists()


def test_a_fault_is_not_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, tmp_path, ValueError("a column is missing")) == (False, 1)
