"""The assets that need the reports of all years: quality/finding, quality/correction, mart/copied_text."""

from collections.abc import Iterator

import dagster as dg

from assets import checks, corrections, plots
from assets.comparison import compared
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
        found = compared(storage, progress) | {corrections.TABLE: corrections.settled(storage)}
    picture = plots.shown(plots.findings(found[FINDINGS]), "各规则的发现 Findings by rule")
    shown = {FINDINGS: {"findings": picture}}
    for name, rows in found.items():
        yield dg.MaterializeResult(key(name), metadata={**shown.get(name, {}), **facts(rows.height, rows)})
    yield from (unique_result(name, repeated(name, found[name])) for name in _KEYED)
    for name, rows in found.items():
        yield from checks.block_results(name, checks.faults(name, rows))
    yield checks.corrected(found[corrections.TABLE])
