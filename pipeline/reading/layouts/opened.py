r"""Reports in a line or a few, in which signs stand where lines or cells end: `\n`, pipes, tabs, U+2028.

Belongs here: breaking such lines at their signs. Does not belong here: lines that lost their breaks without a
trace (unfolded.py).
"""

import operator
import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, dropwhile

from pipeline.documents.stream import Stream
from pipeline.reading.layouts.unfolded import parts_of
from pipeline.reading.words.breaks import FEWEST_SIGNS, SOFT_END, is_run

_FEED = re.compile(r"(?<=.)\f(?=.*\S)")
# A table's last cell, with the text below the table behind it.
_LAST_CELL = re.compile(r"(\s*(?:[+\-－−]?[\d０-９][\d０-９,，.]*|[/—–\-]|无)[件元项个]?)\s{2,}(\S{4,}.*)")
_MOST_LINES = 5  # of a document whose lines hold more than one
_FEWEST_BESIDE = 20  # signs in a line beside one that has many more
_FEWEST_ENDS = 10  # spelt, which nothing else is
_LONGEST_CELL = 100
_BLOCKS = "     "  # between paragraphs of one cell; letters of a label have fewer spaces between them
_FEWEST_CUT = 3  # lines


def hardened(stream: Stream) -> Stream:
    """Return a document with what the ends of lines part that no editor counts, as vertical tabs do."""
    if stream.grid or stream.pages:
        return stream
    return _with_parts(stream, SOFT_END.split)


def parted(stream: Stream) -> Stream:
    """Return a text with each cell of its tables that were run together in one line as a line.

    So are those of a page that old sites lay out as a table, of which a program makes one row.
    """
    if stream.grid or stream.pages or not any(map(is_run, stream.lines)):
        return stream
    return _with_parts(stream, lambda line: _parts(line, _FEWEST_BESIDE))


def fed(stream: Stream) -> Stream:
    """Return a text with what a form feed within a line parts as lines; pages of text begin with one."""
    if stream.grid or stream.pages:
        return stream
    return _with_parts(stream, _FEED.split)


def opened(stream: Stream) -> Stream:
    """Return a document of a few lines with what their signs part in lines of its own."""
    if not stream.grid and not stream.pages and _are_cut(stream.lines):
        return _with_ends(stream)
    if len(stream.lines) <= _MOST_LINES and any(map(SOFT_END.search, stream.lines)):
        stream = hardened(stream)
    if len(stream.lines) > _MOST_LINES or stream.grid or stream.pages:
        return stream
    return _with_parts(stream, _parts)


def _are_cut(lines: Sequence[str]) -> bool:
    """Tell whether a text whose line ends are spelt was cut into lines of one length, wherever that fell."""
    if len(lines) > _FEWEST_CUT and len(lines[-2]) != len(lines[-3]):
        return False  # nearly every text
    written = list(dropwhile(operator.not_, lines))
    if len(written) < _FEWEST_CUT or any(len(line) != len(written[0]) for line in written[:-1]):
        return False
    return len(written[-1]) <= len(written[0]) and "".join(written).count("\\n") >= _FEWEST_ENDS


def _with_ends(stream: Stream) -> Stream:
    """Return a text that was cut at one length with its own lines, each with the number it began at."""
    ends = list(accumulate(map(len, stream.lines)))
    parts = "".join(stream.lines).split("\\n")
    begins = accumulate((len(part) + len("\\n") for part in parts[:-1]), initial=0)
    numbers = [stream.numbers[min(bisect(ends, begin), len(ends) - 1)] for begin in begins]
    lines = [part.replace("\\r", "").replace("\\t", "\t") for part in parts]
    return replace(stream, lines=lines, numbers=numbers)


def _with_parts(stream: Stream, parts_of_line: Callable[[str], Iterable[str]]) -> Stream:
    """Return a document with the parts of its lines as lines, each with the number of the whole."""
    lines: list[str] = []
    numbers: list[int] = []
    for line, number in zip(stream.lines, stream.numbers, strict=True):
        parts = list(parts_of_line(line))
        lines += parts
        numbers += [number] * len(parts)
    return replace(stream, lines=lines, numbers=numbers)


def _parts(line: str, fewest: int = FEWEST_SIGNS) -> Iterator[str]:
    """Yield what a line's signs part, `fewest` or more; a long part is sentences and headings.

    The whole line where there are fewer.
    """
    if line.count("\\n") >= _FEWEST_ENDS:
        yield from line.replace("\\r", "").replace("\\t", "\t").split("\\n")
        return
    sign = next((sign for sign in "|\t" if line.count(sign) >= fewest), None)
    if sign is None:
        yield line
        return
    for cell in line.split(sign):
        last = _LAST_CELL.match(cell)
        if last:
            yield last[1]
        part = last[2] if last else cell
        yield from parts_of(part) if len(part) > _LONGEST_CELL or _BLOCKS in part.strip() else [part]
