"""The columns of one line of figures, told by those headers over it that are known, and by its sums.

Belongs here: lines of many columns (table 四), whose headers may be damaged or cut. Does not belong here:
finding headers among words (offsets.py), what adds up (arithmetic.py).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from pipeline.reading.columns.candidates import Candidate, edges
from pipeline.reading.columns.offsets import Span
from pipeline.reading.rows.slots import Slot

# All in half display columns.
_FURTHEST = 5  # from a figure's edge to that of the header that it stands under
_PLAINLY = 6  # by which the figures of any other reading stand further from their headers
_PITCHES = (12, 60)  # from column to column
_MOST_UNEVEN = 3  # times as wide
_HALF = 8  # of a header of four letters
_MOST_WAYS = 200  # of giving headers their columns; more tell nothing


def under_anchors(
    line: Sequence[Slot],
    known: Sequence[tuple[str, Span]],
    order: Sequence[str],
    adds_up: Callable[[Candidate], bool],
) -> Candidate | None:
    """Return the one reading that adds up and in which the figures stand plainly nearest to their headers.

    `known` are headers left to right, by their code; `order` are the codes of all columns.
    """
    found: dict[tuple[int, ...], int] = {}
    for spans in _placed(known, order):
        for places in _ways(line, spans, 0):
            if adds_up(_reading(line, places, len(order))):
                found[places] = min(found.get(places, _FURTHEST), _distance(line, places, spans))
    ranked = sorted(found, key=lambda places: found[places])
    if not ranked or any(found[other] < found[ranked[0]] + _PLAINLY for other in ranked[1:]):
        return None
    return _reading(line, ranked[0], len(order))


def _reading(line: Sequence[Slot], places: Sequence[int], width: int) -> Candidate:
    at = dict(zip(places, line, strict=True))
    return tuple(at.get(place) for place in range(width))


def _placed(known: Sequence[tuple[str, Span]], order: Sequence[str]) -> list[list[Span]]:
    """Return where all headers stand, for each way in which the known ones may come in order."""
    ways: list[list[int]] = [[]]
    for at, (code, _) in enumerate(known):
        ways = [
            [*way, place]
            for way in ways
            for place in range(way[-1] + 1 if way else 0, len(order))
            if order[place] == code and (not way or _is_even(known[at - 1][1], known[at][1], place - way[-1]))
        ]
        if len(ways) > _MOST_WAYS:
            return []
    spans = [[span for _, span in known]] * len(ways)
    found = [_completed(one, way, len(order)) for one, way in zip(spans, ways, strict=True) if len(way) > 1]
    return [one for one in found if one]


def _is_even(before: Span, after: Span, steps: int) -> bool:
    """Tell whether two headers may be so many columns apart."""
    return steps * _PITCHES[0] <= _centre(after) - _centre(before) <= steps * _PITCHES[1]


def _completed(spans: Sequence[Span], places: Sequence[int], width: int) -> list[Span]:
    """Return the spans of all columns, those between known ones at equal distances, [] if uneven."""
    marks = list(zip(places, map(_centre, spans), strict=True))
    pitches = [(right - left) / (after - before) for (before, left), (after, right) in pairwise(marks)]
    if max(pitches) > _MOST_UNEVEN * min(pitches):
        return []
    known = dict(zip(places, spans, strict=True))
    usual = sorted(pitches)[len(pitches) // 2]
    return [known.get(place) or _between(marks, place, usual) for place in range(width)]


def _between(marks: Sequence[tuple[int, int]], place: int, pitch: float) -> Span:
    before = [mark for mark in marks if mark[0] < place]
    after = [mark for mark in marks if mark[0] > place]
    if before and after:
        (first, left), (last, right) = before[-1], after[0]
        centre = left + (right - left) * (place - first) // (last - first)
    else:
        near, at = before[-1] if before else after[0]
        centre = at + int(pitch * (place - near))
    return centre - _HALF, centre + _HALF


def _centre(span: Span) -> int:
    return (span[0] + span[1]) // 2


def _ways(line: Sequence[Slot], spans: Sequence[Span], first: int) -> Iterator[tuple[int, ...]]:
    """Yield the columns that the figures may have, in order, each near its header."""
    if not line:
        yield ()
        return
    for place in range(first, len(spans)):
        if min(_off(line[0], spans[place])) <= _FURTHEST:
            for rest in _ways(line[1:], spans, place + 1):
                yield (place, *rest)


def _distance(line: Sequence[Slot], places: Sequence[int], spans: Sequence[Span]) -> int:
    """Return how far any figure stands from its header, by the edge that all have most in common."""
    off = [_off(slot, spans[place]) for slot, place in zip(line, places, strict=True)]
    return min(max(one[edge] for one in off) for edge in range(3))


def _off(slot: Slot, span: Span) -> tuple[int, int, int]:
    """Return how far the left edges, the middles and the right edges of a figure and a header are apart."""
    left, middle, right = edges(slot)
    return abs(left - span[0]), abs(middle - _centre(span)), abs(right - span[1])
