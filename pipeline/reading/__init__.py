"""From one document's stream to a report as read: who, which year, sections, cells, findings."""

from pipeline.documents.stream import Stream, Unreadable
from pipeline.forms import TABLE_CODES, form_in_force
from pipeline.reading.layouts import as_known
from pipeline.reading.records import CellRecord, Finding, Identified, Reading, Section
from pipeline.reading.regions import Scan, scan
from pipeline.reading.report import identity
from pipeline.reading.report.sections import find_sections
from pipeline.reading.report.signature import find_signature
from pipeline.reading.report.title import find_title
from pipeline.reading.tables.cells import cells_of
from pipeline.reading.tables.table import keep_common, keep_undisputed, read_table

__all__ = ["VERSION", "CellRecord", "Finding", "Identified", "Reading", "Section", "identify", "read"]

# Raised with every change that can change what is read from the same bytes.
VERSION = "18"

_FEWEST_LABELS = 3  # of one table, below which a text without a title is no report


def identify(stream: Stream) -> Identified:
    """Return whose report of which year a document is.

    Raises Unreadable when it is no annual report, or names no year or no agency.
    """
    stream, entries, _ = as_known(stream)
    _require_report(stream, scan(stream, entries))
    return identity.identify(stream)


def read(stream: Stream) -> Reading:
    """Read a whole report. Raises Unreadable as `identify` does."""
    stream, entries, rival = as_known(stream)
    found = scan(stream, entries)
    _require_report(stream, found)
    title, signature = find_title(stream), find_signature(stream)
    who = identity.identified(stream, title, signature)
    reading = Reading(who.title, who.agency_name, who.report_year, who.published_on)
    _read_tables(reading, stream, found, scan(stream, rival) if rival else None)
    reading.sections, odd = find_sections(stream, found, signature.entries)
    reading.findings += odd
    if who.title is None:
        message = "没有标题，单位名称取自落款"
        reading.findings.append(Finding("section.heading", message, observed=who.agency_name, line_no=1))
    return reading


def _read_tables(reading: Reading, stream: Stream, found: Scan, rival: Scan | None) -> None:
    for code in TABLE_CODES:
        region = found.regions.get(code)
        table = read_table(code, region, reading.report_year)
        if table is None:
            continue
        if region and region.rival:
            keep_undisputed(table, read_table(code, region.rival, reading.report_year))
        if rival:
            keep_common(table, read_table(code, rival.regions.get(code), reading.report_year))
        cells, findings = cells_of(table, stream)
        reading.cells += cells
        reading.findings += findings
        setattr(
            reading,
            f"{code}_form",
            table.table.form if code in found.regions else form_in_force(reading.report_year),
        )


def _require_report(stream: Stream, found: Scan) -> None:
    if found.holds_two:
        raise Unreadable(
            "文中有两份年度报告 more than one report: tables 二 and 三 stand there twice, with other "
            "figures; keep each report in a file of its own"
        )
    if any(len(region.names) >= _FEWEST_LABELS for region in found.regions.values()):
        return  # nearly every document
    names = frozenset[str]().union(*[region.names for region in found.regions.values()])
    if len(names) < _FEWEST_LABELS and find_title(stream) is None:
        raise Unreadable(
            "不是年度报告 no annual report: neither a title nor a statutory table found; "
            "check the file and remove it, or name its agency and year in a title"
        )
