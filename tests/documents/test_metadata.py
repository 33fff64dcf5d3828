"""What a page says of itself."""

import pytest

from pipeline.documents import open_document
from pipeline.documents.metadata import iso_date


def meta(page: str) -> dict[str, str]:
    return open_document(f"<html>{page}</html>".encode()).meta


HEAD = (
    "<head><title>某局年报_某市人民政府</title><meta name='ArticleTitle' content='某局2021年年报'>"
    "<meta name='PubDate' content='2022-01-20 10:30:00'>"
    "<meta name='ContentSource' content='{}'></head><p>文</p>"
)


def test_meta_elements() -> None:
    assert meta(HEAD.format("某市财政局")) == {
        "title": "某局2021年年报",
        "published": "2022-01-20",
        "publisher": "某市财政局",
    }


def test_the_head_title_is_the_last_resort() -> None:
    assert meta("<head><title>\n 某局年报 </title></head><p>文</p>") == {"title": "某局年报"}


def test_a_title_without_chinese_is_a_program_s() -> None:
    assert meta("<head><title>Document</title></head><p>文</p>") == {}


def test_the_table_of_particulars_around_an_article() -> None:
    page = (
        "<table><tr><td>索 引 号：</td><td>11320/2022-1</td><td>组配分类：</td><td>年报</td></tr>"
        "<tr><td>发布机构：</td><td>某县财政局</td><td>发文日期：</td><td>2022年1月9日</td></tr>"
        "<tr><td>名　　称：</td><td colspan=3>某县财政局2021年度报告</td></tr></table><p>正文</p>"
    )
    assert meta(page) == {
        "title": "某县财政局2021年度报告",
        "published": "2022-01-09",
        "publisher": "某县财政局",
    }


def test_particulars_as_a_list_with_label_and_value_apart() -> None:
    page = (
        "<ul><li><b>发布机构</b>：某县教育局</li><li>发布日期：</li><li>2021-3-1</li><li>文号：无</li></ul>"
    )
    assert meta(page) == {"published": "2021-03-01", "publisher": "某县教育局"}


def test_the_line_under_the_title() -> None:
    page = (
        "<h1>年报</h1><div>发布时间：2021/01/28 09:12　来源：某县卫健局　浏览次数：12　字体：大 中 小</div>"
    )
    assert meta(page) == {"published": "2021-01-28", "publisher": "某县卫健局"}


def test_a_site_that_names_itself_names_nobody() -> None:
    assert "publisher" not in meta(HEAD.format("本站"))
    assert meta(HEAD.format("本站") + "<p>来源：某局</p>")["publisher"] == "某局"


def test_words_of_the_report_are_no_particulars() -> None:
    page = "<p>数据来源：统计局的报表</p><p>" + "本机关公开工作情况如下，" * 20 + "发布机构：甲</p>"
    assert meta(page) == {}


def test_brackets_of_a_name_are_kept() -> None:
    assert meta("<p>发布机构：某市财政局（国资委）</p>")["publisher"] == "某市财政局（国资委）"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-01-28 09:00", "2021-01-28"),
        ("2021年1月8日", "2021-01-08"),
        ("２０２１年１月８日", "2021-01-08"),
        ("[ 2021/1/8 ]", "2021-01-08"),
        ("20210108", "2021-01-08"),
        ("2021-13-40", None),
        ("2021-02-30，更正为2021-03-01", "2021-03-01"),
        ("去年", None),
    ],
)
def test_dates(text: str, expected: str | None) -> None:
    assert iso_date(text) == expected
