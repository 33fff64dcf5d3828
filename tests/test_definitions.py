"""What Dagster loads: a snapshot of keys and dependencies, the schedule, the sensor, the checks."""

import json
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph

from assets.automation import ingest, nightly, publish_again, raw_folder, state
from assets.definitions import defs
from assets.documents import raw_document
from assets.job import _ranges
from assets.partitions import FIRST_YEAR, LAST_YEAR, year_tags, years_asked
from assets.publish import publish
from assets.reports import reports
from assets.storage import Storage
from pipeline.catalogue import tables, twins

DIMENSIONS = ("applicant", "channel", "item", "measure", "outcome", "region", "result")
# The marts that compare reports; each has a Chinese view as all have.
COMPARING = (
    "series_break",
    "year_on_year",
    "peer_rank",
    "refusal_grounds",
    "applicant_mix",
    "outcome_flow",
    "dispute_rate",
    "document_stock",
    "carry_over",
    "identity_failure",
)
# Each asset and what it is made from. A change here is a change of the contract or of the lineage.
KEYS = {
    "raw/document": set(),
    "core/report": {"raw/document"},
    "core/section": {"core/report"},
    "core/cell": {"core/report"},
    "core/section_term": {"core/report"},
    "core/narrative_figure": {"core/report"},
    "quality/finding": {"core/report", "core/cell", "core/narrative_figure"},
    "quality/correction": {"raw/document", "core/report", "core/cell"},
    "quality/rule": set(),
    "core/dim_agency": {"core/report"},
    **{f"core/dim_{name}": set() for name in DIMENSIONS},
    "core/fact_disclosure": {"core/cell", "core/report", "core/dim_item", "core/dim_measure"},
    "core/fact_application": {"core/cell", "core/report", "core/dim_outcome", "core/dim_applicant"},
    "core/fact_dispute": {"core/cell", "core/report", "core/dim_channel", "core/dim_result"},
    "mart/metric": set(),
    "mart/metric_value": {"core/cell", "core/report", "mart/metric"},
    "mart/agency_year": {
        "raw/document",
        "core/report",
        "core/cell",
        "core/dim_agency",
        "quality/finding",
        "mart/metric",
        "mart/metric_value",
    },
    "mart/series_break": set(),
    "mart/year_on_year": {"core/report", "mart/metric", "mart/metric_value", "mart/series_break"},
    "mart/peer_rank": {"core/report", "core/dim_agency", "mart/metric", "mart/metric_value"},
    "mart/refusal_grounds": {"core/report", "core/dim_outcome", "mart/metric", "mart/metric_value"},
    "mart/applicant_mix": {"core/cell", "core/report", "core/dim_applicant"},
    "mart/outcome_flow": {"core/cell", "core/report", "core/dim_outcome"},
    "mart/dispute_rate": {"core/cell", "core/report", "mart/metric_value"},
    "mart/document_stock": {"core/report", "core/fact_disclosure"},
    "mart/carry_over": {"core/cell", "core/report"},
    "mart/identity_failure": {"core/report", "quality/finding"},
    "mart/copied_text": {"core/report", "core/section"},
    "mart/coverage": {"raw/document", "core/report", "core/dim_agency", "quality/finding"},
    "mart/region_year": {
        "core/report",
        "core/dim_agency",
        "core/dim_region",
        "mart/metric",
        "mart/metric_value",
    },
    "zh/metric": {"mart/metric"},
    "zh/metric_value": {"mart/metric_value"},
    "zh/agency_year": {"mart/agency_year"},
    **{f"zh/{name}": {f"mart/{name}"} for name in COMPARING},
    "zh/copied_text": {"mart/copied_text"},
    "zh/coverage": {"mart/coverage"},
    "zh/region_year": {"mart/region_year"},
}
# A year that somebody names is read again; what the night and the sensor start reads what is new.
ONLY_NEW = {"ops": {"reports": {"config": {"again": False}}}}
YEARLY = {"core/report", "core/section", "core/cell", "core/section_term", "core/narrative_figure"}


@pytest.fixture(scope="module")
def graph() -> AssetGraph:
    return defs.resolve_asset_graph()


def names(keys: object) -> set[str]:
    assert isinstance(keys, set | frozenset)
    return {"/".join(key.path) for key in keys}


def test_the_keys_and_their_dependencies(graph: AssetGraph) -> None:
    found = {"/".join(key.path): names(set(graph.get(key).parent_keys)) for key in graph.get_all_asset_keys()}
    assert found == KEYS


def test_every_table_of_the_warehouse_is_an_asset_of_the_same_name() -> None:
    published = {name for name, table in tables().items() if table.kind != "store"} | set(twins())
    assert {name.replace(".", "/") for name in published} == set(KEYS)


def test_report_years_are_the_partitions_of_what_is_read(graph: AssetGraph) -> None:
    keys = graph.get_all_asset_keys()
    partitioned = {"/".join(key.path) for key in keys if graph.get(key).is_partitioned}
    assert partitioned == YEARLY
    years = graph.get(dg.AssetKey(["core", "cell"])).partitions_def
    assert years is not None
    assert years.get_partition_keys() == [str(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)]


def test_every_asset_shows_group_kind_columns_and_both_languages(graph: AssetGraph) -> None:
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name == key.path[0]
        assert node.kinds <= {"parquet", "duckdb"}
        assert node.description is not None
        assert "\n\n" in node.description
        assert node.metadata["dagster/column_schema"].columns


