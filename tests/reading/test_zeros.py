"""Rows of zeros and empty cells, which add up whichever cells are the empty ones.

Belongs here: where the layout alone shows that no cell of such a row was lost or added, so that it is read,
and where it doesn't, so that the row stays open. Does not belong here: rows with other figures
(`test_columns.py`).
"""

from collections.abc import Callable

import pytest

from pipeline.reading import CellRecord
from tests.reading.made import Key, balanced, by_key, read_text, report_text

FORMS = ("2019", "2021")
LABELS = 3
WIDTH = 7
CELLS = ("", "0", "", "0", "0", "", "")
"""Its total is empty: nothing shows a cell that was lost before it."""
SHOWN = [("reported", raw) if raw else ("blank", raw) for raw in CELLS]


def _rows(form: str, seed: int = 3) -> tuple[list[str], int, str]:
    """The lines of a report, the place of a row of table 三 without figures, and its code."""
    truth = balanced(form, seed)
    codes = [
        key[1] for key, raw in truth.items() if key[0] == "application" and key[2] == "total" and raw == "0"
    ]
    code = next(code for code in codes if code.startswith(("denied", "rejected")))
    columns = [key[2] for key in truth if key[:2] == ("application", code)]
    truth |= {("application", code, column): raw for column, raw in zip(columns, CELLS, strict=True)}
    lines = report_text(form, truth).split("\n")
    return lines, next(place for place, line in enumerate(lines) if line.endswith("\t".join(CELLS))), code


def _read(lines: list[str], code: str) -> list[CellRecord]:
    return [
        cell for key, cell in by_key(read_text("\n".join(lines))).items() if key[:2] == ("application", code)
    ]


def _told(lines: list[str], code: str) -> list[tuple[str, str | None]]:
    return [(cell.value_status, cell.raw_text) for cell in _read(lines, code)]


def _unfilled(line: str) -> str:
    """A row without the empty cells beside its labels, so that it is as long as its labels are many."""
    cells = line.split("\t")
    if len(cells) != LABELS + WIDTH:
        return line
    return "\t".join([*filter(None, cells[:LABELS]), *cells[LABELS:]])


@pytest.mark.parametrize("form", FORMS)
def test_a_row_as_long_as_its_like_among_rows_of_other_lengths_is_whole(form: str) -> None:
    lines, _, code = _rows(form)
    assert _told([_unfilled(line) for line in lines], code) == SHOWN


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cells", [CELLS[1:], ("", *CELLS), ("", *CELLS[1:], "", "")])
def test_a_row_that_lost_or_gained_a_cell_stays_open(form: str, cells: tuple[str, ...]) -> None:
    lines, place, code = _rows(form)
    lines = [_unfilled(line) for line in lines]
    lines[place] = "\t".join([*lines[place].split("\t")[:-WIDTH], *cells])
    assert {cell.value_status for cell in _read(lines, code)} == {"unreadable"}


def _filled_up(lines: list[str]) -> list[str]:
    """Rows as programs write them: filled up with empty cells to the table's width."""
    unfilled = [_unfilled(line).split("\t") for line in lines]
    return ["\t".join([*cells, *[""] * (LABELS + WIDTH - len(cells))]) for cells in unfilled]


@pytest.mark.parametrize("form", FORMS)
def test_a_row_of_a_table_whose_rows_are_all_as_long_is_whole(form: str) -> None:
    """Had it lost a cell and been filled up, the document would be that of another report, byte for byte."""
    lines, _, code = _rows(form)
    assert _told(_filled_up(lines), code) == SHOWN


def _of_first_row(form: str, cells: tuple[str, ...]) -> tuple[list[str], int]:
    """A report whose table 三 has zeros alone, `cells` in its first row, and the place of that."""
    lines, _, _ = _all_zeros(form)
    place = next(place for place, line in enumerate(lines) if line.startswith("一、本年新收"))
    lines[place] = "\t".join([*lines[place].split("\t")[:LABELS], *cells])
    return lines, place


@pytest.mark.parametrize("form", FORMS)
def test_zeros_in_the_columns_of_their_headers_are_theirs(form: str) -> None:
    """Empty cells before them are those of a label merged over three columns, as in the headers' lines."""
    lines, _ = _of_first_row(form, ("0", "", "0", "0", "", "", ""))
    shown = [("reported", raw) if raw else ("blank", raw) for raw in ("0", "", "0", "0", "", "", "")]
    assert _told(lines, "received_new") == shown


@pytest.mark.parametrize("form", FORMS)
def test_zeros_below_headers_that_are_filled_up_stay_open(form: str) -> None:
    """The first row is as long as the rows of three labels: its empty cells may stand on either side."""
    lines, place = _of_first_row(form, ("0", "", "0", "0", "", "", ""))
    head = next(place for place, line in enumerate(lines) if "商业企业" in line)
    lines[head] = lines[head].lstrip("\t") + "\t" * LABELS
    assert {cell.value_status for cell in _read(lines, "received_new")} == {"unreadable"}
    lines[place] = lines[place].replace("\t\t\t", "\t", 1) + "\t\t"
    assert {cell.value_status for cell in _read(lines, "received_new")} == {"unreadable"}


