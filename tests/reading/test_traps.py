"""Tables that are not laid out as the form has them, and still add up: read by their labels, or not at all.

Sums do not change when rows or columns trade places, so arithmetic proves nothing here; only labels do.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations, groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forms import Label
from pipeline.reading import CellRecord, Reading
from tests.reading import statute
from tests.reading.made import Key, balanced, by_key, findings_of, read_text, report_text, rules_of, running

FORMS = ("2019", "2021")


def lines_of(form: str, raws: Mapping[Key, str]) -> list[str]:
    return report_text(form, raws).split("\n")


def wrong_cells(lines: list[str], truth: Mapping[Key, str]) -> dict[Key, CellRecord]:
    """Cells with a number that the document doesn't print for them, contradicted or not."""
    return {
        key: cell
        for key, cell in by_key(read_text("\n".join(lines))).items()
        if cell.value_status == "reported" and cell.raw_text != truth[key]
    }


def silent(wrong: Mapping[Key, CellRecord]) -> list[str]:
    return [
        f"{'.'.join(key)} = {cell.raw_text}"
        for key, cell in wrong.items()
        if cell.check_status != "contradicted"
    ]


# --- rows out of their order ---


def single_rows(lines: list[str]) -> list[list[int]]:
    """Runs of rows of table 三's third level, without the first row under each heading."""
    marked = [place for place, line in enumerate(lines) if line.startswith("\t\t") and line[2:3].isdigit()]
    return [
        [place for _, place in run] for _, run in groupby(enumerate(marked), lambda pair: pair[1] - pair[0])
    ]


@pytest.mark.parametrize("form", FORMS)
def test_two_rows_in_each_other_s_place_keep_their_figures(form: str) -> None:
    truth = balanced(form, 48, "city")
    lines = lines_of(form, truth)
    traded = []
    for run in single_rows(lines):
        for one, other in combinations(run, 2):
            swapped = list(lines)
            swapped[one], swapped[other] = lines[other], lines[one]
            found = silent(wrong_cells(swapped, truth))
            if found:
                traded.append((lines[one].split("\t")[2], lines[other].split("\t")[2], found[:2]))
    assert traded == []


@given(st.sampled_from(FORMS), st.integers(0, 1000), st.data())
@settings(max_examples=200)
def test_rows_out_of_order_or_lost_are_read_by_their_labels_or_not_at_all(
    form: str, seed: int, data: st.DataObject
) -> None:
    truth = balanced(form, seed)
    lines = lines_of(form, truth)
    for run in single_rows(lines)[::-1]:
        rows = data.draw(st.permutations([lines[place] for place in run]))
        lines[run[0] : run[-1] + 1] = rows[data.draw(st.integers(0, 2)) :]
    assert silent(wrong_cells(lines, truth)) == []


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_table_two_in_each_other_s_place(form: str) -> None:
    truth = running(form)
    lines = lines_of(form, truth)
    pairs = [("规章\t", "规范性文件\t"), ("行政处罚\t", "行政强制\t")]
    if form == "2021":
        pairs[0] = ("规章\t", "行政规范性文件\t")
    for pair in pairs:
        one, other = (next(at for at, line in enumerate(lines) if line.startswith(label)) for label in pair)
        lines[one], lines[other] = lines[other], lines[one]
    assert silent(wrong_cells(lines, truth)) == []


# --- columns out of their order, as their headers say ---


def columns_swapped(lines: list[str], head: str, below: int, pair: tuple[int, int]) -> list[str]:
    """The header line that contains `head` and the lines below it with two cells in each other's place."""
    start = next(place for place, line in enumerate(lines) if head in line)
    changed = list(lines)
    for place in range(start, start + below + 1):
        cells = lines[place].split("\t")
        cells[pair[0]], cells[pair[1]] = cells[pair[1]], cells[pair[0]]
        changed[place] = "\t".join(cells)
    return changed


@pytest.mark.parametrize("pair", list(combinations(range(7), 2)), ids=str)
def test_applicants_in_another_order_are_read_by_their_headers_or_not_at_all(pair: tuple[int, int]) -> None:
    truth = balanced("2021", 7, "city")
    lines = lines_of("2021", truth)
    places = (pair[0] + 3, pair[1] + 3)
    assert silent(wrong_cells(columns_swapped(lines, "自然人", 25, places), truth)) == []


