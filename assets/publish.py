"""The publishing step: every table and view of the warehouse in one file, moved into place whole.

Readers keep the file that they have open and find the new one when they open it again; a
half-built file never has the published name.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets import build, checks
from assets.lineage import column_lineage
from assets.progress import Progress
from assets.retry import RETRY, only_outages_retried
from assets.specs import Result, facts, key, spec, unique_check, unique_result
from assets.storage import Storage
from assets.tags import describe
from pipeline.catalogue import tables, twins
from pipeline.frames import parser_version

_MADE = build.made()
_TABLES = [name for name in _MADE if name in tables()]
_KEYED = [name for name in _TABLES if tables()[name].key]


@dg.multi_asset(
    name="publish",
    specs=[spec(name, tables().get(name) or twins()[name], build.upstream(name), "duckdb") for name in _MADE],
    check_specs=[*(unique_check(name) for name in _KEYED), *checks.block_checks(_TABLES)],
    retry_policy=RETRY,
)
def publish(
    context: dg.AssetExecutionContext, storage: Storage, progress: dg.ResourceParam[Progress]
) -> Iterator[Result]:
    """Build and publish the warehouse, unless nothing that it is made of has changed."""
    progress.stage("publishing", 1)
    with only_outages_retried():
        found = published(storage)
    progress.advance(1)
    yield from (unique_result(name, found.repeated[name]) for name in _KEYED)
    for name in _TABLES:
        yield from checks.block_results(name, found.faults.get(name, checks.Faults()))
    if found.wrong():
        raise dg.Failure(f"Nothing was published. {'; '.join(found.wrong())}", allow_retries=False)
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


def published(storage: Storage) -> build.Contents:
    """Return what the published file holds, after replacing it if its inputs have changed.

    A build that is wrong is dropped: the published file stays as it was.
    """
    _sweep(storage)
    inputs = _inputs(storage)
    if _stamp(storage).get("inputs") == inputs and _stamp(storage).get("file") == _state(storage.database):
        with duckdb.connect(storage.database, read_only=True) as connection:
            return build.contents(connection)
    beside = storage.folder / f".{storage.database.name}.{os.getpid()}"
    found = build.build(storage, beside)
    if found.wrong():
        beside.unlink()
        return found
    _wal(storage.database).unlink(missing_ok=True)
    beside.replace(storage.database)
    stamp = {"inputs": inputs, "file": _state(storage.database)}
    _stamp_file(storage).write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    return found


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


def _stamp_file(storage: Storage) -> Path:
    return storage.store / "published.json"


def _stamp(storage: Storage) -> dict[str, object]:
    path = _stamp_file(storage)
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _sweep(storage: Storage) -> None:
    """Remove what a killed run left: half-built files of processes that no longer exist."""
    for path in storage.folder.glob(f".{storage.database.name}.*"):
        pid = path.name.removeprefix(f".{storage.database.name}.").removesuffix(".wal")
        if not pid.isdigit() or int(pid) == os.getpid() or not Path(f"/proc/{pid}").exists():
            path.unlink(missing_ok=True)
