"""A PostgreSQL of a test's own, on loopback, in a folder of its own.

Belongs here: finding, starting and stopping Debian's server. Does not belong here: what is kept in it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.webserver import free_port

PASSWORD = "for this test alone"  # noqa: S105 - of a server that lives for a minute on loopback


def programs() -> Path:
    """Return the folder of PostgreSQL's programs; Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    known = found[-1] if found else shutil.which("initdb")
    if known is None:
        pytest.fail("No PostgreSQL here. On Debian: apt-get install postgresql")
    return Path(known).parent


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """Run a server and yield the environment by which deploy/dagster.yaml finds it."""
    # Not in pytest's folders: they are closed to the user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="gongkai-postgres-") as folder:
        yield from _running(Path(folder))


def _running(folder: Path) -> Iterator[dict[str, str]]:
    port = str(free_port())
    data, bin_folder = folder / "data", programs()
    (folder / "password").write_text(PASSWORD)
    # It refuses to run as root; its folder must then be its user's.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def call(program: str, *arguments: str | Path) -> None:
        # A file, not a pipe: the server keeps it open long after pg_ctl has ended.
        with (folder / "said").open("w") as said:
            command = [bin_folder / program, *arguments]
            ended = subprocess.run(
                command, user=user, cwd=folder, stdout=said, stderr=said, timeout=60, check=False
            )
        assert ended.returncode == 0, (folder / "said").read_text()

    login = ("-U", "dagster", "-A", "scram-sha-256", "--pwfile", str(folder / "password"))
    call("initdb", "-D", data, *login, "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
    call("pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    try:
        yield {
            "DAGSTER_PG_HOST": "127.0.0.1",
            "DAGSTER_PG_PORT": port,
            "DAGSTER_PG_USER": "dagster",
            "DAGSTER_PG_PASSWORD": PASSWORD,
            "DAGSTER_PG_DB": "postgres",
        }
    finally:
        call("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
