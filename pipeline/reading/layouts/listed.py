"""Tables set as lists, with a bullet before every row or cell: the bullet is no cell, and no dash of one.

Belongs here: taking the bullets away. Does not belong here: what the lines say without them.
"""

import re
from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.words import labels, pages
from pipeline.reading.words.breaks import BULLET

_FEWEST = 6  # labels after bullets; fewer are a list in the text
_WORD = re.compile(r"[^\s|:：]+")


def listed(stream: Stream) -> Stream:
    """Return a text without the bullets of its lines, when labels of the forms stand after them."""
    if stream.grid or stream.pages:
        return stream
    bullets = [None if pages.possible(line) else BULLET.match(line) for line in stream.lines]  # - 18 -
    rests = [
        line[bullet.end() :] if bullet else line for line, bullet in zip(stream.lines, bullets, strict=True)
    ]
    after = [
        word[0] for rest, bullet in zip(rests, bullets, strict=True) if bullet and (word := _WORD.match(rest))
    ]
    known = sum(labels.skeleton(word) in labels.index() for word in after)
    return replace(stream, lines=rests) if known >= _FEWEST else stream
