"""From the folder of documents to raw.document: which files there are and what opening them gives.

Belongs here: walking the folder, hashing, opening in the process pool. Does not belong
here: what makes a file readable (pipeline.documents) or a report (pipeline.reading).
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from assets import pool
from assets.partitions import FIRST_YEAR, LAST_YEAR
from assets.progress import Progress
from assets.storage import Storage
from pipeline.documents import Unreadable, media_type, open_document
from pipeline.frames import Listed, Opened, documents, needs_opening, parser_version
from pipeline.reading import identify

# Files that are not documents: origin cards, and what editors, browsers and copying programs leave half-made.
_NOT_DOCUMENTS = (".origin.yaml", ".tmp", ".part", ".partial", ".crdownload", ".swp", "~")


class Content(NamedTuple):
    """One content to open: its path, size and hash."""

    path: Path
    byte_size: int
    sha256: str


def take_in(storage: Storage, progress: Progress) -> pl.DataFrame:
    """Return raw.document for the folder as it is now; only new contents are opened."""
    listed = list(list_folder(storage.raw_folder))
    known = storage.read("raw.document")
    version = parser_version()
    todo = [
        Content(storage.raw_folder / file.file_name, file.byte_size, file.sha256)
        for file in needs_opening(listed, known, version)
        if file.sha256 is not None
    ]
    progress.stage("opening", len(todo))
    opened: list[Opened] = []
    for batch, result in pool.run(open_contents, todo, lambda content: content.byte_size):
        opened += result if result is not None else [_died(content.sha256) for content in batch]
        progress.advance(len(batch))
    return documents(listed, opened, known, version, datetime.now(UTC).replace(tzinfo=None, microsecond=0))


def list_folder(folder: Path) -> Iterator[Listed]:
    """Yield every document of a folder and its subfolders, hashed; hidden files are none."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and not name.endswith(_NOT_DOCUMENTS):
                yield _listed(Path(parent, name), folder)


def open_contents(contents: list[Content]) -> list[Opened]:
    """Open and identify contents; each one gives its report year or a reason."""
    return [_opened(content) for content in contents]


def refusal(error: Exception) -> str:
    """Return the reason, with what to do, for which an error keeps a document out."""
    if isinstance(error, Unreadable):
        return error.reason
    if isinstance(error, PermissionError):
        return "No permission to read the file: let the user who runs gongkai read it."
    if isinstance(error, OSError):
        return f"The file can't be read ({error.strerror}): check it and the disk."
    return f"The reader failed ({type(error).__name__}: {error}): keep the file and report this."


def _listed(path: Path, folder: Path) -> Listed:
    relative = path.relative_to(folder).as_posix()
    name = os.fsencode(relative).decode("utf-8", "backslashreplace")
    if name != relative:
        return Listed(name, 0, None, "The file's name is not UTF-8: rename it.")
    size = 0
    try:
        found = path.stat()
        size = found.st_size
        if not stat.S_ISREG(found.st_mode):
            return Listed(name, 0, None, "Not a regular file: put the document itself into the folder.")
        with path.open("rb") as file:
            return Listed(name, size, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        return Listed(name, size, None, refusal(error))


def _opened(content: Content) -> Opened:
    kind = encoding = year = None
    try:
        data = content.path.read_bytes()
        kind = media_type(data)
        stream = open_document(data, content.path.name)
        encoding = stream.encoding
        year = identify(stream).report_year
    except Exception as error:  # noqa: BLE001 - whatever one document does to the reader, the others go on
        return Opened(content.sha256, kind, encoding, year, refusal(error), not isinstance(error, OSError))
    if FIRST_YEAR <= year <= LAST_YEAR:
        return Opened(content.sha256, kind, encoding, year)
    reason = (
        f"The report year {year} is not between {FIRST_YEAR} and {LAST_YEAR}: check the year in the text."
    )
    return Opened(content.sha256, kind, encoding, year, reason)


def _died(sha256: str) -> Opened:
    reason = "The reader's process ended while opening it: keep the file and report this."
    return Opened(sha256, None, None, None, reason)
