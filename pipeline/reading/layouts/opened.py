r"""Reports in a line or a few, in which signs stand where lines or cells end: `\n`, pipes, tabs, U+2028.

Belongs here: breaking such lines at their signs. Does not belong here: lines that lost their breaks without a
trace (unfolded.py).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.layouts.unfolded import parts_of
from pipeline.reading.words.breaks import SOFT_END

_MOST_LINES = 5  # of a document whose lines hold more than one
_FEWEST_SIGNS = 50  # in one line
_FEWEST_ENDS = 10  # spelt, which nothing else is
_LONGEST_CELL = 100


def hardened(stream: Stream) -> Stream:
    """Return a document with what the ends of lines part that no editor counts, as vertical tabs do."""
    if stream.grid or stream.pages:
        return stream
    return _with_parts(stream, SOFT_END.split)


def opened(stream: Stream) -> Stream:
    """Return a document of a few lines with what their signs part in lines of its own."""
    if len(stream.lines) <= _MOST_LINES and any(map(SOFT_END.search, stream.lines)):
        stream = hardened(stream)
    if len(stream.lines) > _MOST_LINES or stream.grid or stream.pages:
        return stream
    return _with_parts(stream, _parts)


def _with_parts(stream: Stream, parts_of_line: Callable[[str], Iterable[str]]) -> Stream:
    """Return a document with the parts of its lines as lines, each with the number of the whole."""
    lines: list[str] = []
    numbers: list[int] = []
    for line, number in zip(stream.lines, stream.numbers, strict=True):
        parts = list(parts_of_line(line))
        lines += parts
        numbers += [number] * len(parts)
    return replace(stream, lines=lines, numbers=numbers)


def _parts(line: str) -> Iterator[str]:
    """Yield what a line's signs part; a long part is sentences and headings, each for itself."""
    if line.count("\\n") >= _FEWEST_ENDS:
        yield from line.replace("\\r", "").replace("\\t", "\t").split("\\n")
        return
    sign = next((sign for sign in "|\t" if line.count(sign) >= _FEWEST_SIGNS), None)
    for part in line.split(sign) if sign else [line]:
        yield from parts_of(part) if sign and len(part) > _LONGEST_CELL else [part]
