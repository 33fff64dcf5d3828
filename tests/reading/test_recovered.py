"""Damage and layouts in which every figure that is not zero, or every cell, is read all the same.

Belongs here: one made report for each way in which the reader recovers, and the plainest of them typed out.
Does not belong here: errors that must stay away (`test_silent.py`), shares over many reports
(`test_attack.py`).
"""

import pytest

from pipeline.forms import forms
from pipeline.reading import CellRecord
from tests.accuracy import Task, measure
from tests.reading.made import Key, balanced, by_key, read_text, report_text

RECOVERED = {
    "one row has an empty cell more: all columns show which": (204972, "ragged_tabs"),
    "one row has an empty cell less: all columns show which": (209852, "ragged_tabs"),
    "one row has a cell more, its zeros may stand anywhere": (8303932, "ragged_tabs"),
    "two rows in different sums have moved": (204754, "dispute_three"),
    "misprints fail some columns: rows with figures in the others": (8201713, "ragged_tabs"),
    "a row with empty cells goes on in the next line": (207123, "ragged_tabs"),
    "a row goes on in the next line, which empty cells fill up": (204177, "dispute_pairs"),
    "a row's total has a line of its own": (206997, "dispute_three"),
    "a header over aligned words lost letters": (205813, "aligned"),
    "headers over aligned words, their letters parted": (7404195, "aligned"),
    "headers over table 四, cut over lines": (200656, "aligned"),
    "headers over table 四, of which one is not known": (7402056, "aligned"),
    "a garbled figure under headers, wider than the others": (205628, "aligned"),
    "a header that lost a letter, in two lines": (207085, "aligned"),
    "headers over table 四, one channel misprinted": (200194, "aligned"),
    "headers over table 四 run together, all figures there": (8202052, "aligned"),
    "headers over table 四, the ends of some in other lines": (201536, "wrapped"),
    "headers over table 三, their pieces run together in lines": (40001866, "wrapped"),
    "the same, beside the sentence of the sums": (40000263, "wrapped"),
    "the same, one of them in three lines": (40001444, "wrapped"),
    "the same, with units a space apart from their figures": (13, "wrapped"),
    "总计 over the lines of headers, beside 申请人情况 without a letter": (43004158, "html_word"),
    "two garbled cells of table 四, one its first": (42002779, "html"),
    "table 二: figures alone in their lines, inside their labels": (8401470, "aligned"),
    "the bracket that ends a label below its figures": (206437, "aligned"),
    "headers cut over two lines of marked cells": (7405005, "dispute_three"),
    "table 二: a lone figure under the first of three headers": (206021, "aligned"),
    "table 二: headers that lost letters, those of other blocks whole": (201627, "aligned"),
    "table 二: letters of headers parted over lines": (200679, "aligned"),
    "a row's figures between the two lines of its label": (207640, "aligned"),
    "the same, the next row lost": (206022, "wrapped"),
    "the end of a heading in the line of a row's label": (200494, "aligned"),
    "an item's label after a heading that is a row's too": (202460, "aligned"),
    "a piece of a heading in the line of the figures": (209282, "aligned"),
    "a label of many lines, one letter of a heading among them": (209491, "wrapped"),
    "a label that ends in a comma": (208011, "wrapped"),
    "labels cut around their figures, one lost": (9476005, "aligned"),
    "the same, beside the names of groups": (204987, "aligned"),
    "quotation marks two columns wide, empty cells": (9520516, "aligned"),
    "no result of a channel has a figure": (204339, "dispute_pairs"),
    "some results have none": (203622, "dispute_pairs"),
    "a figure before 总计 is no numeral": (202628, "dispute_pairs"),
    "a damaged result beside its figure": (208340, "dispute_pairs"),
    "table 二 without labels, empty cells among its figures": (204291, "no_labels"),
    "table 二 without labels, a line too short, a heading damaged": (209124, "no_labels"),
    "table 二 without labels, advertising between its lines": (200498, "no_labels"),
    "table 二 with labels of its own, empty cells in the rows of three": (203653, "tabs"),
    "a page's number of three words between the rows": (204707, "no_labels"),
    "labels first: one is like two rows, one cut, one row lost": (205215, "labels_first"),
    "labels first: rows of one figure each": (202717, "labels_first"),
    "labels first: a garbled total": (201862, "labels_first"),
    "a garbled total in a line of its own": (202716, "label_lines"),
    "a garbled first figure in a line of its own": (204751, "label_lines"),
    "a garbled figure after the row's own label, a line each": (206592, "pipe_lines"),
    "a garbled figure after a label with its heading": (202173, "tabs"),
    "a label's numeral and first letter are no garbled figure": (206384, "pipe_lines"),
    "table 四 filled up with empty cells": (203105, "markdown_rows"),
    "two figures of table 四 in one cell": (206431, "indent_lines"),
    "a misprinted row with empty cells": (204825, "dispute_pairs"),
    "misprinted rows that end where all others do": (8303485, "web_text"),
    "misprinted rows that all have a line for each cell": (207775, "dense_lines"),
    "table 四 with a word for a figure, marked cells": (8301245, "html_split"),
    "table 四 with a word for a figure, a line each": (8300002, "pipe_lines"),
    "table 四 with a word for a figure, and empty lines": (8300859, "bare_lines"),
    "table 四 that ends in a word for a figure": (8302532, "labels_first"),
    "numbered rows, one without its label, a line each": (8303820, "dense_lines"),
    "numbered rows, one without its label, marked lines": (8302823, "pipe_lines"),
    "numbered rows of words beside cut labels, one misprinted": (8303432, "wrapped"),
    "a row of words that ends in a word for its total": (8300425, "aligned"),
    "a heading that begins with 无": (207153, "spaces"),
    "two rows in one line, words": (204078, "spaces"),
    "two rows in one line, cells": (203968, "dispute_three"),
    "the numbers of columns, cut off their headers": (201889, "data_columns"),
    "the last letter of a header is no figure": (8312095, "dispute_three"),
    "a row of table 二 that goes on in the next line": (203207, "data_columns"),
    "a page's number of three words among rows of words": (8350822, "no_labels"),
    "a garbled figure after an empty cell, no label before them": (208106, "no_labels"),
    "letters that a program spelt by their numbers": (202045, "lists"),
    "table 二 without labels, a clause's heading damaged": (9476038, "no_labels"),
    "headers of table 二 cut over lines, two run together": (207631, "wrapped"),
    "numbered rows, the last without its label": (207976, "web_text"),
    "pairs of table 四, one channel misprinted": (9482536, "dispute_pairs"),
    "pairs of table 四, a word for a figure": (9474605, "dispute_pairs"),
    "pairs of table 四, a word for a figure after a colon": (9475196, "dispute_pairs"),
    "table 四 with a word for a figure beside empty cells": (9475680, "json_lines"),
    "the same, a line a cell": (9476379, "web_text"),
    "the same, below headers with fewer cells": (9540714, "label_lines"),
    "a word for a figure in table 四 of a CSV with broken labels": (9540356, "csv"),
    "thousands that a narrow column cuts after their separator": (9534224, "pdf"),
    "a page's number in a cell of a row": (9475799, "pdf"),
    "a page's number below headers that are printed again": (9475124, "pdf"),
    "page numbers between empty lines, empty lines for empty cells": (9532675, "bare_lines"),
    "rows that begin further left after a page's end": (9479228, "html_split"),
    "rows that begin further left, like one with all figures": (9477793, "html_split"),
    "the only two rows above a page's end": (201124, "pdf"),
    "a row that goes on in the next line, empty cells around it": (207692, "dispute_three"),
    "figures between the lines of their labels, one label lost": (203919, "wrapped"),
    "the same, pieces of headings between the lines": (9531163, "wrapped"),
    "rows without pipes around them, most ends empty": (9474162, "escaped"),
    "a misprinted total left out, all cells there": (9476334, "tabs"),
    "the same, a cell a line": (9478193, "indent_lines"),
    "table 四, a cell a line, one channel misprinted": (9475549, "indent_lines"),
    "two figures of table 四 in one cell, empty cells beside them": (9956925, "indent_lines"),
    "a figure in the cell of its label": (9956617, "indent_lines"),
    "labels first: an outcome without label and line, the totals show it": (9946962, "labels_first"),
    "labels first: one cut before the name of a year": (9946978, "labels_first"),
    "labels first: one cut in two, the rest in other words": (9540855, "labels_first"),
    "labels first: 总计 without label and line, the totals show it": (9972908, "labels_first"),
    "misprints: a row that ends before its total, cells standing anywhere": (9475576, "ragged_tabs"),
}
WHOLE = {
    "an unusual label after rows left empty": (8603270, "bare_lines"),
    "labels first: a figure alone in its line is a row": (8207924, "labels_first"),
    "labels first: rows of one figure after a row that lacks one": (8203048, "labels_first"),
    "numbers before the labels, none before headings": (8213937, "dense_lines"),
    "numbers before the labels, empty cells in the rows": (8400606, "web_text"),
    "a full row among rows whose empty cells don't show": (8401347, "dense_lines"),
    "a row of dashes around a figure below its label": (8212523, "label_lines"),
    "a row of dashes around a figure below the headers": (8212591, "no_labels"),
    "a row of dashes around a figure below all labels": (8403170, "labels_first"),
    "figures alone in their lines that count up below labels": (8211813, "label_lines"),
    "an empty line is an empty cell where all rows of table 二 have as many": (8210269, "bare_lines"),
    "a row left empty in a line of its own": (8401396, "web_text"),
    "a sum of money with its unit, the number beside it empty": (8402658, "pipe_lines"),
    "the last row of a table, a line a cell": (8404539, "bare_lines"),
    "tabs are the empty cells of rows below their labels": (8403393, "label_lines"),
    "a figure alone in its line, table 二 without labels": (8214811, "no_labels"),
    "a channel of table 四 without figures, tabs between pairs": (8210394, "dispute_pairs"),
    "a row's first figure with a remark is no running number": (8214533, "label_lines"),
    "a row with empty cells among empty rows": (8214118, "pipe_lines"),
    "figures that count up in adjacent lines": (8605118, "labels_first"),
    "table 四 a line a cell, the gap of headings below it": (8400559, "bare_lines"),
    "a channel of table 四 with one figure beside its label": (8506179, "dispute_pairs"),
    "a change that a merged cell prints twice": (8503848, "markdown_rows"),
    "rows of table 二 left empty over one with a figure": (8200528, "aligned"),
    "a label of table 三 in other words below rows left empty": (8201140, "aligned"),
    "remarks with a figure in a wide line are no lines run together": (8200618, "aligned"),
    "cells of a browser, a heading without numeral after the last tab": (9940575, "browser_text"),
    "the same, table 四 with its first cell empty": (9941114, "browser_text"),
    "the same, with several": (9940240, "browser_text"),
    "rows further apart, in columns by the width of letters": (9940240, "aligned"),
    "the one row of a page's tables, under headers by the width of letters": (9943105, "aligned"),
    "labels cut around figures, between them rows left empty": (9941436, "aligned"),
    "the same, a label of these in other words": (9943417, "aligned"),
    "figures beside the headers of wide columns": (9941474, "aligned"),
    "figures beside the last header of a wide column": (9943902, "aligned"),
    "a header with its unit over a figure beside an empty cell": (9942207, "aligned"),
    "the last letter of a label below a figure is no unit of it": (9941340, "aligned"),
}
EVERY_CELL = {
    "cells of a browser, （七）总计 after a row left empty": (303322, "browser_text"),
    "the same, table 四 left empty below its headers": (300046, "browser_text"),
    "the same, table 四 left empty in a line of tabs": (95200442, "browser_text"),
    "the same, a running number alone before a tab": (57000690, "browser_text"),
    "the same, headings repeated before the labels of rows left empty": (95200102, "browser_text"),
    "the same, no figure but running numbers": (95200344, "browser_text"),
    "table 四, its cells and all headers followed by empty ones": (66500321, "web_text"),
    "the same, empty cells of merged headers in the lines of some": (66500245, "web_text"),
    "the same, a line of headers shorter than the others": (95400568, "web_text"),
    "a line a cell, the number of （六）其他处理 below the row before": (95400754, "web_text"),
    "rows of pipes, nearly all of which end in an empty cell": (57003242, "escaped"),
    "the same, two rows that end in none": (95600085, "escaped"),
    "table 二 in tabs, its clauses in lines without empty cells": (95600536, "escaped"),
    "the same, as many empty cells after all lines": (95400015, "web_text"),
    "the same, its clauses in every cell of their lines": (95600545, "escaped"),
    "zeros in the columns of their headers, tabs between cells": (302982, "dispute_three"),
    "table 二 in tabs, beside a table 三 whose headers stand in its columns": (303886, "escaped"),
    "the same, no sum but one of no money": (301694, "dispute_three"),
    "the same, with an empty cell after all lines": (57000323, "dispute_pairs"),
    "one figure in a table whose rows are lines of tabs": (301439, "label_lines"),
    "pages that end in their numbers, one within table 四's headers": (300115, "pdf"),
    "the same, one above the first row, left empty": (300148, "pdf"),
}
"""Of undamaged reports, zeros and empty cells among them."""
FORMS = ("2019", "2021")


