"""The reports of all years compared, two years in memory at a time.

Belongs here: which stored rows are compared, what of an earlier comparison still stands, and
storing what is found. Does not belong here: what is compared and how (pipeline.frames.across).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from assets import stamps
from assets.progress import Progress
from assets.storage import Rows, Storage
from pipeline.frames import agencies
from pipeline.frames.across import (
    CELL_COLUMNS,
    all_copies,
    all_findings,
    copies_of_year,
    findings_of_year,
    in_lines,
    shown,
)
from pipeline.schemas import empty
from pipeline.version import parser_version

FINDINGS, COPIES = "quality.finding", "mart.copied_text"
_READ = ("core.report", "core.section", "core.cell", "ledger.agency", "ledger.finding")


def is_settled(storage: Storage) -> bool:
    """Tell whether what is stored of an earlier comparison is that of the reports stored now."""
    return stamps.stands(storage, "across", _inputs(storage))


def settle(storage: Storage) -> None:
    """Note that the stored comparison is sound."""
    stamps.keep(storage, "across", _inputs(storage))


def _inputs(storage: Storage) -> str:
    files = [storage.path(name, year) for name in _READ for year in storage.years(name)]
    return stamps.fingerprint([*files, storage.path(FINDINGS), storage.path(COPIES)])


def compared(storage: Storage, progress: Progress) -> None:
    """Bring what needs several reports up to date with the stored reports.

    Texts of a year are compared again only when it or the year before has changed; figures always.
    """
    years = storage.years("core.report")
    progress.stage("comparing", len(years))
    bodies = agencies(storage.read_all("ledger.agency"), storage.read_all("core.report"))
    earlier, stamps = storage.read(COPIES), _stamps(storage)
    found, copied, now = [empty(FINDINGS)], [], {}
    for year in years:
        reports = _two_years(storage, "core.report", year)
        found.append(findings_of_year(year, reports, _cells(storage, year), bodies))
        in_line = in_lines(reports, bodies)
        now[str(year)] = _stamp(storage, year, in_line)
        if stamps.get(str(year)) == now[str(year)]:
            own = reports.filter(pl.col("report_year") == year)
            copied.append(earlier.join(own, "report_id", "semi", maintain_order="left"))
        else:
            copied.append(copies_of_year(year, in_line, _two_years(storage, "core.section", year)))
        progress.advance(1)
    with storage.scratch() as folder:
        findings = pl.scan_parquet(list(_in_order(storage, pl.concat(found), folder)))
        _store(storage, {FINDINGS: findings, COPIES: all_copies(copied)}, now)


def _in_order(storage: Storage, across: pl.DataFrame, folder: Path) -> Iterator[Path]:
    """Write all findings into files, in the order of reports, some reports at a time."""
    single = storage.scan_all("ledger.finding")
    for number, stretch in enumerate(storage.stretches("ledger.finding")):
        rows = all_findings(single.filter(stretch).collect(), across.filter(stretch))
        rows.write_parquet(folder / f"{number}.parquet", compression="lz4")
        yield folder / f"{number}.parquet"


def _store(storage: Storage, tables: Mapping[str, Rows], stamps: dict[str, str]) -> None:
    """Write the tables; without their stamps, which go first and come last, texts are compared anew."""
    changed = stamps != _stamps(storage)
    if changed:
        _stamp_file(storage).unlink(missing_ok=True)
    for name, rows in tables.items():
        storage.write(name, rows)
    if changed:
        _stamp_file(storage).write_text(json.dumps(stamps, indent=1), encoding="utf-8")


def _two_years(storage: Storage, table_name: str, year: int) -> pl.DataFrame:
    return pl.concat([storage.read(table_name, year - 1), storage.read(table_name, year)])


def _cells(storage: Storage, year: int) -> pl.DataFrame:
    """Return the cells of two years that show a number, no more than the rules ask of them."""
    parts = [storage.scan("core.cell", one).select(CELL_COLUMNS) for one in (year - 1, year)]
    return shown(pl.concat(parts)).collect()


def _stamp(storage: Storage, year: int, reports: pl.DataFrame) -> str:
    """Return a fingerprint of the texts of a year and the year before, and of whose they are."""
    digest = hashlib.sha256(parser_version().encode())
    digest.update(reports.write_csv().encode())
    for one in (year - 1, year):
        path = storage.path("core.section", one)
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def _stamp_file(storage: Storage) -> Path:
    return storage.store / "compared.json"


def _stamps(storage: Storage) -> dict[str, str]:
    path = _stamp_file(storage)
    if not (path.exists() and storage.path(COPIES).exists()):
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found
