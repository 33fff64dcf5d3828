"""Table 二 (主动公开): rows of one to three columns that no identity covers.

Belongs here: what counting and position alone allow. Where they leave a doubt there is
no arithmetic to decide it, so the row stays open.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from itertools import combinations, pairwise
from operator import itemgetter

from pipeline.forms import Label, Row, Table, forms
from pipeline.reading.columns import candidates, headers, offsets
from pipeline.reading.columns.arithmetic import OPEN, Choice
from pipeline.reading.columns.blocks import Blocks, in_line
from pipeline.reading.columns.candidates import Candidate, aligned
from pipeline.reading.columns.gridded import are_printed_once, under_headers
from pipeline.reading.columns.offsets import overlap, span
from pipeline.reading.regions import Region
from pipeline.reading.rows.placed import DOUBT, Alignment, Placed
from pipeline.reading.rows.slots import CELL_STYLES, Slot, filled, is_marked, is_one_row
from pipeline.reading.words.labels import spellings, squeeze
from pipeline.reading.words.tokens import BARE, MARKED, WORDS, Token, figures_in
from pipeline.reading.words.values import REPORTED, Interpreted

_DIGITS = re.compile(r"[.,．，]?\d[\d.,．，]*\s?[万亿]?元?")  # a part of a sum
_NEARLY_ALL = 0.8
_FEWEST_WHOLE = 3  # rows with a line for each of their cells
_FEWEST_IN_PLACE = 2  # texts before a row's figures, the last of them in place of one
_MOST_TABLES = 1024  # whose texts' meaning is remembered: most have the form's own
_FULL = 3  # the table's grid has three columns of figures; rows with fewer leave the rest empty or merged


def choose_disclosure(table: Table, alignment: Alignment, region: Region) -> dict[str, Choice]:
    """Return each placed row's reading, or an open choice."""
    rows = {row.code: row for row in table.rows}
    witnesses = _Witnesses(rows, alignment, region)
    choices = {code: witnesses.choose(rows[code], placed) for code, placed in alignment.placed.items()}
    return {
        code: choice
        if choice.candidates
        and _is_plausible(rows[code], choice)
        and not _is_broken(rows[code], choice.candidates[0], alignment, region)
        else Choice((), "open", witnesses.by_kind(rows[code], alignment.placed[code]))
        for code, choice in choices.items()
    }


def _is_broken(row: Row, reading: Candidate, alignment: Alignment, region: Region) -> bool:
    """Tell whether digits of a sum of money stand in the line before or after it, as narrow cells break it.

    They are no other row's, and stand above or below its own, or were parted at the decimal point.
    """
    slot = reading[-1]
    if row.columns[-1].unit != "yuan" or slot is None or slot[0].style not in WORDS:
        return False
    parts = [
        index
        for index, line in region.entries
        if abs(index - slot[1]) == 1
        for token in line.tokens
        if _DIGITS.fullmatch(token.text)
        and (overlap(span(token), span(slot[0])) or not token.text.isdecimal())
    ]
    if not parts:
        return False  # nearly always
    return not {index for placed in alignment.placed.values() for _, index in placed.slots}.issuperset(parts)


@cache
def _measures_of(form: str) -> frozenset[str]:
    """Return the columns that a form has."""
    rows = forms()[form].tables["disclosure"].rows
    return frozenset(column.code for row in rows for column in row.columns)


@lru_cache(maxsize=_MOST_TABLES)
def _measures_in(words: str) -> frozenset[str]:
    """Return the columns of any form that a table's texts name."""
    measures = spellings("measure")
    return frozenset(measures[name] for name in words.split("\n") if name in measures)


def _is_plausible(row: Row, choice: Choice) -> bool:
    """Tell whether no sum of money stands where things are counted, and no change where there is a number."""
    for candidate in choice.candidates:
        for label, slot in zip(row.columns, candidate, strict=True):
            token = slot[0] if slot else None
            if token is None or token.text.isdigit() or token.mean is None:
                continue  # nearly every cell
            if not _suits(label, token.text, token.mean):
                return False
    return True


def _suits(label: Label, text: str, mean: Interpreted) -> bool:
    money = mean.factor is not None and label.unit != "yuan"
    change = (
        not label.signed and mean.status == REPORTED and not text.isdigit() and squeeze(text)[0] in "+-−↑↓"
    )
    return not money and not change


