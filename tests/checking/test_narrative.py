"""Figures of the running text: what is taken, what is left alone, and how it compares with the tables."""

import re
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalogue import metrics
from pipeline.checking.narrative import figures, findings
from pipeline.checking.narrative_clause import _spec
from pipeline.documents import Unreadable, open_document
from pipeline.reading import Reading, read
from tests.checking.prose import cells, report, scope_of, short, stated
from tests.generator import corpus, make_report
from tests.reading import golden
from tests.reading.golden import STEMS

NO_FAULT = [case for case in golden.oddities()["no_fault"] if case["rule_code"] == "narrative.figure"]

# What a human reads in the five real reports: line, figure, value. All agree with the tables.
SEEDS = {
    "000_f38378f0edcefb48": [
        (17, "requests_new", 38),
        (17, "requests_carried_in", 1),
        (17, "requests_total", 39),
        (17, "requests_handled", 38),
        (17, "backlog", 1),
    ],
    "001_fa92f58d60610388": [
        (10, "requests_new", 18),
        (10, "requests_granted", 7),
        (10, "requests_partial", 5),
        (10, "requests_unable", 5),
        (10, "backlog", 1),
        (11, "reviews", 1),
        (11, "suits", 1),
    ],
    "002_a9609876a079f62f": [(14, "requests_new", 4)],
    "003_37d8ade0c0ec5d8b": [
        (11, "requests_new", 5),
        (11, "requests_handled", 5),
        (11, "requests_granted", 5),
        (11, "requests_denied", 0),
    ],
    "004_4339039e26702392": [(15, "requests_new", 0)],
}

# --- the five real reports ---


@pytest.mark.parametrize("stem", STEMS)
def test_a_real_report_states_what_a_human_reads_in_it(stem: str) -> None:
    reading, stream = golden.reading(stem), golden.stream(stem)
    found = figures(reading, stream, scope_of(reading, stream))
    assert [(one.line_no, one.figure_code, one.value) for one in found] == SEEDS[stem]
    assert {one.verdict for one in found} == {"equal"}
    assert all(one.table_value == one.value for one in found)


@pytest.mark.parametrize("scope", ["own", "consolidated", None])
@pytest.mark.parametrize("case", NO_FAULT, ids=lambda case: f"{case['stem'][:3]}-{case['line_no']}")
def test_no_fault_is_found_in_a_real_report(case: dict[str, Any], scope: str | None) -> None:
    found = figures(golden.reading(case["stem"]), golden.stream(case["stem"]), scope)
    assert findings(found) == []
    assert any(one.line_no == case["line_no"] for one in found)


@pytest.mark.parametrize(
    ("stem", "scope", "written", "changed", "code", "line_no"),
    [
        ("000_f38378f0edcefb48", "consolidated", "信件 38 件", "信件 36 件", "received_new", 17),
        ("000_f38378f0edcefb48", "consolidated", "上年结余 1 件", "上年结余 2 件", "carried_in", 17),
        ("000_f38378f0edcefb48", "consolidated", "年度办理 1 件", "年度办理 4 件", "carried_out", 17),
        ("001_fa92f58d60610388", "own", "部分公开5件", "部分公开6件", "partial", 10),
        ("001_fa92f58d60610388", "own", "行政复议1件", "行政复议7件", "review", 11),
        ("002_a9609876a079f62f", "own", "事项4个", "事项3个", "received_new", 14),
    ],
)  # fmt: skip
def test_one_changed_figure_of_a_real_report_is_found_once(
    stem: str, scope: str, written: str, changed: str, code: str, line_no: int
) -> None:
    text = "\n".join(golden.raw_lines(stem))
    assert text.count(written) == 1
    stream = open_document(text.replace(written, changed).encode(), f"{stem}.txt")
    (found,) = findings(figures(read(stream), stream, scope))
    assert (found.row_code, found.line_no) == (code, line_no)


# --- what is taken ---

