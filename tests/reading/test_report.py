"""Whose report of which year: titles and openings as agencies print them.

Agency and year of each case were written by hand, as a human reads them.
"""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import pytest

from pipeline.documents import open_document
from pipeline.documents.stream import Stream, Unreadable
from pipeline.reading import Identified, Reading, identify, read
from tests.reading.made import balanced, read_text, report_text, stream_of

BODY = "海盐县财政局"
TITLE = "海盐县财政局2020年政府信息公开工作年度报告"
PERIOD = "本报告中所列数据的统计期限自2020年1月1日起至2020年12月31日止。"
SIGNED = "海盐县财政局\n2021年1月25日"
TWO_NAMES = "海盐县市场监督管理局（海盐县知识产权局）"
LONG_NAME = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县人力资源和社会保障局"


class Case(NamedTuple):
    """What stands before and after the six sections of a report, and what it names."""

    name: str
    opening: str
    agency: str = BODY
    year: int = 2020
    closing: str = ""


# --- the title alone: where the year stands, what the report is called ---

TITLES = [
    Case("usual", TITLE),
    Case("spaces around the year", "海盐县财政局 2020 年政府信息公开工作年度报告"),
    Case("年度", "海盐县财政局2020年度政府信息公开工作年度报告"),
    Case("without 工作", "海盐县财政局2020年政府信息公开年度报告"),
    Case("without 年度", "海盐县财政局2020年政府信息公开工作报告"),
    Case("年报", "海盐县财政局2020年政府信息公开年报"),
    Case("工作年报", "海盐县财政局2020年度政府信息公开工作年报"),
    Case("信息公开", "海盐县财政局2020年信息公开工作年度报告"),
    Case("政务公开", "海盐县财政局2020年政务公开工作年度报告"),
    Case("政务公开, year first", "2020年度海盐县财政局政务公开工作报告"),
    Case("信息和政务公开", "海盐县财政局2020年政府信息和政务公开工作年度报告"),
    Case("情况报告", "海盐县财政局2020年政府信息公开工作情况报告"),
    Case("情况的报告", "海盐县财政局2020年度政府信息公开工作情况的报告"),
    Case("space inside", "海盐县财政局 2020 年度政府信息公开工作 年度报告"),
    Case("year first", "2020年海盐县财政局政府信息公开工作年度报告"),
    Case("年度 first", "2020年度海盐县财政局政府信息公开工作年度报告"),
    Case("year first in brackets", "（2020年度）海盐县财政局政府信息公开工作年度报告"),
    Case("year last", "海盐县财政局政府信息公开工作年度报告（2020年）"),
    Case("年度 last", "海盐县财政局政府信息公开工作年度报告(2020年度)"),
    Case("year last without brackets", "海盐县财政局政府信息公开工作年度报告 2020"),
    Case("year late", "海盐县财政局政府信息公开工作2020年度报告"),
    Case("year late with 年年度", "海盐县财政局政府信息公开2020年年度报告"),
    Case("关于 in the middle", "海盐县财政局关于2020年度政府信息公开工作的报告"),
    Case("关于 with 年度报告", "海盐县财政局关于2020年政府信息公开工作的年度报告"),
    Case("关于 first", "关于海盐县财政局2020年政府信息公开工作年度报告"),
    Case("关于发布", "关于发布海盐县财政局2020年政府信息公开工作年度报告的公告"),
    Case("关于报送", "海盐县财政局关于报送2020年度政府信息公开工作年度报告的函"),
    Case("关于印发 with marks", "海盐县财政局关于印发《海盐县财政局2020年政府信息公开工作年度报告》的通知"),
    Case("title marks", "《海盐县财政局2020年政府信息公开工作年度报告》"),
    Case("square marks", "【年报】海盐县财政局2020年政府信息公开工作年度报告"),
    Case("标题 before", "标题：海盐县财政局2020年政府信息公开工作年度报告"),
    Case("附件 before", "附件：海盐县财政局2020年政府信息公开工作年度报告"),
    Case("附件 on a line", "附件1\n\n海盐县财政局2020年政府信息公开工作年度报告"),
    Case("markdown", "# 海盐县财政局2020年政府信息公开工作年度报告"),
    Case("markdown bold", "**海盐县财政局2020年政府信息公开工作年度报告**"),
    Case("wide digits", "海盐县财政局２０２０年政府信息公开工作年度报告"),
    Case("Chinese year", "海盐县财政局二〇二〇年政府信息公开工作年度报告"),
    Case("Chinese year with circles", "海盐县财政局二○二○年度政府信息公开工作年度报告"),
    Case("letters parted", "海 盐 县 财 政 局 2020 年 政 府 信 息 公 开 工 作 年 度 报 告"),
    Case("and a plan", "海盐县财政局2020年政府信息公开工作年度报告及2021年工作计划"),
    Case("with a file number", "盐财〔2021〕5号\n\n海盐县财政局关于2020年度政府信息公开工作的报告"),
]

