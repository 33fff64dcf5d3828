"""Texts whose every line begins with its number, as listings and editors print them: `12: 予以公开`.

Belongs here: taking these numbers away. Does not belong here: the running numbers of a table's rows
(serials.py).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.documents.stream import Stream

_FEWEST = 20  # lines; fewer may be a list
_NEARLY_ALL = 0.95  # of the lines, or of the steps from one to the next
_NUMBER = re.compile(r"\s{0,8}(\d{1,6})(?:\s?[:：|\]>)）]\s?|\t)")


def numbered(stream: Stream) -> Stream:
    """Return a text without the number of each line; as it is where not nearly every line has its own."""
    if stream.grid or stream.pages or not any(map(_NUMBER.match, stream.lines[:2])):
        return stream
    found = [_NUMBER.match(line) for line in stream.lines]
    numbers = [int(number[1]) for number in found if number]
    if len(numbers) < max(_FEWEST, _NEARLY_ALL * sum(map(bool, stream.lines))) or not _count_up(numbers):
        return stream
    pairs = zip(stream.lines, found, strict=True)
    return replace(stream, lines=[line[number.end() :] if number else line for line, number in pairs])


def _count_up(numbers: Sequence[int]) -> bool:
    """Tell whether numbers rise, by one nearly everywhere: some lines may be left out."""
    steps = [after - before for before, after in pairwise(numbers)]
    return min(steps) > 0 and steps.count(1) >= _NEARLY_ALL * len(steps)
