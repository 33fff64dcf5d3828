"""A corpus with known truth: 60 real agencies, seven report years, figures that hold, planted faults.

Belongs here: which agencies there are, their figures from year to year, what is planted where. Does not
belong here: how a report is printed (paper.py), or the answers to questions (answers.py).

Figures are chained: 上年结转 is last year's 结转下年度, 现行有效 last year's plus 制发 minus 废止,
上一年项目数量 last year's plus 增/减; the government's figures are the sums of its departments'. Each figure
stays within 0.2 to 5 times that of the year before. What is planted breaks exactly one of these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random

from tests.generator.truth import APPLICANTS, CHANNELS, OUTCOMES, RESULTS, TOTAL, Key, statutory_keys

YEARS = range(2019, 2026)
DUE = {"department": (1, 31), "government": (3, 31), "town": (3, 31)}

PARENT = "海安市人民政府"
_STEMS = ("财政局", "教育局", "水利局", "民政局", "统计局", "审计局", "司法局")
_COUNTIES = ("如皋市", "德清县", "平阴县", "新昌县", "滦州市", "会宁县", "敦煌市", "浏阳市")
_GOVERNMENTS = ("无锡市", "绍兴市", "株洲市", "保定市", "赣州市", "淄博市")
_TOWNS = (
    "常熟市梅李镇",
    "常熟市海虞镇",
    "常熟市古里镇",
    "常熟市沙家浜镇",
    "常熟市支塘镇",
    "常熟市尚湖镇",
)


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency as the register knows it; `size` scales its figures, `parts` are added up by its report."""

    name: str
    kind: str
    level: str
    scope: str
    size: int
    parts: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """One agency-year: its figures (None: a cell without a number), how cells are printed, its text's facts.

    `raw` prints a cell otherwise than by its number. `like` names the agency-year whose section on problems
    it repeats; `said_more` is what the prose adds to the table's new requests; `injected` an advertisement.
    """

    agency: Agency
    year: int
    values: dict[Key, float | None]
    published_on: date
    raw: dict[Key, str] = field(default_factory=dict)
    like: tuple[str, int] | None = None
    said_more: int = 0
    injected: str | None = None
    unit_in_header: bool = True
    disputes_misspelt: bool = False

    @property
    def form(self) -> str:
        return form_of(self.year)

    def total(self, row: str) -> float:
        """The figure of a row of table 三 in its total column; of a report without gaps."""
        value = self.values["application", row, TOTAL]
        assert value is not None
        return value


# What is planted, each in an agency-year of its own.
CARRY_OVER = ("如皋市财政局", 2022)
JUMP = ("如皋市教育局", 2023)
COPIED_FROM_LAST_YEAR = ("如皋市水利局", 2024)
COPIED_FROM_OTHER = ("如皋市民政局", 2023)
COPIED_OTHER = ("德清县民政局", 2023)
PROSE = ("德清县财政局", 2021)
LATE = ("德清县教育局", 2020)
MISSING = ("德清县水利局", 2022)
NOT_THE_SUM = (PARENT, 2023)
STOCK = ("平阴县财政局", 2023)
ITEM_STOCK = ("平阴县教育局", 2020)
INJECTED = ("平阴县水利局", 2022)
IDENTITY = ("平阴县民政局", 2020)
GAPS = ("新昌县财政局", 2019)
ZEROS = "新昌县教育局"
ZERO_YEARS = range(2021, 2025)
OTHER_OUTCOMES = ("新昌县水利局", 2022)


def form_of(year: int) -> str:
    return "2019" if year < 2021 else "2021"


@cache
def agencies() -> tuple[Agency, ...]:
    """The agencies: a government with its seven departments, 40 departments, six governments, six towns."""
    children = [f"海安市{stem}" for stem in _STEMS]
    found = [
        Agency(PARENT, "government", "county", "consolidated", 0, tuple(children)),
        *(Agency(name, "department", "county", "own", 1) for name in children),
    ]
    found += [
        Agency(f"{county}{stem}", "department", "county", "own", 1 + place % 3)
        for county in _COUNTIES
        for place, stem in enumerate(_STEMS[:5])
    ]
    found += [
        Agency(f"{city}人民政府", "government", "prefecture", "consolidated", 9) for city in _GOVERNMENTS
    ]
    found += [Agency(f"{name}人民政府", "town", "town", "own", 1) for name in _TOWNS]
    return tuple(found)


