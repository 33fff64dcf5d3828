"""Rows that are left empty: their labels stand in their places, and nothing beside them.

Belongs here: finding such labels, whole or cut over lines, where each row has a line or several. Does not
belong here: rows with a line for each cell (left_empty.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.reading.rows.names import Names, names_of
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.words.labels import skeleton
from pipeline.reading.words.lines import Entry
from pipeline.reading.words.tokens import ENDING_PIPE, PIPED, TABBED, WORDS, Token, begins_with_numeral, word

_FEWEST_HEADERS = 2  # words in one line, as headers of columns stand
_STYLES = WORDS | {TABBED, PIPED, ENDING_PIPE}
_MOST_LINES = 8  # from the first to the last of a label that is cut over lines

# A text, and the line that it stands in.
_Text = tuple[int, Token]


class _Label(NamedTuple):
    """Where a row's label stands: its first line, its last one, and its column."""

    first: int
    last: int
    column: int


def unfilled(alignment: Alignment, entries: Sequence[Entry]) -> dict[str, int]:
    """Return the rows of a table that are left empty, with the line at which the label of each begins.

    {} unless each row's whole label is there, in statutory order, and each figure of the table stands in the
    lines of its own row's: else it may be that of a row that seems empty.
    """
    names = names_of(alignment.table)
    if len(alignment.placed) == len(names.codes) and all(row.figures for row in alignment.placed.values()):
        return {}  # nearly every table
    placed = {code: row for code, row in alignment.placed.items() if row.figures}
    if not _are_in_columns(entries) or any(map(_may_be_figures, entries)):
        return {}
    labels = dict(zip(names.codes, _labels(names, placed, entries), strict=False))
    if len(labels) < len(names.codes):
        return {}
    found = _lines_with_figures(entries, labels)
    if found != {code: {at for _, at in row.figures} for code, row in placed.items()}:
        return {}
    return {code: label.first for code, label in labels.items() if code not in placed}


def _may_be_figures(entry: Entry) -> bool:
    """Tell whether a line has a text with digits that is no label: nobody knows what it says."""
    texts = (token for token in entry[1].tokens if token.mean is None and not token.labels)
    return any(any(map(str.isdigit, token.text)) and not begins_with_numeral(token) for token in texts)


def _are_in_columns(entries: Sequence[Entry]) -> bool:
    """Tell whether headers stand beside each other in the lines of a text."""
    if any(token.style not in _STYLES for _, line in entries for token in line.tokens):
        return False
    return any(len(line.leading) >= _FEWEST_HEADERS and not line.figures for _, line in entries)


def _labels(names: Names, placed: Mapping[str, Placed], entries: Sequence[Entry]) -> Iterator[_Label]:
    """Yield where each row's label stands, the next below the one before, as far as they are there.

    Of a row with figures whose label is in no known words these are its lines.
    """
    texts = [(index, token) for index, line in entries for token in line.tokens if token.mean is None]
    last = -1
    for row, code in enumerate(names.codes):
        below = (place for place, (index, _) in enumerate(texts) if index > last)
        found = next((label for place in below if (label := _label(names, texts, place, row))), None)
        own = _own(placed[code]) if code in placed else None
        if own and (found is None or found.first > own.last):
            found = own if own.first > last else None
        if found is None:
            return
        yield found
        last = found.last


def _own(row: Placed) -> _Label:
    """Return the lines of a row's figures as those of its label."""
    lines = [at for _, at in row.figures]
    return _Label(min(lines), max(lines), row.labels[-1].column if row.labels else -1)


def _label(names: Names, texts: Sequence[_Text], place: int, row: int) -> _Label | None:
    """Return where a row's label stands that begins with the text in a place, or None."""
    first, token = texts[place]
    if not names.begins(token.skeleton, row) and (
        names.row_of(token) >= 0 or not _resembles(names, token.text, row)
    ):
        return None
    parts = list(_parts(names, texts, place))
    for last in range(len(parts), 0, -1):
        if names.row_spelt(skeleton("".join(other.text for _, other in parts[:last]))) == row:
            return _Label(first, parts[last - 1][0], token.column)
    whole = "".join(other.text for _, other in parts)
    return _Label(first, parts[-1][0], token.column) if _resembles(names, whole, row) else None


def _resembles(names: Names, text: str, row: int) -> bool:
    """Tell whether a text is plainly a row's label in other words: it begins with a numeral, as these do."""
    token = word(text)
    return begins_with_numeral(token) and names.resembled(token, range(len(names.codes))) == [row]


def _parts(names: Names, texts: Sequence[_Text], place: int) -> Iterator[_Text]:
    """Yield the text in a place and those below it that go on with it: a label that is cut over lines."""
    first, token = texts[place]
    yield first, token
    last = first
    for at in range(place + 1, len(texts)):
        index, other = texts[at]
        if index > first + _MOST_LINES:
            return
        if index == last or other.column != token.column:
            continue
        if other.labels or names.row_of(other) >= 0 or begins_with_numeral(other):
            return
        last = index
        yield index, other


def _lines_with_figures(entries: Sequence[Entry], labels: Mapping[str, _Label]) -> dict[str, set[int]] | None:
    """Return in which lines beside its label each row has figures; None where some stand elsewhere.

    Numbers of the rows stand before their labels. A text behind a label may stand in place of a figure.
    """
    found: dict[str, set[int]] = {}
    for index, line in entries:
        figures = [token for token in line.tokens if token.mean is not None and not token.blank]
        own = [code for code, label in labels.items() if label.first <= index <= label.last]
        if not own and figures:
            return None
        if not own:
            continue
        label, number = labels[own[0]], list(labels).index(own[0]) + 1
        if any(token.mean is None and token.column > label.column for token in line.tokens):
            return None
        beside = [token for token in figures if token.column > label.column]
        if any(token.number != number for token in figures if token not in beside):
            return None
        if beside:
            found.setdefault(own[0], set()).add(index)
    return found
