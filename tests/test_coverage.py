"""Who reports when and where: mart.coverage, mart.region_year, and the bodies and regions they rest on."""

from collections import Counter
from pathlib import Path

import pytest

from tests.commands import Row, ingest, sql
from tests.small_reports import figures, report, write

WHOLE = "2020年，全市共收到政府信息公开申请{}件。"
UNKNOWN = "鼓楼区财政局"  # four districts bear the name
NEW = [("application", "received_new", column) for column in ("natural_person", "total")]
REPORTS = {
    # Two spellings of one body; 2021 is missing, 2020 was late, 2022 came on the last day.
    "qidong_2020": report("启东市财政局", 2020, figures(new=5), published="2021年2月15日"),
    "qidong_2022": report("江苏省启东市财政局", 2022, figures(new=6), published="2023年1月31日"),
    # A government has until 31 March; the corrected version came after it, the first did not.
    "government_first": report(
        "启东市人民政府",
        2020,
        figures(new=40),
        published="2021年3月31日",
        overview=WHOLE.format(40),
    ),
    "government_second": report(
        "启东市人民政府",
        2020,
        figures(new=41),
        published="2021年5月6日",
        overview=WHOLE.format(41),
    ),
    # Its office tells of the same requests once more.
    "office": report("启东市人民政府办公室", 2020, figures(new=41), overview=WHOLE.format(41)),
    # A government of which nothing says for whom it speaks.
    "unclear": report("如皋市人民政府", 2020, figures(new=70)),
    # Bodies of two counties with one office's name, and one without a number.
    "education_qidong": report("启东市教育局", 2020, figures(new=2)),
    "education_rugao": report("如皋市教育局", 2020, figures(new=4)),
    "blank": report("启东市水利局", 2020, figures(new=9) | dict.fromkeys(NEW, "/")),
    "town": report("启东市北新镇人民政府", 2020, figures(new=1)),
    # A county-level city that became a district: the years between are missing of the district.
    "haimen_before": report("海门市民政局", 2018 + 1, figures(new=1)),
    "haimen_after": report("南通市海门区民政局", 2022, figures(new=1)),
    # Names that fit several bodies: alone without an address, one body with the same one.
    "open_a": report(UNKNOWN, 2020, figures(new=1)),
    "open_b": report(UNKNOWN, 2020, figures(new=2)),
    "open_c": report("财政局", 2020, figures(new=3), contact="地址：中山路8号。"),
    "open_d": report("财政局", 2020, figures(new=4), contact="地址：中山路8号。", published="2021年1月20日"),
    "open_e": report("财政局", 2020, figures(new=5), contact="地址：解放路1号。"),
    "no_report": "今天天气很好。\n",
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("coverage")
    ingest(write(made / "raw", REPORTS), made)
    return made


def coverage(warehouse: Path, name: str) -> dict[int, Row]:
    rows = sql(warehouse, f"SELECT * FROM mart.coverage WHERE name = '{name}' ORDER BY report_year")
    return {row["report_year"]: row for row in rows}


def region(warehouse: Path, code: str, metric: str = "requests_new") -> dict[tuple[str, str, str], Row]:
    rows = sql(
        warehouse,
        f"SELECT * FROM mart.region_year WHERE region_code = '{code}' AND report_year = 2020 "
        f"AND metric_code = '{metric}'",
    )
    return {(row["agency_type"], row["admin_level"], row["scope_group"]): row for row in rows}


# --- bodies ---


def test_two_spellings_over_two_years_are_one_agency(warehouse: Path) -> None:
    rows = sql(
        warehouse,
        "SELECT agency_id, agency_name FROM core.report WHERE agency_name LIKE '%启东市财政局'",
    )
    assert {row["agency_name"] for row in rows} == {"启东市财政局", "江苏省启东市财政局"}
    assert len({row["agency_id"] for row in rows}) == 1


def test_one_office_name_in_two_counties_is_two_agencies(warehouse: Path) -> None:
    rows = sql(
        warehouse,
        "SELECT agency_id, region_code FROM core.dim_agency WHERE name LIKE '%教育局' ORDER BY region_code",
    )
    assert [row["region_code"] for row in rows] == ["320681", "320682"]
    assert len({row["agency_id"] for row in rows}) == 2


def test_open_names_replace_each_other_only_at_the_same_address(warehouse: Path) -> None:
    rows = sql(
        warehouse,
        "SELECT file_name, agency_id, version, is_current FROM core.report INNER JOIN raw.document "
        "USING (document_id) WHERE file_name LIKE 'open_%' ORDER BY file_name",
    )
    found = {row["file_name"][5]: row for row in rows}
    assert {name: row["version"] for name, row in found.items()} == {"a": 1, "b": 1, "c": 1, "d": 2, "e": 1}
    assert [name for name, row in found.items() if not row["is_current"]] == ["c"]
    assert found["c"]["agency_id"] == found["d"]["agency_id"]
    assert len({row["agency_id"] for row in rows}) == 4
    assert all(row["agency_id"].startswith("u") for row in rows)


def test_a_place_that_became_a_district_meets_its_successor(warehouse: Path) -> None:
    rows = sql(
        warehouse,
        """
        SELECT before.name, before.succession, before.region_code AS was, after.region_code AS became,
            dim_region.successor_code, dim_region.valid_to
        FROM core.dim_agency AS before
        INNER JOIN core.dim_agency AS after ON after.agency_id = before.successor
        INNER JOIN core.dim_region ON dim_region.region_code = before.region_code
        """,
    )
    (row,) = rows
    assert (row["name"], row["succession"]) == ("海门市民政局", "renamed")
    assert (row["was"], row["became"], row["successor_code"]) == ("320684", "320614", "320614")
    assert row["valid_to"] in (2019, 2020)


def test_the_scope_of_a_report_states_its_evidence(warehouse: Path) -> None:
    rows = sql(warehouse, "SELECT agency_name, scope, scope_evidence FROM core.report WHERE is_current")
    found = {row["agency_name"]: row for row in rows}
    assert found["启东市人民政府"]["scope"] == "consolidated"
    assert "全市" in found["启东市人民政府"]["scope_evidence"]
    assert found["如皋市人民政府"]["scope"] is None
    assert all(row["scope_evidence"] for row in rows)


# --- coverage ---


def test_a_year_between_two_published_ones_is_missing(warehouse: Path) -> None:
    found = coverage(warehouse, "启东市财政局")
    assert {year: row["coverage_status"] for year, row in found.items()} == {
        2020: "published",
        2021: "missing",
        2022: "published",
    }
    assert found[2021]["report_id"] is None
    assert found[2021]["is_late"] is None


def test_late_is_after_the_day_due_of_its_kind_of_body(warehouse: Path) -> None:
    department = coverage(warehouse, "启东市财政局")
    assert (department[2020]["is_late"], department[2020]["days_late"]) == (True, 15)
    assert department[2020]["due_on"] == "2021-01-31"
    assert (department[2022]["is_late"], department[2022]["days_late"]) == (False, None)


def test_a_corrected_version_does_not_make_a_year_late(warehouse: Path) -> None:
    government = coverage(warehouse, "启东市人民政府")[2020]
    assert (government["versions"], government["first_published_on"]) == (2, "2021-03-31")
    assert government["is_late"] is False


def test_without_a_date_nothing_is_said_of_lateness(warehouse: Path) -> None:
    assert coverage(warehouse, "启东市教育局")[2020]["is_late"] is None


def test_years_between_a_body_and_its_successor_are_missing_of_the_successor(warehouse: Path) -> None:
    assert list(coverage(warehouse, "海门市民政局")) == [2019]
    after = coverage(warehouse, "南通市海门区民政局")
    assert {year: row["coverage_status"] for year, row in after.items()} == {
        2020: "missing",
        2021: "missing",
        2022: "published",
    }


def test_a_quarantined_document_is_shown_with_its_reason_and_no_agency(warehouse: Path) -> None:
    rows = sql(warehouse, "SELECT * FROM mart.coverage WHERE coverage_status = 'quarantined'")
    (row,) = rows
    assert (row["file_name"], row["agency_id"]) == ("no_report.txt", None)
    assert row["reason"]


def test_every_current_report_is_covered_once(warehouse: Path) -> None:
    rows = sql(warehouse, "SELECT report_id FROM mart.coverage WHERE coverage_status = 'published'")
    current = sql(warehouse, "SELECT report_id FROM core.report WHERE is_current")
    assert Counter(row["report_id"] for row in rows) == Counter(row["report_id"] for row in current)


# --- regions ---


def test_a_county_adds_up_its_departments_apart_from_its_government(warehouse: Path) -> None:
    found = region(warehouse, "320681")
    departments = found["department", "county", "own"]
    # 财政局 5 and 教育局 2; 水利局 has no number, which is no zero.
    assert (departments["value"], departments["agencies"], departments["agencies_counted"]) == (5 + 2, 3, 2)
    government = found["government", "county", "consolidated"]
    assert (government["value"], government["agencies"]) == (41, 1)
    assert found["town", "town", "own"]["value"] == 1
    # The government's office tells of the government's requests once more: it has no row of its own.
    assert len(found) == 3


def test_prefecture_and_province_roll_up_what_is_below(warehouse: Path) -> None:
    for code, level, name in (("320600", "prefecture", "南通市"), ("320000", "province", "江苏省")):
        found = region(warehouse, code)
        departments = found["department", "county", "own"]
        assert (departments["region_level"], departments["region_name"]) == (level, name)
        assert (departments["value"], departments["agencies_counted"]) == (5 + 2 + 4, 3)
        assert found["government", "county", "consolidated"]["value"] == 41


def test_bodies_of_unknown_scope_are_counted_and_not_added(warehouse: Path) -> None:
    unclear = region(warehouse, "320600")["government", "county", "unknown"]
    assert (unclear["agencies"], unclear["agencies_counted"], unclear["value"]) == (1, 0, None)


def test_a_rate_is_that_of_the_sums(warehouse: Path) -> None:
    departments = region(warehouse, "320600", "grant_rate")["department", "county", "own"]
    # All is granted: 5, 2 and 4, and the 9 of the body whose new requests have no number.
    assert (departments["numerator"], departments["denominator"], departments["value"]) == (20, 20, 1)


def test_no_row_mixes_scopes_and_none_rests_on_an_open_name(warehouse: Path) -> None:
    rows = sql(
        warehouse,
        """
        SELECT region_year.region_code, region_year.scope_group, any_value(region_year.agencies) AS agencies,
            count(*) AS bodies
        FROM mart.region_year
        INNER JOIN core.dim_agency AS body
            ON body.agency_type = region_year.agency_type AND body.admin_level = region_year.admin_level
        INNER JOIN core.report USING (agency_id, report_year)
        WHERE metric_code = 'backlog' AND region_level = 'province' AND report.is_current
            AND body.resolution = 'resolved' AND body.province = region_year.province
            AND coalesce(report.scope, 'unknown') = region_year.scope_group
        GROUP BY region_year.region_code, region_year.report_year, region_year.scope_group,
            region_year.agency_type, region_year.admin_level
        """,
    )
    assert rows
    assert all(row["agencies"] == row["bodies"] for row in rows)
