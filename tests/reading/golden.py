"""The golden truth of the five real reports, and the reader's answer to them.

Belongs here: loading `tests/golden`, reading `data/raw`. Does not belong here: assertions.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from pipeline.documents import open_document
from pipeline.documents.stream import Stream
from pipeline.reading import Reading, read

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"
GOLDEN = ROOT / "tests" / "golden"
STEMS = tuple(sorted(path.stem for path in GOLDEN.glob("[0-9]*.csv")))


class Told(NamedTuple):
    """One cell as a human read it."""

    table_code: str
    row_code: str
    column_code: str
    raw_text: str
    value: float | None
    unit: str
    value_status: str
    line_no: int


@cache
def cells(stem: str) -> tuple[Told, ...]:
    with (GOLDEN / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Told(
                row["table_code"],
                row["row_code"],
                row["column_code"],
                row["raw_text"],
                float(row["value"]) if row["value"] else None,
                row["unit"],
                row["value_status"],
                int(row["line_no"]),
            )
            for row in csv.DictReader(file)
        )


@cache
def facts(stem: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((GOLDEN / f"{stem}.yaml").read_text(encoding="utf-8"))
    return loaded


@cache
def oddities() -> dict[str, list[dict[str, Any]]]:
    loaded: dict[str, list[dict[str, Any]]] = yaml.safe_load(
        (GOLDEN / "oddities.yaml").read_text(encoding="utf-8")
    )
    return loaded


@cache
def stream(stem: str) -> Stream:
    return open_document((RAW / f"{stem}.txt").read_bytes(), f"{stem}.txt")


@cache
def reading(stem: str) -> Reading:
    return read(stream(stem))


@cache
def raw_lines(stem: str) -> tuple[str, ...]:
    """The lines of the file, split here and not by the project: only a line feed ends a line."""
    return tuple((RAW / f"{stem}.txt").read_bytes().decode("utf-8").split("\n"))
