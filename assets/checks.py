"""The checks of stored tables that Dagster shows: those that block publishing, and those that only warn.

Belongs here: what is checked of rows at hand, and the bounds. Does not belong here: what is proved
of the built warehouse (pipeline.catalogue.proofs, run by build.py), or rules about reports
(pipeline.checking).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import dagster as dg
import polars as pl

from assets import plots
from assets.specs import key
from assets.storage import Storage
from pipeline.catalogue import tables
from pipeline.catalogue.proofs import references
from pipeline.schemas import violations

# One covered cell in fifty: of published reports fewer have an identity that fails.
CONTRADICTED_AT_MOST = 0.02
# Half the non-zero cells of the real reports are: disclosure has no identities. Far fewer come of misreading.
VERIFIED_AT_LEAST = 0.4
# A folder of reports holds few files that are none.
QUARANTINED_AT_MOST = 0.1

Counts = dict[int, dict[str, int]]


class Faults(NamedTuple):
    """How many rows break their table's schema, and how many name a row elsewhere that isn't there."""

    broken: int = 0
    lost: int = 0

    def plus(self, other: "Faults") -> "Faults":
        """Return the sums."""
        return Faults(self.broken + other.broken, self.lost + other.lost)


# --- block ---


def schema_check(name: str) -> dg.AssetCheckSpec:
    """Return the check that rows are as the catalogue says; it blocks what is built on the table."""
    return dg.AssetCheckSpec(
        "schema",
        asset=key(name),
        blocking=True,
        description="各列符合目录 | Columns are as the catalogue says, unless row.schema says otherwise.",
    )


def references_check(name: str) -> dg.AssetCheckSpec:
    """Return the check that what a table's rows refer to is there; it blocks what is built on the table."""
    return dg.AssetCheckSpec(
        "references",
        asset=key(name),
        blocking=True,
        description=f"所指的行都在 | What it refers to is there: {', '.join(_references(name).values())}.",
    )


def block_checks(names: Iterable[str]) -> Iterator[dg.AssetCheckSpec]:
    """Yield the blocking checks of tables, beside that of their keys; the dimensions are our own data."""
    for name in names:
        if tables()[name].kind == "frame":
            continue
        yield schema_check(name)
        if _references(name):
            yield references_check(name)


def block_results(name: str, faults: Faults) -> Iterator[dg.AssetCheckResult]:
    """Yield the results of those checks."""
    if tables()[name].kind == "frame":
        return
    yield _result(name, "schema", faults.broken == 0, {"rows": faults.broken})
    if _references(name):
        yield _result(name, "references", faults.lost == 0, {"rows": faults.lost})


def faults(name: str, rows: pl.DataFrame, at_hand: Mapping[str, pl.DataFrame] | None = None) -> Faults:
    """Return the faults of a frame.

    `at_hand` are the tables that it may refer to, as far as they are, and ledger.finding: the rows
    of a report with the finding row.schema are open about themselves.
    """
    others = at_hand or {}
    if "report_id" in rows.columns and "ledger.finding" in others:
        said = others["ledger.finding"].filter(pl.col("rule_code") == "row.schema")
        rows = rows.join(said, "report_id", "anti", maintain_order="left")
    lost = [
        rows.filter(pl.col(column).is_not_null()).join(others[owner], column, "anti").height
        for column, owner in _references(name).items()
        if owner in others
    ]
    return Faults(len(violations(name, rows)), sum(lost))


# --- warn ---

IDENTITIES = dg.AssetCheckSpec(
    "identities",
    asset=key("core.cell"),
    description="恒等式不成立的单元格比例 | Share of cells that an identity fails.",
)
VERIFIED = dg.AssetCheckSpec(
    "verified",
    asset=key("core.cell"),
    description="非零单元格中已验证的比例 | Share of non-zero cells that an identity verifies.",
)
YEARS_MISSING = dg.AssetCheckSpec(
    "years",
    asset=key("core.report"),
    description="首末年度之间没有报告的年度 | Years without a report between others.",
)
QUARANTINED = dg.AssetCheckSpec(
    "quarantined",
    asset=key("raw.document"),
    description="被隔离文件的比例 | Share of documents that are quarantined.",
)
CORRECTED = dg.AssetCheckSpec(
    "applied",
    asset=key("quality.correction"),
    description="未采用的更正 | Reviewed corrections that are not applied.",
)


