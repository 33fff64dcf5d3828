"""Lines that lost their breaks: a table, or a whole report, run together into one line of text.

Belongs here: where such a line would have been broken; each part keeps the number of the line that it
stands in. Does not belong here: reading the parts, or lines whose cells are marked.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.words import labels
from pipeline.reading.words.lines import section_of_heading

# Shorter lines are rows, headers or sentences as they stand, and so are those with fewer figures.
_LONGEST_ROW = 100
_FEWEST_FIGURES = 6
_FEWEST_PARTS = 3
_LONE_FIGURE = re.compile(r"(?<=\s)[+\-]?\d[\d,.]*(?=\s)")
_FIGURE = re.compile(r"[+\-−]?[\d０-９][\d０-９,，.]*|[/—–\-]+|无")
_REMARKED = re.compile(r"[\d０-９]+[（(](?![一二三四五六七八九十\d]{1,2}[)）])")  # 3（其中修订 2 件）
_WORD = re.compile(r"\S+")
_NUMBERED = re.compile(r"[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]")
_TITLE_ENDS = re.compile(r"(?:年度报告|年报)[)）]?$")
_LONGEST_REMARK = 3
_LONGEST_FIGURE = 40


def unfolded(stream: Stream) -> Stream:
    """Return a text whose overlong lines with rows of figures are broken where rows and headings begin."""
    if stream.grid or stream.pages or not any(map(_is_folded, stream.lines)):
        return stream
    lines: list[str] = []
    numbers: list[int] = []
    for line, number in zip(stream.lines, stream.numbers, strict=True):
        parts = list(_parts(line)) if _is_folded(line) else []
        parts = parts if len(parts) >= _FEWEST_PARTS else [line]
        lines += parts
        numbers += [number] * len(parts)
    return replace(stream, lines=lines, numbers=numbers)


def _is_folded(line: str) -> bool:
    if len(line) <= _LONGEST_ROW or "\t" in line or "|" in line:
        return False
    return len(_LONE_FIGURE.findall(line)) >= _FEWEST_FIGURES


def _parts(line: str) -> Iterator[str]:
    """Yield the parts of a line, each with the spaces that stand in it."""
    words = list(_WORD.finditer(line))
    start = 0
    for place, word in enumerate(words[1:], 1):
        before = [other[0] for other in words[max(0, place - 2) : place]]
        following = words[place + 1][0] if place + 1 < len(words) else ""
        if word.start() - start < _LONGEST_FIGURE and _FIGURE.fullmatch(line[start : word.start()].strip()):
            continue  # the number of a row
        if _ends_part(before[-1]) or _begins_part(word[0], before, following):
            yield line[start : words[place - 1].end()]
            start = word.start()
    yield line[start:]


def _ends_part(word: str) -> bool:
    """Tell whether a line breaks after a word: the end of a sentence, of the title, or a heading."""
    if word[-1] in "。！？" or _TITLE_ENDS.search(word):
        return True
    return bool(_NUMBERED.match(word)) and section_of_heading(word) is not None


def _begins_part(word: str, before: list[str], following: str) -> bool:
    """Tell whether a line breaks before a word: a heading, or a text after a row's figures."""
    if _FIGURE.fullmatch(word) or _REMARKED.match(word):
        return False
    if _NUMBERED.match(word) and section_of_heading(word):
        return True
    if not _FIGURE.fullmatch(before[-1]):
        return False
    in_row = _FIGURE.fullmatch(before[0]) and (
        not _FIGURE.fullmatch(following) or len(word) > _LONGEST_REMARK
    )
    return _names(word) or bool(in_row)


def _names(word: str) -> bool:
    """Tell whether a word is a label or has an item's numeral before it, so that it is no remark."""
    return bool(_NUMBERED.match(word)) or labels.skeleton(word) in labels.index()
