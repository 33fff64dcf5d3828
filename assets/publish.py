"""The publishing step: every table and view of the warehouse in one file, moved into place whole.

Readers keep the file that they have open and find the new one when they open it again; a
half-built file never has the published name. Belongs here: what is built, whether it may be
published, and what Dagster is told. Does not belong here: files and their order (releases.py).
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import dagster as dg
import duckdb

from assets import build, checks, log, releases
from assets.lineage import column_lineage
from assets.measures import measured
from assets.paths import DATABASE
from assets.progress import Progress
from assets.releases import Release
from assets.retry import RETRY, only_outages_retried
from assets.specs import Result, facts, key, spec, unique_check, unique_result
from assets.storage import Storage
from assets.tags import describe
from pipeline.catalogue import tables, twins
from pipeline.release import Breach, bounds, breaches, share
from pipeline.version import parser_version

GATE = "release_gate"
# The gate judges the whole warehouse; its result stands at the table that analysts open first.
_GATE_ASSET = key("mart.agency_year")
_MADE = build.made()
_TABLES = [name for name in _MADE if name in tables()]
_KEYED = [name for name in _TABLES if tables()[name].key]
_ADOPTED = "published before releases were kept"


class Publishing(dg.Config):
    """`acknowledge`: why a build is published although it falls beyond the bounds; empty: it is held back."""

    acknowledge: str = ""


class Outcome(NamedTuple):
    """What a build holds, what it breaks, and why it is held back (None: it is published)."""

    contents: build.Contents
    breaches: list[Breach]
    held_because: str | None = None


class _Made(NamedTuple):
    """A closed file with what is known of it."""

    path: Path
    release: Release
    contents: build.Contents


@dg.multi_asset(
    name="publish",
    specs=[spec(name, tables().get(name) or twins()[name], build.upstream(name), "duckdb") for name in _MADE],
    check_specs=[
        *(unique_check(name) for name in _KEYED),
        *checks.block_checks(_TABLES),
        dg.AssetCheckSpec(
            GATE,
            asset=_GATE_ASSET,
            blocking=True,
            description="Falls behind the published warehouse by no more than the reviewed bounds.",
        ),
    ],
    retry_policy=RETRY,
)
def publish(
    context: dg.AssetExecutionContext,
    config: Publishing,
    storage: Storage,
    progress: dg.ResourceParam[Progress],
) -> Iterator[Result]:
    """Build and publish the warehouse, unless nothing that it is made of has changed."""
    progress.stage("publishing", 1)
    with only_outages_retried():
        outcome = published(storage, config.acknowledge)
    found = outcome.contents
    progress.advance(1)
    yield from (unique_result(name, found.repeated[name]) for name in _KEYED)
    for name in _TABLES:
        yield from checks.block_results(name, found.faults.get(name, checks.Faults()))
    yield _gate_result(outcome)
    if found.wrong():
        raise dg.Failure(f"Nothing was published. {'; '.join(found.wrong())}", allow_retries=False)
    if outcome.held_because is not None:
        raise dg.Failure(outcome.held_because, allow_retries=False)
    run = {"run_id": context.run.run_id, "step": "publish", "parser_version": parser_version()}
    log.event(storage.folder, log.STANDS, **run)
    describe(context, {"reports": found.rows["core.report"], "findings": found.rows["quality.finding"]})
    lineage = _lineage(context, storage)
    for name in _MADE:
        metadata = {**lineage.get(name, {}), **facts(found.rows[name], found.previews[name])}
        yield dg.MaterializeResult(key(name), metadata=metadata)


def _lineage(
    context: dg.AssetExecutionContext, storage: Storage
) -> dict[str, dict[str, dg.MetadataValue[Any]]]:
    """Return the column lineage of what is published, where Dagster keeps it for somebody to see."""
    if context.instance.is_ephemeral:
        return {}
    found = column_lineage(storage, build.sql_texts())
    return {
        name: {"dagster/column_lineage": dg.MetadataValue.column_lineage(columns)}
        for name, columns in found.items()
    }


def _gate_result(found: Outcome) -> dg.AssetCheckResult:
    """Return the gate's judgement; a build that is wrong fails by what is wrong and is not judged."""
    lines = ["| measure | published | new | bound |", "|---|---|---|---|"]
    lines += [f"| {' | '.join(breach)} |" for breach in found.breaches]
    return dg.AssetCheckResult(
        passed=found.held_because is None,
        check_name=GATE,
        asset_key=_GATE_ASSET,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={
            "judged": not found.contents.wrong(),
            "breaches": len(found.breaches),
            "broken_bounds": dg.MetadataValue.md("\n".join(lines) if found.breaches else "none"),
        },
    )


