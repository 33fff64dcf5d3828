"""A running Dagster for tests: asking it by GraphQL, and waiting until it answers.

Belongs here: addresses, questions, answers. Does not belong here: starting it, and what a test expects.
"""

import json
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

import pytest

NODES = "{assetNodes {assetKey {path} groupName}}"
START_SECONDS = 90.0


class Server(NamedTuple):
    """A running Dagster webserver: its address, and its log for the message of a failure."""

    url: str
    log: Path

    def ask(self, query: str, **variables: object) -> Any:
        """Return the data of a GraphQL query; AssertionError with the errors when it has any."""
        request = urllib.request.Request(  # noqa: S310 - our own loopback server
            f"{self.url}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Content-Type": "application/json"},
        )
        answer = fetch(request)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def groups(self) -> dict[str, set[str]]:
        """Return the asset keys (`core/cell`) of each group."""
        found: dict[str, set[str]] = {}
        for node in self.ask(NODES)["assetNodes"]:
            found.setdefault(node["groupName"], set()).add("/".join(node["assetKey"]["path"]))
        return found


def fetch(request: urllib.request.Request | str) -> Any:
    """Return the JSON that a server of this machine answers, past any proxy of the environment."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=30) as answer:
        return json.load(answer)


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(process: subprocess.Popen[bytes], server: Server) -> None:
    """Wait until the server answers; fail with its log when it ends or stays silent."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            fetch(f"{server.url}/server_info")
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the webserver does not answer; its log:\n{server.log.read_text()}")
