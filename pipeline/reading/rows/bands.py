"""From tokens to bands: the texts that name a row, then the slots that hold its figures.

Belongs here: what is a label and what a slot, by the layout alone. Does not belong
here: which statutory row a band is, and which slot is which column.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile, pairwise, repeat

from pipeline.reading.rows.labels_last import with_labels_leading
from pipeline.reading.rows.slots import ROW_STYLES, Slot, filled
from pipeline.reading.words import labels
from pipeline.reading.words.lines import SERIALS, Entry, Line, names_row
from pipeline.reading.words.tokens import (
    BARE,
    INDENTED,
    MARKED,
    STYLES,
    TABBED,
    Token,
    are_in_threes,
    begins_with_numeral,
    figures_in,
    is_garbled,
    is_label,
    moved,
    word,
)

_UNMARKED = frozenset([BARE, INDENTED])
_FEWEST_IN_A_ROW = 2
_FEWEST_ROWS = 3  # that have the same number of cells
_ROW_KINDS = frozenset(["item", "outcome"])
_FEWEST_LABELS = 4  # of rows that are a block; fewer may be rows left empty
_ALL_BUT_TOTAL = 6  # of a row of table 三
_FEWEST_TABBED = 3  # cells of a line that is a row of empty ones: one has its own tab before it
_FEW = 6  # of so many lines with one figure, one may hold two
_ITEMS = frozenset("12345678")
_AFTER_NUMERAL = frozenset(".．、")


@dataclass(slots=True)
class Band:
    """Label texts followed by slots; either may be empty.

    `width` is the number of grid columns that its line reaches to, 0 when cells have a
    line each. `first` and `last` are the entries of its first and last label (-1: none),
    `end` that of the next band's first label. `own` is how many of the last labels stand
    in the line of the slots. `lines` are the entries of all labels, until these are mended (mending.py).
    `loose` tells whether a figure after the slots was left out: it may be a page's number.
    """

    labels: list[Token] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    width: int = 0
    first: int = -1
    last: int = -1
    end: int = -1
    own: int = 0
    lines: list[int] = field(default_factory=list)
    loose: bool = False
    _figures: list[Slot] | None = None

    @property
    def figures(self) -> list[Slot]:
        """The slots in which something stands; asked for only when the band is complete."""
        if self._figures is None:
            self._figures = filled(self.slots)
        return self._figures


def bands(entries: Sequence[Entry], left_out: Sequence[int] = ()) -> list[Band]:
    """Return the bands of one table, in reading order.

    `left_out` are the lines, in order, that were taken for page numbers: a band has no `end`
    when one stands before it, for it may have been a cell.
    """
    entries = with_labels_leading(entries)
    with_figures = [line for _, line in entries if line.figures]
    styles = [line.style for line in with_figures]
    style = _usual_style(styles)
    are_cells = _are_cells(with_figures) and not _has_rows_of_tabs(entries, len(with_figures))
    if INDENTED in styles and (style == TABBED or any(line.is_row for line in with_figures)):
        entries = list(_with_cells(entries))
    found = _of_cells(entries, style) if are_cells else _of_rows(entries, style)
    _set_ends(found, left_out)
    if are_cells:
        found = _with_garbled(found)
    _drop_item_numerals(found)
    return [band for band in found if band.labels or band.slots]


def _of_rows(entries: Iterable[Entry], style: int) -> list[Band]:
    """Return the bands of a table whose rows have a line each."""
    found = [Band()]
    for index, line in entries:
        if len(line.tokens) == 1:
            if not _is_serial(line.tokens[0], found[-1]):
                for token in _label_and_figure(line.tokens[0]):
                    _add_lone(found, index, token, style)
        elif not line.counts and not (style == INDENTED and _is_white(line)):
            _add_row(found, index, line, are_cells=False)
    return found


def _of_cells(entries: Iterable[Entry], style: int) -> list[Band]:
    """Return the bands of a table whose cells have a line each."""
    found = [Band()]
    marked = style not in _UNMARKED
    for index, line in entries:
        if line.is_cell and line.style == style:
            (token,) = line.tokens
            if marked or not (found[-1].width or token.text.endswith("。")):
                found[-1].slots.append((token, index))  # nearly every line
                continue
        if len(line.tokens) == 1:
            for token in _label_and_figure(line.tokens[0]):
                _add_lone(found, index, token, style)
        elif not line.counts and not (style == INDENTED and _is_white(line)):
            _add_cells(found, index, line, style)
    return found


def _label_and_figure(token: Token) -> Sequence[Token]:
    """Part a cell that is a row's whole label and, after a space, a figure: they were run together."""
    if token.mean is not None or token.labels or " " not in token.text:
        return (token,)
    if not any(map(str.isdigit, token.text)):
        return (token,)
    for place in (at for at, letter in enumerate(token.text) if letter == " "):
        texts = token.text[:place].strip(), token.text[place:].strip()
        parts = [moved(word(text), token.column, token.style, token.line) for text in texts if text]
        if len(parts) == len(texts) and parts[1].number is not None and names_row(parts[0]):
            return parts
    return (token,)


