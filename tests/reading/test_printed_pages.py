"""Text that programs print of a PDF's pages (`pdftotext`, PyMuPDF): cells of several lines, drifting columns.

Belongs here: such texts typed out, and what is read of them and what stays open. Does not belong here: the
pages of a PDF itself (`tests/documents`), page numbers (`test_page_texts.py`).
"""

import pytest

from tests.reading.made import Key, balanced, by_key, read_text, report_text, wrong_cells

FORMS = ("2019", "2021")
COLUMNS = (47, 57, 66, 75, 84, 93, 102)
"""The characters at which the figures of a row end."""


def table_three(text: str) -> tuple[str, list[list[str]], str]:
    """Part a report of tabs into what stands before table 三's rows, their cells, and the rest."""
    lines = text.split("\n")
    first = next(at for at, line in enumerate(lines) if "新收" in line)
    end = next(at for at, line in enumerate(lines) if at > first and not line)
    rows = [line.split("\t") for line in lines[first:end]]
    return "\n".join(lines[:first]), rows, "\n".join(lines[end:])


def aligned(label: str, figures: list[str], drift: int = 0) -> str:
    """A row with its label, and its figures where their columns end; `drift` moves the second one."""
    line = label
    for place, (figure, column) in enumerate(zip(figures, COLUMNS, strict=True)):
        end = column + (drift if place == 1 else 0)
        line = f"{line:{end - len(figure)}}{figure}" if figure else line
    return line


def with_rows(text: str, lines: list[str]) -> str:
    """The report with lines for the rows of table 三."""
    before, _, after = table_three(text)
    return "\n".join([before, *lines, after])


def labels_and_figures(text: str) -> list[tuple[str, list[str]]]:
    return [("".join(row[:3]), row[3:]) for row in table_three(text)[1]]


RECEIVED = (497, 58, 12, 11, 21, 19)
OUTCOMES = {
    "granted": (82, 47, 0, 4, 3, 2),
    "denied_law": (20, 0, 0, 0, 0, 0),
    "denied_inquiry": (0, 2, 0, 0, 0, 0),
    "unable_not_held": (204, 6, 0, 2, 0, 11),
    "rejected_petition": (3, 0, 9, 0, 0, 1),
    "rejected_reissue": (28, 0, 0, 0, 17, 0),
}
"""Figures of the six kinds of applicants, as pages print them: zeros are empty cells."""


