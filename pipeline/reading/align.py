"""Which statutory row each band is: labels in statutory order, gaps filled by count.

Belongs here: the first witness (labels, their variants, damage, order). Does not belong
here: figures - no number is looked at - nor which slot is which column.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import accumulate, pairwise

from rapidfuzz import fuzz

from pipeline.forms import ROW_KIND, Table
from pipeline.reading import labels
from pipeline.reading.bands import Band, Slot, filled
from pipeline.reading.regions import Line
from pipeline.reading.slots import STRAY, joined
from pipeline.reading.tokens import Token, word

_COLUMN_KINDS = frozenset(["applicant", "measure", "result"])
_HEADER_KINDS = _COLUMN_KINDS | {"heading", "channel"}
_SURE = 80.0  # similarity from which a damaged label is taken as the row's
_LIKE = 60.0  # similarity from which a text may be a row's label
_MARGIN = 12.0  # by which it must exceed the next best row's
_ALIEN = 35.0  # similarity below which a label speaks against the row that order gives it
_SHORTEST_PREFIX = 3
_SHORTEST_ENDING = 4
_SHORTEST_HEADER = 3
_LONGEST_CHANCE = 3  # more row labels than this in one place are a block: none of them is the row's own
_SPLITTABLE = 5  # columns from which a run of figures may be told to be several rows


@dataclass(slots=True)
class Placed:
    """A row's slots; `how` says on what its place rests: label, damaged label or order.

    `width`, `figures`, `last` and `end` are its band's.
    """

    slots: list[Slot]
    how: str
    labels: list[Token]
    width: int
    figures: list[Slot]
    last: int = -1
    end: int = -1


@dataclass(slots=True)
class Alignment:
    """Rows of one table of one form, by row code, and the bands that found no row."""

    table: Table
    placed: dict[str, Placed] = field(default_factory=dict)
    unplaced: list[Band] = field(default_factory=list)


def align(table: Table, found: Sequence[Band]) -> Alignment:
    """Give each band of `found` its row of `table`; never two rows to one label, never out of order."""
    names = _names(table)
    straight = _straight(names, found)
    if straight:
        return straight
    whole = _completed(names, _own_apart(names, found))
    spread = [part for band in _rejoined(names, whole) for part in _spread(names, band)]
    spread = _shared_out(names, spread)
    named = [(place, row) for place, band in enumerate(spread) if (row := names.exact(band)) is not None]
    anchors = _rising([pair for pair in named if not _is_contested(spread, pair, named)])
    return _filled(names, spread, anchors)


def rows_named(table: Table, lines: Iterable[Line]) -> list[str]:
    """Return the rows whose labels stand in some lines, as far as they come in statutory order."""
    names = _names(table)
    tokens = [token for line in lines for token in line.tokens if token.mean is None]
    named = ((place, names.spellings.get(token.skeleton, -1)) for place, token in enumerate(tokens))
    return [names.codes[row] for _, row in _rising([pair for pair in named if pair[1] >= 0])]


def resembles(table: Table, token: Token, code: str) -> bool:
    """Tell whether a text may be a row's label, cut or with letters lost."""
    names = _names(table)
    return any(_similar(token.skeleton, spelling) >= _LIKE for spelling in names.by_row[names.order[code]])


def _straight(names: "_Names", found: Sequence[Band]) -> Alignment | None:
    """Return the alignment of a table whose rows all carry their own labels, in order, with full rows.

    Nearly all tables are such; None when anything in them asks for more than looking up.
    """
    result = Alignment(names.table)
    last = -1
    for band in found:
        if not band.slots:
            continue
        row = names.plain(band)
        if row is None and not band.figures and all(_heads(token) for token in band.labels):
            continue
        if row is None or row <= last or not _fits(band, names.widths[row]):
            return None
        last = row
        _place(result, names, band, row, "label")
    return result


@cache
def _headed_numeral() -> re.Pattern[str]:
    headings = [key for key, code in labels.spellings("heading").items() if code.startswith("outcome_")]
    return re.compile(rf"(?:{'|'.join(headings)})[1-8](?!\d)")


def _is_contested(found: Sequence[Band], pair: tuple[int, int], named: Sequence[tuple[int, int]]) -> bool:
    """Tell whether another band bears the same row's label with other figures: then neither has the row.

    Empty cells contest no figures: they are a header's.
    """
    own = [token.text for token, _ in found[pair[0]].figures]
    rivals = ([token.text for token, _ in found[place].figures] for place, row in named if row == pair[1])
    return any(other and other != own for other in rivals)