@pytest.mark.parametrize("pair", [(1, 2), (1, 3), (2, 3)], ids=str)
@pytest.mark.parametrize(("form", "head"), [("2019", "本年新制作数量"), ("2021", "本年制发件数")])
def test_measures_in_another_order_are_read_by_their_headers_or_not_at_all(
    form: str, head: str, pair: tuple[int, int]
) -> None:
    truth = running(form)
    assert silent(wrong_cells(columns_swapped(lines_of(form, truth), head, 2, pair), truth)) == []


@pytest.mark.parametrize("pair", list(combinations(range(4), 2)), ids=str)
def test_results_in_another_order_are_read_by_their_headers_or_not_at_all(pair: tuple[int, int]) -> None:
    """The five results of 行政复议 stand in the second header row, their figures two rows further down."""
    truth = balanced("2021", 11, "city")
    lines = lines_of("2021", truth)
    start = next(place for place, line in enumerate(lines) if line.startswith("结果维持"))
    for place in (start, start + 2):
        cells = lines[place].split("\t")
        cells[pair[0]], cells[pair[1]] = cells[pair[1]], cells[pair[0]]
        lines[place] = "\t".join(cells)
    assert silent(wrong_cells(lines, truth)) == []


@pytest.mark.parametrize("column", range(6))
def test_a_column_that_the_table_lacks_is_not_filled_from_its_neighbours(column: int) -> None:
    """An agency without requests from, say, 科研机构 leaves the column out, header and all."""
    applicant = statute.APPLICANTS[column]
    truth = {
        key: raw
        for key, raw in balanced("2021", 7, "city").items()
        if key[0] != "application" or key[2] != applicant
    }
    for row in statute.ROWS["2021"]:
        others = [int(truth["application", row, kind]) for kind in statute.APPLICANTS if kind != applicant]
        truth["application", row, "total"] = str(sum(others))
    lines = lines_of("2021", truth)
    start = next(place for place, line in enumerate(lines) if "自然人" in line)
    for place in range(start, start + 26):
        cells = lines[place].split("\t")
        del cells[3 + column]
        lines[place] = "\t".join(cells)
    told = {**truth, **{("application", row, applicant): "" for row in statute.ROWS["2021"]}}
    assert silent(wrong_cells(lines, told)) == []


# --- more rows and columns than the form has ---


def with_line_after(lines: list[str], label: str, line: str) -> list[str]:
    place = next(at for at, text in enumerate(lines) if label in text)
    return [*lines[: place + 1], line, *lines[place + 1 :]]


@pytest.mark.parametrize(
    "label", ["9.其他情形", "9.涉及商业秘密", "其中：网络申请", "小计", "9.属于其他信息", ""]
)
def test_a_row_that_the_form_does_not_have_is_no_other_row(label: str) -> None:
    truth = balanced("2021", 5)
    extra = f"\t\t{label}\t71\t72\t73\t74\t75\t76\t441"
    lines = with_line_after(lines_of("2021", truth), "8.属于行政查询事项", extra)
    assert silent(wrong_cells(lines, truth)) == []
    assert "table.layout" in rules_of(read_text("\n".join(lines)))


@pytest.mark.parametrize("label", ["其他规范文件汇编", "政策解读", "行政确认", "行政奖励", "行政检查"])
def test_a_row_of_table_two_that_the_form_does_not_have_is_no_other_row(label: str) -> None:
    truth = running("2019")
    lines = with_line_after(lines_of("2019", truth), "行政许可", f"{label}\t71\t72\t73")
    assert silent(wrong_cells(lines, truth)) == []


@pytest.mark.parametrize("year", ["上年数", "2019年", "同比增长"])
def test_a_column_that_the_form_does_not_have_is_no_other_column(year: str) -> None:
    """Last year's figures beside this year's, in a column of their own."""
    truth = running("2021")
    lines = lines_of("2021", truth)
    start = next(place for place, line in enumerate(lines) if "本年制发件数" in line)
    for place, extra in zip(range(start, start + 3), (year, "71", "72"), strict=True):
        cells = lines[place].split("\t")
        lines[place] = "\t".join([cells[0], extra, *cells[1:]])
    assert silent(wrong_cells(lines, truth)) == []


