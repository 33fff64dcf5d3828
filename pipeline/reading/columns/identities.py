"""What the identities over columns decide of table 三: readings that they prove, rule out or refute.

Belongs here: all rows together. Does not belong here: the readings that one row's layout and its own
equation allow (arithmetic.py), nor the judgement of the finished cells (checking/).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import product
from math import prod

from pipeline.forms import Equation, Table, forms
from pipeline.reading.columns import candidates
from pipeline.reading.columns.arithmetic import (
    OPEN,
    Choice,
    Sides,
    distinct,
    has_number,
    holds,
    meaning,
    number,
    row_sides,
)
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.drifted import in_nearest_columns
from pipeline.reading.rows.placed import DOUBT, Alignment, Placed
from pipeline.reading.rows.slots import is_marked
from pipeline.reading.rows.unfilled import unfilled
from pipeline.reading.words.lines import Entry

_MOST_COMBINATIONS = 4000
_MOST_WAYS = 100  # in which rows that don't add up may stand in their cells
_MOST_MISPRINTED = 3  # rows that don't add up with the cells before their last figure

# A row's numbers by column, None where one is not known.
Values = tuple[int | float | None, ...]
# Those of the rows, None where a whole row is not known.
Numbers = dict[str, Values | None]
_Readings = dict[str, Candidate]


def decided(alignment: Alignment, choices: dict[str, Choice], entries: Sequence[Entry]) -> dict[str, Choice]:
    """Return the choices after the identities over columns have proved or ruled out what they can."""
    table, placed = alignment.table, alignment.placed
    before = choices
    if any(len(choice.candidates) != 1 for choice in choices.values()):
        choices = _drifted(alignment, choices, entries)
        choices = _narrowed(table, placed, _in_whole_columns(table, placed, _proven(table, placed, choices)))
    choices = _with_told(table, placed, _without_moved(table, placed, choices))
    proven = [code for code, choice in choices.items() if choice.candidates and choice is not before[code]]
    if not proven:
        return choices
    return choices | {code: _without_loose_blanks(placed, code, choices[code]) for code in proven}


def _without_loose_blanks(placed: Mapping[str, Placed], code: str, choice: Choice) -> Choice:
    """Return the choice of a row that all rows prove, open where a zero may stand in an empty cell's place.

    That columns add up tells where figures stand, and of zeros nothing. Rows like it may show its cells.
    """
    if len(choice.candidates) != 1 or _is_in_step(placed, code, choice.candidates[0]):
        return choice
    (reading,) = choice.candidates
    others = candidates.possible(placed[code].figures, len(reading))
    same = distinct([reading, *(one for one in others if _values(one) == _values(reading))])
    if len(same) == 1:
        return choice
    sure = (len(set(map(meaning, cells))) == 1 for cells in zip(*same, strict=True))
    told = (slot if is_sure and meaning(slot) else None for slot, is_sure in zip(reading, sure, strict=True))
    return Choice((), "open", tuple(told))


def _is_in_step(placed: Mapping[str, Placed], code: str, reading: Candidate) -> bool:
    """Tell whether a row's cells stand where all rows with labels in its label's column have their figures.

    One of these ends there with a figure. A row that lost or gained a cell is one cell beside them.
    """
    row, first = placed[code], reading[0]
    if first is None or None in reading:
        return False
    start = row.slots.index(first)
    last = start + len(reading) - 1
    if row.slots[last : last + 1] != [reading[-1]]:
        return False
    like = [
        [place for place, slot in enumerate(other.slots) if not slot[0].blank]
        for key, other in placed.items()
        if key != code and other.figures and _label_column(other) == _label_column(row)
    ]
    return all(start <= at[0] and at[-1] <= last for at in like) and any(at[-1] == last for at in like)


def _label_column(row: Placed) -> int:
    return row.labels[-1].column if row.labels else -1


def _drifted(alignment: Alignment, choices: dict[str, Choice], entries: Sequence[Entry]) -> dict[str, Choice]:
    """Take the nearest columns for each open row of words, where all columns then add up."""
    table, placed = alignment.table, alignment.placed
    known = _numbers(table, placed, choices)
    unknown = [code for code in choices if code not in known and has_number(placed[code].figures)]
    trial = in_nearest_columns(placed, unknown, len(table.rows[0].columns)) if unknown else {}
    if not trial or not all(holds(reading, row_sides(table)) for reading in trial.values()):
        return choices
    zeros = (0,) * len(table.rows[0].columns)
    read = (
        dict.fromkeys(unfilled(alignment, entries), zeros)
        | known
        | {code: _values(one) for code, one in trial.items()}
    )
    if _any_fails(table, read):
        return choices
    return choices | {
        code: Choice((reading,), "arithmetic")
        for code, reading in trial.items()
        if placed[code].how != DOUBT and _is_asked(table, code, _values(reading), read)
    }


def _with_told(table: Table, placed: Mapping[str, Placed], choices: dict[str, Choice]) -> dict[str, Choice]:
    """Return the choices, those of open rows with the cells that are the same in every reading of the row.

    Only figures that the identities over their columns bear out: that a row adds up in several ways doesn't
    prove that all its figures are there.
    """
    several = {code: choice.candidates for code, choice in choices.items() if len(choice.candidates) > 1}
    if not several:
        return choices
    agreed = {code: _agreed(candidates) for code, candidates in several.items()}
    known = _numbers(table, placed, choices) | {
        code: _agreed_numbers(candidates) for code, candidates in several.items()
    }
    proven = {
        (code, place)
        for equation, place in over_columns(table)
        if (found := sums(equation, place, known)) and found[0] == found[1] != 0
        for code in _rows_of(equation)
    }
    told = {
        code: tuple(slot if (code, place) in proven else None for place, slot in enumerate(cells))
        for code, cells in agreed.items()
    }
    return {
        code: replace(choice, told=told[code]) if code in told else choice for code, choice in choices.items()
    }


def _agreed_numbers(candidates: Sequence[Candidate]) -> Values:
    """Return the numbers that all readings of a row have in the same columns, None at the others."""
    columns = zip(*map(_values, candidates), strict=True)
    return tuple(numbers[0] if len(set(numbers)) == 1 else None for numbers in columns)


def _agreed(candidates: Sequence[Candidate]) -> Candidate:
    """Return the figures that all readings of a row have in the same columns, None at the others."""
    return tuple(
        cells[0] if cells[0] and number(cells[0]) and len(set(map(meaning, cells))) == 1 else None
        for cells in zip(*candidates, strict=True)
    )


def _proven(table: Table, placed: Mapping[str, Placed], choices: dict[str, Choice]) -> dict[str, Choice]:
    """Take the cells before each open row's last figure for its columns, where all columns then add up.

    The total of a row with figures is its last figure. A cell that was lost or added between its
    figures would move some of them into other columns, which then would not add up. One row that is so is
    found by it: with its figures in other columns all add up.
    """
    known = _numbers(table, placed, choices)
    unknown = [code for code in choices if code not in known and has_number(placed[code].figures)]
    trial = {code: reading for code in unknown if (reading := _up_to_total(table, placed[code]))}
    read = known | {code: _values(reading) for code, reading in trial.items()}
    moved = [code for code in unknown if code not in trial]
    if not _any_fails(table, read):
        trial, read = _with_each_moved(table, placed, trial, read, moved)
    elif len(moved) > 1:
        return choices
    else:
        one = _with_one_moved(table, placed, trial, read, moved or list(trial))
        if one is None:
            return choices
        trial, read = one
    proven = {code for code, reading in trial.items() if _is_asked(table, code, _values(reading), read)}
    return {
        code: _choice_of(placed, code, trial[code]) if code in proven else choice
        for code, choice in choices.items()
    }


def _choice_of(placed: Mapping[str, Placed], code: str, reading: Candidate) -> Choice:
    """Return the choice of a proven row. Of one in doubt the empty cells stay open.

    A figure that has no place may be theirs.
    """
    if placed[code].how == DOUBT and any(slot is None or slot[0].blank for slot in reading):
        return Choice((), "open", tuple(None if slot is None or slot[0].blank else slot for slot in reading))
    return Choice((reading,), "arithmetic")


def _in_whole_columns(
    table: Table, placed: Mapping[str, Placed], choices: dict[str, Choice]
) -> dict[str, Choice]:
    """Take the cells before open rows' last figures where all columns with a figure of the row add up.

    Other columns need not: a misprint fails its own. A row whose cells moved would fail all columns that its
    figures come from and go to.
    """
    known = _numbers(table, placed, choices)
    unknown = [code for code in choices if code not in known and has_number(placed[code].figures)]
    width, sides = len(table.rows[0].columns), row_sides(table)
    trial = {
        code: reading
        for code in unknown
        if not is_marked(placed[code].slots) and (reading := candidates.up_to_last(placed[code].slots, width))
    }
    misprinted = [code for code, reading in trial.items() if not holds(reading, sides)]
    if len(misprinted) > _MOST_MISPRINTED:
        return choices
    suspects = [code for code in unknown if code in misprinted or code not in trial]
    ways = [_ways(placed[code], width, are_moved=bool(misprinted)) for code in suspects]
    if 0 < prod(map(len, ways)) <= _MOST_WAYS and suspects:
        read = known | {code: _values(reading) for code, reading in trial.items()}
        trial |= _in_all_columns(table, read, suspects, ways)
    whole = _whole_columns(table, known | {code: _values(reading) for code, reading in trial.items()})
    totals = {place for left, _ in sides for place in left}
    proven = {
        code: _choice_of(placed, code, reading)
        for code, reading in trial.items()
        if (inner := {place for place, slot in enumerate(reading) if number(slot)} - totals)
        and inner <= whole
    }
    return choices | proven


def _in_all_columns(
    table: Table, read: Numbers, suspects: Sequence[str], ways: Sequence[Sequence[Candidate]]
) -> _Readings:
    """Return the readings of rows that may end before their total, where all columns but the totals' add up.

    Where the total is left out the last figure is another's: such rows don't add up with the cells before it,
    or have too few. {} unless there is one way to it.
    """
    totals = {place for left, _ in row_sides(table) for place in left}
    inner = set(range(len(table.rows[0].columns))) - totals
    tried = (dict(zip(suspects, way, strict=True)) for way in product(*ways))
    found = [
        readings
        for readings in tried
        if inner <= _whole_columns(table, read | {code: _values(one) for code, one in readings.items()})
    ]
    return found[0] if len(found) == 1 else {}


def _ways(row: Placed, width: int, *, are_moved: bool) -> list[Candidate]:
    """Return the readings of a row by as many cells in a run as columns.

    Where rows don't add up, of cells that make none also those without some empty one. None of a row with a
    line for each cell of which one was taken for a page's number: it may be the total.
    """
    slots = row.slots
    if is_marked(slots) or (not row.width and row.end < 0):
        return []
    found = candidates.in_a_run(slots, width)
    if not found and are_moved and len(slots) > width:
        found = candidates.possible(slots, width)
    return list({_values(reading): reading for reading in found}.values())


def _whole_columns(table: Table, known: Numbers) -> set[int]:
    """Return the columns in which every identity can be asked and holds."""
    found = [(place, sums(equation, place, known)) for equation, place in over_columns(table)]
    failing = {place for place, both in found if both is None or both[0] != both[1]}
    return {place for place, _ in found} - failing


def _with_each_moved(
    table: Table, placed: Mapping[str, Placed], trial: _Readings, read: Numbers, moved: Sequence[str]
) -> tuple[_Readings, Numbers]:
    """Return the readings with those of moved rows that the columns tell one by one."""
    for code in moved:
        one = _with_one_moved(table, placed, trial, read, [code])
        values = one[1].get(code) if one else None
        if one and values and _is_asked(table, code, values, one[1]):
            trial, read = one
    return trial, read


def _with_one_moved(
    table: Table, placed: Mapping[str, Placed], trial: _Readings, read: Numbers, suspects: Sequence[str]
) -> tuple[_Readings, Numbers] | None:
    """Return the readings with which all columns add up when one row has its figures in other columns.

    Rows of which several may be that one are left out, and one whose zeros may stand in several places: its
    numbers are known. None when no row does it.
    """
    width, sides = len(table.rows[0].columns), row_sides(table)
    solutions = [
        (code, other)
        for code in suspects
        for other in distinct(candidates.possible(placed[code].figures, width))
        if holds(other, sides) and not _any_fails(table, read | {code: _values(other)})
    ]
    told = {(code, _values(reading)) for code, reading in solutions}
    if not solutions or (len(told) > 1 and len(suspects) == 1):
        return None
    moved = dict(solutions)
    doubtful = set(moved) if len(solutions) > 1 else set()
    if len(told) == 1:
        doubtful |= _rivals(placed, trial, *solutions[0], sides)
    readings = {code: reading for code, reading in (trial | moved).items() if code not in doubtful}
    return readings, read | {code: _values(reading) for code, reading in moved.items()}


def _rivals(
    placed: Mapping[str, Placed], trial: _Readings, code: str, moved: Candidate, sides: Sequence[Sides]
) -> set[str]:
    """Return a moved row and others whose figures could have moved along with its own, all columns adding up.

    Empty where there is none: then the one row alone explains it.
    """
    own = [number for number in _values(moved) if number]
    rivals = {
        other
        for other, reading in trial.items()
        if other != code
        for option in distinct(candidates.possible(placed[other].figures, len(moved)))
        if holds(option, sides)
        and (rest := _less(_values(moved), _values(option), _values(reading)))
        and rest != _values(moved)
        and [number for number in rest if number] == own
    }
    return rivals | {code} if rivals else set()


def _less(moved: Values, option: Values, reading: Values) -> Values:
    """Return what is left for a moved row when another has its figures elsewhere, () when less than none."""
    rest = tuple(
        (one or 0) - (new or 0) + (old or 0) for one, new, old in zip(moved, option, reading, strict=True)
    )
    return () if any(number < 0 for number in rest) else rest


def _any_fails(table: Table, known: Numbers) -> bool:
    return any(_fails(equation, place, known) for equation, place in over_columns(table))


def _up_to_total(table: Table, row: Placed) -> Candidate | None:
    if is_marked(row.slots):
        return None
    reading = candidates.up_to_last(row.slots, len(table.rows[0].columns))
    return reading if reading and holds(reading, row_sides(table)) else None


def _is_asked(table: Table, code: str, values: Values, known: Numbers) -> bool:
    """Tell whether some identity over the column of each figure that is not zero is known whole."""
    asked = {
        place
        for equation, place in over_columns(table)
        if code in _rows_of(equation) and sums(equation, place, known) is not None
    }
    return all(place in asked for place, value in enumerate(values) if value)


def _narrowed(table: Table, placed: Mapping[str, Placed], choices: dict[str, Choice]) -> dict[str, Choice]:
    """Leave of several candidates those with which the columns add up.

    An identity with a row that is missing or unreadable can't be asked; when none can
    be asked about an open row, nothing is ruled out by it.
    """
    open_rows = [code for code, choice in choices.items() if len(choice.candidates) > 1]
    if not open_rows or prod(len(choices[code].candidates) for code in open_rows) > _MOST_COMBINATIONS:
        return choices
    known = _numbers(table, placed, choices)
    equations = over_columns(table)
    surviving: list[Sequence[Candidate]] = []
    for combination in product(*(choices[code].candidates for code in open_rows)):
        trial = known | dict(zip(open_rows, map(_values, combination), strict=True))
        if not any(_fails(equation, place, trial) for equation, place in equations):
            surviving.append(combination)
    narrowed = dict(choices)
    for place, code in enumerate(open_rows if surviving else ()):
        left = distinct(combination[place] for combination in surviving)
        narrowed[code] = Choice(tuple(left), "arithmetic" if len(left) == 1 else "open")
    return narrowed


def _without_moved(
    table: Table, placed: Mapping[str, Placed], choices: dict[str, Choice]
) -> dict[str, Choice]:
    """Leave open each row whose figures, in other columns, would make all columns add up that don't.

    It has lost or gained an empty cell, or its figures are misprinted: the text doesn't tell.
    """
    width = len(table.rows[0].columns)
    if not any(len(row.figures) < width and _is_movable(row, width) for row in placed.values()):
        return choices
    known = _numbers(table, placed, choices)
    asked = _all_over_columns(table.form, table.code)
    failing = [(equation, place) for equation, place in asked if _fails_or_exceeds(equation, place, known)]
    if not failing:
        return _without_ruling_out(table, placed, choices, known)
    moved = {
        code for code in known if code in placed and _is_moved(table, placed[code], code, known, failing)
    }
    return {code: OPEN if code in moved else choice for code, choice in choices.items()}


def _without_ruling_out(
    table: Table, placed: Mapping[str, Placed], choices: dict[str, Choice], known: Numbers
) -> dict[str, Choice]:
    """Leave open each row that rules out all readings of the open rows, and would not in other columns."""
    several = {code: choice.candidates for code, choice in choices.items() if len(choice.candidates) > 1}
    width, sides = len(table.rows[0].columns), row_sides(table)
    if not several or prod(map(len, several.values())) > _MOST_WAYS:
        return choices
    if _may_add_up(table, known, several):
        return choices
    moved = {
        code
        for code in known
        if code in placed and _is_movable(placed[code], width)
        if any(
            holds(other, sides) and _may_add_up(table, known | {code: _values(other)}, several)
            for other in candidates.possible(placed[code].figures, width)
        )
    }
    return {code: OPEN if code in moved else choice for code, choice in choices.items()}


def _may_add_up(table: Table, known: Numbers, several: Mapping[str, Sequence[Candidate]]) -> bool:
    """Tell whether all columns may add up with some readings of the rows that have several."""
    return any(
        not _any_fails(table, known | dict(zip(several, map(_values, readings), strict=True)))
        for readings in product(*several.values())
    )


def _is_movable(row: Placed, width: int) -> bool:
    """Tell whether a row's figures could stand in other columns: too few, and not all cells are marked."""
    if len(row.figures) >= width or (is_marked(row.slots) and len(row.slots) >= width):
        return False
    return has_number(row.figures)


