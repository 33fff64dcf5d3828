"""The three statutory tables of one document: form, rows, columns, figures.

Belongs here: recognising each table's form and putting the witnesses together
(align.py, candidates.py, arithmetic.py). Does not belong here: their inner workings, the checks
of the finished cells, and everything outside the tables.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.forms import Row, Table, form_in_force, forms
from pipeline.reading.columns import (
    arithmetic,
    choose,
    headers,
    identities,
    other_columns,
    passed_over,
    turned,
)
from pipeline.reading.columns.arithmetic import Choice
from pipeline.reading.columns.candidates import Candidate
from pipeline.reading.columns.own_names import under_own_names
from pipeline.reading.columns.unlabelled import align_by_count
from pipeline.reading.records import Finding
from pipeline.reading.regions import Region
from pipeline.reading.rows.align import align
from pipeline.reading.rows.bands import Band, bands
from pipeline.reading.rows.direct import align_directly
from pipeline.reading.rows.doubts import are_sentences
from pipeline.reading.rows.lined import align_lines
from pipeline.reading.rows.placed import Alignment, Placed
from pipeline.reading.rows.serials import drop_row_numbers, drop_serials, without_serials
from pipeline.reading.rows.straight import align_straight
from pipeline.reading.rows.unfilled import unfilled
from pipeline.reading.tables import disclosure, dispute, oddities
from pipeline.reading.words import labels
from pipeline.reading.words.values import MONEY_UNITS

# Words of a header that may state a unit, whole or cut: not any 万 of an advertisement.
_MONEY_WORD = re.compile(r"金额|单位|元|[（(][亿万]$")
# The numeral of a clause before its label.
_CLAUSE = re.compile(r"\s*[（(][一二三四五六七][）)]")


@dataclass(slots=True)
class TableReading:
    """One table as read: the slots of each row that was found, and what was odd.

    `rows` maps a row to a slot for each of its columns, None for a place left empty; a row that is
    not in it is missing. `open_rows` are those whose figures could not be told: they map to the raw
    text. `entries` has the line entry of both.
    """

    table: Table
    rows: dict[str, Candidate] = field(default_factory=dict)
    open_rows: dict[str, str] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    header_unit: int | None = None
    findings: list[Finding] = field(default_factory=list)


def read_table(code: str, region: Region | None, report_year: int) -> TableReading | None:
    """Read one table; None when the document has no trace of it and no form was in force."""
    in_force = form_in_force(report_year)
    if region is None:
        return TableReading(forms()[in_force].tables[code]) if in_force else None
    region = without_serials(region)
    if code == "dispute":
        alignment = Alignment(_dispute_table(in_force))
        choices = dispute.choose_dispute(alignment, region, _end(region))
        reason = headers.objection(alignment, region)
        reason = reason or headers.objection_above(alignment.table, region.above)
        reason = reason or ("数值在语句之中" if are_sentences(line for _, line in region.entries) else None)
    elif code == "disclosure":
        region, alignment = _best(code, region, in_force)
        choices = disclosure.choose_disclosure(alignment.table, alignment, region)
        reason = headers.objection(alignment, region)
    else:
        region, alignment = _best(code, region, in_force)
        alignment, reason = _in_statutory_order(alignment, region)
        end = _end(region) if region.gap >= 0 else -1
        choices = choose.choose_table(alignment.table, alignment, region.entries, end)
        choices = identities.decided(alignment, choices, region.entries)
        choices = passed_over.left_open(alignment.placed, alignment.unplaced, choices)
    reason = reason or ("数字被空格隔开" if region.is_parted else None)
    if reason:
        choices = dict.fromkeys(choices, arithmetic.OPEN)
    choices = under_own_names(alignment.table, choices, region.texts)
    reading = _collected(alignment, choices, region, is_refused=reason is not None)
    if reason:
        reading.findings.append(
            Finding("table.layout", f"{reason}，未取值", code, line_no=region.entries[0][0])
        )
    return reading


def _end(region: Region) -> int:
    """Return the line after a table's last cell, as far as the empty lines before headings tell it."""
    return region.end - region.gap if region.gap > 0 else region.end


def keep_common(reading: TableReading, other: TableReading | None) -> None:
    """Leave open the rows of a table that are read otherwise from the same lines by another measure.

    By a measure that is wrong figures stand under no header, or add up to nothing: then it says nothing,
    and nothing at all of a table that is read whole.
    """
    said = any(other.rows.values()) if other else False
    if not said and all(reading.rows.get(row.code) for row in reading.table.rows):
        return
    for row in (row for row in reading.table.rows if row.code in reading.rows):
        own, rival = reading.rows[row.code], other.rows.get(row.code, ()) if other else ()
        if _texts(own) != _texts(rival) and (rival or not _adds_up(reading.table, own)):
            _leave_open(reading, row)


