"""The gate's arithmetic, for any measures, and its file of bounds."""

import itertools

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.catalogue import tables
from pipeline.release import BoundsError, Measure, bounds, breaches
from pipeline.release.bounds import FILE, parsed
from pipeline.release.gate import OVERALL, Kind

MOST = 10**7
numbers = st.integers(0, MOST)


@st.composite
def shares(draw: st.DrawFn) -> Measure:
    kind: Kind = draw(st.sampled_from(["verified", "verified_non_zero", "filled"]))
    of = "core.report.title" if kind == "filled" else draw(st.sampled_from([OVERALL, "2020"]))
    whole = draw(numbers)
    return Measure(kind, of, draw(st.integers(0, whole)), whole)


@st.composite
def counts(draw: st.DrawFn) -> Measure:
    kind: Kind = draw(st.sampled_from(["rows", "documents", "reports"]))
    of = draw(st.sampled_from(sorted(tables()))) if kind == "rows" else "2020"
    return Measure(kind, of, draw(numbers), draw(numbers) if kind == "rows" else None)


measures = st.one_of(shares(), counts())


def broken(before: Measure, after: Measure) -> bool:
    return bool(breaches([before], [after], bounds()))


@given(measures)
def test_a_build_like_the_published_one_passes(measure: Measure) -> None:
    assert not broken(measure, measure)


@given(measures)
def test_a_first_build_passes_whatever_it_holds(measure: Measure) -> None:
    assert breaches([], [measure], bounds()) == []


@given(counts(), numbers, numbers)
def test_of_two_counts_the_smaller_one_is_no_better_by_its_fall(
    before: Measure, one: int, other: int
) -> None:
    less, more = (before._replace(part=part, whole=None) for part in sorted((one, other)))
    if broken(before, more):
        assert broken(before, less)


@given(shares(), st.data())
def test_of_two_shares_of_as_many_rows_the_smaller_one_is_no_better(
    before: Measure, data: st.DataObject
) -> None:
    whole = data.draw(numbers)
    one, other = data.draw(st.integers(0, whole)), data.draw(st.integers(0, whole))
    less, more = (before._replace(part=part, whole=whole) for part in sorted((one, other)))
    if broken(before, more):
        assert broken(before, less)


@given(shares(), numbers)
def test_added_rows_that_are_all_good_never_hold_a_build_back(before: Measure, added: int) -> None:
    assert before.whole is not None
    assert not broken(before, before._replace(part=before.part + added, whole=before.whole + added))


@given(shares(), numbers)
def test_what_is_lost_wholly_is_held_back_beyond_the_slack(before: Measure, added: int) -> None:
    """However many rows are added: none of them and none of the old ones is verified or filled."""
    assert before.whole is not None
    bound = bounds().verified.all_of_year  # no bound has a larger slack or fall
    assume(before.part > bound.slack + bound.fall * before.whole + 1)
    assert broken(before, before._replace(part=0, whole=before.whole + added))


@given(counts())
def test_a_table_that_is_gone_is_held_back_unless_it_was_small(before: Measure) -> None:
    bound = bounds().of_rows(before.of) if before.kind == "rows" else bounds().documents
    gone = (
        before.part * (1 - bound.fall) > bound.slack
        if before.kind in {"rows", "documents"}
        else before.part > 1
    )
    assert bool(breaches([before], [], bounds())) == gone


