"""Documents that once were read with a figure that they don't state: what is open in them stays open.

Belongs here: the plainest document of a kind, typed out, and the cells that must not say a number. Does not
belong here: made reports (`test_silent.py`).
"""

from collections.abc import Callable

import pytest

from pipeline.forms import forms
from pipeline.reading import CellRecord
from tests.reading.made import Key, balanced, by_key, read_text, report_text, wrong_cells

RULE = {"issued": "3", "repealed": "5", "in_force": "8"}
FORMS = ("2019", "2021")


def _text() -> str:
    return report_text("2021", {("disclosure", "rule", column): raw for column, raw in RULE.items()})


def _rule(text: str) -> dict[str, CellRecord]:
    cells = by_key(read_text(text))
    return {column: cells["disclosure", "rule", column] for column in RULE}


def test_an_empty_cell_before_two_figures_may_be_a_lost_labels() -> None:
    cells = _rule(_text().replace("规章\t3\t5\t8", "\t3\t5"))
    assert {cell.value_status for cell in cells.values()} & {"reported", "blank"} == set()


@pytest.mark.parametrize("mark", ["- 2 -", "— 2 —", "－ 2 －"])
def test_a_page_number_between_dashes_below_a_label_is_no_row(mark: str) -> None:
    cells = _rule(_text().replace("规章\t3\t5\t8", f"规章\n{mark}\n3\t5\t8"))
    assert {column: cell.raw_text for column, cell in cells.items()} == RULE


def test_a_page_number_between_labels_that_come_first_is_no_row() -> None:
    rows = "规章\t3\t5\t8\n行政规范性文件\t0\t0\t0"
    cells = by_key(read_text(_text().replace(rows, "规章\n- 2 -\n行政规范性文件\n3 5 8\n0 1 1")))
    read = {column: cells["disclosure", "rule", column].raw_text for column in RULE}
    assert read == RULE


def test_headers_in_the_agencys_own_order_a_line_each() -> None:
    printed = "信息内容 本年制发件数 本年废止件数 现行有效件数"
    own = "信息内容\n本年废止件数\n本年制发件数\n现行有效件数"
    cells = _rule(_text().replace("\t", " ").replace(printed, own))
    assert cells["issued"].value_status != "reported"
    assert cells["repealed"].value_status != "reported"


@pytest.mark.parametrize("form", FORMS)
def test_a_label_of_the_agencys_own_is_no_row_of_the_form(form: str) -> None:
    truth = balanced(form, 3)
    lines = report_text(form, truth).split("\n")
    place = next(at for at, line in enumerate(lines) if "重复申请" in line)
    label, figures = "其中：电话咨询答复", lines[place].split("\t")[-7:]
    lines[place : place + 1] = [label, "\t".join(figures)]
    cells = by_key(read_text("\n".join(lines)))
    repeat = [cell for key, cell in cells.items() if key[1] == "rejected_repeat"]
    assert len(repeat) == 7
    assert {cell.value_status for cell in repeat} & {"reported"} == set()


def test_fifteen_cells_of_which_a_lost_one_moved_the_others() -> None:
    moved = ["1", "", "", "1", "1", "", "", "", "1", "1", "", "", "", "1", ""]
    text = report_text("2021").replace("\t".join(["0"] * 15), "\t".join(moved))
    cells = [cell for key, cell in by_key(read_text(text)).items() if key[0] == "dispute"]
    told = [cell for cell in cells if cell.value_status == "reported" and cell.check_status != "contradicted"]
    assert told == []


@pytest.mark.parametrize("form", FORMS)
def test_a_label_filled_in_from_the_row_before_is_no_rows(form: str) -> None:
    """As a program fills merged cells: the row that lost its label bears that of an empty one."""
    truth = balanced(form, 2)
    rows = ("denied_law", "denied_safety")
    for column in [key[2] for key in truth if key[:2] == ("application", rows[0])]:
        truth["application", rows[0], column] = ""
        truth["application", rows[1], column] = "0"
    truth["application", rows[1], "natural_person"] = truth["application", rows[1], "total"] = "2"
    lines = report_text(form, truth).split("\n")
    place = next(at for at, line in enumerate(lines) if "三安全一稳定" in line)
    before = lines[place - 1].split("\t")[:3]
    lines[place] = "\t".join([*before, *lines[place].split("\t")[3:]])
    assert wrong_cells(by_key(read_text("\n".join(lines))), truth) == []


