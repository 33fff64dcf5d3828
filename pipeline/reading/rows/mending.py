"""Bands made whole before their rows are told: labels and figures that lines have cut, joined or set apart.

Belongs here: what the layout and the rows' names show of it. Does not belong here: which row a band is
(align.py).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, product

from pipeline.reading.rows.around import with_labels_around
from pipeline.reading.rows.bands import Band
from pipeline.reading.rows.names import Names, heads, is_bare, is_piece_of_heading, mended, rising, told
from pipeline.reading.rows.placed import Placed
from pipeline.reading.rows.slots import STRAY, Slot, adds_up, filled, have_line_each, joined
from pipeline.reading.words.tokens import BARE, Token, begins_with_numeral, word

_LONGEST_CHANCE = 3  # more row labels than this in one place are a block: none of them is the row's own
# Numerals of rows under no item's heading.
_NUMERALS = {
    "received_new": "一",
    "carried_in": "二",
    "carried_out": "四",
    "granted": "一",
    "partial": "二",
    "other": "六",
    "total_handled": "七",
}
_CHINESE_NUMERAL = re.compile(r"\s*[（(]?\s*[一二三四五六七八九十]")
_SHORTEST_ITEM = 4  # letters of a label without a number
_FEWEST_WIDE = 8  # labels with figures, half of which show that a table has further columns
_SPLITTABLE = 5  # columns from which a run of figures may be told to be several rows


def made_whole(names: Names, found: Sequence[Band], *, is_paged: bool) -> list[Band]:
    """Return bands of which each has the label and the figures of one row, as far as the layout shows it.

    `is_paged` tells whether a figure alone may be a page number.
    """
    whole = list(_own_apart(names, _completed(names, with_labels_around(names, found))))
    spread = list(_rejoined(names, whole))
    if not _are_wide(names, spread):
        spread = [part for band in spread for part in _spread(names, band)]
    spread = _shared_out(names, spread, is_paged=is_paged)
    return [part for band in spread for part in _parted(names, band, spread)]


def _own_apart(names: Names, found: Sequence[Band]) -> Iterator[Band]:
    """Part the labels of lines before from a row that has its own label in the line of its figures.

    What stands in the lines before are rows without figures, or pieces of other labels.
    """
    for band in found:
        before = len(band.labels) - band.own
        if band.own and before and _has_figure(band) and _is_told(names, band, before):
            yield Band(band.labels[:before], [], 0, band.first, band.last, band.end)
            yield Band(band.labels[before:], band.slots, band.width, band.last, band.last, band.end, band.own)
        else:
            yield band


def _is_told(names: Names, band: Band, before: int) -> bool:
    """Tell whether a row's label in the line of its figures names it, also in other words than the forms'."""
    own = [row for token in band.labels[before:] if (row := names.spellings.get(token.skeleton)) is not None]
    if own:
        return names.uniform or len(band.figures) <= names.widths[own[-1]]
    others = any(token.skeleton in names.spellings for token in band.labels[:before])
    return names.uniform and others and begins_with_numeral(band.labels[-1]) and _is_like_one(names, band)


def _is_like_one(names: Names, band: Band) -> bool:
    return len(names.resembled(band.labels[-1], range(len(names.codes)))) == 1


def _has_figure(band: Band) -> bool:
    return any(token.mean is not None for token, _ in band.figures)


def _completed(names: Names, found: Iterable[Band]) -> list[Band]:
    """Give a row whose label goes on in the line after its figures the whole of its label: it is its own."""
    result = list(found)
    for place in range(len(result) - 1):
        band, following = result[place], result[place + 1]
        if not (band.slots and following.labels and (band.own or _stand_around(names, band, following))):
            continue
        if _begins(names, following):
            continue
        for begun, rest in product(_begun(band), _rests(names, following)):
            whole = _whole_label(names, band, begun, rest)
            if whole:
                others = [token for token in band.labels if token is not begun]
                result[place] = replace(band, labels=[*others, whole], own=max(band.own, 1))
                result[place + 1] = _without(following, rest)
                break
    return result


def _rests(names: Names, band: Band) -> Sequence[Token]:
    """Return the texts that may end the label of the row before: those above that are no part of a heading,
    which has a column of its own, or any of a row left empty.

    A row's whole label beside its own empty cells ends no other, though a heading may stand before it.
    """
    if band.own and band.width and not band.figures:
        return [token for token in band.labels if names.row_of(token) < 0]
    above = band.labels[: len(band.labels) - band.own]
    return [token for token in above if not _is_of_heading(token)] or above[:1]


def _begun(band: Band) -> Sequence[Token]:
    """Return the texts that may begin a row's label: the last, or above the figures any but a heading.

    None above another item in its column.
    """
    if band.own:
        return band.labels[-1:]
    begun: list[Token] = []
    items: set[int] = set()
    for token in reversed(band.labels):
        if not _is_of_heading(token) and token.column not in items:
            begun.append(token)
            items |= {token.column} if _is_item(token) else set()
    return begun


def _is_item(token: Token) -> bool:
    """Tell whether a text that is no heading is a row's label or begins one: it is long, or has a number.

    A short one without, or after （三） or 三、, may be a piece of a heading.
    """
    if len(token.skeleton) >= _SHORTEST_ITEM:
        return True
    return begins_with_numeral(token) and not _CHINESE_NUMERAL.match(token.text)


def _is_of_heading(token: Token) -> bool:
    """Tell whether a text is a heading over rows, or a piece of one and of no row's label."""
    known = any(label.kind == "heading" for label in token.labels)
    return known or (not token.labels and is_piece_of_heading(token.skeleton))


