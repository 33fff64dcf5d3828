"""Findings that stand in several reports, from the stored frames of a year and the year before.

Belongs here: which reports and bodies the rules of pipeline.checking (across, copied) are asked
about: who followed whom, and what is below a body. Does not belong here: the rules themselves.
"""

from collections.abc import Sequence
from functools import cache

import polars as pl

from pipeline.catalogue import tables
from pipeline.checking import across
from pipeline.checking.copied import copies
from pipeline.frames.dimensions import region_rows
from pipeline.schemas import empty, polars_schema

# What is stored of a cell that the rules ask about.
CELL_COLUMNS = (
    "report_id", "table_code", "row_code", "column_code", "value", "corrected_value", "value_status",
    "line_no",
)  # fmt: skip
_TABLE = ("report_id", "table_code")
_COPIED, _FINDING = "mart.copied_text", "quality.finding"
_PLACE = ("table_code", "row_code", "column_code")
# The bodies that are known are taken for all that a report's table adds up where at least so many of its
# figures bear it out, and twice as many as do not. Otherwise bodies are missing: a difference is no fault.
_BORNE_OUT_AT_LEAST = 3
_BORNE_OUT_TIMES = 2


def findings_of_year(
    year: int, reports: pl.DataFrame, cells: pl.DataFrame, agencies: pl.DataFrame
) -> pl.DataFrame:
    """Return what the rules across reports find in the reports of one year, as rows of quality.finding.

    `reports` and `cells` (as `shown` gives them) are those of the year and the year before, `agencies`
    core.dim_agency.
    """
    found = across.findings(in_lines(reports, agencies), cells)
    own = reports.filter(pl.col("report_year") == year)
    of_year = found.join(own, "report_id", "semi", maintain_order="left")
    return pl.concat([of_year, _sums(own, cells, agencies)])