@pytest.mark.parametrize("form", FORMS)
def test_figures_below_a_row_of_one_zero_may_be_the_next_rows(form: str) -> None:
    """Together they are seven and add up; the next row has lost its label."""
    lines = report_text(form, balanced(form, 3)).replace("\t", " ").split("\n")
    place = next(at for at, line in enumerate(lines) if "重复申请" in line)
    lines[place : place + 2] = ["2.重复申请 0", "36 20 1 3 4 64"]
    cells = by_key(read_text("\n".join(lines)))
    repeat = [cell for key, cell in cells.items() if key[1] == "rejected_repeat"]
    assert len(repeat) == 7
    assert {cell.value_status for cell in repeat} & {"reported"} == set()


@pytest.mark.parametrize(("number", "status"), [("", {"reported"}), ("7", {"missing", "unreadable"})])
def test_a_lone_figure_may_be_a_page_number_where_pages_have_any(number: str, status: set[str]) -> None:
    """All labels first; one row states one figure of its three, and is a row where no page has a number."""
    lines = _text().split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("规章"))
    rows = ["3 5 8", "9", "21", "34", "55", "89"]
    names = ["规章", "行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费"]
    end = next(place for place, line in enumerate(lines) if line.startswith("三、"))
    cells = by_key(read_text("\n".join([*lines[:start], *names, *rows, "", *lines[end:], "", number])))
    for row, raw in (("licensing", "21"), ("penalty", "34"), ("coercion", "55")):
        cell = cells["disclosure", row, "decisions"]
        assert cell.value_status in status
        assert cell.value_status != "reported" or cell.raw_text == raw


def test_the_last_of_several_cells_may_be_the_next_rows_that_lost_its_label() -> None:
    """Rows leave their empty cells out, a line for each figure: the third may be that of 行政强制."""
    rows = {
        "规章": "3",
        "规范性文件": "5 8",
        "行政许可": "21",
        "其他对外管理服务事项": "34 55",
        "行政处罚": "77 73 276",
    }
    lines = report_text("2019").split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("第二十条"))
    end = next(place for place, line in enumerate(lines) if line.startswith("三、"))
    printed = [text for line in lines[start:end] for text in line.strip().split("\t") if text != "0"]
    printed = [text for line in printed for text in (line, *rows.get(line, "").split()) if line != "行政强制"]
    cells = by_key(read_text("\n".join([*lines[:start], *printed, *lines[end:]])))
    assert cells["disclosure", "normative_document", "made"].value_status == "unreadable"
    assert cells["disclosure", "penalty", "decisions"].value_status != "reported"


@pytest.mark.parametrize("mark", ["— 2 —", "- 2 -"])
def test_a_number_between_dashes_is_no_row_where_no_cell_is_a_dash(mark: str) -> None:
    """规章 has nothing, and a page ends below it."""
    cells = _rule(_text().replace("规章\t3\t5\t8", f"规章\n{mark}"))
    assert {cell.value_status for cell in cells.values()} & {"reported", "not_applicable"} == set()


LINES = """\
第二十条第（一）项
信息内容 本年制发件数 本年废止件数 现行有效件数
规章
3
1
5
行政规范性文件
7
2
6
第二十条第（五）项
1
信息内容 本年处理决定数量
行政许可

第二十条第（六）项
信息内容 本年处理决定数量
行政处罚
4
行政强制
9
第二十条第（八）项
信息内容 本年收费金额（单位：万元）
行政事业性收费
12
"""


def test_a_number_below_a_heading_is_not_that_of_a_row_whose_label_stands_elsewhere() -> None:
    head, _, rest = report_text("2021", {}).partition("第二十条第（一）项")
    cells = by_key(read_text(head + LINES + rest[rest.index("\n三、") :]))
    assert cells["disclosure", "penalty", "decisions"].value == 4
    assert cells["disclosure", "licensing", "decisions"].value is None


def _in_table(form: str, change: Callable[[str], str], figures: dict[Key, str]) -> dict[Key, CellRecord]:
    head, heading, rest = report_text(form, figures).partition("二、")
    table, end, tail = rest.partition("\n三、")
    lines = [change(line) for line in table.split("\n")]
    return by_key(read_text(head + heading + "\n".join(lines) + end + tail))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_column_of_row_numbers_is_none_of_figures(form: str, place: str) -> None:
    figures = {key: "" if raw == "0" else raw for key, raw in balanced(form, 3, "office").items()}
    rows = {
        row.label.zh: str(number) for number, row in enumerate(forms()[form].tables["disclosure"].rows, 1)
    }

    def numbered(line: str) -> str:
        label, _, cells = line.partition("\t")
        number = rows.get(label)
        if number is None:
            return line
        return f"{label}\t{number}\t{cells}" if place == "after" else f"{number}\n{line}"

    cells = _in_table(form, numbered, figures)
    assert wrong_cells(cells, figures) == []


