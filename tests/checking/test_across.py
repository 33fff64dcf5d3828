"""Rules over several reports: where all holds nothing is found, and each planted fault once."""

from copy import deepcopy
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checking import across
from pipeline.schemas import polars_schema
from tests.checking.years import APPLICANTS, LEVELS, Corpus, Key, Report, corpus, form_of, frames, parents

AGENCIES, FAMILIES = 66, 6
PARENTS = pl.DataFrame(parents(FAMILIES), ["agency_id", "parent_id"], orient="row")
# The whole is never changed: faults are planted in copies. Agencies from a060 on belong to no family.
WHOLE = corpus(AGENCIES, families=FAMILIES)
CITY, COUNTY = "a064", "a063"
PARENT, CHILD = "a000", "a006"

Found = tuple[str, str, str | None, str | None, str | None, str | None]
"""Rule, report, row, column, expected, observed."""


def found_in(made: Corpus) -> list[Found]:
    reports, cells = frames(made)
    rows = across.findings(reports, cells, PARENTS)
    names = ["rule_code", "report_id", "row_code", "column_code", "expected", "observed"]
    return list(rows.select(names).iter_rows())


def planted() -> Corpus:
    return deepcopy(WHOLE)


def add(report: Report, cells: dict[Key, float]) -> None:
    for key, more in cells.items():
        report.cells[key] = float(report.cells[key]) + more


def requests(row: str, *columns: str) -> list[Key]:
    return [("application", row, column) for column in columns]


# --- nothing is wrong ---


def test_the_parts_of_the_test_are_what_it_says() -> None:
    assert LEVELS[int(CITY[1:]) % len(LEVELS)] == 9_000
    assert LEVELS[int(COUNTY[1:]) % len(LEVELS)] == 500
    assert int(COUNTY[1:]) >= 10 * FAMILIES
    assert PARENTS.filter(agency_id=CHILD)["parent_id"].to_list() == [PARENT]


def test_where_all_holds_nothing_is_found() -> None:
    """66 agencies, seven years, two forms: 462 reports without one false finding."""
    assert found_in(WHOLE) == []


def test_findings_have_the_shape_of_their_table() -> None:
    made = planted()
    add(made[CITY, 2023], dict.fromkeys(requests("carried_in", "business"), 3))
    reports, cells = frames(made)
    rows = across.findings(reports, cells)
    assert dict(rows.schema) == polars_schema("quality.finding")
    (row,) = rows.iter_rows(named=True)
    assert row["severity"] == "warning"
    assert row["line_no"] == list(made[CITY, 2023].cells).index(requests("carried_in", "business")[0]) + 1
    assert "商业企业" in row["message"]
    assert "2022" in row["message"]


def test_without_reports_nothing_is_found() -> None:
    reports, cells = frames(WHOLE)
    assert across.findings(reports.clear(), cells.clear(), PARENTS.clear()).height == 0


# --- 二[t] = 四[t-1] ---


@pytest.mark.parametrize("year", [2020, 2021, 2025])
def test_a_broken_carry_over_is_found_in_its_column(year: int) -> None:
    """The form's arithmetic inside the year still holds; the change of form in 2021 is no excuse."""
    made = planted()
    rows = ("carried_in", "granted", "total_handled")
    add(made[CITY, year], {key: 3 for row in rows for key in requests(row, "natural_person", "total")})
    before = int(float(WHOLE[CITY, year - 1].cells["application", "carried_out", "natural_person"]))
    assert found_in(made) == [
        ("year.carry_over", f"r064{year}", "carried_in", "natural_person", str(before), str(before + 3))
    ]


def test_two_broken_columns_are_two_findings_and_their_total_none() -> None:
    made = planted()
    add(
        made[CITY, 2022],
        dict(zip(requests("carried_in", "business", "research", "total"), (3, -1, 2), strict=True)),
    )
    assert [(one[0], one[3]) for one in found_in(made)] == [
        ("year.carry_over", "business"),
        ("year.carry_over", "research"),
    ]


