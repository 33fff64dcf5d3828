"""Rules over several reports, as an ingest asks them: each planted fault is found once, and nothing else."""

from collections import Counter
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from assets.definitions import defs
from pipeline.frames.across import below, in_lines
from pipeline.schemas import polars_schema
from tests.commands import Row, ingest, sql
from tests.reading.made import Key
from tests.small_reports import figures, report, write

ACROSS = "'year.carry_over','year.document_stock','year.item_stock','year.jump','hierarchy.sum'"
SAID = "2022年，我局共收到政府信息公开申请{}件。"
OF_ALL = "全市共收到政府信息公开申请{}件。"
# About ninety letters of a body's own: enough to be called copied.
OWN_WORDS = (
    "围绕老城更新和河道治理，把拆迁安置方案、资金拨付进度、施工影响范围逐条写成问答，在社区公告栏和小程序同步张贴，"
    "并请居民代表到现场核对，收集意见二十余条后逐一答复，对听不懂的术语改用方言录音讲解，同时为行动不便的老人送去大字版材料。"
)


def summed(*parts: dict[Key, str]) -> dict[Key, str]:
    """The sums of the figures of several bodies."""
    return {key: str(sum(int(part[key]) for part in parts)) for key in parts[0]}


FINANCE = {2021: figures(12, 1, 2), 2022: figures(14, 2, 2)}
EDUCATION = {2021: figures(5, 2, 1), 2022: figures(5, 1, 1)}
WRONG_SUM = summed(FINANCE[2022], EDUCATION[2022]) | {
    ("application", "partial", "natural_person"): "3",
    ("application", "partial", "total"): "3",
    # Nothing in this table bears out that all its parts are here: that it is larger is no fault.
    ("disclosure", "licensing", "decisions"): "7",
}
REPORTS = {
    # 结转: what one year carries out is not what the next carries in.
    "carry_2021": report("启东市教育局", 2021, figures(new=9, carried_out=5)),
    "carry_2022": report("启东市教育局", 2022, figures(new=9, carried_in=3, carried_out=1)),
    "carry_2023": report("启东市教育局", 2023, figures(new=9, carried_in=1)),
    # The same over a change of name and rank; the body itself is the same.
    "haimen_2019": report("海门市财政局", 2019, figures(new=8, carried_out=4)),
    "haimen_2020": report("南通市海门区财政局", 2020, figures(new=8, carried_in=6)),
    # Over a year without a report nothing can be asked.
    "gap_2021": report("如皋市水利局", 2021, figures(new=9, carried_out=5)),
    "gap_2023": report("如皋市水利局", 2023, figures(new=9)),
    # Two open names of one spelling are not one body's years.
    "open_2021": report("鼓楼区财政局", 2021, figures(new=9, carried_out=5)),
    "open_2022": report("鼓楼区财政局", 2022, figures(new=9)),
    # A jump.
    "jump_2021": report("如皋市教育局", 2021, figures(new=11)),
    "jump_2022": report("如皋市教育局", 2022, figures(new=90)),
    # A government that adds up its departments, in the second year but for one figure.
    "finance_2021": report("海安市财政局", 2021, FINANCE[2021]),
    "finance_2022": report("海安市财政局", 2022, FINANCE[2022]),
    "education_2021": report("海安市教育局", 2021, EDUCATION[2021]),
    "education_2022": report("海安市教育局", 2022, EDUCATION[2022]),
    "whole_2021": report(
        "海安市人民政府", 2021, summed(FINANCE[2021], EDUCATION[2021]), overview=OF_ALL.format(17)
    ),
    "whole_2022": report("海安市人民政府", 2022, WRONG_SUM, overview=OF_ALL.format(19)),
    # A government most of whose parts have no report here: that its figures are larger is no fault.
    "few_whole": report("浏阳市人民政府", 2022, figures(new=80), overview=OF_ALL.format(80)),
    "few_part": report("浏阳市财政局", 2022, figures(new=7)),
    # Text against table.
    "prose_wrong": report("德清县财政局", 2022, figures(new=29), overview=SAID.format(34)),
    "prose_right": report("德清县教育局", 2022, figures(new=29), overview=SAID.format(29)),
    # Text of last year, and of another agency.
    "copy_2021": report("平阴县水利局", 2021, overview=OWN_WORDS, published="2022年1月11日"),
    "copy_2022": report("平阴县水利局", 2022, overview=OWN_WORDS, published="2023年1月11日"),
    "copy_other": report("平阴县民政局", 2022, overview=OWN_WORDS, published="2023年1月20日"),
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made in two nights, the earlier years last: what they break lies in reports that were read before."""
    made = tmp_path_factory.mktemp("across")
    late = {name: text for name, text in REPORTS.items() if name.endswith(("2019", "2021"))}
    raw = write(made / "raw", {name: text for name, text in REPORTS.items() if name not in late})
    ingest(raw, made)
    for name, text in late.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
    ingest(raw, made)
    return made


def findings(warehouse: Path, where: str) -> list[Row]:
    return sql(
        warehouse,
        f"""
        SELECT replace(file_name, '.txt', '') AS file, finding.*
        FROM quality.finding
        INNER JOIN core.report USING (report_id)
        INNER JOIN raw.document USING (document_id)
        WHERE {where}
        ORDER BY file, rule_code
        """,
    )


def test_each_planted_fault_is_found_once_and_nothing_else(warehouse: Path) -> None:
    found = findings(warehouse, f"rule_code IN ({ACROSS}, 'narrative.figure')")
    assert Counter((row["file"], row["rule_code"], row["row_code"], row["column_code"]) for row in found) == {
        ("carry_2022", "year.carry_over", "carried_in", "natural_person"): 1,
        ("haimen_2020", "year.carry_over", "carried_in", "natural_person"): 1,
        ("jump_2022", "year.jump", "received_new", "total"): 1,
        ("whole_2022", "hierarchy.sum", "partial", "total"): 1,
        ("prose_wrong", "narrative.figure", "received_new", "total"): 1,
    }


def test_a_finding_says_what_was_expected_and_leads_to_its_line(warehouse: Path) -> None:
    (row,) = findings(warehouse, "rule_code = 'year.carry_over' AND file_name LIKE 'haimen%'")
    assert (row["expected"], row["observed"], row["severity"]) == ("4", "6", "warning")
    lines = REPORTS["haimen_2020"].split("\n")
    assert "上年结转" in lines[row["line_no"] - 1]


def test_figures_of_the_text_stand_beside_those_of_the_table(warehouse: Path) -> None:
    rows = sql(
        warehouse,
        """
        SELECT replace(file_name, '.txt', '') AS file, stated_value, table_value, verdict,
            substr(text, text_start + 1, text_end - text_start) AS clause
        FROM core.narrative_figure
        INNER JOIN core.section USING (report_id, section_code)
        INNER JOIN core.report USING (report_id)
        INNER JOIN raw.document USING (document_id)
        WHERE metric_code = 'requests_new' AND file_name LIKE 'prose_%'
        ORDER BY file
        """,
    )
    assert [(row["file"], row["stated_value"], row["table_value"], row["verdict"]) for row in rows] == [
        ("prose_right", 29, 29, "equal"),
        ("prose_wrong", 34, 29, "differs"),
    ]
    assert "34件" in rows[1]["clause"]


def test_copied_text_names_its_source_and_kind(warehouse: Path) -> None:
    rows = sql(
        warehouse,
        """
        SELECT replace(own.file_name, '.txt', '') AS file, replace(other.file_name, '.txt', '') AS source,
            section_code, similarity, kind
        FROM mart.copied_text
        INNER JOIN core.report AS copy ON copy.report_id = copied_text.report_id
        INNER JOIN core.report AS source ON source.report_id = copied_text.other_report_id
        INNER JOIN raw.document AS own ON own.document_id = copy.document_id
        INNER JOIN raw.document AS other ON other.document_id = source.document_id
        ORDER BY file
        """,
    )
    assert [tuple(row.values()) for row in rows] == [
        ("copy_2022", "copy_2021", "overview", 1.0, "last_year"),
        ("copy_other", "copy_2022", "overview", 1.0, "other_agency"),
    ]


def test_the_steps_show_what_findings_and_copies_are_made_from() -> None:
    graph = defs.resolve_asset_graph()
    for name, sources in (
        ("quality/finding", {"core/report", "core/cell", "core/narrative_figure"}),
        ("mart/copied_text", {"core/report", "core/section"}),
    ):
        parents = graph.get(dg.AssetKey(name.split("/"))).parent_keys
        assert {"/".join(key.path) for key in parents} == sources


# --- which reports meet ---


def bodies(*rows: dict[str, object]) -> pl.DataFrame:
    schema = polars_schema("core.dim_agency")
    known: dict[str, object] = {"name": "x", "resolution": "resolved", "admin_level": "county"}
    return pl.DataFrame([{**dict.fromkeys(schema), **known, **row} for row in rows], schema=schema)


def in_line(agencies: pl.DataFrame, *of_years: tuple[str, int]) -> list[str]:
    reports = pl.DataFrame(of_years, {"agency_id": pl.String, "report_year": pl.Int32}, orient="row")
    return in_lines(reports, agencies)["agency_id"].to_list()


def test_a_body_renamed_twice_is_the_last_that_it_became() -> None:
    agencies = bodies(
        {"agency_id": "a", "successor": "b", "succession": "renamed"},
        {"agency_id": "b", "successor": "c", "succession": "renamed"},
    )
    assert in_line(agencies, ("a", 2019), ("b", 2020), ("c", 2021)) == ["c", "c", "c"]


def test_a_body_that_reports_beside_its_successor_keeps_to_itself_that_year() -> None:
    agencies = bodies({"agency_id": "a", "successor": "b", "succession": "renamed"})
    assert in_line(agencies, ("a", 2019), ("a", 2020), ("b", 2020)) == ["b", "a", "b"]


def test_a_body_merged_into_another_is_not_that_one() -> None:
    agencies = bodies({"agency_id": "a", "successor": "b", "succession": "merged"})
    assert in_line(agencies, ("a", 2019), ("b", 2020)) == ["a", "b"]


def test_departments_towns_and_zones_are_below_the_government_of_their_place() -> None:
    agencies = bodies(
        {"agency_id": "city", "agency_type": "government", "region_code": "320600"},
        {"agency_id": "county", "agency_type": "government", "region_code": "320681"},
        {"agency_id": "bureau", "agency_type": "department", "region_code": "320681"},
        {"agency_id": "tax", "agency_type": "vertical", "region_code": "320681"},
        {"agency_id": "town", "agency_type": "town", "region_code": "320681100", "name": "某镇人民政府"},
        {"agency_id": "zone", "agency_type": "zone", "region_code": "320681", "name": "某区管理委员会"},
        {"agency_id": "organ", "agency_type": "zone", "region_code": "320681", "name": "某区财政局"},
        {
            "agency_id": "open",
            "agency_type": "department",
            "region_code": "320681",
            "resolution": "ambiguous",
        },
    )
    assert below(agencies).rows() == [
        ("bureau", "county"),
        ("county", "city"),
        ("town", "county"),
        ("zone", "county"),
    ]
