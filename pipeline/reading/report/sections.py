"""The six sections: their headings, however numbered, and their text.

Belongs here: telling a section's heading from a table of contents and from subsections
of the same name. Does not belong here: the tables inside the sections.
"""

import re
from bisect import bisect_left
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from pipeline.documents.stream import Stream
from pipeline.forms import vocabulary
from pipeline.reading.records import Finding, Section
from pipeline.reading.regions import Scan
from pipeline.reading.words.labels import squeeze

_NUMERALS = "一二三四五六"
_CLOSING_MARK = re.compile(r"[:：。;；]$")
_TABLES = ("disclosure", "application", "dispute")


class Heading(NamedTuple):
    """A line that reads as a section's heading."""

    order: int
    code: str
    entry: int


def find_sections(
    stream: Stream, found: Scan, closing: frozenset[int]
) -> tuple[list[Section], list[Finding]]:
    """Return the sections found, in order, and what is odd or missing about their headings.

    `closing` are the entries of signature and date, which belong to no section.
    """
    headings = _chain(_candidates(found))
    tables = chain.from_iterable(region.entries for region in found.regions.values())
    hidden = closing.union(map(itemgetter(0), tables))
    sections = [
        _section(stream, heading, _end(stream, headings, place), hidden, closing)
        for place, heading in enumerate(headings)
    ]
    return sections, [*_odd(sections), *_missing(sections)]


def _candidates(found: Scan) -> list[Heading]:
    codes = list(vocabulary()["section"])
    starts = {code: region.entries[0][0] for code, region in found.regions.items()}
    return [
        Heading(codes.index(line.heading), line.heading, place)
        for place, line in found.headings
        if line.heading is not None and place <= starts.get(line.heading, place)
    ]


def _chain(candidates: list[Heading]) -> list[Heading]:
    """Return the longest run of headings in statutory order, of equal ones the latest.

    A table of contents and subsections of the overview come before the sections that
    they name, so the latest is the section's own.
    """
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, heading in enumerate(candidates):
        length = bisect_left(tails, heading.order)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [heading.order]
        ends[length : length + 1] = [place]
    run: list[Heading] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        run.append(candidates[place])
        place = before[place]
    return run[::-1]


def _end(stream: Stream, headings: list[Heading], place: int) -> int:
    return headings[place + 1].entry if place + 1 < len(headings) else len(stream.lines)


def _section(
    stream: Stream, heading: Heading, end: int, hidden: AbstractSet[int], closing: AbstractSet[int]
) -> Section:
    """Return a section, its text without the lines of tables and signature (`hidden`)."""
    lines, inside = stream.lines, range(heading.entry + 1, end)
    shown = [text for place in inside if place not in hidden and (text := lines[place].strip())]
    ends = (place for place in reversed(inside) if place not in closing and lines[place].strip())
    last = next(ends, heading.entry)
    return Section(
        heading.code,
        " ".join(stream.lines[heading.entry].split()),
        "\n".join(shown),
        stream.numbers[heading.entry],
        stream.numbers[last],
    )


def _odd(sections: list[Section]) -> list[Finding]:
    """Report headings that are not numbered or not worded as the form has them."""
    findings: list[Finding] = []
    labels = vocabulary()["section"]
    for section in sections:
        order = list(labels).index(section.section_code)
        proper = f"{_NUMERALS[order]}、{labels[section.section_code].zh}"
        if section.heading != proper and _plain(section.heading or "") != _plain(proper):
            findings.append(
                Finding(
                    "section.heading",
                    f"标题应为“{proper}”，写作“{section.heading}”",
                    expected=proper,
                    observed=section.heading,
                    line_no=section.first_line,
                )
            )
    return findings


@lru_cache(maxsize=256)
def _plain(heading: str) -> str:
    """Return a heading for comparison: without spaces, brackets and closing punctuation."""
    return _CLOSING_MARK.sub("", squeeze(heading)).replace(",", "、")


def _missing(sections: list[Section]) -> list[Finding]:
    present = {section.section_code for section in sections}
    return [
        Finding("section.missing", f"没有找到“{label.zh}”部分", expected=label.zh)
        for code, label in vocabulary()["section"].items()
        if code not in present
    ]
