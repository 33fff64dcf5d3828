"""Whose report of which year: title, agency as named, statistics period, date, sections.

Belongs here: everything about a document outside its tables. Does not belong here:
which body the name means (agencies/), nor what the prose says of figures (checking/).
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from pipeline.documents.stream import Stream, Unreadable
from pipeline.reading.labels import squeeze
from pipeline.reading.records import Identified

_TITLE_LINES = 4  # a title is cut over no more lines than this
_LONGEST_TITLE = 70
_SEARCHED_FOR_TITLE = 120  # entries: a government page's navigation comes first
_SEARCHED_FOR_SIGNATURE = 40
_TITLE = re.compile(r"信息公开.{0,16}(?:报告|年报)")
_TITLE_START = re.compile(r"信息公开|年度报告|(?:19|20)\d{2}年")
_YEAR = re.compile(r"((?:19|20)\d{2})年?度?")
_PERIOD = re.compile(
    r"((?:19|20)\d{2})年1月1日?.{0,4}?(?:至|到|[-—–~―－]).{0,2}?(?:((?:19|20)\d{2})年|当年|同年)?12月31日?"
)
_PERIOD_WORDS = re.compile(r"统计|期限|时限|所列数据|数据.{0,6}期")
_INTRODUCED = re.compile(r"((?:19|20)\d{2})年度?.{0,12}政府信息公开")
_DATE = re.compile(r"((?:19|20)\d{2})[年\-/.](\d{1,2})[月\-/.](\d{1,2})日?")
_SIGNED = re.compile(r"[\u4e00-\u9fff（）()·]{4,40}")
_CHINESE_DATE = re.compile(
    r"([二〇○零一三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_DIGITS = {char: str(place) for place, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_NOISE_IN_NAME = re.compile(
    r"(?:19|20)\d{2}年?度?|[《》<>\[\]【】“”\"'|>]|^关于(?:发布|公布|印发)?|关于$|年度$|的$|^\W+"
)
_NOT_A_NAME = re.compile(
    r"^(?:首页|当前位置|您的位置|索引号|名称|标题|信息名称|发布|来源|时间|日期).*?[:：>]"
)
_PUBLISHER = re.compile(
    r"(?:发布机构|发文机构|发布单位|公开主体|信息来源|来源)[:：]([\u4e00-\u9fff（）()]{4,40})$"
)
_DRAWN_UP = re.compile(
    r"由([\u4e00-\u9fff]{4,30}?)(?:结合|编制|根据|依据|负责编制)|请与([\u4e00-\u9fff]{4,30}?)(?:办公室|党政办|政府信息公开|政务公开)?联系"
)
_AFTER_NAME = re.compile(r"(?:的?政府)?信息公开")
_GOVERNMENT = re.compile(r"(?:人民|市|县|区|省|镇|乡|旗)政府信息公开")
_CJK_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


class Title(NamedTuple):
    """A title, its parts (agency, year) as far as they stand in it, and its entry."""

    text: str
    agency: str
    year: int | None
    entry: int


class Signature(NamedTuple):
    """The closing lines: the body that signs, the date, and the entries they stand in."""

    name: str | None
    signed_on: date | None
    entries: frozenset[int]


def identify(stream: Stream) -> Identified:
    """Return year, agency and title of a report.

    The year is that of the statistics period; where that contradicts both title and
    date of signature, the two outweigh it. Raises Unreadable without a year or a name.
    """
    return identified(stream, find_title(stream), find_signature(stream))


def identified(stream: Stream, title: Title | None, signature: Signature) -> Identified:
    """Return year, agency and title, when title and signature have been looked for. Raises as `identify`."""
    year = report_year(stream, title, signature)
    if year is None:
        raise Unreadable(
            "没有报告年度 no report year: neither a statistics period nor a title names it; "
            "add one or remove the file"
        )
    name = (title.agency if title else "") or signature.name or _publisher(stream)
    if not name:
        raise Unreadable(
            "没有单位名称 no agency: neither title nor signature names it; add one or remove the file"
        )
    return Identified(year, name, title.text if title else None, signature.signed_on or _published(stream))


def report_year(stream: Stream, title: Title | None, signature: Signature) -> int | None:
    """Return the year that the report covers, None when nothing says it."""
    period = statistics_period(stream)
    named = title.year if title else None
    if (
        period
        and named
        and period[0] != named
        and signature.signed_on
        and signature.signed_on.year - 1 == named
    ):
        return named
    if period:
        return period[0]
    return named or _introduced(stream)


def statistics_period(stream: Stream) -> tuple[int, int] | None:
    """Return (year, entry) of the stated statistics period, one that is called so if there is."""
    found: list[tuple[bool, int, int]] = []
    for place, line in enumerate(stream.lines):
        if ("31" not in line or "12" not in line) and "３１" not in line:
            continue
        bare = squeeze(line)
        for match in _PERIOD.finditer(bare):
            if match[2] in (None, match[1]):
                called = bool(_PERIOD_WORDS.search(bare[max(0, match.start() - 30) : match.end() + 10]))
                found.append((called, int(match[1]), place))
    called_so = [item for item in found if item[0]] or found
    return called_so[0][1:] if called_so else None


def find_title(stream: Stream) -> Title | None:
    """Return the report's title: the first short line, or lines, that read as one."""
    best: Title | None = None
    for title in _titles(stream):
        if title.agency and title.year:
            return title
        if best is None or (title.agency and not best.agency):
            best = title
    return best