def published(storage: Storage, acknowledge: str = "") -> Outcome:
    """Bring the published file up to date with the stored Parquet, if the gate lets it.

    A build that is wrong is dropped, one beyond the bounds is held back unless it is
    acknowledged; the published file then stays as it was.
    """
    folder = storage.folder
    releases.heal(folder)
    _adopt(folder)
    inputs = _inputs(storage)
    now, pin = releases.published(folder), releases.pinned(folder)
    if now and not pin and now.inputs == inputs and releases.is_intact(storage.database, now):
        releases.drop_held(folder)
        return Outcome(build.known(storage.database, now.rows), [])
    made = _again(folder, inputs) or _built(storage, inputs)
    if made.contents.wrong():
        made.path.unlink()
        return Outcome(made.contents, [])
    broken = breaches(now.measures, made.release.measures, bounds()) if now else []
    if (broken or pin) and not acknowledge:
        return _held_back(folder, made, broken)
    _publish(storage, made, broken, acknowledge if broken or pin else None)
    return Outcome(made.contents, broken)


def _publish(storage: Storage, made: _Made, broken: list[Breach], reason: str | None) -> None:
    folder, new = storage.folder, releases.beside(storage.folder)
    if made.path != new:
        releases.duplicate(made.path, new)
    release_id, made_at = releases.next_id(folder)
    changes = {"release_id": release_id, "made_at": made_at, "breaches": broken, "acknowledged": reason}
    releases.publish(folder, new, made.release.model_copy(update=changes), storage.keep)


def _held_back(folder: Path, made: _Made, broken: list[Breach]) -> Outcome:
    """Keep the build apart and say why, how to look and how to have it published."""
    releases.hold(folder, made.path, made.release.model_copy(update={"breaches": broken}))
    now, pin = releases.published(folder), releases.pinned(folder)
    stands = f"{now.release_id} stays published" if now else "what is published stays"
    lines = [f"The new warehouse is held back; {stands}."]
    lines += [f"  The warehouse was {pin}: what is built since waits for a person."] if pin else []
    lines += [f"  {breach}" for breach in broken]
    lines += [
        "Look at what differs: gongkai diff published held",
        'If it is right:       gongkai ingest --acknowledge "why"',
    ]
    return Outcome(made.contents, broken, "\n".join(lines))


def _again(folder: Path, inputs: dict[str, object]) -> _Made | None:
    """Return what was already built of the same inputs: the held build or, after a rollback, a release."""
    standing = releases.held(folder)
    if standing and standing.inputs == inputs:
        path = releases.held_file(folder, standing)
        if releases.is_intact(path, standing):
            return _Made(path, standing, build.known(path, standing.rows))
    for release in reversed(releases.releases(folder)):
        path = releases.file_of(folder, release)
        if release.inputs == inputs and releases.is_intact(path, release):
            new = releases.beside(folder)
            releases.duplicate(path, new)
            return _Made(new, _renamed(folder, release), build.known(new, release.rows))
    return None


def _renamed(folder: Path, release: Release) -> Release:
    """Return the record of an earlier release for its bytes as a new build."""
    release_id, made_at = releases.next_id(folder)
    now = releases.published(folder)
    previous = now.release_id if now else None
    return release.model_copy(update={"release_id": release_id, "made_at": made_at, "previous": previous})


def _built(storage: Storage, inputs: dict[str, object]) -> _Made:
    path = releases.beside(storage.folder)
    try:
        contents = build.build(storage, path)
        return _Made(path, _record(storage.folder, path, inputs, contents), contents)
    except BaseException:
        for left in storage.folder.glob(f"{path.name}*"):  # DuckDB's log beside it
            left.unlink(missing_ok=True)  # on a full disk its space is what others wait for
        raise


def _record(folder: Path, path: Path, inputs: dict[str, object], contents: build.Contents) -> Release:
    release_id, made_at = releases.next_id(folder)
    now = releases.published(folder)
    with duckdb.connect(path, read_only=True) as connection:
        found = measured(connection, {name: contents.rows[name] for name in build.PUBLISHED})
    return Release(
        release_id=release_id,
        made_at=made_at,
        previous=now.release_id if now else None,
        parser_version=parser_version(),
        inputs=inputs,
        rows=contents.rows,
        verified_share=share(found, "verified"),
        verified_share_non_zero=share(found, "verified_non_zero"),
        measures=found,
        file=releases.fingerprint(path),
    )


def _adopt(folder: Path) -> None:
    """Make a release of a published file that none is a record of; one that can't be read is none."""
    path = folder / DATABASE
    if releases.releases(folder) or not path.exists():
        return
    try:
        with duckdb.connect(path, read_only=True) as connection:
            contents = build.contents(connection)
        release = _record(folder, path, {"adopted": _ADOPTED}, contents)
    except duckdb.Error:
        return
    releases.adopt(folder, release)


def _inputs(storage: Storage) -> dict[str, object]:
    """Return what the file is made of: programs, SQL, and size and time of every Parquet file."""
    code = hashlib.sha256(Path(build.__file__).read_bytes())
    for name, text in sorted(build.sql_texts().items()):
        code.update(f"{name}\n{text}".encode())
    return {
        "code": [parser_version(), code.hexdigest(), duckdb.__version__],
        "store": {
            path.relative_to(storage.store).as_posix(): _state(path)
            for path in sorted(storage.store.rglob("*.parquet"))
        },
    }


def _state(path: Path) -> list[int] | None:
    if not path.exists():
        return None
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]
