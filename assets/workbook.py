"""Excel files: a sheet a table under Chinese headers, and sheets of notes.

Belongs here: sheets, formats and Excel's limits. Does not belong here: which rows and notes
they hold (export.py, pipeline.catalogue.package).
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import xlsxwriter

from pipeline.catalogue import Table
from pipeline.catalogue.package import Note, Vintage, is_risky, sheet_name

MOST_ROWS = 1_048_576
_MOST_LETTERS = 32_767
_SAMPLE = 200
_NARROWEST, _WIDEST = 8, 60
_NOTE_WIDTH = 70
_INSTEAD = "use --format csv or parquet"


class TooMuch(Exception):
    """A table is more than an Excel sheet takes; the message says what to do."""


class Sheet(NamedTuple):
    """One table with its rows."""

    table: Table
    rows: Iterable[Sequence[Any]]


class _Exact(float):
    """A number that is written with all its digits; xlsxwriter would write sixteen."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return repr(float(self))


class _Book:
    """An open workbook with the formats that its sheets share."""

    def __init__(self, path: Path, folder: str, title: str, vintage: Vintage) -> None:
        options = {"constant_memory": True, "tmpdir": folder}
        self.file = xlsxwriter.Workbook(str(path), options)
        self.file.set_properties(
            {"title": title, "author": "gongkai", "created": vintage.built_at.replace(tzinfo=None)}
        )
        add = self.file.add_format
        self.header = add(
            {"bold": True, "bottom": 1, "bg_color": "#E8EDF2", "text_wrap": True, "valign": "top"}
        )
        self.wrapped = add({"text_wrap": True, "valign": "top"})
        self.day = add({"num_format": "yyyy-mm-dd"})
        self.time = add({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # Excel shows the value as it is and keeps it a text when somebody edits it.
        self.inert = add({"quote_prefix": True})


def prove_fits(table: Table, rows: int) -> None:
    """Raise TooMuch where a table has more rows than a sheet takes beside its header."""
    if rows >= MOST_ROWS:
        raise TooMuch(
            f"{table.name} has more than the {MOST_ROWS - 1:,} rows of an Excel sheet: narrow it "
            f"with --years or --agencies, choose other --tables, or {_INSTEAD}."
        )


def write_workbook(
    path: Path, sheets: Sequence[Sheet], notes: Sequence[Note], vintage: Vintage
) -> dict[str, int]:
    """Write an Excel file and return the rows of each table.

    Raises TooMuch where a table or a text is more than Excel takes; the file is then incomplete.
    The same input gives the same bytes.
    """
    with TemporaryDirectory(prefix="gongkai-", dir=path.parent) as folder:
        book = _Book(path, folder, "gongkai", vintage)
        try:
            _write_notes(book, notes, [sheet.table for sheet in sheets])
            _write_columns(book, [sheet.table for sheet in sheets])
            return {sheet.table.name: _write_table(book, sheet) for sheet in sheets}
        finally:
            book.file.close()


def _write_notes(book: _Book, notes: Sequence[Note], tables: Sequence[Table]) -> None:
    page = book.file.add_worksheet("说明 Notes")
    page.set_column(0, 1, _NOTE_WIDTH)
    page.hide_gridlines(2)
    of_tables = [
        Note(
            f"工作表“{sheet_name(table)}”：{table.grain_zh}。{table.about_zh}",
            f"Sheet “{sheet_name(table)}”: {table.en}. {table.grain_en}. {table.about_en}",
        )
        for table in tables
    ]
    for line, note in enumerate([Note("说明", "Notes"), *notes, *of_tables]):
        for place, text in enumerate(note):
            page.write_string(line, place, text, book.wrapped if line else book.header)


def _write_columns(book: _Book, tables: Sequence[Table]) -> None:
    page = book.file.add_worksheet("列说明 Columns")
    page.freeze_panes(1, 0)
    for place, width in enumerate((28, 24, 28, 26, 12, 60, 60)):
        page.set_column(place, place, width)
    header = ("工作表 Sheet", "列 Column", "英文 English", "列名 Name", "类型 Type", "说明", "Description")
    rows = (
        (sheet_name(table), one.zh, one.en, one.name, one.type, one.about_zh, one.about_en)
        for table in tables
        for one in table.columns
    )
    for line, row in enumerate(chain([header], rows)):
        for place, text in enumerate(row):
            page.write_string(line, place, text, book.wrapped if line else book.header)


def _write_table(book: _Book, sheet: Sheet) -> int:
    """Write one sheet and return its rows."""
    page = book.file.add_worksheet(sheet_name(sheet.table))
    page.freeze_panes(1, 0)
    rows = iter(sheet.rows)
    sample = list(islice(rows, _SAMPLE))
    for place, column in enumerate(sheet.table.columns):
        page.set_column(place, place, _width([column.zh, *(_shown(row[place]) for row in sample)]))
        page.write_string(0, place, column.zh, book.header)
    written = 0
    for written, row in enumerate(chain(sample, rows), start=1):
        prove_fits(sheet.table, written)
        for place, value in enumerate(row):
            if value is not None:
                _write(book, page, (written, place), value, sheet.table)
    page.autofilter(0, 0, max(written, 1), len(sheet.table.columns) - 1)
    return written


def _write(book: _Book, page: Any, at: tuple[int, int], value: Any, table: Table) -> None:
    if isinstance(value, bool):
        page.write_boolean(*at, value)
    elif isinstance(value, int | float):
        page.write_number(*at, _Exact(value) if isinstance(value, float) else value)
    elif isinstance(value, date):
        page.write_datetime(*at, value, book.time if isinstance(value, datetime) else book.day)
    elif _write_text(book, page, at, as_text(value)) < 0:
        raise TooMuch(
            f"{table.name}.{table.columns[at[1]].name} has a text longer than the {_MOST_LETTERS:,} letters "
            f"of an Excel cell: choose other --tables, or {_INSTEAD}."
        )


def _write_text(book: _Book, page: Any, at: tuple[int, int], text: str) -> int:
    """Write a text, never as a formula; return xlsxwriter's code, below 0 where it is too long."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # xlsxwriter would take such a text for its own markup; of three pieces it makes the markup itself.
        return int(page.write_rich_string(*at, text[0], text[1], text[2:]))
    return int(page.write_string(*at, text, *([book.inert] if is_risky(text) else [])))


def as_text(value: Any) -> str:
    """Return a text as it is and a list as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value) if isinstance(value, int | float | date) else as_text(value)


def _width(texts: Sequence[str]) -> int:
    """Return a column's width: its widest text, within bounds; a Chinese letter is two wide."""
    widest = max(sum(_letters(text[:_WIDEST])) for text in texts)
    return min(max(widest + 2, _NARROWEST), _WIDEST)


def _letters(text: str) -> Iterator[int]:
    return (2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
