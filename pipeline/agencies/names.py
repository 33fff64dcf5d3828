"""Reading a name: which places and which body its words can mean.

Belongs here: taking a name apart from the left, all ways, and keeping the best.
Does not belong here: choosing between places that a name leaves open.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.agencies.bodies import KNOWN, Body, body_at, departments
from pipeline.agencies.model import AgencyType
from pipeline.agencies.places import (
    Place,
    named_at,
    regions,
    registered_zones,
    towns,
    unregistered_zones,
)
from pipeline.agencies.tables import read_table
from pipeline.agencies.text import body_key
from pipeline.agencies.zone_names import zone_names

_TOWN_END = re.compile(r"街道|街(?=办事处|办$|$)|苏木|镇|乡|区公所")
_NO_STEM = re.compile(r"[^\w]|政府|委员会|办公室|开发区|园区|新区")
_BRANCH = re.compile(r"^(.{2,14}?局)(.{2,14}?)(?:市|县|区)?分局$")
_DEPTH = 5
_LONGEST = 80  # signs; the longest official names have about forty, what is longer is a text
UNREGISTERED = 1
_REST_OF_FULL_NAME = re.compile(r"[省市县区旗州盟]|地区|林区|特区|.{0,12}自治[州县旗区]")


class Reading(NamedTuple):
    """One way to understand a name: the place, the body, and how far the reading had to reach.

    `anchored` tells that the name itself says where the place is: it is a region, or the name of the region
    that it lies in stands before it or within its name.
    """

    place: Place
    body: Body
    cost: int
    anchored: bool


class Vertical(NamedTuple):
    """A national administration that has offices in places, with the pattern of what follows the place."""

    prefix: str
    body: re.Pattern[str]
    needed: bool
    form: str


class _Step(NamedTuple):
    end: int
    place: Place
    cost: int
    anchored: bool = True
    own_cost: int = 0


def readings(name: str) -> list[Reading]:
    """The best readings of a bare name that begins with a place: one for each place and body, or none.

    All have the same cost; several mean that the words alone do not decide.
    """
    if len(name) > _LONGEST:
        return []
    vertical = list(_vertical(name))
    found = vertical or list(_whole(name))
    if not found:
        return []
    least = min(reading.cost for reading in found)
    best = {(r.place.key, r.place.code, r.body.key): r for r in found if r.cost == least}
    return _without_heirs(list(best.values()))


def _without_heirs(found: list[Reading]) -> list[Reading]:
    """Of a city and its county of one name, a zone or a national agency belongs to the city."""
    if len({reading.place.key for reading in found}) < 2:
        return found
    outer = [r for r in found if all(other.place.lies_in(r.place) for other in found)]
    told = all(r.body.type is AgencyType.VERTICAL or r.place.kind == "zone" for r in found)
    return outer[:1] if told and outer else found


def _whole(name: str) -> Iterator[Reading]:
    for step in places_at(name, 0, None, _DEPTH):
        yield from _bodies(name, step)


def places_at(
    text: str, start: int, place: Place | None, depth: int = _DEPTH, *, full: bool = True
) -> Iterator[_Step]:
    """Every chain of places that the text from `start` on may begin with, and where the chain ends.

    `full` tells whether the place before was named in full.
    """
    for step in _steps(text, start, place, full=full):
        yield step
        inner = places_at(text, step.end, step.place, depth - 1, full=step.own_cost == 0) if depth > 1 else ()
        for further in inner:
            yield further._replace(cost=step.cost + further.cost, anchored=True)


def _bodies(text: str, step: _Step) -> Iterator[Reading]:
    rest, place, cost = text[step.end :], step.place, step.cost
    body = body_at(rest, place, full_name=step.own_cost == 0)
    if body and (rest or step.own_cost == 0):
        yield Reading(place, body, cost + body.cost, step.anchored)
    if rest.endswith("分局"):
        yield from _branches(rest, place, cost)


def _branches(rest: str, place: Place, cost: int) -> Iterator[Reading]:
    """盐城市公安局亭湖分局: the city's bureau in a county or zone of that city."""
    found = _BRANCH.match(rest)
    known = departments().get(body_key(found[1])) if found else None
    if not found or not known:
        return
    for step in _steps(found[2], 0, place):
        if step.end == len(found[2]) and step.place is not place:
            name = f"{place.name}{known.name}{step.place.short}分局"
            body = Body(name, body_key(f"{known.name}分局"), known.type, "whole", KNOWN)
            yield Reading(step.place, body, cost, anchored=True)


def _steps(text: str, start: int, place: Place | None, *, full: bool = True) -> Iterator[_Step]:
    if place is None or place.kind == "region":
        yield from _region_steps(text, start, place)
        yield from _zone_steps(text, start, place, full=full)
    if place is None or place.kind != "town":
        yield from _town_steps(text, start, place)