@pytest.mark.parametrize("name", RECOVERED)
def test_every_figure_is_read(name: str) -> None:
    _assert_all_read(*RECOVERED[name], damaged=True)


@pytest.mark.parametrize("name", WHOLE)
def test_every_figure_of_an_undamaged_report_is_read(name: str) -> None:
    _assert_all_read(*WHOLE[name], damaged=False)


@pytest.mark.parametrize("name", EVERY_CELL)
def test_every_cell_of_an_undamaged_report_is_read(name: str) -> None:
    seed, layout = EVERY_CELL[name]
    outcome = measure(Task(seed, layout, None, damaged=False))
    assert outcome.silent == ()
    assert outcome.counts["right"] == outcome.counts["total"] > 0


def _assert_all_read(seed: int, layout: str, *, damaged: bool) -> None:
    outcome = measure(Task(seed, layout, None, damaged=damaged))
    assert outcome.problem == ""
    assert outcome.counts["nonzero"] > 0
    assert outcome.counts["nonzero_right"] == outcome.counts["nonzero"]
    assert outcome.silent == ()


def _read(lines: list[str]) -> dict[Key, CellRecord]:
    return by_key(read_text("\n".join(lines)))


def _lines(form: str, figures: dict[Key, str]) -> list[str]:
    return report_text(form, figures).split("\n")


