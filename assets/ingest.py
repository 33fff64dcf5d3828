"""`gongkai ingest`: what is asked, the lock, and the look whether there is anything to do at all.

Belongs here: what must be known before the work. Does not belong here: the work (job.py). That needs Dagster,
and a night without changes does without its import.
"""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assets import log, quiet
from assets.lock import Busy, writing
from assets.paths import CORRECTIONS, DATABASE, KEEP
from assets.summary import summary


class Wish(NamedTuple):
    """What is asked beyond the two folders.

    `years`: read these again and no others. `acknowledge`: why a build is published although it
    falls beyond the bounds. `wait`: seconds for another writer to end. `keep`: releases to keep.
    `corrections`: the file of reviewed corrections.
    """

    years: Sequence[int] = ()
    acknowledge: str = ""
    wait: float = 0
    keep: int = KEEP
    corrections: Path = CORRECTIONS


def run(raw: Path, warehouse: Path, wish: Wish) -> int:
    """Bring a warehouse up to date with a folder of documents; return the exit code, 0 or 1."""
    began = time.monotonic()
    problem = _unwritable(warehouse)
    if problem:
        return complain([problem])
    try:
        with writing(warehouse, wish.wait, lambda text: sys.stderr.write(f"{text}\n")):
            return _run(quiet.Place(raw, warehouse, wish.corrections), wish, began)
    except Busy as busy:
        return complain([str(busy)])


def complain(problems: Sequence[str]) -> int:
    """Say what went wrong, and return the exit code for it."""
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1


def _run(place: quiet.Place, wish: Wish, began: float) -> int:
    # Where Dagster keeps its history, it is to see every night.
    if not (wish.years or wish.acknowledge or os.environ.get("DAGSTER_HOME")) and quiet.is_quiet(place):
        log.event(place.warehouse, log.STANDS, status="unchanged")
        seconds = time.monotonic() - began
        sys.stdout.write(summary(place.warehouse / DATABASE, changed=False, seconds=seconds))
        return 0
    from assets import job  # noqa: PLC0415 - Dagster takes a second to load

    return job.run(place, wish, began)


def _unwritable(folder: Path) -> str | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"The warehouse folder {folder} can't be made: {error.strerror}."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"The warehouse folder {folder} can't be written: change its permissions or name another one."
    return None
