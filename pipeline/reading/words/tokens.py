"""Splitting a line into tokens: texts, values and blanks, as the line's own layout parts them.

Belongs here: tabs, pipes, single and multiple spaces, marked cells. Does not belong
here: which row or column of a form a token is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count, repeat
from typing import NamedTuple

from pipeline.documents.stream import Cell
from pipeline.forms import Label
from pipeline.reading.words import labels, values
from pipeline.reading.words.values import Interpreted

# How a line marks its cells. A lone cell in another style than its neighbours' is
# suspect: a page number, a running head.
BARE, TABBED, INDENTED, PIPED, ENDING_PIPE, MARKED = range(6)
STYLES = 6
WORDS = frozenset([BARE, INDENTED])  # that only spaces part


# Not frozen: that makes a dataclass three times as slow to build. Nobody changes a token: they are shared.
@dataclass(slots=True)
class Token:
    """One cell or word group: a text (`mean` is None), a value or a blank.

    `labels` are the labels that it spells exactly; `column` is its grid column, or its
    display offset where only spaces part the columns, or how many tabs more than one
    indent it. `number` is what it counts for in arithmetic: 0 where nothing is written,
    None for a text. `named` tells whether a text belongs to a label: it has Chinese
    characters, or is a numeral or a bracket left of one. `parted` is how many display
    columns of spaces stood between its letters, beyond those that its text keeps.
    """

    text: str
    mean: Interpreted | None
    labels: tuple[Label, ...]
    skeleton: str
    blank: bool
    number: int | float | None
    named: bool
    column: int = 0
    style: int = BARE
    line: int = 0
    parted: int = 0

    def __hash__(self) -> int:
        return hash(self.text)


# Words of one line, each with the display offset at which it begins.
_Words = tuple[tuple[str, int], ...]


class _Part(NamedTuple):
    """What words make, the display offsets at which it begins and ends, and those of each word."""

    text: str
    start: int
    end: int
    words: _Words


# Dots that lead from a label to its figures.
_LEADERS = re.compile(r"(?:(?<![.\d])\.{4,}|[…·‥]{2,}|(?<![.\d])(?:\. ){3,}\.?)(?=[ ]?[\d０-９+\-/—无])")
# Pipes of other alphabets and of drawn boxes, and the corners and crossings of boxes.
_OTHER_PIPE = re.compile(r"[｜│┃¦║┌├└┏┣┗╔╠╚](?:(?<=[｜│┃¦║])|(?=[─━═]))")  # one set first: twice as fast
_BOX_RULE = re.compile(r"[─━═┬┼┴┐┤┘┳╋┻┓┫┛╦╬╩╗╣╝]")
_RULE = re.compile(r"[|+]?(?:\s*:?[\-=]{2,}:?\s*[|+])+(?:\s*:?[\-=]{2,}:?\s*)?")
# Between the rows of a wiki's table, whose cells have a line each.
_WIKI_RULE = re.compile(r"\|[-+}](?!\s*\d)[^|]{0,40}|\{\|.{0,80}")
# Rules over and under the columns of aligned words; three dashes may stand for a dash.
_DASHES = re.compile(r"\|?={3,}|[-=]{4,}(?:\s+[-=]{4,})*")
# Words; spaces inside brackets belong to the remark that stands there.
_CHUNK = re.compile(r"(?:[^\s（(]|[（(][^（）()]*[)）])+|\S+")
_SLASH = re.compile(r"(?:^|(?<=\s))/(?=\s|$)")
_EMPHASIS = re.compile(r"\*{1,3}([^*]+)\*{1,3}")
_NUMERAL = re.compile(r"(?:[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.．、])+")
_ENDS_IN_NUMERAL = re.compile(rf"^{_NUMERAL.pattern}$|[\u4e00-\u9fff）)][1-8][.．、]$")
_INNER_NUMERAL = re.compile(r"[(（][一二三四五六七][)）]|[1-8][.．、]")
_GLUED = re.compile(r"(.*[\u4e00-\u9fff)）”\"：:])([+\-]?\d(?:[\d,，.]*\d)?)")
# Atomic: what one pair takes is not tried in other ways when a later one fails, else many take hours.
_PAIR = re.compile(
    r"(?>([^:：\d]*[\u4e00-\u9fff][^:：\d]*)[:：]\s*"
    rf"((?:[+\-]?\d+(?:[,，.]\d+)*(?![A-Za-z?？])\s*(?:件|条|项|宗|个)?\s*(?:（[^（）]*）|{values.REMARK.pattern})?|无|[/—–―\-－−]+)?)[\s,，;；、。]*)"
)
_PAIRS = re.compile(rf"(?:{_PAIR.pattern})+")
_LONGEST_PAIRS = 120
_FEWEST_WORDS = 3
_MOST_LETTERS = 60  # of a label, which spaces may part
_WIDEST_PARTING = 5  # display columns between the letters of a text
_ITEM_NUMERALS = frozenset("12345678")
_LONE_NUMERALS = frozenset("一二三四五六七")
_UNIT = re.compile(r"亿元|亿|万元|万|元|件|条|项")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DEBRIS = re.compile(r"[”“’‘\"'）)（(。，、；：,;:\]\[】【》《·.]+")
_WORDS: dict[str, Token] = {}
_PLACED: dict[tuple[str, int, int], Token] = {}
_WIDTHS = frozenset([2, 3, 7, 15])  # cells of a statutory row
_SPELT = frozenset("零〇一二三四五六七八九十百千万两")  # of numbers in Chinese numerals
_LONGEST_GARBLED = 4  # letters
# Columns and rows that no form has.
_OTHER_NAMES = frozenset(["序号", "行次", "栏次", "编号", "备注", "小计", "共计", "其中", "上年数", "去年"])
_IN_THREES = re.compile(r"[+\-−－]?\d{1,3}(?: \d{3})+(?!\d| \d)")
_UNMISTAKABLE = 7  # cells parted by commas that can be no digits of one number
_MOST_TEXTS = 4096  # of several words, remembered at most
_LONG: list[tuple[str, int, int]] = []  # those remembered for one document only
_LONGEST_WORD = 500  # letters of a text that is remembered longer
_MOST_WORDS = 30_000  # remembered at most, so that memory stays flat over any number of documents


def split_line(line: str) -> tuple[Token, ...]:
    """Return the tokens of a line of text; () for a rule. White space alone is an empty cell."""
    if _OTHER_PIPE.search(line):
        line = _OTHER_PIPE.sub("|", _BOX_RULE.sub("-", line))
    stripped = line.strip()
    if not stripped:
        tabs = line.count("\t")
        return tuple(word("", i, TABBED) for i in range(tabs + 1)) if tabs > 1 else (word("", 0, INDENTED),)
    if stripped[-1] in "-=" and _DASHES.fullmatch(stripped):
        return ()
    if "|" in stripped:
        return tuple(_piped(stripped))
    if "\t" in line:
        return tuple(_tabbed(line, stripped))
    if "/" in stripped and (tokens := _slashed(stripped)):
        return tokens
    if ".." in line or ". ." in line or "…" in line or "··" in line or "‥" in line:
        line = _LEADERS.sub(_blanked, line)
    tokens = _separated(stripped) or _paired(stripped) or tuple(_spaced(line))
    lone = len(tokens) == 1 and line[0].isspace()
    return (word(tokens[0].text, tokens[0].column, INDENTED),) if lone else tokens


def _blanked(found: re.Match[str]) -> str:
    """Return as many spaces as some leading dots are wide: figures keep their offsets."""
    return " " * (len(found[0]) + wide(found[0]))


def figures_in(text: str) -> tuple[Token, ...]:
    """Return the figures of a text that is several of them, parted by spaces: `16 9（撤诉）`; else ()."""
    if " " not in text:
        return ()
    parts = tuple(word(chunk) for chunk in _CHUNK.findall(text))
    return parts if len(parts) > 1 and all(part.mean for part in parts) else ()


def split_cells(cells: Iterable[Cell], style: int = MARKED) -> tuple[Token, ...]:
    """Return the tokens of a table row whose cells are told apart: by the format itself, else as by tabs."""
    return tuple(word(cell.text, cell.column, style, cell.line) for cell in cells)


def word(text: str, column: int = 0, style: int = BARE, line: int = 0) -> Token:
    """Return the token of one cell's text. What a text means is remembered: cells recur."""
    key = (text, column, style)
    token = _PLACED.get(key) or _placed(key)
    return moved(token, column, style, line) if line else token


