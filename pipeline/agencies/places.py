"""The register of places: regions, zones and towns, found by any of their names.

Belongs here: loading the extracted tables, on first use and once a process.
Does not belong here: reading a body's name, choosing between places.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.agencies.tables import DATA, read_table
from pipeline.agencies.zone_names import ZoneKind, kinds_of_family

OPEN = 9999  # the last year of what still stands
_FIRST_TOWN_LIST, _LAST_NBS = 2016, 2023
_LAST_BEFORE_MCA = (
    2025  # no list tells of 2024 and 2025: what the last NBS list has may have stood until then
)
_BELOW = {"province": "county", "prefecture": "county", "county": "town"}


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A region, a zone or a town. One object for each, so places compare by identity.

    `code` is the region code (for a zone: of the region that it lies in), `key` what makes it this place and
    no other over all its years, `first` and `last` the years in which the lists have it.
    """

    kind: str
    level: str
    code: str
    name: str
    short: str
    parent: "Place | None"
    key: str
    first: int = 0
    last: int = OPEN
    pinyin: str = ""
    source: str = ""

    @property
    def full_name(self) -> str:
        """The name with what it is not known without: a town's county, a district's city."""
        is_district = self.kind == "region" and self.level == "county" and self.name.endswith("区")
        outer = self.parent.full_name if self.parent and (is_district or self.kind == "town") else ""
        return f"{outer}{self.name}"

    def chain(self) -> Iterator["Place"]:
        """The place itself and all that it lies in, from the inside out."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.parent

    def lies_in(self, other: "Place") -> bool:
        """Whether this place is the other or inside it. Codes decide: a renamed city keeps its counties."""
        if other.kind == "region":
            return any(place.kind == "region" and place.code == other.code for place in self.chain())
        return any(place.key == other.key for place in self.chain())

    def stands_in(self, year: int, margin: int = 0) -> bool:
        """Whether the lists have it in that year, give or take a margin of years."""
        return self.first - margin <= year <= self.last + margin

    def above(self, level: str) -> "Place | None":
        """The region of that level that the place is or lies in."""
        return next(
            (place for place in self.chain() if place.kind == "region" and place.level == level), None
        )


class Named(NamedTuple):
    """A place under one of its names; `cost` is 0 for a full name and higher the looser the short form."""

    place: Place
    cost: int


class Regions(NamedTuple):
    """The regions by code (oldest first) and by name, and who followed whom.

    `lengths` tells, for the first two signs of a name, which lengths such names have, longest first.
    """

    by_code: dict[str, list[Place]]
    by_name: dict[str, list[Named]]
    successors: dict[str, tuple[Place, str]]
    lengths: dict[str, tuple[int, ...]]


@cache
def regions() -> Regions:
    """Provinces, prefectures and counties since 2008."""
    rows = sorted(read_table("regions"), key=lambda row: (_depth(row["level"]), row["valid_from"]))
    roots = _roots(rows)
    by_code: dict[str, list[Place]] = defaultdict(list)
    by_name: dict[str, list[Named]] = defaultdict(list)
    for row in rows:
        place = _region(row, by_code, roots)
        by_code[place.code].append(place)
        for name, cost in _names(place):
            by_name[name].append(Named(place, cost))
    successors = _successors(rows, by_code)
    return Regions(dict(by_code), dict(by_name), successors, _lengths(by_name))


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    for name in names:
        found[name[:2]].add(len(name))
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def _depth(level: str) -> int:
    return ("province", "prefecture", "county").index(level)


def _region(row: dict[str, str], by_code: dict[str, list[Place]], roots: dict[str, str]) -> Place:
    own = f"{row['code']}|{row['name']}"
    parent = _at(by_code[row["parent"]], int(row["vintage"])) if row["parent"] else None
    return Place(
        kind="region",
        level=row["level"],
        code=row["code"],
        name=row["name"],
        short=row["short"],
        parent=parent,
        key=roots.get(own, own),
        first=int(row["valid_from"]),
        last=int(row["valid_to"] or OPEN),
        pinyin=row["pinyin"],
        source=f"{row['system']} {row['vintage']}",
    )


def _at(places: list[Place], year: int) -> Place:
    return next((place for place in places if place.stands_in(year)), places[-1])


def _roots(rows: list[dict[str, str]]) -> dict[str, str]:
    """A region that only changed its code is still itself: it keeps the identity of its oldest code."""
    roots: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        if row["relation"] == "renamed" and row["successor_name"] == row["name"]:
            own = f"{row['code']}|{row['name']}"
            roots[f"{row['successor']}|{row['name']}"] = roots.get(own, own)
    return roots


def _names(place: Place) -> Iterator[tuple[str, int]]:
    yield place.name, 0
    for long, brief in (("自治州", "州"), ("自治县", "县"), ("自治旗", "旗")):
        if place.name.endswith(long):
            yield place.short + brief, 0
            yield place.short + long, 0
    if place.short != place.name:
        # 西安 is the city, hardly ever one of the two districts of that name.
        yield place.short, 2 if place.level == "county" and place.name.endswith("区") else 1


def _successors(rows: list[dict[str, str]], by_code: dict[str, list[Place]]) -> dict[str, tuple[Place, str]]:
    found: dict[str, tuple[Place, str]] = {}
    for row in rows:
        heirs = [place for place in by_code.get(row["successor"], ()) if place.name == row["successor_name"]]
        own = next(place for place in by_code[row["code"]] if place.name == row["name"])
        if heirs and heirs[0].key != own.key:
            found[own.key] = (heirs[0], row["relation"])
    return found


def named_at(text: str, start: int) -> Iterator[tuple[int, Named]]:
    """Every region whose name stands in the text at `start`, with the end of the name, longest first."""
    index = regions()
    for length in index.lengths.get(text[start : start + 2], ()):
        for named in (
            index.by_name.get(text[start : start + length], ()) if start + length <= len(text) else ()
        ):
            yield start + length, named


# --- zones ---


class Zones(NamedTuple):
    """The register of zones: by whole name, and by region, stem and kind."""

    by_name: dict[str, list[Place]]
    by_stem: dict[tuple[str, str], list[Place]]
    longest: int


@cache
def zones() -> Zones:
    """The registered zones."""
    by_name: dict[str, list[Place]] = defaultdict(list)
    by_stem: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for row in read_table("zones"):
        region = _at(regions().by_code[row["region_code"]], int(row["last_seen"] or OPEN))
        place = _zone(region, row["stem"], row["kind"], row["name"], row["level"])
        for name in {
            row["name"],
            row["stem"] + row["kind"] if row["stem"] else row["name"],
            *row["aliases"].split(),
        }:
            by_name[name].append(place)
        by_stem[row["stem"], row["kind"]].append(place)
    return Zones(dict(by_name), dict(by_stem), max(map(len, by_name)))


def _zone(region: Place, stem: str, kind: str, name: str, level: str, source: str = "zone register") -> Place:
    key = f"{region.key}|{stem}|{kind}"
    return Place(
        "zone", level, region.code, name, name, region, key, region.first, region.last, source=source
    )


def registered_zones(region: Place | None, stem: str, kind: ZoneKind) -> list[Place]:
    """Zones of the register under this name: the region's own or, where the stem tells, inside it."""
    if region is None:
        names = sorted({stem + full for full in (*_full_kinds(kind), kind.suffix)}) if stem else []
        found = [place for name in names for place in zones().by_name.get(name, ())]
    else:
        alike = [place for full in _full_kinds(kind) for place in zones().by_stem.get((stem, full), ())]
        found = [place for place in alike if (place.lies_in(region) if stem else place.code == region.code)]
    return list({place.key: place for place in found}.values())


