"""`gongkai export`: the files against the warehouse, read back by programs that did not write them."""

import csv
import datetime as dt
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl.utils.escape import unescape

from assets import workbook
from assets.export import chosen, condition, query
from assets.workbook import Sheet, TooMuch, as_text, write_workbook
from pipeline.catalogue import Table, tables
from pipeline.catalogue.package import (
    Note,
    Selection,
    Vintage,
    guarded,
    is_risky,
    published,
    references,
    sheet_name,
    texts,
    unguarded,
    usual,
)
from tests.commands import gongkai

FORMATS = ["csv", "parquet", "xlsx"]
# All but the 49,000 regions, of which other programs need minutes for every look.
SMALL = [name for name in usual() if name != "core.dim_region"]
# Tables of every schema, with references among them, for readers that take seconds for each.
FEW = [
    "raw.document",
    "core.report",
    "core.cell",
    "core.fact_*",
    "core.dim_[!r]*",
    "quality.*",
    "mart.metric",
]
# What a spreadsheet might run, what looks like it, and what xlsxwriter might take for its own.
NASTY = [
    "=1+1",
    "+801",
    "-14",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u3000＝1+1",
    "＋86",
    "－",
    "＠甲",
    "'=1+1",
    "''",
    "'",
    '=HYPERLINK("http://example.com","x")',
    '=cmd|"/c calc"!A1',
    "甲=乙",
    "1 撤诉",
    "<r><t>x</t></r>",
    "_x0041_",
    '第一行\n第二行,"引号"',
    " 前后 ",
    "0123",
    "1e5",
    "NULL",
    "{=1}",
]
VINTAGE = Vintage(dt.datetime(2026, 11, 21, 8, 30, tzinfo=dt.UTC), ("abc",), "0.1.0", 2, 2)

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def warehouse(seeds_warehouse: Path) -> Path:
    return seeds_warehouse


