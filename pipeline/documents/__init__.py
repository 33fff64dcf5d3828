"""Documents: bytes of any format to the one Stream.

Belongs here: which reader a document goes to, and the bounds on it.
Does not belong here: what a report is. Nothing here knows the statutory forms.
"""

from pipeline.documents.docx import read_docx
from pipeline.documents.encoding import decode
from pipeline.documents.html import read_html
from pipeline.documents.limits import check_size
from pipeline.documents.pdf import read_pdf
from pipeline.documents.sniff import DOCX, EMPTY_REASON, HTML, PDF, TEXT, UNKNOWN, Kind, sniff, sniff_text
from pipeline.documents.stream import Cell, Stream, Unreadable
from pipeline.documents.text import read_text

__all__ = ["Cell", "Stream", "Unreadable", "check_size", "media_type", "open_document"]


def open_document(data: bytes, file_name: str = "") -> Stream:
    """The stream of a document, by what its bytes are; `file_name` only helps the reason of a refusal.

    Raises Unreadable, whose reason says what is wrong and what to do, for whatever can't be read
    whole and with certainty. Time and memory are bounded by the limits of each reader.
    """
    check_size(len(data), file_name)
    kind = _readable(sniff(data))
    if kind.media_type == DOCX:
        return read_docx(data)
    if kind.media_type == PDF:
        return read_pdf(data)
    text, encoding = decode(data)
    if not text or text.isspace():
        raise Unreadable(EMPTY_REASON)
    if _readable(sniff_text(text)).media_type == HTML:
        return read_html(text, encoding)
    return read_text(text, encoding)


def _readable(kind: Kind) -> Kind:
    if kind.reason is not None:
        raise Unreadable(kind.reason)
    return kind


def media_type(data: bytes) -> str:
    """The media type of any file by its content.

    Text in no known encoding is `text/plain` still; what holds NUL bytes and has no known
    signature is `application/octet-stream`.
    """
    kind = sniff(data)
    if kind.media_type != TEXT:
        return kind.media_type
    try:
        return sniff_text(decode(data)[0]).media_type
    except Unreadable:
        return UNKNOWN if b"\0" in data else TEXT
