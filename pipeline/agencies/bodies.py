"""What the words after the place say: which office, department or agency it is, and of what type.

Belongs here: the known bodies with their short forms, and the endings of unknown ones.
Does not belong here: where the body is.
"""

import re
from functools import cache
from typing import NamedTuple

from pipeline.agencies.model import AgencyType
from pipeline.agencies.places import Place, begins_with_zone, is_town_name, named_at
from pipeline.agencies.tables import read_table
from pipeline.agencies.text import body_key

KNOWN, BY_ENDING = 0, 2  # what it costs to read a body: an unknown one only when nothing better fits


class Body(NamedTuple):
    """A body at a place: canonical name, key shared by its spellings, type, role, cost of the reading.

    Roles: `principal` the government of the place, `office` the office that signs for it, `organ` any other
    body, `whole` a body whose name already holds the place (国家税务总局启东市税务局).
    """

    name: str
    key: str
    type: AgencyType
    role: str
    cost: int


class Office(NamedTuple):
    """A line of `offices.csv`: the government of a place, or the office that signs for it."""

    canonical: str
    role: str


class Department(NamedTuple):
    """A known department's canonical name; `whole` is its name with the place, where that is not first."""

    name: str
    type: AgencyType
    whole: str


_OWN_TYPE = {"region": AgencyType.GOVERNMENT, "zone": AgencyType.ZONE, "town": AgencyType.TOWN}
_PREFIX = {
    "region": re.compile(r"^(?:人民)?政府(?!采购)"),
    "zone": re.compile(r"^(?:党工委)?(?:管理委员会|管委会|管委)"),
    "town": re.compile(r"^(?:人民政府|政府|街道办事处|办事处)"),
}
_UNLISTED_TOWN = re.compile(
    r"^.*?(?:街道|苏木)|^.*?[镇乡](?:人民政府|政府|$)"
    r"|^[^城乡镇村区县市]{1,7}?[镇乡](?![村镇街企级建])"
)
_STRAY_UNIT = re.compile(r"^[省市县区旗州](?![场级政容区民直域城块])")
_NO_GOVERNMENT = re.compile(
    r"人大|人民代表大会|政协|政治协商|党委|党组|党工委|纪委|监委|团委|宣传部|统战部|组织部"
)
_FOREIGN = re.compile(r"[^\w、·-]|的|[a-zA-Z]|报告|年度")


@cache
def _offices() -> dict[tuple[str, str], Office]:
    return {
        (row["place"], row["form"]): Office(row["canonical"], row["role"]) for row in read_table("offices")
    }


@cache
def departments() -> dict[str, Department]:
    """Known departments by the key of each of their spellings (发改委, 发展改革委员会 → 发展和改革委员会)."""
    short = {row["ending"]: row["short"] for row in read_table("endings")}
    found: dict[str, Department] = {}
    for row in read_table("departments"):
        for ending in row["endings"].split():
            department = Department(row["stem"] + ending, AgencyType(row["type"]), row["whole"])
            for stem in (row["stem"], *row["shorts"].split()):
                for end in {ending, short.get(ending, ending)}:
                    found.setdefault(body_key(stem + end), department)
    return found


@cache
def _endings() -> tuple[tuple[str, AgencyType, str], ...]:
    rows = sorted(read_table("suffixes"), key=lambda row: -len(row["suffix"]))
    return tuple((row["suffix"], AgencyType(row["type"]), row["levels"]) for row in rows)


def principal(place: Place) -> Body:
    """The government of a place: 人民政府, 管理委员会, or a town's own."""
    name = _offices()[place.kind, ""].canonical
    if place.kind == "town":
        name = "办事处" if place.name.endswith("街道") else "人民政府"
    return Body(name, "*", _OWN_TYPE[place.kind], "principal", KNOWN)


def body_at(rest: str, place: Place, *, full_name: bool) -> Body | None:
    """The body that `rest` names at this place; None when it is none.

    A body that only its ending tells is accepted after a full name of the place alone: after a short form
    the border between place and body would be a guess.
    """
    office = _offices().get((place.kind, rest))
    if office:
        return _office(office, place)
    own = _PREFIX[place.kind].sub("", rest)
    known = departments().get(body_key(own))
    if known:
        return _department(known, place)
    return _by_ending(own, place) if full_name and own else None


def _office(office: Office, place: Place) -> Body:
    if office.role == "principal":
        found = principal(place)
        same = office.canonical in ("", found.name)
        return found if same else found._replace(name=office.canonical)
    kind = AgencyType.DEPARTMENT if place.kind == "region" else _OWN_TYPE[place.kind]
    return Body(office.canonical, body_key(office.canonical), kind, "office", KNOWN)


def _department(known: Department, place: Place) -> Body | None:
    if known.name.endswith("厅") and place.level != "province":
        return None
    key, kind = body_key(known.name), _typed(known.type, place)
    if known.whole:
        name = known.whole.format(name=place.full_name, short=place.short, body=known.name)
        return Body(name, key, kind, "whole", KNOWN)
    return Body(known.name, key, kind, "organ", KNOWN)


def _typed(found: AgencyType, place: Place) -> AgencyType:
    own = place.kind != "region" and found is AgencyType.DEPARTMENT
    return _OWN_TYPE[place.kind] if own else found


def _by_ending(rest: str, place: Place) -> Body | None:
    if _is_foreign(rest):
        return None
    for suffix, kind, levels in _endings():
        if rest.endswith(suffix):
            stem = rest[: -len(suffix)]
            if len(stem) < 2 or (levels and place.level not in levels.split()):
                return None
            own = AgencyType.OTHER if _NO_GOVERNMENT.search(rest) else _typed(kind, place)
            return Body(rest, body_key(rest), own, "organ", BY_ENDING)
    return None


def _is_foreign(rest: str) -> bool:
    """Whether the words are no body of this place: another place's name, a stray unit, a sentence."""
    if _STRAY_UNIT.match(rest) or _FOREIGN.search(rest) or names_unlisted_town(rest):
        return True
    return (
        any(named.cost == 0 for _, named in named_at(rest, 0)) or is_town_name(rest) or begins_with_zone(rest)
    )


def names_unlisted_town(rest: str) -> bool:
    """Whether the words begin with what can only be a town, one that no list has."""
    return bool(_UNLISTED_TOWN.match(rest))
