"""Dates and years as agencies write them: digits, points and strokes, Chinese numerals.

Belongs here: reading a date, a year, a period from a short text. Does not belong here:
which of them is the report's.
"""

import re
from datetime import date
from typing import NamedTuple

YEAR = re.compile(r"((?:19|20)[0-9]{2})年?度?")
_CHINESE_YEAR = re.compile(r"[二一][〇○零OoＯ0一二三四五六七八九]{3}(?=年)")
_MAY_DATE = re.compile(r"(?:19|20)[0-9]{2}[年\-/.]")
_DATE = re.compile(r"((?:19|20)[0-9]{2})[年\-/.]([0-9]{1,2})[月\-/.]([0-9]{1,2})日?")
_CHINESE_DATE = re.compile(
    r"((?:19|20)[0-9]{2})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_PERIOD = re.compile(
    r"((?:19|20)[0-9]{2})[年.\-/]([0-9]{1,2})(?:[月.\-/]([0-9]{1,2}))?[日月]?起?"
    r"(?:至|到|[-—–~―－])+(?:((?:19|20)[0-9]{2})[年.\-/]|当年|同年)?12(?:[月.\-/](?:31|30))?[日月]?"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-12日?")  # 2020-01-12: a date, which a stroke parts as periods are
_DIGITS = {char: str(place) for place, char in enumerate("〇一二三四五六七八九")}
_DIGITS |= dict.fromkeys("零○OoＯ0", "0")


class Period(NamedTuple):
    """A period up to the end of a year; `whole` when it begins with the year."""

    year: int
    whole: bool
    start: int
    end: int


def arabic(bare: str) -> str:
    """Return a text with years in Chinese numerals (二〇二〇年, 二O二O年) written in digits."""
    if "年" not in bare:
        return bare
    return _CHINESE_YEAR.sub(lambda found: "".join(_DIGITS[char] for char in found[0]), bare)


def find_date(bare: str) -> tuple[date, int, int] | None:
    """Return the last date of a text without spaces and where it stands."""
    if not _MAY_DATE.search(bare):
        return None
    found = [(match, [int(part) for part in match.groups()]) for match in _DATE.finditer(bare)]
    found += [
        (match, [int(match[1]), *map(_small, match.groups()[1:])]) for match in _CHINESE_DATE.finditer(bare)
    ]
    for match, (year, month, day) in sorted(found, key=lambda item: -item[0].start()):
        try:
            return date(year, month, day), match.start(), match.end()
        except ValueError:
            continue
    return None


def find_periods(bare: str) -> list[Period]:
    """Return the periods of a text that begin and end in one year, up to December."""
    found = [
        match
        for match in _PERIOD.finditer(bare)
        if match[4] in (None, match[1]) and not _DAY.fullmatch(match[0])
    ]
    return [Period(int(match[1]), _is_whole(match), match.start(), match.end()) for match in found]


def _is_whole(match: re.Match[str]) -> bool:
    return match[2] in ("1", "01") and match[3] in (None, "1", "01")


def _small(text: str) -> int:
    """Return a number below 100 in Chinese numerals (十, 二十五, 三)."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(_DIGITS[text]) if len(text) == 1 else 0
    return 10 * int(_DIGITS.get(tens, "1")) + int(_DIGITS.get(ones, "0"))
