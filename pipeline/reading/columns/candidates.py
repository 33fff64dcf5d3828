"""Which slot of a row is which column: the candidates that the layout allows.

Belongs here: the second witness (positions, counts, blanks). Does not belong here:
the choice between candidates by arithmetic (arithmetic.py).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import comb
from typing import NamedTuple

from pipeline.reading.rows.slots import (
    ROW_STYLES,
    STRAY,
    Slot,
    are_in_one_row,
    have_line_each,
    whole,
)
from pipeline.reading.rows.slots import filled as filled_of
from pipeline.reading.words.tokens import (
    BARE,
    ENDING_PIPE,
    MARKED,
    begins_with_numeral,
    end_of,
    figures_in,
    is_garbled,
    is_label,
    moved,
)

# A row's columns, left to right: a slot each, or None where the layout has no place for it.
Candidate = tuple[Slot | None, ...]


class Layout(NamedTuple):
    """Where a row's columns stand: grid column numbers, or display offsets of one edge.

    `edge` is EXACT for column numbers, else the edge (0 left, 1 middle, 2 right) whose
    offsets, doubled, `columns` holds.
    """

    columns: tuple[int, ...]
    edge: int

    def first(self, width: int) -> "Layout":
        """Return the layout of the first `width` columns."""
        return Layout(self.columns[:width], self.edge)


EXACT = -1

_FEWEST_ALIGNED = 2  # rows with all figures that must line up before offsets count
_FEWEST_IN_COLUMN = 3  # figures of each column that must line up where only one row has all
_WIDEST_GAP = 4  # spaces that part all words of a text that has no columns
_NARROW_GAP = 2  # spaces
WIDEST_STEP = 4  # twice the display columns by which offsets of one column may step
_MOST = 400  # candidates to try for one row; a row with more is left open


def direct(slots: Sequence[Slot], width: int) -> tuple[Slot, ...] | None:
    """Return the one reading that counting allows: as many figures, or as many cells, as columns."""
    filled = filled_of(slots)
    if len(filled) == width:
        return None if _has_label(filled) else tuple(filled)
    if len(filled) > width:
        if len(filled) > width + STRAY:
            return None
        parts = [_of_one_style(filled), *_runs(filled), *_lines(filled)]
        fitting = {tuple(part) for part in parts if len(part) == width}
        return fitting.pop() if len(fitting) == 1 else None
    if len(slots) == width:
        return tuple(slots)
    if not filled and len(slots) > width:
        return tuple(slots[:width])
    parts = _runs(slots)
    fitting = {tuple(part) for part in parts if len(part) == width and all(slot in part for slot in filled)}
    return fitting.pop() if len(fitting) == 1 else None


def _has_label(filled: Sequence[Slot]) -> bool:
    """Tell whether words parted by spaces begin or end with one that may be a label's, or hold an item."""
    if any(token.mean is None and is_label(token) for token, _ in filled):
        return True
    ends = [token for token, _ in (filled[0], filled[-1]) if token.mean is None]
    if have_line_each(filled):
        return any(begins_with_numeral(token) for token in ends)
    return filled[0][0].style == BARE and any(token.named and not is_garbled(token) for token in ends)


def parted(figures: Sequence[Slot], width: int) -> Candidate | None:
    """Return a row's figures when one cell that nobody understands holds those of several columns: `16 9`.

    None unless its parts, which spaces part, are just the figures that the row lacks.
    """
    odd = [place for place, (token, _) in enumerate(figures) if token.mean is None]
    if len(odd) != 1:
        return None
    token, entry = figures[odd[0]]
    parts = [moved(part, token.column, token.style, token.line) for part in figures_in(token.text)]
    if not parts or len(parts) + len(figures) - 1 != width:
        return None
    return (*figures[: odd[0]], *((part, entry) for part in parts), *figures[odd[0] + 1 :])


def by_lines(slots: Sequence[Slot], label: int, end: int, width: int) -> Candidate | None:
    """Return a row whose cells have a line each, an empty line for an empty cell.

    `label` and `end` are the entries before its first and after its last cell: between them
    there are as many lines as columns. -1 for an end that is not known: the row's last figure
    shows it, when it stands in the last column.
    """
    filled = filled_of(slots)
    if label < 0 or any(slot[0].style == ENDING_PIPE for slot in slots):
        return None
    last = filled[-1][1] + 1 if filled and end < 0 else end
    at = {slot[1] - label - 1: slot for slot in filled}
    fits = last - label - 1 == width and len(at) == len(filled) and all(0 <= place < width for place in at)
    return tuple(at.get(place) for place in range(width)) if fits else None


