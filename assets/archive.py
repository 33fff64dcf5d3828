"""The bytes of every document ever opened, by their hash, so that no evidence goes with a file.

Belongs here: keeping a content, and getting its bytes back from here or from the folder of
documents. Does not belong here: which contents there are (intake.py) or what they say.
"""

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LOST = "Neither the folder nor the archive has its bytes as they were: put the file back."


class Content(NamedTuple):
    """One content: its hash and size, the archive's folder, and the files that hold it (none: withdrawn)."""

    sha256: str
    byte_size: int
    archive: Path
    paths: tuple[Path, ...]


class LostError(Exception):
    """No file has the bytes of a content any more: each is gone, damaged or has others."""


class UnwritableError(OSError):
    """The archive can't be written: a fault of the machine, for which no document is to blame."""


def held(folder: Path) -> set[str]:
    """Return the hashes of all contents of an archive; half-written files of ended processes are removed."""
    found: set[str] = set()
    if not folder.is_dir():
        return found
    for shelf in folder.iterdir():
        names = {path.name for path in shelf.iterdir()} if shelf.is_dir() else set()
        hidden = {name for name in names if name.startswith(".")}
        _sweep(shelf / name for name in hidden)
        found |= names - hidden
    return found


def bytes_of(content: Content) -> bytes:
    """Return a content's bytes from the archive; where that has none or damaged ones, from the folder.

    What comes from the folder is kept, so that a damaged copy heals. Raises LostError,
    UnwritableError, and OSError for a file of the folder that is there but can't be read.
    """
    kept = content.archive / content.sha256[:2] / content.sha256
    try:
        data = _matching(kept, content.sha256)
    except OSError:
        data = None
    if data is not None:
        return data
    for path in content.paths:
        data = _matching(path, content.sha256)
        if data is not None:
            _keep(kept, data)
            return data
    raise LostError(content.sha256)


def _matching(path: Path, sha256: str) -> bytes | None:
    """Return the bytes of a file if they are those of the hash."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def _keep(path: Path, data: bytes) -> None:
    """Write a content in one step.

    Nothing waits for the disk: at 50,000 files that takes minutes. What a power cut
    spoils doesn't match its hash and is written again while the file is in the folder.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise UnwritableError(
            error.errno, f"The archive can't be written: {error.strerror}", str(path)
        ) from error


def _sweep(paths: Iterable[Path]) -> None:
    for path in paths:
        pid = path.name.rpartition(".")[2]
        if not pid.isdigit() or not Path(f"/proc/{pid}").exists():
            path.unlink(missing_ok=True)
