"""Judging a new warehouse by the published one: which measures fall beyond their bounds.

Belongs here: the arithmetic and the words for it. Does not belong here: the bounds (bounds.yaml).
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from pipeline.release.bounds import Bounds, Count, Share

Kind = Literal["rows", "documents", "reports", "verified", "verified_non_zero", "filled"]

_WORDS: dict[Kind, str] = {
    "rows": "rows of {}",
    "documents": "documents {}",
    "reports": "current reports on {}",
    "verified": "verified share of cells, {}",
    "verified_non_zero": "verified share of non-zero cells, {}",
    "filled": "filled share of {}",
}
OVERALL = "all years"


class Measure(NamedTuple):
    """One measure of a warehouse.

    `of`: the table, status, year or column. A share is `part` of `whole`; a count is `part`, and
    of a table `whole` is the number of reports that it was made from.
    """

    kind: Kind
    of: str
    part: int
    whole: int | None = None


class Breach(NamedTuple):
    """A measure beyond its bound: its name, the published and the new figure, and the bound, as text."""

    what: str
    published: str
    new: str
    bound: str

    def __str__(self) -> str:
        return f"{self.what}: {self.new} after {self.published}, {self.bound}"


def breaches(published: Iterable[Measure], new: Iterable[Measure], bounds: Bounds) -> list[Breach]:
    """Return which measures of a new warehouse fall beyond the bounds, in the order of the published ones.

    What the published warehouse does not have, as a year that is new, has no bound.
    """
    now = {(one.kind, one.of): one for one in new}
    found = []
    for before in published:
        after = now.get((before.kind, before.of), Measure(before.kind, before.of, 0, 0))
        bound = _bound(before, bounds)
        if isinstance(bound, Share):
            found += _fallen(before, after, bound)
        else:
            found += _counted(before, after, bound)
    return found


def share(measures: Iterable[Measure], kind: Kind) -> float | None:
    """Return the verified share over all years; None where there are no cells."""
    for one in measures:
        if (one.kind, one.of) == (kind, OVERALL):
            return one.part / one.whole if one.whole else None
    return None


def _bound(measure: Measure, bounds: Bounds) -> Count | Share:
    overall = measure.of == OVERALL
    match measure.kind:
        case "rows":
            return bounds.of_rows(measure.of)
        case "documents":
            return bounds.documents
        case "reports":
            return bounds.reports_of_year
        case "verified":
            return bounds.verified.all if overall else bounds.verified.all_of_year
        case "verified_non_zero":
            return bounds.verified.non_zero if overall else bounds.verified.non_zero_of_year
        case "filled":
            return bounds.of_column(measure.of)


def _counted(before: Measure, after: Measure, bound: Count) -> list[Breach]:
    what, figures = _WORDS[before.kind].format(before.of), (f"{before.part:,}", f"{after.part:,}")
    least = before.part * (1 - bound.fall) - bound.slack
    if after.part < least:
        return [Breach(what, *figures, f"at least {least:,.0f} are asked for")]
    if bound.grow is None or not (before.whole and after.whole):
        return []
    most = after.whole * before.part / before.whole * (1 + bound.grow) + bound.slack
    if after.part > most:
        return [Breach(what, *figures, f"with {after.whole:,} reports at most {most:,.0f} are allowed")]
    return []


def _fallen(before: Measure, after: Measure, bound: Share) -> list[Breach]:
    """Old rows may do worse by `fall`, added ones need `new_at_least`, and `slack` rows are forgiven."""
    if not before.whole or not after.whole:
        return []
    kept = min(before.whole, after.whole)
    old_share = max(before.part / before.whole - bound.fall, 0.0)
    least = kept * old_share + (after.whole - kept) * min(bound.new_at_least, old_share) - bound.slack
    if after.part >= least:
        return []
    what = _WORDS[before.kind].format(before.of)
    asked = f"at least {100 * least / after.whole:.2f} % is asked for"
    return [Breach(what, _percent(before), _percent(after), asked)]


def _percent(measure: Measure) -> str:
    return f"{100 * measure.part / measure.whole:.2f} %" if measure.whole else "none"
