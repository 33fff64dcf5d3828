"""The names of one table's rows: their spellings, what is like them, and which texts are no row's label.

Belongs here: telling a row by a text, whole, damaged or cut, and the rows that some texts name in order.
Does not belong here: bands and their figures (mending.py, align.py).
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.forms import ROW_KIND, Table
from pipeline.reading.rows.bands import Band
from pipeline.reading.words import labels
from pipeline.reading.words.lines import Line
from pipeline.reading.words.tokens import Token, begins_with_numeral, word

_COLUMN_KINDS = frozenset(["applicant", "measure", "result"])
_HEADER_KINDS = _COLUMN_KINDS | {"heading", "channel"}
_DISCLOSURE_KINDS = frozenset(["item", "measure", "heading"])
_OF_MANY_ITEMS = frozenset("行政")
_PART = "其中"  # of the row before
_FEWEST_LETTERS = 2
_SURE = 80.0  # similarity from which a damaged label is taken as the row's
MARGIN = 12.0  # by which the likeness to one row must exceed that to any other
_LONG = 12  # letters of a beginning that may have lost some or gained others
_NEARLY_SAME = 90.0
_LIKE = 60.0  # similarity from which a text may be a row's label
_SHORTEST_PREFIX = 3
_SHORTEST_ENDING = 4
_SHORTEST_HEADER = 3
_NUMERAL = re.compile(r"\s*([1-8])[.．、]")  # of an item
_ITEM = re.compile(r"(?<=[\u4e00-\u9fff])[1-8][.．、]?(?=[\u4e00-\u9fff])")  # between a heading and a label
# What the texts of a line are that name no row, or not plainly one.
HEADINGS, NAMELESS, AMBIGUOUS = -1, -2, -3
_MOST_LINES = 4096  # whose texts are remembered
_MOST_LIKENESSES = 65_536  # of texts and rows, remembered
_SPLITTABLE = 5  # columns from which a run of figures may be told to be several rows


def rows_named(table: Table, lines: Iterable[Line]) -> list[str]:
    """Return the rows whose labels stand in some lines, as far as they come in statutory order."""
    names = names_of(table)
    tokens = [token for line in lines for token in line.tokens if token.mean is None]
    named = ((place, names.row_of(token)) for place, token in enumerate(tokens))
    return [names.codes[row] for _, row in rising([pair for pair in named if pair[1] >= 0])]


def are_in_order(table: Table, lines: Iterable[Line]) -> bool:
    """Tell whether the rows whose labels stand in some lines come in statutory order."""
    names = names_of(table)
    tokens = [token for line in lines for token in line.tokens if token.mean is None]
    whole = [token for token in mended(names, tokens) if not heads(token)]
    rows = [row for token in whole if (row := names.row_of(token)) >= 0]
    return all(before <= after for before, after in pairwise(rows))


def rows_told(table: Table, lines: Iterable[Line]) -> list[str]:
    """Return the rows that labels name, damaged ones too; [] where one may be of several rows."""
    names = names_of(table)
    tokens = mended(names, [token for line in lines for token in line.tokens if token.mean is None])
    named = [(place, names.row_of(token)) for place, token in enumerate(tokens)]
    return [names.codes[row] for _, row in told(names, tokens, named)]


def told(
    names: "Names", tokens: Sequence[Token], named: Iterable[tuple[int, int]]
) -> list[tuple[Token, int]]:
    """Return the rows that texts name in statutory order, with those that a damaged text between them names.

    `named` are places of texts with the rows that they name exactly (-1: none). [] where a damaged text
    may be the label of several rows.
    """
    anchors = rising([pair for pair in named if pair[1] >= 0])
    unnamed = set(range(len(names.codes))) - {row for _, row in anchors}
    found: list[tuple[Token, int]] = []
    for (before, _), (after, row) in pairwise([(-1, -1), *anchors, (len(tokens), len(names.codes))]):
        for token in (token for token in tokens[before + 1 : after] if token.named and not token.labels):
            alike = names.resembled(token, unnamed)
            if not alike or (found and _goes_on(names, found[-1], token, alike)):
                continue
            if len(alike) > 1 or not (found[-1][1] if found else -1) < alike[0] < row:
                return []
            found.append((token, alike[0]))
        if after < len(tokens):
            found.append((tokens[after], row))
    return found


def _goes_on(names: "Names", before: tuple[Token, int], token: Token, alike: Sequence[int]) -> bool:
    """Tell whether a text is the rest of the damaged label before it: the two are like that row alone."""
    begun, row = before
    if [row] != alike or begun.labels:
        return False
    return names.resembled(word(begun.text + token.text), range(len(names.codes))) == [row]


_KNOWN: dict[tuple[str, str], "Names"] = {}


def names_of(table: Table) -> "Names":
    """Return the names of a table's rows; they are made once."""
    key = (table.form, table.code)
    if key not in _KNOWN:
        _KNOWN[key] = Names(table)
    return _KNOWN[key]


