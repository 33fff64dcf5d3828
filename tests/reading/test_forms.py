"""The forms' data against the printed forms, and a further form that is data only."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.forms import COLUMN_KIND, ROW_KIND, TABLE_CODES, Equation, form_in_force, forms, vocabulary
from pipeline.forms.load import FOLDER
from tests.reading import statute
from tests.reading.made import by_key, read_text, report_text

ROOT = Path(__file__).parents[2]
FORMS = ("2019", "2021")
COUNTS = {
    "2019": {"disclosure": 22, "application": 161, "dispute": 15},
    "2021": {"disclosure": 10, "application": 175, "dispute": 15},
}


def normal(equation: Equation) -> tuple[str, tuple[statute.Cell, ...], tuple[statute.Cell, ...]]:
    return equation.rule, tuple(sorted(equation.left)), tuple(sorted(equation.right))


# --- cells ---


@pytest.mark.parametrize("form", FORMS)
def test_the_number_of_cells(form: str) -> None:
    got = {code: len(list(table.keys())) for code, table in forms()[form].tables.items()}
    assert got == COUNTS[form]
    assert sum(got.values()) == {"2019": 198, "2021": 200}[form]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", TABLE_CODES)
def test_every_cell_in_printed_order(form: str, table: str) -> None:
    assert tuple(forms()[form].tables[table].keys()) == statute.cells(form, table)


@pytest.mark.parametrize("form", FORMS)
def test_the_six_sections(form: str) -> None:
    assert [section.code for section in forms()[form].sections] == [
        "overview", "disclosure", "application", "dispute", "problems", "other",
    ]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_units_and_signs(form: str) -> None:
    columns = {
        (table.code, row.code, column.code): column
        for table in forms()[form].tables.values()
        for row in table.rows
        for column in row.columns
    }
    money = {key for key, column in columns.items() if column.unit == "yuan"}
    assert money == {("disclosure", "procurement" if form == "2019" else "fee", "amount")}
    assert {key[2] for key, column in columns.items() if column.signed} == (
        {"items_change"} if form == "2019" else set()
    )
    assert {column.unit for column in columns.values()} == {"count", "yuan"}


def test_the_unit_that_a_header_gives() -> None:
    """（单位：万元） is printed in the form of 2021 alone."""
    given = {form: dict(forms()[form].tables["disclosure"].header_units) for form in FORMS}
    assert given == {"2019": {}, "2021": {"amount": 10_000}}
    others = [forms()[form].tables[code] for form in FORMS for code in ("application", "dispute")]
    assert [dict(table.header_units) for table in others] == [{}] * 4


# --- identities ---


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", TABLE_CODES)
def test_the_identities_are_those_of_the_printed_form(form: str, table: str) -> None:
    got = sorted(normal(equation) for equation in forms()[form].tables[table].equations)
    wanted = sorted(
        (rule, tuple(sorted(left)), tuple(sorted(right)))
        for rule, left, right in statute.identities(form, table)
    )
    assert got == wanted


@pytest.mark.parametrize(("form", "number"), [("2019", 7 + 7 + 23), ("2021", 7 + 7 + 25)])
def test_the_number_of_identities(form: str, number: int) -> None:
    assert len(forms()[form].tables["application"].equations) == number
    assert len(forms()[form].tables["dispute"].equations) == 3
    assert forms()[form].tables["disclosure"].equations == ()


@pytest.mark.parametrize("form", FORMS)
def test_every_cell_of_tables_three_and_four_is_covered(form: str) -> None:
    for code in ("application", "dispute"):
        table = forms()[form].tables[code]
        covered = {cell for equation in table.equations for cell in (*equation.left, *equation.right)}
        assert covered == set(table.keys())


def test_an_identity_says_where_it_holds() -> None:
    for form in FORMS:
        for equation in forms()[form].tables["application"].equations:
            if equation.rule == "application.applicants":
                assert {row for row, _ in (*equation.left, *equation.right)} == {equation.row_code}
                assert equation.column_code is None
            else:
                assert {column for _, column in (*equation.left, *equation.right)} == {equation.column_code}
                assert equation.row_code is None


# --- additive rows ---


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("table", TABLE_CODES)
def test_additive_rows(form: str, table: str) -> None:
    assert forms()[form].tables[table].additive_rows == statute.additive_rows(form, table)


@pytest.mark.parametrize("form", FORMS)
def test_totals_are_known_as_totals(form: str) -> None:
    tables = forms()[form].tables
    assert {code: (set(table.total_rows), set(table.total_columns)) for code, table in tables.items()} == {
        "disclosure": (set(), set()),
        "application": ({"total_handled"}, {"total"}),
        "dispute": (set(), {"total"}),
    }


# --- years, labels ---


@pytest.mark.parametrize(
    ("year", "form"),
    [
        (2013, None),
        (2018, None),
        (2019, "2019"),
        (2020, "2019"),
        (2021, "2021"),
        (2024, "2021"),
        (2035, "2021"),
    ],
)
def test_the_form_in_force(year: int, form: str | None) -> None:
    assert form_in_force(year) == form


def test_every_label_has_words_in_both_languages() -> None:
    for kind, group in vocabulary().items():
        for code, label in group.items():
            assert (label.kind, label.code) == (kind, code)
            assert label.zh.strip()
            assert label.en.strip()
            assert any("\u4e00" <= char <= "\u9fff" for char in label.zh)
            assert label.en.isascii()


PRINTED = {
    ("2019", "normative_document"): "规范性文件",
    ("2021", "normative_document"): "行政规范性文件",
    ("2019", "decisions"): "处理决定数量",
    ("2021", "decisions"): "本年处理决定数量",
    ("2019", "amount"): "采购总金额",
    ("2021", "amount"): "本年收费金额（单位：万元）",
    ("2021", "issued"): "本年制发件数",
    ("2021", "repealed"): "本年废止件数",
    ("2021", "in_force"): "现行有效件数",
}


@pytest.mark.parametrize(("form", "code"), PRINTED)
def test_each_form_prints_its_own_label(form: str, code: str) -> None:
    rows = forms()[form].tables["disclosure"].rows
    labels = {label.code: label.zh for row in rows for label in (row.label, *row.columns)}
    assert labels[code] == PRINTED[form, code]


def test_every_form_uses_words_of_the_vocabulary_only() -> None:
    for form in forms().values():
        for table in form.tables.values():
            for row in table.rows:
                assert row.code in vocabulary()[ROW_KIND[table.code]]
                assert {column.code for column in row.columns} <= set(vocabulary()[COLUMN_KIND[table.code]])


# --- reading by each form ---


@pytest.mark.parametrize("disclosure", FORMS)
@pytest.mark.parametrize("application", FORMS)
def test_a_form_is_recognised_per_table(disclosure: str, application: str) -> None:
    """A report for 2023 may carry the table 二 of one form and the table 三 of the other."""
    parts = {form: report_text(form).split("三、收到和处理政府信息公开申请情况") for form in FORMS}
    text = "三、收到和处理政府信息公开申请情况".join([parts[disclosure][0], parts[application][1]])
    reading = read_text(text.replace("2019年", "2023年").replace("2021年", "2023年"))
    assert (reading.report_year, reading.disclosure_form, reading.application_form) == (
        2023,
        disclosure,
        application,
    )
    count = COUNTS[disclosure]["disclosure"] + COUNTS[application]["application"] + 15
    assert [cell.value_status for cell in reading.cells] == ["reported"] * count


@pytest.mark.parametrize("mark", ["[1]", "（1）", "1", "①", "*"])
def test_a_footnotes_mark_makes_no_other_form(mark: str) -> None:
    """`其他处理[1]` was read as 其他处理 1. of form 2021."""
    text = report_text("2019").replace("（六）其他处理", f"（六）其他处理{mark}")
    assert read_text(text).application_form == "2019"


# --- a further form ---

# One more ground for refusal, and contracts in table 二: as much as a real change would be.
FURTHER_FORM = """
form: "2027"
basis: 试行（2027）
report_years: [2027, null]
based_on: "2019"
disclosure:
  blocks:
    - {clause: 第二十条第（一）项, rows: [rule, normative_document], columns: [issued, repealed, in_force]}
    - {clause: 第二十条第（九）项, rows: [contract], columns: [signed, disclosed, amount]}
