"""The twenty questions against answers computed from the truth, and each planted fault found once."""

import json
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from tests.commands import ROOT, gongkai
from tests.questions import corpus
from tests.questions.answers import by_number
from tests.questions.corpus import YEARS, agencies, reports

FOLDER = ROOT / "sql" / "questions"
FILES = sorted(FOLDER.glob("*.sql"))
COMPARABLE_SERIES = 6

Series = dict[str, set[str]]

# DOMAIN: what can be compared across 2020 and 2021. All metrics on requests and disputes go on.
BROKEN: Series = {
    "caution": {"coercion_decisions", "licensing_decisions", "penalty_decisions", "normative_documents_new"},
    "begins": {
        "fee_amount",
        "normative_documents_in_force",
        "normative_documents_issued",
        "normative_documents_repealed",
    },
    "ends": {
        "normative_documents_disclosed_total",
        "normative_documents_made",
        "procurement_amount",
        "procurement_projects",
        "public_service_decisions",
    },
}

# What is planted is all that is found: rule, agency, year, number of findings.
PLANTED = {
    ("year.carry_over", *corpus.CARRY_OVER): 1,
    ("year.jump", *corpus.JUMP): 1,
    ("year.document_stock", *corpus.STOCK): 1,
    ("year.item_stock", *corpus.ITEM_STOCK): 1,
    ("narrative.figure", *corpus.PROSE): 1,
    ("report.late", *corpus.LATE): 1,
    ("hierarchy.sum", *corpus.NOT_THE_SUM): 1,
    ("text.injected", *corpus.INJECTED): 1,
    ("dispute.results", *corpus.IDENTITY): 1,
    ("cell.unit_assumed", *corpus.GAPS): 1,
    ("cell.blank", *corpus.GAPS): 2,
    ("cell.not_applicable", *corpus.GAPS): 3,
    ("label.variant", *corpus.GAPS): 3,
}


def number_of(path: Path) -> int:
    return int(path.name.split("_")[0])


def test_there_are_sixty_agencies_and_seven_years_less_one_missing() -> None:
    assert len(agencies()) == 60
    assert len(YEARS) == 7
    assert len(reports()) == 60 * 7 - 1


def test_each_of_the_twenty_questions_has_an_expected_answer() -> None:
    assert [number_of(path) for path in FILES] == list(range(1, 21))
    assert set(by_number()) | {COMPARABLE_SERIES} == {number_of(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_question_says_what_it_answers_what_not_and_its_caveats(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    header = [line for line in lines if line.startswith("--")]
    assert lines[: len(header)] == header
    assert header[0].endswith("?")
    for word in ("-- Answers: ", "-- Does not answer: ", "-- Caveats: "):
        assert sum(line.startswith(word) for line in header) == 1
    statement = [line for line in lines if not line.startswith("--")]
    assert ";" not in "".join(statement)


@pytest.mark.parametrize(
    "path", [path for path in FILES if number_of(path) != COMPARABLE_SERIES], ids=lambda path: path.stem
)
def test_the_answer_is_that_of_the_truth(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    expected = by_number()[number_of(path)]()
    assert expected
    assert db.sql(path.read_text(encoding="utf-8")).fetchall() == expected


def test_the_comparable_series_are_those_of_the_domain(db: duckdb.DuckDBPyConnection) -> None:
    path = next(path for path in FILES if number_of(path) == COMPARABLE_SERIES)
    rows = db.sql(path.read_text(encoding="utf-8")).fetchall()
    found: Series = {}
    for metric_code, _, _, comparability, note_zh, note_en in rows:
        found.setdefault(comparability, set()).add(metric_code)
        assert note_zh
        assert note_en
    others = found.pop("comparable")
    assert found == BROKEN
    assert {"requests_other", "other_share", "requests_new", "disclosure_rate", "reviews"} <= others
    assert [(row[3], row[0]) for row in rows] == sorted((row[3], row[0]) for row in rows)


def test_a_question_runs_as_a_person_runs_it(warehouse: Path) -> None:
    path = next(path for path in FILES if number_of(path) == 18)
    query = path.read_text(encoding="utf-8")
    answer = gongkai("sql", "--warehouse", warehouse, "--format", "json", "--", query)
    rows = [(row["name"], row["report_year"], row["difference"]) for row in json.loads(answer.stdout)]
    assert rows == [(*corpus.CARRY_OVER, 2)] * 2


def test_each_planted_fault_is_found_and_nothing_else(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.sql("""
        SELECT rule_code, dim_agency.name, report_year
        FROM quality.finding
        INNER JOIN core.report USING (report_id) INNER JOIN core.dim_agency USING (agency_id)
    """).fetchall()
    assert Counter(rows) == PLANTED


def test_nothing_but_the_planted_copies_and_the_planted_gap_is_found(db: duckdb.DuckDBPyConnection) -> None:
    assert db.sql("SELECT count(*) FROM mart.copied_text").fetchall() == [(2,)]
    missing = db.sql(
        "SELECT name, report_year FROM mart.coverage WHERE coverage_status = 'missing'"
    ).fetchall()
    assert missing == [corpus.MISSING]
    verdicts = db.sql("SELECT verdict, count(*) FROM core.narrative_figure GROUP BY ALL").fetchall()
    assert dict(verdicts) == {"equal": 3 * len(reports()) - 1, "differs": 1}
