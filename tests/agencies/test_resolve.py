"""Names become agencies: rightly, or openly not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.agencies import AgencyType, Evidence, Status, gather_evidence, principal_of, resolve
from tests.agencies.accuracy import labels, measure
from tests.agencies.seeds import SEEDS, stream

FEW = 120


# --- the labelled list ---


def test_labelled_names_are_resolved_rightly() -> None:
    found = measure()
    assert found.names >= 400
    assert found.precision >= 0.995, found.wrong
    assert found.coverage >= 0.95, found.wrong


def test_no_ambiguous_name_is_resolved_without_evidence() -> None:
    found = measure()
    assert found.ambiguous_resolved == 0, found.wrong
    assert found.statuses["unresolved", "resolved"] == 0, found.wrong


def test_the_list_has_every_kind_of_name() -> None:
    known = labels()
    assert {label.agency_type for label in known if label.agency_type} == set(AgencyType)
    assert {label.admin_level for label in known if label.admin_level} == {
        "national",
        "province",
        "prefecture",
        "county",
        "town",
    }
    assert sum(label.told for label in known) >= 40
    assert sum(label.resolution == "ambiguous" for label in known) >= 40
    assert sum(label.resolution == "unresolved" for label in known) >= 40


# --- the five documents ---

EXPECTED = {
    # file: id (must never move), name, type, level, region, province, prefecture, county, town, acts for
    "000_f38378f0edcefb48.txt": (
        "a951d35ea71081493", "盐城经济技术开发区管理委员会", "zone", "county", "320900",
        "江苏省", "盐城市", None, None, None,
    ),
    "001_fa92f58d60610388.txt": (
        "a33e132eb852f32df", "启东市行政审批局", "department", "county", "320681",
        "江苏省", "南通市", "启东市", None, None,
    ),
    "002_a9609876a079f62f.txt": (
        "a48ddff2e4ad5e4bd", "赣州经济技术开发区经济发展局", "zone", "county", "360700",
        "江西省", "赣州市", None, None, None,
    ),
    "003_37d8ade0c0ec5d8b.txt": (
        "aa0445772db35e1aa", "淄博经济开发区管理委员会办公室", "zone", "county", "370300",
        "山东省", "淄博市", None, None, "淄博经济开发区管理委员会",
    ),
    "004_4339039e26702392.txt": (
        "a8a6f1eadfab78ae8", "海盐县秦山街道办事处", "town", "town", "330424002",
        "浙江省", "嘉兴市", "海盐县", "秦山街道", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("file_name", SEEDS)
def test_seed(file_name: str) -> None:
    name, year = SEEDS[file_name]
    found = resolve(name, gather_evidence(stream(file_name), year))
    observed = (
        found.agency_id, found.name, found.agency_type, found.admin_level, found.region_code,
        found.province, found.prefecture, found.county, found.town, found.acts_for_name,
    )  # fmt: skip
    assert found.resolution is Status.RESOLVED
    assert observed == EXPECTED[file_name]


def test_the_street_needs_its_county() -> None:
    assert resolve("秦山街道办事处").resolution is Status.AMBIGUOUS
    told = resolve("秦山街道办事处", Evidence(introduction="海盐县秦山街道办事处"))
    assert told.region_code == "330424002"
    assert "introduction" in told.evidence
    only_province = resolve("秦山街道办事处", Evidence(introduction="浙江省人民政府"))
    assert only_province.resolution is Status.AMBIGUOUS


def test_an_office_is_tied_to_the_body_that_it_signs_for() -> None:
    office, body = resolve("淄博经开区管委会办公室"), resolve("淄博经济开发区管理委员会")
    assert office.acts_for == body.agency_id
    assert office.agency_id != body.agency_id
    principal = principal_of(office)
    assert principal is not None
    assert (principal.agency_id, principal.name, principal.region_code) == (
        body.agency_id,
        body.name,
        "370300",
    )
    assert principal_of(body) is None


def test_the_government_office_is_a_department_that_acts_for_the_government() -> None:
    office = resolve("启东市人民政府办公室")
    assert office.agency_type is AgencyType.DEPARTMENT
    assert office.acts_for == resolve("启东市人民政府").agency_id


# --- ids ---


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "赣州经开区经发局",
            "赣州经济技术开发区经济发展局",
            "赣州经济技术开发区经发局2020年政府信息公开工作年度报告",
        ],
        ["秦山街道|海盐县秦山街道", "海盐县秦山街道办事处", "浙江省嘉兴市海盐县秦山街道办"],
        ["启东市行政审批局", "江苏省启东市行政审批局", "南通市启东市 行政审批局", "启东行政审批局"],
        ["启东市教育和体育局", "启东市教育体育局", "启东市教体局"],
        ["江苏省发改委", "江苏省发展和改革委员会", "江苏省发展改革委"],
        ["启东市税务局", "国家税务总局启东市税务局"],
        ["南京海关", "中华人民共和国南京海关"],
        ["盐城市大丰生态环境局", "盐城市大丰区生态环境局"],
        ["威海火炬高技术产业开发区管委会", "威海火炬高新技术产业开发区管理委员会"],
        ["启东市", "启东市政府", "启东市人民政府"],
    ],
)
def test_spellings_of_one_agency_share_one_id(spellings: list[str]) -> None:
    found = []
    for year, spelling in enumerate(spellings, start=2019):
        name, _, told = spelling.partition("|")
        found.append(resolve(name, Evidence(introduction=told or None, report_year=year)))
    assert {one.resolution for one in found} == {Status.RESOLVED}
    assert len({one.agency_id for one in found}) == 1
    assert len({one.name for one in found}) == 1


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("朝阳区财政局", [Evidence(phone_area="010"), Evidence(phone_area="0431")]),
        ("鼓楼区人民政府", [Evidence(phone_area=area) for area in ("025", "0516", "0591")]),
        ("桥头镇人民政府", [Evidence(address="东莞市桥头镇"), Evidence(address="永嘉县桥头镇")]),
    ],
)
def test_one_name_in_several_places_is_several_agencies(name: str, places: list[Evidence]) -> None:
    found = [resolve(name, evidence) for evidence in places]
    assert {one.resolution for one in found} == {Status.RESOLVED}
    assert len({one.agency_id for one in found}) == len(places)
    assert len({one.region_code for one in found}) == len(places)


@given(st.permutations(range(FEW)))
def test_ids_do_not_depend_on_order(order: list[int]) -> None:
    known = labels()[:: len(labels()) // FEW][:FEW]
    in_order = [resolve(label.name, label.evidence) for label in known]
    shuffled = {index: resolve(known[index].name, known[index].evidence) for index in order}
    assert [shuffled[index] for index in range(FEW)] == in_order


def test_different_bodies_have_different_ids() -> None:
    names: dict[str, set[tuple[str, str | None]]] = {}
    for label in labels():
        found = resolve(label.name, label.evidence)
        if found.resolution is Status.RESOLVED:
            names.setdefault(found.agency_id, set()).add((found.name, found.county or found.prefecture))
    assert not [seen for seen in names.values() if len(seen) > 1]


def test_a_name_that_is_not_resolved_keeps_one_id_too() -> None:
    one, other = resolve("火星市财政局"), resolve(" 火星市 财政局 2021年政府信息公开工作年度报告")
    assert one.agency_id == other.agency_id
    assert one.agency_id.startswith("u")
    assert one.agency_id != resolve("月亮市财政局").agency_id


# --- places that changed ---


def test_a_renamed_place_links_its_bodies_and_does_not_fuse_them() -> None:
    before = resolve("沙县财政局", Evidence(report_year=2019))
    after = resolve("沙县区财政局", Evidence(report_year=2022))
    assert (before.region_code, after.region_code) == ("350427", "350405")
    assert before.agency_id != after.agency_id
    assert (before.successor, before.succession) == (after.agency_id, "renamed")
    assert after.successor is None


def test_a_merged_place_says_so() -> None:
    before = resolve("杭州市下城区财政局", Evidence(report_year=2020))
    after = resolve("杭州市拱墅区财政局", Evidence(report_year=2022))
    assert (before.successor, before.succession) == (after.agency_id, "merged")


def test_a_place_that_only_changed_its_code_keeps_its_bodies() -> None:
    before = resolve("公主岭市财政局", Evidence(report_year=2018))
    after = resolve("公主岭市财政局", Evidence(report_year=2022))
    assert (before.region_code, after.region_code) == ("220381", "220184")
    assert before.agency_id == after.agency_id


def test_a_street_follows_its_county() -> None:
    before = resolve("沙县凤岗街道办事处", Evidence(report_year=2019))
    after = resolve("沙县区凤岗街道办事处", Evidence(report_year=2022))
    assert before.region_code == "350427001"
    assert before.successor == after.agency_id


def test_the_year_tells_two_regions_of_one_name_apart() -> None:
    assert resolve("铜仁市财政局", Evidence(report_year=2009)).region_code == "522201"
    assert resolve("铜仁市财政局", Evidence(report_year=2016)).region_code == "520600"
    assert resolve("铜仁市财政局").resolution is Status.AMBIGUOUS


def test_a_national_body_that_was_merged_names_its_successor() -> None:
    assert resolve("国土资源部").successor == resolve("自然资源部").agency_id


# --- evidence decides, or nothing does ---


def test_evidence_that_disagrees_decides_nothing() -> None:
    found = resolve("朝阳区人民政府", Evidence(phone_area="010", address="吉林省长春市前进大街"))
    assert found.resolution is Status.AMBIGUOUS
    assert "disagrees" in found.evidence
    assert {candidate.region_code for candidate in found.candidates} == {"110105", "220104"}


def test_a_domain_is_heard_where_nothing_stronger_speaks() -> None:
    domain = "www.changchun.gov.cn"
    assert resolve("朝阳区人民政府", Evidence(site_domain=domain)).region_code == "220104"
    assert resolve("朝阳区人民政府", Evidence(site_domain=domain, phone_area="010")).region_code == "110105"


def test_evidence_that_fits_several_candidates_narrows_without_deciding() -> None:
    found = resolve("鼓楼区人民政府", Evidence(address="江苏省"))
    assert found.resolution is Status.AMBIGUOUS
    assert {candidate.region_code for candidate in found.candidates} == {"320106", "320302"}
    assert found.region_code == "320000"


def test_a_trip_to_the_capital_is_no_evidence() -> None:
    found = resolve("朝阳区人民政府", Evidence(introduction="我区赴北京学习政务公开工作"))
    assert found.resolution is Status.AMBIGUOUS


def test_a_short_form_of_a_zone_is_settled_by_its_full_name_in_the_text() -> None:
    assert resolve("扬中经开区管委会").resolution is Status.RESOLVED
    open_name = resolve("无棣经开区管委会")
    assert open_name.resolution is Status.AMBIGUOUS
    assert open_name.region_code == "371623"
    told = resolve("无棣经开区管委会", Evidence(introduction="无棣经济开发区管委会2020年报告"))
    assert told.name == "无棣经济开发区管理委员会"


def test_a_body_without_its_place_is_found_where_the_text_has_both() -> None:
    found = resolve("财政局", Evidence(signature="盐城市亭湖区财政局"))
    assert (found.region_code, found.name) == ("320902", "盐城市亭湖区财政局")
    two = resolve("财政局", Evidence(introduction="海盐县财政局与启东市财政局"))
    assert two.resolution is Status.AMBIGUOUS


def test_a_town_that_no_list_has_keeps_its_county_and_stays_unresolved() -> None:
    found = resolve("海盐县火星街道办事处")
    assert found.resolution is Status.UNRESOLVED
    assert (found.region_code, found.county, found.town) == ("330424", "海盐县", None)


@pytest.mark.parametrize(
    "name", ["", " ", "\n", "（）", "的", "2020年", "市" * 500, "秦山街道" * 200, "\U00020000镇"]
)
def test_strange_names_are_unresolved(name: str) -> None:
    assert resolve(name).resolution is Status.UNRESOLVED


@given(
    st.text(alphabet="江苏省盐城市朝阳区启东海县街道镇经济开发局委办公室人民政府中国家税务总关", max_size=30)
)
def test_any_string_of_such_signs_gives_a_whole_record(name: str) -> None:
    found = resolve(name)
    if found.resolution is Status.RESOLVED:
        assert found.name
        assert found.agency_type is not None
        assert found.admin_level == "national" or found.region_code
        assert not found.candidates
    assert found.evidence
