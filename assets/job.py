"""The job that Dagster schedules, run here and now for the command line, with a progress bar and a summary.

Belongs here: running it, and saying what came of it. Does not belong here: whether it must run (ingest.py).
"""

import errno
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import dagster as dg
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from assets import comparison, failure, quiet
from assets.corrections import load
from assets.definitions import defs
from assets.documents import raw_document
from assets.ingest import Wish, complain
from assets.partitions import FIRST_YEAR, LAST_YEAR, year_tags
from assets.progress import Progress
from assets.releases import published
from assets.reports import reports
from assets.storage import Storage
from assets.summary import summary
from assets.tags import COMMAND, STARTED_BY
from assets.unkept import unkept
from assets.year import is_settled
from pipeline.corrections import CorrectionError


class Drawn(Progress):
    """Progress as bars on a terminal: one for each step that has something to do."""

    def __init__(self, console: Console) -> None:
        columns = (
            TextColumn("{task.description:<14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._bars = Bars(*columns, console=console)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def stage(self, name: str, total: int) -> None:
        """Begin a bar, if there is anything to do."""
        if total:
            self._bars.add_task(name, total=total)

    def advance(self, count: int) -> None:
        """Move the bar begun last."""
        if self._bars.task_ids:
            self._bars.advance(self._bars.task_ids[-1], count)


def run(place: quiet.Place, wish: Wish, began: float) -> int:
    """Run the job `ingest`, begun at a time of the monotonic clock; return the exit code.

    The caller holds the warehouse's lock.
    """
    storage = Storage(
        raw=str(place.raw),
        warehouse=str(place.warehouse),
        keep=wish.keep,
        corrections=str(place.corrections),
    )
    problem = _unusable(storage)
    if problem:
        return complain([problem])
    before, given = _identity(storage.database), quiet.given(place)
    with Drawn(Console(stderr=True)) as progress:
        found = list(problems(storage, progress, wish))
    if found:
        return complain(found)
    if not wish.years:
        _note(place, storage, given)
    changed = _identity(storage.database) != before
    sys.stdout.write(summary(storage.database, changed=changed, seconds=time.monotonic() - began))
    sys.stdout.write(_acknowledged(storage, wish, changed=changed))
    return 0


def _note(place: quiet.Place, storage: Storage, given: str) -> None:
    """Note what this run ended on, unless something is to be tried again on the next night."""
    documents = storage.read("raw.document")
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    if (
        documents["parser_version"].is_not_null().all()
        and comparison.is_settled(storage)
        and all(is_settled(storage, documents, year) for year in years)
    ):
        there = documents.filter(pl.col("withdrawn_at").is_null()).select("file_name", "sha256")
        quiet.note(place, given, there.iter_rows())


def _acknowledged(storage: Storage, wish: Wish, *, changed: bool) -> str:
    """Return what became of an acknowledgement: it is recorded only where something was held back."""
    now = published(storage.folder)
    if not wish.acknowledge:
        return ""
    if not changed or now is None or now.acknowledged is None:
        return "Nothing was held back: the acknowledgement was not needed and is not recorded.\n"
    broken = "".join(f"\n  {breach}" for breach in now.breaches)
    return f"Published as {now.release_id}, acknowledged: {now.acknowledged}{broken}\n"


def problems(storage: Storage, progress: Progress, wish: Wish) -> Iterator[str]:
    """Run the job for each range of years, publishing with the last; yield what failed."""
    ranges = _ranges(wish.years)
    job = defs.resolve_job_def("ingest")
    with storage.scratch() as folder, _instance(folder) as instance:
        for place, (first, last) in enumerate(ranges):
            is_last = place == len(ranges) - 1
            config = {"reports": {"config": {"again": bool(wish.years)}}}
            result = job.execute_in_process(
                instance=instance,
                tags={**year_tags(first, last), STARTED_BY: COMMAND},
                resources={"storage": storage, "progress": progress},
                run_config={
                    "ops": {**config, **(_publishing(wish) if is_last else {})},
                    "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
                },
                asset_selection=None if is_last else [*raw_document.keys, *reports.keys],
                raise_on_error=False,
            )
            if not result.success:
                yield from _failures(result, storage.folder) or ["The run failed; its log says why."]
                yield from _reported(result, storage)
                return


def _publishing(wish: Wish) -> dict[str, object]:
    return {"publish": {"config": {"acknowledge": wish.acknowledge}}}


def _advice(message: str, folder: Path) -> str:
    full = os.strerror(errno.ENOSPC) in message
    return f": make room on the disk of {folder} and run gongkai ingest again" if full else ""


def _failures(result: dg.ExecuteInProcessResult, folder: Path) -> list[str]:
    found = []
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error:
            fault = failure.fault(event.step_key, event.step_failure_data.error)
            words = fault.message if fault.error == "Failure" else f"{fault.error}: {fault.message}"
            found.append(f"The step {event.step_key} failed: {words}{_advice(words, folder)}")
    return found + [
        f"The check {check.check_name} of {check.asset_key.to_user_string()} failed."
        for check in result.get_asset_check_evaluations()
        if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    ]


def _reported(result: dg.ExecuteInProcessResult, storage: Storage) -> list[str]:
    """Write the report of a failed run, tell who is to be told, and return what of that went wrong."""
    run = result.dagster_run
    faults = list(failure.step_faults(result.all_events)) or [
        failure.Fault(None, "RunFailed", "A check failed, or the run could not start.", None)
    ]
    return failure.report(failure.Rerun(run.run_id, run.tags, storage), faults)


def _ranges(years: Sequence[int]) -> list[tuple[int, int]]:
    """Return years as (first, last) of unbroken ranges; all years when there are none."""
    found: list[tuple[int, int]] = []
    for year in sorted(set(years)):
        if found and found[-1][1] == year - 1:
            found[-1] = (found[-1][0], year)
        else:
            found.append((year, year))
    return found or [(FIRST_YEAR, LAST_YEAR)]


def _instance(folder: Path) -> dg.DagsterInstance:
    """Return Dagster's own instance where there is one, else one for this run, with its files in `folder`."""
    if os.environ.get("DAGSTER_HOME"):
        return dg.DagsterInstance.get()
    return unkept(folder)


def _unusable(storage: Storage) -> str | None:
    try:
        load(storage)
    except CorrectionError as error:
        return f"{error}. Nothing was read or published."
    return None


def _identity(path: Path) -> tuple[int, int] | None:
    if not path.exists():
        return None
    found = path.stat()
    return found.st_ino, found.st_mtime_ns