def _by_kind(row: Row, placed: Placed) -> Candidate:
    """Put the figures of an open row where signs and units tell it: a change has a sign, money its unit.

    None at the other columns: the line may have lost their figures. () unless there is one way to do it.
    A last figure that stands twice is that of a merged cell.
    """
    figures, columns = placed.figures, row.columns
    if len(figures) > 1 and figures[-1][0].text == figures[-2][0].text:
        figures = figures[:-1]
    if placed.how == DOUBT or len(figures) >= len(columns) or not _in_step(placed, figures):
        return ()
    found = [
        chosen
        for chosen in combinations(range(len(columns)), len(figures))
        if all(
            token.mean is not None and _suits(columns[place], token.text, token.mean)
            for place, (token, _) in zip(chosen, figures, strict=True)
        )
    ]
    at = dict(zip(found[0], figures, strict=True)) if len(found) == 1 else {}
    return tuple(at.get(place) for place in range(len(columns))) if at else ()


def _in_step(placed: Placed, figures: list[Slot]) -> bool:
    """Tell whether figures that have a line each follow their label, and each other, at equal distance.

    Two in one line were run together. A lost label leaves an empty line.
    """
    if placed.width or placed.last < 0:
        return True
    places = [placed.last, *(entry for _, entry in figures)]
    if placed.how == "order":
        return len({after - before for before, after in pairwise(places[1:])}) <= 1
    steps = {after - before for before, after in pairwise(places)}
    return len(steps) == 1 or steps == {0, 1}


