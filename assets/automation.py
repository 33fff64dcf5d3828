"""The job, its nightly schedule, and the sensor that watches the folder of documents."""

import hashlib
import json
import os
from pathlib import Path

import dagster as dg

from assets.partitions import year_tags
from assets.storage import Storage

# One process runs all steps: they are few, and the reading has a process pool of its own.
ingest = dg.define_asset_job(
    "ingest",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="读入新文件并发布数据库 | Read what is new and publish the warehouse.",
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
    return dg.RunRequest(tags=year_tags())


@dg.sensor(
    job=ingest,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="文件夹有变化且不再变动时运行 | Runs when the folder has changed and has come to rest.",
)
def raw_folder(context: dg.SensorEvaluationContext, storage: Storage) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run when the folder is not as at the last run and no file is still being copied in."""
    seen = json.loads(context.cursor) if context.cursor else {}
    now = folder_state(storage.raw_folder)
    if now == seen.get("ingested"):
        return dg.SkipReason("Nothing new in the folder.")
    if now != seen.get("waiting"):
        context.update_cursor(json.dumps({**seen, "waiting": now}))
        return dg.SkipReason("The folder has changed: waiting until it is the same twice.")
    context.update_cursor(json.dumps({"ingested": now}))
    return dg.RunRequest(run_key=now, tags=year_tags())


def folder_state(folder: Path) -> str:
    """Return a fingerprint of the names, sizes and times of all files under a folder."""
    digest = hashlib.sha256()
    for parent, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            found = Path(parent, name).lstat()
            digest.update(f"{parent}/{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode(errors="replace"))
    return digest.hexdigest()
