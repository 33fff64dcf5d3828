"""`make accuracy` counts rightly: proved with readers that are honest, lying or broken on purpose."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from tests import accuracy
from tests.accuracy import Table, Task, main, measure
from tests.generator import Made, make_report
from tests.generator.truth import Key

TASK = Task(4, "tabs", "2021", damaged=False)


@dataclass
class FakeCell:
    table_code: str
    row_code: str
    column_code: str
    value: float | None
    value_status: str
    check_status: str = "unchecked"
    line_no: int = 0
    raw_text: str = ""


@dataclass
class FakeReading:
    report_year: int
    agency_name: str
    disclosure_form: str
    application_form: str
    cells: list[FakeCell]
    findings: list[Any] = field(default_factory=list)


def honest(made: Made) -> FakeReading:
    truth = made.truth
    lines = made.lines or {}
    cells = [
        FakeCell(*key, cell.value, cell.status, line_no=lines.get(key, 0))
        for key, cell in truth.cells.items()
    ]
    return FakeReading(
        truth.year or 0, truth.agency or "", truth.disclosure_form, truth.application_form, cells
    )


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], FakeReading]], None]:
    """Puts another reader in the place of the real one."""

    def install(read: Callable[[], FakeReading]) -> None:
        monkeypatch.setattr(accuracy, "open_document", lambda *_: SimpleNamespace())
        monkeypatch.setattr(accuracy, "read", lambda _: read())

    return install


Install = Callable[[Callable[[], FakeReading]], None]


def lie(reading: FakeReading, key: Key, **changes: Any) -> FakeReading:
    cells = [
        replace(cell, **changes) if (cell.table_code, cell.row_code, cell.column_code) == key else cell
        for cell in reading.cells
    ]
    return replace(reading, cells=cells)


def test_an_honest_reader_is_right_everywhere(reader: Install) -> None:
    made = TASK.make()
    reader(lambda: honest(made))
    count = measure(TASK).counts
    assert count["right"] == count["total"] == 200
    assert (
        count["nonzero_right"]
        == count["nonzero"]
        == sum(bool(cell.value) for cell in made.truth.cells.values())
    )
    assert count["placed_right"] == count["placed"] == 200
    assert count["silent"] == count["failed"] == 0


def test_one_wrong_number_is_one_silent_wrong(reader: Install) -> None:
    key = ("application", "total_handled", "total")
    reader(lambda: lie(honest(TASK.make()), key, value=987654.0, value_status="reported"))
    outcome = measure(TASK)
    assert outcome.counts["silent"] == 1
    assert outcome.silent[0][0] == key
    reader(
        lambda: lie(honest(TASK.make()), key, value=9.5, value_status="reported", check_status="contradicted")
    )
    assert measure(TASK).counts["silent"] == 0
    assert measure(TASK).counts["flagged"] == 1


def test_a_number_of_another_reports_document_is_counted_apart(reader: Install) -> None:
    """The document says so: test_another.py has its row."""
    task = Task(201902, "markdown", None, damaged=True)
    made = task.make()
    moved = ["", "0", "0", "0", "0", ""]
    columns = made.truth.row_keys("application", "unable_unclear")

    def read(total: str) -> FakeReading:
        reading = honest(made)
        for cell in reading.cells:
            key = (cell.table_code, cell.row_code, cell.column_code)
            if key in columns:
                cell.raw_text = [*moved, total][columns.index(key)]
                cell.value = float(cell.raw_text) if cell.raw_text else None
                cell.value_status = "reported" if cell.raw_text else "blank"
        return reading

    def wrong(total: str) -> tuple[int, int]:
        reader(lambda: read(total))
        table = Table("both")
        table.add(measure(task))
        assert table.failing() == bool(table.whole["silent"])
        return table.whole["silent"], table.whole["traceless"]

    assert wrong("0") == (0, 1)
    assert wrong("7") == (1, 0)


def test_a_crash_and_a_wrong_year_fail_the_run(reader: Install) -> None:
    def crash() -> FakeReading:
        raise ValueError("no")

    reader(crash)
    outcome = measure(TASK)
    assert outcome.counts["crash"] == 1
    assert "ValueError: no" in outcome.problem
    assert outcome.counts["right"] == 0
    reader(lambda: replace(honest(TASK.make()), report_year=1999))
    table = Table("both")
    table.add(measure(TASK))
    assert table.whole["wrong_year"] == 1
    assert table.failing()


def test_the_exit_code_tells_of_silent_wrongs(reader: Install, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "--reports",
        "1",
        "--seed",
        "4",
        "--clean",
        "--layout",
        "tabs",
        "--form",
        "2021",
        "--jobs",
        "1",
    ]
    reader(lambda: honest(make_report(4, layout="tabs", form="2021")))
    assert main(arguments) == 0
    assert "200/200    100 %" in capsys.readouterr().out
    wrong = {"value": 987654.0, "value_status": "reported"}
    reader(
        lambda: lie(
            honest(make_report(4, layout="tabs", form="2021")), ("dispute", "review", "total"), **wrong
        )
    )
    assert main(arguments) == 1
    assert "dispute.review.total: wanted" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(5, 5, "100 %"), (99_999, 100_000, "99.99 %"), (0, 0, "–"), (0, 3, "0.00 %")]
)
def test_a_share_is_whole_only_when_nothing_is_missing(part: int, whole: int, text: str) -> None:
    assert accuracy._share(part, whole) == text