def _without(band: Band, text: Token) -> Band:
    """Return a band without one of its texts."""
    place = next(place for place, token in enumerate(band.labels) if token is text)
    own = band.own - (place >= len(band.labels) - band.own)
    return replace(band, labels=[*band.labels[:place], *band.labels[place + 1 :]], own=own)


def _stand_around(names: Names, band: Band, following: Band) -> bool:
    """Tell whether a line of figures stands right between two lines of labels, without one of its own."""
    if not (names.uniform and band.width and band.labels and band.figures and following.labels):
        return False
    line = band.figures[0][1]
    return band.last == line - 1 and following.first == line + 1


def _whole_label(names: Names, band: Band, begun: Token, rest: Token) -> Token | None:
    """Return the label that a row's label and the text after its figures make, None when they make none."""
    if rest.labels and not band.own:
        return None
    known, row = names.row_of(begun), names.row_spelt(begun.skeleton + rest.skeleton)
    if known >= 0 and (band.own or known != row):
        return None
    numeral = "".join(char for char in begun.text if char.isdigit() or char in _NUMERALS.values())
    if row < 0 or (
        not begun.skeleton and numeral not in {str(names.items.get(row)), _NUMERALS.get(names.codes[row])}
    ):
        return None
    return word(begun.text + rest.text, begun.column, begun.style)


def _begins(names: Names, band: Band) -> bool:
    """Tell whether a band's first text and the next one make a label: then it ends no other."""
    first, *rest = [token for token in band.labels if not _is_of_heading(token)] or band.labels
    if not first.skeleton and not begins_with_numeral(first):
        return False  # the bracket that ends a label
    joined = "".join(token.skeleton for token in (first, *rest[:1]))
    return bool(rest) and joined in names.spellings and joined != first.skeleton


def _rejoined(names: Names, found: Sequence[Band]) -> Iterator[Band]:
    """Join a row of figures that goes on in the next line, where the two make one full row."""
    pending: Band | None = None
    for band in found:
        whole = _made_one(names, pending, band) if pending and not band.labels else []
        if pending and whole:
            pending = Band(pending.labels, whole, 0)
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


def _ends_label(names: Names, band: Band, following: Band) -> bool:
    """Tell whether a label that stands before empty cells goes on in the next line, before its figures."""
    if band.figures or not (band.slots and band.labels and following.labels and following.figures):
        return False
    joined = band.labels[-1].skeleton + following.labels[0].skeleton
    return band.labels[-1].skeleton not in names.spellings and joined in names.spellings


