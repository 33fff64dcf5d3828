"""The data dictionary: one HTML page from the catalogue and the forms.

Belongs here: arranging what those say for the page. Does not belong here: any description or
label (YAML), or the page's looks (dictionary.html).
"""

from collections.abc import Collection, Iterator
from functools import cache
from itertools import groupby
from typing import NamedTuple

from jinja2 import Environment, StrictUndefined

from pipeline.catalogue import formula
from pipeline.catalogue.breaks import Break, breaks
from pipeline.catalogue.load import FOLDER, Column, Metric, Table, metrics, rules, tables
from pipeline.catalogue.package import Note, published, references, texts
from pipeline.forms import Form, Label, forms, vocabulary
from pipeline.forms import Table as FormTable

_MOST_VALUES = 10


class Values(NamedTuple):
    """What a column may hold: the values, or the anchor of their list; `refers` is a table it leads to."""

    listed: list[str]
    anchor: str | None
    refers: str | None


class Code(NamedTuple):
    """One code with its label and the forms that have it."""

    label: Label
    forms: list[str]


class Kind(NamedTuple):
    """One kind of code, with its name in both languages."""

    name: str
    title: Note
    codes: list[Code]


class Measure(NamedTuple):
    """One metric with its formula in words and SQL, forms and breaks."""

    metric: Metric
    words: Note
    sql: str
    forms: list[str]
    breaks: list[Break]


class Identity(NamedTuple):
    """One identity of a form: its rule, where it is repeated (row or column), and both sides in words."""

    rule: str
    each: str
    left: Note
    right: Note


def page(version: str) -> str:
    """Return the data dictionary as one HTML page that needs no other file; `version` is the program's."""
    template = FOLDER / "dictionary.html"
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(template.read_text(encoding="utf-8")).render(
        version=version,
        texts=texts(),
        tables=[tables()[name] for name in published()],
        values=values,
        kinds=list(kinds()),
        rules=list(rules().values()),
        measures=[_measure(metric) for metric in metrics().values()],
        forms=[
            (form, [(table, list(identities(table))) for table in form.tables.values()]) for form in _forms()
        ],
    )


def values(table: Table, column: Column) -> Values:
    """Return what a column may hold and what it leads to."""
    refers = {found.column: found.table_name for found in references(table)}.get(column.name)
    allowed = column.values or frozenset()
    if len(allowed) < _MOST_VALUES:
        return Values(sorted(allowed), None, refers)
    return Values([], _anchors().get(allowed, "codes"), refers)


def kinds() -> Iterator[Kind]:
    """Yield every kind of code of the forms' vocabulary."""
    for kind, labels in vocabulary().items():
        dimension = tables().get(f"core.dim_{kind}")
        named = texts()["kinds"].get(kind)
        title = Note(dimension.zh, dimension.en) if dimension else Note(named["zh"], named["en"])
        yield Kind(kind, title, [Code(label, _forms_with(label)) for label in labels.values()])


def identities(table: FormTable) -> Iterator[Identity]:
    """Yield the identities of a form's table, each once, as words."""
    row_labels = {row.code: row.label for row in table.rows}
    column_labels = {label.code: label for row in table.rows for label in row.columns}
    for rule, group in groupby(table.equations, key=lambda one: one.rule):
        first = next(group)
        place, labels = (1, column_labels) if first.row_code else (0, row_labels)
        left, right = ([labels[cell[place]] for cell in side] for side in (first.left, first.right))
        yield Identity(rule, "row" if first.row_code else "column", _sum(left), _sum(right))


def _forms() -> list[Form]:
    return list(forms().values())


def _measure(metric: Metric) -> Measure:
    words = Note(formula.words(metric, "zh"), formula.words(metric, "en"))
    return Measure(metric, words, formula.sql(metric), formula.forms_of(metric), list(breaks(metric.cells)))


def _sum(labels: Collection[Label]) -> Note:
    return Note(" ＋ ".join(label.zh for label in labels), " + ".join(label.en for label in labels))


def _forms_with(label: Label) -> list[str]:
    return [form.code for form in _forms() if (label.kind, label.code) in _labels(form.code)]


@cache
def _labels(form_code: str) -> frozenset[tuple[str, str]]:
    """Return kind and code of every label that a form prints."""
    form = forms()[form_code]
    rows = [row for table in form.tables.values() for row in table.rows]
    found = [*form.sections, *(row.label for row in rows)]
    found += [label for row in rows for label in (*row.columns, *row.headings)]
    return frozenset((label.kind, label.code) for label in found)


@cache
def _anchors() -> dict[frozenset[str], str]:
    """Return where on the page the lists of codes stand."""
    by_kind = {frozenset(labels): f"codes.{kind}" for kind, labels in vocabulary().items()}
    return {**by_kind, frozenset(rules()): "rules", frozenset(metrics()): "metrics"}
