"""The evidence that a document gives of its author.

Belongs here: finding signature, introduction, address, postcode, area code and domains in the lines.
Does not belong here: what they prove. Names, numbers and mail addresses of persons are never taken.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from pipeline.agencies.model import Evidence
from pipeline.agencies.text import plain

_HEADING = re.compile(r"^(?:第?一[、.章部:]|\(一\)|1[、.])?(?:总体|基本|工作)?(?:情况|概述|概况)|^一[、.]")
_DATE = re.compile(r"(?:\d{4}|二[〇○零Oo0][〇○零Oo0一二三四五六七八九]{2})年.{1,3}月.{1,4}[日号]?.*$")
_BODY = re.compile(r"(?:局|厅|委|会|办公室|办|政府|中心|街道|处|队|院|所|站|关|馆|社|部|室|区|镇|乡)$")
_ADDRESS = re.compile(r"地址[:为是]?([^,。;:()、<>]{4,40}?)(?=[,。;()<>、]|邮编|邮政编码|电话|联系|传真|$)")
_POSTCODE = re.compile(r"(?:邮编|邮政编码)[:为是]?(\d{6})(?!\d)")
_PHONE = re.compile(
    r"(?:电话|传真|热线|号码)[:为是]?\+?(?:86)?\(?(0(?:10|2\d|[3-9]\d\d))\)?[-—–]*\d{7,8}(?!\d)"
)
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_SITE = re.compile(r"(?<![@A-Za-z0-9.-])((?:[A-Za-z0-9-]+\.)+gov\.cn)(?![A-Za-z0-9])")
_PERSON = re.compile(r"(?:联系人|经办人|负责人|填报人|咨询人|受理人)[:为是]?[\u4e00-\u9fff]{2,4}")
_NUMBER = re.compile(r"[\d-]{7,}|[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_NATIONAL_SITES = {"www.gov.cn", "gov.cn"}
_INTRODUCTION = 1200  # signs; what comes later is the report itself
_TAIL = 15  # entries from the end among which the signature stands


class Lines(Protocol):
    """What is asked of a stream."""

    @property
    def lines(self) -> Sequence[str]:
        """Entries of the text in order."""

    @property
    def grid(self) -> Mapping[int, object]:
        """Entries that are table rows."""

    @property
    def meta(self) -> Mapping[str, str]:
        """What the page says of itself."""


def gather_evidence(stream: Lines, report_year: int | None, publisher: str | None = None) -> Evidence:
    """Collect what the document says of its author.

    `publisher` is the origin card's; without one, the page's own. Persons' names, numbers and mailboxes are
    left out: of a telephone number only its area code is kept, of a mail address only its domain.
    """
    text = plain("\n".join(stream.lines))
    return Evidence(
        signature=_signature(stream),
        introduction=_introduction(stream.lines) or None,
        address=_first(_ADDRESS, text),
        postcode=_first(_POSTCODE, text),
        phone_area=_first(_PHONE, text),
        email_domain=_lower(_first(_MAIL, text)),
        site_domain=_site(text),
        publisher=publisher or stream.meta.get("publisher"),
        report_year=report_year,
    )


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


def _lower(text: str | None) -> str | None:
    return text.lower() if text else None


def _site(text: str) -> str | None:
    sites = (found.lower() for found in _SITE.findall(text))
    return next((site for site in sites if site not in _NATIONAL_SITES), None)


def _introduction(lines: Sequence[str]) -> str:
    """Join what stands before the first section, without persons and numbers."""
    kept: list[str] = []
    for line in _before_sections(lines):
        kept.append(_NUMBER.sub("", _PERSON.sub("", line)))
        if sum(map(len, kept)) > _INTRODUCTION:
            break
    return "\n".join(kept)[:_INTRODUCTION]


def _before_sections(lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        text = plain(line)
        # The title may hold the words of a heading; it is long, or the first thing there is.
        if number and len(text) < 20 and _HEADING.search(text):
            return
        if text:
            yield text


def _signature(stream: Lines) -> str | None:
    """Find the last short line that ends as a body's name does, date and page furniture aside."""
    last = len(stream.lines)
    for number in range(last - 1, max(-1, last - _TAIL), -1):
        text = _DATE.sub("", plain(stream.lines[number])).strip("-—()[]|:。")
        if (
            number not in stream.grid
            and 4 <= len(text) <= 40
            and _BODY.search(text)
            and not re.search("[,。;]", text)
        ):
            return text
    return None