TAKEN = {
    "我局共收到政府信息公开申请38件。": ["requests_new 38 equal"],
    "2022年，我局共收到政府信息公开申请39件，上年结转1件，办结38件，结转下年度继续办理1件。": [
        "requests_total 39 equal",
        "requests_carried_in 1 equal",
        "requests_handled 38 equal",
        "backlog 1 equal",
    ],
    "全年受理政府信息公开申请39件（含上年结转1件），其中予以公开10件，不予公开5件。": [
        "requests_total 39 equal",
        "requests_carried_in 1 equal",
        "requests_granted 10 equal",
        "requests_denied 5 differs",
    ],
    "共收到公民、法人和其他组织提出的政府信息公开申请37件。": ["requests_new 37 differs"],
    "通过网站、信函、现场等多种渠道共收到政府信息公开申请38件。": ["requests_new 38 equal"],
    "我局共收到三件政府信息公开申请。": ["requests_new 3 differs"],
    "共收到政府信息公开申请１，２３４件。": ["requests_new 1234 differs"],
    "收到政府信息公开申请 1,234 件。": ["requests_new 1234 differs"],
    "依申请公开方面，10件予以公开，15件部分公开，1件结转下年度继续办理。": [
        "requests_granted 10 equal",
        "requests_partial 15 differs",
        "backlog 1 equal",
    ],
    "收到政府信息公开申请38件，其中无法提供10件，本机关不掌握相关政府信息9件，不予处理0件。": [
        "requests_new 38 equal",
        "requests_unable 10 equal",
        "requests_not_held 9 differs",
        "requests_rejected 0 equal",
    ],
    "新收政府信息公开申请38件，2021年结转1件，转2023年办理2件。": [
        "requests_new 38 equal",
        "requests_carried_in 1 equal",
        "backlog 2 differs",
    ],
    "本机关未收到政府信息公开申请，未发生行政复议、行政诉讼。": [
        "requests_new 0 differs",
        "reviews 0 differs",
        "suits 0 differs",
    ],
    "未收到公民、法人或者其他组织的书面政府信息公开申请。": ["requests_new 0 differs"],
    "没有因政府信息公开被申请行政复议，也没有被提起行政诉讼的情况。": [
        "reviews 0 differs",
        "suits 0 differs",
    ],
    "没有因政府信息公开引起行政复议、行政诉讼和举报的情况。": ["reviews 0 differs", "suits 0 differs"],
    "因政府信息公开被申请行政复议3起，结果维持2起，尚未审结1起；被提起行政诉讼1起。": [
        "reviews 3 differs",
        "suits 1 differs",
    ],
    "政府信息公开行政复议、行政诉讼各2件。": ["reviews 2 equal", "suits 2 equal"],
    "政府信息公开行政复议和行政诉讼均为0件。": ["reviews 0 differs", "suits 0 differs"],
    "收到政府信息公开申请38件，上年结转2件，共计40件。": [
        "requests_new 38 equal",
        "requests_carried_in 2 differs",
        "requests_total 40 unclear",
    ],
}


@pytest.mark.parametrize(("text", "expected"), TAKEN.items())
def test_a_figure_is_taken_and_compared(text: str, expected: list[str]) -> None:
    assert short(stated(text)) == expected


def test_a_section_on_requests_or_disputes_need_not_name_its_subject() -> None:
    assert short(stated("予以公开11件。", section="application")) == ["requests_granted 11 differs"]
    assert short(stated("被申请行政复议3件。", section="dispute")) == ["reviews 3 differs"]


# --- what is left alone ---