def _placed(key: tuple[str, int, int]) -> Token:
    if len(_PLACED) >= _MOST_WORDS:
        _PLACED.clear()
    text, column, style = key
    known = _WORDS.get(text) or _remembered(text)
    token = _PLACED[key] = moved(known, column, style, 0) if column or style else known
    if len(text) > _LONGEST_WORD:
        _LONG.append(key)
    return token


def forget_long_words() -> None:
    """Forget the texts of a document that hardly recur, such as whole articles in one cell."""
    for key in _LONG:
        _PLACED.pop(key, None)
        _WORDS.pop(key[0], None)
    _LONG.clear()


def moved(token: Token, column: int, style: int, line: int) -> Token:
    """Return a token with the same text in another place."""
    return Token(
        token.text, token.mean, token.labels, token.skeleton, token.blank, token.number, token.named,
        column, style, line, token.parted,
    )  # fmt: skip


def stretched(token: Token, column: int, parted: int) -> Token:
    """Return a word at another display offset, with so many columns of spaces between its letters."""
    own = moved(token, column, token.style, token.line)
    own.parted = parted  # nobody shares it yet
    return own


def _remembered(text: str) -> Token:
    if len(_WORDS) >= _MOST_WORDS:
        _WORDS.clear()
    token = _WORDS[text] = _understood(text.strip())
    return token


