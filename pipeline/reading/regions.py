"""Where in a document each statutory table stands.

Belongs here: clusters of the tables' own labels, and what ends a table (a section's
heading, prose, the next table). Does not belong here: reading the rows.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.forms import TABLE_CODES, vocabulary
from pipeline.reading import labels, pages
from pipeline.reading.tokens import (
    BARE,
    INDENTED,
    Token,
    begins_with_numeral,
    is_garbled,
    is_label,
    is_part_of_label,
    spells_label,
    split_cells,
    split_line,
    word,
)

# A label that many tables, menus and sentences use says nothing of where a table is.
_UNUSUAL = frozenset(["合计", "其它", "其它处理"])
_COMMON = frozenset(["总计", "其他", "其他处理"]) | _UNUSUAL
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
_SERIALS = range(1, 60)
_ROW_KINDS = frozenset(["item", "outcome"])
_COLUMN_KINDS = frozenset(["measure", "applicant", "result"])
_FEWEST_HEADERS = 3  # of columns in a line, from which a text among them is a header too, not a figure
_PIECE = 2  # letters, below which a text is what is left of a label
_SENTENCE = re.compile(r"[，。；：,;:]")
# Lines without a label that may stand between two labels of one table: a row of seven
# figures, one a line with blank lines between, of which one label was lost.
_GAP = 50
_CELLS_OF_DISPUTE = 15
_CELLS_OF_DISCLOSURE = 3
_NEARLY_ALL = 0.8
_NOTE = re.compile(r"(?:填表|附)?(?:备注|注|说明)\s*[:：]")
_FEWEST_COLUMNS = 5  # figures that count up by one; of a form's row no five can
_FEWEST_LAST = 2  # figures that number the last columns, which they stand in: 数据 / 14, 数据 / 15
_MOST_COLUMNS = 15
_BRACKETS = frozenset("(（")
_ROWS_BEFORE = 12  # lines above a table's first known label that may be rows of it
_NEAR = 3
_PROSE_LENGTH = 80
_CERTAIN_PROSE_LENGTH = 240
_WIDEST_LINE = 1_000  # with the spaces that align columns
_SENTENCE_LENGTH = 20
_SHORTEST_LABEL = 4  # letters of a row's label, some of them lost
_HEADING_LENGTH = 60
_PROSE_CHARACTERS = 48


@dataclass(slots=True)  # not frozen, for speed, as tokens
class Line:
    """What one line is, whatever document it stands in.

    `labelled` are the tokens that are labels, `words` the skeletons of its texts; `first` is the
    place of the first token that may be a figure, `mixed` whether labels follow it; `owner` the table
    whose labels (`names`) it carries; `heading` the section whose heading it may be; `odd` whether it
    has an unusual spelling of a common label; `written` how many cells something is written in,
    `figures` in how many of them a figure; `counts` whether it numbers the columns; `mark` what it
    says if it may be a page number.
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


# A line of the stream, by its place in it.
Entry = tuple[int, Line]


class Region(NamedTuple):
    """The entries of one table, how many further clusters of its labels there are, and if more follows it.

    `names` are the table's labels in it, `words` the skeletons of all its texts. `left_out` are the
    lines of the document that were taken for page numbers, `end` is the line after the table that is
    not empty (-1: none). `is_paged` tells whether numbers that may be page numbers stand alone outside
    of the tables: then such a number in a table may be one too. `dashed` are the numbers between
    dashes that may be rows of the table all the same: cells that don't apply stand around a figure. `gap` is
    how many empty lines stand before the sections' headings (-1: not the same everywhere).
    """

    entries: list[Entry]
    others: int
    names: frozenset[str]
    words: str
    is_followed: bool = True
    left_out: Sequence[int] = ()
    end: int = -1
    is_paged: bool = False
    dashed: Sequence[Entry] = ()
    gap: int = -1

    def with_dashed(self) -> "Region":
        """Return the table with the numbers between dashes as rows."""
        rows = {index for index, _ in self.dashed}
        left_out = [index for index in self.left_out if index not in rows]
        return self._replace(
            entries=sorted([*self.entries, *self.dashed], key=_index), left_out=left_out, dashed=()
        )


