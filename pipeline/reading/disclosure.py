"""Table 二 (主动公开): rows of one to three columns that no identity covers.

Belongs here: what counting and position alone allow. Where they leave a doubt there is
no arithmetic to decide it, so the row stays open.
"""

from collections import Counter
from collections.abc import Mapping

from pipeline.forms import Row, Table
from pipeline.reading import slots as layouts
from pipeline.reading.align import Alignment, Placed
from pipeline.reading.bands import Slot
from pipeline.reading.bands import filled as filled_of
from pipeline.reading.choose import Choice
from pipeline.reading.tokens import BARE

_FULL = 3  # the table's grid has three columns of figures; rows with fewer leave the rest empty or merged


def choose_disclosure(table: Table, alignment: Alignment) -> dict[str, Choice]:
    """Return each placed row's reading, or an open choice."""
    rows = {row.code: row for row in table.rows}
    usual = _usual_widths(alignment.placed)
    full_rows = [
        placed.slots for code, placed in alignment.placed.items() if len(rows[code].columns) == _FULL
    ]
    columns = layouts.column_layouts(full_rows, _FULL)
    counted = Counter(_columns(placed.slots) for placed in alignment.placed.values() if placed.width)
    shared = frozenset(found for found, count in counted.items() if count > 1)
    choices = {
        code: _choose(rows[code], placed, usual, columns, shared) for code, placed in alignment.placed.items()
    }
    return {
        code: choice if _is_plausible(rows[code], choice) else Choice((), "open")
        for code, choice in choices.items()
    }


def _is_plausible(row: Row, choice: Choice) -> bool:
    """Tell whether no sum of money stands where things are counted."""
    return all(
        label.unit == "yuan" or slot is None or slot[0].mean is None or slot[0].mean.factor is None
        for candidate in choice.candidates
        for label, slot in zip(row.columns, candidate, strict=True)
    )


def _choose(
    row: Row,
    placed: Placed,
    usual: frozenset[int],
    columns: list[layouts.Layout],
    shared: frozenset[tuple[int, ...]],
) -> Choice:
    width = len(row.columns)
    slots = _without_padding(_without_label_cell(placed, usual))
    filled = filled_of(slots)
    if not filled:
        whole = len(slots) >= width or layouts.is_marked(slots) or slots[0][0].style == BARE
        return Choice(((slots[0],) * width,) if whole else (), "counted")
    if width < _FULL and len(filled) > width and _repeated(filled, width):
        return Choice((tuple(filled[:width]),), "counted")
    if len(filled) == width and (_together(slots) or layouts.is_marked(slots) or _columns(slots) in shared):
        return Choice((tuple(filled),), "counted")
    if placed.width and placed.width not in usual and not placed.labels:
        return Choice((), "open")
    if len(slots) == _FULL > width:
        grid = layouts.full_grid(slots, width, _FULL)
        return Choice((grid,) if grid and not grid[0][0].blank else (), "position")
    return _counted_or_positioned(placed._replace(slots=slots), width, usual, columns)


def _together(slots: list[Slot]) -> bool:
    """Tell whether no empty cell stands between the figures of a row."""
    places = [place for place, slot in enumerate(slots) if not slot[0].blank]
    return places[-1] - places[0] == len(places) - 1


def _columns(slots: list[Slot]) -> tuple[int, ...]:
    """Return the grid columns of a row's figures."""
    return tuple(token.column for token, _ in filled_of(slots))


def _without_label_cell(placed: Placed, usual: frozenset[int]) -> list[Slot]:
    """Leave out the empty cell of a label that was lost."""
    first = placed.slots[0][0]
    lost = (
        not placed.labels
        and first.blank
        and placed.width in usual
        and len(placed.slots) == placed.width > _FULL
    )
    return placed.slots[1:] if lost else placed.slots


def _without_padding(slots: list[Slot]) -> list[Slot]:
    """Leave out the empty cells by which rows are filled up beyond the table's own columns."""
    end = len(slots)
    while end > _FULL and slots[end - 1][0].blank:
        end -= 1
    return slots[:end]


def _counted_or_positioned(
    placed: Placed, width: int, usual: frozenset[int], columns: list[layouts.Layout]
) -> Choice:
    counted = layouts.direct(placed.slots, width) if len(filled_of(placed.slots)) < width else None
    if counted and (placed.width == 0 or placed.width in usual or layouts.is_marked(placed.slots)):
        return Choice((counted,), "counted")
    prefixes = [layout.first(width) for layout in columns]
    found = list(layouts.by_position(placed.slots, prefixes))
    same_width = placed.width in usual or layouts.is_marked(placed.slots) or placed.width == 0
    return Choice((found[0],) if len(found) == 1 and same_width else (), "position")


def _repeated(filled: list[Slot], width: int) -> bool:
    """Tell whether the last figure stands again in each further column that its merged cell covered."""
    return len(filled) <= _FULL and all(slot[0].text == filled[width - 1][0].text for slot in filled[width:])


def _usual_widths(placed: Mapping[str, Placed]) -> frozenset[int]:
    """Return the number of cells that most rows have: a row of another number lost or gained some."""
    counted = Counter(row.width for row in placed.values() if row.width)
    most = max(counted.values(), default=0)
    return frozenset(
        width for width, count in counted.items() if count == most and (count > 1 or len(counted) == 1)
    )
