"""Rules of sense about one report: what its figures and words can hardly mean.

Belongs here: rules that look at one report alone and whose verdict is a suspicion.
Does not belong here: arithmetic (identities.py), comparisons across years or bodies.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from pipeline.documents.stream import Stream
from pipeline.reading.records import CellRecord, Finding, Reading

_PLAN = (
    r"年[,，]?[^。；;,，：:年]{0,14}?将"
    r"(?:着重|重点|从|进一步|继续|持续|不断|采取|围绕|按照|认真|切实|大力|严格|加强|加大|强化|努力|着力|在)"
)
_RULE_POWER_LEVELS = frozenset(["national", "province", "prefecture"])
_DUE = {"government": (3, 31), "zone": (3, 31), "town": (3, 31)}
_DUE_OTHERS = (1, 31)
_MADE = ("made", "issued")


class Body(NamedTuple):
    """What rules need to know of the body that reports; None where it isn't known."""

    agency_type: str | None
    admin_level: str | None


def findings(reading: Reading, stream: Stream, body: Body) -> list[Finding]:
    """Return what the rules of sense say about one report."""
    return [
        *_rule_power(reading, body),
        *_published_total(reading),
        *_stale_year(reading, stream),
        *_injected(stream),
        *_late(reading, body),
    ]


def _rule_power(reading: Reading, body: Body) -> Iterator[Finding]:
    """立法法: only State Council bodies and governments down to the prefecture make 规章."""
    made = [
        cell for cell in reading.cells if cell.row_code == "rule" and cell.column_code in _MADE and cell.value
    ]
    if not made or body.agency_type is None or _may_make_rules(body):
        return
    cell = made[0]
    yield _on_cell(
        "disclosure.rule_power", cell, "0", f"本单位没有制定规章的权限，却报告 {cell.raw_text} 件规章"
    )


def _may_make_rules(body: Body) -> bool:
    if body.agency_type == "government":
        return body.admin_level is None or body.admin_level in _RULE_POWER_LEVELS
    return body.agency_type == "other" or body.admin_level in (None, "national")


def _published_total(reading: Reading) -> Iterator[Finding]:
    """Form 2019, 第二十条第（一）项: what is newly disclosed is part of what is disclosed in all."""
    by_key = {(cell.row_code, cell.column_code): cell for cell in reading.cells}
    for row in ("rule", "normative_document"):
        new, total = by_key.get((row, "disclosed")), by_key.get((row, "disclosed_total"))
        if new and total and new.value is not None and total.value is not None and new.value > total.value:
            message = f"本年新公开 {new.raw_text} 件，多于对外公开总数 {total.raw_text} 件"
            yield _on_cell("disclosure.published_total", total, f">= {new.value}", message)


def _stale_year(reading: Reading, stream: Stream) -> Iterator[Finding]:
    """Find a plan, in the section on problems, for a year that is over when the report appears."""
    section = next((s for s in reading.sections if s.section_code == "problems"), None)
    if section is None:
        return
    plan = _plan_pattern()
    for line_no, line in _lines(stream, section.first_line, section.last_line):
        for found in plan.finditer(line):
            if int(found[1]) <= reading.report_year:
                message = f"{reading.report_year} 年度的报告写的是 {found[1]} 年的打算"
                yield Finding(
                    "narrative.stale_year", message, expected=str(reading.report_year + 1), observed=found[1],
                    line_no=line_no,
                )  # fmt: skip


@cache
def _plan_pattern() -> re.Pattern[str]:
    return re.compile(r"((?:19|20)\d{2})\s*" + _PLAN)


def _lines(stream: Stream, first: int, last: int) -> Iterator[tuple[int, str]]:
    for number, line in zip(stream.numbers, stream.lines, strict=True):
        if first <= number <= last:
            yield number, line


def _injected(stream: Stream) -> Iterator[Finding]:
    signs, pattern, fought = _advertising()
    for number, line in zip(stream.numbers, stream.lines, strict=True):
        if len(line) < 4 or not any(sign in line for sign in signs):
            continue
        for found in pattern.finditer(line):
            if not fought(line[max(0, found.start() - 8) : found.start()]):
                message = f"正文中夹有广告“{found[0]}”"
                yield Finding("text.injected", message, observed=found[0], line_no=number)


@cache
def _advertising() -> tuple[tuple[str, ...], re.Pattern[str], Callable[[str], bool]]:
    spec = yaml.safe_load((Path(__file__).parent / "injected.yaml").read_text(encoding="utf-8"))
    brands = "|".join(spec["brands"])
    patterns = (part.replace("{brands}", brands) for part in spec["patterns"])
    pattern = re.compile("|".join(patterns), re.IGNORECASE)
    words = tuple(spec["fought"])
    return tuple(spec["signs"]), pattern, lambda before: any(word in before for word in words)


def _late(reading: Reading, body: Body) -> Iterator[Finding]:
    """条例 第四十九、五十条: due on 31 January for departments, 31 March for governments."""
    if reading.published_on is None or body.agency_type in (None, "other"):
        return
    month, day = _DUE.get(body.agency_type or "", _DUE_OTHERS)
    due = date(reading.report_year + 1, month, day)
    if reading.published_on > due:
        message = f"应在 {due} 前公布，落款日期为 {reading.published_on}"
        yield Finding("report.late", message, expected=str(due), observed=str(reading.published_on))


def _on_cell(rule: str, cell: CellRecord, expected: str, message: str) -> Finding:
    return Finding(
        rule, message, cell.table_code, cell.row_code, cell.column_code, expected, cell.raw_text, cell.line_no
    )
