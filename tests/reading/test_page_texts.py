"""Texts as programs take them from pages: aligned by characters, labels in pieces, cells in another order.

Belongs here: such texts typed out, what is read of them and what stays open. Does not belong here: the
reading of PDF itself (`tests/documents/test_pdf.py`).
"""

import pytest

from pipeline.reading import CellRecord
from tests.reading.made import AGENCY, Key, balanced, by_key, read_text, report_text, wrong_cells

FORMS = ("2021", "2019")
MOST = 0.75
"""Of the figures beside the first line of a label in pieces: some pieces name no row by themselves."""
LABELS = 52
"""Characters of the columns before a row's figures."""
COLUMN = 10


def blanks(form: str) -> dict[Key, str]:
    """Figures with an empty cell for each zero."""
    return {key: "" if raw == "0" else raw for key, raw in balanced(form, 4).items()}


def aligned(form: str, figures: dict[Key, str]) -> str:
    """A report whose tables 二 and 三 are aligned by characters, whatever width these have on a page."""
    return "\n".join(_line(line.split("\t")) for line in report_text(form, figures).splitlines())


def _line(cells: list[str]) -> str:
    if not 1 < len(cells) < 14:
        return "  ".join(filter(None, cells))
    count = 7 if len(cells) > 7 else len(cells) - 1
    return "".join(cells[:-count]).ljust(LABELS) + "".join(cell.ljust(COLUMN) for cell in cells[-count:])


def shown(cells: dict[Key, CellRecord]) -> dict[Key, str]:
    return {key: cell.raw_text or "" for key, cell in cells.items() if cell.value_status == "reported"}


@pytest.mark.parametrize("form", FORMS)
def test_figures_aligned_by_characters_stand_under_each_other(form: str) -> None:
    """Beside empty cells: nothing but its place tells what a figure is."""
    figures = blanks(form)
    read = shown(by_key(read_text(aligned(form, figures))))
    assert {key: raw for key, raw in read.items() if key[0] != "dispute"} == {
        key: raw for key, raw in figures.items() if raw and key[0] != "dispute"
    }


BY_CHARACTERS = f"""{AGENCY}2019年政府信息公开工作年度报告
二、主动公开政府信息情况
第二十条第（一）项
信息内容               本年新制作数量   本年新公开数量   对外公开总数量
规章                                      {{}}
规范性文件
"""
"""Characters are columns: the figure stands under the third header. On a page it is under the second."""


def test_a_figure_under_two_headers_by_two_measures_stays_open() -> None:
    cells = by_key(read_text(BY_CHARACTERS.format(12)))
    assert all(cell.raw_text != "12" or cell.value_status == "unreadable" for cell in cells.values())
    assert not shown(cells)


LABELS_AFTER = f"""{AGENCY}2021年政府信息公开工作年度报告
二、主动公开政府信息情况
第二十条第（一）项
信息内容
本年制发件数
本年废止件数
现行有效件数
1
2
30
规章
4
5
60
行政规范性文件
第二十条第（五）项
信息内容
本年处理决定数量
40585
行政许可
第二十条第（六）项
信息内容
本年处理决定数量
30395
行政处罚
99435
行政强制
第二十条第（八）项
信息内容
本年收费金额（单位：元）
589
行政事业性收费
"""


def test_labels_that_all_stand_after_their_figures() -> None:
    read = shown(by_key(read_text(LABELS_AFTER)))
    assert {key[1:]: raw for key, raw in read.items()} == {
        ("rule", "issued"): "1",
        ("rule", "repealed"): "2",
        ("rule", "in_force"): "30",
        ("normative_document", "issued"): "4",
        ("normative_document", "repealed"): "5",
        ("normative_document", "in_force"): "60",
        ("licensing", "decisions"): "40585",
        ("penalty", "decisions"): "30395",
        ("coercion", "decisions"): "99435",
        ("fee", "amount"): "589",
    }


def test_figures_after_which_one_label_is_lost_stay_open() -> None:
    """Nobody knows any more which label is whose: 99435 is not 行政处罚's, below which it stands."""
    assert not shown(by_key(read_text(LABELS_AFTER.replace("行政强制\n", ""))))


def test_a_row_with_units_that_stand_alone_stays_open() -> None:
    """A narrow column cuts `28190件` into `2819` and `0件`; the other figures end in the line above."""
    text = report_text("2021", balanced("2021", 4)).replace("\t", "  ")
    lines = text.split("\n")
    place = next(at for at, line in enumerate(lines) if "本年新收" in line)
    lines[place : place + 1] = [
        f"{' ' * 40}2819  1889  5323  6367  1345  177  6029",
        "一、本年新收政府信息公开申请数量",
        f"{' ' * 40}0件  3件  件  件  件  件  5件",
    ]
    cells = by_key(read_text("\n".join(lines)))
    assert {cell.value_status for key, cell in cells.items() if key[1] == "received_new"} <= {
        "unreadable",
        "missing",
    }


