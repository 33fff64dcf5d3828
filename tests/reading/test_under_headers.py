"""Rows of table 二 in marked cells, told by the headers in the same columns of the line over them.

Belongs here: which cell is which column where no sum tells. Does not belong here: aligned words
(`test_columns.py`), tables 三 and 四.
"""

import pytest

from tests.reading.made import by_key, read_text, report_text

BOUGHT = "政府集中采购"
NUMBER, AMOUNT = ("disclosure", "procurement", "projects"), ("disclosure", "procurement", "amount")
WIDTH = 4


def _lines(cells: str, again: bool = False, gridded: bool = False) -> list[str]:
    """A report of 2019 in which each line of table 二 has four cells, its last row is `cells` between commas.

    `again`: the header of the merged cell is printed in both of its columns. `gridded`: the headers of table
    三 stand in the columns of its figures; else they are printed without the empty cells before them.
    """
    lines = report_text("2019").split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("第二十条"))
    end = next(place for place, line in enumerate(lines) if line.startswith(BOUGHT))
    for place in range(start, end + 1):
        own = lines[place].rstrip("\t").split("\t")
        filler = own[-1] if again and own[0] == "信息内容" else ""
        lines[place] = "\t".join([*own, *[filler] * (WIDTH - len(own))])
    lines[end] = "\t".join([BOUGHT, *cells.split(",")])
    return lines if gridded else [_unfilled(line) if "商业企业" in line else line for line in lines]


def _unfilled(line: str) -> str:
    """A line without the empty cells that begin it."""
    return line.lstrip("\t") + "\t" * (len(line) - len(line.lstrip("\t")))


def _told(lines: list[str], mark: str = "\t") -> list[tuple[str, str | None]]:
    """What the row's two cells say where `mark` stands between cells; pipes stand around them too."""
    if mark == " | ":
        lines = [f"| {line} |" if "\t" in line else line for line in lines]
    cells = by_key(read_text("\n".join(lines).replace("\t", mark)))
    return [(cells[key].value_status, cells[key].raw_text) for key in (NUMBER, AMOUNT)]


@pytest.mark.parametrize("mark", [";", ",", " | "])
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (",42,", [("blank", ""), ("reported", "42")]),
        ("7,,", [("reported", "7"), ("blank", "")]),
        (",0,", [("blank", ""), ("reported", "0")]),
    ],
)
def test_a_lone_figure_is_that_of_the_header_in_its_column(
    mark: str, cells: str, told: list[tuple[str, str]]
) -> None:
    assert _told(_lines(cells), mark) == told


@pytest.mark.parametrize("cells", [",42,", ",0,"])
def test_tabs_that_somebody_set_may_stand_anywhere(cells: str) -> None:
    assert {status for status, _ in _told(_lines(cells))} == {"unreadable"}


@pytest.mark.parametrize("cells", [",42,", ",0,"])
def test_tabs_are_cells_where_the_headers_of_table_three_stand_in_its_columns(cells: str) -> None:
    assert _told(_lines(cells, gridded=True)) == [("blank", ""), ("reported", cells.strip(","))]


@pytest.mark.parametrize("cells", [",42,", ",0,"])
def test_tabs_are_cells_where_no_tabs_follow_the_clauses(cells: str) -> None:
    lines = [line.rstrip("\t") if line.startswith("第二十条") else line for line in _lines(cells)]
    assert _told(lines) == [("blank", ""), ("reported", cells.strip(","))]


@pytest.mark.parametrize("cells", [",42,", ",0,"])
def test_tabs_are_cells_where_clauses_are_printed_again_in_each_column(cells: str) -> None:
    lines = [
        "\t".join([line.rstrip("\t")] * WIDTH) if line.startswith("第二十条") else line
        for line in _lines(cells)
    ]
    assert _told(lines) == [("blank", ""), ("reported", cells.strip(","))]


@pytest.mark.parametrize("raw", ["42万元", "0元", "42.5"])
def test_a_sum_of_money_below_its_header_shows_that_tabs_are_cells(raw: str) -> None:
    assert _told(_lines(f",{raw},")) == [("blank", ""), ("reported", raw)]
    assert _told(_lines(f",,{raw}"))[0][0] != "reported"


@pytest.mark.parametrize("raw", ["42", "0"])
@pytest.mark.parametrize("mark", ["\t", ";"])
def test_a_header_printed_again_has_its_figure_again(raw: str, mark: str) -> None:
    """Such tables fill every cell, so that no tab stands for itself."""
    assert _told(_lines(f",{raw},{raw}", again=True), mark) == [("blank", ""), ("reported", raw)]


@pytest.mark.parametrize("cells", [",42", ",42,,", ",,42,"])
@pytest.mark.parametrize("mark", ["\t", ";"])
def test_a_row_that_is_no_longer_in_step_with_its_headers_stays_open(cells: str, mark: str) -> None:
    assert {status for status, _ in _told(_lines(cells), mark)} == {"unreadable"}


@pytest.mark.parametrize("cells", [",1 1,", "1 1,,", "1 1,5,"])
@pytest.mark.parametrize("mark", ["\t", " | "])
def test_digits_that_a_space_parts_in_a_cell_are_not_one_of_them(cells: str, mark: str) -> None:
    """Eleven, or one and one: no sum tells."""
    assert {status for status, _ in _told(_lines(cells), mark)} == {"unreadable"}


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_a_figure_under_no_header_stays_open(mark: str) -> None:
    assert {status for status, _ in _told(_lines(",,42"), mark)} == {"unreadable"}


def test_two_equal_figures_are_two_where_no_header_is_printed_again() -> None:
    """Tabs are set by hand here: the row's cells stand one further right than its headers."""
    assert _told(_lines(",5,5")) == [("reported", "5"), ("reported", "5")]
