"""Columns, rows and tables that agencies add to the form's: their figures are none of the form's cells.

Belongs here: reports typed out with what agencies add, undamaged or nearly so. Does not belong here: rows and
cells that were lost (`test_left_open.py`), made reports (`test_silent.py`).
"""

import pytest

from pipeline.forms import forms
from tests.reading.made import Key, balanced, by_key, read_text, report_text, wrong_cells

FORMS = ("2019", "2021")
WORDS, CELLS = " ", "\t"


def _lines(form: str, figures: dict[Key, str], section: str = "二、") -> tuple[str, list[list[str]], str]:
    """The cells of a section's table, line by line, and what stands before and after it."""
    head, heading, rest = report_text(form, figures).partition(section)
    table, end, tail = rest.partition("\n\n")
    title, *lines = table.split("\n")
    return f"{head}{heading}{title}\n", [line.split("\t") for line in lines], end + tail


def _joined(rows: list[list[str]], join: str) -> str:
    """The rows as text: cells that words leave out are empty ones."""
    return "\n".join(join.join(row if join == CELLS else filter(None, row)) for row in rows)


def _without_zeros(form: str, seed: int) -> dict[Key, str]:
    return {key: "" if raw == "0" else raw for key, raw in balanced(form, seed, "office").items()}


def _wrong(text: str, figures: dict[Key, str]) -> list[Key]:
    cells = by_key(read_text(text))
    return [key for key in wrong_cells(cells, figures) if cells[key].value]


@pytest.mark.parametrize("join", [CELLS, WORDS, "\n"])
@pytest.mark.parametrize("lost", ["行政许可", "规章", "行政强制"])
@pytest.mark.parametrize("form", FORMS)
def test_row_numbers_after_labels_where_a_row_was_lost(form: str, lost: str, join: str) -> None:
    figures = _without_zeros(form, 3)
    before, lines, after = _lines(form, figures)
    labels = [row.label.zh for row in forms()[form].tables["disclosure"].rows]
    rows = [
        [line[0], str(labels.index(line[0]) + 1), *line[1:]] if line[0] in labels else line for line in lines
    ]
    text = before + _joined([row for row in rows if row[0] != lost], join) + after
    assert _wrong(text, figures) == []


@pytest.mark.parametrize("join", [CELLS, WORDS])
@pytest.mark.parametrize("lost", [0, 5, 15])
def test_figures_of_two_rows_beside_one_label(lost: int, join: str) -> None:
    """The label of the first stands in a line without figures."""
    figures = balanced("2021", 7)
    before, lines, after = _lines("2021", figures, "三、收到")
    first = next(place for place, line in enumerate(lines) if "本年新收" in line[0]) + lost
    own, following = lines[first], lines[first + 1]
    lines[first : first + 2] = [own[:-7], [*following[:-7], *own[-7:], *following[-7:]]]
    assert _wrong(before + _joined(lines, join) + after, figures) == []


@pytest.mark.parametrize("join", [CELLS, WORDS])
def test_codes_of_rows_where_columns_have_another_order(join: str) -> None:
    """Before the figures; 自然人 and 商业企业 are interchanged, as the headers say."""
    figures = balanced("2021", 8)
    before, lines, after = _lines("2021", figures, "三、收到")
    rows = [[*line[:-7], line[-6], line[-7], *line[-5:]] for line in lines[1:]]
    heads, rows = rows[:1], rows[1:]
    numbered = [[*row[:-7], str(number), *row[-7:]] for number, row in enumerate(rows, 101)]
    assert _wrong(before + _joined([*heads, *numbered], join) + after, figures) == []


@pytest.mark.parametrize("name", ["备注", "说明", "同比增减", "较上年增长"])
@pytest.mark.parametrize("join", [CELLS, WORDS, "\n"])
@pytest.mark.parametrize("form", FORMS)
def test_a_further_column_of_table_two(form: str, join: str, name: str) -> None:
    """What stands in it after an empty cell of the form's is no figure of the form's."""
    figures = _without_zeros(form, 4)
    before, lines, after = _lines(form, figures)
    rows = [
        line if line[0].startswith("第二十条") else [*line, name if line[0] == "信息内容" else str(place)]
        for place, line in enumerate(lines, 1)
    ]
    assert _wrong(before + _joined(rows, join) + after, figures) == []


@pytest.mark.parametrize("join", [CELLS, WORDS, "\n"])
@pytest.mark.parametrize("form", FORMS)
def test_a_further_column_beside_whole_rows_hides_none_of_them(form: str, join: str) -> None:
    figures = balanced(form, 4)
    before, lines, after = _lines(form, figures)
    rows = [[*line, "备注"] if line[0] == "信息内容" else line for line in lines]
    cells = by_key(read_text(before + _joined(rows, join) + after))
    assert [key for key, raw in figures.items() if cells[key].raw_text != raw] == []


