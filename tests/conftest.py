"""Settings every test shares. Fixtures of one subject stay beside its tests."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tests.commands import RAW, script
from tests.once import made_once

# The same examples every time: a red run can be run again. GONGKAI_TESTS=search looks for new ones.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("GONGKAI_TESTS", "fixed"))


@pytest.fixture(scope="session")
def seeds_warehouse(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The warehouse of the real reports, only to be read; what the command said of it lies beside it."""
    return made_once(tmp_path_factory, worker_id, "seeds", ingested) / "warehouse"


def ingested(folder: Path) -> None:
    """Run the console script itself, once in a session; elsewhere tests fork."""
    ended = script("ingest", "--raw", RAW, "--warehouse", folder / "warehouse")
    assert ended.returncode == 0, ended.stderr
    for name, printed in (("output", ended.stdout), ("errors", ended.stderr)):
        (folder / f"{name}.txt").write_text(printed, encoding="utf-8")


@pytest.fixture
def own_warehouse(seeds_warehouse: Path, tmp_path: Path) -> Path:
    """A copy of it for one test to change, times and all, so that nothing seems changed."""
    return Path(shutil.copytree(seeds_warehouse, tmp_path / "warehouse", copy_function=shutil.copy2))