def test_labels_in_another_order_before_lines_of_figures_give_no_rows() -> None:
    figures = balanced("2021", 4)
    lines = report_text("2021", figures).split("\n")
    start = next(place for place, line in enumerate(lines) if line.startswith("一、本年新收"))
    end = next(place for place, line in enumerate(lines) if line.startswith("四、结转")) + 1
    rows = [line.split("\t") for line in lines[start:end]]
    labels = [" ".join(cell for cell in row[:-7] if cell) for row in rows]
    one = next(place for place, label in enumerate(labels) if "没有现成信息" in label)
    labels[one], labels[one + 1] = labels[one + 1], labels[one]
    lines[start:end] = [*labels, *(" ".join(row[-7:]) for row in rows)]
    assert wrong_cells(by_key(read_text("\n".join(lines))), figures) == []


def test_numbers_of_pages_over_their_count_are_no_figures_below_labels() -> None:
    pages = {"行政处罚": "行政处罚\n4 / 9\n0\t0\t0", "行政强制": "行政强制\n5 / 9\n0\t518\t25"}
    cells = _in_table("2019", lambda line: pages.get(line.split("\t")[0], line), {})
    for row in ("penalty", "coercion"):
        assert cells["disclosure", row, "items_last_year"].value in (None, 0)
        assert cells["disclosure", row, "decisions"].value in (None, 0, 25)


def test_a_note_below_table_four_takes_no_lost_cells_place() -> None:
    cells = "2 0 0 0 2 0 0 0 0 0 1 0 0 1"
    lines = report_text("2021", {}).split("\n")
    row = next(place for place, line in enumerate(lines) if line.count("\t") == 14 and "0" in line)
    lines[row : row + 1] = [cells, "续表"]
    read = by_key(read_text("\n".join(lines)))
    assert read["dispute", "suit_after_review", "pending"].value is None