# --- tables that are not there ---

HEADINGS = {"disclosure": "二、主动公开", "application": "三、收到和处理", "dispute": "四、政府信息公开"}
SAYINGS = (
    "无。",
    "本年度无此类情况。",
    "2021年，我局新收申请 5 件，予以公开 3 件，行政复议 1 件，规章 2 件，行政许可 7 件。",
)


@pytest.mark.parametrize("saying", SAYINGS, ids=["none", "sentence", "figures"])
@pytest.mark.parametrize("table", HEADINGS)
@pytest.mark.parametrize("form", FORMS)
def test_a_table_that_is_not_there_is_missing_whatever_the_text_says(
    form: str, table: str, saying: str
) -> None:
    lines = lines_of(form, running(form))
    start = next(at for at, line in enumerate(lines) if line.startswith(HEADINGS[table])) + 1
    end = next(at for at in range(start, len(lines)) if not lines[at].strip())
    reading = read_text("\n".join([*lines[:start], saying, *lines[end:]]))
    statuses = {key: cell.value_status for key, cell in by_key(reading).items()}
    assert {status for key, status in statuses.items() if key[0] == table} <= {"missing"}
    assert {status for key, status in statuses.items() if key[0] != table} == {"reported"}
    assert "cell.missing" in rules_of(reading)


@pytest.mark.parametrize("form", FORMS)
def test_figures_of_the_running_text_are_no_cells(form: str) -> None:
    truth = running(form)
    prose = [
        "规章 71 件，规范性文件 72 件。",
        "行政复议 73 件",
        "本年新收政府信息公开申请数量 74 件",
        "予以公开：75",
        "总计 76",
    ]
    lines = with_line_after(lines_of(form, truth), "一、总体情况", "\n".join(prose))
    assert wrong_cells(lines, truth) == {}


# --- rows printed twice ---


def with_second(form: str, second: str) -> Reading:
    """A report in which a second row follows the first of its label."""
    lines = lines_of(form, running(form))
    return read_text("\n".join(with_line_after(lines, second.split("\t", maxsplit=1)[0], second)))


LICENSING = [
    ("disclosure", "licensing", column) for column in ("items_last_year", "items_change", "decisions")
]


def test_a_row_of_table_two_printed_twice_with_other_figures_is_not_decided() -> None:
    """Nothing adds up in table 二: which of the two is right, nobody can tell."""
    reading = with_second("2019", "行政许可\t5\t6\t7")
    assert rules_of(reading) & {"table.layout", "cell.unreadable"}
    assert {by_key(reading)[key].value_status for key in LICENSING} <= {"unreadable", "missing"}


def test_a_row_printed_twice_alike_is_read_once() -> None:
    truth = running("2019")
    reading = with_second("2019", "\t".join(["行政许可", *(truth[key] for key in LICENSING)]))
    assert {key: cell.raw_text for key, cell in by_key(reading).items()} == truth


@pytest.mark.parametrize("right", ["first", "last"])
def test_of_two_rows_of_one_label_arithmetic_takes_the_right_one_or_none_is_taken(right: str) -> None:
    rows = ("received_new", "granted", "total_handled")
    true = {("application", row, column): "3" for row in rows for column in ("natural_person", "total")}
    lines = lines_of("2021", true)
    place = next(at for at, line in enumerate(lines) if "予以公开" in line)
    lines.insert(place + (right == "first"), lines[place].replace("\t3", "\t5"))
    reading = read_text("\n".join(lines))
    cell = by_key(reading)["application", "granted", "natural_person"]
    assert rules_of(reading) != set()
    assert (cell.value, cell.check_status) == (3, "verified") or cell.value_status in (
        "unreadable",
        "missing",
    )


