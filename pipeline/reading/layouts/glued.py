"""Table 三 whose figures nothing parts: 本年新收政府信息公开申请数量5000005.

Belongs here: parting such digits where the identities of the whole table allow one way only. Does not belong
here: a label and one figure without a space (words/tokens.py), digits that something parts.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, product
from math import prod

from pipeline.documents.stream import Stream
from pipeline.forms import Table, forms
from pipeline.reading.layouts.rows import Turned, adds_up, bare
from pipeline.reading.words import labels

_SIGN = "申请数量"  # ends the first two labels
_BEGUN = re.compile(r"\d{7}")
_ROW = re.compile(
    r"(?P<label>[（(“\u4e00-\u9fff][^\n\d]*?)(?P<digits>\d{7,15}?)(?=[1-8][.．、]\s?[\u4e00-\u9fff]|[^\d.,，]|$)"
)
_WIDTH = 7
_MOST_WAYS = 5_000  # of parting all rows, beyond which none is looked for

_Numbers = tuple[int, ...]


def glued(stream: Stream, text: str) -> Stream | None:
    """Return a text with the rows of a table 三 whose digits can be parted in one way as marked cells.

    `text` are all its lines; without such a table it is None.
    """
    at = text.find(_SIGN)
    while at >= 0 and not _BEGUN.match(text, at + len(_SIGN)):
        at = text.find(_SIGN, at + 1)
    tables = [form.tables["application"] for form in forms().values()] if at >= 0 else []
    return next(filter(None, (_turned(stream, text, table) for table in tables)), None)


def _turned(stream: Stream, text: str, table: Table) -> Stream | None:
    """Return the text with the table's rows as cells, None unless all stand there and add up in one way."""
    found = list(_ROW.finditer(text))
    codes = labels.spellings("outcome")
    named = [codes.get(bare(row["label"]), "") for row in found]
    rows = [(code, row) for code, row in zip(named, found, strict=True) if code]
    if [code for code, _ in rows] != [row.code for row in table.rows]:
        return None
    way = _only_way(table, [list(_ways(row["digits"])) for _, row in rows])
    if way is None:
        return None
    turned, end = Turned(stream), 0
    for (_, row), numbers in zip(rows, way, strict=True):
        turned.add_text(end, row.start())
        end = row.end("digits")
        turned.add_row(row.start(), end, [(row["label"], row.start()), *_cells(row, numbers)])
    return turned.stream(end)


def _ways(digits: str) -> Iterator[_Numbers]:
    """Yield the ways to part digits into a row whose last number is the sum of the others."""
    for parts in _parts(digits, _WIDTH):
        *kinds, total = parts
        if sum(kinds) == total:
            yield parts


def _parts(digits: str, count: int) -> Iterator[_Numbers]:
    """Yield the ways to part digits into numbers, none of which begins with a zero that is not all of it."""
    if count == 1:
        if len(digits) == 1 or digits[0] != "0":
            yield (int(digits),)
        return
    longest = 1 if digits[0] == "0" else len(digits) - count + 1
    for length in range(1, longest + 1):
        for rest in _parts(digits[length:], count - 1):
            yield (int(digits[:length]), *rest)


def _only_way(table: Table, ways: Sequence[Sequence[_Numbers]]) -> tuple[_Numbers, ...] | None:
    """Return the one choice of a way for each row with which all identities hold."""
    if not 0 < prod(map(len, ways)) <= _MOST_WAYS:
        return None
    holding = [rows for rows in product(*ways) if adds_up(table, rows)]
    return holding[0] if len(holding) == 1 else None


def _cells(row: re.Match[str], numbers: _Numbers) -> Iterator[tuple[str, int]]:
    texts = list(map(str, numbers))
    places = accumulate(map(len, texts[:-1]), initial=row.start("digits"))
    return zip(texts, places, strict=True)
