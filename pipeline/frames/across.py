"""Findings that stand in several reports, from the stored frames of a year and the year before.

Belongs here: which reports and bodies the rules of pipeline.checking.across are asked about:
who followed whom, and what is below a body. Does not belong here: the rules themselves.
"""

import polars as pl

from pipeline.checking import across
from pipeline.schemas import polars_schema

# What the rules ask of a cell.
CELL_COLUMNS = ("report_id", "table_code", "row_code", "column_code", "value", "value_status", "line_no")
_HIERARCHY = "hierarchy.sum"
# The bodies that are known are taken for all that a report adds up where at least so many figures bear it
# out and they are twice those that don't: otherwise bodies are missing here, and no difference is a fault.
_BORNE_OUT_AT_LEAST = 3
_BORNE_OUT_TIMES = 2


def findings_of_year(
    year: int, reports: pl.DataFrame, cells: pl.DataFrame, agencies: pl.DataFrame
) -> pl.DataFrame:
    """Return what the rules across reports find in the reports of one year, as rows of quality.finding.

    `reports` and `cells` (at least CELL_COLUMNS) are those of the year and the year before, `agencies`
    core.dim_agency.
    """
    found = across.findings(in_lines(reports, agencies), cells)
    own = reports.filter(pl.col("report_year") == year)
    return pl.concat([found.join(own, "report_id", "semi"), _sums(own, cells, agencies)])


def in_lines(reports: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """Return reports with the id of the body that a renamed body is today, so that years meet.

    Where both report on one year each keeps its own id. A body that was merged into another is not it.
    """
    heirs = agencies.filter(pl.col("succession") == "renamed").select("agency_id", "successor")
    line = pl.coalesce("successor", "agency_id")
    joined = reports.join(heirs, "agency_id", "left", maintain_order="left")
    alone = pl.col("agency_id").n_unique().over(line, "report_year") == 1
    return joined.with_columns(agency_id=pl.when(alone).then(line).otherwise("agency_id")).drop("successor")


def below(agencies: pl.DataFrame) -> pl.DataFrame:
    """Return (agency_id, parent_id): the bodies that report and the government or zone they are part of.

    Departments, zones and towns belong to the government of their region, a government to that of the
    region above. Vertical agencies belong to none; of a zone's or a town's own offices nothing tells more
    than for whom they sign, so that they are left out.
    """
    known = agencies.filter(pl.col("resolution") == "resolved", pl.col("region_code").is_not_null())
    governments = known.filter(pl.col("agency_type") == "government")
    region_above = pl.col("region_code").replace_strict(_above(), default=None, return_dtype=pl.String)
    is_part = pl.col("agency_type").is_in(["government", "town"])
    is_body = pl.col("agency_type").is_in(["government", "department", "town"]) | (
        (pl.col("agency_type") == "zone") & pl.col("name").str.ends_with("管理委员会")
    )
    own_office = pl.col("acts_for").is_not_null() & ~pl.col("agency_type").eq("department")
    parts = known.filter(is_body & ~own_office).select(
        "agency_id", region_code=pl.when(is_part).then(region_above).otherwise("region_code")
    )
    parents = governments.select("region_code", parent_id="agency_id")
    return parts.join(parents, "region_code").select("agency_id", "parent_id").sort(pl.all())


def _sums(reports: pl.DataFrame, cells: pl.DataFrame, agencies: pl.DataFrame) -> pl.DataFrame:
    """Return the findings that a consolidated report isn't the sum of the reports below it."""
    parents = below(agencies)
    spoken = _for_the_body(reports, agencies)
    reporting = parents.join(spoken.filter("is_current"), "agency_id", "semi")
    found = across.hierarchy_sum(spoken, cells, reporting)
    return found.join(_borne_out(found, cells), "report_id", "semi", maintain_order="left")


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


def _borne_out(found: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the reports (report_id) most of whose figures are the sums of the bodies below them."""
    place = ["report_id", "table_code", "row_code", "column_code"]
    figures = across.summed_cells(cells).filter(pl.col("value") != 0)
    equal = figures.join(found, place, "anti").group_by("report_id").agg(equal=pl.len())
    differing = found.group_by("report_id").agg(differing=pl.len())
    return differing.join(equal, "report_id").filter(
        pl.col("equal") >= _BORNE_OUT_AT_LEAST, pl.col("equal") >= _BORNE_OUT_TIMES * pl.col("differing")
    )
