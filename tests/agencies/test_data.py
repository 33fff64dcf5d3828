"""The extracted and the reviewed tables: whole, consistent, and as the manifest says."""

import csv
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.agencies import AgencyType, Status, resolve
from pipeline.agencies.overrides import Override, overrides, read_overrides
from pipeline.agencies.places import OPEN, all_towns, regions, successor, zones
from pipeline.agencies.tables import DATA, read_table
from pipeline.agencies.zone_names import zone_kinds

LARGEST_FILE = 1 << 20
# Split between several; the last two, of the NBS list alone, became 茫崖市 together.
WITHOUT_ONE_SUCCESSOR = {"桥东区", "南郊区", "巢湖市", "冷湖行政委员会", "茫崖行政委员会"}


def test_extracted_tables_are_those_of_the_manifest() -> None:
    listed = {row["table"]: row for row in read_table("manifest")}
    towns = {f"towns/{path.stem}" for path in (DATA / "towns").glob("*.csv")}
    assert set(listed) == {"regions", "zones", "phone_areas", "postcodes"} | towns
    for name, row in listed.items():
        text = (DATA / f"{name}.csv").read_bytes()
        assert sha256(text).hexdigest() == row["sha256"], f"{name}.csv was changed by hand"
        assert text.count(b"\n") - 1 == int(row["rows"])


def test_no_file_is_large() -> None:
    assert [path for path in DATA.rglob("*") if path.is_file() and path.stat().st_size > LARGEST_FILE] == []


def test_counts_are_those_of_the_official_lists() -> None:
    now = Counter(
        row["level"] for row in read_table("regions") if not row["valid_to"] and row["system"] == "MCA"
    )
    # 34 provinces with Hong Kong, Macao and Taiwan; 333 prefectures; 2,847 counties in September 2026.
    assert now == {"province": 34, "prefecture": 333, "county": 2847}


def test_the_counties_that_only_the_nbs_lists_have() -> None:
    found = {row["name"] for row in read_table("regions") if row["system"] == "NBS" and not row["valid_to"]}
    assert found == {"加格达奇区", "松岭区", "新林区", "呼中区", "大柴旦行政委员会"}


def test_every_parent_and_successor_is_a_region() -> None:
    rows = list(read_table("regions"))
    codes = {row["code"] for row in rows}
    names = {(row["code"], row["name"]) for row in rows}
    assert len(names) == len(rows)
    for row in rows:
        assert re.fullmatch(r"\d{6}", row["code"])
        assert row["parent"] in codes if row["level"] != "province" else not row["parent"]
        assert not row["successor"] or (row["successor"], row["successor_name"]) in names
        assert bool(row["successor"]) == bool(row["relation"])
        assert row["system"] in ("MCA", "NBS")
        assert row["pinyin"].isascii()


def test_regions_that_ended_without_one_successor() -> None:
    lost = {row["name"] for row in read_table("regions") if row["valid_to"] and not row["successor"]}
    assert lost == WITHOUT_ONE_SUCCESSOR


def test_succession_always_ends_at_a_region_that_stands() -> None:
    every = [place for places in regions().by_code.values() for place in places]
    standing = {place.key for place in every if place.last == OPEN}
    for place in every:
        current, seen = place, {place.key}
        while heir := successor(current):
            current = heir[0]
            assert current.key not in seen
            seen.add(current.key)
        assert current.key in standing or current.name in WITHOUT_ONE_SUCCESSOR


def test_towns_have_codes_of_nine_digits_and_a_home() -> None:
    seen = 0
    for town in all_towns():
        seen += 1
        assert re.fullmatch(r"\d{9}", town.code)
        assert town.parent is not None
        assert town.parent.level in ("county", "prefecture")
        assert town.first <= town.last
    assert seen == sum(
        int(row["rows"]) for row in read_table("manifest") if row["table"].startswith("towns/")
    )


def test_town_lines_can_be_split_at_commas() -> None:
    for path in (DATA / "towns").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            quoted = list(csv.reader(lines))
        plain = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        assert quoted == plain
        assert plain[0] == ["mca", "nbs", "name", "first", "last"]


def test_zones_lie_in_regions_and_have_ids_of_their_own() -> None:
    rows = list(read_table("zones"))
    assert len({row["zone_id"] for row in rows}) == len(rows)
    assert {row["region_code"] for row in rows} <= set(regions().by_code)
    assert {row["level"] for row in rows} == {"prefecture", "county", "town"}
    full = {kind.kind for kind in zone_kinds().values()} | set(zone_kinds())
    assert {row["kind"] for row in rows} <= full
    assert sum(map(len, zones().by_stem.values())) == len(rows)