class Scan(NamedTuple):
    """All lines of a document that are not prose, and the tables among them."""

    entries: list[Entry]
    regions: dict[str, Region]


_LINES: dict[str, Line] = {}
_MOST_LINES = 20_000  # remembered at most, so that memory stays flat over any number of documents


def scan(stream: Stream) -> Scan:
    """Return the document's lines as tokens, and the lines of each table found by its code."""
    every = _entries(stream)
    entries = _without_page_numbers(every)
    kept = {index for index, _ in entries} if len(entries) < len(every) else set()
    left_out = [index for index, _ in every if index not in kept] if kept else []
    clusters = _clusters(entries)
    best = {code: _best(entries, code, found) for code, found in clusters.items()}
    for code in TABLE_CODES:
        start = _after_heading(entries, code) if code not in best else None
        if start is not None:
            best[code] = _Cluster(start, start, start, set())
            clusters[code] = [best[code]]
    if "dispute" not in best and "application" in best:
        start = _of_fifteen(entries, best["application"].last + 1)
        if start is not None:
            best["dispute"] = _Cluster(start, start, start, set())
            clusters["dispute"] = [best["dispute"]]
    starts = sorted(cluster.first for cluster in best.values())
    regions: dict[str, Region] = {}
    for code, chosen in best.items():
        found = _extended(entries, chosen, starts)
        place = bisect_right(entries, found[-1][0], key=_index) if found else len(entries)
        after = entries[place][0] if place < len(entries) else -1
        lines = [line for _, line in found]
        names = frozenset[str]().union(*[line.names for line in lines])
        words = "\n".join([line.words for line in lines])
        rivals = _rivals(clusters[code], chosen)
        regions[code] = Region(found, rivals, names, words, after >= 0, left_out, after)
    return Scan(entries, _with_rows_of_dashes(every, _with_surroundings(stream, entries, regions)))


def _best(entries: Sequence[Entry], code: str, found: Sequence["_Cluster"]) -> "_Cluster":
    """Return the cluster with the most labels; of several with nearly as many one below its own heading.

    Another may be last year's table, in the overview.
    """
    most = max(len(cluster.names) for cluster in found)
    alike = [cluster for cluster in found if len(cluster.names) >= _NEARLY_ALL * most]
    own = [cluster for cluster in alike if len(alike) > 1 and _heading_over(entries, cluster.first) == code]
    return max(own or alike, key=lambda cluster: len(cluster.names))


def _heading_over(entries: Sequence[Entry], first: int) -> str | None:
    """Return the section whose heading is the last before a line."""
    return next((line.heading for _, line in reversed(entries[:first]) if line.heading), None)


def _with_rows_of_dashes(every: Iterable[Entry], regions: dict[str, Region]) -> dict[str, Region]:
    """Return the tables, table 二 with the numbers between dashes inside it if they may be rows.

    Its other cells have such dashes too, and no number between dashes stands elsewhere.
    """
    region = regions.get("disclosure")
    dashed = [(at, line) for at, line in every if line.mark is not None and line.mark.manner == pages.DASHED]
    if region is None or not dashed:
        return regions
    cells = {token.text for _, line in region.entries for token in line.tokens}
    first, last = region.entries[0][0], region.entries[-1][0]
    rows = all(
        first < at < last and len(line.tokens) == _CELLS_OF_DISCLOSURE and line.tokens[0].text in cells
        for at, line in dashed
    )
    return regions | {"disclosure": region._replace(dashed=dashed)} if rows else regions


