"""Reads the catalogue's data into plain, immutable objects.

Belongs here: the types of a table, column, rule and metric, and their loading.
Does not belong here: any description or list of them - those are in the YAML files
beside this module - nor SQL (see statements.py) nor frames (see pipeline.schemas).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from pipeline.forms import COLUMN_KIND, ROW_KIND, TABLE_CODES, forms, vocabulary

FOLDER = Path(__file__).parent
METRIC_COLUMNS = "@metrics"
_MINIMUM_N = 30


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its DuckDB type, labels and descriptions, and what it may hold.

    `values` are the only values allowed (None: any), `least` the smallest number.
    """

    name: str
    type: str
    zh: str
    en: str
    about_zh: str
    about_en: str
    nullable: bool = False
    values: frozenset[str] | None = None
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: where its rows come from (`kind`), its unique key, order and columns.

    `loose` are columns that may name a row of another table that isn't there.
    """

    name: str
    kind: str
    zh: str
    en: str
    grain_zh: str
    grain_en: str
    about_zh: str
    about_en: str
    key: tuple[str, ...]
    sort: tuple[str, ...]
    columns: tuple[Column, ...]
    whole: bool = False
    loose: tuple[str, ...] = ()

    @property
    def schema(self) -> str:
        """Return the name of the table's schema."""
        return self.name.split(".")[0]

    @property
    def column_names(self) -> list[str]:
        """Return the names of the columns in order."""
        return [column.name for column in self.columns]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that a finding can name."""

    code: str
    severity: str
    zh: str
    en: str
    about_zh: str
    about_en: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: cells (`table.row.column`) whose sums make numerator and denominator.

    Without a denominator the metric is the numerator itself. `of` and `per` name the same
    cells in short (a heading for the rows under it). With an n below `minimum_n` (None: a
    figure has no n) it is not ranked; `headline` metrics have a column in mart.agency_year.
    """

    code: str
    unit: str
    zh: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    factor: float
    of: tuple[str, ...]
    per: tuple[str, ...]
    direction: str
    minimum_n: int | None
    headline: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the cells of numerator and denominator, each once."""
        return tuple(dict.fromkeys(self.numerator + self.denominator))


@cache
def tables() -> dict[str, Table]:
    """Return every table by its name (`schema.table`), in the order of the catalogue."""
    spec = _yaml("tables.yaml")
    columns = {name: _column(name, fields) for name, fields in spec["columns"].items()}
    return {name: _table(name, fields, columns) for name, fields in spec["tables"].items()}


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its code."""
    return {code: Rule(code=code, **fields) for code, fields in _yaml("rules.yaml").items()}


@cache
def metrics() -> dict[str, Metric]:
    """Return every metric by its code."""
    return {code: _metric(code, fields) for code, fields in _yaml("metrics.yaml").items()}


def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


def _column(name: str, fields: Mapping[str, Any]) -> Column:
    values = fields.get("values")
    allowed = frozenset(_CODE_LISTS[values]() if isinstance(values, str) else values) if values else None
    return Column(name=name, **{**fields, "values": allowed})


def _table(name: str, fields: Mapping[str, Any], columns: Mapping[str, Column]) -> Table:
    own = tuple(chain.from_iterable(_named_columns(entry, columns) for entry in fields["columns"].split()))
    lists = {name: tuple(fields.get(name, ())) for name in ("key", "sort", "loose")}
    return Table(name=name, **{**fields, **lists, "columns": own})


def _named_columns(entry: str, columns: Mapping[str, Column]) -> Iterator[Column]:
    if entry == METRIC_COLUMNS:
        for metric in metrics().values():
            if metric.headline:
                yield from _metric_columns(metric, columns)
        return
    yield replace(columns[entry.rstrip("?")], nullable=entry.endswith("?"))


def _metric_columns(metric: Metric, columns: Mapping[str, Column]) -> Iterator[Column]:
    """Yield a metric's value, its n where it is a rate, and its check status."""
    about_zh, about_en = f"{metric.zh}，定义见mart.metric", f"{metric.en}; defined in mart.metric"
    yield Column(metric.code, "DOUBLE", metric.zh, metric.en, about_zh, about_en, nullable=True)
    parts = {"n": "样本量", "check_status": "校验"} if metric.denominator else {"check_status": "校验"}
    for part, word in parts.items():
        column = columns[part]
        yield replace(
            column,
            name=f"{metric.code}_{part}",
            zh=f"{metric.zh}{word}",
            en=f"{metric.en}: {column.en}",
            about_zh=f"{metric.zh}：{column.about_zh}",
            about_en=f"{metric.en}: {column.about_en}",
            nullable=True,
        )


def _metric(code: str, fields: Mapping[str, Any]) -> Metric:
    return Metric(
        code=code,
        unit=fields["unit"],
        zh=fields["zh"],
        en=fields["en"],
        numerator=_cells(fields["of"]),
        denominator=_cells(fields.get("per", [])),
        factor=fields.get("times", 1),
        of=tuple(fields["of"]),
        per=tuple(fields.get("per", ())),
        direction=fields.get("direction", "neutral"),
        minimum_n=fields.get("minimum_n", _MINIMUM_N) if "per" in fields else None,
        headline=fields.get("headline", True),
    )


def _cells(terms: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(_term_cells(term) for term in terms)))


def _term_cells(term: str) -> Iterator[str]:
    """Yield the cells that a term names in any form; a heading stands for the rows under it."""
    table_code, row_code, column_code = term.split(".")
    found = False
    for form in forms().values():
        for row in form.tables[table_code].rows:
            columns = {label.code for label in row.columns}
            if row_code in {row.code, *(heading.code for heading in row.headings)} and column_code in columns:
                found = True
                yield f"{table_code}.{row.code}.{column_code}"
    if not found:
        raise ValueError(f"metrics.yaml names {term}, which no form has")


def _labels(*kinds: str) -> list[str]:
    return [code for kind in kinds for code in vocabulary()[kind]]


# The code lists that a column's `values` can name; each is kept in one place, elsewhere.
_CODE_LISTS: Mapping[str, Callable[[], list[str]]] = {
    "tables": lambda: list(TABLE_CODES),
    "rows": lambda: _labels(*ROW_KIND.values()),
    "columns": lambda: _labels(*COLUMN_KIND.values()),
    "items": lambda: _labels("item"),
    "measures": lambda: _labels("measure"),
    "outcomes": lambda: _labels("outcome", "heading"),
    "applicants": lambda: _labels("applicant", "heading"),
    "channels": lambda: _labels("channel", "heading"),
    "results": lambda: _labels("result"),
    "forms": lambda: list(forms()),
    "sections": lambda: _labels("section"),
    "rules": lambda: list(rules()),
    "metrics": lambda: list(metrics()),
}
