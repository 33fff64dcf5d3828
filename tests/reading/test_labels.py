"""Every label of the forms is recognised, however it is spaced, numbered and bracketed."""

from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.forms import Label, forms, vocabulary
from pipeline.reading import Reading
from pipeline.reading.words.labels import index, skeleton
from tests.reading.made import balanced, by_key, findings_of, read_text, report_text, running

FORMS = ("2019", "2021")
LABELS = [label for kind, group in vocabulary().items() if kind != "section" for label in group.values()]
OWN = {
    (label.kind, label.code, label.zh): label
    for form in forms().values()
    for table in form.tables.values()
    for row in table.rows
    for label in (row.label, *row.columns, *row.headings)
}
SPELLINGS = [
    (label, spelling) for label in [*LABELS, *OWN.values()] for spelling in (label.zh, *label.variants)
]
NUMERALS = (
    "一、", "十、", "十一、", "（一）", "(一)", "（ 一 ）", "( 七)", "一.", "一．", "一,", "一，", "一：",
    "1.", "1．", "1、", "1,", "1，", "8. ", "12.", "（1）", "(1)", "１.", "１．", "（１）", "1）", "1)",
    "[1]", "［1］", "⒈", "⑴", "㈠", " 1 .", "3.（一）", "三、（一）",
)  # fmt: skip
GAPS = (" ", "  ", "    ", "　", "\u00a0", " 　")


def meant(text: str) -> set[tuple[str, str]]:
    """Which labels a text may be."""
    return {(label.kind, label.code) for label in index().get(skeleton(text), ())}


def parted(text: str, gap: str) -> str:
    return gap.join(text)


def wide(text: str) -> str:
    """Brackets, digits and punctuation in full width."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def narrow(text: str) -> str:
    """Brackets, digits and punctuation in half width."""
    return (
        "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in text)
        .replace("“", '"')
        .replace("”", '"')
    )


@pytest.mark.parametrize(
    ("label", "spelling"), SPELLINGS, ids=[f"{one.kind}.{one.code}" for one, _ in SPELLINGS]
)
def test_every_spelling_names_its_label(label: Label, spelling: str) -> None:
    assert (label.kind, label.code) in meant(spelling)


@pytest.mark.parametrize("gap", GAPS, ids=["space", "two", "four", "ideographic", "no-break", "mixed"])
def test_letters_parted(gap: str) -> None:
    for label, spelling in SPELLINGS:
        assert (label.kind, label.code) in meant(parted(spelling, gap)), parted(spelling, gap)


@pytest.mark.parametrize("numeral", NUMERALS)
def test_numerals_of_all_kinds(numeral: str) -> None:
    for label, spelling in SPELLINGS:
        for text in (numeral + spelling, f"{numeral} {spelling}"):
            assert (label.kind, label.code) in meant(text), text


@pytest.mark.parametrize("respell", [wide, narrow])
def test_brackets_and_punctuation_of_both_widths(respell: Callable[[str], str]) -> None:
    for label, spelling in SPELLINGS:
        assert (label.kind, label.code) in meant(respell(spelling)), respell(spelling)


@pytest.mark.parametrize("ending", ["：", ":", "。", "；", "*", " "])
def test_closing_punctuation(ending: str) -> None:
    for label, spelling in SPELLINGS:
        assert (label.kind, label.code) in meant(spelling + ending), spelling + ending


@given(st.sampled_from(SPELLINGS), st.sampled_from(NUMERALS), st.sampled_from(GAPS), st.data())
@settings(max_examples=500)
def test_gaps_anywhere(case: tuple[Label, str], numeral: str, gap: str, data: st.DataObject) -> None:
    label, spelling = case
    cuts = data.draw(st.lists(st.integers(1, len(spelling)), max_size=4))
    text = "".join(char + (gap if place in cuts else "") for place, char in enumerate(spelling, 1))
    assert (label.kind, label.code) in meant(numeral + text)


def test_labels_are_not_confused_within_a_table() -> None:
    """Two codes of one kind never share a spelling: a label says which row or column it is."""
    for kind, group in vocabulary().items():
        codes: dict[str, set[str]] = {}
        for label in group.values():
            for spelling in (label.zh, *label.variants):
                codes.setdefault(skeleton(spelling), set()).add(label.code)
        assert {bare: found for bare, found in codes.items() if len(found) > 1} == {}, kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0",
        "12",
        "-",
        "（一）",
        "1.",
        "无",
        "总体情况良好",
        "申请",
        "自然",
        "行政许可法",
        "本年度办理结果如下",
        "其他人",
        "三、",
    ],
)
def test_other_texts_are_no_labels(text: str) -> None:
    assert meant(text) == set()


# --- in a report ---


def _numbered(label: Label, place: int) -> str:
    return NUMERALS[place % len(NUMERALS)] + label.zh


WAYS: dict[str, Callable[[Label, int], str]] = {
    "own": lambda label, _: label.zh,
    "parted": lambda label, place: parted(label.zh, GAPS[place % len(GAPS)]),
    "numbered": _numbered,
    "wide": lambda label, _: wide(label.zh),
    "narrow": lambda label, _: narrow(label.zh),
    "variant": lambda label, place: (label.zh, *label.variants)[place % (1 + len(label.variants))],
    "colon": lambda label, _: f"{label.zh}：",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", WAYS)
def test_a_report_whose_labels_are_all_spelt_so_is_read_whole(form: str, way: str) -> None:
    figures = running(form)
    cells = by_key(read_text(report_text(form, figures, spell=WAYS[way], numbered=False)))
    assert {key: cell.raw_text for key, cell in cells.items()} == figures


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["own", "parted", "numbered", "wide", "narrow", "colon"])
def test_typography_is_no_other_label(form: str, way: str) -> None:
    reading = read_text(report_text(form, running(form), spell=WAYS[way], numbered=False))
    assert findings_of(reading, "label.variant") == []


Variant = tuple[str, str, Label, str]
"""Form, table, label, another spelling of it."""


def variants_of(form: str, table: str, labels: Iterable[Label]) -> Iterator[Variant]:
    """Known spellings that differ from the form's own by more than typography."""
    for label in dict.fromkeys(labels):
        for variant in label.variants:
            if skeleton(variant) != skeleton(label.zh):
                yield form, table, label, variant


