"""DOCX files as Word and WPS write them: gridSpan and vMerge, runs cut anywhere, tracked changes, nested
markup.

Belongs here: the XML of paragraphs and tables, packed with the standard library so that every mark is under
control. Does not belong here: anything that reads a DOCX.
"""

import io
import zipfile
from random import Random
from xml.sax.saxutils import escape

from tests.generator.document import Document, Paragraph, Slot, Table, split_table

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_EPOCH = (2021, 1, 25, 10, 0, 0)


def _run(text: str) -> str:
    body = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in text.split("\n"))
    return f'<w:r><w:rPr><w:sz w:val="24"/></w:rPr>{body}</w:r>'


def _runs(text: str, rng: Random, *, tracked: bool) -> str:
    """A text in one run or two; now and then inserted by a tracked change beside a deleted number, or in a
    link.
    """
    if not text:
        return ""
    place = rng.randrange(1, len(text)) if len(text) > 1 and rng.random() < 0.3 else len(text)
    runs = "".join(_run(piece) for piece in (text[:place], text[place:]) if piece)
    if not tracked:
        return runs
    kind = rng.random()
    if kind < 0.5:
        gone = f'<w:del w:id="1" w:author="a"><w:r><w:delText>{rng.randint(1, 99)}</w:delText></w:r></w:del>'
        return f'{gone}<w:ins w:id="2" w:author="a">{runs}</w:ins>'
    if kind < 0.75:
        return f"<w:hyperlink>{runs}</w:hyperlink>"
    return f"<w:sdt><w:sdtContent>{runs}</w:sdtContent></w:sdt>"


def _paragraph(text: str, rng: Random, *, tracked: bool = False) -> str:
    return f'<w:p><w:pPr><w:jc w:val="both"/></w:pPr>{_runs(text, rng, tracked=tracked)}</w:p>'


def _cell(slot: Slot, merge: str, rng: Random) -> str:
    span = f'<w:gridSpan w:val="{slot.width}"/>' if slot.width > 1 else ""
    text = slot.text if merge != "<w:vMerge/>" else ""
    tracked = slot.kind == "value" and rng.random() < 0.03
    body = _paragraph(text, rng, tracked=tracked)
    if not slot.text and rng.random() < 0.2:
        body = _paragraph(rng.choice(("　", " ")), rng)
    return f'<w:tc><w:tcPr><w:tcW w:w="{slot.width * 800}" w:type="dxa"/>{span}{merge}</w:tcPr>{body}</w:tc>'


def _table(table: Table, rng: Random) -> str:
    grid = "".join('<w:gridCol w:w="800"/>' for _ in range(table.width))
    hanging: list[tuple[Slot, int]] = []
    rows = []
    for row in table.rows:
        cells = [(slot, '<w:vMerge w:val="restart"/>' if slot.height > 1 else "") for slot in row.slots]
        cells += [(slot, "<w:vMerge/>") for slot, _ in hanging]
        cells.sort(key=lambda pair: pair[0].column)
        rows.append("<w:tr>" + "".join(_cell(slot, merge, rng) for slot, merge in cells) + "</w:tr>")
        hanging = [(slot, left - 1) for slot, left in hanging if left > 1]
        hanging += [(slot, slot.height - 1) for slot in row.slots if slot.height > 1]
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def write_docx(document: Document, rng: Random) -> bytes:
    """Bytes of a DOCX; now and then table 三 is cut into two tables."""
    parts = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            parts.append(_paragraph(block.text, rng, tracked=block.kind == "prose" and rng.random() < 0.02))
        elif block.code == "application" and len(block.rows) > 10 and rng.random() < 0.15:
            halves = split_table(block, rng.randint(6, len(block.rows) - 2), rng.choice(("repeat", "blank")))
            parts += [_table(halves[0], rng), _paragraph("", rng), _table(halves[1], rng)]
        else:
            parts += [_table(block, rng), _paragraph("", rng)]
    body = f'<w:document xmlns:w="{_W}"><w:body>{"".join(parts)}</w:body></w:document>'
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{body}'
    return _pack({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELS, "word/document.xml": xml})


def _pack(files: dict[str, str]) -> bytes:
    """A ZIP with fixed times, so that one seed gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
