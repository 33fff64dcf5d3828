"""The assets that need the reports of all years: quality/finding, quality/correction, mart/copied_text."""

from collections.abc import Iterator
from functools import reduce

import dagster as dg
import polars as pl

from assets import checks, corrections, plots
from assets.comparison import compared, is_settled, settle
from assets.progress import Progress
from assets.retry import RETRY, only_outages_retried
from assets.specs import Result, facts, key, parquet_spec, unique_check, unique_result
from assets.storage import Storage
from pipeline.schemas import repeated

FINDINGS, COPIED = "quality.finding", "mart.copied_text"
_DEPS = {
    FINDINGS: ["core.report", "core.cell", "core.narrative_figure"],
    COPIED: ["core.report", "core.section"],
    corrections.TABLE: ["raw.document", "core.report", "core.cell"],
}

_KEYED = (COPIED, corrections.TABLE)


@dg.multi_asset(
    name="across",
    specs=[parquet_spec(name, deps) for name, deps in _DEPS.items()],
    check_specs=[
        *(unique_check(name) for name in _KEYED),
        *checks.block_checks(_DEPS),
        checks.CORRECTED,
    ],
    retry_policy=RETRY,
)
def across(storage: Storage, progress: dg.ResourceParam[Progress]) -> Iterator[Result]:
    """Compare the reports of all years, and put what is found to what single reports gave."""
    with only_outages_retried():
        standing = is_settled(storage)
        if not standing:
            compared(storage, progress)
        reviewed = corrections.settled(storage)
    picture = plots.shown(plots.findings(_rules(storage)), "各规则的发现 Findings by rule")
    shown = {FINDINGS: {"findings": picture}}
    for name in _DEPS:
        metadata = {**shown.get(name, {}), **facts(storage.count(name), storage.head(name))}
        yield dg.MaterializeResult(key(name), metadata=metadata)
    # What stands was checked when it was stored, and is proved once more when the warehouse is built.
    made = [corrections.TABLE] if standing else list(_DEPS)
    faults = {name: _faults(storage, name) for name in made}
    twice = {name: repeated(name, storage.read(name)) for name in _KEYED if name in made}
    yield from (unique_result(name, twice.get(name, 0)) for name in _KEYED)
    for name in _DEPS:
        yield from checks.block_results(name, faults.get(name, checks.Faults()))
    if not any(twice.values()) and set(faults.values()) == {checks.Faults()}:
        settle(storage)
    yield checks.corrected(reviewed)


def _faults(storage: Storage, name: str) -> checks.Faults:
    """Return the faults of a stored table, looked for in some of its rows at a time."""
    found = (checks.faults(name, rows) for rows in storage.slices(name))
    return reduce(checks.Faults.plus, found, checks.Faults())


def _rules(storage: Storage) -> pl.DataFrame:
    """Return the column of rules of the stored findings."""
    return pl.read_parquet(storage.path(FINDINGS), columns=["rule_code"])
