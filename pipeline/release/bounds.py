"""The reviewed bounds of bounds.yaml as plain objects.

Belongs here: their types and strict loading. Does not belong here: any number (bounds.yaml) or
judgement (gate.py).
"""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.catalogue import tables

FILE = Path(__file__).with_name("bounds.yaml")
DEFAULT = "default"


class BoundsError(Exception):
    """The file of bounds is not as it must be; the message names each place."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Count(_Strict):
    """How far a number of rows may fall (a share, and so many rows besides), or grow beside the reports."""

    fall: float = Field(ge=0, le=1)
    slack: int = Field(ge=0)
    grow: float | None = Field(default=None, gt=0)


class Share(_Strict):
    """How far a share may fall, and what share is enough of rows that have been added."""

    fall: float = Field(ge=0, le=1)
    slack: int = Field(ge=0)
    new_at_least: float = Field(ge=0, le=1)


class Verified(_Strict):
    """Bounds of the verified share: all cells, those that are not zero, and both of each year."""

    all: Share
    non_zero: Share
    all_of_year: Share
    non_zero_of_year: Share


class Bounds(_Strict):
    """All bounds; `rows` and `filled` by table, `default` for the tables not named."""

    rows: dict[str, Count]
    documents: Count
    reports_of_year: Count
    verified: Verified
    filled: dict[str, Share]
    columns: dict[str, list[str]]

    def of_rows(self, table: str) -> Count:
        """Return the bound of a table's row count."""
        return self.rows.get(table, self.rows[DEFAULT])

    def of_column(self, column: str) -> Share:
        """Return the bound of a column's (`schema.table.column`) filled share."""
        return self.filled.get(column.rpartition(".")[0], self.filled[DEFAULT])


@cache
def bounds() -> Bounds:
    """Return the reviewed bounds. Raises BoundsError."""
    return parsed(FILE.read_text(encoding="utf-8"), FILE.name)


def parsed(text: str, name: str) -> Bounds:
    """Return the bounds of a YAML text; BoundsError names what is unknown, missing or no bound."""
    try:
        found = Bounds.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise BoundsError(f"{name} is not YAML: {error}") from error
    except ValidationError as error:
        places = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise BoundsError(f"{name}: {'; '.join(places)}") from error
    wrong = _unknown(found)
    if wrong:
        raise BoundsError(f"{name}: {', '.join(wrong)}")
    return found


def _unknown(found: Bounds) -> list[str]:
    """Return what names no table or column of the catalogue, and the lists without a default."""
    wrong = [f"{name} has no {DEFAULT}" for name in ("rows", "filled") if DEFAULT not in getattr(found, name)]
    named = {*found.rows, *found.filled, *found.columns} - {DEFAULT}
    wrong += [f"{name} is no table" for name in sorted(named - set(tables()))]
    for name, columns in found.columns.items():
        own = tables()[name].column_names if name in tables() else columns
        wrong += [f"{name}.{column} is no column" for column in columns if column not in own]
    return wrong
