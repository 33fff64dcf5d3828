"""Rows of aligned text that are left empty, and rows of zeros under the headers of table 四.

Belongs here: labels with nothing beside them, read as empty where all figures have their own labels, and not
read where some figure may be theirs. Does not belong here: empty cells among others of a row
(`test_zeros.py`).
"""

from collections.abc import Iterator
from itertools import groupby

import pytest

from pipeline.reading import CellRecord
from tests.generator.lines import display_width
from tests.reading.made import Key, balanced, by_key, read_text, report_text

FORMS = ("2019", "2021")
GAP = 2


def _figures(form: str, seed: int = 3) -> dict[Key, str]:
    """The figures of a report that leaves zeros out."""
    return {key: raw for key, raw in balanced(form, seed).items() if raw != "0"}


def _aligned(text: str) -> list[str]:
    """The lines of a report in tabs, each table set in columns by spaces, with none at the ends of lines."""
    lines: list[str] = []
    for is_table, group in groupby(text.split("\n"), key=lambda line: "\t" in line):
        own = list(group)
        lines += _columns([line.split("\t") for line in own]) if is_table else own
    return lines


def _columns(rows: list[list[str]]) -> Iterator[str]:
    columns = max(map(len, rows))
    cells = [[*row, *[""] * (columns - len(row))] for row in rows]
    widths = [max(map(display_width, column)) + GAP for column in zip(*cells, strict=True)]
    for row in cells:
        padded = (cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "".join(padded).rstrip()


def _read(lines: list[str]) -> dict[Key, CellRecord]:
    return by_key(read_text("\n".join(lines)))


def _statuses(lines: list[str], *places: tuple[str, str]) -> dict[tuple[str, str], set[str]]:
    """What is known of the cells of each row."""
    cells = _read(lines).items()
    return {place: {cell.value_status for key, cell in cells if key[:2] == place} for place in places}


REISSUE, FEE = ("application", "rejected_reissue"), ("disclosure", "fee")
"""Two rows without a figure in these reports, the last of them in its table."""
EMPTY = {"blank"}


def _left_empty(form: str) -> tuple[dict[Key, str], list[str]]:
    """Figures of which two rows have none, and the aligned report that prints them."""
    figures = {key: raw for key, raw in _figures(form).items() if key[:2] not in (REISSUE, FEE)}
    return figures, _aligned(report_text(form, figures, zero=""))


def _line(lines: list[str], text: str) -> int:
    return next(place for place, line in enumerate(lines) if text in line)


@pytest.mark.parametrize("form", FORMS)
def test_every_row_with_nothing_beside_its_label_is_empty(form: str) -> None:
    figures, lines = _left_empty(form)
    cells = _read(lines)
    assert {key: cell.raw_text for key, cell in cells.items() if cell.value_status == "reported"} == figures
    assert {cell.value_status for key, cell in cells.items() if key not in figures} == EMPTY
    for text, place in (("或重新出具已获取信息", REISSUE), ("行政事业性收费", FEE)):
        assert {cell.line_no for key, cell in cells.items() if key[:2] == place} == {_line(lines, text) + 1}


@pytest.mark.parametrize("form", FORMS)
def test_a_label_cut_over_lines_has_nothing_beside_any_part_of_it(form: str) -> None:
    _, lines = _left_empty(form)
    place = _line(lines, "5.要求行政机关确认或重新出具已获取信息")
    begin = lines[place].index("5.")
    offset = display_width(lines[place][:begin])
    lines[place : place + 1] = [lines[place][: begin + 8], "", " " * offset + lines[place][begin + 8 :]]
    assert _statuses(lines, REISSUE) == {REISSUE: EMPTY}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("after", ["5.要求行政机关确认或重新出具已获取信息", "行政事业性收费"])
def test_a_figure_below_a_label_may_be_the_rows(form: str, after: str) -> None:
    _, lines = _left_empty(form)
    place = _line(lines, after)
    lines.insert(place + 1, " " * 200 + "3      4")
    row = REISSUE if after.startswith("5") else FEE
    assert _statuses(lines, row)[row].isdisjoint(EMPTY)


@pytest.mark.parametrize("form", FORMS)
def test_a_label_that_was_lost_leaves_the_empty_rows_of_its_table_open(form: str) -> None:
    """The figures beside another label may be those of the row that lost its own, and so on down."""
    _, lines = _left_empty(form)
    for text, row in (("1.本机关不掌握相关政府信息", REISSUE), ("行政许可", FEE)):
        place = _line(lines, text)
        lines[place] = lines[place].replace(text, "  " * len(text))
        assert _statuses(lines, row)[row].isdisjoint(EMPTY)


def _dispute(form: str, figures: dict[str, str], channel: str = "review") -> list[str]:
    """An aligned report whose table 四 has figures in one channel alone, by the code of their result."""
    raws = {("dispute", channel, column): raw for column, raw in figures.items()}
    return _aligned(report_text(form, raws, zero=""))


ZEROS = {"corrected": "0", "pending": "0"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("channel", ["review", "suit_direct", "suit_after_review"])
def test_zeros_under_the_headers_of_table_four_are_theirs(form: str, channel: str) -> None:
    cells = _read(_dispute(form, ZEROS, channel))
    told = {
        key[1:]: cell.raw_text
        for key, cell in cells.items()
        if key[0] == "dispute" and cell.value_status == "reported"
    }
    assert told == {(channel, column): "0" for column in ZEROS}


@pytest.mark.parametrize("form", FORMS)
def test_zeros_under_headers_some_of_which_are_lost_stay_open(form: str) -> None:
    lines = _dispute(form, ZEROS)
    place = _line(lines, "结果纠正")
    lines[place] = lines[place].replace("其他结果", "　　　　")
    assert {cell.value_status for key, cell in _read(lines).items() if key[0] == "dispute"} == {"unreadable"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("line", "status"), [(" " * 60, "blank"), (None, "missing")])
def test_a_line_of_white_space_under_the_headers_of_table_four_is_its_row(
    form: str, line: str | None, status: str
) -> None:
    """Without it the row may have been lost."""
    lines = _dispute(form, {"pending": "0"})
    place = _line(lines, "结果纠正") + 2
    assert lines[place].strip() == "0"
    lines[place : place + 1] = [] if line is None else [line]
    assert {cell.value_status for key, cell in _read(lines).items() if key[0] == "dispute"} == {status}


@pytest.mark.parametrize("form", FORMS)
def test_a_zero_alone_in_its_line_stands_under_its_header(form: str) -> None:
    figures = _figures(form) | {(*REISSUE, "research"): "0"}
    cells = _read(_aligned(report_text(form, figures, zero="")))
    alone = [cell for key, cell in cells.items() if key[:2] == REISSUE]
    assert [cell.column_code for cell in alone if cell.raw_text == "0"] == ["research"]
    assert [cell.value_status for cell in alone].count("blank") == len(alone) - 1


@pytest.mark.parametrize("form", FORMS)
def test_a_row_whose_cells_at_its_end_are_cut_off_is_empty(form: str) -> None:
    """As programs leave it that strip the ends of lines."""
    figures = {key: raw for key, raw in _figures(form).items() if key[:2] not in (REISSUE, FEE)}
    lines = [line.rstrip("\t") for line in report_text(form, figures, zero="").split("\n")]
    assert _statuses(lines, REISSUE, FEE) == {REISSUE: EMPTY, FEE: EMPTY}


def _below_labels(fee: str) -> list[str]:
    """The lines of a report that prints the cells of table 二 below their labels, three rows left empty."""
    figures = balanced("2021", 3)
    empty = ("licensing", "penalty", "coercion")
    figures |= {("disclosure", row, "decisions"): "" for row in empty}
    figures |= {("disclosure", "normative_document", column): "" for column in ("issued", "repealed")}
    figures["disclosure", "fee", "amount"] = fee
    text = report_text("2021", figures)
    start, end = text.index("第二十条第"), text.index("三、")
    rows = (line.split("\t") for line in text[start:end].strip().split("\n"))
    lines: list[str] = []
    for label, *cells in rows:
        is_row = not label.startswith(("第", "信息"))
        lines += (
            [label, "\t".join(cells).rstrip("\t")] if is_row else ["\t".join([label, *cells]).rstrip("\t")]
        )
    return [*text[:start].split("\n")[:-1], *lines, "", *text[end:].split("\n")]


def test_a_figure_of_table_two_below_its_label_is_not_that_of_the_empty_rows_above() -> None:
    cells = _read(_below_labels("8.9753"))
    assert cells["disclosure", "fee", "amount"].raw_text == "8.9753"


def test_a_figure_of_table_two_whose_own_label_is_lost_stays_open() -> None:
    """The empty row above has the nearest label; two lines stand between."""
    lines = ["" if line == "行政事业性收费" else line for line in _below_labels("8.9753")]
    cells = _read(lines)
    rows = ("licensing", "penalty", "coercion", "fee")
    told = {cell.value_status for key, cell in cells.items() if key[:1] == ("disclosure",) and key[1] in rows}
    assert told.isdisjoint({"reported"})
