"""What a file is, from its content; and for what can't be read, what to do about it."""

import gzip
import io
import zipfile

import pytest

from pipeline.documents import Unreadable, media_type, open_document
from pipeline.documents.sniff import DOCX, HTML, PDF, TEXT
from tests.documents.made import canvas_pdf, docx, paragraph


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def _ole2(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(64)


READABLE = [
    ("一、总体情况\n".encode(), TEXT),
    ("见网站 (<http://kfq.yancheng.gov.cn/>)。\n".encode(), TEXT),
    ("数据 1 < 2 </ 3\n".encode(), TEXT),
    ("| 信息内容<br>（项） | 3 |\n".encode(), TEXT),
    ("<!DOCTYPE html>\n<p>一".encode(), HTML),
    ("\ufeff\n\n<HTML><BODY>一".encode(), HTML),
    ('<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html><p>一</p></html>'.encode(), HTML),
    ("正文在前\n<table><tr><td>1</td></tr></table>".encode(), HTML),
    ("<!doctype html><p>一".encode("utf-16"), HTML),
    (docx(paragraph("一")), DOCX),
    (docx(paragraph("一"), part="word/document2.xml"), DOCX),
    (canvas_pdf([(100, 100, "一")]), PDF),
    (b"\r\njunk before\n" + canvas_pdf([(100, 100, "一")]), PDF),
]


@pytest.mark.parametrize(("data", "expected"), READABLE, ids=range(len(READABLE)))
def test_readable_kinds_are_told_by_content(data: bytes, expected: str) -> None:
    assert media_type(data) == expected


UNREADABLE = [
    (b"", "application/x-empty", "empty", "fetch it again"),
    (b" \r\n\t\n", "application/x-empty", "empty", "fetch it again"),
    (_ole2("WordDocument"), "application/msword", ".doc, .wps", "save it as DOCX or PDF"),
    (_ole2("Workbook"), "application/vnd.ms-excel", "workbook", "save it as DOCX or PDF"),
    (_ole2("PowerPoint Document"), "application/vnd.ms-powerpoint", "presentation", "save it as DOCX"),
    (_ole2("EncryptedPackage"), "application/x-ole-storage", "password", "save it without one"),
    (_ole2("Nothing known"), "application/x-ole-storage", "old binary format", "save it as DOCX"),
    (_zip("报告.doc"), "application/zip", "archive (ZIP)", "unpack it"),
    (_zip("[Content_Types].xml", "xl/workbook.xml"), None, "workbook (.xlsx)", "as DOCX or PDF"),
    (_zip("[Content_Types].xml", "ppt/presentation.xml"), None, "presentation (.pptx)", "as DOCX or PDF"),
    (_zip("OFD.xml", "Doc_0/Document.xml"), "application/ofd", "OFD", "as PDF with its text"),
    (_zip("mimetype", "META-INF/manifest.xml"), None, "OpenDocument", "as DOCX"),
    (_zip("a")[:-30], "application/zip", "damaged ZIP", "fetch it again"),
    (b"Rar!\x1a\x07\x01\x00" + bytes(20), "application/vnd.rar", "archive (RAR)", "unpack it"),
    (b"7z\xbc\xaf\x27\x1c" + bytes(20), "application/x-7z-compressed", "archive (7z)", "unpack it"),
    (gzip.compress("一".encode()), "application/gzip", "archive (gzip)", "unpack it"),
    (b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png", "picture (PNG)", "recognised and checked"),
    (b"\xff\xd8\xff\xe0" + bytes(20), "image/jpeg", "picture (JPEG)", "recognised and checked"),
    (b"GIF89a" + bytes(20), "image/gif", "picture (GIF)", "recognised and checked"),
    (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(40), "image/bmp", "picture (BMP)", "checked"),
    (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(20), "image/webp", "picture (WebP)", "checked"),
    (b"II*\0" + bytes(20), "image/tiff", "picture (TIFF)", "checked"),
    (rb"{\rtf1\ansi ...}", "application/rtf", "RTF", "save it as DOCX or PDF"),
    (b'<?xml version="1.0"?><data><a>1</a></data>', "application/xml", "XML", "get the report as HTML"),
    (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
        "application/xml",
        "Word document saved as XML",
        "save it as DOCX",
    ),
    (
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html></html>",
        "multipart/related",
        "MHTML",
        "save it as plain HTML",
    ),
    (
        b"MZ\x90\0\3\0\0\0" + bytes(range(256)),
        "application/octet-stream",
        "NUL bytes",
        "save it as UTF-8",
    ),
]


@pytest.mark.parametrize(
    ("data", "expected_type", "cause", "remedy"), UNREADABLE, ids=[cause for _, _, cause, _ in UNREADABLE]
)
def test_unreadable_kinds_have_a_type_a_reason_and_a_remedy(
    data: bytes, expected_type: str | None, cause: str, remedy: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        open_document(data, "报告.txt")
    assert cause in caught.value.reason
    assert remedy in caught.value.reason
    if expected_type is not None:
        assert media_type(data) == expected_type


def test_the_extension_is_not_believed() -> None:
    assert open_document(docx(paragraph("一")), "报告.txt").media_type == DOCX
    assert open_document("一\n".encode(), "报告.docx").media_type == TEXT