def _add_cells(found: list[Band], index: int, line: Line, style: int) -> None:
    """Add a line of several cells of a table whose cells have a line each: they were run together."""
    tokens = line.tokens
    if line.written == 1 and tokens[0].style == TABBED:
        _add_lone(found, index, next(token for token in tokens if not token.blank), style)
    elif found[-1].labels and _is_of_figures(line) and are_in_threes(token.text for token in tokens):
        found[-1].slots.append((word(" ".join(token.text for token in tokens), tokens[0].column), index))
    elif found[-1].slots and _is_of_figures(line):
        found[-1].slots.extend(zip(tokens, repeat(index)))
    else:
        _add_row(found, index, line, are_cells=True)


def _with_cells(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the lines of a table of tabs; tabs before a lone figure are cells of a row as long as others.

    Other lines have as many cells, or with the labels' column one more.
    """
    lengths: set[int] = set()
    for entry in entries:
        index, line = entry
        token = line.tokens[0]
        if token.style != INDENTED or token.mean is None or token.blank or token.text.endswith("。"):
            yield entry
            continue
        lengths = lengths or {len(other.tokens) for _, other in entries}
        told = not lengths.isdisjoint((token.column + 2, token.column + 3))
        yield (index, replace(line, tokens=after_tabs(token), is_cell=False)) if told else entry


def after_tabs(token: Token) -> tuple[Token, ...]:
    """Return the cells of a row in which only the last is filled: tabs before it look like an indent."""
    tabs = token.column + 1
    return (*(word("", place, TABBED) for place in range(tabs)), moved(token, tabs, TABBED, 0))


def _set_ends(found: Sequence[Band], left_out: Sequence[int]) -> None:
    for band, following in pairwise(found):
        band.end = following.first
        if left_out and bisect_right(left_out, band.last) < bisect_left(left_out, band.end):
            band.end = -1


def _add_lone(found: list[Band], index: int, token: Token, style: int) -> None:
    """Add the one text or figure of a line, `style` being that of most figures of the table."""
    if token.mean is None and token.named and not figures_in(token.text):
        _add_labels(found, [token], index)
    elif (
        token.style not in _UNMARKED
        or not _is_stray(found[-1], token, style)
        or _is_sum(token, found[-1].slots)
    ):
        found[-1].slots.append((token, index))
    elif token.number is not None and not token.blank:
        found[-1].loose = True


def _are_cells(with_figures: Sequence[Line]) -> bool:
    """Tell whether nearly all lines with figures hold one: then two in a line are cells run together."""
    lone = [line for line in with_figures if line.written == 1]
    if (len(with_figures) - len(lone)) * _FEW >= len(lone):
        return False
    cells = len([line for line in lone if not line.is_row])
    return (len(with_figures) - cells) * _FEW < cells


def _has_rows_of_tabs(entries: Sequence[Entry], figures: int) -> bool:
    """Tell whether more lines are tabs alone, several in each, than have figures: rows left empty."""
    return figures < sum(len(line.tokens) >= _FEWEST_TABBED and _is_white(line) for _, line in entries)


def _is_of_figures(line: Line) -> bool:
    """Tell whether a line holds figures alone, in no cells that the format marks."""
    return line.figures == len(line.tokens) and line.tokens[0].style != MARKED


def _is_white(line: Line) -> bool:
    """Tell whether a line is tabs alone: between cells with a line each it is no row of empty cells."""
    return all(token.style == TABBED and not token.text for token in line.tokens)


def _with_garbled(found: Sequence[Band]) -> list[Band]:
    """Return the bands with words that stand in place of a figure (待核实) among the cells of their row.

    They are no label's, and with them the row has as many cells as most rows have.
    """
    if all(token.labels for band in found for token in band.labels):
        return list(found)
    lengths = Counter(len(band.slots) for band in found if band.slots)
    usual, count = lengths.most_common(1)[0] if lengths else (0, 0)
    if count < _FEWEST_ROWS:
        return list(found)
    result = list(found[:1])
    for band in (_with_garbled_first(band, usual) for band in found[1:]):
        last, cell = result[-1], _garbled(band)
        if cell is None or not last.slots:
            result.append(band)
        elif len(band.labels) == 1 and len(last.slots) + 1 + len(band.slots) == usual:
            result[-1] = replace(last, slots=[*last.slots, cell, *band.slots], end=band.end, _figures=None)
        elif len(band.labels) > 1 and len(last.slots) + 1 == usual:
            result[-1] = replace(last, slots=[*last.slots, cell], _figures=None)
            result.append(replace(band, labels=band.labels[1:], lines=band.lines[1:]))
        else:
            result.append(band)
    return result


def _with_garbled_first(band: Band, usual: int) -> Band:
    """Return a band with its last text as its first cell, when that stands after the row's own label."""
    before = band.labels[-2].labels if len(band.labels) > 1 and not band.own else ()
    own = any(label.kind in _ROW_KINDS for label in before)
    if len(band.slots) + 1 != usual or not own or not is_garbled(band.labels[-1]):
        return band
    slots = [(band.labels[-1], band.last), *band.slots]
    return replace(band, labels=band.labels[:-1], lines=band.lines[:-1], slots=slots)


def _garbled(band: Band) -> Slot | None:
    """Return the first text over a row's label, or in place of one, that is no part of any."""
    return (band.labels[0], band.first) if band.labels and is_garbled(band.labels[0]) else None


def _drop_item_numerals(found: Sequence[Band]) -> None:
    """Take out a figure that is the numeral of the next label's item: 不予公开5 .属于三类内部事务信息."""
    for band, following in pairwise(found):
        begun = following.labels and following.labels[0].text[0] in _AFTER_NUMERAL
        if not begun or not band.labels or len(band.slots) != 1 or band.slots[0][0].text not in _ITEMS:
            continue
        if any(label.kind == "heading" for label in band.labels[-1].labels):
            band.slots = []


def _usual_style(styles: Sequence[int]) -> int:
    """Return the style in which most of the table's figures are marked."""
    if styles and styles[0] >= 0 and styles.count(styles[0]) == len(styles):
        return styles[0]
    counts = [styles.count(style) for style in range(STYLES)]
    return counts.index(max(counts))


def _is_stray(band: Band, token: Token, style: int) -> bool:
    """Tell whether a lone unmarked figure is no cell: a sentence, among marked ones, or after a full row."""
    if style not in _UNMARKED or token.text[-1:] == "。":
        return True
    if not band.width or token.number is None or token.blank:
        return False
    if band.slots and band.slots[-1][1] > band.last:
        return False  # below the label, where either may be the row's and the other a page's number
    return bool(band.slots) and bool(band.labels) and not _is_block(band)


def _is_sum(token: Token, slots: Sequence[Slot]) -> bool:
    """Tell whether a lone figure is the sum of a row that has one cell too few: its total."""
    cells = list(dropwhile(lambda slot: slot[0].blank, slots))
    numbers = [other.number or 0 for other, _ in cells if not other.blank]
    return len(numbers) == len(cells) >= _ALL_BUT_TOTAL and token.number == sum(numbers) > 0


def _is_block(band: Band) -> bool:
    """Tell whether the labels of several rows stand before a band's figures: other rows follow it."""
    rows = sum(not _ROW_KINDS.isdisjoint(label.kind for label in token.labels) for token in band.labels)
    return rows >= _FEWEST_LABELS


def _add_row(found: list[Band], index: int, line: Line, *, are_cells: bool) -> None:
    """Add a line of several cells; labels before, between and (as text) inside its figures."""
    style = line.tokens[0].style
    is_row = style in ROW_STYLES and not (are_cells and style == BARE)
    if is_row and line.leading and found[-1].slots and not line.mixed:
        found.append(_whole_row(index, line))  # nearly every row
        return
    tokens = line.tokens if line.first else _without_serial(found[-1], line)
    if line.leading:
        _add_labels(found, line.leading, index)
    cells = tokens[line.first :]
    if not cells:
        return
    band = found[-1]
    if is_row and band.slots and len(cells) >= _FEWEST_IN_A_ROW:
        band = Band()
        found.append(band)
    if not band.slots:
        band.own = len(line.leading)
    if line.mixed:
        _add_mixed(found, cells, index)
        band = found[-1]
    else:
        band.slots += [(token, index) for token in cells]
    if is_row:
        band.width = len(tokens) if style == BARE else tokens[-1].column + 1


def _whole_row(index: int, line: Line) -> Band:
    """Return the band of a line whose labels all stand before its figures."""
    labels, tokens = line.leading, line.tokens
    slots = list(zip(tokens[line.first :], repeat(index)))
    band = Band([*labels], slots, 0, index, index, lines=[index] * len(labels))
    if slots:
        band.own = len(labels)
        band.width = len(tokens) if tokens[0].style == BARE else tokens[-1].column + 1
    return band


def _without_serial(band: Band, line: Line) -> tuple[Token, ...]:
    """Leave out a row's number before aligned words: further left than its label, which is cut over lines."""
    tokens = line.tokens
    if line.first or not _is_serial(tokens[0], band):
        return tokens
    label = band.labels[-1]
    return tokens[1:] if label.column + len(label.text) <= tokens[1].column else tokens


def _is_serial(token: Token, band: Band) -> bool:
    """Tell whether a word is the number of the row whose label stands further right in the line before."""
    if not band.labels or band.slots or token.style != BARE or token.number not in SERIALS:
        return False
    if not token.text.isdigit():
        return False
    label = band.labels[-1]
    if label.style not in _UNMARKED or token.column >= label.column:
        return False
    header = any(other.kind not in _ROW_KINDS for other in label.labels)
    return not header and (begins_with_numeral(label) or _is_part_of_rows(label.skeleton))


def _is_part_of_rows(text: str) -> bool:
    """Tell whether a text is part of a row's label; what is part of a header's (作数量) is none."""
    return len(text) > 1 and any(text in name for kind in _ROW_KINDS for name in labels.spellings(kind))


def _add_mixed(found: list[Band], tokens: Iterable[Token], index: int) -> None:
    for token in tokens:
        if is_label(token):
            _add_labels(found, [token], index)
        else:
            found[-1].slots.append((token, index))


def _add_labels(found: list[Band], tokens: Sequence[Token], index: int) -> None:
    band = found[-1]
    lines = [index] * len(tokens)
    if band.slots:
        found.append(Band(list(tokens), [], 0, index, index, lines=lines))
        return
    band.labels += tokens
    band.lines += lines
    band.last = index
    if band.first < 0:
        band.first = index
