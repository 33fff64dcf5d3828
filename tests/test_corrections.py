"""Reviewed corrections: their file, what they do to a report, what becomes of each, and a run with one."""

import csv
import json
import shutil
from datetime import date
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from assets.paths import CORRECTIONS
from assets.storage import Storage
from pipeline.corrections import (
    Correction,
    CorrectionError,
    by_document,
    corrected,
    fingerprint,
    parse,
)
from pipeline.frames import Read, batch, report_of
from pipeline.reading import Reading
from pipeline.reading.records import CellRecord
from tests import nights
from tests.commands import SEEDS, gongkai
from tests.nights import night, tables
from tests.reading.made import by_key, findings_of, read_text, rules_of, stream_of
from tests.small_reports import figures, report

DOCUMENT = "0123456789abcdef"
FIELDS: dict[str, Any] = {
    "document_id": DOCUMENT,
    "table_code": "application",
    "row_code": "received_new",
    "column_code": "total",
    "expect": "9",
    "corrected_value": "5",
    "reason": "第三部分总计与分项不符",
    "source": "正文第10行",
    "reviewer": "张三",
    "reviewed_on": "2026-11-21",
}
NEW_TOTAL = ("application", "received_new", "total")


def file_of(*rows: dict[str, Any]) -> bytes:
    text = StringIO()
    writer = csv.DictWriter(text, Correction._fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def correction(**fields: Any) -> Correction:
    (found,) = parse(file_of(FIELDS | fields), "corrections.csv")
    return found


# --- the file ---


def test_a_line_of_the_file_is_a_correction() -> None:
    found = correction()
    assert found == Correction(
        DOCUMENT, *NEW_TOTAL, "9", 5, "第三部分总计与分项不符", "正文第10行", "张三", date(2026, 11, 21)
    )
    assert parse("\ufeff".encode() + file_of(FIELDS), "c") == [found]
    money = correction(table_code="disclosure", row_code="fee", column_code="amount", corrected_value="19.75")
    assert money.corrected_value == 19.75
    change = {"table_code": "disclosure", "row_code": "licensing", "column_code": "items_change"}
    assert correction(**change, corrected_value="-3").corrected_value == -3


def test_the_file_of_the_project_is_in_order() -> None:
    parse(CORRECTIONS.read_bytes(), "data/corrections.csv")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"document_id": "63dd1fd2"}, "16 hex digits"),
        ({"document_id": "1.23457E+15"}, "16 hex digits"),
        ({"row_code": "recieved_new"}, r"no form has a cell application\.recieved_new\.total"),
        ({"table_code": "dispute"}, "no form has a cell"),
        ({"expect": ""}, "expect is empty"),
        ({"reason": "  "}, "reason is empty"),
        ({"source": ""}, "source is empty"),
        ({"reviewer": ""}, "reviewer is empty"),
        ({"corrected_value": "1,234"}, "no plain number"),
        ({"corrected_value": "１２"}, "no plain number"),
        ({"corrected_value": "nan"}, "no plain number"),
        ({"corrected_value": "-5"}, "negative"),
        ({"corrected_value": "5.5"}, "no whole number"),
        ({"reviewed_on": "21.11.2026"}, "no date"),
    ],
)
def test_what_is_not_right_is_named_with_file_and_line(fields: dict[str, str], says: str) -> None:
    other = FIELDS | {"document_id": "f" * 16}
    with pytest.raises(CorrectionError, match=rf"^corrections\.csv, line 3: .*{says}"):
        parse(file_of(other, FIELDS | fields), "corrections.csv")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "line 1: the header must be document_id,"),
        (b"document_id,table_code\n", "line 1: the header"),
        (file_of(FIELDS, FIELDS), "line 3: the cell is corrected on line 2 already"),
        (file_of(FIELDS) + b"one,field,more\n", "line 3: 3 fields instead of 10"),
        (file_of(FIELDS) + b'"open', "line 3: "),
        (file_of() + "总计".encode("gb18030"), "line 2: the text is not UTF-8"),
    ],
)
def test_a_file_that_is_no_such_file_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(CorrectionError, match=says):
        parse(data, "corrections.csv")


def test_the_fingerprint_follows_the_content_and_not_the_order() -> None:
    one, other = correction(), correction(row_code="carried_in")
    assert fingerprint([]) is None
    assert fingerprint([one, other]) == fingerprint([other, one]) != fingerprint([one])
    assert fingerprint([one]) != fingerprint([correction(corrected_value="6")])
    assert by_document([one, other]) == {DOCUMENT: (one, other)}


