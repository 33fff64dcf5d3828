"""Layouts that nobody listed: what programs and pages make of the same tables.

Belongs here: one report with balanced figures set in another way, and what is read from it. Does not belong
here: the layouts that the generator draws (`tests/generator`), damage.
"""

import csv
import html
import io
import json
import re
import textwrap
from collections.abc import Callable, Sequence

import pytest

from pipeline.documents import open_document
from pipeline.reading import Reading
from pipeline.reading.columns.candidates import column_layouts
from pipeline.reading.columns.offsets import under
from pipeline.reading.layouts.tabbed import tabbed
from pipeline.reading.words.breaks import is_folded
from pipeline.reading.words.tokens import word
from tests.generator import make_report
from tests.generator.judge import judge
from tests.reading.made import Key, balanced, by_key, read_text, report_text, rules_of
from tests.reading.statute import APPLICANTS

Rows = Sequence[Sequence[str]]
Layout = Callable[[Rows], list[str]]
FORMS = ("2019", "2021")
SEEDS = range(6)
KINDS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")


def tables_set(text: str, layout: Layout) -> str:
    """The report with each run of tabbed lines set by `layout`."""
    lines: list[str] = []
    table: list[list[str]] = []
    for line in [*text.split("\n"), ""]:
        if "\t" in line:
            table.append(line.split("\t"))
            continue
        lines += layout(table) if table else []
        table = []
        lines.append(line)
    return "\n".join(lines)


def told(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell]


def padded(rows: Rows) -> list[list[str]]:
    width = max(map(len, rows))
    return [[*row, *[""] * (width - len(row))] for row in rows]


def in_one_line(rows: Rows) -> list[str]:
    return [" ".join(cell for row in rows for cell in told(row))]


def in_one_line_of_pipes(rows: Rows) -> list[str]:
    return [" ".join(f"| {' | '.join(row)} |" for row in rows)]


def in_a_drawn_box(rows: Rows) -> list[str]:
    drawn = [line for row in padded(rows) for line in (f"├{'─' * 40}┤", f"│{'│'.join(row)}│")]
    return [f"┌{'─' * 40}┐", *drawn[1:], f"└{'─' * 40}┘"]


def by_wide_pipes(rows: Rows) -> list[str]:
    return ["｜".join(row) for row in rows]


def by_quoted_tabs(rows: Rows) -> list[str]:
    return ["\t".join(f'"{cell}"' for cell in row) for row in rows]


def by_commas(rows: Rows) -> list[str]:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().splitlines()


def by_semicolons(rows: Rows) -> list[str]:
    """As spreadsheets write CSV: all rows as wide; a quotation mark in a label is doubled."""
    file = io.StringIO()
    quoted = [[cell.translate(str.maketrans("“”", '""')) for cell in row] for row in padded(rows)]
    csv.writer(file, delimiter=";", lineterminator="\n").writerows(quoted)
    return file.getvalue().splitlines()


def by_inner_pipes(rows: Rows) -> list[str]:
    """No pipes around the row, whose last cells may be empty."""
    return [" | ".join(row) for row in padded(rows)]


def as_a_browser_gives_paragraphs(rows: Rows) -> list[str]:
    """Paragraphs in the cells of figures alone, and four empty lines between rows."""
    lines = []
    for row in rows:
        line = ""
        for place, cell in enumerate(row):
            line += "\t" if place else ""
            if cell.lstrip("-").isdigit():
                lines += [line, "", cell, ""]
                line = ""
            else:
                line += cell
        lines += [line, *[""] * 4]
    return lines


def as_a_frame_prints(rows: Rows) -> list[str]:
    """A data frame as Markdown: numbered headers, `nan` for empty cells."""
    full = padded(rows)
    header = [f"Unnamed: {place}" for place in range(len(full[0]))]
    lines = [f"| {' | '.join(cell or 'nan' for cell in row)} |" for row in [header, *full]]
    return [lines[0], f"|{'---|' * len(header)}", *lines[1:]]


def with_columns_counted(rows: Rows) -> list[str]:
    """A line 栏次 1 2 3 … before the first figures of tables 三 and 四."""
    first = next((place for place, row in enumerate(rows) if sum(map(str.isdigit, row)) >= 7), None)
    if first is None:
        return ["\t".join(row) for row in rows]
    width = 15 if len(rows[first]) >= 15 else 7
    counted = [*[""] * (len(rows[first]) - width), *map(str, range(1, width + 1))]
    counted[0] = counted[0] or "栏次"
    return ["\t".join(row) for row in [*rows[:first], counted, *rows[first:]]]


def with_glued_labels(rows: Rows) -> list[str]:
    """No space between a row's label and its first figure."""
    lines = []
    for row in rows:
        figures = next((place for place, cell in enumerate(row) if cell.isdigit()), len(row))
        lines.append("".join(row[:figures]) + " ".join(row[figures:]) if figures else " ".join(row))
    return lines


def with_colons_after_labels(rows: Rows) -> list[str]:
    """A colon and no space between a row's label and its first figure."""
    lines = []
    for row in rows:
        figures = next((place for place, cell in enumerate(row) if cell.lstrip("-").isdigit()), len(row))
        is_row = 0 < figures < len(row)
        lines.append(
            f"{''.join(row[:figures])}：{' '.join(row[figures:])}" if is_row else " ".join(told(row))
        )
    return lines


def with_leading_dots(rows: Rows) -> list[str]:
    """Dots lead from each label to its figures, as in a table of contents."""
    lines = []
    for row in rows:
        figures = next((place for place, cell in enumerate(row) if cell.isdigit()), len(row))
        leaders = "........" if 0 < figures < len(row) else ""
        lines.append(f"{' '.join(told(row[:figures]))}{leaders}{' '.join(row[figures:])}")
    return lines


def as_a_browser_gives_text(rows: Rows) -> list[str]:
    """A cell a line, between two cells a tab alone, empty lines around both."""
    cells = [(place, cell) for row in rows for place, cell in enumerate(row)]
    return [line for place, cell in cells for line in ([cell, ""] if place == 0 else ["\t", "", cell, ""])]


def as_lists_of_a_program(rows: Rows) -> list[str]:
    return [repr([cell or None for cell in row]) + "," for row in rows]


def in_lists_without_quotation_marks(rows: Rows) -> list[str]:
    return [f"- [{', '.join(row)}]" for row in rows]


def in_lists_after_labels(rows: Rows) -> list[str]:
    """`予以公开：[2, 0, 0, 0, 0, 0, 2]`; headers by tabs."""
    lines = []
    for row in rows:
        figures = next((place for place, cell in enumerate(row) if cell.lstrip("-").isdigit()), len(row))
        is_row = 0 < figures < len(row)
        lines.append(f"{row[figures - 1]}：[{', '.join(row[figures:])}]" if is_row else "\t".join(row))
    return lines


