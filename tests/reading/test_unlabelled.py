"""Table 三 without labels beside its figures: placed by count where the columns prove it, else left open.

Belongs here: reports whose lines of figures were lost, added, broken or misprinted on purpose. Does not
belong here: the layouts themselves and random damage (`tests/generator`).
"""

from collections.abc import Callable

import pytest

from pipeline.reading import Reading
from tests.generator import Made, make_report
from tests.reading.made import by_key, read_text

Lines = list[str]


def _lines(made: Made) -> Lines:
    return made.data.decode(made.encoding or "utf-8").splitlines()


def _rows(made: Made) -> range:
    """The places of the lines of figures of table 三."""
    assert made.lines is not None
    numbers = [line for key, line in made.lines.items() if key[0] == "application"]
    return range(min(numbers) - 1, max(numbers))


def _of_layout(layout: str, form: str) -> Made:
    return make_report(11, layout=layout, form=form, profile="county", style="plain")


def _shown(reading: Reading) -> int:
    cells = by_key(reading)
    return sum(cell.value is not None for key, cell in cells.items() if key[0] == "application")


def _wrong(made: Made, reading: Reading) -> list[object]:
    cells = by_key(reading)
    return [
        key
        for key, truth in made.truth.cells.items()
        if key[0] == "application" and cells[key].value not in (None, truth.value)
    ]


@pytest.mark.parametrize("form", ["2019", "2021", "2021+2019"])
@pytest.mark.parametrize("layout", ["no_labels", "labels_first"])
def test_as_many_lines_as_rows_are_read(layout: str, form: str) -> None:
    made = _of_layout(layout, form)
    reading = read_text("\n".join(_lines(made)))
    assert _shown(reading) == sum(key[0] == "application" for key in made.truth.cells)
    assert _wrong(made, reading) == []


def _broken(lines: Lines, rows: range) -> None:
    cells = lines[rows[5]].split("\t")
    lines[rows[5] : rows[5] + 1] = ["\t".join(cells[:3]), "\t".join(cells[3:])]


def _last_broken_off(lines: Lines, rows: range) -> None:
    cells = lines[rows[5]].split("\t")
    lines[rows[5] : rows[5] + 1] = ["\t".join(cells[:-1]), cells[-1]]


def _advertised(lines: Lines, rows: range) -> None:
    lines.insert(rows[9], "欢迎访问某某网站")


def _numbered(lines: Lines, rows: range) -> None:
    lines.insert(rows[9], "7")


def _misprinted(lines: Lines, rows: range) -> None:
    cells = lines[rows[0]].split("\t")
    lines[rows[0]] = "\t".join([str(int(cells[0]) + 1), *cells[1:]])


@pytest.mark.parametrize("spoil", [_broken, _last_broken_off, _advertised, _numbered, _misprinted])
def test_what_does_not_change_the_count_of_rows_hides_none(spoil: Callable[[Lines, range], None]) -> None:
    made = make_report(12, layout="no_labels", form="2021", profile="county", style="plain")
    lines = _lines(made)
    assert "\t" in lines[_rows(made)[0]]
    spoil(lines, _rows(made))
    reading = read_text("\n".join(lines))
    assert _shown(reading) == 175
    assert len(_wrong(made, reading)) == (1 if spoil is _misprinted else 0)


@pytest.mark.parametrize("place", [0, 4, 22])
@pytest.mark.parametrize("form", ["2019", "2021"])
def test_a_line_too_few_leaves_all_open(form: str, place: int) -> None:
    made = _of_layout("no_labels", form)
    lines = _lines(made)
    del lines[_rows(made)[place]]
    assert _shown(read_text("\n".join(lines))) == 0


def test_two_lines_too_few_are_not_the_other_form() -> None:
    made = _of_layout("no_labels", "2021")
    lines = _lines(made)
    rows = _rows(made)
    del lines[rows[4]], lines[rows[1]]
    assert _shown(read_text("\n".join(lines))) == 0


@pytest.mark.parametrize("layout", ["no_labels", "labels_first"])
def test_a_broken_row_among_rows_of_blanks_is_not_guessed(layout: str) -> None:
    """Rows of zeros lost their empty cells; one was broken: which two lines are one row nobody can tell."""
    made = make_report(11, layout=layout, form="2021", profile="zeros", style="plain")
    lines, rows = _lines(made), _rows(made)
    for place in rows:
        lines[place] = " ".join("0" * 7)
    lines[rows[3]], lines[rows[4]] = " ".join("0" * 4), " ".join("0" * 3)
    lines[rows[12] : rows[12] + 1] = [" ".join("0" * 3), "0"]
    assert _shown(read_text("\n".join(lines))) == 0


def test_a_line_of_more_empty_cells_than_columns_is_left_open() -> None:
    made = _of_layout("no_labels", "2021")
    lines = _lines(made)
    lines[_rows(made)[4]] = 14 * "\t"
    assert _shown(read_text("\n".join(lines))) == 0


ENDS = {"received_new", "carried_in", "total_handled", "carried_out"}


def _without_zeros(made: Made) -> Lines:
    lines = _lines(made)
    for place in _rows(made):
        lines[place] = " ".join(cell for cell in lines[place].split() if cell != "0")
    return lines


def test_the_rows_at_both_ends_are_read_where_rows_between_may_not_show() -> None:
    """As many lines as the other form has rows; of the form in force two may be empty, anywhere between."""
    made = make_report(11, layout="no_labels", form="2021+2019", profile="city", style="plain")
    reading = read_text("\n".join(_without_zeros(made)))
    rows = {key[1] for key, cell in by_key(reading).items() if key[0] == "application" and cell.value}
    assert rows == ENDS
    assert _wrong(made, reading) == []


@pytest.mark.parametrize("place", [0, 1, 7, 21, 22])
def test_without_a_line_no_row_at_the_ends_is_told(place: int) -> None:
    made = make_report(11, layout="no_labels", form="2021+2019", profile="city", style="plain")
    lines = _without_zeros(made)
    del lines[_rows(made)[place]]
    assert _shown(read_text("\n".join(lines))) == 0