@pytest.mark.parametrize("names", ["本年 上年", "2021年 2020年", "2020年{0} 2021年{0}"])
@pytest.mark.parametrize("join", [CELLS, WORDS, "\n"])
def test_columns_of_two_years(join: str, names: str) -> None:
    """Each row has the figures of one year, the other's are left out."""
    figures = balanced("2021", 4)
    before, lines, after = _lines("2021", figures)
    rows = [
        [line[0], *(name for head in line[1:] for name in names.format(head).split())]
        if line[0] == "信息内容"
        else line
        for line in lines
    ]
    cells = by_key(read_text(before + _joined(rows, join) + after))
    assert {cell.value for key, cell in cells.items() if key[0] == "disclosure"} == {None}


@pytest.mark.parametrize("own", ["小计", "共计", "上年数"])
def test_a_row_of_the_agencys_own_below_an_empty_one(own: str) -> None:
    figures = balanced("2021", 4) | {("disclosure", "coercion", "decisions"): ""}
    before, lines, after = _lines("2021", figures)
    place = next(place for place, line in enumerate(lines) if line[0] == "行政强制")
    rows = [*lines[: place + 1], [own, "27"], *lines[place + 1 :]]
    assert _wrong(before + _joined([list(filter(None, row)) for row in rows], "\n") + after, figures) == []


def test_a_second_table_four_that_is_empty() -> None:
    """Of which agency the figures are, of the two whose tables stand there, is not told by either table."""
    before, lines, after = _lines("2021", balanced("2021", 4), "四、政府")
    heads = ["", *(_joined([line], WORDS) for line in lines[:-1])]
    printed = "（一）下属单位\n{0}\n{1}\n（二）本单位\n{0}\n".format(
        "\n".join(heads), _joined(lines[-1:], WORDS)
    )
    cells = by_key(read_text(before + printed + after))
    assert {cell.value for key, cell in cells.items() if key[0] == "dispute"} == {None}


def test_a_header_of_the_agencys_own_before_those_of_table_four() -> None:
    """The results after it stand in another order than the form's."""
    before, _, after = _lines("2021", {}, "四、政府")
    heads = "类型 结果纠正 结果维持 其他结果 尚未审结 总计"
    rows = ["行政复议 2 1 0 0 3", "未经复议直接起诉 4 0 1 0 5", "复议后起诉 1 0 0 0 1"]
    assert _wrong(before + "\n".join([heads, *rows]) + after, {}) == []


@pytest.mark.parametrize("join", [CELLS, "\n"])
def test_a_list_below_table_two_that_counts_licences_and_penalties(join: str) -> None:
    """What was published of each kind; the rows of the form are left empty."""
    figures = _without_zeros("2021", 4) | {
        ("disclosure", row, "decisions"): "" for row in ("licensing", "penalty")
    }
    before, lines, after = _lines("2021", figures)
    published = [
        ["公开渠道", "信息数量"],
        ["政策解读", "48"],
        ["行政许可", "21"],
        ["政府网站", "180"],
        ["行政处罚", "7"],
    ]
    rows = [*lines, *([name, count] for name, count in published)]
    assert _wrong(before + _joined([list(filter(None, row)) for row in rows], join) + after, figures) == []


@pytest.mark.parametrize("join", [CELLS, WORDS])
def test_a_part_of_an_empty_row_of_table_three(join: str) -> None:
    figures = balanced("2021", 4)
    empty = {key: "" for key in figures if key[:2] == ("application", "rejected_repeat")}
    before, lines, after = _lines("2021", figures | empty, "三、收到")
    place = next(place for place, line in enumerate(lines) if any("重复申请" in cell for cell in line))
    part = ["", "", "其中：重复申请", "2", "0", "0", "2", "0", "0", "4"]
    text = before + _joined([*lines[: place + 1], part, *lines[place + 1 :]], join) + after
    assert _wrong(text, figures | empty) == []


def test_a_sum_below_the_last_row_of_table_two_that_is_empty() -> None:
    figures = balanced("2021", 4) | {("disclosure", "fee", "amount"): ""}
    before, lines, after = _lines("2021", figures)
    rows = [list(filter(None, line)) for line in [*lines, ["合计", "3"]]]
    assert _wrong(before + _joined(rows, "\n") + after, figures) == []


@pytest.mark.parametrize("name", ["备注", "上年总计", "2020年"])
@pytest.mark.parametrize("join", [CELLS, WORDS, "\n"])
def test_a_further_column_of_table_three(join: str, name: str) -> None:
    """Empty cells of the form's before it are left empty, or left out."""
    figures = _without_zeros("2021", 9)
    before, lines, after = _lines("2021", figures, "三、收到")
    start = next(place for place, line in enumerate(lines) if "本年新收" in line[0])
    heads = [*lines[: start - 1], [*lines[start - 1], name]]
    rows = [[*line, "1" if place % 3 else ""] for place, line in enumerate(lines[start:])]
    text = before + _joined([*heads, *rows], join) + after
    assert _wrong(text, figures) == []
    read = [cell.value for key, cell in by_key(read_text(text)).items() if key[0] == "application"]
    assert join != CELLS or sum(map(bool, read)) == sum(
        raw != "" for key, raw in figures.items() if key[0] == "application"
    )
