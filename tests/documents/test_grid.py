"""Row and column spans, against `pandas.read_html` as an oracle."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import Cell, Unreadable, grid
from pipeline.documents.grid import Place, Span
from pipeline.documents.html import read_html
from pipeline.documents.limits import MAX_COLUMNS

Tile = tuple[int, int, int, int]
"""Row, column, rows, columns of a cell."""


@st.composite
def tilings(draw: st.DrawFn) -> tuple[int, int, list[Tile]]:
    """A grid of 1 to 6 rows and 2 to 7 columns, covered without gaps by cells of random spans."""
    rows = draw(st.integers(1, 6))
    columns = draw(st.integers(2, 7))
    taken: set[tuple[int, int]] = set()
    tiles = []
    for row in range(rows):
        for column in range(columns):
            if (row, column) in taken:
                continue
            free = next((c for c in range(column, columns) if (row, c) in taken), columns) - column
            width = draw(st.integers(1, min(free, 3)))
            height = draw(st.integers(1, min(rows - row, 3)))
            taken |= {(row + r, column + c) for r in range(height) for c in range(width)}
            tiles.append((row, column, height, width))
    return rows, columns, tiles


def _page(rows: int, tiles: list[Tile]) -> str:
    def cell(index: int, tile: Tile) -> str:
        return f'<td rowspan="{tile[2]}" colspan={tile[3]}>c{index}</td>'

    body = (
        "<tr>" + "".join(cell(index, tile) for index, tile in enumerate(tiles) if tile[0] == row) + "</tr>"
        for row in range(rows)
    )
    return f"<html><body><p>表</p><table>{''.join(body)}</table></body></html>"


def _expanded(rows: list[tuple[Cell, ...]], height: int, width: int) -> list[list[str]]:
    """Every cell's text at all places that it covers, as pandas gives it."""
    matrix = [[""] * width for _ in range(height)]
    for row, cells in enumerate(rows):
        for cell in cells:
            for r in range(row, row + cell.row_span):
                for c in range(cell.column, cell.column + cell.span):
                    assert matrix[r][c] == ""
                    matrix[r][c] = cell.text
    return matrix


def _with_rows_of_nothing(
    grid_rows: dict[int, tuple[Cell, ...]], tiles: list[Tile], rows: int
) -> list[tuple[Cell, ...]]:
    """The stream has no entry for a row that only continues cells from above; put it back."""
    starts = {row for row, *_ in tiles}
    given_rows = iter(grid_rows.values())
    return [next(given_rows) if row in starts else () for row in range(rows)]


@given(tilings())
def test_spans_expand_as_pandas_expands_them(tiling: tuple[int, int, list[Tile]]) -> None:
    height, width, tiles = tiling
    page = _page(height, tiles)
    stream = read_html(page, "utf-8")
    if max(sum(tile[0] == row for tile in tiles) for row in range(height)) == 1:
        assert not stream.grid  # a table of one cell a row only frames its text
        assert stream.lines == ["表", *(f"c{index}" for index in range(len(tiles)))]
        return
    expected = pd.read_html(io.StringIO(page), header=None, keep_default_na=False)[0]
    rows = _with_rows_of_nothing(stream.grid, tiles, height)
    assert _expanded(rows, height, width) == expected.to_numpy().tolist()
    assert [(cell.column, cell.span, cell.row_span) for row in rows for cell in row] == [
        (column, columns, spans) for _, column, spans, columns in tiles
    ]


def test_a_cell_stands_beside_those_that_come_down_from_above() -> None:
    rows = [[Span(1, 3), Span(2, 1), Span(1, 2)], [Span(1, 1), Span(1, 1)], [Span(1, 1)] * 3]
    assert grid.place(rows) == [
        [Place(0, 1, 3), Place(1, 2, 1), Place(3, 1, 2)],
        [Place(1, 1, 1), Place(2, 1, 1)],
        [Place(1, 1, 1), Place(2, 1, 1), Place(3, 1, 1)],
    ]


def test_spans_end_with_their_group() -> None:
    assert grid.place([[Span(1, 9), Span(1, 0)], [Span(1, 1)]]) == [
        [Place(0, 1, 2), Place(1, 1, 2)],
        [Place(2, 1, 1)],
    ]


def test_a_span_that_means_everything_is_clipped_and_a_real_flood_is_refused() -> None:
    assert grid.place([[Span(1, 1), Span(1000, 1)]]) == [[Place(0, 1, 1), Place(1, MAX_COLUMNS - 1, 1)]]
    with pytest.raises(Unreadable, match="more than 200 columns"):
        grid.place([[Span(1, 1)] * (MAX_COLUMNS + 1)])