class Names:
    """The rows of one table: their order, widths and spellings."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.codes = [row.code for row in table.rows]
        self.order = {code: place for place, code in enumerate(self.codes)}
        self.widths = [len(row.columns) for row in table.rows]
        self.uniform = len(set(self.widths)) == 1 and self.widths[0] >= _SPLITTABLE
        self.clauses: dict[str, int] = {}
        for place, row in enumerate(table.rows):
            if row.clause:
                self.clauses.setdefault(labels.skeleton(row.clause), place)
        self._add_measures_of_one_clause()
        self.spellings: dict[str, int] = {}
        self.by_row: list[list[str]] = [[] for _ in self.codes]
        for spelling, code in labels.spellings(ROW_KIND[table.code]).items():
            if code in self.order:
                self._add(spelling, self.order[code])
        self.numbered: dict[str, int] = {}
        self.headed: dict[str, int] = {}
        self.items: dict[int, int] = {}
        self._add_numerals()
        self._kinds: dict[str, int] = {}
        self._rows: dict[str, int] = {}
        self._alike: dict[tuple[str, int], float] = {}

    def _add_measures_of_one_clause(self) -> None:
        """Add the headers that only one clause's rows have: they tell its block as the clause does."""
        rows = self.table.rows
        for column in {column for row in rows for column in row.columns}:
            places = [place for place, row in enumerate(rows) if column in row.columns]
            if len({rows[place].clause for place in places}) == 1 and rows[places[0]].clause:
                self.clauses[labels.skeleton(column.zh)] = places[0]

    def _add(self, spelling: str, row: int) -> None:
        """Add a spelling, alone and after the headings that stand in the same cell or line."""
        heading = ""
        for label in [None, *reversed(self.table.rows[row].headings)]:
            heading = (labels.skeleton(label.zh) if label else "") + heading
            self.spellings[heading + spelling] = row
            self.by_row[row].append(heading + spelling)

    def _add_numerals(self) -> None:
        """Add 不予公开6: a heading and the numeral of an item below it, before the item's own label.

        With that label it is `headed`: 不予公开1属于国家秘密.
        """
        for place, row in enumerate(self.table.rows):
            above = [other.code for other in self.table.rows if other.headings == row.headings]
            if len(row.headings) > 1:
                heading = labels.skeleton(row.headings[-1].zh)
                self.items[place] = above.index(row.code) + 1
                numbered = f"{heading}{self.items[place]}"
                self.numbered[numbered] = place
                self.headed |= {numbered + spelling: place for spelling in self.by_row[place]}

    def plain(self, band: Band) -> int | None:
        """Return the row whose label is the band's last text and its only row label, once or repeated."""
        if not band.labels:
            return None
        token = band.labels[-1]
        if len(token.labels) > 1 and self.is_header(band, token):
            return None
        for other in band.labels[:-1]:
            known = len(other.labels) == 1 and other.skeleton in self.spellings
            if known and other.skeleton != token.skeleton:
                return None
        row = self.spellings.get(token.skeleton)
        return self.headed.get(token.skeleton) if row is None and band.figures else row

    def kind_of(self, line: Line) -> int:
        """Return the row that the last of a line's leading texts plainly names, or what they are."""
        kind = self._kinds.get(line.words)
        if kind is None:
            if len(self._kinds) >= _MOST_LINES:
                self._kinds.clear()
            kind = self._kinds[line.words] = self._kind_of(line.leading)
        return kind

    def _kind_of(self, texts: Sequence[Token]) -> int:
        *before, last = texts
        if any(self.row_of(token) >= 0 for token in before):
            return AMBIGUOUS
        if self.row_of(last) >= 0:
            if len(last.labels) > 1:
                return AMBIGUOUS
            return self.spellings.get(last.skeleton, self.headed.get(last.skeleton, AMBIGUOUS))
        return HEADINGS if all(map(heads, texts)) else NAMELESS

    def exact(self, band: Band) -> int | None:
        """Return the row that the band's nearest label names exactly."""
        empty_header = band.labels and heads(band.labels[-1]) and not band.figures
        if not band.slots or (empty_header and len(band.labels[-1].labels) == 1):
            return None
        whole = _after_clause(band)
        named = band.labels[-band.own :] if band.own and not band.figures else whole
        for token in reversed(named):
            row = self.spellings.get(token.skeleton)
            if row is not None and (len(token.labels) < 2 or not self.is_header(band, token)):
                return row
            if not heads(token):
                break
        if named is not whole:
            return None
        row = self._by_numeral(band)
        if row is not None:
            return row
        known = len(whole) == 1 and whole[0].labels
        return None if known else self._joined(whole)

    def is_other_tables(self, band: Band) -> bool:
        """Tell whether figures stand beside a part's label, 其中：, or in table 二 beside other tables'.

        Such is a sum's 合计.
        """
        if band.labels and band.labels[-1].skeleton.startswith(_PART):
            return True
        own = band.labels[-(band.own or 1) :] if not self.uniform else []
        return bool(own) and all(_is_of_no_kind(token, _DISCLOSURE_KINDS) for token in own)

    def is_another_word(self, text: str, row: int) -> bool:
        """Tell whether a text shares no letter with a row's label of table 二: 小计, another item.

        行政, with which many items begin, tells nothing; nor does what may be a piece of a header.
        """
        own = set(text) - _OF_MANY_ITEMS
        if self.uniform or len(own) < _FEWEST_LETTERS or own <= _header_letters():
            return False
        return own.isdisjoint("".join(self.by_row[row]))

    def _by_numeral(self, band: Band) -> int | None:
        """Return the row that a heading and a numeral in the last texts name: 不予公开 5. 属于."""
        joined = "".join(_with_numeral(token) for token in band.labels[-4:])
        found = list(_headed_numeral().finditer(joined))
        return self.numbered.get(found[-1][0]) if found else None

    def is_header(self, band: Band, token: Token) -> bool:
        """Tell whether 其他 or 总计 is a column's header: among others, or bare and before empty cells."""
        if begins_with_numeral(token):
            return False  # （七）总计, whatever headers stand before it
        if any(_names_column(other) and not begins_with_numeral(other) for other in band.labels):
            return True
        row_of_blanks = band.width > 0 and len(band.slots) >= max(self.widths)
        return not band.figures and is_bare(token) and not row_of_blanks

    def _joined(self, named: Sequence[Token]) -> int | None:
        """Return the row that the last of some texts name when read as one."""
        joined = ""
        for count, token in enumerate(list(reversed(named))[:5]):
            joined = token.skeleton + joined
            row = self.spellings.get(joined) if count else None
            if row is not None:
                return row
        return self._ending(joined)

    def _ending(self, joined: str) -> int | None:
        """Return the row whose label ends a longer text (a heading or a page's text before it)."""
        endings = (joined[start:] for start in range(1, len(joined) - _SHORTEST_ENDING + 1))
        return next((self.spellings[ending] for ending in endings if ending in self.spellings), None)

    def row_of(self, token: Token) -> int:
        """Return the row that a text names, -1 when it names none."""
        text = token.skeleton
        row = self._rows.get(text)
        if row is None:
            if len(self._rows) >= _MOST_LINES:
                self._rows.clear()
            row = self._rows[text] = self.row_spelt(text)
        return row

    def row_spelt(self, text: str) -> int:
        """Return the row of a label, alone or after a heading and numeral (不予公开1.属于国家秘密), or -1."""
        row = self.spellings.get(text, -1)
        return row if row >= 0 else self.spellings.get(_ITEM.sub("", text), -1)

    def begins(self, text: str, row: int) -> bool:
        """Tell whether a text begins a row's label, alone or after a heading and an item's numeral."""
        spelt = {text, _ITEM.sub("", text)} - {""}
        return any(name.startswith(part) for name in self.by_row[row] for part in spelt)

    def row_nearly(self, token: Token) -> int:
        """Return the row that a text names, in other words too where its numeral is the row's, -1 for none.

        A part of a label may be cut off.
        """
        row = self.row_of(token)
        numeral = _NUMERAL.match(token.text) if row < 0 else None
        if not numeral:
            return row
        items = [of for of, item in self.items.items() if str(item) == numeral[1]]
        near = [
            of
            for of in items
            if not any(token.skeleton in name for name in self.by_row[of])
            and max(fuzz.ratio(token.skeleton, name) for name in self.by_row[of]) >= _SURE
        ]
        return near[0] if len(near) == 1 else -1

    def resembled(self, token: Token, rows: Iterable[int]) -> list[int]:
        """Return those of some rows whose label a text may be, cut or damaged: the one that is plainly so."""
        scores = ((self._likeness(token.skeleton, row), row) for row in rows)
        alike = sorted(pair for pair in scores if pair[0] >= _LIKE)
        plain = len(alike) > 1 and alike[-1][0] - alike[-2][0] >= MARGIN
        return [alike[-1][1]] if plain else [row for _, row in alike]

    def _likeness(self, text: str, row: int) -> float:
        """Return how far a text is a row's label. Texts recur, and comparing takes long: it is remembered."""
        found = self._alike.get((text, row))
        if found is None:
            if len(self._alike) >= _MOST_LIKENESSES:
                self._alike.clear()
            found = max(_similar(text, spelling) for spelling in self.by_row[row])
            self._alike[text, row] = found
        return found

    def clause(self, band: Band) -> int | None:
        """Return the first row of the block whose clause heads the band."""
        spelt = (
            token.skeleton if token.labels else labels.resembled(token.text) or "" for token in band.labels
        )
        return next((self.clauses[text] for text in spelt if text in self.clauses), None)

    def similarity(self, band: Band, row: int) -> float:
        """Return 0-100: how well the band's label texts fit a row's spellings."""
        texts = label_texts(band)
        spellings = [spelling for spelling in self.by_row[row] if _has_part(spelling, _own_text(band))]
        return max((_similar(text, spelling) for text in texts for spelling in spellings), default=0.0)


