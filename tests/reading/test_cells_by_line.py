"""Tables whose cells have a line each, an empty line for an empty cell.

Belongs here: that lines tell the columns while none was lost, and that nothing is read where one was. Does
not belong here: the layouts that the generator draws (`tests/generator`).
"""

from random import Random

import pytest

from pipeline.reading import Reading
from tests.reading.made import Key, balanced, by_key, read_text, report_text

FORMS = ("2019", "2021")
SEEDS = range(8)
LABELS = 3
"""Cells of table 三 before its figures."""
WIDTH = 7


def a_line_each(text: str, margin: int = 0) -> list[list[str]]:
    """The report in groups of lines: of each row its labels, then a line for each cell."""
    groups: list[list[str]] = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 1:
            groups.append([line])
        elif len(cells) == LABELS + WIDTH and cells[0] + cells[1] + cells[2] and "自然人" not in cells:
            groups.append([*filter(None, cells[:LABELS]), *[""] * margin, *cells[LABELS:]])
        elif (
            not any(char >= "\u4e00" for cell in cells[1:] for char in cell) and len(cells) != LABELS + WIDTH
        ):
            groups.append(cells)
        else:
            groups.append([*filter(None, cells)])
    return groups


def joined(groups: list[list[str]]) -> str:
    return "\n".join(line for group in groups for line in group)


def figures(form: str, seed: int) -> dict[Key, str]:
    return {key: raw for key, raw in balanced(form, seed).items() if raw != "0"}


def wrong(reading: Reading, raws: dict[Key, str]) -> list[tuple[Key, str]]:
    """The numbers read that the report does not state."""
    cells = by_key(reading)
    return [
        (key, str(cell.value))
        for key, cell in cells.items()
        if cell.value_status == "reported"
        and cell.unit != "yuan"
        and cell.check_status != "contradicted"
        and str(cell.value) != raws.get(key)
    ]


def lost(reading: Reading, raws: dict[Key, str], table: str) -> list[Key]:
    cells = by_key(reading)
    return [key for key, raw in raws.items() if key[0] == table and str(cells[key].value) != raw]


@pytest.mark.parametrize("margin", [0, 1, 2])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_empty_lines_are_cells(form: str, seed: int, margin: int) -> None:
    raws = figures(form, seed)
    reading = read_text(joined(a_line_each(report_text(form, raws, zero=""), margin)))
    assert lost(reading, raws, "application") == []
    assert wrong(reading, raws) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_row_that_lost_a_line_is_open(form: str, seed: int) -> None:
    raws, rng = figures(form, seed), Random(seed)
    groups = a_line_each(report_text(form, raws, zero=""))
    rows = [group for group in groups if "" in group[1:] and any(line.isdigit() for line in group)]
    row = rng.choice(rows)
    row.pop(rng.choice([place for place, line in enumerate(row) if place and not line]))
    reading = read_text(joined(groups))
    assert wrong(reading, raws) == []
    assert len(lost(reading, raws, "application")) <= WIDTH


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_two_cells_in_one_line_are_told_by_their_sum(form: str, seed: int) -> None:
    raws, rng = figures(form, seed), Random(seed)
    groups = a_line_each(report_text(form, raws))
    row = rng.choice([group for group in groups if sum(line.isdigit() for line in group) == WIDTH])
    place = rng.randrange(len(row) - WIDTH, len(row) - 1)
    row[place : place + 2] = [" ".join(row[place : place + 2])]
    reading = read_text(joined(groups))
    assert lost(reading, raws, "application") == []
    assert [key for key, _ in wrong(reading, raws) if key in raws] == []


def test_words_in_place_of_a_figure_are_its_cell() -> None:
    raws = {**balanced("2021", 3), ("application", "granted", "research"): "待核实"}
    reading = read_text(joined(a_line_each(report_text("2021", raws))))
    cell = by_key(reading)["application", "granted", "research"]
    assert (cell.value_status, cell.raw_text) == ("unreadable", "待核实")
    assert by_key(reading)["application", "granted", "total"].value == int(
        raws["application", "granted", "total"]
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", SEEDS)
def test_an_empty_line_after_each_cell_is_no_cell(form: str, seed: int) -> None:
    """Of a row with an empty last cell the lines after its figures are as many as before another row."""
    raws = balanced(form, seed)
    emptied = {
        key: "" for key in raws if key[0] == "disclosure" and key[2] in ("disclosed_total", "in_force")
    }
    emptied = {key: raw for key, raw in emptied.items() if key[1] == "normative_document"}
    groups = a_line_each(report_text(form, raws | emptied))
    lines = [line for group in groups for cell in group for line in (cell, "")]
    cells = by_key(read_text("\n".join(lines)))
    rows = [(key, cell) for key, cell in cells.items() if key[1] in ("rule", "normative_document")]
    assert all(cell.raw_text == raws[key] for key, cell in rows if key not in emptied)
    assert all(cell.value_status == "blank" for key, cell in rows if key in emptied)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("row", "label", "left"), [("granted", "（一）予以公开", ""), ("rejected_repeat", "2.重复申请", "2.重复")]
)
@pytest.mark.parametrize("lines", [0, WIDTH])
def test_figures_below_a_row_left_empty_are_not_its_own(
    form: str, row: str, label: str, left: str, lines: int
) -> None:
    """The next row's label is lost or cut; before its figures there are a row's empty lines, or a heading."""
    raws = figures(form, 3) | {("application", row, column): "2" for column in ("natural_person", "total")}
    before = {"granted": "carried_in", "rejected_repeat": "rejected_petition"}[row]
    raws = {key: raw for key, raw in raws.items() if key[1] != before}
    groups = a_line_each(report_text(form, raws, zero=""))
    place = next(at for at, group in enumerate(groups) if label in group)
    groups[place] = [line for line in groups[place] if line != label]
    groups[place][:0] = [left] if left else []
    del groups[place - 1][len(groups[place - 1]) - WIDTH + lines :]
    reading = read_text(joined(groups))
    assert [key for key, _ in wrong(reading, raws) if key[0] == "application"] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_column_that_left_no_line_in_any_row_is_not_told_by_the_rows_numbers(form: str) -> None:
    """Six figures and the next row's number are as many lines as columns; that number is no empty total."""
    raws = {key: raw for key, raw in balanced(form, 3, "city").items() if key[2] != "research"}
    for key in [key for key in raws if key[2] == "total"]:
        raws[key] = str(sum(int(raw) for other, raw in raws.items() if other[:2] == key[:2] and other != key))
    lines: list[str] = []
    number = 0
    for group in a_line_each(report_text(form, raws, zero="")):
        is_row = len(group) > WIDTH and sum(line.isdigit() for line in group) > 1
        number += is_row
        lines += [str(number), *filter(None, group)] if is_row else group
    assert wrong(read_text("\n".join(lines)), raws) == []
