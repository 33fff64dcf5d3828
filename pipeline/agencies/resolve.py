"""From a name and its document's evidence to one body, or to an open question.

Belongs here: the order in which name, register, evidence and overrides are asked, and the answer's record.
Does not belong here: reading a name's words, weighing one piece of evidence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from pipeline.agencies.bodies import Body, departments, names_unlisted_town, principal
from pipeline.agencies.identity import agency_id, name_id
from pipeline.agencies.model import AgencyType, Candidate, Evidence, Resolution, Status
from pipeline.agencies.names import Reading, named_bodies, places_at, readings
from pipeline.agencies.national import National, national_bodies
from pipeline.agencies.overrides import Override, overrides
from pipeline.agencies.places import OPEN, Place, named_at, successor
from pipeline.agencies.support import PREFECTURE, Verdict, texts, verdict
from pipeline.agencies.text import bare_name, body_key

_REACH = 24  # how many signs before a name may belong to it: the longest chain of places
_NOTHING = Evidence()


class _Found(NamedTuple):
    readings: list[Reading]
    evidence: str
    decided: bool


def resolve(
    name: str, evidence: Evidence = _NOTHING, *, reviewed: Sequence[Override] | None = None
) -> Resolution:
    """The body that a name means in a document with this evidence.

    `reviewed` replaces the entries of `overrides.yaml` (for tests). Nothing is guessed: a name that evidence
    does not settle is `ambiguous` with its candidates, a name without a known place `unresolved`.
    """
    bare = bare_name(name)
    found = _resolved(name, bare, evidence)
    for entry in overrides() if reviewed is None else reviewed:
        if entry.applies(bare, evidence) and found.resolution is entry.expect:
            settled = _resolved(name, bare_name(entry.means), evidence)
            return replace(settled, evidence=f"settled by hand: {entry.reason}; {settled.evidence}")
    return found


def _resolved(name: str, bare: str, evidence: Evidence) -> Resolution:
    if bare in national_bodies():
        return _national(national_bodies()[bare])
    listed = named_bodies().get(bare)
    if listed:
        return _record(listed, f"name “{bare}”: list of bodies that bear no region's name")
    found = _found(bare, evidence)
    if not found.readings:
        return _unresolved(name, bare)
    if found.decided:
        return _record(found.readings[0], found.evidence)
    return _ambiguous(bare, found)


def _found(bare: str, evidence: Evidence) -> _Found:
    by_name = readings(bare)
    if by_name:
        return _decide(by_name, evidence, f"name “{bare}”")
    quoted = list(_quoted(bare, evidence))
    if not quoted:
        return _Found([], "", decided=False)
    labels = ", ".join(sorted({label for label, _ in quoted}))
    return _decide([reading for _, reading in quoted], evidence, f"“{bare}” with its place in the {labels}")


# --- choosing ---


def _decide(found: list[Reading], evidence: Evidence, words: str) -> _Found:
    found = _in_time(found, evidence.report_year)
    year = evidence.report_year
    if len(found) == 1 and found[0].anchored:
        return _Found(found, f"{words}: {_place_words(found[0].place, year)}", decided=True)
    heard = verdict([reading.place for reading in found], evidence)
    left = [reading for reading in found if reading.place in heard.places]
    enough = len(left) == 1 and not heard.conflict and heard.fit >= _needed(left[0])
    seen = "; ".join(heard.seen) or "no evidence decides"
    if enough:
        return _Found(left, f"{words}: {_place_words(left[0].place, year)}, by {seen}", decided=True)
    return _Found(
        left if not heard.conflict else found, f"{words}: {_why_open(left, heard)}{seen}", decided=False
    )


def _needed(reading: Reading) -> int:
    """A town that the name does not place needs its county or city; the province alone is too wide."""
    return 1 if reading.anchored else PREFECTURE


def _why_open(left: list[Reading], heard: Verdict) -> str:
    if heard.conflict:
        return "the evidence disagrees: "
    return f"{len(left)} places bear this name: " if len(left) > 1 else "the name does not say where it is: "


def _in_time(found: list[Reading], year: int | None) -> list[Reading]:
    """Those whose place stood in the year; without a year, the newest of each line of succession."""
    if year is not None:
        for margin in (0, 1):
            standing = [reading for reading in found if reading.place.stands_in(year, margin)]
            if standing:
                return standing
    places = {reading.place.key for reading in found}
    newest = [reading for reading in found if not _has_heir_among(reading.place, places)]
    current = {reading.place.key for reading in found if reading.place.last == OPEN}
    return [r for r in newest if r.place.last == OPEN or r.place.key not in current]


def _has_heir_among(place: Place, keys: set[str]) -> bool:
    heir = successor(place)
    return heir is not None and heir[1] == "renamed" and heir[0].key in keys


# --- names whose place stands elsewhere in the document ---


def _quoted(bare: str, evidence: Evidence) -> Iterator[tuple[str, Reading]]:
    """Readings of the name where a text has it right after a place (县财政局 → 海盐县财政局)."""
    if not _is_body(bare):
        return
    seen: set[tuple[str, str, str]] = set()
    for label, text, _ in texts(evidence):
        for reading in _before(text, bare):
            key = (reading.place.key, reading.place.code, reading.body.key)
            if key not in seen:
                seen.add(key)
                yield label, reading


def _is_body(bare: str) -> bool:
    """Whether a name without a place is at least a body's: a known department, or a zone with its office."""
    if body_key(bare) in departments() or body_key(bare[1:]) in departments():
        return True
    return len(bare) >= 3 and bare.endswith(
        ("管理委员会", "管委会", "管委会办公室", "管理委员会办公室", "政府办公室")
    )


