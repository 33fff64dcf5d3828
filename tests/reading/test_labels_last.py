"""Rows whose label stands after their figures, in the same line.

Belongs here: reports set so, whole and with cells left out. Does not belong here: labels in lines of
their own after figures (test_page_texts.py).
"""

from collections.abc import Callable, Sequence

import pytest

from pipeline.reading import Reading
from tests.reading.made import Key, balanced, by_key, read_text, report_text
from tests.reading.test_unlisted_layouts import FORMS, SEEDS, Rows, compared, non_zero, tables_set, told

Line = Callable[[Sequence[str], Sequence[str]], list[str]]


def by_tabs(figures: Sequence[str], labels: Sequence[str]) -> list[str]:
    return ["\t".join([*figures, *labels])]


def by_pipes(figures: Sequence[str], labels: Sequence[str]) -> list[str]:
    return [f"| {' | '.join([*figures, *labels])} |"]


def by_spaces(figures: Sequence[str], labels: Sequence[str]) -> list[str]:
    return ["  ".join([*figures, "".join(labels)])]


def in_pieces(figures: Sequence[str], labels: Sequence[str]) -> list[str]:
    """The label in lines of six letters, the first of them after the figures."""
    label = labels[-1]
    pieces = [label[at : at + 6] for at in range(0, len(label), 6)]
    return ["  ".join([*figures, pieces[0]]), *pieces[1:]]


def labels_last(line: Line) -> Callable[[Rows], list[str]]:
    """Table 三 with the labels after the figures, the other tables by tabs."""

    def layout(rows: Rows) -> list[str]:
        lines: list[str] = []
        for row in rows:
            figures = row[-7:] if len(row) == 10 else []
            is_row = all(not cell or cell.isdigit() for cell in figures) and bool(figures)
            lines += line(figures, told(row[:-7])) if is_row else ["\t".join(row)]
        return lines

    return layout


@pytest.mark.parametrize("line", [by_tabs, by_pipes, by_spaces, in_pieces])
@pytest.mark.parametrize("form", FORMS)
def test_labels_after_their_figures_are_those_of_their_lines(form: str, line: Line) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        wrong, right = compared(read_text(tables_set(report_text(form, truth), labels_last(line))), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


def application(form: str, reading: Reading, truth: dict[Key, str]) -> list[Key]:
    """The cells of table 三 that state another number than the document."""
    cells = by_key(reading).items()
    stated = {key: cell for key, cell in cells if key[0] == "application" and cell.value is not None}
    assert stated, form
    return [key for key, cell in stated.items() if cell.raw_text != truth[key]]


@pytest.mark.parametrize("line", [by_tabs, by_pipes, by_spaces])
@pytest.mark.parametrize("form", FORMS)
def test_cells_left_out_give_no_row_the_figures_of_the_next(form: str, line: Line) -> None:
    """The first row and others have an empty cell: their figures were taken for the header's."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        for place, key in enumerate(key for key in truth if key[0] == "application"):
            truth[key] = "" if place % 11 == 3 else truth[key]
        reading = read_text(tables_set(report_text(form, truth), labels_last(line)))
        assert application(form, reading, truth) == []


@pytest.mark.parametrize("form", FORMS)
def test_labels_on_both_sides_leave_open_what_stands_below_one(form: str) -> None:
    """Most labels lead their figures, the last two rows' follow theirs: below one of these stand figures."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        lines = tables_set(report_text(form, truth), lambda rows: ["\t".join(row) for row in rows]).split(
            "\n"
        )
        turned = []
        for line in lines:
            row = line.split("\t")
            last = len(row) == 10 and any("总计" in cell or "结转下年度" in cell for cell in row[:3])
            turned.append("\t".join([*row[-7:], *told(row[:3])]) if last and row[-1].isdigit() else line)
        assert turned != lines
        assert application(form, read_text("\n".join(turned)), truth) == []


def test_rows_of_words_are_shuffled_into_no_other_order() -> None:
    """Labels first everywhere but in three rows: too few to tell that order."""
    truth = balanced("2021", 3)
    lines = report_text("2021", truth).split("\n")
    rows = [at for at, line in enumerate(lines) if len(line.split("\t")) == 10 and line[-1].isdigit()][2:5]
    for at in rows:
        cells = lines[at].split("\t")
        lines[at] = "\t".join([*cells[-7:], *cells[:3]])
    assert application("2021", read_text("\n".join(lines)), truth) == []
