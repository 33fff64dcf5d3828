"""The answer to each question of sql/questions/, computed from the corpus's truth without SQL.

Belongs here: one function a question, named by its number, in the SQL file's columns and order. Does not
belong here: running SQL (test_questions.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any

from tests.generator.truth import APPLICANTS, OUTCOMES, RESULTS, TOTAL
from tests.questions import corpus
from tests.questions.corpus import DUE, Report, reports
from tests.questions.paper import text_of

Row = tuple[Any, ...]

DENIED = tuple(row for row in OUTCOMES["2021"] if row.startswith("denied_"))
ORGANISATIONS = APPLICANTS[1:]
LEAST_N = 30


def by_number() -> Mapping[int, Callable[[], list[Row]]]:
    """The answers by the number that the SQL file's name begins with."""
    found = {name: one for name, one in globals().items() if name.startswith("answer_")}
    return {int(name.removeprefix("answer_")): one for name, one in found.items()}


def sorted_reports() -> Iterator[Report]:
    for key in sorted(reports()):
        yield reports()[key]


def before(report: Report) -> Report | None:
    return reports().get((report.agency.name, report.year - 1))


def rate(part: float, whole: float, factor: float = 1) -> float | None:
    return factor * part / whole if whole else None


def requests(report: Report, *rows: str) -> float:
    return sum(report.total(row) for row in rows)


def other(report: Report) -> float:
    if report.form == "2019":
        return report.total("other")
    return requests(report, "other_no_correction", "other_unpaid", "other_rest")


def number(report: Report, table: str, row: str, column: str) -> float | None:
    return report.values[table, row, column]


def known(report: Report, table: str, row: str, column: str) -> float:
    value = number(report, table, row, column)
    assert value is not None
    return value


def disputes(report: Report) -> float:
    return sum(
        known(report, "dispute", channel, TOTAL) for channel in ("review", "suit_direct", "suit_after_review")
    )


def status(report: Report) -> str:
    """The check status of what rests on the totals of table 四."""
    return "contradicted" if (report.agency.name, report.year) == corpus.IDENTITY else "verified"


def line_of(report: Report, text: str) -> int:
    lines = text_of(report).split("\n")
    return next(place for place, line in enumerate(lines, 1) if text in line)


def answer_1() -> list[Row]:
    rows = []
    for report in sorted_reports():
        earlier = before(report)
        new = report.total("received_new")
        old = earlier.total("received_new") if earlier else None
        change = None if old is None else new - old
        relative = None if change is None or not old else change / old
        form = "no_report" if earlier is None else "comparable" if report.year == 2021 else "same_form"
        rows.append((report.agency.name, report.year, report.agency.scope, new, old, change, relative, form))
    return rows


@cache
def ranked(metric: str) -> list[Row]:
    """Each ranked rate: (report, value, n, place, peers, percentile)."""
    groups: dict[Row, list[tuple[Report, float, float]]] = defaultdict(list)
    for report in sorted_reports():
        part, n = PARTS[metric](report)
        if n >= LEAST_N:
            group = report.year, report.agency.level, report.agency.kind
            groups[group].append((report, part / n, n))
    found = []
    for members in groups.values():
        values = [value for _, value, _ in members]
        for report, value, n in members:
            place = 1 + sum(one > value for one in values)
            below = sum(one < value for one in values)
            percentile = below / (len(values) - 1) if len(values) > 1 else None
            found.append((report, value, n, place, len(values), percentile))
    return found


PARTS: dict[str, Callable[[Report], tuple[float, float]]] = {
    "disclosure_rate": lambda report: (
        requests(report, "granted", "partial"),
        requests(report, "total_handled"),
    ),
    "disclosure_rate_substantive": lambda report: (
        requests(report, "granted", "partial"),
        requests(report, "granted", "partial", *DENIED),
    ),
    "other_share": lambda report: (other(report), requests(report, "total_handled")),
}


def answer_2() -> list[Row]:
    rows = []
    for metric in ("disclosure_rate", "disclosure_rate_substantive"):
        for report, value, n, place, peers, percentile in ranked(metric):
            own = report.agency
            order = metric, report.year, own.level, own.kind, place, own.name
            row = own.name, report.year, metric, value, n, place, peers, percentile, own.scope
            rows.append((order, row))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


def answer_3() -> list[Row]:
    rows = [
        (report.agency.name, report.year, held / handled, held, handled, "verified")
        for report in sorted_reports()
        for held, handled in [(requests(report, "unable_not_held"), requests(report, "total_handled"))]
        if handled >= LEAST_N
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def answer_4() -> list[Row]:
    groups: dict[Row, list[Report]] = defaultdict(list)
    for report in sorted_reports():
        groups[report.year, report.agency.scope, report.agency.level, report.agency.kind].append(report)
    rows = []
    for group, members in groups.items():
        everything = sum(requests(report, *DENIED) for report in members)
        for ground in DENIED:
            refused = requests_of(members, ground)
            rows.append((*group, ground, len(members), refused, rate(refused, everything)))
    return sorted(rows)


def requests_of(members: list[Report], row: str) -> float:
    return sum(report.total(row) for report in members)


def answer_5() -> list[Row]:
    rows = []
    for report in sorted_reports():
        new = {kind: known(report, "application", "received_new", kind) for kind in APPLICANTS}
        n, organised = sum(new.values()), sum(new[kind] for kind in ORGANISATIONS)
        rows += [
            (report.agency.name, report.year, kind, new[kind], new[kind] / n, organised / n, n)
            for kind in sorted(ORGANISATIONS)
            if new[kind]
        ]
    return rows


def answer_7() -> list[Row]:
    rows = []
    for report in sorted_reports():
        upheld, corrected, rest, pending = (known(report, "dispute", "review", result) for result in RESULTS)
        decided = upheld + corrected + rest
        if decided:
            row = (
                report.agency.name,
                report.year,
                corrected,
                decided,
                pending,
                corrected / decided,
                "verified",
            )
            rows.append(row)
    return rows


def answer_8() -> list[Row]:
    rows = []
    for report in sorted_reports():
        due = requests(report, "received_new", "carried_in")
        per_100 = rate(disputes(report), due, 100)
        if per_100 is not None:
            rows.append((report.agency.name, report.year, per_100, disputes(report), due, status(report)))
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))


