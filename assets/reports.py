"""The assets of one report year: core/report and its parts, section, cell, section_term, narrative_figure."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from assets.partitions import YEARS
from assets.progress import Progress
from assets.retry import RETRY, only_outages_retried
from assets.specs import Result, facts, key, parquet_spec, unique_check, unique_result
from assets.storage import Storage
from assets.year import read_year
from pipeline.catalogue import tables
from pipeline.schemas import repeated

TABLES = [name for name, table in tables().items() if table.kind == "parquet" and not table.whole]
# All come from one reading of the documents; the first is the report, the others are its parts.
_DEPS = {name: ["raw.document"] if name == "core.report" else ["core.report"] for name in TABLES}
_KEYED = [name for name in TABLES if tables()[name].key]
# One covered cell in fifty: of published reports fewer have an identity that fails.
_CONTRADICTED_AT_MOST = 0.02


class Reading(dg.Config):
    """`again`: read every document of the year, also those that this parser version has read."""

    again: bool = False


@dg.multi_asset(
    name="reports",
    specs=[parquet_spec(name, _DEPS[name]) for name in TABLES],
    partitions_def=YEARS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[
        *(unique_check(name) for name in _KEYED),
        dg.AssetCheckSpec(
            "identities", asset=key("core.cell"), description="Share of cells that an identity fails."
        ),
    ],
    retry_policy=RETRY,
)
def reports(
    context: dg.AssetExecutionContext, config: Reading, storage: Storage, progress: dg.ResourceParam[Progress]
) -> Iterator[Result]:
    """Read the documents of each report year that is asked for."""
    twice = dict.fromkeys(_KEYED, 0)
    documents = storage.read("raw.document")
    for year in context.partition_keys:
        with only_outages_retried():
            rows = read_year(storage, progress, documents, int(year), again=config.again)
        for name in TABLES:
            context.add_asset_metadata(facts(rows[name].height, rows[name]), key(name), year)
        for name in _KEYED:
            twice[name] += repeated(name, rows[name])
    yield from (dg.MaterializeResult(key(name)) for name in TABLES)
    yield from (unique_result(name, count) for name, count in twice.items())
    yield _identities(storage)


def _identities(storage: Storage) -> dg.AssetCheckResult:
    cells = storage.read_all("core.cell").select("check_status")
    covered = cells.filter(pl.col("check_status") != "unchecked")
    contradicted = covered.filter(pl.col("check_status") == "contradicted").height
    share = contradicted / covered.height if covered.height else 0.0
    return dg.AssetCheckResult(
        passed=share <= _CONTRADICTED_AT_MOST,
        check_name="identities",
        asset_key=key("core.cell"),
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"covered": covered.height, "contradicted": contradicted, "share": share},
    )
