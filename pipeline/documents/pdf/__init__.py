"""PDF with a text layer to the stream."""

from pipeline.documents.pdf.reader import MAX_PAGES, read_pdf

__all__ = ["MAX_PAGES", "read_pdf"]
