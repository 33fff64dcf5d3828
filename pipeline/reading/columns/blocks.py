"""Where the headers of table 二's blocks stand, in words that only spaces part.

Belongs here: which words stand over a block's rows, and what its columns are. Does not belong here:
which figure stands under which header (offsets.py), the choice of a row's reading (disclosure.py).
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from pipeline.forms import Row
from pipeline.reading.columns import offsets
from pipeline.reading.columns.candidates import are_aligned
from pipeline.reading.columns.offsets import Span
from pipeline.reading.rows.slots import Slot
from pipeline.reading.words.labels import spellings
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import BARE, WORDS, Token


class Blocks:
    """The blocks of one table: each has the headers that stand over its rows.

    `rows` are the table's rows by code, `lines` the clause of the row that has its figures in a line.
    """

    def __init__(self, rows: Mapping[str, Row], lines: Mapping[int, str], entries: Sequence[Entry]) -> None:
        self.rows = rows
        self.lines = lines
        self.entries = entries

    @cached_property
    def are_aligned(self) -> bool:
        """Tell whether the words are in columns: not the same few spaces part them everywhere."""
        lines = [line.tokens for _, line in self.entries if line.tokens[0].style == BARE]
        return are_aligned([[(token, 0) for token in tokens] for tokens in lines], plainly=True)

    def headers(self, row: Row) -> list[Span]:
        """Return where the headers over a row stand, [] where that is not known.

        Those of the blocks with as many columns stand in the same places: they tell it when the row's own are
        damaged.
        """
        own = self.own_headers(row)
        if own or not self.are_aligned:
            return own
        width = len(row.columns)
        peers = (self.own_headers(other) for other in self.rows.values() if len(other.columns) == width)
        first, *others = [spans for spans in peers if spans] or [[]]
        return first if all(_are_alike(first, spans) for spans in others) else []

    def has_loose_figure(self, at: int, spans: Sequence[Span]) -> bool:
        """Tell whether a word with digits, in no row, stands over or under a row's line, below a header.

        It may be a figure of the row; a figure alone may, wherever it stands: a line was cut at its width.
        """
        beside = [line for index, line in self.entries if abs(index - at) == 1 and index not in self.lines]
        if any(line.is_cell and not line.tokens[0].blank for line in beside):
            return True
        words = [token for line in beside for token in line.tokens if any(map(str.isdigit, token.text))]
        return any(offsets.overlap(span, offsets.span(token)) for token in words for span in spans)

    def words(self, row: Row) -> list[Token]:
        """Return the words over the first row of a row's block."""
        return self._words.get(row.clause or "", [])

    def own_headers(self, row: Row) -> list[Span]:
        """Return where the headers of a row's own block stand, [] where one is damaged."""
        found = offsets.stacked(self.words(row), spellings("measure"))
        whole = [code for code, _ in found] == [column.code for column in row.columns]
        return [place for _, place in found] if whole else []

    @cached_property
    def _words(self) -> dict[str, list[Token]]:
        """The words over the first row of each block, by its clause: those after the last row before it."""
        items = spellings("item")
        found: dict[str, list[Token]] = {}
        words: list[Token] = []
        ended = False
        for index, line in self.entries:
            clause = self.lines.get(index)
            for token in line.tokens:
                if token.mean is not None:
                    continue
                row = self.rows.get(items.get(token.skeleton, ""))
                if row is not None:
                    clause = row.clause
                else:
                    words = [] if ended or _is_clause(token) else words
                    words.append(token)
                    ended = False
            if clause:
                found.setdefault(clause, words)
                ended = True
        return found


def _is_clause(token: Token) -> bool:
    return any(label.code.startswith("clause") for label in token.labels)


def _are_alike(one: Sequence[Span], other: Sequence[Span]) -> bool:
    return all(left < end and start < right for (left, right), (start, end) in zip(one, other, strict=True))


def in_line(slots: Sequence[Slot]) -> bool:
    """Tell whether figures stand in one line of words that only spaces part."""
    return all(token.style in WORDS and entry == slots[0][1] for token, entry in slots)
