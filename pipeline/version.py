"""The parser version: a fingerprint of everything that decides what is read from the same bytes.

Belongs here: what goes into the fingerprint. Does not belong here: what a change of it
causes (every document is read again; see the assets).
"""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parent
_SUFFIXES = {".py", ".yaml", ".csv", ".txt"}
# What judges a finished warehouse reads no document.
_NOT_READING = ("release",)
# The libraries whose own releases can change a reading.
_LIBRARIES = ("jieba", "lxml", "pdfplumber", "polars", "rapidfuzz")


@cache
def parser_version() -> str:
    """Return 12 hex digits over the code and data of `pipeline` and the libraries' versions.

    A version raised by hand can be forgotten, and then old rows stay in silence.
    """
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in _SUFFIXES and path.relative_to(PACKAGE).parts[0] not in _NOT_READING:
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library}=={version(library)}".encode())
    return digest.hexdigest()[:12]
