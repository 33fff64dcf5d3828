"""The generator keeps its promises: figures add up, files print the truth, damage adjusts it."""

import hashlib
import io
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import islice
from xml.etree import ElementTree as ET

import pandas as pd
import pdfplumber
import pytest

from tests.generator import FORMS, LAYOUTS, PROFILES, STYLES, Made, corpus, make_report
from tests.generator.damage import DAMAGES
from tests.generator.html_pages import HTML_LAYOUTS
from tests.generator.judge import Judgement, Verdict, judge, judge_cell
from tests.generator.layouts import TEXT_LAYOUTS
from tests.generator.truth import TOTAL, CellTruth, Key, application_rows, broken_identities

HARMLESS = {
    "lost_chars",
    "parted_letters",
    "advertising_in_text",
    "advertising_lines",
    "lost_heading",
    "repeated_header",
    "slid_label",
    "split_header",
    "broken_label",
    "merged_cells",
}
"""Damages that leave every cell legible, in every layout."""


def text_of(made: Made) -> str:
    """The file's text without any white space."""
    if made.layout == "docx":
        xml = zipfile.ZipFile(io.BytesIO(made.data)).read("word/document.xml")
        name = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
        return re.sub(r"\s", "", "".join(node.text or "" for node in ET.fromstring(xml).iter(name)))  # noqa: S314
    if made.layout == "pdf":
        with pdfplumber.open(io.BytesIO(made.data)) as file:
            tables = [row for page in file.pages for table in page.extract_tables() for row in table]
            cells = [cell for row in tables for cell in row if cell]
            return re.sub(r"\s", "", "".join([*cells, *(page.extract_text() for page in file.pages)]))
    text = made.data.decode(made.encoding or "utf-8")
    if made.layout in HTML_LAYOUTS:
        text = re.sub(r"<[^>]*>", "", re.sub(r"(?s)<!--.*?-->|<script.*?</script>", "", text))
    return re.sub(r"\s", "", text.replace("&nbsp;", ""))


def file_lines(made: Made) -> list[str]:
    return re.split(r"\r\n|\n", made.data.decode(made.encoding or "utf-8"))


def number_of(raw: str) -> Decimal:
    """The leading number of a print, read by other means than those that wrote it."""
    folded = unicodedata.normalize("NFKC", raw).replace(",", "").replace("−", "-")
    found = re.match(r"[+-]?\d+(\.\d+)?", folded.strip())
    assert found, raw
    return Decimal(found[0])


# --- truth ---


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("profile", PROFILES)
def test_figures_satisfy_the_identities(form: str, profile: str) -> None:
    for seed in range(30):
        truth = make_report(seed, layout="tabs", form=form, profile=profile).truth
        assert broken_identities(truth.figures, truth.application_form) == []
        counts = [value for key, value in truth.figures.items() if key[2] not in ("amount", "items_change")]
        assert all(value >= 0 and value == value.to_integral_value() for value in counts)


@pytest.mark.parametrize(
    ("form", "cells"), [("2019", 198), ("2021", 200), ("2021+2019", 186), ("2019+2021", 212)]
)
def test_every_statutory_cell_has_a_truth(form: str, cells: int) -> None:
    assert len(make_report(1, form=form, layout="tabs").truth.cells) == cells


def test_profiles_are_as_big_as_they_say() -> None:
    largest = {
        profile: max(
            max(make_report(seed, layout="tabs", form="2021", profile=profile).truth.figures.values())
            for seed in range(40)
        )
        for profile in PROFILES
    }
    city = [make_report(seed, layout="tabs", form="2021", profile="city").truth.figures for seed in range(40)]
    assert max(figures["application", "received_new", TOTAL] for figures in city) >= 1_000_000
    assert largest["zeros"] == 0
    assert 0 < largest["sparse"] < largest["county"] < largest["city"]


def test_a_misprint_breaks_an_identity_and_little_else() -> None:
    for seed in range(60):
        right = make_report(seed, layout="tabs").truth
        wrong = make_report(seed, layout="tabs", damages=["misprint"])
        assert wrong.damages == ("misprint",)
        assert broken_identities(wrong.truth.figures, right.application_form)
        changed = [key for key in right.figures if right.figures[key] != wrong.truth.figures[key]]
        assert 1 <= len(changed) <= 3
        assert all(key[0] != "disclosure" for key in changed)


# --- prints ---


