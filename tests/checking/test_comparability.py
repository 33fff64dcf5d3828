"""What may be followed over the change of form of 2021."""

import pytest

from pipeline.checking.comparability import cells_of, series
from pipeline.forms import forms

BY_CELL = {(form, cell): one for one in series() for form, cells in one.cells.items() for cell in cells}


def test_every_cell_of_both_forms_is_in_one_series() -> None:
    held = [(form, cell) for one in series() for form, cells in one.cells.items() for cell in cells]
    assert len(held) == len(set(held))
    assert set(held) == {(form, cell) for form in forms() for cell in cells_of(form)}


def test_every_series_says_why_in_both_languages() -> None:
    assert all(one.zh and one.en for one in series())


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("application.received_new.total", "comparable"),
        ("application.granted.natural_person", "comparable"),
        ("application.carried_out.business", "comparable"),
        ("dispute.suit_after_review.pending", "comparable"),
        ("application.other.total", "sum"),
        ("disclosure.licensing.decisions", "caution"),
        ("disclosure.coercion.decisions", "caution"),
        ("disclosure.normative_document.made", "caution"),
        ("disclosure.normative_document.disclosed", "ended"),
        ("disclosure.normative_document.disclosed_total", "not_comparable"),
        ("disclosure.fee.items_last_year", "not_comparable"),
        ("disclosure.fee.items_change", "not_comparable"),
        ("disclosure.procurement.amount", "ended"),
        ("disclosure.public_service.decisions", "ended"),
        ("disclosure.penalty.items_change", "ended"),
    ],
)
def test_a_figure_of_2019_is_followed_as_far_as_the_forms_allow(cell: str, verdict: str) -> None:
    assert BY_CELL["2019", cell].verdict == verdict


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("application.other_rest.total", "sum"),
        ("disclosure.rule.issued", "caution"),
        ("disclosure.rule.in_force", "not_comparable"),
        ("disclosure.fee.amount", "not_comparable"),
        ("disclosure.rule.repealed", "begun"),
    ],
)
def test_a_figure_of_2021_is_followed_as_far_back_as_the_forms_allow(cell: str, verdict: str) -> None:
    assert BY_CELL["2021", cell].verdict == verdict


def test_only_the_sum_of_other_outcomes_is_one_series() -> None:
    one = BY_CELL["2019", "application.other.business"]
    assert one.followed
    assert one.cells == {
        "2019": ("application.other.business",),
        "2021": (
            "application.other_no_correction.business",
            "application.other_unpaid.business",
            "application.other_rest.business",
        ),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("disclosure.normative_document.disclosed_total", "disclosure.normative_document.in_force"),
        ("disclosure.normative_document.disclosed", "disclosure.normative_document.issued"),
        ("disclosure.fee.items_last_year", "disclosure.fee.amount"),
    ],
)
def test_columns_that_only_look_alike_are_two_series(old: str, new: str) -> None:
    assert BY_CELL["2019", old] != BY_CELL["2021", new]
    assert not BY_CELL["2019", old].followed
