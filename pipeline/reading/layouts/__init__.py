"""Layouts that are turned, line by line, into those that the reader knows, before anything is read."""

from pipeline.documents.stream import Stream
from pipeline.reading.layouts.paired import paired
from pipeline.reading.layouts.remarks import closed
from pipeline.reading.layouts.ruled import ruled
from pipeline.reading.layouts.unfolded import unfolded

__all__ = ["as_known"]


def as_known(stream: Stream) -> Stream:
    """Return a document with its tables in layouts that the reader knows; every cell keeps its line."""
    return paired(closed(unfolded(ruled(stream))))