LEFT = [
    "共公开信息447条，政策解读29条，回应关切32次，受理热线300件，收到来信39件。",
    "收到政府信息公开申请约40件，近100件，40余件，30多件，1.2万件。",
    "政府信息公开申请办结率100%，占38%。",
    "申请均在20个工作日内答复，依申请公开39件次。",
    "办理人大代表建议39件，答复39件，办结39件。",
    "2021年收到政府信息公开申请30件。",
    "较2021年收到的政府信息公开申请30件增加8件，同比增长20%。",
    "2021年，我局认真办理。共收到政府信息公开申请30件。",
    "自2008年条例施行以来收到政府信息公开申请380件。",
    "截至2022年12月31日，累计收到政府信息公开申请380件。",
    "上半年收到政府信息公开申请20件，一季度收到政府信息公开申请5件。",
    "1-6月收到政府信息公开申请20件。",
    "收到自然人政府信息公开申请30件，法人或其他组织政府信息公开申请9件。",
    "其中网上申请30件、信函申请8件、当面申请1件。",
    "未收到企业、科研机构的政府信息公开申请。",
    "未收到要求提供公开出版物的政府信息公开申请。",
    "如未收到政府信息公开申请，应当说明。",
    "政府信息公开未发生行政复议、行政诉讼败诉的情况，未涉败诉、纠错。",
    "政府信息公开行政复议、行政诉讼4件。",
    "推进政府信息公开，办理行政复议案件356件，应诉行政诉讼案件20件。",
    "公布依申请公开目录3个，提供政府信息公开申请表1份，年报1份。",
    "依申请公开行政复议后提起行政诉讼1件。",
    "县住建局收到政府信息公开申请39件。",
    "未收取政府信息公开信息处理费0元。",
    "对2件予以公开。",
]


@pytest.mark.parametrize("text", LEFT)
def test_other_numbers_are_never_taken(text: str) -> None:
    assert stated(text) == []


@pytest.mark.parametrize(
    "text",
    [
        # The words have more than one sense.
        "依申请公开信息37件。",
        "按期答复政府信息公开申请37件。",
        "办理政府信息公开申请37件。",
        "依申请公开收到37件。",
        "因政府信息公开提起行政复议申请3件。",
        # A count that was not understood stands before a bare label.
        "依申请公开中，网上申请30件，办结29件。",
        "依申请公开：答复代表建议20件，办结20件。",
        # A part of what was received.
        "收到政府信息公开申请38件，其中受理政府信息公开申请36件。",
        "收到政府信息公开申请38件，受理政府信息公开申请36件。",
        "收到政府信息公开申请20件（网上），收到政府信息公开申请18件（信函）。",
        # Another body is the subject.
        "政府信息公开申请中，县住建局牵头办理，办结20件。",
        # Twice with different numbers and no word on what they are parts of.
        "依申请公开中，予以公开5件，部分公开14件，予以公开2件。",
    ],
)
def test_what_can_be_read_in_two_ways_is_no_finding(text: str) -> None:
    found = stated(text)
    assert any(one.verdict == "unclear" for one in found)
    assert findings(found) == []


@pytest.mark.parametrize("section", ["problems"])
def test_plans_and_faults_state_no_figures(section: str) -> None:
    assert stated("收到政府信息公开申请99件。", section=section) == []


def test_tables_left_in_the_text_are_not_read_as_prose() -> None:
    assert stated("一、本年新收政府信息公开申请数量\t99件\n| 结转下年度继续办理 | 99件 |") == []


# --- for whom a figure speaks ---

SCOPES = [
    ("own", "全市共收到政府信息公开申请380件，我局收到政府信息公开申请37件。", ["other_scope", "differs"]),
    ("consolidated", "全区共收到政府信息公开申请37件。", ["differs"]),
    ("consolidated", "区本级收到政府信息公开申请20件，各镇街未收到政府信息公开申请。", ["other_scope"] * 2),
    ("consolidated", "全县各单位共收到政府信息公开申请39件。", ["differs"]),
    ("consolidated", "各镇街、各部门共收到政府信息公开申请39件。", ["other_scope"]),
    ("consolidated", "我局收到政府信息公开申请39件。", ["other_scope"]),
    ("own", "全市共收到政府信息公开申请38件。", ["equal"]),
    ("own", "全市推进公开。全年收到政府信息公开申请37件。", ["other_scope"]),
    ("own", "安远县财政局共收到政府信息公开申请37件。", ["differs"]),
    ("own", "县财政局共收到政府信息公开申请37件。", ["differs"]),
    ("consolidated", "县财政局共收到政府信息公开申请37件。", ["other_scope"]),
    (None, "我局共收到政府信息公开申请39件。", ["differs"]),
    (None, "我局共收到政府信息公开申请39件，全县共收到政府信息公开申请139件。", ["other_scope"] * 2),
    (None, "共收到政府信息公开申请39件。", ["differs"]),
    (None, "全县共收到政府信息公开申请39件。", ["other_scope"]),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "text", "verdicts"), SCOPES)