def _place(lines: list[str], label: str) -> int:
    return next(place for place, line in enumerate(lines) if label in line)


@pytest.mark.parametrize("form", FORMS)
def test_a_total_in_the_next_line_is_its_rows(form: str) -> None:
    figures = balanced(form, 1)
    lines = _lines(form, figures)
    place = _place(lines, "予以公开")
    *row, total = lines[place].split("\t")
    lines[place : place + 1] = ["\t".join(row), total]
    assert int(total) > 0
    assert {key: cell.raw_text for key, cell in _read(lines).items()} == figures


@pytest.mark.parametrize("form", FORMS)
def test_another_figure_in_the_next_line_is_no_total(form: str) -> None:
    lines = _lines(form, balanced(form, 1))
    place = _place(lines, "予以公开")
    *row, total = lines[place].split("\t")
    lines[place : place + 1] = ["\t".join(row), str(int(total) + 1)]
    cells = _read(lines)
    assert cells["application", "granted", "total"].value_status != "reported"


def test_a_label_before_a_blocks_heading_is_no_label_of_a_figure_below_it() -> None:
    """The figure is that of 行政处罚, which lost its label; 行政许可 has none."""
    lines = _lines("2021", balanced("2021", 2) | {("disclosure", "penalty", "decisions"): "4856"})
    lines[_place(lines, "行政许可")] = "行政许可\t"
    lines[_place(lines, "行政处罚")] = "\t4856"
    cells = _read(lines)
    assert cells["disclosure", "licensing", "decisions"].value_status != "reported"
    assert cells["disclosure", "penalty", "decisions"].raw_text == "4856"


