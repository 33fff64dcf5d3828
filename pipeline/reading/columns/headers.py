"""What the headers say of the columns: their order, and whether one is absent.

Belongs here: the headers as a witness against reading figures by count. Does not
belong here: choosing columns; headers that are damaged or lost say nothing.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import combinations, pairwise, product

from rapidfuzz import fuzz

from pipeline.forms import COLUMN_KIND, Table, forms
from pipeline.reading.columns.candidates import are_aligned
from pipeline.reading.regions import Region
from pipeline.reading.rows.placed import Alignment
from pipeline.reading.words import labels
from pipeline.reading.words.lines import ROW, Entry, Line
from pipeline.reading.words.tokens import BARE, MARKED, WORDS, Token, begins_with_numeral, word

_OF_ITEMS = ("clause_", "information")  # headings that table 二 alone has
_TOTAL = "total"  # stands before, between or after the other headers, as the page was merged
_SUITS = "行政诉讼"  # stands over both kinds of suit
_OTHER = "other_org"
_LAST = 3  # place of the last result before the total, after which another channel begins
_LAST_YEAR = frozenset(["上年", "上年度", "上年数", "去年"])
_THIS_YEAR = frozenset(["本年", "本年度", "本年数", "今年"])
_LAST_YEARS = re.compile(r"(?:上年|上一年)度?")
_OF_LAST_YEAR = "上一年项目数量"  # a column of form 2019
_YEAR = re.compile(r"20\d\d年?度?")
_YEAR_NAME = re.compile(r"本年|上年|去年|今年|20\d\d(?=年)")
_YEARS = re.compile(r"(?:(?:本年|上年|去年|今年|20\d\d年)[度数]?){2,}")
_OVER_APPLICANTS = "applicants"
_OVER_ORGANISATIONS = "organisation"
_OVER_KINDS = (_OVER_APPLICANTS, _OVER_ORGANISATIONS)
_SPANS = (_TOTAL, "natural_person", *_OVER_KINDS)  # headers that may stand beside names in the lines below
_OVER_ITEMS = "信息内容"
_OF_THE_YEAR_BEFORE = re.compile(r"(?:上年度?|去年|20\d\d年度?)(?:总计|合计|同期|数)?")
_YEAR_ALONE = re.compile(r"上年度?|去年|20\d\d年度?")
# Columns that agencies add to the form's: remarks, and what compares with the year before.
_FURTHER = re.compile(
    r"(?:备注|说明|附注|占比|上年同期|去年同期|同比.{0,4}|[较比](?:上年|去年).{0,4}|增[长减](?:率|情况))$",
    re.MULTILINE,
)
_TOTAL_FIRST = "总计在各结果之前"
TOTAL_INSIDE = "总计在申请人各栏之间"
_DISORDER = "申请人各栏的次序与格式不同"
_UNIT = re.compile("单位|元")
_LIKE = 60.0  # similarity from which a text may be a measure's damaged name
_PAIR = 2
_FEWEST_PAIRS = 3  # lines that end in a column's name and its value
_OTHERS = frozenset(["其他", "其它"])
_COLONS = (":", "：")
_FEWEST = 3  # headers that must be there before their order or an absence means anything

# The texts of each line before a table's first figure. Most tables have them as the form prints them, so what
# they say is remembered.
Head = tuple[tuple[Token, ...], ...]
MOST_HEADS = 1024  # at most, so that memory stays flat over any number of documents


def objection(alignment: Alignment, region: Region) -> str | None:
    """Return why a table's figures can't be read in statutory order, None when nothing speaks against it."""
    table = alignment.table
    if table.code == "disclosure":
        return _disclosure(alignment, region)
    is_row_of_words = (line.tokens[0].style == BARE and len(line.tokens) > 1 for _, line in region.texts)
    in_words = table.code == "dispute" and any(is_row_of_words)
    return objection_of(table, before_figures(region.entries), in_words=in_words)


def objection_of(
    table: Table, head: Head, *, in_words: bool = False, is_grid: bool = True, ends_in_total: bool = False
) -> str | None:
    """Return why the headers of tables 三 and 四 speak against statutory order, None when they don't.

    `in_words` tells whether words that only spaces part make rows, `is_grid` whether what stands below
    each other in different lines is a column's, `ends_in_total` whether the last figures are known to be
    the totals, wherever that header stands.
    """
    form, code = table.form, table.code
    return _objection(form, code, head, in_words=in_words, is_grid=is_grid, ends_in_total=ends_in_total)


def objection_above(
    table: Table, above: Sequence[Entry], head: Head = (), *, is_grid: bool = True
) -> str | None:
    """Return why lines above table 三 or 四, whose words are no known headers, speak against its order.

    `head` are the known headers below them; `is_grid` as for `objection_of`.
    """
    if table.code == "dispute":
        last = above[-1][1].tokens if above else ()
        return _TOTAL_FIRST if last and code_of(last[-1], COLUMN_KIND["application"]) == _TOTAL else None
    if not above:
        return None
    return _disorder(table.form, (*(line.tokens for _, line in above), *head), is_grid=is_grid)


def is_grid(entries: Sequence[Entry]) -> bool:
    """Tell whether figures stand in columns: not words that a few spaces part, now these, now those."""
    rows = [line.tokens for _, line in entries if line.figures > 1]
    if any(tokens[-1].style != BARE for tokens in rows):
        return True  # nearly every table
    return are_aligned([[(token, 0) for token in tokens] for tokens in rows], plainly=True)


@lru_cache(maxsize=MOST_HEADS)
def _disorder(form: str, head: Head, *, is_grid: bool) -> str | None:
    """Return why some lines of headers speak against the order of table 三, None when they don't."""
    order = [label.code for label in forms()[form].tables["application"].rows[0].columns]
    disordered = any(_is_disordered(order, line) for line in _orders("application", head, is_grid=is_grid))
    return _DISORDER if disordered else None


