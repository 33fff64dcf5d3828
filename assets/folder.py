"""The folder of documents: which of its files are documents, by what name each is known, and their hashes.

Belongs here: walking it, hashing a file. Does not belong here: what a content means (intake.py).
Files go by their paths as texts: Path is slow, and there may be 50,000.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

# Files that are not documents: origin cards, and what editors, browsers and copying programs leave half-made.
_NOT_DOCUMENTS = (".origin.yaml", ".tmp", ".part", ".partial", ".crdownload", ".swp", "~")
_AT_ONCE = 1_000_000


class File(NamedTuple):
    """A document: its path as the system has it, and its name relative to the folder, as it is known."""

    path: str
    name: str

    @property
    def has_name(self) -> bool:
        """Tell whether the file's name is text: one that is not UTF-8 has its bytes escaped in `name`."""
        return self.path.endswith(self.name)


def document_files(folder: Path, onerror: Callable[[OSError], object] | None = None) -> Iterator[File]:
    """Yield every document of a folder and its subfolders; hidden files are none.

    `onerror` is told of a folder that can't be listed.
    """
    for parent, folders, names in os.walk(folder, onerror=onerror):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = name_in(parent, folder)
        for name in sorted(names):
            if not name.startswith((".", "~$")) and not name.endswith(_NOT_DOCUMENTS):
                yield File(os.path.join(parent, name), f"{within}{_text(name)}")  # noqa: PTH118 - as above


def name_in(parent: str, folder: Path) -> str:
    """Return a subfolder's name relative to the folder, with / after it; nothing for the folder itself."""
    return "" if parent == str(folder) else _text(os.path.relpath(parent, folder)) + "/"


def sha256(path: str, size: int) -> str:
    """Return the hash of a file of about so many bytes; of a small one at once, as nearly all are."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - as above
        if size > _AT_ONCE:
            return hashlib.file_digest(file, "sha256").hexdigest()
        return hashlib.sha256(file.read()).hexdigest()


def _text(name: str) -> str:
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")
