"""`gongkai releases` and `gongkai rollback`: which warehouses are kept, and going back to one.

Belongs here: what is printed and refused. Does not belong here: how a file comes into place (releases.py).
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from assets.aligned import aligned
from assets.lock import Busy, writing
from assets.releases import (
    Release,
    ReleaseError,
    file_of,
    heal,
    held,
    held_file,
    is_intact,
    pinned,
    published,
    releases,
    roll_back,
)

_HEADER = ("release", "", "reports", "cells", "verified", "of non-zero", "MB", "parser", "note")


def show(folder: Path) -> int:
    """Print the kept releases, newest first, and the build that is held back; return the exit code."""
    try:
        rows, notes = _rows(folder), _notes(folder)
    except ReleaseError as error:
        return _complain(str(error))
    if not rows:
        return _complain(f"There is no release in {folder}: run `make run` or `gongkai ingest` first.")
    sys.stdout.write(aligned(_HEADER, rows))
    sys.stdout.writelines(f"\n{note}\n" for note in notes)
    return 0


def run(folder: Path, release_id: str | None, wait: float) -> int:
    """Publish a kept release again (None: the one before the published); return the exit code."""
    if not folder.is_dir():
        return _complain(f"There is no warehouse folder {folder}: name it with --warehouse.")
    try:
        with writing(folder, wait, lambda text: sys.stderr.write(f"{text}\n")):
            heal(folder)
            wanted = _wanted(folder, release_id)
            _prove_readable(file_of(folder, wanted), wanted)
            roll_back(folder, wanted)
    except (Busy, ReleaseError, OSError) as error:
        return _complain(str(error))
    sys.stdout.write(f"Published again: {wanted.release_id}, made {wanted.made_at}.\n")
    if pinned(folder):
        newest = releases(folder)[-1].release_id
        sys.stdout.write(
            'It stays until a later build is acknowledged: gongkai ingest --acknowledge "why"\n'
            f"or until the newest release is taken again:  gongkai rollback {newest}\n"
        )
    return 0


def _wanted(folder: Path, release_id: str | None) -> Release:
    kept, now = releases(folder), published(folder)
    if not kept:
        raise ReleaseError(f"There is no release in {folder}: run `make run` or `gongkai ingest` first.")
    if release_id is None:
        return _before(kept, now)
    found = [one for one in kept if one.release_id == release_id]
    if not found:
        names = ", ".join(one.release_id for one in kept)
        raise ReleaseError(f"There is no release {release_id}; there are {names}.")
    return found[0]


def _before(kept: Sequence[Release], now: Release | None) -> Release:
    """Return the release that was published before `now`, or the nearest older one that is still kept."""
    if now is None:
        return kept[-1]
    older = [one for one in kept if one.release_id < now.release_id]
    if not older:
        raise ReleaseError(
            f"There is no release before {now.release_id}, which is published. See `gongkai releases`."
        )
    return next((one for one in older if one.release_id == now.previous), older[-1])


def _prove_readable(path: Path, release: Release) -> None:
    if not is_intact(path, release):
        raise ReleaseError(
            f"{path} is not as it was published, so it is not used; what is published stays. "
            "Choose another one of `gongkai releases`."
        )
    try:
        with duckdb.connect(path, read_only=True) as connection:
            connection.execute("SELECT count(*) FROM core.report")
    except duckdb.Error as error:
        raise ReleaseError(f"{path} can't be read: {error}") from error


def _rows(folder: Path) -> list[tuple[Any, ...]]:
    now, pin, standing = published(folder), pinned(folder), held(folder)
    rows = [_row(standing, "held", held_file(folder, standing))] if standing else []
    for one in reversed(releases(folder)):
        state = ("pinned" if pin else "published") if one == now else ""
        rows.append(_row(one, state, file_of(folder, one)))
    return rows


def _row(one: Release, state: str, path: Path) -> tuple[Any, ...]:
    size = f"{path.stat().st_size / 1e6:.1f}"
    shares = (_percent(one.verified_share), _percent(one.verified_share_non_zero))
    counts = (one.rows.get("core.report"), one.rows.get("core.cell"))
    return (one.release_id, state, *counts, *shares, size, one.parser_version, _note(one))


def _note(one: Release) -> str:
    if one.acknowledged is not None:
        return f"acknowledged: {one.acknowledged}"
    return f"{len(one.breaches)} bounds broken" if one.breaches else ""


def _notes(folder: Path) -> list[str]:
    pin, standing = pinned(folder), held(folder)
    notes = [f"The warehouse was {pin}: later builds are held back until one is acknowledged."] if pin else []
    if standing:
        broken = "".join(f"\n  {breach}" for breach in standing.breaches)
        notes.append(f"Held back since {standing.made_at}: {len(standing.breaches)} bounds broken.{broken}")
    return notes


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{100 * share:.1f} %"


def _complain(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1
