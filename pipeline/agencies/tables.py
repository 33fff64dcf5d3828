"""Reading the package's own data files.

Belongs here: opening a table of `data/` by its name.
Does not belong here: what the columns mean.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def read_table(name: str) -> Iterator[dict[str, str]]:
    """Rows of `data/<name>.csv` as dictionaries of text, in the file's order."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
