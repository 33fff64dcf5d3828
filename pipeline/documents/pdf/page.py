"""One PDF page as lines of text and ruled tables, from top to bottom.

Belongs here: the order of what stands on a page. Does not belong here: opening a file (`reader.py`).
"""

from pdfplumber.page import Page

from pipeline.documents.flow import Line
from pipeline.documents.pdf.breaks import Item
from pipeline.documents.pdf.glyphs import glyphs_of
from pipeline.documents.pdf.lines import lines_of
from pipeline.documents.pdf.tables import tables_of

_MOST_TABLES = 1000


def items_of(page: Page) -> list[Item]:
    """Return what stands on a page, from its top: a Line a line of text, a Ruled a table.

    Every table of a document has an ordinal of its own.
    """
    tables = tables_of(page)
    rest = [glyph for glyph in glyphs_of(page) if not any(table.take(glyph) for table in tables)]
    number = page.page_number
    ruled = [
        table.ruled(number, number * _MOST_TABLES + index)
        for index, table in enumerate(tables)
        if table.has_text
    ]
    placed: list[tuple[float, Item]] = [(table.top, table) for table in ruled]
    placed += [(line.top, Line(line.text, page=number)) for line in lines_of(rest, float(page.width))]
    placed.sort(key=lambda item: item[0])
    return [item for _, item in placed]