def _made_one(names: Names, band: Band, following: Band) -> list[Slot]:
    """Return the cells of one full row that two lines, neither long enough for one, have between them.

    With empty cells among or after them the row has to add up. [] when the lines make none.
    """
    if not band.figures or not following.figures:
        return []
    if not names.uniform:
        return _of_two_lines(names, band, following)
    width = names.widths[0]
    figures, rest = [*band.figures, *following.figures], _without_padding(following.slots)
    slots = [*band.slots, *rest]
    if max(len(band.slots), len(rest)) >= width or not all(token.mean for token, _ in figures):
        return []
    if len(figures) == width and (rest == following.slots or (adds_up(figures) and figures[-1][0].number)):
        return figures
    return slots if len(slots) == width and adds_up(slots) and slots[-1][0].number else []


def _of_two_lines(names: Names, band: Band, following: Band) -> list[Slot]:
    """Return the cells of a row of table 二 that goes on in the next line, [] unless all are filled."""
    row = names.exact(band)
    if row is None or (not band.width and len(following.slots) >= names.widths[row]):
        return []  # no row, or a figure alone in its line (a page's number) before a whole one
    slots = [*band.slots, *_without_padding(following.slots)]
    return slots if len(slots) == len(filled(slots)) == names.widths[row] else []


def _without_padding(slots: Sequence[Slot]) -> list[Slot]:
    """Return the slots up to the last figure."""
    end = max(place for place, slot in enumerate(slots) if not slot[0].blank) + 1
    return list(slots[:end])


def _are_wide(names: Names, found: Iterable[Band]) -> bool:
    """Tell whether most labels have as many figures as several rows: then the table has further columns."""
    counted = Counter(len(band.figures) for band in found if band.labels and band.figures)
    usual, rows = counted.most_common(1)[0] if counted else (0, 0)
    return usual >= 2 * max(names.widths) and 2 * rows > max(counted.total(), _FEWEST_WIDE)


def _spread(names: Names, band: Band) -> list[Band]:
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
    chunks = [slots[start : start + width] for start in range(0, len(slots), width)]
    if len(chunks) < 2 or len(slots) % width or not _are_rows(band, chunks):
        return [band]
    return [Band(band.labels if place == 0 else [], chunk) for place, chunk in enumerate(chunks)]


def _are_rows(band: Band, chunks: Sequence[Sequence[Slot]]) -> bool:
    """Tell whether parts of a band may be rows: no empty cell is in them, and their lines don't say other."""
    if sum(map(len, chunks)) == len(band.figures):
        gaps = any(_has_gaps(_between(band.slots, chunk)) for chunk in chunks)
    else:
        gaps = _has_gaps(band.slots)
    slots = [slot for chunk in chunks for slot in chunk]
    # Of figures with a line each, column may follow column.
    return not gaps and (not have_line_each(slots) or all(map(adds_up, chunks)))


def _parted(names: Names, band: Band, found: Sequence[Band]) -> list[Band]:
    """Part from a row of table 二 the figures of the next one, whose label was lost."""
    row = None if names.uniform else names.exact(band)
    if row is None or row + 1 == len(names.codes) or band.width or len(band.figures) <= _LONGEST_CHANCE:
        return [band]
    widths, rows = names.widths[row : row + 2], names.table.rows[row : row + 2]
    figures = band.figures
    whole = len(figures) == sum(widths) and rows[0].clause == rows[1].clause
    if not whole or any(names.exact(other) == row + 1 for other in found):
        return [band]
    parts = figures[: widths[0]], figures[widths[0] :]
    if any(_has_gaps(_between(band.slots, part)) for part in parts):
        return [band]
    return [replace(band, slots=list(parts[0]), _figures=None), Band([], list(parts[1]))]


def _between(slots: Sequence[Slot], chunk: Sequence[Slot]) -> Sequence[Slot]:
    """Return the slots from the first to the last of some of them."""
    return slots[slots.index(chunk[0]) : slots.index(chunk[-1]) + 1]


def _has_gaps(slots: Sequence[Slot]) -> bool:
    """Tell whether empty cells stand between figures: then counting parts no rows."""
    places = [place for place, slot in enumerate(slots) if not slot[0].blank]
    return bool(places) and places[-1] - places[0] >= len(places)