def _with_surroundings(
    stream: Stream, entries: Iterable[Entry], regions: dict[str, Region]
) -> dict[str, Region]:
    """Return the tables with what the lines outside of all of them tell: of page numbers and empty lines."""
    inside = {index for region in regions.values() for index, _ in region.entries}
    is_paged = any(line.mark is not None and index not in inside for index, line in entries)
    ends = {region.end for region in regions.values()}
    gaps = {_empty_before(stream, index) for index, line in entries if line.heading and index not in ends}
    gap = gaps.pop() if len(gaps) == 1 else -1
    return {code: region._replace(is_paged=is_paged, gap=gap) for code, region in regions.items()}


def _empty_before(stream: Stream, index: int) -> int:
    """Return how many empty lines stand before a line."""
    count = 0
    while count < index and not stream.lines[index - count - 1].strip():
        count += 1
    return count


def _index(entry: Entry) -> int:
    return entry[0]


def is_prose(line: str) -> bool:
    """Tell whether a line is running text: long, or a sentence, and in no cells."""
    if "\t" in line or "|" in line:
        return False
    length = len(line)
    if _PROSE_LENGTH < length <= _WIDEST_LINE:
        length = len("".join(line.split()))  # not the spaces that align columns
    if length > _PROSE_LENGTH:
        return length > _CERTAIN_PROSE_LENGTH or (
            len(_SENTENCE.findall(line)) >= 3 and not _ends_in_figures(line)
        )
    if length <= _SENTENCE_LENGTH:
        return False
    return line[-1] in "。；;" or (line[-1] in "：:" and "，" in line)


def _ends_in_figures(line: str) -> bool:
    """Tell whether a line ends in words that are figures, as a row with a long label does."""
    return sum(word(text).mean is not None for text in line.split()[-9:]) >= 4


def section_of_heading(line: str) -> str | None:
    """Return the code of the section whose heading a line may be.

    A known heading needs no numeral; an unknown one is told by its numeral and a word.
    """
    if len(line) > _HEADING_LENGTH:
        return None
    numeral = _NUMBERED.match(line.strip())
    text = line.strip()[numeral.end() :] if numeral else line
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


def _entries(stream: Stream) -> list[Entry]:
    """Return every line that is not prose; lines of text are remembered, since tables' lines recur."""
    if stream.grid:
        return list(_marked_entries(stream))
    known, entries = _LINES, []
    for index, text in enumerate(stream.lines):
        line = known.get(text)
        if line is None:
            if not text or is_prose(text):
                continue
            line = _remembered(text)
        if line.tokens:
            entries.append((index, line))
    return entries


def _without_page_numbers(entries: list[Entry]) -> list[Entry]:
    """Leave out lone numbers that count up through the document, and all between dashes."""
    marks = [(place, line.mark) for place, (_, line) in enumerate(entries) if line.mark is not None]
    numbers = pages.counting(marks) if len(marks) > 1 else set()
    if _are_figures(entries, numbers):
        numbers = set()
    numbers |= {place for place, mark in marks if mark.manner == pages.DASHED}
    return [entry for place, entry in enumerate(entries) if place not in numbers] if numbers else entries


def _are_figures(entries: Sequence[Entry], numbers: Collection[int]) -> bool:
    """Tell whether numbers that count up are no pages': each below a label, or two in adjacent lines.

    A number over another one (3 / 9) is a page's wherever it stands.
    """
    marks = [line.mark for line in (entries[place][1] for place in numbers)]
    if any(mark and any(mark.manner[1:2]) for mark in marks):
        return False
    lines = {entries[place][0] for place in numbers}
    if any(index + 1 in lines for index in lines):
        return True
    return all(place and _names_row(entries[place - 1][1].tokens[-1]) for place in numbers)


def _marked_entries(stream: Stream) -> Iterator[Entry]:
    for index, text in enumerate(stream.lines):
        cells = stream.grid.get(index)
        if cells is not None:
            row = _line(split_cells(cells), text)
            if row.tokens:
                yield index, row
        elif text and not is_prose(text):
            line = _LINES.get(text) or _remembered(text)
            if line.tokens:
                yield index, line


def _remembered(text: str) -> Line:
    if len(_LINES) >= _MOST_LINES:
        _LINES.clear()
    line = _LINES[text] = _line(split_line(text), text)
    return line


