"""Table 四 told by its own labels: each channel's results beside their figures, or over a line of five.

Belongs here: shapes of table 四, with empty cells, and when they stay open. Does not belong here: one row of
fifteen (`test_forms.py`), random damage (`tests/generator`).
"""

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


@pytest.mark.parametrize("kind", ["：", "one line", "below"])
def test_figures_that_do_not_add_up_beside_empty_cells_stay_open(kind: str) -> None:
    wrong: Channels = {"review": ("行政复议", ("5", "", "1", "", "7"))}
    found = read(shaped(kind, CHANNELS | wrong))
    assert all(found["review", column][1] is None for column in COLUMNS)


def test_a_remark_beside_a_figure_does_not_part_the_pairs() -> None:
    remarked: Channels = {"review": ("行政复议", ("5 （调解结案）", "0", "1 撤诉", "0", "6"))}
    found = read(shaped("one line", CHANNELS | remarked))
    assert [found["review", column][1] for column in COLUMNS] == [5, 0, 1, 0, 6]
