"""What is odd in the five real reports shows as a finding, and what only looks odd does not."""

from collections import Counter
from typing import Any

import pytest

from pipeline.checking.sense import Body
from pipeline.checking.sense import findings as sense_findings
from pipeline.reading import Finding
from tests.reading import golden
from tests.reading.golden import STEMS

ZONE = Body(agency_type="zone", admin_level="prefecture")
DEPARTMENT = Body(agency_type="department", admin_level="county")
ODDITIES = golden.oddities()["oddities"]
NO_FAULT = golden.oddities()["no_fault"]
_PLACE = ("table_code", "row_code", "column_code")
_EVIDENCE = ("expected", "observed")
# Rules whose cells are exactly those of the golden truth.
_STATUS_RULES = {
    "cell.blank": "blank",
    "cell.not_applicable": "not_applicable",
    "cell.unreadable": "unreadable",
    "cell.missing": "missing",
}


def all_findings(stem: str, body: Body = ZONE) -> list[Finding]:
    reading = golden.reading(stem)
    return [*reading.findings, *sense_findings(reading, golden.stream(stem), body)]


def fits(finding: Finding, case: dict[str, Any]) -> bool:
    """Tell whether a finding is the one that a case asks for; what a case doesn't give may be anything."""
    if (finding.rule_code, finding.line_no) != (case["rule_code"], case["line_no"]):
        return False
    if any(name in case and getattr(finding, name) != case[name] for name in _PLACE):
        return False
    return all(name not in case or getattr(finding, name) == str(case[name]) for name in _EVIDENCE)


def test_the_lists_are_whole() -> None:
    names = [case["name"] for case in ODDITIES]
    assert len(names) == len(set(names))
    assert sum(case["listed"] for case in ODDITIES) >= 30
    assert len(NO_FAULT) >= 16


@pytest.mark.parametrize(
    "case", [*ODDITIES, *NO_FAULT], ids=lambda case: f"{case['stem'][:3]}-{case['line_no']}"
)
def test_each_case_is_written_where_it_says(case: dict[str, Any]) -> None:
    line = golden.raw_lines(case["stem"])[case["line_no"] - 1]
    if case["written"] is not None:
        assert case["written"] in line


@pytest.mark.parametrize("case", ODDITIES, ids=lambda case: case["name"])
def test_an_oddity_is_found(case: dict[str, Any]) -> None:
    found = all_findings(case["stem"])
    same_rule = [finding for finding in found if finding.rule_code == case["rule_code"]]
    assert sum(fits(finding, case) for finding in found) == 1, same_rule


@pytest.mark.parametrize(
    "case", [case for case in ODDITIES if case.get("section_code")], ids=lambda case: case["name"]
)
def test_an_oddity_lies_in_its_section(case: dict[str, Any]) -> None:
    sections = {one.section_code: one for one in golden.reading(case["stem"]).sections}
    section = sections[case["section_code"]]
    assert section.first_line <= case["line_no"] <= section.last_line


@pytest.mark.parametrize("body", [ZONE, DEPARTMENT], ids=["zone", "department"])
@pytest.mark.parametrize(
    "case", NO_FAULT, ids=lambda case: f"{case['stem'][:3]}-{case['rule_code']}-{case['line_no']}"
)
def test_no_fault_is_found_where_there_is_none(case: dict[str, Any], body: Body) -> None:
    found = [
        finding
        for finding in all_findings(case["stem"], body)
        if (finding.rule_code, finding.line_no)
        in ((case["rule_code"], case["line_no"]), (case["rule_code"], None))
    ]
    assert found == []


@pytest.mark.parametrize("stem", STEMS)
def test_no_finding_is_left_over(stem: str) -> None:
    cases = [case for case in ODDITIES if case["stem"] == stem]
    assert [one for one in all_findings(stem) if not any(fits(one, case) for case in cases)] == []


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize(("rule", "status"), _STATUS_RULES.items())
def test_cells_without_a_number_are_found_once_each(stem: str, rule: str, status: str) -> None:
    wanted = Counter(
        (cell.table_code, cell.row_code, cell.column_code, cell.line_no)
        for cell in golden.cells(stem)
        if cell.value_status == status
    )
    got = Counter(
        (one.table_code, one.row_code, one.column_code, one.line_no)
        for one in golden.reading(stem).findings
        if one.rule_code == rule
    )
    assert got == wanted


# --- rules that depend on who reports ---


@pytest.mark.parametrize(
    ("body", "may"),
    [
        (Body("zone", "prefecture"), False),
        (Body("town", "town"), False),
        (Body("department", "county"), False),
        (Body("department", "prefecture"), False),
        (Body("department", "province"), False),
        (Body("government", "county"), False),
        (Body("government", "town"), False),
        (Body("government", "prefecture"), True),
        (Body("government", "province"), True),
        (Body("department", "national"), True),
        (Body(None, None), True),
    ],
)
def test_only_bodies_with_the_power_may_report_rules(body: Body, *, may: bool) -> None:
    """立法法: State Council bodies, provinces, cities with districts. Who isn't known is not accused."""
    found = [
        one for one in all_findings("000_f38378f0edcefb48", body) if one.rule_code == "disclosure.rule_power"
    ]
    assert len(found) == (0 if may else 1)


@pytest.mark.parametrize("stem", STEMS)
def test_a_report_without_rules_is_not_accused_of_them(stem: str) -> None:
    made = {
        cell.value for cell in golden.cells(stem) if (cell.row_code, cell.column_code) == ("rule", "made")
    }
    found = [one for one in all_findings(stem) if one.rule_code == "disclosure.rule_power"]
    assert len(found) == (1 if made == {32.0} else 0)