@pytest.mark.parametrize("form", FORMS)
def test_last_years_tables_in_the_overview_are_not_this_years(form: str) -> None:
    figures, before = balanced(form, 5), balanced(form, 6)
    last_year = report_text(form, before).partition("三、")[2].partition("\n四、")[0].split("\n", 1)[1]
    opening = "一、总体情况"
    text = report_text(form, figures).replace(opening, f"上年度情况如下：\n{last_year}\n{opening}", 1)
    cells = by_key(read_text(text))
    assert wrong_cells(cells, figures) == []
    assert cells["application", "received_new", "total"].value == int(
        figures["application", "received_new", "total"]
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("heading", ["二、主动", "三、收到", "四、政府"])
@pytest.mark.parametrize("beside", ["{0}\n附：上年度数据\n{1}", "（一）上年度\n{1}\n（二）本年度\n{0}"])
def test_rows_left_empty_take_no_figures_of_last_years_table(form: str, heading: str, beside: str) -> None:
    """Both tables stand in one section; of this year's every second row is empty."""
    empty = set(list(dict.fromkeys(key[:2] for key in balanced(form, 5)))[::2])
    figures = {key: "" if key[:2] in empty or raw == "0" else raw for key, raw in balanced(form, 5).items()}
    sections = {
        name: report_text(form, raws).partition(heading)[2].partition("\n\n")[0].split("\n", 1)[1]
        for name, raws in (("this", figures), ("last", balanced(form, 6)))
    }
    text = report_text(form, figures)
    text = text.replace(sections["this"], beside.format(sections["this"], sections["last"]), 1)
    assert wrong_cells(by_key(read_text(text)), figures) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("zero", ["0", "-", ""])
@pytest.mark.parametrize("join", ["\t", "\n", " "])
def test_a_total_before_the_last_kind_of_applicants(form: str, zero: str, join: str) -> None:
    """As the headers say; empty cells leave nothing to add up by."""
    figures = {key: "" if zero == "" and raw == "0" else raw for key, raw in balanced(form, 1).items()}
    head, heading, rest = report_text(form, figures).partition("三、收到")
    table, end, tail = rest.partition("\n\n四、政府")
    rows = [line.split("\t") for line in table.split("\n")[1:]]
    moved = [[*row[:-2], row[-1], row[-2]] if len(row) > 7 else row for row in rows]
    lines = [
        join.join([*filter(None, row[:-7]), *(cell if cell != "0" else zero for cell in row[-7:])])
        for row in moved
    ]
    assert "总计" + join + "其他" in lines[1]
    cells = by_key(read_text(head + heading + "\n" + "\n".join(lines) + end + tail))
    assert [key for key in wrong_cells(cells, figures) if cells[key].value] == []
    read = [key for key, cell in cells.items() if key[0] == "application" and cell.value]
    told = [key for key, raw in figures.items() if key[0] == "application" and raw not in ("", "0")]
    assert sorted(read) == (sorted(told) if zero else [])


@pytest.mark.parametrize("join", ["\t", "\n", " "])
def test_a_zero_too_many_makes_no_figure_of_table_four_a_stray_one(join: str) -> None:
    """Without its last figure the row adds up as well as without a zero."""
    cells = "0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 2".replace(" ", join)
    text = report_text("2021").replace("\t".join(["0"] * 15), cells)
    read = {key: cell for key, cell in by_key(read_text(text)).items() if key[0] == "dispute"}
    assert [key for key, cell in read.items() if cell.value_status == "reported" and cell.value] == []


@pytest.mark.parametrize(
    ("lost", "empty"), [("予以公开", "partial"), ("本机关不掌握", "unable_needs_making")]
)
def test_figures_beside_a_heading_are_not_the_next_rows_that_is_empty(lost: str, empty: str) -> None:
    """The row between them has lost its label."""
    figures = balanced("2021", 3)
    truth = {key: "" if key[1] == empty or raw == "0" else raw for key, raw in figures.items()}
    lines = report_text("2021", truth).split("\n")
    place = next(at for at, line in enumerate(lines) if lost in line and line.count("\t") > 6)
    lines[place] = "\t".join("" if lost in cell else cell for cell in lines[place].split("\t"))
    cells = by_key(read_text("\n".join(lines)))
    assert {cell.value for key, cell in cells.items() if key[1] == empty} <= {None}


@pytest.mark.parametrize("space", ["  ", "   "])
def test_a_figure_after_a_wide_gap_stands_under_no_header_where_full_rows_do_not(space: str) -> None:
    """Spaces part the cells: an empty one leaves a wider gap, and other rows stand beside their headers."""
    rows = {("disclosure", "rule", "repealed"): "5", ("disclosure", "rule", "issued"): ""}
    text = report_text("2021", {**rows, ("disclosure", "rule", "in_force"): ""})
    lines = [space.join(line.split("\t")) if "\t" in line else line for line in text.split("\n")]
    assert f"规章{space}{space}5{space}" in lines
    read = [cell.value_status for cell in _rule("\n".join(lines)).values()]
    assert "reported" not in read


@pytest.mark.parametrize("form", FORMS)
def test_figures_whose_digits_came_apart_are_no_strays_at_both_ends(form: str) -> None:
    """4 1 1 0 0 1 1 4 4 for 41, 1, 0, 0, 1, 1, 44: without its ends the row adds up too."""
    row = ["4", "1", "1", "0", "0", "1", "1", "4", "4"]
    text = report_text(form, balanced(form, 3)).replace("\t", " ")
    lines = text.split("\n")
    place = next(at for at, line in enumerate(lines) if "重复申请" in line)
    lines[place] = f"2.重复申请 {' '.join(row)}"
    cells = by_key(read_text("\n".join(lines)))
    read = [cell for key, cell in cells.items() if key[:2] == ("application", "rejected_repeat")]
    assert {cell.value_status for cell in read} == {"unreadable"}


@pytest.mark.parametrize("row", ["[7,  2  件,7,0,   1  ,   0   ,17]", "=  0  +    +    +  0  +  0  +  =  0"])
def test_a_lone_figure_among_pieces_of_cells_is_no_cell(row: str) -> None:
    """Of the pieces of a list 2, 1 and 0 alone are figures, and of a sum its terms that are not empty."""
    text = report_text("2021", balanced("2021", 3)).replace("\t", " ")
    lines = text.split("\n")
    place = next(at for at, line in enumerate(lines) if "重复申请" in line)
    lines[place] = f"2.重复申请  {row}"
    cells = by_key(read_text("\n".join(lines)))
    read = [cell for key, cell in cells.items() if key[:2] == ("application", "rejected_repeat")]
    assert {cell.value_status for cell in read} <= {"unreadable", "missing"}


@pytest.mark.parametrize("word", ["零", "O件", "若干"])
@pytest.mark.parametrize("figures", [("{}", "", ""), ("{}", "2000", "")])
def test_a_word_in_place_of_a_figure_of_table_two_is_no_label(word: str, figures: tuple[str, ...]) -> None:
    """A row of one column was blank, and of two the second figure was read as the first."""
    row, label = ("procurement", "政府集中采购") if figures[1] else ("penalty", "行政处罚")
    form = "2019" if figures[1] else "2021"
    lines = report_text(form).split("\n")
    place = next(at for at, line in enumerate(lines) if line.startswith(label))
    lines[place] = "\t".join([label, *figures]).format(word)
    cells = by_key(read_text("\n".join(lines)))
    read = {key[2]: cell for key, cell in cells.items() if key[:2] == ("disclosure", row)}
    first, *others = read.values()
    assert first.value_status == "unreadable"
    assert all(cell.value_status == "unreadable" or cell.value == float(figures[1]) for cell in others)


@pytest.mark.parametrize("spelt", ["五", "三十四"])
@pytest.mark.parametrize("row", ["received_new", "unable_not_held"])
def test_a_number_in_chinese_numerals_is_no_empty_cell(row: str, spelt: str) -> None:
    """In aligned words it stands between a row's label, also one cut in two, and the other figures."""
    truth = balanced("2021", 1)
    lines = []
    for line in report_text("2021", truth).split("\n"):
        cells = line.split("\t")
        if len(cells) != 10 or not cells[-1].isdigit():
            lines.append(line.replace("\t", "    "))
            continue
        label, figures = "".join(cells[:3]), cells[3:]
        if figures == [truth["application", row, column] for column in KINDS]:
            figures[0] = spelt
        figures[0] = figures[0].rjust(8 - len(figures[0]) * (not figures[0].isdigit()))
        set_out = "".join([figures[0], *(figure.rjust(10) for figure in figures[1:])])
        half = len(label) // 2
        above, below = (label[:half], label[half:]) if row == "unable_not_held" else ("", "")
        gap = " " * (76 - 0 if above else 76 - 2 * len(label))
        lines += [above, gap + set_out, below] if above else [label + gap + set_out]
    cells_read = by_key(read_text("\n".join(lines)))
    assert cells_read["application", row, "natural_person"].value_status != "blank"


KINDS = (
    "natural_person", "business", "research", "public_interest", "legal_service", "other_org", "total",
)  # fmt: skip


def test_a_figure_counted_in_cases_is_read() -> None:
    text = report_text("2021", {("application", "granted", "natural_person"): "3件次"})
    assert by_key(read_text(text))["application", "granted", "natural_person"].value == 3


@pytest.mark.parametrize(("line", "status"), [("13", "reported"), ("\n\n13", "unreadable")])
def test_a_number_between_empty_lines_of_which_the_table_has_no_others_stays_open(
    line: str, status: str
) -> None:
    """It may be a page's number, and the last row of table 二 empty."""
    lines = [
        cell for line in report_text("2021").split("\n") for cell in (line.split("\t") if line else [line])
    ]
    place = lines.index("行政事业性收费") + 1
    lines[place : place + 1] = [*line.split("\n")]
    cells = by_key(read_text("\n".join(lines)))
    assert cells["disclosure", "fee", "amount"].value_status == status


@pytest.mark.parametrize("form", FORMS)
def test_figures_below_two_labels_are_not_given_to_these_where_the_next_label_is_lost(form: str) -> None:
    """The first row may be left empty, and prints no line: the second has the first figures."""
    truth = balanced(form, 5)
    lines: list[str] = []
    for line in report_text(form, truth).split("\n"):
        cells = line.split("\t")
        is_row = len(cells) == 10 and "自然人" not in line
        texts, figures = (cells[:3], cells[3:]) if is_row else (cells, [])
        if not line.startswith("二、上年"):
            lines += [" ".join(filter(None, texts)), *([" ".join(figures)] if figures else [])]
        else:
            lines.append(" ".join(filter(None, texts)))
    whole = by_key(read_text("\n".join(lines)))
    assert not wrong_cells(whole, truth)
    lost = next(place for place, line in enumerate(lines) if "（二）部分公开" in line)
    cells_read = by_key(read_text("\n".join([*lines[:lost], *lines[lost + 1 :]])))
    carried = [cell for key, cell in cells_read.items() if key[:2] == ("application", "carried_in")]
    assert {cell.value_status for cell in carried}.isdisjoint({"reported"})