IN_LETTERS = f"""{AGENCY}2021年政府信息公开工作年度报告
三、收到和处理政府信息公开申请情况
申请人情况
自然人  商业企业  科研机构  社会公益组织  法律服务机构  其他  总计
一、本年新收政府信息公开申请数量  1  0  0  0  0  0  1
二、上年结转政府信息公开申请数量  0  0  0  0  0  0  0
7.
属
于
行
政  0  0  0  0  0  0  0
执
法
案
卷
8.
属
于
行
政  {{0}}
查
询
事
项
(  1.  1  0  0  0  0  0  1
四)  本
机
关
不
掌
握
（七）总计  1  0  0  0  0  0  1
"""


def test_a_label_in_letters_takes_no_figures_beside_another_item_s_numeral() -> None:
    """`1.` begins the next label, whose letters stand below; its figures are not 行政查询事项's."""
    cells = by_key(read_text(IN_LETTERS.format("0  0  0  0  0  0  0")))
    read = {key[1] for key in shown(cells) if key[0] == "application"}
    assert read == {"received_new", "carried_in", "total_handled"}


def around(form: str, figures: dict[Key, str], lost: str = "") -> list[str]:
    """A report whose labels of table 三 but one are cut in two: a half above the figures, a half below."""
    lines: list[str] = []
    for line in report_text(form, figures).splitlines():
        cells = line.split("\t")
        label = "".join(cells[:-7])
        if not 8 <= len(cells) < 14 or not cells[-1].isdigit():
            lines.append("  ".join(cells))
            continue
        row = " " * LABELS + "".join(cell.ljust(COLUMN) for cell in cells[-7:])
        half = len(label) // 2
        lines += [row] if lost and lost in label else [label[:half], row, label[half:]]
    return lines


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lost", ["重复申请", "属于国家秘密", "危及"])
def test_a_lost_label_among_labels_around_their_figures_takes_no_other_row_with_it(
    form: str, lost: str
) -> None:
    figures = balanced(form, 4)
    read = shown(by_key(read_text("\n".join(around(form, figures, lost)))))
    assert {key: raw for key, raw in read.items() if key[0] == "application"} == {
        key: raw for key, raw in figures.items() if key[0] == "application"
    }


@pytest.mark.parametrize("form", FORMS)
def test_half_a_label_lost_around_its_figures_gives_none_to_another_row(form: str) -> None:
    figures = balanced(form, 4)
    lines = around(form, figures)
    halves = [at for at, line in enumerate(lines) if "  " not in line and 0 < at < len(lines) - 1]
    for at in halves:
        cells = by_key(read_text("\n".join([*lines[:at], *lines[at + 1 :]])))
        assert not wrong_cells(cells, figures), lines[at]


BESIDE_QUOTES = f"""{AGENCY}2019年政府信息公开工作年度报告
三、收到和处理政府信息公开申请情况
                                                        申请人情况
                                            法人或其他组织
                                自然人  商业企业  科研机构  公益组织  法律服务  其他  总计
1.属于国家秘密                    1                                                     1
2.其他法律行政法规禁止公开
{{}}            1                                             1
4.保护第三方合法权益              2                                                     2
5.属于三类内部事务信息
"""


@pytest.mark.parametrize("quoted", ["3.危及“三安全一稳定”", "3.危及三安全一稳定"])
def test_quotation_marks_may_take_two_columns_each(quoted: str) -> None:
    """Their row then stands as far left as they are wider than programs count them."""
    wide = sum(2 if char > "\u2000" else 1 for char in quoted)
    text = BESIDE_QUOTES.format(quoted + " " * (32 - wide))
    cells = shown(by_key(read_text(text)))
    assert {key[1:]: raw for key, raw in cells.items() if key[0] == "application"} == {
        (row, column): figure
        for row, column, figure in (
            ("denied_state_secret", "natural_person", "1"),
            ("denied_state_secret", "total", "1"),
            ("denied_safety", "business", "1"),
            ("denied_safety", "total", "1"),
            ("denied_third_party", "natural_person", "2"),
            ("denied_third_party", "total", "2"),
        )
    }


@pytest.mark.parametrize("width", [4, 5, 6, 7, 8])
@pytest.mark.parametrize("form", FORMS)
def test_figures_beside_the_first_line_of_their_label_are_not_the_row_s_before(form: str, width: int) -> None:
    """The label goes on in the lines below: what ends there was taken for the next figures' label."""
    right = non_zero = 0
    for seed in range(8):
        truth = balanced(form, seed)
        lines: list[str] = []
        for line in report_text(form, truth).split("\n"):
            row = line.split("\t")
            if len(row) != 10 or not row[-1].isdigit():
                lines.append(line)
                continue
            label = "".join(row[:-7])
            pieces = [label[at : at + width] for at in range(0, len(label), width)]
            lines += ["  ".join([pieces[0], *row[-7:]]), *pieces[1:]]
        cells = by_key(read_text("\n".join(lines)))
        assert wrong_cells(cells, truth) == []
        right += sum(raw != "0" and cells[key].raw_text == raw for key, raw in truth.items())
        non_zero += sum(raw != "0" for raw in truth.values())
    assert right > MOST * non_zero
