"""The characters of one PDF page, and those that stand on one line as its text.

Belongs here: where a character stands; which stand on one line; where a gap is a space, and how wide.
Does not belong here: which lines are running text (`lines.py`) or a cell (`tables.py`).
Lengths are in points, from the page's top left.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pdfplumber.page import Page

from pipeline.documents.flow import PICTURE
from pipeline.documents.spacing import CJK

# In units of the character size.
_LINE_TOLERANCE = 0.4
_REPRINT = 0.25
_WIDE_GAP = 1.0
_RAISED_SIZE = 0.75

_IS_CJK = re.compile(f"[{CJK}]")
# What a font's map may say and no file can take: NUL, and halves of characters.
_NO_SIGN = re.compile("[\0\ud800-\udfff]")
# Fonts often map an ideograph to the radical or compatibility sign that looks the same.
_WHITE = ((1, 1, 1), (0, 0, 0, 0))  # in RGB and CMYK
_LOOKALIKE = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")


class Glyph(NamedTuple):
    """One character: its box, its size, and how far below the page's top it stands."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    base: float


class Ruler(NamedTuple):
    """Turns a place on the page into a column of text in which Chinese characters take two."""

    left: float
    unit: float

    def column(self, x: float) -> int:
        """Return the column of a place."""
        return round((x - self.left) / self.unit)


def glyphs_of(page: Page) -> Iterator[Glyph]:
    """Yield a page's characters, but for those that stand slanted across it: a watermark."""
    height = float(page.height)
    for char in page.chars:
        a, b, *_, rise = char["matrix"]
        if abs(b) > abs(a) / 10 and abs(a) > abs(b) / 10:
            continue
        text = _LOOKALIKE.sub(_ideograph, _NO_SIGN.sub("\ufffd", char["text"]))
        if text.isdigit() and _is_white(char):
            text = PICTURE
        base = height - rise if char["upright"] else char["bottom"]
        yield Glyph(text, char["x0"], char["x1"], char["top"], char["bottom"], char["size"], base)


def _is_white(char: dict[str, Any]) -> bool:
    """Tell whether a character is white: on white ground not seen, and what the ground is can't be told."""
    color = char.get("non_stroking_color")
    is_gray = isinstance(color, tuple) and len(color) == 1 and char.get("ncs") == "DeviceGray"
    return color in _WHITE or (is_gray and color == (1,))


def _ideograph(sign: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", sign[0])


def lined(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield the characters that stand on one line, from the top; within a line in any order."""
    group: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.base):
        if group and glyph.base - group[0].base > _LINE_TOLERANCE * max(glyph.size, group[0].size):
            yield group
            group = []
        group.append(glyph)
    if group:
        yield group


def text_of(group: Sequence[Glyph], ruler: Ruler | None = None, *, spread: bool = False) -> str:
    """Return one line's text; with a ruler, its indent and wide gaps are as many spaces as they are wide.

    The characters of a `spread` line were drawn apart to fill it: only a space that is printed is one.
    """
    text = ""
    width = 0
    last: Glyph | None = None
    has_space = False
    for glyph in sorted(group, key=lambda glyph: glyph.x0):
        if not glyph.text.strip():
            has_space = True
            continue
        if last is not None and _is_reprint(last, glyph):
            continue
        spaces = 0 if last is None or (spread and not has_space) else _spaces(last, glyph, has_space)
        if ruler is not None and (last is None or spaces > 1):
            spaces = max(ruler.column(glyph.x0) - width, spaces)
        text += " " * (spaces if ruler is not None else min(spaces, 1)) + glyph.text
        width += spaces + _width(glyph.text)
        last, has_space = glyph, False
    return text


def _is_reprint(last: Glyph, glyph: Glyph) -> bool:
    """Whether a character was printed twice in nearly one place, which makes it look bold."""
    return last.text == glyph.text and abs(glyph.x0 - last.x0) < _REPRINT * (glyph.x1 - glyph.x0)


def _spaces(last: Glyph, glyph: Glyph, has_space: bool) -> int:
    """Spaces between two characters: none, one, or two where the gap is that of a column."""
    size = max(last.size, glyph.size)
    gap = (glyph.x0 - last.x1) / size
    if gap >= _WIDE_GAP:
        return 2
    if min(last.size, glyph.size) < _RAISED_SIZE * size:
        return 1  # a footnote's number must not become the last digit of a figure
    return int(gap > _narrowest(last.text, glyph.text, has_space=has_space))


def _narrowest(left: str, right: str, *, has_space: bool) -> float:
    """The widest gap that is no space, in character sizes.

    Justified Chinese is drawn apart by up to half a character, figures are not; beside a figure
    Word adds a quarter of a character that is no space of the text.
    """
    chinese = bool(_IS_CJK.match(left[-1])) + bool(_IS_CJK.match(right[0]))
    if chinese == 2:
        return 0.5
    if has_space:
        return 0.05
    return 0.35 if chinese else 0.15


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