def find_signature(stream: Stream) -> Signature:
    """Return who signs and when, from the last lines of the document."""
    start = max(0, len(stream.lines) - 2 * _SEARCHED_FOR_SIGNATURE)
    places = [place for place in range(start, len(stream.lines)) if stream.lines[place].strip()]
    for back, place in enumerate(reversed(places[-_SEARCHED_FOR_SIGNATURE:])):
        line = stream.lines[place].strip()
        if len(line) > 60:
            continue
        bare = squeeze(line)
        signed_on = _date(bare)
        if signed_on is None:
            continue
        before = places[len(places) - back - 2] if back + 2 <= len(places) else place
        return _signature(stream, place, before, bare, signed_on)
    return _undated(stream, places)


def tidy(text: str) -> str:
    """Return one line without the spaces that part two Chinese characters at a cut."""
    return " ".join(text.split())


def _signature(stream: Stream, place: int, before: int, bare: str, signed_on: date) -> Signature:
    own = _SIGNED.match(bare)
    if own and not own[0].endswith("年"):
        return Signature(own[0], signed_on, frozenset([place]))
    name = squeeze(stream.lines[before])
    if _SIGNED.fullmatch(name) and before != place:
        return Signature(name, signed_on, frozenset([before, place]))
    return Signature(None, signed_on, frozenset([place]))


def _undated(stream: Stream, places: Sequence[int]) -> Signature:
    """Without a date only a last line that is a body's name alone is a signature."""
    if places:
        name = squeeze(stream.lines[places[-1]])
        if _SIGNED.fullmatch(name) and re.search(r"(?:政府|办公室|局|委员会|办事处|厅|中心)$", name):
            return Signature(name, None, frozenset([places[-1]]))
    return Signature(None, None, frozenset())


def _titles(stream: Stream) -> Iterator[Title]:
    stated = stream.meta.get("title")
    limit = min(len(stream.lines), _SEARCHED_FOR_TITLE)
    for place in range(limit):
        line = stream.lines[place]
        if not line or len(line) > 2 * _LONGEST_TITLE or place in stream.grid:
            continue
        if ("年" in line or "信" in line) and _TITLE_START.search(squeeze(line)):
            text = _joined_title(stream, place)
            if text:
                yield _title(text, place)
    if stated and _TITLE.search(squeeze(stated)):
        yield _title(tidy(stated), 0)


def _joined_title(stream: Stream, place: int) -> str | None:
    """Return the title that starts at an entry, joined with the lines it is cut over."""
    parts: list[str] = []
    for line in stream.lines[place : place + 2 * _TITLE_LINES]:
        part = line.strip()
        if not part:
            continue
        if len(part) > _LONGEST_TITLE or re.search(r"[。；，,;]", part) or len(parts) == _TITLE_LINES:
            return None
        parts.append(part)
        bare = squeeze("".join(parts))
        if _TITLE.search(bare):
            return tidy("".join(parts)) if len(bare) <= _LONGEST_TITLE else None
    return None


def _title(text: str, place: int) -> Title:
    bare = squeeze(text)
    bare = bare[match.end() :] if (match := _NOT_A_NAME.match(bare)) else bare
    year = _YEAR.search(bare)
    return Title(text, _agency(bare), int(year[1]) if year else None, place)


def _agency(bare: str) -> str:
    """Return the body that a title names: what stands before 政府信息公开, without the year."""
    cut = _AFTER_NAME.search(bare)
    if not cut:
        return ""
    end = cut.start()
    government = _GOVERNMENT.search(bare)
    if government and not _YEAR.search(bare[:end]):
        # 海盐县政府信息公开…: the word belongs to the name unless the name is whole without it.
        end = bare.index("信息公开", government.start()) if bare[:end].endswith("人民") else end
    name = bare[:end]
    previous = None
    while name != previous:
        previous, name = name, _NOISE_IN_NAME.sub("", name)
    return name


def _introduced(stream: Stream) -> int | None:
    for line in stream.lines[:_SEARCHED_FOR_TITLE]:
        if "信息公开" in line:
            found = _INTRODUCED.search(squeeze(line))
            if found:
                return int(found[1])
    return None


def _publisher(stream: Stream) -> str:
    """Return who publishes according to the page itself: its metadata, or a line that says so."""
    for line in stream.lines[:_SEARCHED_FOR_TITLE]:
        found = _PUBLISHER.match(squeeze(line)) if len(line) <= _LONGEST_TITLE else None
        if found:
            return stream.meta.get("publisher") or found[1]
    return stream.meta.get("publisher") or _introduced_name(stream)


def _introduced_name(stream: Stream) -> str:
    """Return the body that the introduction says has drawn up the report, or answers questions on it."""
    for line in stream.lines[:_SEARCHED_FOR_TITLE]:
        found = _DRAWN_UP.search(squeeze(line)) if "由" in line or "与" in line else None
        if found:
            return found[1] or found[2]
    return ""


def _published(stream: Stream) -> date | None:
    return _date(stream.meta.get("published", ""))


def _date(bare: str) -> date | None:
    """Return the last date of a short text; dates in Chinese numerals are read too."""
    numbers = [tuple(int(part) for part in found) for found in _DATE.findall(bare)]
    numbers += [(_year(y), _small(m), _small(d)) for y, m, d in _CHINESE_DATE.findall(bare)]
    for year, month, day in reversed(numbers):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def _year(text: str) -> int:
    return int("".join(_DIGITS.get(char, "0") for char in text))


def _small(text: str) -> int:
    """Return a number below 100 in Chinese numerals (十, 二十五, 三)."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(_DIGITS.get(text, "0"))
    return 10 * int(_DIGITS.get(tens, "1") if tens else 1) + int(_DIGITS.get(ones, "0") if ones else 0)
