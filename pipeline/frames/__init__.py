"""Readings and registers as the frames that are stored and published."""

from pipeline.frames.agency import agency_of
from pipeline.frames.dimensions import FRAMES, agencies
from pipeline.frames.documents import Listed, Opened, documents, in_order, needs_opening, of_years, settled
from pipeline.frames.reports import PARTITIONED, Frames, Read, Report, batch, merged, numbered, report_of

__all__ = [
    "FRAMES",
    "PARTITIONED",
    "Frames",
    "Listed",
    "Opened",
    "Read",
    "Report",
    "agencies",
    "agency_of",
    "batch",
    "documents",
    "in_order",
    "merged",
    "needs_opening",
    "numbered",
    "of_years",
    "report_of",
    "settled",
]
