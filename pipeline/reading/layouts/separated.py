"""Tables whose cells a sign of the writer's own parts: `规章 ^ 2 ^ 0 ^ 5`, `规章##2##0##5`.

Belongs here: telling which sign it is, and tabs in its place. Does not belong here: tabs, pipes and commas,
which the words of a line know (words/tokens.py).
"""

from collections import Counter
from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.words.breaks import signs_in

_ALSO_IN_TEXT = ":·"  # signs of labels and names, too: they part cells where spaces stand beside them
_FEWEST = 40  # of the sign, between the cells of rows
_FEWEST_TELLING = 6  # of it between two figures
_FEWEST_ROWS = 8
_FEWEST_IN_A_ROW = 2
_LONGEST_ROW = 60  # of a label and a figure


def separated(stream: Stream) -> Stream:
    """Return a text with tabs for the sign that parts its cells, as it is where there is none."""
    if stream.grid or stream.pages:
        return stream
    counts = Counter(sign for line in stream.lines for sign in signs_in(line))
    sign, telling = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if telling < _FEWEST_TELLING:
        return stream
    sign = f" {sign} " if not sign.strip(_ALSO_IN_TEXT) else sign
    rows = [count for line in stream.lines if "。" not in line and (count := line.count(sign))]
    if sum(rows) < _FEWEST or len(rows) < _FEWEST_ROWS:
        return stream
    return replace(stream, lines=[_parted(line, sign) for line in stream.lines])


def _parted(line: str, sign: str) -> str:
    """Return a row with tabs for its signs; a line with one is a row of a label and a figure, or none."""
    cells = [cell.strip(" ") for cell in line.split(sign)]
    is_pair = len(cells) == _FEWEST_IN_A_ROW and all(cells) and len(line) <= _LONGEST_ROW and "。" not in line
    return "\t".join(cells) if is_pair or len(cells) > _FEWEST_IN_A_ROW else line
