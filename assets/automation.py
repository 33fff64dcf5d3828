"""The job, its nightly schedule, and the sensor that watches the folder of documents."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import dagster as dg

from assets.across import across
from assets.partitions import year_tags
from assets.publish import publish
from assets.reports import reports
from assets.storage import Storage

# One process runs all steps: they are few, and the reading has a process pool of its own.
ingest = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="读入新文件并发布数据库 | Read what is new and publish the warehouse.",
)

_ONLY_NEW = {"ops": {"reports": {"config": {"again": False}}}}


# Named after its assets' step; a person who reads a year again by hand needs it too.
publishing = dg.define_asset_job(
    "publishing",
    selection=dg.AssetSelection.assets(*across.keys, *publish.keys),
    executor_def=dg.in_process_executor,
    description="汇总并发布已读入的报告 | Compare and publish what has been read.",
)


@dg.schedule(
    job=ingest,
    cron_schedule="0 2 * * *",
    execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="每天凌晨两点 | Every night at two.",
)
def nightly() -> dg.RunRequest:
    """Ask for one run over all report years."""
    return dg.RunRequest(tags=year_tags(), run_config=_ONLY_NEW)


@dg.sensor(
    job=ingest,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="文件夹或更正文件有变化且不再变动时运行 | "
    "Runs when the folder or the corrections have changed and have come to rest.",
)
def raw_folder(context: dg.SensorEvaluationContext, storage: Storage) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run when folder or corrections are not as at the last run and nothing is being copied in."""
    seen = json.loads(context.cursor) if context.cursor else {}
    now = state([*_files(storage.raw_folder), Path(storage.corrections)])
    if now == seen.get("ingested"):
        return dg.SkipReason("Nothing new in the folder.")
    if now != seen.get("waiting"):
        context.update_cursor(json.dumps({**seen, "waiting": now}))
        return dg.SkipReason("The folder has changed: waiting until it is the same twice.")
    context.update_cursor(json.dumps({"ingested": now}))
    return dg.RunRequest(run_key=now, tags=year_tags(), run_config=_ONLY_NEW)


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    request_job=publishing,
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="单独重读某年之后发布 | Publishes after years were read again by themselves.",
)
def publish_again(context: dg.RunStatusSensorContext) -> dg.RunRequest | dg.SkipReason:
    """Ask for publishing after a run that read years and did not publish: one asset materialised by hand."""
    selected = context.dagster_run.asset_selection or set()
    if not selected & set(reports.keys):
        return dg.SkipReason("The run read no year by itself.")
    if set(publish.keys) & (selected | _of_backfill(context)):
        return dg.SkipReason("The run has published, or its backfill will.")
    return dg.RunRequest(run_key=context.dagster_run.run_id)


def _of_backfill(context: dg.RunStatusSensorContext) -> set[dg.AssetKey]:
    """Return the assets that the backfill of a run makes in all; none where it is of no backfill."""
    backfill_id = context.dagster_run.tags.get("dagster/backfill")
    backfill = context.instance.get_backfill(backfill_id) if backfill_id else None
    return set(backfill.asset_selection or ()) if backfill else set()


def state(files: Iterable[Path]) -> str:
    """Return a fingerprint of the names, sizes and times of files; one that has just gone is none."""
    digest = hashlib.sha256()
    for path in files:
        with suppress(FileNotFoundError):
            found = path.lstat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode(errors="replace"))
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    """Yield all files under a folder in an order that stays."""
    for parent, _, names in sorted(os.walk(folder)):
        yield from (Path(parent, name) for name in sorted(names))
