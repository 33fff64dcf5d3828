"""White space inside and between pieces of Chinese text.

Belongs here: what the markup formats share when pieces of text become one line.
Does not belong here: normalising of labels and values, which the reader does on every format.
"""

import re
from collections.abc import Iterable

# Ideographs, kana, full-width punctuation and the quotes and dashes that Chinese text uses.
# Full-width digits and letters are left out: two figures must never grow together.
CJK = "⺀-鿿豈-﫿︰-﹏！-／：-＠［-｀｛-､￠-￦　-〿“”‘’—…·"

IDEOGRAPH = re.compile("[\u3400-\u9fff]")
"""A Chinese character: what has none is no title of a report, but a program's ("untitled", "Document")."""

RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""A footnote's number as the raised signs that it is: no digit of the figure before it, nor of a dash."""

_CJK_END = re.compile(f"[{CJK}]$")
_CJK_START = re.compile(f"[{CJK}]")
_WRAP = re.compile(f"(?<=[{CJK}])[ \t\r\f]*\n[ \t\r\n\f]*(?=[{CJK}])")
_SPACE = re.compile("[ \t\r\n\f]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def squeeze(text: str) -> str:
    """One line as a browser shows it: runs of white space are one space, no-break spaces are kept in number.

    A line end between two Chinese characters is no space, because Chinese has none to show.
    """
    if text.isalnum():  # most cells
        return text
    if "\n" in text:
        text = _WRAP.sub("", text)
    text = _SPACE.sub(" ", text)
    if not text.isascii():
        text = _INVISIBLE.sub("", text).replace("\xa0", " ")
    return text.strip()


def join_wrapped(parts: Iterable[str]) -> str:
    """Join the lines of one cell: without a space where Chinese meets Chinese, else with one.

    `本年新` + `公开数量` is one label; `12` + `3` must not become 123.
    """
    joined = ""
    for part in filter(None, parts):
        if joined and not (_CJK_END.search(joined) and _CJK_START.match(part)):
            joined += " "
        joined += part
    return joined
