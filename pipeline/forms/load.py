"""Reads the statutory forms' data into plain, immutable objects.

Belongs here: the types of a form (label, row, table, equation) and their loading.
Does not belong here: any code list, label or identity - those are in the YAML files
beside this module - nor how a document is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
TABLE_CODES = ("disclosure", "application", "dispute")
# Which vocabulary names a table's rows and which its columns.
ROW_KIND = {"disclosure": "item", "application": "outcome", "dispute": "channel"}
COLUMN_KIND = {"disclosure": "measure", "application": "applicant", "dispute": "result"}

CellKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """One code with its printed label `zh`, English label and known other spellings."""

    kind: str
    code: str
    zh: str
    en: str
    variants: tuple[str, ...] = ()
    unit: str = "count"
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One statutory row: its columns, the headings above it and its clause (table 二)."""

    code: str
    label: Label
    columns: tuple[Label, ...]
    headings: tuple[Label, ...] = ()
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Equation:
    """One arithmetic identity at one place: the sum of `left` equals the sum of `right`.

    `row_code` or `column_code` says where it is repeated; cells are (row, column) codes.
    """

    rule: str
    row_code: str | None
    column_code: str | None
    left: tuple[CellKey, ...]
    right: tuple[CellKey, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One statutory table of one form, rows in statutory order.

    `header_units` gives the factor to yuan that a column's own header states; `marks` are
    words that only this form prints in this table; with line ends in it, labels that only in this form follow
    each other.
    """

    code: str
    form: str
    rows: tuple[Row, ...]
    equations: tuple[Equation, ...]
    total_rows: frozenset[str]
    total_columns: frozenset[str]
    additive_rows: frozenset[str]
    header_units: Mapping[str, int]
    marks: tuple[str, ...]

    def keys(self) -> Iterator[CellKey]:
        """Yield every statutory cell as (row_code, column_code), in statutory order."""
        for row in self.rows:
            for column in row.columns:
                yield row.code, column.code


@dataclass(frozen=True, slots=True)
class Form:
    """One form: where it is laid down, its report years (last: None = still in force)."""

    code: str
    basis: str
    first_year: int
    last_year: int | None
    sections: tuple[Label, ...]
    tables: Mapping[str, Table]


@cache
def vocabulary() -> dict[str, dict[str, Label]]:
    """Return every label by kind (item, measure, outcome, …) and code."""
    raw = _yaml("vocabulary.yaml")
    return {
        kind: {code: _label(kind, code, spec) for code, spec in group.items()} for kind, group in raw.items()
    }


@cache
def forms() -> dict[str, Form]:
    """Return every form by its code, oldest first."""
    specs = [_yaml(path.name) for path in sorted(FOLDER.glob("form_*.yaml"))]
    by_code = {spec["form"]: spec for spec in specs}
    return {code: _form(_resolved(spec, by_code)) for code, spec in by_code.items()}


def form_in_force(report_year: int) -> str | None:
    """Return the code of the form prescribed for a report year, None where there was none."""
    for form in forms().values():
        if form.first_year <= report_year and (form.last_year is None or report_year <= form.last_year):
            return form.code
    return None


def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


def _label(kind: str, code: str, spec: Mapping[str, Any]) -> Label:
    fields = {**spec, "variants": tuple(spec["variants"])} if "variants" in spec else dict(spec)
    return Label(kind=kind, code=code, **fields)


def _resolved(spec: dict[str, Any], by_code: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Fill a form that is given as a difference from what the form `based_on` says."""
    if "based_on" not in spec:
        return spec
    base = _resolved(by_code[spec["based_on"]], by_code)
    merged = {**base, **spec}
    if "replace" in spec.get("application", {}):
        merged["application"] = _replaced(base["application"], spec["application"]["replace"])
    return merged


def _replaced(application: Mapping[str, Any], replacements: Mapping[str, Any]) -> dict[str, Any]:
    """Put a row group in the place of a single row, splitting the group it stood in."""
    groups: list[dict[str, Any]] = []
    for group in application["rows"]:
        pending: list[str] = []
        for code in group["rows"]:
            if code not in replacements:
                pending.append(code)
                continue
            groups += [{**group, "rows": pending}] if pending else []
            groups.append(dict(replacements[code]))
            pending = []
        groups += [{**group, "rows": pending}] if pending else []
    return {**application, "rows": groups}


def _form(spec: Mapping[str, Any]) -> Form:
    first, last = spec["report_years"]
    sections = tuple(vocabulary()["section"][code] for code in spec["sections"])
    tables = {code: _table(code, spec) for code in TABLE_CODES}
    return Form(spec["form"], spec["basis"], first, last, sections, tables)


def _table(code: str, spec: Mapping[str, Any]) -> Table:
    rows = tuple(_rows(code, spec))
    rules = [rule for rule in spec["identities"] if rule["table"] == code]
    totals = {"row": frozenset[str](), "column": frozenset[str]()}
    for rule in rules:
        if rule["right"] == "leaves":
            totals["column" if rule["each"] == "row" else "row"] |= frozenset(rule["left"])
    equations = tuple(equation for rule in rules for equation in _equations(rule, rows, rules))
    additive = _additive(rows, rules)
    units = {key: factor for key, factor in spec.get("header_units", {}).items() if code == "disclosure"}
    marks = tuple(spec["marks"].get(code, ()))
    return Table(code, spec["form"], rows, equations, totals["row"], totals["column"], additive, units, marks)


def _rows(code: str, spec: Mapping[str, Any]) -> Iterator[Row]:
    own = spec.get("labels", {})
    columns = {c: _own_label(own, COLUMN_KIND[code], c) for c in vocabulary()[COLUMN_KIND[code]]}
    heading = vocabulary()["heading"]
    for group in _groups(code, spec):
        for row in group["rows"]:
            yield Row(
                row,
                _own_label(own, ROW_KIND[code], row),
                tuple(columns[c] for c in group["columns"]),
                tuple(heading[h] for h in group.get("heading", ())),
                group.get("clause"),
            )


def _groups(code: str, spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    table = spec[code]
    if code == "disclosure":
        return list(table["blocks"])
    if code == "application":
        return [{**group, "columns": table["columns"]} for group in table["rows"]]
    return [table]


def _own_label(own: Mapping[str, Any], kind: str, code: str) -> Label:
    """Return a label as this form prints it; the form's general spelling becomes a variant."""
    general = vocabulary()[kind][code]
    zh = own.get(kind, {}).get(code)
    if zh is None:
        return general
    return Label(kind, code, zh, general.en, (general.zh, *general.variants), general.unit, general.signed)


def _leaf_rows(rows: tuple[Row, ...], rules: list[dict[str, Any]]) -> list[str]:
    """Rows that an identity over columns sums: all that no identity names on a side."""
    named = {code for rule in rules if rule["each"] == "column" for code in _named(rule)}
    return [row.code for row in rows if row.code not in named]


def _named(rule: Mapping[str, Any]) -> list[str]:
    right = [] if rule["right"] == "leaves" else rule["right"]
    return [*rule["left"], *right]


def _equations(
    rule: dict[str, Any], rows: tuple[Row, ...], rules: list[dict[str, Any]]
) -> Iterator[Equation]:
    columns = [label.code for label in rows[0].columns]
    if rule["each"] == "row":
        right = [c for c in columns if c not in rule["left"]]
        for row in rows:
            yield Equation(
                rule["rule"],
                row.code,
                None,
                _cells(row.code, rule["left"]),
                tuple((row.code, c) for c in right),
            )
        return
    right = _leaf_rows(rows, rules) if rule["right"] == "leaves" else rule["right"]
    for column in columns:
        left = tuple((row, column) for row in rule["left"])
        yield Equation(rule["rule"], None, column, left, tuple((row, column) for row in right))


def _cells(row: str, columns: list[str]) -> tuple[CellKey, ...]:
    return tuple((row, column) for column in columns)


def _additive(rows: tuple[Row, ...], rules: list[dict[str, Any]]) -> frozenset[str]:
    """Rows of which a SUM counts nothing twice.

    Where a balance exists (一 + 二 = 三（七） + 四) these are its right side with the total
    replaced by its leaves: each request is counted once, by how it ended or as carried over.
    """
    balance = [rule for rule in rules if rule["each"] == "column" and rule["right"] != "leaves"]
    if not balance:
        return frozenset(row.code for row in rows)
    totals = {
        code
        for rule in rules
        if rule["each"] == "column" and rule["right"] == "leaves"
        for code in rule["left"]
    }
    closing = [code for rule in balance for code in rule["right"] if code not in totals]
    return frozenset([*_leaf_rows(rows, rules), *closing])
