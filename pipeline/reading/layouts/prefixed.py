"""Texts whose every line begins with what is not its own: its number, a sign of quotation, an indent.

Listings and editors number lines (`12: 予以公开`), mail and Markdown quote them (`> 予以公开`).

Belongs here: taking these beginnings away. Does not belong here: the running numbers of a table's rows
(serials.py), bullets before some lines (listed.py).
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.documents.stream import Stream
from pipeline.reading.words.lines import is_prose

_FEWEST = 20  # lines; fewer may be a list
_NEARLY_ALL = 0.95  # of the lines, or of the steps from one to the next
_FEW = 2  # signs in a line
_SELDOM = 0.1
_NUMBER = re.compile(r"\s{0,8}(\d{1,6})(?:\t| ?[:：|\]>)）]\s?|(?= )|$)")
_FRAMES = frozenset("|\t")
_FRAMES_OR_NONE = _FRAMES | {""}
_SIGNS = frozenset(">#*•·%;/-")  # none that marks a cell
# A dash alone may be a figure's sign.
_PREFIX = re.compile(r"(?:[>#*•·%;]|//|--|-(?=\s))*\s*")


def unprefixed(stream: Stream) -> Stream:
    """Return a text without what each of its lines begins with: a number that counts them, signs, an indent.

    It stays as it is where not nearly every line has its own number, or not every line the same signs.
    """
    if stream.grid or stream.pages or len(stream.lines) < _FEWEST:
        return stream
    return _without_numbers(_without_signs(_without_frame(stream)))


def _without_frame(stream: Stream) -> Stream:
    """Take away the pipes or tabs in which all lines stand, prose too: a program put them between all texts.

    The first and the last line may have none at their outer end.
    """
    if stream.lines[len(stream.lines) // 2][:1] not in _FRAMES_OR_NONE:
        return stream  # nearly every text
    written = list(filter(None, stream.lines))
    sign = written[len(written) // 2][:1] if written else ""
    if sign not in _FRAMES or not all(line[0] == sign == line[-1] for line in written[1:-1]):
        return stream
    bare = [line.removeprefix(sign).removesuffix(sign) for line in stream.lines]
    rows = sum(line.count(sign) > _FEW for line in bare)  # where rows have a line each the signs part cells
    is_framed = rows < _SELDOM * len(written) and any(map(is_prose, bare))  # not a table alone
    return replace(stream, lines=bare) if is_framed else stream


def _without_signs(stream: Stream) -> Stream:
    """Take away the signs and the white space with which all lines begin that are not empty."""
    first = next(filter(str.strip, stream.lines), "")
    if first[:1] not in _SIGNS and not first[:1].isspace():
        return stream  # nearly every text
    written = [line for line in stream.lines if line.strip().strip(first[:1])]  # not a sign alone
    least, most = min(written, default=""), max(written, default="")  # what these share all do
    found = _PREFIX.match(least[: _shared(least, most)])
    prefix = found[0] if found else ""
    return replace(stream, lines=[_without(line, prefix) for line in stream.lines]) if prefix else stream


def _shared(one: str, other: str) -> int:
    """Return with how many characters two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _without(line: str, prefix: str) -> str:
    """Return a line without its prefix, of which an empty one may have lost the space."""
    return line[len(prefix) :] if line.startswith(prefix) else line.removeprefix(prefix.rstrip())


def _without_numbers(stream: Stream) -> Stream:
    """Take away the number of each line, and as many spaces as stand behind each."""
    if not any(map(_NUMBER.match, stream.lines[:2])):
        return stream  # nearly every text
    found = [_NUMBER.match(line) for line in stream.lines]
    numbers = [int(number[1]) for number in found if number]
    if len(numbers) < max(_FEWEST, _NEARLY_ALL * sum(map(bool, stream.lines))) or not _count_up(numbers):
        return stream
    pairs = zip(stream.lines, found, strict=True)
    lines = [line[number.end() :] if number else line for line, number in pairs]
    gap = " " * min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return replace(stream, lines=[line.removeprefix(gap) for line in lines])


def _count_up(numbers: Sequence[int]) -> bool:
    """Tell whether numbers rise, by one nearly everywhere: some lines may be left out."""
    steps = [after - before for before, after in pairwise(numbers)]
    return min(steps) > 0 and steps.count(1) >= _NEARLY_ALL * len(steps)
