"""Figures beside the tables: lists, comparisons and sentences that name what the tables count.

Belongs here: balanced reports with such lines before or after a table, in its section or in another. Does not
belong here: what the checks make of a sentence's figures (tests/checking).
"""

import re

import pytest

from pipeline.reading.regions import scan
from pipeline.reading.words.lines import entries_of
from tests.generator.truth import APPLICANTS
from tests.reading.made import balanced, by_key, read_text, report_text, stream_of
from tests.reading.test_unlisted_layouts import FORMS, SEEDS, compared, non_zero

# Labels of all three tables with figures of another scope, as an overview lists them.
LISTED = (
    "新收申请：12件",
    "本年新收政府信息公开申请数量：31件",
    "予以公开：22件",
    "部分公开：13件",
    "不予公开：14件",
    "规范性文件：15件",
    "规章：2件",
    "行政许可：16件",
    "行政处罚：17件",
    "行政强制：18件",
    "行政复议：3件",
    "结果维持：4件",
)
COMPARED = (
    "项目\t2018年\t2019年",
    "一、本年新收政府信息公开申请数量\t31\t45",
    "二、上年结转政府信息公开申请数量\t2\t3",
    "（一）予以公开\t12\t21",
    "（二）部分公开\t5\t6",
    "（三）不予公开\t7\t8",
    "（七）总计\t30\t44",
    "四、结转下年度继续办理\t3\t4",
)
COUNTED = ("规章\t1\t2", "规范性文件\t3\t4", "行政许可\t50\t60", "行政处罚\t70\t80", "行政事业性收费\t9\t8")
SHORT = ("1.本年新收政府信息公开申请数量 31 件", "2.予以公开 22 件", "3.部分公开 13 件")
LAST_YEAR = (
    "2018年收到和处理政府信息公开申请情况：",
    "申请人情况\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计",
    "一、本年新收政府信息公开申请数量\t23\t5\t1\t12\t106\t15\t162",
    "二、上年结转政府信息公开申请数量\t1\t0\t2\t1\t0\t15\t19",
    "（一）予以公开\t2\t48\t0\t0\t12\t0\t62",
)
AGENCIES = (
    "各部门办理情况：",
    "单位\t新收\t上年结转\t予以公开\t部分公开\t不予公开\t无法提供\t不予处理\t其他处理\t结转下年度",
    "财政局\t3\t0\t1\t1\t0\t0\t0\t1\t0",
    "教育局\t12\t1\t5\t2\t1\t1\t1\t2\t1",
)
OVERVIEW = "一、总体情况"
APPLICATION = "三、收到和处理政府信息公开申请情况"
DISPUTE = "四、政府信息公开行政复议、行政诉讼情况"
PLACES = {
    "a list in the overview": (OVERVIEW, LISTED, False),
    "a comparison in the overview": (OVERVIEW, (*COMPARED, *COUNTED), False),
    "a comparison before table 三": (APPLICATION, COMPARED, False),
    "a comparison after table 三": (DISPUTE, COMPARED, True),
    "rows of last year's table before table 三": (APPLICATION, LAST_YEAR, False),
    "rows of last year's table after table 三": (DISPUTE, LAST_YEAR, True),
    "one row of last year's table before table 三": (APPLICATION, LAST_YEAR[:3], False),
    "a row for each agency before table 三": (APPLICATION, AGENCIES, False),
    "a row for each agency after table 三": (DISPUTE, AGENCIES, True),
    "short lines before table 三": (APPLICATION, SHORT, False),
    "short lines after table 三": (DISPUTE, SHORT, True),
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_figures_beside_a_table_are_no_rows_of_it(form: str, name: str) -> None:
    heading, lines, before = PLACES[name]
    for seed in SEEDS:
        truth = balanced(form, seed)
        added = "\n".join(lines)
        whole = f"{added}\n{heading}" if before else f"{heading}\n{added}"
        wrong, right = compared(read_text(report_text(form, truth).replace(heading, whole)), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


def with_headers_in_one_line(text: str) -> str:
    """The report with pipes between cells, none of them empty, and one line of headers above table 三."""
    start, end = text.index("本列数据的勾稽关系"), text.index("一、本年新收")
    return re.sub(r"\t+", " | ", f"{text[:start]}{LAST_YEAR[1]}\n{text[end:]}")


@pytest.mark.parametrize("caption", ["2019年", "2019年：", "上年度"])
@pytest.mark.parametrize("form", FORMS)
def test_a_year_above_the_headers_is_no_further_column(form: str, caption: str) -> None:
    """Nor does it stand after 总计, where agencies add last year's: no row loses its last cell."""
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = with_headers_in_one_line(report_text(form, truth))
        above = f"{APPLICATION}\n申请人情况\n{caption}"
        wrong, right = compared(read_text(text.replace(APPLICATION, above)), truth)
        assert not wrong
        assert len(right) == non_zero(truth)


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_last_years_table_are_no_row_whose_label_is_damaged(form: str) -> None:
    for seed in SEEDS:
        truth = balanced(form, seed)
        text = report_text(form, truth).replace("本年新收政府信息公开申请数量", "本年新收政府信息公开申请数")
        for added in (LAST_YEAR, LAST_YEAR[:3]):
            beside = text.replace(APPLICATION, "\n".join((APPLICATION, *added)))
            wrong, right = compared(read_text(beside), truth)
            assert not wrong
            assert len(right) >= non_zero(truth) - 2 * len(APPLICANTS)


def lines_of_application(text: str) -> list[str]:
    """The lines that are looked at for table 三."""
    stream = stream_of(text)
    region = scan(stream, entries_of(stream)[0]).regions["application"]
    return [stream.lines[index] for index, _ in region.entries]


def test_labels_of_another_table_between_part_two_tables() -> None:
    """Where no heading is told, rows of last year's stand in one section with all that follows."""
    own = (
        LAST_YEAR[1],
        "一、本年新收政府信息公开申请数量\t1\t0\t0\t0\t0\t0\t1",
        "二、上年结转政府信息公开申请数量\t0\t0\t0\t0\t0\t0\t0",
        "（一）予以公开\t1\t0\t0\t0\t0\t0\t1",
    )
    assert lines_of_application("\n".join([*LAST_YEAR[1:3], *COUNTED, *own])) == list(own)


def test_of_two_tables_that_in_its_own_section_is_this_years() -> None:
    """Its labels are cut over lines, so that fewer of them are known than of last year's."""
    own = (
        "自然人\t商业企业\t科研机构",
        "（一）予以公开\t1\t0\t0",
        "（二）部分公开（区分处理的，\t0\t0\t0",
        "只计这一情形）",
    )
    text = "\n".join([OVERVIEW, *LAST_YEAR, "二、主动公开政府信息情况", *COUNTED, APPLICATION, *own])
    assert lines_of_application(text) == list(own)


@pytest.mark.parametrize("form", FORMS)
def test_a_list_without_any_header_is_no_table(form: str) -> None:
    """One figure for each licence and penalty: nothing says that they are decisions."""
    text = report_text(form, balanced(form, 1))
    start, end = text.index("第二十条第（一）项"), text.index("三、收到")
    for section in ("二、主动公开政府信息情况", OVERVIEW):
        bare = f"{text[:start]}\n{text[end:]}"
        listed = bare.replace(section, "\n".join((section, *LISTED)))
        said = {
            cell.value_status for key, cell in by_key(read_text(listed)).items() if key[0] == "disclosure"
        }
        assert said <= {"missing", "unreadable"}


def test_the_unit_of_another_forms_header_is_not_this_ones() -> None:
    """The table of form 2021 stands after that of form 2019: its fee is in 万元, purchases are not."""
    text = report_text("2019", balanced("2019", 3))
    fees = "第二十条第（八）项\n信息内容\t本年收费金额（单位：万元）\n行政事业性收费\t3"
    cells = by_key(read_text(text.replace("三、收到", f"{fees}\n三、收到")))
    amount = cells["disclosure", "procurement", "amount"]
    assert amount.raw_text
    assert amount.value == float(amount.raw_text)


def test_the_tables_of_an_office_below_are_not_the_reports_own() -> None:
    """Their labels are the form's, the report's own are abbreviated: these are read, or nothing."""
    truth, other = balanced("2021", 1), balanced("2021", 2)
    own = report_text("2021", truth)
    for label, short in ABBREVIATED.items():
        own = own.replace(label, short)
    theirs = report_text("2021", other)
    start, end = theirs.index("第二十条第（一）项"), theirs.index("五、")
    tables = "\n".join(line for line in theirs[start:end].split("\n") if line[1:2] != "、" or "\t" in line)
    wrong, right = compared(read_text(f"{own}\n附件：安远县不动产登记中心数据\n{tables}"), truth)
    assert not wrong
    assert right


@pytest.mark.parametrize("form", FORMS)
def test_tables_without_headers_are_the_reports_own_where_an_offices_have_them(form: str) -> None:
    """Of table 四 no label is left then, and of table 三 few are known beside those of groups."""
    for seed in SEEDS:
        truth, other = balanced(form, seed), balanced(form, seed + 100)
        theirs = report_text(form, other)
        text = without_headers(report_text(form, truth))
        for first in ("本列数据", "行政复议"):
            tables = "\n".join(line for line in theirs[theirs.index(first) :].split("\n") if "\t" in line)
            wrong, right = compared(read_text(f"{text}\n附件：安远县不动产登记中心数据\n{tables}"), truth)
            assert not wrong
            assert len(right) == non_zero(truth)


HEADERS = ("申请人情况", "自然人", "行政复议\t", "结果维持")


def without_headers(text: str) -> str:
    """The report without the headers of tables 三 and 四, groups' names before their items' in one cell."""
    lines, group = [], ""
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) > 3 and cells[1].startswith("（"):
            group = cells[1]
        is_item = len(cells) > 3 and "." in cells[2]
        if not any(header in line for header in HEADERS):
            lines.append("\t".join([group + cells[2], *cells[3:]]) if is_item else line)
    return "\n".join(lines)


def test_two_tables_without_headings_are_both_or_neither() -> None:
    """No heading tells which is the report's: what they say differently is open."""
    truth, other = balanced("2021", 1), balanced("2021", 2)
    text, theirs = report_text("2021", truth), report_text("2021", other)
    start, end = theirs.index("第二十条第（一）项"), theirs.index("三、收到")
    table = theirs[start:end]
    whole = text.replace("二、主动公开政府信息情况\n", "").replace("三、收到", f"{table}\n三、收到")
    wrong, _ = compared(read_text(whole), truth)
    assert not [key for key in wrong if key[0] == "disclosure"]


ABBREVIATED = {
    "本年新收政府信息公开申请数量": "新收申请",
    "上年结转政府信息公开申请数量": "结转申请数",
    "属于国家秘密": "涉密",
    "其他法律行政法规禁止公开": "其他法律禁止",
    "危及“三安全一稳定”": "危及安全稳定",
    "保护第三方合法权益": "第三方",
    "属于三类内部事务信息": "内部事务",
    "属于四类过程性信息": "过程性信息",
    "属于行政执法案卷": "执法案卷",
    "属于行政查询事项": "行政查询",
    "本机关不掌握相关政府信息": "不掌握",
    "没有现成信息需要另行制作": "需另行制作",
    "补正后申请内容仍不明确": "不明确",
    "信访举报投诉类申请": "信访投诉",
    "要求提供公开出版物": "出版物",
    "无正当理由大量反复申请": "大量反复申请",
    "要求行政机关确认或重新出具已获取信息": "重新出具",
}