def by_index(rows: Sequence[Sequence[Slot]], width: int) -> list[list[Candidate | None]]:
    """Return, for each place at which a row's columns may begin among its cells, the rows read so.

    For rows whose cells have a line each: the same number of empty cells comes before the
    figures of all rows. None where a row's figures don't fit.
    """
    longest = max((len(slots) for slots in rows), default=0)
    return [[_from(slots, start, width) for slots in rows] for start in range(longest - width + 1)]


def in_a_run(slots: Sequence[Slot], width: int) -> list[Candidate]:
    """Return the readings of a row by as many cells in a run as it has columns, all figures among them."""
    found = (_from(slots, start, width) for start in range(len(slots) - width + 1))
    return [reading for reading in found if reading]


def _from(slots: Sequence[Slot], start: int, width: int) -> Candidate | None:
    part = slots[start : start + width]
    outside = [*slots[:start], *slots[start + width :]]
    if len(part) < width or any(not slot[0].blank for slot in outside):
        return None
    return tuple(part)


def by_position(slots: Sequence[Slot], layouts: Iterable[Layout]) -> Iterator[Candidate]:
    """Yield the readings in which each figure stands in one of the columns, layout by layout."""
    filled = filled_of(slots)
    if not are_in_one_row(filled):
        return
    for layout in layouts:
        bare = filled[0][0].style == BARE
        if bare == (layout.edge == EXACT):
            continue
        placed = aligned(filled, layout) if bare else _exactly(slots, layout.columns)
        if placed is not None and all(slot in placed for slot in filled):
            yield placed


def column_layouts(rows: Sequence[Sequence[Slot]], width: int) -> list[Layout]:
    """Return the columns in which a table's figures may stand, those of doubtless rows first.

    Cells that are marked (tabs, pipes, grids) have column numbers: those of rows with as
    many figures as columns, if these agree; without such rows every run of `width`
    columns that takes in all rows.
    Words that only spaces part have display offsets, which count when they line up.
    """
    figures = [filled for slots in rows if are_in_one_row(filled := filled_of(slots))]
    if any(filled[0][0].style == BARE for filled in figures):
        return _offset_layouts(figures, width)
    clean = {_columns(filled) for filled in figures if len(filled) == width}
    if clean:
        return [Layout(columns, EXACT) for columns in clean] if len(clean) == 1 else []
    return _runs_of_columns(figures, width)


def _runs_of_columns(figures: Sequence[Sequence[Slot]], width: int) -> list[Layout]:
    used = [column for filled in figures for column in _columns(filled)]
    if not used:
        return []
    starts = range(max(0, max(used) - width + 1), min(used) + 1)
    return [Layout(tuple(range(start, start + width)), EXACT) for start in starts]


def _columns(filled: Sequence[Slot]) -> tuple[int, ...]:
    return tuple(token.column for token, _ in filled)


def _exactly(slots: Sequence[Slot], columns: tuple[int, ...]) -> Candidate | None:
    """Take the cells at the given columns; a row that ends before them was cut and has no such reading."""
    at = {slot[0].column: slot for slot in slots}
    if slots[0][0].style != MARKED and any(column not in at for column in columns):
        return None
    return tuple(at.get(column) for column in columns)


def full_grid(slots: Sequence[Slot], width: int, full: int) -> tuple[Slot, ...] | None:
    """Return the first `width` of a grid of `full` cells: the row's further cells are no columns of it."""
    if len(slots) != full or any(not slot[0].blank for slot in slots[width:]):
        return None
    return tuple(slots[:width])


def possible(slots: Sequence[Slot], width: int) -> list[Candidate]:
    """Return every reading that keeps the order of the figures; [] when they are too many.

    Blanks may be places left out of the form or cells too many; a figure may be a stray
    one (a page number) only when there are more figures than columns.
    """
    filled = filled_of(slots)
    if len(filled) > width + STRAY:
        return []
    if len(filled) > width:
        return _without_strays(filled, width) if _few(len(filled), width) else []
    if len(slots) > width:
        return _dropping(slots, width) if _few(len(slots), width) else []
    return _inserting(slots, width) if _few(width, len(slots)) else []