@cache
def reports() -> Mapping[tuple[str, int], Report]:
    """Every report of the corpus by agency and year, faults planted; the missing one is not there."""
    found = {
        (agency.name, report.year): report
        for agency in agencies()
        if not agency.parts
        for report in _line(agency)
    }
    for agency in agencies():
        if agency.parts:
            found |= {(agency.name, year): _summed(agency, year, found) for year in YEARS}
    _plant(found)
    del found[MISSING]
    return found


def _summed(agency: Agency, year: int, found: Mapping[tuple[str, int], Report]) -> Report:
    parts = [found[part, year].values for part in agency.parts]
    keys = statutory_keys(form_of(year), form_of(year))
    values: dict[Key, float | None] = {key: sum(part[key] or 0 for part in parts) for key in keys}
    return Report(agency, year, values, date(year + 1, 1, 20))


def _line(agency: Agency) -> Iterator[Report]:
    """The reports of one agency, each from the one before."""
    rng = Random(agency.name)
    base = _Base(agency, rng)
    before: Report | None = None
    for year in YEARS:
        values: dict[Key, float | None] = {}
        values |= _application(base, year, before)
        values |= _disputes(base)
        values |= _disclosure(base, year, before)
        before = Report(agency, year, values, date(year + 1, 1, rng.randint(4, 25)))
        yield before