def with_empty_cells() -> dict[Key, str]:
    """The cells of table 三, "" for a zero, with the totals that the identities ask for."""
    handled = tuple(map(sum, zip(*OUTCOMES.values(), strict=True)))
    left = tuple(new - done for new, done in zip(RECEIVED, handled, strict=True))
    rows = {"received_new": RECEIVED, **OUTCOMES, "total_handled": handled, "carried_out": left}
    kinds = ("natural_person", "business", "research", "public_interest", "legal_service", "other_org")
    return {
        ("application", code, column): str(figure) if figure else ""
        for code, row in rows.items()
        for column, figure in zip((*kinds, "total"), (*row, sum(row)), strict=True)
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("drift", [-4, -3, 3])
def test_rows_with_empty_cells_are_read_where_a_column_drifts(form: str, drift: int) -> None:
    """Figures of one column stand some characters apart; all columns add up where they are nearest."""
    truth = with_empty_cells()
    text = report_text(form, truth, zero="")
    rows = [
        aligned(label, figures, drift=drift if place % 2 and not all(figures) else 0)
        for place, (label, figures) in enumerate(labels_and_figures(text))
    ]
    cells = by_key(read_text(with_rows(text, rows)))
    told = {key: cell.raw_text for key, cell in cells.items() if key[0] == "application" and cell.raw_text}
    assert told == {key: raw for key, raw in truth.items() if raw}


@pytest.mark.parametrize("form", FORMS)
def test_a_misprint_in_rows_whose_columns_drift_leaves_them_open(form: str) -> None:
    """Nothing tells then in which columns the figures stand."""
    truth = with_empty_cells() | {("application", "unable_not_held", "business"): "7"}
    text = report_text(form, truth, zero="")
    rows = [
        aligned(label, figures, drift=-5 if place % 2 and not all(figures) else 0)
        for place, (label, figures) in enumerate(labels_and_figures(text))
    ]
    cells = by_key(read_text(with_rows(text, rows)))
    assert wrong_cells(cells, truth) == []


@pytest.mark.parametrize("form", FORMS)
def test_clauses_printed_after_their_rows_take_nothing_away(form: str) -> None:
    """Those of several blocks stand together; each label is followed by its figures."""
    truth = balanced(form, 1)
    text = report_text(form, truth)
    lines = text.split("\n")
    clauses = [line for line in lines if line.startswith("第二十条")]
    last = max(at for at, line in enumerate(lines) if line.startswith("第二十条"))
    moved = [line for line in lines[: last + 1] if line not in clauses[1:]] + clauses[1:] + lines[last + 1 :]
    printed = "\n".join("\n\n".join(filter(None, line.split("\t"))) for line in moved)
    cells = by_key(read_text(printed))
    own = {key: cell.raw_text for key, cell in cells.items() if key[0] == "disclosure"}
    assert own == {key: raw for key, raw in truth.items() if key[0] == "disclosure"}


@pytest.mark.parametrize("form", FORMS)
def test_a_total_printed_among_the_applicants_is_told_by_the_sums(form: str) -> None:
    truth = balanced(form, 2)
    text = (
        report_text(form, truth).replace("自然人\t", "自然人\t总计\t", 1).replace("其他\t总计\n", "其他\n", 1)
    )
    before, rows, after = table_three(text)
    head = before.replace("商业企业\t", "", 1).replace("自然人\t总计\t", "自然人\t商业企业\t总计\t", 1)
    printed = "\n".join("\n\n".join(filter(None, line.split("\t"))) for line in head.split("\n"))
    lines = ["\n\n".join(filter(None, row)) for row in rows]
    cells = by_key(read_text("\n".join([printed, *lines, after])))
    own = {key: cell.raw_text for key, cell in cells.items() if key[0] == "application"}
    assert own == {key: raw for key, raw in truth.items() if key[0] == "application"}


def wrapped(label: str, figures: list[str], place: int) -> list[str]:
    """A row of which one figure stands, with its remark, in the lines around."""
    rest = [figure if at != place else "" for at, figure in enumerate(figures)]
    start = " " * (COLUMNS[place] - 4)
    return [f"{start}{figures[place]}（含", f"{start}上年", aligned(label, rest), f"{start}结转）"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", [0, 3, 5])
def test_a_cell_of_several_lines_around_its_row_is_not_empty(form: str, place: int) -> None:
    truth = balanced(form, 3)
    text = report_text(form, truth)
    lines = [
        line
        for at, (label, figures) in enumerate(labels_and_figures(text))
        for line in (wrapped(label, figures, place) if at in (1, 5) else [aligned(label, figures)])
    ]
    cells = by_key(read_text(with_rows(text, lines)))
    assert wrong_cells(cells, truth) == []
    assert [key for key, cell in cells.items() if cell.value_status == "blank"] == []


@pytest.mark.parametrize("form", FORMS)
def test_rows_printed_above_their_labels_are_not_the_next_labels(form: str) -> None:
    truth: dict[Key, str] = balanced(form, 4)
    text = report_text(form, truth)
    rows = labels_and_figures(text)
    lines = [f"{label} {' '.join(figures)}" for label, figures in rows]
    for at in range(len(rows) - 6, len(rows) - 3):
        lines[at] = f"{' '.join(rows[at][1])}\n{rows[at][0]}"
    cells = by_key(read_text(with_rows(text, lines)))
    assert wrong_cells(cells, truth) == []


def centred(label: str, figures: list[str], gap: str) -> list[str]:
    """A row as the form's own page has it: its label in two lines, the total beside the first of them."""
    half = len(label) // 2
    start = label[:half]
    six = gap.join(figures[:-1])
    return [f"{start}{gap * 3}{figures[-1]}", f"{gap}{six}", label[half:]]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("gap", ["    ", " "])
def test_a_total_beside_its_label_s_first_line_is_the_rows(form: str, gap: str) -> None:
    truth = balanced(form, 5)
    text = report_text(form, truth)
    lines = [
        line
        for label, figures in labels_and_figures(text)
        for line in (
            centred(label, figures, gap) if "区分处理" in label else [f"{label}{gap}{gap.join(figures)}"]
        )
    ]
    cells = by_key(read_text(with_rows(text, lines)))
    assert wrong_cells(cells, truth) == []
    own = {
        column: raw
        for (table, row, column), raw in truth.items()
        if (table, row) == ("application", "partial")
    }
    assert {column: cells["application", "partial", column].raw_text for column in own} == own


@pytest.mark.parametrize("indent", [0, 36])
def test_pieces_of_figures_in_other_lines_make_no_row(indent: int) -> None:
    """Of 163569 in a narrow cell 1635 stands above the row's line and 69 below: 0 0 0 0 0 69 69 adds up."""
    truth = balanced("2021", 6)
    text = report_text("2021", truth)
    rows = labels_and_figures(text)
    lines = [f"{label}    {'    '.join(figures)}" for label, figures in rows[:-1]]
    label = rows[-1][0]
    broken = [
        f"{' ' * indent}1635          1635",
        f"{label}    0         0    0    0    0",
        f"{' ' * indent}69            69",
    ]
    cells = by_key(read_text(with_rows(text, [*lines, *broken])))
    left = [cell for key, cell in cells.items() if key[:2] == ("application", "carried_out")]
    assert {cell.value_status for cell in left} == {"unreadable"}


@pytest.mark.parametrize(
    "lines", ["{0}\n{1}\n年政府信息公开工作年度报告", "{0}\n\n{1}\n\n年政府信息公开\n工作年度报告"]
)
def test_a_title_cut_around_its_year_names_agency_and_year(lines: str) -> None:
    """As BeautifulSoup's get_text prints a page's title whose number has a font of its own."""
    reading = read_text(report_text("2021", opening=lines.format("安远县财政局", 2023)))
    assert (reading.agency_name, reading.report_year) == ("安远县财政局", 2023)