# --- the title cut over lines ---

CUT = [
    Case("after the agency", "海盐县财政局\n2020年政府信息公开工作年度报告"),
    Case("after the agency, empty line", "海盐县财政局\n\n2020年政府信息公开工作年度报告"),
    Case("after the year", "海盐县财政局2020年\n政府信息公开工作年度报告"),
    Case("after 工作", "海盐县财政局2020年政府信息公开工作\n年度报告"),
    Case("inside a word", "海盐县财政局2020年政府信息公\n开工作年度报告"),
    Case("inside the agency", "海盐县财\n政局2020年政府信息公开工作年度报告"),
    Case("in three", "海盐县财政局\n2020年度\n政府信息公开工作年度报告"),
    Case("in three, empty lines", "海盐县财政局\n\n2020年度\n\n政府信息公开工作年度报告"),
    Case("year on the last line", "海盐县财政局\n政府信息公开工作年度报告\n（2020年）"),
    Case("indented", "        海盐县财政局\n    2020年政府信息公开工作年度报告"),
]

# --- the agency's name ---

NAMES = [
    Case("people's government", "海盐县人民政府2020年政府信息公开工作年度报告", "海盐县人民政府"),
    Case("people's government, year first", "2020年海盐县人民政府信息公开工作年度报告", "海盐县人民政府"),
    Case("people's government, year last", "海盐县人民政府信息公开工作年度报告（2020年）", "海盐县人民政府"),
    Case("government twice", "海盐县人民政府政府信息公开工作年度报告（2020年）", "海盐县人民政府"),
    Case("its office", "海盐县人民政府办公室2020年政府信息公开工作年度报告", "海盐县人民政府办公室"),
    Case("government", "海盐县政府2020年政府信息公开工作年度报告", "海盐县政府"),
    Case("place alone", "海盐县2020年政府信息公开工作年度报告", "海盐县"),
    Case("place alone, year first", "2020年度海盐县政府信息公开工作年度报告", "海盐县"),
    Case("street", "秦山街道2020年度政府信息公开工作年度报告", "秦山街道"),
    Case("street office", "海盐县秦山街道办事处2020年政府信息公开工作年度报告", "海盐县秦山街道办事处"),
    Case("town", "武原镇人民政府2020年政府信息公开工作年度报告", "武原镇人民政府"),
    Case("zone", "盐城经济开发区管理委员会2020年政府信息公开工作年度报告", "盐城经济开发区管理委员会"),
    Case("vertical", "国家税务总局海盐县税务局2020年政府信息公开工作年度报告", "国家税务总局海盐县税务局"),
    Case("ministry", "教育部2020年政府信息公开工作年度报告", "教育部"),
    Case("province", "浙江省人民政府2020年政府信息公开工作年度报告", "浙江省人民政府"),
    Case("two names", f"{TWO_NAMES}2020年政府信息公开工作年度报告", TWO_NAMES),
    Case("name with 信息", "海盐县经济和信息化局2020年政府信息公开工作年度报告", "海盐县经济和信息化局"),
    Case("name with 公开", "海盐县政务公开办公室2020年政府信息公开工作年度报告", "海盐县政务公开办公室"),
    Case("name with 公开, its 政务公开", "海盐县政务公开办公室2020年政务公开工作年度报告",
         "海盐县政务公开办公室"),
    Case("a long name", f"{LONG_NAME}2020年政府信息公开工作年度报告", LONG_NAME),
]  # fmt: skip

# --- web pages saved as text ---