class _Base:
    """What an agency's figures vary around from year to year."""

    def __init__(self, agency: Agency, rng: Random) -> None:
        self.agency = agency
        self.rng = rng
        # Around 10 the parts of a figure would now and then jump; they are small or clearly larger.
        self.persons = agency.size * rng.randint(14, 60)
        self.companies = agency.size * rng.randint(0, 8)
        self.decisions = {item: rng.randint(40, 900) for item in ("licensing", "penalty", "coercion")}
        self.projects = rng.randint(3, 9)
        self.purchases = rng.randint(2_000, 90_000) * 100
        self.fees = rng.randint(500, 9_000) * 100

    def around(self, figure: int) -> int:
        """A figure at most a third away from another."""
        return self.rng.randint(figure * 3 // 4, figure * 5 // 4)

    def is_silent(self, year: int) -> bool:
        return self.agency.name == ZEROS and year in ZERO_YEARS


def _application(base: _Base, year: int, before: Report | None) -> Iterator[tuple[Key, float]]:
    rows: dict[tuple[str, str], int] = {}
    for applicant in APPLICANTS:
        carried = int(before.values["application", "carried_out", applicant] or 0) if before else 0
        broken = (base.agency.name, year) == CARRY_OVER and applicant == "natural_person"
        rows |= _column(base, year, applicant, carried + 2 * broken)
    for row in dict.fromkeys(row for row, _ in rows):
        rows[row, TOTAL] = sum(rows[row, applicant] for applicant in APPLICANTS)
    return ((("application", row, column), float(value)) for (row, column), value in rows.items())


def _column(base: _Base, year: int, applicant: str, carried: int) -> dict[tuple[str, str], int]:
    """One kind of applicant: what came in and how it ended."""
    rng = base.rng
    around = {"natural_person": base.persons, "business": base.companies, "legal_service": base.agency.size}
    new = 0 if base.is_silent(year) else base.around(around.get(applicant, 0))
    open_ = 0 if base.is_silent(year) or base.is_silent(year + 1) else rng.randint(0, min(new, 3))
    handled = new + carried - open_
    outcomes = dict.fromkeys(OUTCOMES[form_of(year)], 0)
    weights = {
        "unable_not_held": 4,
        "partial": 10,
        "denied_process": 16,
        "rejected_petition": 14,
        "denied_law": 25,
    }
    for row, part in weights.items():
        outcomes[row] = handled // part
    others = [row for row in outcomes if row.startswith("other")]
    outcomes[rng.choice(others)] += handled // 20
    if (base.agency.name, year) == OTHER_OUTCOMES:
        outcomes[others[-1]] += handled // 3
    outcomes[rng.choice(list(outcomes))] += handled // 30
    outcomes["granted"] += handled - sum(outcomes.values())
    column = {
        "received_new": new,
        "carried_in": carried,
        **outcomes,
        "total_handled": handled,
        "carried_out": open_,
    }
    return {(row, applicant): value for row, value in column.items()}


def _disputes(base: _Base) -> Iterator[tuple[Key, float]]:
    for channel in CHANNELS:
        cases = [base.rng.choice((0, 0, 0, 1, 1, 2)) for _ in RESULTS]
        for result, value in zip((*RESULTS, TOTAL), (*cases, sum(cases)), strict=True):
            yield ("dispute", channel, result), float(value)


def _disclosure(base: _Base, year: int, before: Report | None) -> Iterator[tuple[Key, float]]:
    figures = (
        _disclosure_2019(base, year, before)
        if form_of(year) == "2019"
        else _disclosure_2021(base, year, before)
    )
    decisions = {
        item: figure * (8 if _jumped(base, item, year) else 1) for item, figure in base.decisions.items()
    }
    figures |= {(item, "decisions"): base.around(figure) for item, figure in decisions.items()}
    return ((("disclosure", row, column), float(value)) for (row, column), value in figures.items())


def _jumped(base: _Base, item: str, year: int) -> bool:
    return base.agency.name == JUMP[0] and item == "licensing" and year >= JUMP[1]


def _disclosure_2019(base: _Base, year: int, before: Report | None) -> dict[tuple[str, str], int]:
    rng = base.rng
    figures = {("rule", column): 0 for column in ("made", "disclosed", "disclosed_total")}
    made = rng.randint(0, 6)
    total = rng.randint(40, 60)
    figures |= {
        ("normative_document", "made"): made,
        ("normative_document", "disclosed"): made,
        ("normative_document", "disclosed_total"): total,
        ("public_service", "decisions"): base.around(base.decisions["penalty"]),
        ("procurement", "projects"): base.projects,
        ("procurement", "amount"): base.around(base.purchases // 100) * 100,
    }
    for item in ("licensing", "public_service", "penalty", "coercion", "fee"):
        change = rng.randint(-3, 5)
        if before is None:
            last = rng.randint(20, 90)
        else:
            last = int(
                (before.values["disclosure", item, "items_last_year"] or 0)
                + (before.values["disclosure", item, "items_change"] or 0)
            )
        broken = (base.agency.name, year) == ITEM_STOCK and item == "penalty"
        figures |= {(item, "items_last_year"): last + 4 * broken, (item, "items_change"): change}
    return figures


def _disclosure_2021(base: _Base, year: int, before: Report | None) -> dict[tuple[str, str], int]:
    rng = base.rng
    figures = {("rule", column): 0 for column in ("issued", "repealed", "in_force")}
    issued, repealed = rng.randint(0, 6), rng.randint(0, 3)
    known = before.values.get(("disclosure", "normative_document", "in_force")) if before else None
    stock = rng.randint(40, 60) if known is None else int(known) + issued - repealed
    figures |= {
        ("normative_document", "issued"): issued,
        ("normative_document", "repealed"): repealed,
        ("normative_document", "in_force"): stock + 3 * ((base.agency.name, year) == STOCK),
        ("fee", "amount"): base.around(base.fees // 100) * 100,
    }
    return figures


def _plant(found: dict[tuple[str, int], Report]) -> None:
    """Plant what is not already in the chain of figures."""
    found[COPIED_FROM_LAST_YEAR].like = (COPIED_FROM_LAST_YEAR[0], COPIED_FROM_LAST_YEAR[1] - 1)
    found[COPIED_FROM_OTHER].like = COPIED_OTHER
    found[COPIED_OTHER].published_on = date(COPIED_OTHER[1] + 1, 1, 3)
    found[PROSE].said_more = 5
    found[LATE].published_on = date(LATE[1] + 1, 2, 15)
    found[INJECTED].injected = "365体育投注"
    _add(found[NOT_THE_SUM], ("disclosure", "penalty", "decisions"), 50)
    _add(found[IDENTITY], ("dispute", "suit_direct", TOTAL), 1)
    gaps = found[GAPS]
    for key, raw in _GAPS.items():
        gaps.values[key] = None
        gaps.raw[key] = raw
    gaps.unit_in_header = False
    gaps.disputes_misspelt = True


_GAPS: dict[Key, str] = {
    ("disclosure", "rule", "made"): "/",
    ("disclosure", "rule", "disclosed"): "/",
    ("disclosure", "rule", "disclosed_total"): "—",
    ("dispute", "suit_direct", "pending"): "",
    ("dispute", "suit_after_review", "pending"): "",
}


def _add(report: Report, key: Key, more: int) -> None:
    report.values[key] = (report.values[key] or 0) + more
