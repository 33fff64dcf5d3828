"""The forms' arithmetic: which cells it proves, which it contradicts, and when it can't be asked.

The identities come from `statute.py`, typed from the printed forms, not from the forms' data.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checking.identities import evaluate
from pipeline.documents import open_document
from pipeline.reading import CellRecord, read
from tests.generator import FORMS, LAYOUTS, PROFILES, STYLES, Made, damage, make_report
from tests.generator.truth import Truth, make_figures
from tests.reading import statute
from tests.reading.made import by_key, findings_of, read_text, report_text
from tests.reading.statute import Cell

Number = int | float | None
CHECKED = ("application", "dispute")
BOTH_FORMS = ("2019", "2021")
SOUND_LAYOUTS = ("tabs", "markdown", "pipe_lines", "html", "html_old", "html_word", "docx")
"""Layouts that show each cell in its place, with its labels: nothing is left to be guessed."""


def checked(
    form: str, table: str, numbers: Mapping[Cell, Number], unknown: Sequence[Cell] = ()
) -> dict[Cell, str]:
    """The check status of each cell; cells that are not in `numbers` are 0."""
    order = statute.cells(form, table)
    places = {order.index(cell) for cell in unknown}
    statuses, _ = evaluate(form, table, [numbers.get(cell, 0) for cell in order], places)
    return dict(zip(order, statuses, strict=True))


def failing(form: str, table: str, numbers: Mapping[Cell, Number]) -> list[tuple[str, Number, Number]]:
    order = statute.cells(form, table)
    _, failures = evaluate(form, table, [numbers.get(cell, 0) for cell in order], set())
    return sorted((one.equation.rule, one.left, one.right) for one in failures)


def figures_of(seed: int, form: str, profile: str, table: str) -> dict[Cell, Number]:
    figures = make_figures(Random(f"{seed}:identities"), form, profile)
    return {key[1:]: int(value) for key, value in figures.items() if key[0] == table}


def demanded(form: str, table: str, numbers: Mapping[Cell, Number]) -> dict[Cell, str]:
    """What the contract demands when every cell has a number, from the identities as typed."""
    statuses = dict.fromkeys(statute.cells(form, table), "unchecked")
    broken: set[Cell] = set()
    for _, left, right in statute.identities(form, table):
        statuses.update(dict.fromkeys([*left, *right], "verified"))
        if sum(numbers[cell] or 0 for cell in left) != sum(numbers[cell] or 0 for cell in right):
            broken.update([*left, *right])
    return statuses | dict.fromkeys(broken, "contradicted")


any_table = st.tuples(
    st.integers(0, 10**6), st.sampled_from(BOTH_FORMS), st.sampled_from(PROFILES), st.sampled_from(CHECKED)
)
new_values = st.one_of(st.integers(0, 60), st.integers(0, 5_000_000))


# --- every cell of tables 三 and 四 is covered ---


@given(any_table)
def test_true_figures_are_all_verified(drawn: tuple[int, str, str, str]) -> None:
    _, form, _, table = drawn
    numbers = figures_of(*drawn)
    assert set(checked(form, table, numbers).values()) == {"verified"}
    assert failing(form, table, numbers) == []


@given(any_table, st.data())
@settings(max_examples=1000)
def test_any_single_altered_figure_is_contradicted(
    drawn: tuple[int, str, str, str], data: st.DataObject
) -> None:
    _, form, _, table = drawn
    numbers = figures_of(*drawn)
    cell = data.draw(st.sampled_from(statute.cells(form, table)))
    numbers[cell] = data.draw(new_values.filter(lambda value: value != numbers[cell]))
    statuses = checked(form, table, numbers)
    assert statuses[cell] == "contradicted"
    assert statuses == demanded(form, table, numbers)


@pytest.mark.parametrize("form", BOTH_FORMS)
@pytest.mark.parametrize("table", CHECKED)
def test_each_cell_altered_by_one_is_contradicted(form: str, table: str) -> None:
    for cell in statute.cells(form, table):
        numbers = figures_of(3, form, "county", table)
        numbers[cell] = (numbers[cell] or 0) + 1
        assert checked(form, table, numbers)[cell] == "contradicted"


@given(any_table, st.data())
@settings(max_examples=300)
def test_several_altered_figures_give_what_the_form_demands(
    drawn: tuple[int, str, str, str], data: st.DataObject
) -> None:
    _, form, _, table = drawn
    numbers = figures_of(*drawn)
    for cell in data.draw(st.lists(st.sampled_from(statute.cells(form, table)), min_size=2, max_size=6)):
        numbers[cell] = data.draw(new_values)
    assert checked(form, table, numbers) == demanded(form, table, numbers)


@pytest.mark.parametrize("form", BOTH_FORMS)
def test_table_two_is_covered_by_no_identity(form: str) -> None:
    numbers: dict[Cell, Number] = {cell: place for place, cell in enumerate(statute.DISCLOSURE[form])}
    assert set(checked(form, "disclosure", numbers).values()) == {"unchecked"}


def test_a_failure_names_its_rule_and_both_sums() -> None:
    numbers: dict[Cell, Number] = {("review", "upheld"): 2, ("review", "pending"): 1, ("review", "total"): 4}
    assert failing("2021", "dispute", numbers) == [("dispute.results", 4, 3)]
    numbers = {("received_new", "research"): 3, ("received_new", "total"): 3}
    assert failing("2019", "application", numbers) == [
        ("application.balance", 3, 0),
        ("application.balance", 3, 0),
    ]


# --- end to end: an altered figure in a printed report ---


class Alteration(NamedTuple):
    """A made report, and the one figure in it that is printed otherwise than its identities demand."""

    seed: int
    layout: str
    form: str
    profile: str
    style: str
    key: tuple[str, str, str]
    value: int

    def made(self) -> Made:
        def misprint(truth: Truth, _: Random) -> None:
            truth.figures[self.key] = Decimal(self.value)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(damage, "misprint", misprint)
            choice = {"layout": self.layout, "form": self.form, "profile": self.profile, "style": self.style}
            return make_report(self.seed, **choice, damages=["misprint"])


@st.composite
def alterations(draw: st.DrawFn, layouts: Sequence[str], styles: Sequence[str]) -> Alteration:
    seed, form = draw(st.integers(0, 10**6)), draw(st.sampled_from(tuple(FORMS)))
    profile, style = draw(st.sampled_from(PROFILES)), draw(st.sampled_from(styles))
    table = draw(st.sampled_from(CHECKED))
    key = (table, *draw(st.sampled_from(statute.cells(FORMS[form][1], table))))
    true = make_report(seed, layout="tabs", form=form, profile=profile, style=style).truth.figures[key]
    value = draw(new_values.filter(lambda value: value != true))
    return Alteration(seed, draw(st.sampled_from(layouts)), form, profile, style, key, value)


def read_cell(made: Made, key: tuple[str, str, str]) -> CellRecord:
    return by_key(read(open_document(made.data, made.file_name)))[key]


@given(alterations(SOUND_LAYOUTS, ["plain", "fullwidth", "comma", "suffix"]))
@settings(max_examples=300)
def test_an_altered_figure_in_a_sound_layout_is_read_and_contradicted(drawn: Alteration) -> None:
    cell = read_cell(drawn.made(), drawn.key)
    assert (cell.value_status, cell.value, cell.check_status) == ("reported", drawn.value, "contradicted")


@given(alterations(LAYOUTS, tuple(STYLES)))
@settings(max_examples=400)
def test_an_altered_figure_is_never_verified_in_any_layout(drawn: Alteration) -> None:
    """The cell is contradicted, or has openly no number, or an identity that would tell lacks its total."""
    made = drawn.made()
    cell, truth = read_cell(made, drawn.key), made.truth
    assert cell.check_status != "verified"
    if cell.value_status == "reported" and not truth.cells[drawn.key].undetermined:
        assert cell.value == truth.cells[drawn.key].value
        assert cell.check_status == "contradicted" or not all_printed(truth, drawn.key)


def all_printed(truth: Truth, key: tuple[str, str, str]) -> bool:
    """Tell whether every cell of every identity that covers a cell prints a number."""
    table = key[0]
    sides = [{*left, *right} for _, left, right in statute.identities(truth.application_form, table)]
    cells = {cell for side in sides if key[1:] in side for cell in side}
    return all(truth.cells[table, row, column].status == "reported" for row, column in cells)


# --- blanks: nothing that is not written proves, or is proved ---


def test_a_blank_is_never_verified() -> None:
    numbers: dict[Cell, Number] = {
        ("review", "upheld"): 2,
        ("review", "corrected"): None,
        ("review", "total"): 2,
    }
    statuses = checked("2019", "dispute", numbers)
    assert statuses["review", "corrected"] == "unchecked"
    assert statuses["review", "upheld"] == statuses["review", "total"] == "verified"


def test_blank_parts_add_nothing_to_a_reported_total() -> None:
    parts = ("upheld", "corrected", "other", "pending")
    blank: dict[Cell, Number] = {("review", part): None for part in parts}
    nothing = checked("2019", "dispute", {**blank, ("review", "total"): 0})
    assert [nothing["review", part] for part in parts] == ["unchecked"] * 4
    something = checked("2019", "dispute", {**blank, ("review", "total"): 3})
    assert something["review", "total"] == "contradicted"
    assert [something["review", part] for part in parts] == ["unchecked"] * 4


def test_a_blank_total_asks_nothing_of_its_parts() -> None:
    numbers: dict[Cell, Number] = {
        ("review", "upheld"): 2,
        ("review", "corrected"): 1,
        ("review", "total"): None,
    }
    statuses = checked("2019", "dispute", numbers)
    assert {statuses["review", part] for part in ("upheld", "corrected", "other", "pending", "total")} == {
        "unchecked"
    }


@pytest.mark.parametrize("form", BOTH_FORMS)
def test_a_blank_total_of_a_column_does_not_accuse_the_column(form: str) -> None:
    """一 + 二 = 三（七） + 四: with （七） left empty the balance has an unknown; nobody miscounted."""
    numbers: dict[Cell, Number] = {
        ("received_new", "business"): 5,
        ("received_new", "total"): 5,
        ("granted", "business"): 4,
        ("granted", "total"): 4,
        ("carried_out", "business"): 1,
        ("carried_out", "total"): 1,
        ("total_handled", "business"): None,
        ("total_handled", "total"): 4,
    }
    statuses = checked(form, "application", numbers)
    assert statuses["total_handled", "business"] == "unchecked"
    assert statuses["received_new", "business"] == "verified"  # its row adds up
    assert statuses["granted", "total"] == "verified"


@given(any_table, st.data())
@settings(max_examples=300)
def test_figures_left_blank_or_unknown_are_never_checked(
    drawn: tuple[int, str, str, str], data: st.DataObject
) -> None:
    _, form, _, table = drawn
    numbers = figures_of(*drawn)
    order = statute.cells(form, table)
    gone = data.draw(st.lists(st.sampled_from(order), min_size=1, unique=True))
    unknown = [cell for cell in gone if data.draw(st.booleans())]
    statuses = checked(form, table, {**numbers, **dict.fromkeys(gone)}, unknown)
    assert {statuses[cell] for cell in gone} == {"unchecked"}


@given(any_table, st.data())
@settings(max_examples=300)
def test_zeros_left_blank_contradict_nothing(drawn: tuple[int, str, str, str], data: st.DataObject) -> None:
    """An agency that leaves its zeros empty has made no mistake in its sums."""
    _, form, _, table = drawn
    numbers = figures_of(*drawn)
    zeros = [cell for cell, value in numbers.items() if value == 0]
    blank = data.draw(st.lists(st.sampled_from(zeros), unique=True)) if zeros else []
    statuses = checked(form, table, {**numbers, **dict.fromkeys(blank)})
    assert "contradicted" not in statuses.values()


# --- what is missing or unreadable ---


def test_an_identity_with_an_unknown_cell_cannot_be_asked() -> None:
    numbers: dict[Cell, Number] = {
        ("review", "upheld"): 2,
        ("review", "corrected"): None,
        ("review", "total"): 2,
    }
    statuses = checked("2021", "dispute", numbers, unknown=[("review", "corrected")])
    assert {statuses["review", part] for part in ("upheld", "corrected", "other", "pending", "total")} == {
        "unchecked"
    }
    assert statuses["suit_direct", "total"] == "verified"


def test_an_unknown_total_cannot_be_asked_either() -> None:
    numbers: dict[Cell, Number] = {("review", "upheld"): 2, ("review", "total"): None}
    statuses = checked("2021", "dispute", numbers, unknown=[("review", "total")])
    assert statuses["review", "upheld"] == "unchecked"


@given(any_table, st.data())
@settings(max_examples=300)
def test_lost_cells_contradict_nothing(drawn: tuple[int, str, str, str], data: st.DataObject) -> None:
    """What can't be read proves nothing and accuses nobody; the identities without it still hold."""
    _, form, _, table = drawn
    numbers = figures_of(*drawn)
    lost = data.draw(
        st.lists(st.sampled_from(statute.cells(form, table)), min_size=1, max_size=30, unique=True)
    )
    statuses = checked(form, table, {**numbers, **dict.fromkeys(lost)}, lost)
    asked = [
        {*left, *right}
        for _, left, right in statute.identities(form, table)
        if not {*left, *right} & set(lost)
    ]
    for cell, status in statuses.items():
        assert status == ("verified" if any(cell in one for one in asked) else "unchecked")


