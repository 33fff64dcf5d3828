"""Lines that lost their breaks: a table, or a whole report, run together into one line of text.

Belongs here: where such a line would have been broken; each part keeps the number of the line that it
stands in. Does not belong here: reading the parts, or lines whose cells are marked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.words import labels
from pipeline.reading.words.breaks import is_folded
from pipeline.reading.words.lines import section_of_heading
from pipeline.reading.words.values import UNITS

_FEWEST_PARTS = 3
_FIGURE = re.compile(r"[+\-−]?[\d０-９][\d０-９,，.]*|[/—–\-]+|无")
_REMARKED = re.compile(r"[\d０-９]+[（(](?![一二三四五六七八九十\d]{1,2}[)）])")  # 3（其中修订 2 件）
_WORD = re.compile(r"\S+")
_NUMBERED = re.compile(r"[(（]?[一二三四五六七八九十\d]{1,2}[)）、.．]")
_ENDS = ("。", "！", "？", *(f"{title}{mark}" for title in ("年度报告", "年报") for mark in ("", ")", "）")))
_LONGEST_REMARK = 3
_LONGEST_FIGURE = 40


def unfolded(stream: Stream) -> Stream:
    """Return a text whose overlong lines with rows of figures are broken where rows and headings begin."""
    if stream.grid or stream.pages:
        return stream
    folded = {place: list(parts_of(line)) for place, line in enumerate(stream.lines) if is_folded(line)}
    folded = {place: parts for place, parts in folded.items() if len(parts) >= _FEWEST_PARTS}
    if not folded:
        return stream
    lines: list[str] = []
    numbers: list[int] = []
    taken = 0
    for place, parts in folded.items():
        lines += [*stream.lines[taken:place], *parts]
        numbers += [*stream.numbers[taken:place], *[stream.numbers[place]] * len(parts)]
        taken = place + 1
    return replace(stream, lines=lines + stream.lines[taken:], numbers=[*numbers, *stream.numbers[taken:]])


def parts_of(line: str) -> Iterator[str]:
    """Yield the parts of a line (sentences, headings, rows), each with the spaces that stand in it."""
    words = list(_WORD.finditer(line))
    texts = [word[0] for word in words]
    are_figures = _are_figures(texts)
    start = first = 0
    for place in range(1, len(words)):
        after = words[place].start()
        if first == place - 1 and are_figures[first] and after - start < _LONGEST_FIGURE:
            continue  # the number of a row
        ends = not are_figures[place - 1] and _ends_part(texts[place - 1])
        if ends or _begins_part(texts, are_figures, place):
            yield line[start : words[place - 1].end()]
            start, first = after, place
    yield line[start:]


def _are_figures(words: Iterable[str]) -> list[bool]:
    """Tell of each word whether it is a figure, or the unit after one: 980.1 万."""
    found: list[bool] = []
    for word in words:
        is_unit = word in UNITS and bool(found) and found[-1]
        found.append(is_unit or _FIGURE.fullmatch(word) is not None)
    return found


def _ends_part(word: str) -> bool:
    """Tell whether a line breaks after a word: the end of a sentence, of the title, or a heading."""
    if word.endswith(_ENDS):
        return True
    return bool(_NUMBERED.match(word)) and section_of_heading(word) is not None


def _begins_part(words: Sequence[str], are_figures: Sequence[bool], place: int) -> bool:
    """Tell whether a line breaks before a word: a heading, or a text after a row's figures."""
    word = words[place]
    is_numbered, after_figure = _NUMBERED.match(word) is not None, are_figures[place - 1]
    if not (is_numbered or after_figure) or are_figures[place] or _REMARKED.match(word):
        return False  # nearly every word
    if is_numbered:
        return after_figure or section_of_heading(word) is not None
    followed = place + 1 < len(words) and are_figures[place + 1]
    in_row = are_figures[max(0, place - 2)] and (not followed or len(word) > _LONGEST_REMARK)
    return in_row or labels.skeleton(word) in labels.index()
