"""The project's own commands, run as a person runs them, for tests of what they do together."""

import atexit
import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.forks import Forks, forks

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "data" / "raw"
SEEDS = sorted(RAW.glob("*.txt"))
GONGKAI = Path(sys.executable).with_name("gongkai")

Row = dict[str, Any]


def gongkai(*arguments: str | Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run what the console script runs, in a process of its own that need not import anything first."""
    child = server().gongkai(*arguments, env=env)
    code = child.wait()
    printed = (path.read_text(encoding="utf-8") for path in (child.output, child.errors))
    return subprocess.CompletedProcess(list(arguments), code, *printed)


def script(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the console script."""
    return subprocess.run([GONGKAI, *arguments], capture_output=True, text=True, check=False)


@cache
def server() -> Forks:
    """Return the process that forks for all tests of this one; it ends with it."""
    opened = ExitStack()
    atexit.register(opened.close)
    folder = opened.enter_context(TemporaryDirectory(prefix="gongkai-tests-"))
    return opened.enter_context(forks(Path(folder)))


def ingest(raw: Path, warehouse: Path, *options: str) -> str:
    """Run `gongkai ingest`, which must end well, and return what it printed."""
    ended = gongkai("ingest", "--raw", raw, "--warehouse", warehouse, *options)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def sql(warehouse: Path, query: str) -> list[Row]:
    """Return the rows of a query as `gongkai sql --format json` gives them."""
    answer = gongkai("sql", query, "--warehouse", warehouse, "--format", "json")
    assert answer.returncode == 0, answer.stderr
    rows: list[Row] = json.loads(answer.stdout)
    return rows