class _Witnesses:
    """What the rows of one table say of each other's layout."""

    def __init__(self, rows: Mapping[str, Row], alignment: Alignment, region: Region) -> None:
        self.rows = rows
        self.placed = alignment.placed
        self.unplaced = alignment.unplaced
        self.region = region
        self.entries = region.entries
        self.measures = _measures_of(alignment.table.form)

    @cached_property
    def repeats(self) -> bool:
        """Whether a header merged over columns is printed again in each, in words that spaces part."""
        headers = [spelling for spelling in spellings("measure") if len(spelling) > _FULL]
        return any(
            text.count(header) > 1
            for _, line in self.entries
            if line.tokens[0].style == BARE
            for text in [line.words.replace("\n", "")]
            if len(text) > 2 * _FULL
            for header in headers
        )

    @cached_property
    def usual(self) -> frozenset[int]:
        """How many cells most rows have."""
        return _usual_widths(self.placed.values())

    def usual_of(self, width: int) -> frozenset[int]:
        """Return how many cells most rows of as many columns have."""
        return _usual_widths(self._of_width(width))

    def _of_width(self, width: int) -> list[Placed]:
        return [row for code, row in self.placed.items() if len(self.rows[code].columns) == width]

    @cached_property
    def further(self) -> int:
        """How many columns that no form has stand after a block's own."""
        return headers.further_columns(self.region)

    @cached_property
    def leaves_nothing_out(self) -> bool:
        """Whether each row has a figure for each of the form's columns: zeros are written, or no remarks."""
        beyond = [len(row.figures) - len(self.rows[code].columns) for code, row in self.placed.items()]
        written = any(0 in row.numbers[:-1] for row in self.placed.values())
        every = min(beyond, default=0) >= 0 and not self.strays
        return every and (written or max(beyond, default=0) == 0)

    @cached_property
    def leaves_empty_out(self) -> bool:
        """Whether some row has fewer figures than the form has columns, or none."""
        short = any(len(row.figures) < len(self.rows[code].columns) for code, row in self.placed.items())
        return short or len(self.placed) < len(self.rows)

    @cached_property
    def blocks(self) -> Blocks:
        """The blocks of rows, and the headers over each."""
        lines = {row.slots[0][1]: self.rows[code].clause or "" for code, row in self.placed.items()}
        return Blocks(self.rows, lines, self.entries)

    @cached_property
    def columns(self) -> list[candidates.Layout]:
        """The columns in which the figures of the widest rows may stand."""
        return candidates.column_layouts([row.slots for row in self._of_width(_FULL)], _FULL)

    @cached_property
    def shared(self) -> frozenset[tuple[int, ...]]:
        """The grid columns in which the figures of more than one row stand."""
        counted = Counter(_columns(row.slots) for row in self.placed.values() if row.width)
        return frozenset(found for found, count in counted.items() if count > 1)

    def lengths(self, width: int) -> Counter[int]:
        """Return how many rows of as many columns have so many lines of their own."""
        return Counter(len(_cells(row)) for row in self._of_width(width))

    @cached_property
    def places(self) -> tuple[int, ...] | None:
        """Which of their cells full rows have filled."""
        return _places(self._of_width(_FULL))

    @cached_property
    def is_by_lines(self) -> bool:
        """Whether most rows of several figures have a line for each."""
        shared = [_share_a_line(row.figures) for row in self.placed.values() if len(row.figures) > 1]
        return 2 * sum(shared) < len(shared)

    @cached_property
    def strays(self) -> frozenset[int]:
        """The lines of figures without a label that no row has."""
        return frozenset(band.slots[0][1] for band in self.unplaced if band.figures and not band.labels)

    @cached_property
    def rows_astray(self) -> frozenset[int]:
        """The lines of strays with several figures, which no page's number is."""
        several = (band for band in self.unplaced if len(band.figures) > 1)
        return self.strays.intersection(band.slots[0][1] for band in several)

    @cached_property
    def starts(self) -> list[int]:
        """The lines with which rows and strays begin, in order."""
        rows = (row.last if row.last >= 0 else row.slots[0][1] for row in self.placed.values())
        return sorted({*rows, *self.strays, *(band.first for band in self.unplaced if band.labels)})

    def _is_cut(self, placed: Placed, width: int) -> bool:
        """Tell whether a row's figures may be pieces of figures, each in a line of its own but for pieces.

        Some stand in one line with others, or more follow that no row has; or words in several lines are
        too many for the row, some of them in one line.
        """
        if self.is_by_lines and _share_a_line(placed.figures):
            return True
        are_many = len(placed.figures) > width
        if not (are_many or self.strays):
            return False  # nearly every row
        lines = len({index for _, index in placed.slots})
        if are_many and len(placed.figures) > lines > 1 and _is_of_words(placed):
            return True
        strays = self.strays if lines > 1 or not placed.width else self.rows_astray
        if not strays:
            return False
        after = bisect_right(self.starts, placed.slots[-1][1])
        return after < len(self.starts) and self.starts[after] in strays

    @cached_property
    def is_whole(self) -> bool:
        """Whether nearly all rows have a line for each of their cells."""
        whole = [len(_cells(row)) == len(self.rows[code].columns) for code, row in self.placed.items()]
        return sum(whole) >= max(_FEWEST_WHOLE, _NEARLY_ALL * len(whole))

    @cached_property
    def is_bare(self) -> bool:
        """Whether no row has a label: there is no column of labels, whose empty cell would count."""
        return all(
            row.how == "order" and len(row.slots) == len(self.rows[code].columns)
            for code, row in self.placed.items()
        )

    def choose(self, row: Row, placed: Placed) -> Choice:
        """Return one row's reading, or an open choice."""
        width = len(row.columns)
        if placed.how == DOUBT or (row.clause or "") in self.alien:
            return OPEN
        if self.further:
            return self._beside_others(placed, width)
        if self._is_cut(placed, width) or self._ends_in_page_number(placed) or _is_anothers(row, placed):
            return OPEN
        if len(placed.slots) == len(placed.figures) == width and self._is_in_place(placed, width):
            return Choice((tuple(placed.figures),), "counted")  # nearly every row
        if _ends_in_words(placed) or _is_parted(placed.slots) or self._may_be_anothers(placed, width):
            return OPEN
        return self._by_layout(placed, row, width)

    def by_kind(self, row: Row, placed: Placed) -> Candidate:
        """Return the cells of an open row that the kind of its figures tells."""
        return () if self.further or self._ends_in_page_number(placed) else _by_kind(row, placed)

    def _ends_in_page_number(self, placed: Placed) -> bool:
        """Tell whether a row's last number counts on from those of pages, where rows leave cells out.

        Below all labels it may have moved the rows before it.
        """
        if not self.region.pages or not self.leaves_empty_out:
            return False  # nearly every table
        below = [row for row in self.placed.values() if row.last < 0] if placed.last < 0 else []
        return any(row.slots[-1][1] in self.region.pages for row in (placed, *below))

    def _is_in_place(self, placed: Placed, width: int) -> bool:
        """Tell whether figures, in marked cells, stand in one line, or in lines that follow each other."""
        if _is_of_words(placed) or (placed.width > 0 and _is_parted(placed.slots)):
            return False
        return placed.width > 0 or (
            width > 1 and not _ends_in_words(placed) and _in_step(placed, placed.figures)
        )

    def _beside_others(self, placed: Placed, width: int) -> Choice:
        """Choose where the table has further columns: their figures may follow empty cells of the form's.

        So it has to be seen that none of these is empty: in this row, or in any where they are left out.
        """
        slots = self._without_label_cell(placed)
        first = filled(slots[:width])
        if is_one_row(slots) or is_marked(slots):
            return Choice((tuple(first),), "counted") if len(first) == width else OPEN
        counts = {width, width + self.further} if self.leaves_nothing_out else {width + self.further}
        figures = placed.figures
        return Choice((tuple(figures[:width]),), "counted") if len(figures) in counts else OPEN

    def _by_layout(self, placed: Placed, row: Row, width: int) -> Choice:
        slots = _without_padding(self._without_label_cell(placed))
        figures = filled(slots)
        if not figures:
            if self._has_unread_below(placed):
                return OPEN
            whole = len(slots) >= width or is_marked(slots) or slots[0][0].style == BARE
            blanks = slots[:width] if len(slots) >= width else slots[:1] * width
            return Choice((tuple(blanks),), "counted") if whole else OPEN
        told = self._under_headers(row, placed)
        if told is None and len(figures) < width:
            told = self._by_lines(placed, width) or self._by_headers(row, placed)
        if told:
            return Choice((told,), "position")
        if not _in_step(placed, figures):
            return OPEN
        if len(figures) >= width:
            return self._full(slots, figures, row)
        return self._with_blanks(replace(placed, slots=slots, figures=figures), width)

    def _under_headers(self, row: Row, placed: Placed) -> Candidate | None:
        """Read cells that the text marks by the headers in the same columns of the line over them."""
        if placed.how != "label" or placed.last != placed.slots[0][1]:
            return None
        return under_headers(row, placed.labels[-1].column, placed.slots, self.entries, self.region.beside)

    @cached_property
    def are_spread(self) -> bool:
        """Whether some row has figures further right than the grid's columns: no place is a column's."""
        return any(filled(self._without_label_cell(row)[_FULL:]) for row in self.placed.values())

    def _may_be_anothers(self, placed: Placed, width: int) -> bool:
        """Tell whether the cells of a row may hold another's figure, or none of them be the row's."""
        short = len(placed.figures) < width and len(placed.slots) < _FULL
        if short and any(map(_may_hide, placed.figures)):
            return True
        long = len(placed.figures) < width and len(self._without_label_cell(placed)) > _FULL
        if long and self.are_spread:
            return True
        distance = _distance(placed)
        if width != 1 or distance <= 1:
            return False
        uneven = len(self.distances) == 1 and distance not in self.distances
        return uneven or self._is_set_apart(placed)

    def _is_set_apart(self, placed: Placed) -> bool:
        """Tell whether empty lines stand around a row's figure, and none elsewhere: a page's number may."""
        at = placed.figures[0][1]
        places = [index for index, _ in self.entries]
        steps = {after - before for before, after in pairwise(places) if at not in (before, after)}
        return steps == {1} and at - 1 not in places and at + 1 not in places

    @cached_property
    def distances(self) -> frozenset[int]:
        """How far the figures of several rows with a line each stand below their labels."""
        full = (row for code, row in self.placed.items() if len(row.figures) == len(self.rows[code].columns))
        counted = Counter(filter(None, map(_distance, full)))
        return frozenset(distance for distance, count in counted.items() if count > 1)

    def _has_unread_below(self, placed: Placed) -> bool:
        """Tell whether figures that are in no row stand below a row's label: they may be its own."""
        entry = placed.slots[-1][1]
        for index, line in self.entries[bisect_right(self.entries, entry, key=itemgetter(0)) :]:
            if index in self.blocks.lines or any(_is_row_or_clause(other) for other in line.labelled):
                return False
            if line.figures:
                return True
        return False

    @cached_property
    def alien(self) -> frozenset[str]:
        """The clauses of blocks that are another form's."""
        if self.measures.issuperset(_measures_in(self.region.words)):
            return frozenset()  # nearly every table: no header is another form's
        blocks = {row.clause or "": row for row in self.rows.values()}
        return frozenset(clause for clause, row in blocks.items() if self._is_of_another_form(row))

    def _is_of_another_form(self, row: Row) -> bool:
        """Tell whether the headers over a row's block name columns, but none that its form has."""
        above = self.blocks.words(row)
        headings, measures = spellings("heading"), spellings("measure")
        start = max((place for place, token in enumerate(above) if token.skeleton in headings), default=0)
        named = {measures[token.skeleton] for token in above[start:] if token.skeleton in measures}
        return bool(named) and named.isdisjoint(self.measures)

    def _by_lines(self, placed: Placed, width: int) -> Candidate | None:
        """Read a row whose cells have a line each, empty ones too, when it has as many as rows like it."""
        if placed.how == "order":
            return None  # one of the empty cells may be the lost label's
        cells = _cells(placed)
        if not cells:
            return None
        peers = self.lengths(width)
        alike = peers[len(cells)] >= max(2, _NEARLY_ALL * peers.total())
        if not (alike or (self.is_whole and len(cells) == width)):
            return None
        if self.places is None and len(cells) > width:
            return None
        places = (self.places or range(_FULL))[:width]
        read = [cell for place, cell in enumerate(cells) if place in places]
        outside = [cell for place, cell in enumerate(cells) if cell and place not in places]
        return tuple(read) if len(read) == width and not filled(outside) else None

    def _by_headers(self, row: Row, placed: Placed) -> Candidate | None:
        """Read a line of aligned figures by the headers of its block that they stand under."""
        line = placed.figures
        if not in_line(line):
            return None
        beside = placed.how == "label" and placed.last == line[0][1]
        apart = beside and candidates.stand_apart([(placed.labels[-1], placed.last), *line])
        below = placed.how == "label" and not beside  # the next row may have lost its label
        if below or (not apart and not self.blocks.are_aligned):
            return None
        spans = self.blocks.headers(row)
        if self.blocks.has_loose_figure(line[0][1], spans) or (
            spans and _begins_before(spans, placed.labels)
        ):
            return None
        layout = offsets.under(spans, [line]) if self._are_under_headers else None
        reading = aligned(line, layout, packed=not self.blocks.are_aligned) if layout else None
        if reading and _are_under(spans, reading):
            return reading
        return self._in_columns(row, line) if spans and self.blocks.are_aligned else None

    def _in_columns(self, row: Row, line: Sequence[Slot]) -> Candidate | None:
        """Read a line of aligned figures by the headers and whole rows of all blocks with as many columns.

        Where a column is wider than its header a figure may stand beside this, nearer to another one.
        """
        alike = [(other, self.placed.get(code)) for code, other in self.rows.items()]
        alike = [(other, placed) for other, placed in alike if len(other.columns) == len(row.columns)]
        whole = [
            placed.figures for other, placed in alike if placed and len(placed.figures) == len(other.columns)
        ]
        lines = [[offsets.span(token) for token, _ in figures] for figures in whole if in_line(figures)]
        lines += [spans for other, _ in alike if (spans := self.blocks.own_headers(other))]
        columns = list(zip(*lines, strict=True))
        places = offsets.within(columns, line) if columns else None
        if places is None:
            return None
        at = dict(zip(places, line, strict=True))
        return tuple(at.get(place) for place in range(len(row.columns)))

    @cached_property
    def _are_under_headers(self) -> bool:
        """Whether rows with a figure for each column show that figures stand under their headers.

        Where none of them does, a wide gap after a label may be one that empty cells left. Words in columns
        need no such row.
        """
        full = [
            _are_under(spans, tuple(row.figures))
            for code, row in self.placed.items()
            if len(row.figures) == len(self.rows[code].columns) > 1 and in_line(row.figures)
            if (spans := self.blocks.headers(self.rows[code]))
        ]
        return all(full) and (bool(full) or self.blocks.are_aligned)

    def _full(self, slots: list[Slot], figures: list[Slot], row: Row) -> Choice:
        """Choose where there are as many figures as columns, or the last is printed again."""
        width = len(row.columns)
        if slots[0][0].style == BARE and len(figures) < _FULL and self.repeats:
            return OPEN  # of three figures, the last printed again, one that is empty doesn't show
        if len(figures) > width:
            again = width < _FULL and _repeated(figures, width)
            return Choice((tuple(figures[:width]),), "counted") if again else OPEN
        if (
            len(slots) == _FULL > width > 1
            and slots[0][0].blank
            and figures[-1][0].text == figures[-2][0].text
            and not are_printed_once(row, slots, self.entries)
        ):
            return OPEN  # the last figure may be one that a merged cell prints twice
        certain = _together(slots) or is_marked(slots) or _columns(slots) in self.shared
        return Choice((tuple(figures),), "counted") if certain else OPEN

    def _with_blanks(self, placed: Placed, width: int) -> Choice:
        """Choose where figures are left out: by the place of each in a grid that has lost no cell."""
        if placed.how == "order":
            whole = is_one_row(placed.slots) and len(placed.slots) == width and self.is_bare
            return Choice((tuple(placed.slots),), "position") if whole else OPEN
        if self._lost_a_cell(placed, width):
            return OPEN
        usual = self.usual | self.usual_of(width)
        in_usual = placed.width == 0 or placed.width in usual or is_marked(placed.slots)
        if not in_usual:
            return OPEN
        if len(placed.slots) == _FULL > width:
            grid = candidates.full_grid(placed.slots, width, _FULL)
            sure = grid and (_is_placed(grid) or is_marked(placed.slots))
            return Choice((grid,), "position") if grid and sure else OPEN
        counted = candidates.direct(placed.slots, width)
        if counted:
            return Choice((counted,), "counted")
        prefixes = [layout.first(width) for layout in self.columns]
        found = list(candidates.by_position(placed.slots, prefixes))
        return Choice((found[0],), "position") if len(found) == 1 else OPEN

    def _without_label_cell(self, placed: Placed) -> list[Slot]:
        """Leave out the empty cell of a label that was lost."""
        if placed.labels or not placed.slots[0][0].blank:
            return placed.slots
        lost = placed.width in self.usual and len(placed.slots) == placed.width > _FULL
        return placed.slots[1:] if lost else placed.slots

    def _lost_a_cell(self, placed: Placed, width: int) -> bool:
        """Tell whether a row that the format marks has fewer cells than columns, or than rows like it have.

        Which one it lost is not seen.
        """
        if not is_marked(placed.slots):
            return False
        return len(placed.slots) < width or any(row.width > placed.width for row in self._of_width(width))