def shown(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Return the cells (at least CELL_COLUMNS) that show a number, with that as their `value`."""
    corrected = pl.col("corrected_value")
    seen = cells.with_columns(
        value=pl.coalesce(corrected, "value"),
        value_status=pl.when(corrected.is_not_null()).then(pl.lit("reported")).otherwise("value_status"),
    )
    return seen.filter(pl.col("value").is_not_null()).drop("corrected_value")


def copies_of_year(year: int, reports: pl.DataFrame, sections: pl.DataFrame) -> pl.DataFrame:
    """Return the sections of one year that are nearly copied, as rows of mart.copied_text.

    `reports` (as `in_lines` gives them) and `sections` are those of the year and the year before.
    """
    own = reports.filter(pl.col("report_year") == year)
    return copies(reports, sections).join(own, "report_id", "semi", maintain_order="left")


def all_copies(of_years: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return mart.copied_text in its order."""
    rows = pl.concat([empty(_COPIED), *of_years])
    return rows.sort(tables()[_COPIED].sort)


def all_findings(single: pl.DataFrame, across_reports: pl.DataFrame) -> pl.DataFrame:
    """Return rows of quality.finding: those of single reports (ledger.finding) and those across reports.

    They stand by report; within a report the former come first, as found.
    """
    rows = pl.concat([single.select(polars_schema(_FINDING).keys()), across_reports])
    return rows.sort("report_id", maintain_order=True)


def in_lines(reports: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """Return reports with the id of the body that a renamed body is today, so that years meet.

    Where both report on one year each keeps its own id. A body that was merged into another is not it.
    """
    line = pl.col("agency_id").replace(_today(agencies))
    alone = pl.col("agency_id").n_unique().over(line, "report_year") == 1
    return reports.with_columns(agency_id=pl.when(alone).then(line).otherwise("agency_id"))


def _today(agencies: pl.DataFrame) -> dict[str, str]:
    """Return for each body that was renamed the id of the last that it became."""
    renamed = agencies.filter(pl.col("succession") == "renamed")
    heirs = dict(renamed.select("agency_id", "successor").iter_rows())
    today = {}
    for first, heir in heirs.items():
        last, seen = heir, {first}
        while last in heirs and last not in seen:
            seen.add(last)
            last = heirs[last]
        today[first] = last
    return today


def below(agencies: pl.DataFrame) -> pl.DataFrame:
    """Return (agency_id, parent_id): the bodies that report and the government or zone they are part of.

    Departments, zones and towns belong to the government of their region, a government to that of the
    region above. Vertical agencies belong to none; of a zone's or a town's own offices nothing tells more
    than for whom they sign, so that they are left out.
    """
    kind = pl.col("agency_type")
    known = agencies.filter(pl.col("resolution") == "resolved").join(_regions(), "region_code")
    is_committee = (kind == "zone") & pl.col("name").str.ends_with("管理委员会")
    is_town = (kind == "town") & pl.col("acts_for").is_null()
    is_part = kind.is_in(["government", "department"]) | is_committee | is_town
    of_region_above = kind.is_in(["government", "town"])
    parts = known.filter(is_part).select(
        "agency_id", region_code=pl.when(of_region_above).then("parent_code").otherwise("region_code")
    )
    parents = known.filter(kind == "government").select("region_code", parent_id="agency_id")
    return parts.join(parents, "region_code").select("agency_id", "parent_id").sort("agency_id", "parent_id")


@cache
def _regions() -> pl.DataFrame:
    return region_rows().select("region_code", "parent_code")


def _sums(reports: pl.DataFrame, cells: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """Return the findings that a consolidated report isn't the sum of the reports below it."""
    parents = below(agencies)
    spoken = _for_the_body(reports, agencies)
    reporting = parents.join(spoken.filter("is_current"), "agency_id", "semi")
    found = across.hierarchy_sum(spoken, cells, reporting)
    asked = across.hierarchy_sum(spoken, _none_right(spoken, cells), reporting)
    kept = found.join(_borne_out(found, asked, cells), _TABLE, "semi")
    return kept.sort("report_id", *_PLACE, nulls_last=True)


def _none_right(reports: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return cells in which no consolidated figure can be a sum: what is then found is what is asked."""
    whole = reports.filter(pl.col("scope") == "consolidated")["report_id"]
    is_whole = pl.col("report_id").is_in(whole.implode())
    return cells.with_columns(value=pl.when(is_whole).then(-1.0).otherwise("value"))


def _for_the_body(reports: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """Return reports, the consolidated one of an office under the body it signs for if that has none."""
    offices = agencies.filter(pl.col("acts_for").is_not_null()).select("agency_id", "acts_for")
    own = reports.filter("is_current").select(acts_for="agency_id", has_own=pl.lit(value=True))
    joined = reports.join(offices, "agency_id", "left", maintain_order="left").join(
        own, "acts_for", "left", maintain_order="left"
    )
    whole = (pl.col("scope") == "consolidated") & pl.col("acts_for").is_not_null()
    stands_in = (whole & pl.col("has_own").is_null()).fill_null(value=False)
    told_twice = (whole & pl.col("has_own").is_not_null()).fill_null(value=False)
    return (
        joined.with_columns(agency_id=pl.when(stands_in).then("acts_for").otherwise("agency_id"))
        .filter(~told_twice)
        .drop("acts_for", "has_own")
    )


def _borne_out(found: pl.DataFrame, asked: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the tables of reports (_TABLE) most of whose figures are the sums of the bodies below them."""
    place = ["report_id", *_PLACE]
    figures = cells.filter(pl.col("value") != 0).join(asked, place, "semi")
    equal = figures.join(found, place, "anti").group_by(_TABLE).agg(equal=pl.len())
    differing = found.group_by(_TABLE).agg(differing=pl.len())
    return differing.join(equal, _TABLE).filter(
        pl.col("equal") >= _BORNE_OUT_AT_LEAST, pl.col("equal") >= _BORNE_OUT_TIMES * pl.col("differing")
    )
