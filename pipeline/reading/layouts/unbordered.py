"""Rows whose cells pipes part without pipes around the row: the last cell of `规章 | 2 | 3 | ` is empty.

Belongs here: telling such rows, and tabs in place of their pipes. Does not belong here: rows within pipes
(words/tokens.py), a whole report in one line (opened.py).
"""

from dataclasses import replace

from pipeline.documents.stream import Stream
from pipeline.reading.words import labels

_FEWEST_PIPES = 2  # in a row
_FEWEST = 3  # rows with a cell at both ends
_FEWEST_BESIDE_HEADERS = 2  # where a row of headers is one of them, however many rows end in an empty cell
_LEAST_SHARE = 0.2  # of all rows, which end in a cell
_FEWEST_FIGURES = 2
_MANY_CELLS = 7  # of a row, whatever stands in them


def unbordered(stream: Stream) -> Stream:
    """Return a text with tabs for the pipes of its rows when some of these neither begin nor end in one."""
    if stream.grid or stream.pages:
        return stream
    rows = {line for line in stream.lines if "|" in line and line.count("|") >= _FEWEST_PIPES}
    ending = [row for row in rows if not row.rstrip().endswith("|")]
    are_many = len(ending) >= _LEAST_SHARE * len(rows)
    if not are_many and not any(map(_are_headers, ending)):
        return stream
    if sum(map(_is_unbordered, ending)) < (_FEWEST if are_many else _FEWEST_BESIDE_HEADERS):
        return stream
    lines = ["\t".join(map(str.strip, line.split("|"))) if line in rows else line for line in stream.lines]
    return replace(stream, lines=lines)


def _is_unbordered(row: str) -> bool:
    """Tell whether a row of figures, headers or many cells has one at both of its ends."""
    cells = [cell.strip() for cell in row.split("|")]
    if not (cells[0] and cells[-1]):
        return False
    is_row = len(cells) >= _MANY_CELLS or sum(map(str.isdecimal, cells)) >= _FEWEST_FIGURES
    return is_row or _are_headers(row)


def _are_headers(row: str) -> bool:
    """Tell whether all cells of a row are labels: no piece of a row within pipes."""
    return all(labels.skeleton(cell.strip()) in labels.index() for cell in row.split("|"))