@pytest.mark.parametrize("style", STYLES)
def test_the_value_of_a_print_is_the_number_it_begins_with(style: str) -> None:
    units = {"亿元": Decimal(100_000_000), "万元": Decimal(10_000), "万": Decimal(10_000), "元": Decimal(1)}
    for seed in range(25):
        truth = make_report(seed, layout="tabs", form="2021", style=style).truth
        for key, cell in truth.cells.items():
            if cell.status != "reported":
                assert cell.value is None
                assert cell.raw.strip() in ("", "/", "—", "-", "无", "——", "－") or len(cell.raw) > 2
                continue
            scale = Decimal(1)
            if key[2] == "amount":
                unit = next((unit for unit in units if cell.raw.strip().endswith(unit)), "万元")
                scale = units[unit]
            assert cell.value == pytest.approx(float(number_of(cell.raw) * scale), rel=1e-12), cell
            assert cell.value == float(truth.figures[key])


def test_styles_print_what_their_names_say() -> None:
    def raws(style: str) -> Counter[str]:
        made = [make_report(seed, layout="tabs", style=style, profile="county") for seed in range(20)]
        return Counter(cell.raw for one in made for cell in one.truth.cells.values())

    assert any("０" <= char <= "９" for raw in raws("fullwidth") for char in raw)
    assert any(re.search(r"\d,\d{3}", raw) for raw in raws("comma"))
    assert any(re.search(r"\d，\d{3}", raw) for raw in raws("widecomma"))
    assert any(raw.endswith("件") for raw in raws("suffix"))
    assert raws("blank")[""] > 500
    assert "0" not in raws("blank")
    assert raws("slash")["/"] > 500
    assert raws("none")["无"] > 500
    assert any("修订" in raw or "撤诉" in raw for raw in raws("remarks"))
    assert any(raw.startswith("+") for raw in raws("plain"))


# --- files ---


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_seed_is_one_report(layout: str) -> None:
    for damages in (None, "random"):
        one, two = (make_report(11, layout=layout, damages=damages) for _ in range(2))
        assert one == two
        assert make_report(12, layout=layout, damages=damages).data != one.data


def test_reports_do_not_depend_on_the_process() -> None:
    code = (
        "import hashlib; from tests.generator import corpus\n"
        "print(hashlib.sha256(b''.join(made.data for made in corpus(60, 5, damaged=True))).hexdigest())"
    )
    here = hashlib.sha256(b"".join(made.data for made in corpus(60, 5, damaged=True))).hexdigest()
    for hash_seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": hash_seed},
        )
        assert run.stdout.strip() == here


def test_one_seed_prints_the_same_cells_in_every_layout() -> None:
    for seed in range(8):
        raws = [
            {key: cell.raw for key, cell in make_report(seed, layout=layout).truth.cells.items()}
            for layout in LAYOUTS
            if layout != "pdf" or seed == 0
        ]
        assert all(one == raws[0] for one in raws)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_prints_every_value_and_the_names(layout: str) -> None:
    for seed in range(2 if layout == "pdf" else 25):
        made = make_report(seed, layout=layout)
        text = text_of(made)
        for cell in made.truth.cells.values():
            assert re.sub(r"\s", "", cell.raw) in text
        assert made.truth.agency is None or made.truth.agency in text
        assert f"{made.truth.year}年" in text


@pytest.mark.parametrize("layout", TEXT_LAYOUTS)
def test_a_text_layout_knows_the_line_of_every_value(layout: str) -> None:
    for seed in range(40):
        made = make_report(seed, layout=layout, damages="random" if seed % 2 else None)
        assert made.lines is not None
        lines = file_lines(made)
        for key, cell in made.truth.cells.items():
            if cell.status == "missing":
                assert key not in made.lines
            elif cell.raw.strip() and not set(made.damages) & {"cut_in_row"}:
                assert cell.raw.strip() in lines[made.lines[key] - 1]


@pytest.mark.parametrize(
    "layout", ["tabs", "ragged_tabs", "markdown", "markdown_rows", "data_columns", "spaces"]
)
def test_a_row_layout_prints_the_cells_of_a_row_in_order(layout: str) -> None:
    for seed in range(30):
        made = make_report(seed, layout=layout, style="comma", form="2021")
        assert made.lines is not None
        lines = file_lines(made)
        for row in application_rows("2021"):
            keys = made.truth.row_keys("application", row)
            line = lines[made.lines[keys[0]] - 1]
            shown = [piece.strip() for piece in re.split(r"\t| \| |\|| ", line) if piece.strip()]
            wanted = [made.truth.cells[key].raw.strip() for key in keys]
            assert shown[-7:] == wanted