application:
  replace:
    denied_safety: {heading: [outcome_result, outcome_denied], rows: [denied_safety, denied_privacy]}
marks:
  disclosure: [制发, 废止, 现行有效, 本年签订件数]
  application: [涉及个人隐私]
"""
FURTHER_WORDS = {
    "item": {"contract": {"zh": "特许经营合同", "en": "Concession contract"}},
    "measure": {"signed": {"zh": "本年签订件数", "en": "Signed this year", "unit": "count"}},
    "outcome": {"denied_privacy": {"zh": "涉及个人隐私", "en": "Refused: privacy"}},
}
_READ_WITH_FURTHER_FORM = """
import json, sys
from pathlib import Path
from pipeline.forms import load
load.FOLDER = Path(sys.argv[1])
from pipeline.forms import forms
from tests.reading.made import by_key, read_text, report_text
raws = {tuple(key.split(".")): raw for key, raw in json.loads(sys.argv[2]).items()}
reading = read_text(report_text("2027", raws))
print(json.dumps({
    "year": reading.report_year,
    "forms": [reading.disclosure_form, reading.application_form, reading.dispute_form],
    "cells": {".".join(key): [one.value, one.unit, one.check_status] for key, one in by_key(reading).items()},
    "statuses": sorted({cell.value_status for cell in reading.cells}),
    "rules": sorted({finding.rule_code for finding in reading.findings}),
    "sections": [section.section_code for section in reading.sections],
    "older": [read_text(report_text(form)).disclosure_form for form in ("2019", "2021")],
}))
"""


@pytest.fixture
def further_forms(tmp_path: Path) -> Path:
    """A folder of the project's forms with one more in it."""
    for file in FOLDER.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "form_2027.yaml").write_text(FURTHER_FORM, encoding="utf-8")
    words = tmp_path / "vocabulary.yaml"
    vocabulary_ = yaml.safe_load(words.read_text(encoding="utf-8"))
    for kind, labels in FURTHER_WORDS.items():
        vocabulary_[kind].update(labels)
    words.write_text(yaml.safe_dump(vocabulary_, allow_unicode=True, sort_keys=False), encoding="utf-8")
    until = tmp_path / "form_2021.yaml"
    text = until.read_text(encoding="utf-8")
    assert "report_years: [2021, null]" in text
    until.write_text(
        text.replace("report_years: [2021, null]", "report_years: [2021, 2026]"), encoding="utf-8"
    )
    return tmp_path


