"""Whether a damaged document is, byte for byte, that of another report: then it bears no trace of the damage.

An empty cell that is moved in a row that is filled up to the table's width leaves the print of other figures.
No reader can be right on both documents, for they are one. That is proved here by making the other report.

Belongs here: making a report again with what was read in the rows that a damage moved. Does not belong here:
judging cells (judge), knowing layouts or damages by name.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from random import Random
from typing import Protocol

from tests.generator.judge import ReadCell, Verdict, judge_cell
from tests.generator.truth import CellTruth, Key, Truth, broken_identities

_MOST_TRIES = 500  # reports made in all; a document that is another's was never found after the 20th
_MOST_ANEW = 50  # of these with the same draws but those made anew
_MOST_CHOICES = 8  # of a draw that is made otherwise

# A row, and what is printed in a cell of it but for spaces around it.
_Print = tuple[str, str, str]
# The number of choices (0: a share) and what was drawn.
_Drawn = tuple[int, float]


class Read(ReadCell, Protocol):
    """The fields of a reader's cell that make the other report."""

    @property
    def raw_text(self) -> str | None: ...


class Remade(Protocol):
    """The fields of a made report that are compared."""

    @property
    def data(self) -> bytes: ...
    @property
    def truth(self) -> Truth: ...
    @property
    def layout_seed(self) -> str: ...


class Draws(Random):
    """Random numbers that are kept; or those kept before, and `anew` where another number of choices stands.

    `open` are the numbers of choices of the draws that were made anew.
    """

    def __init__(self, seed: str, before: Sequence[_Drawn] = (), anew: Sequence[int] = ()) -> None:
        super().__init__(seed)
        self.kept: list[_Drawn] = []
        self.open: list[int] = []
        self._before, self._anew = before, anew

    def random(self) -> float:
        return self._drawn(0, super().random)

    def _randbelow(self, n: int) -> int:
        """What choice, randint, randrange, sample and shuffle draw with."""
        return int(self._drawn(n, lambda: super(Draws, self)._randbelow(n)))  # type: ignore[misc]

    def _drawn(self, choices: int, draw: Callable[[], float]) -> float:
        place = len(self.kept)
        drawn = draw()
        if place < len(self._before):
            before, drawn = self._before[place]
            if before != choices:
                drawn = self._anew[len(self.open)] if len(self.open) < len(self._anew) else 0
                self.open.append(choices)
        self.kept.append((choices, drawn))
        return drawn


@dataclass(frozen=True, slots=True)
class Instead:
    """Cells of another report, in whose rows no damage moves any; and what its layout draws from."""

    cells: Mapping[Key, CellTruth]
    draws: Random

    def rows(self) -> frozenset[tuple[str, str]]:
        return frozenset(map(printed_row, self.cells))

    def into(self, truth: Truth) -> None:
        """Put the cells and their figures in place of the report's own."""
        truth.cells |= self.cells
        truth.figures |= {key: Decimal(str(cell.value or 0)) for key, cell in self.cells.items()}


def printed_row(key: Key) -> tuple[str, str]:
    """The row that a cell is printed in: table 四 is one row."""
    return (key[0], "cases" if key[0] == "dispute" else key[1])


def is_of_another(
    made: Remade, silent: Sequence[Key], read: Mapping[Key, Read], make: Callable[[Instead], Remade]
) -> bool:
    """Tell whether the document is that of a report that says what was read in the rows of `silent` cells.

    `make` makes the report again with something instead. The other report must break no identity that this
    one doesn't, its document must have these bytes, and for it the reading must be right.
    """
    cells = _as_read(made.truth, {printed_row(key) for key in silent}, read)
    if not cells or not set(silent) <= set(cells):
        return False
    own = Draws(made.layout_seed)
    assert make(Instead({}, own)).data == made.data

    def again(draws: Draws) -> Remade:
        return make(Instead(cells, draws))

    likely = len(again(Draws(made.layout_seed, own.kept)).data) == len(made.data)
    others = _others(again, made.layout_seed, own.kept, _MOST_TRIES if likely else _MOST_ANEW)
    return any(
        other.data == made.data
        and _adds_up_as_well(other.truth, made.truth)
        and all(judge_cell(other.truth.cells[key], read[key]) == Verdict.RIGHT for key in silent)
        for other in others
    )


def _as_read(truth: Truth, rows: set[tuple[str, str]], read: Mapping[Key, Read]) -> dict[Key, CellTruth]:
    """The cells of rows as they were read; none when one of these was not read."""
    keys = [key for key in truth.cells if printed_row(key) in rows]
    if not all(key in read and read[key].value_status in _TOLD for key in keys):
        return {}
    prints: dict[_Print, list[str]] = {}
    for key in reversed(keys):
        prints.setdefault(_print(key, truth.cells[key].raw), []).append(truth.cells[key].raw)
    return {
        key: _cell(read[key], truth.cells[key].unit, prints.get(_print(key, read[key].raw_text)))
        for key in keys
    }


_TOLD = ("reported", "blank", "not_applicable")


def _print(key: Key, raw: str | None) -> _Print:
    return (*printed_row(key), (raw or "").strip())


def _cell(read: Read, unit: str, prints: list[str] | None) -> CellTruth:
    """The cell as it was read: printed as the next one of its row that says so, spaces around it included.

    An empty cell that moves leaves the others of its row in their order.
    """
    return CellTruth(read.value, read.value_status, unit, prints.pop() if prints else read.raw_text or "")


def _others(
    make: Callable[[Draws], Remade], seed: str, before: Sequence[_Drawn], tries: int
) -> Iterator[Remade]:
    """Yield reports that draw as before, or otherwise once, wherever they draw from as many choices."""
    found = (islice(_anew(make, seed, drawn), _MOST_ANEW) for drawn in _once_otherwise(before))
    return islice(chain.from_iterable(found), tries)


def _anew(make: Callable[[Draws], Remade], seed: str, drawn: Sequence[_Drawn]) -> Iterator[Remade]:
    """Yield reports that draw what was drawn, the fewest other choices of draws made anew first.

    Where a draw too many puts all later ones out of step there is no end to them: whoever asks sets it.
    """
    waiting: deque[Iterator[list[int]]] = deque([iter([[]])])
    while waiting:
        anew = next(waiting[0], None)
        if anew is None:
            waiting.popleft()
            continue
        draws = Draws(seed, drawn, anew)
        yield make(draws)
        waiting.append(_one_more(anew, draws.open))


def _one_more(anew: Sequence[int], choices: Sequence[int]) -> Iterator[list[int]]:
    """Yield choices made anew and, after as many first ones as may be, a further one that is no first."""
    for place in range(len(anew), len(choices)):
        for choice in range(1, min(choices[place], _MOST_CHOICES)):
            yield [*anew, *[0] * (place - len(anew)), choice]


def _once_otherwise(before: Sequence[_Drawn]) -> Iterator[list[_Drawn]]:
    """Yield what was drawn, then the same with one draw from a few choices made otherwise.

    A draw that the document does not show, since an earlier one holds for it, may show in the other report.
    """
    yield list(before)
    for place, (choices, drawn) in enumerate(before):
        if choices <= _MOST_CHOICES:
            for other in range(choices):
                if other != drawn:
                    yield [*before[:place], (choices, other), *before[place + 1 :]]


def _adds_up_as_well(other: Truth, truth: Truth) -> bool:
    broken = set(broken_identities(other.figures, other.application_form))
    return broken <= set(broken_identities(truth.figures, truth.application_form))
