"""A night on which nothing has changed, told before anything large is loaded.

A run that ended well, and leaves nothing to be tried again, notes what it was made of: the documents by name
and content, the programs, the corrections, and the files that it left in the warehouse's folder. Where all of
that is the same, nothing is to be done. All documents are hashed for it: their times prove nothing.

Belongs here: what is noted and compared. Does not belong here: what a single step depends on (stamps.py).
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from assets.folder import document_files, sha256
from assets.paths import DATABASE, HELD, LOG, RELEASES, ROOT, RUNS, SQL
from pipeline.version import parser_version

_NOTE = "night.json"
# Written by every run, or by others, and no part of what a build is made of; the archive is compared apart.
_OTHERS = {LOG.parts[0], RUNS, ".lock", "archive", "dagster"}
# What of the programs and settings the parser version leaves out.
_PROGRAMS = (ROOT / "assets", ROOT / "pipeline" / "release", SQL)
_LIBRARIES = ("dagster", "duckdb", "pandera")


class Place(NamedTuple):
    """The folder of documents, the folder of the warehouse, and the file of corrections."""

    raw: Path
    warehouse: Path
    corrections: Path


def is_quiet(place: Place) -> bool:
    """Tell whether everything is as the last run left it. What can't be looked at is a reason to run."""
    try:
        noted = json.loads(_path(place).read_bytes())
        left = _left(place)
        as_left = {name: noted[name] for name in left} == left and noted["given"] == given(place)
        return bool(as_left and noted["documents"] == _of(_documents(place)))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def given(place: Place) -> str:
    """Return a hash of what a run works with beside the documents: programs, libraries, SQL, corrections."""
    digest = hashlib.sha256(parser_version().encode())
    for library in _LIBRARIES:
        digest.update(f"{library}=={version(library)}\n".encode())
    files = (path for folder in _PROGRAMS for path in folder.rglob("*") if path.suffix != ".pyc")
    for path in sorted(path for path in files if path.is_file()):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    digest.update(place.corrections.read_bytes())
    return digest.hexdigest()


def note(place: Place, given_before: str, documents: Iterable[tuple[str, str | None]]) -> None:
    """Note on what a run has ended: the documents that it saw (name and hash), and what it was given."""
    path = _path(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"given": given_before, **_left(place), "documents": _of(documents)}
    path.write_text(json.dumps(content), encoding="utf-8")


def _path(place: Place) -> Path:
    return place.warehouse / "store" / "stamps" / _NOTE


def _documents(place: Place) -> Iterator[tuple[str, str | None]]:
    """Yield the name and hash of each document. Raises OSError for what is closed or no file."""
    for path, name in document_files(place.raw, _refuse):
        found = os.stat(path)  # noqa: PTH116 - Path is slow, and there may be 50,000
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{name} is no file")
        yield name, sha256(path, found.st_size)


def _refuse(error: OSError) -> None:
    raise error


def _of(documents: Iterable[tuple[str, str | None]]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(documents):
        digest.update(f"{content} {name}\n".encode())
    return digest.hexdigest()


def _left(place: Place) -> dict[str, str]:
    """Return hashes of what a run left in the warehouse's folder, and of the names in its archive."""
    folder = place.warehouse
    built = [folder / DATABASE, *(folder / name for name in (RELEASES, HELD, "store"))]
    states = sorted(f"{path.relative_to(folder)} {_state(path)}" for top in built for path in _files(top))
    names = sorted(path.name for path in folder.iterdir() if path.name not in _OTHERS)
    kept = sorted(name for _, _, held in os.walk(folder / "archive") for name in held)
    return {"built": _hash([*states, *names]), "archive": _hash(kept)}


def _files(top: Path) -> Iterator[Path]:
    yield from (path for path in [top, *top.rglob("*")] if path.is_file() and path.name != _NOTE)


def _state(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns}"


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