def _is_moved(
    table: Table,
    row: Placed,
    code: str,
    known: Numbers,
    failing: Sequence[tuple[Equation, int]],
) -> bool:
    """Tell whether another place of a row's figures makes the failing columns add up, and no other fail."""
    if any(code not in _rows_of(equation) for equation, _ in failing):
        return False
    sides, asked = row_sides(table), _all_over_columns(table.form, table.code)
    return any(
        holds(other, sides)
        and not any(_fails_or_exceeds(*at, known | {code: _values(other)}) for at in asked)
        for other in candidates.possible(row.figures, len(table.rows[0].columns))
    )


def _numbers(table: Table, placed: Mapping[str, Placed], choices: Mapping[str, Choice]) -> Numbers:
    """Return the numbers of the rows that are decided; zeros are zeros wherever they stand."""
    width = len(table.rows[0].columns)
    known: Numbers = {}
    for code, choice in choices.items():
        if len(choice.candidates) == 1:
            known[code] = _values(choice.candidates[0])
        elif all(token.number == 0 for token, _ in placed[code].figures):
            known[code] = (0,) * width
    return known


def _values(reading: Candidate) -> Values:
    numbers = [0 if slot is None else slot[0].number for slot in reading]
    return tuple([None if number is not None and number < 0 else number for number in numbers])


