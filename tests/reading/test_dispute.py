"""Table 四 told by its own labels: each channel's results beside their figures, or over a line of five.

Belongs here: shapes of table 四, with empty cells, and when they stay open. Does not belong here: one row of
fifteen (`test_forms.py`), random damage (`tests/generator`).
"""

from itertools import permutations

import pytest

from tests.reading.made import by_key, read_text, report_text

RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
COLUMNS = ("upheld", "corrected", "other", "pending", "total")
Channels = dict[str, tuple[str, tuple[str, ...]]]
CHANNELS: Channels = {
    "review": ("行政复议", ("5", "", "1", "", "6")),
    "suit_direct": ("行政诉讼\n未经复议直接起诉", ("", "", "", "", "")),
    "suit_after_review": ("复议后起诉", ("", "2", "", "", "2")),
}


def beside(cells: tuple[str, ...], mark: str) -> str:
    return "\n".join(f"{name}{mark}{cell}" for name, cell in zip(RESULTS, cells, strict=True))


def in_one_line(cells: tuple[str, ...]) -> str:
    return " ".join(f"{name}：{cell}" for name, cell in zip(RESULTS, cells, strict=True))


def below(cells: tuple[str, ...]) -> str:
    return "\t".join(RESULTS) + "\n" + "\t".join(cells)


def read(shape: str) -> dict[tuple[str, str], tuple[str, float | None]]:
    head, heading, _ = report_text("2021", {}).partition("四、政府信息公开行政复议、行政诉讼情况\n")
    assert heading
    cells = by_key(read_text(f"{head}{heading}{shape}\n五、存在的主要问题及改进情况\n无。"))
    return {key[1:]: (cell.value_status, cell.value) for key, cell in cells.items() if key[0] == "dispute"}


def shaped(kind: str, channels: Channels) -> str:
    parts = []
    for name, cells in channels.values():
        shape = {"one line": in_one_line, "below": below}.get(kind)
        parts.append(f"{name}\n{shape(cells) if shape else beside(cells, kind)}")
    return "\n".join(parts)


@pytest.mark.parametrize("kind", ["：", "\t", "one line", "below"])
def test_empty_cells_under_their_own_labels_are_blank(kind: str) -> None:
    found = read(shaped(kind, CHANNELS))
    for code, (_, cells) in CHANNELS.items():
        for column, raw in zip(COLUMNS, cells, strict=True):
            assert found[code, column] == (("reported", int(raw)) if raw else ("blank", None))


EMPTY: Channels = {code: (name, ("",) * len(RESULTS)) for code, (name, _) in CHANNELS.items()}


@pytest.mark.parametrize(
    ("kind", "status"), [("：", "blank"), (" ", "blank"), ("one line", "blank"), ("below", "missing")]
)
def test_a_table_without_any_figure_is_empty_where_results_stand_apart(kind: str, status: str) -> None:
    """Below headers in one line the row of figures may be lost."""
    found = read(shaped(kind, EMPTY).replace("\n\t\t\t\t", ""))
    assert {told for told, _ in found.values()} == {status}


@pytest.mark.parametrize("dash", ["-", "—", "–", "―", "－", "−", "/", "无"])
def test_a_dash_after_a_result_says_that_it_does_not_apply(dash: str) -> None:
    found = read(
        shaped("：", CHANNELS | {"suit_direct": (CHANNELS["suit_direct"][0], ("0", "0", "0", dash, dash))})
    )
    assert [found["suit_direct", column][0] for column in COLUMNS] == ["reported"] * 3 + [
        "not_applicable"
    ] * 2


WRONG: Channels = {"review": ("行政复议", ("5", "", "1", "", "7"))}


def test_figures_that_do_not_add_up_below_their_results_stay_open() -> None:
    found = read(shaped("below", CHANNELS | WRONG))
    assert all(found["review", column][1] is None for column in COLUMNS)


@pytest.mark.parametrize("kind", ["：", "one line"])
def test_a_misprint_beside_the_results_of_one_channel_is_read_as_it_stands(kind: str) -> None:
    found = read(shaped(kind, CHANNELS | WRONG))
    assert [found["review", column][1] for column in COLUMNS] == [5, None, 1, None, 7]
    others = {key: cell for key, cell in read(shaped(kind, CHANNELS)).items() if key[0] != "review"}
    assert found.items() >= others.items()


@pytest.mark.parametrize("kind", ["：", "one line"])
def test_two_channels_that_do_not_add_up_beside_empty_cells_stay_open(kind: str) -> None:
    both: Channels = WRONG | {"suit_after_review": ("复议后起诉", ("", "2", "", "", "3"))}
    found = read(shaped(kind, CHANNELS | both))
    assert all(found["review", column][1] is None for column in COLUMNS)


