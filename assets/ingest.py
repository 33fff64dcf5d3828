"""`gongkai ingest`: the job that Dagster schedules, run here and now, with a progress bar and a summary."""

import errno
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from assets import failure
from assets.corrections import load
from assets.definitions import defs
from assets.documents import raw_document
from assets.lock import Busy, writing
from assets.partitions import FIRST_YEAR, LAST_YEAR, year_tags
from assets.paths import CORRECTIONS, KEEP
from assets.progress import Progress
from assets.releases import published
from assets.reports import reports
from assets.storage import Storage
from assets.summary import summary
from assets.tags import COMMAND, STARTED_BY
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
    """Run the job `ingest` on two folders; return the exit code: 0, or 1 when the pipeline failed."""
    began = time.monotonic()
    storage = Storage(
        raw=str(raw), warehouse=str(warehouse), keep=wish.keep, corrections=str(wish.corrections)
    )
    problem = _unwritable(warehouse) or _unusable(storage)
    if problem:
        return _complain([problem])
    try:
        with writing(warehouse, wish.wait, lambda text: sys.stderr.write(f"{text}\n")):
            before = _identity(storage.database)
            with Drawn(Console(stderr=True)) as progress:
                problems = list(_problems(storage, progress, wish))
            if problems:
                return _complain(problems)
            changed = _identity(storage.database) != before
            sys.stdout.write(summary(storage, changed=changed, seconds=time.monotonic() - began))
            sys.stdout.write(_acknowledged(storage, wish, changed=changed))
    except Busy as busy:
        return _complain([str(busy)])
    return 0


def _acknowledged(storage: Storage, wish: Wish, *, changed: bool) -> str:
    """Return what became of an acknowledgement: it is recorded only where something was held back."""
    now = published(storage.folder)
    if not wish.acknowledge:
        return ""
    if not changed or now is None or now.acknowledged is None:
        return "Nothing was held back: the acknowledgement was not needed and is not recorded.\n"
    broken = "".join(f"\n  {breach}" for breach in now.breaches)
    return f"Published as {now.release_id}, acknowledged: {now.acknowledged}{broken}\n"


def _complain(problems: list[str]) -> int:
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1


def _problems(storage: Storage, progress: Progress, wish: Wish) -> Iterator[str]:
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
    return dg.DagsterInstance.ephemeral(str(folder))


def _unwritable(folder: Path) -> str | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"The warehouse folder {folder} can't be made: {error.strerror}."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"The warehouse folder {folder} can't be written: change its permissions or name another one."
    return None


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