def _shared_out(names: Names, found: list[Band], *, is_paged: bool) -> list[Band]:
    """Give a block of labels that stands before its rows of figures to them, one each."""
    result: list[Band] = []
    place = 0
    while place < len(found):
        band = found[place]
        block = _row_labels(names, band) if len(band.labels) > 1 and band.slots else []
        block = block if _may_share(names, band, block) else []
        rows = [band, *_unlabelled(found, place + 1)] if len(block) > 1 else []
        whole = bool(rows) and _goes_on_after(names, block, found[place + len(rows) :])
        shared = _shares(names, block, rows, is_paged=is_paged) if whole else []
        long = len(block) > _LONGEST_CHANCE and not _have_own_lines(names, band, block)
        doubtful = long or (len(block) > 1 and len(rows) > 1)
        unnamed = Band([], band.slots, band.width) if doubtful else band
        result += shared or [unnamed]
        place += len(rows) if shared else 1
    return result


def _goes_on_after(names: Names, block: Sequence[tuple[Token, int]], following: Sequence[Band]) -> bool:
    """Tell whether the next row of table 三 with a label follows on those of a block: none was lost between.

    One of the rows of figures may be that row's, and a row of the block left empty.
    """
    if not names.uniform or not following:
        return True
    row = names.exact(following[0])
    return row is None or row == block[-1][1] + 1


def _may_share(names: Names, band: Band, block: Sequence[tuple[Token, int]]) -> bool:
    """Tell whether the labels of a block may stand before rows of figures that have none of their own.

    A few labels of table 二 before figures in the last one's line, or with a clause's heading between them,
    are rows left empty and the row that has the figures.
    """
    if names.uniform or len(block) > _LONGEST_CHANCE:
        return True
    return not band.own and len({names.table.rows[row].clause for _, row in block}) == 1


def _have_own_lines(names: Names, band: Band, block: Sequence[tuple[Token, int]]) -> bool:
    """Tell whether between the labels of a block there are lines for the cells of each: rows left empty.

    The last of them, or one that resembles a row's after them, has to be the nearest to the figures, for
    these to be its own.
    """
    nearest, empty = band.labels[-1], len(block) - 1
    if block[-1][0].text != nearest.text:
        alike = names.resembled(nearest, set(range(block[-1][1] + 1, len(names.codes))))
        empty += len(alike) == 1
        if empty < len(block):
            return False
    others = len(band.labels) - empty - 1
    return names.uniform and band.last - band.first - others >= names.widths[0] * empty


def _shares(
    names: Names, block: Sequence[tuple[Token, int]], rows: Sequence[Band], *, is_paged: bool
) -> list[Band]:
    """Return a band for each label of a block, [] unless the figures come out even."""
    texts = {token.text for token, _ in block}
    strangers = [t for t in rows[0].labels if t.text not in texts and t.named and not heads(t)]
    if not all(any(t.text in text for text in texts) for t in strangers):
        return []
    widths = [names.widths[row] for _, row in block]
    lines = rows if names.uniform or len(block) <= _LONGEST_CHANCE else lines_of(rows)
    some = not names.uniform and _LONGEST_CHANCE < len(block) < len(names.codes)
    if some and (_are_uneven(lines, widths) or _are_apart(lines)):
        return []  # a row may have lost its label, and one its line of empty cells
    if _are_rows_of(lines, widths, is_paged=is_paged):
        return [Band([token], row.slots, row.width) for (token, _), row in zip(block, lines, strict=True)]
    slots = [slot for row in rows for slot in row.slots]
    slots = slots if len(slots) == sum(widths) else filled(slots)
    if len(slots) != sum(widths) or (max(widths) > 1 and have_line_each(slots)):
        return []  # of figures with a line each, row may follow row, or column column
    ends = list(accumulate(widths))
    if _lie_across(slots, ends):
        return []  # a row lost a cell, and another line makes up for it
    return [
        Band([token], slots[end - width : end])
        for (token, _), width, end in zip(block, widths, ends, strict=True)
    ]


