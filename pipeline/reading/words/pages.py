"""Which lines are page numbers: they look like figures, and stand between a table's rows and cells.

Belongs here: lines that are a page's furniture, told by their form or because they count up through the
document. Does not belong here: stray figures that only a table's arithmetic can tell (arithmetic.py).
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_CERTAIN = re.compile(
    r"\s*(?:第 *\d+ *页(?: *[,，/]? *共 *\d+ *页)?|[-—–－·]\d+[-—–－·]|[Pp]age *\d+(?: *of *\d+)?|"
    r"\d+ +of +\d+|[Pp]\.? ?\d+|[\[［~～]\d+[\]］~～]|"
    r"\d*\s*\f[\s\d]*)\s*"
)
_POSSIBLE = re.compile(r"(?P<before>[ \t\u3000]*)(?P<number>\d{1,3})(?:(?P<of> */ *\d{1,3}))?(?P<after>\s*)")
# A page's number between dashes; also a row of three, of which two don't apply.
_DASHED = re.compile(r"\s*[-—–－·] *(?P<number>\d+) *[-—–－·]\s*")
_LONGEST = 20  # characters of a page's number, its total and what stands around them
_FEWEST = 2
_MOST_ENDS = 3  # of lines with one number: nothing, and the spaces of one or two kinds of page numbers
DASHED = ("-",)


class Mark(NamedTuple):
    """What may be a page number: the number, in what manner it is printed, and if over a total: 3 / 9."""

    number: int
    manner: tuple[str, ...]
    is_over_total: bool = False


def is_certain(line: str) -> bool:
    """Tell whether a line can be nothing but a page number or the end of a page."""
    return bool(_CERTAIN.fullmatch(line))


def possible(line: str) -> Mark | None:
    """Return what a line says if it may be a page number."""
    found = _POSSIBLE.fullmatch(line) if len(line) < _LONGEST or len(line.strip()) < _LONGEST else None
    if not found:
        dashed = _DASHED.fullmatch(line)
        return Mark(int(dashed["number"]), DASHED) if dashed else None
    of = found["of"] or ""
    total = of.strip(" /")
    if total and int(found["number"]) > int(total):
        return None
    return Mark(int(found["number"]), (found["before"], of, found["after"]), is_over_total=bool(of))


def counting(marks: Iterable[tuple[int, Mark]]) -> set[int]:
    """Return the places of the marks that are page numbers.

    Those of one manner are when there are several and each is one more than the one
    before: figures of a table don't count up, and no page has the number 0.
    """
    found_marks = list(marks)
    ragged = len({mark.manner[2:] for _, mark in found_marks}) > _MOST_ENDS  # what ends lines says nothing
    manners: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for place, mark in found_marks:
        manner = mark.manner[:2] if ragged else mark.manner
        manners.setdefault(manner, []).append((mark.number, place))
    counted = [found for found in manners.values() if len(found) >= _FEWEST and _count_up(found)]
    return {place for found in counted for _, place in found}


def counting_on(marks: Sequence[tuple[int, Mark, bool]]) -> frozenset[int]:
    """Return the places of the marks in a table, as is told of each, that count on from those outside.

    They count up to the next one outside, too, where there is one.
    """
    passes = (_reached(marks, 1), _reached(marks[::-1], -1))
    places = {place for found in passes for place in found}
    return frozenset(place for place in places if all(found.get(place, True) for found in passes))


def _reached(marks: Iterable[tuple[int, Mark, bool]], step: int) -> dict[int, bool]:
    """Tell of the marks in a table below one outside whether they count on from the last of these."""
    last: dict[tuple[str, ...], set[int]] = {}
    found: dict[int, bool] = {}
    for place, mark, is_in_table in marks:
        if not is_in_table:
            last[mark.manner] = {mark.number}
        elif before := last.get(mark.manner):
            found[place] = mark.number - step in before
            if found[place]:
                before.add(mark.number)
    return found


def _count_up(found: Sequence[tuple[int, int]]) -> bool:
    """Tell whether numbers, each with its place, begin above 0 and are each one more than the one before."""
    first = found[0][0]
    return first > 0 and all(number == first + more for more, (number, _) in enumerate(found))