def over_columns(table: Table) -> Sequence[tuple[Equation, int]]:
    """Return the identities over columns, each with the place of its column."""
    return _over_columns(table.form, table.code)


@cache
def _over_columns(form: str, code: str) -> Sequence[tuple[Equation, int]]:
    table = forms()[form].tables[code]
    order = {label.code: place for place, label in enumerate(table.rows[0].columns)}
    columns = [(equation, equation.column_code) for equation in table.equations]
    return tuple((equation, order[column]) for equation, column in columns if column is not None)


@cache
def _all_over_columns(form: str, code: str) -> Sequence[tuple[Equation, int]]:
    """Return the identities over columns, and those that can be asked of a table without its last rows."""
    equations = _over_columns(form, code)
    return (*equations, *_without_totals(equations))


def _without_totals(equations: Sequence[tuple[Equation, int]]) -> Iterator[tuple[Equation, int]]:
    """Yield the identities over columns with a row's parts in its place, where two identities have that row.

    They can be asked of a table whose last rows, the total among them, are cut off.
    """
    for one, place in equations:
        for other, at in equations:
            if place == at and len(other.left) == 1 and other.left[0] in one.right:
                rest = tuple(cell for cell in one.right if cell != other.left[0])
                yield replace(one, right=(*rest, *other.right)), place


