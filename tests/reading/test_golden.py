"""The five real reports against their golden truth: every cell, and everything around the tables."""

from collections import Counter

import pytest

from pipeline.reading import CellRecord
from tests.reading import golden
from tests.reading.golden import STEMS, Told

CELLS = 990
NON_ZERO = 100


def told(cell: CellRecord) -> Told:
    """What the reader says of a cell, in the words of the golden truth."""
    assert cell.raw_text is not None
    assert cell.line_no is not None
    value = None if cell.value is None else float(cell.value)
    key = (cell.table_code, cell.row_code, cell.column_code)
    return Told(*key, cell.raw_text, value, cell.unit, cell.value_status, cell.line_no)


def expected_check(stem: str, cell: Told) -> str:
    """`unchecked` in table 二 and without a number, `contradicted` where the truth names the cell."""
    for failed in golden.facts(stem)["check"]["contradicted"]:
        place = (failed["table_code"], failed["row_code"])
        if place == cell[:2] and cell.column_code in failed["column_codes"]:
            return "contradicted"
    checked = cell.table_code != "disclosure" and cell.value_status == "reported"
    return "verified" if checked else "unchecked"


def test_there_are_five_reports_of_198_cells() -> None:
    assert len(STEMS) == 5
    assert {stem: len(golden.cells(stem)) for stem in STEMS} == dict.fromkeys(STEMS, 198)


@pytest.mark.parametrize("stem", STEMS)
def test_the_golden_truth_stands_in_the_file(stem: str) -> None:
    lines = golden.raw_lines(stem)
    for cell in golden.cells(stem):
        assert cell.raw_text in lines[cell.line_no - 1]


@pytest.mark.parametrize("stem", STEMS)
def test_every_cell_is_read_as_written(stem: str) -> None:
    assert [told(cell) for cell in golden.reading(stem).cells] == list(golden.cells(stem))


@pytest.mark.parametrize("stem", STEMS)
def test_every_check_status_is_right(stem: str) -> None:
    got = [(told(cell), cell.check_status) for cell in golden.reading(stem).cells]
    assert got == [(cell, expected_check(stem, cell)) for cell in golden.cells(stem)]
    counts = Counter(cell.check_status for cell in golden.reading(stem).cells)
    wanted = golden.facts(stem)["check"]["counts"]
    assert {status: counts[status] for status in wanted} == wanted


def test_990_of_990_cells_and_100_of_100_that_are_not_zero() -> None:
    cells = right = non_zero = non_zero_right = 0
    for stem in STEMS:
        got = {cell[:3]: told(cell) for cell in golden.reading(stem).cells}
        for cell in golden.cells(stem):
            same = got.get(cell[:3]) == cell
            cells, right = cells + 1, right + same
            if cell.value:
                non_zero, non_zero_right = non_zero + 1, non_zero_right + same
    print(f"cells {right}/{cells}, non-zero {non_zero_right}/{non_zero}")
    assert (right, cells) == (CELLS, CELLS)
    assert (non_zero_right, non_zero) == (NON_ZERO, NON_ZERO)


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("name", ["agency_name", "report_year", "title", "published_on"])
def test_what_stands_around_the_tables(stem: str, name: str) -> None:
    assert getattr(golden.reading(stem), name) == golden.facts(stem)[name]


@pytest.mark.parametrize("stem", STEMS)
def test_each_table_has_its_form(stem: str) -> None:
    reading = golden.reading(stem)
    got = {
        "disclosure": reading.disclosure_form,
        "application": reading.application_form,
        "dispute": reading.dispute_form,
    }
    assert got == golden.facts(stem)["forms"]


@pytest.mark.parametrize("stem", STEMS)
def test_six_sections_with_their_lines(stem: str) -> None:
    wanted = [
        (one["section_code"], one["heading"], one["first_line"], one["last_line"])
        for one in golden.facts(stem)["sections"]
    ]
    got = [
        (one.section_code, one.heading, one.first_line, one.last_line)
        for one in golden.reading(stem).sections
    ]
    assert got == wanted


@pytest.mark.parametrize("stem", STEMS)
def test_a_section_s_text_stands_between_its_lines(stem: str) -> None:
    lines = golden.raw_lines(stem)
    for section in golden.reading(stem).sections:
        inside = "".join("".join(lines[section.first_line : section.last_line]).split())
        for part in section.text.split("\n"):
            assert "".join(part.split()) in inside
        if section.section_code in ("overview", "problems", "other"):
            assert "".join(section.text.split()) == inside
