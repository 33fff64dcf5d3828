"""What one raw text says: never a number that a careful human would not read from it."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.reading.words.values import MONEY_UNITS, Interpreted, interpret
from tests.generator.values import NO_POWER, NOT_APPLICABLE
from tests.reading.made import by_key, findings_of, read_text, report_text

STATUSES = {"reported", "blank", "not_applicable", "unreadable"}

# --- numbers ---

NUMBERS: list[tuple[str, float, int | None, str | None]] = [
    ("0", 0, None, None),
    ("7", 7, None, None),
    ("12345678", 12345678, None, None),
    (" 5 ", 5, None, None),
    ("\t5", 5, None, None),
    ("\u30005\u00a0", 5, None, None),
    ("+801", 801, None, None),
    ("-7", -7, None, None),
    ("+ 801", 801, None, None),
    ("- 7", -7, None, None),
    ("＋８０１", 801, None, None),
    ("－７", -7, None, None),
    ("−7", -7, None, None),
    ("增加5", 5, None, None),
    ("减少5", -5, None, None),
    ("减少5项", -5, None, "项"),
    ("↓5", -5, None, None),
    ("1,234", 1234, None, None),
    ("1,234,567", 1234567, None, None),
    ("１，２３４", 1234, None, None),
    ("１２，３４５", 12345, None, None),
    ("3.5", 3.5, None, None),
    ("３．５", 3.5, None, None),
    ("1,234.56", 1234.56, None, None),
    ("5.0", 5, None, None),
    ("３", 3, None, None),
    ("１２３", 123, None, None),
    ("38件", 38, None, "件"),
    ("38 件", 38, None, "件"),
    ("３８件", 38, None, "件"),
    ("12项", 12, None, "项"),
    ("4个", 4, None, "个"),
    ("2宗", 2, None, "宗"),
    ("1170400元", 1170400, 1, "元"),
    ("1,170,400.50元", 1170400.5, 1, "元"),
    ("12900 万元", 12900, 10_000, "万元"),
    ("12900万元", 12900, 10_000, "万元"),
    ("19.7 万", 19.7, 10_000, "万"),
    ("１９．７万", 19.7, 10_000, "万"),
    ("1.2亿元", 1.2, 100_000_000, "亿元"),
    ("681700", 681700, None, None),
    ("1 撤诉", 1, None, "撤诉"),
    ("1撤诉", 1, None, "撤诉"),
    ("1（撤诉）", 1, None, "(撤诉)"),
    ("5（其中修订 2 件）", 5, None, "(其中修订 2 件)"),
    ("5(其中修订2件)", 5, None, "(其中修订2件)"),
    ("5件（其中修订2件）", 5, None, "件 (其中修订2件)"),
    ("5［含上年结转］", 5, None, "[含上年结转]"),
    ("3（均为网络申请）", 3, None, "(均为网络申请)"),
    ("100万元（财政资金）", 100, 10_000, "万元 (财政资金)"),
]


@pytest.mark.parametrize(("raw", "value", "factor", "note"), NUMBERS, ids=[case[0] for case in NUMBERS])
def test_a_number_is_read_with_its_unit_and_note(
    raw: str, value: float, factor: int | None, note: str | None
) -> None:
    assert interpret(raw) == Interpreted("reported", value, factor, note)


@pytest.mark.parametrize("raw", ["5", "5.0", "1,000"])
def test_whole_numbers_are_ints(raw: str) -> None:
    assert isinstance(interpret(raw).value, int)


# --- blanks, and what doesn't apply ---


@pytest.mark.parametrize("raw", ["", " ", "\t", "\u3000", "\u00a0", "\n", " \u3000\t "])
def test_nothing_is_blank_and_no_zero(raw: str) -> None:
    assert interpret(raw) == Interpreted("blank")


@pytest.mark.parametrize(
    "raw",
    [
        *dict.fromkeys([*NOT_APPLICABLE, *NO_POWER]),
        "／",
        "\\",
        "--",
        "－－",
        "———",
        "———— ",
        "暂无",
        "不适用",
        "N/A",
        "本单位无制发规章职能",
        "本单位无制发规章职能。",
        "本机关无规章制定权限",
        "我局无行政处罚职能",
        "本部门不具有行政强制职权",
        "无此项职能",
    ],
)
def test_what_the_source_says_not_to_apply(raw: str) -> None:
    assert interpret(raw) == Interpreted("not_applicable")


# --- what is no number ---

AMBIGUOUS = {
    "dates": [
        "2020年", "2020年度", "2021年1月5日", "2020-01-05", "2021.1.5", "1月", "15日",
        "1月1日至12月31日", "3季度",
    ],
    "times": ["10:30", "8时", "30分", "5天", "3小时", "20个工作日", "3周"],
    "phones": [
        "0512-83311234", "(0512)83311234", "051283311234", "0797-8370000", "12345热线", "400-123-4567",
    ],
    "addresses": ["100号", "人民路5号", "3楼", "第5项"],
    "two numbers": [
        "1 234", "10 20", "3/5", "3／5", "10-20", "10~20", "10至20", "10—20", "1、2", "2+3", "3×5",
        "1:2", "5，6", "5（行政）3（刑事）", "5件（其中2件），3项（其中1项）", "5万3千", "5亿3000万",
        "3元5角",
    ],
    "separators": [
        "12,34", "1,23", "1,2345", "1,234,56", "0,123", "000,123", "1234,567", ",123", "1,,234",
        "1.2.3", "1.", ".5", "1'234", "1 234 567", "12，34",
    ],
    "shares": ["38%", "３８％", "38.5%", "5‰", "5成", "8折", "三分之一", "1/2", "½", "1½"],
    "about": [
        "约10", "近10", "10多", "10余件", "10多件", "10来件", "10几件", "10左右", "10件以上",
        "10件以下", "10以内", "不到10", "超过10", "≥10", ">10", "<5", "10件左右", "5万余元", "5万多元",
        "10件不到",
    ],
    "multiples": ["5百", "3千", "2千件", "5十", "5倍", "5佰", "3仟", "5拾", "1个半", "5百万"],
    "other money": ["5美元", "100港元", "50欧元", "5角", "￥5角"],
    "brackets": ["(5)", "（5）", "[5]", "5)", "(5", "5（", "5）", "①", "⑤", "(一)", "㈠"],
    "marks": [
        "5²", "5①", "5*", "5?", "5？", "*5", "#5", "5!", "~5", "±5", "--5", "+-5", "5-", "5+", "5/",
        "/5",
    ],
    "letters": [
        "O", "l2", "1O", "I", "x", "A5", "5A", "1e5", "0x10", "1_000", "#VALUE!", "######", "#REF!",
        "nano", "inf", "Infinity", "nil", "True",
    ],
    "words": ["五", "十二", "若干", "待核实", "详见附件", "见下表", "不详", "无法统计", "3?8", "三十件"],
    "other digits": ["٣", "५", "৩", "᠕", "〇"],
    "masks": ["***", "**", "*"],
}  # fmt: skip


@pytest.mark.parametrize("raw", [raw for group in AMBIGUOUS.values() for raw in group])
def test_what_may_be_meant_otherwise_is_unreadable(raw: str) -> None:
    assert interpret(raw) == Interpreted("unreadable")


@pytest.mark.parametrize("raw", ["9" * 19, "9" * 400, "1" + ",000" * 8, "1234567890123456"])
def test_a_number_beyond_all_measure_is_no_number_or_exact(raw: str) -> None:
    meaning = interpret(raw)
    assert meaning.status == "unreadable" or Decimal(str(meaning.value)) == Decimal(raw.replace(",", ""))


# --- any text ---


@given(st.text())
@settings(max_examples=2000)
def test_no_text_raises(raw: str) -> None:
    meaning = interpret(raw)
    assert meaning.status in STATUSES
    assert (meaning.value is not None) == (meaning.status == "reported")
    if meaning.status != "reported":
        assert meaning.factor is None
        assert meaning.note is None


EMPTY_WORDS = {"nan", "NaN", "None", "null", "NULL", "<NA>", "&nbsp;"}


@pytest.mark.parametrize("raw", sorted(EMPTY_WORDS))
def test_a_program_s_word_for_an_empty_cell_is_blank(raw: str) -> None:
    assert interpret(raw) == Interpreted("blank")


@given(st.text())
def test_only_white_space_and_words_for_it_are_blank(raw: str) -> None:
    assert (interpret(raw).status == "blank") == (not raw.strip() or raw.strip() in EMPTY_WORDS)


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_NOT_EXACT = re.compile(r"[成折十百千仟佰拾亿万半几余多约近来超至到以不年月日号时分秒点周天季度%‰倍美港欧]")
_UNITS = re.compile(r"亿元|亿|万元|万|元|件|条|项|个|次|宗|份|部|家")
_FIGURE = re.compile(
    r"(?P<sign>[+\-−↑↓]|增加?|新增|减少?)?\s*(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<rest>\.\d+)?", re.ASCII
)


def outside_brackets(text: str) -> str:
    """What stands in no bracket; an opening bracket that is never closed takes the rest."""
    outside, depth = [], 0
    for char in text:
        depth += char in "([【〔"
        if depth == 0:
            outside.append(char)
        depth = max(0, depth - (char in ")]】〕"))
    return "".join(outside).strip(")]】〕 ")


def careful(raw: str) -> Decimal | None:
    """The one number that a careful human reads; None where there is none, or doubt.

    After the figure there may be one unit, a remark in brackets, and words that say nothing of the number.
    """
    text = raw.translate(_WIDE).strip()
    found = _FIGURE.match(text)
    if not found or re.match(r"0(?=\d\d)\d*[1-9]|0\d*,", found["digits"]):
        return None
    after = text[found.end() :].lstrip()
    unit = _UNITS.match(after)
    words = outside_brackets(after[unit.end() :] if unit else after)
    if _NOT_EXACT.search(words) or not re.fullmatch(r"[\u4e00-\u9fff、,;。\s]*", words):
        return None
    number = Decimal(found["digits"].replace(",", "") + (found["rest"] or ""))
    return -number if found["sign"] and found["sign"][0] in "-−↓减" else number


PIECES = st.sampled_from(
    list("0123456789") * 2
    + list(",.，．、/-－—+() （）%％年月日号余多约第十百千万亿元件项个半成①²½５３一三")
    + [
        "撤诉",
        "其中",
        "左右",
        "以上",
        "（其中修订 2 件）",
        "万元",
        "美元",
        "2020",
        "季度",
        "增加",
        "减少",
        "\u3000",
        "驳回",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=7).map("".join))
@settings(max_examples=5000)
@example("5（行政）3（刑事）")
@example("5²")
def test_a_number_is_only_what_a_careful_human_reads(raw: str) -> None:
    meaning = interpret(raw)
    if meaning.status == "reported":
        wanted = careful(raw)
        assert wanted is not None
        assert meaning.value == float(wanted)


# --- what is written plainly is read ---

NUMBER_STYLES: dict[str, Callable[[int], str]] = {
    "plain": str,
    "comma": "{:,}".format,
    "wide": lambda number: str(number).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)}),
    "wide comma": lambda number: f"{number:,}".replace(",", "，"),
    "suffix": "{}件".format,
    "spaced suffix": "{} 件".format,
    "remark": "{}（其中修订 2 件）".format,
    "padded": " {} ".format,
    "plus": "+{}".format,
}


@given(st.integers(0, 10**11), st.sampled_from(sorted(NUMBER_STYLES)))
@settings(max_examples=500)
def test_any_count_is_read_back(number: int, style: str) -> None:
    meaning = interpret(NUMBER_STYLES[style](number))
    assert (meaning.status, meaning.value) == ("reported", number)


@given(st.decimals(0, 10**9, places=4), st.sampled_from(sorted(MONEY_UNITS)), st.sampled_from(["", " "]))
@settings(max_examples=500)
def test_any_amount_is_read_back_with_its_factor(amount: Decimal, unit: str, gap: str) -> None:
    meaning = interpret(f"{amount}{gap}{unit}")
    assert (meaning.status, meaning.value, meaning.factor) == ("reported", float(amount), MONEY_UNITS[unit])
    assert MONEY_UNITS[unit] == {"元": 1, "万元": 10**4, "万": 10**4, "亿元": 10**8, "亿": 10**8}[unit]


# --- money in a report ---

AMOUNTS_2019 = [
    ("12900 万元", 129_000_000, "cell.note"),
    ("19.7 万", 197_000, "cell.note"),
    ("1170400元", 1_170_400, "cell.note"),
    ("681700", 681_700, "cell.unit_assumed"),
    ("1,170,400.55", 1_170_400.55, "cell.unit_assumed"),
    ("0.07万元", 700, "cell.note"),
    ("1.1万元", 11_000, "cell.note"),
    ("2.3亿元", 230_000_000, "cell.note"),
]
AMOUNTS_2021 = [
    ("12.5", 125_000),
    ("0.07", 700),
    ("1.1", 11_000),
    ("12.5万元", 125_000),
    ("1170400元", 1_170_400),
]


@pytest.mark.parametrize(("raw", "yuan", "rule"), AMOUNTS_2019)
def test_procurement_is_in_yuan(raw: str, yuan: float, rule: str) -> None:
    key = ("disclosure", "procurement", "amount")
    reading = read_text(report_text("2019", {key: raw}))
    cell = by_key(reading)[key]
    assert (cell.raw_text, cell.value, cell.unit, cell.value_status) == (raw, yuan, "yuan", "reported")
    assert [one.column_code for one in findings_of(reading, rule)] == ["amount"]
    assert len(findings_of(reading, "cell.unit_assumed")) == (rule == "cell.unit_assumed")


@pytest.mark.parametrize(("raw", "yuan"), AMOUNTS_2021)
def test_fees_are_in_the_header_s_unit_unless_the_cell_has_its_own(raw: str, yuan: float) -> None:
    key = ("disclosure", "fee", "amount")
    reading = read_text(report_text("2021", {key: raw}))
    cell = by_key(reading)[key]
    assert (cell.raw_text, cell.value, cell.unit, cell.value_status) == (raw, yuan, "yuan", "reported")
    assert findings_of(reading, "cell.unit_assumed") == []


@pytest.mark.parametrize("raw", ["12.5万", "12.5万件"])
def test_ten_thousands_of_requests_are_never_twelve(raw: str) -> None:
    """The cell is 125000, with a finding on what stands beside the number, or openly no number."""
    key = ("application", "received_new", "natural_person")
    reading = read_text(report_text("2021", {key: raw}))
    cell = by_key(reading)[key]
    assert (cell.value_status, cell.value) in [("unreadable", None), ("reported", 125_000)]
    assert [one for one in reading.findings if one.rule_code in ("cell.note", "cell.unreadable")]
