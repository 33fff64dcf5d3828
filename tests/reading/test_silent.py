"""Classes of reports in which a number was once read that the document does not state.

Each class stands here by one made report; what they have in common is said beside it. None may come back.
"""

import re

import pytest

from pipeline.documents import open_document
from pipeline.reading import read
from tests.accuracy import Task, measure

CLASSES = {
    "a row of table 二 cut after its first figure, which is the sum of the others": (
        620000092,
        "spaces",
        True,
    ),
    "headers twice in a browser's text: 总计 ends the first ones, and does not begin the second": (
        50002380,
        "browser_text",
        True,
    ),
    "the first of three rows of table 四, each below its headers, left empty": (
        51001307,
        "dispute_three",
        True,
    ),
    "table 四's heading lost, the row before it with a broken label": (28500480, "pipe_lines", True),
    "a page's number below all labels, one row's figure left out": (47000377, "labels_first", True),
    "zeros beside a heading whose row lost its label, cells to spare": (113000778, "markdown", True),
    "a figure beside its label, the next row's number after the total": (113000373, "pipe_lines", True),
    "figures below a row left empty, the next one's label lost, two rows beside theirs": (
        114000241,
        "aligned",
        True,
    ),
    "a row of zeros, filled up with tabs on both sides": (111000367, "ragged_tabs", True),
    "the same among rows of other places": (111000394, "ragged_tabs", True),
    "a page's number below table 四, its total misprinted": (2, "dense_lines", True),
    "a figure below the marked empty cells of a row of table 二": (87000546, "browser_text", True),
    "page numbers in rows of zeros are no totals one line further down": (84002353, "bare_lines", True),
    "one page number alone is no total two lines further down": (85001340, "bare_lines", True),
    "figures in lines of their own among marked empty cells are a row's": (81002374, "browser_text", True),
    "numbers of pages between a browser's rows that end in empty cells": (80001230, "browser_text", True),
    "the same, before a heading": (87000659, "browser_text", True),
    "a number below a row that counts on from that of a page before the table": (
        81000677,
        "dense_lines",
        True,
    ),
    "a page's number right below table 四 is no empty line of it": (80001385, "dense_lines", True),
    "a text first among fifteen cells is one of them": (80001817, "bare_lines", True),
    "a label run together with a figure that has a remark": (80000102, "indent_lines", True),
    "a total that was taken for a page's number is not empty": (80001828, "indent_lines", True),
    "a negative number makes no row of counts add up": (80001857, "indent_lines", True),
    "the last row of a document that is cut off, one empty line lost": (80001815, "web_text", True),
    "the next row's number is no total of a row with a garbled cell": (80000202, "browser_text", True),
    "an empty line between figures below labels of which one is lost": (80000176, "labels_first", True),
    "a repeated header's 其他 behind （六）其他处理 is no row of another form": (71002370, "aligned", True),
    "a label cut over lines is no row of another form: (六)其他 / 处理": (76000948, "dispute_pairs", True),
    "a row that lost a cell, whose columns add up in no reading of the open total": (
        74002484,
        "ragged_tabs",
        True,
    ),
    "a row that lost a cell, whose columns add up in no reading of an open first row": (
        75002480,
        "ragged_tabs",
        True,
    ),
    "figures of table 四 in clauses, some with spaces around": (9883024, "sentences", True),
    "a figure with a letter in it, after its column's name, is no figure": (9919111, "dispute_pairs", True),
    "a figure with a mark in it, told in a sentence, is no figure": (9830004, "sentences", True),
    "a page number below lines of figures is no row of one figure": (8601029, "labels_first", True),
    "a garbled figure after a damaged label is no label": (8602867, "tabs", True),
    "a figure beside its label is no empty cell below it": (8600604, "indent_lines", True),
    "a page number that counts up is no row: 12 / 34": (200147, "aligned", True),
    "a page number of words is no figure": (207432, "aligned", True),
    "a page number before a form feed is no amount": (417463, "bare_lines", True),
    "a page number under the last row is no amount": (418002, "label_lines", True),
    "a page number before table 四 is not its first figure": (208388, "web_text", True),
    "a page number beside a garbled figure makes no fifteen": (404171, "aligned", True),
    "a label cut by the end of a line has no header's empty cells": (205503, "tabs", True),
    "a label's end belongs to the row before: of seven figures": (418608, "data_columns", True),
    "a label's end belongs to the row before: numerals alone": (419016, "spaces", True),
    "a label's end belongs to the row before: two in a row": (419184, "dispute_three", True),
    "a repeated header's 其他 and 总计 are no rows": (417588, "no_labels", True),
    "a repeated header's 总计 before empty cells is no row": (419246, "markdown", True),
    "a row of a marked table that lost a cell": (201799, "html_word", True),
    "table 四 with a header that lost a letter": (417457, "html_old", True),
    "table 四 with fewer cells than its headers": (209990, "tabs", True),
    "a merged cell printed again hides an empty one": (203823, "spaces", True),
    "cells that stand anywhere": (306602, "ragged_tabs", False),
    "empty cells after labels of three depths": (207683, "markdown", True),
    "a garbled first figure is no label of its row": (900110, "no_labels", True),
    "a line lost of a table without labels makes it no other form": (903182, "no_labels", True),
    "a table without labels that a page's end cut off": (900206, "no_labels", True),
    "figures under labels of which one is damaged, one row hidden": (901405, "labels_first", True),
    "rows of empty cells and zeros under their labels": (802149, "labels_first", False),
    "a sentence below the last table is no figure of it": (72, "pdf", True),
    "a label that ends its line with 无": (400634, "wrapped", True),
    "a merged header printed again, its letters parted": (414183, "spaces", True),
    "a row whose figures all columns show to have moved": (900840, "pdf", True),
    "a row that ends alone between two that are like others": (901941, "html_split", True),
    "a garbled figure opens no column of aligned words": (413930, "aligned", True),
    "a broken row in place of one that was lost": (206741, "labels_first", True),
    "cells added at the ends of rows": (400792, "markdown", True),
    "left edges of figures that stand at the right make columns of their own": (952016, "aligned", True),
    "two spaces everywhere are no columns": (1210466, "label_lines", True),
    "a header over no column: single spaces": (1210526, "wrapped", True),
    "zeros under headers with letters parted": (1210611, "aligned", True),
    "an empty cell lost among lines without any": (950017, "dense_lines", True),
    "a blank line before table 四 is no cell in place of a lost one": (950019, "web_text", True),
    "a numeral and its label, two spaces between them, is no row": (1210346, "wrapped", True),
    "a total before a label that lost its numeral": (1210142, "dense_lines", True),
    "a repeated header between the labels of empty rows and the figures": (8, "bare_lines", True),
    "a total below a repeated header is no row's before it": (3103132, "bare_lines", True),
    "the next row's number is no total, though the row adds up with it": (3100094, "pipe_lines", True),
    "a figure taken for a page number is no empty line": (5002167, "dense_lines", True),
    "a row that lost its label is no part of the one before": (206738, "aligned", True),
    "a row of cells and a row one heading deeper, as long by an added cell": (7001472, "tabs", True),
    "the same, the last cell filled": (7003856, "dispute_pairs", True),
    "the same in a page whose table was cut in two": (7004597, "html_split", True),
    "an empty cell is that of a label that was lost": (7002509, "pipe_lines", True),
    "a label before the heading of the next block": (7201021, "aligned", True),
    "as many lines as labels of another form": (7400058, "labels_first", True),
    "a row's number and the rest of its label, with five figures": (7403230, "wrapped", True),
    "the letter left of a label is no garbled figure": (7801451, "pipe_lines", True),
    "a row between dashes is no page's number": (7605348, "labels_first", True),
    "a figure beside the header of a narrow column stands in the wide one": (8302238, "aligned", False),
    "a figure below a piece of a header is no running number": (8740018, "aligned", True),
    "an amount that stands in two lines round its row": (8710940, "aligned", True),
    "a piece of a header is no garbled figure of table 四": (8710039, "aligned", True),
    "a figure below the label of an empty row, table 二": (8700781, "aligned", True),
    "a row of table 三 over table 四's headers is none of its": (8201255, "wrapped", True),
    "a row between two lines of the next one's label": (8302077, "wrapped", True),
    "figures below the label of an empty row are the next one's": (8400876, "aligned", True),
    "the header of the running numbers, printed again, is no garbled figure": (9261808, "dense_lines", True),
    "a row's number is no figure where the numbers beside it are hidden": (9400403, "wrapped", True),
    "a row of marked cells without its total has not moved by a column": (9429711, "html", True),
    "a row of a cut table that lost a cell ends left of its neighbours": (9483821, "html_split", True),
    "a row of a marked table 二 that is shorter than the one like it": (9485117, "docx", True),
    "two figures in one cell, the next one's line left empty": (9480331, "indent_lines", True),
    "a page number below an empty row, further down than figures stand": (9581044, "bare_lines", True),
    "four figures that happen to count up are no rows' numbers": (9553011, "dense_lines", False),
    "zeros after a cell that is empty in all rows like theirs": (9540467, "ragged_tabs", False),
    "rows without pipes around them, most of their cells empty": (9518093, "escaped", True),
    "a page's number between dashes ends a row's figures": (9570166, "one_line", True),
    "the label before a row that lost its own ends in a figure": (9570889, "pairs", True),
    "an empty cell added before a zero that may stand in two columns": (9523984, "markdown", True),
    "two of many short lines are no broken row": (9527730, "labels_first", True),
    "single figures that count up, in lines between others of their row": (9478376, "web_text", True),
    "a label with a colon, the first name below it without a figure": (9600760, "pairs", False),
    "a page's number between dashes in a list is no bullet": (9621197, "pairs", True),
    "a garbled cell in a row of empty ones, among rows without labels": (9468575, "no_labels", True),
    "one misprinted row moves no column 总计": (9473118, "aligned", True),
    "a table turned about, some of its rows unlike the form's": (9542379, "turned", False),
    "the same, its last row read as one of the form": (9550431, "turned", False),
    "a figure in a sentence with 万 behind it": (9540825, "sentences", False),
    "a unit that spaces part from its figure, before a heading": (9540563, "one_line", False),
    "a name that states a unit, and its figure": (9541453, "pairs", False),
    "a name without a figure, after a label and a dash": (9540199, "pairs", False),
    "a label with a colon, and a bracket": (9549637, "pairs", False),
    "figures after the names of another order's results": (9553498, "pairs", False),
    "a row of pairs that is not told whole is none of seven figures": (9543862, "pairs", False),
    "a figure with a letter in it is none": (9570485, "pairs", True),
    "thousands in a table turned about end no figure": (9572615, "turned", True),
    "a figure between clauses is no row's": (9572932, "sentences", True),
    "a figure below its label, before a garbled one, is no row's number": (9526642, "aligned", True),
    "the same before words": (9540543, "aligned", True),
    "headers alone don't tell that characters are counted": (9526076, "aligned", True),
    "a row of pairs with a damaged name is one row": (9570561, "pairs", True),
    "a dash between a row and a damaged name is no figure": (9621073, "pairs", True),
    "a total before a row of pairs that lost its label": (9690425, "pairs", True),
    "an empty pair before those of its row": (9830422, "pairs", True),
    "a damaged name between a row's pairs": (9830189, "pairs", True),
    "a page's number before a form feed, after the tab of an empty cell": (9959371, "browser_text", True),
    "as many lines as labels of table 二, one label lost, one row empty": (9976705, "labels_first", True),
    "a total that is a row's number, behind a foreign line": (40000761, "pipe_lines", True),
    "the same in the first row": (44000101, "web_text", True),
    "zeros of a row and of the next one, which lost its label": (48003504, "web_text", True),
    "two figures in a cell beside an empty one, the document cut below": (45000945, "web_text", True),
    "a row's empty cell moved, and with it more in a column than its total": (41003741, "ragged_tabs", True),
    "zeros of a row that lost an empty cell, its figures proven": (83000947, "tabs", True),
    "the same in the first columns of a row": (83001036, "csv", True),
    "the same in a row that gained an empty cell": (85001069, "pipe_lines", True),
    "more in a column than came in, the total cut off": (49000029, "ragged_tabs", True),
    "a row in step with rows of other headings, not of its own": (111000284, "ragged_tabs", True),
    "the same, all zeros": (111001317, "ragged_tabs", True),
    "zeros of a row with an empty cell between them too many": (95100425, "ragged_tabs", True),
    "zeros of a row in which the document is cut": (55001688, "ragged_tabs", True),
    "the end of a label that nobody knows, below others of rows left empty": (930003417, "aligned", False),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_of_silent_errors_stays_away(name: str) -> None:
    seed, layout, damaged = CLASSES[name]
    outcome = measure(Task(seed, layout, None, damaged=damaged))
    assert outcome.problem == ""
    assert outcome.counts["total"] > 0
    assert outcome.silent == ()


def test_places_beyond_the_grid_are_no_columns() -> None:
    """Two tabs between cells: an empty one of table 二 is seen at no place, and its row stays open."""
    made = Task(9840023, "tabs", None, damaged=False).make()
    text = "\n".join(open_document(made.data, made.file_name).lines)
    reading = read(open_document(text.replace("\t", "\t\t").encode(), made.file_name))
    cells = {cell.column_code: cell.value for cell in reading.cells if cell.row_code == "rule"}
    assert cells["repealed"] is None


@pytest.mark.parametrize("numeral", ["", "({})", "（{}）", "{}、"])
def test_the_end_of_an_unknown_label_ends_none_above_it_however_items_are_numbered(numeral: str) -> None:
    made = Task(930003417, "aligned", None, damaged=False).make()
    assert made.encoding is not None
    lines = made.data.decode(made.encoding)
    text = re.sub(r"(?<= )([1-8])\.(?=\S)", lambda found: numeral.format(found[1]), lines)
    totals = {
        cell.row_code: cell.value
        for cell in read(open_document(text.encode(), "report.txt")).cells
        if cell.table_code == "application" and cell.column_code == "total" and cell.value
    }
    truth = {
        key[1]: cell.value
        for key, cell in made.truth.cells.items()
        if key[0] == "application" and key[2] == "total" and cell.value
    }
    assert totals["received_new"] == 7
    assert totals.items() <= truth.items()