@pytest.mark.parametrize("form", FORMS)
def test_a_row_out_of_step_with_a_table_whose_rows_are_all_as_long_stays_open(form: str) -> None:
    lines, place, code = _rows(form)
    lines = _filled_up(lines)
    labels = [cell for cell in lines[place].split("\t") if cell and cell != "0"]
    cells = ["", "0", "", "0", "0", "", "", "0"]
    lines[place] = "\t".join([*labels, *cells, *[""] * (LABELS + WIDTH - len(labels) - len(cells))])
    assert {cell.value_status for cell in _read(lines, code)} == {"unreadable"}


@pytest.mark.parametrize("form", FORMS)
def test_one_row_longer_than_all_others_stays_open(form: str) -> None:
    """The first row of its block, alone beside a heading, is no exception."""
    lines, place, code = _rows(form)
    lines = _filled_up(lines)
    lines[place] += "\t"
    assert {cell.value_status for cell in _read(lines, code)} == {"unreadable"}


def _below(line: str) -> str:
    """A row with its labels in one line and its cells in the next."""
    cells = line.split("\t")
    if len(cells) != LABELS + WIDTH:
        return line
    return "\t".join(filter(None, cells[:LABELS])) + "\n" + "\t".join(cells[LABELS:])


@pytest.mark.parametrize("form", FORMS)
def test_a_label_in_the_line_above_the_cells_has_no_column_among_them(form: str) -> None:
    """It alone of its block stands beside a heading, and its cells are where those of all rows are."""
    lines, place, code = _rows(form)
    heading = "（三）不予公开"
    labels = [cell for cell in lines[place].split("\t")[:LABELS] if cell and cell != heading]
    below = [_below(line) for line in lines]
    below[place] = "\t".join([heading, "", *labels]) + "\n" + "\t".join(CELLS)
    assert _told(below, code) == SHOWN


@pytest.mark.parametrize("form", FORMS)
def test_a_row_below_its_label_that_is_shorter_than_all_others_stays_open(form: str) -> None:
    lines, place, code = _rows(form)
    below = [_below(line) for line in lines]
    below[place] = below[place].removesuffix("\t")
    assert {cell.value_status for cell in _read(below, code)} == {"unreadable"}


def _aligned(line: str) -> str:
    """A row of table 三 as words in columns."""
    cells = line.split("\t")
    if len(cells) != LABELS + WIDTH or "自然人" in cells:
        return line
    label = "".join(cells[:LABELS])
    return label + "　" * (50 - len(label)) + "".join(f"{cell:>16}" for cell in cells[LABELS:])


@pytest.mark.parametrize("form", FORMS)
def test_zeros_under_the_figures_of_their_columns_are_theirs(form: str) -> None:
    lines, _, code = _rows(form)
    assert _told([_aligned(line) for line in lines], code) == SHOWN


HEADERS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def _without_a_full_row(form: str, empty: int | None = None) -> tuple[dict[Key, str], str]:
    """The figures of a report of zeros of which each row of table 三 misses some, and it as words in columns.

    `empty` is the place of a column without any.
    """
    truth = balanced(form, 3)
    rows = list(dict.fromkeys(key[1] for key in truth if key[0] == "application"))
    columns = list(dict.fromkeys(key[2] for key in truth if key[0] == "application"))
    truth |= {
        ("application", row, column): "" if (at + place) % 3 == 0 or place == empty else "0"
        for at, row in enumerate(rows)
        for place, column in enumerate(columns)
    }
    header = "　" * 50 + "".join(f"{name:>{16 - len(name)}}" for name in HEADERS)
    lines = [_aligned(line) for line in report_text(form, truth).split("\n")]
    place = next(place for place, line in enumerate(lines) if "自然人" in line)
    return truth, "\n".join([*lines[:place], header, *lines[place + 1 :]])


@pytest.mark.parametrize("form", FORMS)
def test_zeros_of_no_full_row_are_those_of_the_headers_over_them(form: str) -> None:
    truth, text = _without_a_full_row(form)
    cells = by_key(read_text(text))
    asked = [key for key in truth if key[0] == "application"]
    assert [cells[key].raw_text for key in asked] == [truth[key] for key in asked]
    assert {cells[key].value_status for key in asked} == {"reported", "blank"}


@pytest.mark.parametrize("form", FORMS)
def test_zeros_under_some_headers_only_stay_open(form: str) -> None:
    truth, text = _without_a_full_row(form, empty=2)
    cells = by_key(read_text(text))
    told = {cells[key].value_status for key in truth if key[0] == "application"}
    assert told == {"unreadable"}


