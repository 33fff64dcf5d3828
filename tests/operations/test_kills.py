"""An ingest that is killed at any moment: the published file opens throughout, and the next run mends all.

Kills come at random moments of a run's time, and before any of the changes of files that Python makes.
"""

import shutil
import signal
import time
from itertools import count
from math import inf
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest

from tests.forks import Child, Forks
from tests.operations import folders
from tests.operations.states import differences, files, keep_opening

pytestmark = pytest.mark.timeout(900)  # many runs in one test; the usual limit is for one
SEED = 20_261_121
# How many kills: of a night that changes a warehouse and of a first load by several processes.
FEW = {"night": 3}
MANY = {"night": 70, "load": 30}
# Names the runs of one warehouse among all processes of the machine.
MARK = "GONGKAI_TEST_RUN"
KEEP_OPENING = f"{keep_opening.__module__}:{keep_opening.__name__}"


class Scene(NamedTuple):
    """An ingest to be killed: its documents, the warehouse before it and what it makes undisturbed."""

    raw: Path
    before: Path
    after: Path
    seconds: float
    changes: int


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents that several processes read."""
    return folders.heavy(tmp_path_factory.mktemp("heavy") / "raw")


@pytest.fixture(scope="module")
def scenes(server: Forks, heavy: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    folder = tmp_path_factory.mktemp("scenes")
    raw, before = folders.first_night(folder / "raw"), folder / "night before"
    before.mkdir()
    assert start(server, raw, before).wait() == 0
    folders.second_night(raw)
    (folder / "load before").mkdir()
    return {
        "night": undisturbed(server, raw, before, folder / "night after"),
        "load": undisturbed(server, heavy, folder / "load before", folder / "load after"),
    }


def undisturbed(server: Forks, raw: Path, before: Path, after: Path) -> Scene:
    shutil.copytree(before, after)
    began = time.monotonic()
    child = start(server, raw, after)
    assert child.wait() == 0, child.printed()
    changes = int(child.output.read_text(encoding="utf-8").rpartition("changes:")[2])
    assert changes > 8
    return Scene(raw, before, after, time.monotonic() - began, changes)


def start(server: Forks, raw: Path, warehouse: Path, step: int = 0) -> Child:
    """Start an ingest that ends before its `step`-th change of a file; with 0 it runs to its end."""
    return server.start(
        "tests.forks:killed_at",
        str(step),
        str(warehouse),
        *("ingest", "--raw", str(raw), "--warehouse", str(warehouse)),
        env={"TMPDIR": str(warehouse.parent / "tmp"), MARK: str(warehouse)},
    )


@pytest.mark.nightly
@pytest.mark.parametrize("kind", FEW)
def test_a_killed_ingest_is_mended_by_the_next(
    kind: str, server: Forks, scenes: dict[str, Scene], tmp_path: Path
) -> None:
    kill_and_mend(server, scenes[kind], Random(f"{SEED} {kind}"), FEW[kind], tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", MANY)
def test_a_hundred_killed_ingests_are_mended_by_the_next(
    kind: str, server: Forks, scenes: dict[str, Scene], tmp_path: Path
) -> None:
    kill_and_mend(server, scenes[kind], Random(f"{SEED} {kind} nightly"), MANY[kind], tmp_path)


def test_the_workers_of_a_killed_ingest_end_too(server: Forks, heavy: Path, tmp_path: Path) -> None:
    (tmp_path / "tmp").mkdir()
    child = start(server, heavy, tmp_path / "warehouse")
    while len(runs(tmp_path / "warehouse")) < 2:  # a worker, and what multiprocessing starts before it
        assert child.code() is None, child.printed()
    child.kill()
    assert child.wait() == -signal.SIGKILL
    assert_no_orphans(tmp_path / "warehouse")


def kill_and_mend(server: Forks, scene: Scene, rng: Random, kills: int, folder: Path) -> None:
    """Kill ingests at moments and at changes by turns; after each one a run must mend the warehouse.

    A run that ended before its moment shows how long one takes now: the next moment lies within that.
    """
    longest, killed = scene.seconds, 0
    (folder / "tmp").mkdir()
    for number in count():
        warehouse, stop = folder / str(number), folder / f"stop {number}"
        shutil.copytree(scene.before, warehouse)
        watcher = server.start(KEEP_OPENING, str(warehouse / "gongkai.duckdb"), str(stop))
        step = rng.randint(1, scene.changes) if killed % 2 else 0
        child, began = start(server, scene.raw, warehouse, step), time.monotonic()
        code = killed_after(child, inf if step else rng.uniform(0, longest))
        assert code in {0, -signal.SIGKILL}, child.printed()
        killed += code != 0
        longest = longest if code else time.monotonic() - began
        assert_no_orphans(warehouse)
        assert start(server, scene.raw, warehouse).wait() == 0
        stop.touch()
        assert watcher.wait() == 0, watcher.printed()
        assert differences(warehouse, scene.after) == []
        assert files(warehouse) == files(scene.after)
        assert files(folder / "tmp") == set()
        shutil.rmtree(warehouse)
        if killed == kills:
            return


def killed_after(child: Child, seconds: float) -> int:
    """Kill a process after some seconds, unless it has ended; return its exit code."""
    until = time.monotonic() + seconds
    while (code := child.code()) is None and time.monotonic() < until:
        time.sleep(0.005)
    if code is None:
        child.kill()
        return child.wait()
    return code


def assert_no_orphans(warehouse: Path) -> None:
    """Wait until no process of a killed run is left; one that stays makes the test fail by its time limit."""
    while runs(warehouse):
        time.sleep(0.02)


def runs(warehouse: Path) -> list[Path]:
    """Return the processes that a run on a warehouse folder has started.

    The run itself is none of them: it was forked, and the system shows what a process began with.
    """
    mark = f"{MARK}={warehouse}\0".encode()
    return [process for process in Path("/proc").glob("[0-9]*") if mark in environment(process)]


def environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:  # ended meanwhile
        return b""
