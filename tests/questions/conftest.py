"""The corpus, ingested once by the command that a person runs, for all test processes of a session."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.commands import ingest
from tests.once import made_once
from tests.questions.paper import write_corpus


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    return made_once(tmp_path_factory, worker_id, "questions", make) / "warehouse"


def make(folder: Path) -> None:
    (folder / "raw").mkdir()
    written = write_corpus(folder / "raw")
    printed = ingest(folder / "raw", folder / "warehouse")
    assert f"{written}: {written} ingested, 0 quarantined" in printed


@pytest.fixture(scope="session")
def db(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as connection:
        yield connection