@cache
def _header_letters() -> frozenset[str]:
    """Return the letters of table 二's headers over columns and blocks."""
    names = (name for kind in ("measure", "heading") for name in labels.spellings(kind))
    return frozenset("".join(names))


def _is_of_no_kind(token: Token, kinds: Collection[str]) -> bool:
    """Tell whether a text is a label, and none of some kinds."""
    return bool(token.labels) and all(label.kind not in kinds for label in token.labels)


@cache
def _headed_numeral() -> re.Pattern[str]:
    headings = [key for key, code in labels.spellings("heading").items() if code.startswith("outcome_")]
    return re.compile(rf"(?:{'|'.join(headings)})[1-8](?!\d)")


def _with_numeral(token: Token) -> str:
    """Return a text's letters and digits; of a numeral alone its digit."""
    return token.skeleton or "".join(char for char in token.text if char.isdigit())


def label_texts(band: Band) -> list[str]:
    """Return the band's last label text alone and joined with the ones before it."""
    texts = [token for token in _after_clause(band) if token.skeleton and not heads(token)]
    bare = [token.skeleton for token in texts if not is_piece_of_heading(token.skeleton)]
    return ["".join(bare[-count:]) for count in range(1, min(len(bare), 4) + 1)]


@lru_cache(maxsize=4096)
def is_piece_of_heading(text: str) -> bool:
    """Tell whether a text is part of a heading over rows, and no part of a row's label."""
    headings = labels.spellings("heading")
    rows = [name for kind in ROW_KIND.values() for name in labels.spellings(kind)]
    piece = len(text) > 1 and any(text in name for name in headings)
    return piece and not any(text in name for name in rows)


