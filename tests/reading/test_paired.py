"""Tables told in sentences and lists: each figure beside the name of its column.

Belongs here: one report with balanced figures told in such a way, whole and damaged, and what is read from
it. Does not belong here: tables with rows and columns (test_unlisted_layouts.py).
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from pipeline.forms import Row, Table, forms
from pipeline.reading.words.tokens import split_line
from tests.reading.made import Key, balanced, by_key, read_text, report_text

FORMS = ("2019", "2021")
SEEDS = range(2)


class Telling(NamedTuple):
    """How a row is told: all of it, what parts its pairs, and a pair."""

    row: str
    between: str
    pair: str


TELLINGS = {
    "sentences": Telling("{label}：{pairs}。", "，", "{name}{figure}"),
    "sentences with spaces": Telling("{label}：{pairs}。", "；", "{name} {figure} 件"),
    "names and figures by tabs": Telling("{label}：{pairs}", "\t", "{name}：{figure}"),
    "names in every cell": Telling("项目: {label} | {pairs}", " | ", "{name}: {figure}"),
    "a list in a list": Telling("- {label}\n  - {pairs}", "\n  - ", "{name}：{figure}"),
    "emphasised": Telling("* **{label}**：{pairs}", "，", "{name} {figure}"),
    "nested keys": Telling("{label}:\n  {pairs}", "\n  ", "{name}: {figure}"),
    "records": Telling('{{"项目": "{label}", {pairs}}},', ", ", '"{name}": {figure}'),
    "a record a line": Telling('  "{label}": {{\n{pairs}\n  }},', ",\n", '    "{name}": "{figure}"'),
    "a figure a line": Telling("{pairs}", "\n", "{label}\t{name}\t{figure}"),
    "a figure a line with a path": Telling("{pairs}", "\n", "结果 - {label} - {name}: {figure}"),
    "names and figures in turn": Telling("{label}\n{pairs}", "\n", "{name}\n{figure}"),
}


def told_report(form: str, truth: Mapping[Key, str], telling: Telling) -> str:
    """The report with its three tables told so, and nothing else of them."""
    text = report_text(form, {})
    sections = forms()[form].sections
    titles = [f"{numeral}、{section.zh}" for numeral, section in zip("一二三四五六", sections, strict=True)]
    for section, title, following in zip(sections, titles, titles[1:], strict=False):
        table = forms()[form].tables.get(section.code)
        if table:
            before, _, rest = text.partition(title)
            rows = [told_row(table, row, truth, telling) for row in table.rows]
            text = "\n".join([before + title, *rows, "", following + rest.partition(following)[2]])
    return text


def told_row(table: Table, row: Row, truth: Mapping[Key, str], telling: Telling) -> str:
    label = row.label.zh
    pairs = [
        telling.pair.format(label=label, name=column.zh, figure=truth[table.code, row.code, column.code])
        for column in row.columns
    ]
    return telling.row.format(label=label, pairs=telling.between.join(pairs))


def wrongly_read(text: str, truth: Mapping[Key, str]) -> list[Key]:
    """The cells in which another number is claimed than the report's."""
    return [
        key
        for key, cell in by_key(read_text(text)).items()
        if cell.value_status == "reported" and cell.raw_text != truth[key]
        if cell.check_status != "contradicted"
    ]


