"""The UI as `make ui` starts it: one year rerun through its API, failures reported, and its pages looked at.

Not here: what the assets compute. That a year was read again is seen by planting a change in what is
stored of two years: only the year that is rerun is healed.
"""

import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import polars as pl
import pytest
from PIL import Image

from assets.storage import Storage
from tests.browser import Browser, stop_group
from tests.commands import ROOT, SEEDS, sql
from tests.webserver import Server, free_port, wait_until_up

pytestmark = pytest.mark.browser

LOCATION = {"repositoryLocationName": "assets.definitions", "repositoryName": "__repository__"}
LAUNCH = """mutation($params: ExecutionParams!) {launchPipelineExecution(executionParams: $params) {
    ... on LaunchRunSuccess {run {runId}} ... on PythonError {message}}}"""
BACKFILL = """mutation($params: LaunchBackfillParams!) {launchPartitionBackfill(backfillParams: $params) {
    ... on LaunchBackfillSuccess {backfillId} ... on PythonError {message}}}"""
RUN = """query($id: ID!) {runOrError(runId: $id) {... on Run {status tags {key value}}}}"""
RUNS_OF = """query($tags: [ExecutionTag!]) {runsOrError(filter: {tags: $tags}) {
    ... on Runs {results {runId status tags {key value}}}}}"""
BACKFILL_STATUS = (
    "query($id: String!) {partitionBackfillOrError(backfillId: $id) {... on PartitionBackfill {status}}}"
)
EVENTS = """query($id: ID!) {logsForRun(runId: $id) {... on EventConnection {
    events {... on MessageEvent {message} ... on MaterializationEvent {partition}}}}}"""
AUTOMATION = """query($at: RepositorySelector!) {
    schedulesOrError(repositorySelector: $at) {... on Schedules {results {name scheduleState {status}}}}
    sensorsOrError(repositorySelector: $at) {... on Sensors {results {name sensorState {status}}}}}"""
ASSETS = "{assetNodes {assetKey {path} opNames}}"
METADATA = """query($path: [String!]!) {assetOrError(assetKey: {path: $path}) {... on Asset {
    assetMaterializations(limit: 1) {metadataEntries {label ... on TableColumnLineageMetadataEntry {
        lineage {columnName columnDeps {assetKey {path} columnName}}}}}}}}"""
PLANTED = "planted by the test"
SECONDS = 240.0

Found = TypeVar("Found")


class Ui(NamedTuple):
    """A running UI with the folders that it works on, and the file into which its failure command writes."""

    server: Server
    storage: Storage
    told: Path

    def launch(self, year: int) -> str:
        """Start the job for one year, as its page does, and return the run's id."""
        tags = [{"key": "dagster/partition", "value": str(year)}]
        params = {
            "selector": {**LOCATION, "pipelineName": "ingest"},
            "mode": "default",
            "runConfigData": {},
            "executionMetadata": {"tags": tags},
        }
        answer = self.server.ask(LAUNCH, params=params)["launchPipelineExecution"]
        return str(answer["run"]["runId"])

    def run(self, run_id: str) -> tuple[str, dict[str, str]]:
        """Return a run's status and tags."""
        found = self.server.ask(RUN, id=run_id)["runOrError"]
        return found["status"], {tag["key"]: tag["value"] for tag in found["tags"]}

    def ended(self, run_id: str) -> tuple[str, dict[str, str]]:
        """Wait until a run has ended and return its status and tags."""
        wait_for(
            lambda: self.run(run_id)[0] in {"SUCCESS", "FAILURE", "CANCELED"}, f"the end of run {run_id}"
        )
        return self.run(run_id)

    def plant(self, *years: int) -> None:
        """Change the first cell of what is stored of years; reading them again undoes it."""
        for year in years:
            cells = self.storage.read("core.cell", year)
            first = pl.when(pl.int_range(pl.len()) == 0)
            planted = cells.with_columns(raw_text=first.then(pl.lit(PLANTED)).otherwise("raw_text"))
            self.storage.write("core.cell", planted, year)

    def planted(self) -> list[int]:
        """Return the years in whose published cells the change stands."""
        cells = f"(SELECT report_id FROM core.cell WHERE raw_text = '{PLANTED}')"
        query = f"SELECT DISTINCT report_year FROM core.report WHERE report_id IN {cells}"
        return sorted(row["report_year"] for row in sql(self.storage.folder, query))


