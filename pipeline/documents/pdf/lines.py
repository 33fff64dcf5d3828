"""The running text of one PDF page, line by line.

Belongs here: wrapped sentences that are one line, indents and gaps that are kept.
Does not belong here: ruled tables (`tables.py`). Text in columns without lines keeps its spacing, so that
whoever reads the lines can find the columns.
"""

import re
from collections.abc import Iterable, Iterator
from statistics import median
from typing import NamedTuple

from pipeline.documents.pdf.glyphs import Glyph, Ruler, lined, text_of
from pipeline.documents.spacing import join_wrapped

_FULL_LINE = 0.75
"""Of the page's width: a line that ends before it is not full, so what follows is a new paragraph."""
# A line of a sentence: punctuation, and neither a wide gap nor figures side by side, as table rows have.
_SENTENCE = re.compile(r"(?!.*\S {2})(?!.*\d +\d).*[，。；：、].*")


class TextLine(NamedTuple):
    """A line of running text and where it stands, in points from the page's top left."""

    text: str
    top: float
    left: float
    right: float


def lines_of(glyphs: Iterable[Glyph], page_width: float) -> Iterator[TextLine]:
    """Yield lines of running text from the top; wrapped sentences are joined, wide gaps and indents kept."""
    shown = [glyph for glyph in glyphs if glyph.text.strip()]
    if not shown:
        return
    unit = max(1.0, median(glyph.size for glyph in shown) / 2)
    ruler = Ruler(min(glyph.x0 for glyph in shown), unit)
    margin = max(_FULL_LINE * page_width, max(glyph.x1 for glyph in shown) - 4 * unit)
    line: TextLine | None = None
    for following in _drawn_lines(glyphs, ruler):
        if line is None:
            line = following
        elif line.right >= margin and following.left <= ruler.left + unit and _SENTENCE.fullmatch(line.text):
            line = line._replace(text=join_wrapped((line.text, following.text)), right=following.right)
        else:
            yield line
            line = following
    if line is not None:
        yield line


def _drawn_lines(glyphs: Iterable[Glyph], ruler: Ruler) -> Iterator[TextLine]:
    for group in lined(glyphs):
        text = text_of(group, ruler)
        if text.strip():
            shown = [glyph for glyph in group if glyph.text.strip()]
            top = min(glyph.top for glyph in shown)
            yield TextLine(text, top, min(g.x0 for g in shown), max(g.x1 for g in shown))