@pytest.mark.parametrize("layout", ["html", "html_word", "html_old"])
def test_an_html_table_expands_to_the_truth(layout: str) -> None:
    """Pandas expands row and column spans on its own: the last seven columns are the seven values."""
    for seed in range(12):
        made = make_report(seed, layout=layout, form="2021", style="some_blank")
        page = made.data.decode(made.encoding or "utf-8")
        frames = pd.read_html(io.StringIO(page), header=None, keep_default_na=False, converters=None)
        frame = next(one for one in reversed(frames) if one.shape[1] in (8, 9, 10, 11, 12) and len(one) >= 28)
        grid = [[re.sub(r"[\s\xa0]", "", str(cell)) for cell in row] for row in frame.to_numpy().tolist()]
        body = [row for row in grid if any("不掌握" in cell for cell in row[:-7])]
        wanted = [
            made.truth.cells[key].raw.strip() for key in made.truth.row_keys("application", "unable_not_held")
        ]
        assert [re.sub(r"\.0$", "", cell).replace("nan", "") for cell in body[0][-7:]] == wanted


def test_files_come_in_the_encodings_and_line_ends_of_real_ones() -> None:
    made = list(islice(corpus(150, 3, layout="tabs"), 150))
    assert {"utf-8", "utf-8-sig", "gb18030"} == {one.encoding for one in made}
    assert any(one.data.startswith(b"\xef\xbb\xbf") for one in made)
    assert any(b"\r\n" in one.data for one in made)
    assert any(b"\r\n" not in one.data for one in made)


def test_corpus_covers_everything() -> None:
    made = list(corpus(len(LAYOUTS) * 20, 100, damaged=True))
    assert {one.layout for one in made} == set(LAYOUTS)
    assert {one.form for one in made} == set(FORMS)
    assert {one.profile for one in made} == set(PROFILES)
    assert {one.style for one in made} == set(STYLES)
    drawn = {damage.name for damage in DAMAGES.values() if damage.weight}
    assert {name for one in made for name in one.damages} == {*drawn, "misprint"}
    assert any(one.truth.agency is None for one in make_reports_without_names())


def make_reports_without_names() -> list[Made]:
    """Reports that only their signature would name, cut off before it."""
    return [make_report(seed, layout="tabs", damages=["cut"]) for seed in range(60)]


