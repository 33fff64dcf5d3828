"""What the marts promise beyond the questions: one series where it is one, none over a break."""

import duckdb
import pytest

from pipeline.catalogue import metrics, tables, twins
from pipeline.catalogue.breaks import breaks
from pipeline.catalogue.statements import twin_name
from pipeline.forms import forms, vocabulary
from tests.commands import ROOT
from tests.generator.truth import OUTCOMES
from tests.questions.answers import DENIED, PARTS, before, other, requests
from tests.questions.corpus import MISSING, reports

MARTS = sorted(path.stem for path in (ROOT / "sql" / "mart").glob("*.sql"))
JOINED = ("same_form", "comparable", "caution")


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_is_in_the_catalogue_and_has_its_chinese_twin(name: str) -> None:
    table = tables()[f"mart.{name}"]
    assert table.kind == "sql"
    assert twins()[twin_name(table)] is table


def test_every_code_and_metric_is_described_in_both_languages() -> None:
    for group in vocabulary().values():
        for label in group.values():
            assert max(label.zh) >= "\u4e00"
            assert label.en
            assert max(label.en) < "\u4e00"
    for metric in metrics().values():
        assert max(metric.zh) >= "\u4e00"
        assert metric.en
        assert max(metric.en) < "\u4e00"


def test_the_dictionary_says_formula_parts_forms_and_breaks_of_every_metric(
    db: duckdb.DuckDBPyConnection,
) -> None:
    rows = db.sql("""
        SELECT metric_code, formula_zh, formula_en, numerator_zh, denominator_zh, denominator_cells, forms,
            comparability_zh, direction, minimum_n
        FROM mart.metric
    """).fetchall()
    assert len(rows) == len(metrics())
    for code, zh, en, upper, lower, lower_cells, exists_in, notes, direction, minimum in rows:
        assert max(zh) >= "\u4e00" > max(en)
        assert upper in zh
        assert bool(lower) == bool(lower_cells) == (minimum is not None)
        assert exists_in == [form for form in forms() if form in exists_in] != []
        assert len(notes) == len(list(breaks(metrics()[code].cells))) == len(forms()) - 1
        assert direction in {"higher", "lower", "neutral"}


@pytest.mark.parametrize("code", sorted(metrics()))
def test_the_formula_as_sql_gives_the_metric(db: duckdb.DuckDBPyConnection, code: str) -> None:
    found = db.execute("SELECT formula_sql FROM mart.metric WHERE metric_code = ?", [code]).fetchall()
    formula = found[0][0]
    differing = db.sql(f"""
        WITH own AS (
            SELECT agency_id, report_year, {formula} AS value
            FROM core.cell INNER JOIN core.report USING (report_id) WHERE is_current GROUP BY ALL
        )
        SELECT * FROM (SELECT * FROM mart.metric_value WHERE metric_code = '{code}') AS metric_value
        FULL JOIN own USING (agency_id, report_year)
        WHERE own.value IS DISTINCT FROM metric_value.value
    """).fetchall()
    assert differing == []
    assert db.sql(
        f"SELECT count(value) > 0 FROM mart.metric_value WHERE metric_code = '{code}'"
    ).fetchall() == [(True,)]


def test_no_figure_stands_beside_one_that_it_can_not_be_compared_with(db: duckdb.DuckDBPyConnection) -> None:
    joined = db.sql(f"""
        SELECT count(*) FROM mart.year_on_year
        WHERE comparability NOT IN {JOINED} AND (value_before IS NOT NULL OR change IS NOT NULL)
    """).fetchall()
    assert joined == [(0,)]
    by_verdict = db.sql("""
        SELECT metric_code, comparability FROM mart.year_on_year
        WHERE report_year = 2021 AND comparability <> 'no_report' GROUP BY ALL
    """).fetchall()
    expected = {
        (code, one.comparability)
        for code, metric in metrics().items()
        for one in breaks(metric.cells)
        if one.comparability != "ends"
    }
    assert set(by_verdict) == expected


def test_other_outcomes_are_one_series_over_the_break(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.sql("""
        SELECT name, report_year, value, value_before
        FROM mart.year_on_year INNER JOIN core.dim_agency USING (agency_id)
        WHERE metric_code = 'requests_other' AND report_year = 2021 ORDER BY name
    """).fetchall()
    expected = []
    for (name, year), report in sorted(reports().items()):
        earlier = before(report)
        if year == 2021 and earlier:
            expected.append((name, year, other(report), other(earlier)))
    assert rows == expected
    assert any(row[2] and row[3] for row in rows)


def test_the_flow_of_requests_ends_as_it_began(db: duckdb.DuckDBPyConnection) -> None:
    codes = {code for (code,) in db.sql("SELECT DISTINCT outcome_code FROM mart.outcome_flow").fetchall()}
    common = set(OUTCOMES["2019"]) & set(OUTCOMES["2021"])
    assert codes == common | {"outcome_other", "received_new", "carried_in", "carried_out"}
    uneven = db.sql("""
        SELECT agency_id, report_year FROM mart.outcome_flow GROUP BY ALL
        HAVING sum(requests) FILTER (WHERE direction_of_flow = 'in')
            <> sum(requests) FILTER (WHERE direction_of_flow = 'out') OR count(*) <> 22
    """).fetchall()
    assert uneven == []


def test_no_rate_with_a_small_n_is_ranked_or_counts_for_others(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.sql("""
        SELECT name, report_year, is_ranked, place, percentile, peers FROM mart.peer_rank
        INNER JOIN core.dim_agency USING (agency_id) WHERE metric_code = 'disclosure_rate'
    """).fetchall()
    small = {key for key, report in reports().items() if PARTS["disclosure_rate"](report)[1] < 30}
    assert small
    assert {(row[0], row[1]) for row in rows if not row[2]} == small
    assert all(row[3:] == (None, None, None) for row in rows if not row[2])


def test_a_year_after_a_missing_report_has_nothing_to_compare_with(db: duckdb.DuckDBPyConnection) -> None:
    name, year = MISSING
    agency = f"INNER JOIN core.dim_agency USING (agency_id) WHERE name = '{name}'"
    where = f"{agency} AND report_year IN ({year}, {year + 1})"
    found = db.sql(
        f"SELECT DISTINCT report_year, comparability, value_before FROM mart.year_on_year {where}"
    ).fetchall()
    assert found == [(year + 1, "no_report", None)]
    assert db.sql(f"SELECT * FROM mart.carry_over {where}").fetchall() == []


def test_refusals_are_whole(db: duckdb.DuckDBPyConnection) -> None:
    rows = db.sql("""
        SELECT name, report_year, sum(requests), any_value(n), round(sum(share), 9) FROM mart.refusal_grounds
        INNER JOIN core.dim_agency USING (agency_id) GROUP BY ALL
    """).fetchall()
    refused = {key: requests(report, *DENIED) for key, report in reports().items()}
    assert {(row[0], row[1]): row[2] for row in rows} == refused
    assert all(row[2] == row[3] and row[4] == (1 if row[2] else None) for row in rows)