PAGES = [
    Case("breadcrumbs", f"首页 > 政务公开 > 政府信息公开年报\n\n{TITLE}\n"
         "发布日期：2021-01-25  来源：海盐县财政局  浏览次数：123"),
    Case("breadcrumbs with a year", f"当前位置：首页 > 信息公开 > 政府信息公开年度报告 > 2021年\n{TITLE}"),
    Case("breadcrumbs with another body",
         f"您的位置：首页>海盐县人民政府>政府信息公开>政府信息公开年报>县财政局>正文\n{TITLE}"),
    Case("title in the breadcrumbs", f"首页 > 信息公开 > {TITLE}\n\n{TITLE}"),
    Case("menu", "海盐县人民政府\n政府信息公开\n政府信息公开指南\n政府信息公开制度\n法定主动公开内容\n"
         f"政府信息公开年报\n依申请公开\n{TITLE}"),
    Case("menu of years", f"2022年政府信息公开年报\n2021年政府信息公开年报\n2019年政府信息公开年报\n{TITLE}"),
    Case("index number", "索引号：11330424002576012A/2021-00012\n发布机构：海盐县财政局\n"
         f"发文日期：2021-01-25\n名称：{TITLE}\n文号：无\n\n{TITLE}"),
    Case("index number, another publisher",
         f"索 引 号：002576012/2021-00012\n发布机构：海盐县人民政府办公室\n{TITLE}"),
    Case("index number in tabs", "索引号\t002576012/2021-00012\t发布机构\t海盐县财政局\n"
         f"名称\t{TITLE}\t发布日期\t2021-01-25\n\n{TITLE}"),
    Case("neighbours below", TITLE, closing=f"{SIGNED}\n\n"
         "上一篇：海盐县教育局2021年政府信息公开工作年度报告\n下一篇：海盐县民政局2019年政府信息公开工作年度报告"),
    Case("footer below", TITLE, closing=f"{SIGNED}\n打印本页 关闭窗口\n"
         "版权所有：海盐县人民政府 浙ICP备05000001号\n主办：海盐县人民政府办公室\n网站标识码：3304240001"),
    Case("table of contents", f"{TITLE}\n\n目  录\n一、总体情况……1\n二、主动公开政府信息情况……2\n"
         "三、收到和处理政府信息公开申请情况……3\n四、政府信息公开行政复议、行政诉讼情况……4\n"
         "五、存在的主要问题及改进情况……5\n六、其他需要报告的事项……6"),
    Case("date of publication before", f"2021年1月25日\n{TITLE}"),
    Case("a date that reads as 2021-01 up to 12", f"发布日期：2021-01-12\n{TITLE}"),
]  # fmt: skip

# --- the year from the statistics period, not from the first year in the text ---

NO_YEAR = "海盐县财政局政府信息公开工作年度报告"

PERIODS = [
    Case("from to", f"{NO_YEAR}\n{PERIOD}"),
    Case("统计期限为", f"{NO_YEAR}\n本报告所列数据的统计期限为2020年1月1日至2020年12月31日。"),
    Case("统计时限", f"{NO_YEAR}\n统计时限为 2020 年 1 月 1 日至 2020 年 12 月 31 日。"),
    Case("year once", f"{NO_YEAR}\n统计期限为2020年1月1日至12月31日。"),
    Case("dash", f"{NO_YEAR}\n统计期限：2020年1月1日—2020年12月31日"),
    Case("dots", f"{NO_YEAR}\n统计期限：2020.1.1-2020.12.31"),
    Case("hyphens", f"{NO_YEAR}\n数据统计期限为2020-01-01至2020-12-31。"),
    Case("months", f"{NO_YEAR}\n数据统计期限为2020年1月至12月。"),
    Case("wide digits", f"{NO_YEAR}\n统计期限为２０２０年１月１日至２０２０年１２月３１日。"),
    Case("a body founded in the year", f"{NO_YEAR}\n统计期限为2020年6月1日至2020年12月31日。"),
    Case(
        "another year first",
        f"{NO_YEAR}\n2008年《中华人民共和国政府信息公开条例》施行以来，我局高度重视。\n{PERIOD}",
    ),
    Case(
        "a law's year first",
        f"{NO_YEAR}\n根据《中华人民共和国政府信息公开条例》（2019年修订）和国办公开办函〔2019〕60号编制。\n{PERIOD}",
    ),
    Case(
        "another period first",
        f"{NO_YEAR}\n2019年1月1日至2019年12月31日，我局公开信息 131 条，2020年有所增加。\n{PERIOD}",
    ),
    Case("cut at the end of a line", f"{NO_YEAR}\n统计期限为2020年1月1日至2020年1\n2月31日。"),
    Case("in the last section", NO_YEAR, closing=PERIOD),
    Case(
        "year in the introduction only", f"{NO_YEAR}\n现将海盐县财政局2020年度政府信息公开工作情况报告如下。"
    ),
    Case("year of 政务公开 in the introduction", f"{NO_YEAR}\n2020年，我局政务公开工作取得新进展。"),
    Case(
        "introduction after a law's year",
        f"{NO_YEAR}\n根据2019年修订的《条例》，现公布2020年度政府信息公开工作年度报告。",
    ),
]

