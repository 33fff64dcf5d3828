"""Tables told in sentences or in lists: each figure beside the name of its column.

Belongs here: putting such pairs into rows of marked cells, each with the line that it stands in. Does not
belong here: which statutory row a label is (align.py), pairs that fill lines of table 四 (tokens.py).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.forms import COLUMN_KIND, ROW_KIND, TABLE_CODES, forms, vocabulary
from pipeline.reading.layouts.rows import Turned
from pipeline.reading.words import labels

# Of the names of columns, those that every such table has with a figure after them.
_SIGNS = {
    "disclosure": ("件数", "项目数量"),
    "application": ("自然人",),
    "dispute": ("结果维持",),
}
_FEWEST = {"disclosure": 4, "application": 8, "dispute": 2}  # rows told whole; fewer are narrative
_FEWEST_PAIRS = 3
_LONGEST_TOTAL = 60  # characters, with what leads from it to its kinds
_FIGURE = (
    r"(?<![A-Za-z])[+\-−＋－]?[\d０-９]+(?:[,，][\d０-９]{3}(?![\d０-９]))*(?:\.[\d０-９]+)?"
    r"(?![\d０-９A-Za-z?？]|\s?[年月日号倍人%％‰]"  # a year, a share, a document's number
    r"|\s?(?:[.．、]\s*|[)）])[\u4e00-\u9fff]"  # the numeral of the next item
    r"|\.\d)"  # the rest of the figure
)
# A unit of money; what other words make of a figure is not known.
_UNIT = r"(?: ?(?:[万亿]?元|[万亿](?![\u4e00-\u9fff]))|(?! ?[万亿千百余多]))"
_OF_NAME = r"(?:[（(](?:单位[:：] ?)?[万亿]?元[）)])?"  # a unit that the name states
_NO_FIGURE = r"""(?:[—–\-－―]{1,2}|/|无)(?=[ \t]*(?:[，,；;。\n\t"'”’}\])）|]|$))"""  # what stands for none
_MEASURED = rf"(?P<figure>{_FIGURE}{_UNIT})(?: ?(?:[件个条宗份次]|项(?!目)))?"
_SAID = _MEASURED.replace("(?P<figure>", f"(?P<figure>{_NO_FIGURE}|")
_BETWEEN = r"[^\u4e00-\u9fff\d０-９+\-−＋－/，。；、]{0,8}?"  # a name and its figure
_TOTAL_TOLD = re.compile(rf"(?:总计|合计|总数)[\"'”]?\s?[:：]{_BETWEEN}{_SAID}\W*$")
_TOLD = re.compile(_BETWEEN + _FIGURE)
# What the kinds of a row add up to, before them: 17件，其中
_TOTAL = re.compile(rf"{_MEASURED}[\s，,：:（(]*(?:其中)?[\s，,：:]*$")
# In table 三 （七）总计 and 3.其他 are rows, and so is 总计 before what it adds up: 总计17件，其中自然人
_NO_ROW = {"application": r"(?<![)）])(?<!\d[.．])(?<!七[、.．])"}
_NO_TOTAL = {"application": r"(?!件?[\s，,：:（(]*(?:其中)?[：:]?自然人)"}
_SUM = re.compile(r"[，,：:]\s*(?:总计|合计|共计?)$")
_WITHIN = frozenset(["", "其中", "和", "以及", "法人或其他组织", "申请人情况"])
_NUMERAL = re.compile(r"[(（]?\d{1,2}[.．、)）]\W*$")
_TO_TEXT = re.compile(r"[^\u4e00-\u9fff]*")
_LAST_LETTER = re.compile(r"[\u4e00-\u9fff](?=[^\u4e00-\u9fff]*$)")
_DIGIT = re.compile(r"[\d０-９]")
# What records and lists set before and after a label.
_FIELD = re.compile(r"(?:.*(?<![\u4e00-\u9fff]))(?:项目|类别|指标|名称)[\"'”]?\s*[:：]|[^\w(（]*\d+\s")
_AROUND = " \t\u3000\"'“”{}[]*#>-–—•·|,，.。;；:：)）"
_AFTER = " \t\u3000\"'“”{[*>-–—|,，;；:：(（"
_ITEM = re.compile(r"^[(（]?[一二三四五六\d]{1,2}[)）.．、]")
# A row's label and a column's name, a dash or a tab between them.
_NAMED = re.compile(
    r"^[^\w\n（(]*(?P<label>[^\n]*?)(?:[ \t]+[-–—][ \t]+|\t)(?P<said>[\u4e00-\u9fff][^\n]*?)[ \t]*$",
    re.MULTILINE,
)
_PART = re.compile(r"[：:>|｜\-—–，,；;、\s]+")


class _Pair(NamedTuple):
    """A column's name and its figure; `start`, `at` and `end` are the places of name, figure and end."""

    code: str
    name: str
    figure: str
    start: int
    at: int
    end: int


@dataclass(slots=True)
class _Row:
    """A label, its place, the pairs after it, and whether each of these stands clear of other figures."""

    label: str
    start: int
    pairs: list[_Pair]
    is_clear: bool = True


def paired(stream: Stream, text: str) -> Stream | None:
    """Return a text with the tables that it tells pair by pair as rows of cells.

    `text` are all its lines; without such a table it is None.
    """
    tables = {code: list(_rows(text, code)) for code in TABLE_CODES if _may_be_told(text, code)}
    kept = {
        code: _with_parts(rows, code) for code, rows in tables.items() if _whole(rows, code) >= _FEWEST[code]
    }
    return _turned(stream, text, kept) if kept else None


def _may_be_told(text: str, code: str) -> bool:
    """Tell whether a figure follows one of the table's signs; nearly no text goes further."""
    for sign in _SIGNS[code]:
        at = text.find(sign)
        while at >= 0:
            if _TOLD.match(text, at + len(sign)) and not (code == "dispute" and _is_listed(text, at, sign)):
                return True
            at = text.find(sign, at + 1)
    return False


def _is_listed(text: str, at: int, sign: str) -> bool:
    """Tell whether a line begins with a name and its figure apart: two cells as it stands (tokens.py)."""
    begins = not text[text.rfind("\n", 0, at) + 1 : at].strip()
    return begins and not text[at + len(sign)].isdigit()


# --- from text to rows ---


def _rows(text: str, code: str) -> Iterator[_Row]:
    """Yield the labels with the pairs that follow each of them."""
    row, end = None, 0
    for pair in _pairs(text, code):
        gap = text[end : pair.start]
        if row is None or not _goes_on(row, gap, pair):
            if row is not None:
                yield row
            lacking = row is not None and _lacks_total(row, code)
            row = _begun(gap, end, code)
            if lacking and labels.skeleton(row.label) in _totals():
                row = _Row("", row.start, row.pairs)  # the row before has it, and this one lost its label
        row.pairs.append(pair)
        after = _TO_TEXT.match(text, pair.end)
        row.is_clear &= after is None or not _DIGIT.search(_NUMERAL.sub("", after[0]))
        end = pair.end
    if row is not None:
        yield row


def _lacks_total(row: _Row, code: str) -> bool:
    """Tell whether a row has all columns of its table but the total."""
    columns = {pair.code for pair in row.pairs}
    return "total" not in columns and {*columns, "total"} in _columns(row, code)


@cache
def _totals() -> frozenset[str]:
    return frozenset(
        name for name, code in labels.spellings(COLUMN_KIND["application"]).items() if code == "total"
    )


def _pairs(text: str, code: str) -> Iterator[_Pair]:
    codes = labels.spellings(COLUMN_KIND[code])
    for found in _pattern(code).finditer(text):
        column = codes[labels.skeleton(found["name"])]
        yield _Pair(
            column, found["named"], found["figure"], found.start(), found.start("figure"), found.end()
        )


@cache
def _pattern(code: str) -> re.Pattern[str]:
    columns = [label for form in forms().values() for row in form.tables[code].rows for label in row.columns]
    known = [*vocabulary()[COLUMN_KIND[code]].values(), *columns]
    names = {name for label in known for name in (label.zh, *label.variants)}
    spelt = "|".join(_spelt(name) for name in sorted(names, key=len, reverse=True))
    name = rf"(?P<named>(?P<name>{spelt}){_OF_NAME})"
    return re.compile(rf"{_NO_ROW.get(code, '')}{name}{_BETWEEN}{_SAID}{_NO_TOTAL.get(code, '')}")


def _spelt(name: str) -> str:
    """Return the pattern of a name, its brackets and marks of either width."""
    either = {"（": "[（(]", "）": "[）)]", "：": "[：:]"}
    return "".join(either.get(letter) or re.escape(letter) for letter in name)


def _goes_on(row: _Row, gap: str, pair: _Pair) -> bool:
    """Tell whether a pair belongs to a row: another column, before it nothing but the row's label again."""
    letters = _letters(gap)
    known = letters in _WITHIN or letters == _letters(row.label)
    return known and all(pair.code != other.code for other in row.pairs)


def _letters(text: str) -> str:
    return "".join(re.findall(r"[\u4e00-\u9fff]", text))


def _begun(gap: str, start: int, code: str) -> _Row:
    """Return the row that begins before a pair: its label is the last text in the gap, then its total."""
    total = _total(gap) if code != "disclosure" else None
    last = _LAST_LETTER.search(gap, 0, total.start() if total else len(gap))
    pairs = []
    if total and last:
        at = start + total.start("figure")
        pairs.append(_Pair("total", "", total["figure"], at, at, start + total.end()))
    if last is None:
        return _Row("", start + len(gap), pairs)
    begin = gap.rfind("\n", 0, last.start()) + 1
    line = gap[begin : total.start() if total else None].partition("\n")[0]
    field = _FIELD.match(line)
    label = line[field.end() if field else 0 :].lstrip(_AROUND)
    if _TOTAL_TOLD.search(label):
        return _Row("", start + len(gap), pairs)  # the row before has it
    return _Row(_SUM.sub("", label.rstrip(_AFTER)), start + begin + len(line) - len(label), pairs)


def _total(gap: str) -> re.Match[str] | None:
    """Return the figure that ends a gap, for all that has to be searched of it."""
    start = max(0, len(gap) - _LONGEST_TOTAL)
    total = _TOTAL.search(gap, start)
    return None if total and start and total.start() == start else total


# --- which rows are the table's ---


def _whole(rows: Iterable[_Row], code: str) -> int:
    """Count the rows that are told whole."""
    return sum(_is_whole(row, code) for row in rows)


def _is_whole(row: _Row, code: str) -> bool:
    """Tell whether a row has just the columns of its table, each once and clear of other figures."""
    columns = {pair.code for pair in row.pairs}
    return row.is_clear and len(columns) == len(row.pairs) and columns in _columns(row, code)


def _columns(row: _Row, code: str) -> list[set[str]]:
    """Return the columns that a row of this name has, in each form."""
    item = _named(row.label, code) if code != "application" else ""
    rows = [other for form in forms().values() for other in form.tables[code].rows]
    return [{label.code for label in other.columns} for other in rows if item in ("", other.code)]


def _named(label: str, code: str) -> str | None:
    """Return the row that a label names."""
    return labels.spellings(ROW_KIND[code]).get(labels.skeleton(_last_part(label)))


def _last_part(label: str) -> str:
    """Return what of a label names its row: not its numeral, nor the clause or 行政诉讼 before it."""
    return _ITEM.sub("", _PART.split(label)[-1])


# --- from rows to a stream ---


def _turned(stream: Stream, text: str, tables: dict[str, list[_Row]]) -> Stream:
    """Return the text with the rows of tables as cells, and names over them where they change."""
    turned = Turned(stream)
    found = [(row.start, code, row) for code, rows in tables.items() for row in rows if _is_likely(row, code)]
    end, header = 0, ""
    for start, code, row in sorted(found, key=lambda other: other[0]):
        pairs = _in_order(row, code) if _is_whole(row, code) else []
        _add_between(turned, text, (end, start), tables)
        end = row.pairs[-1].end
        names = "".join(pair.name for pair in pairs)
        if pairs and all(pair.name for pair in pairs) and names != header:
            turned.add_row(start, start, [(pair.name, pair.start) for pair in pairs], first=1)
            header = names
        label = _last_part(row.label) if _named(row.label, code) else row.label
        cells = [(label, start), *((pair.figure, pair.at) for pair in pairs)]
        turned.add_row(start, end, cells if pairs else [(_unread(row), start)])
    return turned.stream(end)


def _unread(row: _Row) -> str:
    """Return the figures of a row that is not told whole as one cell that nobody understands."""
    return f"({'；'.join(pair.figure for pair in row.pairs)})"


def _with_parts(rows: Iterable[_Row], code: str) -> list[_Row]:
    """Return the rows, those in one that follow each other with the same label: a name in it is damaged.

    Neither part is told whole, and the text between them is no row of its own.
    """
    found: list[_Row] = []
    for row in rows:
        last = found[-1] if found else None
        named = _named(row.label, code)
        if last and named and named == _named(last.label, code) and not _is_whole(last, code):
            found[-1] = _Row(last.label, last.start, [*last.pairs, *row.pairs], is_clear=False)
        else:
            found.append(row)
    return found


def _add_between(turned: Turned, text: str, span: tuple[int, int], codes: Iterable[str]) -> None:
    """Add the text between rows; lines of a row and a name that is damaged are cells that nobody understands.

    The dash between the two is no cell.
    """
    end, start = span
    for found in _NAMED.finditer(text, end, start):
        if any(_named(found["label"], code) for code in codes):
            turned.add_text(end, found.start())
            turned.add_row(found.start(), found.end(), [(f"({found['said']})", found.start("said"))])
            end = found.end()
    turned.add_text(end, start)


def _is_likely(row: _Row, code: str) -> bool:
    """Tell whether a row is one of the table's, whole or not."""
    return len(row.pairs) >= _FEWEST_PAIRS or _named(row.label, code) is not None


def _in_order(row: _Row, code: str) -> list[_Pair]:
    """Return a row's pairs in statutory order."""
    order = list(vocabulary()[COLUMN_KIND[code]])
    return sorted(row.pairs, key=lambda pair: order.index(pair.code))