@pytest.mark.parametrize("kind", ["：", "one line"])
def test_a_channel_without_its_total_beside_empty_cells_stays_open(kind: str) -> None:
    found = read(shaped(kind, CHANNELS | {"review": ("行政复议", ("5", "", "1", "", ""))}))
    assert all(found["review", column][1] is None for column in COLUMNS)


def test_a_word_after_a_result_stands_for_its_figure() -> None:
    found = read(shaped("：", CHANNELS | {"review": ("行政复议", ("5", "", "1", "", "待核实"))}))
    assert [found["review", column][1] for column in COLUMNS] == [5, None, 1, None, None]
    assert found["review", "total"][0] == "unreadable"


def test_a_remark_beside_a_figure_does_not_part_the_pairs() -> None:
    remarked: Channels = {"review": ("行政复议", ("5 （调解结案）", "0", "1 撤诉", "0", "6"))}
    found = read(shaped("one line", CHANNELS | remarked))
    assert [found["review", column][1] for column in COLUMNS] == [5, 0, 1, 0, 6]


FULL: Channels = {
    "review": ("行政复议", ("6", "3", "0", "1", "10")),
    "suit_direct": ("未经复议直接起诉", ("2", "0", "2", "0", "4")),
    "suit_after_review": ("复议后起诉", ("0", "1", "0", "0", "1")),
}
ORDERS = tuple(permutations(FULL))
TRUTH = {
    (code, column): int(raw)
    for code, (_, raws) in FULL.items()
    for column, raw in zip(COLUMNS, raws, strict=True)
}


def in_rows(order: tuple[str, ...], columns: tuple[int, ...], prefix: str = "") -> str:
    """A row for each channel, in one order, its results in another."""
    rows = [("类型", RESULTS), *((prefix + name, raws) for name, raws in (FULL[code] for code in order))]
    return "\n".join("\t".join([name, *(cells[place] for place in columns)]) for name, cells in rows)


@pytest.mark.parametrize("prefix", ["", "行政诉讼", "行政诉讼—", "（一）"])
@pytest.mark.parametrize("order", ORDERS)
def test_rows_of_channels_are_read_by_their_names(order: tuple[str, ...], prefix: str) -> None:
    """Counted, the figures of 未经复议直接起诉 were those of 行政复议, verified."""
    found = read(in_rows(order, (0, 1, 2, 3, 4), prefix))
    assert {key: value for key, (_, value) in found.items()} == TRUTH


@pytest.mark.parametrize(
    "names",
    [
        ("行政复议案件", "直接起诉案件", "复议后起诉案件"),
        ("复议", "诉讼：未经复议", "诉讼：复议后起诉"),
        ("行政复议情况", "行政诉讼（直接）", "行政诉讼（复议后）"),
    ],
)
@pytest.mark.parametrize("order", ORDERS)
def test_rows_of_channels_are_read_by_a_word_of_their_names(
    order: tuple[str, ...], names: tuple[str, ...]
) -> None:
    text = in_rows(order, (0, 1, 2, 3, 4))
    for (known, _), name in zip(FULL.values(), names, strict=True):
        text = text.replace(f"{known}\t", f"{name}\t")
    assert {key: value for key, (_, value) in read(text).items()} == TRUTH


@pytest.mark.parametrize("kind", ["：", "\t", "one line", "below", "\n"])
@pytest.mark.parametrize("order", ORDERS)
def test_channels_in_another_order_are_read_by_their_names_or_not_at_all(
    order: tuple[str, ...], kind: str
) -> None:
    found = read(shaped(kind, {code: FULL[code] for code in order}))
    assert all(value in (None, TRUTH[key]) for key, (_, value) in found.items())


@pytest.mark.parametrize("columns", [(1, 0, 2, 3, 4), (0, 1, 3, 2, 4), (2, 1, 0, 3, 4)])
def test_results_in_another_order_stay_open(columns: tuple[int, ...]) -> None:
    """A header over the names, 类型, hid the order of those beside it."""
    found = read(in_rows(tuple(FULL), columns))
    assert all(value is None for _, value in found.values())
    alone = {code: (name, tuple(raws[at] for at in columns)) for code, (name, raws) in FULL.items()}
    lines = [line for name, raws in alone.values() for line in (name, *turned(raws, columns))]
    found = read("\n".join(lines))
    assert all(value in (None, TRUTH[key]) for key, (_, value) in found.items())


def turned(raws: tuple[str, ...], columns: tuple[int, ...]) -> list[str]:
    """Names and figures in turn, a line each."""
    return [line for at, raw in zip(columns, raws, strict=True) for line in (RESULTS[at], raw)]


CHART = ("自然人", "12", "予以公开", "2", "部分公开", "574", "行政处罚", "23", "行政许可", "7")


