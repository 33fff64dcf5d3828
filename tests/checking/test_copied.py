"""Sections copied from last year or from another agency: each planted copy once, and nothing else."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checking.copied import SCHEMA, copies

ROOT = Path(__file__).parents[2]
YEARS = (2020, 2021, 2022)
AGENCIES = 60
LETTERS = [chr(0x4E00 + number) for number in range(2_500)]

Key = tuple[int, int, str]
"""Agency, year, section."""
Texts = dict[Key, list[str]]

# What many agencies write in the same words.
STATUTE = "根据中华人民共和国政府信息公开条例第五十条的规定现将本机关年度政府信息公开工作情况报告如下"
NOTHING = "无其他需要报告的事项"


def sentence(rng: Random) -> str:
    return "".join(rng.choices(LETTERS, k=rng.randint(15, 45)))


def texts(seed: int = 1) -> Texts:
    """Two sections for each agency and year: sentences of its own, and some that all agencies share."""
    rng = Random(seed)
    shared = [sentence(rng) for _ in range(8)] + [STATUTE]
    made: Texts = {}
    for agency in range(AGENCIES):
        for year in YEARS:
            own = [sentence(rng) for _ in range(12)]
            made[agency, year, "overview"] = [*shared[:5], *own, *shared[5:]]
            made[agency, year, "problems"] = [sentence(rng) for _ in range(8)]
            made[agency, year, "other"] = [NOTHING]
    return made


def frames(made: Texts) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of core.report and core.section; agency 0 publishes first, and each year has its own figures."""
    reports = sorted({key[:2] for key in made})
    return (
        pl.DataFrame(
            {
                "report_id": [name(agency, year) for agency, year in reports],
                "agency_id": [f"a{agency}" for agency, _ in reports],
                "report_year": [year for _, year in reports],
                "published_on": [
                    date(year + 1, 1 + agency // 28, 1 + agency % 28) for agency, year in reports
                ],
                "is_current": [True] * len(reports),
            }
        ),
        pl.DataFrame(
            {
                "report_id": [name(agency, year) for agency, year, _ in made],
                "section_code": [section for _, _, section in made],
                "text": [
                    f"{year} 年，" + f"，{year % 7 + agency} 件。\n".join(text)
                    for (agency, year, _), text in made.items()
                ],
            }
        ),
    )


def name(agency: int, year: int) -> str:
    return f"r{agency:02d}-{year}"


def found(made: Texts) -> list[tuple[str, str, str, str]]:
    rows = copies(*frames(made))
    return rows.select("report_id", "other_report_id", "section_code", "kind").rows()


def test_texts_that_share_only_boilerplate_are_no_copies() -> None:
    assert found(texts()) == []


def test_the_frame_has_its_columns_also_when_nothing_is_found() -> None:
    rows = copies(*frames(texts()))
    assert dict(rows.schema) == SCHEMA
    assert copies(*(frame.clear() for frame in frames(texts()))).height == 0


def test_a_text_copied_from_last_year_is_found_once() -> None:
    """New year, new figures, one new sentence of eight: still a copy."""
    made = texts()
    made[7, 2022, "problems"] = [*made[7, 2021, "problems"][:-1], sentence(Random(9))]
    rows = copies(*frames(made))
    assert rows.select(pl.exclude("similarity")).rows() == [
        (name(7, 2022), name(7, 2021), "problems", "last_year")
    ]
    assert 0.8 <= rows["similarity"][0] < 1


def test_a_text_copied_from_another_agency_is_found_once_and_at_the_later_report() -> None:
    made = texts()
    made[30, 2021, "overview"] = list(made[4, 2021, "overview"])
    assert found(made) == [(name(30, 2021), name(4, 2021), "overview", "other_agency")]
    assert copies(*frames(made))["similarity"].to_list() == [1.0]


def test_without_dates_the_report_id_decides_and_a_dated_report_is_the_source() -> None:
    made = texts()
    made[30, 2021, "overview"] = list(made[4, 2021, "overview"])
    reports, sections = frames(made)
    nameless = pl.when(pl.col("report_id") == name(4, 2021)).then(None).otherwise("published_on")
    rows = copies(reports.with_columns(published_on=nameless), sections)
    assert rows.select("report_id", "other_report_id").rows() == [(name(4, 2021), name(30, 2021))]
    undated = reports.with_columns(published_on=pl.lit(None, pl.Date))
    rows = copies(undated, sections)
    assert rows.select("report_id", "other_report_id").rows() == [(name(30, 2021), name(4, 2021))]


def test_a_text_may_have_both_sources() -> None:
    made = texts()
    made[30, 2021, "overview"] = list(made[4, 2021, "overview"])
    made[30, 2022, "overview"] = list(made[30, 2021, "overview"])
    made[4, 2022, "overview"] = list(made[30, 2021, "overview"])
    assert found(made) == [
        (name(4, 2022), name(4, 2021), "overview", "last_year"),
        (name(30, 2021), name(4, 2021), "overview", "other_agency"),
        (name(30, 2022), name(30, 2021), "overview", "last_year"),
        (name(30, 2022), name(4, 2022), "overview", "other_agency"),
    ]


def test_other_years_of_other_agencies_are_not_compared() -> None:
    made = texts()
    made[30, 2022, "overview"] = list(made[4, 2021, "overview"])
    made[30, 2021, "problems"] = list(made[4, 2021, "overview"])
    assert found(made) == []


@pytest.mark.parametrize(("kept", "is_copy"), [(12, True), (10, True), (7, False), (4, False)])
def test_from_four_fifths_on_a_text_is_a_copy(kept: int, *, is_copy: bool) -> None:
    made = texts()
    rng = Random(kept)
    own = made[4, 2021, "overview"][5:17][:kept]
    made[30, 2021, "overview"] = [*own, *(sentence(rng)[:20] for _ in range(12 - kept))]
    assert bool(found(made)) == is_copy


def test_what_a_tenth_of_the_agencies_write_is_a_template_and_no_copy() -> None:
    made = texts()
    for agency in range(10, 19):
        made[agency, 2021, "problems"] = list(made[3, 2021, "problems"])
    assert found(made) == []
    # One owner fewer, and each of the others is a copy of the first.
    made[18, 2021, "problems"] = list(made[18, 2021, "overview"])
    rows = found(made)
    assert [row[0] for row in rows] == [name(agency, 2021) for agency in range(10, 18)]
    earlier = {name(agency, 2021) for agency in (3, *range(10, 17))}
    assert {row[1] for row in rows} <= earlier


def test_short_sections_are_never_copies() -> None:
    made = texts()
    made[7, 2022, "problems"] = made[7, 2021, "problems"] = [
        "解读材料的形式不够丰富",
        "工作人员的业务能力有待提高",
    ]
    assert found(made) == []


def test_older_versions_are_not_compared() -> None:
    made = texts()
    made[30, 2021, "overview"] = list(made[4, 2021, "overview"])
    reports, sections = frames(made)
    older = reports.with_columns(is_current=pl.col("report_id") != name(4, 2021))
    assert copies(older, sections).height == 0


def test_the_order_of_rows_and_the_seed_of_hashes_change_nothing() -> None:
    made = texts()
    for agency in (12, 30, 44):
        made[agency, 2021, "overview"] = list(made[4, 2021, "overview"])
    reports, sections = frames(made)
    straight = copies(reports, sections)
    assert straight.height == 3
    assert copies(reports.reverse(), sections.sample(fraction=1, shuffle=True, seed=5)).equals(straight)
    program = (
        "from tests.checking.test_copied import *; made = texts();"
        "made[30, 2021, 'overview'] = made[4, 2021, 'overview']; print(found(made))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


def test_every_one_of_a_hundred_copies_is_found() -> None:
    """Copies with one sentence in ten new, spread over agencies and years: the index loses none."""
    rng = Random(3)
    made = texts(seed=2)
    planted: set[tuple[int, tuple[int, int]]] = set()
    for _ in range(100):
        source, copy = sorted(rng.sample(range(AGENCIES), 2))
        year = rng.choice(YEARS)
        if any((year, agency) in {(y, a) for y, pair in planted for a in pair} for agency in (source, copy)):
            continue
        made[copy, year, "problems"] = [*made[source, year, "problems"], sentence(rng)[:20]]
        planted.add((year, (source, copy)))
    assert len(planted) > 40
    assert {row[:2] for row in found(made)} == {
        (name(copy, year), name(source, year)) for year, (source, copy) in planted
    }


def shared_part(text: str, other: str) -> float:
    """The share of a text's runs of eight letters that stand in another, by plain substrings."""
    own = {text[at : at + 8] for at in range(len(text) - 7)}
    return len(own & {other[at : at + 8] for at in range(len(other) - 7)}) / len(own)


@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 10**6)),
        min_size=8,
        max_size=14,
        unique_by=lambda one: one[1] // 2,
    )
)
def test_the_similarity_is_that_of_plain_substrings(parts: list[tuple[bool, int]]) -> None:
    before = [sentence(Random(seed)) for _, seed in parts]
    now = [
        old if kept else sentence(Random(seed + 1)) for old, (kept, seed) in zip(before, parts, strict=True)
    ]
    made = {(1, 2020, "problems"): before, (1, 2021, "problems"): now}
    reports, sections = frames(made)
    # What `frames` writes, without digits and signs.
    plain = ["年" + "件".join(text) for text in (before, now)]
    expected = shared_part(plain[1], plain[0])
    rows = copies(reports, sections)
    assert rows["similarity"].to_list() == ([pytest.approx(expected)] if expected >= 0.8 else [])