def test_a_total_that_its_parts_do_not_explain_is_found() -> None:
    made = planted()
    add(made[CITY, 2022], dict.fromkeys(requests("carried_in", "total"), 1))
    assert [one[3] for one in found_in(made)] == ["total"]
    # Where a part has no number the total alone can tell.
    for key in requests("carried_in", "business"):
        made[CITY, 2022].cells[key] = "blank"
    assert [one[3] for one in found_in(made)] == ["total"]


# --- what keeps a rule from being asked ---


@pytest.mark.parametrize("status", ["blank", "missing", "unreadable", "not_applicable"])
@pytest.mark.parametrize("side", ["now", "before"])
def test_an_operand_without_a_number_asks_nothing(status: str, side: str) -> None:
    made = planted()
    add(made[CITY, 2023], dict.fromkeys(requests("carried_in", "business"), 3))
    year, row = (2023, "carried_in") if side == "now" else (2022, "carried_out")
    made[CITY, year].cells["application", row, "business"] = status
    assert found_in(made) == []


def test_a_year_between_that_is_missing_asks_nothing() -> None:
    made = planted()
    add(made[CITY, 2023], dict.fromkeys(requests("carried_in", "business"), 3))
    del made[CITY, 2022]
    assert found_in(made) == []


def test_reports_of_different_scope_are_not_compared() -> None:
    made = planted()
    add(made[CITY, 2023], dict.fromkeys(requests("carried_in", "business"), 3))
    made[CITY, 2022].scope = "consolidated"
    assert found_in(made) == []
    for year in range(2019, 2026):
        made[CITY, year].scope = None
    assert len(found_in(made)) == 1


def test_older_versions_are_not_asked() -> None:
    made = planted()
    older = deepcopy(made[CITY, 2023])
    older.report_id, older.is_current = "older", False
    add(older, dict.fromkeys(requests("carried_in", "business"), 3))
    made["older version", 2023] = older
    assert found_in(made) == []


# --- stocks ---


def test_a_stock_of_documents_that_does_not_add_up_is_found_once() -> None:
    """The stock jumps by two and goes on from there: one year is wrong, the others follow."""
    made = planted()
    for year in (2023, 2024, 2025):
        add(made[COUNTY, year], {("disclosure", "normative_document", "in_force"): 2})
    observed = float(made[COUNTY, 2023].cells["disclosure", "normative_document", "in_force"])
    assert found_in(made) == [
        (
            "year.document_stock",
            "r0632023",
            "normative_document",
            "in_force",
            f"{observed - 2:g}",
            f"{observed:g}",
        )
    ]


def test_the_first_year_of_the_form_of_2021_has_no_base() -> None:
    made = planted()
    for year in range(2021, 2026):
        add(made[COUNTY, year], {("disclosure", "rule", "in_force"): 1})
    assert found_in(made) == []


def test_a_stock_of_items_that_does_not_add_up_is_found_once() -> None:
    made = planted()
    add(made[COUNTY, 2020], {("disclosure", "penalty", "items_last_year"): -1})
    before = WHOLE[COUNTY, 2019].cells
    due = float(before["disclosure", "penalty", "items_last_year"]) + float(
        before["disclosure", "penalty", "items_change"]
    )
    assert found_in(made) == [
        ("year.item_stock", "r0632020", "penalty", "items_last_year", f"{due:g}", f"{due - 1:g}")
    ]


# --- jumps ---


def test_a_jump_is_found_once() -> None:
    made = planted()
    key = ("disclosure", "licensing", "decisions")
    made[COUNTY, 2025].cells[key] = 6 * float(made[COUNTY, 2024].cells[key])
    (one,) = found_in(made)
    assert one[:4] == ("year.jump", "r0632025", "licensing", "decisions")
    assert one[5] == f"{made[COUNTY, 2025].cells[key]:g}"


@pytest.mark.parametrize("factor", [5, 0.2])
def test_the_bounds_themselves_are_no_jump(factor: float) -> None:
    made = planted()
    key = ("disclosure", "licensing", "decisions")
    made[COUNTY, 2024].cells[key] = 1000
    made[COUNTY, 2025].cells[key] = 1000 * factor
    made[COUNTY, 2023].cells[key] = 1000
    assert found_in(made) == []