# --- title and period disagree ---

DISAGREE = [
    Case("period left from last year's text", f"{TITLE}\n{PERIOD.replace('2020', '2019')}", closing=SIGNED),
    Case("title left from last year's text", f"{TITLE.replace('2020', '2019')}\n{PERIOD}", closing=SIGNED),
    Case("title names the year of publication", f"{TITLE.replace('2020', '2021')}\n{PERIOD}", closing=SIGNED),
    Case("no date: the period decides", f"{TITLE.replace('2020', '2021')}\n{PERIOD}"),
    Case("a period of two years", f"{TITLE}\n统计期限为2019年1月1日至2020年12月31日。", closing=SIGNED),
]

# --- no agency in the title, or no title ---

UNTITLED = [
    Case("title without agency, signed", "2020年政府信息公开工作年度报告", closing=SIGNED),
    Case("we in the title, signed", "我局2020年政府信息公开工作年度报告", closing=SIGNED),
    Case("this unit in the title, signed", "本单位2020年度政府信息公开工作年度报告", closing=SIGNED),
    Case("title without agency, publisher", "发布机构：海盐县财政局\n2020年政府信息公开工作年度报告"),
    Case("title without agency, source in a line",
         "2020年政府信息公开工作年度报告\n来源：海盐县财政局 发布时间：2021-01-25 字号：大 中 小"),
    Case("title without agency, drawn up by",
         "2020年政府信息公开工作年度报告\n本报告由海盐县财政局编制，全文包括六个部分。"),
    Case("title without agency, contact",
         "2020年政府信息公开工作年度报告\n如对本报告有疑问，请与海盐县财政局办公室联系。"),
    Case("no title, drawn up", f"按照《条例》要求，海盐县财政局编制了2020年度报告，现予公布。{PERIOD}"),
    Case("no title, 现将",
         f"根据《条例》第五十条规定，现将海盐县财政局2020年度政府信息公开工作情况报告如下。{PERIOD}"),
    Case("no title, 现公布",
         f"根据《条例》要求，现公布海盐县财政局2020年度政府信息公开工作年度报告。{PERIOD}"),
    Case("no title, a page number in the signature", PERIOD, closing="海盐县财政局\n— 12 —\n2021年1月25日"),
    Case("no title, a page number below the signature", PERIOD, closing="海盐县财政局\n第 3 页"),
    Case("no title, an advertisement in the signature", PERIOD,
         closing="海盐县财政局\nbet36网址\n2021年1月25日"),
    Case("no title, signed", f"本报告依据条例编制。{PERIOD}", closing=SIGNED),
    Case("no title, signed on one line", PERIOD, closing="海盐县财政局 2021年1月25日"),
    Case("no title, date before the name", PERIOD, closing="2021年1月25日\n海盐县财政局"),
    Case("no title, signature to the right", PERIOD,
         closing=f"{' ' * 40}海盐县财政局\n{' ' * 36}2021 年 1 月 25 日"),
    Case("no title, empty lines in the signature", PERIOD, closing="海盐县财政局\n\n\n2021年1月25日"),
    Case("no title, letters parted", PERIOD, closing="海 盐 县 财 政 局\n2021年1月25日"),
    Case("no title, Chinese date", PERIOD, closing="海盐县财政局\n二〇二一年一月二十五日"),
    Case("no title, signed without a date", PERIOD, closing="海盐县财政局"),
    Case("no title, seal", PERIOD, closing="海盐县财政局（盖章）\n2021年1月25日"),
    Case("no title, contact after the signature", PERIOD,
         closing=f"{SIGNED}\n（联系人：办公室，联系电话：0573-86111111）"),
]  # fmt: skip

CASES = [*TITLES, *CUT, *NAMES, *PAGES, *PERIODS, *DISAGREE, *UNTITLED]


def document(case: Case) -> str:
    return report_text("2019", opening=case.opening, closing=case.closing)


def plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert len({(case.opening, case.closing) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_agency_and_year(case: Case) -> None:
    got = identify(stream_of(document(case)))
    assert (plain(got.agency_name), got.report_year) == (plain(case.agency), case.year)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_report_is_read_as_it_is_identified(case: Case) -> None:
    """The same names, or a refusal with the same reason."""
    stream = stream_of(document(case))
    assert names(read, stream) == names(identify, stream)


def names(take: Callable[[Stream], Identified | Reading], stream: Stream) -> tuple[object, ...]:
    """Year, agency, title and date, or the reason why there are none."""
    try:
        got = take(stream)
    except Unreadable as refused:
        return (refused.reason,)
    return got.report_year, got.agency_name, got.title, got.published_on


@pytest.mark.parametrize(
    "case", [*TITLES[:12], *CUT, *PAGES], ids=[case.name for case in [*TITLES[:12], *CUT, *PAGES]]
)
def test_the_title_is_the_report_s(case: Case) -> None:
    """Not the page's menu, nor its breadcrumbs; a title that was cut is whole again."""
    title = identify(stream_of(document(case))).title
    assert title is not None
    bare = "".join(title.split())
    assert "海盐县财政局" in bare
    assert "政府信息公开" in bare or "信息公开工作" in bare or "政务公开工作" in bare
    assert ">" not in bare
    assert not bare.startswith(("名称", "首页"))
    assert bare.rstrip("）)0123456789年度（(").endswith(("报告", "年报"))


@pytest.mark.parametrize("case", UNTITLED[7:], ids=[case.name for case in UNTITLED[7:]])
def test_a_report_without_a_title_has_none_and_says_so(case: Case) -> None:
    reading = read_text(document(case))
    assert reading.title is None
    assert [one.rule_code for one in reading.findings] == ["section.heading"]


def test_spaces_at_a_cut_are_no_part_of_a_title() -> None:
    cut = identify(
        stream_of(report_text("2019", opening="海盐县财政局 2020 年度政府信息公开工作 年度报告"))
    ).title
    assert cut == "海盐县财政局 2020 年度政府信息公开工作年度报告"


# --- the date ---

DATES = {
    "2021年1月25日": date(2021, 1, 25),
    "2021 年 1 月 25 日": date(2021, 1, 25),
    "2021年01月25日": date(2021, 1, 25),
    "２０２１年１月２５日": date(2021, 1, 25),
    "2021-01-25": date(2021, 1, 25),
    "2021.1.25": date(2021, 1, 25),
    "2021/1/25": date(2021, 1, 25),
    "二〇二一年一月二十五日": date(2021, 1, 25),
    "二○二一年一月二十五日": date(2021, 1, 25),
    "二零二一年一月二十五日": date(2021, 1, 25),
    "二O二一年一月二十五日": date(2021, 1, 25),
    "二Ｏ二一年一月二十五日": date(2021, 1, 25),
    "二〇二一年十月十日": date(2021, 10, 10),
    "二〇二一年十一月三十日": date(2021, 11, 30),
    "二〇二一年三月二十日": date(2021, 3, 20),
    "2021年1月": None,
    "2021年13月45日": None,
}


@pytest.mark.parametrize(("written", "day"), DATES.items(), ids=[str(place) for place in range(len(DATES))])
def test_the_date_of_the_signature(written: str, day: date | None) -> None:
    got = identify(stream_of(report_text("2019", opening=TITLE, closing=f"海盐县财政局\n{written}")))
    assert (got.published_on, got.agency_name, got.report_year) == (day, BODY, 2020)


def test_a_date_in_the_text_is_no_date_of_publication() -> None:
    closing = "2020年12月15日，我局召开了政务公开工作会议，听取了各股室的意见和建议。"
    assert identify(stream_of(report_text("2019", opening=TITLE, closing=closing))).published_on is None


def test_signature_and_date_belong_to_no_section() -> None:
    reading = read_text(report_text("2019", opening=TITLE, closing=SIGNED))
    last = reading.sections[-1]
    assert last.section_code == "other"
    assert "2021年1月25日" not in last.text
    assert BODY not in last.text
    assert last.last_line == last.first_line + 1


# --- web pages ---

_PAGE = (
    "<html><head><meta charset='utf-8'>{head}</head>"
    "<body>{nav}{article}<div>版权所有：海盐县人民政府</div></body></html>"
)
_NAV = "<ul><li><a>首页</a></li><li><a>政府信息公开年报</a></li><li><a>2021年政府信息公开年报</a></li></ul>"


def page(head: str, opening: str, closing: str = "") -> str:
    rows = report_text("2019", opening="", closing="").split("\n")
    article = "".join(_html_row(row) for row in rows if row.strip())
    return _PAGE.format(head=head, nav=_NAV, article=opening + article + closing)


def _html_row(row: str) -> str:
    if "\t" not in row:
        return f"<p>{row}</p>"
    cells = "".join(f"<td>{cell}</td>" for cell in row.split("\t"))
    return f"<table><tr>{cells}</tr></table>"


HTML = {
    "title in a heading": page("", f"<h1>{TITLE}</h1>"),
    "title in the meta tags": page(f"<meta name='ArticleTitle' content='{TITLE}'>", ""),
    "title in the title tag": page(f"<title>{TITLE}</title>", ""),
    "title with the site's name": page(f"<title>{TITLE}-海盐县人民政府</title>", f"<h1>{TITLE}</h1>"),
    "site's name in the title tag": page("<title>海盐县人民政府</title>", f"<div class='t'>{TITLE}</div>"),
    "title cut by a line break": page("", "<h1>海盐县财政局<br/>2020年政府信息公开工作年度报告</h1>"),
    "breadcrumbs": page("", "<div>当前位置：<a>首页</a> &gt; <a>政府信息公开年报</a> &gt; <a>2021年</a></div>"
                        f"<h1>{TITLE}</h1>"),
    "publisher in the meta tags": page(
        "<meta name='ArticleTitle' content='2020年政府信息公开工作年度报告'>"
        "<meta name='ContentSource' content='海盐县财政局'>",
        "<h1>2020年政府信息公开工作年度报告</h1>",
    ),
    "signature in paragraphs": page("", f"<p>{PERIOD}</p>", "<p>海盐县财政局</p><p>2021年1月25日</p>"),
    "metadata table": page("", "<table><tr><td>索引号</td><td>002576012/2021-1</td>"
                           "<td>发布机构</td><td>海盐县财政局</td></tr>"
                           f"<tr><td>名称</td><td colspan='3'>{TITLE}</td></tr></table><h1>{TITLE}</h1>"),
}  # fmt: skip


@pytest.mark.parametrize("name", HTML)
def test_agency_and_year_of_a_page(name: str) -> None:
    got = identify(open_document(HTML[name].encode(), "page.html"))
    assert (got.agency_name, got.report_year) == (BODY, 2020)


# --- what names nobody, or no year ---


def test_no_year_anywhere_is_refused_with_a_reason() -> None:
    with pytest.raises(Unreadable, match="year"):
        identify(stream_of(report_text("2019", opening=NO_YEAR)))


def test_no_agency_anywhere_is_refused_with_a_reason() -> None:
    with pytest.raises(Unreadable, match="agency"):
        identify(stream_of(report_text("2019", opening=f"2020年政府信息公开工作年度报告\n{PERIOD}")))


@pytest.mark.parametrize(
    "text",
    [
        "海盐县财政局2020年工作总结\n\n全年收入增长。",
        "中华人民共和国政府信息公开条例\n（2019年修订）\n第一条 为了保障公民依法获取政府信息，制定本条例。",
        "通知\n各科室：\n请于1月25日前报送材料。",
        "1\n2\n3",
    ],
)
def test_a_text_that_is_no_report_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        identify(stream_of(text))
    assert len(refused.value.reason) > 20


# --- more than one report in a file ---


def _signed_report(form: str, body: str, year: int, seed: int) -> str:
    opening = f"{body}{year}年政府信息公开工作年度报告"
    return report_text(form, balanced(form, seed), opening=opening, closing=f"{body}\n{year + 1}年1月25日\n")


@pytest.mark.parametrize(("first", "second"), [("2021", "2021"), ("2019", "2021"), ("2021", "2019")])
def test_two_reports_in_one_file_are_refused(first: str, second: str) -> None:
    """The agency of the one stood over the year and the tables of the other, `verified`."""
    text = _signed_report(first, BODY, 2021, 1) + _signed_report(second, "安远县财政局", 2020, 2)
    with pytest.raises(Unreadable, match=r"more than one report.*file of its own"):
        read_text(text)
    with pytest.raises(Unreadable, match="more than one report"):
        identify(stream_of(text))


def test_a_page_that_shows_its_report_twice_holds_one() -> None:
    text = _signed_report("2021", BODY, 2021, 1)
    assert read_text(text + text).agency_name == BODY


def test_last_year_s_table_in_another_section_is_no_second_report() -> None:
    text, other = _signed_report("2021", BODY, 2021, 1), report_text("2021", balanced("2021", 2))
    start, end = (other.index(f"{number}、") for number in "三四")
    rows = other[start:end].partition("\n")[2]
    assert (
        read_text(text.replace("五、", f"五、存在的主要问题及改进情况\n上年数据：\n{rows}", 1)).report_year
        == 2021
    )