def _region_steps(text: str, start: int, place: Place | None) -> Iterator[_Step]:
    for end, named in named_at(text, start):
        if place is None or (named.place is not place and named.place.lies_in(place)):
            # Inside a place that was named in full, a short form can't stray.
            cost = min(named.cost, 1) if place else named.cost
            yield _Step(end, named.place, cost, own_cost=cost)


def _zone_steps(text: str, start: int, place: Place | None, *, full: bool) -> Iterator[_Step]:
    """Zones that begin here. One outside the register, with a name of its own, needs its county in full:
    庐山西海风景名胜区 does not lie in 庐山市.
    """
    for found in zone_names(text, start):
        if len(found.stem) > 10:
            return
        listed = registered_zones(place, found.stem, found.kind)
        for zone in listed:
            yield _Step(found.end, zone, 0, place is not None or _tells_its_region(zone))
        name = text[start : found.end]
        trusted = place is not None and (full or not found.stem or place.level != "county")
        if not listed and place is not None and trusted and not _is_other_place(name, found.stem, place):
            for zone in unregistered_zones(place, found.stem, found.kind):
                yield _Step(found.end, zone, UNREGISTERED)


def _tells_its_region(zone: Place) -> bool:
    """Whether a zone is known without its region: it is more than a county's, or bears a region's name."""
    return zone.level != "town" or any(
        place.short in zone.name for place in zone.chain() if place is not zone
    )


def _is_other_place(name: str, stem: str, place: Place) -> bool:
    """Whether an unregistered zone's name can't be trusted.

    So it is when it is a region's name somewhere, when its own part is one sign or begins with a unit
    (县开发区), or begins with another place, here or elsewhere (苏州宿迁工业园区).
    """
    if len(stem) == 1 or _REST_OF_FULL_NAME.match(stem) or _NO_STEM.search(stem) or name in regions().by_name:
        return True
    return any(named.place.lies_in(place) or named.place.level != "county" for _, named in named_at(stem, 0))


def _town_steps(text: str, start: int, place: Place | None) -> Iterator[_Step]:
    # 上海市黄浦区人民政府外滩街道办事处: the street as an office of its district.
    start += 4 if place is not None and text.startswith("人民政府", start) else 0
    for found in _TOWN_END.finditer(text, start + 1):
        name = text[start : found.end()]
        for town in towns(f"{name}道" if name.endswith("街") else name):
            if place is None or _is_in(town, place):
                # A zone's towns are looked for in all of its region: looser than a county's own.
                cost = UNREGISTERED if place is not None and place.kind == "zone" else 0
                yield _Step(found.end(), town, cost, place is not None)


def _is_in(town: Place, place: Place) -> bool:
    """Whether the town lies in the place; a zone's towns are sought in its region, if that is no province."""
    home = place.parent if place.kind == "zone" else place
    return home is not None and town.lies_in(home) and not (place.kind == "zone" and home.level == "province")


# --- national administrations ---


@cache
def _verticals() -> tuple[Vertical, ...]:
    rows = read_table("verticals")
    return tuple(Vertical(r["prefix"], re.compile(r["body"]), r["needed"] == "yes", r["form"]) for r in rows)


@cache
def _vertical_heads() -> re.Pattern[str]:
    return re.compile("|".join(sorted({re.escape(kind.prefix) for kind in _verticals()})))


def _vertical(name: str) -> Iterator[Reading]:
    for kind in _verticals() if _vertical_heads().match(name) else ():
        if name.startswith(kind.prefix) and len(name) > len(kind.prefix):
            yield from _offices_of(kind, name)


def _offices_of(kind: Vertical, name: str) -> Iterator[Reading]:
    start = len(kind.prefix)
    for step in places_at(name, start, None):
        rest = name[step.end :]
        if kind.body.fullmatch(rest):
            yield Reading(step.place, _vertical_body(kind, step.place, rest), step.cost, step.anchored)


def _vertical_body(kind: Vertical, place: Place, rest: str) -> Body:
    """An agency's body under its whole name: the place stands inside it."""
    known = None if kind.needed else body_at(rest, place, full_name=False)
    if known:
        return known
    key = body_key(kind.prefix + rest if kind.needed else rest)
    prefix = "" if rest == "海关" else kind.prefix
    own = place.short if kind.form == "short" else place.full_name
    return Body(f"{prefix}{own}{rest}", key, AgencyType.VERTICAL, "whole", KNOWN)


# --- bodies that bear no region's name ---


@cache
def named_bodies() -> dict[str, Reading]:
    """Agencies whose names do not tell their seat (拱北海关, 水利部黄河水利委员会), by name."""
    found: dict[str, Reading] = {}
    for row in read_table("named_bodies"):
        seat = regions().by_code[row["region_code"]][-1]
        body = Body(row["name"], body_key(row["name"]), AgencyType(row["type"]), "whole", KNOWN)
        for name in (row["name"], *row["shorts"].split()):
            found[name] = Reading(seat, body, 0, anchored=True)
    return found
