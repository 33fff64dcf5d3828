"""Tables 三 and 四 whose columns are not the form's: in another order, with further ones, with sums.

Belongs here: balanced figures under such headers, what is read of them and what stays open. Does not belong
here: other layouts of the form's own columns (test_unlisted_layouts.py).
"""

from collections.abc import Callable, Iterable, Sequence

import pytest

from pipeline.reading.columns import headers
from pipeline.reading.words.lines import entries_of
from tests.reading.made import Key, balanced, by_key, read_text, report_text, stream_of
from tests.reading.test_unlisted_layouts import FORMS, SEEDS, Rows, compared, non_zero, tables_set, told, wide

Grid = list[list[str]]
Change = Callable[[Grid], Grid]
JOINS = ("\t", "\n")
KINDS = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
LABELS = 3  # columns before the figures of table 三


def nested(rows: Rows) -> Grid:
    """Table 三 with the headers as the form nests them: organisations over their kinds; else the rows."""
    if rows[0][LABELS:] != ["申请人情况"]:
        return [list(row) for row in rows]
    above = ["", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计"]
    return [[*rows[0], *[""] * 6], above, ["", "", "", "", *KINDS, ""], *map(list, rows[2:])]


def is_of_applicants(grid: Grid) -> bool:
    return "申请人情况" in grid[0]


def set_by(change: Change, join: str) -> Callable[[Rows], list[str]]:
    """Table 三 changed, its cells in lines that tabs part, or a line each."""

    def layout(rows: Rows) -> list[str]:
        grid = nested(rows)
        grid = change(grid) if is_of_applicants(grid) else grid
        return [join.join(told(row) if join == "\n" else row) for row in grid]

    return layout


def persons_last(grid: Grid) -> Grid:
    rows = [[*row[:3], *row[4:9], row[3], row[9]] for row in grid[2:]]
    return [grid[0], ["", "", "", "法人或其他组织", "", "", "", "", "自然人", "总计"], *rows]


def kinds_in_another_order(grid: Grid) -> Grid:
    return [grid[0], grid[1], *([*row[:4], *row[4:9][::-1], row[9]] for row in grid[2:])]


def with_a_subtotal(grid: Grid) -> Grid:
    """小计 of the organisations after their kinds."""
    above = [*grid[1][:9], "", grid[1][9]]
    sums = ([*row[:9], str(sum(map(int, row[4:9]))), row[9]] for row in grid[3:])
    return [[*grid[0], ""], above, [*grid[2][:9], "小计", ""], *sums]


def with_last_year(grid: Grid) -> Grid:
    """Another figure after each row's total."""
    rows = ([*row, str(3 * place % 7)] for place, row in enumerate(grid[3:], 1))
    return [[*grid[0], "上年总计"], [*grid[1], ""], [*grid[2], ""], *rows]


def with_shares(grid: Grid) -> Grid:
    shares = ([*row, f"{place}.5%"] for place, row in enumerate(grid[3:]))
    return [[*grid[0], "占比"], [*grid[1], ""], [*grid[2], ""], *shares]


def with_both_years(grid: Grid) -> Grid:
    """Each column twice: last year's figure and this year's."""
    headers = [[*row[:3], *(cell for header in row[3:] for cell in (header, ""))] for row in grid[:3]]
    rows = [
        [*row[:3], *(cell for raw in row[3:] for cell in (str(place % 5), raw))]
        for place, row in enumerate(grid[3:])
    ]
    return [*headers, ["", "", "", *["上年", "本年"] * 7], *rows]


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.parametrize(
    "change", [persons_last, kinds_in_another_order, with_a_subtotal, with_last_year, with_shares]
)
@pytest.mark.parametrize("form", FORMS)
def test_headers_tell_which_column_a_figure_is_in(form: str, change: Change, join: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = tables_set(report_text(form, truth), set_by(change, join))
        wrong, right = compared(read_text(text), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


COLUMNS = ("natural_person", "business", "research")


@pytest.mark.parametrize("join", ["\t", " "])
@pytest.mark.parametrize("first", [0, 1])
def test_columns_in_the_agencys_own_order_are_read_by_their_headers(join: str, first: int) -> None:
    """Two headers turned round above the same figures: each figure is of the kind that stands over it."""
    truth = balanced("2021", 1)
    one, other = ("自然人", *KINDS)[first : first + 2]
    text = report_text("2021", truth).replace(f"{one}\t{other}", f"{other}\t{one}")
    cells = by_key(read_text(text.replace("\t", join)))
    turned = {COLUMNS[first]: COLUMNS[first + 1], COLUMNS[first + 1]: COLUMNS[first]}
    for table, row, column in truth:
        if table == "application":
            assert cells[table, row, column].raw_text == truth[table, row, turned.get(column, column)]


def claimed(text: str, table: str) -> list[Key]:
    """The cells of one table that are said to have a figure."""
    cells = by_key(read_text(text))
    return [key for key, cell in cells.items() if key[0] == table and cell.value_status == "reported"]


def test_further_columns_that_nothing_tells_are_left_open() -> None:
    """One request by a business, no header: its column and that of the sum add up alike."""
    rows = ("received_new", "granted", "total_handled")
    truth = {("application", row, column): "1" for row in rows for column in ("business", "total")}
    whole = tables_set(report_text("2019", truth), set_by(with_a_subtotal, "\t"))
    assert claimed(whole, "application")
    headless = "\n".join(line for line in whole.split("\n") if "小计" not in line)
    assert claimed(headless, "application") == []


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.parametrize("form", FORMS)
def test_columns_of_two_years_are_left_open(form: str, join: str) -> None:
    for seed in SEEDS:
        text = tables_set(report_text(form, balanced(form, seed)), set_by(with_both_years, join))
        assert claimed(text, "application") == []


PERSONS_LAST = (*KINDS, "自然人", "总计")


@pytest.mark.parametrize(
    "header",
    [
        " ".join(("项目", "代码", *PERSONS_LAST)),
        " ".join(("目 目", *KINDS[:3], "律服务机构", "其他", "自然人", "总计")),
        "社会公益 法律服务\n项目 商业企业 科研机构 他 自然人 总计\n组织 机构",
        "科 研 机  商 业 企  社会 公益 法律服 务\n项 目 自然 人 其他 总计\n构 业 组织 机构",
    ],
)
def test_headers_run_together_or_cut_tell_another_order(header: str) -> None:
    """The last column is the sum of the others in any order: only these headers tell it."""
    truth = balanced("2021", 1)
    wrong, _ = compared(
        read_text(by_spaces(report_text("2021", truth), header, (1, 2, 3, 4, 5, 0, 6))), truth
    )
    assert not wrong


def test_two_headers_above_the_others_tell_another_order() -> None:
    """They are cut over the lines above and below: one line names two kinds of applicants, turned round."""
    truth = balanced("2021", 1)
    header = "法律服务机 社会公益组\n项目 自然人 商业企业 科研机构 其他 总计\n构 织"
    wrong, _ = compared(
        read_text(by_spaces(report_text("2021", truth), header, (0, 1, 2, 4, 3, 5, 6))), truth
    )
    assert not wrong


def by_spaces(text: str, header: str, order: Sequence[int]) -> str:
    """A report with a space between words, and other headers of table 三 over its columns in some order."""
    lines = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if "自然人" in cells:
            lines += header.split("\n")
        elif "申请人情况" not in line:
            figures = cells[LABELS:]
            ordered = [figures[place] for place in order] if len(figures) == len(order) else figures
            lines.append(" ".join(told([*cells[:LABELS], *ordered])))
    return "\n".join(lines)


def test_a_total_first_among_headers_of_a_line_each_is_the_first_column() -> None:
    """The last cell of each row is empty, so that no row of figures shows where the total is."""
    truth = balanced("2021", 2, "office")
    lines = []
    for line in report_text("2021", truth).split("\n"):
        cells = line.split("\t")
        if "自然人" in cells:
            lines += ["项目 |", "总计 |", "自然人 |", *(f"{kind} |" for kind in KINDS), "||"]
        elif len(cells) == LABELS + 7:
            figures = [cells[9], *cells[3:8]]
            lines += [f"{cell} |" for cell in (cells[2] or cells[1] or cells[0], *figures)] + ["||"]
        elif "申请人情况" not in line:
            lines.append(line)
    reading = read_text("\n".join(lines))
    assert not [key for key in compared(reading, truth)[0] if key[0] == "application" and truth[key] != "0"]


@pytest.mark.parametrize("name", ["同比（%）", "上年总计", "2019年"])
def test_a_column_beside_the_headers_of_several_is_a_further_one(name: str) -> None:
    """Its header spans the lines of the others, and stands in the first of them; a caption stands alone."""
    kinds = "自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计"
    row = "一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1"
    counts = [
        headers.further_applicants(headers.before_figures(entries_of(stream_of("\n".join(lines)))[0]))
        for lines in ((f"申请人情况\t{name}", kinds, row), ("申请人情况", f"{name}：", kinds, row))
    ]
    assert counts == [1, 0]


@pytest.mark.parametrize("gone", [(2, 3), (4,)])
def test_headers_that_are_not_there_leave_no_column_blank(gone: Sequence[int]) -> None:
    """Columns cut away with their headers, empty ones before the others: each row has seven cells."""
    truth = balanced("2021", 1)
    lines = []
    for line in report_text("2021", truth).split("\n"):
        labels, cells = line.split("\t")[:LABELS], line.split("\t")[LABELS:]
        kept = [cell for place, cell in enumerate(cells) if place not in gone]
        lines.append("\t".join([*labels, *[""] * len(gone), *kept]) if len(cells) == len(KINDS) + 2 else line)
    reading = read_text("\n".join(lines))
    wrong, _ = compared(reading, truth)
    assert not wrong
    assert by_key(reading)["application", "received_new", "natural_person"].value_status != "blank"


def test_headers_in_lines_of_their_own_tell_another_order_by_where_they_stand() -> None:
    """In aligned words 法律服务机构 is cut in two and stands right of 其他: no line says it by itself."""
    truth = balanced("2021", 1)
    lines = []
    for line in report_text("2021", truth).split("\n"):
        cells = line.split("\t")
        if "自然人" in cells:
            names = ["", "自然人", "商业企业", "科研机构", "社会组织", "其他", "", "总计"]
            lines += [_aligned(row) for row in ([""] * 6 + ["法律服务"], names, [""] * 6 + ["机构"])]
        elif len(cells) == LABELS + 7:
            lines.append(_aligned(["".join(cells[:LABELS]), *cells[LABELS:7], cells[8], cells[7], cells[9]]))
        elif "申请人情况" not in line:
            lines.append("    ".join(cells))
    wrong, _ = compared(read_text("\n".join(lines)), truth)
    assert not wrong


def _aligned(cells: Sequence[str]) -> str:
    """A label and figures, each of these to the right of a column of another width."""
    first = cells[0] + " " * (90 - wide(cells[0]))
    return first + "".join(
        " " * (10 + 2 * (place % 2) - wide(cell)) + cell for place, cell in enumerate(cells[1:])
    )


# --- table 四 with sums of its own ---


def with_disputes(text: str, rows: Iterable[Sequence[str]], join: str) -> str:
    """A report with other lines for its table 四."""
    start, end = text.index(DISPUTE), text.index("五、")
    return "\n".join([text[:start], DISPUTE, *(join.join(row) for row in rows), text[end:]])


DISPUTE = "四、政府信息公开行政复议、行政诉讼情况"
CODES = ("upheld", "corrected", "other", "pending", "total")
RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
CHANNELS = ("行政复议", "未经复议直接起诉", "复议后起诉")


def added(rows: Sequence[Sequence[str]]) -> list[str]:
    return [str(sum(map(int, column))) for column in zip(*rows, strict=True)]


def sums_below(rows: Sequence[Sequence[str]]) -> Grid:
    named = [[name, *row] for name, row in zip(CHANNELS, rows, strict=True)]
    return [["类别", *RESULTS], *named, ["合计", *added(rows)]]


def suits_added(rows: Sequence[Sequence[str]]) -> Grid:
    named = [[name, *row] for name, row in zip(CHANNELS, rows, strict=True)]
    return [["类别", *RESULTS], named[0], ["小计", *added(rows[1:])], *named[1:]]


def sums_beside(rows: Sequence[Sequence[str]]) -> Grid:
    columns = zip(RESULTS, *rows, added(rows), strict=True)
    return [["结果", *CHANNELS, "合计"], *map(list, columns)]


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.parametrize("table", [sums_below, suits_added, sums_beside])
@pytest.mark.parametrize("form", FORMS)
def test_sums_of_channels_are_no_channel(
    form: str, table: Callable[[Sequence[Sequence[str]]], Grid], join: str
) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        channels = ("review", "suit_direct", "suit_after_review")
        rows = [[truth["dispute", channel, code] for code in CODES] for channel in channels]
        wrong, right = compared(read_text(with_disputes(report_text(form, truth), table(rows), join)), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


@pytest.mark.parametrize("join", JOINS)
def test_results_after_their_total_are_left_open(join: str) -> None:
    """总计 first in each channel: one pending case reads as one upheld, and adds up."""
    results = (RESULTS[-1], *RESULTS[:-1]) * 3
    figures = [*["0"] * 10, "1", "0", "0", "0", "1"]
    rows = [["行政复议", *[""] * 4, "行政诉讼"], ["", *CHANNELS[1:]], results, figures]
    text = with_disputes(report_text("2019", balanced("2019", 1)), rows, join)
    assert claimed(text, "dispute") == []


def test_a_total_in_the_line_over_the_results_is_first() -> None:
    """Both ends of a row say the same: it adds up either way, and the second cell is not the first."""
    rows = [["总计"], [*RESULTS[:-1]], *([name, *CODED] for name in CHANNELS)]
    text = with_disputes(report_text("2021", balanced("2021", 1)), rows, "\n")
    assert claimed(text, "dispute") == []


CODED = ("0", "—", "—", "0", "—")


# --- table 二 ---


def test_a_block_under_the_headers_of_another_form_is_left_open() -> None:
    """制发, 废止, 现行有效 over the documents of a table of form 2019: these count other things."""
    truth = balanced("2019", 2)
    own, other = "本年新制作数量\t本年新公开数量\t对外公开总数量", "本年制发件数\t本年废止件数\t现行有效件数"
    cells = by_key(read_text(report_text("2019", truth).replace(own, other)))
    for (table, row, column), raw in truth.items():
        if table == "disclosure":
            cell = cells[table, row, column]
            under_others = row in ("rule", "normative_document")
            assert (cell.value_status != "reported") if under_others else (cell.raw_text == raw)


@pytest.mark.parametrize("name", ["上年同期数", "上级备案数", "累计"])
@pytest.mark.parametrize("form", FORMS)
def test_figures_under_a_further_header_are_none_of_the_forms(form: str, name: str) -> None:
    """The form's own cells are left empty: a figure stands below the agency's own header alone."""
    lines = []
    for line in report_text(form, zero="").split("\n"):
        cells = line.split("\t")
        further = name if cells[0] == "信息内容" else "7"
        is_row = len(cells) in (2, 3, 4) and cells[0] and not cells[0].startswith("第")
        lines.append("\t".join([*cells, *[""] * (4 - len(cells)), further]) if is_row else line)
    assert claimed("\n".join(lines), "disclosure") == []
