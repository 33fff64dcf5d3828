"""The structured log: what each run did to which document and how long it took, one JSON object a line.

It lies in the warehouse folder (logs/gongkai.jsonl), is rotated by size, and is written by the one process
that may write to the warehouse; what other processes do is logged from their results.

May stand in it: our own codes (event, step, status), numbers, ids, versions, the class of an exception, and
the name of a document's file, for without it nobody finds the document. Where a file's name holds a telephone
or identity number or an address of mail, that is masked; that it names a person no program can tell. May not
stand in it: text of a document, raw texts of cells, reasons and messages of exceptions, for these may quote a
document. So only the fields listed here are written, and texts only where they look like a code.

Belongs here: the file and what may stand in it. Does not belong here: what is worth an event.
"""

import logging
import re
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars

from assets.paths import LOG
from pipeline.version import parser_version

# The event of a run that ended well: what is published is what was built.
STANDS = "warehouse.stands"
_BYTES, _KEPT = 10_000_000, 5
_CODES = {"timestamp", "level", "event", "run_id", "step", "parser_version", "document_id", "status", "error"}
_NUMBERS = {"seconds", "year", "documents", "read", "quarantined", "withdrawn", "changed"}
_FILE = "file_name"
_CODE = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")
_PERSONAL = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx]|\d{15}|0\d{2,3}-?\d{7,8})(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    re.ASCII,
)
_FAILED = re.compile(r"The reader failed \((\w+)")

Event = MutableMapping[str, Any]


def event(folder: Path, name: str, **fields: object) -> None:
    """Write an event to the log of a warehouse folder, with the step and the run that it belongs to."""
    _logger(folder).info(name, **fields)


def document(folder: Path, name: str, row: dict[str, Any]) -> None:
    """Write what became of a document; `row` has its document_id, file_name, status and reason."""
    failed = _FAILED.match(row["reason"] or "")
    fields = {key: row[key] for key in ("document_id", _FILE, "status")}
    event(folder, name, **fields, **({"error": failed[1]} if failed else {}))


@contextmanager
def step() -> Iterator[None]:
    """Log that the Dagster step that runs here begins and ends, and how; other events name it meanwhile."""
    import dagster as dg  # noqa: PLC0415 - a night without changes is logged without it

    context = dg.OpExecutionContext.get()
    storage = context.resources.original_resource_dict.get("storage")
    if storage is None:
        yield
        return
    began = time.monotonic()
    names = {"run_id": context.run.run_id, "step": context.op_handle.name, "parser_version": parser_version()}
    with bound_contextvars(**names):
        event(storage.folder, "step.begun")
        try:
            yield
        except Exception as error:
            seconds = round(time.monotonic() - began, 3)
            event(storage.folder, "step.failed", seconds=seconds, error=type(error).__name__)
            raise
        event(storage.folder, "step.ended", seconds=round(time.monotonic() - began, 3))


def permitted(_: object, __: str, given: Event) -> Event:
    """Return an event with what may stand in the log; what may not is left out, and the line says so."""
    kept = {key: value for key, value in given.items() if _may_stand(key, value)}
    if _FILE in given:
        kept[_FILE] = _PERSONAL.sub("…", str(given[_FILE]))
    return kept if kept.keys() == given.keys() else {**kept, "withheld": len(given) - len(kept)}


def _may_stand(key: str, value: object) -> bool:
    if key in _NUMBERS:
        return isinstance(value, int | float)
    return key in _CODES and isinstance(value, str) and bool(_CODE.fullmatch(value))


class _Silent(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Say nothing of a line that could not be written."""


class _File:
    """The log file, as structlog wants one. A log that can't be written stops no night."""

    def __init__(self, path: Path) -> None:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._handler = _Silent(path, "a", _BYTES, _KEPT, "utf-8", delay=True)

    def info(self, line: str) -> None:
        """Write a line; the handler keeps the file within its size."""
        self._handler.emit(logging.makeLogRecord({"msg": line}))


@cache
def _logger(folder: Path) -> Any:
    return structlog.wrap_logger(
        _File(folder / LOG),
        processors=[
            merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            permitted,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.BoundLogger,
        cache_logger_on_first_use=True,
    )
