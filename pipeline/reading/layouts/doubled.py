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
_RUN = re.compile(r"\t+")


def undoubled(stream: Stream) -> Stream:
    """Return a text with one end of a line for two or more, and one tab for two, where all are so."""
    if stream.grid or stream.pages:
        return stream
    return _with_single_tabs(_with_single_ends(stream))


def _with_single_ends(stream: Stream) -> Stream:
    """Take away the empty lines that follow each line, an empty one too."""
    lines = stream.lines
    if any(map(operator.and_, map(bool, lines), map(bool, lines[1:]))):
        return stream  # nearly every text, at its first lines
    places = [place for place, line in enumerate(lines) if line]
    step = gcd(*(after - before for before, after in pairwise(places)))
    if step == 1 or len(places) < _FEWEST:
        return stream
    kept = slice(places[0] % step, None, step)
    return replace(stream, lines=lines[kept], numbers=stream.numbers[kept])


def _with_single_tabs(stream: Stream) -> Stream:
    runs = 0
    for line in stream.lines:
        for run in _RUN.findall(line) if "\t" in line else ():
            if len(run) % 2:
                return stream  # nearly every text, at its first tab
            runs += 1
    if runs < _FEWEST:
        return stream
    return replace(stream, lines=[line.replace("\t\t", "\t") for line in stream.lines])