_KNOWN: dict[tuple[str, str], "_Names"] = {}


def _names(table: Table) -> "_Names":
    key = (table.form, table.code)
    if key not in _KNOWN:
        _KNOWN[key] = _Names(table)
    return _KNOWN[key]


class _Names:
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
        self.spellings: dict[str, int] = {}
        self.by_row: list[list[str]] = [[] for _ in self.codes]
        for spelling, code in labels.spellings(ROW_KIND[table.code]).items():
            if code in self.order:
                self._add(spelling, self.order[code])
        self.numbered: dict[str, int] = {}
        self.items: dict[int, int] = {}
        self._add_numerals()

    def _add(self, spelling: str, row: int) -> None:
        """Add a spelling, alone and after the headings that stand in the same cell or line."""
        heading = ""
        for label in [None, *reversed(self.table.rows[row].headings)]:
            heading = (labels.skeleton(label.zh) if label else "") + heading
            self.spellings[heading + spelling] = row
            self.by_row[row].append(heading + spelling)

    def _add_numerals(self) -> None:
        """Add 不予公开6: a heading and the numeral of an item below it, before the item's own label."""
        for place, row in enumerate(self.table.rows):
            above = [other.code for other in self.table.rows if other.headings == row.headings]
            if len(row.headings) > 1:
                heading = labels.skeleton(row.headings[-1].zh)
                self.numbered[f"{heading}{above.index(row.code) + 1}"] = place

    def plain(self, band: Band) -> int | None:
        """Return the row whose label is the band's last text and its only row label."""
        if not band.labels:
            return None
        token = band.labels[-1]
        if len(token.labels) > 1 and self.is_header(band, token):
            return None
        for other in band.labels[:-1]:
            if len(other.labels) == 1 and other.skeleton in self.spellings:
                return None
        return self.spellings.get(token.skeleton)

    def exact(self, band: Band) -> int | None:
        """Return the row that the band's nearest label names exactly."""
        empty_header = band.labels and _heads(band.labels[-1]) and not band.figures
        if not band.slots or (empty_header and len(band.labels[-1].labels) == 1):
            return None
        named = band.labels[-band.own :] if band.own and not band.figures else band.labels
        for token in reversed(named):
            row = self.spellings.get(token.skeleton)
            if row is not None and (len(token.labels) < 2 or not self.is_header(band, token)):
                return row
            if not _heads(token):
                break
        if named is not band.labels:
            return None
        row = self._by_numeral(band)
        if row is not None:
            return row
        known = len(band.labels) == 1 and band.labels[0].labels
        return None if known else self._joined(band)

    def _by_numeral(self, band: Band) -> int | None:
        """Return the row that a heading and a numeral in the last texts name: 不予公开 5. 属于."""
        joined = "".join(_with_numeral(token) for token in band.labels[-4:])
        found = list(_headed_numeral().finditer(joined))
        return self.numbered.get(found[-1][0]) if found else None

    def is_header(self, band: Band, token: Token) -> bool:
        """Tell whether 其他 or 总计 is a column's header: among others, or bare and before empty cells."""
        if any(_names_column(other) for other in band.labels):
            return True
        row_of_blanks = band.width > 0 and len(band.slots) >= max(self.widths)
        return not band.figures and _is_bare(token) and not row_of_blanks

    def _joined(self, band: Band) -> int | None:
        """Return the row that the last label texts name when read as one."""
        joined = ""
        for count, token in enumerate(list(reversed(band.labels))[:5]):
            joined = token.skeleton + joined
            row = self.spellings.get(joined) if count else None
            if row is not None:
                return row
        return self._ending(joined)

    def _ending(self, joined: str) -> int | None:
        """Return the row whose label ends a longer text (a heading or a page's text before it)."""
        endings = (joined[start:] for start in range(1, len(joined) - _SHORTEST_ENDING + 1))
        return next((self.spellings[ending] for ending in endings if ending in self.spellings), None)

    def clause(self, band: Band) -> int | None:
        """Return the first row of the block whose clause heads the band."""
        return next((self.clauses[t.skeleton] for t in band.labels if t.skeleton in self.clauses), None)

    def similarity(self, band: Band, row: int) -> float:
        """Return 0-100: how well the band's label texts fit a row's spellings."""
        texts = _label_texts(band)
        spellings = [spelling for spelling in self.by_row[row] if _has_part(spelling, _own_text(band))]
        return max((_similar(text, spelling) for text in texts for spelling in spellings), default=0.0)


