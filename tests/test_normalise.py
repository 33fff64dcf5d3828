"""The second witness for numbers: it reads raw texts on its own and tells where the reader differs."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise import derive, disagreements
from pipeline.reading.words.values import interpret

# raw text, number, factor of the unit beside it
READ = [
    ("38", 38, 1),
    ("+801", 801, 1),
    ("-7", -7, 1),
    ("−7", -7, 1),
    ("减少7", -7, 1),
    ("１，２３４", 1234, 1),
    ("1,234,567", 1234567, 1),
    ("３", 3, 1),
    ("38件", 38, 1),
    ("1 撤诉", 1, 1),
    ("5（其中修订 2 件）", 5, 1),
    ("12900 万元", 12900, 10_000),
    ("19.7 万", 19.7, 10_000),
    ("1170400元", 1170400, 1),
    ("0.5亿元", 0.5, 100_000_000),
    (" 0 ", 0, 1),
]
CELLS = {"raw_text": pl.String(), "value": pl.Float64(), "unit": pl.String(), "value_status": pl.String()}


def cell(raw: str | None, value: float | None, status: str, unit: str = "count") -> pl.DataFrame:
    columns = {"raw_text": [raw], "value": [value], "unit": [unit], "value_status": [status]}
    return pl.DataFrame(columns, schema=CELLS)


@pytest.mark.parametrize(("raw", "number", "factor"), READ)
def test_numbers_signs_widths_separators_and_units_are_derived(raw: str, number: float, factor: int) -> None:
    row = derive(pl.Series([raw])).row(0, named=True)
    assert (row["number"], row["scale"], row["is_blank"]) == (number, factor, False)


@pytest.mark.parametrize("raw", ["/", "—", "无", "本单位无制发规章职能"])
def test_a_text_without_digits_has_no_number(raw: str) -> None:
    assert derive(pl.Series([raw]))["number"].to_list() == [None]


def test_each_text_is_derived_once_and_null_is_none() -> None:
    assert derive(pl.Series(["1", None, "1", " ", "2"]))["raw_text"].to_list() == ["1", " ", "2"]


@pytest.mark.parametrize(("raw", "number", "factor"), READ)
def test_both_witnesses_agree_on_what_agencies_write(raw: str, number: float, factor: int) -> None:
    assert number is not None
    meaning = interpret(raw)
    assert meaning.status == "reported"
    assert meaning.value is not None
    value = float(Decimal(str(meaning.value)) * (meaning.factor or 1))
    unit = "yuan" if factor > 1 or raw.endswith("元") else "count"
    assert not disagreements(cell(raw, value, "reported", unit))[0]


@pytest.mark.parametrize(
    ("raw", "value", "status", "unit"),
    [
        ("38", 39.0, "reported", "count"),  # another number
        ("38", None, "reported", "count"),  # reported, and no number
        ("-7", 7.0, "reported", "count"),  # the sign lost
        ("19.7 万", 19.7, "reported", "yuan"),  # the unit lost
        ("12900 万元", 1290000000.0, "reported", "yuan"),  # the unit counted wrongly
        ("1,234", 1.0, "reported", "count"),  # cut at the separator
        ("1 撤诉", 0.0, "reported", "count"),
        ("", 0.0, "reported", "count"),  # a blank made a zero
        ("", 0.0, "blank", "count"),  # a status that a value contradicts
        ("0", None, "blank", "count"),  # a figure called blank
        ("3", None, "not_applicable", "count"),
        ("", None, "not_applicable", "count"),
        ("3", None, "missing", "count"),
        ("abc", 3.0, "unreadable", "count"),
        (None, 3.0, "missing", "count"),
    ],
)
def test_a_difference_is_told(raw: str | None, value: float | None, status: str, unit: str) -> None:
    assert disagreements(cell(raw, value, status, unit)).to_list() == [True]


@pytest.mark.parametrize(
    ("raw", "value", "status", "unit"),
    [
        ("", None, "blank", "count"),
        (" ", None, "blank", "count"),
        (None, None, "blank", "count"),
        (None, None, "missing", "count"),
        ("/", None, "not_applicable", "count"),
        ("2020年", None, "unreadable", "count"),
        ("12.5", 125000.0, "reported", "yuan"),  # the header of the 2021 form is 万元
        ("12.5", 12.5, "reported", "yuan"),  # no unit anywhere
    ],
)
def test_what_fits_its_status_is_not_told(
    raw: str | None, value: float | None, status: str, unit: str
) -> None:
    assert disagreements(cell(raw, value, status, unit)).to_list() == [False]


@given(
    number=st.integers(0, 10**12),
    separators=st.booleans(),
    wide=st.booleans(),
    sign=st.sampled_from(["", "+", "-"]),
    unit=st.sampled_from(["", "元", "万元", "万", "亿元"]),
)
def test_any_amount_is_read_alike_by_both(
    number: int, *, separators: bool, wide: bool, sign: str, unit: str
) -> None:
    text = f"{sign}{number:,}{unit}" if separators else f"{sign}{number}{unit}"
    raw = text.translate({code: code + 0xFEE0 for code in map(ord, "0123456789,+-")}) if wide else text
    meaning = interpret(raw)
    assert meaning.value == (-number if sign == "-" else number)
    value = float(meaning.value * (meaning.factor or 1))
    assert disagreements(cell(raw, value, "reported", "yuan")).to_list() == [False]
    assert disagreements(cell(raw, value + max(1.0, abs(value) * 1e-6), "reported", "yuan")).to_list() == [
        True
    ]