@lru_cache(maxsize=MOST_HEADS)
def _objection(
    form: str, code: str, head: Head, *, in_words: bool, is_grid: bool, ends_in_total: bool
) -> str | None:
    table = forms()[form].tables[code]
    order = [label.code for label in table.rows[0].columns]
    kind = COLUMN_KIND[code]
    lines = _stacked(head)
    if code == "dispute" and _turned_round(table, lines, in_words=in_words):
        return "复议、诉讼的次序与格式不同"
    named = [[code_of(token, kind) for token in line] for line in lines]
    found = [[column for column in line if column in order] for line in named]
    codes = [column for line in found for column in line]
    misplaced = None if ends_in_total else _misplaced_total(code, order, found)
    if misplaced:
        return misplaced
    if code == "application" and (disorder := _disorder(form, head, is_grid=is_grid)):
        return disorder
    if any(len(line) > 1 and line[0].style == BARE for line in lines):
        damaged = any(not token.labels and token.named for line in lines for token in line)
        told = _told(lines, kind) if damaged and code == "dispute" else found
        return _within_lines(table, order, told, damaged=damaged)
    if code == "dispute":
        damaged = any(not token.labels and token.named for line in lines for token in line)
        whole = next((line for line in found if sorted(line) == sorted(order)), [])  # all results, each once
        return _rounds([order.index(code) for code in (whole if damaged else codes)])
    last = len(lines) - (not found[-1] if found else 0)  # the first row's own label
    return _applicants(order, codes, [token for line in lines[:last] for token in line])


def _orders(code: str, head: Head, *, is_grid: bool) -> Iterator[list[str]]:
    """Yield the columns that each line of headers names, left to right, and all lines of words in a grid.

    A header that is cut over lines stands where its first line does; of two that begin at one place, the
    upper comes first: neither stands left of the other.
    """
    yield from (columns_in(code, line) for line in head)
    lines = [line for line in head if len(line) > 1]
    in_words = all(token.style == BARE for line in lines for token in line)
    if (
        is_grid
        and lines
        and in_words
        and are_aligned([[(t, 0) for t in line] for line in lines], plainly=True)
    ):
        places: dict[str, int] = {}
        for token in (token for line in head for token in line):
            for column in columns_in(code, [token]):
                places.setdefault(column, token.column)
        yield sorted(places, key=places.__getitem__)


def columns_in(code: str, line: Sequence[Token]) -> list[str]:
    """Return the columns that a line of headers names, left to right.

    Where a text is no label, words may run together or be cut: their beginnings tell.
    """
    kind = COLUMN_KIND[code]
    begun, begins = _beginnings(kind)
    told: list[str | None] = []
    for token in line:
        names = [] if token.labels else begins.findall(token.skeleton)
        told += [begun[name] for name in names] or [code_of(token, kind)]
    return [code for code in told if code]