def _understood(text: str) -> Token:
    emphasised = _EMPHASIS.fullmatch(text) if text[:1] == "*" else None
    if emphasised:
        return replace(_understood(emphasised[1].strip()), text=text)
    bare = labels.skeleton(text) if text else ""
    spelt = labels.index().get(bare, ()) if bare else ()
    mean = None if spelt else values.interpret(text)
    if mean is not None and mean.note and is_part_of_label(_UNIT.sub("", labels.skeleton(mean.note))):
        mean = None
    if mean is None or mean.status == values.UNREADABLE:
        named = bool(_CHINESE.search(text) or _NUMERAL.fullmatch(text) or _DEBRIS.fullmatch(text))
        return Token(text, None, spelt, bare, False, None, named)
    number = 0 if mean.value is None else mean.value
    return Token(text, mean, spelt, bare, mean.status == values.BLANK, number, False)


def _piped(stripped: str) -> Iterable[Token]:
    pipes = stripped.count("|")
    if pipes == len(stripped):
        return (word("", i, ENDING_PIPE) for i in range(pipes))
    if pipes == 1 and stripped.endswith("|"):
        return (word(stripped[:-1], 0, ENDING_PIPE),)
    if _RULE.fullmatch(stripped) or _WIKI_RULE.fullmatch(stripped):
        return ()
    inner = stripped.removeprefix("|").removesuffix("|")
    return _parted(_cells(inner, "|"), PIPED)


def _tabbed(line: str, stripped: str) -> Iterable[Token]:
    if "\t" not in stripped and not line.rstrip(" \u3000").endswith("\t"):
        return (word(stripped, line.count("\t") - 1, INDENTED),)
    return _parted(_cells(line, "\t"), TABBED)


def _separated(stripped: str) -> tuple[Token, ...]:
    """Return the cells of a line that commas or semicolons part, () when it isn't one.

    Every cell has to be understood, and a label among them: commas also part thousands
    and clauses. Without a label there must be more commas than any number has.
    """
    if "," not in stripped and ";" not in stripped:
        return ()
    mark = ";" if stripped.count(";") > stripped.count(",") else ","
    cells = _cells(stripped, mark)
    tokens = tuple(word(cell, place, PIPED) for place, cell in enumerate(cells))
    understood = all(token.labels or token.mean for token in tokens)
    if len(cells) == 2 and tokens[-1].blank:
        return ()  # a label that a mark ends
    certain = any(token.labels for token in tokens) or len(cells) >= _UNMISTAKABLE
    return tokens if understood and certain else ()


def _paired(stripped: str) -> tuple[Token, ...]:
    """Return the labels and figures of a line that is nothing but such pairs, () when it isn't one."""
    if (":" not in stripped and "：" not in stripped) or len(stripped) > _LONGEST_PAIRS:
        return ()
    return tuple(word(part) for part in _pairs(stripped))