@pytest.mark.parametrize("form", BOTH_FORMS)
def test_a_lost_row_in_a_report_leaves_its_columns_unproved(form: str) -> None:
    text = report_text(
        form, {("application", "granted", "business"): "1", ("application", "granted", "total"): "1"}
    )
    without = "\n".join(line for line in text.split("\n") if "重复申请" not in line)
    reading = read_text(without)
    cells = by_key(reading)
    assert cells["application", "rejected_repeat", "business"].value_status == "missing"
    assert cells["application", "rejected_repeat", "business"].check_status == "unchecked"
    assert [one.row_code for one in findings_of(reading, "cell.missing")] == ["rejected_repeat"]
    assert findings_of(reading, "application.outcomes") == []


# --- count.whole ---


def only(
    form: str, raws: dict[tuple[str, str, str], str], key: tuple[str, str, str]
) -> tuple[CellRecord, list[str]]:
    """One cell of a report with these raw texts, and the raw texts that count.whole is reported on."""
    reading = read_text(report_text(form, raws))
    found = findings_of(reading, "count.whole")
    return by_key(reading)[key], [one.observed or "" for one in found]


@pytest.mark.parametrize("raw", ["-3", "－３", "−3", "2.5", "0.5", "-0.5", "-3件", "2.5（折算）"])
@pytest.mark.parametrize("form", BOTH_FORMS)
def test_a_count_is_whole_and_not_negative(form: str, raw: str) -> None:
    key = ("application", "received_new", "natural_person")
    balanced = {("application", row, column): raw for row in ("received_new", "granted", "total_handled")
                for column in ("natural_person", "total")}  # fmt: skip
    cell, found = only(form, balanced, key)
    assert cell.value_status == "reported"
    assert cell.check_status == "contradicted"
    assert found == [raw] * 6


def test_a_count_of_table_two_is_whole_too() -> None:
    cell, found = only("2021", {("disclosure", "licensing", "decisions"): "12.5"},
                       ("disclosure", "licensing", "decisions"))  # fmt: skip
    assert (cell.value, cell.check_status, found) == (12.5, "contradicted", ["12.5"])


def test_the_change_of_items_may_be_negative_but_not_broken() -> None:
    key = ("disclosure", "licensing", "items_change")
    cell, found = only("2019", {key: "-7"}, key)
    assert (cell.value, cell.check_status, found) == (-7, "unchecked", [])
    cell, found = only("2019", {key: "-7.5"}, key)
    assert (cell.value, cell.check_status, found) == (-7.5, "contradicted", ["-7.5"])


def test_money_may_be_broken() -> None:
    key = ("disclosure", "fee", "amount")
    cell, found = only("2021", {key: "12.3456"}, key)
    assert (cell.value, cell.unit, cell.check_status, found) == (123456, "yuan", "unchecked", [])
