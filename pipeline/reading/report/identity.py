"""Whose report of which year a document is.

Belongs here: putting title, statistics period, signature and introduction together.
Does not belong here: finding title and signature (title.py, signature.py), nor which
body the name means (agencies/).
"""

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from pipeline.documents.stream import Stream, Unreadable
from pipeline.reading.records import Identified
from pipeline.reading.report.dates import arabic, find_date, find_periods
from pipeline.reading.report.signature import Signature, find_signature
from pipeline.reading.report.title import ENDS_AS_BODY, SEARCHED, Title, find_title
from pipeline.reading.words.labels import squeeze

_PERIOD_WORDS = re.compile(r"统计|期限|时限|所列数据|数据.{0,6}期")
_SHORTEST_PERIOD = 9
_TO = re.compile(
    r"[至到\-—–~―－～\ufe63\ufe31\ufe32\ufe58\u2f84\u3243]"
)  # between its two dates, in any width
_INTRODUCED = re.compile(r"((?:19|20)[0-9]{2})年度?.{0,12}(?:政府信息|政务)公开")
_PUBLISHER = re.compile(
    r"(?:发布机构|发文机构|发布单位|公开主体|信息来源|来\s*源)\s*[:：]\s*([\u4e00-\u9fff（）()]{4,40})(?=\s|$)"
)
_DRAWN_UP = re.compile(
    r"由([\u4e00-\u9fff]{4,30}?)(?:结合|编制|根据|依据|负责编制)|"
    r"[，,]([\u4e00-\u9fff]{4,30}?)编制了|"
    r"现(?:将|公布|发布)([\u4e00-\u9fff]{4,30}?)(?:19|20)[0-9]{2}年度?政府信息公开|"
    r"请与([\u4e00-\u9fff]{4,30}?)(?:办公室|党政办|政府信息公开|政务公开)?联系"
)
_NO_YEAR = (
    "没有报告年度 no report year: neither a statistics period nor a title names it; "
    "add one or remove the file"
)
_NO_NAME = "没有单位名称 no agency: neither title nor signature names it; add one or remove the file"


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
        raise Unreadable(_NO_YEAR)
    name = (title.agency if title else "") or signature.name or _publisher(stream)
    if not name:
        raise Unreadable(_NO_NAME)
    return Identified(year, name, title.text if title else None, signature.signed_on or _published(stream))


def report_year(stream: Stream, title: Title | None, signature: Signature) -> int | None:
    """Return the year that the report covers, None when nothing says it."""
    period = statistics_period(stream)
    named = title.year if title else None
    signed = signature.signed_on.year if signature.signed_on else None
    if period and named and period != named and signed == named + 1:
        return named
    return period or named or _introduced(stream)


def statistics_period(stream: Stream) -> int | None:
    """Return the year of the stated statistics period: of one that is called so, else of a whole year.

    It may be cut at the end of a line.
    """
    return _stated(stream.lines) or _stated(
        f"{line}{following}" for line, following in pairwise(stream.lines) if line and following
    )


def _stated(lines: Iterable[str]) -> int | None:
    others: list[int] = []
    for line in lines:
        if len(line) < _SHORTEST_PERIOD or ("12" not in line and "１２" not in line) or not _TO.search(line):
            continue
        bare = arabic(squeeze(line))
        for period in find_periods(bare):
            if _PERIOD_WORDS.search(bare[max(0, period.start - 30) : period.end + 10]):
                return period.year
            if period.whole:
                others.append(period.year)
    return others[0] if others else None


def _introduced(stream: Stream) -> int | None:
    for line in stream.lines[:SEARCHED]:
        found = _INTRODUCED.search(arabic(squeeze(line))) if "公开" in line else None
        if found:
            return int(found[1])
    return None


def _publisher(stream: Stream) -> str:
    """Return who publishes according to the page itself: its metadata, or a line that says so."""
    if stream.meta.get("publisher"):
        return stream.meta["publisher"]
    found = (_PUBLISHER.search(line) for line in stream.lines[:SEARCHED] if "：" in line or ":" in line)
    return next((match[1] for match in found if match), "") or _introduced_name(stream)


def _introduced_name(stream: Stream) -> str:
    """Return the body that the introduction says has drawn up the report, or answers questions on it.

    The sentence may be cut at the end of a line.
    """
    lines = stream.lines[:SEARCHED]
    for line in [*lines, *map("".join, pairwise(lines))]:
        for found in _DRAWN_UP.finditer(squeeze(line)) if any(word in line for word in "由与编现") else ():
            name = str(next(filter(None, found.groups())))
            if ENDS_AS_BODY.search(name):
                return name
    return ""


def _published(stream: Stream) -> date | None:
    found = find_date(squeeze(stream.meta.get("published", "")))
    return found[0] if found else None