def keep_undisputed(reading: TableReading, other: TableReading | None) -> None:
    """Leave open the rows of a table of which another one, perhaps the report's own, says something else."""
    rows = other.rows if other else {}
    for row in (row for row in reading.table.rows if row.code in reading.rows and row.code in rows):
        if rows[row.code] and _texts(reading.rows[row.code]) != _texts(rows[row.code]):
            _leave_open(reading, row)


def _leave_open(reading: TableReading, row: Row) -> None:
    own = reading.rows[row.code]
    reading.rows[row.code] = ()
    if row.code not in reading.open_rows:
        raw = reading.open_rows[row.code] = " ".join(filter(None, _texts(own)))
        entry = reading.entries[row.code]
        reading.findings.append(_undecided(reading.table.code, row.code, row.label.zh, raw, entry))


def _adds_up(table: Table, row: Candidate) -> bool:
    """Tell whether a row's figures, not zeros alone, satisfy its equations."""
    sides = arithmetic.row_sides(table) if table.code != "disclosure" else []
    return bool(sides) and len(row) > 0 and arithmetic.has_number(row) and arithmetic.holds(row, sides)


def _texts(row: Candidate) -> list[str]:
    return ["" if slot is None else slot[0].text for slot in row]


def _in_statutory_order(alignment: Alignment, region: Region) -> tuple[Alignment, str | None]:
    """Return table 三 with its figures in the form's columns, and why these can't be told."""
    head = headers.before_figures(region.entries)
    alignment = other_columns.without_further(alignment, head)
    told = other_columns.told(alignment, head)
    if told:
        return told
    alignment, doubt = turned.in_statutory_order(alignment, region.above, head)
    is_grid = headers.is_grid(region.entries)
    whole = headers.with_total_above(region.above, head)
    doubt = doubt or headers.objection_of(alignment.table, whole, is_grid=is_grid)
    if doubt == headers.TOTAL_INSIDE and turned.end_in_totals(alignment):
        doubt = headers.objection_of(alignment.table, whole, is_grid=is_grid, ends_in_total=True)
    return alignment, doubt or headers.objection_above(alignment.table, region.above, head, is_grid=is_grid)


def _dispute_table(in_force: str | None) -> Table:
    """Return table 四, which no word tells apart: that of the form in force, else of the latest."""
    return forms()[in_force or list(forms())[-1]].tables["dispute"]


def _best(code: str, region: Region, in_force: str | None) -> tuple[Region, Alignment]:
    """Return a table aligned, with numbers between dashes as its rows where fewer rows are missing then."""
    alignment = _aligned(code, region, in_force)
    if region.dashed and _misfit(alignment):
        other = region.with_dashed()
        with_dashed = _aligned(code, other, in_force)
        if _misfit(with_dashed) < _misfit(alignment):
            return other, with_dashed
    return region, alignment


def _aligned(code: str, region: Region, in_force: str | None) -> Alignment:
    """Align with the form whose own words the region carries.

    Without any such word the form that leaves the fewest rows over is taken, and among
    equals the one that was in force in the report year.
    """
    tables = _possible(code, region)
    if code == "application":
        counted = align_by_count(tables, region, in_force)
        if counted:
            return counted
    likely = sorted(tables, key=lambda table: table.form != in_force)
    lined = align_lines(likely, region) if code == "disclosure" else None
    if lined:
        return lined
    direct = next(filter(None, (align_directly(table, region) for table in likely)), None)
    if direct:
        return direct  # tables 二 and 三 of all the real reports
    found = drop_row_numbers(drop_serials(bands(region.entries, region.left_out)))
    straight: list[Alignment | None] = []
    for table in likely:
        straight.append(align_straight(table, found))
        if straight[-1] and _misfit(straight[-1]) == 0:
            return straight[-1]
    alignments = (
        one or align(table, found, is_paged=region.is_paged)
        for table, one in zip(likely, straight, strict=True)
    )
    return _of_least_misfit(alignments)


def _of_least_misfit(alignments: Iterable[Alignment]) -> Alignment:
    """Return the alignment, of some, that leaves the fewest rows over, the first of equals."""
    best: Alignment | None = None
    for alignment in alignments:
        if best is None or _misfit(alignment) < _misfit(best):
            best = alignment
        if _misfit(best) == 0:
            break
    assert best is not None  # noqa: S101 - there is at least one form
    return best