def test_only_the_same_scope_can_differ(scope: str | None, text: str, verdicts: list[str]) -> None:
    found = stated(text, scope)
    assert [one.verdict for one in found] == verdicts
    assert len(findings(found)) == verdicts.count("differs")


def test_a_part_of_a_whole_does_not_lend_its_subject_to_what_follows() -> None:
    text = "全市共收到政府信息公开申请38件，其中市政府办公室收到20件，答复18件。"
    assert short(stated(text, "consolidated")) == ["requests_new 38 equal", "requests_handled 18 unclear"]


# --- the table's side ---


def test_a_cell_without_a_number_or_in_contradiction_is_not_held_against_the_text() -> None:
    reading, stream = report("收到政府信息公开申请39件，不予公开9件。")
    reading.cells = cells({("application", "received_new"): None, ("application", "denied_safety"): None})
    assert short(figures(reading, stream, "own")) == ["requests_new 39 unclear", "requests_denied 9 unclear"]
    reading.cells = [cell._replace(check_status="contradicted") for cell in cells()]
    assert short(figures(reading, stream, "own")) == ["requests_new 39 unclear", "requests_denied 9 unclear"]


def test_without_tables_there_is_nothing_to_differ_from() -> None:
    reading, stream = report("收到政府信息公开申请39件。")
    reading.cells = []
    assert short(figures(reading, stream, "own")) == ["requests_new 39 unclear"]


# --- evidence ---


def test_a_finding_says_what_where_and_how_much() -> None:
    lines = [
        "第一段。",
        "依申请公开情况",
        "2022年，我局依法办理各类申请，全年共收到政府信息",
        "公开申请 39 件，被申请行政复议2件，行政诉讼5件。",
    ]
    found = stated("\n".join(lines))
    received, suits = findings(found)
    assert (received.rule_code, received.line_no) == ("narrative.figure", 8)
    assert (received.table_code, received.row_code, received.column_code) == (
        "application",
        "received_new",
        "total",
    )
    assert (received.expected, received.observed) == ("38", "39")
    assert "39" in received.message
    assert "38" in received.message
    # Suits are two cells of the table: no single one is wrong.
    assert (suits.table_code, suits.row_code, suits.expected, suits.observed) == ("dispute", None, "2", "5")


@given(
    number=st.integers(0, 10**7),
    gaps=st.lists(st.sampled_from(["", " ", "  ", "\u3000", "\t "[1:]]), min_size=20, max_size=20),
    wide=st.booleans(),
)
def test_spaces_and_widths_change_nothing_and_the_span_shows_the_number(
    number: int, gaps: list[str], *, wide: bool
) -> None:
    digits = (
        str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")) if wide else str(number)
    )
    letters = ["全年", "共", "收到", "政府信息", "公开", "申请", " ", digits, " ", "件"]
    text = (
        "依法公开。" + "".join(part + gap for part, gap in zip(letters, gaps, strict=False)) + "，均已办理。"
    )
    reading, stream = report(text)
    (one,) = figures(reading, stream, "own")
    assert (one.figure_code, one.value) == ("requests_new", number)
    assert one.verdict == ("equal" if number == 38 else "differs")
    quoted = reading.sections[0].text[one.start : one.end]
    assert quoted.startswith("全年")
    assert digits in quoted
    assert quoted.rstrip().endswith("件")


def test_lines_cut_by_a_page_are_one_sentence_and_torn_numbers_are_none() -> None:
    cut = "2022年，我局认真办理，全年共收到政府信息公开申请 39\n\n- 12 -\n\n件，办结 38 件。"
    assert short(stated(cut)) == ["requests_new 39 differs", "requests_handled 38 equal"]
    split = "2022年，我局认真办理各类依申请公开事项，共收到政府信息公开申请 3\n9 件。"
    assert short(stated(split)) == ["requests_new 39 differs"]
    items = "依申请公开\n收到申请3\n9件，办结\n38件"
    assert stated(items) == []


