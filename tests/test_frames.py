"""Readings as frames: ids, versions, checks before storing, what is kept from earlier runs, dimensions."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from pipeline import version
from pipeline.catalogue import metrics, rules, tables
from pipeline.catalogue.load import _cells
from pipeline.documents import open_document
from pipeline.forms import forms
from pipeline.frames import (
    FRAMES,
    PARTITIONED,
    Listed,
    Opened,
    Read,
    agencies,
    agency_of,
    batch,
    documents,
    merged,
    needs_opening,
    of_years,
    report_of,
    settled,
)
from pipeline.frames.reports import Frames, numbered, report_id
from pipeline.reading import CellRecord, Finding, Reading, Section
from pipeline.schemas import empty, model, polars_schema, violations
from pipeline.version import parser_version

EARLY, LATE = datetime(2024, 1, 1), datetime(2024, 2, 1)  # noqa: DTZ001 - UTC without its name, as stored
GOOD_CELL = CellRecord("dispute", "review", "upheld", "1", 1, "count", "reported", "verified", 7)
STREAM = open_document("启东市行政审批局2020年政府信息公开工作年度报告\n".encode())


def reading(*cells: CellRecord, findings: list[Finding] | None = None, **fields: Any) -> Reading:
    who = {
        "title": None,
        "agency_name": "启东市行政审批局",
        "report_year": 2020,
        "published_on": None,
        **fields,
    }
    sections = [Section("overview", "一、总体情况", "依申请公开，依申请公开。", 1, 3)]
    return Reading(**who, sections=sections, cells=list(cells), findings=findings or [])


def read(document_id: str, found: Reading) -> Read:
    return Read(document_id, report_of(found, STREAM, document_id))


def frames_of(*cells: CellRecord, **fields: Any) -> Frames:
    return batch([read("d1", reading(*cells, **fields))], "v1")


# --- rows of a batch ---


def test_every_table_of_a_year_has_the_catalogues_schema() -> None:
    frames = frames_of(GOOD_CELL)
    assert set(frames) == set(PARTITIONED)
    assert {name: rows.schema for name, rows in frames.items()} == {
        name: pl.Schema(polars_schema(name)) for name in PARTITIONED
    }


def test_a_batch_without_documents_has_empty_typed_tables() -> None:
    frames = batch([], "v1")
    assert {name: rows.equals(empty(name)) for name, rows in frames.items()} == dict.fromkeys(
        PARTITIONED, True
    )


def test_a_document_that_failed_leaves_its_reason_and_nothing_else() -> None:
    frames = batch([Read("d1", None, "why"), read("d2", reading(GOOD_CELL))], "v1")
    assert frames["ledger.reading"].rows() == [("d1", "v1", "why", None), ("d2", "v1", None, None)]
    assert frames["core.report"]["document_id"].to_list() == ["d2"]


def test_cells_and_terms_belong_to_the_report_of_their_document() -> None:
    frames = batch(
        [read("d1", reading(GOOD_CELL, GOOD_CELL._replace(row_code="suit_direct"))), read("d2", reading())],
        "v",
    )
    assert frames["core.cell"]["report_id"].to_list() == [report_id("d1")] * 2
    assert frames["core.section_term"].rows() == [
        (report_id(document), "overview", "依申请公开", 2) for document in ("d1", "d2")
    ]


def test_a_finding_takes_its_severity_from_the_rule() -> None:
    found = frames_of(findings=[Finding("cell.note", "m"), Finding("dispute.results", "m")])["ledger.finding"]
    assert found.select("rule_code", "severity").rows() == [
        ("cell.note", "info"),
        ("dispute.results", "error"),
    ]


def test_a_rule_that_is_not_in_the_catalogue_is_a_fault() -> None:
    with pytest.raises(KeyError, match=r"no\.such"):
        frames_of(findings=[Finding("no.such", "m")])


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"check_status": "perhaps"}, "check_status"),
        ({"unit": "dollar"}, "unit"),
        ({"line_no": 0}, "line_no"),
        ({"column_code": "no_such"}, "column_code"),
    ],
)
def test_a_row_that_breaks_the_schema_is_found_and_stays(wrong: dict[str, Any], column: str) -> None:
    frames = frames_of(GOOD_CELL, GOOD_CELL._replace(row_code="suit_direct", **wrong))
    assert frames["core.cell"].height == 2
    found = frames["ledger.finding"].row(0, named=True)
    assert (found["rule_code"], found["severity"], found["row_code"]) == (
        "row.schema",
        "error",
        "suit_direct",
    )
    assert found["expected"].startswith(f"{column}: ")
    assert found["observed"] == str(next(iter(wrong.values())))


def test_a_cell_that_stands_twice_is_found() -> None:
    frames = frames_of(GOOD_CELL, GOOD_CELL)
    assert frames["core.cell"].height == 2
    assert frames["ledger.finding"]["rule_code"].to_list() == ["row.schema"] * 2


def test_a_value_that_the_second_witness_reads_otherwise_is_emptied() -> None:
    wrong = GOOD_CELL._replace(row_code="suit_direct", raw_text="１，２３４", value=1)
    frames = frames_of(GOOD_CELL, wrong)
    shown = frames["core.cell"].select("raw_text", "value", "value_status", "check_status").rows()
    assert shown == [("1", 1.0, "reported", "verified"), ("１，２３４", None, "unreadable", "unchecked")]
    found = frames["ledger.finding"].row(0, named=True)
    assert (found["rule_code"], found["observed"], found["line_no"]) == ("row.schema", "1.0", 7)


def test_an_eager_frame_is_what_is_checked() -> None:
    """Pandera passes wrong values of a lazy frame in silence; this is why violations() takes no lazy one."""
    wrong = frames_of(GOOD_CELL)["core.cell"].with_columns(unit=pl.lit("dollar"))
    assert model("core.cell").validate(wrong.lazy()).collect().height == 1
    assert [violation.column for violation in violations("core.cell", wrong)] == ["unit"]


@pytest.mark.parametrize("name", sorted(tables()))
def test_every_tables_model_accepts_its_own_empty_frame(name: str) -> None:
    assert violations(name, empty(name)) == []


# --- agencies ---


def test_two_spellings_of_one_agency_are_one() -> None:
    spelled = [reading(agency_name="启东市行政审批局"), reading(agency_name="启东市 行政审批局")]
    assert len({str(agency_of(one, STREAM, "d").own["agency_id"]) for one in spelled}) == 1


def test_a_name_that_means_nothing_is_kept_as_written_and_found() -> None:
    frames = frames_of(agency_name="某某事务所")
    assert frames["core.report"]["agency_id"][0].startswith("u")
    found = frames["ledger.finding"].row(0, named=True)
    assert (found["rule_code"], found["observed"]) == ("agency.unresolved", "某某事务所")


def test_an_agency_is_described_by_its_own_latest_report() -> None:
    row = dict.fromkeys(polars_schema("ledger.agency"))
    row |= {
        "report_id": "r1",
        "report_year": 2021,
        "agency_id": "a",
        "resolution": "resolved",
        "name": "new",
        "is_own": True,
    }
    rows = [
        row,
        {**row, "report_year": 2019, "name": "old"},
        {**row, "report_year": 2024, "name": "by its office", "is_own": False},
    ]
    resolved = pl.DataFrame(rows, schema=polars_schema("ledger.agency"))
    current = pl.DataFrame({"report_id": ["r1"], "is_current": [True]})
    assert agencies(resolved, current)["name"].to_list() == ["new"]


def test_an_agency_is_described_by_the_current_version_of_its_latest_year() -> None:
    row = dict.fromkeys(polars_schema("ledger.agency"))
    row |= {"report_year": 2021, "agency_id": "a", "resolution": "resolved", "is_own": True}
    rows = [{**row, "report_id": "r1", "name": "current"}, {**row, "report_id": "r2", "name": "replaced"}]
    resolved = pl.DataFrame(rows, schema=polars_schema("ledger.agency"))
    reports = pl.DataFrame({"report_id": ["r1", "r2"], "is_current": [True, False]})
    assert agencies(resolved, reports)["name"].to_list() == ["current"]


# --- versions ---


def seen(
    ids: Iterable[str], first: list[datetime] | None = None, withdrawn_at: list[datetime | None] | None = None
) -> pl.DataFrame:
    """What raw.document says of documents: when they were first seen (default: early), when withdrawn."""
    own = list(ids)
    columns = {"document_id": own, "first_seen_at": first or [EARLY] * len(own)}
    times = {"first_seen_at": pl.Datetime("us"), "withdrawn_at": pl.Datetime("us")}
    return pl.DataFrame(
        {**columns, "withdrawn_at": withdrawn_at or [None] * len(own)}, schema_overrides=times
    )


def test_versions_are_numbered_by_publication_then_first_seen_then_document() -> None:
    published = {
        "d1": date(2021, 3, 1),
        "d2": date(2021, 1, 1),
        "d3": None,
        "d4": date(2021, 3, 1),
        "d5": date(2021, 3, 1),
    }
    frames = batch([read(one, reading(published_on=day)) for one, day in published.items()], "v")
    rows = numbered(frames["core.report"], seen(published, [EARLY, EARLY, LATE, LATE, EARLY]))
    order = dict(rows.select("document_id", "version").rows())
    assert order == {"d3": 1, "d2": 2, "d1": 3, "d5": 4, "d4": 5}
    assert rows.filter("is_current")["document_id"].to_list() == ["d4"]


def test_each_agency_year_has_its_own_current_version() -> None:
    reads = [
        read("d1", reading()),
        read("d2", reading(report_year=2021)),
        read("d3", reading(agency_name="如东县财政局")),
    ]
    rows = numbered(batch(reads, "v")["core.report"], seen(["d1", "d2", "d3"]))
    assert rows["is_current"].to_list() == [True] * 3


@pytest.mark.parametrize(
    ("withdrawn", "current"),
    [((), "d3"), (("d3",), "d2"), (("d2",), "d3"), (("d3", "d1"), "d2"), (("d1", "d2", "d3"), "d3")],
)
def test_current_is_the_last_version_in_the_folder_or_the_last_of_all(
    withdrawn: tuple[str, ...], current: str
) -> None:
    days = {"d1": date(2021, 1, 1), "d2": date(2021, 2, 1), "d3": date(2021, 3, 1)}
    frames = batch([read(one, reading(published_on=day)) for one, day in days.items()], "v")
    gone = [LATE if one in withdrawn else None for one in days]
    rows = numbered(frames["core.report"], seen(days, withdrawn_at=gone))
    assert rows["version"].to_list() == [1, 2, 3]
    assert rows.filter("is_current")["document_id"].to_list() == [current]
    assert rows["withdrawn_at"].to_list() == gone


def test_earlier_rows_and_new_ones_come_in_the_order_of_reports() -> None:
    earlier = batch([read("d2", reading(GOOD_CELL))], "v")
    new = batch([read("d3", reading()), read("d1", reading(GOOD_CELL))], "v")
    every = [read("d1", reading(GOOD_CELL)), read("d2", reading(GOOD_CELL)), read("d3", reading())]
    at_once = batch(every, "v")
    split = {name: merged(name, earlier[name].lazy(), new[name].lazy()).collect() for name in PARTITIONED}
    assert split["core.report"]["document_id"].to_list() == ["d1", "d2", "d3"]
    assert split["core.cell"]["report_id"].to_list() == ["rd1", "rd2"]
    assert all(split[name].equals(at_once[name]) for name in PARTITIONED)


# --- documents ---

SHA = {name: f"{name * 64}"[:64] for name in "abc"}


def opened(*names: str) -> list[Opened]:
    return [Opened(SHA[name], "text/plain", "utf-8", 2020) for name in names]


def test_the_first_name_stands_for_a_content_and_the_others_are_duplicates() -> None:
    listed = [Listed("z.txt", 1, SHA["a"]), Listed("b 报告.txt", 1, SHA["a"]), Listed("c.txt", 1, SHA["b"])]
    rows = documents(listed, opened("a", "b"), empty("raw.document"), "v", EARLY)
    assert rows.select("file_name", "status").rows() == [
        ("b 报告.txt", "ingested"),
        ("c.txt", "ingested"),
        ("z.txt", "duplicate"),
    ]
    assert "b 报告.txt" in rows["reason"][2]
    assert rows["document_id"][0] == SHA["a"][:16]
    assert rows["document_id"].n_unique() == 3


def night(
    listed: list[Listed], known: pl.DataFrame, now: datetime = LATE, version: str = "v"
) -> pl.DataFrame:
    """raw.document after a night in which every new content turned out to be a report on 2020."""
    todo = needs_opening(listed, known, version, SHA.values())
    found = [Opened(str(file.sha256), "text/plain", "utf-8", 2020) for file in todo]
    return documents(listed, found, known, version, now)


def test_known_contents_are_not_opened_again() -> None:
    listed = [Listed("a.txt", 1, SHA["a"])]
    known = documents(listed, opened("a"), empty("raw.document"), "v", EARLY)
    more = [*listed, Listed("b.txt", 1, SHA["b"])]
    assert needs_opening(more, known, "v", [SHA["a"]]) == [more[1]]
    assert needs_opening(more, known, "v", []) == more  # an archive that is empty gets filled
    assert needs_opening(more, known, "other version", SHA.values()) == more
    assert needs_opening([], known, "v", []) == []
    assert needs_opening([], known, "other version", []) == listed  # withdrawn: its bytes are in the archive
    rows = documents(more, opened("b"), known, "v", LATE)
    assert rows["first_seen_at"].to_list() == [EARLY, LATE]


def shown(rows: pl.DataFrame) -> list[tuple[object, ...]]:
    return rows.select("file_name", "sha256", "status", "first_seen_at", "withdrawn_at").rows()


def test_a_content_that_left_the_folder_stays_and_is_withdrawn_until_it_is_back() -> None:
    both = [Listed("a.txt", 1, SHA["a"]), Listed("b.txt", 2, SHA["b"])]
    known = night(both, empty("raw.document"), EARLY)
    gone = night(both[:1], known)
    assert shown(gone) == [
        ("a.txt", SHA["a"], "ingested", EARLY, None),
        ("b.txt", SHA["b"], "ingested", EARLY, LATE),
    ]
    later = datetime(2024, 3, 1)  # noqa: DTZ001 - as above
    assert night(both[:1], gone, later).equals(gone)
    assert night(both, gone, later).equals(known)
    assert known["document_id"].to_list() == gone["document_id"].to_list()


def test_a_changed_file_is_another_document_and_leaves_the_old_one_withdrawn() -> None:
    known = night([Listed("a.txt", 1, SHA["a"])], empty("raw.document"), EARLY)
    changed = night([Listed("a.txt", 1, SHA["b"])], known)
    assert shown(changed) == [
        ("a.txt", SHA["b"], "ingested", LATE, None),
        ("a.txt", SHA["a"], "ingested", EARLY, LATE),
    ]


def test_a_renamed_file_is_the_same_document() -> None:
    known = night([Listed("a.txt", 1, SHA["a"])], empty("raw.document"), EARLY)
    renamed = night([Listed("z/a.txt", 1, SHA["a"])], known)
    assert shown(renamed) == [("z/a.txt", SHA["a"], "ingested", EARLY, None)]
    assert renamed["document_id"].to_list() == known["document_id"].to_list()


def test_a_duplicate_stands_for_the_content_when_the_other_file_goes() -> None:
    known = night([Listed("a.txt", 1, SHA["a"]), Listed("b.txt", 1, SHA["a"])], empty("raw.document"), EARLY)
    assert known["status"].to_list() == ["ingested", "duplicate"]
    left = night([Listed("b.txt", 1, SHA["a"])], known)
    assert shown(left) == [("b.txt", SHA["a"], "ingested", EARLY, None)]
    assert left["document_id"][0] == known["document_id"][0]


def test_a_quarantined_content_is_withdrawn_too_and_a_file_without_content_leaves_nothing() -> None:
    listed = [Listed("bad.txt", 1, SHA["a"]), Listed("locked.txt", 1, None, "No permission.")]
    refused = [Opened(SHA["a"], None, None, None, "no report")]
    known = documents(listed, refused, empty("raw.document"), "v", EARLY)
    after = night([Listed("bad.txt", 1, SHA["b"])], known)
    assert shown(after) == [
        ("bad.txt", SHA["b"], "ingested", LATE, None),
        ("bad.txt", SHA["a"], "quarantined", EARLY, LATE),
    ]
    readable = night([Listed("bad.txt", 1, SHA["a"]), Listed("locked.txt", 1, SHA["b"])], known)
    assert readable["status"].to_list() == ["quarantined", "ingested"]


@pytest.mark.parametrize("unsure", ["a.txt", "sub/"])
def test_a_file_that_cannot_be_read_tonight_is_not_taken_for_gone(unsure: str) -> None:
    name = f"{unsure}a.txt" if unsure.endswith("/") else unsure
    known = night([Listed(name, 1, SHA["a"]), Listed("b.txt", 1, SHA["b"])], empty("raw.document"), EARLY)
    rows = night([Listed(unsure, 0, None, "No permission.")], known)
    withdrawn = dict(rows.filter(pl.col("sha256").is_not_null()).select("file_name", "withdrawn_at").rows())
    assert withdrawn == {name: None, "b.txt": LATE}
    assert rows.filter(pl.col("sha256").is_null())["reason"].to_list() == ["No permission."]


def test_a_new_parser_version_judges_withdrawn_contents_anew() -> None:
    refused = [Opened(SHA["a"], None, None, None, "no report")]
    known = documents([Listed("a.txt", 1, SHA["a"])], refused, empty("raw.document"), "v", EARLY)
    rows = night([], known, LATE, "w")
    assert rows.select("status", "report_year", "reason", "parser_version", "withdrawn_at").rows() == [
        ("ingested", 2020, None, "w", LATE)
    ]


def test_a_file_that_vanished_before_it_was_opened_is_not_there() -> None:
    listed = [Listed("a.txt", 1, SHA["a"])]
    known = night(listed, empty("raw.document"), EARLY)
    vanished = [Opened(SHA["a"], None, None, None, "lost", is_final=False, is_gone=True)]
    assert documents([], vanished, empty("raw.document"), "v", LATE).height == 0
    # Of what an earlier parser version read nothing is lost; the next run tries again.
    assert shown(documents([], vanished, known, "w", LATE)) == [("a.txt", SHA["a"], "ingested", EARLY, LATE)]


def test_a_run_over_one_year_leaves_what_is_known_of_others_alone() -> None:
    known = night([Listed("a.txt", 1, SHA["a"]), Listed("b.txt", 1, SHA["b"])], empty("raw.document"), EARLY)
    known = known.with_columns(report_year=pl.Series([2020, None], dtype=pl.Int32))
    own, others = of_years(known, [2019])
    assert (own["file_name"].to_list(), others["file_name"].to_list()) == (["b.txt"], ["a.txt"])
    assert of_years(known, None)[0].equals(known)


def test_a_refusal_is_kept_but_a_failing_disk_is_tried_again() -> None:
    listed = [
        Listed("a.txt", 1, SHA["a"]),
        Listed("b.txt", 1, SHA["b"]),
        Listed("c.txt", 1, None, "No permission."),
    ]
    results = [
        Opened(SHA["a"], None, None, None, "no report"),
        Opened(SHA["b"], None, None, None, "the disk failed", is_final=False),
    ]
    known = documents(listed, results, empty("raw.document"), "v", EARLY)
    assert known["status"].to_list() == ["quarantined"] * 3
    assert known["reason"].to_list() == ["no report", "the disk failed", "No permission."]
    assert needs_opening(listed, known, "v", SHA.values()) == [listed[1]]


def test_what_could_not_be_read_in_full_or_not_yet_is_quarantined() -> None:
    listed = [Listed(f"{name}.txt", 1, SHA[name]) for name in "abc"]
    found = documents(listed, opened("a", "b", "c"), empty("raw.document"), "v", EARLY)
    ids = [SHA[name][:16] for name in "ab"]
    ledger = pl.DataFrame(
        {
            "document_id": ids,
            "parser_version": ["v", "v"],
            "reason": [None, "broken"],
            "corrections": [None, None],
        },
        schema=polars_schema("ledger.reading"),
    )
    rows = settled(found, ledger)
    assert rows["status"].to_list() == ["ingested", "quarantined", "quarantined"]
    assert rows["reason"][1] == "broken"
    assert "--year" in rows["reason"][2]
    assert rows.columns == found.columns


def test_the_parser_version_follows_code_and_data(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fingerprint() -> str:
        parser_version.cache_clear()
        return parser_version()

    real = parser_version()
    monkeypatch.setattr(version, "PACKAGE", tmp_path)
    (tmp_path / "reader.py").write_text("a = 1\n")
    before = fingerprint()
    (tmp_path / "notes.md").write_text("no code\n")
    assert fingerprint() == before
    (tmp_path / "form.yaml").write_text("rows: []\n")
    assert fingerprint() != before
    monkeypatch.undo()
    assert fingerprint() == real


# --- dimensions, rules, metrics ---


@pytest.mark.parametrize("name", sorted(FRAMES))
def test_dimensions_fit_their_schema(name: str) -> None:
    assert violations(name, FRAMES[name]()) == []


@pytest.mark.parametrize("kind", ["item", "measure", "outcome", "applicant", "channel", "result"])
def test_a_parent_stands_before_its_members(kind: str) -> None:
    rows = FRAMES[f"core.dim_{kind}"]()
    seen: set[str] = set()
    for code, parent in rows.select(f"{kind}_code", "parent_code").iter_rows():
        assert parent is None or parent in seen
        seen.add(code)
    assert rows["sort_order"].to_list() == list(range(1, rows.height + 1))


def test_totals_and_groups_are_in_no_fact() -> None:
    outcome = FRAMES["core.dim_outcome"]()
    outside = set(outcome.filter(~pl.col("in_facts"))["outcome_code"])
    groups = {"outcome_result", "outcome_denied", "outcome_unable", "outcome_rejected", "outcome_other"}
    assert outside == {"received_new", "carried_in", "total_handled", *groups}
    assert set(outcome.filter(~pl.col("is_leaf"))["outcome_code"]) == {"total_handled", *groups}
    for kind in ("applicant", "result"):
        rows = FRAMES[f"core.dim_{kind}"]()
        assert "total" in rows.filter(~pl.col("in_facts"))[f"{kind}_code"].to_list()


def test_dimensions_say_in_which_forms_a_code_exists() -> None:
    rows = dict(FRAMES["core.dim_outcome"]().select("outcome_code", "forms").rows())
    assert (rows["other"], rows["outcome_other"], rows["granted"]) == (["2019"], ["2021"], ["2019", "2021"])
    rows = dict(FRAMES["core.dim_item"]().select("item_code", "forms").rows())
    assert (rows["procurement"], rows["fee"]) == (["2019"], ["2019", "2021"])


def test_every_code_of_every_form_is_in_a_dimension() -> None:
    kinds = {
        "disclosure": ("item", "measure"),
        "application": ("outcome", "applicant"),
        "dispute": ("channel", "result"),
    }
    for form in forms().values():
        for code, table in form.tables.items():
            for place, kind in enumerate(kinds[code]):
                known = set(FRAMES[f"core.dim_{kind}"]()[f"{kind}_code"])
                assert {key[place] for key in [*table.keys()]} <= known


def test_regions_hang_together() -> None:
    rows = FRAMES["core.dim_region"]()
    assert set(rows["parent_code"].drop_nulls()) <= set(rows["region_code"])
    town = rows.row(by_predicate=pl.col("region_code") == "330424002", named=True)
    assert (town["label_zh"], town["county"], town["province"]) == ("秦山街道", "海盐县", "浙江省")


def test_metrics_name_cells_that_forms_have() -> None:
    cells = {
        f"{code}.{row}.{column}"
        for form in forms().values()
        for code, table in form.tables.items()
        for row, column in [*table.keys()]
    }
    assert all(set(metric.numerator + metric.denominator) <= cells for metric in metrics().values())
    assert set(metrics()["requests_denied"].numerator) == {
        cell for cell in cells if ".denied_" in cell and cell.endswith(".total")
    }


def test_a_metric_of_an_unknown_cell_is_a_fault() -> None:
    with pytest.raises(ValueError, match=r"application\.no_such\.total"):
        _cells(["application.no_such.total"])


# --- the catalogue itself ---


@pytest.mark.parametrize("name", sorted(tables()))
def test_tables_and_columns_are_described_in_both_languages(name: str) -> None:
    table = tables()[name]
    words = {
        "zh": [table.zh, table.grain_zh, table.about_zh],
        "en": [table.en, table.grain_en, table.about_en],
    }
    words["zh"] += [word for column in table.columns for word in (column.zh, column.about_zh)]
    words["en"] += [word for column in table.columns for word in (column.en, column.about_en)]
    assert all(
        any("\u4e00" <= letter <= "\u9fff" or word == "n" or "SHA" in word for letter in word)
        for word in words["zh"]
    )
    assert all(word and word.isprintable() and max(word) < "\u4e00" for word in words["en"])


@pytest.mark.parametrize("name", sorted(tables()))
def test_names_are_unique_in_both_languages_and_keys_exist(name: str) -> None:
    table = tables()[name]
    assert len(set(table.column_names)) == len({column.zh for column in table.columns}) == len(table.columns)
    assert set(table.key) | set(table.sort) <= set(table.column_names)
    assert not any(column.nullable for column in table.columns if column.name in table.key)


def test_rules_are_described_in_both_languages() -> None:
    for rule in rules().values():
        assert rule.severity in {"error", "warning", "info"}
        assert all(max(text) >= "\u4e00" for text in (rule.zh, rule.about_zh))
        assert all(text and max(text) < "\u4e00" for text in (rule.en, rule.about_en))
