"""What kind of file this is, from its content alone: names and extensions lie.

Belongs here: signatures, and for each kind that can't be read the reason and what to do.
Does not belong here: the reading of any kind.
"""

import io
import re
import zipfile
from typing import NamedTuple

TEXT = "text/plain"
HTML = "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
UNKNOWN = "application/octet-stream"


class Kind(NamedTuple):
    """A media type; `reason` says why it can't be read and what to do, None where it can be tried."""

    media_type: str
    reason: str | None = None


_ARCHIVE = "The file is an archive ({}): unpack it and put the report itself in its place."
_PICTURE = (
    "The file is a picture ({}) without text: get the report as text, or have it recognised and checked."
)
_OTHER_OFFICE = "The file is {}, not a report's text: save the report from it as DOCX or PDF."
_OTHER_LAYOUT = "The file is an {} file: save or print it as PDF with its text, or save it as DOCX."
_OLD_OFFICE = "The file is {} of the old binary format: open it in Word or WPS and save it as DOCX or PDF."
_ENCRYPTED = "The file is an office document protected by a password: save it without one."

_SAVED_PAGE = "The file is a web page saved with its parts (MHTML): save it as plain HTML, PDF or DOCX."
_WORD_XML_REASON = (
    "The file is a Word document saved as XML: open it in Word or WPS and save it as DOCX or PDF."
)
_OTHER_XML = "The file is XML, not a report's text: get the report as HTML, PDF, DOCX or text."

EMPTY_REASON = "The file is empty: fetch it again."

# Prefix, media type, reason. The first prefix that fits counts.
_SIGNATURES = (
    (b"Rar!\x1a\x07", Kind("application/vnd.rar", _ARCHIVE.format("RAR"))),
    (b"7z\xbc\xaf\x27\x1c", Kind("application/x-7z-compressed", _ARCHIVE.format("7z"))),
    (b"\x1f\x8b", Kind("application/gzip", _ARCHIVE.format("gzip"))),
    (b"BZh", Kind("application/x-bzip2", _ARCHIVE.format("bzip2"))),
    (b"\xfd7zXZ\x00", Kind("application/x-xz", _ARCHIVE.format("xz"))),
    (b"\x89PNG\r\n\x1a\n", Kind("image/png", _PICTURE.format("PNG"))),
    (b"\xff\xd8\xff", Kind("image/jpeg", _PICTURE.format("JPEG"))),
    (b"GIF87a", Kind("image/gif", _PICTURE.format("GIF"))),
    (b"GIF89a", Kind("image/gif", _PICTURE.format("GIF"))),
    (b"II*\x00", Kind("image/tiff", _PICTURE.format("TIFF"))),
    (b"MM\x00*", Kind("image/tiff", _PICTURE.format("TIFF"))),
    (
        b"{\\rtf",
        Kind("application/rtf", "The file is RTF: open it in Word or WPS and save it as DOCX or PDF."),
    ),
)
_PREFIXES = re.compile(b"|".join(re.escape(prefix) for prefix, _ in _SIGNATURES))
_BITMAP = re.compile(rb"BM.{4}\x00{4}.{4}[\x0c\x28\x38\x40\x6c\x7c]\x00{3}", re.DOTALL)
_WEBP = re.compile(rb"RIFF.{4}WEBP", re.DOTALL)
_PDF_START = 1024
"""Bytes in which `%PDF-` may stand; readers accept this much before it (PDF 1.7, annex H.3.4.1)."""

# Names of the streams inside an OLE2 file, as they stand in its directory.
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE2_KINDS = (
    ("EncryptedPackage", Kind("application/x-ole-storage", _ENCRYPTED)),
    ("WordDocument", Kind("application/msword", _OLD_OFFICE.format("a Word or WPS document (.doc, .wps)"))),
    ("Workbook", Kind("application/vnd.ms-excel", _OLD_OFFICE.format("a workbook (.xls, .et)"))),
    ("PowerPoint Document", Kind("application/vnd.ms-powerpoint", _OLD_OFFICE.format("a presentation"))),
    ("", Kind("application/x-ole-storage", _OLD_OFFICE.format("an office document (such as .wps)"))),
)