def _slashed(stripped: str) -> tuple[Token, ...]:
    """Return the cells of a line that slashes part, () when it isn't one.

    A slash stands before every figure, and as signs for cells that don't apply the slashes and the figures
    would be more or fewer cells than any row has.
    """
    cells = _SLASH.split(stripped)
    tokens = tuple(word(cell, place, PIPED) for place, cell in enumerate(cells))
    figures = tuple(token for token in tokens if token.mean is not None and not token.blank)
    if len(figures) < 2 or tokens[-len(figures) :] != figures or len(cells) - 1 + len(figures) in _WIDTHS:
        return ()
    before = tokens[: -len(figures)]
    return tokens if all(token.blank or _is_only_label(token) for token in before) else ()


def _is_only_label(token: Token) -> bool:
    """Tell whether a cell is a label, without a figure after it."""
    return bool(token.labels) or (token.named and not any(part.mean for part in _spaced(token.text)))


def _parted(cells: Iterable[str], style: int) -> Iterable[Token]:
    """Return the tokens of a row's cells; a figure and a label in one cell are two."""
    placed = _PLACED.get
    tokens = [placed(key) or _placed(key) for key in zip(cells, count(), repeat(style))]
    if any(map(_may_be_several, [token.text for token in tokens if token.mean is None])):
        return [part for token in tokens for part in _parts_of(token)]
    return tokens


def _may_be_several(text: str) -> bool:
    return " " in text or ":" in text or "：" in text


def _parts_of(cell: Token) -> Sequence[Token]:
    """Return the figures and labels that a cell is, the cell itself when it is one or has more in it."""
    if cell.mean is not None or not _may_be_several(cell.text):
        return (cell,)
    parts = _several(cell.text)
    return [moved(part, cell.column, cell.style, part.line) for part in parts] if parts else (cell,)


@lru_cache(maxsize=_MOST_TEXTS)
def _several(text: str) -> tuple[Token, ...]:
    """Return the figures and labels that a text is, () when it has no figure, or more than these.

    Digits in threes may be one number.
    """
    if _IN_THREES.match(text):
        return ()
    parts = tuple(_spaced(text))
    known = any(part.mean for part in parts) and _are_known(parts, damaged=not word(text).labels)
    return parts if known else ()


def are_in_threes(texts: Iterable[str]) -> bool:
    """Tell whether words may be the digits of one number, which spaces part in threes."""
    return _IN_THREES.match(" ".join(texts)) is not None


def _are_known(parts: Iterable[Token], *, damaged: bool) -> bool:
    """Tell whether texts are figures and labels, also ones with a letter lost when that may be."""
    return all(part.labels or part.mean or (damaged and labels.resembled(part.text)) for part in parts)


def _cells(line: str, mark: str) -> list[str]:
    cells = line.split(mark)
    return [_unquoted(cell) for cell in cells] if '"' in line else cells


def _unquoted(cell: str) -> str:
    """Return a cell without the quotation marks that a program has set around it."""
    text = cell.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else cell


def _begin_with_numeral(chunks: Sequence["_Part"]) -> bool:
    """Tell whether a numeral stands alone before the text that it numbers, not before figures."""
    if len(chunks) < 2 or chunks[0].text not in _LONE_NUMERALS:
        return False
    following = chunks[1].text
    return _CHINESE.search(following) is not None and not _SPELT.issuperset(following)


def _spaced(line: str) -> Iterable[Token]:
    """Join what spaces part: letters of one label, a number and its unit or remark."""
    parts: list[_Part] = []
    chunks = _chunks(line)
    for chunk in chunks[1:] if _begin_with_numeral(chunks) else chunks:
        if parts and _continues(parts[-1].text, chunk.text) and not _stands_apart(parts[-1], chunk):
            parts[-1] = _joined(parts[-1], chunk)
        else:
            parts.append(chunk)
    parts = [part for whole in parts for part in _labels_in(whole)]
    for place, (text, offset, end, words) in enumerate(parts):
        pairs = _pairs(text) if ":" in text or "：" in text else []
        if pairs:
            yield from (word(part, offset) for part in pairs)
            continue
        glued = _GLUED.fullmatch(text) if text[-1].isdigit() and not text.isdigit() else None
        if glued and spells_label(glued[1]):
            yield word(glued[1], offset)
            yield word(glued[2], offset + len(glued[1]) + wide(glued[1]))
        elif place == 0 and len(parts) > 1 and _is_item_number(text, parts[1].text):
            continue
        else:
            yield _to(end, word(text, offset)) if len(words) > 1 else word(text, offset)


