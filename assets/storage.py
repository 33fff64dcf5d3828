"""The folders that a run works on, and the Parquet files between its steps.

Belongs here: where a table's rows lie and how they are read and written. Does not belong
here: what the rows are.
"""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import polars as pl

from assets.lock import writing
from assets.paths import CORRECTIONS, DATABASE, KEEP, RAW, WAREHOUSE
from pipeline.schemas import polars_schema

_SCRATCH = ".scratch."
# Beside the process's id, which in a container the next run may share with the killed one.
_TOKEN = token_hex(4)
_PARQUET = ".parquet"


class Storage(dg.ConfigurableResource["Storage"]):
    """`raw`: the folder of documents; `warehouse`: where gongkai.duckdb and its Parquet files go.

    `corrections`: the file of reviewed corrections. `keep`: how many published warehouses are kept.
    `locks`: a run waits until it alone writes to the warehouse; the command line, which holds the lock
    over several runs, says no.
    """

    raw: str = str(RAW)
    warehouse: str = str(WAREHOUSE)
    corrections: str = str(CORRECTIONS)
    keep: int = KEEP
    locks: bool = False

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[Any, None, None]:
        """Hold the lock of the warehouse over a run; a sensor, which is no run, only looks."""
        if not self.locks or context.run is None:
            yield self
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with writing(self.folder, None, context.log.info if context.log else None):
            yield self

    @property
    def raw_folder(self) -> Path:
        """Return the folder of documents."""
        return Path(self.raw)

    @property
    def folder(self) -> Path:
        """Return the folder of the warehouse."""
        return Path(self.warehouse)

    @property
    def database(self) -> Path:
        """Return the published DuckDB file."""
        return self.folder / DATABASE

    @property
    def store(self) -> Path:
        """Return the folder of the Parquet files."""
        return self.folder / "store"

    @property
    def archive(self) -> Path:
        """Return the folder of the bytes of every document ever opened."""
        return self.folder / "archive"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give an empty folder for what one step needs for itself; it goes with the step."""
        own = self.folder / self._own_scratch
        own.mkdir(parents=True, exist_ok=True)
        try:
            with TemporaryDirectory(dir=own) as folder:
                yield Path(folder)
        finally:
            with suppress(OSError):  # another step of this process has its own in it
                own.rmdir()

    def sweep(self) -> None:
        """Remove what killed runs left half made; only for the one process that may write."""
        for left in self.folder.glob(f"{_SCRATCH}*"):
            if left.name != self._own_scratch:
                shutil.rmtree(left, ignore_errors=True)
        for part in self.store.rglob(f".*{_PARQUET}.*"):
            part.unlink(missing_ok=True)

    @property
    def _own_scratch(self) -> str:
        return f"{_SCRATCH}{os.getpid()}.{_TOKEN}"

    def path(self, table_name: str, year: int | None = None) -> Path:
        """Return the Parquet file of a table, or of one year of it."""
        schema, name = table_name.split(".")
        own = self.store / schema / name
        return own.with_suffix(_PARQUET) if year is None else own / f"{year}{_PARQUET}"

    def years(self, table_name: str) -> list[int]:
        """Return the years of which a table has a file, in order."""
        return sorted(int(path.stem) for path in self.path(table_name, 0).parent.glob(f"*{_PARQUET}"))

    def read(self, table_name: str, year: int | None = None) -> pl.DataFrame:
        """Return a table's rows, of one year where it is given; none where there is no file.

        A file of an earlier catalogue is fitted to today's columns: new ones are empty.
        """
        schema = polars_schema(table_name)
        path = self.path(table_name, year)
        if not path.exists():
            return pl.DataFrame(schema=schema)
        rows = pl.read_parquet(path)
        missing = [
            pl.lit(None, dtype=dtype).alias(name)
            for name, dtype in schema.items()
            if name not in rows.columns
        ]
        return rows.with_columns(missing).select(schema.keys())

    def read_all(self, table_name: str) -> pl.DataFrame:
        """Return the rows of all years of a table, in the order of the years."""
        frames = [self.read(table_name, year) for year in self.years(table_name)]
        return pl.concat(frames) if frames else pl.DataFrame(schema=polars_schema(table_name))

    def count(self, table_name: str, year: int | None = None) -> int:
        """Return the number of a table's rows, of one year where it is given, without reading them."""
        path = self.path(table_name, year)
        return int(pl.scan_parquet(path).select(pl.len()).collect().item()) if path.exists() else 0

    def head(self, table_name: str, year: int | None = None, rows: int = 5) -> pl.DataFrame:
        """Return a table's first rows, of one year where it is given."""
        path = self.path(table_name, year)
        return pl.read_parquet(path, n_rows=rows) if path.exists() else self.read(table_name, year)

    def write(self, table_name: str, rows: pl.DataFrame, year: int | None = None) -> None:
        """Store a table's rows in one step; a file that would not change is left untouched."""
        path = self.path(table_name, year)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        rows.write_parquet(beside, compression="zstd")
        if path.exists() and path.read_bytes() == beside.read_bytes():
            beside.unlink()
        else:
            beside.replace(path)

    def remove(self, table_name: str, year: int) -> None:
        """Remove one year of a table, if it is there."""
        self.path(table_name, year).unlink(missing_ok=True)