_OFFICE_OPEN = "application/vnd.openxmlformats-officedocument."
# The beginning of a name inside a ZIP file that tells its kind; the first that is there counts.
_ZIP_KINDS = (
    ("word/document", Kind(DOCX)),
    ("xl/workbook", Kind(_OFFICE_OPEN + "spreadsheetml.sheet", _OTHER_OFFICE.format("a workbook (.xlsx)"))),
    (
        "ppt/presentation",
        Kind(_OFFICE_OPEN + "presentationml.presentation", _OTHER_OFFICE.format("a presentation (.pptx)")),
    ),
    ("OFD.xml", Kind("application/ofd", _OTHER_LAYOUT.format("OFD"))),
    (
        "META-INF/manifest.xml",
        Kind("application/vnd.oasis.opendocument", _OTHER_LAYOUT.format("OpenDocument")),
    ),
    ("", Kind("application/zip", _ARCHIVE.format("ZIP"))),
)
_DAMAGED_ZIP = Kind("application/zip", "The file is a damaged ZIP or DOCX file: fetch it again.")

_XML = re.compile(r"\s*<\?xml\b")
_WORD_XML = re.compile(r"progid=.Word\.Document|<w:wordDocument|<pkg:package")
_MHTML = re.compile(r"(?:From: .*\n)?(?:[A-Za-z-]+: .*\n)*MIME-Version:", re.IGNORECASE)
_HTML_START = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_TAG = re.compile(
    r"<(?:html|body|table|tr|td|div|p|span|font|center|pre|ul|ol|li|h[1-6]|strong|b|title)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_HEAD = 4096
"""Characters in which a text file's kind is declared."""


def sniff(data: bytes) -> Kind:
    """The kind of a file by its signature; `text/plain` for whatever has none, HTML included.

    See `sniff_text` for what only the decoded text tells.
    """
    if not data or data.isspace():
        return Kind("application/x-empty", EMPTY_REASON)
    if match := _PREFIXES.match(data):
        return next(kind for prefix, kind in _SIGNATURES if prefix == match[0])
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _sniff_zip(data)
    if data.startswith(_OLE2):
        return next(kind for name, kind in _OLE2_KINDS if name.encode("utf-16-le") in data)
    if data.find(b"%PDF-", 0, _PDF_START) >= 0:
        return Kind(PDF)
    return _sniff_picture(data)


def _sniff_picture(data: bytes) -> Kind:
    """Pictures whose signature is no plain prefix."""
    if _BITMAP.match(data):
        return Kind("image/bmp", _PICTURE.format("BMP"))
    if _WEBP.match(data):
        return Kind("image/webp", _PICTURE.format("WebP"))
    return Kind(TEXT)


def _sniff_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = ["", *archive.namelist()]
    # NotImplementedError is what zipfile raises on a compression or version that it does not know.
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return _DAMAGED_ZIP
    return next(kind for start, kind in _ZIP_KINDS if any(name.startswith(start) for name in names))


def sniff_text(text: str) -> Kind:
    """The kind of a decoded text: HTML, plain text, or markup that can't be read."""
    head = text[:_HEAD]
    if _MHTML.match(head):
        return Kind("multipart/related", _SAVED_PAGE)
    if "<" not in text:
        return Kind(TEXT)
    if _HTML_START.search(head):
        return Kind(HTML)
    if _XML.match(head):
        return Kind("application/xml", _WORD_XML_REASON if _WORD_XML.search(head) else _OTHER_XML)
    return Kind(HTML) if "</" in text and _HTML_TAG.search(text) else Kind(TEXT)
