"""The one form that every document takes before anything is read from it.

Belongs here: the stream's types and the error that a reader of a format raises.
Does not belong here: knowledge of any one format, or of what the lines mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Cell(NamedTuple):
    """One cell of a table row that the source itself marks as such.

    `column` is the 0-based grid column after row and column spans. A merged cell
    appears once, at its top left; the rows that it continues into have no cell there.
    `line` is the 1-based line of the raw file on which the content starts.
    """

    text: str
    column: int
    span: int = 1
    line: int = 0
    row_span: int = 1


@dataclass(slots=True)
class Stream:
    """Lines and cells of one document, in reading order.

    `lines` has one entry for a line of running text or for a table row (its cells
    joined by tabs). `numbers[i]` is the line number to report for entry i: the raw
    file's line for text and HTML, a running number for DOCX and PDF. `grid` holds
    the cells of the entries that the format marks as table rows, `tables` the
    ordinal of their table, `pages` the 1-based page of each entry (PDF only).
    `meta` is what the page says of itself: `title`, `published`, `publisher`.
    """

    media_type: str
    encoding: str | None
    lines: list[str]
    numbers: Sequence[int]
    grid: dict[int, tuple[Cell, ...]] = field(default_factory=dict)
    tables: dict[int, int] = field(default_factory=dict)
    pages: Sequence[int] | None = None
    meta: dict[str, str] = field(default_factory=dict)


class Unreadable(Exception):
    """A document that can't be read; `reason` says what is wrong and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
