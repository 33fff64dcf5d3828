r"""What converters leave of a page's markup in its text: entities, escapes, tags, letters of no width.

Belongs here: turning these into the characters that they stand for, line by line. Does not belong here: HTML
itself (html.py), what a table's marks mean (reading).
"""

import re
from html import unescape

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d?);")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~])")
_END = re.compile(r"\\\\(?=[\s|&]|$)")  # of a line, in LaTeX, DokuWiki and Org
_BREAK = re.compile(r"</?(?:br|p|div|center)\b[^<>\n]{0,200}>", re.IGNORECASE)
_INLINE = re.compile(r"</?(?:b|strong|em|i|u|span|font|sup|sub)\b[^<>\n]{0,200}>", re.IGNORECASE)
# Text in spans with attributes, as Markdown writes them: [规]{lang="EN-US"}[章]{.mark}; and the same with the
# text around it, from its beginning on, so that none is looked at twice.
_SPAN = re.compile(r"\[([^\[\]\n]*+)\]\{[^{}\n]*+\}")
_IN_SPAN = r"[^\s\[\]|]"
_SPANS = re.compile(rf"(?<!{_IN_SPAN})(?:{_IN_SPAN}*+\[[^\[\]\n]*+\]\{{[^{{}}\n]*+\}})++{_IN_SPAN}*+")
_DEEPEST = 3  # spans in spans
# Zero width space, joiners and byte order mark, word joiner, soft hyphen.
_NO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_OF_NO_WIDTH = (
    "\u200b",
    "\ufeff",
    "\u00ad",
    "\u2060",
    "\u200d",
    "\u200c",
    "\u200e",
    "\u200f",
    "\u202c",
    "\u2069",
)
_SPACES = re.compile("[\u00a0\u2002\u2003\u2009\r\n]")


def without_leftovers(text: str) -> str:
    """Return a text with the characters that markup left in it stands for; it has the same lines."""
    if "&" in text:
        text = _ENTITY.sub(_meant, _ENTITY.sub(_meant, text))  # &amp;nbsp; was escaped twice
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", _END.sub("  ", text))
    text = without_spans(text)
    if "<" in text and ("</" in text or "<br" in text or "<BR" in text):  # one character is found at once
        text = _INLINE.sub("", _BREAK.sub(" ", text))
    if any(map(text.__contains__, _OF_NO_WIDTH)):
        text = _NO_WIDTH.sub("", text)
    return text


def without_spans(text: str) -> str:
    """Return a Markdown text without the attributes of its spans."""
    for _ in range(_DEEPEST):
        if "]{" not in text:
            break  # nearly every text
        text = _SPANS.sub(_written, text)
    return text


def _written(spans: re.Match[str]) -> str:
    """Return the text of spans, as wide as they were: in tables of spaces cells stay under each other."""
    text = _SPAN.sub(r"\1", spans[0])
    return text + " " * (len(spans[0]) - len(text))


def _meant(entity: re.Match[str]) -> str:
    """Return what an entity stands for, a space for any space or end of line."""
    return _SPACES.sub(" ", unescape(entity[0]))
