"""A full disk, a folder that can't be written, a file that vanishes: said clearly, mended by the next run."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import SEEDS
from tests.forks import Child, Forks
from tests.operations import folders
from tests.operations.states import differences, files

ROOM = "64m"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path_factory.mktemp("disk")
    if mount("-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", folder):
        pytest.skip("Only root may mount a small disk here.")
    yield folder
    subprocess.run(["umount", folder], check=True)


def mount(*arguments: str | Path) -> int:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode


@pytest.mark.nightly
def test_a_full_or_locked_disk_costs_a_night_and_nothing_else(
    server: Forks, disk: Path, tmp_path: Path
) -> None:
    raw, warehouse = folders.first_night(tmp_path / "raw"), disk / "warehouse"
    begin(server, raw, warehouse)
    shutil.copytree(warehouse, tmp_path / "undisturbed")
    published = (warehouse / "gongkai.duckdb").read_bytes()
    folders.second_night(raw)
    assert ended(server.gongkai("ingest", "--raw", raw, "--warehouse", tmp_path / "undisturbed")) == 0
    for kilobytes in (0, 3_000):  # no room for anything; room for what is read, and not for the build
        fill(disk, kilobytes)
        child = server.gongkai("ingest", "--raw", raw, "--warehouse", warehouse)
        assert ended(child) == 1
        assert "No space left on device" in child.printed()
        assert f"make room on the disk of {warehouse}" in child.printed()
        assert "Traceback" not in child.printed()
        assert (warehouse / "gongkai.duckdb").read_bytes() == published
        assert not list(warehouse.glob(".gongkai.duckdb.*"))
        (disk / "fill").unlink()
    assert mount("-o", "remount,ro", disk) == 0
    child = server.gongkai("ingest", "--raw", raw, "--warehouse", warehouse)
    assert ended(child) == 1
    assert f"The warehouse folder {warehouse} can't be written" in child.printed()
    assert mount("-o", "remount,rw", disk) == 0
    begin(server, raw, warehouse)
    assert differences(warehouse, tmp_path / "undisturbed") == []
    shutil.rmtree(warehouse / "runs")  # the reports of what failed
    assert files(warehouse) == files(tmp_path / "undisturbed")


def begin(server: Forks, raw: Path, warehouse: Path) -> None:
    child = server.gongkai("ingest", "--raw", raw, "--warehouse", warehouse)
    assert ended(child) == 0, child.printed()


def ended(child: Child) -> int:
    return child.wait()


def fill(disk: Path, kilobytes: int) -> None:
    """Leave so much room on a disk."""
    found = os.statvfs(disk)
    with (disk / "fill").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, found.f_bavail * found.f_frsize - kilobytes * 1024)


@pytest.mark.nightly
@pytest.mark.parametrize("opening", [1, 2])
def test_a_file_that_vanishes_while_it_is_read_is_as_one_that_was_never_there(
    server: Forks, tmp_path: Path, opening: int
) -> None:
    raw, warehouse = folders.first_night(tmp_path / "raw"), tmp_path / "warehouse"
    begin(server, raw, warehouse)
    shutil.copytree(warehouse, tmp_path / "undisturbed")
    added = raw / "added.txt"
    shutil.copy(SEEDS[3], added)
    child = server.start(
        "tests.forks:vanishing",
        *(str(added), str(opening), "ingest", "--raw", str(raw), "--warehouse", str(warehouse)),
    )
    assert ended(child) == 0, child.printed()
    assert not added.exists()
    assert differences(warehouse, tmp_path / "undisturbed") == []
    shutil.copy(SEEDS[3], added)
    for folder in (warehouse, tmp_path / "undisturbed"):
        begin(server, raw, folder)
    assert differences(warehouse, tmp_path / "undisturbed") == []
    assert files(warehouse) == files(tmp_path / "undisturbed")
