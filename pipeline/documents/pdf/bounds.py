"""What a PDF may cost to read, and whether it is whole.

Belongs here: bounds on what pdfminer unpacks and carries out, which it does without any.
Does not belong here: what the pages say.
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import stream_value
from pdfplumber.page import Page, PDFPageAggregatorWithMarkedContent

from pipeline.documents.stream import Unreadable

MAX_OBJECTS = 1_000_000
"""Characters and lines drawn by one document; 300 full pages have 500,000, each costs 50 µs."""

_BYTES_PER_OBJECT = 50
"""Bytes of drawing instructions that count for an object, drawn or not; a page of text takes 20 for each."""

_FORM_COST = 100
"""Objects that a form (a drawing within the drawing) counts for, empty or not: beginning one takes 150 µs."""

MAX_STREAM_BYTES = 128 * 2**20
"""Of one packed stream once expanded: a page scanned at 600 dots per inch has 100 MB."""

MAX_EXPANDED_BYTES = 256 * 2**20
"""Of all packed streams but pictures, which are never expanded; a report's pages have 10 MB."""

_UNSEEN = (3, 7)
"""Text rendering modes that put no ink on the page (PDF 1.7, 9.3.6)."""

_BOMB = "The PDF expands to far more than a report has: take it out, or print it to PDF anew."
_CUT_OFF = "The PDF is cut off: fetch it again."
_BROKEN = "The PDF is damaged (a packed part can't be unpacked): fetch it again."

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_PACKING = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW|RunLengthDecode|RL)\b")
_NOT_ZLIB = re.compile(rb"/(?:ASCII\w+|A85|AHx|LZW\w*|RunLength\w*|RL)\b")
_DICTIONARY_BYTES = 2_000


def check_streams(data: bytes) -> None:
    """Refuse a PDF whose packed streams are broken, cut off, or expand beyond the limits.

    No stream is ever expanded whole. Where pdfminer meets a broken one it goes on with the part
    before the break, which must not be taken for the whole.
    """
    expanded = 0
    for dictionary, packed in _packed_streams(data):
        if len(_PACKING.findall(dictionary)) > 1:
            raise Unreadable(_BOMB)
        size, is_whole = _expand(packed)
        if not is_whole and not _NOT_ZLIB.search(dictionary) and b"/Encrypt" not in data:
            raise Unreadable(_BROKEN)
        expanded += 0 if b"/Image" in dictionary else size
        if expanded > MAX_EXPANDED_BYTES:
            raise Unreadable(_BOMB)


def _packed_streams(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Dictionary and bytes of every packed stream, in the file's order."""
    end = 0
    while match := _STREAM.search(data, end):
        start = max(end, match.start() - _DICTIONARY_BYTES)
        dictionary = data[start : match.start()].rpartition(b" obj")[2]
        end = data.find(b"endstream", match.end())
        if end < 0:
            raise Unreadable(_CUT_OFF)
        if _PACKING.search(dictionary):
            yield dictionary, data[match.end() : end]


def _expand(packed: bytes) -> tuple[int, bool]:
    """Bytes that a packed stream expands to, counted a piece at a time, and whether its checksum holds."""
    unpacker = zlib.decompressobj()
    size = 0
    try:
        while packed and not unpacker.eof:
            size += len(unpacker.decompress(packed, 2**20))
            packed = unpacker.unconsumed_tail
            if size > MAX_STREAM_BYTES:
                raise Unreadable(_BOMB)
    except zlib.error:
        return size, False
    return size, True


class Budget:
    """How many objects a document may still draw."""

    def __init__(self) -> None:
        self.left = MAX_OBJECTS

    def spend(self, objects: int = 1) -> None:
        """Count objects drawn. Raises Unreadable when the document has no more to spend."""
        self.left -= objects
        if self.left < 0:
            raise Unreadable(_BOMB)


class _BoundedDevice(PDFPageAggregatorWithMarkedContent):
    """Collects what a page draws, within the document's budget: forms drawn within forms grow without end."""

    budget: Budget
    _is_unseen = False

    def render_string(self, textstate: Any, *args: Any, **kwargs: Any) -> None:
        self._is_unseen = textstate.render in _UNSEEN
        super().render_string(textstate, *args, **kwargs)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        """Draw a character, but for one that a page doesn't show, as those that lie over a scan."""
        self.budget.spend()
        advance = super().render_char(*args, **kwargs)
        if self._is_unseen:
            self.cur_item._objs.pop()  # noqa: SLF001 - pdfminer has no other way to take a character back
        return advance

    def paint_path(self, *args: Any, **kwargs: Any) -> None:
        self.budget.spend()
        super().paint_path(*args, **kwargs)

    def begin_figure(self, *args: Any, **kwargs: Any) -> None:
        self.budget.spend(_FORM_COST)
        super().begin_figure(*args, **kwargs)


class _BoundedInterpreter(PDFPageInterpreter):
    """Carries out drawing instructions, within the document's budget: many can draw nothing."""

    device: _BoundedDevice

    def execute(self, streams: Sequence[object]) -> None:
        size = sum(len(stream_value(stream).get_data()) for stream in streams)
        self.device.budget.spend(size // _BYTES_PER_OBJECT)
        super().execute(streams)


class BoundedPage(Page):
    """A page that draws within the document's budget."""

    budget: Budget

    @property
    def layout(self) -> Any:
        """What the page draws; pdfplumber asks once and keeps its own form of it."""
        device = _BoundedDevice(self.pdf.rsrcmgr, pageno=self.page_number, laparams=None)
        device.budget = self.budget
        _BoundedInterpreter(self.pdf.rsrcmgr, device).process_page(self.page_obj)
        return device.get_result()
