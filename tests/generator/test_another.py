"""A wrong number is excused only where the document is another report's, byte for byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

import pytest

from tests.accuracy import Task, measure
from tests.generator import LAYOUTS, Made, make_again
from tests.generator.another import Draws, Instead, is_of_another, printed_row
from tests.generator.truth import CellTruth, Key
from tests.generator.values import status_of


@dataclass
class Said:
    """A cell as a reader might give it."""

    raw_text: str
    value: float | None
    value_status: str
    check_status: str = "unchecked"


MOVED = {
    (201902, "markdown"): ("application", "unable_unclear", ",0,0,0,0,,0", "total"),
    (203284, "ragged_tabs"): ("disclosure", "public_service", "1,18,", "items_change"),
    (205574, "ragged_tabs"): ("dispute", "cases", ",0,,0,0,0,0,0,1,1,,0,0,0,", "corrected"),
}
"""Damaged reports with a row that is filled up to the table's width: what stands in its columns there, and
a column in which something else stood before an empty cell was moved.
"""
COLUMN_OF_DISPUTE = "suit_after_review"


def said(raw: str) -> Said:
    status = status_of(raw)
    return Said(raw, float(raw) if status == "reported" else None, status)


def is_excused(task: Task, row: tuple[str, str], raws: Sequence[str], silent: Key) -> bool:
    """Whether that is excused which says `raws` in a row, and `silent` wrongly."""
    made = task.make()
    keys = [key for key in made.truth.cells if printed_row(key) == row]
    read = {key: said(raw) for key, raw in zip(keys, raws, strict=True)}
    return is_of_another(made, [silent], read, task.make)


def moved(seed: int, layout: str) -> tuple[Task, tuple[str, str], list[str], Key]:
    table, row, raws, column = MOVED[seed, layout]
    silent = (table, COLUMN_OF_DISPUTE if row == "cases" else row, column)
    return Task(seed, layout, None, damaged=True), (table, row), raws.split(","), silent


@pytest.mark.parametrize(("seed", "layout"), MOVED)
def test_a_row_without_a_trace_is_another_reports(seed: int, layout: str) -> None:
    assert is_excused(*moved(seed, layout))


@pytest.mark.parametrize("seed", [84001124, 84001854])
def test_figures_keep_the_spaces_they_are_printed_with(seed: int) -> None:
    """Zeros of one row are printed with spaces behind them and without, and an empty cell moved."""
    counts = measure(Task(seed, "pipe_lines", None, damaged=True)).counts
    assert (counts["silent"], counts["traceless"]) == (0, 1)


@pytest.mark.parametrize(("seed", "layout"), MOVED)
def test_a_number_that_does_not_stand_there_is_not_excused(seed: int, layout: str) -> None:
    task, row, raws, silent = moved(seed, layout)
    for place, raw in enumerate(raws):
        other = [*raws[:place], "7" if raw != "7" else "", *raws[place + 1 :]]
        assert not is_excused(task, row, other, silent)


@pytest.mark.parametrize(("seed", "layout"), MOVED)
def test_a_row_that_was_not_read_whole_is_not_excused(seed: int, layout: str) -> None:
    task, row, raws, silent = moved(seed, layout)
    made = task.make()
    keys = [key for key in made.truth.cells if printed_row(key) == row]
    read = {key: said(raw) for key, raw in zip(keys, raws, strict=True)}
    read[keys[0]] = Said("", None, "unreadable")
    assert not is_of_another(made, [silent], read, task.make)
    assert not is_of_another(made, [silent, ("application", "no_such_row", "total")], read, task.make)


@pytest.mark.parametrize(
    ("seed", "layout", "row", "read_as"),
    [
        (9483821, "html_split", ("application", "granted"), ",0,,0,,0,0"),
        (9485117, "docx", ("disclosure", "procurement"), "744000,"),
    ],
)
def test_the_search_for_another_report_ends(
    seed: int, layout: str, row: tuple[str, str], read_as: str
) -> None:
    """With the row as read, later draws are out of step: every choice among all of them was once tried."""
    task = Task(seed, layout, None, damaged=True)
    made = task.make()
    raws = read_as.split(",")
    keys = [key for key in made.truth.cells if printed_row(key) == row]
    read = {key: said(raw) for key, raw in zip(keys, raws, strict=True)}
    wrong = [key for key in keys if is_wrong(read[key], made.truth.cells[key])]
    tries: list[Instead] = []

    def make(instead: Instead) -> Made:
        tries.append(instead)
        return task.make(instead)

    assert wrong
    assert not is_of_another(made, wrong, read, make)
    assert 2 < len(tries) <= 502


def test_a_row_with_a_cell_too_many_bears_a_trace() -> None:
    """In a layout that fills no rows up, a row with a further empty cell is longer than the others."""
    traced = 0
    for seed in range(40):
        given = {"layout": "markdown_rows", "style": "some_blank"}
        make = partial(make_again, seed=seed, given=given, damages=["doubled_empty"])
        made = make(None)
        row = next((printed_row(key) for key, cell in made.truth.cells.items() if cell.undetermined), None)
        if row is None or made.lines is None:
            continue
        keys = [key for key in made.truth.cells if printed_row(key) == row]
        line = made.data.decode(made.encoding or "").splitlines()[made.lines[keys[0]] - 1]
        cells = [cell.strip() for cell in line.split("|")][1:-1]
        read = {key: said(raw) for key, raw in zip(keys, cells[-len(keys) - 1 : -1], strict=True)}
        wrong = [key for key in keys if is_wrong(read[key], made.truth.cells[key])]
        assert not wrong or not is_of_another(made, wrong, read, make)
        traced += bool(wrong)
    assert traced > 9


def is_wrong(read: Said, truth: CellTruth) -> bool:
    return read.value_status == "reported" and read.value != truth.value


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_wrong_number_in_an_undamaged_report_is_not_excused(layout: str) -> None:
    given = {"layout": layout, "form": "2021", "style": "plain"}
    make = partial(make_again, seed=5, given=given, damages=None)
    made = make(None)
    keys = made.truth.row_keys("disclosure", "rule")
    read = {key: said(made.truth.cells[key].raw) for key in keys}
    read[keys[0]] = said("987654")
    assert not is_of_another(made, keys[:1], read, make)


def test_draws_are_those_of_a_seed_and_are_drawn_again() -> None:
    def drawn(rng: Random, most: int) -> list[object]:
        return [
            rng.choice("abc"),
            rng.random(),
            rng.randint(0, most),
            rng.sample(range(9), 3),
            rng.choices("xyz"),
        ]

    first = Draws("7")
    assert drawn(first, 5) == drawn(Random("7"), 5)
    assert drawn(Draws("another", first.kept), 5) == drawn(Random("7"), 5)
    other = Draws("7", first.kept, [4])
    assert drawn(other, 6)[2:] == [4, *drawn(Random("7"), 5)[3:]]
    assert other.open == [7]
