"""What one raw string in a figure's place says.

Belongs here: the strict interpretation of a single cell's text. Does not belong
here: which cell it is, or what unit a column's header gives.
"""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

REPORTED = "reported"
BLANK = "blank"
NOT_APPLICABLE = "not_applicable"
UNREADABLE = "unreadable"
MISSING = "missing"

MONEY_UNITS = {"元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}

_NUMBER = re.compile(
    r"""(?P<sign>[+\-−]|增加?|新增|减少?|↑|↓)?\s*
        (?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?\s*
        (?P<unit>亿元|亿|万元|万|元|件|条|项|个|次|宗|份|部|家)?\s*
        (?P<note>.*)""",
    re.VERBOSE | re.DOTALL,
)
# A remark beside a number: in brackets, or a few Chinese characters that make no date or share.
_BRACKETED = re.compile(r"[(\[【〔].*[)\]】〕]")
_WORDS = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff、,;。]{0,11}")
_NO_REMARK = re.compile(r"[年月日时号分点至到余多约万亿千百倍网]|体育|投注|娱乐|棋牌|彩票")
_DASHES = re.compile(r"[/\\\-−–—―─_*]{1,6}")
_NONE_WORDS = frozenset(
    ["无", "無", "暂无", "没有", "不适用", "不涉及", "未涉及", "未发生", "N/A", "n/a", "NA"]
)
_NONE_SENTENCE = re.compile(
    r"(?:本|我)?(?:单位|机关|部门|级|局|办|委|镇|乡|街道|中心)?(?:暂|并)?"
    r"(?:无|没有|不具有|不具备|不涉及|不承担|未承担|不适用)[\u4e00-\u9fff]{0,12}"
    r"(?:职能|职权|权限|权力|权|职责|事项|业务|此项|该项|这项|情况|情形)(?:内容|工作)?。?"
)
_NEGATIVE = frozenset("-−减↓") | {"减少"}


class Interpreted(NamedTuple):
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
_UNREADABLE_MEANING = Interpreted(UNREADABLE)


def interpret(raw: str) -> Interpreted:
    """Return what `raw` says; what is not fully understood is `unreadable`, never a guess.

    Understood are whole and decimal numbers with sign, thousands separators, full-width
    digits, a counting or money unit and a remark; blanks; and the ways in which agencies
    write that an item doesn't apply to them (`/`, `—`, `无`, `本单位无制发规章职能`).
    """
    if raw.isascii() and raw.isdigit():
        return Interpreted(REPORTED, int(raw)) if len(raw) <= 15 else _UNREADABLE_MEANING
    text = unicodedata.normalize("NFKC", raw).strip()
    if not text:
        return _BLANK_MEANING
    if _DASHES.fullmatch(text) or text in _NONE_WORDS or _NONE_SENTENCE.fullmatch(text):
        return _NOT_APPLICABLE_MEANING
    return _number(text)


def plain(value: Decimal) -> int | float:
    """Return a decimal as an int where it is whole, else as the nearest float."""
    return int(value) if value == value.to_integral_value() else float(value)


def _number(text: str) -> Interpreted:
    found = _NUMBER.fullmatch(text)
    if not found or len(found["digits"]) > 18 or not _is_remark(found["note"]):
        return _UNREADABLE_MEANING
    number = Decimal(found["digits"].replace(",", "") + (found["fraction"] or ""))
    if found["sign"] in _NEGATIVE:
        number = -number
    unit = found["unit"]
    note = " ".join(part for part in (unit, found["note"]) if part) or None
    return Interpreted(REPORTED, plain(number), MONEY_UNITS.get(unit), note)


def _is_remark(note: str) -> bool:
    if not note or _BRACKETED.fullmatch(note):
        return True
    return bool(_WORDS.fullmatch(note)) and not _NO_REMARK.search(note)