def _to(end: int, token: Token) -> Token:
    """Return a token that reaches to a display offset, over the spaces that stood between its letters."""
    parted = end - token.column - len(token.text) - wide(token.text)
    return stretched(token, token.column, parted) if parted > 0 else token


def end_of(token: Token) -> int:
    """Return the display offset after the last letter of a word that only spaces part from others."""
    return token.column + len(token.text) + wide(token.text) + token.parted


def spells_label(text: str) -> bool:
    """Tell whether a text is a label, or a heading and, after its numeral, a label: 不予公开1.国家秘密."""
    known = labels.index()
    bare = labels.skeleton(text)
    parts = [labels.skeleton(part) for part in _INNER_NUMERAL.split(text)]
    return bare in known or (all(part in known for part in parts if part) and len(parts) > 1)


def _pairs(text: str) -> list[str]:
    """Return labels and figures of a text like `结果维持：1 结果纠正：0`, [] when it is none."""
    if not _PAIRS.fullmatch(text):
        return []
    found = [part for pair in _PAIR.findall(text) for part in pair]
    return found if all(word(label).labels or labels.resembled(label) for label in found[::2]) else []


def _chunks(line: str) -> list[_Part]:
    """Return the words that spaces part."""
    chunks = []
    place = end = 0
    for found in _CHUNK.finditer(line):
        text, first = found[0], found.start()
        start = end + first - place + line.count("\u3000", place, first)
        place, end = found.end(), start + len(text) + wide(text)
        chunks.append(_Part(text, start, end, ((text, start),)))
    return chunks


def _joined(part: _Part, chunk: _Part) -> _Part:
    joint = "" if word(part.text).mean is None or chunk.text[0] in "、.．" else " "
    return _Part(f"{part.text}{joint}{chunk.text}", part.start, chunk.end, (*part.words, *chunk.words))


def _labels_in(part: _Part) -> list[_Part]:
    """Return the labels that a text is, one after the other, when their letters too are parted by spaces.

    A name that no form has, 类型 or 备注, may stand before or after several of them.
    """
    if len(part.words) < _FEWEST_WORDS or word(part.text).mean is not None or word(part.text).labels:
        return [part]
    if found := _labels_of(part.words):
        return found
    if len(part.words) <= _FEWEST_WORDS:
        return [part]
    first, last = _part_of(part.words[:1]), _part_of(part.words[-1:])
    if len(found := _labels_of(part.words[1:])) >= _FEWEST_WORDS:
        return [first, *found]
    found = _labels_of(part.words[:-1])
    return [*found, last] if len(found) >= _FEWEST_WORDS else [part]


def _labels_of(words: _Words) -> list[_Part]:
    """Return the labels that words are, the longer one first, [] unless they are labels alone."""
    known: dict[int, list[_Part]] = {0: []}  # the labels of the first words, by their number
    for end in range(1, len(words) + 1):
        for start in [start for start in known if end - start <= _MOST_LETTERS]:
            label = _part_of(words[start:end])
            if word(label.text).labels:
                known[end] = [*known[start], label]
                break
    return known.get(len(words), [])


def _part_of(words: _Words) -> _Part:
    last, offset = words[-1]
    return _Part("".join(text for text, _ in words), words[0][1], offset + len(last) + wide(last), words)


def _stands_apart(part: _Part, following: _Part) -> bool:
    """Tell whether two texts are two headers: more than one space between them, and no label goes on so.

    That is told of texts of several letters, and of letters after the whole or the beginning of a label;
    of a text far from a letter, too: the end of a label in another column.
    """
    gap, chunk = following.start - part.end, following.text
    if gap <= 1 or _ENDS_IN_NUMERAL.search(part.text):
        return False
    if len(part.text) == 1:
        apart = gap > _WIDEST_PARTING or bool(word(chunk).labels) or is_part_of_label(labels.skeleton(chunk))
        return apart and not is_part_of_label(labels.skeleton(part.text + chunk))
    before, after = word(part.text), word(chunk)
    if before.mean is not None or after.mean is not None:
        return False
    if len(chunk) > 1 or gap > max(_WIDEST_PARTING, *_gaps(part.words)):
        return True
    known = gap > _WIDEST_PARTING or bool(before.labels) or is_part_of_label(before.skeleton)
    return known and bool(after.skeleton) and not is_part_of_label(before.skeleton + after.skeleton)