def _without_strays(figures: Sequence[Slot], width: int) -> list[Candidate]:
    """Leave out every choice of figures that may be page numbers: no zero and no word is one.

    Within one line only the first or the last can be one: where both would be, digits may have come apart
    (4 1件 … 4 4件). Where nothing but zeros is left, which add up whatever was left out, it must be one
    figure: a page number among cells, an item's before its row.
    """
    within, last = are_in_one_row(figures), len(figures) - 1
    strays = [
        place for place, slot in enumerate(figures) if slot[0].number and (not within or place in {0, last})
    ]
    found: list[Candidate] = []
    surplus = len(figures) - width
    for left_out in combinations(strays, surplus) if surplus == 1 or not within else ():
        kept = tuple(slot for place, slot in enumerate(figures) if place not in left_out)
        if any(slot[0].number for slot in kept) or left_out == (0,) or (len(left_out) == 1 and not within):
            found.append(kept)
    return found


def without_zeros(figures: Sequence[Slot], width: int) -> list[Candidate]:
    """Return the readings of too many figures without some, a zero among these: a cell that was added."""
    surplus = len(figures) - width
    if not 0 < surplus <= STRAY:
        return []
    return [
        tuple(slot for place, slot in enumerate(figures) if place not in left_out)
        for left_out in combinations(range(len(figures)), surplus)
        if any(figures[place][0].number == 0 for place in left_out)
    ]


def pasted(figures: Sequence[Slot], width: int) -> Iterator[Candidate]:
    """Yield the readings of too many figures with parts that follow each other made one: 1 and 0 for 10."""
    surplus = len(figures) - width
    if not 0 < surplus <= STRAY:
        return
    for ends in combinations(range(1, len(figures)), width - 1):
        parts = [figures[first:after] for first, after in pairwise((0, *ends, len(figures)))]
        if all(len(part) == 1 or _may_be_digits(part) for part in parts):
            yield tuple(part[0] if len(part) == 1 else whole(part) for part in parts)


def _may_be_digits(part: Sequence[Slot]) -> bool:
    """Tell whether figures may be the digits of one, which begins with no zero."""
    texts = [token.text for token, _ in part]
    return all(text.isdecimal() for text in texts) and not texts[0].startswith(("0", "０"))


def _dropping(slots: Sequence[Slot], width: int) -> list[Candidate]:
    needed = {place for place, slot in enumerate(slots) if not slot[0].blank}
    return [
        tuple(slots[place] for place in chosen)
        for chosen in combinations(range(len(slots)), width)
        if needed <= set(chosen)
    ]


def _inserting(slots: Sequence[Slot], width: int) -> list[Candidate]:
    found: list[Candidate] = []
    for chosen in combinations(range(width), len(slots)):
        places: list[Slot | None] = [None] * width
        for slot, place in zip(slots, chosen, strict=True):
            places[place] = slot
        found.append(tuple(places))
    return found


def _few(total: int, chosen: int) -> bool:
    return comb(total, chosen) <= _MOST


def _of_one_style(filled: list[Slot]) -> list[Slot]:
    """Leave out lone figures in another style than the others': page numbers between cells."""
    styles = Counter(slot[0].style for slot in filled)
    style = styles.most_common(1)[0][0]
    return [slot for slot in filled if slot[0].style == style]


