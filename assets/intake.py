"""From the folder of documents to raw.document: which files there are and what opening them gives.

Belongs here: looking at each file twice, opening in the process pool. Does not belong
here: what makes a file readable (pipeline.documents) or a report (pipeline.reading).
"""

import os
import stat
import time
import traceback
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from assets import archive, log, pool
from assets.archive import Content
from assets.folder import File, document_files, name_in, sha256
from assets.partitions import FIRST_YEAR, LAST_YEAR
from assets.paths import ROOT
from assets.progress import Progress
from assets.storage import Storage
from pipeline.documents import Unreadable, check_size, media_type, open_document
from pipeline.frames import Listed, Opened, documents, in_order, needs_opening, of_years
from pipeline.reading import identify
from pipeline.version import parser_version

# So long no file may have been touched before it is taken. A copy that pauses longer slips through as half a
# report: the next run takes the whole in its place and marks the half as withdrawn.
_REST_SECONDS = 1.0
_IN_MOTION = "The file is being written just now: it is left for the next run."
_CLOSED = "The folder can't be listed ({}): let the user who runs gongkai read it."


class _Look(NamedTuple):
    """A file as listed, and what tells whether it has been touched since: size, mtime, ctime (ns)."""

    path: str
    listed: Listed
    state: tuple[int, int, int] | None


def take_in(storage: Storage, progress: Progress, years: Collection[int] | None = None) -> pl.DataFrame:
    """Return raw.document for the folder as it is now; only new contents are opened.

    With `years`, documents known to be of other report years are left as they are, whatever became of them.
    """
    known, others = of_years(storage.read("raw.document"), years)
    elsewhere = set(others["sha256"])
    listed = [file for file in list_folder(storage.raw_folder) if file.sha256 not in elsewhere]
    version = parser_version()
    opened = _open_all(
        storage, progress, listed, needs_opening(listed, known, version, archive.held(storage.archive))
    )
    gone = {content.sha256 for content in opened if content.is_gone}
    rows = documents(_still_there(listed, gone, storage.raw_folder), opened, known, version, _now())
    _log(storage.folder, known, rows)
    return in_order(pl.concat([rows, others]))


def list_folder(folder: Path) -> list[Listed]:
    """Return every document of a folder and its subfolders, hashed; hidden files are none.

    A file that is being written has no hash but a reason; so has a subfolder that can't be listed.
    """
    looks = list(_walk(folder))
    _wait_for_rest(looks)
    return [listed for look in looks if (listed := _second_look(look)) is not None]


def _log(folder: Path, known: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Log each document that is new, or of which something else has become than in the last run."""
    state = ["document_id", "status", "is_gone"]
    before, now = (part.with_columns(is_gone=pl.col("withdrawn_at").is_not_null()) for part in (known, rows))
    for row in now.join(before, state, "anti", maintain_order="left").iter_rows(named=True):
        log.document(folder, f"document.{'withdrawn' if row['withdrawn_at'] else row['status']}", row)


def open_contents(contents: list[Content]) -> list[Opened]:
    """Open and identify contents; each one gives its report year or a reason."""
    return [_opened(content) for content in contents]


def refusal(error: BaseException) -> str:
    """Return the reason, with what to do, for which an error keeps a document out."""
    if isinstance(error, Unreadable):
        return error.reason.encode(errors="backslashreplace").decode()  # it may quote the document's parts
    if isinstance(error, archive.LostError):
        return archive.LOST
    if isinstance(error, PermissionError):
        return "No permission to read the file: let the user who runs gongkai read it."
    if isinstance(error, OSError):
        return f"The file can't be read ({error.strerror}): check it and the disk."
    # Without the error's own words: they may quote the document, and reasons are printed where logs are kept.
    return f"The reader failed ({type(error).__name__} in {_place(error)}): keep the file and report this."


def _place(error: BaseException) -> str:
    """Return the line of our own code in which an error arose, or that called what raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame for frame in frames if frame.filename.startswith(str(ROOT)) and ".venv" not in frame.filename
    ]
    return f"{Path(own[-1].filename).relative_to(ROOT)}:{own[-1].lineno}" if own else "a library"


