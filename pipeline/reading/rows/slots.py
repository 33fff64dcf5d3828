"""The slots of one row: the places for its figures, empty ones among them, and what they are together.

Belongs here: what holds of a row's slots whichever row it is. Does not belong here: the columns that they
may be (columns/).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pipeline.reading.words.tokens import BARE, ENDING_PIPE, INDENTED, MARKED, PIPED, TABBED, Token, word

# A place for a figure: its token, and the stream's entry that it stands in.
Slot = tuple[Token, int]

# In these styles one line is one row of the table; in the others one line is one cell.
ROW_STYLES = frozenset([TABBED, PIPED, MARKED, BARE])
LINED_STYLES = frozenset([INDENTED, ENDING_PIPE])  # of cells that have a line each, and are marked
CELL_STYLES = frozenset([TABBED, PIPED])  # in which a text may hold several figures in one cell
STRAY = 2  # figures (page numbers) that a row may have beyond its columns; more are another row's


def filled(slots: Iterable[Slot]) -> list[Slot]:
    """Return the slots in which something stands."""
    return [slot for slot in slots if not slot[0].blank]


def have_line_each(slots: Sequence[Slot]) -> bool:
    """Tell whether no two cells stand in one line."""
    return len({entry for _, entry in slots}) == len(slots)


def adds_up(slots: Sequence[Slot]) -> bool:
    """Tell whether the last figure is the sum of those before it."""
    numbers = [token.number for token, _ in slots]
    return None not in numbers and sum(number or 0 for number in numbers) == 2 * (numbers[-1] or 0)


def joined(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return the figures of a row with those of one marked cell made one: digits that spaces part (1 2 3).

    What is no digits together is a cell that nobody understands.
    """
    parts: list[list[Slot]] = []
    for slot in filled(slots):
        if parts and slot[0].style in CELL_STYLES and _place(parts[-1][0]) == _place(slot):
            parts[-1].append(slot)
        else:
            parts.append([slot])
    return tuple(part[0] if len(part) == 1 else whole(part) for part in parts)


def _place(slot: Slot) -> tuple[int, int]:
    return slot[1], slot[0].column


def whole(part: Sequence[Slot]) -> Slot:
    """Return digits that something parts as one figure; what is no digits as a cell nobody understands."""
    (token, entry), texts = part[0], [token.text for token, _ in part]
    figure = word("".join(texts)) if all(text.isdigit() for text in texts) else None
    mean, number = (figure.mean, figure.number) if figure else (None, None)
    text = " ".join(texts)
    return Token(text, mean, (), text, False, number, False, token.column, token.style, token.line), entry


def unread(slots: Iterable[Slot], plain: Collection[Slot]) -> tuple[Slot, ...]:
    """Return slots of which all but the `plain` ones are cells that nobody understands."""
    return tuple(
        slot if slot in plain else (replace(slot[0], mean=None, number=None), slot[1]) for slot in slots
    )


def is_plain(figures: Sequence[Slot]) -> bool:
    """Tell whether each figure is one that is understood."""
    return None not in [token.number for token, _ in figures]


def is_by_program(slot: Slot) -> bool:
    """Tell whether a program set the row's cells, not somebody's tabs: by commas, pipes, or in a list."""
    return slot[0].style != TABBED or slot[0].line > 0


def is_marked(slots: Sequence[Slot]) -> bool:
    """Tell whether the format itself marks the row's cells (HTML, DOCX, ruled PDF)."""
    return bool(slots) and all(slot[0].style == MARKED for slot in slots)


def is_one_row(slots: Sequence[Slot]) -> bool:
    """Tell whether the cells, empty ones too, stand in one line that marks each of them."""
    return are_in_one_row(slots) and slots[0][0].style != BARE


def are_in_one_row(figures: Sequence[Slot]) -> bool:
    """Tell whether figures stand in one line that is a row of the table."""
    return bool(figures) and all(
        entry == figures[0][1] and token.style in ROW_STYLES for token, entry in figures
    )
