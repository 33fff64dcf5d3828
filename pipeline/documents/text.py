r"""Plain text to the stream.

Belongs here: where a line ends. Does not belong here: what a line means, encodings.
This is the path of most documents and is kept to a few passes in C. `str.splitlines` is no use:
it also ends lines at form feeds, U+0085, U+2028 and others, where no editor and no `sed -n Np` does.
"""

from pipeline.documents.leftovers import without_leftovers
from pipeline.documents.limits import MAX_ENTRIES, MAX_TEXT, check_lines
from pipeline.documents.stream import Stream, Unreadable

MEDIA_TYPE = "text/plain"


def read_text(text: str, encoding: str | None) -> Stream:
    r"""The stream of a plain text: every line as written, blank ones included, without its line end.

    What a converter left of a page's markup is what it stands for (`&nbsp;` a space). Lines end at
    `\n`, `\r\n` and a lone `\r`. A lone `\r` in a file that also has `\n` parts the text but does not
    count in the numbers, because tools that count `\n` don't see it.
    Raises Unreadable for a file with too much text, too many lines or too long a line.
    """
    if len(text) > MAX_TEXT:
        raise Unreadable(
            f"The text has more than {MAX_TEXT:,} characters, so it is no report: split it or take it out."
        )
    text = without_leftovers(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\r" in text and "\n" in text:
            return _parted(text, encoding)
        text = text.replace("\r", "\n")
    lines = _split(text)
    return Stream(MEDIA_TYPE, encoding, lines, range(1, len(lines) + 1))


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    if len(text) > MAX_ENTRIES:
        check_lines(lines)
    return lines


def _parted(text: str, encoding: str | None) -> Stream:
    r"""The stream of a file whose lines, ended by `\n`, are parted further by lone `\r`."""
    parts = [(part, number) for number, line in enumerate(_split(text), 1) for part in line.split("\r")]
    check_lines([part for part, _ in parts])
    return Stream(MEDIA_TYPE, encoding, [part for part, _ in parts], [number for _, number in parts])
