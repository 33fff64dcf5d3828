"""The closing lines: who signs, and when.

Belongs here: telling a signature and its date from closing sentences. Does not belong
here: dates in general (dates.py), the title's name (title.py).
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.reading import pages
from pipeline.reading.dates import arabic, find_date
from pipeline.reading.labels import squeeze
from pipeline.reading.title import ENDS_AS_BODY, NAME

_SEARCHED = 40
_LONGEST = 60
_NUMBER_ENDS = frozenset("0123456789０１２３４５６７８９页-—–－·")
_LONGEST_NUMBER = 20  # of a page: 第 12 页 共 34 页
_SEAL = re.compile(r"[（(](?:盖章|公章|印章|章)[)）]")
_FEWEST_LETTERS = 4


class Signature(NamedTuple):
    """The body that signs, the date, and the entries they stand in."""

    name: str | None
    signed_on: date | None
    entries: frozenset[int]


def find_signature(stream: Stream) -> Signature:
    """Return who signs and when, from the last lines of the document."""
    start = max(0, len(stream.lines) - 2 * _SEARCHED)
    shown = (place for place in range(start, len(stream.lines)) if stream.lines[place].strip())
    places = [place for place in shown if not _is_page_number(stream.lines[place])][-_SEARCHED:]
    for order in reversed(range(len(places))):
        line = stream.lines[places[order]].strip()
        found = _dated(line) if len(line) <= _LONGEST else None
        if found:
            return _signed(stream, places, order, *found)
    return _undated(stream, places)


def _is_page_number(line: str) -> bool:
    """Tell whether a line is a page's number: it may stand below the signature, or between name and date."""
    text = line.strip()
    if text[-1:] not in _NUMBER_ENDS or len(text) > _LONGEST_NUMBER:
        return False
    return pages.is_certain(text) or pages.possible(text) is not None


def _dated(line: str) -> tuple[str, date] | None:
    """Return the name beside a date and the date, when a line has nothing else."""
    bare = _SEAL.sub("", arabic(squeeze(line)))
    found = find_date(bare)
    if found is None:
        return None
    signed_on, start, end = found
    rest = bare[:start] + bare[end:]
    return (rest, signed_on) if not rest or NAME.fullmatch(rest) else None


def _signed(stream: Stream, places: Sequence[int], order: int, beside: str, signed_on: date) -> Signature:
    own = places[order]
    if len(beside) >= _FEWEST_LETTERS:
        return Signature(beside, signed_on, frozenset([own]))
    if order > 0 and (name := _name(stream, places[order - 1])):
        return Signature(name, signed_on, frozenset([places[order - 1], own]))
    if order > 1 and (name := _name(stream, places[order - 2])) and ENDS_AS_BODY.search(name):
        return Signature(name, signed_on, frozenset([places[order - 2], own]))
    if order + 1 < len(places) and (name := _name(stream, places[order + 1])) and ENDS_AS_BODY.search(name):
        return Signature(name, signed_on, frozenset([own, places[order + 1]]))
    return Signature(None, signed_on, frozenset([own]))


def _undated(stream: Stream, places: Sequence[int]) -> Signature:
    """Return a last line that is a body's name alone; without a date nothing else is a signature."""
    name = _name(stream, places[-1]) if places else None
    if name and ENDS_AS_BODY.search(name):
        return Signature(name, None, frozenset([places[-1]]))
    return Signature(None, None, frozenset())


def _name(stream: Stream, place: int) -> str | None:
    name = _SEAL.sub("", squeeze(stream.lines[place]))
    return name if NAME.fullmatch(name) and len(name) >= _FEWEST_LETTERS else None
