"""`gongkai dictionary`: the data dictionary as one HTML page, to a file or to standard output.

Belongs here: writing it. Does not belong here: what it says (pipeline.catalogue.dictionary).
"""

import sys
from importlib.metadata import version
from pathlib import Path

from pipeline.catalogue.dictionary import page


def run(output: Path | None) -> int:
    """Write the page; return the exit code."""
    data = page(version("gongkai")).encode()
    try:
        if output is None:
            sys.stdout.buffer.write(data)
        else:
            _write(output, data)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _write(output: Path, data: bytes) -> None:
    """Write a file that appears only whole."""
    beside = output.with_name(f".{output.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(output)
    finally:
        beside.unlink(missing_ok=True)