def _distance(placed: Placed) -> int:
    """Return how many lines below its label the first figure of a row stands, 0 where it is beside it."""
    lined = placed.figures and placed.how == "label" and not placed.width
    return placed.figures[0][1] - placed.last if lined else 0


def _is_row_or_clause(token: Token) -> bool:
    return any(label.kind == "item" or label.code.startswith("clause") for label in token.labels)


def _may_hide(slot: Slot) -> bool:
    """Tell whether a cell that nobody understands may hold another's figure: it has two, or none at all."""
    token = slot[0]
    if token.mean is not None:
        return False
    return len(figures_in(token.text)) > 1 or not any(map(str.isalnum, token.text))


def _ends_in_words(placed: Placed) -> bool:
    """Tell whether a text that is no label follows a row's own: it stands in place of a figure (零)."""
    if len(placed.labels) < _FEWEST_IN_PLACE or placed.labels[-1].labels:
        return False
    return any(label.kind == "item" for label in placed.labels[-2].labels)


def _is_anothers(row: Row, placed: Placed) -> bool:
    """Tell whether columns that a row does not have are named between its label and its figures.

    Columns follow each other then, and the figures are another block's.
    """
    last = placed.labels[-1].labels if placed.labels else ()
    if not last or last[0].kind != "measure":
        return False  # nearly every row: its own label stands before its figures
    own = {column.code for column in row.columns}
    named = [[label.code for label in token.labels] for token in placed.labels]
    item = next((at for at, codes in enumerate(named) if row.code in codes), len(named))
    return any(
        label.kind == "measure" and label.code not in own
        for token in placed.labels[item + 1 :]
        for label in token.labels
    )