def _lie_across(slots: Sequence[Slot], ends: Sequence[int]) -> bool:
    """Tell whether a line, of several, goes on from one row into the next and ends within that."""
    lines = [place for place in range(1, len(slots)) if slots[place][1] != slots[place - 1][1]]
    bounds = [0, *lines, len(slots)]
    inner = {0, *ends}
    return len(lines) > 0 and any(
        not {begin, end} <= inner and not inner.isdisjoint(range(begin + 1, end))
        for begin, end in pairwise(bounds)
    )


def _are_uneven(lines: Sequence[Band], widths: Sequence[int]) -> bool:
    """Tell whether some lines have other numbers of cells than columns: empty ones are left out, or moved."""
    return len({len(line.slots) - width for line, width in zip(lines, widths, strict=False)}) > 1


def _are_apart(lines: Sequence[Band]) -> bool:
    """Tell whether empty lines stand between some lines, more than between others: rows left empty."""
    steps = {after.slots[0][1] - before.slots[0][1] for before, after in pairwise(lines)}
    return len(steps) > 1


def lines_of(rows: Iterable[Band]) -> list[Band]:
    """Part the figures of rows by the lines that they stand in: a figure alone in its line is a row too."""
    lines: dict[int, list[Slot]] = {}
    for row in rows:
        for slot in row.slots:
            lines.setdefault(slot[1], []).append(slot)
    return [Band([], slots, _reach(slots)) for slots in lines.values()]


def _reach(slots: Sequence[Slot]) -> int:
    """Return the number of grid columns that a line's cells reach to, 0 for a cell with a line of its own."""
    if len(slots) == 1:
        return 0
    return len(slots) if slots[0][0].style == BARE else slots[-1][0].column + 1


def _are_rows_of(lines: Sequence[Band], widths: Sequence[int], *, is_paged: bool) -> bool:
    """Tell whether lines are rows of the given widths, one each; some may lack figures that are left out.

    A lone figure may be a page's number where pages have any, or one cell of a row where few rows are told
    or most lines hold one figure. Where pages have numbers, so may one be that stands apart from the others.
    """
    if len(lines) != len(widths) or (is_paged and not _are_evenly_spaced(lines)):
        return False
    pairs = list(zip(lines, widths, strict=True))
    lone = [line for line, width in pairs if len(line.slots) == 1 < width and not _is_signed(line)]
    few = len(lines) <= _LONGEST_CHANCE or 2 * len(lone) > sum(width > 1 for width in widths)
    if lone and (is_paged or few):
        return False
    return all(fits(line, width) or 0 < len(line.figures) == len(line.slots) < width for line, width in pairs)


def _are_evenly_spaced(lines: Sequence[Band]) -> bool:
    places = [line.slots[0][1] for line in lines]
    return len({after - before for before, after in pairwise(places)}) <= 1


def _is_signed(line: Band) -> bool:
    return any(token.text[:1] in "+-−" for token, _ in line.figures)


def _row_labels(names: Names, band: Band) -> list[tuple[Token, int]]:
    """Return those of the band's labels that name rows in statutory order, broken ones made whole."""
    tokens = mended(names, band.labels)
    named = [
        (place, names.spellings.get(token.skeleton, -1))
        for place, token in enumerate(tokens)
        if len(token.labels) < 2 or not is_bare(token) or not names.is_header(band, token)
    ]
    exact = rising([pair for pair in named if pair[1] >= 0])
    with_damaged = told(names, tokens, named) if not names.uniform else []
    return with_damaged or [(tokens[place], row) for place, row in exact]


def _unlabelled(found: Sequence[Band], start: int) -> list[Band]:
    end = start
    while end < len(found) and not found[end].labels:
        end += 1
    return list(found[start:end])


def fits(band: Band | Placed, width: int) -> bool:
    """Tell whether a band can be a row of `width` columns; long rows may have a stray figure or two."""
    figures = len(band.figures)
    stray = STRAY if width >= _SPLITTABLE else 0
    return figures <= width <= len(band.slots) or width <= figures <= width + stray
