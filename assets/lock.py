"""One writer at a time: a lock on the folder of the warehouse.

The kernel frees it when its holder ends, however it ends. Belongs here: taking it, waiting for
it, saying who holds it. Does not belong here: what is written. Readers never take it.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NamedTuple

NAME = ".lock"
_PAUSE = 0.2
# A new holder has the lock for some microseconds before its name is in the file.
_SIGNING = 0.5


class Busy(Exception):
    """The lock can't be had; the message says who holds it and since when, or what hinders."""


class Holder(NamedTuple):
    """The process that writes, and since when (UTC)."""

    pid: int
    since: str

    def __str__(self) -> str:
        return f"process {self.pid}, since {self.since} UTC"


@contextmanager
def writing(
    folder: Path, wait: float | None = 0, say: Callable[[str], object] | None = None
) -> Iterator[None]:
    """Hold the lock of a folder; wait so many seconds for it (None: as long as it takes).

    `say` is told once when there is somebody to wait for. Raises Busy when the time is over.
    """
    # Not inherited: Python opens files so that a started program, as a worker of the pool, does not get them.
    with _opened(folder / NAME) as file:
        _take(file, folder, wait, say)
        _sign(file, {"pid": os.getpid(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"})
        try:
            yield
        finally:
            _sign(file, None)


def holder(folder: Path) -> Holder | None:
    """Return who is writing to the warehouse, as far as the lock file says; it is not locked by asking."""
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        holds = Holder(int(found["pid"]), str(found["since"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return holds if Path(f"/proc/{holds.pid}").exists() else None


def _opened(path: Path) -> IO[str]:
    try:
        return path.open("a+", encoding="utf-8")
    except OSError as error:
        raise Busy(
            f"The lock file {path} can't be opened ({error.strerror}): check its permissions."
        ) from error


def _take(file: IO[str], folder: Path, wait: float | None, say: Callable[[str], object] | None) -> None:
    began = time.monotonic()
    while not _taken(file):
        waited = time.monotonic() - began
        if wait is not None and waited >= wait:
            raise Busy(
                f"Another gongkai is writing to {folder}: {_named(folder)}. "
                "Try again when it has ended, or wait for it with --wait SECONDS."
            )
        if say:
            say(f"Waiting for another gongkai that is writing to {folder}: {_named(folder)}.")
            say = None
        time.sleep(_PAUSE if wait is None else min(_PAUSE, wait - waited))


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _named(folder: Path) -> str:
    deadline = time.monotonic() + _SIGNING
    while (found := holder(folder)) is None and time.monotonic() < deadline:
        time.sleep(_SIGNING / 20)
    return str(found) if found else "a process that has just begun or is ending"


def _sign(file: IO[str], content: dict[str, object] | None) -> None:
    """Write who holds the lock. A full disk is no reason not to hold it: the name then stays unknown."""
    # Past Python's buffer: what could not be written from it would be tried again when the file is closed.
    with suppress(OSError):
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), json.dumps(content).encode() if content else b"")
