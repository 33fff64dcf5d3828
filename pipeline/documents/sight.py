"""What of a web page its reader sees: elements that show no text of theirs, styles and sheets that hide it.

Belongs here: telling shown text from hidden. Does not belong here: where a line or a cell begins (html.py).
A page's whole article may be hidden until a script shows it. So what only its sheets say, and the rarer ways
to hide, count within the cells of a table alone, where hidden figures stand beside those that are shown.
"""

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

_PROGRAMS = {"script", "style", "noscript", "template", "head"}
_CHOICES = {"option", "datalist"}
_STRUCK_OUT = {"del", "s", "strike"}
_OWN_PICTURE = frozenset(
    {"iframe", "object", "embed", "svg", "canvas", "audio", "video", "select"}
)  # what it shows is not in its text
_NOT_SHOWN = frozenset(_PROGRAMS | _CHOICES | _STRUCK_OUT)

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|"
    r"text-decoration(?:-line)?\s*:[^;]*line-through",
    re.IGNORECASE,
)
_HIDDEN_IN_CELL = re.compile(
    r"opacity\s*:\s*0?(?:\.0*)?\s*(?:[;!]|$)|(?:left|right|top|bottom|text-indent)\s*:\s*-\d{3}|"
    r"(?<![\w-])color\s*:\s*transparent|clip\s*:\s*rect\(\s*0|"
    r"(?<![\w-])(?:max-)?(?:width|height)\s*:\s*0(?:px|pt)?\s*;.*overflow\s*:\s*hidden|"
    r"overflow\s*:\s*hidden.*(?<![\w-])(?:max-)?(?:width|height)\s*:\s*0(?:px|pt)?\s*(?:[;!]|$)",
    re.IGNORECASE | re.DOTALL,
)
_NO_SIZE = re.compile(r"font-size\s*:\s*0(?:\.0+)?(?:px|pt|r?em|%)?\s*(?:[;!]|$)", re.IGNORECASE)
_WHITE = re.compile(
    r"(?<![\w-])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
_WHITE_FONTS = frozenset(("#ffffff", "#fff", "white"))
_USUAL_NAMES = frozenset(("hidden", "hide", "d-none", "sr-only", "visually-hidden"))
"""What widely used style sheets, which the page names and doesn't hold, call hidden text."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_AT_BLOCK = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]*)\}")
_SELECTOR = re.compile(r"(?:(?:table|tbody|tr|td|th)[\s>]+){0,4}(?:[a-zA-Z][a-zA-Z0-9]*)?([.#][\w-]+)")
_NAME = re.compile(r"[.#][\w-]+")
_SHOWN = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", re.IGNORECASE)
_LONGEST_SHEET = 1_000_000
_CELLS = ("td", "th")
_DIGIT = re.compile(r"\d")


class Sight(Enum):
    """What a reader of the page sees of an element."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    OTHER = "other"
    """Something that its text doesn't tell, or nothing as far as the page's own sheets go."""
    DOUBTFUL = "doubtful"
    """Its figures may be hidden or not: what stands beside them can't be told from them."""


class Sights:
    """Tells what is seen of the elements of one page."""

    def __init__(self, root: etree._Element) -> None:
        self._sure, self._doubtful = _hidden_names(root)

    def of(self, element: etree._Element, *, in_table: bool) -> Sight:
        """Return what is seen of an element, apart from what is seen of those that it stands in."""
        tag = element.tag
        if tag in _NOT_SHOWN:
            return Sight.HIDDEN
        if tag in _OWN_PICTURE:
            return Sight.OTHER
        if not element.keys() or tag in ("html", "body"):  # some sites hide the whole page until it is loaded
            return Sight.SHOWN
        style = element.get("style")
        said = _NOTHING_SAID if style is None else _said(style)
        if said.hides or element.get("hidden") is not None:
            return Sight.HIDDEN
        return self._in_table(element, said) if in_table and tag != "table" else Sight.SHOWN

    def _in_table(self, element: etree._Element, said: "_Said") -> Sight:
        if said.hides_in_cell or (said.has_no_size and _is_plain(element)):
            return Sight.HIDDEN
        names = _names(element.get("class"), element.get("id"))
        return self._by_sheet(element, names, is_white=said.is_white or _has_white_font(element))

    def _by_sheet(self, element: etree._Element, names: frozenset[str], *, is_white: bool) -> Sight:
        if not names.isdisjoint(self._sure):
            return Sight.OTHER
        if not is_white and names.isdisjoint(self._doubtful):
            return Sight.SHOWN
        if element.tag in _CELLS or not _DIGIT.search("".join(element.itertext())):
            return Sight.SHOWN
        return Sight.SHOWN if is_white and not _stands_beside_text(element) else Sight.DOUBTFUL


class _Said(NamedTuple):
    """What an element's own style says that may hide its text."""

    hides: bool
    hides_in_cell: bool
    has_no_size: bool
    is_white: bool


_NOTHING_SAID = _Said(hides=False, hides_in_cell=False, has_no_size=False, is_white=False)


@lru_cache(maxsize=1024)  # Word writes the same few styles thousands of times
def _said(style: str) -> _Said:
    patterns = (_HIDDEN, _HIDDEN_IN_CELL, _NO_SIZE, _WHITE)
    return _Said(*(pattern.search(style) is not None for pattern in patterns))


@lru_cache(maxsize=1024)
def _names(classes: str | None, own: str | None) -> frozenset[str]:
    """Return an element's classes and its id, as sheets name them."""
    names = {f".{name}" for name in classes.split()} if classes else set()
    return frozenset(names | {f"#{own}"} if own else names)


def _has_white_font(element: etree._Element) -> bool:
    return element.tag == "font" and element.get("color", "").strip().lower() in _WHITE_FONTS


def _is_plain(element: etree._Element) -> bool:
    """Tell whether nothing inside an element can have another size than its own."""
    return not any(inner.attrib for inner in element.iterdescendants())


def _stands_beside_text(element: etree._Element) -> bool:
    """Tell whether the cell has other text too: on one ground not both can be seen, if one is white."""
    cell = next(element.iterancestors(*_CELLS), None)
    if cell is None:
        return False
    return len("".join("".join(cell.itertext()).split())) > len("".join("".join(element.itertext()).split()))


def _hidden_names(root: etree._Element) -> tuple[frozenset[str], frozenset[str]]:
    """Return the classes and ids that the page's own sheets hide everywhere, and those they may hide."""
    hidden: set[str] = set()
    doubtful = {f".{name}" for name in _USUAL_NAMES}
    shown: set[str] = set()
    for selectors, declared in _rules(root):
        hides = bool(_HIDDEN.search(declared) or _HIDDEN_IN_CELL.search(declared))
        if not hides and not _SHOWN.search(declared):
            continue
        for selector in selectors.split(","):
            single = _SELECTOR.fullmatch(selector.strip())
            if not hides:
                shown.update(_NAME.findall(selector))
            elif single:
                hidden.add(single[1])
            else:
                doubtful.update(_NAME.findall(selector.split()[-1]) if selector.split() else ())
    return frozenset(hidden - shown - doubtful), frozenset((doubtful - shown) | (hidden & shown))


def _rules(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the rules of a page's own sheets that hold on every screen: selectors and what they declare."""
    texts: Iterable[str] = ("".join(sheet.itertext()) for sheet in root.iter("style"))
    sheet = "\n".join(texts)[:_LONGEST_SHEET].replace("<!--", "").replace("-->", "")
    if "{" not in sheet:
        return
    for rule in _RULE.finditer(_AT_BLOCK.sub("", _COMMENT.sub("", sheet))):
        yield rule[1], rule[2]
