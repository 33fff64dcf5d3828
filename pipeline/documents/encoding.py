"""Bytes to text, strictly: every character is certain, or the document has a reason why not.

Belongs here: which encoding a file is in. Does not belong here: line ends, formats.
Chinese government documents are in UTF-8 or GB18030 (GB2312 and GBK are parts of it), a few in UTF-16.
UTF-8 proves itself; GB18030 accepts nearly any bytes, so what may be UTF-8 is never read as GB18030.
"""

import re

from pipeline.documents.stream import Unreadable

_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_DECLARED = re.compile(rb"""<meta\b[^<>]*?charset\s*=\s*["']?\s*([a-zA-Z0-9_-]+)""", re.IGNORECASE)
_DECLARATION_END = 4096
"""Bytes of a page in which a charset declaration counts; browsers look into the first 1,024."""
_BIG5 = {"big5": "big5", "big5-hkscs": "big5hkscs"}

# Two ideographs in a row as UTF-8 writes them; rare by chance in GB18030.
_UTF8_IDEOGRAPHS = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}[\xe4-\xe9][\x80-\xbf]{2}")

# One GB18030 character of several bytes; the group is the punctuation and the 3,755 ideographs
# of GB 2312 level 1, which make up nearly all of any Chinese text.
_GB_CHARACTER = re.compile(
    rb"([\xa1-\xa3\xb0-\xd7][\xa1-\xfe])|[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\x7e\x80-\xfe]"
)
_COMMON_SHARE = 0.4
"""Of common characters in a line. Lines of UTF-8 taken for GB18030 reach a third, as the bytes fall."""
_TELLING_LENGTH = 6
"""Characters from which that share means something: 邯郸 alone is two uncommon ones."""

# What UTF-8 writes in two bytes, less the signs that Chinese text uses: 联通 in GB18030 looks like these.
_NOT_CHINESE = re.compile("[\u0080-\u00a6\u00a8-\u00af\u00b2-\u00b6\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u07ff]")


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` without its byte order mark, and the encoding's name as Python knows it.

    The name is `utf-8`, `utf-8-sig` (with a byte order mark), `utf-16`, `gb18030`, `big5` (only
    where an HTML page declares it), or `utf-8+gb18030` for a file whose lines are in either.
    UTF-8 comes before a page's own declaration: bytes that are UTF-8 are not so by chance,
    while pages saved anew keep their old declarations.
    Raises Unreadable for NUL characters, a file that is cut off, and a line that is in none of them.
    """
    if data.startswith(_UTF16_BOMS):
        return _utf16(data), "utf-16"
    if b"\0" in data:
        raise Unreadable(
            "The file holds NUL bytes, so it is binary, damaged, or UTF-16 without a byte order mark: "
            "save it as UTF-8 text."
        )
    try:
        if data.startswith(_UTF8_BOM):
            return data.decode("utf-8-sig"), "utf-8-sig"
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            raise Unreadable(
                "The file ends in the middle of a character, so it is cut off: fetch it again."
            ) from None
    return _not_utf8(data)


def _utf16(data: bytes) -> str:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        raise Unreadable(
            "The file begins as UTF-16 but is not valid UTF-16: save it as UTF-8 text."
        ) from None
    if "\0" in text:
        raise Unreadable("The file begins as UTF-16 but holds NUL characters: save it as UTF-8 text.")
    return text


def _not_utf8(data: bytes) -> tuple[str, str]:
    declared = _DECLARED.search(data[:_DECLARATION_END])
    if declared and (big5 := _BIG5.get(declared[1].decode().lower())):
        text = _strict(data, big5)
        if text is not None:
            return text, big5
    text = _strict(data, "gb18030")
    if text is None or _UTF8_IDEOGRAPHS.search(data):
        return _by_lines(data)
    return text, "gb18030"


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _by_lines(data: bytes) -> tuple[str, str]:
    r"""Text of a file that was put together from parts in UTF-8 and GB18030: each line is one of them.

    `\n` is never part of a longer character in either, so the lines can be told apart first.
    """
    texts = []
    encodings = set()
    for number, line in enumerate(data.removeprefix(_UTF8_BOM).split(b"\n"), 1):
        text, encoding = _line(line, number)
        texts.append(text)
        encodings.add(encoding)
    return "\n".join(texts), "utf-8+gb18030" if "utf-8" in encodings else "gb18030"


def _line(line: bytes, number: int) -> tuple[str, str | None]:
    """Text and encoding of one line; no encoding where it is ASCII, which both share."""
    if line.isascii():
        return line.decode(), None
    text = _strict(line, "utf-8")
    if text is not None and not _NOT_CHINESE.search(text):
        return text, "utf-8"
    text = _strict(line, "gb18030")
    if text is not None and _is_common(line):
        return text, "gb18030"
    raise Unreadable(
        f"Line {number:,} is neither UTF-8 nor GB18030 (it is damaged, binary, or in another encoding): "
        "fetch the file again or save it as UTF-8."
    )


def _is_common(line: bytes) -> bool:
    """Whether a line of GB18030 is made of common characters, as far as it is long enough to tell."""
    found = _GB_CHARACTER.findall(line)
    return len(found) < _TELLING_LENGTH or sum(map(bool, found)) >= _COMMON_SHARE * len(found)