# --- one report ---


def text(**cells: str) -> str:
    """A report whose new requests are 5 by natural persons, and in all what a test prints."""
    raws = figures(new=5) | {("application", "received_new", name): raw for name, raw in cells.items()}
    return report("启东市教育局", 2020, raws, overview="2020年，我局共收到政府信息公开申请5件。")


def reading(**cells: str) -> Reading:
    return read_text(text(**cells))


def test_a_corrected_cell_shows_the_figure_and_keeps_what_was_read() -> None:
    before = reading(total="9")
    after = corrected(before, [correction()])
    cell = by_key(after)[NEW_TOTAL]
    assert (cell.raw_text, cell.value, cell.value_status) == ("9", 5, "reported")
    assert cell.as_read == (9, "reported")
    (found,) = findings_of(after, "cell.corrected")
    assert (found.expected, found.observed, found.line_no) == ("5", "9", cell.line_no)
    assert "正文第10行" in found.message
    untouched = [key for key, one in by_key(after).items() if one.as_read is None]
    assert len(untouched) == len(before.cells) - 1
    assert by_key(before)[NEW_TOTAL].value == 9  # what was read is not changed


def test_arithmetic_is_judged_by_the_figures_shown() -> None:
    before, right = reading(total="9"), reading()
    assert {"application.balance", "application.applicants"} <= rules_of(before)
    after = corrected(before, [correction()])
    assert rules_of(after) - {"cell.corrected"} == rules_of(right)
    assert {key: cell.check_status for key, cell in by_key(after).items()} == {
        key: cell.check_status for key, cell in by_key(right).items()
    }
    wrong = corrected(right, [correction(expect="5", corrected_value="7")])
    assert {"application.balance", "application.applicants"} <= rules_of(wrong)
    assert by_key(wrong)[NEW_TOTAL].check_status == "contradicted"


def test_a_count_that_was_not_whole_is_settled_and_another_stays_contradicted() -> None:
    before = reading(total="9.5", business="1.5")
    after = corrected(before, [correction(expect="9.5")])
    (left,) = findings_of(after, "count.whole")
    assert left.column_code == "business"
    assert by_key(after)["application", "received_new", "business"].check_status == "contradicted"


@pytest.mark.parametrize(
    ("raw", "expect", "applies"),
    [
        ("/", "/", True),
        ("/", "not_applicable", True),
        ("若干", "unreadable", True),
        ("若干", "若干", True),
        ("9", "9 ", True),
        ("9", "09", False),
        ("9", "8", False),
        ("9", "unreadable", False),
        ("5", "9", False),
    ],
)
def test_only_what_is_read_as_expected_is_corrected(raw: str, expect: str, applies: bool) -> None:
    before = reading(total=raw)
    after = corrected(before, [correction(expect=expect)])
    assert (by_key(after)[NEW_TOTAL].as_read is not None) == applies
    if not applies:
        assert after is before


def test_a_missing_cell_can_be_supplied() -> None:
    whole = text()
    row = next(line for line in whole.splitlines() if "一、本年新收" in line)
    after = corrected(read_text(whole.replace(row + "\n", "")), [correction(expect="missing")])
    cell = by_key(after)[NEW_TOTAL]
    assert (cell.value, cell.as_read, cell.line_no) == (5, (None, "missing"), None)


def frames_of(printed: str, *own: Correction) -> dict[str, pl.DataFrame]:
    stream = stream_of(printed)
    return batch([Read(DOCUMENT, report_of(read_text(printed), stream, DOCUMENT, own))], "v")


def test_the_stored_cell_has_both_figures_and_the_text_is_held_against_the_corrected() -> None:
    frames = frames_of(text(total="9"), correction())
    shown = frames["core.cell"].filter(row_code="received_new", column_code="total")
    columns = ["raw_text", "value", "value_status", "corrected_value", "check_status"]
    assert shown.select(columns).rows() == [("9", 9.0, "reported", 5.0, "verified")]
    said = frames["core.narrative_figure"].filter(metric_code="requests_new")
    assert said.select("stated_value", "table_value", "verdict").rows() == [(5, 5.0, "equal")]
    plain = frames_of(text(total="9"))["core.narrative_figure"].filter(metric_code="requests_new")
    assert plain["verdict"].to_list() == ["unclear"]  # no figure of a total that its parts contradict


