"""How far a metric is one series where one form takes another's place.

Belongs here: the verdict on a metric, from the verdicts on its cells. Does not belong here:
those verdicts (forms/comparability.yaml), or comparing any figures.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from pipeline.checking.comparability import CAUTION, COMPARABLE, NOT_COMPARABLE, SUM, Series, series

BEGINS, ENDS = "begins", "ends"
_WORST_FIRST = (NOT_COMPARABLE, CAUTION, COMPARABLE)


class Break(NamedTuple):
    """One change of form and what it does to a metric's series (mart.series_break)."""

    form_before: str
    form_after: str
    comparability: str
    note_zh: str
    note_en: str


def breaks(cells: Collection[str]) -> Iterator[Break]:
    """Yield, for each change of form, how far the sum of `cells` (table.row.column) is one series."""
    own = set(cells)
    for before, after in dict.fromkeys((one.before, one.after) for one in series()):
        touched = [
            one for one in series() if (one.before, one.after) == (before, after) and own & _cells(one)
        ]
        comparability, decisive = _verdict(own, before, after, touched)
        notes_zh = "；".join(dict.fromkeys(one.zh.rstrip("。") for one in decisive))
        notes_en = "; ".join(dict.fromkeys(one.en.rstrip(".") for one in decisive))
        yield Break(before, after, comparability, notes_zh, notes_en)


def _verdict(
    own: set[str], before: str, after: str, touched: Sequence[Series]
) -> tuple[str, Sequence[Series]]:
    """Return the verdict and the series whose notes explain it."""
    has = {
        form: any(own.intersection(one.cells.get(form, ())) for one in touched) for form in (before, after)
    }
    if not all(has.values()):
        return BEGINS if has[after] else ENDS, touched
    by_verdict: dict[str, list[Series]] = {}
    for one in touched:
        by_verdict.setdefault(_of_series(one, own), []).append(one)
    worst = min(by_verdict, key=_WORST_FIRST.index)
    return worst, by_verdict[worst]


def _of_series(one: Series, own: set[str]) -> str:
    """A series of which the metric has a part alone, or that stops at the break, is not comparable in it."""
    if len(one.cells) < 2 or not own.issuperset(_cells(one)):
        return NOT_COMPARABLE
    return COMPARABLE if one.verdict == SUM else one.verdict


def _cells(one: Series) -> set[str]:
    return {cell for cells in one.cells.values() for cell in cells}