def test_tabs_before_a_lone_figure_are_the_empty_cells_of_its_row() -> None:
    figures = balanced("2019", 3)
    key = ("disclosure", "licensing", "decisions")
    for column in ("items_last_year", "items_change"):
        figures["disclosure", "licensing", column] = ""
    lines = _lines("2019", figures)
    rows = [row.label.zh for row in forms()["2019"].tables["disclosure"].rows]
    for label in rows:
        place = next(at for at, line in enumerate(lines) if line.startswith(f"{label}\t"))
        lines[place] = lines[place].split("\t", 1)[1]
    cells = _read(lines)
    assert cells[key].raw_text == figures[key]
    assert cells["disclosure", "licensing", "items_last_year"].value_status == "blank"


@pytest.mark.parametrize("form", FORMS)
def test_a_misprinted_total_beside_empty_cells_is_read_and_contradicted(form: str) -> None:
    figures = {key: "" if raw == "0" else raw for key, raw in balanced(form, 4).items()}
    row = next(
        key[1]
        for key, raw in figures.items()
        if key[0] == "application" and key[2] == "total" and raw and key[1].startswith("unable")
    )
    key = ("application", row, "total")
    figures[key] = str(int(figures[key]) + 7)
    cells = by_key(read_text(report_text(form, figures)))
    assert cells[key].raw_text == figures[key]
    assert cells[key].check_status == "contradicted"


