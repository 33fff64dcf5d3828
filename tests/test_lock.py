"""Two at once: one writes, the other waits or ends with a message; the kernel frees the lock of the dead."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.lock import Busy, holder, writing
from assets.partitions import year_tags
from tests.commands import RAW, SEEDS, gongkai, server, sql

Ended = tuple[int, str]

BUSY = re.compile(r"Another gongkai is writing to (.+): process (\d+), since (\S+ \S+) UTC\.")
# Holds the lock and has a worker of the pool.
HOLDS_WITH_A_WORKER = """
import os, sys, time
from pathlib import Path
from assets import pool
from assets.lock import writing
with writing(Path(sys.argv[1])):
    print(pool._processes().submit(os.getpid).result(), flush=True)
    time.sleep(600)
"""


@pytest.mark.timeout(900)
def test_of_two_ingests_at_the_same_moment_one_works_and_the_other_says_why_not(tmp_path: Path) -> None:
    raw, warehouse = tmp_path / "raw", tmp_path / "warehouse"
    raw.mkdir()

    def together(*options: str) -> list[Ended]:
        """Start two ingests at the same moment; return how each ended and what it printed."""
        command = ["ingest", "--raw", str(raw), "--warehouse", str(warehouse), *options]
        started = [server().gongkai(*command) for _ in range(2)]
        return sorted((child.wait(), child.printed()) for child in started)

    for seed in SEEDS[:2]:
        shutil.copy(seed, raw)
        began = datetime.now(UTC).replace(microsecond=0)
        ended = together()
        assert [code for code, _ in ended] == [0, 1]
        (message,) = [found for _, printed in ended for found in BUSY.findall(printed)]
        assert message[0] == str(warehouse)
        since = datetime.strptime(message[2], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        assert began <= since <= datetime.now(UTC)
        assert BUSY.search(ended[1][1])
    shutil.copy(SEEDS[2], raw)
    ended = together("--wait", "600")
    assert [code for code, _ in ended] == [0, 0]
    assert sum("Waiting for another gongkai" in printed for _, printed in ended) == 1
    assert sql(warehouse, "SELECT file_name FROM mart.agency_year ORDER BY ALL") == [
        {"file_name": seed.name} for seed in SEEDS[:3]
    ]
    assert sql(warehouse, "SELECT count(*) AS n FROM core.cell") == [{"n": 3 * 198}]


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_a_run_of_dagster_waits_and_says_so_while_the_command_line_ends_and_readers_go_on(
    tmp_path: Path,
) -> None:
    log = tmp_path / "run.log"
    with log.open("wb") as file:
        with writing(tmp_path):
            run = subprocess.Popen(
                [
                    *(Path(sys.executable).with_name("dagster"), "job", "execute"),
                    *("--module-name", "assets.definitions", "--job", "ingest"),
                    *("--tags", json.dumps(year_tags())),
                ],
                cwd=tmp_path,  # where it makes a home for itself
                env={**os.environ, "GONGKAI_WAREHOUSE": str(tmp_path), "GONGKAI_RAW": str(RAW)},
                stdout=file,
                stderr=subprocess.STDOUT,
            )
            ended = gongkai("ingest", "--raw", RAW, "--warehouse", tmp_path)
            assert ended.returncode == 1
            (message,) = BUSY.findall(ended.stderr)
            assert message[:2] == (str(tmp_path), str(os.getpid()))
            assert gongkai("rollback", "--warehouse", tmp_path).returncode == 1
            deadline = time.monotonic() + 120
            while "Waiting for another gongkai" not in log.read_text() and time.monotonic() < deadline:
                time.sleep(0.1)
            assert f"process {os.getpid()}" in log.read_text()
            assert not (tmp_path / "store").exists()
        assert run.wait() == 0, log.read_text()
    assert sql(tmp_path, "SELECT count(*) AS n FROM core.report") == [{"n": 5}]


def test_the_lock_of_a_killed_process_is_free_at_once_as_no_worker_has_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS_WITH_A_WORKER, tmp_path], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    try:
        with pytest.raises(Busy, match=f"process {process.pid}, since"), writing(tmp_path):
            pass
        opened = [path.readlink() for path in Path(f"/proc/{worker}/fd").iterdir()]
        assert opened
        assert tmp_path / ".lock" not in opened
        process.kill()
        process.wait()
        with writing(tmp_path):
            found = holder(tmp_path)
            assert found is not None
            assert found.pid == os.getpid()
    finally:
        process.kill()
    assert holder(tmp_path) is None


def test_who_waits_gets_the_lock_or_hears_who_has_it(tmp_path: Path) -> None:
    said: list[str] = []
    with writing(tmp_path), pytest.raises(Busy, match="--wait"), writing(tmp_path, 0.3, said.append):
        pass
    assert len(said) == 1
    with writing(tmp_path, 0.3, said.append):
        assert len(said) == 1


def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / ".lock").mkdir()
    ended = gongkai("ingest", "--raw", RAW, "--warehouse", tmp_path)
    assert ended.returncode == 1
    assert f"{tmp_path / '.lock'} can't be opened" in ended.stderr
    assert "Traceback" not in ended.stderr