def _before(text: str, bare: str) -> Iterator[Reading]:
    position = text.find(bare)
    while position >= 0:
        yield from _longest(text, position, position + len(bare))
        position = text.find(bare, position + 1)


def _longest(text: str, position: int, end: int) -> list[Reading]:
    for start in range(max(0, position - _REACH), position):
        if any(named_at(text[:end], start)):
            found = readings(text[start:end])
            if found:
                return found
    return []


# --- the record ---


def _record(reading: Reading, evidence: str) -> Resolution:
    place, body = reading.place, reading.body
    own = principal(place)
    acts = body.role == "office"
    heir = successor(place)
    return Resolution(
        agency_id=agency_id(place.key, body.key),
        name=full_name(place, body),
        agency_type=body.type,
        admin_level=place.level,
        region_code=place.code,
        **_names_of(place),
        acts_for=agency_id(place.key, own.key) if acts else None,
        acts_for_name=full_name(place, own) if acts else None,
        successor=agency_id(heir[0].key, body.key) if heir else None,
        succession=heir[1] if heir else None,
        resolution=Status.RESOLVED,
        candidates=(),
        evidence=evidence,
    )


def full_name(place: Place, body: Body) -> str:
    """The canonical name: a town's with its county, a district's with its city, others with their place."""
    return body.name if body.role == "whole" else f"{place.full_name}{body.name}"


def principal_of(resolution: Resolution) -> Resolution | None:
    """The record of the body that an office signs for, so that it can stand in the dimension beside it."""
    if resolution.acts_for is None or resolution.acts_for_name is None:
        return None
    found = [r for r in readings(resolution.acts_for_name) if _id(r) == resolution.acts_for]
    return _record(found[0], f"named by its office “{resolution.name}”") if found else None


def _id(reading: Reading) -> str:
    return agency_id(reading.place.key, reading.body.key)


def _names_of(place: Place) -> dict[str, str | None]:
    names = {level: region.name if (region := place.above(level)) else None for level in _REGION_LEVELS}
    return {**names, "town": place.name if place.kind == "town" else None}


_REGION_LEVELS = ("province", "prefecture", "county")


def _place_words(place: Place, year: int | None) -> str:
    standing = year is None or place.stands_in(year, 1)
    return f"{place.name} ({place.code}, {place.source})" + (
        "" if standing else f", though not in the lists of {year}"
    )


def _ambiguous(bare: str, found: _Found) -> Resolution:
    readings_left = sorted(found.readings, key=lambda reading: (reading.place.code, reading.place.key))
    common = _common(reading.place for reading in readings_left)
    types = {reading.body.type for reading in readings_left}
    levels = {reading.place.level for reading in readings_left}
    candidates = tuple(Candidate(_id(r), _long_name(r), r.place.code) for r in readings_left)
    return Resolution(
        agency_id=name_id(bare),
        name=bare,
        agency_type=types.pop() if len(types) == 1 else None,
        admin_level=levels.pop() if len(levels) == 1 else None,
        region_code=common.code if common else None,
        **(_names_of(common) if common else _NO_NAMES),
        acts_for=None,
        acts_for_name=None,
        successor=None,
        succession=None,
        resolution=Status.AMBIGUOUS,
        candidates=candidates,
        evidence=found.evidence,
    )


_NO_NAMES: dict[str, str | None] = dict.fromkeys((*_REGION_LEVELS, "town"))


def _common(places: Iterable[Place]) -> Place | None:
    """The innermost region that all candidates lie in, for a name that is open only below it."""
    first, *others = places
    shared = [
        place for place in first.chain() if place.kind == "region" and all(o.lies_in(place) for o in others)
    ]
    return shared[0] if shared and others else None


def _long_name(reading: Reading) -> str:
    """The canonical name behind all regions that it lies in."""
    chain = [place for place in reading.place.chain() if place is not reading.place]
    own = full_name(reading.place, reading.body)
    return "".join(place.name for place in reversed(chain) if not own.startswith(place.full_name)) + own


def _unresolved(name: str, bare: str) -> Resolution:
    place = _sure_place(bare)
    return Resolution(
        agency_id=name_id(bare or name, place.code if place else None),
        name=bare or name,
        agency_type=AgencyType.TOWN if place else None,
        admin_level="town" if place else None,
        region_code=place.code if place else None,
        **(_names_of(place) if place else _NO_NAMES),
        acts_for=None,
        acts_for_name=None,
        successor=None,
        succession=None,
        resolution=Status.UNRESOLVED,
        candidates=(),
        evidence=f"no list has this town of {place.name}"
        if place
        else f"no known place and body in “{bare}”",
    )


def _sure_place(bare: str) -> Place | None:
    """The one county of a town that no list has: the name says the county, though not which town."""
    found = {
        step.place
        for step in places_at(bare, 0, None)
        if step.cost == 0 and step.place.level == "county" and names_unlisted_town(bare[step.end :])
    }
    return found.pop() if len(found) == 1 else None


def _national(body: National) -> Resolution:
    heir = national_bodies().get(body.successor)
    office = body.name == "国务院办公厅"
    return Resolution(
        agency_id=agency_id("national", body.name),
        name=body.name,
        agency_type=body.type,
        admin_level="national",
        region_code=None,
        **_NO_NAMES,
        acts_for=agency_id("national", "国务院") if office else None,
        acts_for_name="国务院" if office else None,
        successor=agency_id("national", heir.name) if heir else None,
        succession="merged" if heir else None,
        resolution=Status.RESOLVED,
        candidates=(),
        evidence=f"name “{body.name}”: list of national bodies",
    )