def _possible(code: str, region: Region) -> list[Table]:
    """Return the tables of the forms that a region may be: the one whose own words it carries, else all."""
    told = _forms_told(code, region.words)
    if len(told) > 1:
        told = tuple(form for form in told if _has_labels_of(form, code, region)) or told
    return [forms()[form].tables[code] for form in told]


@lru_cache(maxsize=headers.MOST_HEADS)
def _forms_told(code: str, words: str) -> tuple[str, ...]:
    """Return the form whose own words a table carries, all forms without any.

    Most tables have the labels that the form prints, so what they say is remembered.
    """
    votes = {
        form: sum(mark in words for mark in one.tables[code].marks if "\n" not in mark)
        for form, one in forms().items()
    }
    return (max(votes, key=votes.__getitem__),) if any(votes.values()) else tuple(votes)


def _has_labels_of(form: str, code: str, region: Region) -> bool:
    """Tell whether labels that follow each other in one form alone do so in a table, no figure between them.

    The second has no clause's numeral: such is the first again, cut over lines ((六)其他 / 处理).
    """
    marks = [mark for mark in forms()[form].tables[code].marks if "\n" in mark and mark in region.words]
    if not marks:
        return False  # nearly every table
    tokens = (token for _, line in region.texts for token in line.tokens if not token.blank)
    said = "\n".join(("（" if _CLAUSE.match(token.text) else "") + token.skeleton for token in tokens)
    return any(re.search(rf"^[（(]?{mark.strip()}$", said, re.MULTILINE) for mark in marks)


def _misfit(alignment: Alignment) -> int:
    return len(alignment.unplaced) + len(alignment.table.rows) - len(alignment.placed)


def _collected(
    alignment: Alignment, choices: Mapping[str, Choice], region: Region, *, is_refused: bool
) -> TableReading:
    """Return a table with its rows' choices; of one that `is_refused` not even empty rows are known."""
    table = alignment.table
    reading = TableReading(
        table, header_unit=_header_unit(table, region) if table.code == "disclosure" else None
    )
    empty = unfilled(alignment, region.entries) if table.code != "dispute" and not is_refused else {}
    for row in table.rows:
        choice = choices.get(row.code)
        if row.code in empty:
            reading.rows[row.code] = (None,) * len(row.columns)
            reading.entries[row.code] = empty[row.code]
        elif choice is not None:
            _collect_row(reading, row, choice, alignment.placed[row.code])
    reading.findings += [_unplaced(table, band) for band in alignment.unplaced]
    reading.findings += oddities.of_table(alignment, choices, region)
    if region.others:
        message = f"文中另有 {region.others} 处同类表格，仅读取条目最全的一处"
        reading.findings.append(Finding("table.layout", message, table.code))
    return reading


def _collect_row(reading: TableReading, row: Row, choice: Choice, placed: Placed) -> None:
    entry = reading.entries[row.code] = placed.slots[0][1]
    if len(choice.candidates) == 1:
        reading.rows[row.code] = choice.candidates[0]
        return
    reading.rows[row.code] = choice.told
    raw = reading.open_rows[row.code] = " ".join(token.text for token, _ in placed.figures)
    reading.findings.append(_undecided(reading.table.code, row.code, row.label.zh, raw, entry))


def _undecided(table: str, row: str, label: str, raw: str, entry: int) -> Finding:
    message = f"{label}：数值与栏目无法唯一对应，未取值"
    return Finding("table.layout", message, table, row, None, None, raw, entry)


def _unplaced(table: Table, band: Band) -> Finding:
    written = " ".join(token.text for token in band.labels[-2:])
    figures = " ".join(token.text for token, _ in band.figures)
    message = f"有一行数值找不到对应的法定项目：{written or '（无项目名称）'}"
    return Finding("table.layout", message, table.code, observed=figures or None, line_no=band.slots[0][1])


def _header_unit(table: Table, region: Region) -> int | None:
    """Return the factor to yuan that the table's headers state, in one piece or cut over lines.

    A header that another form's table has, beside this one, speaks of its own column.
    """
    if not any(map(region.words.__contains__, "元万亿")):
        return None  # nearly every table of form 2019, at no cost
    others = [tables for form, tables in forms().items() if form != table.form]
    alien = [mark for other in others for mark in other.tables[table.code].marks]
    texts = [
        token.text
        for _, line in region.entries
        for token in line.tokens
        if token.mean is None and _MONEY_WORD.search(token.text)
        if not any(mark in token.skeleton for mark in alien)
    ]
    joined = labels.squeeze("".join(texts))
    if "亿" in joined or "万" in joined:
        return MONEY_UNITS["亿元" if "亿" in joined else "万元"]
    return MONEY_UNITS["元"] if "元" in joined else None