@pytest.mark.parametrize(
    ("name", "region"),
    [("盐城经济技术开发区", "320900"), ("赣州经济技术开发区", "360700"), ("淄博经济开发区", "370300")],
)
def test_the_zones_of_the_seeds_are_registered(name: str, region: str) -> None:
    assert [row["region_code"] for row in read_table("zones") if row["name"] == name] == [region]


def test_contacts_point_to_regions() -> None:
    codes = set(regions().by_code)
    for row in read_table("phone_areas"):
        assert re.fullmatch(r"0(10|2\d|[3-9]\d\d)", row["area_code"])
        assert set(row["regions"].split()) <= codes
    for row in read_table("postcodes"):
        assert re.fullmatch(r"\d{4}", row["head"])
        assert row["region"] in codes


@pytest.mark.parametrize(
    ("area", "region"),
    [("010", "110000"), ("0515", "320900"), ("0513", "320600"), ("0797", "360700"), ("0533", "370300"),
     ("0573", "330400"), ("029", "610100"), ("0898", "460000")],
)  # fmt: skip
def test_known_area_codes(area: str, region: str) -> None:
    found = next(row["regions"].split() for row in read_table("phone_areas") if row["area_code"] == area)
    assert region in found


@pytest.mark.parametrize(("head", "region"), [("2240", "320900"), ("2262", "320600"), ("2550", "370300")])
def test_known_postcodes(head: str, region: str) -> None:
    assert next(row["region"] for row in read_table("postcodes") if row["head"] == head) == region


def test_reviewed_tables_use_known_types() -> None:
    types = set(AgencyType)
    for table in ("departments", "suffixes", "national", "named_bodies"):
        assert {row["type"] for row in read_table(table)} <= types
    assert {row["role"] for row in read_table("offices")} == {"principal", "office"}
    assert {row["place"] for row in read_table("offices")} == {"region", "zone", "town"}


KEYS = {
    "departments": ["stem", "type"],
    "suffixes": ["suffix"],
    "endings": ["ending"],
    "zone_kinds": ["suffix"],
    "offices": ["place", "form"],
    "national": ["name"],
    "named_bodies": ["name"],
    "verticals": ["prefix", "body"],
}


@pytest.mark.parametrize(("table", "columns"), KEYS.items())
def test_no_lookup_is_written_twice(table: str, columns: list[str]) -> None:
    seen = Counter(tuple(row[column] for column in columns) for row in read_table(table))
    assert [key for key, number in seen.items() if number > 1] == []


# --- overrides ---

CASE = """
- name: 朝阳区人民政府
  where: bjchy.gov.cn
  means: 北京市朝阳区人民政府
  reason: the site of the district of Beijing
  expect: ambiguous
  example: {site_domain: www.bjchy.gov.cn}
"""


def entries(tmp_path: Path, text: str) -> tuple[Override, ...]:
    path = tmp_path / "overrides.yaml"
    path.write_text(text, encoding="utf-8")
    return read_overrides(path)


def test_an_override_settles_its_own_case_alone(tmp_path: Path) -> None:
    reviewed = entries(tmp_path, CASE)
    settled = resolve("朝阳区人民政府", reviewed[0].example, reviewed=reviewed)
    assert settled.region_code == "110105"
    assert "the site of the district of Beijing" in settled.evidence
    assert resolve("朝阳区人民政府", reviewed=reviewed).resolution is Status.AMBIGUOUS
    assert resolve("鼓楼区人民政府", reviewed[0].example, reviewed=reviewed).resolution is Status.AMBIGUOUS


def test_an_override_whose_reason_is_gone_is_not_applied(tmp_path: Path) -> None:
    stale = entries(tmp_path, CASE.replace("expect: ambiguous", "expect: unresolved"))
    assert resolve("朝阳区人民政府", stale[0].example, reviewed=stale).resolution is Status.AMBIGUOUS


def test_an_override_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        entries(tmp_path, CASE + "  note: x\n")


def test_every_reviewed_override_is_still_needed_and_resolves() -> None:
    for entry in overrides():
        assert resolve(entry.name, entry.example, reviewed=()).resolution is entry.expect, (
            f"{entry}: no longer needed"
        )
        assert entry.applies(entry.name, entry.example)
        assert resolve(entry.means, reviewed=()).resolution is Status.RESOLVED
        assert entry.reason
