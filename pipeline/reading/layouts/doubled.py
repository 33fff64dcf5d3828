"""Texts in which every tab is doubled, as programs leave them that end a cell and begin the next with one.

Belongs here: telling that no run of tabs is odd. Does not belong here: tabs that empty cells leave.
"""

import re
from dataclasses import replace

from pipeline.documents.stream import Stream

_FEWEST = 20  # runs of tabs
_RUN = re.compile(r"\t+")


def undoubled(stream: Stream) -> Stream:
    """Return a text with one tab for two, as it is where some tabs are not doubled."""
    if stream.grid or stream.pages:
        return stream
    runs = 0
    for line in stream.lines:
        for run in _RUN.findall(line) if "\t" in line else ():
            if len(run) % 2:
                return stream  # nearly every text, at its first tab
            runs += 1
    if runs < _FEWEST:
        return stream
    return replace(stream, lines=[line.replace("\t\t", "\t") for line in stream.lines])
