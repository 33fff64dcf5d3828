"""The folders that a run works on, and the Parquet files between its steps.

Belongs here: where a table's rows lie and how they are read and written. Does not belong
here: what the rows are.
"""

import filecmp
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
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
# So many rows are written at a time; a fixed number, so that equal rows give equal bytes.
_ROW_GROUP = 100_000
# About so many rows of a table are looked at together, some 50 MB as they are in memory.
_STRETCH = 4 * _ROW_GROUP

Rows = pl.DataFrame | pl.LazyFrame


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
        """Return a table's rows, as `scan` gives them."""
        return self.scan(table_name, year).collect()

    def scan(self, table_name: str, year: int | None = None) -> pl.LazyFrame:
        """Return a table's rows for reading what is asked of them; of one year where it is given.

        There are none where there is no file. A file of an earlier catalogue is fitted to today's columns:
        new ones are empty.
        """
        schema = polars_schema(table_name)
        path = self.path(table_name, year)
        if not path.exists():
            return pl.LazyFrame(schema=schema)
        rows = pl.scan_parquet(path)
        stored = rows.collect_schema().names()
        missing = [
            pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in stored
        ]
        return rows.with_columns(missing).select(schema.keys())

    def scan_all(self, table_name: str) -> pl.LazyFrame:
        """Return the rows of all years of a table, in their order, for reading what is asked of them."""
        frames = [self.scan(table_name, year) for year in self.years(table_name)]
        return pl.concat(frames) if frames else pl.LazyFrame(schema=polars_schema(table_name))

    def read_all(self, table_name: str) -> pl.DataFrame:
        """Return the rows of all years of a table, as `scan_all` gives them."""
        return self.scan_all(table_name).collect()

    def count(self, table_name: str, year: int | None = None) -> int:
        """Return the number of a table's rows, of one year where it is given, without reading them."""
        path = self.path(table_name, year)
        return int(pl.scan_parquet(path).select(pl.len()).collect().item()) if path.exists() else 0

    def stretches(self, table_name: str, year: int | None = None) -> Iterator[pl.Expr]:
        """Yield conditions on report_id, in its order, that part a table (of one year) into stretches.

        They part any other table of these reports too; the rows of one report stand in one of them.
        """
        years = self.years(table_name) if year is None else [year]
        number = 1 + sum(self.count(table_name, one) for one in years) // _STRETCH
        ids = pl.concat(
            [pl.Series(dtype=pl.String()), *(self.read("core.report", one)["report_id"] for one in years)]
        )
        firsts = ids.sort().gather_every(1 + ids.len() // number)[1:]
        own = pl.col("report_id")
        for first, beyond in pairwise([None, *firsts, None]):
            after = pl.lit(value=True) if first is None else own >= first
            yield after if beyond is None else after & (own < beyond)

    def slices(self, table_name: str) -> Iterator[pl.DataFrame]:
        """Yield a table's rows, some of them at a time."""
        for first in range(0, self.count(table_name), _STRETCH):
            yield self.scan(table_name).slice(first, _STRETCH).collect()

    def head(self, table_name: str, year: int | None = None, rows: int = 5) -> pl.DataFrame:
        """Return a table's first rows, of one year where it is given."""
        path = self.path(table_name, year)
        return pl.read_parquet(path, n_rows=rows) if path.exists() else self.read(table_name, year)

    def write(self, table_name: str, rows: Rows, year: int | None = None) -> None:
        """Store a table's rows in one step; a file that would not change is left untouched."""
        path = self.path(table_name, year)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        sink(rows, beside)
        self.put(table_name, beside, year)

    def put(self, table_name: str, made: Path, year: int | None = None) -> None:
        """Put the new file `made` in the place of a stored one, unless that has the same bytes."""
        path = self.path(table_name, year)
        path.parent.mkdir(parents=True, exist_ok=True)
        if same(made, path):
            made.unlink()
        else:
            made.replace(path)

    def remove(self, table_name: str, year: int) -> None:
        """Remove one year of a table, if it is there."""
        self.path(table_name, year).unlink(missing_ok=True)


def sink(rows: Rows, path: Path) -> None:
    """Write rows into a new Parquet file; lazy ones are never in memory as a whole."""
    rows.lazy().sink_parquet(path, compression="zstd", row_group_size=_ROW_GROUP)


def same(made: Path, stored: Path) -> bool:
    """Tell whether a stored file is there and has the bytes of another."""
    return stored.exists() and filecmp.cmp(made, stored, shallow=False)