def quarantined(documents: pl.DataFrame) -> dg.AssetCheckResult:
    """Warn when too many of the documents in the folder (of raw.document) could not be read."""
    documents = documents.filter(pl.col("withdrawn_at").is_null())
    kept_out = documents.filter(pl.col("status") == "quarantined").height
    share = kept_out / documents.height if documents.height else 0.0
    return _warning(
        QUARANTINED,
        share <= QUARANTINED_AT_MOST,
        {"documents": documents.height, "quarantined": kept_out, "share": share},
    )


def identities(counts: Counts) -> dg.AssetCheckResult:
    """Warn when identities fail in too many of the cells that one covers."""
    verified, contradicted = (_total(counts, status) for status in ("verified", "contradicted"))
    covered = verified + contradicted
    share = contradicted / covered if covered else 0.0
    return _warning(
        IDENTITIES,
        share <= CONTRADICTED_AT_MOST,
        {"covered": covered, "contradicted": contradicted, "share": share},
    )


def verified(counts: Counts) -> dg.AssetCheckResult:
    """Warn when too few of the non-zero cells are verified."""
    whole = sum(sum(by_status.values()) for by_status in counts.values())
    share = _total(counts, "verified") / whole if whole else 1.0
    picture = plots.shown(plots.verified(counts), "非零单元格已验证比例 Verified share of non-zero cells")
    return _warning(
        VERIFIED, share >= VERIFIED_AT_LEAST, {"by year": picture, "cells": whole, "share": share}
    )


def years_missing(years: Iterable[int]) -> dg.AssetCheckResult:
    """Warn of years that have no report though earlier and later ones have."""
    known = set(years)
    missing = sorted(set(range(min(known), max(known))) - known) if known else []
    return _warning(YEARS_MISSING, not missing, {"missing": ", ".join(map(str, missing)) or "none"})


def corrected(corrections: pl.DataFrame) -> dg.AssetCheckResult:
    """Warn of reviewed corrections that are not applied; quality.correction says why."""
    idle = corrections.filter(pl.col("state") != "applied").height
    return _warning(CORRECTED, idle == 0, {"corrections": corrections.height, "not applied": idle})


def cells_by_check(storage: Storage, *, non_zero: bool) -> Counts:
    """Return how many stored cells each year has by check status; `non_zero`: only cells above or below 0."""
    found: Counts = {}
    for year in storage.years("core.cell"):
        cells = pl.scan_parquet(storage.path("core.cell", year))
        if non_zero:
            cells = cells.filter(pl.coalesce("corrected_value", "value") != 0)
        counted = cells.group_by("check_status").len().collect()
        if counted.height:
            found[year] = dict(counted.iter_rows())
    return found


def years_with_reports(storage: Storage) -> Iterator[int]:
    """Yield the years of which a report is stored."""
    for year in storage.years("core.report"):
        if pl.scan_parquet(storage.path("core.report", year)).select(pl.len()).collect().item():
            yield year


def _references(name: str) -> dict[str, str]:
    return references(tables()[name])


def _total(counts: Counts, status: str) -> int:
    return sum(by_status.get(status, 0) for by_status in counts.values())


def _warning(
    spec: dg.AssetCheckSpec,
    passed: bool,
    metadata: Mapping[str, float | str | dg.MarkdownMetadataValue],
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        check_name=spec.name,
        asset_key=spec.asset_key,
        severity=dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def _result(name: str, check: str, passed: bool, metadata: Mapping[str, int]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=passed, check_name=check, asset_key=key(name), metadata=metadata)
