"""One report year, from its documents to its tables.

Belongs here: which documents of a year must be read, reading them in the process pool,
and storing the result so that an interruption is noticed. Does not belong here: what is
read (pipeline.reading) or how rows are made of it (pipeline.frames).
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from assets import archive, corrections, log, pool, stamps
from assets.archive import Content
from assets.intake import refusal
from assets.progress import Progress
from assets.storage import Storage, same, sink
from pipeline.corrections import Correction, by_document, fingerprint
from pipeline.documents import open_document
from pipeline.frames import PARTITIONED, Frames, Read, batch, merged, numbered, report_of
from pipeline.frames.reports import REPORT_ID
from pipeline.reading import read
from pipeline.schemas import empty
from pipeline.version import parser_version

LEDGER = "ledger.reading"
# Whatever one document does to the reader, the others go on. A panic of polars is no Exception.
_ANY_FAULT = (Exception, pl.exceptions.PanicException)

Corrections = Mapping[str, tuple[Correction, ...]]


class Task(NamedTuple):
    """One document to read: its content, the name of its file, its id, and what a review corrects in it."""

    content: Content
    file_name: str
    document_id: str
    corrections: tuple[Correction, ...] = ()


def is_settled(storage: Storage, documents: pl.DataFrame, year: int) -> bool:
    """Tell whether the stored tables of a year are those of raw.document (`documents`), all well read."""
    return stamps.stands(storage, f"year-{year}", _stamp(storage, documents, year))


def settle(storage: Storage, documents: pl.DataFrame, year: int) -> None:
    """Note that the stored tables of a year are sound, unless a document is to be tried again."""
    if storage.read(LEDGER, year)["reason"].is_null().all():
        stamps.keep(storage, f"year-{year}", _stamp(storage, documents, year))


def _stamp(storage: Storage, documents: pl.DataFrame, year: int) -> str:
    present = _present(documents, year)
    wanted = by_document(corrections.load(storage))
    marks = [fingerprint(wanted[own]) or "" for own in present["document_id"] if own in wanted]
    files = [storage.path(name, year) for name in PARTITIONED]
    return stamps.fingerprint(files, stamps.of_rows(present), *marks)


def _present(documents: pl.DataFrame, year: int) -> pl.DataFrame:
    return documents.filter(pl.col("status") == "ingested", pl.col("report_year") == year)


def read_year(
    storage: Storage, progress: Progress, documents: pl.DataFrame, year: int, *, again: bool
) -> int:
    """Bring the tables of one report year up to date with raw.document (`documents`).

    Documents that this parser version has read are not read again, unless `again`. Returns how many were.
    No more than a batch of them is in memory at a time, and of a stored table no more than a stretch.
    """
    present = _present(documents, year)
    wanted = by_document(corrections.load(storage))
    standing = _standing(storage.read(LEDGER, year), present, wanted, again=again)
    # In the order in which rows are stored: so each batch follows the one before it.
    todo = present.join(standing, "document_id", "anti").sort("document_id")
    progress.stage(f"reading {year}", todo.height)
    if not (present.height or storage.path(LEDGER, year).exists()):
        return 0  # most years: nothing is there, and nothing was
    with storage.scratch() as folder:
        files = _spill(folder, _read_all(storage, progress, todo, wanted))
        tables = {
            name: merged(name, _only(storage.scan(name, year), name, standing), _read_back(name, files[name]))
            for name in PARTITIONED
        }
        _store(storage, year, tables, present, folder)
    log.event(storage.folder, "year.read", year=year, documents=present.height, read=todo.height)
    return todo.height


def portions(storage: Storage, year: int) -> Iterator[Frames]:
    """Yield the tables of a year's reports some reports at a time; the rows of one report come together."""
    if not storage.count("core.report", year):
        return
    names = [name for name in PARTITIONED if name != LEDGER]
    for stretch in storage.stretches("core.cell", year):
        yield {name: storage.scan(name, year).filter(stretch).collect() for name in names}


def read_documents(tasks: list[Task]) -> Frames:
    """Read documents in full and return their rows; one that fails gives its reason instead.

    One whose rows can't be made, as with a character that no file can take, fails as one that can't be read.
    """
    reads = [_read(task) for task in tasks]
    try:
        return batch(reads, parser_version())
    except _ANY_FAULT:
        return batch([_with_rows(read) for read in reads], parser_version())


