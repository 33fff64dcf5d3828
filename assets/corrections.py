"""The reviewed corrections: their file, and the table quality/correction that says what became of each.

Belongs here: where the file is and which stored rows it is held against. Does not belong here: what a
correction does, or when it does nothing (pipeline.corrections).
"""

from pathlib import Path

import polars as pl

from assets.storage import Storage
from pipeline import corrections
from pipeline.corrections import Correction, CorrectionError
from pipeline.frames.reports import REPORT_ID

TABLE = corrections.TABLE


def load(storage: Storage) -> list[Correction]:
    """Return the corrections. Raises CorrectionError, which names file and line."""
    path = Path(storage.corrections)
    try:
        data = path.read_bytes()
    except OSError as error:
        message = (
            f"The file of corrections {path} can't be read ({error.strerror}): name one with --corrections"
        )
        raise CorrectionError(message) from error
    return corrections.parse(data, str(path))


def settled(storage: Storage) -> pl.DataFrame:
    """Bring quality.correction up to date with what is stored, and return it."""
    wanted = load(storage)
    ids = pl.DataFrame(
        {"document_id": [one.document_id for one in wanted]}, {"document_id": pl.String()}
    ).unique()
    documents = storage.read("raw.document").join(ids, "document_id", "semi")
    own = ids.select(report_id=REPORT_ID)
    years = documents["report_year"].drop_nulls().unique().sort()
    reports = _of_years(storage, "core.report", years, own)
    rows = corrections.states(wanted, documents, reports, _of_years(storage, "core.cell", years, own))
    storage.write(TABLE, rows)
    return rows


def _of_years(storage: Storage, name: str, years: pl.Series, reports: pl.DataFrame) -> pl.DataFrame:
    own = pl.col("report_id").is_in(reports["report_id"].implode())
    parts = [storage.scan(name, year).filter(own).collect() for year in years]
    return pl.concat([storage.read(name, 0), *parts])
