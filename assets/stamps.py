"""What a step was made of when it ended well: a night on which that is the same needs none of its work.

Belongs here: fingerprints of stored files and of frames, and where they are kept. Does not belong here: which
of them a step depends on (year.py, comparison.py).
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from assets.storage import Storage
from pipeline.version import parser_version


def fingerprint(files: Iterable[Path], *others: str) -> str:
    """Return a hash of the parser version, of the size and time of files, and of other texts.

    A file that is not there counts as such.
    """
    digest = hashlib.sha256(parser_version().encode())
    for path in files:
        found = path.stat() if path.exists() else None
        state = f"{found.st_size} {found.st_mtime_ns}" if found else "none"
        digest.update(f"{path.name} {state}\n".encode())
    for text in others:
        digest.update(f"{len(text)} {text}\n".encode())
    return digest.hexdigest()


def of_rows(rows: pl.DataFrame) -> str:
    """Return a hash of a frame's rows in their order."""
    return hashlib.sha256(rows.write_json().encode()).hexdigest()


def stands(storage: Storage, step: str, now: str) -> bool:
    """Tell whether a step ended well on exactly what there is now."""
    path = _path(storage, step)
    return path.exists() and path.read_text(encoding="utf-8") == json.dumps(now)


def keep(storage: Storage, step: str, now: str) -> None:
    """Note on what a step has ended well. A torn note is none: then the step is done again."""
    path = _path(storage, step)
    if not stands(storage, step, now):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(now), encoding="utf-8")


def _path(storage: Storage, step: str) -> Path:
    return storage.store / "stamps" / f"{step}.json"