def _standing(
    ledger: pl.DataFrame, present: pl.DataFrame, wanted: Corrections, *, again: bool
) -> pl.DataFrame:
    """Return the ids of the documents whose stored rows stand as they are; a failed one is tried again."""
    marks = {document_id: fingerprint(own) for document_id, own in wanted.items()}
    mark = pl.col("document_id").replace_strict(marks, default=None, return_dtype=pl.String())
    good = ledger.filter(
        pl.col("parser_version") == parser_version(),
        pl.col("reason").is_null(),
        pl.col("corrections").eq_missing(mark),
    )
    current = good.select("document_id")
    return current.clear() if again else current.join(present, "document_id", "semi")


def _only(earlier: pl.LazyFrame, name: str, standing: pl.DataFrame) -> pl.LazyFrame:
    """Return earlier rows of the standing documents alone."""
    own = standing.select("document_id", report_id=REPORT_ID)
    column = "document_id" if name == LEDGER else "report_id"
    return earlier.filter(pl.col(column).is_in(own[column].implode()))


def _read_all(
    storage: Storage, progress: Progress, todo: pl.DataFrame, wanted: Corrections
) -> Iterator[Frames]:
    """Yield the rows of each batch of documents, in order."""
    tasks = [_task(storage, row, wanted.get(row["document_id"], ())) for row in todo.iter_rows(named=True)]
    for done, result in pool.run(read_documents, tasks, lambda task: task.content.byte_size):
        frames = result if result is not None else _died(done)
        _log(storage.folder, done, frames[LEDGER])
        progress.advance(len(done))
        yield frames


def _spill(folder: Path, batches: Iterable[Frames]) -> dict[str, list[Path]]:
    """Write the rows of each batch into files; return those of each table, in order."""
    files: dict[str, list[Path]] = {name: [] for name in PARTITIONED}
    for number, frames in enumerate(batches):
        for name in PARTITIONED:
            files[name].append(folder / f"{name}.{number}.parquet")
            frames[name].write_parquet(files[name][-1], compression="lz4")
    return files


def _read_back(name: str, files: list[Path]) -> pl.LazyFrame:
    return pl.scan_parquet(files) if files else empty(name).lazy()


def _log(folder: Path, done: list[Task], ledger: pl.DataFrame) -> None:
    names = {task.document_id: task.file_name for task in done}
    for row in ledger.iter_rows(named=True):
        became = "failed" if row["reason"] else "read"
        log.document(
            folder, f"document.{became}", {**row, "file_name": names[row["document_id"]], "status": became}
        )


def _task(storage: Storage, row: dict[str, Any], own: tuple[Correction, ...]) -> Task:
    """Return the task of a row of raw.document; a withdrawn one is in the archive alone."""
    paths = (storage.raw_folder / row["file_name"],) if row["withdrawn_at"] is None else ()
    content = Content(row["sha256"], row["byte_size"], storage.archive, paths)
    return Task(content, row["file_name"], row["document_id"], own)


def _read(task: Task) -> Read:
    try:
        stream = open_document(archive.bytes_of(task.content), task.file_name)
        report = report_of(read(stream), stream, task.document_id, task.corrections)
        return Read(task.document_id, report, corrections=fingerprint(task.corrections))
    except archive.UnwritableError:
        raise
    except _ANY_FAULT as error:
        return Read(task.document_id, None, refusal(error))


def _with_rows(read: Read) -> Read:
    """Return a read document, or without its report where no rows can be made of that."""
    try:
        batch([read], parser_version())
    except _ANY_FAULT as error:
        return Read(read.document_id, None, refusal(error))
    return read


def _died(tasks: list[Task]) -> Frames:
    reason = "The reader's process ended while reading it: keep the file and report this."
    return batch([Read(task.document_id, None, reason) for task in tasks], parser_version())


def _store(
    storage: Storage, year: int, tables: Mapping[str, pl.LazyFrame], present: pl.DataFrame, folder: Path
) -> None:
    """Write a year's tables. The ledger goes first and comes last: without it the year is read anew."""
    made = {name: folder / f"{name}.parquet" for name in PARTITIONED}
    for name in PARTITIONED:
        rows = tables[name]
        sink(numbered(rows.collect(), present) if name == "core.report" else rows, made[name])
    if all(same(made[name], storage.path(name, year)) for name in PARTITIONED):
        return
    storage.remove(LEDGER, year)
    for name in sorted(PARTITIONED, key=lambda name: name == LEDGER):
        storage.put(name, made[name], year)