def _with_numeral(token: Token) -> str:
    """Return a text's letters and digits; of a numeral alone its digit."""
    return token.skeleton or "".join(char for char in token.text if char.isdigit())


def _label_texts(band: Band) -> list[str]:
    """Return the band's last label text alone and joined with the ones before it."""
    bare = [token.skeleton for token in band.labels if token.skeleton and not _heads(token)]
    return ["".join(bare[-count:]) for count in range(1, min(len(bare), 4) + 1)]


def _own_text(band: Band) -> str:
    """Return what of the band's label stands in the line of its figures."""
    own = band.labels[-band.own :] if band.own else []
    return "".join(token.skeleton for token in own if token.skeleton and not _heads(token))


def _has_part(spelling: str, text: str) -> bool:
    return not text or fuzz.partial_ratio(text, spelling) >= _SURE


def _similar(text: str, spelling: str) -> float:
    """Return how far a text is a label: its beginning, or the whole of it with letters lost or added.

    A much longer text is none: it ends the label of the row before and begins the next.
    """
    if len(text) >= _SHORTEST_PREFIX and spelling.startswith(text):
        return 95.0
    if len(text) > len(spelling) + 1 + len(spelling) // 8:
        return 0.0
    return fuzz.ratio(text, spelling)


def _own_apart(names: _Names, found: Sequence[Band]) -> Iterator[Band]:
    """Part the labels of lines before from a row that has its own label in the line of its figures.

    What stands in the lines before are rows without figures, or pieces of other labels.
    """
    for band in found:
        before = len(band.labels) - band.own
        own = any(token.skeleton in names.spellings for token in band.labels[before:])
        if names.uniform and band.own and before and own and _has_figure(band):
            yield Band(band.labels[:before], [], 0, band.first, band.last, band.end)
            yield Band(band.labels[before:], band.slots, band.width, band.last, band.last, band.end, band.own)
        else:
            yield band


def _has_figure(band: Band) -> bool:
    return any(token.mean is not None for token, _ in band.figures)


def _completed(names: _Names, found: Iterable[Band]) -> list[Band]:
    """Give a row whose label goes on in the line after its figures the whole of its label."""
    result = list(found)
    for place in range(len(result) - 1):
        band, following = result[place], result[place + 1]
        rest = following.labels[0] if len(following.labels) > following.own else None
        whole = _whole_label(names, band, rest) if rest and band.own and band.slots else None
        if whole is None or rest is None or _begins(names, following):
            continue
        band.labels[-1] = whole
        result[place + 1] = replace(following, labels=following.labels[1:])
    return result


def _whole_label(names: _Names, band: Band, rest: Token) -> Token | None:
    """Return the label that a row's label and the text after its figures make, None when they make none."""
    begun = band.labels[-1]
    if begun.skeleton in names.spellings:
        return None
    row = names.spellings.get(begun.skeleton + rest.skeleton)
    numeral = "".join(char for char in begun.text if char.isdigit())
    if row is None or (not begun.skeleton and numeral != str(names.items.get(row))):
        return None
    return word(begun.text + rest.text, begun.column, begun.style)


def _begins(names: _Names, band: Band) -> bool:
    """Tell whether a band's first text and the next one make a label: then it ends no other."""
    joined = "".join(token.skeleton for token in band.labels[:2])
    return len(band.labels) > 1 and joined in names.spellings and joined != band.labels[0].skeleton


def _rejoined(names: _Names, found: Sequence[Band]) -> Iterator[Band]:
    """Join a row of figures that goes on in the next line, where the two make one full row."""
    width = names.widths[0] if names.uniform else 0
    pending: Band | None = None
    for band in found:
        if pending and not band.labels and _make_one(pending, band, width):
            pending = Band(pending.labels, [*pending.figures, *band.figures], 0)
            continue
        if pending and _ends_label(names, pending, band):
            pending = Band(
                [*pending.labels, *band.labels], band.slots, band.width, pending.first, band.last, band.end
            )
            continue
        if pending:
            yield pending
        pending = band
    if pending:
        yield pending


def _ends_label(names: _Names, band: Band, following: Band) -> bool:
    """Tell whether a label that stands before empty cells goes on in the next line, before its figures."""
    if band.figures or not band.labels or not following.labels or not following.figures:
        return False
    joined = band.labels[-1].skeleton + following.labels[0].skeleton
    return band.labels[-1].skeleton not in names.spellings and joined in names.spellings


def _make_one(band: Band, following: Band, width: int) -> bool:
    """Tell whether two lines, neither long enough for a row, have the figures of one between them."""
    counts = len(band.figures), len(following.figures)
    short = max(len(band.slots), len(following.slots)) < width
    return short and min(counts) > 0 and sum(counts) == width


