"""The asset raw/document: the folder of documents, every file with what became of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg

from assets import checks, plots
from assets.intake import take_in
from assets.partitions import years_asked
from assets.progress import Progress
from assets.retry import RETRY, only_outages_retried
from assets.specs import Result, facts, key, parquet_spec, unique_check, unique_result
from assets.storage import Storage
from assets.tags import describe
from pipeline.schemas import repeated

TABLE = "raw.document"


@dg.multi_asset(
    name="raw_document",
    specs=[parquet_spec(TABLE, [])],
    check_specs=[unique_check(TABLE), *checks.block_checks([TABLE]), checks.QUARANTINED],
    retry_policy=RETRY,
)
def raw_document(
    context: dg.AssetExecutionContext, storage: Storage, progress: dg.ResourceParam[Progress]
) -> Iterator[Result]:
    """Scan the folder and open what is new."""
    with only_outages_retried():
        storage.sweep()
        rows = take_in(storage, progress, years_asked(context.run.tags))
        storage.write(TABLE, rows)
    by_status = dict(rows["status"].value_counts(sort=True).iter_rows())
    describe(context, {"documents": rows.height, **by_status})
    night = plots.shown(plots.nights(rows, datetime.now(UTC).date()), "每晚新文件 New documents a night")
    yield dg.MaterializeResult(
        key(TABLE), metadata={"nights": night, **facts(rows.height, rows), **by_status}
    )
    yield unique_result(TABLE, repeated(TABLE, rows))
    yield from checks.block_results(TABLE, checks.faults(TABLE, rows))
    yield checks.quarantined(rows)
