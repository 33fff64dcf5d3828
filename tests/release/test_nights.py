"""Several nights through the command line: published, held back, acknowledged, rolled back.

One warehouse lives through all of it (each night costs seconds); a test looks at one night.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from tests.commands import gongkai
from tests.small_reports import figures, report

pytestmark = pytest.mark.timeout(900)  # the whole story is told before the first test
BODIES = [f"启东市{name}局" for name in ("审计", "财政", "民政", "水利", "教育", "司法")]
TABLES = re.compile(r"(?ms)^(二、主动公开[^\n]*\n).*?(?=^五、)")
REQUESTS = "SELECT sum(requests_new) AS n FROM mart.agency_year"


class Night(NamedTuple):
    """How a command ended, and what the warehouse then was."""

    code: int
    printed: str
    requests: int
    records: dict[str, dict[str, Any]]
    files: dict[str, tuple[int, int]]

    def of(self, folder: str) -> list[dict[str, Any]]:
        return [record for name, record in sorted(self.records.items()) if name.startswith(f"{folder}/2")]


class House(NamedTuple):
    """A folder of documents and its warehouse, to which commands are given."""

    raw: Path
    warehouse: Path

    def write(self, number: int, new: int, published: str, *, tables: bool = True) -> None:
        text = report(BODIES[number], 2022, figures(new, 1, 1), published=published)
        (self.raw / f"{number}.txt").write_text(text if tables else TABLES.sub(r"\1", text), encoding="utf-8")

    def ingest(self, *options: str) -> Night:
        return self.do("ingest", "--raw", self.raw, *options)

    def do(self, *arguments: str | Path) -> Night:
        ended = gongkai(*arguments, "--warehouse", self.warehouse)
        code, printed = ended.returncode, ended.stdout + ended.stderr
        assert "Traceback" not in printed
        records = {
            path.relative_to(self.warehouse).as_posix(): json.loads(path.read_text(encoding="utf-8"))
            for folder in ("releases", "held")
            for path in (self.warehouse / folder).glob("*.json")
        }
        files = {
            path.relative_to(self.warehouse).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in self.warehouse.rglob("*")
            if path.is_file() and path.name != ".lock" and path.parent.name not in {"runs", "logs"}
        }
        with duckdb.connect(self.warehouse / "gongkai.duckdb", read_only=True) as connection:
            ((requests,),) = connection.execute(REQUESTS).fetchall()
        return Night(code, printed, int(requests), records, files)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder = tmp_path_factory.mktemp("house")
    (folder / "raw").mkdir()
    return House(folder / "raw", folder / "warehouse")


@pytest.fixture(scope="module")
def nights(house: House) -> dict[str, Night]:
    """The story: each entry is one command and how the warehouse stood after it."""
    found = {}
    for number in range(len(BODIES)):
        house.write(number, 10, "2023年1月10日")
    found["first"] = house.ingest()
    house.write(0, 11, "2023年1月20日")
    found["changed"] = house.ingest()
    found["same"] = house.ingest()
    for number in range(3):
        house.write(number, 10, "2023年2月20日", tables=False)
    found["bad"] = house.ingest()
    found["bad again"] = house.ingest()
    found["bad status"] = house.do("status", "--raw", house.raw, "--format", "json")
    found["compared"] = house.do("diff", "published", "held", "--exit-code")
    found["listed"] = house.do("releases")
    found["acknowledged"] = house.ingest("--acknowledge", "the bodies took their tables off")
    found["back"] = house.do("rollback")
    found["further back"] = house.do("rollback")
    found["too far back"] = house.do("rollback")
    found["pinned"] = house.ingest()
    found["forward"] = house.do("rollback", found["acknowledged"].of("releases")[-1]["release_id"])
    found["as before"] = house.ingest()
    return found


def ids(night: Night) -> list[str]:
    return [one["release_id"] for one in night.of("releases")]


def test_each_publishing_leaves_a_release_with_its_record(nights: dict[str, Night]) -> None:
    assert nights["first"].requests == 60
    assert nights["changed"].requests == 61
    first, second = nights["changed"].of("releases")
    assert (first["previous"], second["previous"]) == (None, first["release_id"])
    assert second["rows"]["mart.agency_year"] == 6
    assert 0.9 < second["verified_share"] <= 1
    assert second["inputs"]["code"][0] == second["parser_version"]
    assert second["acknowledged"] is None
    assert re.fullmatch(r"\d{8}T\d{6}Z", second["release_id"])


def test_a_night_without_changes_touches_nothing(nights: dict[str, Night]) -> None:
    assert nights["same"].code == 0
    assert "Nothing changed" in nights["same"].printed
    assert nights["same"].files == nights["changed"].files


def test_a_build_beyond_the_bounds_is_held_back_and_says_why(nights: dict[str, Night]) -> None:
    bad = nights["bad"]
    assert bad.code == 1
    assert "held back" in bad.printed
    assert re.search(
        r"verified share of cells, all years: \d+\.\d+ % after \d+\.\d+ %, at least", bad.printed
    )
    assert "gongkai diff published held" in bad.printed
    assert 'gongkai ingest --acknowledge "why"' in bad.printed
    assert bad.requests == 61
    assert ids(bad) == ids(nights["changed"])
    (held,) = bad.of("held")
    assert {breach[0] for breach in held["breaches"]} >= {
        "verified share of cells, all years",
        "verified share of cells, 2022",
        "filled share of mart.agency_year.requests_new",
    }


def test_the_next_night_holds_it_back_again_without_building_it_anew(nights: dict[str, Night]) -> None:
    again = nights["bad again"]
    assert again.code == 1
    assert again.printed.count("held back") == 1
    assert again.files == nights["bad"].files


def test_a_night_that_was_held_back_did_not_end_well(nights: dict[str, Night]) -> None:
    asked = nights["bad status"]
    found = json.loads(asked.printed)
    assert asked.code == 1
    assert found["last_good_run"] < found["held"]["since"]
    assert found["failed"]["faults"][0].startswith("publish: The new warehouse is held back")
    assert "dagster" not in nights["bad"].printed.partition("The new warehouse is held back")[0]


def test_what_is_held_back_can_be_compared_with_what_is_published(nights: dict[str, Night]) -> None:
    compared = nights["compared"]
    assert compared.code == 1
    lines = [line for line in compared.printed.splitlines() if line.startswith("core.cell (current)")]
    assert int(lines[0].split()[-1]) > 3 * 190
    assert "启东市审计局" in compared.printed


def test_releases_are_listed_with_what_is_published_and_what_is_held_back(nights: dict[str, Night]) -> None:
    listed = nights["listed"]
    assert listed.code == 0
    newest_first = [line.split()[:2] for line in listed.printed.splitlines()[2:5]]
    first, second = ids(nights["changed"])
    (held,) = nights["bad"].of("held")
    assert newest_first[:2] == [[held["release_id"], "held"], [second, "published"]]
    assert newest_first[2][0] == first
    assert "verified share of cells, all years" in listed.printed


def test_an_acknowledged_build_is_published_with_its_reason(nights: dict[str, Night]) -> None:
    acknowledged = nights["acknowledged"]
    assert acknowledged.code == 0
    assert acknowledged.requests == 30
    newest = acknowledged.of("releases")[-1]
    assert newest["acknowledged"] == "the bodies took their tables off"
    assert newest["breaches"] == nights["bad"].of("held")[0]["breaches"]
    assert acknowledged.of("held") == []
    assert not any(name.startswith("held") for name in acknowledged.files)
    held = next(state for name, state in nights["bad"].files.items() if re.match(r"held/.*\.duckdb", name))
    assert acknowledged.files["gongkai.duckdb"] == held  # what was looked at is what is published


def test_rolling_back_goes_from_release_to_release_until_there_is_none(nights: dict[str, Night]) -> None:
    first, second, third = ids(nights["acknowledged"])
    assert [nights[name].requests for name in ("back", "further back", "too far back")] == [61, 60, 60]
    assert [nights[name].code for name in ("back", "further back", "too far back")] == [0, 0, 1]
    assert f"no release before {first}" in nights["too far back"].printed
    assert f"Published again: {second}" in nights["back"].printed
    assert f"gongkai rollback {third}" in nights["back"].printed
    assert ids(nights["further back"]) == [first, second, third]


def test_a_rollback_holds_later_builds_back(nights: dict[str, Night]) -> None:
    pinned = nights["pinned"]
    assert pinned.code == 1
    assert pinned.requests == 60
    assert f"rolled back to {ids(pinned)[0]} on 2" in pinned.printed
    assert len(pinned.of("held")) == 1


def test_rolling_forward_to_the_newest_ends_it(nights: dict[str, Night]) -> None:
    assert nights["forward"].requests == nights["as before"].requests == 30
    assert nights["as before"].code == 0
    assert "Nothing changed" in nights["as before"].printed
    assert ids(nights["as before"]) == ids(nights["acknowledged"])
    assert not [name for name in nights["as before"].files if name.startswith(("held", "releases/pinned"))]


def test_only_the_last_releases_are_kept(house: House, nights: dict[str, Night]) -> None:
    del nights
    house.write(5, 12, "2023年1月30日")
    kept = house.ingest("--keep", "2")
    assert kept.code == 0, kept.printed
    assert len(kept.of("releases")) == 2
    assert {name for name in kept.files if name.endswith(".duckdb")} == {
        "gongkai.duckdb",
        *(f"releases/{one}.duckdb" for one in ids(kept)),
    }


@pytest.fixture
def copied(house: House, nights: dict[str, Night], tmp_path: Path) -> Path:
    del nights
    return Path(shutil.copytree(house.warehouse, tmp_path / "copy"))


def test_a_release_that_is_not_there_or_damaged_is_refused(copied: Path) -> None:
    before = (copied / "gongkai.duckdb").read_bytes()
    unknown = gongkai("rollback", "20200101T000000Z", "--warehouse", copied)
    oldest = min((copied / "releases").glob("*.duckdb"))
    oldest.write_bytes(b"torn" + oldest.read_bytes()[4:])
    damaged = gongkai("rollback", oldest.stem, "--warehouse", copied)
    assert (unknown.returncode, damaged.returncode) == (1, 1)
    assert "There is no release 20200101T000000Z; there are 2" in unknown.stderr
    assert f"{oldest} is not as it was published" in damaged.stderr
    assert (copied / "gongkai.duckdb").read_bytes() == before


def test_there_is_nothing_to_list_or_roll_back_without_a_warehouse(tmp_path: Path) -> None:
    for command in ("releases", "rollback"):
        ended = gongkai(command, "--warehouse", tmp_path)
        assert ended.returncode == 1
        assert "run `make run` or `gongkai ingest` first" in ended.stderr
    assert gongkai("ingest", "--acknowledge", " ").returncode == 2