def wait_for(found: Callable[[], Found], what: str) -> Found:
    """Wait until `found` gives something, and return it."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.3)
    pytest.fail(f"after {SECONDS:.0f} s still no {what}")


@pytest.fixture(scope="module")
def ui(seeds_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    """The UI over a warehouse of the real reports, both copies of the test's own."""
    folder = tmp_path_factory.mktemp("ui")
    raw, warehouse, home, told = (folder / name for name in ("raw", "warehouse", "home", "told"))
    raw.mkdir()
    for path in SEEDS:
        shutil.copy(path, raw)
    shutil.copytree(seeds_warehouse, warehouse)
    port = free_port()
    tell = "import sys; open(sys.argv[1], 'a').write(sys.argv[2] + '\\n')"
    environment = {
        **os.environ,
        "GONGKAI_RAW": str(raw),
        "GONGKAI_WAREHOUSE": str(warehouse),
        "GONGKAI_ON_FAILURE": shlex.join([sys.executable, "-c", tell, str(told)]),
    }
    server = Server(f"http://127.0.0.1:{port}", folder / "ui.log")
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            ["make", "ui", f"PORT={port}", f"DAGSTER_HOME={home}"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_up(process, server)
        server.ask("mutation {setNuxSeen}")
        yield Ui(server, Storage(raw=str(raw), warehouse=str(warehouse)), told)
    finally:
        stop_group(process, 1)  # it would wait for pages that are gone, and has nothing to lose


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(width=1500, height=1200) as opened:
        yield opened


def test_the_schedule_and_all_sensors_are_on(ui: Ui) -> None:
    found = ui.server.ask(AUTOMATION, at=LOCATION)
    schedules = {one["name"]: one["scheduleState"]["status"] for one in found["schedulesOrError"]["results"]}
    sensors = {one["name"]: one["sensorState"]["status"] for one in found["sensorsOrError"]["results"]}
    assert schedules == {"nightly": "RUNNING"}
    assert sensors == dict.fromkeys(("raw_folder", "publish_again", "failed"), "RUNNING")


def test_a_year_rerun_from_the_ui_is_read_again_alone(ui: Ui, browser: Browser, tmp_path: Path) -> None:
    ui.plant(2019, 2020)
    run_id = ui.launch(2020)
    status, tags = ui.ended(run_id)
    assert status == "SUCCESS"
    assert ui.planted() == [2019]
    assert tags["gongkai/started_by"] == "person"
    assert tags["gongkai/years"] == "2020"
    assert tags["gongkai/documents_read"] == "4"
    assert {"gongkai/parser", "gongkai/version", "gongkai/reports"} <= set(tags)
    assert lineage(ui, "mart", "agency_year")["grant_rate"] == ["mart/metric_value.value"]
    shown = page(
        browser, f"{ui.server.url}/runs/{run_id}", tmp_path / "run.png", "partition: 2020", "Succeeded (4)"
    )
    assert run_id[:8] in shown


@pytest.mark.parametrize(
    ("address", "name", "title"),
    [
        ("raw/document?view=events", "nights", "每晚新文件"),
        ("core/cell?view=checks&checkDetail=verified", "by year", "非零单元格已验证比例"),
        ("quality/finding?view=events", "findings", "各规则的发现"),
    ],
)
def test_an_asset_page_shows_its_picture(
    ui: Ui, browser: Browser, tmp_path: Path, address: str, name: str, title: str
) -> None:
    if "raw/document" in address and not ui.server.ask(RUNS_OF, tags=[])["runsOrError"]["results"]:
        assert ui.ended(ui.launch(2020))[0] == "SUCCESS"
    page(browser, f"{ui.server.url}/assets/{address}", tmp_path / "page.png", "[Show Markdown]", name)
    row = f"[...document.querySelectorAll('tr')].find(row => row.innerText.startsWith('{name}'))"
    browser.evaluate(f"{row}.querySelector('a, button').click()")
    picture = f"[...document.images].find(image => image.alt.startsWith('{title}'))"
    width = wait_for(lambda: browser.evaluate(f"({picture} || {{}}).naturalWidth || 0"), f"picture {title}")
    assert width > 400
    time.sleep(0.5)  # the window that holds it opens gently
    box = json.loads(browser.evaluate(f"JSON.stringify({picture}.getBoundingClientRect())"))
    image = Image.open(io.BytesIO(browser.screenshot(tmp_path / f"{name}.png").read_bytes())).convert("RGB")
    part = image.crop((int(box["left"]), int(box["top"]), int(box["right"]), int(box["bottom"])))
    colours = {colour for count, colour in part.getcolors(1 << 24) or [] if count > 20}
    assert len(colours) > 5, f"blank: {tmp_path / name}.png"


@pytest.mark.nightly
def test_a_run_that_fails_in_the_daemon_is_reported(ui: Ui) -> None:
    stored = ui.storage.path("raw.document")
    good = stored.read_bytes()
    stored.write_bytes(b"not parquet")
    try:
        run_id = ui.launch(2020)
        assert ui.ended(run_id)[0] == "FAILURE"
    finally:
        stored.write_bytes(good)
    report = reported(ui, run_id)
    assert [fault["step"] for fault in report["faults"]] == ["raw_document"]
    assert report["rerun"].endswith("--year 2020")


@pytest.mark.nightly
def test_a_run_whose_process_is_killed_is_reported(ui: Ui) -> None:
    run_id = ui.launch(2020)
    said = wait_for(lambda: re.search(r"\(pid: (\d+)\)", messages(ui, run_id)), "process of the run")
    assert said
    os.kill(int(said[1]), signal.SIGKILL)
    assert ui.ended(run_id)[0] == "FAILURE"
    (fault,) = reported(ui, run_id)["faults"]
    assert fault["step"] is None


@pytest.mark.nightly
def test_a_backfill_of_two_years_is_three_runs_and_reads_both_again(ui: Ui) -> None:
    ui.plant(2019, 2020)
    keys = [node["assetKey"] for node in ui.server.ask(ASSETS)["assetNodes"]]
    params = {"assetSelection": keys, "partitionNames": ["2019", "2020"]}
    backfill = ui.server.ask(BACKFILL, params=params)["launchPartitionBackfill"]["backfillId"]

    def status() -> Any:
        return ui.server.ask(BACKFILL_STATUS, id=backfill)["partitionBackfillOrError"]["status"]

    wait_for(lambda: status() not in {"REQUESTED", "IN_PROGRESS"}, "end of the backfill")
    assert status() == "COMPLETED_SUCCESS"
    tags = [{"key": "dagster/backfill", "value": backfill}]
    runs = ui.server.ask(RUNS_OF, tags=tags)["runsOrError"]["results"]
    years = [{tag["key"]: tag["value"] for tag in run["tags"]}.get("gongkai/years") for run in runs]
    assert sorted(years, key=str) == ["2019-2020", None, None]  # the folder, the years, the publishing
    assert ui.planted() == []


@pytest.mark.nightly
def test_years_materialised_by_themselves_are_published_too(ui: Ui) -> None:
    ui.plant(2019)
    assert ui.ended(ui.launch(2020))[0] == "SUCCESS"
    assert ui.planted() == [2019]
    nodes = ui.server.ask(ASSETS)["assetNodes"]
    keys = [node["assetKey"] for node in nodes if node["opNames"] == ["reports"]]
    params = {"assetSelection": keys, "partitionNames": ["2019"]}
    ui.server.ask(BACKFILL, params=params)
    wait_for(lambda: ui.planted() == [], "publishing of the year")


def lineage(ui: Ui, *path: str) -> dict[str, list[str]]:
    """Return the column lineage that Dagster shows of an asset: of each column, the columns it comes from."""
    found = ui.server.ask(METADATA, path=path)["assetOrError"]["assetMaterializations"][0]["metadataEntries"]
    (entry,) = [entry for entry in found if entry["label"] == "dagster/column_lineage"]
    return {
        column["columnName"]: [
            f"{'/'.join(dep['assetKey']['path'])}.{dep['columnName']}" for dep in column["columnDeps"]
        ]
        for column in entry["lineage"]
    }


def messages(ui: Ui, run_id: str) -> str:
    """Return what the log of a run says."""
    events = ui.server.ask(EVENTS, id=run_id)["logsForRun"]["events"]
    return "\n".join(event.get("message") or "" for event in events)


def reported(ui: Ui, run_id: str) -> Any:
    """Wait for the report of a failed run and until the command was told; return the report."""
    path = ui.storage.folder / "runs" / f"{run_id}.json"
    wait_for(path.exists, f"report {path}")
    wait_for(
        lambda: ui.told.exists() and str(path) in ui.told.read_text().splitlines(), "call of the command"
    )
    return json.loads(path.read_text(encoding="utf-8"))


def page(browser: Browser, url: str, picture: Path, *texts: str) -> str:
    """Open a page, wait for the texts, keep a picture that isn't blank, and return what the page says."""
    browser.open(url)
    shown = browser.wait_for(*texts, gone=("Loading",), seconds=90)
    image = Image.open(browser.screenshot(picture)).convert("RGB")
    assert len(image.getcolors(1 << 24) or []) > 50, f"blank: {picture}"
    return shown