def _after_clause(band: Band) -> Sequence[Token]:
    """Return the texts after the heading of the band's block: before it no row of the block has its label."""
    for place in range(len(band.labels) - 1, 0, -1):
        above = band.labels[place - 1].labels
        if above and any(label.code.startswith("clause") for label in above):
            return band.labels[place:]
    return band.labels


def _own_text(band: Band) -> str:
    """Return what of the band's label stands in the line of its figures."""
    own = band.labels[-band.own :] if band.own else []
    texts = (token.skeleton for token in own if token.skeleton and not heads(token))
    return "".join(text for text in texts if not is_piece_of_heading(text))


def _has_part(spelling: str, text: str) -> bool:
    return not text or max(fuzz.partial_ratio(text, spelling), fuzz.ratio(text, spelling)) >= _SURE


def _similar(text: str, spelling: str) -> float:
    """Return how far a text is a label: its beginning, or the whole of it with letters lost or added.

    A much longer text is none: it ends the label of the row before and begins the next.
    """
    if len(text) >= _SHORTEST_PREFIX and spelling.startswith(text):
        return 95.0
    if len(text) > len(spelling) + 1 + len(spelling) // 8:
        return 0.0
    if _LONG <= len(text) < len(spelling) and fuzz.ratio(text, spelling[: len(text)]) >= _NEARLY_SAME:
        return _NEARLY_SAME
    return fuzz.ratio(text, spelling)


