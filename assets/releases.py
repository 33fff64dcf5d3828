"""The published warehouse, the last ones before it, and the build that is held back: files and their records.

Belongs here: which file is published, moving one into place, keeping, pinning, pruning, and healing
what a killed run left. Does not belong here: building (build.py) or judging (pipeline.release).

Invariant: gongkai.duckdb is the pinned release or, where none is pinned, the newest. Every step leaves either
the invariant or a state that heal() brings back to it; the published name is only ever replaced whole.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from assets.paths import DATABASE, HELD, RELEASES
from pipeline.release import Breach, Measure

_ID = re.compile(r"\d{8}T\d{6}Z")
_ID_FORMAT = "%Y%m%dT%H%M%SZ"
_PIN = "pinned.json"


class ReleaseError(Exception):
    """What was asked of the releases can't be done; the message says why and what to do."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Fingerprint(_Record):
    """A file's size and time, by which it is known at a glance, and its content's hash, which proves it."""

    byte_size: int
    mtime_ns: int
    sha256: str


class Release(_Record):
    """One built warehouse: when it was published (or held), what it is made of, what it holds.

    `previous`: the release that was published before it. `acknowledged`: the reason for which it
    was published in spite of its `breaches`.
    """

    release_id: str
    made_at: str
    previous: str | None
    parser_version: str
    inputs: dict[str, object]
    rows: dict[str, int]
    verified_share: float | None
    verified_share_non_zero: float | None
    measures: list[Measure]
    file: Fingerprint
    breaches: list[Breach] = []
    acknowledged: str | None = None


class Pin(_Record):
    """A rollback: to which release, when, and which was the newest then; a newer one ends it."""

    release_id: str
    newest: str
    rolled_back_at: str

    def __str__(self) -> str:
        return f"rolled back to {self.release_id} on {self.rolled_back_at[:10]}"


_Kind = TypeVar("_Kind", bound=_Record)


# --- what there is ---


def releases(folder: Path) -> list[Release]:
    """Return the kept releases of a warehouse folder, oldest first."""
    return list(_records(folder / RELEASES))


def file_of(folder: Path, release: Release) -> Path:
    """Return the file of a kept release."""
    return folder / RELEASES / f"{release.release_id}.duckdb"


def pinned(folder: Path) -> Pin | None:
    """Return the rollback that stands, if one does: nothing has been published since."""
    path = folder / RELEASES / _PIN
    if not path.exists():
        return None
    pin = _read(Pin, path)
    newest = max((one.release_id for one in releases(folder)), default=pin.newest)
    return pin if newest <= pin.newest else None


def published(folder: Path) -> Release | None:
    """Return the release that is, or after healing will be, the published file."""
    kept, pin = releases(folder), pinned(folder)
    if pin:
        return next((one for one in kept if one.release_id == pin.release_id), None)
    return kept[-1] if kept else None


def held(folder: Path) -> Release | None:
    """Return the build that is held back, if there is one."""
    found = list(_records(folder / HELD))
    return found[-1] if found else None


def held_file(folder: Path, release: Release) -> Path:
    """Return the file of the build that is held back."""
    return folder / HELD / f"{release.release_id}.duckdb"


def next_id(folder: Path) -> tuple[str, str]:
    """Return the id and time of a release made now; ids rise, even when the clock goes back."""
    now = datetime.now(UTC).replace(microsecond=0)
    taken = [*(one.release_id for one in releases(folder)), *_held_ids(folder)]
    if taken:
        now = max(now, _time_of(max(taken)) + timedelta(seconds=1))
    return now.strftime(_ID_FORMAT), now.isoformat()


def fingerprint(path: Path) -> Fingerprint:
    """Return a file's size, time and hash."""
    size, mtime = _state(path)
    with path.open("rb") as file:
        return Fingerprint(
            byte_size=size, mtime_ns=mtime, sha256=hashlib.file_digest(file, "sha256").hexdigest()
        )


def is_intact(path: Path, release: Release) -> bool:
    """Return whether a file is the release's, byte for byte; read only where size and time leave doubt."""
    if not path.exists():
        return False
    known = release.file
    if _state(path) == (known.byte_size, known.mtime_ns):
        return True
    return _state(path)[0] == known.byte_size and fingerprint(path).sha256 == known.sha256


def beside(folder: Path) -> Path:
    """Return the name under which this process builds or copies what it will publish."""
    return folder / f".{DATABASE}.{os.getpid()}"


# --- what is done: only by the one who holds the lock ---


def heal(folder: Path) -> None:
    """Bring back the invariant and remove what a killed run left."""
    _sweep(folder)
    _complete(folder)
    _drop_overtaken(folder)
    now = published(folder)
    if now is None or is_intact(folder / DATABASE, now):
        return
    own = file_of(folder, now)
    if is_intact(own, now):
        _replace(folder, own)


def publish(folder: Path, new: Path, release: Release, keep: int) -> None:
    """Move `new` (beside the published file, closed) into place as a release; keep the last `keep`.

    The record goes first: a file in place with a record but not yet kept is completed by heal(), a
    record of what never came into place is removed by it.
    """
    (folder / RELEASES).mkdir(exist_ok=True)
    _sync(new)
    _write(folder / RELEASES / f"{release.release_id}.json", release)
    _in_place(folder, new)
    _complete(folder)
    _drop_overtaken(folder)
    _prune(folder, keep)


