"""From tokens to bands: the texts that name a row, then the slots that hold its figures.

Belongs here: what is a label and what a slot, by the layout alone. Does not belong
here: which statutory row a band is, and which slot is which column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.reading.regions import Entry, Line
from pipeline.reading.tokens import BARE, INDENTED, MARKED, PIPED, STYLES, TABBED, Token

# In these styles one line is one row of the table; in the others one line is one cell.
ROW_STYLES = frozenset([TABBED, PIPED, MARKED, BARE])
_UNMARKED = frozenset([BARE, INDENTED])
_FEWEST_IN_A_ROW = 2

# A place for a figure: its token, and the stream's entry that it stands in.
Slot = tuple[Token, int]


@dataclass(slots=True)
class Band:
    """Label texts followed by slots; either may be empty.

    `width` is the number of cells of the line it stands in, 0 when cells have a line each.
    """

    labels: list[Token] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    width: int = 0


def filled(slots: Iterable[Slot]) -> list[Slot]:
    """Return the slots in which something stands."""
    return [slot for slot in slots if not slot[0].blank]


def bands(entries: Sequence[Entry]) -> list[Band]:
    """Return the bands of one table, in reading order."""
    found = [Band()]
    style = _usual_style(entries)
    for index, line in entries:
        token = line.tokens[0]
        if len(line.tokens) > 1:
            _add_row(found, index, line)
        elif token.mean is None and token.named:
            _add_label(found, token)
        elif not _is_stray(found[-1], token, style):
            found[-1].slots.append((token, index))
    return [band for band in found if band.labels or band.slots]


def _usual_style(entries: Iterable[Entry]) -> int:
    """Return the style in which most of the table's figures are marked."""
    counts = [0] * STYLES
    for _, line in entries:
        token = line.tokens[-1]
        if token.mean is not None and not token.blank:
            counts[token.style] += 1
    return counts.index(max(counts))


def _is_stray(band: Band, token: Token, style: int) -> bool:
    """Tell whether a lone figure is no cell: unmarked among marked ones, or after a row that is complete."""
    if token.style not in _UNMARKED:
        return False
    return style not in _UNMARKED or (band.width > 0 and bool(band.slots))


def _add_row(found: list[Band], index: int, line: Line) -> None:
    """Add a line of several cells; labels before, between and (as text) inside its figures."""
    tokens, first = line.tokens, line.first
    for token in tokens[:first]:
        if token.mean is None:
            _add_label(found, token)
    if first == len(tokens):
        return
    if len(tokens) - first >= _FEWEST_IN_A_ROW and tokens[0].style in ROW_STYLES and found[-1].slots:
        found.append(Band())
    if line.mixed:
        _add_mixed(found, tokens[first:], index)
    else:
        found[-1].slots += [(token, index) for token in tokens[first:]]
    found[-1].width = len(tokens)


def _add_mixed(found: list[Band], tokens: Iterable[Token], index: int) -> None:
    for token in tokens:
        if token.labels:
            _add_label(found, token)
        else:
            found[-1].slots.append((token, index))


def _add_label(found: list[Band], token: Token) -> None:
    if found[-1].slots:
        found.append(Band())
    found[-1].labels.append(token)
