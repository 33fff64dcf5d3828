"""The folder of documents: which of its files are documents, and by what name each is known.

Belongs here: walking it. Does not belong here: opening or hashing files (intake.py).
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

# Files that are not documents: origin cards, and what editors, browsers and copying programs leave half-made.
_NOT_DOCUMENTS = (".origin.yaml", ".tmp", ".part", ".partial", ".crdownload", ".swp", "~")


def document_files(folder: Path, onerror: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """Yield every document of a folder and its subfolders; hidden files are none.

    `onerror` is told of a folder that can't be listed.
    """
    for parent, folders, names in os.walk(folder, onerror=onerror):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")) and not name.endswith(_NOT_DOCUMENTS):
                yield Path(parent, name)


def name_in(path: Path, folder: Path) -> str:
    """Return the name by which a file is known: relative to the folder, bytes that are not UTF-8 escaped."""
    return os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")
