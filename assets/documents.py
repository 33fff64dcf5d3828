"""The asset raw/document: the folder of documents, every file with what became of it."""

from collections.abc import Iterator

import dagster as dg

from assets.intake import take_in
from assets.partitions import years_asked
from assets.progress import Progress
from assets.retry import RETRY, only_outages_retried
from assets.specs import Result, facts, key, parquet_spec, unique_check, unique_result
from assets.storage import Storage
from pipeline.schemas import repeated

TABLE = "raw.document"


@dg.multi_asset(
    name="raw_document",
    specs=[parquet_spec(TABLE, [])],
    check_specs=[unique_check(TABLE)],
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
    yield dg.MaterializeResult(key(TABLE), metadata={**facts(rows.height, rows), **by_status})
    yield unique_result(TABLE, repeated(TABLE, rows))