def adopt(folder: Path, release: Release) -> None:
    """Keep the published file, which has no record yet, as a release."""
    (folder / RELEASES).mkdir(exist_ok=True)
    _write(folder / RELEASES / f"{release.release_id}.json", release)
    _complete(folder)


def hold(folder: Path, new: Path, release: Release) -> None:
    """Keep a build apart as the one that is held back; it takes the place of an earlier one.

    `new`: beside the published file, or the file already held, of which only the record then changes.
    """
    target = held_file(folder, release)
    target.parent.mkdir(exist_ok=True)
    if new != target:
        _sync(new)
        new.replace(target)
    if held(folder) != release:
        _write(target.with_suffix(".json"), release)
    _drop(folder / HELD, besides=release.release_id)


def drop_held(folder: Path) -> None:
    """Remove the build that is held back."""
    _drop(folder / HELD)
    with suppress(OSError):  # there is none, or somebody keeps something of his own in it
        (folder / HELD).rmdir()


def roll_back(folder: Path, release: Release) -> None:
    """Publish a kept release again and pin it; the newest one needs no pin."""
    heal(folder)
    newest, now = releases(folder)[-1].release_id, datetime.now(UTC).isoformat(timespec="seconds")
    if release.release_id == newest:
        (folder / RELEASES / _PIN).unlink(missing_ok=True)
        _sync(folder / RELEASES)
    else:
        pin = Pin(release_id=release.release_id, newest=newest, rolled_back_at=now)
        _write(folder / RELEASES / _PIN, pin)
    _replace(folder, file_of(folder, release))


def duplicate(source: Path, target: Path) -> None:
    """Give a file a second name; a copy where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        part = target.with_name(f".{target.name}.part")
        try:
            shutil.copy2(source, part)
            _sync(part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)


# --- steps ---


def _replace(folder: Path, source: Path) -> None:
    """Put another name of `source` into the published place."""
    new = beside(folder)
    new.unlink(missing_ok=True)
    duplicate(source, new)
    _in_place(folder, new)


def _in_place(folder: Path, new: Path) -> None:
    # DuckDB would play a killed writer's log into whatever file bears its name.
    (folder / f"{DATABASE}.wal").unlink(missing_ok=True)
    new.replace(folder / DATABASE)
    new.unlink(missing_ok=True)  # two names of one file: renaming the one to the other does nothing
    _sync(folder)


def _complete(folder: Path) -> None:
    """Keep the published file where only its record is; remove records of what was never published."""
    kept = folder / RELEASES
    for path in _record_files(kept):
        own = path.with_suffix(".duckdb")
        if own.exists():
            continue
        release = _read(Release, path)
        if is_intact(folder / DATABASE, release):
            duplicate(folder / DATABASE, own)
            _sync(kept)
        else:
            path.unlink()


def _prune(folder: Path, keep: int) -> None:
    """Remove all but the last releases, each file before its record: a record alone is removed by heal()."""
    for release in releases(folder)[:-keep]:
        file_of(folder, release).unlink(missing_ok=True)
        (folder / RELEASES / f"{release.release_id}.json").unlink()


def _sweep(folder: Path) -> None:
    """Remove half-made files: their makers are gone, as one process alone may write."""
    patterns = (f".{DATABASE}.*", f"..{DATABASE}.*.part", f"{RELEASES}/.*.part", f"{HELD}/.*.part")
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        path.unlink(missing_ok=True)
    standing = held(folder)
    if standing:
        _drop(folder / HELD, besides=standing.release_id)
    else:
        drop_held(folder)


def _drop_overtaken(folder: Path) -> None:
    """Remove the held build and the pin that a later release has overtaken."""
    standing, kept = held(folder), releases(folder)
    if standing and kept and standing.release_id < kept[-1].release_id:
        drop_held(folder)
    if pinned(folder) is None:
        (folder / RELEASES / _PIN).unlink(missing_ok=True)


def _drop(folder: Path, besides: str | None = None) -> None:
    """Remove builds, records first: a build counts only with both."""
    for suffix in (".json", ".duckdb"):
        for path in folder.glob(f"*{suffix}"):
            if path.stem != besides:
                path.unlink(missing_ok=True)


def _records(folder: Path) -> Iterator[Release]:
    for path in _record_files(folder):
        if path.with_suffix(".duckdb").exists():
            yield _read(Release, path)


def _record_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if _ID.fullmatch(path.stem))


def _held_ids(folder: Path) -> Iterator[str]:
    return (path.stem for path in _record_files(folder / HELD))


def _time_of(release_id: str) -> datetime:
    return datetime.strptime(release_id, _ID_FORMAT).replace(tzinfo=UTC)


def _read(kind: type[_Kind], path: Path) -> _Kind:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (ValidationError, json.JSONDecodeError) as error:
        raise ReleaseError(
            f"{path} is damaged: remove it and the .duckdb file of the same name, if there is one."
        ) from error


def _write(path: Path, record: _Record) -> None:
    """Write a record that appears only whole, also after a power cut."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(record.model_dump_json(indent=1), encoding="utf-8")
    _sync(part)
    part.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Have the system put a file or folder on the disk before anything that follows."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