def read_with(folder: Path, raws: dict[str, str]) -> dict[str, Any]:
    """What a fresh process reads that finds its forms in `folder`: nothing there is cached."""
    done = subprocess.run(
        [sys.executable, "-c", _READ_WITH_FURTHER_FORM, folder, json.dumps(raws)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_adding_a_form_is_adding_data(further_forms: Path) -> None:
    got = read_with(
        further_forms,
        {
            "disclosure.contract.signed": "3",
            "disclosure.contract.amount": "12.5万元",
            "application.received_new.business": "4",
            "application.received_new.total": "4",
            "application.denied_privacy.business": "4",
            "application.denied_privacy.total": "4",
            "application.total_handled.business": "4",
            "application.total_handled.total": "4",
        },
    )
    assert (got["year"], got["forms"]) == (2027, ["2027", "2027", "2027"])
    assert len(got["cells"]) == 9 + 24 * 7 + 15
    assert got["cells"]["disclosure.contract.signed"] == [3, "count", "unchecked"]
    assert got["cells"]["disclosure.contract.amount"] == [125_000, "yuan", "unchecked"]
    assert got["cells"]["application.denied_privacy.business"] == [4, "count", "verified"]
    assert got["cells"]["application.other.total"] == [0, "count", "verified"]
    assert got["statuses"] == ["reported"]
    assert got["rules"] == ["cell.note"]
    assert got["sections"] == ["overview", "disclosure", "application", "dispute", "problems", "other"]
    assert got["older"] == ["2019", "2021"]


def test_a_further_form_is_checked_by_its_own_identities(further_forms: Path) -> None:
    got = read_with(
        further_forms, {"application.denied_privacy.business": "4", "application.denied_privacy.total": "4"}
    )
    assert got["cells"]["application.denied_privacy.business"][2] == "contradicted"
    assert got["cells"]["application.granted.business"][2] == "contradicted"
    assert got["rules"] == ["application.outcomes"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("numbered", [True, False], ids=["numbered", "bare"])
def test_an_empty_report_is_all_blanks(form: str, *, numbered: bool) -> None:
    """Every row is there and none says anything: blank, neither missing nor zero."""
    cells = by_key(read_text(report_text(form, zero="", numbered=numbered)))
    assert len(cells) == sum(COUNTS[form].values())
    assert {cell.value_status for cell in cells.values()} == {"blank"}
    assert {cell.check_status for cell in cells.values()} == {"unchecked"}
