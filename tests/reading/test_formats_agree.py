"""The same report as text, HTML, DOCX and PDF: the same cells, whatever the file is."""

from functools import cache

import pytest

from pipeline.documents import open_document
from pipeline.reading import Reading, read
from tests.generator import FORMS, Made, make_report
from tests.reading.made import Key, by_key

REFERENCE = "tabs"
FORMATS = ("markdown", "pipe_lines", "html", "html_old", "html_word", "html_split", "docx", "pdf")
MEDIA = {
    "tabs": "text/plain",
    "html": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
SEEDS = range(12)
STYLES = ("plain", "fullwidth", "comma", "suffix", "slash", "remarks", "unsigned", "widecomma")
# With empty cells, text leaves open what a marked table tells: where a cell was lost, nobody can see it.
STYLES_WITH_BLANKS = ("blank", "some_blank")
Row = tuple[str | None, float | None, str, str, str]


def opened(made: Made) -> Reading:
    return read(open_document(made.data, made.file_name))


def rows(reading: Reading) -> dict[Key, Row]:
    """Raw text without white space, value, unit, and both statuses, of every cell."""
    return {
        key: (
            "".join((cell.raw_text or "").split()),
            None if cell.value is None else float(cell.value),
            cell.unit,
            cell.value_status,
            cell.check_status,
        )
        for key, cell in by_key(reading).items()
    }


def told(made: Made) -> dict[Key, tuple[str, float | None, str, str]]:
    """The truth of the cells that the document tells for certain."""
    return {
        key: ("".join(cell.raw.split()), cell.value, cell.unit, cell.status)
        for key, cell in made.truth.cells.items()
        if not cell.undetermined
    }


@cache
def reference(seed: int, style: str, form: str | None = None) -> tuple[Made, dict[Key, Row]]:
    """The report as text, and its cells: each format is compared with it."""
    text = make_report(seed, layout=REFERENCE, style=style, form=form)
    return text, rows(opened(text))


def disagreements(seed: int, form: str, layout: str) -> list[str]:
    """Cells that differ from those of the text, or from the truth: of both files."""
    choice = {"form": form, "style": STYLES[seed % len(STYLES)]}
    text, one = reference(seed, **choice)
    other = make_report(seed, layout=layout, **choice)
    truth, two = told(text), rows(opened(other))
    assert truth == told(other)
    found = [
        f"{key} {REFERENCE} {one.get(key)} told {row}" for key, row in truth.items() if one[key][:4] != row
    ]
    found += [
        f"{key} {REFERENCE} {one.get(key)} {layout} {two.get(key)}" for key in truth if one[key] != two[key]
    ]
    return [f"seed {seed} {choice}: {line}" for line in found]


@pytest.mark.parametrize("style", STYLES_WITH_BLANKS)
@pytest.mark.parametrize("layout", FORMATS)
def test_formats_never_contradict_each_other_over_empty_cells(layout: str, style: str) -> None:
    """What both formats read, they read alike; a marked table leaves nothing of it open."""
    seeds = SEEDS if layout != "pdf" else SEEDS[:4]
    for seed in seeds:
        other = make_report(seed, layout=layout, style=style)
        (_, one), two = reference(seed, style), rows(opened(other))
        both = [key for key in one if "unreadable" not in (one[key][3], two[key][3])]
        assert [key for key in both if one[key][:4] != two[key][:4]] == []
        assert both
        if layout in ("html", "docx"):
            assert {key: two[key][:4] for key in told(other)} == told(other)


@pytest.mark.parametrize("layout", FORMATS)
@pytest.mark.parametrize("form", FORMS)
def test_a_format_gives_the_cells_that_the_text_gives(form: str, layout: str) -> None:
    seeds = SEEDS if layout != "pdf" else SEEDS[:6]
    found = [line for seed in seeds for line in disagreements(seed, form, layout)]
    assert not found, "\n".join([f"{len(found)} cells", *found[:6]])


@pytest.mark.parametrize("form", FORMS)
def test_the_four_formats_agree_about_the_report_itself(form: str) -> None:
    for seed in SEEDS[:6]:
        readings = {
            layout: opened(make_report(seed, layout=layout, form=form, style="plain")) for layout in MEDIA
        }
        names = {
            (one.agency_name, one.report_year, one.published_on, one.disclosure_form, one.application_form)
            for one in readings.values()
        }
        assert len(names) == 1, (seed, names)
        codes = {
            layout: [section.section_code for section in one.sections] for layout, one in readings.items()
        }
        assert set(map(tuple, codes.values())) == {tuple(codes[REFERENCE])}, (seed, codes)


@pytest.mark.parametrize("layout", MEDIA)
def test_they_are_four_formats(layout: str) -> None:
    made = make_report(1, layout=layout)
    assert open_document(made.data, made.file_name).media_type == MEDIA[layout]


@pytest.mark.parametrize("layout", ["html", "html_split", "docx", "pdf"])
def test_cells_of_marked_tables_keep_their_position(layout: str) -> None:
    """HTML and DOCX cells keep table, row and column; PDF cells keep the page too."""
    reading = opened(make_report(2, layout=layout, form="2021", style="plain"))
    positions = [cell.position for cell in reading.cells]
    assert len(set(positions)) == len(positions)
    for cell in reading.cells:
        assert cell.line_no is not None
        assert cell.position is not None
        assert "table" in cell.position
        assert ("page" in cell.position) == (layout == "pdf")


def test_cells_of_plain_text_have_a_line_and_no_position() -> None:
    made = make_report(2, layout="tabs", form="2021", style="plain")
    assert made.lines is not None
    for key, cell in by_key(opened(made)).items():
        assert (cell.line_no, cell.position) == (made.lines[key], None)