@pytest.mark.parametrize(
    ("before", "after", "held"),
    [
        # One report of five, and its cells, may go; two may not.
        (Measure("reports", "2020", 5), Measure("reports", "2020", 4), False),
        (Measure("reports", "2020", 5), Measure("reports", "2020", 3), True),
        (Measure("documents", "ingested", 5), Measure("documents", "ingested", 4), False),
        (Measure("documents", "ingested", 5), Measure("documents", "ingested", 3), True),
        (Measure("rows", "core.cell", 990, 5), Measure("rows", "core.cell", 792, 4), False),
        (Measure("rows", "core.cell", 990, 5), Measure("rows", "core.cell", 779, 5), True),
        # Of 50,000 reports 500 may go and no more than that, but for one.
        (Measure("reports", "2020", 50_000), Measure("reports", "2020", 49_500), False),
        (Measure("reports", "2020", 50_000), Measure("reports", "2020", 49_498), True),
        # New reports are never too many, twice the cells a report are.
        (Measure("rows", "core.cell", 990, 5), Measure("rows", "core.cell", 9_900_000, 50_000), False),
        (Measure("rows", "core.cell", 990_000, 5000), Measure("rows", "core.cell", 1_980_000, 5000), True),
        (
            Measure("rows", "mart.agency_year", 5000, 5000),
            Measure("rows", "mart.agency_year", 5300, 5000),
            True,
        ),
        # Two points of a hundred thousand cells are too much, half a point is not.
        (Measure("verified", OVERALL, 95_000, 100_000), Measure("verified", OVERALL, 94_500, 100_000), False),
        (Measure("verified", OVERALL, 95_000, 100_000), Measure("verified", OVERALL, 93_000, 100_000), True),
        (Measure("verified_non_zero", "2020", 90, 100), Measure("verified_non_zero", "2020", 79, 100), False),
        (Measure("verified_non_zero", "2020", 90, 100), Measure("verified_non_zero", "2020", 77, 100), True),
        # A new archive, read worse than the old reports, is no fall; reading nothing of it is one.
        (Measure("verified", OVERALL, 950, 1000), Measure("verified", OVERALL, 800_000, 1_000_000), False),
        (Measure("verified", OVERALL, 950, 1000), Measure("verified", OVERALL, 400_000, 1_000_000), True),
        (Measure("filled", "core.report.title", 5, 5), Measure("filled", "core.report.title", 3, 5), False),
        (Measure("filled", "core.report.title", 5, 5), Measure("filled", "core.report.title", 2, 5), True),
        (
            Measure("filled", "core.report.title", 50, 50),
            Measure("filled", "core.report.title", 43, 50),
            True,
        ),
        # What the published warehouse does not have has no bound.
        (Measure("reports", "2019", 5), Measure("reports", "2020", 5), True),
    ],
)
def test_examples(before: Measure, after: Measure, held: bool) -> None:
    assert broken(before, after) == held


def test_a_breach_says_both_figures_and_the_bound() -> None:
    found = breaches(
        [Measure("reports", "2020", 50), Measure("verified_non_zero", OVERALL, 900, 1000)],
        [Measure("reports", "2020", 40), Measure("verified_non_zero", OVERALL, 500, 1000)],
        bounds(),
    )
    assert [str(one) for one in found] == [
        "current reports on 2020: 40 after 50, at least 48 are asked for",
        "verified share of non-zero cells, all years: 50.00 % after 90.00 %, at least 88.00 % is asked for",
    ]


# --- the file ---

TEXT = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("replaced", "by", "message"),
    [
        ("slack: 200, grow: 0.25}", "slack: 200, grows: 0.25}", "rows.core.cell.grows: Extra inputs"),
        ("documents: {fall: 0.005,", "documents: {fall: 5,", "documents.fall: Input should be less"),
        ("slack: 1}", "slack: many}", "slack: Input should be a valid integer"),
        ("core.dim_region: {fall", "core.dim_realm: {fall", "core.dim_realm is no table"),
        ("[media_type, report_year]", "[media_kind]", "raw.document.media_kind is no column"),
        ("  default: {fall: 0.01, slack: 5}\n", "", "rows has no default"),
        ("reports_of_year:", "reports_of_years:", "reports_of_year: Field required"),
        ("rows:\n", "rows: [\n", "is not YAML"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused_by_name_and_place(
    replaced: str, by: str, message: str
) -> None:
    assert replaced in TEXT
    with pytest.raises(BoundsError, match=r"bounds\.yaml: |bounds\.yaml is not") as refused:
        parsed(TEXT.replace(replaced, by), "bounds.yaml")
    assert message in str(refused.value)


def test_every_combination_of_named_tables_is_in_the_catalogue() -> None:
    spec = yaml.safe_load(TEXT)
    named = set(itertools.chain(spec["rows"], spec["filled"], spec["columns"])) - {"default"}
    assert named <= set(tables())
