"""The register of development zones and other special zones, each with the region that it lies in.

Belongs here: joining the zones that the NBS lists carry with the reviewed list of national zones.
Does not belong here: how a zone's name is recognised in a text.
"""

import re
from hashlib import sha256
from typing import NamedTuple

from pipeline.agencies.extract.archive import Archives, reviewed
from pipeline.agencies.extract.nbs import Listed, is_zone_code, nbs_counties, nbs_towns
from pipeline.agencies.zone_names import zone_kinds, zone_names

_OFFICE = re.compile(r"(?:街道)?(?:管理委员会|管委会)$")
_MINOR = {"新城", "园区", "工业区", "科技园", "经济区", "旅游区"}  # endings that quarters and villages share


class Place(NamedTuple):
    """The names of a region, and its parent's code."""

    level: str
    name: str
    short: str
    parent: str


class Identity(NamedTuple):
    """What makes two lines one zone."""

    region: str
    stem: str
    kind: str


def zones(archives: Archives, region_rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows of `zones.csv`, by region and name. The id is made of the identity alone, so it never moves."""
    places = {
        row["code"]: Place(row["level"], row["name"], row["short"], row["parent"]) for row in region_rows
    }
    rows: dict[Identity, dict[str, str]] = {}
    for row in reviewed("national_zones"):
        if places[row["region_code"]].name != row["region_name"]:
            raise ValueError(f"{row['name']}: {row['region_code']} is not {row['region_name']}")
        identity = _identity(row["name"], row["region_code"], places)
        if identity is None:
            raise ValueError(f"{row['name']}: no known kind of zone")
        rows[identity] = _row(identity, row["name"], row["level"], row["list"]) | {"aliases": row["aliases"]}
    _add_nbs(rows, archives, places)
    return sorted(rows.values(), key=lambda row: (row["region_code"], row["name"]))


def _add_nbs(rows: dict[Identity, dict[str, str]], archives: Archives, places: dict[str, Place]) -> None:
    for line in sorted([*_zone_lines(archives), *nbs_towns(archives)], key=lambda line: line.year):
        found = _located(line, places)
        if found is None:
            continue
        identity, level = _reviewed(found[0], rows, places), found[1]
        name = _OFFICE.sub("", line.name)
        own = f"{places[identity.region].short}{name}" if name in zone_kinds() else name
        row = rows.setdefault(identity, _row(identity, own, level, "NBS"))
        row["nbs_code"] = line.code
        row["first_seen"] = row["first_seen"] or str(line.year)
        row["last_seen"] = str(line.year)


def _reviewed(identity: Identity, rows: dict[Identity, dict[str, str]], places: dict[str, Place]) -> Identity:
    """The reviewed zone of that name in a region around this one: the list puts it in one of its counties."""
    parent = places[identity.region].parent
    outer = Identity(parent, identity.stem, identity.kind)
    return outer if identity.stem and outer in rows else identity


def _zone_lines(archives: Archives) -> list[Listed]:
    return [line for line in nbs_counties(archives) if is_zone_code(line.code)]


def _located(line: Listed, places: dict[str, Place]) -> tuple[Identity, str] | None:
    """Identity and level of a listed zone, or None when the line is no zone or has no name of its own."""
    name, county = _OFFICE.sub("", line.name), line.code[:6]
    if len(line.code) == 6:
        return _with_level(_identity(name, f"{county[:4]}00", places), "county")
    if line.code[6] not in "45" or (county not in places and not is_zone_code(county)):
        return None
    own = f"{county[:4]}00" if is_zone_code(county) else county
    identity = _identity(name, own, places)
    if identity is None or identity.kind in _MINOR or identity.stem in set("省市县区"):
        return None
    return _town_level(name, identity, places)


def _town_level(name: str, identity: Identity, places: dict[str, Place]) -> tuple[Identity, str] | None:
    """A zone that bears only its city's name is the city's, whichever county the list puts it in."""
    if identity.stem:
        return identity, "town"
    place = places[identity.region]
    if place.level != "county":
        return identity, "county"
    if place.short in name or place.name in name:
        return identity, "town"
    if zone_kinds().get(name) and not place.name.endswith("区"):
        return (
            identity,
            "town",
        )  # 经济开发区 in a county's list is the county's; a district may hold its city's
    city = places.get(place.parent)
    if city and city.level == "prefecture" and city.short in name:
        return Identity(place.parent, "", identity.kind), "county"
    return None


def _with_level(identity: Identity | None, level: str) -> tuple[Identity, str] | None:
    return (identity, level) if identity else None


def _identity(name: str, region: str, places: dict[str, Place]) -> Identity | None:
    rest = name
    for place in _chain(region, places):
        for form in (place.name, place.short):
            if rest.startswith(form) and len(rest) > len(form):
                rest = rest[len(form) :]
                break
    whole = [found for found in zone_names(rest, 0) if found.end == len(rest)]
    if not whole or region not in places:
        return None
    return Identity(region, whole[0].stem, whole[0].kind.kind or whole[0].kind.suffix)


def _chain(region: str, places: dict[str, Place]) -> list[Place]:
    chain: list[Place] = []
    while region in places:
        chain.insert(0, places[region])
        region = places[region].parent
    return chain


def _row(identity: Identity, name: str, level: str, source: str) -> dict[str, str]:
    digest = sha256("|".join(identity).encode()).hexdigest()[:6]
    return {
        "zone_id": f"Z{identity.region}-{digest}",
        "name": name,
        "aliases": "",
        "region_code": identity.region,
        "stem": identity.stem,
        "kind": identity.kind,
        "level": level,
        "nbs_code": "",
        "first_seen": "",
        "last_seen": "",
        "source": source,
    }