def _rows_of(equation: Equation) -> set[str]:
    return {row for row, _ in (*equation.left, *equation.right)}


def _fails(equation: Equation, place: int, known: Numbers) -> bool:
    found = sums(equation, place, known)
    return found is not None and found[0] != found[1]


def _fails_or_exceeds(equation: Equation, place: int, known: Numbers) -> bool:
    """Tell whether an identity over a column fails, whatever stands in the rows that are not known.

    What is known of one side can't be more than the other side, when that is known whole: none is below zero.
    """
    found = sums(equation, place, known)
    if found is not None:
        return found[0] != found[1]
    sides = [[known.get(row) for row, _ in side] for side in (equation.left, equation.right)]
    if any(numbers is not None and numbers[place] is None for side in sides for numbers in side):
        return False
    left, right = (sum(numbers[place] or 0 for numbers in side if numbers) for side in sides)
    return (left > right and None not in sides[1]) or (right > left and None not in sides[0])


def sums(equation: Equation, place: int, known: Numbers) -> tuple[int | float, int | float] | None:
    """Return both sides of an identity over a column, None where a number of it is not known."""
    sides = []
    for side in (equation.left, equation.right):
        total: int | float = 0
        for row, _ in side:
            numbers = known.get(row)
            value = None if numbers is None else numbers[place]
            if value is None:
                return None
            total += value
        sides.append(total)
    return sides[0], sides[1]
