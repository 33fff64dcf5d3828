"""The closing lines: who signs, and when.

Belongs here: telling a signature and its date from closing sentences. Does not belong
here: dates in general (dates.py), the title's name (title.py).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.reading.report.dates import arabic, find_date
from pipeline.reading.report.title import ENDS_AS_BODY, NAME
from pipeline.reading.words import pages
from pipeline.reading.words.labels import squeeze

_SEARCHED = 40
_LONGEST = 60
_SHORTEST_DATE = 6
_FURTHEST_NAME = 2  # lines above the date
_NUMBER_ENDS = frozenset("0123456789０１２３４５６７８９页-—–－·")
_LONGEST_NUMBER = 20  # of a page: 第 12 页 共 34 页
_SEAL = re.compile(r"[（(](?:盖章|公章|印章|章)[)）]")
_FEWEST_LETTERS = 4
_MOST_LINES = 4096  # remembered: where nothing is dated, tables' rows are the last lines, and these recur


class Signature(NamedTuple):
    """The body that signs, the date, and the entries they stand in."""

    name: str | None
    signed_on: date | None
    entries: frozenset[int]


def find_signature(stream: Stream) -> Signature:
    """Return who signs and when, from the last lines of the document."""
    upwards = islice(_upwards(stream), _SEARCHED)
    below: list[int] = []
    for place in upwards:
        line = stream.lines[place].strip()
        found = _dated(line) if _SHORTEST_DATE <= len(line) <= _LONGEST else None
        if found:
            above = list(islice(upwards, _FURTHEST_NAME))
            return _signed(stream, place, above, below[-1:], *found)
        below.append(place)
    return _undated(stream, below)


def _upwards(stream: Stream) -> Iterator[int]:
    """Yield the last lines in which something stands, but for numbers of pages, from below."""
    end = len(stream.lines)
    for place in range(end - 1, max(0, end - 2 * _SEARCHED) - 1, -1):
        line = stream.lines[place].strip()
        if line and not _is_page_number(line):
            yield place


def _is_page_number(text: str) -> bool:
    """Tell whether a line is a page's number: it may stand below the signature, or between name and date."""
    if text[-1:] not in _NUMBER_ENDS or len(text) > _LONGEST_NUMBER:
        return False
    return pages.is_certain(text) or pages.possible(text) is not None


@lru_cache(maxsize=_MOST_LINES)
def _dated(line: str) -> tuple[str, date] | None:
    """Return the name beside a date and the date, when a line has nothing else."""
    if line.isalpha() and "年" not in line:
        return None  # neither digits nor what stands after them
    bare = _SEAL.sub("", arabic(squeeze(line)))
    found = find_date(bare)
    if found is None:
        return None
    signed_on, start, end = found
    rest = bare[:start] + bare[end:]
    return (rest, signed_on) if not rest or NAME.fullmatch(rest) else None


def _signed(
    stream: Stream, own: int, above: Sequence[int], below: Sequence[int], beside: str, signed_on: date
) -> Signature:
    """Return the signature with a date; its name stands beside it, or in the lines next to it."""
    if len(beside) >= _FEWEST_LETTERS:
        return Signature(beside, signed_on, frozenset([own]))
    for distance, place in enumerate([*above, *below]):
        name = _name(stream, place)
        if name and (distance == 0 < len(above) or ENDS_AS_BODY.search(name)):
            return Signature(name, signed_on, frozenset([place, own]))
    return Signature(None, signed_on, frozenset([own]))


def _undated(stream: Stream, places: Sequence[int]) -> Signature:
    """Return a last line that is a body's name alone; without a date nothing else is a signature."""
    name = _name(stream, places[0]) if places else None
    if name and ENDS_AS_BODY.search(name):
        return Signature(name, None, frozenset([places[0]]))
    return Signature(None, None, frozenset())


def _name(stream: Stream, place: int) -> str | None:
    name = _SEAL.sub("", squeeze(stream.lines[place]))
    return name if NAME.fullmatch(name) and len(name) >= _FEWEST_LETTERS else None
