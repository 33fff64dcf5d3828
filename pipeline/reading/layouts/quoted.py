"""Tables as programs print their lists, and as they write CSV: quoted cells, which go on in the next lines.

A list may stand after the label of its row: `"予以公开": [2, 0, 0, 0, 0, 0, 2]`.

Belongs here: putting the cells of such a row together. Does not belong here: single lines that commas part
(words/tokens.py), names beside figures (paired.py).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from pipeline.documents.stream import Stream
from pipeline.reading.layouts.rows import Turned
from pipeline.reading.words.tokens import word

_FEWEST = 6  # lists in a text that are rows
_MOST_LINES = 12  # of a row
_ITEM = r"""(?:'(?:[^'\\]|\\.){0,200}+'|"(?:[^"\\]|\\.){0,200}+"|None|null|nan|NaN|[+\-]?\d[\d.]*)"""
_LIST = re.compile(rf"\[\s*+{_ITEM}(?:\s*+,\s*+{_ITEM})*+\s*+,?+\s*+\]")  # nothing is tried twice
_ITEMS = re.compile(_ITEM)
_FLOW = re.compile(r"\[([^\[\]\n\"']{1,300}+)\]")  # items without quotation marks
_BETWEEN = re.compile(r"[,，、;；]\s+|[,，、;；](?=\s*$)")
_FIELD = re.compile(r"[,，、;；]")
_AFTER_LIST = re.compile(r"\s*(?:[,;，；}\]]|$)", re.MULTILINE)
_LEAST_FIGURES_LISTED = 0.5
_LONGEST_LABEL = 80
_NAMED = re.compile(r"""(?:"([^"\n]{1,80})"|'([^'\n]{1,80})'|([^"'\n]{1,80}?))\s*[:：=]?\s*$""")
_BULLET = re.compile(r"^[-*•·\s{,]+")
_LETTER = re.compile(r"[\u4e00-\u9fff]")
_NOTHING = frozenset(["None", "null", "nan", "NaN"])
_SEPARATORS = ",;"
_FEWEST_RECORDS = 3  # of one width, in lines that follow each other
_FEWEST_FIELDS = 4
_LEAST_FIGURES = 0.2  # of the fields, empty ones among them: of table 四 one row of four
_WORDS_IN_FIELD = re.compile(r"\d\s+[+\-\d]|[\u4e00-\u9fff)）]\s+[\d,.]+$|[\t|]")
_BREAK = re.compile(r"\s*(?:\n|\\n)\s*")
# A letter, \u3000 or \xa0; halves of one and signs without print are none.
_SPELT = re.compile(r"\\(?:u((?!00[01]|[dD][89a-fA-F])[\da-fA-F]{4})|x((?![01])[\da-fA-F]{2}))")

# A row's place in the text, the place after it, and its cells with theirs.
_Found = tuple[int, int, list[tuple[str, int]]]


def quoted(stream: Stream, text: str) -> Stream | None:
    """Return a text with lists, and rows of quoted cells over several lines, as rows of marked cells.

    `text` are all its lines; without any such row it is None.
    """
    rows = _listed(text) if "[" in text else []
    if len(rows) < _FEWEST:
        marks = [mark for mark in _SEPARATORS if text.count(mark) >= _FEWEST_RECORDS * (_FEWEST_FIELDS - 1)]
        # Commas within figures may look like those between fields: 2,540;+546;95,714.
        rows = max((_records(stream.lines, mark) for mark in marks), key=len, default=[])
    if not rows:
        return None
    turned, end = Turned(stream), 0
    for start, after, cells in rows:
        turned.add_text(end, start)
        turned.add_row(start, after, cells)
        end = after
    return turned.stream(end)


def _listed(text: str) -> list[_Found]:
    """Return the lists of a text, with the labels before them: those of bare items where they are more."""
    found, flows = list(_lists(text)), list(_flows(text))
    found = found if len(found) > len(flows) else flows
    ends = [0, *(end for _, end, _ in found)]
    return [
        _with_label(text, before, start, end, cells)
        for before, (start, end, cells) in zip(ends, found, strict=False)
    ]


def _lists(text: str) -> Iterator[_Found]:
    """Yield the lists of texts and numbers, in whatever lines they stand.

    `[3, 1] 规章` is no list of its row but the place of a cell.
    """
    for found in _LIST.finditer(text):
        items = _ITEMS.finditer(text, *found.span())
        cells = [(_plain(item[0]), item.start()) for item in items]
        if len(cells) > 1 and _AFTER_LIST.match(text, found.end()):
            yield *found.span(), cells