def _spread(names: _Names, band: Band) -> list[Band]:
    """Split a band of several rows: one label or none, but twice or more the figures.

    Only figures that fall into equal full rows are split, and only in tables whose rows
    all have one width (table 三): anything else stays together and finds its row or none.
    """
    width = names.widths[0]
    if not names.uniform:
        return [band]
    if len(band.slots) < 2 * width or len(joined(band.slots)) <= width:
        return [band]
    figures = band.figures
    slots = figures if len(figures) % width == 0 else band.slots
    if len(slots) < 2 * width or len(slots) % width or _has_gaps(band.slots):
        return [band]
    chunks = [slots[start : start + width] for start in range(0, len(slots), width)]
    return [Band(band.labels if place == 0 else [], chunk) for place, chunk in enumerate(chunks)]


def _has_gaps(slots: Sequence[Slot]) -> bool:
    """Tell whether empty cells stand between figures: then counting parts no rows."""
    places = [place for place, slot in enumerate(slots) if not slot[0].blank]
    return bool(places) and places[-1] - places[0] >= len(places)


def _shared_out(names: _Names, found: list[Band]) -> list[Band]:
    """Give a block of labels that stands before its rows of figures to them, one each."""
    result: list[Band] = []
    place = 0
    while place < len(found):
        band = found[place]
        block = _row_labels(names, band) if len(band.labels) > 1 and band.slots else []
        rows = [band, *_unlabelled(found, place + 1)] if len(block) > 1 else []
        shared = _shares(names, block, rows) if rows else []
        doubtful = len(block) > _LONGEST_CHANCE or (len(block) > 1 and len(rows) > 1)
        unnamed = Band([], band.slots, band.width) if doubtful else band
        result += shared or [unnamed]
        place += len(rows) if shared else 1
    return result


def _shares(names: _Names, block: list[Token], rows: list[Band]) -> list[Band]:
    """Return a band for each label of a block, [] unless the figures come out even."""
    strangers = [t for t in rows[0].labels if t not in block and t.named and not _heads(t)]
    if strangers:
        return []
    widths = [names.widths[names.spellings[token.skeleton]] for token in block]
    if len(rows) == len(block) and all(_fits(row, width) for row, width in zip(rows, widths, strict=True)):
        return [Band([token], row.slots, row.width) for token, row in zip(block, rows, strict=True)]
    slots = [slot for row in rows for slot in row.slots]
    slots = slots if len(slots) == sum(widths) else filled(slots)
    if len(slots) != sum(widths):
        return []
    ends = list(accumulate(widths))
    return [
        Band([token], slots[end - width : end]) for token, width, end in zip(block, widths, ends, strict=True)
    ]


def _row_labels(names: _Names, band: Band) -> list[Token]:
    """Return those of the band's labels that name rows and come in statutory order."""
    rows = [
        (place, names.spellings.get(token.skeleton, -1))
        for place, token in enumerate(band.labels)
        if len(token.labels) < 2 or not _is_bare(token) or not names.is_header(band, token)
    ]
    return [band.labels[place] for place, _ in _rising([pair for pair in rows if pair[1] >= 0])]


