"""What a run says of itself in its tags, by which Dagster's list of runs is searched.

Belongs here: names and values of tags. Does not belong here: which years a run covers (partitions.py).
"""

import subprocess
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

import dagster as dg

from assets.partitions import year_range
from assets.paths import ROOT
from pipeline.version import parser_version

STARTED_BY = "gongkai/started_by"
COMMAND = "command line"
# Dagster's own tags that tell what started a run.
_STARTERS = {
    "dagster/schedule_name": "schedule",
    "dagster/sensor_name": "sensor",
    "dagster/backfill": "backfill",
}


def describe(context: dg.AssetExecutionContext, counts: Mapping[str, int]) -> None:
    """Tag the run of a step: what started it, by which program, which years, and what was counted."""
    known = context.run.tags
    tags = {
        STARTED_BY: known.get(STARTED_BY) or started_by(known),
        "gongkai/version": version("gongkai"),
        "gongkai/parser": parser_version(),
        "gongkai/years": years(known),
        "gongkai/commit": commit(),
        **{f"gongkai/{name}": str(count) for name, count in counts.items()},
    }
    context.instance.add_run_tags(context.run.run_id, {name: text for name, text in tags.items() if text})


def started_by(tags: Mapping[str, str]) -> str:
    """Return what started a run with these tags; whatever is none of the machines is a person."""
    return next((starter for tag, starter in _STARTERS.items() if tag in tags), "person")


def years(tags: Mapping[str, str]) -> str:
    """Return the report years of a run with these tags: 2020 or 2008-2035; nothing where it has none."""
    found = year_range(tags)
    return "-".join(map(str, dict.fromkeys(found))) if found else ""


@cache
def commit() -> str:
    """Return the commit that the program runs from; nothing where it is no checkout or git is absent."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603 - no input
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
