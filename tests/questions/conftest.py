"""The corpus, ingested once by the command that a person runs, for all test processes of a session."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.commands import ingest
from tests.questions.paper import write_corpus


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "questions"
    folder.mkdir(exist_ok=True)
    # The first process ingests, the others wait for it.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "warehouse" / "gongkai.duckdb").exists():
            (folder / "raw").mkdir()
            written = write_corpus(folder / "raw")
            printed = ingest(folder / "raw", folder / "warehouse")
            assert f"{written}: {written} ingested, 0 quarantined" in printed
    return folder / "warehouse"


@pytest.fixture(scope="session")
def db(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as connection:
        yield connection
