"""The project's own commands, run as a person runs them, for tests of what they do together."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT / "data" / "raw"
SEEDS = sorted(RAW.glob("*.txt"))
GONGKAI = Path(sys.executable).with_name("gongkai")

Row = dict[str, Any]


def gongkai(*arguments: str | Path, drop_rights: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the console script; `drop_rights` takes root's right to read what it may not."""
    rights = "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"
    dropped = ["setpriv", *rights] if drop_rights and os.geteuid() == 0 else []
    return subprocess.run([*dropped, GONGKAI, *arguments], capture_output=True, text=True, check=False)


def ingest(raw: Path, warehouse: Path, *options: str, drop_rights: bool = False) -> str:
    """Run `gongkai ingest`, which must end well, and return what it printed."""
    ended = gongkai("ingest", "--raw", raw, "--warehouse", warehouse, *options, drop_rights=drop_rights)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def sql(warehouse: Path, query: str) -> list[Row]:
    """Return the rows of a query as `gongkai sql --format json` gives them."""
    answer = gongkai("sql", query, "--warehouse", warehouse, "--format", "json")
    assert answer.returncode == 0, answer.stderr
    rows: list[Row] = json.loads(answer.stdout)
    return rows
