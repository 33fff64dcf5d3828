"""The rows of raw.document: every file of the folder, whatever became of it.

Belongs here: ids, duplicates, statuses and what is carried over from the last run. Does
not belong here: walking the folder, opening files (assets), or reading them (reading).
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl

from pipeline.schemas import frame, polars_schema

INGESTED = "ingested"
QUARANTINED = "quarantined"
DUPLICATE = "duplicate"
_NOT_YET = "Its report year has not been read yet: run gongkai ingest without --year."


class Listed(NamedTuple):
    """One file as found: its content's hash, or the reason why it has none."""

    file_name: str
    byte_size: int
    sha256: str | None
    reason: str | None = None


class Opened(NamedTuple):
    """What opening one content gave: its report year, or the reason why it is no report.

    Not final is what another try may change, as a disk that failed.
    """

    sha256: str
    media_type: str | None
    encoding: str | None
    report_year: int | None
    reason: str | None = None
    is_final: bool = True


def needs_opening(listed: Sequence[Listed], known: pl.DataFrame, version: str) -> list[Listed]:
    """Return the files whose content this parser version has not opened, one a content.

    `known` is the last run's raw.document.
    """
    already = _known(known, version)
    return [file for file in _originals(listed).values() if file.sha256 not in already]


def documents(
    listed: Sequence[Listed], opened: Sequence[Opened], known: pl.DataFrame, version: str, now: datetime
) -> pl.DataFrame:
    """Return raw.document: one row a file, in the order of file names.

    Of several files with one content the first by name stands for it, the others are
    duplicates. A file that `known` already has keeps its first_seen_at; `now` is UTC.
    """
    contents = {**_known(known, version), **{content.sha256: content for content in opened}}
    originals = _originals(listed)
    seen = {(row["file_name"], row["sha256"]): row["first_seen_at"] for row in known.iter_rows(named=True)}
    rows = []
    for file in sorted(listed):
        row = _row(file, originals, contents)
        final = row.pop("is_final", False)
        seen_at = seen.get((file.file_name, file.sha256), now)
        rows.append({**row, "first_seen_at": seen_at, "parser_version": version if final else None})
    columns = {name: [row[name] for row in rows] for name in polars_schema("raw.document")}
    return frame("raw.document", columns)


def settled(found: pl.DataFrame, reading: pl.DataFrame) -> pl.DataFrame:
    """Return raw.document after reading: what could not be read in full, or not yet, is quarantined.

    `reading` is ledger.reading of all years.
    """
    read = reading.select("document_id", is_read=pl.lit(value=True), failure="reason")
    joined = found.join(read, "document_id", "left", maintain_order="left")
    unread = pl.when(pl.col("is_read").is_null()).then(pl.lit(_NOT_YET)).otherwise("failure")
    broken = (pl.col("status") == INGESTED) & unread.is_not_null()
    return joined.with_columns(
        status=pl.when(broken).then(pl.lit(QUARANTINED)).otherwise("status"),
        reason=pl.when(broken).then(unread).otherwise("reason"),
    ).drop("is_read", "failure")


def _originals(listed: Sequence[Listed]) -> dict[str, Listed]:
    """Return the file that stands for each content: the first by name."""
    first: dict[str, Listed] = {}
    for file in sorted(listed):
        if file.sha256 is not None:
            first.setdefault(file.sha256, file)
    return first


def _known(known: pl.DataFrame, version: str) -> dict[str, Opened]:
    """Return what the last run found about each content, if this parser version found it."""
    kept = known.filter(
        pl.col("sha256").is_not_null(), pl.col("status") != DUPLICATE, pl.col("parser_version") == version
    )
    columns = kept.select("sha256", "media_type", "encoding", "report_year", "reason")
    return {row[0]: Opened(*row) for row in columns.iter_rows()}


def _row(file: Listed, originals: Mapping[str, Listed], contents: Mapping[str, Opened]) -> dict[str, object]:
    row: dict[str, object] = {**file._asdict(), "media_type": None, "encoding": None, "report_year": None}
    if file.sha256 is None:
        return {**row, "document_id": _hashed(file.file_name), "status": QUARANTINED}
    content = contents[file.sha256]._asdict()
    original = originals[file.sha256]
    if original is file:
        status = INGESTED if content["reason"] is None else QUARANTINED
        return {**row, **content, "document_id": file.sha256[:16], "status": status}
    reason = f"The same bytes as {original.file_name}: remove one of the two."
    own_id = _hashed(f"{file.sha256}\n{file.file_name}")
    return {**row, **content, "document_id": own_id, "status": DUPLICATE, "reason": reason}


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
