"""All rows of table 三 together: what the identities over columns prove, and what they refute.

Belongs here: rows whose cells moved, in tables that otherwise add up. Does not belong here: the identities
themselves (`test_identities.py`), random damage (`tests/generator`).
"""

from random import Random

import pytest

from pipeline.forms import forms
from pipeline.reading import CellRecord
from pipeline.reading.columns.windows import Row, windows
from pipeline.reading.rows.slots import Slot, adds_up
from pipeline.reading.words.tokens import TABBED, word
from tests.reading.made import Key, balanced, by_key, read_text, report_text

FORMS = ("2019", "2021")
WIDTH = 7


def _rows(form: str, seed: int) -> tuple[list[str], list[int], dict[Key, str]]:
    """The lines of a report with empty cells for zeros, the places of table 三's rows, and the truth."""
    truth = {key: "" if raw == "0" else raw for key, raw in balanced(form, seed).items()}
    lines = report_text(form, truth).split("\n")
    first = next(place for place, line in enumerate(lines) if line.startswith("一、本年新收"))
    last = next(place for place, line in enumerate(lines) if line.startswith("四、结转"))
    return lines, list(range(first, last + 1)), truth


def _wrong(cells: dict[Key, CellRecord], truth: dict[Key, str]) -> list[Key]:
    return [
        key
        for key, raw in truth.items()
        if key[0] == "application" and cells[key].value_status == "reported" and cells[key].raw_text != raw
    ]


def _right(cells: dict[Key, CellRecord], truth: dict[Key, str]) -> int:
    return sum(
        key[0] == "application" and bool(raw) and cells[key].raw_text == raw for key, raw in truth.items()
    )


def _anywhere(line: str, rng: Random) -> str:
    cells = line.split("\t")
    pads = rng.randint(0, 3)
    return "\t".join([*cells[:-WIDTH], *[""] * pads, *cells[-WIDTH:], *[""] * (3 - pads)])


@pytest.mark.parametrize("form", FORMS)
def test_cells_that_stand_anywhere_are_placed_where_all_columns_add_up(form: str) -> None:
    for seed in range(6):
        lines, rows, truth = _rows(form, seed)
        rng = Random(f"{seed}:anywhere")
        for place in rows:
            lines[place] = _anywhere(lines[place], rng)
        cells = by_key(read_text("\n".join(lines)))
        assert _wrong(cells, truth) == []
        assert _right(cells, truth) == sum(bool(raw) for key, raw in truth.items() if key[0] == "application")


def _lost(line: str) -> str | None:
    """A row without its first empty cell that has figures on both sides, and one more at its end."""
    cells = line.split("\t")
    for place in range(len(cells) - WIDTH + 1, len(cells) - 1):
        if not cells[place] and any(cells[-WIDTH:place]):
            return "\t".join([*cells[:place], *cells[place + 1 :], ""])
    return None


@pytest.mark.parametrize("form", FORMS)
def test_a_row_that_lost_an_empty_cell_is_not_read_one_column_aside(form: str) -> None:
    tried = 0
    for seed in range(8):
        lines, rows, truth = _rows(form, seed)
        for place in rows:
            moved = _lost(lines[place])
            if moved:
                tried += 1
                spoilt = [*lines[:place], moved, *lines[place + 1 :]]
                assert _wrong(by_key(read_text("\n".join(spoilt))), truth) == []
    assert tried > 20


@pytest.mark.parametrize("form", FORMS)
def test_a_misprinted_row_alone_does_not_move_the_total_to_the_first_column(form: str) -> None:
    """自然人1 … 总计1 adds up with either of them as the total; 1 0 0 0 1 0 0 only with the first."""
    rows = {"received_new": "1000001", "total_handled": "1000001", "denied_inquiry": "1000100"}
    columns = [column.code for column in forms()[form].tables["application"].rows[0].columns]
    truth = {
        ("application", row, column): raw
        for row, raws in rows.items()
        for column, raw in zip(columns, raws, strict=True)
    }
    cells = by_key(read_text(report_text(form, truth)))
    read = {key: cells[key].raw_text for key in truth if cells[key].value_status == "reported"}
    assert all(truth[key] == raw for key, raw in read.items())


def _cells(raws: str, first: int) -> list[Slot]:
    return [(word(raw.strip("_"), first + at, TABBED), 0) for at, raw in enumerate(raws.split())]


SPARSE = (
    "1 _ _ _ _ _ 1",
    "_ 1 _ _ _ _ _",
    "1 _ _ _ _ 1 1",
    "_ _ _ _ _ _ _",
    "_ _ _ _ 1 _ 2",
    "_ _ 1 _ _ _ _",
)


def test_misprints_leave_no_doubt_where_all_rows_have_a_cell_for_each_column() -> None:
    rows = {raws: Row(0, 2, _cells(raws, 1)) for raws in SPARSE}
    found = windows(rows, WIDTH, lambda reading: adds_up([slot for slot in reading if slot]))
    assert found.outside == 0
    assert all(reading == tuple(rows[raws].slots) for raws, reading in found.readings.items())


def test_misprints_leave_doubt_where_rows_have_a_cell_more() -> None:
    rows = {raws: Row(0, 2, _cells(f"_ {raws}", 1)) for raws in SPARSE}
    found = windows(rows, WIDTH, lambda reading: adds_up([slot for slot in reading if slot]))
    assert not any(found.readings.values())


def test_misprints_leave_doubt_where_no_row_has_an_empty_cell_between_its_figures() -> None:
    """Rows may have their empty cells anywhere then: after the label, or at the end."""
    moved = (*("_ _ _ _ _ 1 1", "1 1 _ _ _ _ _", "2 3 _ _ _ _ _"), *["_ _ _ _ _ _ _"] * 4)
    rows = {str(place): Row(0, 2, _cells(raws, 1)) for place, raws in enumerate(moved)}
    found = windows(rows, WIDTH, lambda reading: adds_up([slot for slot in reading if slot]))
    assert not any(found.readings.values())