def begins_with_total(line: Sequence[Token]) -> bool:
    """Tell whether a header line has 总计 before 自然人 and 法人或其他组织, or before 申请人情况.

    After other applicants it ends their line, and another begins: the headers stand twice.
    """
    codes = columns_in("application", line)
    if codes[:1] != [_TOTAL]:
        return False
    known = [code for token in line for code in _SPANS if any(label.code == code for label in token.labels)]
    return known in ([_TOTAL, "natural_person", _OVER_ORGANISATIONS], [_TOTAL, _OVER_APPLICANTS])


@cache
def _beginnings(kind: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return the columns by the first two letters of their names, but for 其他 (法人或其他组织)."""
    begun = {name[:2]: code for name, code in labels.spellings(kind).items() if name[:2] not in _OTHERS}
    return begun, re.compile("|".join(begun))


def _is_disordered(order: Sequence[str], found: Iterable[str]) -> bool:
    """Tell whether a line names a kind of applicants before one that it should follow.

    Of only two 其他 says nothing: it may be that of 法人或其他组织, over all organisations.
    """
    kinds = list(dict.fromkeys(code for code in found if code in order and code != _TOTAL))
    if len(kinds) < _FEWEST and _OTHER in kinds:
        return False
    return kinds != sorted(kinds, key=order.index)


def _told(lines: Iterable[Sequence[Token]], kind: str) -> Iterator[list[str]]:
    """Yield the columns that follow each other in a line, nothing unknown between: it may be any of them.

    What ends a header that another line begins (结果, and below it 纠正) is not known to be this one's.
    """
    lines = list(lines)
    known = labels.spellings(kind)
    begun = {token.skeleton for line in lines for token in line if token.named and not token.labels}
    for line in lines:
        part: list[str] = []
        for token in line:
            code = code_of(token, kind)
            if code is not None and not _ends_one(token.skeleton, known, begun):
                part.append(code)
            elif token.named and (code is not None or not token.labels):
                yield part
                part = []
        yield part


def _ends_one(text: str, names: Iterable[str], begun: Collection[str]) -> bool:
    """Tell whether a text ends a longer name of which one of some texts has the beginning."""
    longer = (name.removesuffix(text) for name in names if name.endswith(text) and name != text)
    return any(beginning in other for beginning in longer for other in begun)


def _stacked(lines: Head) -> list[list[Token]]:
    """Return lines of marked cells in which a header that is cut over two of them is whole in the first."""
    result = [list(line) for line in lines]
    if not any(_is_piece(token) for line in result for token in line):
        return result
    for upper, lower in combinations(result, 2):
        for place, token in enumerate(upper):
            rest = next((other for other in lower if other.column == token.column), None)
            whole = word(token.text + rest.text, token.column, token.style) if rest else None
            if rest and whole and whole.labels and _is_piece(token):
                upper[place] = whole
                lower.remove(rest)
    return result


def _is_piece(token: Token) -> bool:
    """Tell whether the text of a marked cell may be a piece of a header."""
    return not token.labels and token.named and token.style not in WORDS


def _turned_round(table: Table, lines: Sequence[Sequence[Token]], *, in_words: bool) -> bool:
    """Table 四: tell whether a channel's name, or that of both suits, stands before one it should follow.

    Of two names in different lines the upper may stand beside the other, in a taller cell: further right, or
    anywhere where words alone make a row.
    """
    ranks = _ranks(table.form)
    first: dict[float, tuple[int, Token]] = {}
    for number, line in enumerate(lines):
        for token in line:
            rank = ranks.get(token.skeleton)
            if rank is not None:
                first.setdefault(rank, (number, token))
    falls = [(first[before], first[after]) for before, after in pairwise(first) if after < before]
    return any(
        (not in_words or before[0] == after[0]) and before[1].column <= after[1].column
        for before, after in falls
    )


@cache
def _ranks(form: str) -> dict[str, float]:
    """Return the order of the channels' names in table 四; that of both suits comes after the reviews."""
    rows = {row.code: float(rank) for rank, row in enumerate(forms()[form].tables["dispute"].rows)}
    return {_SUITS: 0.5, **{name: rows[code] for name, code in labels.spellings("channel").items()}}


def _within_lines(
    table: Table, order: Sequence[str], found: Iterable[Sequence[str]], *, damaged: bool
) -> str | None:
    """Check words parted by spaces: wrapped headers stand above each other, so each line speaks alone.

    In table 四 a channel may begin after the last result of another. Where headers are damaged or cut,
    the first of a channel may be what is not known.
    """
    channels = table.code == "dispute"
    for codes in found:
        for part in _parted_at_totals(codes) if channels else [codes]:
            places = [order.index(code) for code in part if code != _TOTAL]
            for before, after in pairwise(places):
                begins = channels and before >= _LAST and (after == 0 or damaged)
                if after < before and not begins:
                    return "栏目的次序与格式不同"
    return None


def _parted_at_totals(codes: Sequence[str]) -> list[list[str]]:
    """Part the results of several channels: a total ends each."""
    parts: list[list[str]] = [[]]
    for code in codes:
        if code == _TOTAL:
            parts.append([])
        else:
            parts[-1].append(code)
    return parts


def _applicants(order: Sequence[str], codes: Sequence[str], found: Sequence[Token]) -> str | None:
    """Table 三: six kinds of applicants, each once and in order; the header's rows may be printed again."""
    kinds = [code for code in order if code != _TOTAL]
    first = list(dict.fromkeys(code for code in codes if code != _TOTAL))
    if len(first) < _FEWEST:
        return None
    if [kinds.index(code) for code in first] != sorted(kinds.index(code) for code in first):
        return _DISORDER
    marked = all(token.style == MARKED for token in found)
    lacking = len(first) < len(kinds) or (marked and _TOTAL not in codes)
    if lacking and all(token.labels or not token.skeleton for token in _over_figures(found, marked=marked)):
        return "申请人各栏缺少一栏"
    return None


def _over_figures(found: Sequence[Token], *, marked: bool) -> Sequence[Token]:
    """Return the texts of headers, of marked cells those from 申请人情况 on, which spans all columns."""
    spans = [token for token in found if any(label.code == _OVER_APPLICANTS for label in token.labels)]
    return [token for token in found if token.column >= spans[0].column] if marked and spans else found


def _misplaced_total(table: str, order: Sequence[str], found: Sequence[Sequence[str]]) -> str | None:
    """Return why 总计 is not the last of a row's columns, None when the headers don't say so."""
    if table == "application":
        return TOTAL_INSIDE if _is_total_inside(order, found) else None
    codes = [code for line in found for code in line]
    return _TOTAL_FIRST if codes[:1] == [_TOTAL] and codes[-1] == order[_LAST] else None


def _is_total_inside(order: Sequence[str], found: Sequence[Sequence[str]]) -> bool:
    """Table 三: tell whether 总计 stands between two kinds of organisations, in one line or a line each.

    Where it spans the headers' rows it stands beside 自然人, before or after all organisations.
    """
    lined = all(len(codes) < 2 for codes in found)
    lines = [[code for codes in found for code in codes]] if lined else found
    kinds = [code for code in order if code != _TOTAL][1:]
    return any(
        total == _TOTAL
        and before in kinds
        and after in kinds[kinds.index(before) :]
        and codes.index(after) > at
        for codes in lines
        for at, (before, total, after) in enumerate(zip(codes, codes[1:], codes[2:], strict=False))
    )


def _rounds(places: Sequence[int]) -> str | None:
    """Table 四: the results come once for each channel, each time in order."""
    if len(places) < _FEWEST:
        return None
    falls = any(after < before and not (after == 0 and before >= _LAST) for before, after in pairwise(places))
    return "复议、诉讼各结果栏的次序与格式不同" if falls else None


def _disclosure(alignment: Alignment, region: Region) -> str | None:
    """Table 二: within a block the measures come in order; without any header no figure has a column."""
    if not _has_header(region.words):
        return "没有栏目名称"
    if sum(_ends_in_pair(line) for _, line in region.texts if line.written >= _PAIR) >= _FEWEST_PAIRS:
        return "栏目名称与数值逐一成对"
    form = alignment.table.form
    if _is_scrambled(form, region.words) and not alignment.follow_labels():
        return "项目不在其条目之下"
    if _has_other_years(region):
        return "另有其他年度的栏目"
    following = _following(form)
    turned = any(pair[::-1] in following and pair not in following for pair in _pairs(region))
    return "各栏目的次序与格式不同" if turned else None


def _ends_in_pair(line: Line) -> bool:
    """Tell whether a line ends in a column's name and its value: what of them is a row nobody has found.

    The value may be left out after a row's label and the name.
    """
    if line.shape == ROW and line.figures >= _PAIR:
        return False  # nearly every row: figures stand before its last one
    written = [token for token in line.tokens if not token.blank]
    if written[-1].mean is None:
        named = [{label.kind for label in token.labels} for token in (written[0], written[-1])]
        return "item" in named[0] and "measure" in named[1]
    return any(label.kind == "measure" for label in written[-_PAIR].labels)


@lru_cache(maxsize=MOST_HEADS)
def _has_header(words: str) -> bool:
    """Tell whether some text of a table is a column's name or a clause's heading.

    Sentences and lists that count rules, licences and penalties have neither: their figures may be any.
    """
    return not _heads_of_items().isdisjoint(words.split("\n"))


@cache
def _heads_of_items() -> frozenset[str]:
    """Return the names of table 二's columns and the headings of its clauses, as skeletons."""
    return frozenset(
        name
        for name, found in labels.index().items()
        for label in found
        if label.kind == "measure" or label.code.startswith(_OF_ITEMS)
    )


def _has_other_years(region: Region) -> bool:
    """Tell whether headers name columns of two years beside each other: 上年, 本年, or 上年制发件数.

    上年 may be a damaged piece of the form's own 上一年项目数量: of two years 本年 stands just as often.
    """
    lines = [
        [token.skeleton for token in line.tokens if token.mean is None and not token.labels]
        for _, line in region.texts
        if not line.figures and line.written > len(line.labelled)
    ]
    if not lines:
        return False
    texts = [text for line in lines for text in line]
    last, this = (sum(map(names.__contains__, texts)) for names in (_LAST_YEAR, _THIS_YEAR))
    odd = {text for text in texts if text.startswith("上") and _is_last_years(text)}
    if last == this > 0 or not all(_are_two_begun(text, region.entries) for text in odd):
        return True
    if any(len({text for text in line if _YEAR.fullmatch(text)}) > 1 for line in lines):
        return True
    alone = Counter(text for text in texts if _YEAR.fullmatch(text))
    if len(alone) > 1 and min(alone.values()) > 1 and len(set(alone.values())) == 1:
        return True
    years = frozenset[str]().union(*map(_years_of_measures, texts))
    return len(years) > 1 or any(map(_names_years, texts))


def _are_two_begun(text: str, entries: Sequence[Entry]) -> bool:
    """Tell whether a text is the beginnings of two headers side by side, wherever it stands.

    上一年处理决定 over 项目数量数量: of both the rests stand together in a line below, before any figure.
    """
    below: list[str] = []
    told = True
    for _, line in reversed(entries):
        if line.figures:
            below = []
        texts = [token.skeleton for token in line.tokens if token.mean is None]
        told = told and (text not in texts or any(map(_rests_of_two(text).search, below)))
        below.append("".join(texts))
    return told


@lru_cache(maxsize=MOST_HEADS)
def _rests_of_two(text: str) -> re.Pattern[str]:
    """Return what ends two measures of table 二 that a text begins, one after the other."""
    names = labels.spellings("measure")
    found: set[str] = set()
    for cut in range(1, len(text)):
        ends = [
            [name.removeprefix(part) for name in names if name.startswith(part) and name != part]
            for part in (text[:cut], text[cut:])
        ]
        found.update(map("".join, product(*ends)))
    return re.compile("|".join(map(re.escape, sorted(found))) or "(?!)")


@lru_cache(maxsize=MOST_HEADS)
def _names_years(text: str) -> bool:
    """Tell whether a text is the names of several years run together, 本年上年本年上年."""
    rest = text.removeprefix(_OVER_ITEMS)
    return _YEARS.fullmatch(rest) is not None and len(set(_YEAR_NAME.findall(rest))) > 1


@lru_cache(maxsize=MOST_HEADS)
def _years_of_measures(text: str) -> frozenset[str]:
    """Return the years that stand before measures of table 二 in a text: 2021年本年制发件数."""
    return frozenset(_before_measures().findall(text)) if "20" in text else frozenset()


@cache
def _before_measures() -> re.Pattern[str]:
    return re.compile(rf"(20\d\d)年?度?(?:{'|'.join(labels.spellings('measure'))})")


def further_columns(region: Region) -> int:
    """Return how many columns that no form has, such as 备注, stand after the measures of table 二."""
    unknown = _unknown_columns([line for _, line in region.entries if not line.figures])
    if not _may_have_further(region.words):
        return unknown  # nearly every table
    measures = labels.spellings("measure")
    most = count = 0
    after = False  # a measure, or such a column
    for token in (token for _, line in region.texts for token in line.tokens if not token.blank):
        name = token.skeleton
        further = _FURTHER.search(name) if not token.labels and token.named else None
        own = name[: further.start()] if further else name
        is_further = further is not None and (after if not own else own in measures)
        after = is_further or name in measures
        count = count + 1 if is_further else count if after else 0
        most = max(most, count)
    return max(most, unknown)


@lru_cache(maxsize=MOST_HEADS)
def _may_have_further(words: str) -> bool:
    """Tell whether some text of a table ends as the name of a column that no form has."""
    return _FURTHER.search(words) is not None


def _unknown_columns(lines: Sequence[Line]) -> int:
    """Return how many texts that are no label follow all measures of a block, in the line of its header.

    Where headers have a line each, several blocks have to show it.
    """
    if all(line.written == len(line.labelled) for line in lines):
        return 0  # nearly every table: all texts are labels
    measures, blocks = labels.spellings("measure"), _blocks()
    most, named, lone = 0, tuple[str, ...](), Counter[str]()
    for line in lines:
        tokens = [token for token in line.tokens if not token.blank]
        if len(tokens) == 1:
            token = tokens[0]
            lone[token.skeleton] += named in blocks and _may_name_column(token)
            code = measures.get(token.skeleton)
            named = (*named, code) if code else ()
            continue
        named = ()
        if not line.labelled or line.written == len(line.labelled):
            continue
        last = max((at for at, token in enumerate(tokens) if token.skeleton in measures), default=-1)
        codes = dict.fromkeys(measures[token.skeleton] for token in tokens if token.skeleton in measures)
        further = tokens[last + 1 :]
        if tuple(codes) in blocks and further and all(map(_may_name_column, further)):
            most = max(most, len(further))
    return most or int(max(lone.values(), default=0) > 1)


@cache
def _blocks() -> frozenset[tuple[str, ...]]:
    """Return the columns of each block of table 二, of all forms."""
    rows = (row for form in forms().values() for row in form.tables["disclosure"].rows)
    return frozenset(tuple(column.code for column in row.columns) for row in rows)


def _may_name_column(token: Token) -> bool:
    """Tell whether a text may be the name of a column that no form has, and no measure's, damaged."""
    if not token.named or token.labels or _UNIT.search(token.text):
        return False
    return not _is_of_measure(token.skeleton)


@lru_cache(maxsize=MOST_HEADS)
def _is_of_measure(text: str) -> bool:
    names = labels.spellings("measure")
    return any(text in name or fuzz.ratio(text, name) >= _LIKE for name in names)


@lru_cache(maxsize=MOST_HEADS)
def _is_last_years(text: str) -> bool:
    """Tell whether a text is last year's name before a measure of table 二 that is no last year's itself."""
    year, rest = _LAST_YEARS.match(text), _LAST_YEARS.sub("", text)
    own = set(rest) <= set(_OF_LAST_YEAR)
    return year is not None and not own and any(name.endswith(rest) for name in labels.spellings("measure"))


@lru_cache(maxsize=MOST_HEADS)
def _is_scrambled(form: str, words: str) -> bool:
    """Tell whether a row's label stands before its own clause's heading: columns follow each other."""
    below, items = _below_clauses(form), labels.spellings("item")
    seen: set[str] = set()
    for name in words.split("\n"):
        if name in items:
            seen.add(items[name])
        elif name in below and name not in seen:
            if not seen.isdisjoint(below[name]):
                return True
            seen.add(name)
    return False


@cache
def _below_clauses(form: str) -> dict[str, set[str]]:
    """Return the rows of table 二 that stand under each clause's heading."""
    below: dict[str, set[str]] = {}
    for row in forms()[form].tables["disclosure"].rows:
        below.setdefault(labels.skeleton(row.clause or ""), set()).add(row.code)
    return below


@cache
def _following(form: str) -> frozenset[tuple[str, str]]:
    """Return the measures of table 二 of which the second stands right of the first in some row."""
    return frozenset(
        (before.code, after.code)
        for row in forms()[form].tables["disclosure"].rows
        for place, before in enumerate(row.columns)
        for after in row.columns[place + 1 :]
    )


def _pairs(region: Region) -> Iterator[tuple[str, str]]:
    """Yield the measures that follow each other in one block's header.

    Of aligned words in different lines the upper may stand further right: a header cut over fewer lines.
    Where pieces of headers stand between them, lines tell no order at all. A row of figures ends its block's
    header, also where neither it nor the next clause's heading has a label.
    """
    before: tuple[str, int, int] | None = None
    measures = labels.spellings("measure")
    in_words = any(line.figures and line.tokens[0].style in WORDS for _, line in region.entries)
    pieces = _headers_with_pieces(region.entries) if in_words else set()
    for index, line in region.texts:
        for token in line.labelled:
            measure = measures.get(token.skeleton)
            if before and measure:
                code, at, column = before
                apart = at != index and line.tokens[0].style in WORDS
                if not (apart and (column > token.column or index in pieces)):
                    yield code, measure
            before = (measure, index, token.column) if measure else None
        if line.figures > 1 and before and before[1] != index:
            before = None


def _headers_with_pieces(entries: Iterable[Entry]) -> set[int]:
    """Return the lines of headers among which pieces of headers stand."""
    found: set[int] = set()
    block: list[int] = []
    cut = False
    for index, line in entries:
        if line.figures:
            found.update(block if cut else ())
            block, cut = [], False
        else:
            block.append(index)
            cut = cut or any(token.mean is None and token.named and not token.labels for token in line.tokens)
    return found


def is_total_first(table: Table, above: Sequence[Entry], head: Head) -> bool:
    """Table 三: tell whether 总计 and then all kinds are the only headers: nothing stands over several.

    Where 申请人情况 or 法人或其他组织 does, 总计 may span the headers' lines beside it. `above` are lines of
    words over the known headers.
    """
    kind = COLUMN_KIND["application"]
    tokens = [token for line in (*(line.tokens for _, line in above), *head) for token in line]
    codes = [code_of(token, kind) for token in tokens]
    if _TOTAL not in codes:
        return False
    first = codes.index(_TOTAL)
    order = [_TOTAL, *(label.code for label in table.rows[0].columns if label.code != _TOTAL)]
    if codes[first : first + len(order)] != order:
        return False
    names = [name for name, code in labels.spellings("heading").items() if code in _OVER_KINDS]
    return all(fuzz.ratio(token.skeleton, name) < _LIKE for token in tokens[:first] for name in names)


@lru_cache(maxsize=MOST_HEADS)
def further_applicants(head: Head) -> int:
    """Return how many columns that no form has, such as 备注 or 上年总计, the headers of table 三 name.

    A year alone in its line above the form's columns is a caption (2019年), and so is what ends in a colon.
    """
    kind = COLUMN_KIND["application"]
    first = next((at for at, line in enumerate(head) if any(code_of(token, kind) for token in line)), 0)
    names = {
        token.skeleton
        for at, line in enumerate(head)
        for token in line
        if not token.labels
        and token.named
        and not begins_with_numeral(token)  # 二、上年度, cut
        and not token.text.endswith(_COLONS)
        and not (at < first and len(line) == 1 and _YEAR_ALONE.fullmatch(token.skeleton))
    }
    return sum(bool(_FURTHER.fullmatch(name) or _OF_THE_YEAR_BEFORE.fullmatch(name)) for name in names)


def before_figures(entries: Sequence[Entry]) -> Head:
    """Return the texts of each line before the table's first figure: its headers, the first row's label."""
    found: list[tuple[Token, ...]] = []
    for _, line in entries:
        tokens = line.tokens
        if line.figures:
            tokens = tokens[: next(i for i, token in enumerate(tokens) if token.mean and not token.blank)]
        found.append(tuple([token for token in tokens if token.mean is None]))
        if line.figures:
            break
    return tuple(found)


def with_total_above(above: Sequence[Entry], head: Head) -> Head:
    """Return the headers of table 三, below the line above them that ends in 总计.

    It spans their lines beside 申请人情况: where this is damaged, the line is none of known headers.
    """
    last = above[-1][1].tokens if above else ()
    return (last, *head) if last and code_of(last[-1], COLUMN_KIND["application"]) == _TOTAL else head


def code_of(token: Token, kind: str) -> str | None:
    """Return the code of the label of one kind that a token spells, None when it spells none."""
    return labels.spellings(kind).get(token.skeleton) if token.labels else None