@pytest.mark.parametrize("name", ["layout", "form", "profile", "style"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        make_report(1, **{name: "nonsense"})
    with pytest.raises(KeyError):
        make_report(1, damages=["nonsense"])


# --- damage ---


@cache
def damaged_pairs(name: str) -> list[tuple[Made, Made]]:
    """Reports without and with one damage: two of each layout that it fits."""
    pairs = []
    for layout in LAYOUTS:
        family = TEXT_LAYOUTS[layout].family if layout in TEXT_LAYOUTS else "grid"
        if layout == "pdf" or family not in DAMAGES[name].families:
            continue
        made = (make_report(seed, layout=layout, damages=[name]) for seed in range(30))
        spoilt = islice((one for one in made if one.damages), 2)
        pairs += [(make_report(one.seed, layout=layout), one) for one in spoilt]
    assert pairs, f"{name} fits no layout"
    return pairs


def changed_cells(clean: Made, spoilt: Made) -> dict[Key, CellTruth]:
    return {key: cell for key, cell in spoilt.truth.cells.items() if cell != clean.truth.cells[key]}


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_harmless_damage_changes_the_file_and_no_truth(name: str) -> None:
    changed = 0
    for clean, spoilt in damaged_pairs(name):
        assert not changed_cells(clean, spoilt)
        changed += clean.data != spoilt.data
    assert changed > 3


@pytest.mark.parametrize("name", sorted(DAMAGES))
def test_damage_never_invents_a_value(name: str) -> None:
    for clean, spoilt in damaged_pairs(name):
        for key, cell in changed_cells(clean, spoilt).items():
            before = clean.truth.cells[key]
            if cell.status in ("missing", "unreadable"):
                assert cell.value is None
            else:
                assert cell.undetermined
                assert (cell.value, cell.status, cell.raw) == (before.value, before.status, before.raw)


def test_a_lost_row_is_missing_and_the_others_are_not() -> None:
    for clean, spoilt in damaged_pairs("lost_row"):
        lost = {key[:2] for key, cell in spoilt.truth.cells.items() if cell.status == "missing"}
        assert len(lost) == 1
        table, row = lost.pop()
        assert all(spoilt.truth.cells[key].status == "missing" for key in spoilt.truth.row_keys(table, row))
        if spoilt.layout == "no_labels":
            others = [cell for key, cell in spoilt.truth.cells.items() if key[0] == table and key[1] != row]
            assert all(cell.undetermined for cell in others)
        else:
            assert set(changed_cells(clean, spoilt)) == set(spoilt.truth.row_keys(table, row))


@pytest.mark.parametrize("name", ["cut", "cut_in_row"])
def test_a_cut_document_ends_in_table_three(name: str) -> None:
    for clean, spoilt in damaged_pairs(name):
        cells = spoilt.truth.cells
        assert all(cell.status == "missing" for key, cell in cells.items() if key[0] == "dispute")
        assert {
            key for key, cell in cells.items() if cell.status == "missing" and key[0] == "disclosure"
        } == set()
        shown = [
            key[1] for key, cell in cells.items() if key[0] == "application" and cell.status != "missing"
        ]
        order = application_rows(clean.truth.application_form)
        assert 0 < len(set(shown)) < len(order)
        assert "尚未审结" not in text_of(spoilt)


def test_a_cut_inside_a_row_leaves_its_values_open() -> None:
    partly = 0
    for _, spoilt in damaged_pairs("cut_in_row"):
        for row in application_rows(spoilt.truth.application_form):
            cells = [spoilt.truth.cells[key] for key in spoilt.truth.row_keys("application", row)]
            shown = [cell for cell in cells if cell.status != "missing"]
            if 0 < len(shown) < len(cells):
                partly += 1
                assert all(cell.undetermined for cell in shown)
    assert partly > 3


def test_a_doubled_empty_cell_stands_in_the_file() -> None:
    for clean, spoilt in damaged_pairs("doubled_empty"):
        if spoilt.layout in ("tabs", "bare_lines"):
            mark = "\t" if spoilt.layout == "tabs" else "\n"
            texts = [one.data.decode(one.encoding or "utf-8") for one in (clean, spoilt)]
            assert texts[1].count(mark) == texts[0].count(mark) + 1
        tables = {key[0] for key in changed_cells(clean, spoilt)}
        rows = {key[:2] for key in changed_cells(clean, spoilt) if key[0] == "application"}
        keys = [key for row in rows for key in clean.truth.row_keys(*row)]
        keys += [key for key in clean.truth.cells if key[0] == "dispute" and "dispute" in tables]
        assert not keys or any(clean.truth.cells[key].status == "blank" for key in keys)


def test_a_dropped_empty_cell_opens_its_row() -> None:
    for clean, spoilt in damaged_pairs("dropped_empty"):
        opened = [key for key, cell in spoilt.truth.cells.items() if cell.undetermined]
        assert opened
        assert any(clean.truth.cells[key].status == "blank" for key in opened)
        if spoilt.layout == "tabs":
            assert spoilt.data.count(b"\t") == clean.data.count(b"\t") - 1


def test_garbled_values_are_unreadable_and_printed() -> None:
    for clean, spoilt in damaged_pairs("garbled"):
        changed = changed_cells(clean, spoilt)
        assert 1 <= len(changed) <= 2
        assert {cell.status for cell in changed.values()} == {"unreadable"}
        if spoilt.encoding:
            assert all(cell.raw in text_of(spoilt) for cell in changed.values())


def test_a_lost_label_stays_lost() -> None:
    missing = 0
    for clean, spoilt in damaged_pairs("lost_label"):
        missing += len(text_of(spoilt)) < len(text_of(clean))
    assert missing > 10


def test_page_marks_stand_between_rows_not_in_them() -> None:
    for clean, spoilt in damaged_pairs("page_marks"):
        if TEXT_LAYOUTS[clean.layout].joined:
            continue
        assert clean.lines is not None
        assert spoilt.lines is not None
        before, after = file_lines(clean), file_lines(spoilt)
        assert len(after) > len(before)
        for key, line in spoilt.lines.items():
            assert after[line - 1] == before[clean.lines[key] - 1]


def test_hidden_blanks_are_open() -> None:
    for seed in range(20):
        made = make_report(seed, layout="spaces", style="some_blank")
        for row in application_rows(made.truth.application_form):
            cells = [made.truth.cells[key] for key in made.truth.row_keys("application", row)]
            assert all(cell.undetermined for cell in cells) == any(cell.status == "blank" for cell in cells)


def test_figures_beside_cells_that_the_form_leaves_empty_are_open() -> None:
    """Where empty cells stand anywhere, such a cell may be one that was added, and the figure another's."""
    met = 0
    for seed in range(200):
        made = make_report(seed, layout="ragged_tabs", form="2019", style="some_blank")
        for row in ("fee", "procurement"):
            cells = [made.truth.cells[key] for key in made.truth.row_keys("disclosure", row)]
            if {cell.status for cell in cells} == {"blank", "reported"}:
                met += 1
                assert all(cell.undetermined for cell in cells)
    assert met > 20


# --- the judge ---


class Got:
    """A reader's cell."""

    def __init__(self, status: str, value: float | None = None, check: str = "unchecked") -> None:
        self.value_status = status
        self.value = value
        self.check_status = check


FIVE = CellTruth(5.0, "reported", "count", "5")
BLANK = CellTruth(None, "blank", "count", "")
NONE = CellTruth(None, "not_applicable", "count", "/")
LOST = CellTruth(None, "missing", "count", "")
OPEN_FIVE = CellTruth(5.0, "reported", "count", "5", undetermined=True)
OPEN_BLANK = CellTruth(None, "blank", "count", "", undetermined=True)


@pytest.mark.parametrize(
    ("truth", "got", "verdict"),
    [
        (FIVE, Got("reported", 5), Verdict.RIGHT),
        (FIVE, Got("reported", 5, "contradicted"), Verdict.RIGHT),
        (FIVE, Got("reported", 6), Verdict.SILENT),
        (FIVE, Got("reported", 6, "verified"), Verdict.SILENT),
        (FIVE, Got("reported", 6, "contradicted"), Verdict.FLAGGED),
        (FIVE, Got("blank"), Verdict.SILENT),
        (FIVE, Got("not_applicable"), Verdict.SILENT),
        (FIVE, Got("unreadable"), Verdict.FLAGGED),
        (FIVE, None, Verdict.FLAGGED),
        (BLANK, Got("blank"), Verdict.RIGHT),
        (BLANK, Got("reported", 0), Verdict.SILENT),
        (BLANK, Got("not_applicable"), Verdict.STATUS),
        (BLANK, Got("missing"), Verdict.FLAGGED),
        (NONE, Got("not_applicable"), Verdict.RIGHT),
        (NONE, Got("reported", 0), Verdict.SILENT),
        (LOST, None, Verdict.RIGHT),
        (LOST, Got("reported", 0), Verdict.SILENT),
        (LOST, Got("blank"), Verdict.STATUS),
        (OPEN_FIVE, Got("reported", 5), Verdict.OPEN_RIGHT),
        (OPEN_FIVE, Got("blank"), Verdict.OPEN),
        (OPEN_FIVE, Got("unreadable"), Verdict.OPEN),
        (OPEN_FIVE, None, Verdict.OPEN),
        (OPEN_FIVE, Got("reported", 0), Verdict.SILENT),
        (OPEN_FIVE, Got("not_applicable"), Verdict.SILENT),
        (OPEN_FIVE, Got("reported", 0, "contradicted"), Verdict.OPEN),
        (OPEN_BLANK, Got("blank"), Verdict.OPEN_RIGHT),
        (OPEN_BLANK, Got("reported", 0), Verdict.SILENT),
    ],
)
def test_verdicts(truth: CellTruth, got: Got | None, verdict: Verdict) -> None:
    assert judge_cell(truth, got) == verdict


def test_a_finding_flags_a_wrong_status_but_excuses_no_number() -> None:
    assert judge_cell(BLANK, Got("not_applicable"), finding=True) == Verdict.FLAGGED
    assert judge_cell(FIVE, Got("reported", 6), finding=True) == Verdict.SILENT


def test_a_number_in_a_cell_that_the_form_does_not_have_is_silent() -> None:
    made = make_report(1, layout="tabs", form="2021", style="plain")
    right = {key: Got(cell.status, cell.value) for key, cell in made.truth.cells.items()}
    assert judge(made.truth, right).silent() == []
    strange = ("disclosure", "procurement", "projects")
    result: Judgement = judge(made.truth, {**right, strange: Got("reported", 4)})
    assert result.silent() == [strange]


def test_a_neighbour_is_added_below_the_title_and_leaves_the_truth() -> None:
    for seed in range(60):
        alone = make_report(seed, layout="tabs")
        beside = make_report(seed, layout="tabs", damages=["neighbour"])
        assert beside.damages == ("neighbour",)
        assert beside.truth.cells == alone.truth.cells
        lines, more = alone.data.splitlines(), beside.data.splitlines()
        assert len(more) > len(lines)
        assert more[0] == lines[0]