def _unlabelled(found: Sequence[Band], start: int) -> list[Band]:
    end = start
    while end < len(found) and not found[end].labels:
        end += 1
    return list(found[start:end])


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of (band, row) in which rows rise."""
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


def _filled(names: _Names, found: Sequence[Band], anchors: list[tuple[int, int]]) -> Alignment:
    """Place the anchored bands, and those between two anchors by likeness and count."""
    result = Alignment(names.table)
    bounds = [(-1, -1), *anchors, (len(found), len(names.codes))]
    for (band_before, row_before), (band_after, row_after) in pairwise(bounds):
        between = [place for place in range(band_before + 1, band_after) if found[place].slots]
        if between:
            _fill_gap(names, found, between, range(row_before + 1, row_after), result)
        if band_after < len(found):
            _place(result, names, found[band_after], row_after, "label")
    return result


def _fill_gap(
    names: _Names, found: Sequence[Band], between: list[int], rows: range, result: Alignment
) -> None:
    between = [place for place in between if not _is_noise(found[place], names, rows)]
    result.unplaced += [found[place] for place in between if names.exact(found[place]) is not None]
    between = [place for place in between if names.exact(found[place]) is None]
    likely = _rising(_likely(names, found, between, rows))
    bounds = [(-1, rows.start - 1), *likely, (len(found), rows.stop)]
    for (band_before, row_before), (band_after, row_after) in pairwise(bounds):
        gap = [place for place in between if band_before < place < band_after]
        _fill_blocks(names, found, gap, range(row_before + 1, row_after), result)
        if band_after < len(found):
            _place(result, names, found[band_after], row_after, "damaged label")


def _fill_blocks(
    names: _Names, found: Sequence[Band], gap: list[int], rows: range, result: Alignment
) -> None:
    """Fill a gap by count, block by block where the headings of clauses divide it (table 二)."""
    starts = [(place, names.clause(found[place])) for place in gap]
    fences = [(place, row) for place, row in starts if row is not None and row in rows]
    bounds = [(-1, rows.start), *_rising(fences), (len(found), rows.stop)]
    for (first, row), (end, next_row) in pairwise(bounds):
        inside = [found[place] for place in gap if first <= place < end]
        _fill_by_count(names, inside, range(row, next_row), result)


def _is_noise(band: Band, names: _Names, rows: range) -> bool:
    """Tell whether a band is no row: a stray figure (a page number), or a header with empty cells."""
    figures = len(band.figures)
    if not figures and (not band.labels or _heads(band.labels[-1])):
        return True
    fewest = min((names.widths[row] for row in rows), default=max(names.widths))
    return figures <= 1 < fewest and len(band.slots) < fewest and not _label_texts(band)


def _names_column(token: Token) -> bool:
    return bool(token.labels) and token.labels[0].kind in _COLUMN_KINDS


def _is_bare(token: Token) -> bool:
    """Tell whether a text has no numeral before it: 总计, not （七）总计."""
    return labels.squeeze(token.text) == token.skeleton


def _heads(token: Token) -> bool:
    """Tell whether a text is a header: known as one, or several of them run together."""
    if not token.skeleton or any(label.kind in _HEADER_KINDS for label in token.labels):
        return True
    return not token.labels and _resembles_header(token.skeleton)


@lru_cache(maxsize=4096)
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


def _likely(names: _Names, found: Sequence[Band], between: list[int], rows: range) -> list[tuple[int, int]]:
    """Return (band, row) where a damaged label is clearly one row's."""
    pairs: list[tuple[int, int]] = []
    for place in between:
        scores = sorted(((names.similarity(found[place], row), row) for row in rows), reverse=True)
        if scores and scores[0][0] >= _SURE and (len(scores) == 1 or scores[0][0] - scores[1][0] >= _MARGIN):
            pairs.append((place, scores[0][1]))
    return pairs


def _fill_by_count(names: _Names, gap: list[Band], rows: range, result: Alignment) -> None:
    """Place the bands of a gap by order alone, when there are as many as rows and all fit."""
    if len(gap) != len(rows):
        gap = _flattened(names, gap, rows)
    fit = len(gap) == len(rows) and all(
        _fits(band, names.widths[row]) and not _speaks_against(names, band, row)
        for band, row in zip(gap, rows, strict=True)
    )
    if not fit:
        result.unplaced += gap
        return
    for band, row in zip(gap, rows, strict=True):
        _place(result, names, band, row, "order")


def _flattened(names: _Names, gap: list[Band], rows: range) -> list[Band]:
    """Divide figures that run on without labels among rows of one figure each, when they come out even."""
    widths = [names.widths[row] for row in rows]
    slots = [slot for band in gap for slot in band.figures]
    named = any(_label_texts(band) for band in gap[1:])
    if named or not gap or len(slots) != sum(widths) or max(widths, default=0) > 1:
        return gap
    starts = accumulate(widths, initial=0)
    parts = [slots[start : start + width] for start, width in zip(starts, widths, strict=False)]
    return [Band(gap[0].labels if place == 0 else [], part) for place, part in enumerate(parts)]


def _fits(band: Band, width: int) -> bool:
    """Tell whether a band can be a row of `width` columns; long rows may have a stray figure or two."""
    figures = len(band.figures)
    stray = STRAY if width >= _SPLITTABLE else 0
    return figures <= width <= len(band.slots) or width <= figures <= width + stray


def _speaks_against(names: _Names, band: Band, row: int) -> bool:
    """Tell whether a band's label is some other text altogether."""
    texts = _label_texts(band)
    return bool(texts) and len(texts[0]) >= 4 and names.similarity(band, row) < _ALIEN


def _place(result: Alignment, names: _Names, band: Band, row: int, how: str) -> None:
    result.placed[names.codes[row]] = Placed(
        band.slots, how, band.labels, band.width, band.figures, band.last, band.end
    )
