"""What one raw string in a figure's place says.

Belongs here: the strict interpretation of a single cell's text. Does not belong
here: which cell it is, or what unit a column's header gives.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

REPORTED = "reported"
BLANK = "blank"
NOT_APPLICABLE = "not_applicable"
UNREADABLE = "unreadable"
MISSING = "missing"

_MOST_DIGITS = 15
UNITS = ("亿元", "亿", "万元", "万", "元", "件次", "件", "条", "项", "个", "次", "宗", "份", "部", "家")
"""What may stand behind a number, the longer first."""
MONEY_UNITS = {"元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}

_NUMBER = re.compile(
    rf"""(?P<sign>[+\-−]|增加?|新增|减少?|↑|↓)?\s*
        (?P<digits>[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+|0|[1-9][0-9]*)(?P<fraction>\.[0-9]+)?\s*
        (?P<unit>{"|".join(UNITS)})?\s*
        (?P<note>.*)""",
    re.VERBOSE | re.DOTALL,
)
# A remark beside a number: in one pair of brackets, or a word for how a case ended. Any other
# word may change the number (以上, 余, 季度, 美元), so it makes the cell unreadable.
REMARK = re.compile(
    r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]|"
    r"已?(?:撤诉|撤回|撤销|驳回|终止|中止|和解|调解|结案|办结|审结|在审|未结|受理|不予受理|另案处理)(?:申请|起诉)?"
)
_DASHES = re.compile(r"[/\\\-−–—―─]{1,6}")
_NONE_WORDS = frozenset(
    ["无", "無", "暂无", "没有", "不适用", "不涉及", "未涉及", "未发生", "无此项", "N/A", "n/a", "NA"]
)
# What programs write for an empty cell when they turn a table into text.
_EMPTY_WORDS = frozenset(["nan", "NaN", "None", "null", "NULL", "<NA>", "&nbsp;"])
_NONE_SENTENCE = re.compile(
    r"(?:本|我)?(?:单位|机关|部门|级|局|办|委|镇|乡|街道|中心)?(?:暂|并)?"
    r"(?:无|没有|不具有|不具备|不涉及|不承担|未承担|不适用)[\u4e00-\u9fff]{0,12}"
    r"(?:职能|职权|权限|权力|权|职责|事项|业务|此项|该项|这项|情况|情形)(?:内容|工作)?。?"
)
# Full-width forms of ASCII and the wide spaces; no other compatibility forms: ² and ① are no digits.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xA0: " ", 0x2009: " "}
_NEGATIVE = frozenset("-−减↓") | {"减少"}


@dataclass(slots=True)  # not frozen, for speed, as tokens
class Interpreted:
    """The meaning of one raw string.

    `value` is the number as written, without its unit; `factor` turns it into yuan when
    a money unit stands beside it, else None. `note` is what else stands there.
    """

    status: str
    value: int | float | None = None
    factor: int | None = None
    note: str | None = None


_BLANK_MEANING = Interpreted(BLANK)
_NOT_APPLICABLE_MEANING = Interpreted(NOT_APPLICABLE)
UNREAD = Interpreted(UNREADABLE)


def interpret(raw: str) -> Interpreted:
    """Return what `raw` says; what is not fully understood is `unreadable`, never a guess.

    Understood are whole and decimal numbers with sign, thousands separators, full-width
    digits, a counting or money unit and a remark; blanks; and the ways in which agencies
    write that an item doesn't apply to them (`/`, `—`, `无`, `本单位无制发规章职能`).
    """
    if raw.isascii() and raw.isdigit():
        whole = len(raw) <= _MOST_DIGITS and (raw[0] != "0" or raw == "0")
        return Interpreted(REPORTED, int(raw)) if whole else UNREAD
    text = raw.translate(_WIDE).strip()
    if not text or text in _EMPTY_WORDS:
        return _BLANK_MEANING
    if _DASHES.fullmatch(text) or text in _NONE_WORDS or _NONE_SENTENCE.fullmatch(text):
        return _NOT_APPLICABLE_MEANING
    return _number(text)


def plain(value: Decimal) -> int | float:
    """Return a decimal as an int where it is whole, else as the nearest float."""
    return int(value) if value == value.to_integral_value() else float(value)


def _number(text: str) -> Interpreted:
    found = _NUMBER.fullmatch(text)
    if not found or len(found["digits"]) > _MOST_DIGITS + 4 or not _is_remark(found["note"]):
        return UNREAD
    digits, fraction, unit = found["digits"].replace(",", ""), found["fraction"], found["unit"]
    number = plain(Decimal(digits + fraction)) if fraction else int(digits)
    if found["sign"] in _NEGATIVE:
        number = -number
    note = " ".join(filter(None, (unit, found["note"]))) or None
    return Interpreted(REPORTED, number, MONEY_UNITS.get(unit), note)


def _is_remark(note: str) -> bool:
    return not note or bool(REMARK.fullmatch(note))