CUT_OVER_A_PAGE = {
    "denied_safety": ("3.危", "及“三安全一稳定”"),
    "unable_not_held": ("1.本机关不", "掌握相关政府信息"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_label_that_ends_in_a_row_of_empty_cells_is_that_of_the_figures_above(form: str) -> None:
    """As a page that ends inside the row leaves it, beside it the end of a heading that was cut as well."""
    figures = balanced(form, 4)
    lines = _lines(form, figures)
    for code, (start, end) in CUT_OVER_A_PAGE.items():
        place = _place(lines, f"{start}{end}".split(".", 1)[1])
        *before, _ = lines[place].split("\t")[:-7]
        row = lines[place].split("\t")[-7:]
        lines[place] = "\t".join([*before, start, *row])
        lines.insert(place + 1, "\t".join([*["法提供" if code == "unable_not_held" else ""], end, *[""] * 7]))
    cells = _read(lines)
    read = {key: cells[key].raw_text for key in figures if key[0] == "application"}
    assert read == {key: raw for key, raw in figures.items() if key[0] == "application"}


@pytest.mark.parametrize("join", ["\t", ""])
def test_the_last_row_of_other_results_alone_is_none_of_the_form_before(join: str) -> None:
    """Rows of zeros are left out: 其他处理 is a row of form 2019, of form 2021 it stands over 3.其他."""
    truth = balanced("2021", 1)
    gone = ("1.申请人无正当理由", "2.申请人逾期")
    lines = [
        line for line in report_text("2021", truth).split("\n") if not any(label in line for label in gone)
    ]
    text = "\n".join(lines).replace("\t3.其他", f"\t（六）其他处理{join}3.其他")
    reading = read_text(text)
    assert reading.application_form == "2021"
    assert (
        by_key(reading)["application", "other_rest", "total"].raw_text
        == truth["application", "other_rest", "total"]
    )
