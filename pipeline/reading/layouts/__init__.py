"""Layouts that are turned, line by line, into those that the reader knows, before anything is read."""

from collections.abc import Callable, Sequence

from pipeline.documents.stream import Stream
from pipeline.reading.layouts.across import across
from pipeline.reading.layouts.boxed import boxed
from pipeline.reading.layouts.doubled import has_odd_tabs, with_single_ends, with_single_tabs
from pipeline.reading.layouts.glued import glued
from pipeline.reading.layouts.led import unled
from pipeline.reading.layouts.listed import listed
from pipeline.reading.layouts.measured import measured
from pipeline.reading.layouts.offset import rejoined
from pipeline.reading.layouts.opened import fed, hardened, opened, parted
from pipeline.reading.layouts.paired import paired
from pipeline.reading.layouts.prefixed import unprefixed
from pipeline.reading.layouts.quoted import quoted
from pipeline.reading.layouts.remarks import closed
from pipeline.reading.layouts.ruled import ruled
from pipeline.reading.layouts.separated import separated
from pipeline.reading.layouts.tabbed import tabbed
from pipeline.reading.layouts.unbordered import unbordered
from pipeline.reading.layouts.unfolded import unfolded
from pipeline.reading.words.breaks import CUT, FOLDED, LISTED, RULED, RUN, SIGNED, SOFT
from pipeline.reading.words.lines import Entry, entries_of

__all__ = ["as_known"]

# What finds rows in the text as a whole: the first that finds any marks them.
_FINDERS = (quoted, across, glued)
# In their order; without a line of its kind a repair changes nothing.
_REPAIRS = (
    (SOFT, hardened),
    (RUN, parted),
    (SIGNED, separated),
    (LISTED, listed),
    (RULED, boxed),
    (RULED, ruled),
    (FOLDED, unfolded),
    (CUT, closed),
)


def as_known(stream: Stream) -> tuple[Stream, list[Entry], list[Entry] | None]:
    """Return a document with its tables in layouts that the reader knows, and its lines that are not prose.

    Every cell keeps its line. The lines come twice where nothing tells by which measure words stand under
    each other: then only what both say is read.
    """
    own, text = _with_own_lines(stream)
    in_rows = tabbed(own)
    text = text if in_rows is own else _text_of(in_rows)
    opened_up = unbordered(unled(in_rows, text)) if "|" in text else in_rows
    text = text if opened_up is in_rows else _text_of(opened_up)
    stream = _told(opened_up, text, _FINDERS)
    entries, breaks = entries_of(stream)
    for kind, repair in _REPAIRS:
        whole = repair(stream) if kind in breaks else stream
        if whole is not stream:
            stream, (entries, breaks) = whole, entries_of(whole)
    told = _told(stream, text if stream is opened_up else _text_of(stream), [paired])
    entries = entries if told is stream else entries_of(told)[0]
    whole = rejoined(told, entries)
    return whole, *measured(whole, entries if whole is told else entries_of(whole)[0])


def _with_own_lines(stream: Stream) -> tuple[Stream, str]:
    """Return a text with the lines that it had before it was changed as a whole, and all of it.

    A sign that a change leaves is looked for in all of the text at once: that costs nearly nothing.
    """
    plain = opened(unprefixed(stream))
    text = _text_of(plain)
    whole = with_single_ends(fed(plain) if "\f" in text else plain)
    if "\t" in text and not has_odd_tabs(text):
        whole = with_single_tabs(whole)
    return whole, text if whole is plain else _text_of(whole)


def _text_of(stream: Stream) -> str:
    """Return all lines of a text, "" of a document whose format marks cells or pages."""
    return "" if stream.grid or stream.pages else "\n".join(stream.lines)


def _told(stream: Stream, text: str, finders: Sequence[Callable[[Stream, str], Stream | None]]) -> Stream:
    """Return a text with the rows that one of several ways of finding them finds, but for marked cells."""
    if not text:
        return stream
    return next(filter(None, (find(stream, text) for find in finders)), stream)
