"""`gongkai status`: how the warehouse stands, in a second, without changing or locking anything.

Belongs here: looking, and saying what needs attention. Does not belong here: doing anything about it. Nothing
here may need Dagster, whose import takes longer than the rest.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from assets import lock, log, releases
from assets.aligned import plain
from assets.folder import document_files, sha256
from assets.paths import DATABASE, LOG, RUNS

# A night and some hours: what waits longer has been missed by a run.
_LATE_HOURS = 36.0
# So many touched files are hashed without being asked; of more it is only said that they were touched.
_MOST_HASHED = 1_000
_MOST_SHOWN = 20
_TAIL_BYTES = 100_000
_STATUSES = ("ingested", "quarantined", "duplicate")
_KNOWN = """SELECT file_name, sha256, byte_size, status, reason
    FROM raw.document WHERE withdrawn_at IS NULL ORDER BY file_name"""
_WITHDRAWN = "SELECT count(*) FROM raw.document WHERE withdrawn_at IS NOT NULL"

Status = dict[str, Any]


class Known(NamedTuple):
    """A document as the published warehouse knows it."""

    file_name: str
    sha256: str | None
    byte_size: int
    status: str
    reason: str | None


def run(raw: Path, warehouse: Path, form: str, *, verify: bool) -> int:
    """Print the status; return the exit code: 1 when something needs attention."""
    found = status(raw, warehouse, verify=verify)
    text = (
        json.dumps(found, ensure_ascii=False, indent=1) + "\n" if form == "json" else "".join(_lines(found))
    )
    sys.stdout.write(text)
    return 1 if found["attention"] else 0


def status(raw: Path, warehouse: Path, *, verify: bool = False) -> Status:
    """Return how a warehouse stands; `verify` hashes every file of the folder of documents."""
    found: Status = {"warehouse": str(warehouse), "raw": str(raw), **_builds(warehouse)}
    holder = lock.holder(warehouse)
    found["writing"] = str(holder) if holder else None
    found["failed"], found["last_good_run"] = _last_failed(warehouse), _last_good_run(warehouse)
    try:
        known, withdrawn = _known(warehouse / DATABASE)
    except duckdb.Error as error:
        known, withdrawn = [], 0
        found["published"] = {**(found["published"] or {}), "problem": str(error).partition("\n")[0]}
    found["documents"] = {
        **{
            name: sum(one.status == name for one in known)
            for name in ("ingested", "quarantined", "duplicate")
        },
        "withdrawn": withdrawn,
    }
    found["quarantined"] = [
        {"file_name": one.file_name, "reason": one.reason} for one in known if one.status == "quarantined"
    ]
    found["waiting"], oldest = _waiting(raw, known, 0 if verify else _last_look(warehouse), verify=verify)
    found["attention"] = list(_attention(found, oldest))
    return found


# --- builds ---


def _builds(folder: Path) -> Status:
    try:
        now, pin, held = releases.published(folder), releases.pinned(folder), releases.held(folder)
    except releases.ReleaseError as error:
        return {"published": {"problem": str(error)}, "pinned": None, "held": None}
    return {
        "published": _published(folder / DATABASE, now),
        "pinned": str(pin) if pin else None,
        "held": {"since": held.made_at, "breaches": [str(one) for one in held.breaches]} if held else None,
    }


def _published(database: Path, release: releases.Release | None) -> Status | None:
    if not database.exists():
        return None
    file = database.stat()
    at = (
        release.made_at
        if release
        else datetime.fromtimestamp(file.st_mtime, UTC).isoformat(timespec="seconds")
    )
    return {
        "file": str(database),
        "byte_size": file.st_size,
        "release": release.release_id if release else None,
        "at": at,
        "age_hours": _hours_since(at),
        "problem": None,
    }


def _known(database: Path) -> tuple[list[Known], int]:
    if not database.exists():
        return [], 0
    with duckdb.connect(database, read_only=True) as connection:
        withdrawn = connection.execute(_WITHDRAWN).fetchone() or (0,)
        return [Known(*row) for row in connection.execute(_KNOWN).fetchall()], withdrawn[0]


# --- runs ---


def _last_failed(folder: Path) -> Status | None:
    """Return the last report of a failed run, with its place."""
    found = [(read, path) for path in (folder / RUNS).glob("*.json") if (read := _json(path.read_bytes()))]
    reports = [(str(read.get("failed_at", "")), read, path) for read, path in found]
    if not reports:
        return None
    at, read, path = max(reports, key=lambda one: one[0])
    faults = [f"{one.get('step')}: {one.get('message')}" for one in read.get("faults", [])]
    return {"at": at, "report": str(path), "faults": faults}


def _last_good_run(folder: Path) -> str | None:
    """Return when a run last ended with its build published, or nothing new to publish, as the log says."""
    path = folder / LOG
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL_BYTES, 0))
        events = [event for line in file.read().splitlines() if (event := _json(line))]
    ended = [one for one in events if one.get("event") == log.STANDS]
    return str(ended[-1]["timestamp"]) if ended else None


def _json(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


# --- the folder of documents ---


def _last_look(folder: Path) -> float:
    """Return the time before which the last run saw the folder of documents, in seconds; 0: it never did."""
    times = [
        path.stat().st_mtime
        for path in (folder / DATABASE, folder / "store/raw/document.parquet")
        if path.exists()
    ]
    return min(times, default=0)


def _waiting(
    raw: Path, known: Sequence[Known], seen: float, *, verify: bool
) -> tuple[dict[str, list[str]], float]:
    """Return the files that are new, changed, gone or touched (perhaps changed), and the longest wait of one.

    A file of another size has changed. One of the same size that was touched since `seen` is
    hashed: a touch alone is no change. The time is in hours, 0 where nothing waits.
    """
    by_name = {one.file_name: one for one in known}
    found: dict[str, list[str]] = {"new": [], "changed": [], "touched": [], "gone": []}
    there, since, hashed = set(), [], 0
    for path, name in document_files(raw):
        there.add(name)
        what = _what(path, by_name.get(name), seen, may_hash=verify or hashed < _MOST_HASHED)
        hashed += what in {"same", "changed"}
        if what in found:
            found[what].append(name)
            since.append(_touched(path))
    found["gone"] = sorted(by_name.keys() - there)
    return found, (time.time() - min(since)) / 3600 if since else 0


def _what(path: str, known: Known | None, seen: float, *, may_hash: bool) -> str:
    """Return what a file is against what is known of it: new, changed, touched, same; empty: let be."""
    if known is None:
        return "new"
    try:
        found = os.stat(path)  # noqa: PTH116 - Path is slow, and there may be 50,000
        if known.sha256 is None or (found.st_size == known.byte_size and found.st_ctime < seen):
            return ""
        if found.st_size != known.byte_size:
            return "changed"
        if not may_hash:
            return "touched"
        return "same" if sha256(path, found.st_size) == known.sha256 else "changed"
    except OSError:  # gone just now, or closed to this user: the next run says so
        return "touched"


def _touched(path: str) -> float:
    try:
        return os.lstat(path).st_ctime
    except OSError:
        return time.time()


# --- what needs somebody ---


def _attention(found: Status, oldest: float) -> Iterator[str]:
    published, held, failed = found["published"], found["held"], found["failed"]
    if published is None:
        yield "There is no published warehouse: run gongkai ingest."
    elif published["problem"]:
        yield f"The published warehouse can't be read: {published['problem']}. See gongkai rollback."
    if held:
        yield f"A build is held back: {'; '.join(held['breaches'])}. See gongkai releases."
    if found["pinned"]:
        yield f"The warehouse was {found['pinned']}: later builds are held back until one is acknowledged."
    if failed and failed["at"] > (found["last_good_run"] or ""):
        yield f"The last run failed: {'; '.join(failed['faults'])} ({failed['report']})."
    if oldest > _LATE_HOURS:
        yield f"A file has waited for {oldest:.0f} hours: see whether the schedule runs."


def _lines(found: Status) -> Iterator[str]:
    published, counts, waiting = found["published"], found["documents"], found["waiting"]
    yield f"Published    {_said_of(published)}\n"
    yield f"Last run     {'ended well ' + found['last_good_run'] if found['last_good_run'] else 'unknown'}\n"
    if found["failed"]:
        yield f"Last failure {found['failed']['at']}: {found['failed']['report']}\n"
    yield f"Held back    {'since ' + found['held']['since'] if found['held'] else 'nothing'}\n"
    yield f"Pinned       {found['pinned'] or 'no'}\n"
    yield f"Writing      {found['writing'] or 'nobody'}\n"
    yield f"Documents    {', '.join(f'{count:,} {name}' for name, count in counts.items())}\n"
    yield f"Waiting      {', '.join(f'{len(names):,} {what}' for what, names in waiting.items())}\n"
    yield from _some([f"{what:<8} {name}" for what, names in waiting.items() for name in names])
    yield f"Quarantined  {len(found['quarantined']):,}\n"
    yield from _some([f"{one['file_name']}: {one['reason']}" for one in found["quarantined"]])
    yield from (f"ATTENTION    {plain(one)}\n" for one in found["attention"])


def _said_of(published: Mapping[str, Any] | None) -> str:
    if published is None:
        return "nothing yet"
    if published["problem"]:
        return plain(published["problem"])
    name = f"{published['release']}, " if published["release"] else ""
    size = published["byte_size"] / 1e6
    age = f"{published['age_hours']:.1f} hours ago"
    return f"{name}{published['at']}, {age}: {published['file']} ({size:.1f} MB)"


def _some(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"             {plain(line)}\n" for line in lines[:_MOST_SHOWN])
    if len(lines) > _MOST_SHOWN:
        yield f"             and {len(lines) - _MOST_SHOWN:,} more: --format json has them all\n"


def _hours_since(at: str) -> float:
    return round((datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds() / 3600, 2)
