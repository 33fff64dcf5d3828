"""Opening a PDF, page by page.

Belongs here: opening a PDF, and refusing one that can't be read whole and with certainty.
Does not belong here: what stands on a page (`page.py`), what reading may cost (`bounds.py`).
"""

import io
import logging
import re
from collections.abc import Iterator
from itertools import islice

import pdfplumber.pdf
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.flow import Entry, to_stream
from pipeline.documents.pdf.bounds import BoundedPage, Budget, check_streams
from pipeline.documents.pdf.breaks import Item, entries_of
from pipeline.documents.pdf.page import items_of
from pipeline.documents.sniff import PDF
from pipeline.documents.spacing import IDEOGRAPH
from pipeline.documents.stream import Stream, Unreadable

MAX_PAGES = 300
"""The longest report has some 60 pages; beyond this it is a yearbook."""

_SCAN_SHARE = 0.5
"""Of pages with text that are one large picture: from here on the text is a machine's guess at a scan."""
_FULL_PAGE = 0.85
_UNMAPPED_SHARE = 0.3
"""Of characters whose font says nothing of what they mean, so that pdfminer writes `(cid:12)`."""

_DAMAGED = "The PDF is damaged ({}): fetch it again, or open it and print it to PDF anew."
_ENCRYPTED = "The PDF is encrypted: open it with its password and save it without one."
_SCANNED = (
    "The PDF has no text layer (it is scanned): get the report as text, or have it recognised and checked."
)
_RECOGNISED = (
    "The PDF is a scan with text that a machine recognised, whose figures can't be relied on: "
    "get the report as text, or check the recognised text and save it as DOCX."
)
_UNMAPPED = (
    "The PDF's fonts don't say which characters they draw: get the report as DOCX or HTML, or print it anew."
)
_TOO_LONG = f"The PDF has more than {MAX_PAGES} pages: cut the report itself out of it."

# What Word and WPS put around a title that nobody has written: the file's name.
_TITLE_NOISE = re.compile(r"^Microsoft Word - |\.(?:docx?|wps|pdf)$", re.IGNORECASE)

# What pdfminer reports of odd fonts and colours is of no use to whoever runs the pipeline.
logging.getLogger("pdfminer").setLevel(logging.ERROR)


def read_pdf(data: bytes) -> Stream:
    """The stream of a PDF; its entries (lines of text, table rows) are numbered from 1, each with its page.

    Raises Unreadable for a damaged, encrypted, scanned, oversized or unmapped PDF.
    """
    check_streams(data)
    try:
        document = pdfplumber.pdf.PDF(io.BytesIO(data))
        pages = _pages(document)
        entries = _entries(pages)
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - pdfminer raises whatever it trips over in a damaged file
        raise Unreadable(_why(error)) from None
    stream = to_stream(entries, PDF, meta=_meta(document))
    stream.pages = [entry.page for entry in entries]
    return stream


def _why(error: Exception) -> str:
    cause = error.args[0] if isinstance(error, PdfminerException) and error.args else error
    if isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError):
        return _ENCRYPTED
    return _DAMAGED.format(type(cause).__name__)


def _meta(document: pdfplumber.pdf.PDF) -> dict[str, str]:
    title = _TITLE_NOISE.sub("", str(document.metadata.get("Title") or "").strip())
    return {"title": title} if IDEOGRAPH.search(title) else {}


# --- pages ---


def _pages(document: pdfplumber.pdf.PDF) -> Iterator[Page]:
    """The pages one by one, each upright. Raises Unreadable before drawing any when there are too many."""
    found = list(islice(PDFPage.create_pages(document.doc), MAX_PAGES + 1))
    if len(found) > MAX_PAGES:
        raise Unreadable(_TOO_LONG)
    budget = Budget()
    return (_upright(document, page, number, budget) for number, page in enumerate(found, 1))


def _upright(document: pdfplumber.pdf.PDF, found: PDFPage, number: int, budget: Budget) -> Page:
    """The page, turned when most of its text is: wide tables are often drawn sideways on an upright page."""
    page = _page(document, found, number, budget)
    turned = sum(1 if char["matrix"][1] > 0 else -1 for char in page.chars if not char["upright"])
    if abs(turned) * 2 <= len(page.chars):
        return page
    # pdfplumber asks the attributes, pdfminer the page.
    found.rotate = (found.rotate + (90 if turned > 0 else 270)) % 360
    found.attrs["Rotate"] = found.rotate
    return _page(document, found, number, budget)


def _page(document: pdfplumber.pdf.PDF, found: PDFPage, number: int, budget: Budget) -> Page:
    page = BoundedPage(document, found, number)
    page.budget = budget
    return page


# --- the text ---


def _entries(pages: Iterator[Page]) -> list[Entry]:
    """Entries of all pages. Raises Unreadable when the characters can't be relied on."""
    items: list[list[Item]] = []
    with_text = pictured = characters = unmapped = 0
    for page in pages:
        texts = [char["text"] for char in page.chars]
        characters += len(texts)
        unmapped += sum(text.startswith("(cid:") for text in texts)
        with_text += bool(texts)
        pictured += bool(texts) and _is_picture(page)
        items.append(items_of(page))
        page.close()
    entries = entries_of(items)
    _check_text(entries, pictured / max(1, with_text), unmapped / max(1, characters))
    return entries


def _check_text(entries: list[Entry], pictured: float, unmapped: float) -> None:
    if not entries:
        raise Unreadable(_SCANNED)
    if pictured >= _SCAN_SHARE:
        raise Unreadable(_RECOGNISED)
    if unmapped >= _UNMAPPED_SHARE:
        raise Unreadable(_UNMAPPED)


def _is_picture(page: Page) -> bool:
    """Whether one picture covers the page."""
    covered = max((float(image["width"] * image["height"]) for image in page.images), default=0.0)
    return covered >= _FULL_PAGE * float(page.width * page.height)