def test_without_corrections_nothing_differs() -> None:
    assert frames_of(text())["core.cell"]["corrected_value"].null_count() == len(reading().cells)


def test_the_second_witness_doubts_what_was_read_and_not_the_correction() -> None:
    """A fault of the reader empties the value as read; a person's figure stands."""
    wrong = CellRecord("dispute", "review", "upheld", "1", 2, "count", "reported", "verified", 7)
    given = wrong._replace(row_code="suit_direct", value=3, as_read=(2, "reported"))
    base = reading()
    base.cells = [wrong, given]
    cells = batch([Read(DOCUMENT, report_of(base, stream_of(text()), DOCUMENT))], "v")["core.cell"]
    assert cells.select("value", "value_status", "corrected_value", "check_status").rows() == [
        (None, "unreadable", None, "unchecked"),
        (None, "unreadable", 3.0, "verified"),
    ]


# --- what becomes of them, over nights ---


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    monkeypatch.setattr("assets.intake._REST_SECONDS", 0)
    made = nights.storage(tmp_path)
    (tmp_path / "corrections.csv").write_bytes(file_of())
    return Storage(raw=made.raw, warehouse=made.warehouse, corrections=str(tmp_path / "corrections.csv"))


def put(storage: Storage, name: str, printed: str) -> str:
    """Write a report into the folder and return its document's id."""
    (storage.raw_folder / name).write_text(printed, encoding="utf-8")
    return sha256(printed.encode()).hexdigest()[:16]


def correct(storage: Storage, *rows: dict[str, Any]) -> None:
    Path(storage.corrections).write_bytes(file_of(*rows))


def became(storage: Storage) -> list[tuple[object, ...]]:
    rows = storage.read("quality.correction")
    assert rows["message"].null_count() == 0
    return rows.select("document_id", "state", "read_now").rows()


def corrected_cells(storage: Storage) -> list[tuple[object, ...]]:
    cells = tables(storage)["core.cell"].filter(pl.col("corrected_value").is_not_null())
    return cells.select("report_id", "row_code", "value", "corrected_value").rows()


def test_a_change_of_corrections_reads_only_their_document_again(own: Storage) -> None:
    wrong = put(own, "a.txt", text(total="9"))
    put(own, "b.txt", report("启东市财政局", 2020, figures(new=3)))
    night(own)
    before = tables(own)
    fields = FIELDS | {"document_id": wrong}
    correct(own, fields)
    assert night(own, 1) == {"reading 2020": 1}
    assert became(own) == [(wrong, "applied", "9")]
    assert corrected_cells(own) == [(f"r{wrong}", "received_new", 9.0, 5.0)]
    assert night(own, 2) == {}
    correct(own, fields | {"corrected_value": "6"})
    assert night(own, 3) == {"reading 2020": 1}
    assert corrected_cells(own) == [(f"r{wrong}", "received_new", 9.0, 6.0)]
    correct(own)
    assert night(own, 4) == {"reading 2020": 1}
    assert not nights.differing(before, tables(own))


def test_a_correction_that_does_nothing_says_why(own: Storage) -> None:
    first = put(own, "a.txt", text(total="9"))
    bad = put(own, "bad.txt", "今天天气很好。\n")
    correct(
        own,
        FIELDS | {"document_id": first},
        FIELDS | {"document_id": first, "row_code": "granted", "expect": "77"},
        FIELDS | {"document_id": bad},
        FIELDS,
    )
    night(own)
    assert became(own) == [
        (first, "applied", "9"),
        (first, "differs", "5"),
        (bad, "unread", None),
        (DOCUMENT, "unknown_document", None),
    ]
    assert len(corrected_cells(own)) == 1
    # The source is put right: the new version is read as it is, and the correction is said to be idle.
    second = put(own, "a.txt", text())
    night(own, 1)
    assert became(own)[:2] == [(first, "superseded", "9"), (first, "superseded", "5")]
    current = tables(own)["core.report"].filter("is_current")
    assert current["document_id"].to_list() == [second]


def test_a_correction_of_a_year_that_is_not_read_waits(own: Storage) -> None:
    wrong = put(own, "a.txt", text(total="9"))
    night(own)
    correct(own, FIELDS | {"document_id": wrong})
    assert night(own, 1, years=[2021]) == {}
    assert became(own) == [(wrong, "unread", "9")]
    night(own, 2)
    assert became(own) == [(wrong, "applied", "9")]


