"""The reports of all years compared, two years in memory at a time.

Belongs here: which stored rows are compared, and storing what is found. Does not belong
here: what is compared and how (pipeline.frames.across).
"""

import polars as pl

from assets.progress import Progress
from assets.storage import Storage
from pipeline.frames import Frames, agencies
from pipeline.frames.across import CELL_COLUMNS, all_findings, findings_of_year
from pipeline.schemas import empty


def compared(storage: Storage, progress: Progress) -> Frames:
    """Bring what needs several reports up to date with the stored reports, and return it."""
    years = storage.years("core.report")
    progress.stage("comparing", len(years))
    bodies = agencies(storage.read_all("ledger.agency"))
    found = []
    for year in years:
        both = _two_years(storage, "core.report", year)
        found.append(findings_of_year(year, both, _cells(storage, year), bodies))
        progress.advance(1)
    tables = {
        "quality.finding": all_findings(storage.read_all("ledger.finding"), found),
        "mart.copied_text": empty("mart.copied_text"),
    }
    for name, rows in tables.items():
        storage.write(name, rows)
    return tables


def _two_years(storage: Storage, table_name: str, year: int) -> pl.DataFrame:
    return pl.concat([storage.read(table_name, year - 1), storage.read(table_name, year)])


def _cells(storage: Storage, year: int) -> pl.DataFrame:
    """Return the cells of two years that hold a number, no more than the rules ask of them."""
    parts = [storage.read("core.cell", one).select(CELL_COLUMNS) for one in (year - 1, year)]
    return pl.concat(parts).filter(pl.col("value").is_not_null())