def _flows(text: str) -> Iterator[_Found]:
    """Yield the lists of items without quotation marks, most of them figures or empty."""
    for found in _FLOW.finditer(text):
        separator = _BETWEEN if _BETWEEN.search(found[1]) else _FIELD
        ends = [*(mark.span() for mark in separator.finditer(found[1])), (len(found[1]), 0)]
        starts = [0, *(after for _, after in ends)]
        cells = [
            (found[1][start:end].strip(), found.start(1) + start)
            for start, (end, _) in zip(starts, ends, strict=False)
        ]
        told = sum(not item or word(item).mean is not None for item, _ in cells)
        if _AFTER_LIST.match(text, found.end()) and told >= _LEAST_FIGURES_LISTED * len(cells):
            yield *found.span(), cells


def _with_label(text: str, before: int, start: int, end: int, cells: list[tuple[str, int]]) -> _Found:
    """Return a list with the label that stands before it in its line as its first cell."""
    begin = max(before, text.rfind("\n", 0, start) + 1, start - _LONGEST_LABEL)
    named = _NAMED.search(text, begin, start)
    label = _BULLET.sub("", named[1] or named[2] or named[3] or "").strip() if named else ""
    if not named or not _LETTER.search(label) or _LETTER.search(cells[0][0]):
        return start, end, cells
    return named.start(), end, [(label, named.start()), *cells]


# A record: its first line and the one after its last, its fields and their places in the record.
_Record = tuple[int, int, list[tuple[str, int]]]


def _records(lines: Sequence[str], separator: str) -> list[_Found]:
    """Return the rows of a CSV's tables: records of as many fields in lines that follow each other."""
    others = [line for line in lines if separator in line and "。" not in line]  # than sentences
    if sum(line.count(separator) >= _FEWEST_FIELDS - 1 for line in others) < _FEWEST_RECORDS:
        return []
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    blocks = list(_blocks(lines, separator))
    widths = {_width(block) for block in blocks if _is_table(block)}
    return [
        (starts[first], starts[end] - 1, [(text, starts[first] + place) for text, place in fields])
        for block in blocks
        if any(len(fields) in widths for _, _, fields in block)
        for first, end, fields in block
    ]


def _blocks(lines: Sequence[str], separator: str) -> Iterator[list[_Record]]:
    """Yield the records in lines that follow each other, empty lines between them or not."""
    block: list[_Record] = []
    place = 0
    while place < len(lines):
        record = _record(lines, place, separator)
        if record:
            block.append(record)
        elif block and lines[place].strip():
            yield block
            block = []
        place = record[1] if record else place + 1
    yield block


def _record(lines: Sequence[str], first: int, separator: str) -> _Record | None:
    """Return the record that begins in a line, with the lines that a quoted field goes on in."""
    line, end = lines[first], first + 1
    if '"' in line and line.count('"') % 2:
        last = min(first + _MOST_LINES, len(lines))
        end = next((at + 1 for at in range(end, last) if lines[at].count('"') % 2), 0)
        line = "\n".join(lines[first:end])
    line = line.rstrip(" ")
    if separator not in line or not _pattern(separator).fullmatch(line):
        return None
    fields = [(_plain(found[1]), found.start(1)) for found in _fields(separator).finditer(line)]
    return None if any(_WORDS_IN_FIELD.search(text) for text, _ in fields) else (first, end, fields)


@cache
def _pattern(separator: str) -> re.Pattern[str]:
    field = rf'(?:"(?:[^"]|"")*+"|[^"{separator}\n]*+)'
    return re.compile(rf"{field}(?:{separator}{field})++")


@cache
def _fields(separator: str) -> re.Pattern[str]:
    return re.compile(rf'(?:^|{separator})("(?:[^"]|"")*+"|[^"{separator}\n]*+)')


def _is_table(block: Sequence[_Record]) -> bool:
    """Tell whether records are a table's: several of one width, with figures and empty fields among them."""
    width = _width(block)
    of_width = sum(len(fields) == width for _, _, fields in block)
    if width < _FEWEST_FIELDS or of_width < _FEWEST_RECORDS:
        return False
    texts = [text for _, _, fields in block for text, _ in fields]
    return sum(word(text).mean is not None for text in texts) >= _LEAST_FIGURES * len(texts)


def _width(block: Sequence[_Record]) -> int:
    widths = Counter(len(fields) for _, _, fields in block)
    return max(widths, key=widths.__getitem__, default=0)


def _plain(item: str) -> str:
    """Return a cell without its quotation marks and the line ends that a program spelt or broke it with.

    Letters that the program spelt by their numbers, such as wide spaces, are these letters.
    """
    if item in _NOTHING:
        return ""
    mark = item[:1]
    inner = item[1:-1].replace(mark * 2, mark).replace(f"\\{mark}", mark) if mark in ("'", '"') else item
    if "\\" in inner:
        inner = _SPELT.sub(lambda spelt: chr(int(spelt[1] or spelt[2], 16)), inner)
    return _BREAK.sub("", inner.strip())
