"""Numbers beside table 二's own figures that once were read as one of them: no sum covers these.

Belongs here: the plainest table of a kind, typed out, and every figure that it states. Does not belong here:
the other tables, made reports (`test_silent.py`).
"""

import pytest

from pipeline.reading import CellRecord
from tests.reading.made import by_key, read_text, report_text

BESIDE = """\
第二十条第（一）项
信息内容 本年制发件数 本年废止件数 现行有效件数
规章 5 0 6
行政规范性文件 3 0 2
第二十条第（五）项
信息内容 本年处理决定数量
行政许可 94
第二十条第（六）项
信息内容 本年处理决定数量
行政处罚 27
行政强制 39
第二十条第（八）项
信息内容 本年收费金额（单位：万元）
行政事业性收费 4
"""
_ROWS = ("规章", "行政规范性文件", "行政许可", "行政处罚", "行政强制", "行政事业性收费")


def _below(table: str) -> str:
    """The same table with every row's figures in the line below its label."""
    lines = table.split("\n")
    return "\n".join(line.replace(" ", "\n", 1) if line.startswith(_ROWS) else line for line in lines)


BELOW = _below(BESIDE)
LAST_YEAR = BELOW.replace("94", "8").replace("39", "7")
# What is written instead of a part of the table, and the rows of one column that state no number then.
NO_FIGURES: dict[str, tuple[str, dict[str, str], set[str]]] = {
    "two figures beside the label after a row left empty": (
        BESIDE,
        {"行政许可 94": "行政许可", "行政处罚 27": "行政处罚 12 27"},
        {"licensing", "penalty"},
    ),
    "a lost label below a row left empty and a heading": (
        BELOW,
        {"行政许可\n94": "行政许可\n", "行政强制\n": ""},
        {"licensing", "penalty", "coercion"},
    ),
    "a page's number below the label of a row left empty": (
        BESIDE,
        {"行政处罚 27": "行政处罚\n1"},
        {"penalty"},
    ),
    "the figure of a lost label below a row left empty": (
        BESIDE,
        {"行政处罚 27\n行政强制 39": "行政处罚\n39"},
        {"penalty", "coercion"},
    ),
    "合计 below the last row": (BESIDE, {"收费 4": "收费\n合计 5"}, {"fee"}),
    "小计 below the last row": (BESIDE, {"收费 4": "收费\n小计 5"}, {"fee"}),
    "总计 below the last row, cells": (
        BESIDE.replace(" ", "\t"),
        {"收费\t4": "收费\t\n总计\t5"},
        {"fee"},
    ),
    "a number below the next block's header": (
        BELOW,
        {"行政强制\n39\n": "", "（单位：万元）": "（单位：万元）\n6"},
        {"coercion"},
    ),
    "the same, its heading lost": (
        BELOW,
        {"行政强制\n39\n第二十条第（八）项\n": "", "（单位：万元）": "（单位：万元）\n6"},
        {"coercion"},
    ),
    "an item of the agency's own below a row left empty": (
        BELOW,
        {"行政强制\n39": "行政强制\n行政征收\n418"},
        {"coercion"},
    ),
    "a footnote's number at the end of a label": (
        BELOW,
        {"行政处罚\n27": "行政处罚1\n27"},
        {"penalty"},
    ),
    "last year's table below, a row left empty in this year's": (
        BELOW,
        {
            "行政处罚\n27": "行政处罚\n",
            "收费\n4\n": "收费\n4\n" + BELOW.replace("94", "8").replace("39", "7"),
        },
        {"licensing", "penalty", "coercion", "fee"},
    ),
    "rows of last year, each above this year's, of which one is left empty": (
        BESIDE,
        {
            "行政许可 94": "行政许可 8\n行政许可 94",
            "行政处罚 27": "行政处罚 12\n行政处罚",
            "行政强制 39": "行政强制 7\n行政强制 39",
        },
        {"licensing", "penalty", "coercion"},
    ),
    "a column of last year": (
        BESIDE.replace(" ", "\t"),
        {
            "本年处理决定数量\n行政许可\t94": "上年处理决定数量\t本年处理决定数量\n行政许可\t12\t",
            "本年处理决定数量\n行政处罚\t27": "上年\t本年\n行政处罚\t8\t",
        },
        {"licensing", "penalty", "coercion", "fee"},
    ),
    "a page of so many": (BELOW, {"行政处罚\n27": "行政处罚\n3 of 11"}, {"penalty"}),
    "a page over the number of pages": (BELOW, {"行政处罚\n27": "行政处罚\n4 / 9"}, {"penalty"}),
    "a page's number in brackets": (BELOW, {"行政处罚\n27": "行政处罚\n[3]"}, {"penalty"}),
}
COLUMNS = {"licensing": "decisions", "penalty": "decisions", "coercion": "decisions", "fee": "amount"}
FIGURES = {"licensing": "94", "penalty": "27", "coercion": "39", "fee": "4"}


def _cells(table: str) -> dict[str, CellRecord]:
    head, _, rest = report_text("2021", {}).partition("第二十条第（一）项")
    cells = by_key(read_text(head + table + rest[rest.index("\n三、") :]))
    return {row: cells["disclosure", row, column] for row, column in COLUMNS.items()}


@pytest.mark.parametrize("table", [BESIDE, BELOW], ids=["beside", "below"])
def test_the_whole_table_is_read(table: str) -> None:
    assert {row: cell.raw_text for row, cell in _cells(table).items()} == FIGURES


@pytest.mark.parametrize("name", NO_FIGURES)
def test_a_number_beside_the_tables_own_is_none_of_its_figures(name: str) -> None:
    table, changes, rows = NO_FIGURES[name]
    for old, new in changes.items():
        assert old in table
        table = table.replace(old, new)
    cells = _cells(table)
    assert {row: cells[row].raw_text for row in FIGURES if cells[row].value is not None} == {
        row: raw for row, raw in FIGURES.items() if row not in rows
    }


@pytest.mark.parametrize("mark", ["3 of 11", "4 / 9", "[3]", "P3"])
def test_a_page_number_before_a_rows_figures_is_none_of_them(mark: str) -> None:
    head, _, rest = report_text("2021", {}).partition("第二十条第（一）项")
    table = BELOW.replace("文件\n", f"文件\n{mark}\n")
    cells = by_key(read_text(head + table + rest[rest.index("\n三、") :]))
    row = [cells["disclosure", "normative_document", column] for column in ("issued", "repealed", "in_force")]
    assert [cell.raw_text for cell in row] == ["3", "0", "2"]