def _lines(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Part slots by the lines they stand in."""
    lines: dict[int, list[Slot]] = {}
    for slot in slots:
        lines.setdefault(slot[1], []).append(slot)
    return list(lines.values())


def _runs(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Part slots where an empty line stands between them."""
    runs: list[list[Slot]] = []
    for slot in slots:
        if runs and slot[1] - runs[-1][-1][1] <= 1:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return runs


def edges(slot: Slot) -> tuple[int, int, int]:
    """Return twice the display offset of a figure's left edge, middle and right edge."""
    left, right = slot[0].column, end_of(slot[0])
    return 2 * left, left + right, 2 * right


def _offset_layouts(figures: Sequence[Sequence[Slot]], width: int) -> list[Layout]:
    """Return the offsets at which aligned figures stand, [] where single spaces part them.

    Columns are aligned at their left edge, middle or right edge. An edge counts when the
    figures of all rows (garbled ones have other widths) fall into exactly `width` groups,
    apart from each other, with at most one of a row in each.
    """
    full = sum(len(filled) == width for filled in figures)
    if not full:
        return []
    if not are_aligned(figures):
        return []
    found: list[tuple[int, Layout]] = []
    for edge in range(3):
        groups = columns_of((slot for filled in figures for slot in filled if slot[0].mean), edge)
        spread = max((edges(group[-1])[edge] - edges(group[0])[edge] for group in groups), default=0)
        layout = Layout(tuple(middle(group, edge) for group in groups), edge)
        borne_out = full >= _FEWEST_ALIGNED or min(map(len, groups), default=0) >= _FEWEST_IN_COLUMN
        if borne_out and len(groups) == width and all(aligned(filled, layout) for filled in figures):
            found.append((spread, layout))
    return [layout for _, layout in sorted(found)[:1]]


def are_aligned(figures: Iterable[Sequence[Slot]], *, plainly: bool = False) -> bool:
    """Tell whether offsets mean anything: what parts figures is not the same few spaces everywhere.

    `plainly`: it is not a few spaces, now these, now those, either.
    """
    gaps = {_gap(before, after) for filled in figures for before, after in pairwise(filled)}
    if plainly:
        return max(gaps, default=0) > _WIDEST_GAP and len(gaps) > 1
    return max(gaps, default=0) > (1 if len(gaps) > 1 else _WIDEST_GAP)


def stand_apart(words: Sequence[Slot]) -> bool:
    """Tell whether more than a few spaces part some words of a line, as columns of a grid do."""
    return any(_gap(before, after) > _NARROW_GAP for before, after in pairwise(words))


def _gap(before: Slot, after: Slot) -> int:
    """Return how many spaces part two words of a line."""
    return (2 * after[0].column - edges(before)[2]) // 2


def columns_of(figures: Iterable[Slot], edge: int) -> list[list[Slot]]:
    """Part figures where a gap of more than two columns is between their edges, left to right."""
    groups: list[list[Slot]] = []
    for slot in sorted(figures, key=lambda slot: edges(slot)[edge]):
        if groups and edges(slot)[edge] - edges(groups[-1][-1])[edge] <= WIDEST_STEP:
            groups[-1].append(slot)
        else:
            groups.append([slot])
    return groups


def middle(group: Sequence[Slot], edge: int) -> int:
    """Return the offset of a column, given its figures in order: between the first edge and the last."""
    return (edges(group[0])[edge] + edges(group[-1])[edge]) // 2


def aligned(filled: Sequence[Slot], layout: Layout, *, packed: bool = True) -> Candidate | None:
    """Put each figure at the nearest column; None when two meet or one is far from any.

    Figures that fill the first columns and leave the rest empty, the total among it, may be
    `packed` to the left, where few spaces part them.
    """
    columns = layout.columns
    placed: list[Slot | None] = [None] * len(columns)
    reach = min((after - before for before, after in pairwise(columns)), default=WIDEST_STEP) / 2
    for slot in filled:
        offset = edges(slot)[layout.edge]
        nearest = min(range(len(columns)), key=lambda place: abs(columns[place] - offset))
        if placed[nearest] is not None or abs(columns[nearest] - offset) > reach:
            return None
        placed[nearest] = slot
    first = None not in placed[: len(filled)] and len(filled) < len(columns)
    return None if packed and first and not stand_apart(filled) else tuple(placed)


def up_to_last(slots: Sequence[Slot], width: int) -> Candidate | None:
    """Return the last figure of a row with the cells before it, None where they are not marked or too few."""
    figures = filled_of(slots)
    if not figures:
        return None
    if are_in_one_row(figures):
        last = figures[-1][0].column
        layout = Layout(tuple(range(last - width + 1, last + 1)), EXACT)
        return None if figures[0][0].style == BARE else next(by_position(slots, [layout]), None)
    if any(token.style in ROW_STYLES and token.style != BARE for token, _ in figures):
        return None
    end = max(place for place, slot in enumerate(slots) if not slot[0].blank) + 1
    return _from(slots, end - width, width) if end >= width else None
