"""What a document's evidence says about the places that a name leaves open.

Belongs here: one test for each kind of evidence, and putting their answers together.
Does not belong here: finding the evidence in a document, reading names.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from pipeline.agencies.model import Evidence
from pipeline.agencies.places import Place
from pipeline.agencies.tables import read_table
from pipeline.agencies.text import plain

OWN, COUNTY, PREFECTURE, PROVINCE, NONE = 8, 4, 2, 1, 0  # added up, so that more of a chain weighs more
_LEVELS = {"county": COUNTY, "prefecture": PREFECTURE, "province": PROVINCE}
_MUNICIPALITIES = {"110000", "120000", "310000", "500000"}


class Witness(NamedTuple):
    """One piece of evidence: what it is, whether it may decide alone, and how closely it fits a place."""

    label: str
    strong: bool
    fits: Callable[[Place], int]


class Verdict(NamedTuple):
    """The places that the evidence leaves, the best fit that any has, and what was seen."""

    places: list[Place]
    fit: int
    seen: list[str]
    conflict: bool


def verdict(places: list[Place], evidence: Evidence) -> Verdict:
    """What the evidence leaves of these places. Weak evidence speaks only where strong evidence is silent.

    Witnesses that point to different places are a conflict; then nothing is decided.
    """
    found = _heard(places, [witness for witness in witnesses(evidence) if witness.strong])
    if found.conflict or (len(found.places) == 1 and found.fit):
        return found
    weak = _heard(found.places, [witness for witness in witnesses(evidence) if not witness.strong])
    return weak._replace(fit=max(found.fit, weak.fit), seen=found.seen + weak.seen)


def _heard(places: list[Place], heard: list[Witness]) -> Verdict:
    left, fit, seen = places, NONE, list[str]()
    for witness in heard:
        fits = {place: witness.fits(place) for place in places}
        best = max(fits.values())
        if best == NONE:
            continue
        kept = [place for place in left if fits[place] == best]
        if not kept:
            return Verdict(left, fit, [*seen, f"{witness.label} points elsewhere"], conflict=True)
        if len(kept) < len(places) or best >= PREFECTURE:
            seen.append(witness.label)
        left, fit = kept, max(fit, best)
    return Verdict(left, fit, seen, conflict=False)


def witnesses(evidence: Evidence) -> Iterator[Witness]:
    """The evidence as witnesses, the closest to the author first."""
    for label, text, own in texts(evidence):
        yield Witness(label, strong=True, fits=_mentioned(text, regions_too=own))
    if evidence.phone_area in _phone_areas():
        yield Witness(
            f"area code {evidence.phone_area}", strong=True, fits=_inside(_phone_areas()[evidence.phone_area])
        )
    head = (evidence.postcode or "")[:4]
    if head in _postcodes():
        yield Witness(f"postcode {evidence.postcode}", strong=True, fits=_inside((_postcodes()[head],)))
    for domain in (evidence.site_domain, evidence.email_domain):
        if domain:
            yield Witness(f"domain {domain}", strong=False, fits=_in_domain(domain))


def texts(evidence: Evidence) -> Iterator[tuple[str, str, bool]]:
    """Label and text of what the document says in words, and whether the author names himself there."""
    found = (
        ("signature", evidence.signature, True),
        ("publisher", evidence.publisher, True),
        ("address", evidence.address, False),
        ("introduction", evidence.introduction, False),
    )
    for label, text, own in found:
        if text:
            yield label, plain(text), own


def _mentioned(text: str, *, regions_too: bool) -> Callable[[Place], int]:
    def fits(place: Place) -> int:
        named = (place.kind == "zone" or regions_too) and _names_zone_or_region(place, text)
        return OWN * named + sum(
            _weight(region) for region in _outer(place) if _names_region(region, text, short=regions_too)
        )

    return fits


def _names_zone_or_region(place: Place, text: str) -> bool:
    if place.kind == "zone" and place.parent is not None:
        own = place.name.removeprefix(place.parent.name).removeprefix(place.parent.short)
        return place.name in text or f"{place.parent.name}{own}" in text
    return place.kind == "region" and place.name in text


def _names_region(region: Place, text: str, *, short: bool) -> bool:
    """Short forms count for provinces, and where the author names himself: those of cities are streets and
    districts elsewhere (中山路, 朝阳区), and anybody may have been to 北京.
    """
    return region.name in text or (short and region.level == "province" and region.short in text)


def _outer(place: Place) -> list[Place]:
    return [region for region in place.chain() if region is not place and region.kind == "region"]


def _weight(region: Place) -> int:
    return PREFECTURE + PROVINCE if region.code in _MUNICIPALITIES else _LEVELS[region.level]


def _inside(codes: tuple[str, ...]) -> Callable[[Place], int]:
    def fits(place: Place) -> int:
        return (
            PREFECTURE
            if any(region.code in codes for region in place.chain() if region.kind == "region")
            else NONE
        )

    return fits


def _in_domain(domain: str) -> Callable[[Place], int]:
    labels = set(domain.lower().split("."))

    def fits(place: Place) -> int:
        return sum(_weight(region) for region in _outer(place) if region.pinyin in labels)

    return fits


@cache
def _phone_areas() -> dict[str | None, tuple[str, ...]]:
    return {row["area_code"]: tuple(row["regions"].split()) for row in read_table("phone_areas")}


@cache
def _postcodes() -> dict[str, str]:
    return {row["head"]: row["region"] for row in read_table("postcodes")}