TABLES = [(form, table) for form in FORMS for table in forms()[form].tables.values()]
ROW_VARIANTS = [
    variant
    for form, table in TABLES
    for variant in variants_of(form, table.code, [row.label for row in table.rows])
]
COLUMN_VARIANTS = [
    variant
    for form, table in TABLES
    for variant in variants_of(form, table.code, [label for row in table.rows for label in row.columns])
]


def spelt(form: str, label: Label, variant: str) -> Reading:
    """A report in which one label is spelt otherwise; every figure in it is read."""

    def spell(one: Label, _: int) -> str:
        return variant if (one.kind, one.code) == (label.kind, label.code) else one.zh

    figures = running(form)
    reading = read_text(report_text(form, figures, spell=spell, numbered=False))
    assert {key: cell.raw_text for key, cell in by_key(reading).items()} == figures
    return reading


def name_of(case: Variant) -> str:
    return f"{case[0]}.{case[2].code}"


@pytest.mark.parametrize("case", ROW_VARIANTS, ids=name_of)
def test_another_spelling_of_a_row_is_read_and_reported(case: Variant) -> None:
    form, table, label, variant = case
    found = findings_of(spelt(form, label, variant), "label.variant")
    assert [(one.table_code, one.row_code, one.observed) for one in found] == [(table, label.code, variant)]


@pytest.mark.parametrize("case", COLUMN_VARIANTS, ids=name_of)
def test_another_spelling_of_a_column_is_read_and_reported(case: Variant) -> None:
    form, table, label, variant = case
    found = findings_of(spelt(form, label, variant), "label.variant")
    assert {(one.table_code, one.column_code, one.observed) for one in found} == {
        (table, label.code, variant)
    }


@pytest.mark.parametrize(
    ("form", "spelling", "own"),
    [("2019", "采购金额", "采购总金额"), ("2021", "收费金额", "本年收费金额（单位：万元）")],
)
def test_a_variant_is_told_against_the_name_in_the_table_s_own_form(
    form: str, spelling: str, own: str
) -> None:
    text = report_text(form).replace(own, spelling)
    (found,) = findings_of(read_text(text), "label.variant")
    assert (found.expected, found.observed) == (own, spelling)


@pytest.mark.parametrize("mark", ["①", " ②", "¹", "[1]", "（2）", "〔3〕"])
def test_a_footnotes_mark_is_no_part_of_a_label(mark: str) -> None:
    """A 2019 table 三 whose 其他处理 had one was read as the 2021 form's."""
    assert skeleton(f"（六）其他处理{mark}") == skeleton("（六）其他处理")
    text = report_text("2019", balanced("2019", 3))
    marked = text.replace("其他处理", f"其他处理{mark}").replace("重复申请", f"重复申请{mark}")
    assert marked != text
    reading = read_text(marked)
    assert reading.application_form == "2019"
    cells, plain = by_key(reading), by_key(read_text(text))
    assert {key: cell.value for key, cell in cells.items()} == {
        key: cell.value for key, cell in plain.items()
    }
