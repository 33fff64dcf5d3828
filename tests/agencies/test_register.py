"""The whole of the official lists against the resolver, not just the labelled names."""

import random
from collections import Counter

import pytest

from pipeline.agencies import Evidence, Status, resolve
from pipeline.agencies.places import OPEN, Place, all_towns, regions

SAMPLE = 3000


def standing() -> list[Place]:
    return [place for places in regions().by_code.values() for place in places if place.last == OPEN]


def full_chain(place: Place) -> str:
    return "".join(reversed([one.name for one in place.chain()]))


def test_every_region_is_found_by_its_full_chain() -> None:
    for place in standing():
        found = resolve(f"{full_chain(place)}人民政府", Evidence(report_year=2026))
        assert (found.resolution, found.region_code) == (Status.RESOLVED, place.code), found


def test_a_county_alone_is_resolved_where_its_name_is_the_only_one() -> None:
    counties = [place for place in standing() if place.level == "county"]
    bearers = Counter(place.name for place in counties)
    # Zones that bear the name of a district or new area elsewhere make these two ambiguous as well.
    shared_with_zones = {"滨海新区", "两江新区"}
    assert len([name for name, number in bearers.items() if number > 1]) == 28
    for place in counties:
        found = resolve(f"{place.name}教育局", Evidence(report_year=2026))
        alone = bearers[place.name] == 1 and place.name not in shared_with_zones
        assert found.resolution is (Status.RESOLVED if alone else Status.AMBIGUOUS), found
        assert not alone or found.region_code == place.code


def test_every_ended_region_is_found_in_its_last_year() -> None:
    ended = [place for places in regions().by_code.values() for place in places if place.last != OPEN]
    assert len(ended) > 300
    for place in ended:
        found = resolve(f"{full_chain(place)}财政局", Evidence(report_year=place.last))
        assert (found.resolution, found.region_code) == (Status.RESOLVED, place.code), found


def test_towns_are_found_in_their_county_and_never_alone() -> None:
    now = [town for town in all_towns() if town.last == OPEN]
    assert len(now) > 38_000
    for town in random.Random(4).sample(now, SAMPLE):
        found = resolve(full_chain(town), Evidence(report_year=2026))
        assert (found.resolution, found.region_code) == (Status.RESOLVED, town.code), found
        assert resolve(town.name).resolution is Status.AMBIGUOUS


def test_a_town_of_another_county_is_never_resolved() -> None:
    chance = random.Random(5)
    now = [town for town in all_towns() if town.parent is not None]
    names: dict[str, set[str]] = {}
    for town in now:
        names.setdefault(town.name, set()).update(place.name for place in town.chain())
    counties = [place for place in standing() if place.level == "county"]
    for town in chance.sample(now, SAMPLE):
        county = chance.choice(counties)
        if county.name not in names[town.name]:
            body = "办事处" if town.name.endswith("街道") else "人民政府"
            assert resolve(f"{county.name}{town.name}{body}").resolution is not Status.RESOLVED


def test_a_county_under_another_city_is_never_resolved() -> None:
    chance = random.Random(6)
    cities = [place for place in standing() if place.level == "prefecture"]
    counties = [place for place in standing() if place.level == "county"]
    homes: dict[str, set[str]] = {}
    for county in (place for places in regions().by_code.values() for place in places):
        homes.setdefault(county.name, set()).update(place.name for place in county.chain())
    for _ in range(SAMPLE):
        city, county = chance.choice(cities), chance.choice(counties)
        if city.name not in homes[county.name]:
            assert resolve(f"{city.name}{county.name}财政局").resolution is not Status.RESOLVED


@pytest.mark.parametrize("level", ["province", "prefecture", "county"])
def test_the_level_of_a_body_is_that_of_its_region(level: str) -> None:
    for place in [place for place in standing() if place.level == level][:200]:
        found = resolve(f"{full_chain(place)}公安局", Evidence(report_year=2026))
        assert found.admin_level == level
