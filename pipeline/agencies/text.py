"""How names and texts are brought to one spelling before they are compared.

Belongs here: widths, spaces, the words that a title adds to a name, the key of a body.
Does not belong here: what any part of a name means.
"""

import re
import unicodedata

_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_NOTE = re.compile(r"\([^()]*\)")
_TITLE = re.compile(
    r"(?:关于)?(?:印发|发布|公布|公开)?(?:\d{4}|二[〇○零O0][〇○零O0一二三四五六七八九]{2})"
    r"(?:年度?|-\d{4}年度?)(?:政府|政务)?信息.*$"
    r"|(?:政府|政务)信息公开(?:工作)?(?:年度|情况)?.*$"
    r"|(?:\d{4}年度?)+$"
)
_LEADING = re.compile(r"^(?:(?:\d{4}|二[〇○零O0][〇○零O0一二三四五六七八九]{2})年度?|关于)+")
_JOINERS = re.compile(r"[和与及、·()\-—]")


def plain(text: str) -> str:
    """Text with compatibility forms folded (full width to half width) and all white space taken out."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def bare_name(name: str) -> str:
    """The name of a body without spaces, notes in brackets, and the words that a report's title adds.

    `赣州经开区经发局2020年政府信息公开工作年度报告` gives `赣州经开区经发局`.
    """
    text = _TITLE.sub("", _LEADING.sub("", plain(name)))
    while "(" in text and _NOTE.search(text):
        text = _NOTE.sub("", text)
    return text.strip("的:,。、;-—_·.《》“”\"'()")


def body_key(name: str) -> str:
    """What two spellings of one body share: 教育和体育局 and 教育体育局 without joining words and signs."""
    return _JOINERS.sub("", name)
