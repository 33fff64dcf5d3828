"""Small documents of each format, made on the spot.

Belongs here: what several test modules of this folder build. Does not belong here: whole reports
(`tests/generator`), assertions.
"""

import io
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

from pipeline.documents.stream import Stream, Unreadable

Read = TypeVar("Read")

FONT = "STSong-Light"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="{}" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def attempt(read: Callable[[bytes], Read], data: bytes) -> Read | str:
    """What `read` makes of `data`, or the reason of its refusal."""
    try:
        return read(data)
    except Unreadable as refused:
        return refused.reason


def grid_texts(stream: Stream) -> list[list[tuple[str, int, int, int]]]:
    """Text, column, span and row span of the cells of every table row, in order."""
    return [
        [(cell.text, cell.column, cell.span, cell.row_span) for cell in row] for row in stream.grid.values()
    ]


def running_text(stream: Stream) -> list[str]:
    """The lines that are no table rows."""
    return [line for index, line in enumerate(stream.lines) if index not in stream.grid]


def docx(
    body: str, *, part: str = "word/document.xml", title: str | None = None, namespace: str = W
) -> bytes:
    """A DOCX file whose `w:body` holds `body`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELATIONSHIPS.format(part))
        archive.writestr(part, f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>')
        if title is not None:
            core = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
            archive.writestr(
                "docProps/core.xml",
                f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
                f"<dc:title>{title}</dc:title><dc:creator>张三</dc:creator></cp:coreProperties>",
            )
    return buffer.getvalue()


def paragraph(*runs: str) -> str:
    """A `w:p` of runs; a run that is markup already is taken as it is."""
    return (
        "<w:p>"
        + "".join(run if run.startswith("<") else f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
        + "</w:p>"
    )


def word_table(*rows: Sequence[str]) -> str:
    """A `w:tbl` of rows of `w:tc`, each the XML inside the cell."""
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


@cache
def font() -> str:
    """Name of a Chinese font that every reader knows, made known to reportlab."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    return FONT


def canvas_pdf(*pages: Sequence[tuple[float, float, str]], size: float = 10, **settings: Any) -> bytes:
    """A PDF of pages that each draw texts at points from the lower left; `rotation` turns every page."""
    buffer = io.BytesIO()
    rotation = settings.pop("rotation", 0)
    canvas = Canvas(buffer, pagesize=A4, invariant=1, **settings)
    for page in pages:
        canvas.setPageRotation(rotation)
        canvas.setFont(font(), size)
        for x, y, text in page:
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def ruled_pdf(
    *tables: list[list[str]], spans: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
) -> bytes:
    """A PDF of a title and ruled tables, each further table on a page of its own, with page numbers."""
    buffer = io.BytesIO()
    style = ParagraphStyle("cell", fontName=font(), fontSize=9, leading=11, wordWrap="CJK")
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), *(("SPAN", start, end) for start, end in spans)]
    story: list[Any] = [Paragraph("二、主动公开政府信息情况", style)]
    for index, rows in enumerate(tables):
        story += [PageBreak()] if index else []
        cells = [[Paragraph(text, style) for text in row] for row in rows]
        story.append(Table(cells, colWidths=60, style=TableStyle(grid)))
    document = SimpleDocTemplate(buffer, pagesize=A4, invariant=1, title="某局年度报告")

    def number(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont(font(), 9)
        canvas.drawCentredString(A4[0] / 2, 30, f"- {template.page} -")

    document.build(story, onFirstPage=number, onLaterPages=number)
    return buffer.getvalue()