def _names_column(token: Token) -> bool:
    return bool(token.labels) and token.labels[0].kind in _COLUMN_KINDS


def is_bare(token: Token) -> bool:
    """Tell whether a text has no numeral before it: 总计, not （七）总计."""
    return labels.squeeze(token.text) == token.skeleton


def heads(token: Token) -> bool:
    """Tell whether a text is a header: known as one, or several of them run together."""
    return _is_header(token.skeleton)


@lru_cache(maxsize=4096)
def _is_header(text: str) -> bool:
    known = labels.index().get(text, ())
    if not text or any(label.kind in _HEADER_KINDS for label in known):
        return True
    return not known and _resembles_header(text)


def _resembles_header(text: str) -> bool:
    """Tell whether a text contains a header, with letters lost or not, and is no row's label."""
    if any(name in text for name in _header_names()):
        return True
    likeness = max((fuzz.partial_ratio(name, text) for name in _long_headers()), default=0.0)
    return len(text) > _SHORTEST_HEADER and likeness >= _SURE and not _resembles_row(text)


def _resembles_row(text: str) -> bool:
    spellings = (name for kind in ROW_KIND.values() for name in labels.spellings(kind))
    return any(fuzz.ratio(text, name) >= _LIKE or name.startswith(text) for name in spellings)


@cache
def _long_headers() -> tuple[str, ...]:
    """Return the headers of several letters, those over columns among them."""
    above = tuple(
        name for name, code in labels.spellings("heading").items() if not code.startswith("outcome")
    )
    return tuple(name for name in (*_header_names(), *above) if len(name) > _SHORTEST_HEADER)


@cache
def _header_names() -> tuple[str, ...]:
    """Return the headers that are long enough to be told inside a longer text."""
    names = (name for kind in _COLUMN_KINDS for name in labels.spellings(kind))
    return tuple(name for name in names if len(name) >= _SHORTEST_HEADER)


def mended(names: Names, tokens: Sequence[Token]) -> list[Token]:
    """Join two texts that are one row's label, cut over lines."""
    result: list[Token] = []
    for token in tokens:
        last = result[-1] if result else None
        apart = last is None or last.labels
        if last and not apart and names.row_spelt(last.skeleton + token.skeleton) >= 0:
            result[-1] = word(last.text + token.text, last.column, last.style)
        else:
            result.append(token)
    return result


def rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of (band, row) in which rows rise."""
    if all(one < other for (_, one), (_, other) in pairwise(pairs)):
        return list(pairs)  # nearly every table
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, (_, row) in enumerate(pairs):
        length = bisect_left(tails, row)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [row]
        ends[length : length + 1] = [place]
    chain: list[tuple[int, int]] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        chain.append(pairs[place])
        place = before[place]
    return chain[::-1]
