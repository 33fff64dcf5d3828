"""What a web page says of itself: its title, date and publisher.

Belongs here: `<meta>` elements, the table of particulars (索引号, 发布机构, 发文日期 …), the line
under the title. Does not belong here: what the report itself says; the reader finds that.
The places and their order are data: `page_metadata.yaml`.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml
from lxml import etree

from pipeline.documents.spacing import IDEOGRAPH, squeeze
from pipeline.documents.stream import Cell, Stream

_KEYS = ("title", "published", "publisher")
_MAX_LINE = 200
"""Characters of a line that can hold particulars; sentences of a report are longer."""
_MAX_VALUE = 100
_DATE = re.compile(r"(\d{4})\s*[-年/.．]\s*(\d{1,2})\s*[-月/.．]\s*(\d{1,2})(?!\d)")
_COMPACT_DATE = re.compile(r"(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)")
_SPACES = re.compile(r"\s+")


class _Places(NamedTuple):
    """The file's content: where each key is found, in order; and one pattern for all labels."""

    order: dict[str, list[tuple[str, str]]]
    nobody: frozenset[str]
    labels: frozenset[str]
    pattern: re.Pattern[str]


@cache
def _places() -> _Places:
    data = yaml.safe_load(resources.files(__package__).joinpath("page_metadata.yaml").read_text("utf-8"))
    order = {key: [(kind, name) for place in data[key] for kind, name in place.items()] for key in _KEYS}
    known = {name for places in order.values() for kind, name in places if kind == "label"}
    labels = known | set(data["other_labels"])
    # Letters are parted by spaces to align the labels (索 引 号, 名　　称); the longest label is tried first.
    spelled = (r"\s*".join(label) for label in sorted(labels, key=lambda label: (-len(label), label)))
    pattern = re.compile(rf"(?:^|(?<=[\s|｜【\[（(]))({'|'.join(spelled)})\s*[:：]")
    return _Places(order, frozenset(data["nobody"]), frozenset(labels), pattern)


def page_meta(root: etree._Element, stream: Stream) -> dict[str, str]:
    """`title`, `published` (ISO date) and `publisher` of a page, as far as it gives them.

    A value that is no date, has no Chinese or names nobody (本站) is passed over for the next place.
    """
    found = {("element", "title"): _head_title(root)} | _tags(root) | _labelled(stream)
    meta = {}
    for key, places in _places().order.items():
        values = (_usable(key, found.get((kind, name.lower()), "")) for kind, name in places)
        if value := next(filter(None, values), None):
            meta[key] = value
    return meta


def _usable(key: str, value: str) -> str | None:
    if key == "published":
        return iso_date(value)
    if key == "title" and not IDEOGRAPH.search(value):
        return None
    return None if value in _places().nobody else value


def iso_date(text: str) -> str | None:
    """The first date in `text` (2021-01-28, 2021年1月28日, 2021/1/28, 20210128) in ISO form, or None."""
    for match in (*_DATE.finditer(text), *_COMPACT_DATE.finditer(text)):
        try:
            return dt.date(*map(int, match.groups())).isoformat()
        except ValueError:
            continue
    return None


def _head_title(root: etree._Element) -> str:
    title = next(root.iter("title"), None)
    return "" if title is None else squeeze("".join(title.itertext()))


def _tags(root: etree._Element) -> dict[tuple[str, str], str]:
    """Content of the `<meta>` elements by name; the first of a name counts."""
    found: dict[tuple[str, str], str] = {}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        found.setdefault(("tag", name), squeeze(element.get("content", "")))
    return found


def _labelled(stream: Stream) -> dict[tuple[str, str], str]:
    """Values by the label before them; the first of a label counts."""
    found: dict[tuple[str, str], str] = {}
    for index, line in enumerate(stream.lines):
        cells = stream.grid.get(index)
        if cells is None:
            following = stream.lines[index + 1] if index + 1 < len(stream.lines) else ""
            pairs = _pairs_in_line(line, following)
        else:
            pairs = _pairs_in_row(cells)
        for label, value in pairs:
            if value and len(value) <= _MAX_VALUE:
                found.setdefault(("label", label), value)
    return found


def _pairs_in_row(cells: tuple[Cell, ...]) -> Iterator[tuple[str, str]]:
    """Label and value in neighbouring cells, or in one."""
    labels = _places().labels
    for index, cell in enumerate(cells):
        label = _SPACES.sub("", cell.text).rstrip(":：")
        if label not in labels:
            yield from _pairs_in_line(cell.text, "")
        elif index + 1 < len(cells):
            yield label, cells[index + 1].text


def _pairs_in_line(line: str, following: str) -> Iterator[tuple[str, str]]:
    """Labels with a colon in one line; a label at its end has its value on the `following` line."""
    if len(line) > _MAX_LINE or not (":" in line or "：" in line):
        return
    pattern = _places().pattern
    matches = list(pattern.finditer(line))
    ends = [*(match.start() for match in matches[1:]), len(line)]
    for match, end in zip(matches, ends, strict=False):
        value = line[match.end() : end].strip(" \t　|｜[]【】")
        if not value and end == len(line) and not pattern.search(following):
            value = following.strip()
        yield _SPACES.sub("", match[1]), value