def _is_parted(slots: Sequence[Slot]) -> bool:
    """Tell whether one of a row's marked cells holds two figures: spaces may part the digits of one."""
    if len(slots) < _FEWEST_IN_PLACE or slots[0][0].style not in CELL_STYLES:
        return False
    if slots[-1][0].column - slots[0][0].column >= len(slots) - 1:
        return False  # nearly every row
    held = Counter((entry, token.column) for token, entry in slots if not token.blank)
    cells = {(entry, token.column) for token, entry in slots}
    return len(cells) > 1 and max(held.values(), default=0) > 1


def _share_a_line(figures: Sequence[Slot]) -> bool:
    return len({entry for _, entry in figures}) < len(figures)


def _is_of_words(placed: Placed) -> bool:
    return placed.slots[0][0].style == BARE


def _begins_before(spans: Sequence[offsets.Span], labels: Sequence[Token]) -> bool:
    """Tell whether headers begin where the rows' labels do: their line has lost its indent."""
    return bool(labels) and spans[0][0] <= offsets.span(labels[-1])[0]


def _are_under(spans: Sequence[offsets.Span], reading: Candidate) -> bool:
    """Tell whether each figure stands under its header: one beside it may be of a wide column next to it."""
    return all(
        slot is None or offsets.overlap(span, offsets.span(slot[0]))
        for span, slot in zip(spans, reading, strict=True)
    )