def as_nested_lists_in_lines(rows: Rows) -> list[str]:
    return json.dumps(rows, ensure_ascii=False, indent=2).split("\n")


def by_commas_over_lines(rows: Rows) -> list[str]:
    """Commas between cells, labels broken over two lines within quotation marks."""
    return by_commas([[f"{cell[:5]}\n{cell[5:]}" if len(cell) > 7 else cell for cell in row] for row in rows])


def in_a_list_of_cells(rows: Rows) -> list[str]:
    return [f"- {cell}" for row in rows for cell in told(row)]


def in_a_list_of_rows(rows: Rows) -> list[str]:
    return [f"* {' '.join(told(row))}" for row in rows]


def in_lists_of_lists(rows: Rows) -> list[str]:
    return [f"{'  ' if place else '- '}- {cell}" for row in rows for place, cell in enumerate(told(row))]


def in_cells_of_a_line(rows: Rows) -> list[str]:
    return [cell for row in rows for cell in told(row)]


LAYOUTS: tuple[Layout, ...] = (
    in_a_list_of_cells,
    in_a_list_of_rows,
    in_lists_of_lists,
    as_a_browser_gives_text,
    as_lists_of_a_program,
    in_lists_without_quotation_marks,
    in_lists_after_labels,
    as_nested_lists_in_lines,
    by_commas_over_lines,
    in_one_line,
    in_one_line_of_pipes,
    in_a_drawn_box,
    by_wide_pipes,
    by_quoted_tabs,
    by_commas,
    by_semicolons,
    by_inner_pipes,
    as_a_browser_gives_paragraphs,
    as_a_frame_prints,
    with_columns_counted,
    with_glued_labels,
    with_colons_after_labels,
    with_leading_dots,
)


def compared(reading: Reading, truth: dict[Key, str]) -> tuple[list[Key], list[Key]]:
    """The cells with another figure than the document's, and those of its non-zero figures that are read."""
    cells = by_key(reading)
    wrong = [
        key
        for key, cell in cells.items()
        if cell.value_status == "reported" and (cell.raw_text or "").strip('"*') != truth[key]
    ]
    right = [key for key, raw in truth.items() if raw != "0" and cells[key].value_status == "reported"]
    return wrong, right


def non_zero(truth: dict[Key, str]) -> int:
    return sum(raw != "0" for raw in truth.values())


