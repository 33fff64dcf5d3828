"""Tables that come from the forms, the catalogue and the registers instead of documents.

Belongs here: dimensions, rules and metrics as frames. Does not belong here: the codes and
labels themselves - they are in the data of forms, catalogue and agencies.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any

import polars as pl
import yaml

from pipeline.agencies.places import OPEN, Place, all_towns, regions, successor
from pipeline.catalogue import formula, metrics, rules
from pipeline.catalogue.breaks import breaks
from pipeline.catalogue.load import FOLDER
from pipeline.forms import COLUMN_KIND, ROW_KIND, Row, Table, forms, vocabulary
from pipeline.schemas import frame, polars_schema

_LEVELS = ("province", "prefecture", "county")
_TABLE_OF = {kind: code for kinds in (ROW_KIND, COLUMN_KIND) for code, kind in kinds.items()}


def dimension(kind: str) -> pl.DataFrame:
    """Return core.dim_<kind>: every code of a kind of label, each group before its members."""
    rows = []
    for order, (code, parent) in enumerate(_hierarchy(kind), start=1):
        label = vocabulary()[kind].get(code) or vocabulary()["heading"][code]
        is_group = code not in vocabulary()[kind]
        rows.append(
            {
                f"{kind}_code": code,
                "label_zh": label.zh,
                "label_en": label.en,
                "unit": label.unit,
                "parent_code": parent,
                "sort_order": order,
                "is_leaf": not is_group and not _is_total(kind, code),
                "in_facts": not is_group and _in_facts(kind, code),
                "forms": _forms_with(kind, code),
            }
        )
    return _frame_of(f"core.dim_{kind}", rows)


def agencies(resolved: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """Return core.dim_agency from the agencies of all reports (ledger.agency).

    The current report of an agency's latest year describes it; one without a report of its own
    is described by the latest that is signed for it. `reports` has (report_id, is_current).
    """
    known = resolved.join(reports.select("report_id", "is_current"), "report_id", "left")
    latest = known.sort("is_own", "report_year", "is_current", "report_id")
    one_each = latest.unique("agency_id", keep="last", maintain_order=True)
    return one_each.sort("agency_id").select(polars_schema("core.dim_agency").keys())


@cache
def region_rows() -> pl.DataFrame:
    """Return core.dim_region: every region of the register, of each code the latest name."""
    latest: dict[str, Place] = {}
    for place in chain(chain.from_iterable(regions().by_code.values()), all_towns()):
        if place.code not in latest or place.first >= latest[place.code].first:
            latest[place.code] = place
    return _frame_of("core.dim_region", [_region(latest[code]) for code in sorted(latest)])


def _region(place: Place) -> dict[str, Any]:
    system, vintage = place.source.split()
    heir, relation = successor(place) or (None, None)
    above = {level: region.name if (region := place.above(level)) else None for level in _LEVELS}
    return {
        "region_code": place.code,
        "label_zh": place.name,
        "label_en": place.pinyin.capitalize() or None,
        "parent_code": place.parent.code if place.parent else None,
        "admin_level": place.level,
        **above,
        "town": place.name if place.kind == "town" else None,
        "system": system,
        "vintage": int(vintage),
        "valid_from": place.first or None,
        "valid_to": None if place.last == OPEN else place.last,
        "successor_code": heir.code if heir else None,
        "succession": relation if heir else None,
    }


def rule_rows() -> pl.DataFrame:
    """Return quality.rule, in the order of the catalogue."""
    rows = [
        {
            "rule_code": rule.code,
            "severity": rule.severity,
            "title_zh": rule.zh,
            "title_en": rule.en,
            "explanation_zh": rule.about_zh,
            "explanation_en": rule.about_en,
        }
        for rule in rules().values()
    ]
    return _frame_of("quality.rule", rows)


def metric_rows() -> pl.DataFrame:
    """Return mart.metric, in the order of the catalogue."""
    rows = [
        {
            "metric_code": metric.code,
            "label_zh": metric.zh,
            "label_en": metric.en,
            "metric_unit": metric.unit,
            "factor": float(metric.factor),
            "numerator_cells": list(metric.numerator),
            "denominator_cells": list(metric.denominator),
            "formula_zh": formula.words(metric, "zh"),
            "formula_en": formula.words(metric, "en"),
            "formula_sql": formula.sql(metric),
            "numerator_zh": formula.part_words(metric.of, "zh"),
            "numerator_en": formula.part_words(metric.of, "en"),
            "denominator_zh": formula.part_words(metric.per, "zh") or None,
            "denominator_en": formula.part_words(metric.per, "en") or None,
            "table_code": metric.of[0].partition(".")[0],
            "forms": formula.forms_of(metric),
            "comparability_zh": [
                f"{one.form_before}→{one.form_after}：{one.note_zh}" for one in breaks(metric.cells)
            ],
            "comparability_en": [
                f"{one.form_before} to {one.form_after}: {one.note_en}" for one in breaks(metric.cells)
            ],
            "direction": metric.direction,
            "minimum_n": metric.minimum_n,
        }
        for metric in metrics().values()
    ]
    return _frame_of("mart.metric", rows)


def series_break_rows() -> pl.DataFrame:
    """Return mart.series_break: of each metric and each change of form how far its series goes on."""
    rows = [
        {"metric_code": metric.code, **one._asdict()}
        for metric in metrics().values()
        for one in breaks(metric.cells)
    ]
    return _frame_of("mart.series_break", rows)


def _frame_of(table_name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return frame(table_name, {name: [row[name] for row in rows] for name in polars_schema(table_name)})


def _hierarchy(kind: str) -> Iterator[tuple[str, str | None]]:
    """Yield (code, parent) in the order of the vocabulary, a group just before its first member."""
    parents = _parents(kind)
    done: set[str] = set()
    for code in vocabulary()[kind]:
        above = parents.get(code, ())
        for place, group in enumerate(above):
            if group not in done:
                done.add(group)
                yield group, above[place - 1] if place else None
        yield code, above[-1] if above else None


@cache
def _parents(kind: str) -> Mapping[str, tuple[str, ...]]:
    """Return the groups above each code, the widest first."""
    if kind in ROW_KIND.values():
        above = {row.code: tuple(label.code for label in row.headings) for _, row in _rows(kind)}
    else:
        above = {}
    groups = yaml.safe_load((FOLDER / "groups.yaml").read_text(encoding="utf-8")).get(kind, {})
    return {**above, **{member: (group,) for group, members in groups.items() for member in members}}


def _rows(kind: str) -> Iterator[tuple[Table, Row]]:
    for form in forms().values():
        table = form.tables[_TABLE_OF[kind]]
        for row in table.rows:
            yield table, row


def _codes(kind: str, row: Row) -> set[str]:
    """Return the codes of a kind that a row of a form has, its groups included."""
    own = {row.code} if kind in ROW_KIND.values() else {label.code for label in row.columns}
    return own | {group for code in own for group in _parents(kind).get(code, ())}


def _forms_with(kind: str, code: str) -> list[str]:
    return sorted({table.form for table, row in _rows(kind) if code in _codes(kind, row)})


def _is_total(kind: str, code: str) -> bool:
    return any(code in table.total_rows | table.total_columns for table, _ in _rows(kind))


def _in_facts(kind: str, code: str) -> bool:
    if kind in ROW_KIND.values():
        return any(code in table.additive_rows for table, _ in _rows(kind))
    return not _is_total(kind, code)


# Every table of kind `frame` that needs no document, by its name.
FRAMES: Mapping[str, Callable[[], pl.DataFrame]] = {
    **{f"core.dim_{kind}": lambda kind=kind: dimension(kind) for kind in _TABLE_OF},  # type: ignore[misc]
    "core.dim_region": region_rows,
    "quality.rule": rule_rows,
    "mart.metric": metric_rows,
    "mart.series_break": series_break_rows,
}