def test_small_figures_do_not_jump() -> None:
    made = planted()
    for year, value in ((2023, 9), (2024, 900), (2025, 8)):
        made[COUNTY, year].cells["disclosure", "coercion", "decisions"] = value
    assert found_in(made) == []


def test_money_jumps_from_ten_thousand_yuan_on() -> None:
    made = planted()
    for year, value in ((2023, 9_999), (2024, 200_000), (2025, 20)):
        made[COUNTY, year].cells["disclosure", "fee", "amount"] = value
    made[COUNTY, 2022].cells["disclosure", "fee", "amount"] = 9_999
    assert found_in(made) == []
    made[COUNTY, 2025].cells["disclosure", "fee", "amount"] = 2_000_000_000
    assert [one[:4] for one in found_in(made)] == [("year.jump", "r0632025", "fee", "amount")]


def test_a_jump_of_all_requests_is_not_repeated_for_its_parts() -> None:
    made = planted()
    report = made[CITY, 2025]
    for key, value in report.cells.items():
        if key[0] == "application" and key[1] != "carried_in":
            report.cells[key] = 10 * float(value)
    assert [one[:3] for one in found_in(made)] == [("year.jump", "r0642025", "received_new")]


def test_a_part_that_jumps_alone_is_found() -> None:
    made = planted()
    add(made[CITY, 2025], dict.fromkeys(requests("rejected_petition", "total"), 3_000))
    assert [one[:3] for one in found_in(made)] == [("year.jump", "r0642025", "rejected_petition")]


def test_over_the_change_of_form_only_the_sum_of_other_outcomes_is_followed() -> None:
    made = planted()
    made[CITY, 2020].cells["application", "other", "total"] = 200 * 9
    made[CITY, 2019].cells["application", "other", "total"] = 200 * 9
    for row in ("other_no_correction", "other_unpaid", "other_rest"):
        for year in range(2021, 2026):
            made[CITY, year].cells["application", row, "total"] = 50
    # The three rows have no single cell to point at.
    assert found_in(made) == [("year.jump", "r0642021", None, "total", "360–9000", "150")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("licensing", "decisions"), ("licensing", "decisions")),
        (("normative_document", "made"), ("normative_document", "issued")),
        (("normative_document", "disclosed_total"), ("normative_document", "in_force")),
        (("fee", "items_last_year"), ("fee", "amount")),
    ],
)
def test_what_is_not_comparable_is_not_followed_over_the_change_of_form(
    before: tuple[str, str], after: tuple[str, str]
) -> None:
    made = {key: report for key, report in planted().items() if key in ((CITY, 2020), (CITY, 2021))}
    made[CITY, 2020].cells["disclosure", *before] = 20
    made[CITY, 2021].cells["disclosure", *after] = 90_000
    assert found_in(made) == []


# --- parent = sum of children ---


def test_a_parent_that_is_not_the_sum_is_found_once() -> None:
    made = planted()
    add(made[PARENT, 2024], {("disclosure", "penalty", "decisions"): 1})
    observed = float(made[PARENT, 2024].cells["disclosure", "penalty", "decisions"])
    assert found_in(made) == [
        ("hierarchy.sum", "r0002024", "penalty", "decisions", f"{observed - 1:g}", f"{observed:g}")
    ]


def test_of_a_sum_of_outcomes_the_total_is_not_repeated() -> None:
    made = planted()
    for row in ("received_new", "granted", "total_handled"):
        add(made[PARENT, 2024], dict.fromkeys(requests(row, "natural_person", "total"), 5))
    assert [(one[0], one[2], one[3]) for one in found_in(made)] == [
        ("hierarchy.sum", "granted", "total"),
        ("hierarchy.sum", "received_new", "total"),
    ]


def fault_in_parent() -> Corpus:
    made = planted()
    add(made[PARENT, 2024], {("disclosure", "penalty", "decisions"): 1})
    return made


def test_a_sum_of_which_a_body_is_missing_is_not_asked() -> None:
    made = fault_in_parent()
    del made[CHILD, 2024]
    assert found_in(made) == []


def test_a_sum_of_which_a_cell_has_no_number_is_not_asked() -> None:
    made = fault_in_parent()
    made[CHILD, 2024].cells["disclosure", "penalty", "decisions"] = "blank"
    assert found_in(made) == []


