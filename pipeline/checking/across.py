"""Rules over several reports: a year against the year before, a body against those below it.

Belongs here: rules whose operands stand in different reports. Everything is one expression over whole
frames. Does not belong here: rules on one report (identities.py, sense.py), where frames are stored.

Only current versions are asked. A rule can't be asked where an operand is blank, missing, not applicable
or unreadable, where the year before has no report, or where the scopes of the reports differ.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from pipeline.catalogue import rules
from pipeline.checking.comparability import cells_of, matches, series
from pipeline.forms import COLUMN_KIND, ROW_KIND, TABLE_CODES, forms, vocabulary
from pipeline.schemas import polars_schema

FINDING = "quality.finding"
_PLACE = ["table_code", "row_code", "column_code"]
_BEFORE = "before_"


def findings(reports: pl.DataFrame, cells: pl.DataFrame, parents: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return what all rules of this module find, as rows of quality.finding in a fixed order.

    `reports` and `cells` are rows of core.report and core.cell, of as many years as shall be compared;
    `parents` is as `hierarchy_sum` wants it (None: that rule is not asked).
    """
    found = [rule(reports, cells) for rule in (carry_over, document_stock, item_stock, jump)]
    if parents is not None:
        found.append(hierarchy_sum(reports, cells, parents))
    return pl.concat(found).sort("report_id", "rule_code", *_PLACE, nulls_last=True)