def _line(tokens: tuple[Token, ...], text: str) -> Line:
    if pages.is_certain(text):
        tokens = ()
    labelled = tuple(token for token in tokens if token.labels)
    words = "\n".join([token.skeleton for token in tokens if token.mean is None])
    owner, names = _owner(labelled)
    heading = section_of_heading(text) if len(tokens) == 1 and tokens[0].mean is None else None
    first = _first_slot(tokens)
    mixed = any(token.mean is None and is_label(token) for token in tokens[first:])
    odd = any(token.skeleton in _UNUSUAL for token in labelled)
    lone = bool(tokens) and tokens[0].mean is not None and tokens[0].style in (BARE, INDENTED)
    mark = pages.possible(text) if lone else None
    figures = sum(token.mean is not None and not token.blank for token in tokens)
    written = sum(not token.blank for token in tokens)
    counts = owner is None and figures >= _FEWEST_LAST and _counts_columns(tokens)
    return Line(
        tokens, labelled, words, first, mixed, owner, names, heading, odd, figures, written, counts, mark
    )


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
            if labelled and headers < _FEWEST_HEADERS and not _belongs_to_label(token):
                break
            headers += _names_column(token)
            last_text = place
            named = named or _names_row(token)
        elif not token.blank and (last_text >= 0 or not _is_serial(tokens, place)):
            break
    return last_text + 1


def _begins_garbled(tokens: tuple[Token, ...]) -> bool:
    """Tell whether a line begins with a text that is no label, empty cells before it and figures after it."""
    first = next((token for token in tokens if not token.blank), None)
    if first is None or not _is_no_label(first):
        return False
    return all(token is first or token.mean is not None for token in tokens)


def _is_no_label(token: Token) -> bool:
    """Tell whether a text has no letter of a label: it stands in a figure's place."""
    return token.mean is None and not token.named


def _is_in_place_of_figure(tokens: tuple[Token, ...], place: int, label: int) -> bool:
    """Tell whether a text between what may be a row's damaged label and figures alone is a garbled figure."""
    token, before, rest = tokens[place], tokens[label], tokens[place + 1 :]
    if any(other.mean is None for other in rest) or not any(other.number is not None for other in rest):
        return False
    if _is_no_label(token):
        return True
    heading = any(other.kind == "heading" for other in before.labels)
    return not heading and len(before.skeleton) >= _SHORTEST_LABEL and is_garbled(token)


def _belongs_to_label(token: Token) -> bool:
    """Tell whether a text is a label, a piece of one as a letter is, or begins with an item's numeral."""
    if token.labels or not token.named:
        return bool(token.labels)
    return len(token.skeleton) < _PIECE or begins_with_numeral(token) or is_part_of_label(token.skeleton)


def _is_serial(tokens: tuple[Token, ...], place: int) -> bool:
    """Tell whether a row's first figure is its number in the list: a label follows it."""
    if any(not token.blank for token in tokens[:place]) or tokens[place].number not in _SERIALS:
        return False
    following = next((token for token in tokens[place + 1 :] if not token.blank), None)
    if following is None or following.mean is not None:
        return False
    if len(tokens) - place >= _CELLS_OF_DISPUTE and not _belongs_to_label(following):
        return False  # table 四 in one row, in which a text stands in place of a figure
    return len(following.skeleton) > 1 or following.text[0] in _BRACKETS or begins_with_numeral(following)


def _names_column(token: Token) -> bool:
    return any(label.kind in _COLUMN_KINDS for label in token.labels)


def _names_row(token: Token) -> bool:
    kinds = [label.kind for label in token.labels]
    if not kinds:
        return begins_with_numeral(token) and spells_label(token.text)  # （三）不予公开1、属于国家秘密
    return not _ROW_KINDS.isdisjoint(kinds) and "heading" not in kinds


