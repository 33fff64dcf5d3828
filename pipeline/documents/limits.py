"""How much of a document is worth reading: the bounds that keep time and memory finite.

Belongs here: limits that hold for more than one format, with the reason of each.
Does not belong here: limits that only one format knows (they stand in its module).
A limit is a count of something in the file, never a clock: the same bytes must give the
same answer on a slow machine.
"""

from collections.abc import Sequence

from pipeline.documents.stream import Unreadable

MAX_BYTES = 64 * 2**20
"""Of any file. Reports with pictures reach some 20 MiB; beyond this it is a collection or a mistake."""

MAX_TEXT = 8 * 2**20
"""Characters of a text or an HTML file. Long reports have 50,000, pages with pictures inside 5 million."""

MAX_LINE = 1_000_000
"""Characters of one line. A whole report is shorter; a file without line ends must not make work grow."""

MAX_ENTRIES = 200_000
"""Lines and table rows of one document: twenty times the longest annex seen, and still a second's work."""

MAX_COLUMNS = 200
"""Columns of one table. The statutory ones have at most 15; spans of thousands only exhaust memory."""


def check_size(byte_size: int, file_name: str = "") -> None:
    """Raise Unreadable for a file with too many bytes; nothing of it need be read for that."""
    if byte_size > MAX_BYTES:
        raise Unreadable(
            f"{file_name or 'The file'} has more than {MAX_BYTES:,} bytes, so it is no report: "
            "split it or take it out."
        )


def check_lines(lines: Sequence[str]) -> None:
    """Raise Unreadable when a document has too many lines (or table rows), or one is too long."""
    if len(lines) > MAX_ENTRIES:
        raise Unreadable(
            f"The document has more than {MAX_ENTRIES:,} lines or table rows, so it is no report: "
            "split it or take it out."
        )
    if max(map(len, lines), default=0) > MAX_LINE:
        raise Unreadable(
            f"A line has more than {MAX_LINE:,} characters, so it is no report: "
            "restore the line ends or fetch the file again."
        )
