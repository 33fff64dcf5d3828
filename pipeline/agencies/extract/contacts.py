"""Which prefecture a telephone area code or the head of a postcode belongs to.

Belongs here: turning the place names of `phonenumbers` and `china-region` into region codes.
Does not belong here: how far such a number decides anything.
"""

import re
from collections import Counter, defaultdict

from pipeline.agencies.extract.archive import Archives, reviewed

_LINE = re.compile(r"'86(\d{2,3})':\{[^}]*'zh': u\('([^']*)'\)")
_UNITS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市", "地区", "盟")


class Cities:
    """Codes of prefectures (and of cities directly under a province) by province and name."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self._provinces = {row["short"]: row["code"] for row in rows if row["level"] == "province"}
        self._cities: dict[tuple[str, str], str] = {}
        self._current = {row["code"] for row in rows if not row["valid_to"]}
        # Newest last, so that a name which several rows share ends at the newest code.
        for row in sorted(rows, key=lambda row: (row["level"] == "prefecture", row["valid_to"] or "9")):
            if row["level"] != "province":
                code = (
                    row["successor"]
                    if row["level"] == "prefecture" and row["relation"] == "renamed"
                    else row["code"]
                )
                home = (
                    code if row["level"] == "prefecture" or row["parent"].endswith("0000") else row["parent"]
                )
                for name in (row["name"], row["short"]):
                    self._cities[row["code"][:2], name] = home

    def province(self, text: str) -> tuple[str, str] | None:
        """Code of the province that the text begins with, and the rest of the text."""
        for short, code in self._provinces.items():
            if text.startswith(short):
                rest = text[len(short) :]
                unit = next((unit for unit in _UNITS if rest.startswith(unit)), "")
                return code, rest[len(unit) :]
        return None

    def city(self, province: str, name: str) -> str | None:
        """Code of a prefecture by its full or short name; None when there is none today."""
        short = re.sub(r"(?:市|地区|盟)$", "", name)
        code = self._cities.get((province[:2], name)) or self._cities.get((province[:2], short))
        return code if code in self._current else None


def phone_areas(archives: Archives, region_rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows of `phone_areas.csv`: area code with its leading 0, and the regions that it serves."""
    cities = Cities(region_rows)
    found: dict[str, str] = {}
    for digits, text in _area_lines(archives):
        if digits == "10" or digits[0] == "2" or (len(digits) == 3 and digits[0] != "1"):
            regions = _regions(text, cities)
            if regions:
                found[f"0{digits}"] = " ".join(sorted(regions))
    for row in reviewed("phone_corrections"):
        found[row["area_code"]] = row["regions"]
    return [{"area_code": code, "regions": found[code]} for code in sorted(found)]


def _area_lines(archives: Archives) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for number in range(100):
        try:
            source = archives.read("phonenumbers", f"phonenumbers/geodata/data{number}.py").decode()
        except KeyError:
            break
        found += [(digits, text.encode().decode("unicode_escape")) for digits, text in _LINE.findall(source)]
    return found


def _regions(text: str, cities: Cities) -> set[str]:
    head = cities.province(text)
    if head is None:
        return set()
    province, rest = head
    if not rest:
        return {province}
    return {code for name in rest.split("、") if (code := cities.city(province, name))}


def postcodes(archives: Archives, region_rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Rows of `postcodes.csv`: the first four digits, and the one prefecture that they are of.

    A line of another province than most lines with its first two digits is an error of the source and left
    out; so is a head that two prefectures share.
    """
    cities = Cities(region_rows)
    lines = [
        (row["zipCode"].strip(), _postal_city(row, cities)) for row in archives.table("china-region", _POSTAL)
    ]
    whole = [(code, city) for code, city in lines if len(code) == 6 and code != "999999" and city]
    homes: dict[str, Counter[str]] = defaultdict(Counter)
    for code, city in whole:
        homes[code[:2]][city[:2]] += 1
    heads: dict[str, set[str]] = defaultdict(set)
    for code, city in whole:
        if homes[code[:2]].most_common(1)[0][0] == city[:2] or homes[code[:2]][city[:2]] > 5:
            heads[code[:4]].add(city)
    return [{"head": head, "region": min(found)} for head, found in sorted(heads.items()) if len(found) == 1]


_POSTAL = "china_region/region.csv"


def _postal_city(row: dict[str, str], cities: Cities) -> str:
    head = cities.province(row["province"])
    if head is None:
        return ""
    if row["province"] == row["city"]:
        return head[0]
    return cities.city(head[0], row["city"]) or ""
