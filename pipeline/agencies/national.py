"""Bodies of the State Council, which have no place in their name.

Belongs here: the reviewed list `data/national.csv`.
Does not belong here: their offices in provinces and cities.
"""

from functools import cache
from typing import NamedTuple

from pipeline.agencies.model import AgencyType
from pipeline.agencies.tables import read_table


class National(NamedTuple):
    """A national body, and the one that took over from it."""

    name: str
    type: AgencyType
    successor: str


@cache
def national_bodies() -> dict[str, National]:
    """National bodies by name and short form."""
    found: dict[str, National] = {}
    for row in read_table("national"):
        body = National(row["name"], AgencyType(row["type"]), row["successor"])
        for name in (row["name"], f"中华人民共和国{row['name']}", *row["shorts"].split()):
            found[name] = body
    return found
