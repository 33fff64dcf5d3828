"""Cells with a line each that a pipe begins: `规章`, `|2`, `|3`; or every cell, its row's first too.

Belongs here: telling such lines, and their pipes at the ends of lines alone, as nearly all such texts have
them. Does not belong here: rows with a line each (unbordered.py).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.documents.stream import Stream
from pipeline.reading.words import labels

_WIKI = "\n{|"  # begins a table whose rows are lists of cells after `|-`
_FEWEST = 50  # lines that a pipe begins; a report has some two hundred cells
_LEAST_SHARE = 0.9  # of the lines in which something stands beside pipes; menus have some, too
_FEWEST_LED = 3  # labels without a pipe that a line with one follows


def unled(stream: Stream, text: str) -> Stream:
    """Return a text with the pipes that begin its lines at the ends of cells, whose lines they then are."""
    if text.count("\n|") < _FEWEST or _WIKI in text or stream.grid or stream.pages:
        return stream
    written = [line for line in stream.lines if "|" in line and line.strip("| ")]
    if _are_nearly_all(_is_boxed, written):
        return replace(stream, lines=list(map(_unboxed, stream.lines)))
    if not _are_nearly_all(_is_led, written):
        return stream
    follow = sum(_is_label(line) and _is_led(after) for line, after in pairwise(stream.lines))
    moved = _before(stream.lines) if follow >= _FEWEST_LED else map(_behind, stream.lines)
    return replace(stream, lines=list(moved))


def _are_nearly_all(is_so: Callable[[str], bool], written: Sequence[str]) -> bool:
    return sum(map(is_so, written)) >= _LEAST_SHARE * len(written) > 0


def _is_led(line: str) -> bool:
    """Tell whether a line begins with its only pipe, or with all of several."""
    return line.startswith("|") and "|" not in line.lstrip("| ")


def _is_boxed(line: str) -> bool:
    """Tell whether a line is one cell with a pipe on both sides."""
    return line.startswith("|") and line.count("|") == len("||") and line.rstrip().endswith("|")


def _is_label(line: str) -> bool:
    return "|" not in line and labels.skeleton(line.strip()) in labels.index()


def _unboxed(line: str) -> str:
    """Return a line without the pipe before its cell; of one that has nothing but pipes they part cells."""
    if not line.startswith("|"):
        return line
    return line[1:].lstrip(" ") if line.strip("| ") else line[1:].replace(" ", "")


def _before(lines: list[str]) -> Iterator[str]:
    """Yield the lines with each pipe at the end of the line before: it parts two cells, or ends a row."""
    for line, after in pairwise([*lines, ""]):
        cell = line[1:].lstrip(" ") if _is_led(line) else line
        yield _ended(cell) if _is_led(after) else cell


def _behind(line: str) -> str:
    """Return a line with its pipe at its own end."""
    return _ended(line[1:].lstrip(" ")) if _is_led(line) else line


def _ended(cell: str) -> str:
    return f"{cell} |" if cell.strip("|") else f"{cell}|"
