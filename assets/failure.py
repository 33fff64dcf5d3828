"""What happens when a run fails: a report in the warehouse folder, and a command that is told of it.

Belongs here: the report, the command, and the sensor that watches Dagster's runs. Does not belong here:
how a run fails or is tried again (retry.py).

A report holds no text of a document: what stands in quotation marks in an error may be one, and is left out.
"""

import json
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import dagster as dg

from assets.partitions import FIRST_YEAR, LAST_YEAR, year_range
from assets.storage import Storage
from assets.tags import STARTED_BY, started_by, years

ON_FAILURE = "GONGKAI_ON_FAILURE"
# Less than the minute that Dagster gives a sensor.
_PATIENCE_SECONDS = 30
_LONGEST = 500
_QUOTED = re.compile(r"""(?<!\w)(?:'[^']*'|"[^"]*"|“[^”]*”|‘[^’]*’)""")
_IDENTIFYING = re.compile(r"(?<![\w./-])[\dXx-]{7,}(?![\w./-])|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Dagster writes an error's class with its module before the words.
_CLASS = re.compile(r"^(?:[a-z_]\w*\.)+[A-Z]\w*: ")
_OWN_LINE = re.compile(r'File "[^"]*?((?:assets|pipeline)/[\w/]+\.py)", line (\d+), in (\w+)')


class Fault(NamedTuple):
    """What ended a run: the step (None: no step), the error's kind, words and place in our code."""

    step: str | None
    error: str
    message: str
    place: str | None


class Rerun(NamedTuple):
    """What was run: its id, its tags, and the folders it worked on."""

    run_id: str
    tags: Mapping[str, str]
    storage: Storage


def fault(step: str | None, error: Any) -> Fault:
    """Return an error as Dagster gives it (SerializableErrorInfo) as a fault; the cause is what counts."""
    while error.cause is not None:
        error = error.cause
    message = _CLASS.sub("", error.message.strip()).removeprefix(f"{error.cls_name}: ").strip()
    places = [found for line in error.stack for found in _OWN_LINE.findall(line)]
    place = "{}:{} {}".format(*places[-1]) if places else None
    return Fault(step, error.cls_name or "Error", message, place)


def step_faults(events: Iterable[dg.DagsterEvent]) -> Iterator[Fault]:
    """Yield the faults of the steps that failed among a run's events."""
    for event in events:
        if event.is_step_failure and event.step_failure_data.error:
            yield fault(event.step_key, event.step_failure_data.error)


def report(ended: Rerun, faults: Sequence[Fault]) -> list[str]:
    """Write the report of a failed run and tell the command; return what of that went wrong, in words.

    A run that has its report already is left alone: the command line and the daemon may both see it fail.
    """
    path = ended.storage.folder / "runs" / f"{ended.run_id}.json"
    if path.exists():
        return []
    text = json.dumps(_content(ended, faults), ensure_ascii=False, indent=1) + "\n"
    problems = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        # A full disk is what somebody must be told of: the report goes where there is room.
        path = Path(tempfile.mkdtemp(prefix="gongkai-failed-")) / path.name
        problems.append(f"The report could not be written ({error}); it is {path}.")
        path.write_text(text, encoding="utf-8")
    problem = _tell(path)
    return [*problems, problem] if problem else problems


def cleaned(message: str, storage: Storage) -> str:
    """Return an error's words without what may be a document's: quotations, numbers of persons, addresses."""

    def kept(quoted: re.Match[str]) -> str:
        inner = quoted[0][1:-1]
        own = inner.startswith((str(storage.raw_folder), str(storage.folder)))
        return quoted[0] if own else f"{quoted[0][0]}…{quoted[0][-1]}"

    text = _IDENTIFYING.sub("…", _QUOTED.sub(kept, message))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _content(ended: Rerun, faults: Sequence[Fault]) -> dict[str, object]:
    storage = ended.storage
    documents = [document for one in faults if (document := _document(one.message, storage.raw_folder))]
    return {
        "run_id": ended.run_id,
        "failed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "started_by": ended.tags.get(STARTED_BY) or started_by(ended.tags),
        "years": years(ended.tags) or None,
        "faults": [{**one._asdict(), "message": cleaned(one.message, storage)} for one in faults],
        "document": documents[0] if documents else None,
        "published": str(storage.database) if storage.database.exists() else None,
        "rerun": shlex.join(_command(ended)),
    }


def _command(ended: Rerun) -> list[str]:
    """Return the command that does again what failed."""
    folders = ["--raw", ended.storage.raw, "--warehouse", ended.storage.warehouse]
    first, last = year_range(ended.tags) or (FIRST_YEAR, LAST_YEAR)
    some = [] if (first, last) == (FIRST_YEAR, LAST_YEAR) else range(first, last + 1)
    return ["gongkai", "ingest", *folders, *(word for year in some for word in ("--year", str(year)))]


def _document(message: str, raw: Path) -> str | None:
    """Return the document that an error names, relative to the folder of documents."""
    found = re.search(re.escape(f"{raw}{os.sep}") + r"([^'\"\n]+)", message)
    return found[1] if found else None


def _tell(path: Path) -> str | None:
    """Run the command that is to be told, with the report's path; return what went wrong."""
    setting = os.environ.get(ON_FAILURE, "").strip()
    if not setting:
        return None
    try:
        # No shell: the setting is a program with its arguments, and the path is one argument more.
        command = [*shlex.split(setting), str(path)]
        ended = subprocess.run(  # noqa: S603 - the operator's own command
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return f"{ON_FAILURE} could not be run: {error}"
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip()
        return f"{ON_FAILURE} ended with {ended.returncode}: {said[:_LONGEST]}"
    return None


@dg.run_failure_sensor(
    minimum_interval_seconds=10,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="运行失败时写报告并通知 | Writes a report of each failed run and calls GONGKAI_ON_FAILURE.",
)
def failed(context: dg.RunFailureSensorContext, storage: Storage) -> None:
    """Report a run that failed, also one whose process was killed."""
    faults = list(step_faults(context.get_step_failure_events()))
    faults = faults or [Fault(None, "RunFailed", context.failure_event.message or "The run ended.", None)]
    run = context.dagster_run
    for problem in report(Rerun(run.run_id, run.tags, storage), faults):
        context.log.error(problem)
