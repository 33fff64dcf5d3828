"""The asset graph, looked at in a real browser: what a person sees on opening Dagster.

Not here: what the assets compute, and the list of all of them; a page is held against what the server loaded.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import Browser, BrowserError, find_chromium, stop_group
from tests.webserver import Server, free_port, wait_until_up

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent
MODULE = "assets.definitions"
# One asset of each kind that readers rely on; the rest is compared with the server's own list.
EXPECTED = {"raw/document", "core/report", "core/cell", "quality/finding", "mart/agency_year"}
# What Dagster's pages say when something is wrong; no table of ours is named so.
COMPLAINT = re.compile(r"\berror\b|empty graph|not found|could not|failed to", re.IGNORECASE)
LOADING = ("Loading...", "fetching statuses")
# A graph is fitted to the window's width, and what lies above or below the window isn't drawn.
WIDTH, HEIGHT = 1400, 5500

LOCATIONS = """{workspaceOrError {... on Workspace {locationEntries {
    name locationOrLoadError {__typename ... on PythonError {message}}}}}}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Dagster's webserver over our definitions, with its own home and the first-visit dialog dismissed."""
    home = tmp_path_factory.mktemp("dagster")
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n")
    port = free_port()
    started = Server(f"http://127.0.0.1:{port}", home / "webserver.log")
    program = [str(Path(sys.executable).with_name("dagster-webserver")), "--module-name", MODULE]
    with started.log.open("wb") as log:
        process = subprocess.Popen(
            [*program, "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "DAGSTER_HOME": str(home)},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_up(process, started)
        started.ask("mutation {setNuxSeen}")
        yield started
    finally:
        stop_group(process, 1)  # it would wait for pages that are gone, and has nothing to lose


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser with a window tall enough to hold a whole group's graph."""
    with Browser(width=WIDTH, height=HEIGHT) as opened:
        yield opened


def look(browser: Browser, url: str, names: set[str], picture: Path) -> str:
    """Open a page, wait for the names and their statuses, keep a picture; fail when a name is absent or the
    page complains.
    """
    browser.open(url)
    try:
        shown = browser.wait_for(*sorted(names), gone=LOADING, seconds=60)
    finally:
        browser.screenshot(picture)
    complaint = COMPLAINT.search(shown)
    assert complaint is None, f"{url} says {complaint}, see {picture}"
    return shown


def test_the_definitions_load_in_the_server(server: Server) -> None:
    entries = server.ask(LOCATIONS)["workspaceOrError"]["locationEntries"]
    assert [entry["name"] for entry in entries] == [MODULE]
    assert entries[0]["locationOrLoadError"] == {"__typename": "RepositoryLocation"}
    assert set().union(*server.groups().values()) >= EXPECTED


def test_every_group_page_shows_each_of_its_assets_by_name(
    server: Server, browser: Browser, tmp_path: Path
) -> None:
    for group, keys in sorted(server.groups().items()):
        names = {key.rsplit("/", 1)[-1] for key in keys}
        url = f"{server.url}/locations/{MODULE}/asset-groups/{group}"
        lines = look(browser, url, names, tmp_path / f"{group}.png").splitlines()
        assert names <= set(lines), f"{names - set(lines)} of {group} stand only inside other words"


def test_the_global_lineage_shows_every_group(server: Server, browser: Browser, tmp_path: Path) -> None:
    lines = look(
        browser,
        f"{server.url}/asset-groups",
        {"Global asset lineage", *server.groups()},
        tmp_path / "all.png",
    )
    assert set(server.groups()) <= set(lines.splitlines())


def test_a_page_without_assets_is_taken_for_an_error(
    server: Server, browser: Browser, tmp_path: Path
) -> None:
    url = f"{server.url}/locations/{MODULE}/asset-groups/no_such_group"
    with pytest.raises(AssertionError, match="Empty graph"):
        look(browser, url, {"Empty graph"}, tmp_path / "empty.png")


def test_what_a_page_does_not_say_is_not_found(server: Server, browser: Browser) -> None:
    browser.open(f"{server.url}/asset-groups")
    with pytest.raises(BrowserError, match="no_such_asset"):
        browser.wait_for("no_such_asset", seconds=0.5)


def test_a_machine_without_chromium_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(BrowserError, match="apt-get install chromium"):
        find_chromium()
