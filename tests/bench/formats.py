"""How fast HTML, DOCX and PDF become the stream, beside what the bare library needs to get their text.

Belongs here: the reading of formats alone. Does not belong here: reading reports (the floor of text), ingest.
Both sides of a ratio are measured by turns in one run, so a busy machine slows both.
"""

import io
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import NamedTuple

import docx
import lxml.html
import pdfplumber

from pipeline.documents import open_document
from tests.generator import make_report

ROUNDS = 5


class Case(NamedTuple):
    """A layout of made reports, how many, and the bare library's way to their text and tables."""

    layout: str
    documents: int
    library: str
    extract: Callable[[bytes], object]


def _lxml(data: bytes) -> str:
    return str(lxml.html.document_fromstring(data).text_content())


def _python_docx(data: bytes) -> list[str]:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def _pdfplumber(data: bytes) -> list[object]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [(page.extract_text(), page.extract_tables()) for page in document.pages]


CASES = (
    Case("html", 40, "lxml text_content", _lxml),
    Case("html_word", 40, "lxml text_content", _lxml),
    Case("docx", 20, "python-docx", _python_docx),
    Case("pdf", 6, "pdfplumber text + tables", _pdfplumber),
)


def seconds(read: Callable[[bytes], object], documents: Sequence[bytes]) -> float:
    """Seconds that `read` takes for all documents."""
    start = perf_counter()
    for data in documents:
        read(data)
    return perf_counter() - start


def measure(case: Case, rounds: int = ROUNDS) -> tuple[float, float]:
    """Documents per second of the pipeline and of the bare library: the best of some rounds, by turns."""
    documents = [make_report(seed, layout=case.layout).data for seed in range(case.documents)]
    times = [(seconds(open_document, documents), seconds(case.extract, documents)) for _ in range(rounds)]
    ours, bare = (min(column) for column in zip(*times, strict=True))
    return len(documents) / ours, len(documents) / bare


def run() -> None:
    """Print documents per second and the ratio of times, a line a format."""
    print(f"{'format':<10} {'stream/s':>9} {'bare/s':>9} {'time ratio':>10}  bare library")
    for case in CASES:
        ours, bare = measure(case)
        print(f"{case.layout:<10} {ours:>9.1f} {bare:>9.1f} {bare / ours:>10.2f}  {case.library}")


if __name__ == "__main__":
    run()
