"""Running text as blocks, sentences and clauses that lead back to the raw file's lines.

Belongs here: joining lines that a page cut apart, folding widths and spaces, cutting into clauses.
Does not belong here: what a clause says (narrative_clause.py).
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.reading.records import Section

# A line shorter than this that ends without a full stop is a heading or an item, not one that was cut.
_SHORTEST_CUT = 20
# No paragraph of a report is longer; what is longer is no running text.
_LONGEST_LINE = 20_000
# Stands where two items meet whose figures might be one number: no pattern has it.
_TORN = "¦"

_BLANK = re.compile(r"[\s\u200b\ufeff]+")
_NO_WIDTH = "\u200b\ufeff"
_NUMBERED = re.compile(
    r"(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|[(（]?\d{1,2}[)）、.．](?!\d)|[①-⑳]|[一二三四五六七八九]是)"
)
_PAGE_MARK = re.compile(r"[-—–·\s]*(?:第?\s*\d{1,4}\s*页?)(?:\s*[/共]\s*\d{1,4}\s*页?)?[-—–·\s]*")
_FULL_STOP = re.compile(r"[。!?]$")
_ENDED = re.compile(r"[。！？!?；;，,、]\s*$")
_SENTENCE_END = re.compile(r"[。!?]")
# A comma between thousands parts nothing; 、 parts clauses only after a counted item.
_CLAUSE_END = re.compile(
    r"(?<!\d),|,(?!\d{3}(?!\d))|[;:()\n…。!?]|(?<=[0-9一二三四五六七八九十两][件份个宗起例])、"
)


class Clause(NamedTuple):
    """One clause of a block: its place in the block's text and whether a sentence begins with it."""

    start: int
    end: int
    opens_sentence: bool


class _Piece(NamedTuple):
    """One line of a block: where it begins in the block's text and in the section's text."""

    place: int
    offset: int
    raw: str


class Block:
    r"""Lines of a section that speak together, up to the next numbered paragraph.

    `text` has no spaces and folded widths; line ends after headings and items stand as `\n`.
    """

    def __init__(self) -> None:
        self.text = ""
        self._pieces: list[_Piece] = []
        self._shown: dict[int, list[int]] = {}

    def add(self, raw: str, offset: int) -> None:
        """Join a line that starts at `offset` of the section's text."""
        folded = fold(raw)
        if not folded:
            return
        self.text += self._join(folded)
        self._pieces.append(_Piece(len(self.text), offset, raw))
        self.text += folded

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of `text` stands in the section's text, as (start, end)."""
        return self._offset(start), self._offset(end - 1) + 1

    def clauses(self) -> Iterator[Clause]:
        """Yield the clauses in order, without the signs that end them."""
        start, opens = 0, True
        for sign in _CLAUSE_END.finditer(self.text):
            if sign.start() > start:
                yield Clause(start, sign.start(), opens)
                opens = False
            opens = opens or bool(_SENTENCE_END.match(sign[0]))
            start = sign.end()
        if start < len(self.text):
            yield Clause(start, len(self.text), opens)

    def ends_before(self, line: str) -> bool:
        """Tell whether a line belongs to the next block: a numbered one, or a heading after a full stop."""
        if not self._pieces:
            return False
        if _NUMBERED.match(line):
            return True
        is_heading = len(fold(line)) < _SHORTEST_CUT and not _ENDED.search(line)
        return is_heading and bool(_FULL_STOP.search(self.text))

    def _join(self, following: str) -> str:
        if not self._pieces:
            return ""
        last = self._pieces[-1]
        before = self.text[last.place :]
        if _ENDED.search(before) or len(before) >= _SHORTEST_CUT:
            return ""
        return _TORN if before[-1].isdigit() and following[0].isdigit() else "\n"

    def _offset(self, place: int) -> int:
        at = bisect_right(self._pieces, place, key=lambda piece: piece.place) - 1
        piece = self._pieces[at]
        if at not in self._shown:
            self._shown[at] = [
                index for index, char in enumerate(piece.raw) if not (char.isspace() or char in _NO_WIDTH)
            ]
        shown = self._shown[at]
        return piece.offset + shown[min(place - piece.place, len(shown) - 1)]


def fold(text: str) -> str:
    """Return a text without blanks, compatibility forms folded where one character stays one."""
    bare = _BLANK.sub("", text)
    folded = unicodedata.normalize("NFKC", bare)
    if len(folded) == len(bare):
        return folded
    single = (unicodedata.normalize("NFKC", char) for char in bare)
    return "".join(one if len(one) == 1 else char for one, char in zip(single, bare, strict=True))


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a section's text; lines of tables and page numbers are left out."""
    block = Block()
    offset = 0
    for line in text.split("\n"):
        if _is_running_text(line):
            if block.ends_before(line) or len(block.text) + len(line) > _LONGEST_LINE:
                yield block
                block = Block()
            block.add(line, offset)
        offset += len(line) + 1
    if block.text:
        yield block


def _is_running_text(line: str) -> bool:
    if "\t" in line or "|" in line or len(line) > _LONGEST_LINE:
        return False
    return not _PAGE_MARK.fullmatch(line)


def line_numbers(section: Section, stream: Stream) -> list[int]:
    """Return the raw file's line for each line of a section's text."""
    wanted = section.text.split("\n")
    found: list[int] = []
    for number, line in zip(stream.numbers, stream.lines, strict=True):
        if len(found) == len(wanted):
            break
        if section.first_line <= number <= section.last_line and line.strip() == wanted[len(found)]:
            found.append(number)
    return found + [section.first_line] * (len(wanted) - len(found))