def assert_read_whole(form: str, layout: Layout) -> None:
    """Reports with their tables set by `layout`: every figure is read, and none wrongly."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        wrong, right = compared(read_text(tables_set(report_text(form, truth), layout)), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_report_is_read_in_layouts_that_programs_make(layout: Layout, form: str) -> None:
    assert_read_whole(form, layout)


@pytest.mark.parametrize("space", [" ", "   ", "\u3000"])
@pytest.mark.parametrize("form", FORMS)
def test_a_whole_report_in_one_line_is_read(form: str, space: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = tables_set(report_text(form, truth, closing="安远县财政局 2024年1月20日"), in_one_line)
        reading = read_text(space.join(text.split()))
        wrong, right = compared(reading, truth)
        assert not wrong
        assert len(right) == non_zero(truth)
        assert reading.agency_name == "安远县财政局"
        assert {cell.line_no for cell in reading.cells} == {1}


@pytest.mark.parametrize(
    ("within", "between"), [("|", "|"), ("\t", "\t"), (" | ", " |  | "), ("\t", "\\n"), ("\\t", "\\r\\n")]
)
@pytest.mark.parametrize("form", FORMS)
def test_a_whole_report_in_one_line_is_read_by_the_signs_in_it(form: str, within: str, between: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = report_text(form, truth, closing="安远县财政局\n2024年1月20日")
        rows = [within.join(line.split("\t")) for line in text.split("\n") if line]
        reading = read_text(between.join(rows))
        wrong, right = compared(reading, truth)
        assert not wrong
        assert len(right) == non_zero(truth)
        assert reading.agency_name == "安远县财政局"


@pytest.mark.parametrize("form", FORMS)
def test_quotation_marks_in_prose_hide_no_rows_of_a_quoted_table(form: str) -> None:
    """A quotation over two lines in the overview, and no quoted row after it was put together."""
    truth = balanced(form, 2)
    text = tables_set(report_text(form, truth), by_commas_over_lines)
    for prose in ('他说"放管服，\n改革"很好。', '"12345\n热线', '附件："1.目录\n2.清单"'):
        wrong, right = compared(read_text(text.replace("全年工作平稳有序。", prose, 1)), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


@pytest.mark.parametrize("sign", ["^", " ~ ", "##", " * ", " • ", " & ", " → ", " : ", "\x07"])
@pytest.mark.parametrize("form", FORMS)
def test_cells_that_a_sign_of_the_writers_own_parts_are_read(form: str, sign: str) -> None:
    for seed in SEEDS:
        truth = {key: raw if raw != "0" else "/" for key, raw in balanced(form, seed).items()}
        reading = read_text(report_text(form, truth).replace("\t", sign))
        assert {key: cell.raw_text for key, cell in by_key(reading).items()} == truth


@pytest.mark.parametrize("end", ["\x0b", "\u2028", "\u2029", "\x85"])
@pytest.mark.parametrize("kept", ["", "\n"])
def test_lines_that_end_as_no_editor_counts_are_lines(end: str, kept: str) -> None:
    """All lines, or those of tables alone; a blank line ends in `kept` where that is not empty."""
    for seed in SEEDS:
        truth = balanced("2021", seed)
        text = report_text("2021", truth)
        soft = text.replace("\n\n", "\x00").replace("\n", end).replace("\x00", kept * 2 or end * 2)
        wrong, right = compared(read_text(soft), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


@pytest.mark.parametrize("spelt", ["\\ud83d", "\\udc00", "\\u0000", "\\x07"])
def test_halves_of_letters_and_signs_without_print_in_lists_stay_spelt(spelt: str) -> None:
    """A lone half can be written to no file: it ended the run."""
    truth = balanced("2021", 3)
    text = tables_set(report_text("2021", truth), as_lists_of_a_program).replace("规章", f"规章{spelt}")
    reading = read_text(text.replace("'0'", f"'{spelt}'", 3))
    written = [
        *(cell.raw_text or "" for cell in reading.cells),
        *(one.observed or "" for one in reading.findings),
    ]
    assert "".join(written).encode()
    assert "\x00" not in "".join(written)


def test_places_of_cells_in_brackets_are_no_lists_of_figures() -> None:
    """`[3,1] 规章 | [3,2] 172`: 172 cells of a report were numbers of its columns."""

    def placed(rows: Rows) -> list[str]:
        return [
            " | ".join(f"[{at},{column}] {cell}" for column, cell in enumerate(row, 1))
            for at, row in enumerate(rows, 1)
        ]

    wrong, _ = compared(
        read_text(tables_set(report_text("2021", balanced("2021", 3)), placed)), balanced("2021", 3)
    )
    assert not wrong


@pytest.mark.parametrize("mark", [": ", "：", "\t", "| ", ") "])
@pytest.mark.parametrize("form", FORMS)
def test_the_number_of_each_line_is_no_figure_of_it(form: str, mark: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = tables_set(report_text(form, truth), in_cells_of_a_line)
        lines = [f"{place:4}{mark}{line}" for place, line in enumerate(text.split("\n"), 1)]
        wrong, right = compared(read_text("\n".join(lines)), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


@pytest.mark.parametrize("lines", [["[1", *[""] * 40_000], [f"[1{' ' * 40_000}"], ["\t", "项目"] * 20_000])
def test_lists_and_rows_without_end_take_no_time(lines: list[str]) -> None:
    """Every space after an item, and every cell of a row, were gone through once for each other."""
    text = report_text("2021", balanced("2021", 1))
    assert len(by_key(read_text("\n".join([text, *lines])))) == len(by_key(read_text(text)))


# --- the total before what it adds up ---


def total_first(rows: Rows) -> list[str]:
    """Table 三 with 总计 as its first column, in header and rows; the other tables as they are."""
    lines = []
    for row in rows:
        figures = len(row) == 10 and (row[-1].isdigit() or row[-1] == "总计")
        cells = [*row[:3], row[-1], *row[3:-1]] if figures else row
        lines.append("\t".join(cells))
    return lines


@pytest.mark.parametrize("form", FORMS)
def test_a_total_in_the_first_column_is_read_as_the_total(form: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        wrong, right = compared(read_text(tables_set(report_text(form, truth), total_first)), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


def test_a_total_whose_column_nothing_tells_is_left_open() -> None:
    """One request by an organisation, in words that spaces part: both ends of each row say 1 or 0."""
    rows = ("received_new", "granted", "total_handled")
    truth = {("application", row, column): "1" for row in rows for column in ("other_org", "total")}

    def spaced(rows: Rows) -> list[str]:
        return [" ".join(line.split()) for line in total_first(rows)]

    reading = read_text(tables_set(report_text("2019", truth), spaced))
    claimed = [
        cell for cell in reading.cells if cell.table_code == "application" and cell.value_status == "reported"
    ]
    assert claimed == []
    assert any("总计" in finding.message for finding in reading.findings)


@pytest.mark.parametrize("raw", ["8", "0"])
def test_a_total_in_the_first_column_is_told_where_each_row_has_empty_cells(raw: str) -> None:
    """Eight requests by persons, or none, and nothing else written: the header tells which two."""
    rows = ("received_new", "granted", "total_handled")
    truth = {("application", row, column): raw for row in rows for column in ("natural_person", "total")}
    text = tables_set(report_text("2021", truth, zero=""), total_first)
    lines = [line.split("\t") for line in text.split("\n") if line.count("\t") in (0, 9)]
    cells = by_key(read_text("\n".join("\t".join(["".join(row[:3]), *row[3:]]) for row in lines)))
    for row in rows:
        assert cells["application", row, "total"].raw_text == raw
        assert cells["application", row, "business"].value_status == "blank"


@pytest.mark.parametrize("beside", ["自然人", "申请人情况"])
def test_a_total_that_spans_headers_is_first_where_its_header_is(beside: str) -> None:
    """The names of organisations stand a line below; figures moved to the next column, `verified`."""
    kinds = "<tr>" + "".join(f"<td>{kind}</td>" for kind in KINDS[1:]) + "</tr>"
    total, person = "<td rowspan=2>总计</td>", "<td rowspan=2>自然人</td>"
    if beside == "自然人":
        head = "<td colspan=7>申请人情况</td></tr><tr>" + total + person
    else:
        head = "<td rowspan=3>总计</td><td colspan=6>申请人情况</td></tr><tr>" + person
    first, second = "<td>22</td><td></td><td>20</td><td>1</td><td>1</td>" + "<td></td>" * 2, "<td></td>" * 7
    whole = first.replace("<td></td>", "<td>0</td>")
    rows = {"一、本年新收政府信息公开申请数量": whole, "二、上年结转政府信息公开申请数量": second}
    body = {"（一）予以公开": first, "（七）总计": first, "四、结转下年度继续办理": second}
    page = "".join(f"<tr><td>{label}</td>{cells}</tr>" for label, cells in (rows | body).items())
    text = (
        "<html><body><p>安远县财政局2021年政府信息公开工作年度报告</p><p>三、收到和处理政府信息公开申请情况</p>"
        f"<table><tr><td rowspan=3>（本列数据的勾稽关系）</td>{head}<td colspan=5>法人或其他组织</td></tr>"
        f"{kinds}{page}</table></body></html>"
    )
    cells = by_key(read_text(text))
    for row in ("received_new", "granted", "total_handled"):
        told = {
            column: cells["application", row, column].raw_text for column in ("total", "business", "research")
        }
        assert told == {"total": "22", "business": "20", "research": "1"}
        assert cells["application", row, "natural_person"].raw_text in ("", "0")


# --- what programs do to figures and columns ---


def with_digits_parted(rows: Rows) -> list[str]:
    """A space between any two digits of a figure, as some pages' text layers have it."""
    return ["\t".join(" ".join(cell) if cell.isdigit() else cell for cell in row) for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_digits_that_spaces_part_are_one_figure_where_the_row_adds_up_and_open_elsewhere(form: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        cells = by_key(read_text(tables_set(report_text(form, truth), with_digits_parted)))
        for key, cell in cells.items():
            read = cell.value_status == "reported"
            assert read or key[0] != "application"
            assert not read or cell.value == float(truth[key])


def test_digits_that_spaces_part_are_open_where_they_do_not_add_up() -> None:
    truth = {**balanced("2021", 1), ("application", "received_new", "total"): "98765"}
    reading = read_text(tables_set(report_text("2021", truth), with_digits_parted))
    row = [cell for key, cell in by_key(reading).items() if key[:2] == ("application", "received_new")]
    parted = [cell for cell in row if " " in (cell.raw_text or "")]
    assert parted
    assert {cell.value_status for cell in parted} == {"unreadable"}
    assert {cell.check_status for cell in parted} == {"unchecked"}


def without_the_total(rows: Rows) -> list[str]:
    """Table 三 without its last column."""
    short = [row[:-1] if len(row) == 10 else row for row in rows]
    return ["\t".join(row) for row in short]


@pytest.mark.parametrize("form", FORMS)
def test_of_a_column_that_is_not_there_nothing_is_said(form: str) -> None:
    """Six zeros are not a blank and six zeros."""
    for seed in SEEDS:
        reading = read_text(tables_set(report_text(form, balanced(form, seed)), without_the_total))
        said = {cell.value_status for key, cell in by_key(reading).items() if key[0] == "application"}
        assert said <= {"missing", "unreadable"}


def wide(text: str) -> int:
    return sum(2 if char > "\u2e7f" else 1 for char in text)


def aligned_to_the_right(rows: Rows) -> list[str]:
    """Columns as wide as their longest cell: lines of 250 characters, most of them spaces."""
    full = padded(rows)
    widths = [max(wide(cell) for cell in column) + 1 for column in zip(*full, strict=True)]
    return [
        "".join(" " * (width - wide(cell)) + cell for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in full
    ]


def as_a_page_is_indented(rows: Rows) -> list[str]:
    """A line for each cell, as the source of a page has it: tabs before the text, and tabs alone after it."""
    return [line for row in rows for cell in told(row) for line in (f"\t\t\t{cell}", "\t\t")]


def in_broken_cells(rows: Rows) -> list[str]:
    """A drawn table with a rule after every row, its labels broken over lines of five characters."""
    full = padded(rows)
    rule = "+" + "------------+" * len(full[0])
    lines = [rule]
    for row in full:
        cells = [[cell] if cell.isascii() else textwrap.wrap(cell, 5) for cell in row]
        height = max(map(len, cells), default=1)
        parts = [[*cell, *[""] * (height - len(cell))] for cell in cells]
        lines += [f"| {' | '.join(line)} |" for line in zip(*parts, strict=True)]
        lines.append(rule)
    return lines


def by_spelt_spaces(rows: Rows) -> list[str]:
    return ["&nbsp;".join(row) for row in rows]


def with_escaped_pipes(rows: Rows) -> list[str]:
    return [r"\|".join(["", *row, ""]) for row in rows]


def with_breaks_in_cells(rows: Rows) -> list[str]:
    """A break before each figure and within each label."""
    cuts = [[0 if cell.lstrip("-").isdigit() else 4 for cell in row] for row in rows]
    broken = [
        [f"{cell[:cut]}<br/>{cell[cut:]}" for cell, cut in zip(*both, strict=True)]
        for both in zip(rows, cuts, strict=True)
    ]
    return [f"| {' | '.join(row)} |" for row in broken]


def with_spelt_marks(rows: Rows) -> list[str]:
    marks = {"（": "&#65288;", "、": "&#x3001;", "”": "&rdquo;", "“": "&ldquo;"}
    return ["\t&amp;nbsp;".join("".join(marks.get(c, c) for c in cell) for cell in row) for row in rows]


def with_letters_of_no_width(rows: Rows) -> list[str]:
    return ["\t".join("\u200b".join(cell) + "\ufeff" for cell in row) for row in rows]


def in_bold(rows: Rows) -> list[str]:
    return [f"| {' | '.join(f'**{cell}**' if cell else '' for cell in row)} |" for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_slashes_between_cells_are_no_cells(form: str) -> None:
    """A slash is also the sign of a cell that does not apply: what can't be told apart stays open."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = tables_set(report_text(form, truth), lambda rows: [" / ".join(row) for row in rows])
        wrong, right = compared(read_text(text), truth)
        assert not wrong
        assert len(right) > 0.5 * non_zero(truth)


@pytest.mark.parametrize(
    "layout",
    [
        aligned_to_the_right,
        as_a_page_is_indented,
        in_broken_cells,
        by_spelt_spaces,
        in_bold,
        with_escaped_pipes,
        with_breaks_in_cells,
        with_spelt_marks,
        with_letters_of_no_width,
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_what_sets_cells_apart_is_no_prose_and_no_cell(layout: Layout, form: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        reading = read_text(tables_set(report_text(form, truth), layout))
        wrong, right = compared(reading, truth)
        assert not wrong
        assert len(right) == non_zero(truth)
        assert "table.layout" not in rules_of(reading)


@pytest.mark.parametrize("join", ["\t", "|", "\n"])
@pytest.mark.parametrize("form", FORMS)
def test_suits_before_reviews_are_not_read_as_reviews(form: str, join: str) -> None:
    """Table 四 whose headers name 行政诉讼 first, figures in the order of the headers."""
    names = ("行政诉讼", *[""] * 9, "行政复议"), ("未经复议直接起诉", *[""] * 4, "复议后起诉", *[""] * 5)
    results = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计") * 3
    figures = ("1", "2", "3", "4", "10", "5", "0", "0", "0", "5", "0", "2", "0", "0", "2")
    table = "\n".join(join.join(row) for row in (*names, results, figures))
    text = report_text(form, balanced(form, 1))
    start, end = text.index("四、"), text.index("五、")
    reading = read_text(f"{text[:start]}四、政府信息公开行政复议、行政诉讼情况\n{table}\n{text[end:]}")
    cells = [cell for key, cell in by_key(reading).items() if key[0] == "dispute"]
    assert cells
    assert {cell.value_status for cell in cells} <= {"missing", "unreadable"}
    assert any("次序" in finding.message for finding in reading.findings)


def column_after_column(rows: Rows) -> list[str]:
    """A line for each cell, column by column, as a program reads the text of a page."""
    return [cell for column in zip(*padded(rows), strict=True) for cell in column if cell]


def blocks_of_columns(rows: Rows) -> list[str]:
    """The same block by block: in table 二 the labels of a block, then the figures of its columns."""
    blocks: list[list[Sequence[str]]] = [[]]
    for row in rows:
        if row[0].startswith("第二十条"):
            blocks.append([])
        blocks[-1].append(row)
    return [line for block in blocks if block for line in column_after_column(block)]


@pytest.mark.parametrize("layout", [column_after_column, blocks_of_columns])
@pytest.mark.parametrize("form", FORMS)
def test_of_columns_that_follow_each_other_nothing_wrong_is_read(layout: Layout, form: str) -> None:
    for seed in range(30):
        truth = balanced(form, seed)
        wrong, _ = compared(read_text(tables_set(report_text(form, truth), layout)), truth)
        assert not wrong


@pytest.mark.parametrize("between", ["\n", ""])
@pytest.mark.parametrize("form", FORMS)
def test_digits_that_nothing_parts_are_parted_where_all_adds_up_in_one_way(form: str, between: str) -> None:
    """Table 三 of an office with few requests; a digit too few or too many leaves all of it open."""
    for seed in SEEDS:
        truth = balanced(form, seed, "office")
        text = tables_set(
            report_text(form, truth), lambda rows: between.join("".join(row) for row in rows).split("\n")
        )
        wrong, right = compared(read_text(text), truth)
        assert not wrong
        told = [key for key, raw in truth.items() if raw != "0" and key[0] == "application"]
        assert set(told) <= set(right)
        digit = re.search(r"申请数量\d", text)
        assert digit
        for other in (
            text[: digit.end() - 1] + text[digit.end() :],
            f"{text[: digit.end()]}1{text[digit.end() :]}",
        ):
            assert compared(read_text(other), truth)[0] == []


def turned_about(rows: Rows, between: str) -> list[str]:
    """Table 三 with a line for each kind of applicants and a column for each row; other tables in tabs."""
    figures = [row[3:] for row in rows if len(row) == 10 and row[-1].lstrip("-").isdigit()]
    if not figures:
        return ["\t".join(row) for row in rows]
    names = [next(filter(None, reversed(row[:3]))) for row in rows if row[3:] in figures and len(row) == 10]
    kinds = next(row[3:] for row in rows if row[-1] == "总计")
    lines = [["申请人", *names], *([kind, *cells] for kind, *cells in zip(kinds, *figures, strict=True))]
    return [between.join(line) for line in lines]


@pytest.mark.parametrize("between", ["\t", " | ", "\n"])
@pytest.mark.parametrize("form", FORMS)
def test_a_table_turned_about_is_read_where_all_of_it_adds_up(form: str, between: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = tables_set(report_text(form, truth), lambda rows: turned_about(rows, between))
        wrong, right = compared(read_text(text), truth)
        assert not wrong
        assert len(right) == non_zero(truth)
        first, last = truth["application", "granted", "natural_person"], text.index("自然人")
        damaged = text[:last] + text[last:].replace(f"{between}{first}{between}", between, 1)
        assert compared(read_text(damaged), truth)[0] == []


def in_a_wiki(rows: Rows) -> list[str]:
    """A line for each cell after a pipe, and a rule before each row."""
    return [
        '{| class="wikitable"',
        *(line for row in rows for line in ("|-", *(f"| {c}" for c in row))),
        "|}",
    ]


def in_asciidoc(rows: Rows) -> list[str]:
    return ["|===", *("".join(f"|{cell} " for cell in row) for row in padded(rows)), "|==="]


def under_rules_of_dashes(rows: Rows) -> list[str]:
    """Aligned words, a rule of dashes before and after the table and an empty line after each row."""
    lines = aligned_to_the_right(rows)
    rule = " ".join(["-" * 12] * max(map(len, rows)))
    return [rule, *(text for line in lines for text in (line, "")), rule]


def with_the_label_after_its_numeral(rows: Rows) -> list[str]:
    """Aligned words, of each second label the numeral alone beside the figures, the rest in the next line."""
    lines = []
    for line in aligned_to_the_right(rows):
        begun = re.search(r"(（[一二七]）|[一二四]、)([\u4e00-\u9fff、]{4,})(?=.*\d)", line)
        if begun is None:
            lines.append(line)
            continue
        start, end = begun.start(2), begun.end(2)
        lines.append(line[:start] + " " * wide(line[start:end]) + line[end:])
        lines.append(" " * wide(line[:start]) + line[start:end])
    return lines


@pytest.mark.parametrize("layout", [in_a_wiki, in_asciidoc, under_rules_of_dashes])
@pytest.mark.parametrize("form", FORMS)
def test_what_programs_write_around_a_table_is_no_cell(layout: Layout, form: str) -> None:
    assert_read_whole(form, layout)


@pytest.mark.parametrize("form", FORMS)
def test_a_label_goes_on_after_its_figures(form: str) -> None:
    assert_read_whole(form, with_the_label_after_its_numeral)


REMARKS = {
    "a remark over four lines": "{0}（其\n中修订\n17 \n件）",
    "a remark in the next line": "{0}\n（均为网络申请）",
    "a unit in the next line": "{0}\n件",
    "a unit beside": "{0}件",
}


@pytest.mark.parametrize("name", REMARKS)
@pytest.mark.parametrize("form", FORMS)
def test_what_belongs_to_a_figure_stands_in_the_next_lines(form: str, name: str) -> None:
    """As a narrow cell of a page breaks it."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        raws = {
            key: REMARKS[name].format(raw) if key[0] == "application" and raw != "0" else raw
            for key, raw in truth.items()
        }
        text = report_text(form, {key: raw.replace("\n", "\v") for key, raw in raws.items()})
        lines = tables_set(text, lambda rows: [cell for row in rows for cell in told(row)])
        cells = by_key(read_text(lines.replace("\v", "\n")))
        read = {key: str(cell.value) for key, cell in cells.items() if key[0] == "application"}
        assert read == {key: raw for key, raw in truth.items() if key[0] == "application"}


def test_aligned_words_that_nobody_understands_make_no_columns() -> None:
    row = [(word("#REF!", column), 1) for column in (20, 30, 45, 55, 70, 80, 95)]
    assert column_layouts([row], len(row)) == []


def test_one_header_alone_tells_its_column() -> None:
    figure = [(word("12", 24), 1)]
    assert under([(40, 60)], [figure]) is not None
    assert under([(140, 160)], [[*figure, (word("13", 26), 2)]]) is None


# --- boxes drawn with strokes and rules ---

DRAWN = """安远县财政局2020年政府信息公开工作年度报告
三、收到和处理政府信息公开申请情况
┌──────────────────────────┬────────────────────────────────────┐
│                          │             申请人情况             │
│（本列数据的勾稽关系为：第├──────┬───────────────────────┬─────┤
│一项加第二项之和，等于第三│      │    法人或其他组织     │     │
│     项加第四项之和）     │自然人├────┬────┬────┬────┬───┤总计 │
│                          │      │商业│科研│社会│法律│其 │     │
│                          │      │企业│机构│公益│服务│他 │     │
│                          │      │    │    │组织│机构│   │     │
├──────────────────────────┼──────┼────┼────┼────┼────┼───┼─────┤
│一、本年新收政府信息公开申│ 2301 │    │ 2  │    │    │107│2410 │
│          请数量          │      │    │    │    │    │   │     │
├──────────────────────────┼──────┼────┼────┼────┼────┼───┼─────┤
│二、上年结转政府信息公开申│      │    │    │    │    │   │     │
│          请数量          │      │    │    │    │    │   │     │
├────────┬─────────────────┼──────┼────┼────┼────┼────┼───┼─────┤
│        │ （一）予以公开  │ 2165 │    │    │    │    │100│2265 │
│        ├─────────────────┼──────┼────┼────┼────┼────┼───┼─────┤
│        │（二）部分公开（ │      │    │    │    │    │   │     │
│三、本年│区分处理的，只计 │ 136  │    │ 2  │    │    │   │ 138 │
│度办理结│这一情形，不计其 │      │    │    │    │    │   │     │
│   果   │    他情形）     │      │    │    │    │    │   │     │
│        ├────────┬────────┼──────┼────┼────┼────┼────┼───┼─────┤
│        │        │1.属于国│      │    │    │    │    │ 7 │  7  │
│        │（三）不│ 家秘密 │      │    │    │    │    │   │     │
│        │ 予公开 ├────────┼──────┼────┼────┼────┼────┼───┼─────┤
│        │        │8.属于行│      │    │    │    │    │   │     │
│        │        │政查询事│      │    │    │    │    │   │     │
│        │        │   项   │      │    │    │    │    │   │     │
│        ├────────┴────────┼──────┼────┼────┼────┼────┼───┼─────┤
│        │  （七）总计     │ 2301 │    │ 2  │    │    │107│2410 │
├────────┴─────────────────┼──────┼────┼────┼────┼────┼───┼─────┤
│ 四、结转下年度继续办理   │      │    │    │    │    │   │     │
└──────────────────────────┴──────┴────┴────┴────┴────┴───┴─────┘
"""


def test_the_cells_of_drawn_boxes_stand_where_their_strokes_say() -> None:
    """Labels broken over lines beside figures in one of them, headings that reach over rows, empty cells.

    Rows beside a heading that reaches over them were left open, or read a column too far left.
    """
    told = {
        (row, column): (cell.raw_text, cell.line_no)
        for (table, row, column), cell in by_key(read_text(DRAWN)).items()
        if table == "application" and cell.value_status == "reported"
    }
    assert told == {
        ("received_new", "natural_person"): ("2301", 12),
        ("received_new", "research"): ("2", 12),
        ("received_new", "other_org"): ("107", 12),
        ("received_new", "total"): ("2410", 12),
        ("granted", "natural_person"): ("2165", 18),
        ("granted", "other_org"): ("100", 18),
        ("granted", "total"): ("2265", 18),
        ("partial", "natural_person"): ("136", 21),
        ("partial", "research"): ("2", 21),
        ("partial", "total"): ("138", 21),
        ("denied_state_secret", "other_org"): ("7", 25),
        ("denied_state_secret", "total"): ("7", 25),
        ("total_handled", "natural_person"): ("2301", 32),
        ("total_handled", "research"): ("2", 32),
        ("total_handled", "other_org"): ("107", 32),
        ("total_handled", "total"): ("2410", 32),
    }


IN_GRIDS = """安远县财政局2021年政府信息公开工作年度报告
二、主动公开政府信息情况
+----------------+------+------+------+
| 第二十条第（一）项                  |
+----------------+------+------+------+
| 信息内容       | 本年 | 本年 | 现行 |
|                | 制发 | 废止 | 有效 |
|                | 件数 | 件数 | 件数 |
+================+======+======+======+
| 规章           |      |      |      |
+----------------+------+------+------+
| 行政规范       | 12   |      | 1    |
| 性文件         |      |      | 289  |
+----------------+------+------+------+
| 第二十条第（五）项                  |
+----------------+--------------------+
| 信息内容       | 本年处理决定数量   |
+----------------+--------------------+
| 行政许可       | 3517               |
+----------------+--------------------+
"""


def test_a_figure_broken_over_the_lines_of_a_drawn_cell_is_left_open() -> None:
    """Its first line was taken for the figure."""
    told = by_key(read_text(IN_GRIDS))
    documents = [
        told["disclosure", "normative_document", column] for column in ("issued", "repealed", "in_force")
    ]
    assert [(cell.raw_text, cell.value_status) for cell in documents] == [
        ("12", "reported"),
        ("", "blank"),
        ("1 289", "unreadable"),
    ]
    assert told["disclosure", "licensing", "decisions"].value == 3517


# --- columns aligned by letters ---


def aligned_by_letters(set_in: Callable[[str, int], str]) -> Layout:
    """Columns as wide as the most letters in them, a Chinese letter counted as a digit."""

    def layout(rows: Rows) -> list[str]:
        full = padded(rows)
        widths = [max(map(len, column)) for column in zip(*full, strict=True)]
        lines = [zip(row, widths, strict=True) for row in full]
        return ["  ".join(set_in(cell, width) for cell, width in line).rstrip() for line in lines]

    return layout


@pytest.mark.parametrize("set_in", [str.ljust, str.rjust, str.center])
@pytest.mark.parametrize("form", FORMS)
def test_columns_aligned_by_letters_are_read_with_their_empty_cells(
    form: str, set_in: Callable[[str, int], str]
) -> None:
    """Figures beside an empty cell stood under another header as displayed, and were read as its column's."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        raws = {key: raw if raw != "0" else "" for key, raw in truth.items()}
        wrong, right = compared(
            read_text(tables_set(report_text(form, raws), aligned_by_letters(set_in))), truth
        )
        assert not wrong
        labelled = [key for key, raw in truth.items() if raw != "0" and key[0] != "dispute"]
        assert set(labelled) <= set(right)


# --- figures that inline tags cut ---


def test_a_figure_whose_mark_stands_alone_in_a_line_is_whole() -> None:
    """The line before the mark was read as the figure."""
    text = [
        "安远县财政局2021年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        *["第二十条第（五）项", "信息内容", "本年处理决定数量", "行政许可", "2", ",", "353"],
        *["第二十条第（六）项", "信息内容", "本年处理决定数量", "行政处罚", "7", "行政强制", "2"],
        *["第二十条第（八）项", "信息内容", "本年收费金额（单位：万元）", "行政事业性收费", "340", ".", "9"],
    ]
    told = {row: cell.value for (_, row, _), cell in by_key(read_text("\n".join(text))).items()}
    assert (told["licensing"], told["penalty"], told["coercion"]) == (2353, 7, 2)
    assert told["fee"] == 3_409_000


def test_figures_that_spaces_cut_are_open_where_each_has_a_line() -> None:
    """Of `1 6` and `/`, the figures of a row of two cells, 1 and 6 were read."""
    text = [
        "安远县财政局2020年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        *["第二十条第（五）项", "信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        *["行政许可", "40", "+2", "231", "其他对外管理服务事项", "4", "-1", "14"],
        *["第二十条第（六）项", "信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
        *["行政处罚", "9", "1 8", "3 1", "行政强制", "2", "+1", "0"],
        *["第二十条第（八）项", "信息内容", "上一年项目数量", "本年增/减", "行政事业性收费", "1 6", "/"],
        *["第二十条第（九）项", "信息内容", "采购项目数量", "采购总金额", "政府集中采购", "3", "12 万元"],
    ]
    told = {
        (row, column): cell.value
        for (_, row, column), cell in by_key(read_text("\n".join(text))).items()
        if cell.value_status == "reported"
    }
    assert {row for row, _ in told} == {"licensing", "public_service", "coercion", "procurement"}
    assert told["licensing", "decisions"] == 231
    assert told["procurement", "amount"] == 120_000


def in_cells_between_pipes(rows: Rows) -> list[str]:
    """A cell a line between pipes, as a page's text nodes joined by them: `|+11|`."""
    return [f"|{cell}|" for row in rows for cell in row]


def test_a_change_with_its_sign_between_pipes_is_no_mark_of_a_wiki() -> None:
    """`|+11|` and `|-7|` were taken for rules, and the row's next cell for the change."""
    changes = {("disclosure", row, "items_change"): raw for row, raw in [("licensing", "+11"), ("fee", "-7")]}
    truth = {**balanced("2019", 3), **changes}
    wrong, right = compared(read_text(tables_set(report_text("2019", truth), in_cells_between_pipes)), truth)
    assert not wrong
    assert set(changes) <= set(right)


# --- pages whose lines stand by their height ---


def with_figures_before_labels(rows: Rows) -> list[str]:
    """A line for each cell, a row's figures before its label: the higher line of a page comes first."""
    lines = []
    for row in rows:
        figures = next((place for place, cell in enumerate(row) if cell.lstrip("-").isdigit()), len(row))
        is_row = 0 < figures < len(row)
        lines += [*row[figures:], *told(row[:figures])] if is_row else told(row)
    return lines


@pytest.mark.parametrize("form", FORMS)
def test_figures_before_their_labels_are_not_the_next_labels(form: str) -> None:
    """Each label had the figures of the row after it, `verified`."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = tables_set(report_text(form, truth), with_figures_before_labels)
        wrong, _ = compared(read_text(text), truth)
        assert not wrong


def test_a_row_without_place_before_labels_with_figures_below_doubts_these() -> None:
    """Line by line, 不予公开's first row stands above its label, and so do those after it."""
    text = [
        "安远县财政局2020年政府信息公开工作年度报告",
        "三、收到和处理政府信息公开申请情况",
        "自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计",
        "一、本年新收政府信息公开申请数量 9 0 0 0 0 0 9",
        "二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0",
        "（一）予以公开 3 0 0 0 0 0 3",
        "（二）部分公开 0 0 0 0 0 0 0",
        "（三）不予公开",
        "1 0 0 0 0 0 1",
        "1.属于国家秘密",
        "2 0 0 0 0 0 2",
        "2.其他法律行政法规禁止公开",
        "3 0 0 0 0 0 3",
        "3.危及“三安全一稳定”",
        "0 0 0 0 0 0 0",
        "（七）总计 9 0 0 0 0 0 9",
        "四、结转下年度继续办理 0 0 0 0 0 0 0",
    ]
    cells = by_key(read_text("\n".join(text)))
    assert cells["application", "received_new", "total"].value == 9
    denied = [cell for key, cell in cells.items() if key[1].startswith("denied")]
    assert not [cell for cell in denied if cell.value_status == "reported"]


def test_headers_with_a_line_each_tell_no_order_of_rows_in_lines() -> None:
    """A short name in the middle of its cell comes before long ones: 其他 before 社会公益组织."""

    def by_height(rows: Rows) -> list[str]:
        lines = []
        for row in rows:
            if "社会公益组织" in row:
                lines += ["自然人", "商业企业", "科研机构", "总计", "其他", "社会公益组织", "法律服务机构"]
            else:
                lines.append(" ".join(told(row)))
        return lines

    for seed in SEEDS:
        truth = balanced("2019", seed)
        wrong, _ = compared(read_text(tables_set(report_text("2019", truth), by_height)), truth)
        assert not wrong


def test_figures_of_a_browser_s_row_without_its_label_are_a_row_of_their_own() -> None:
    """They run on in the row before; none is dropped, and each keeps its line."""
    made = make_report(5018, layout="browser_text", damages="random")
    stream = open_document(made.data, made.file_name)
    told = tabbed(stream)
    written = [cell for line in stream.lines for cell in map(str.strip, line.split("\t")) if cell]
    kept = [cell for line in told.lines for cell in line.split("\t") if cell]
    assert kept == written
    rows = {place: [cell.text for cell in cells] for place, cells in told.grid.items()}
    place = next(place for place, row in rows.items() if row[0] == "（七）总计")
    assert rows[place] == ["（七）总计", "6", "2", "0", "0", "0", "0", "8"]
    assert rows[place + 1] == ["1", "0", "0", "0", "0", "0", "1"]
    assert [cell.line for cell in told.grid[place + 1]] == sorted(cell.line for cell in told.grid[place + 1])
    assert told.grid[place + 1][0].line > told.grid[place][-1].line


@pytest.mark.parametrize("seed", [9540001, 9540013])
def test_tabs_after_all_cells_part_no_rows(seed: int) -> None:
    """A page whose `</td>` became tabs keeps its line ends: rows ran on, figures moved into other columns."""
    made = make_report(seed, layout="html_word")
    page = re.sub(r"(?is)<(style|head)\b.*?</\1>", "", made.data.decode(made.encoding or "utf-8"))
    page = re.sub(r"(?i)</tr>|</p>|<br\s*/?>|</div>", "\n", re.sub(r"(?i)</t[dh]>", "\t", page))
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    judged = judge(made.truth, by_key(read_text(text)))
    assert not judged.silent()
    assert sum(verdict == "right" for verdict in judged.cells.values()) >= 0.8 * len(judged.cells)


@pytest.mark.parametrize("between", ["\n", " "])
def test_a_row_that_adds_up_with_two_figures_as_one_is_open(between: str) -> None:
    """`10` in two runs of a page is `1` and `0`: 6+0+5+1+0+4 is the 16 that stands before the total."""
    persons = ["natural_person", "business"]
    others = ["research", "public_interest", "legal_service", "other_org"]
    columns = [*persons, *others, "total"]
    figures = dict(zip(columns, ("6", "0", "5", "10", "4", "16", "41"), strict=True))
    row = "rejected_reissue"
    truth = {("application", row, column): figure for column, figure in figures.items()}

    def split(rows: Rows) -> list[str]:
        return [between.join(told(cells)).replace("10", f"1{between}0") for cells in rows]

    found = by_key(read_text(tables_set(report_text("2021", truth), split)))
    read = [cell.value for (_, code, _), cell in found.items() if code == row and cell.value is not None]
    assert read in ([], [6, 0, 5, 10, 4, 16, 41])


def test_a_sentence_with_many_figures_is_no_table_in_one_line() -> None:
    # Its figures have words between them: reading it as rows would cost as much as a table.
    sentence = (
        "2. 主动公开情况。2020 年 1 月 1 日至 2020 年 12 月 31 日，本单位主动公开政府信息共计 447 条，"
        "其中公开机构职能 33 条，公开工作会议 29 条，公开财政资金 12 条，较上一年度均有较为明显的增长。"
    )
    row = (
        "三、收到和处理政府信息公开申请情况 本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和 "
        "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3 二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0"
    )
    assert not is_folded(sentence)
    assert is_folded(row)
    assert is_folded(row.replace(" 3 0 0 0 0 0 3 ", " 3 件 0 件 0 件 0 件 0 件 0 件 3 件 "))


# --- headers of narrow columns, cut over lines ---

CUT_HEADERS = {
    "as pdftotext sets them": """
（本列数据的勾稽关系          申请人情况
为：第一项加第二项之          自然  法人或其他组织                总计
和，等于第三项加第四     人     商业    科研   社会   法律    其他
项之和）                 企业    机构   公益   服务
                                组织   机构
一、本年新收政府信息     11    1    0    0    2    0     14
公开申请数量
二、上年结转政府信息     0     0    0    0    0    0     0
公开申请数量
（七）总计     11    1    0    0    2    0     14
四、结转下年度继续办理     0     0    0    0    0    0     0
""",
    "a line of each row's own cells, no row spans": """
（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）     申请人情况
自然人                            法人或其他组织    总计
商业企业                           科研机构       社会公益组织  法律服务机构  其他
一、本年新收政府信息公开申请数量               11         1       0       0   2  0  14
二、上年结转政府信息公开申请数量               0          0       0       0   0  0  0
（七）总计                          11         1       0       0   2  0  14
四、结转下年度继续办理                    0          0       0       0   0  0  0
""",
}


@pytest.mark.parametrize("name", CUT_HEADERS)
def test_headers_cut_over_lines_are_in_order_where_their_first_lines_are(name: str) -> None:
    """商业 of 企业 stood left of 自然人 in a line below, or at the same place: no row was read."""
    title = "安远县财政局2021年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况"
    told = by_key(read_text(f"{title}{CUT_HEADERS[name]}"))
    for row in ("received_new", "total_handled"):
        read = [told["application", row, column].raw_text for column in (*APPLICANTS, "total")]
        assert read == ["11", "1", "0", "0", "2", "0", "14"]


# --- sums of money and empty cells over lines ---

BROKEN_SUMS = {
    "its unit below": """
政府集中采购  2             117040
                            0元
""",
    "over three lines beside the label's": """
政府集中采                190.6
购            23          47103
                           万元
""",
    "at its point": """
政府集中采购  71            27,522
                            .3万元
""",
    "the beginning above": """
190.64
政府集中采购 23 7103 万
元
""",
}


@pytest.mark.parametrize("name", BROKEN_SUMS)
def test_a_sum_broken_over_the_lines_of_a_narrow_cell_is_left_open(name: str) -> None:
    """One line's digits were the sum."""
    text = [
        "安远县财政局2020年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        "第二十条第（八）项",
        "信息内容      上一年项目数量  本年增/减",
        "行政事业性收费     2             +5",
        "第二十条第（九）项",
        "信息内容      采购项目数量  采购总金额",
        BROKEN_SUMS[name].strip("\n"),
        "三、收到和处理政府信息公开申请情况",
    ]
    cells = by_key(read_text("\n".join(text)))
    assert cells["disclosure", "procurement", "amount"].value_status == "unreadable"


def test_a_sum_whose_unit_is_below_is_read() -> None:
    text = [
        "安远县财政局2020年政府信息公开工作年度报告",
        "二、主动公开政府信息情况",
        "第二十条第（九）项",
        "信息内容      采购项目数量  采购总金额",
        "政府集中采购  121           12900",
        "                            万元",
        "三、收到和处理政府信息公开申请情况",
    ]
    assert by_key(read_text("\n".join(text)))["disclosure", "procurement", "amount"].value == 129_000_000


def test_empty_lines_that_go_with_figures_tell_no_columns() -> None:
    """A browser for terminals has a line for an empty cell, two for a figure: rows moved, `verified`."""
    rows = {
        "一、本年新收政府信息公开申请数量": ["", "1", "1", "", "", "", "2"],
        "二、上年结转政府信息公开申请数量": [""] * 7,
        "（一）予以公开": ["", "", "1", "", "", "", "1"],
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）": ["", "1", "", "", "", "", "1"],
        "（七）总计": ["", "1", "1", "", "", "", "2"],
        "四、结转下年度继续办理": [""] * 7,
    }
    lines = ["安远县财政局2021年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况", ""]
    lines += [line for kind in [*KINDS, "总计"] for line in (f"   {kind}", "")]
    for label, cells in rows.items():
        lines += [
            f"   {label}",
            "",
            *(line for cell in cells for line in ([f"   {cell}", ""] if cell else [""])),
        ]
    told = by_key(read_text("\n".join([*lines, "四、政府信息公开行政复议、行政诉讼情况"])))
    for row, column in [
        ("granted", "business"),
        ("partial", "natural_person"),
        ("granted", "natural_person"),
    ]:
        assert told["application", row, column].value_status != "reported"


@pytest.mark.parametrize("form", FORMS)
def test_a_page_laid_out_as_a_table_is_read_though_its_rows_are_one_line(form: str) -> None:
    """As html2text prints a table within a table: the article is one cell, its rows are run together."""
    truth = balanced(form, 3)
    text = tables_set(
        report_text(form, truth), lambda rows: [" | ".join(cell for row in rows for cell in row)]
    )
    article = re.sub(r"\n+", "     ", text)
    menu = [f"  * [栏目{number}](/col{number}/index.html)" for number in range(12)]
    page = "\n".join([*menu, f"|  {article} |  浏览次数：9243次", "网站地图 | 联系我们"])
    assert max(map(len, page.split("\n"))) > 1_000
    wrong, right = compared(read_text(page), truth)
    assert not wrong
    assert len(right) == non_zero(truth)
