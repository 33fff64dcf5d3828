"""One report year, from its documents to its tables.

Belongs here: which documents of a year must be read, reading them in the process pool,
and storing the result so that an interruption is noticed. Does not belong here: what is
read (pipeline.reading) or how rows are made of it (pipeline.frames).
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

import polars as pl

from assets import pool
from assets.intake import refusal
from assets.progress import Progress
from assets.storage import Storage
from pipeline.documents import open_document
from pipeline.frames import PARTITIONED, Read, batch, merged, parser_version, report_of
from pipeline.frames.reports import REPORT_ID, Frames
from pipeline.reading import read

LEDGER = "ledger.reading"


class Task(NamedTuple):
    """One document to read: its path, size, hash and id."""

    path: Path
    byte_size: int
    sha256: str
    document_id: str


def read_year(
    storage: Storage, progress: Progress, documents: pl.DataFrame, year: int, *, again: bool
) -> Frames:
    """Bring the tables of one report year up to date with raw.document (`documents`) and return them.

    Documents that this parser version has read are not read again, unless `again`.
    """
    present = documents.filter(pl.col("status") == "ingested", pl.col("report_year") == year)
    earlier = {name: storage.read(name, year) for name in PARTITIONED}
    standing = _standing(earlier[LEDGER], present, again=again)
    todo = present.join(standing, "document_id", "anti", maintain_order="left")
    progress.stage(f"reading {year}", todo.height)
    batches = _read_all(storage, progress, todo)
    tables = merged(_only(earlier, standing), batches, present)
    _store(storage, year, earlier, tables)
    return tables


def read_documents(tasks: list[Task]) -> Frames:
    """Read documents in full and return their rows; one that fails gives its reason instead."""
    return batch([_read(task) for task in tasks], parser_version())


def _standing(ledger: pl.DataFrame, present: pl.DataFrame, *, again: bool) -> pl.DataFrame:
    """Return the ids of the documents whose stored rows stand as they are; a failed one is tried again."""
    good = ledger.filter(pl.col("parser_version") == parser_version(), pl.col("reason").is_null())
    current = good.select("document_id")
    return current.clear() if again else current.join(present, "document_id", "semi")


def _only(earlier: Frames, standing: pl.DataFrame) -> Frames:
    """Return earlier rows of the standing documents alone."""
    own = standing.select("document_id", report_id=REPORT_ID)
    keys = {name: "document_id" if name == LEDGER else "report_id" for name in earlier}
    return {name: rows.join(own, keys[name], "semi", maintain_order="left") for name, rows in earlier.items()}


def _read_all(storage: Storage, progress: Progress, todo: pl.DataFrame) -> list[Frames]:
    tasks = [
        Task(storage.raw_folder / row["file_name"], row["byte_size"], row["sha256"], row["document_id"])
        for row in todo.iter_rows(named=True)
    ]
    results = []
    for done, frames in pool.run(read_documents, tasks, lambda task: task.byte_size):
        results.append(frames if frames is not None else _died(done))
        progress.advance(len(done))
    return results


def _read(task: Task) -> Read:
    try:
        data = task.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != task.sha256:
            return Read(
                task.document_id, None, "The file changed while it was read: run gongkai ingest again."
            )
        stream = open_document(data, task.path.name)
        return Read(task.document_id, report_of(read(stream), stream, task.document_id))
    except Exception as error:  # noqa: BLE001 - whatever one document does to the reader, the others go on
        return Read(task.document_id, None, refusal(error))


def _died(tasks: list[Task]) -> Frames:
    reason = "The reader's process ended while reading it: keep the file and report this."
    return batch([Read(task.document_id, None, reason) for task in tasks], parser_version())


def _store(storage: Storage, year: int, earlier: Frames, tables: Frames) -> None:
    """Write a year's tables. The ledger goes first and comes last: without it the year is read anew."""
    if all(earlier[name].equals(tables[name]) for name in PARTITIONED):
        return
    storage.remove(LEDGER, year)
    for name in PARTITIONED:
        if name != LEDGER:
            storage.write(name, tables[name], year)
    storage.write(LEDGER, tables[LEDGER], year)