def carry_over(reports: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """二、上年结转 of a year equals 四、结转下年度 of the year before, in each column of applicants.

    The column 总计 is reported only where its difference is not that of the kinds of applicant.
    """
    pairs = _pairs(reports)
    row = pl.col("row_code")
    asked = _figures(cells, table_code="application").filter(row.is_in(["carried_in", "carried_out"]))
    now = asked.filter(row == "carried_in").join(pairs, "report_id")
    before = asked.filter(row == "carried_out").select(
        "column_code", expected_value="value", before_report_id="report_id"
    )
    both = now.join(before, ["before_report_id", "column_code"]).rename({"value": "observed_value"})
    message = pl.format(
        "上年结转（{}）{} 件，{} 年度报告的结转下年度为 {} 件",
        _label_of("column_code", COLUMN_KIND["application"]),
        _text("observed_value"),
        pl.col("report_year") - 1,
        _text("expected_value"),
    )
    return _finding("year.carry_over", _without_implied_total(both), message)


def document_stock(reports: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Form 2021: 现行有效 equals that of the year before plus 制发 minus 废止; its first year has no base."""
    both = _stocks(reports, cells, ["in_force", "issued", "repealed"], ["in_force"]).with_columns(
        expected_value=pl.col("before_in_force") + pl.col("issued") - pl.col("repealed"),
        observed_value="in_force",
    )
    message = pl.format(
        "{}现行有效 {} 件，上一年 {} 件，本年制发 {} 件、废止 {} 件，应为 {} 件",
        _label_of("row_code", ROW_KIND["disclosure"]),
        *(_text(name) for name in ("in_force", "before_in_force", "issued", "repealed", "expected_value")),
    )
    return _finding("year.document_stock", both, message)


def item_stock(reports: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Form 2019: 上一年项目数量 equals that of the report before plus its 本年增/减."""
    both = _stocks(reports, cells, ["items_last_year"], ["items_last_year", "items_change"]).with_columns(
        expected_value=pl.col("before_items_last_year") + pl.col("before_items_change"),
        observed_value="items_last_year",
    )
    message = pl.format(
        "{}上一年项目数量 {} 项，上一年报告的项目数量 {} 项、增/减 {} 项，应为 {} 项",
        _label_of("row_code", ROW_KIND["disclosure"]),
        _text("items_last_year"),
        *(_text(name) for name in ("before_items_last_year", "before_items_change", "expected_value")),
    )
    return _finding("year.item_stock", both, message)


def jump(reports: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """A figure outside 0.2 to 5 times that of the year before, both at least the minimum of across.yaml.

    Over a change of form only what forms/comparability.yaml lets follow is asked. A jump that one of the
    whole in the same direction explains (`within`) is left out.
    """
    spec = _spec()["jump"]
    figures = _series_figures(reports, cells)
    before = figures.select(
        "series",
        before_report_id="report_id",
        before_form="form",
        before_value="value",
    )
    both = figures.join(_pairs(reports), "report_id").join(before, ["before_report_id", "series"])
    ratio = pl.col("value") / pl.col("before_value")
    jumped = (
        both.filter(
            pl.min_horizontal("value", "before_value") >= pl.col("least"),
            (ratio > spec["above"]) | (ratio < spec["below"]),
        )
        .join(_followed(), ["series", "before_form", "form"], "semi")
        .with_columns(rises=ratio > 1)
    )
    whole = jumped.select("report_id", "rises", within="series")
    own = jumped.join(whole, ["report_id", "rises", "within"], "anti").with_columns(
        observed_value="value", ratio=ratio.round(2)
    )
    message = pl.format(
        "{} {}，上一年 {}，是上一年的 {} 倍", "name", _text("value"), _text("before_value"), _text("ratio")
    )
    bounds = [_text(pl.col("before_value") * spec[name]) for name in ("below", "above")]
    return _finding("year.jump", own, message, expected=pl.format("{}–{}", *bounds))


def hierarchy_sum(reports: pl.DataFrame, cells: pl.DataFrame, parents: pl.DataFrame) -> pl.DataFrame:
    """A consolidated report equals the sum of the bodies below it.

    `parents` has (agency_id, parent_id): every body that the parent adds up, its own office included. A
    year is asked when all of them have a report that speaks for all that is below it: a consolidated one,
    or the own one of a body without bodies below it. Of a cell all must have a number.
    """
    current = reports.filter("is_current")
    whole = (pl.col("scope") == "consolidated") | (
        (pl.col("scope") == "own") & ~pl.col("agency_id").is_in(parents["parent_id"].implode())
    )
    children = current.filter(whole.fill_null(value=False)).join(parents, "agency_id")
    listed = parents.group_by("parent_id").agg(listed=pl.len())
    asked = _figures(cells).join(_hierarchy_cells(), _PLACE, "semi")
    sums = (
        asked.join(children.select("report_id", "parent_id", "report_year"), "report_id")
        .group_by("parent_id", "report_year", *_PLACE)
        .agg(expected_value=pl.col("value").sum(), summed=pl.len())
        .join(listed, "parent_id")
        .filter(pl.col("summed") == pl.col("listed"))
    )
    own = current.filter(pl.col("scope") == "consolidated").select(
        "report_id", "report_year", parent_id="agency_id"
    )
    both = asked.join(own, "report_id").join(sums, ["parent_id", "report_year", *_PLACE])
    message = pl.format(
        "本报告为 {}，所属 {} 个机构之和为 {}", _text("observed_value"), "listed", _text("expected_value")
    )
    return _finding("hierarchy.sum", both.rename({"value": "observed_value"}), message)


def _pairs(reports: pl.DataFrame) -> pl.DataFrame:
    """Return the current reports that have one of the same agency and scope for the year before.

    Two unknown scopes are the same: nothing says that they differ.
    """
    kept = ["report_id", "agency_id", "report_year", "scope", *_form_columns()]
    current = reports.filter("is_current").select(kept)
    before = current.select(
        "agency_id",
        "scope",
        pl.col("report_year") + 1,
        pl.col("report_id").alias("before_report_id"),
        *(pl.col(name).alias(_BEFORE + name) for name in _form_columns()),
    )
    return current.join(before, ["agency_id", "scope", "report_year"], nulls_equal=True)


def _figures(cells: pl.DataFrame, **place: str) -> pl.DataFrame:
    """Return the cells at a place that hold a number."""
    wanted = [pl.col(name) == code for name, code in place.items()]
    return cells.filter(*wanted, pl.col("value_status") == "reported", pl.col("value").is_not_null()).select(
        "report_id", *_PLACE, "value", "line_no"
    )


def _stocks(
    reports: pl.DataFrame, cells: pl.DataFrame, now: Sequence[str], before: Sequence[str]
) -> pl.DataFrame:
    """Return each row of table 二 with columns of a year (`now`) and of the year before (as before_…).

    The stock is the first of `now`: its line is kept, and only forms that have it are asked, a year and
    the year before in the same one.
    """
    same_form = pl.col("disclosure_form") == pl.col("before_disclosure_form")
    pairs = _pairs(reports).filter(same_form, pl.col("disclosure_form").is_in(_forms_with(now[0])))
    asked = _figures(cells, table_code="disclosure")
    wide = _column(asked, now[0]).join(pairs, "report_id")
    for name in now[1:]:
        one = _column(asked, name).select("report_id", "row_code", name)
        wide = wide.join(one, ["report_id", "row_code"])
    for name in before:
        one = _column(asked, name).select("row_code", before_report_id="report_id", **{_BEFORE + name: name})
        wide = wide.join(one, ["before_report_id", "row_code"])
    return wide


def _column(figures: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the figures of one column of table 二 under the column's own name."""
    return figures.filter(pl.col("column_code") == name).rename({"value": name})


def _series_figures(reports: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that `jump` asks for, a row a report and series; sums of cells where due."""
    form = reports.filter("is_current").unpivot(
        _form_columns(), index="report_id", variable_name="table_code", value_name="form"
    )
    form = form.with_columns(pl.col("table_code").str.strip_suffix("_form")).drop_nulls()
    plan = _jump_cells()
    asked = _figures(cells).join(plan.select(_PLACE).unique(), _PLACE, "semi")
    placed = asked.join(form, ["report_id", "table_code"]).join(plan, ["form", *_PLACE])
    one_cell = pl.col("parts") == 1
    of_series = ["series", "form", "table_code", "parts", "within", "least", "name"]
    summed = placed.group_by("report_id", *of_series).agg(
        pl.col("value").sum(),
        pl.len().alias("found"),
        *(pl.col(name).first() for name in ("row_code", "column_code", "line_no")),
    )
    return summed.filter(pl.col("found") == pl.col("parts")).with_columns(
        pl.when(one_cell).then(name).alias(name) for name in ("row_code", "line_no")
    )


def _without_implied_total(both: pl.DataFrame) -> pl.DataFrame:
    """Leave out a row's 总计 whose difference is the sum of those of its parts."""
    is_total = pl.col("column_code") == "total"
    difference = pl.col("observed_value") - pl.col("expected_value")
    of_parts = difference.filter(~is_total).sum().over("report_id", "table_code", "row_code")
    return both.filter(~is_total | (difference != of_parts))


def _finding(
    rule: str, both: pl.DataFrame, message: pl.Expr, *, expected: pl.Expr | None = None
) -> pl.DataFrame:
    """Return rows of quality.finding: of `both` those whose `observed_value` isn't `expected_value`.

    With `expected`, its text, all rows of `both` are found.
    """
    if expected is None:
        both = both.filter(pl.col("observed_value") != pl.col("expected_value"))
        expected = _text("expected_value")
    schema = polars_schema(FINDING)
    # One chunk: polars 2.1.0 panics when it formats columns that joins have left in different chunks.
    return (
        both.rechunk()
        .select(
            "report_id",
            pl.lit(rule).alias("rule_code"),
            pl.lit(rules()[rule].severity).alias("severity"),
            *_PLACE,
            expected.alias("expected"),
            _text("observed_value").alias("observed"),
            message.alias("message"),
            "line_no",
        )
        .select(pl.col(name).cast(kind) for name, kind in schema.items())
    )


def _text(number: str | pl.Expr) -> pl.Expr:
    """Return a number as text, a whole one without a point."""
    value = pl.col(number) if isinstance(number, str) else number
    whole = value.round(0).cast(pl.Int64, strict=False).cast(pl.String)
    return pl.when(value == value.round(0)).then(whole).otherwise(value.round(2).cast(pl.String))


def _label_of(column: str, kind: str) -> pl.Expr:
    labels = {code: label.zh for code, label in vocabulary()[kind].items()}
    return pl.col(column).replace_strict(labels, return_dtype=pl.String)


def _form_columns() -> list[str]:
    return [f"{code}_form" for code in TABLE_CODES]


def _forms_with(column: str) -> list[str]:
    return [form for form in forms() if any(cell.endswith(f".{column}") for cell in cells_of(form))]


@cache
def _spec() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("across.yaml").read_text(encoding="utf-8")
    )
    return loaded


@cache
def _jump_cells() -> pl.DataFrame:
    """Return, a row a form and cell, the series that `jump` follows and how."""
    spec = _spec()["jump"]
    rows = []
    for one in series():
        group = _group(one.code, spec["figures"])
        if group is None:
            continue
        for form, cells in one.cells.items():
            least = float(spec["least"][_unit(cells[0])])
            more = {"parts": len(cells), "least": least, "name": _name(cells, form)}
            place = {"series": one.code, "form": form, "within": group.get("within")}
            rows += [{**_place(cell), **place, **more} for cell in cells]
    return pl.DataFrame(rows).unique(maintain_order=True)


@cache
def _followed() -> pl.DataFrame:
    """Return the (series, before_form, form) that may be held against each other."""
    over_breaks = [(one.code, one.before, one.after) for one in series() if one.followed]
    inside = [(one.code, form, form) for one in series() for form in one.cells]
    return pl.DataFrame([*over_breaks, *inside], ["series", "before_form", "form"], orient="row").unique()


@cache
def _hierarchy_cells() -> pl.DataFrame:
    every = dict.fromkeys(cell for form in forms() for cell in cells_of(form))
    return pl.DataFrame([_place(cell) for cell in every if _group(cell, _spec()["hierarchy"]) is not None])


def _group(cell: str, groups: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the first group that names a cell, None where that one says to leave it out."""
    group = next((one for one in groups if matches(cell, one["cells"])), None)
    return None if group is None or group.get("ignored") else group


def _place(cell: str) -> dict[str, str]:
    return dict(zip(_PLACE, cell.split("."), strict=True))


def _unit(cell: str) -> str:
    table, _, column = cell.split(".")
    return vocabulary()[COLUMN_KIND[table]][column].unit


def _name(cells: Sequence[str], form: str) -> str:
    """Return in Chinese what one form calls a figure: heading, row, and column where it isn't the total."""
    table, row_code, column = cells[0].split(".")
    row = next(row for row in forms()[form].tables[table].rows if row.code == row_code)
    labels = [row.headings[-1]] if row.headings else []
    labels += [row.label] if len(cells) == 1 else []
    labels += [one for one in row.columns if one.code == column != "total"]
    return "".join(label.zh.partition("（")[0] for label in labels)