def _cells(placed: Placed) -> list[Slot | None]:
    """Return the cells of a row that has a line for each, [] where they share lines or its end is not known.

    Unmarked, an empty cell is an empty line before the next label.
    """
    if placed.width or placed.slots[0][0].style == MARKED:
        return []
    if placed.slots[0][0].style != BARE:
        return list(placed.slots)
    at = {entry: (token, entry) for token, entry in placed.slots}
    lines = range(placed.last + 1, placed.end) if placed.last >= 0 else ()
    beside = any(entry not in lines for entry in at)
    return [at.get(entry) for entry in lines] if len(at) == len(placed.slots) and not beside else []


def _places(rows: Sequence[Placed]) -> tuple[int, ...] | None:
    """Return which of their cells full rows have filled, None where these don't tell.

    Empty cells may stand before the figures, or as many empty lines between each two of them.
    """
    found: set[tuple[int, ...]] = set()
    for row in rows:
        cells = (place for place, cell in enumerate(_cells(row)) if cell and not cell[0].blank)
        places = tuple(cells)
        if len(places) == _FULL and places[1] - places[0] == places[2] - places[1]:
            found.add(places)
    return found.pop() if len(found) == 1 else None


def _is_placed(grid: Sequence[Slot]) -> bool:
    """Tell whether figures stand where the grid has them: at its start, or a sign shows the change."""
    return not grid[0][0].blank or squeeze(grid[1][0].text)[:1] in ("+", "-", "−")