def _lined(lines: list[str]) -> list[str]:
    """The rows of table 三 with a line for each cell, after a tab, and an empty line after each row."""
    rows = (
        _unfilled(line).split("\t") if line.count("\t") == LABELS + WIDTH - 1 else [line] for line in lines
    )
    return [
        line
        for cells in rows
        for line in (cells if len(cells) == 1 else [*(f"\t{cell}" for cell in cells), ""])
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_row_of_as_many_lines_as_cells_is_whole_where_rows_are_not_filled_up(form: str) -> None:
    lines, place, code = _rows(form)
    assert _told(_lined(lines), code) == SHOWN
    lines[place] = "\t".join([*_unfilled(lines[place]).split("\t")[:-WIDTH], *CELLS[1:]])
    assert {cell.value_status for cell in _read(_lined(lines), code)} == {"unreadable"}


@pytest.mark.parametrize("form", FORMS)
def test_zeros_among_cells_more_than_columns_are_held_by_rows_that_show_where_theirs_stand(form: str) -> None:
    """Where some rows have no cell to spare, tabs may stand anywhere: one row doesn't tell of another."""
    truth = balanced(form, 3)
    columns = [key[2] for key in truth if key[:2] == ("application", "carried_in")]
    cells = ["", "", "0", "", "0", "0", "0"]
    for code in ("carried_in", "carried_out"):
        raws = zip(columns, cells, strict=True)
        truth |= {("application", code, column): raw for column, raw in raws}
    lines = report_text(form, truth).split("\n")
    shown = [("reported", raw) if raw else ("blank", raw) for raw in cells]
    assert _told(_filled_up(lines), "carried_in") == shown
    loose = [line if line.startswith("\t\t") else _filled_up([line])[0] for line in lines]
    assert {cell.value_status for cell in _read(loose, "carried_in")} == {"unreadable"}
    assert {cell.value_status for cell in _read(loose, "received_new")} == {"reported"}


@pytest.mark.parametrize("end", [("0",), ("",), (), ("", "")])
def test_a_row_of_table_four_is_whole_that_ends_as_its_headers_do(end: tuple[str, ...]) -> None:
    """Its headers are set once, fifteen results in the last line: a cell less or more would show."""
    cells = ["", "0", "0", "", "", *["0", "", "0", "", "0"], *["", "", "", "0"], *end]
    lines = report_text("2021").replace("\t".join(["0"] * 15), "\t".join(cells)).split("\n")
    first = next(place for place, line in enumerate(lines) if line.startswith("四、") and "\t" not in line)
    lines[first:] = [
        "\t".join(filter(None, line.split("\t"))) if "结果" in line or "诉讼" in line else line
        for line in lines[first:]
    ]
    read = by_key(read_text("\n".join(lines)))
    told = [(cell.value_status, cell.raw_text) for key, cell in read.items() if key[0] == "dispute"]
    shown = [("reported", raw) if raw else ("blank", raw) for raw in cells]
    assert told == shown if len(end) == 1 else {status for status, _ in told} == {"unreadable"}


def _below_each_other(lines: list[str], mark: str, *, filled_up: bool) -> list[str]:
    """The rows of table 三 with a line for each cell, each followed by `mark`.

    A label that is merged over several columns stands there once. `filled_up`: so does one merged over rows,
    and empty cells fill the row up; else it leaves an empty cell in the rows below.
    """
    below: list[str] = []
    for line in lines:
        cells = line.split("\t")
        if len(cells) != LABELS + WIDTH or "自然人" in cells:
            below.append(line)
            continue
        texts = [place for place, cell in enumerate(cells[:LABELS]) if cell]
        before = [] if filled_up else [""] * texts[0]
        own = [*before, *(cells[place] for place in texts), *cells[LABELS:]]
        own += [""] * (LABELS + WIDTH - len(own)) if filled_up else []
        below += [f"{cell}{mark}".rstrip(" ") for cell in own]
    return below


def _all_zeros(form: str) -> tuple[list[str], int, str]:
    """A report whose table 三 has no figure but zeros, and a row of them with empty cells."""
    lines, place, code = _rows(form)
    zeros = [
        "\t".join([*line.split("\t")[:LABELS], *["0"] * WIDTH])
        if len(line.split("\t")) == LABELS + WIDTH and at != place and "自然人" not in line
        else line
        for at, line in enumerate(lines)
    ]
    return zeros, place, code


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("made", [_rows, _all_zeros])
@pytest.mark.parametrize(("mark", "filled_up"), [("", False), (" |", True)])
def test_a_row_is_whole_in_a_table_whose_rows_are_as_long_as_their_labels_make_them(
    form: str, made: Callable[[str], tuple[list[str], int, str]], mark: str, *, filled_up: bool
) -> None:
    lines, place, code = made(form)
    assert _told(_below_each_other(lines, mark, filled_up=filled_up), code) == SHOWN
    before = _below_each_other(lines[:place], mark, filled_up=filled_up)
    own = _below_each_other(lines[place : place + 1], mark, filled_up=filled_up)
    after = _below_each_other(lines[place + 1 :], mark, filled_up=filled_up)
    label = next(cell for cell in lines[place].split("\t")[:LABELS][::-1] if cell)
    lost = next(at for at, cell in enumerate(own) if cell.startswith(label)) + 1
    assert own[lost].strip(" |") == ""
    cells = _read([*before, *own[:lost], *own[lost + 1 :], *after], code)
    assert {cell.value_status for cell in cells} == {"unreadable"}
