"""Tables whose cells a sign of the writer's own parts: `规章 ^ 2 ^ 0 ^ 5`, `规章##2##0##5`.

Belongs here: telling which sign it is, and tabs in its place. Does not belong here: tabs, pipes and commas,
which the words of a line know (words/tokens.py).
"""

from collections import Counter
from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.words.breaks import SIGN

_FEWEST = 40  # of the sign, between two figures or empty cells
_FEWEST_ROWS = 8
_FEWEST_IN_A_ROW = 2
_LONGEST_ROW = 60  # of a label and a figure


def separated(stream: Stream) -> Stream:
    """Return a text with tabs for the sign that parts its cells, as it is where there is none."""
    if stream.grid or stream.pages:
        return stream
    found = [SIGN.findall(line) for line in stream.lines]
    counts = Counter(sign for signs in found for sign in signs)
    sign, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if count < _FEWEST or sum(sign in signs for signs in found) < _FEWEST_ROWS:
        return stream
    sign = " : " if sign == ":" else sign  # a colon is a label's too
    return replace(stream, lines=[_parted(line, sign) for line in stream.lines])


def _parted(line: str, sign: str) -> str:
    """Return a row with tabs for its signs; a line with one is a row of a label and a figure, or none."""
    cells = [cell.strip(" ") for cell in line.split(sign)]
    is_pair = len(cells) == _FEWEST_IN_A_ROW and all(cells) and len(line) <= _LONGEST_ROW and "。" not in line
    return "\t".join(cells) if is_pair or len(cells) > _FEWEST_IN_A_ROW else line