@pytest.fixture(scope="module")
def exported(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the export of all usual tables in a format, made once."""
    made: dict[str, Path] = {}

    def of(form: str) -> Path:
        if form not in made:
            made[form] = tmp_path_factory.mktemp("exports") / form
            export(warehouse, made[form], form)
        return made[form]

    return of


@pytest.fixture(scope="module")
def nasty(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose raw texts are what no agency should write, with values that need 17 digits."""
    folder = tmp_path_factory.mktemp("nasty")
    shutil.copy(warehouse / "gongkai.duckdb", folder)
    with duckdb.connect(folder / "gongkai.duckdb") as connection:
        for place, text in enumerate(NASTY):
            connection.execute(
                "UPDATE core.cell SET raw_text = ?, value = ? WHERE rowid = ?",
                [text, (place + 0.1) / 3, place],
            )
    return folder


def export(warehouse: Path, target: Path, form: str, *options: str) -> str:
    ended = gongkai("export", target, "--format", form, "--warehouse", warehouse, *options)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def rows_of(warehouse: Path, name: str, where: str = "") -> Rows:
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as connection:
        return connection.sql(f"SELECT * FROM {name} {where} ORDER BY rowid").fetchall()


def descriptor(folder: Path) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return package


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- reading back: each format by a program that did not write it ---


def from_csv(folder: Path, table: Table) -> Rows:
    """Read a CSV with Python's own reader, by the types that the package states."""
    with (folder / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == table.column_names
    return [
        tuple(typed(text, column.type) for text, column in zip(line, table.columns, strict=True))
        for line in lines[1:]
    ]


def typed(text: str, type_: str) -> Any:
    read: dict[str, Callable[[str], Any]] = {
        "VARCHAR": unguarded,
        "VARCHAR[]": json.loads,
        "INTEGER": int,
        "BIGINT": int,
        "DOUBLE": float,
        "BOOLEAN": {"true": True, "false": False}.__getitem__,
        "DATE": dt.date.fromisoformat,
        "TIMESTAMP": dt.datetime.fromisoformat,
    }
    return read[type_](text) if text else None


def from_parquet(folder: Path, table: Table) -> Rows:
    frame = pl.read_parquet(folder / f"{table.name}.parquet")
    assert frame.columns == table.column_names
    return frame.rows()


def from_xlsx(folder: Path, table: Table) -> Rows:
    book = openpyxl.load_workbook(folder / "gongkai.xlsx", read_only=True)
    lines = list(book[sheet_name(table)].iter_rows(values_only=True))
    assert lines[0] == tuple(column.zh for column in table.columns)
    return [
        tuple(of_excel(value, column.type) for value, column in zip(line, table.columns, strict=True))
        for line in lines[1:]
    ]


def of_excel(value: Any, type_: str) -> Any:
    """Return a cell's value as the warehouse types it; Excel knows numbers, times and texts alone."""
    if value is None:
        return None
    if type_ == "DATE":
        assert value.time() == dt.time()
        return value.date()
    if isinstance(value, str):
        value = unescape(value)  # control characters: openpyxl leaves that to its user
    return json.loads(value) if type_ == "VARCHAR[]" else value


READ = {"csv": from_csv, "parquet": from_parquet, "xlsx": from_xlsx}


def without_empty_texts(rows: Rows) -> Rows:
    """Python's csv module does not tell an empty text from no value."""
    return [tuple(None if value == "" else value for value in row) for row in rows]


@pytest.mark.parametrize("form", FORMATS)
def test_every_value_is_the_warehouses_to_the_last_digit(
    warehouse: Path, exported: Callable[[str], Path], form: str
) -> None:
    folder = exported(form)
    assert [one["name"] for one in descriptor(folder)["resources"]] == usual()
    for name in usual() if form != "xlsx" else SMALL:
        expected = rows_of(warehouse, name)
        found = READ[form](folder, tables()[name])
        assert found == (without_empty_texts(expected) if form == "csv" else expected), name


@pytest.mark.parametrize("form", FORMATS)
def test_nasty_texts_and_long_numbers_come_back_unchanged(nasty: Path, tmp_path: Path, form: str) -> None:
    export(nasty, tmp_path / form, form, "--tables", "core.cell")
    table = tables()["core.cell"]
    expected = rows_of(nasty, "core.cell")
    assert [row[4] for row in expected[: len(NASTY)]] == NASTY
    assert READ[form](tmp_path / form, table) == (
        without_empty_texts(expected) if form == "csv" else expected
    )


def test_csv_tells_an_empty_text_from_no_value(warehouse: Path, tmp_path: Path) -> None:
    shutil.copy(warehouse / "gongkai.duckdb", tmp_path)
    with duckdb.connect(tmp_path / "gongkai.duckdb") as connection:
        connection.execute("UPDATE core.cell SET raw_text = '' WHERE rowid = 0")
        connection.execute("UPDATE core.cell SET raw_text = NULL WHERE rowid = 1")
    export(tmp_path, tmp_path / "out", "csv", "--tables", "core.cell")
    lines = (tmp_path / "out" / "core.cell.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].split(",")[4] == '""'
    assert lines[2].split(",")[4] == ""


# --- formulas ---


@given(st.text(alphabet="=+-@\t\r\n＝＋－＠' \u3000\u00a0a1甲", max_size=6))
def test_the_guard_is_undone_exactly_and_leaves_nothing_to_run(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).lstrip(" \t\r\n\u00a0\u3000").startswith(tuple("=+-@＝＋－＠"))


def test_plain_texts_are_not_guarded() -> None:
    for text in ("", "0", "801", "1-2", "甲", " 甲", "1 撤诉", "a=b", "（+801）", "/", "—"):
        assert guarded(text) == text


def test_the_database_guards_as_python_does() -> None:
    column = tables()["core.cell"]
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA core")
        names = ", ".join(f"{one.name} {one.type}" for one in column.columns)
        connection.execute(f"CREATE TABLE core.cell ({names})")
        for text in [*NASTY, "甲", "", "1-2"]:
            connection.execute("INSERT INTO core.cell (raw_text) VALUES (?)", [text])
        found = connection.execute(query(column, Selection(), "csv")).fetchall()
    assert [row[4] for row in found] == [guarded(text) for text in [*NASTY, "甲", "", "1-2"]]


def test_no_cell_of_the_workbook_is_a_formula_and_risky_ones_stay_texts(nasty: Path, tmp_path: Path) -> None:
    export(nasty, tmp_path / "out", "xlsx", "--tables", "core.cell")
    with zipfile.ZipFile(tmp_path / "out" / "gongkai.xlsx") as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<f " not in archive.read(name)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "gongkai.xlsx")[sheet_name(tables()["core.cell"])]
    for place, text in enumerate(NASTY):
        cell = sheet.cell(place + 2, 5)
        if not text.startswith("<r>"):
            assert cell.quotePrefix == is_risky(text), text
    negative = [
        cell for row in sheet.iter_rows(min_col=6, max_col=6, min_row=2) for cell in row if cell.value
    ]
    assert {cell.data_type for cell in negative} == {"n"}


def test_a_negative_number_stays_a_number(warehouse: Path, exported: Callable[[str], Path]) -> None:
    rows = [row for row in rows_of(warehouse, "core.cell") if row[5] is not None and row[5] < 0]
    assert rows
    lines = (exported("csv") / "core.cell.csv").read_text(encoding="utf-8")
    for row in rows:
        assert f",'{row[4]},{row[5]}," in lines  # the raw text is guarded, the number beside it is not


# --- other programs ---


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_frictionless_finds_the_package_valid(
    warehouse: Path, exported: Callable[[str], Path], tmp_path: Path, form: str
) -> None:
    folder = exported(form)
    if form == "xlsx":
        folder = tmp_path / form
        export(warehouse, folder, form, "--tables", ",".join(FEW))
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "type", "note"])[:10]
    assert len(report.tasks) == len(descriptor(folder)["resources"])


def test_frictionless_sees_a_value_changed_afterwards(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "csv", "--tables", "core.cell,core.report")
    path = tmp_path / "out" / "core.cell.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",verified,", ",believed,", 1), encoding="utf-8")
    found = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert {kind for (kind,) in found.flatten(["type"])} == {"hash-count", "constraint-error"}


def test_frictionless_takes_the_descriptor_of_parquet(exported: Callable[[str], Path]) -> None:
    folder = exported("parquet")
    package = Package(str(folder / "datapackage.json"))
    assert [resource.name for resource in package.resources] == usual()
    for one in descriptor(folder)["resources"]:
        schema = pl.read_parquet_schema(folder / one["path"])
        assert list(schema) == [field["name"] for field in one["schema"]["fields"]]


def in_libreoffice(source: Path, folder: Path) -> list[list[tuple[str, str]]]:
    """Return what LibreOffice makes of the last sheet of a file: type and text of each cell, by rows.

    A formula's type is `formula`. CSV is opened as a person would in the worst case: formulas are evaluated.
    """
    # Comma, double quote, UTF-8, from the first line, numbers in English; the last one: evaluate formulas.
    options = ["--infilter=CSV:44,34,76,1,,1033,false,true,false,false,false,-1,true"]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", *(options if source.suffix == ".csv" else [])]
    command += ["--convert-to", "fods", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return list(rows_of_sheet(folder / f"{source.stem}.fods"))


def rows_of_sheet(path: Path) -> Iterator[list[tuple[str, str]]]:
    spaces = {"table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0"}
    sheet = etree.parse(path, etree.XMLParser(huge_tree=True)).findall(".//table:table", spaces)[-1]
    for row in sheet.iterfind("table:table-row", spaces):
        yield [
            cell_of(cell)
            for cell in row.iterfind("table:table-cell", spaces)
            for _ in range(min(int(cell.get(f"{{{spaces['table']}}}number-columns-repeated", "1")), 20))
        ]


def cell_of(cell: Any) -> tuple[str, str]:
    """Return type and text of a cell; blanks that the format writes as marks are left out."""
    names = {name.rpartition("}")[2]: value for name, value in cell.attrib.items()}
    texts_ = ["".join(part.itertext()) for part in cell if part.tag.endswith("}p")]
    return "formula" if "formula" in names else names.get("value-type", ""), "\n".join(texts_)


@pytest.mark.office
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_libreoffice_shows_the_same_and_runs_nothing(nasty: Path, tmp_path: Path, form: str) -> None:
    export(nasty, tmp_path / form, form, "--tables", "core.cell")
    source = tmp_path / form / ("core.cell.csv" if form == "csv" else "gongkai.xlsx")
    header, *lines = in_libreoffice(source, tmp_path)
    columns = tables()["core.cell"].columns
    assert [text for _, text in header][: len(columns)] == [
        column.name if form == "csv" else column.zh for column in columns
    ]
    assert len(lines) >= 990
    assert "formula" not in {kind for line in lines for kind, _ in line}
    for text, line in zip(NASTY, lines, strict=False):
        kind, shown = line[4]
        written = guarded(text) if form == "csv" else text
        if kind == "string":
            assert "".join(shown.split()) == "".join(written.split())
        else:  # an unmarked field of digits, which a spreadsheet takes for a number
            assert (form, text) in {("csv", "0123"), ("csv", "1e5")}
    assert {line[5][0] for line in lines} <= {"float", ""}


@pytest.mark.office
def test_libreoffice_would_run_what_is_not_guarded(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("a\n=1+1\n'=1+1\n", encoding="utf-8")
    assert [kind for ((kind, _),) in in_libreoffice(tmp_path / "bare.csv", tmp_path)] == [
        "string",
        "formula",
        "string",
    ]


# --- what the package says ---


@pytest.mark.parametrize("form", FORMATS)
def test_the_package_says_what_when_from_where_and_under_which_licence(
    warehouse: Path, exported: Callable[[str], Path], form: str
) -> None:
    package = descriptor(exported(form))
    built = dt.datetime.fromtimestamp(int((warehouse / "gongkai.duckdb").stat().st_mtime), tz=dt.UTC)
    place = tables()["raw.document"].column_names.index("parser_version")
    versions = {row[place] for row in rows_of(warehouse, "raw.document")}
    assert package["created"] == f"{built:%Y-%m-%dT%H:%M:%SZ}"
    assert set(package["vintage"]["parser_versions"]) == versions
    assert package["licenses"][0]["name"] == "MIT"
    assert "5 documents, 5 reports" in package["sources"][0]["title"]
    assert any("国办公开办函〔2021〕30号" in source["title"] for source in package["sources"])
    for note in [*texts()["caveats"], texts()["formats"][form]]:
        assert note["zh"] in package["description"]
        assert note["en"] in package["description"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_resource_is_described_with_its_size_sum_and_keys(
    warehouse: Path, exported: Callable[[str], Path], form: str
) -> None:
    folder = exported(form)
    for one in descriptor(folder)["resources"]:
        table = tables()[one["name"]]
        data = (folder / one["path"]).read_bytes()
        assert one["bytes"] == len(data)
        assert one["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert one["rows"] == len(rows_of(warehouse, table.name))
        assert table.about_zh in one["description"]
        assert table.about_en in one["description"]
        for field, column in zip(one["schema"]["fields"], table.columns, strict=True):
            assert field["title"] == f"{column.zh} | {column.en}"
            assert field["description"] == f"{column.about_zh} | {column.about_en}"
            assert form != "xlsx" or field["column"] == column.name
        assert len(one["schema"].get("primaryKey", [])) == len(table.key)


def test_references_follow_from_the_catalogue() -> None:
    found = {(table.name, *one) for table in tables().values() for one in references(table)}
    assert ("core.cell", "report_id", "core.report", "report_id") in found
    assert ("core.report", "agency_id", "core.dim_agency", "agency_id") in found
    assert ("core.dim_agency", "acts_for", "core.dim_agency", "agency_id") in found
    assert ("core.dim_outcome", "parent_code", "core.dim_outcome", "outcome_code") in found
    assert ("quality.finding", "rule_code", "quality.rule", "rule_code") in found


def test_a_reference_to_a_table_that_is_not_exported_is_left_out(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "csv", "--tables", "core.cell,core.report")
    cell, report = sorted(descriptor(tmp_path / "out")["resources"], key=lambda one: str(one["name"]))
    assert [key["reference"]["resource"] for key in cell["schema"]["foreignKeys"]] == ["core.report"]
    assert "foreignKeys" not in report["schema"]


def test_the_workbook_has_notes_columns_frozen_headers_and_widths(warehouse: Path, tmp_path: Path) -> None:
    export(warehouse, tmp_path / "out", "xlsx", "--tables", ",".join(SMALL))
    book = openpyxl.load_workbook(tmp_path / "out" / "gongkai.xlsx")
    assert book.sheetnames[:2] == ["说明 Notes", "列说明 Columns"]
    assert book.sheetnames[2:] == [sheet_name(tables()[name]) for name in SMALL]
    notes = "\n".join(str(cell) for row in book["说明 Notes"].iter_rows(values_only=True) for cell in row)
    for wanted in ("MIT", "数据仓库生成于", "Warehouse built at", "空值不是零", "Empty is not zero"):
        assert wanted in notes
    for wanted in ("check_status", "scope", "consolidated", "Report years: all"):
        assert wanted in notes
    columns = list(book["列说明 Columns"].iter_rows(min_row=2, values_only=True))
    assert len(columns) == sum(len(tables()[name].columns) for name in SMALL)
    assert all(all(cell for cell in row) for row in columns)
    for name in SMALL:
        sheet = book[sheet_name(tables()[name])]
        assert sheet.freeze_panes == "A2"
        assert all(8 <= one.width <= 61 for one in sheet.column_dimensions.values())
        assert sheet.auto_filter.ref


def test_sheet_names_and_headers_are_such_as_excel_takes() -> None:
    names = [sheet_name(tables()[name]) for name in published()]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    for name in published():
        headers = [column.zh for column in tables()[name].columns]
        assert len(set(headers)) == len(headers), name


# --- what is taken ---


def test_the_same_warehouse_gives_the_same_bytes(
    warehouse: Path, exported: Callable[[str], Path], tmp_path: Path
) -> None:
    for form in FORMATS:
        export(warehouse, tmp_path / form, form)
        assert contents(tmp_path / form) == contents(exported(form))


def test_years_and_agencies_narrow_every_table_that_has_them(warehouse: Path, tmp_path: Path) -> None:
    said = export(
        warehouse, tmp_path / "out", "csv", "--years", "2020-2021", "--agencies", "启东市行政审批局"
    )
    assert "core.cell" in said
    package = descriptor(tmp_path / "out")
    (agency_id,) = package["selection"]["agencies"]
    assert package["selection"]["years"] == [2020, 2021]
    assert "启东市行政审批局" in package["description"]
    read = {name: from_csv(tmp_path / "out", tables()[name]) for name in SMALL}
    (report,) = read["core.report"]
    assert (report[2], report[4]) == (agency_id, 2020)
    for name in SMALL:
        table = tables()[name]
        for row in read[name]:
            record = dict(zip(table.column_names, row, strict=True))
            assert record.get("report_id", report[0]) in {report[0], None}, name
            assert record.get("agency_id", agency_id) == agency_id, name
            assert record.get("report_year", 2020) in {2020, 2021}, name
    assert len(read["core.cell"]) == len(rows_of(warehouse, "core.cell", f"WHERE report_id = '{report[0]}'"))
    assert [row[0] for row in read["raw.document"]] == [report[1]]
    assert len(read["core.dim_agency"]) == 1
    assert len(read["core.dim_outcome"]) == len(rows_of(warehouse, "core.dim_outcome"))
    assert Package(str(tmp_path / "out" / "datapackage.json")).validate().valid


def test_an_agency_is_known_by_id_name_and_name_in_the_report_and_brings_whom_it_acts_for(
    warehouse: Path, tmp_path: Path
) -> None:
    name = "淄博经济开发区管理委员会办公室"
    (agency_id,) = {row[2] for row in rows_of(warehouse, "core.report") if row[3] == name}
    for wanted in (name, agency_id):
        export(warehouse, tmp_path / wanted, "parquet", "--agencies", wanted)
        agencies = from_parquet(tmp_path / wanted, tables()["core.dim_agency"])
        assert {row[1] for row in agencies} == {name, "淄博经济开发区管理委员会"}
        assert {row[2] for row in from_parquet(tmp_path / wanted, tables()["core.report"])} == {agency_id}


def test_a_table_without_the_column_asked_for_is_narrowed_by_its_reports() -> None:
    chosen_years = Selection((2019,), {})
    assert "report_id IN (SELECT report_id FROM core.report WHERE report_year IN (2019))" in condition(
        tables()["core.cell"], chosen_years
    )
    assert condition(tables()["raw.document"], chosen_years) == "WHERE report_year IN (2019)"
    assert condition(tables()["core.dim_agency"], chosen_years) == ""
    assert condition(tables()["core.dim_item"], Selection((2019,), {"a'1": "甲"})) == ""
    assert "agency_id IN ('a''1')" in condition(tables()["core.report"], Selection((), {"a'1": "甲"}))


def test_tables_are_chosen_by_name_or_pattern() -> None:
    assert chosen([]) == usual()
    assert set(published()) - set(usual()) == set(texts()["left_out"])
    assert chosen(["core.section", "core.dim_re*"]) == ["core.section", "core.dim_region", "core.dim_result"]
    with pytest.raises(ValueError, match=r"core\.cells: no such table; there are raw\.document"):
        chosen(["core.cells"])


# --- how it ends ---


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--format", "ods"],
        ["--format", "csv", "--years", "last"],
        ["--format", "csv", "--years", "2021-2019"],
        ["--format", "csv", "--tables", "core.cells"],
        ["--format", "csv", "--no-such-option"],
    ],
)
def test_wrong_usage_ends_with_2_and_writes_nothing(
    warehouse: Path, tmp_path: Path, options: list[str]
) -> None:
    ended = gongkai("export", tmp_path / "out", "--warehouse", warehouse, *options)
    assert ended.returncode == 2
    assert ended.stderr
    assert "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--agencies", "启东市"], "no agency 启东市; is it one of 启东市行政审批局?"),
        (["--agencies", "某某局"], "no agency 某某局; see core.dim_agency."),
        (["--years", "2014"], "no report on 2014."),
        (["--years", "2019", "--agencies", "启东市行政审批局"], "no report of 启东市行政审批局 on 2019."),
    ],
)
def test_what_is_not_in_the_warehouse_ends_with_1_and_is_named(
    warehouse: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    ended = gongkai("export", tmp_path / "out", "--format", "csv", "--warehouse", warehouse, *options)
    assert ended.returncode == 1
    assert said in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_warehouse_and_one_of_another_version_end_with_1(warehouse: Path, tmp_path: Path) -> None:
    ended = gongkai("export", tmp_path / "out", "--format", "csv", "--warehouse", tmp_path)
    assert (ended.returncode, "There is no warehouse" in ended.stderr) == (1, True)
    shutil.copy(warehouse / "gongkai.duckdb", tmp_path)
    with duckdb.connect(tmp_path / "gongkai.duckdb") as connection:
        connection.execute("ALTER TABLE core.cell DROP COLUMN position")
    ended = gongkai("export", tmp_path / "out", "--format", "csv", "--warehouse", tmp_path)
    assert (ended.returncode, "no core.cell.position" in ended.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["gongkai.duckdb"]


def test_only_an_earlier_export_is_replaced_and_only_when_asked(warehouse: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()
    export(warehouse, target, "csv", "--tables", "core.report")
    first = contents(target)
    options: list[str | Path] = [
        "export",
        target,
        "--format",
        "parquet",
        "--warehouse",
        warehouse,
        "--tables",
        "core.dim_item",
    ]
    ended = gongkai(*options)
    assert (ended.returncode, "is not empty" in ended.stderr) == (1, True)
    assert contents(target) == first
    (target / "my notes.txt").write_text("mine", encoding="utf-8")
    ended = gongkai(*options, "--overwrite")
    assert (ended.returncode, "my notes.txt" in ended.stderr) == (1, True)
    assert set(contents(target)) == {*first, "my notes.txt"}
    (target / "my notes.txt").unlink()
    assert gongkai(*options, "--overwrite").returncode == 0
    assert set(contents(target)) == {"datapackage.json", "core.dim_item.parquet"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_cannot_be_written_ends_with_1(warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    ended = gongkai("export", tmp_path / "locked" / "out", "--format", "csv", "--warehouse", warehouse)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Permission denied" in ended.stderr


def write(path: Path, sheet: Sheet) -> dict[str, int]:
    return write_workbook(path, [sheet], [Note("甲", "a")], VINTAGE)


def endless(table: Table) -> Iterator[tuple[None, ...]]:
    while True:
        yield (None,) * len(table.columns)


def test_more_than_excel_takes_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 300)
    cell = tables()["core.cell"]
    with pytest.raises(TooMuch, match=r"core\.cell has more than the 299 rows .* --format csv or parquet"):
        write(tmp_path / "a.xlsx", Sheet(cell, endless(cell)))
    section = tables()["core.section"]
    long = tuple("甲" * 32_768 if one.name == "text" else None for one in section.columns)
    with pytest.raises(TooMuch, match=r"core\.section\.text has a text longer than the 32,767 letters"):
        write(tmp_path / "b.xlsx", Sheet(section, [long]))


def test_an_export_that_fails_leaves_nothing_and_keeps_the_old_one(warehouse: Path, tmp_path: Path) -> None:
    shutil.copy(warehouse / "gongkai.duckdb", tmp_path)
    export(tmp_path, tmp_path / "out", "xlsx", "--tables", "core.section")
    before = contents(tmp_path / "out")
    with duckdb.connect(tmp_path / "gongkai.duckdb") as connection:
        connection.execute("UPDATE core.section SET text = repeat('甲', 40000) WHERE rowid = 0")
    options: list[str | Path] = [
        "--format",
        "xlsx",
        "--tables",
        "core.section",
        "--warehouse",
        tmp_path,
        "--overwrite",
    ]
    ended = gongkai("export", tmp_path / "out", *options)
    assert ended.returncode == 1
    assert "core.section.text" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert contents(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["gongkai.duckdb", "out"]


def test_lists_are_json_and_nothing_else_is() -> None:
    assert as_text(["2019", "2021"]) == '["2019","2021"]'
    assert as_text("甲") == "甲"


def test_the_writer_names_every_table_and_row_it_wrote(warehouse: Path, tmp_path: Path) -> None:
    said = export(warehouse, tmp_path / "out", "csv", "--tables", "core.cell")
    line = next(line for line in io.StringIO(said) if line.startswith("core.cell"))
    assert line.split() == ["core.cell", "单元格", "990", "core.cell.csv"]
    assert f"Wrote 1 tables, 990 rows to {tmp_path / 'out'}." in said