def _together(slots: list[Slot]) -> bool:
    """Tell whether no empty cell stands between the figures of a row."""
    places = [place for place, slot in enumerate(slots) if not slot[0].blank]
    return places[-1] - places[0] == len(places) - 1


def _columns(slots: list[Slot]) -> tuple[int, ...]:
    """Return the grid columns of a row's figures."""
    return tuple(token.column for token, _ in filled(slots))


def _without_padding(slots: list[Slot]) -> list[Slot]:
    """Leave out the empty cells by which rows are filled up beyond the table's own columns."""
    end = len(slots)
    while end > _FULL and slots[end - 1][0].blank:
        end -= 1
    return slots[:end]


def _repeated(figures: list[Slot], width: int) -> bool:
    """Tell whether the last figure stands again in each further column that its merged cell covered."""
    last = figures[width - 1][0].text
    return len(figures) <= _FULL and all(slot[0].text == last for slot in figures[width:])


def _usual_widths(rows: Iterable[Placed]) -> frozenset[int]:
    """Return the number of cells that most rows have: a row of another number lost or gained some."""
    counted = Counter(row.width for row in rows if row.width)
    most = max(counted.values(), default=0)
    return frozenset(
        width for width, count in counted.items() if count == most and (count > 1 or len(counted) == 1)
    )
