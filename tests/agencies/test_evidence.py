"""What is taken from a document as evidence, and what is not."""

from dataclasses import replace

import pytest

from pipeline.agencies import Evidence, gather_evidence
from pipeline.documents.stream import Cell, Stream
from tests.agencies.seeds import SEEDS, stream


def made(*lines: str, meta: dict[str, str] | None = None) -> Stream:
    return Stream("text/plain", "utf-8", list(lines), range(1, len(lines) + 1), meta=meta or {})


CONTACTS = {
    "000_f38378f0edcefb48.txt": Evidence(
        signature="盐城经济技术开发区党政办公室",
        address="盐城经济技术开发区松江路18号",
        postcode="224007",
        site_domain="kfq.yancheng.gov.cn",
    ),
    "001_fa92f58d60610388.txt": Evidence(
        signature="启东市行政审批局",
        address="启东市行政审批局",
        postcode="226200",
        email_domain="qidong.gov.cn",
    ),
    "002_a9609876a079f62f.txt": Evidence(
        signature="赣州经济技术开发区经济发展局",
        address="赣州经开区华坚南路经开区管委会大楼",
        phone_area="0797",
        site_domain="www.gzkfq.gov.cn",
    ),
    "003_37d8ade0c0ec5d8b.txt": Evidence(),
    "004_4339039e26702392.txt": Evidence(signature="秦山街道办事处"),
}


@pytest.mark.parametrize("file_name", SEEDS)
def test_seed(file_name: str) -> None:
    year = SEEDS[file_name][1]
    found = gather_evidence(stream(file_name), year)
    assert found.introduction
    assert replace(found, introduction=None) == replace(CONTACTS[file_name], report_year=year)


def test_the_street_names_its_county_in_the_introduction() -> None:
    found = gather_evidence(stream("004_4339039e26702392.txt"), 2020)
    assert "海盐县秦山街道办事处" in (found.introduction or "")


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("联系电话：0515-68821236", "0515"),
        ("电话:(0431) 85109177", "0431"),
        ("电话（传真）010—65094114", None),
        ("电话：010—65094114", "010"),
        ("热线为025-84715555。", "025"),
        ("电话:68821236", None),
        ("电话:13912345678", None),
        ("电话:12345", None),
    ],
)
def test_of_a_telephone_number_only_the_area_code_is_taken(text: str, area: str | None) -> None:
    found = gather_evidence(made("标题", text), 2020)
    assert found.phone_area == area
    assert "8821236" not in repr(found)


def test_persons_are_left_out() -> None:
    found = gather_evidence(
        made(
            "启东市财政局2020年报告",
            "联系人：张小明，电话：0513-83312539，邮箱：zhangxm@qidong.gov.cn",
            "一、总体情况",
        ),
        2020,
    )
    assert found.email_domain == "qidong.gov.cn"
    for private in ("张小明", "83312539", "zhangxm"):
        assert private not in repr(found)


def test_the_site_of_the_state_council_is_not_the_authors() -> None:
    found = gather_evidence(made("见 www.gov.cn 和 http://WWW.Haiyan.gov.cn/art"), 2020)
    assert found.site_domain == "www.haiyan.gov.cn"


def test_the_introduction_ends_at_the_first_section() -> None:
    found = gather_evidence(
        made("朝阳区财政局年报", "北京市朝阳区财政局编制", "一、总体情况", "与长春市交流"), 2020
    )
    assert "北京市" in (found.introduction or "")
    assert "长春市" not in (found.introduction or "")


def test_a_table_row_is_no_signature() -> None:
    page = made("海盐县财政局年报", "海盐县财政局", "省级部门办公室", "2021年1月5日")
    page.grid[2] = (Cell("省级部门办公室", 0),)
    assert gather_evidence(page, 2020).signature == "海盐县财政局"


def test_the_origin_card_goes_before_the_page() -> None:
    page = made("年报", meta={"publisher": "长春市人民政府"})
    assert gather_evidence(page, 2020).publisher == "长春市人民政府"
    assert gather_evidence(page, 2020, publisher="北京市朝阳区人民政府").publisher == "北京市朝阳区人民政府"


def test_an_empty_document_has_no_evidence() -> None:
    assert gather_evidence(made(), 2020) == Evidence(report_year=2020)
