"""The yearly NBS lists of `china-division`.

Belongs here: reading counties and towns of every year, under one numbering.
Does not belong here: which of the lines are towns, zones or farms.
"""

from typing import NamedTuple

from pipeline.agencies.extract.archive import Archives, packages, reviewed

FIRST_NBS, LAST_NBS = 2016, 2023


class Listed(NamedTuple):
    """One line of a list: the nine digits, the name as the list writes it, and the list's year."""

    code: str
    name: str
    year: int


def nbs_towns(archives: Archives) -> list[Listed]:
    """Every town line of every list, zones and farms included."""
    codes = {code: use for code, use in _renumbered().items() if use}
    return [
        line._replace(code=codes.get(line.code[:6], line.code[:6]) + line.code[6:])
        for line in _lines(archives, "streets")
    ]


def nbs_counties(archives: Archives) -> list[Listed]:
    """Every county line of every list; the code is empty where the line stands for no county."""
    codes = _renumbered()
    rows = [line for line in _lines(archives, "areas") if line.name not in ("市辖区", "县")]
    return [line._replace(code=codes.get(line.code, line.code)) for line in rows]


def is_zone_code(code: str) -> bool:
    """Whether the six digits are the NBS list's own number for a zone (320971), which no county has."""
    return "71" <= code[4:6] <= "80" and code[2:4] != "90"


def _renumbered() -> dict[str, str]:
    return {row["code"]: row["use"] for row in reviewed("nbs_codes")}


def _lines(archives: Archives, table: str) -> list[Listed]:
    found: list[Listed] = []
    for package in packages():
        if package.package == "china-division":
            rows = archives.document(package.package, f"dist/{table}.json", package.version)
            found += [Listed(row["code"], row["name"].strip(), int(package.year)) for row in rows]
    return found
