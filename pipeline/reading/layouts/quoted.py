"""Tables as programs print their lists, and rows of which a quoted cell goes on in the next lines.

Belongs here: putting the cells of such a row together. Does not belong here: rows of one line that commas
part (words/tokens.py), names beside figures (paired.py).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from pipeline.documents.stream import Stream
from pipeline.reading.layouts.rows import Turned

_FEWEST = 6  # lists in a text that are rows
_MOST_LINES = 12  # of a row
_ITEM = r"""(?:'[^'\n]*'|"[^"\n]*"|None|null|nan|NaN|[+\-]?\d[\d.]*)"""
_LIST = re.compile(rf"\[\s*+{_ITEM}(?:\s*+,\s*+{_ITEM})*+\s*+,?+\s*+\]")  # nothing is tried twice
_ITEMS = re.compile(_ITEM)
_NOTHING = frozenset(["None", "null", "nan", "NaN"])
_FIELD = r'(?:"(?:[^"]|"")*"|[^",;\n]*)'
_RECORD = re.compile(rf"{_FIELD}(?:[,;]{_FIELD})+")
_FIELDS = re.compile(rf"(?:^|[,;])(?P<field>{_FIELD})")
_BREAK = re.compile(r"\s*(?:\n|\\n)\s*")

# A row's place in the text, the place after it, and its cells with theirs.
_Found = tuple[int, int, list[tuple[str, int]]]


def quoted(stream: Stream, text: str) -> Stream | None:
    """Return a text with lists, and rows of quoted cells over several lines, as rows of marked cells.

    `text` are all its lines; without any such row it is None.
    """
    rows = list(_lists(text)) if "[" in text else []
    if len(rows) < _FEWEST:
        rows = list(_records(stream.lines)) if '"' in text else []
    if not rows:
        return None
    turned, end = Turned(stream), 0
    for start, after, cells in rows:
        turned.add_text(end, start)
        turned.add_row(start, after, cells)
        end = after
    return turned.stream(end)


def _lists(text: str) -> Iterator[_Found]:
    """Yield the lists of texts and numbers, in whatever lines they stand."""
    for found in _LIST.finditer(text):
        items = _ITEMS.finditer(text, *found.span())
        cells = [(_plain(item[0]), item.start()) for item in items]
        if len(cells) > 1:
            yield *found.span(), cells


def _records(lines: Sequence[str]) -> Iterator[_Found]:
    """Yield the rows from a line with an odd number of quotation marks to the next such line."""
    odd = [place for place, line in enumerate(lines) if '"' in line and line.count('"') % 2]
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    taken = -1
    for first, last in pairwise(odd):
        row = "\n".join(lines[first : last + 1])
        if first <= taken or last - first >= _MOST_LINES or not _RECORD.fullmatch(row):
            continue  # the end of a row before, or marks of prose
        taken = last
        cells = [(_plain(found["field"]), found.end()) for found in _FIELDS.finditer(row)]
        yield starts[first], starts[last + 1] - 1, [(cell, starts[first] + end) for cell, end in cells]


def _plain(item: str) -> str:
    """Return a cell without its quotation marks and the line ends that a program spelt or broke it with."""
    if item in _NOTHING:
        return ""
    inner = item[1:-1] if item[:1] in ("'", '"') else item
    return _BREAK.sub("", inner.strip())
