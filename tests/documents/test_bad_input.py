"""Hostile and hopeless input: bounded time and memory, and a reason.

Each document is read in a process of its own that may use so much processor time and memory and no
more; going beyond either ends the process, and the test fails. The bounds are generous on purpose:
they tell a limit from none, not a fast machine from a slow one.
"""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.documents.made import (
    CONTENT_TYPES,
    RELATIONSHIPS,
    W,
    canvas_pdf,
    docx,
    paragraph,
    ruled_pdf,
    word_table,
)

ROOT = Path(__file__).parents[2]
CPU_SECONDS = 60
MEMORY_BYTES = 2 * 2**30

_READER = f"""
import resource, sys
from pathlib import Path
from pipeline.documents import Unreadable, open_document
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY_BYTES}, {MEMORY_BYTES}))
resource.setrlimit(resource.RLIMIT_CPU, ({CPU_SECONDS}, {CPU_SECONDS}))
try:
    stream = open_document(Path(sys.argv[1]).read_bytes())
    print("read", len(stream.lines), len(stream.grid), stream.lines[-1][:40])
except Unreadable as refused:
    print("refused", refused.reason)
"""


def outcome(data: bytes, folder: Path) -> str:
    """What comes of reading `data` within the bounds: `read`, entries, rows, last line; or `refused`, why."""
    file = folder / "document"
    file.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", _READER, file],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def _package(document: bytes, level: int = 9) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELATIONSHIPS.format("word/document.xml"))
        archive.writestr("word/document.xml", document)
    return buffer.getvalue()


def _understated(data: bytes, size: int) -> bytes:
    """The package with the expanded size of its document understated in both headers."""
    true = size.to_bytes(4, "little")
    assert data.count(true) >= 1
    return data.replace(true, (1000).to_bytes(4, "little"))


HEAD = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>'.encode()
TABLE_ROW = (
    "<tr><td><p class='MsoNormal'><span>{}</span></p></td>" + "<td><p><span>1</span></p></td>" * 7 + "</tr>\n"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            b"<html><body>" + b"<div>" * 10_000 + "深".encode(), "nests its tags", id="10,000 nested tags"
        ),
        pytest.param(b"<html>" + b"<div>" * 900_000, "nests its tags", id="900,000 nested tags"),
        pytest.param(
            b"<html>" + b"<b>" * 2_000 + b"</i>" * 900_000,
            "refused The web page shows no text",
            id="end tags that end nothing",
        ),
        pytest.param(b"<html>" + b"<table>" * 900_000, "nests its tags", id="tables that never end"),
        pytest.param(
            b"<html><a " + b"\n" * 8_000_000,
            "refused The web page shows no text",
            id="a tag of 8 million lines",
        ),
        pytest.param("<td>政".encode() * 60_000 + b"</", "read 60000 0 政", id="cells without a table"),
        pytest.param("年".encode() * 16_000_000, "refused The text has more than", id="a line of 48 MB"),
        pytest.param(
            b"<html><p>" + b"a" * 50_000_000, "refused The web page is too large", id="a page of 50 MB"
        ),
        pytest.param(
            "<!-- 甲 -->\n".encode() * 100_000 + "<div>\n# 乙\n</div>".encode(),
            "read 1 0 # 乙",
            id="100,000 comments before what is no page",
        ),
        pytest.param("政".encode() * 2_000_000 + b"[a]{b", "more than", id="a line of 6 MB with half a span"),
        pytest.param(b"[a]{b}" * 2_000 + b"\n", "read 1 0 aa", id="2,000 spans in a line"),
        pytest.param(b"\n" * 50_000_000, "refused The file is empty", id="50 million empty lines"),
        pytest.param(b"x" + b"\n" * 8_000_000, "more than 200,000 lines", id="8 million empty lines"),
        pytest.param(b"x" * (65 * 2**20), "refused The file has more than", id="a file of 65 MB"),
        pytest.param(b"\0" * 50_000_000, "refused The file holds NUL bytes", id="50 MB of NUL bytes"),
        pytest.param(
            "一、总体\0情况\n".encode(), "refused The file holds NUL bytes", id="a NUL byte in a text"
        ),
        pytest.param(
            ("一、总体情况\n".encode() + "二、公开\n".encode("gb18030")) * 1000 + b"\xff\xff\xff\n",
            "refused Line 2,001 is neither UTF-8 nor GB18030",
            id="a line in no encoding",
        ),
        pytest.param(
            ("一、总体情况\n".encode() + "二、公开\n".encode("gb18030")) * 1000,
            "read 2000 0 二、公开",
            id="mixed encodings",
        ),
    ],
)
def test_text_and_html(data: bytes, expected: str, tmp_path: Path) -> None:
    assert expected in outcome(data, tmp_path)


