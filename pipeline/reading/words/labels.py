"""Recognising the forms' printed labels, however they are spelt, spaced or numbered.

Belongs here: the skeleton of a text (its bare Chinese characters) and the index of
all labels by skeleton. Does not belong here: where a label may stand.
"""

import re
import unicodedata
from functools import cache, lru_cache

from pipeline.forms import Label, forms, vocabulary

# A digit without a mark is a numeral only when the label follows at once: "0 结果纠正" is a
# figure and the next label.
_NUMERAL = re.compile(
    r"\s*(?:[(（\[]?\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）\]、.,:·]\s*|[1-8](?=[\u4e00-\u9fff]))+"
)
_LONGEST_REMEMBERED = 200  # letters of a text that is squeezed
_MOST_TEXTS = 1024  # squeezed ones that are remembered
_SHORTEST_DAMAGED = 4  # letters of a label that is known with one of them lost
_WIDE_MARKS = tuple(zip("，：；（）！？\u3000", ",:;()!? ", strict=True))
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff0-9]+")
# What sends to a footnote, from the second letter on: 其他处理①, 其他处理[1].
_FOOTNOTE = re.compile(r"(?<=[\u4e00-\u9fff])\s?(?:[①-⑳⁰¹²³⁴-⁹]{1,2}|[\[【〔(（][0-9]{1,2}[\]】〕)）])\s*$")
_ENDS_OF_FOOTNOTES = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⁰¹²³⁴⁵⁶⁷⁸⁹]】〕)）")


def squeeze(text: str) -> str:
    """Return `text` with compatibility forms folded (full width, ideographs) and no white space."""
    return (_squeezed if len(text) <= _LONGEST_REMEMBERED else _squeezed.__wrapped__)(text)


@lru_cache(maxsize=_MOST_TEXTS)
def _squeezed(text: str) -> str:
    """Return `text` squeezed: titles, headings and names are asked for several times in each document."""
    return "".join(_folded(text).split())


def _folded(text: str) -> str:
    """Return `text` with compatibility forms folded.

    Wide marks are replaced one by one before: a single one makes normalising fifty times as slow.
    """
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, narrow in _WIDE_MARKS:
        text = text.replace(wide, narrow)
    return unicodedata.normalize("NFKC", text)


def skeleton(text: str) -> str:
    """Return a label's Chinese characters (and digits) without numeral, footnote, punctuation and spaces."""
    if text.isascii() and text.isdigit():  # most cells
        return text
    if text[-1:] in _ENDS_OF_FOOTNOTES:
        text = _FOOTNOTE.sub("", text)
    folded = _folded(text)
    numeral = _NUMERAL.match(folded)
    return _NOT_CHINESE.sub("", folded[numeral.end() :] if numeral else folded)


@cache
def index() -> dict[str, tuple[Label, ...]]:
    """Return all labels of rows, columns and headings by skeleton, variants included."""
    found: dict[str, list[Label]] = {}
    for kind, labels in vocabulary().items():
        if kind == "section":
            continue
        for label in [*labels.values(), *_own_spellings(kind)]:
            for spelling in (label.zh, *label.variants):
                same = found.setdefault(skeleton(spelling), [])
                if all((label.kind, label.code) != (other.kind, other.code) for other in same):
                    same.append(label)
    return {key: tuple(labels) for key, labels in found.items()}


@cache
def one_a_line() -> str:
    """Return the skeletons of all labels, one a line: to search all of them at once."""
    return "\n".join(index())


@cache
def spellings(kind: str) -> dict[str, str]:
    """Return the code of every spelling (as skeleton) of one kind of label."""
    return {key: label.code for key, labels in index().items() for label in labels if label.kind == kind}


def resembled(text: str) -> str | None:
    """Return the skeleton of the one label that a text is but for a letter lost, None when it is none's."""
    return _with_a_letter_lost().get(skeleton(text))


@cache
def _with_a_letter_lost() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for spelling in index():
        for place in range(len(spelling) if len(spelling) >= _SHORTEST_DAMAGED else 0):
            found.setdefault(spelling[:place] + spelling[place + 1 :], set()).add(spelling)
    return {cut: whole.pop() for cut, whole in found.items() if len(whole) == 1 and cut not in index()}


@cache
def own_spellings(form: str) -> frozenset[str]:
    """Return the skeletons of all labels as one form prints them."""
    own = {(label.kind, label.code): label for label in _form_labels(form)}
    general = [label for kind, group in vocabulary().items() if kind != "section" for label in group.values()]
    return frozenset(skeleton(own.get((label.kind, label.code), label).zh) for label in general)


@cache
def column_spellings(form: str, table: str) -> frozenset[str]:
    """Return the skeletons of one table's column headers as the form prints them."""
    return frozenset(skeleton(label.zh) for row in forms()[form].tables[table].rows for label in row.columns)


def _own_spellings(kind: str) -> list[Label]:
    return [label for form in forms() for label in _form_labels(form) if label.kind == kind]


@cache
def _form_labels(form: str) -> tuple[Label, ...]:
    rows = [row for table in forms()[form].tables.values() for row in table.rows]
    return tuple(label for row in rows for label in (row.label, *row.columns))
