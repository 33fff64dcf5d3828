"""The assets of one report year: core/report and its parts, section, cell, section_term, narrative_figure."""

from collections.abc import Iterator
from typing import NamedTuple

import dagster as dg
import polars as pl

from assets import checks, pool
from assets.partitions import YEARS
from assets.progress import Progress
from assets.retry import RETRY, only_outages_retried
from assets.specs import Result, facts, key, parquet_spec, unique_check, unique_result
from assets.storage import Storage
from assets.tags import describe
from assets.year import is_settled, portions, read_year, settle
from pipeline.catalogue import tables
from pipeline.schemas import repeated

TABLES = [name for name, table in tables().items() if table.kind == "parquet" and not table.whole]
# All come from one reading of the documents; the first is the report, the others are its parts.
_DEPS = {name: ["raw.document"] if name == "core.report" else ["core.report"] for name in TABLES}
_KEYED = [name for name in TABLES if tables()[name].key]


class Reading(dg.Config):
    """`again`: read every document of the years, also those that this parser version has read.

    Who asks Dagster for a year by hand wants it read; the schedule, the sensor and the command say False.
    """

    again: bool = True


@dg.multi_asset(
    name="reports",
    specs=[parquet_spec(name, _DEPS[name]) for name in TABLES],
    partitions_def=YEARS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    check_specs=[
        *(unique_check(name) for name in _KEYED),
        *checks.block_checks(TABLES),
        checks.IDENTITIES,
        checks.VERIFIED,
        checks.YEARS_MISSING,
    ],
    retry_policy=RETRY,
)
def reports(
    context: dg.AssetExecutionContext, config: Reading, storage: Storage, progress: dg.ResourceParam[Progress]
) -> Iterator[Result]:
    """Read the documents of each report year that is asked for."""
    twice, faults = dict.fromkeys(_KEYED, 0), dict.fromkeys(TABLES, checks.Faults())
    documents, read = storage.read("raw.document"), 0
    for year in context.partition_keys:
        with only_outages_retried():
            done = _year(storage, progress, documents, int(year), again=config.again)
        read += done.read
        for name in TABLES:
            context.add_asset_metadata({"documents_read": done.read, **done.facts[name]}, key(name), year)
            faults[name] = faults[name].plus(done.faults[name])
        for name in _KEYED:
            twice[name] += done.repeated[name]
    pool.end()
    describe(context, {"documents_read": read})
    by_check = checks.cells_by_check(storage, non_zero=True)
    yield from (dg.MaterializeResult(key(name)) for name in TABLES)
    yield from (unique_result(name, count) for name, count in twice.items())
    yield from (result for name in TABLES for result in checks.block_results(name, faults[name]))
    yield checks.identities(checks.cells_by_check(storage, non_zero=False))
    yield checks.verified(by_check)
    yield checks.years_missing(checks.years_with_reports(storage))


class _Year(NamedTuple):
    """What one year came to: documents read, and of each table facts to show, faults, and repeated keys."""

    read: int
    facts: dict[str, dict[str, dg.MetadataValue]]
    faults: dict[str, checks.Faults]
    repeated: dict[str, int]


def _year(storage: Storage, progress: Progress, documents: pl.DataFrame, year: int, *, again: bool) -> _Year:
    """Read a year; what was read and checked earlier, and has not changed since, is only counted."""
    done = sound = _Year(0, {}, dict.fromkeys(TABLES, checks.Faults()), dict.fromkeys(_KEYED, 0))
    if again or not is_settled(storage, documents, year):
        read = read_year(storage, progress, documents, year, again=again)
        done = _checked(storage, documents, year, sound._replace(read=read))
        if (done.faults, done.repeated) == (sound.faults, sound.repeated):
            settle(storage, documents, year)
    shown = {name: facts(storage.count(name, year), storage.head(name, year)) for name in TABLES}
    return done._replace(facts=shown)


def _checked(storage: Storage, documents: pl.DataFrame, year: int, done: _Year) -> _Year:
    """Add the repeated keys and faults of a year's stored tables; every key begins with the report.

    Faults are looked for where something was read: what was read earlier was checked then, and is proved
    once more when the warehouse is built.
    """
    for rows in portions(storage, year):
        twice = {name: done.repeated[name] + repeated(name, rows[name]) for name in _KEYED}
        done = done._replace(repeated=twice)
        if done.read:
            at_hand = {**rows, "raw.document": documents}
            found = {name: checks.faults(name, rows[name], at_hand) for name in TABLES}
            done = done._replace(faults={name: done.faults[name].plus(found[name]) for name in TABLES})
    return done