@pytest.mark.parametrize(("who", "scope"), [(CHILD, None), (PARENT, None), (PARENT, "own")])
def test_sums_across_scopes_are_not_asked(who: str, scope: str | None) -> None:
    made = fault_in_parent()
    for year in range(2019, 2026):
        made[who, year].scope = scope
    assert found_in(made) == []


def test_a_body_with_bodies_below_it_counts_only_with_all_of_them() -> None:
    """Three levels: a county's own report beside its departments would count them for nothing."""
    levels = pl.DataFrame([("c", "p"), ("d", "c")], ["agency_id", "parent_id"], orient="row")
    key = ("disclosure", "penalty", "decisions")
    made = {
        ("p", 2022): Report("rp", "p", 2022, "2021", "consolidated", cells={key: 9}),
        ("c", 2022): Report("rc", "c", 2022, "2021", "own", cells={key: 7}),
        ("d", 2022): Report("rd", "d", 2022, "2021", "own", cells={key: 7}),
    }
    assert across.hierarchy_sum(*frames(made), levels).height == 0
    made["c", 2022].scope = "consolidated"
    rows = across.hierarchy_sum(*frames(made), levels)
    assert rows.select("report_id", "expected", "observed").rows() == [("rp", "7", "9")]


# --- against a plain reckoning ---

VALUE = st.one_of(st.integers(0, 4), st.sampled_from(["blank", "missing"]))
PLACES: list[Key] = [
    *(("application", row, column) for row in ("carried_in", "carried_out") for column in APPLICANTS[:2]),
    *(("disclosure", "rule", column) for column in ("issued", "repealed", "in_force")),
    *(("disclosure", "coercion", column) for column in ("items_last_year", "items_change")),
]


@st.composite
def small(draw: st.DrawFn) -> Corpus:
    """Two agencies, four years over the change of form, any figures, some without a number."""
    made: Corpus = {}
    for agency, year in product("ab", range(2019, 2024)):
        if draw(st.integers(0, 5)) == 0:
            continue
        report = Report(f"{agency}{year}", agency, year, form_of(year))
        report.scope = draw(st.sampled_from(["own", "own", "own", "consolidated", None]))
        for key in PLACES:
            if key[0] == "application" or (key[1] == "rule") == (report.form == "2021"):
                report.cells[key] = draw(VALUE)
        made[agency, year] = report
    return made


def reckoned(made: Corpus) -> set[Found]:
    """What the rules say of a corpus, in plain loops over its reports."""
    found: set[Found] = set()
    for (agency, year), now in made.items():
        before = made.get((agency, year - 1))
        if before is None or before.scope != now.scope:
            continue
        for applicant in APPLICANTS[:2]:
            due = [before.cells["application", "carried_out", applicant]]
            found |= compared("year.carry_over", now, ("application", "carried_in", applicant), due)
        if now.form == before.form == "2021":
            due = [before.cells["disclosure", "rule", "in_force"], now.cells["disclosure", "rule", "issued"]]
            less = now.cells["disclosure", "rule", "repealed"]
            due.append(less if isinstance(less, str) else -less)
            found |= compared("year.document_stock", now, ("disclosure", "rule", "in_force"), due)
        if now.form == before.form == "2019":
            place = ("disclosure", "coercion", "items_last_year")
            due = [before.cells[place], before.cells["disclosure", "coercion", "items_change"]]
            found |= compared("year.item_stock", now, place, due)
    return found


def compared(rule: str, report: Report, place: Key, due: list[float | str]) -> set[Found]:
    observed = report.cells[place]
    terms = [term for term in due if not isinstance(term, str)]
    if isinstance(observed, str) or len(terms) < len(due) or observed == sum(terms):
        return set()
    return {(rule, report.report_id, place[1], place[2], f"{sum(terms):g}", f"{observed:g}")}


@given(small())
@settings(max_examples=150)
def test_the_frames_say_what_plain_loops_say(made: Corpus) -> None:
    found = found_in(made)
    assert len(found) == len(set(found))
    assert set(found) == reckoned(made)