def _gaps(words: Sequence[tuple[str, int]]) -> list[int]:
    """Return by how much words stand apart, 0 for one alone."""
    ends = [offset + len(text) + wide(text) for text, offset in words]
    return [0, *(after[1] - end for end, after in zip(ends, words[1:], strict=False))]


def _continues(last: str, chunk: str) -> bool:
    before, after = word(last), word(chunk)
    if after.mean is not None and chunk[0].isdigit() and _is_text_or_number(before):
        return False  # nearly every word
    numeral = _ENDS_IN_NUMERAL.search(last) and not chunk[0].isdigit()
    if numeral or (last in _ITEM_NUMERALS and chunk[0] in "、.．"):
        return True
    if before.mean is None:
        repeated = bool(after.skeleton) and before.skeleton == after.skeleton
        again = _NUMERAL.match(chunk)  # 一、本年 新收 一、本年 新收
        repeated = repeated or bool(again and last.startswith(again[0]) and len(before.skeleton) > 1)
        garbled = bool(before.labels) and not after.named
        return after.mean is None and not repeated and not garbled and not (before.labels and after.labels)
    if before.mean.status == values.NOT_APPLICABLE and before.skeleton:
        return is_part_of_label(labels.skeleton(last + chunk))  # 无 法提供: the word stands for no figure
    if before.mean.status != values.REPORTED or after.mean is not None or before.mean.note:
        return False
    return bool(_UNIT.fullmatch(chunk)) or _is_remark(f"{last} {chunk}", after)


def _is_text_or_number(token: Token) -> bool:
    return token.mean is None or token.mean.status == values.REPORTED


def _is_remark(joined: str, after: Token) -> bool:
    """Tell whether a few Chinese characters after a number, such as 撤诉, are no part of a label."""
    if not after.skeleton or _NUMERAL.match(after.text) or len(after.skeleton) > 6:
        return False
    return not is_part_of_label(after.skeleton) and values.interpret(joined).status == values.REPORTED


def begins_with_numeral(token: Token) -> bool:
    """Tell whether a text begins as an item does: 2、申."""
    return _NUMERAL.match(token.text) is not None


def is_label(token: Token) -> bool:
    """Tell whether a text is a label, or begins as an item does, whatever of it is damaged."""
    return bool(token.labels) or (token.named and len(token.skeleton) > 1 and begins_with_numeral(token))


def is_part_of_label(bare: str) -> bool:
    """Tell whether some letters, a skeleton, are part of a label's spelling."""
    return len(bare) > 1 and bare in labels.one_a_line()


def is_garbled(token: Token) -> bool:
    """Tell whether a short text is no part of any label; a letter alone may be what is left of one."""
    if token.labels or not token.skeleton or len(token.text) > _LONGEST_GARBLED:
        return False
    if token.skeleton in _OTHER_NAMES:
        return False
    if token.named and len(token.skeleton) == 1:
        return False
    return not begins_with_numeral(token) and not is_part_of_label(token.skeleton)


def is_spelt_number(token: Token) -> bool:
    """Tell whether a text is a number in Chinese numerals (五, 三十四)."""
    return not token.labels and bool(token.text) and _SPELT.issuperset(token.text)


def _is_item_number(text: str, following: str) -> bool:
    """Tell whether a digit before a row's label, which has no numeral, is the item's without its mark."""
    if _NUMERAL.match(following):
        return False
    spelt = word(following).labels
    outcome = any(label.kind == "outcome" for label in spelt)
    return text in _ITEM_NUMERALS and outcome and all(label.code != "total" for label in spelt)


def wide(text: str) -> int:
    """Return how many display columns `text` takes beyond one a character (CJK takes two)."""
    return 0 if text.isascii() else sum(map("\u2e7f".__lt__, text))
