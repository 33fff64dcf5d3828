"""The rows of raw.document: every file of the folder, and every content that was once in it.

Belongs here: ids, duplicates, statuses, withdrawals and what is carried over from the last
run. Does not belong here: walking the folder, opening files (assets), or reading them (reading).

A document is a content: a renamed file is the same one, a changed file another one, whose
predecessor stays as withdrawn. Only a file whose content is not known goes by its name, and its
row goes with it.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from pipeline.schemas import frame, polars_schema

INGESTED = "ingested"
QUARANTINED = "quarantined"
DUPLICATE = "duplicate"
_NOT_YET = "Its report year has not been read yet: run gongkai ingest without --year."

Row = dict[str, Any]


class Listed(NamedTuple):
    """One file as found: its content's hash, or the reason why it has none."""

    file_name: str
    byte_size: int
    sha256: str | None
    reason: str | None = None


class Opened(NamedTuple):
    """What opening one content gave: its report year, or the reason why it is no report.

    Not final is what another try may change, as a disk that failed. `is_gone`: no file had
    the content any more when it was opened.
    """

    sha256: str
    media_type: str | None
    encoding: str | None
    report_year: int | None
    reason: str | None = None
    is_final: bool = True
    is_gone: bool = False


def of_years(known: pl.DataFrame, years: Collection[int] | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of raw.document that a run over `years` (None: all) may change, and the others."""
    if years is None:
        return known, known.clear()
    is_other = (~pl.col("report_year").is_in(list(years))).fill_null(value=False)
    return known.filter(~is_other), known.filter(is_other)


def needs_opening(
    listed: Sequence[Listed], known: pl.DataFrame, version: str, held: Collection[str]
) -> list[Listed]:
    """Return the contents that this parser version has not opened, and files whose bytes are not kept yet.

    `known` is the last run's raw.document; its contents that have left the folder are among
    them. `held` has the hashes of the bytes that are kept.
    """
    already = _known(known, version).keys()
    files = _originals(listed)
    missing = [file for sha256, file in files.items() if sha256 not in already or sha256 not in held]
    gone = [Listed(row["file_name"], row["byte_size"], row["sha256"]) for row in _gone(known, files)]
    return missing + [file for file in gone if file.sha256 not in already]


def documents(
    listed: Sequence[Listed], opened: Sequence[Opened], known: pl.DataFrame, version: str, now: datetime
) -> pl.DataFrame:
    """Return raw.document: one row a file, and one a content that has left the folder.

    Of several files with one content the first by name stands for it, the others are
    duplicates. A content that `known` already has keeps its first_seen_at; `now` is UTC.
    """
    found = {content.sha256: content for content in opened if not content.is_gone}
    contents = {**_known(known, version), **found}
    originals = _originals(listed)
    seen = _first_seen(known)
    rows = []
    for file in sorted(listed):
        row = _row(file, originals, contents)
        final = row.pop("is_final", False)
        seen_at = seen.get(file.sha256 or file.file_name, now)
        own_version = version if final else None
        rows.append({**row, "first_seen_at": seen_at, "parser_version": own_version, "withdrawn_at": None})
    unsure = [file.file_name for file in listed if file.sha256 is None]
    for row in _gone(known, originals):
        opened_again = contents.get(row["sha256"])
        again = {} if opened_again is None else _reopened(opened_again, version)
        withdrawn_at = None if _may_be_there(row["file_name"], unsure) else now
        rows.append({**row, **again, "withdrawn_at": row["withdrawn_at"] or withdrawn_at})
    columns = {name: [row[name] for row in rows] for name in polars_schema("raw.document")}
    return in_order(frame("raw.document", columns))


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Return raw.document by file name; of one name what is in the folder stands first."""
    return rows.sort("file_name", pl.col("withdrawn_at").is_not_null(), "document_id")


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


def _gone(known: pl.DataFrame, originals: Mapping[str, Listed]) -> list[Row]:
    """Return the row of each content that no file has any more."""
    own = known.filter(pl.col("sha256").is_not_null(), pl.col("status") != DUPLICATE)
    there = pl.DataFrame({"sha256": list(originals)}, {"sha256": pl.String()})
    return own.join(there, "sha256", "anti", maintain_order="left").rows(named=True)


def _may_be_there(file_name: str, unsure: Sequence[str]) -> bool:
    """Tell whether a content may still lie in a file that couldn't be read, or in a folder (named with /)."""
    return any(file_name == name or (name.endswith("/") and file_name.startswith(name)) for name in unsure)


def _first_seen(known: pl.DataFrame) -> dict[str, datetime]:
    """Return when each content, or file without one (by its name), was first seen."""
    seen = known.select(key=pl.coalesce("sha256", "file_name"), at="first_seen_at")
    return dict(seen.group_by("key").agg(pl.col("at").min()).iter_rows())


def _reopened(content: Opened, version: str) -> Row:
    """Return what opening a content that has left the folder says of it anew."""
    row = content._asdict()
    status = INGESTED if content.reason is None else QUARANTINED
    return {**row, "status": status, "parser_version": version if content.is_final else None}


def _known(known: pl.DataFrame, version: str) -> dict[str, Opened]:
    """Return what the last run found about each content, if this parser version found it."""
    kept = known.filter(
        pl.col("sha256").is_not_null(), pl.col("status") != DUPLICATE, pl.col("parser_version") == version
    )
    columns = kept.select("sha256", "media_type", "encoding", "report_year", "reason")
    return {row[0]: Opened(*row) for row in columns.iter_rows()}


def _row(file: Listed, originals: Mapping[str, Listed], contents: Mapping[str, Opened]) -> Row:
    row: Row = {**file._asdict(), "media_type": None, "encoding": None, "report_year": None}
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
