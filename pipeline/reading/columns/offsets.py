"""The columns of words that only spaces part, told by the headers over them.

Belongs here: which header a figure stands under. Does not belong here: columns that full rows show by
themselves (candidates.py), the choice of a row's reading (choose.py).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise, takewhile

from pipeline.reading.columns.candidates import WIDEST_STEP, Layout, aligned, columns_of, edges, middle
from pipeline.reading.rows.slots import Slot
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import WORDS, Token

_SHORTEST_BEGINNING = 3  # letters
_UNIT = re.compile("(?:单位)?[亿万]?元$")  # of a header: 采购总金额（元）
_WIDEST = 1_000  # display columns of a line
_PLAINLY = 3 * WIDEST_STEP  # twice the display columns
_MOST_STRAY = 1  # figures under no header

# Twice the display offsets at which a header begins and ends.
Span = tuple[int, int]


def headers(entries: Iterable[Entry], names: Sequence[Collection[str]]) -> list[Span] | None:
    """Return where the header of each column stands, given each column's spellings.

    A header may be cut over lines; its first piece stands for it. None unless every
    column has one and they stand in order.
    """
    words = [
        token
        for _, line in takewhile(lambda entry: not entry[1].figures, entries)
        if line.tokens[0].style in WORDS
        for token in line.tokens
        if token.skeleton
    ]
    found: list[Span | None] = [None] * len(names)
    others = []
    for token in words:
        place = _column_of(token, names, found)
        if place is None:
            others.append(token)
        else:
            found[place] = span(token)
    if found.count(None) == 1:
        _find_damaged(found, names, others)
    spans = [one for one in found if one is not None]
    if len(spans) < len(names) or any(after[0] < before[1] for before, after in pairwise(spans)):
        return None
    return spans


def _find_damaged(found: list[Span | None], names: Sequence[Collection[str]], words: Iterable[Token]) -> None:
    """Put in the one header that lost letters: the only text between its neighbours that has its letters.

    It may be cut over lines.
    """
    place = found.index(None)
    before = found[place - 1] if place else None
    after = found[place + 1] if place + 1 < len(found) else None
    begin, end = before[1] if before else 0, after[0] if after else 2 * _WIDEST
    inside = [token for token in words if begin <= span(token)[0] and span(token)[1] <= end]
    like = [token for token in inside if any(_is_within(token.skeleton, name) for name in names[place])]
    text = "".join(token.skeleton for token in like)
    over = all(overlap(span(like[0]), span(token)) for token in like[1:])
    if like and over and any(_is_within(text, name) for name in names[place]):
        found[place] = span(like[0])


def overlap(one: Span, other: Span) -> bool:
    """Tell whether two words stand one over the other."""
    return one[0] < other[1] and other[0] < one[1]


def _is_within(text: str, name: str) -> bool:
    """Tell whether a text has letters of a name alone, in their order."""
    letters = iter(name)
    return all(letter in letters for letter in text)


def span(token: Token) -> Span:
    """Return where a word begins and ends."""
    left, _, right = edges((token, 0))
    return left, right


def _column_of(token: Token, names: Sequence[Collection[str]], taken: Sequence[Span | None]) -> int | None:
    """Return the first column without a header yet of which a text is the header or its beginning."""
    text = token.skeleton
    for place, spellings in enumerate(names):
        if taken[place] is None and any(len(text) > 1 and name.startswith(text) for name in spellings):
            return place
    return None


def stacked(words: Iterable[Token], codes: Mapping[str, str]) -> list[tuple[str, Span]]:
    """Return the headers among words, left to right, each with the code that it spells and where it stands.

    `words` come line by line, `codes` are the spellings. The pieces of a header that is cut over lines stand
    one under the other, and over them may stand a header of several columns.
    """
    stacks: list[list[tuple[str, Span]]] = []
    for token in words:
        left, right = span(token)
        over = next((stack for stack in stacks if stack[-1][1][0] < right and left < stack[-1][1][1]), None)
        if over is None:
            stacks.append(over := [])
        over.append((token.skeleton, (left, right)))
    found = [header for stack in stacks if (header := _spelt(stack, codes))]
    return sorted(found, key=lambda header: header[1])


def _spelt(stack: Sequence[tuple[str, Span]], codes: Mapping[str, str]) -> tuple[str, Span] | None:
    """Return the header that some pieces of a stack spell or begin, the longest first."""
    parts = ((start, end) for start in range(len(stack)) for end in range(len(stack), start, -1))
    for start, end in parts:
        pieces = stack[start:end]
        text = "".join(piece for piece, _ in pieces)
        code = header_of(text, codes) or _begun(text, codes)
        if code is not None:
            return code, (min(left for _, (left, _) in pieces), max(right for _, (_, right) in pieces))
    return None


def header_of(text: str, codes: Mapping[str, str]) -> str | None:
    """Return the code of the header that a text spells, with a unit behind it or not, None for no header."""
    return codes.get(text) or codes.get(_UNIT.sub("", text))


def _begun(text: str, codes: Mapping[str, str]) -> str | None:
    """Return the one header that a text begins: its rest stands among letters of other headers."""
    found = {code for spelling, code in codes.items() if spelling.startswith(text)}
    return found.pop() if len(found) == 1 and len(text) >= _SHORTEST_BEGINNING else None


def under(
    spans: Sequence[Span], rows: Sequence[Sequence[Slot]], totals: Sequence[Slot] = (), *, fewest: int = 0
) -> Layout | None:
    """Return the columns of figures that each stand under one header; None where that is not plain.

    Figures line up at the left, in the middle or at the right of their columns, and so do the totals among
    them; under each header stand `fewest` figures or more. Where more than one of these may be meant, all
    have to place every figure alike.
    """
    if not spans or any(after[0] - before[1] < WIDEST_STEP for before, after in pairwise(spans)):
        return None  # single spaces part the headers: their offsets mean nothing
    found = [
        layout
        for edge in range(3)
        if _in_line([edges(slot)[edge] for slot in totals])
        and (layout := _columns(spans, rows, edge, fewest=fewest))
    ]
    readings = [[aligned(row, layout) for row in rows] for layout in found]
    return found[0] if found and all(reading == readings[0] for reading in readings) else None


def _in_line(offsets: Sequence[int]) -> bool:
    return max(offsets, default=0) - min(offsets, default=0) <= WIDEST_STEP


def _columns(
    spans: Sequence[Span], rows: Sequence[Sequence[Slot]], edge: int, *, fewest: int
) -> Layout | None:
    """Return the columns in which figures have one edge in line; one without figures is at its header.

    None where fewer figures than `fewest` stand under a header.
    """
    headers_at = [(left, (left + right) // 2, right)[edge] for left, right in spans]
    columns = list(headers_at)
    taken: set[int] = set()
    groups = columns_of((slot for row in rows for slot in row if slot[0].mean), edge)
    in_order = len(groups) == len(spans) and all(
        _apart(one, group) <= WIDEST_STEP for one, group in zip(spans, groups, strict=True)
    )
    if fewest and not (in_order and min(map(len, groups)) >= fewest):
        return None
    for number, group in enumerate(groups):
        place = number if in_order else _header_over(spans, group)
        if place is None:
            place = _header_at(headers_at, middle(group, edge))
        if place is None and len(group) <= _MOST_STRAY:
            continue  # the row that it stands in has no reading by these columns
        if place is None or place in taken:
            return None
        taken.add(place)
        columns[place] = middle(group, edge)
    apart = all(after - before > WIDEST_STEP for before, after in pairwise(columns))
    return Layout(tuple(columns), edge) if apart else None


def _header_over(spans: Sequence[Span], group: Sequence[Slot]) -> int | None:
    """Return the header over the figures of one column: all others are two columns of text further away."""
    apart = sorted((_apart(one, group), place) for place, one in enumerate(spans))
    distance, place = apart[0]
    alone = all(other - distance >= WIDEST_STEP for other, _ in apart[1:2])
    return place if alone and distance <= WIDEST_STEP else None


def _header_at(edges_of: Sequence[int], edge: int) -> int | None:
    """Return the header with the same edge where figures have it, others being plainly further away."""
    (distance, place), *others = sorted((abs(other - edge), place) for place, other in enumerate(edges_of))
    alone = all(other >= distance + _PLAINLY for other, _ in others)
    return place if alone and distance <= WIDEST_STEP else None


def within(columns: Sequence[Sequence[Span]], line: Sequence[Slot]) -> list[int] | None:
    """Return the column of each figure of a line, given all that is known to stand in each column.

    No two columns of a grid reach over each other. None where these do, or where a figure stands over or
    right beside none, or no plain distance from another.
    """
    known = [(min(left for left, _ in spans), max(right for _, right in spans)) for spans in columns if spans]
    if len(known) < len(columns) or any(after[0] <= before[1] for before, after in pairwise(known)):
        return None
    places = [_within(known, slot) for slot in line]
    rising = all(before < after for before, after in pairwise(places))
    return places if rising and min(places, default=-1) >= 0 else None


def _within(known: Sequence[Span], slot: Slot) -> int:
    """Return the column that a figure reaches into, or touches with the others plainly further away, or -1.

    What stands right of the last one is no other's, which would reach over it.
    """
    own = span(slot[0])
    over = [place for place, one in enumerate(known) if overlap(one, own)]
    if over:
        return over[0] if len(over) == 1 else -1
    (distance, place), *others = sorted((_apart(one, [slot]), place) for place, one in enumerate(known))
    if own[0] >= known[-1][1]:
        return place if distance <= WIDEST_STEP else -1
    return place if distance == 0 and all(other >= WIDEST_STEP for other, _ in others) else -1


def _apart(one: Span, group: Iterable[Slot]) -> int:
    """Return how far a header and the figures of a column are apart, 0 where they overlap."""
    places = [edges(slot) for slot in group]
    left, right = min(place[0] for place in places), max(place[2] for place in places)
    return max(one[0] - right, left - one[1], 0)