def test_what_makes_a_warehouse_wrong_blocks_and_what_is_only_odd_warns(graph: AssetGraph) -> None:
    checks = {(key.asset_key.to_user_string(), key.name): graph.get(key) for key in graph.asset_check_keys}
    unique = {asset for asset, name in checks if name == "unique_key"}
    keyed = {
        name.replace(".", "/") for name, table in tables().items() if table.key and table.kind != "store"
    }
    assert unique == keyed
    ours = {name.replace(".", "/") for name, table in tables().items() if table.kind in {"parquet", "sql"}}
    assert {asset for asset, name in checks if name == "schema"} == ours
    assert {asset for asset, name in checks if name == "references"} == ours - {"raw/document"}
    warning = {place for place, check in checks.items() if not check.blocking}
    assert warning == {
        ("raw/document", "quarantined"),
        ("core/report", "years"),
        ("core/cell", "identities"),
        ("core/cell", "verified"),
        ("quality/correction", "applied"),
    }


def test_published_tables_are_expected_before_the_working_day(graph: AssetGraph) -> None:
    policies = {"/".join(key.path): graph.get(key).freshness_policy for key in graph.get_all_asset_keys()}
    published = {name for name in KEYS if graph.get(dg.AssetKey(name.split("/"))).kinds == {"duckdb"}}
    assert {name for name, policy in policies.items() if policy} == published
    assert policies["mart/agency_year"] == dg.FreshnessPolicy.cron(
        deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=5), timezone="Asia/Shanghai"
    )


def test_every_step_is_retried() -> None:
    ops = defs.resolve_job_def("ingest").graph.iterate_op_defs()
    retries = {op.name: op.retry_policy for op in ops}
    assert set(retries) == {"raw_document", "reports", "across", "publish"}
    assert all(policy and policy.max_retries >= 1 and policy.backoff for policy in retries.values())


def test_the_schedule_runs_all_years_at_two_in_shanghai() -> None:
    assert nightly.cron_schedule == "0 2 * * *"
    assert nightly.execution_timezone == "Asia/Shanghai"
    assert nightly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert nightly.job_name == ingest.name
    with dg.build_schedule_context() as context:
        requests = nightly.evaluate_tick(context).run_requests
    assert requests
    (request,) = requests
    assert request.partition_key_range == dg.PartitionKeyRange(str(FIRST_YEAR), str(LAST_YEAR))
    assert request.run_config == ONLY_NEW


def test_the_sensor_waits_until_the_folder_rests_and_asks_once(tmp_path: Path) -> None:
    corrections = tmp_path / "corrections.csv"
    tmp_path = tmp_path / "raw"
    tmp_path.mkdir()
    storage = Storage(raw=str(tmp_path), corrections=str(corrections))
    assert raw_folder.default_status is dg.DefaultSensorStatus.RUNNING

    def tick(cursor: str | None) -> tuple[list[dg.RunRequest], str | None]:
        with dg.build_sensor_context(cursor=cursor, resources={"storage": storage}) as context:
            found = raw_folder.evaluate_tick(context)
        return list(found.run_requests or []), found.cursor

    (tmp_path / "a.txt").write_text("half")
    requests, cursor = tick(None)
    assert requests == []
    (tmp_path / "a.txt").write_text("the whole report")  # it was still being copied
    requests, cursor = tick(cursor)
    assert requests == []
    (request,), cursor = tick(cursor)
    assert request.partition_key_range is not None
    assert request.run_config == ONLY_NEW
    assert request.run_key == json.loads(cursor or "")["ingested"]
    requests, cursor = tick(cursor)
    assert requests == []
    (tmp_path / "a.txt").unlink()
    requests, cursor = tick(cursor)
    assert requests == []
    requests, cursor = tick(cursor)
    assert len(requests) == 1
    corrections.write_text("document_id\n")
    requests, cursor = tick(cursor)
    assert requests == []
    requests, _ = tick(cursor)
    assert len(requests) == 1


def test_a_file_that_vanishes_while_the_sensor_looks_is_as_one_that_was_never_there(tmp_path: Path) -> None:
    there, gone = tmp_path / "there.txt", tmp_path / "gone.txt"
    there.touch()
    assert state([there, gone]) == state([there]) != state([])


def asked_after(instance: dg.DagsterInstance, keys: set[dg.AssetKey] | None, **tags: str) -> bool:
    """Return whether the sensor publishes after a run of these assets (None: a whole job)."""
    run = dg.DagsterRun("__ASSET_JOB", asset_selection=frozenset(keys) if keys else None, tags=tags)
    event = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, run.job_name)
    with dg.build_run_status_sensor_context("publish_again", event, instance, run) as context:
        return isinstance(publish_again(context), dg.RunRequest)


def test_years_read_by_themselves_are_published_and_others_need_not() -> None:
    with dg.instance_for_test() as instance:
        assert asked_after(instance, set(reports.keys))
        assert not asked_after(instance, None)
        assert not asked_after(instance, set(raw_document.keys))
        assert not asked_after(instance, {*reports.keys, *publish.keys})


@pytest.mark.parametrize(
    ("years", "ranges"),
    [
        ([], [(FIRST_YEAR, LAST_YEAR)]),
        ([2020], [(2020, 2020)]),
        ([2021, 2019, 2020, 2019], [(2019, 2021)]),
        ([2024, 2019], [(2019, 2019), (2024, 2024)]),
    ],
)
def test_years_become_as_few_runs_as_they_can(years: list[int], ranges: list[tuple[int, int]]) -> None:
    assert _ranges(years) == ranges


@pytest.mark.parametrize(
    ("tags", "years"),
    [
        ({}, None),
        (year_tags(), None),
        (year_tags(2019, 2020), range(2019, 2021)),
        ({"dagster/partition": "2020"}, range(2020, 2021)),
    ],
)
def test_a_run_is_restricted_to_the_years_of_its_tags(tags: dict[str, str], years: range | None) -> None:
    assert years_asked(tags) == years
