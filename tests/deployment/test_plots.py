"""The small pictures: what they say, that they are the same each time, and how long their bars are."""

import base64
import re
from datetime import date, datetime

import polars as pl
from lxml import etree

from assets import plots


def drawn(svg: str) -> tuple[list[str], list[tuple[str, float]]]:
    """Return the texts of a picture and its bars as (colour, width)."""
    root = etree.fromstring(svg.encode())
    texts = ["".join(node.itertext()) for node in root.iter("{*}text")]
    bars = [
        (str(n.get("fill")), float(str(n.get("width"))))
        for n in root.iter("{*}rect")
        if n.get("height") == "14"
    ]
    return texts, bars


def documents(*seen: tuple[str, str]) -> pl.DataFrame:
    """Rows of raw.document: UTC time and status."""
    return pl.DataFrame(
        {"first_seen_at": [datetime.fromisoformat(time) for time, _ in seen], "status": [s for _, s in seen]},
        schema={"first_seen_at": pl.Datetime("us"), "status": pl.String},
    )


def test_a_night_is_told_by_the_day_in_shanghai_and_quiet_nights_show() -> None:
    found = documents(
        ("2026-11-19T18:05:00", "ingested"),  # two o'clock of the 20th
        ("2026-11-20T18:05:00", "ingested"),
        ("2026-11-20T18:05:00", "duplicate"),
        ("2026-11-20T18:05:00", "quarantined"),
        ("2026-01-01T18:05:00", "ingested"),  # too long ago
    )
    texts, bars = drawn(plots.nights(found, date(2026, 11, 21)))
    notes = dict(zip(texts[3::2], texts[4::2], strict=True))
    assert len(notes) == plots.NIGHTS
    assert notes["2026-11-21"] == "3"
    assert notes["2026-11-20"] == "1"
    assert notes["2026-11-19"] == "0"
    assert [round(width) for _, width in bars] == [213, 107, 107]


def test_verified_shares_are_of_each_year_with_the_number_of_cells() -> None:
    svg = plots.verified(
        {2019: {"verified": 1, "unchecked": 3}, 2020: {"verified": 1, "contradicted": 1}, 2021: {}}
    )
    texts, bars = drawn(svg)
    assert texts[4:] == ["2020", "50.0 %  n = 2", "2019", "25.0 %  n = 4"]
    assert [round(width) for _, width in bars] == [160, 160, 80, 240]


def test_findings_are_the_most_frequent_with_the_rest_summed() -> None:
    from pipeline.catalogue import rules  # noqa: PLC0415 - of this test alone

    codes = sorted(rules())[: plots.MOST_RULES + 2]
    many = [code for place, code in enumerate(codes) for _ in range(len(codes) - place)]
    texts, bars = drawn(plots.findings(pl.DataFrame({"rule_code": many})))
    assert texts[4] == f"{rules()[codes[0]].zh} {codes[0]}"
    assert texts[5] == str(len(codes))
    assert texts[-1] == "3"  # the last two have one and two
    assert len(bars) == plots.MOST_RULES


def test_an_empty_warehouse_is_drawn_as_such() -> None:
    for svg in (
        plots.verified({}),
        plots.findings(pl.DataFrame({"rule_code": []}, schema={"rule_code": pl.String})),
    ):
        assert "尚无数据" in drawn(svg)[0][-1]


def test_a_picture_is_small_has_no_outside_and_is_the_same_each_time() -> None:
    seen = documents(*[("2026-11-20T18:05:00", "ingested")] * 50_000)
    first, second = (plots.nights(seen, date(2026, 11, 21)) for _ in range(2))
    assert first == second
    shown = plots.shown(first, "每晚").md_str or ""
    found = re.fullmatch(r"!\[每晚\]\(data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)\)", shown)
    assert found
    assert base64.b64decode(found[1]).decode() == first
    assert len(shown) < 20_000
    assert not re.search(r"(?:href|src|url)\b", first)
