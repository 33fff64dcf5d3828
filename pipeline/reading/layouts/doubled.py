"""Texts in which every end of a line, or every tab, is doubled, as programs leave them.

Text of a document's paragraphs often has an empty line after each of them; a program that ends a cell and
begins the next with a tab leaves two.

Belongs here: telling that all are so. Does not belong here: lines and tabs that empty cells leave.
"""

import operator
import re
from dataclasses import replace
from itertools import pairwise
from math import gcd

from pipeline.documents.stream import Stream

_FEWEST = 20  # lines, or runs of tabs
_ODD_TABS = re.compile(r"(?<!\t)\t(?:\t\t)*(?!\t)")


def with_single_ends(stream: Stream) -> Stream:
    """Return a text without the empty lines that follow each line, an empty one too."""
    lines = stream.lines
    if stream.grid or stream.pages or any(map(operator.and_, map(bool, lines), map(bool, lines[1:]))):
        return stream  # nearly every text, at its first lines
    places = [place for place, line in enumerate(lines) if line]
    step = gcd(*(after - before for before, after in pairwise(places)))
    if step == 1 or len(places) < _FEWEST:
        return stream
    kept = slice(places[0] % step, None, step)
    return replace(stream, lines=lines[kept], numbers=stream.numbers[kept])


def has_odd_tabs(text: str) -> bool:
    """Tell whether a text has a run of tabs that are not doubled: most soon after their first tab."""
    return _ODD_TABS.search(text, text.find("\t")) is not None


def with_single_tabs(stream: Stream) -> Stream:
    """Return a text that has no odd run of tabs with one tab for two, as it is with few runs or none."""
    if sum(line.count("\t\t") for line in stream.lines) < _FEWEST:
        return stream
    return replace(stream, lines=[line.replace("\t\t", "\t") for line in stream.lines])