@pytest.mark.parametrize("written", [5, 10])
def test_figures_of_a_chart_below_the_table_are_none_of_its_cells(written: int) -> None:
    """A line a cell: the lines of empty cells show nothing, and the chart's figures make up fifteen."""
    names = ["行政复议", "行政诉讼", *RESULTS, "未经复议直接起诉", "复议后起诉", *RESULTS, *RESULTS]
    cells = read("\n".join([*names, *["0"] * written, *CHART * (3 - written // 5)]))
    assert not [key for key, (_, value) in cells.items() if value]


def test_a_sentence_that_is_set_in_is_no_row_of_empty_cells() -> None:
    """Its four spaces looked like tabs before the last cell of five."""
    columns = "\t".join(f"数据{place}" for place in range(1, 16))
    last_year = "行政复议\t12\t0\t5\t0\t17\n行政诉讼\t0\t15\t12\t1\t28"
    text, heading, _ = report_text("2021", {}).partition("四、政府信息公开行政复议、行政诉讼情况\n")
    table = f"{heading}{columns}\n" + "\t".join(["3"] * 4 + ["12"] + ["0"] * 10)
    nothing = "六、其他需要报告的事项\n    无其他需要报告的事项。"
    below = f"{nothing}\n    2020年行政复议、行政诉讼情况：\n{columns}\n{last_year}"
    cells = by_key(read_text(f"{text}{table}\n{below}\n"))
    assert not [cell for key, cell in cells.items() if key[0] == "dispute" and cell.value in (5, 15, 17, 28)]


def test_zeros_of_a_row_above_fill_up_no_channel() -> None:
    """Of the row before, whose label stands above its figures and below: with it there are thirteen."""
    results = "结果维持  结果纠正  其他结果  尚未审结   总计"
    places = {65: "0", 77: "0", 93: "0"}, {7: "0", 17: "1", 27: "1", 37: "0", 45: "2", 55: "0", 75: "0"}
    above, row = ("".join(line.get(at, " ") for at in range(94)) for line in places)
    row = f"{row[:85]}0{row[86:93]}0{' ' * 47}0"
    shape = [
        *("四、结转下年度继续", above, "办理", ""),
        f"{' ' * 19}行政复议{' ' * 64}行政诉讼",
        f"{' ' * 63}未经复议直接起诉{' ' * 35}复议后起诉",
        *(results, f"{' ' * 48}{results}   {results}", row),
    ]
    found = read("\n".join(shape))
    assert {found["suit_after_review", column][1] for column in COLUMNS[:4]} == {None}


SOME_BLANK = ["0", "", "", "", "0", "0", "0", "", "", "", "", "0", "0", "", ""]
HEADERS = (
    ["行政复议", "行政诉讼"],
    [*RESULTS, "未经复议直接起诉", "复议后起诉"],
    [*RESULTS, *RESULTS],
)


def told(cells: dict[tuple[str, str], tuple[str, float | None]]) -> list[str]:
    """Return the fifteen cells as they may have been printed: ? for one that stays open."""
    read_as = [cells.get((code, column), ("", None)) for code in CHANNELS for column in COLUMNS]
    return ["" if status == "blank" else "?" if value is None else f"{value:g}" for status, value in read_as]


@pytest.mark.parametrize("more", [0, 1, 2])
def test_fifteen_cells_that_end_as_their_shorter_headers_are_read(more: int) -> None:
    """No program filled the lines up to one width, so that a lost cell would show."""
    rows = [*HEADERS, SOME_BLANK]
    assert told(read("\n".join("\t".join([*row, *[""] * more]) for row in rows))) == SOME_BLANK


@pytest.mark.parametrize("lost", [True, False])
def test_a_row_that_ends_otherwise_than_its_headers_stays_open(*, lost: bool) -> None:
    """A cell is gone from it, or it has one more; the figures after that have moved."""
    row = [*SOME_BLANK[:2], *SOME_BLANK[3:]] if lost else [*SOME_BLANK[:2], "", *SOME_BLANK[2:]]
    assert "0" not in told(read("\n".join("\t".join(line) for line in (*HEADERS, row))))


def test_fifteen_cells_are_read_where_all_lines_are_filled_up() -> None:
    """The last total is written, in the fifteenth cell of seventeen: none was lost before it."""
    whole = [*SOME_BLANK[:14], "0"]
    across = [["行政复议", *[""] * 4, "行政诉讼", *[""] * 9], RESULTS * 3, whole]
    assert told(read("\n".join("\t".join([*row, "", ""]) for row in across))) == whole


@pytest.mark.parametrize("lines", [14, 15, 16])
def test_zeros_and_empty_lines_are_read_where_they_are_fifteen(lines: int) -> None:
    """An empty line stands before each heading, so that those of the row can be counted."""
    names = [name for row in HEADERS for name in row]
    cells = [*SOME_BLANK, ""][:lines]
    found = told(read("\n".join([*names, *cells, ""])))
    assert found == SOME_BLANK if lines == len(SOME_BLANK) else "0" not in found
