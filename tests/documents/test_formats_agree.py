"""One report in every format whose tables are marked gives the same rows of the same cells."""

import re
from collections import defaultdict

import pytest

from pipeline.documents import Stream, open_document
from tests.generator import FORMS, GRID_LAYOUTS, Made, make_report

SPACES = re.compile(r"\s+")


def printed_rows(made: Made) -> list[list[str]]:
    """The values of each statutory row as the report prints them, white space aside; 复议诉讼 is one row."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (table, row, _), cell in made.truth.cells.items():
        rows[table, "" if table == "dispute" else row].append(SPACES.sub("", cell.raw))
    return list(rows.values())


def read_rows(stream: Stream) -> list[list[str]]:
    """The cells of each table row of the stream, white space aside."""
    return [[SPACES.sub("", cell.text) for cell in cells] for cells in stream.grid.values()]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", GRID_LAYOUTS)
def test_every_statutory_row_stands_in_one_table_row(layout: str, form: str) -> None:
    made = make_report(11, layout=layout, form=form)
    read = read_rows(open_document(made.data))
    for values in printed_rows(made):
        assert any(row[-len(values) :] == values for row in read), values