def test_a_table_of_10_000_rows_in_html(tmp_path: Path) -> None:
    page = (
        "<html><body><p>前</p><table>"
        + "".join(map(TABLE_ROW.format, range(10_000)))
        + "</table><p>后</p></body></html>"
    )
    assert outcome(page.encode(), tmp_path) == "read 10002 10000 后"


def test_spans_that_cover_the_plane(tmp_path: Path) -> None:
    row = "<tr><td rowspan=65534 colspan=1000>1</td><td rowspan=65534>2</td></tr>"
    page = "<html><table>" + "<tr><td rowspan=9999>1</td><td>2</td></tr>" * 199 + row * 10 + "</table></html>"
    assert "refused A table has more than 200 columns" in outcome(page.encode(), tmp_path)
    wide = (
        "<html><table><tr>"
        + "<td rowspan=65534>1</td>" * 199
        + "</tr>"
        + "<tr><td>2</td></tr>" * 60_000
        + "</table></html>"
    )
    assert outcome(wide.encode(), tmp_path) == "read 60001 60001 2"


def test_a_docx_that_expands_to_gigabytes(tmp_path: Path) -> None:
    bomb = _package(HEAD + b" " * (200 * 2**20))
    assert len(bomb) < 2**20
    assert "refused The DOCX file expands to far more" in outcome(bomb, tmp_path)


def test_a_docx_that_understates_its_size(tmp_path: Path) -> None:
    size = len(HEAD) + 300 * 2**20
    bomb = _understated(_package(HEAD + b" " * (300 * 2**20)), size)
    assert outcome(bomb, tmp_path).startswith("refused The DOCX file")


def test_a_docx_within_the_ratio_but_too_large(tmp_path: Path) -> None:
    body = b"".join(b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>" % number for number in range(2_000_000))
    data = _package(HEAD + b"</w:t></w:r></w:p>" + body * 2, level=1)
    assert "refused The DOCX file expands to far more" in outcome(data, tmp_path)


def test_a_docx_of_nested_tables(tmp_path: Path) -> None:
    body = "<w:tbl><w:tr><w:tc>" * 10_000
    assert "refused The DOCX file is damaged" in outcome(docx(body), tmp_path)


def test_a_table_of_10_000_rows_in_docx(tmp_path: Path) -> None:
    properties = '<w:tcPr><w:tcW w:w="1000" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
    cell = properties + paragraph(
        '<w:r><w:rPr><w:rFonts w:ascii="宋体"/><w:sz w:val="21"/></w:rPr><w:t>0</w:t></w:r>'
    )
    body = word_table(*([properties + paragraph(f"第{n}项"), *[cell] * 7] for n in range(10_000)))
    assert outcome(docx(body), tmp_path) == "read 10000 10000 第9999项\t0\t0\t0\t0\t0\t0\t0"


def test_a_pdf_of_5_000_pages(tmp_path: Path) -> None:
    data = canvas_pdf(*[[(100, 700, "规章 3")]] * 5_000)
    assert "refused The PDF has more than 300 pages" in outcome(data, tmp_path)


def test_a_long_table_in_pdf(tmp_path: Path) -> None:
    """A table of 10,000 rows takes some 250 pages; these are a tenth of it, to keep the test short."""
    data = ruled_pdf([[f"第{number}项", "0", "1", "2"] for number in range(1_000)])
    assert outcome(data, tmp_path).split()[:3] == ["read", str(1_000 + 1 + _pages(data)), "1000"]


def _pages(data: bytes) -> int:
    """Pages of a PDF of `ruled_pdf`, each of which has a line with its number."""
    return data.count(b"/Type /Page\n") + data.count(b"/Type /Page ")


def test_a_pdf_page_with_a_million_characters(tmp_path: Path) -> None:
    lines = [(10.0, 10.0 + n % 800, "0123456789" * 100) for n in range(1_100)]
    assert "refused The PDF expands to far more" in outcome(canvas_pdf(lines), tmp_path)