def test_a_report_printed_twice_with_other_figures_says_so() -> None:
    one, two = (report_text("2021", {("dispute", "review", part): total for part in ("total", "upheld")})
                for total in ("1", "2"))  # fmt: skip
    assert "table.layout" in rules_of(read_text(f"{one}\n{two}"))


# --- the unit that a header states ---

HEADERS = [
    ("2021", "fee", "本年收费金额（单位：元）", "123456", 123_456),
    ("2021", "fee", "本年收费金额（元）", "123456.78", 123_456.78),
    ("2021", "fee", "本年收费金额（单位：万元）", "12.5", 125_000),
    ("2021", "fee", "本年收费金额(万元)", "12.5", 125_000),
    ("2021", "fee", "本年收费金额", "12.5", 125_000),
    ("2021", "fee", "本年收费金额（单位：亿元）", "1.2", 120_000_000),
    ("2019", "procurement", "采购总金额（万元）", "12.5", 125_000),
    ("2019", "procurement", "采购总金额（单位：万元）", "12.5", 125_000),
    ("2019", "procurement", "采购总金额（元）", "12.5", 12.5),
    ("2019", "procurement", "采购总金额（单位：亿元）", "1.2", 120_000_000),
    ("2019", "procurement", "采购总金额 / 万元", "12.5", 125_000),
]


@pytest.mark.parametrize(
    ("form", "row", "header", "raw", "yuan"), HEADERS, ids=[str(place) for place in range(len(HEADERS))]
)
def test_a_header_s_unit_counts(form: str, row: str, header: str, raw: str, yuan: float) -> None:
    def spell(label: Label, _: int) -> str:
        return header if label.code == "amount" else label.zh

    key = ("disclosure", row, "amount")
    reading = read_text(report_text(form, {key: raw}, spell=spell))
    assert (by_key(reading)[key].value, by_key(reading)[key].unit) == (yuan, "yuan")
    assert findings_of(reading, "cell.unit_assumed") == []


def test_a_cell_s_own_unit_outweighs_its_header() -> None:
    key = ("disclosure", "fee", "amount")
    for raw, yuan in (("1170400元", 1_170_400), ("3万", 30_000), ("0.5亿元", 50_000_000)):
        assert by_key(read_text(report_text("2021", {key: raw})))[key].value == yuan


def units_of_prose() -> Iterator[str]:
    yield "2021年，我局收费金额共计 12 万元。"
    yield "采购金额（元）见财政局网站。"


@pytest.mark.parametrize("prose", list(units_of_prose()), ids=["wan", "yuan"])
def test_a_unit_in_the_running_text_is_no_header_s(prose: str) -> None:
    key = ("disclosure", "procurement", "amount")
    lines = with_line_after(lines_of("2019", {key: "681700"}), "二、主动公开政府信息情况", prose)
    reading = read_text("\n".join(lines))
    assert by_key(reading)[key].value == 681_700
    assert len(findings_of(reading, "cell.unit_assumed")) == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_table_that_compares_some_rows_with_last_year_s_takes_none_of_them(form: str) -> None:
    """Of the rows that stand in both, nothing was read."""
    truth = balanced(form, 7)
    rows = {"received_new": "一、本年新收政府信息公开申请数量", "total_handled": "（七）总计"}
    compared = ["项目\t2019年\t2020年\t增减"]
    for row, label in rows.items():
        figure = int(truth["application", row, "total"])
        compared.append(f"{label}\t{figure + 5}\t{figure}\t-5")
    page = []
    for line in lines_of(form, truth):
        if line.startswith("四、政府信息公开行政复议"):
            page += ["<p>附：近两年情况对比</p>", *map(_html_row, compared)]
        page.append(_html_row(line))
    lines = "\n".join(page).replace("</table>\n<table>", "\n").split("\n")
    assert not wrong_cells(lines, truth)
    cells = by_key(read_text("\n".join(lines)))
    for row in rows:
        assert cells["application", row, "total"].raw_text == truth["application", row, "total"]


def _html_row(line: str) -> str:
    cells = "".join(f"<td>{cell}</td>" for cell in line.split("\t"))
    return f"<table><tr>{cells}</tr></table>" if "\t" in line else f"<p>{line}</p>"