def answer_9() -> list[Row]:
    rows = []
    for report in sorted_reports():
        if report.form == "2019":
            continue
        issued, repealed, in_force = (
            known(report, "disclosure", "normative_document", column)
            for column in ("issued", "repealed", "in_force")
        )
        earlier = before(report)
        old = None
        if earlier and earlier.form == "2021":
            old = known(earlier, "disclosure", "normative_document", "in_force")
        net = issued - repealed
        difference = None if old is None else in_force - (old + net)
        rows.append((report.agency.name, report.year, issued, repealed, net, in_force, old, difference))
    return rows


def answer_10() -> list[Row]:
    cells = {"fee_amount": ("fee", "2021"), "procurement_amount": ("procurement", "2019")}
    rows = []
    for metric, (item, form) in cells.items():
        paid = [report for report in sorted_reports() if report.form == form]
        for report in paid:
            yuan = known(report, "disclosure", item, "amount")
            rivals = [
                one for one in paid if (one.year, one.agency.scope) == (report.year, report.agency.scope)
            ]
            place = 1 + sum(known(one, "disclosure", item, "amount") > yuan for one in rivals)
            assumed = (report.agency.name, report.year) == corpus.GAPS
            order = metric, report.year, report.agency.scope, place, report.agency.name
            rows.append((order, (metric, report.year, place, *order[4:], report.agency.scope, yuan, assumed)))
    return [row for _, row in sorted(rows)]


def answer_11() -> list[Row]:
    rows = []
    for report in sorted_reports():
        years = [reports().get((report.agency.name, report.year - back)) for back in range(3)]
        if all(one is not None and one.total("received_new") == 0 for one in years):
            rows.append((report.agency.name, report.year, report.agency.scope))
    return rows


def answer_12() -> list[Row]:
    last, other_one = corpus.COPIED_FROM_LAST_YEAR, corpus.COPIED_FROM_OTHER
    rows = [
        (*last, "problems", "last_year", 1.0, last[0], last[1] - 1),
        (*other_one, "problems", "other_agency", 1.0, *corpus.COPIED_OTHER),
    ]
    return sorted(rows)


def answer_13() -> list[Row]:
    report = reports()[corpus.PROSE]
    new = report.total("received_new")
    said = int(new) + report.said_more
    return [(*corpus.PROSE, "overview", "requests_new", "我局", said, new, line_of(report, f"申请{said}件"))]


def answer_14() -> list[Row]:
    rows = [
        (report.agency.name, report.year, value, n, percentile, peers)
        for report, value, n, _, peers, percentile in ranked("other_share")
        if value > 0 and percentile is not None and percentile >= 0.9
    ]
    return sorted(rows, key=lambda row: (row[1], -row[2], row[0]))


def answer_15() -> list[Row]:
    report = reports()[corpus.INJECTED]
    name, year = corpus.INJECTED
    assert report.injected
    return [(name, year, report.injected, line_of(report, report.injected), f"{name}_{year}.txt")]


def answer_16() -> list[Row]:
    rows: list[Row] = [(*corpus.MISSING, "missing", None, None, None)]
    for report in sorted_reports():
        due = date(report.year + 1, *DUE[report.agency.kind])
        if report.published_on > due:
            days = (report.published_on - due).days
            rows.append((report.agency.name, report.year, "published", report.published_on, due, days))
    return sorted(rows)


def answer_17() -> list[Row]:
    rows = []
    for report in sorted_reports():
        for channel in ("review", "suit_direct", "suit_after_review"):
            parts = sum(number(report, "dispute", channel, result) or 0 for result in RESULTS)
            total = known(report, "dispute", channel, TOTAL)
            if parts != total:
                line = line_of(report, "五、存在的主要问题") - 1
                place = "dispute.results", channel, TOTAL
                rows.append((report.agency.name, report.year, *place, parts, total, total - parts, line))
    return rows


def answer_18() -> list[Row]:
    rows = []
    for report in sorted_reports():
        earlier = before(report)
        for kind in sorted((*APPLICANTS, TOTAL)) if earlier else ():
            assert earlier
            out = known(earlier, "application", "carried_out", kind)
            came = known(report, "application", "carried_in", kind)
            if out != came:
                rows.append((report.agency.name, report.year, kind, out, came, came - out, "verified"))
    return rows


def answer_19() -> list[Row]:
    rows = []
    for report in sorted_reports():
        parts = [reports()[part, report.year] for part in report.agency.parts]
        for key, value in sorted(report.values.items()) if parts else ():
            summed = sum(known(part, *key) for part in parts)
            if summed != value:
                rows.append((report.agency.name, report.year, *key, summed, value))
    return rows


def answer_20() -> list[Row]:
    report = reports()[corpus.GAPS]
    zeros = sum(value == 0 for value in report.values.values())
    blanks = sum(raw == "" for raw in report.raw.values())
    return [(*corpus.GAPS, blanks, len(report.raw) - blanks, zeros, 1, 3)]