# --- made reports ---

# The figures that tests/generator prints in prose, as a reader of those sentences alone would take them.
PRINTED = {
    "requests_new": [r"新收政府信息公开申请(\d+)件", r"收到申请(\d+)件", r"共收到政府信息公开申请(\d+)件"],
    "requests_carried_in": [r"上年结转(\d+)件"],
    "requests_granted": [r"予以公开(\d+)件"],
    "requests_partial": [r"部分公开(\d+)件"],
    "requests_not_held": [r"不掌握相关政府信息(\d+)件"],
    "backlog": [r"结转下年度继续办理(\d+)件"],
    "reviews": [r"被申请行政复议(\d+)件"],
    "suits": [r"被提起行政诉讼(\d+)件"],
}


def printed(reading: Reading) -> Counter[tuple[str, int]]:
    counted: Counter[tuple[str, int]] = Counter()
    for section in reading.sections:
        bare = re.sub(r"\s", "", section.text)
        for code, patterns in PRINTED.items():
            counted.update((code, int(number)) for one in patterns for number in re.findall(one, bare))
    return counted


def test_made_reports_state_what_they_print_and_nothing_is_false() -> None:
    """The prose of made reports agrees with their tables, in every layout, form and style."""
    seen = 0
    for made in corpus(250, seed=900):
        stream = open_document(made.data, made.file_name)
        reading = read(stream)
        found = figures(reading, stream, scope_of(reading, stream))
        assert findings(found) == [], made.file_name
        assert Counter((one.figure_code, one.value) for one in found) == printed(reading), made.file_name
        # Where the table has a number, text and table agree.
        assert all(one.verdict == "equal" for one in found if one.table_value is not None), made.file_name
        seen += len(found)
    assert seen > 500


def test_damaged_reports_give_no_false_finding() -> None:
    for made in corpus(200, seed=4_000, damaged=True):
        if made.layout == "pdf":
            continue
        stream = open_document(made.data, made.file_name)
        try:
            reading = read(stream)
        except Unreadable:
            continue
        assert findings(figures(reading, stream, scope_of(reading, stream))) == [], made.file_name


@pytest.mark.parametrize("layout", ["tabs", "bare_lines", "aligned"])
def test_one_changed_figure_of_the_prose_is_found_once(layout: str) -> None:
    """A mismatch planted in made reports is found once, at its line, and nothing else is."""
    phrase = re.compile(r"(新收政府信息公开申请|上年结转|结转下年度继续办理)(\d+)(?=件)")
    planted = 0
    for seed in range(120):
        made = make_report(seed, layout=layout, style="plain")
        text = made.data.decode(made.encoding or "utf-8")
        places = list(phrase.finditer(text))
        if not places:
            continue
        place = places[seed % len(places)]
        number = int(place[2]) + 1 + seed % 3
        changed = f"{text[: place.start(2)]}{number}{text[place.end(2) :]}"
        stream = open_document(changed.encode(), made.file_name)
        found = findings(figures(read(stream), stream, "own"))
        assert [(one.observed, one.expected) for one in found] == [(str(number), str(int(place[2])))]
        assert place[1] in re.sub(r"\s", "", changed.splitlines()[(found[0].line_no or 0) - 1])
        planted += 1
    assert planted > 20


# --- the words ---


def test_every_wording_names_a_metric_that_counts() -> None:
    counts = {code for code, one in metrics().items() if one.unit == "count" and not one.denominator}
    spec = _spec()
    named = {label["code"] for label in spec["labels"]} | set(spec["both"]["codes"])
    for label in spec["labels"]:
        named |= {*label.get("accepts", []), *label.get("after", []), *label.get("unless", [])}
    assert named <= counts


def test_a_line_longer_than_any_paragraph_is_passed_over() -> None:
    assert stated("收到政府信息公开申请99件，" * 2_000) == []
