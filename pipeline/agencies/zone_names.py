"""The ending that tells what kind a zone is, and the splitting of a zone's name at it.

Belongs here: the kinds of zones (`data/zone_kinds.csv`) and their short forms.
Does not belong here: which zones there are, and where.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.agencies.tables import read_table

_RANK = re.compile(r"(?:国家级?|省级)$")  # 常州国家高新区 is 常州高新区


class ZoneKind(NamedTuple):
    """One ending of zone names: its full form (empty for a short form of several) and its family."""

    suffix: str
    kind: str
    family: str


class ZoneName(NamedTuple):
    """A zone's name in parts: what stands before the ending, the ending, and where the name ends."""

    stem: str
    kind: ZoneKind
    end: int


@cache
def zone_kinds() -> dict[str, ZoneKind]:
    """The kinds by their ending."""
    return {
        row["suffix"]: ZoneKind(row["suffix"], row["kind"], row["family"]) for row in read_table("zone_kinds")
    }


@cache
def _endings() -> re.Pattern[str]:
    longest_first = sorted(zone_kinds(), key=len, reverse=True)
    return re.compile("|".join(longest_first))


def zone_names(text: str, start: int) -> Iterator[ZoneName]:
    """Every way to read a zone's name from `start` on: one for each ending that occurs later in the text."""
    position = start
    while found := _endings().search(text, position):
        stem = _RANK.sub("", text[start : found.start()])
        yield ZoneName(stem, zone_kinds()[found.group()], found.end())
        position = found.end()


def kinds_of_family(family: str) -> tuple[str, ...]:
    """The full kinds that a short form of this family may stand for, sorted: 经开 is one of two."""
    return tuple(sorted({kind.kind for kind in zone_kinds().values() if kind.family == family and kind.kind}))