@pytest.mark.parametrize("name", TELLINGS)
@pytest.mark.parametrize("form", FORMS)
def test_every_figure_is_read_and_has_its_own_line(form: str, name: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = told_report(form, truth, TELLINGS[name])
        lines = text.split("\n")
        cells = by_key(read_text(text))
        assert {key: cell.raw_text for key, cell in cells.items()} == truth
        for cell in cells.values():
            assert cell.line_no is not None
            assert cell.raw_text in re.findall(r"-?\d+", lines[cell.line_no - 1])


def damaged(text: str) -> Iterator[str]:
    """The text without one of its figures or names, or with a further figure."""
    start = text.index("二、")
    for place, found in enumerate(re.finditer(r"\d+|自然人|总计|结果纠正|数量", text[start:])):
        if place % 29 == 0:
            at, end = start + found.start(), start + found.end()
            yield text[:at] + text[end:]
            yield f"{text[:end]} 7 {text[end:]}"


@pytest.mark.parametrize("name", TELLINGS)
@pytest.mark.parametrize("form", FORMS)
def test_of_rows_told_in_part_or_with_further_figures_nothing_wrong_is_read(form: str, name: str) -> None:
    truth = balanced(form, 3)
    for text in damaged(told_report(form, truth, TELLINGS[name])):
        assert wrongly_read(text, truth) == []


@pytest.mark.parametrize("form", FORMS)
def test_kinds_of_applicants_follow_what_they_add_up_to(form: str) -> None:
    """本年新收政府信息公开申请数量17件，其中自然人15件，…"""
    truth = balanced(form, 1)
    table = forms()[form].tables["application"]
    rows = [told_with_total(table, row, truth) for row in table.rows]
    text = report_text(form, truth)
    start, end = text.index("一、本年新收"), text.index("四、政府")
    cells = by_key(read_text("\n".join([text[:start], *rows, text[end:]])))
    assert {key: cell.raw_text for key, cell in cells.items()} == truth


def told_with_total(table: Table, row: Row, truth: Mapping[Key, str]) -> str:
    figures = [(column.zh, truth[table.code, row.code, column.code]) for column in row.columns]
    kinds = "，".join(f"{name}{figure}件" for name, figure in figures[:-1])
    return f"{row.label.zh}{figures[-1][1]}件，其中{kinds}。"


def test_a_sentence_of_the_overview_is_no_row() -> None:
    truth = balanced("2021", 1)
    others = "科研机构0件，社会公益组织0件，法律服务机构0件，其他0件"
    sentence = f"全年收到申请99件，其中自然人91件，商业企业8件，{others}。"
    text = report_text("2021", truth).replace("全年工作平稳有序。", sentence, 1)
    assert wrongly_read(text, truth) == []
    assert len(by_key(read_text(text))) == len(truth)


def test_a_line_of_many_pairs_takes_no_time() -> None:
    """Each further pair once doubled the time."""
    line = '{"项目": "予以公开", ' + ", ".join(f'"自然人": {number}' for number in range(40)) + "},"
    assert split_line(line)


@pytest.mark.parametrize("between", ["2021年", "15号文", "2.5倍", "12人", "8%，"])
def test_a_year_or_a_share_before_a_figure_is_not_the_figure(between: str) -> None:
    """本年处理决定数量2021年339件、2020年15件 was read as 2021."""
    truth = balanced("2021", 1)
    telling = Telling("{label}：{pairs}。", "，", f"{{name}}{between}{{figure}}件、2020年15件")
    assert wrongly_read(told_report("2021", truth, telling), truth) == []


@pytest.mark.parametrize("rest", ["1" * 40_000, "1 " * 20_000, f"1{' ' * 40_000}"])
def test_figures_before_a_pair_take_no_time(rest: str) -> None:
    """From every digit all the others were read again: 20,000 took a minute."""
    text = report_text("2021", {}).replace("全年工作平稳有序。", f"自然人1件{rest}自然人1件", 1)
    assert by_key(read_text(text))


def test_a_pair_told_twice_moves_no_figure_to_another_name() -> None:
    """Lines of table 四, a result and its figure each: counting them read the second 结果纠正 as 其他结果."""
    rows = ["结果维持：0", "结果纠正：0", "结果纠正：0", "其他结果：1", "尚未审结：1", "总计：2"]
    others = ["结果维持：4", "结果纠正：0", "其他结果：2", "尚未审结：2", "总计：8"]
    table = ["行政复议", *others, "未经复议直接起诉", *rows, "复议后起诉", *others]
    text = report_text("2021", {})
    start, end = text.index("行政复议\t"), text.index("五、")
    cells = by_key(read_text("\n".join([text[:start], *table, "", text[end:]])))
    read = {key[1:]: cell.raw_text for key, cell in cells.items() if cell.value_status == "reported"}
    assert read.get(("suit_direct", "other"), "1") == "1"
    assert read["review", "total"] == "8"


UNREAD = """安远县财政局2019年政府信息公开工作年度报告
二、主动公开政府信息情况
第二十条第（五）项
行政许可{link}上一年项目数量: 12
行政许可{link}本年增/减: －381
行政许可{link}处理决定数量: -
第二十条第（六）项
行政处罚{link}处理决定数量: 10
"""


@pytest.mark.parametrize("link", [" - ", "\n  "])
def test_pairs_of_a_table_that_is_not_told_whole_are_no_rows(link: str) -> None:
    """Nothing says which figures are left out, and the dash before a name is no cell."""
    cells = by_key(read_text(UNREAD.format(link=link)))
    assert {cell.value_status for key, cell in cells.items() if key[0] == "disclosure"} <= {
        "missing",
        "unreadable",
    }


@pytest.mark.parametrize("form", FORMS)
def test_what_stands_for_no_figure_is_told_as_well_and_signs_of_any_width(form: str) -> None:
    key = ("disclosure", "licensing", "items_change" if form == "2019" else "decisions")
    sign = "－" if form == "2019" else ""
    truth = {place: raw if raw != "0" else "——" for place, raw in balanced(form, 4).items()}
    truth[key] = f"{sign}381"
    cells = by_key(read_text(told_report(form, truth, TELLINGS["sentences"])))
    assert {place: cell.raw_text for place, cell in cells.items()} == truth
    assert cells[key].value == int(f"{'-' if sign else ''}381")