def _now() -> datetime:
    """Return the time as stored: UTC without its name, in whole seconds."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


# --- which files there are ---


def _walk(folder: Path) -> Iterator[_Look]:
    closed: list[OSError] = []
    for file in document_files(folder, closed.append):
        look = _look(file)
        if look is not None:
            yield look
    for error in closed:
        if Path(error.filename) == folder:
            raise error
        name = name_in(error.filename, folder)
        yield _Look(str(folder), Listed(name, 0, None, _CLOSED.format(error.strerror)), None)


def _look(file: File) -> _Look | None:
    """Return what a file is now; None when it has just gone."""
    path, name = file
    if not file.has_name:
        return _Look(path, Listed(name, 0, None, "The file's name is not UTF-8: rename it."), None)
    size = 0
    try:
        found = os.stat(path)  # noqa: PTH116 - Path.stat is slower, and there may be 50,000
        size = found.st_size
        if not stat.S_ISREG(found.st_mode):
            reason = "Not a regular file: put the document itself into the folder."
            return _Look(path, Listed(name, size, None, reason), None)
        return _Look(path, Listed(name, size, sha256(path, size)), _state(found))
    except OSError as error:
        return _Look(path, Listed(name, size, None, refusal(error)), None) if os.path.lexists(path) else None


def _wait_for_rest(looks: Sequence[_Look]) -> None:
    """Wait until every file has been left alone for a moment, as far as it was when it was looked at."""
    touched = max((look.state[2] for look in looks if look.state), default=0) / 1e9
    time.sleep(min(max(touched + _REST_SECONDS - time.time(), 0), _REST_SECONDS))


def _second_look(look: _Look) -> Listed | None:
    """Return a file as listed if it is still the same, else without its hash; None when it has gone."""
    if look.state is None:
        return look.listed
    try:
        same = _state(os.stat(look.path)) == look.state  # noqa: PTH116 - as above
    except OSError:
        same = False
    return look.listed if same else _in_motion(look.listed, look.path)


def _in_motion(listed: Listed, path: str | Path) -> Listed | None:
    return Listed(listed.file_name, listed.byte_size, None, _IN_MOTION) if os.path.lexists(path) else None


def _state(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


# --- what opening them gives ---


def _open_all(
    storage: Storage, progress: Progress, listed: Sequence[Listed], todo: Sequence[Listed]
) -> list[Opened]:
    wanted, paths = {file.sha256 for file in todo}, defaultdict[str | None, list[Path]](list)
    for file in listed:
        if file.sha256 in wanted:
            paths[file.sha256].append(storage.raw_folder / file.file_name)
    contents = [
        Content(file.sha256, file.byte_size, storage.archive, tuple(paths[file.sha256]))
        for file in todo
        if file.sha256 is not None
    ]
    progress.stage("opening", len(contents))
    opened: list[Opened] = []
    for batch, result in pool.run(open_contents, contents, lambda content: content.byte_size):
        opened += result if result is not None else [_died(content.sha256) for content in batch]
        progress.advance(len(batch))
    return opened


def _still_there(listed: Sequence[Listed], gone: Collection[str], folder: Path) -> list[Listed]:
    """Return the files without those that have gone or changed since they were listed."""
    found = []
    for file in listed:
        left = _in_motion(file, folder / file.file_name) if file.sha256 in gone else file
        if left is not None:
            found.append(left)
    return found


def _opened(content: Content) -> Opened:
    kind = encoding = year = None
    try:
        name = content.paths[0].name if content.paths else ""
        check_size(content.byte_size, name)
        data = archive.bytes_of(content)
        kind = media_type(data)
        stream = open_document(data, name)
        encoding = stream.encoding
        year = identify(stream).report_year
    except archive.UnwritableError:
        raise
    except archive.LostError as error:
        return Opened(
            content.sha256, None, None, None, refusal(error), is_final=False, is_gone=bool(content.paths)
        )
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