def _full_kinds(kind: ZoneKind) -> tuple[str, ...]:
    if kind.kind:
        return (kind.kind,)
    # 开发区 alone is what people call the economic zone; some zones bear just that ending.
    return (*kinds_of_family("经开" if kind.family == "开发" else kind.family), kind.suffix)


def unregistered_zones(region: Place, stem: str, kind: ZoneKind) -> list[Place]:
    """What a zone outside the register would be: it bears its region's name, so it lies there.

    A short form may stand for several full ones; then there is one place for each.
    """
    full = [name for name in _full_kinds(kind) if kind.kind or name != kind.suffix]
    level = _BELOW.get(region.level, "town")
    return [_derived(region, stem, name, level) for name in full]


@lru_cache(maxsize=4096)
def _derived(region: Place, stem: str, kind: str, level: str) -> Place:
    return _zone(region, stem, kind, f"{region.short}{stem}{kind}", level, source="named after its region")


# --- towns ---


@cache
def _town_lines() -> dict[str, str]:
    """Each town name's lines of the lists as one text (330424002,=,,;…): objects would take far more room."""
    found: dict[str, str] = {}
    for path in sorted((DATA / "towns").glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in lines[1:]:
            mca, nbs, name, first, last = line.split(",")
            known = found.get(name)
            entry = f"{mca},{nbs},{first},{last}"
            found[name] = f"{known};{entry}" if known else entry
    return found


def begins_with_zone(text: str) -> bool:
    """Whether the text begins with a registered zone's name (so that it can be no plain body's)."""
    index = zones()
    return any(text[:end] in index.by_name for end in range(min(len(text), index.longest), 3, -1))


def is_town_name(name: str) -> bool:
    """Whether any list has a town of that name."""
    return name in _town_lines()


@lru_cache(maxsize=4096)
def towns(name: str) -> tuple[Place, ...]:
    """Every town of that name, in the order of the lists."""
    lines = _town_lines().get(name, "")
    return tuple(_town(name, line) for line in lines.split(";")) if lines else ()


def _town(name: str, line: str) -> Place:
    mca, nbs, first, last = line.split(",")
    code = mca or nbs
    final = int(last) if last else OPEN
    parent = _county(code[:6], min(final, 2026))
    return Place(
        kind="town",
        level="town",
        code=code,
        name=name,
        short=name,
        parent=parent,
        key=f"{parent.key}|{name}",
        first=_first_town_year(first),
        last=_LAST_BEFORE_MCA if final == _LAST_NBS else final,
        source="MCA 2026" if mca else f"NBS {last or 2023}",
    )


def _first_town_year(first: str) -> int:
    """What the lists begin with, in 2016, is older; what the list of 2026 adds came after that of 2023."""
    year = int(first or _FIRST_TOWN_LIST)
    if year <= _FIRST_TOWN_LIST:
        return 0
    return _LAST_NBS + 1 if year > _LAST_NBS else year


def _county(code: str, year: int) -> Place:
    known = regions().by_code
    for digits in (code, f"{code[:4]}00", f"{code[:2]}0000"):
        if digits in known:
            return _at(known[digits], year)
    raise KeyError(code)


def all_towns() -> Iterable[Place]:
    """Every town of the lists; for the region dimension."""
    return (place for name in _town_lines() for place in towns.__wrapped__(name))


def successor(place: Place) -> tuple[Place, str] | None:
    """What took the place of a region, or of a zone or town in it, and whether by renaming or merging."""
    if place.kind == "region":
        return regions().successors.get(place.key)
    above = regions().successors.get(place.parent.key) if place.parent else None
    if above is None or place.parent is None:
        return None
    own = place.key.removeprefix(place.parent.key)
    alike = towns(place.name) if place.kind == "town" else _registered_alike(own)
    heirs = [heir for heir in alike if heir.key == above[0].key + own]
    return (heirs[0], above[1]) if heirs else None


def _registered_alike(own: str) -> list[Place]:
    _, stem, kind = own.split("|")
    return zones().by_stem.get((stem, kind), [])