def test_rules_across_years_use_the_corrected_figure(own: Storage) -> None:
    put(own, "before.txt", report("启东市教育局", 2019, figures(new=9, carried_out=5)))
    printed = report("启东市教育局", 2020, figures(new=9, carried_in=3))
    wrong = put(own, "after.txt", printed)
    night(own)

    def carry_over() -> list[str]:
        return tables(own)["quality.finding"].filter(rule_code="year.carry_over")["observed"].to_list()

    assert set(carry_over()) == {"3"}
    place = FIELDS | {"document_id": wrong, "row_code": "carried_in", "expect": "3"}
    correct(own, place, place | {"column_code": "natural_person"})
    night(own, 1)
    assert carry_over() == []


def test_an_unread_file_of_corrections_stops_the_night_before_anything_is_stored(own: Storage) -> None:
    put(own, "a.txt", text())
    Path(own.corrections).write_bytes(b"document_id\n")
    with pytest.raises(CorrectionError, match="line 1"):
        night(own)
    assert own.years("core.report") == []


# --- through the command line ---


def test_a_corrected_cell_through_the_command_line(tmp_path: Path) -> None:
    raw, out, file = tmp_path / "raw", tmp_path / "out", tmp_path / "reviewed.csv"
    raw.mkdir()
    (raw / "a.txt").write_bytes(SEEDS[1].read_bytes())
    wrong = {
        "document_id": "5ee351b687c94b0b",
        "table_code": "disclosure",
        "row_code": "licensing",
        "column_code": "decisions",
        "expect": "30710",
        "corrected_value": "3071",
    }
    file.write_bytes(file_of(FIELDS | wrong, FIELDS))
    run = ("ingest", "--raw", raw, "--warehouse", out, "--corrections", file)
    assert gongkai(*run[:-2]).returncode == 0
    uncorrected = tmp_path / "uncorrected.duckdb"
    shutil.copy(out / "gongkai.duckdb", uncorrected)
    ended = gongkai(*run)
    assert ended.returncode == 0, ended.stderr
    assert "Corrections 2: 1 applied, 1 unknown_document" in ended.stdout
    assert f"{DOCUMENT} application.received_new.total: " in ended.stdout
    with duckdb.connect(out / "gongkai.duckdb", read_only=True) as db:
        where = "WHERE row_code = 'licensing' AND column_code = 'decisions'"
        assert db.sql(f"SELECT value, corrected_value FROM core.cell {where}").fetchall() == [
            (30710.0, 3071.0)
        ]
        fact = "WHERE item_code = 'licensing' AND measure_code = 'decisions'"
        assert db.sql(f"SELECT value FROM core.fact_disclosure {fact}").fetchall() == [(3071.0,)]
        assert db.sql("SELECT licensing_decisions FROM mart.agency_year").fetchall() == [(3071.0,)]
        assert db.sql("SELECT 行政许可处理决定 FROM zh.agency_year").fetchall() == [(3071.0,)]
        found = "SELECT expected, observed FROM quality.finding WHERE rule_code = 'cell.corrected'"
        assert db.sql(found).fetchall() == [("3071", "30710")]
        formula = "SELECT formula_sql FROM mart.metric WHERE metric_code = 'licensing_decisions'"
        (sql,) = db.sql(formula).fetchall()[0]
        assert db.sql(f"SELECT {sql} FROM core.cell").fetchall() == [(3071.0,)]
    told = json.loads(gongkai("diff", uncorrected, out, "--table", "core.cell", "--format", "json").stdout)
    told = [one for one in told if one["column_name"] == "corrected_value"]
    assert [(one["table_name"], one["before"], one["after"]) for one in told] == [
        ("core.cell (current)", None, "3071.0"),
        ("core.cell", None, "3071.0"),
    ]
    published = (out / "gongkai.duckdb").read_bytes()
    file.write_bytes(file_of(FIELDS | wrong | {"reason": ""}))
    ended = gongkai(*run)
    assert ended.returncode == 1
    assert f"{file}, line 2: reason is empty" in ended.stderr
    assert (out / "gongkai.duckdb").read_bytes() == published
    assert gongkai(*run[:-1], tmp_path / "none.csv").returncode == 2