def _owner(labelled: Sequence[Token]) -> tuple[str | None, frozenset[str]]:
    """Return the table whose labels a line carries, and which labels, given its tokens that are labels."""
    found: dict[str, set[str]] = {}
    for token in labelled:
        if token.skeleton not in _COMMON:
            label = token.labels[0]
            code = _OWNER.get(label.kind) or _HEADING_OWNER.get(label.code.partition("_")[0], "application")
            found.setdefault(code, set()).add(token.skeleton)
    if not found:
        return None, frozenset()
    best = max(found, key=lambda code: len(found[code]))
    return best, frozenset(found[best])


@dataclass(slots=True)
class _Cluster:
    first: int
    last: int
    last_index: int
    names: set[str]
    section: int = 0


def _clusters(entries: Sequence[Entry]) -> dict[str, list[_Cluster]]:
    """Return the places that carry labels of each table, by its code: near each other, in one section.

    The overview may name what the tables count, with figures of another scope.
    """
    found: dict[str, list[_Cluster]] = {}
    section, sections = None, 0
    for place, (index, line) in enumerate(entries):
        if line.heading is not None and line.heading != section:
            section, sections = line.heading, sections + 1
        if line.owner is None:
            continue
        clusters = found.setdefault(line.owner, [])
        last = clusters[-1] if clusters else None
        if last and index - last.last_index <= _GAP and last.section == sections:
            last.names.update(line.names)
            last.last, last.last_index = place, index
        else:
            clusters.append(_Cluster(place, place, index, set(line.names), sections))
    return found


def _after_heading(entries: Sequence[Entry], code: str) -> int | None:
    """Return where a table without any label of its own may begin: after its section's heading."""
    headings = [place for place, (_, line) in enumerate(entries) if line.heading == code]
    place = headings[-1] + 1 if headings else len(entries)
    return place if place < len(entries) and not _ends_table(entries[place][1]) else None


def _of_fifteen(entries: Sequence[Entry], start: int) -> int | None:
    """Return the first line with as many figures as table 四 has."""
    for place in range(start, len(entries)):
        tokens = entries[place][1].tokens
        if len(tokens) == _CELLS_OF_DISPUTE and all(token.mean is not None for token in tokens):
            return place
    return None


def _rivals(clusters: Sequence[_Cluster], chosen: _Cluster) -> int:
    """Count further places that carry at least half as many of the table's labels."""
    enough = max(4, len(chosen.names) // 2)
    return sum(1 for cluster in clusters if cluster is not chosen and len(cluster.names) >= enough)


def _extended(entries: Sequence[Entry], chosen: _Cluster, starts: Sequence[int]) -> list[Entry]:
    """Take the lines after the last label up to what ends the table, and rows before the first."""
    first = _with_rows_before(entries, chosen.first)
    limit = min((start for start in starts if start > chosen.first), default=len(entries))
    end = chosen.last + 1
    while end < limit and not _ends_table(entries[end][1]):
        end += 1
    return list(entries[first : min(end, limit)])


def _with_rows_before(entries: Sequence[Entry], first: int) -> int:
    """Return where a table begins whose first rows have labels that are not known."""
    place = first
    while place > max(0, first - _ROWS_BEFORE) and _continues_up(entries[place - 1], entries[place]):
        place -= 1
    if place and entries[place - 1][1].owner is not None:
        return first
    while place < first and all(token.mean is None for token in entries[place][1].tokens):
        place += 1
    return max(place - 1, 0) if place < first else first


def _continues_up(before: Entry, entry: Entry) -> bool:
    line = before[1]
    return (
        entry[0] - before[0] <= _NEAR
        and line.heading is None
        and line.owner is None
        and not any(token.labels and begins_with_numeral(token) for token in line.tokens)  # （七）总计
        and not _ends_table(line)
    )


def _ends_table(line: Line) -> bool:
    token = line.tokens[0]
    if len(line.tokens) > 1 or token.mean is not None:
        return False
    return (
        line.heading is not None or len(token.skeleton) > _PROSE_CHARACTERS or bool(_NOTE.match(token.text))
    )
