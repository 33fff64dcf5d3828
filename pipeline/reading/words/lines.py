"""What one line is, whatever document it stands in.

Belongs here: what a line's tokens make it - prose, headers, a row, a heading, the table whose labels it
carries. Does not belong here: lines together (regions.py, bands.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from pipeline.documents.stream import Stream
from pipeline.forms import vocabulary
from pipeline.reading.words import labels, pages
from pipeline.reading.words.breaks import breaks_of
from pipeline.reading.words.tokens import (
    BARE,
    INDENTED,
    MARKED,
    PIPED,
    TABBED,
    Token,
    begins_with_numeral,
    figures_in,
    forget_long_words,
    is_garbled,
    is_label,
    is_part_of_label,
    is_spelt_number,
    spells_label,
    split_cells,
    split_line,
    word,
)

# A label that many tables, menus and sentences use says nothing of where a table is.
UNUSUAL = frozenset(["合计", "其它", "其它处理"])
_COMMON = frozenset(["总计", "其他", "其他处理"]) | UNUSUAL
_OWNER = {
    "item": "disclosure",
    "measure": "disclosure",
    "outcome": "application",
    "applicant": "application",
    "channel": "dispute",
    "result": "dispute",
}
_HEADING_OWNER = {"information": "disclosure", "suit": "dispute", "clause": "disclosure"}
_NUMERALS = frozenset("一二三四五六七")
_NUMBERED = re.compile(r"(?:第[一二三四五六七]部分|[一二三四五六七])[、.．,，:：\s]\s*")
# Words that tell a numbered heading in other wordings than the known ones.
_HEADING_WORDS = {
    "dispute": ("复议", "诉讼"),
    "application": ("公开申请", "情况"),
    "disclosure": ("主动公开", "情况"),
    "overview": ("总体", "情况"),
    "problems": ("问题", "改进"),
    "other": ("需要", "事项"),
}
SERIALS = range(1, 60)  # running numbers that rows may have
_ROW_KINDS = frozenset(["item", "outcome"])
_COLUMN_KINDS = frozenset(["measure", "applicant", "result"])
_FEWEST_HEADERS = 3  # of columns in a line, from which a text among them is a header too, not a figure
_PIECE = 2  # letters, below which a text is what is left of a label
_SENTENCE = re.compile(r"[，。；：,;:]")
_FEWEST_CLAUSES = 3
_CELLS_OF_DISPUTE = 15
_CELLS_OF_APPLICATION = 7
_FEWEST_IN_A_ROW = 2
_FEWEST_COLUMNS = 5  # figures that count up by one; of a form's row no five can
_FEWEST_LAST = 2  # figures that number the last columns, which they stand in: 数据 / 14, 数据 / 15
_MOST_COLUMNS = 15
_BRACKETS = frozenset("(（")
_PROSE_LENGTH = 80
_CERTAIN_PROSE_LENGTH = 240
_WIDEST_LINE = 1_000  # with the spaces that align columns
_SENTENCE_LENGTH = 20
_WORDS_AT_END = 9
_FEWEST_FIGURES = 4  # at the end of a line that is a row, whatever its length
_SHORTEST_LABEL = 4  # letters of a row's label, some of them lost
_HEADING_LENGTH = 60
_EMPHASIS = " \t\u3000\xa0*_"  # around a heading: **第五部分 其他**
# What a line is as a whole: texts; texts and then figures, empty cells among them, in cells that the text
# marks; texts and then such cells, all of them empty; nothing but empty cells; one figure.
OTHER, TEXTS, ROW, HEADERS, EMPTY, FIGURE = range(6)
_CELL_STYLES = frozenset([TABBED, PIPED])


@dataclass(slots=True)  # not frozen, for speed, as tokens
class Line:
    """What one line is, whatever document it stands in.

    `labelled` are the tokens that are labels, `words` the skeletons of its texts; `first` is the
    place of the first token that may be a figure, `mixed` whether labels follow it; `owner` the table
    whose labels (`names`) it carries; `heading` the section whose heading it may be; `odd` whether it
    has an unusual spelling of a common label; `written` how many cells something is written in,
    `figures` in how many of them a figure; `counts` whether it numbers the columns; `mark` what it
    says if it may be a page number; `leading` are the texts before `first`; `is_row` tells whether
    tabs stand on more than one place of it; `style` is that of the figure that it ends in (-1: none).
    `tells` is whether it carries a table's labels, or may be a heading, `is_cell` whether it is a figure or
    an empty cell alone, as most lines are where cells have a line each; `shape` is what it is as a whole:
    texts, a row, …, or OTHER.
    """

    tokens: tuple[Token, ...]
    labelled: tuple[Token, ...]
    words: str
    first: int
    mixed: bool
    owner: str | None
    names: frozenset[str]
    heading: str | None
    odd: bool
    figures: int = 0
    written: int = 0
    counts: bool = False
    mark: pages.Mark | None = None
    leading: tuple[Token, ...] = ()
    is_row: bool = False
    style: int = -1
    tells: bool = False
    is_cell: bool = False
    shape: int = OTHER


_NOTHING = Line((), (), "", 0, mixed=False, owner=None, names=frozenset(), heading=None, odd=False)

_NOBODYS: tuple[str | None, frozenset[str], bool] = (None, frozenset(), False)

# A line of the stream, by its place in it.
Entry = tuple[int, Line]

_LINES: dict[str, Line] = {}
_BROKEN: dict[str, tuple[int, ...]] = {}  # those of them that may be none as they were written
_LONG: list[str] = []  # those of them that are remembered for one document only
# Sentences, and the same of them: a document's lines are looked at again after each repair.
_PROSE: dict[str, tuple[int, ...]] = {}
_MOST_WORDS = 4096  # of lines, whose owners are remembered
_TEXT = "text/plain"
_MOST_PROSE = 500  # none of them longer than the widest line
_MOST_LINES = 20_000  # remembered before a document, so that memory stays flat over any number of them


def is_prose(line: str) -> bool:
    """Tell whether a line is running text: long, or a sentence, and in no cells."""
    length = len(line)
    if length <= _SENTENCE_LENGTH or "\t" in line or "|" in line:
        return False
    if length > _PROSE_LENGTH:
        words = line.split() if length <= _WIDEST_LINE else [line]
        length = sum(map(len, words))  # not the spaces that align columns
        if length > _PROSE_LENGTH:
            certain = length > _CERTAIN_PROSE_LENGTH
            return certain or (_has_clauses(line) and not _ends_in_figures(line, len(words)))
        if length <= _SENTENCE_LENGTH:
            return False
    return line[-1] in "。；;" or (line[-1] in "：:" and "，" in line)


def _has_clauses(line: str) -> bool:
    """Tell whether a line has several of the marks that part clauses."""
    commas = line.count("，") + line.count("。")
    return commas >= _FEWEST_CLAUSES or commas + sum(map(line.count, "；：,;:")) >= _FEWEST_CLAUSES


def _ends_in_figures(line: str, words: int) -> bool:
    """Tell whether a line of so many words ends in some that are figures, as a row with a long label does."""
    if words + line.count(",") + line.count(";") < _FEWEST_FIGURES:
        return False  # nearly every sentence
    parts = line.replace(",", " ").replace(";", " ").rsplit(maxsplit=_WORDS_AT_END)
    if line.rstrip().endswith((",", ";")):
        parts.append("")  # an empty cell
    return sum(word(text).mean is not None for text in parts[-_WORDS_AT_END:]) >= _FEWEST_FIGURES


def section_of_heading(line: str) -> str | None:
    """Return the code of the section whose heading a line may be.

    A known heading needs no numeral; an unknown one is told by its numeral and a word.
    """
    if len(line) > _HEADING_LENGTH:
        return None
    line = line.strip(_EMPHASIS)
    numeral = _NUMBERED.match(line)
    text = line[numeral.end() :] if numeral else line
    bare = labels.skeleton(text)
    known = _headings().get(bare) or _headings().get(bare[1:] if bare[:1] in _NUMERALS else "")
    if known or not numeral or _SENTENCE.search(text):
        return known
    return next((code for code, words in _HEADING_WORDS.items() if all(part in bare for part in words)), None)


@cache
def _headings() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, label in vocabulary()["section"].items():
        for spelling in (label.zh, *label.variants):
            found[labels.skeleton(spelling)] = code
    return found


def entries_of(stream: Stream) -> tuple[list[Entry], set[int]]:
    """Return every line that is not prose, and how lines may not be as they were written (breaks.py).

    Lines of text are remembered, since tables' lines recur. Lines that the format marks are as they were.
    """
    _forget()
    if stream.grid:
        return list(_marked_entries(stream)), set()
    texts = stream.lines
    known = list(map(_LINES.get, texts))
    new = {text for text, line in zip(texts, known, strict=True) if line is None and text}
    breaks = _learn(new)
    if not _LINES.keys().isdisjoint(new):
        known = list(map(_LINES.get, texts))
    if not _BROKEN.keys().isdisjoint(texts):
        breaks.update(kind for text in _BROKEN.keys() & texts for kind in _BROKEN[text])
    return [(index, line) for index, line in enumerate(known) if line and line.tokens], breaks


def _forget() -> None:
    """Forget what would let memory grow with the number of documents; long texts hardly recur."""
    if len(_LINES) >= _MOST_LINES:
        _LINES.clear()
        _BROKEN.clear()
    if len(_PROSE) >= _MOST_PROSE:
        _PROSE.clear()
    for text in _LONG:
        _LINES.pop(text, None)
    _LONG.clear()
    forget_long_words()


def _learn(texts: Iterable[str]) -> set[int]:
    """Remember what each text is, or that it is prose; return how they may be none as they were written."""
    breaks: set[int] = set()
    for text in texts:
        kinds = _PROSE.get(text)
        if kinds is None:
            kinds = breaks_of(text)
            if not is_prose(text):
                _remembered(text)
                if kinds:
                    _BROKEN[text] = kinds
            elif len(text) <= _WIDEST_LINE:
                _PROSE[text] = kinds
        breaks.update(kinds)
    return breaks


def _marked_entries(stream: Stream) -> Iterator[Entry]:
    style = TABBED if stream.media_type == _TEXT else MARKED  # a text's rows may lack cells
    for index, text in enumerate(stream.lines):
        cells = stream.grid.get(index)
        if cells is not None:
            row = _line(split_cells(cells, style), text)
            if row.tokens:
                yield index, row
        elif text and not is_prose(text):
            line = _LINES.get(text) or _remembered(text)
            if line.tokens:
                yield index, line


def _remembered(text: str) -> Line:
    line = _LINES[text] = _line(split_line(text), text)
    if len(text) > _WIDEST_LINE:
        _LONG.append(text)
    return line


def _line(tokens: tuple[Token, ...], text: str) -> Line:
    texts = [token for token in tokens if token.mean is None]
    labelled = tuple([token for token in texts if token.labels])
    if not labelled and pages.is_certain(text):
        return _NOTHING
    words = "\n".join([token.skeleton for token in texts])
    owner, names, odd = _owned(words) if labelled else _NOBODYS
    heading = section_of_heading(text) if len(tokens) == len(texts) == 1 else None
    first = _first_slot(tokens)
    leading = tuple([token for token in tokens[:first] if token.mean is None])
    mixed = any(map(is_label, texts[len(leading) :]))
    lone = bool(tokens) and tokens[0].mean is not None and tokens[0].style in (BARE, INDENTED)
    mark = pages.possible(text) if lone else None
    written = len([token for token in tokens if not token.blank])
    figures = written - len(texts)
    counts = owner is None and figures >= _FEWEST_LAST and _counts_columns(tokens)
    return Line(
        tokens,
        labelled,
        words,
        first,
        mixed,
        owner,
        names,
        heading,
        odd,
        figures,
        written,
        counts,
        mark,
        leading,
        len(tokens) > _FEWEST_IN_A_ROW and tokens[0].style == TABBED,
        _style_of_last(tokens),
        owner is not None or heading is not None,
        len(tokens) == 1 and not texts,
        OTHER if mixed or counts else _shape(tokens, first, len(texts), written),
    )


def _shape(tokens: Sequence[Token], first: int, texts: int, written: int) -> int:
    """Return what a line is as a whole, OTHER where texts do not stand before all figures."""
    cells = [token for token in tokens[first:] if not token.blank]
    if written - len(cells) != texts:
        return OTHER
    if len(tokens) == 1 and cells:
        return OTHER if cells[0].text[-1] == "。" else FIGURE
    if not texts:
        return OTHER if cells else EMPTY
    if first == len(tokens):
        return TEXTS if len(tokens) > 1 or _is_label_alone(tokens[0]) else OTHER
    return OTHER if tokens[0].style not in _CELL_STYLES else ROW if cells else HEADERS


def _is_label_alone(token: Token) -> bool:
    """Tell whether the one text of a line can be nothing but a label, or part of one."""
    return token.named and not figures_in(token.text)


def _style_of_last(tokens: Sequence[Token]) -> int:
    """Return the style of the figure that a line ends in, -1 without one."""
    last = tokens[-1] if tokens else None
    return last.style if last and last.mean is not None and not last.blank else -1


def _counts_columns(tokens: Iterable[Token]) -> bool:
    """Tell whether figures count the columns: 栏次 1 2 3 4 5 6 7, or the last ones of table 四, 13 14 15."""
    figures = [token for token in tokens if token.mean is not None and not token.blank]
    numbers = [token.number or 0 for token in figures]
    last = figures[-1]
    if len(figures) < _FEWEST_COLUMNS and not last.number == last.column + 1 == _MOST_COLUMNS:
        return False
    return numbers[-1] <= _MOST_COLUMNS and all(after == before + 1 for before, after in pairwise(numbers))


def _first_slot(tokens: tuple[Token, ...]) -> int:
    """Return where the figures of a row begin: after its leading texts.

    Blanks before or between leading texts belong to the label columns; blanks after the
    last of them may be figures left out, and stay. A text after a row's own label is not
    a further label: it stands in a figure's place, unless the line is one of headers; after
    any label, one that is garbled does.
    """
    if _begins_garbled(tokens):
        return 0
    last_text = -1
    named = False
    headers = 0
    for place, token in enumerate(tokens):
        if token.mean is None:
            labelled = named or (last_text >= 0 and _is_in_place_of_figure(tokens, place, last_text))
            if labelled and headers < _FEWEST_HEADERS and not _goes_on(token):
                break
            headers += _names_column(token)
            last_text = place
            named = named or names_row(token)
        elif not token.blank and (last_text >= 0 or not _is_serial(tokens, place)):
            break
    return last_text + 1


def _begins_garbled(tokens: tuple[Token, ...]) -> bool:
    """Tell whether a line begins with a text that is no label, empty cells before it and figures after it."""
    first = tokens[0] if tokens and not tokens[0].blank else next((t for t in tokens if not t.blank), None)
    if first is None or not _is_no_label(first):
        return False
    return all(token is first or token.mean is not None for token in tokens)


def _is_no_label(token: Token) -> bool:
    """Tell whether a text has no letter of a label: it stands in a figure's place."""
    return token.mean is None and not token.named


def _is_in_place_of_figure(tokens: tuple[Token, ...], place: int, label: int) -> bool:
    """Tell whether a text between what may be a row's damaged label and figures alone is a garbled figure."""
    token, before, rest = tokens[place], tokens[label], tokens[place + 1 :]
    if token.labels:
        return False  # nearly every one
    if any(other.mean is None and not is_spelt_number(other) for other in rest):
        return False
    if not any(other.number is not None for other in rest):
        return False
    if _is_no_label(token):
        return True
    heading = any(other.kind == "heading" for other in before.labels)
    figure = is_garbled(token) or is_spelt_number(token)
    return not heading and len(before.skeleton) >= _SHORTEST_LABEL and figure


def _goes_on(token: Token) -> bool:
    """Tell whether a text after a row's label is a further label, and no number in words."""
    return _belongs_to_label(token) and not is_spelt_number(token)


def _belongs_to_label(token: Token) -> bool:
    """Tell whether a text is a label, a piece of one as a letter is, or begins with an item's numeral."""
    if token.labels or not token.named:
        return bool(token.labels)
    return len(token.skeleton) < _PIECE or begins_with_numeral(token) or is_part_of_label(token.skeleton)


def _is_serial(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether a row's first figure is its number in the list: a label follows it."""
    if any(not token.blank for token in tokens[:place]) or tokens[place].number not in SERIALS:
        return False
    following = next((token for token in tokens[place + 1 :] if not token.blank), None)
    if following is None or following.mean is not None:
        return False
    if len(tokens) - place >= _CELLS_OF_DISPUTE and not _belongs_to_label(following):
        return False  # table 四 in one row, in which a text stands in place of a figure
    if len(tokens) - place == _CELLS_OF_APPLICATION and _is_in_place_of_second(tokens[place + 1 :]):
        return False  # a whole row of table 三, whose label stands in other lines
    return len(following.skeleton) > 1 or following.text[0] in _BRACKETS or begins_with_numeral(following)


def _is_in_place_of_second(tokens: tuple[Token, ...]) -> bool:
    """Tell whether a text before figures alone is none of a label's: it stands in place of a figure."""
    garbled = _is_no_label(tokens[0]) or is_garbled(tokens[0])
    return garbled and all(token.mean is not None for token in tokens[1:])


def _names_column(token: Token) -> bool:
    return bool(token.labels) and token.skeleton in _column_names()


def names_row(token: Token) -> bool:
    """Tell whether a text is the label of a row of tables 二 or 三, and of no heading over rows."""
    if not token.labels:
        return begins_with_numeral(token) and spells_label(token.text)  # （三）不予公开1、属于国家秘密
    return token.skeleton in _row_names()


@cache
def _column_names() -> frozenset[str]:
    return frozenset(bare for bare, kinds in _kinds() if not _COLUMN_KINDS.isdisjoint(kinds))


@cache
def _row_names() -> frozenset[str]:
    known = (bare for bare, kinds in _kinds() if not _ROW_KINDS.isdisjoint(kinds) and "heading" not in kinds)
    return frozenset(known)


def _kinds() -> Iterator[tuple[str, list[str]]]:
    return ((bare, [label.kind for label in spelt]) for bare, spelt in labels.index().items())


@lru_cache(maxsize=_MOST_WORDS)
def _owned(words: str) -> tuple[str | None, frozenset[str], bool]:
    """Return the table whose labels a line carries, which labels, and whether one is spelt unusually.

    `words` are the skeletons of the line's texts, the same in many lines whose figures differ.
    """
    found: dict[str, set[str]] = {}
    known = [bare for bare in words.split("\n") if bare in labels.index()]
    for bare in known:
        if bare not in _COMMON:
            label = labels.index()[bare][0]
            code = _OWNER.get(label.kind) or _HEADING_OWNER.get(label.code.partition("_")[0], "application")
            found.setdefault(code, set()).add(bare)
    odd = not UNUSUAL.isdisjoint(known)
    if not found:
        return None, frozenset(), odd
    best = max(found, key=lambda code: len(found[code]))
    return best, frozenset(found[best]), odd
