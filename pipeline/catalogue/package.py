"""What an export says of itself: the descriptor of a Frictionless data package, and notes for people.

Belongs here: descriptor, notes, and which texts a spreadsheet would run as formulas, all as
plain data. Does not belong here: the texts themselves (package.yaml), descriptions of tables
(tables.yaml), or writing any file.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import yaml

from pipeline.catalogue.load import FOLDER, Column, Table, tables
from pipeline.forms import forms

# The same pattern for Python and for RE2, which has no Unicode-aware \s.
RISKY = "^(['\t\r\n]|[ \t\r\n\u00a0\u3000]*[=+@＝＋－＠-])"
GUARD = "'"

_RISKY = re.compile(RISKY)
_TYPES = {
    "VARCHAR": "string",
    "VARCHAR[]": "array",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
_MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MOST_SHEET_LETTERS = 31


class Vintage(NamedTuple):
    """Of when the data is: time the warehouse was built (UTC), versions, and what it holds."""

    built_at: datetime
    parser_versions: tuple[str, ...]
    gongkai_version: str
    documents: int
    reports: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What was asked for: report years and agencies (names by id); empty means all."""

    years: tuple[int, ...] = ()
    agencies: Mapping[str, str] = field(default_factory=dict)


class File(NamedTuple):
    """One table as written: rows, and its file with size in bytes and SHA-256."""

    table: Table
    path: str
    rows: int
    byte_size: int
    sha256: str


class Reference(NamedTuple):
    """A column whose values are keys of a table."""

    column: str
    table_name: str
    key: str


class Note(NamedTuple):
    """One thing to know, in both languages."""

    zh: str
    en: str


@cache
def texts() -> Mapping[str, Any]:
    """Return the texts of package.yaml."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / "package.yaml").read_text(encoding="utf-8"))
    return loaded


def published() -> list[str]:
    """Return every table of the warehouse by name, in the order of the catalogue."""
    return [name for name, table in tables().items() if table.kind != "store"]


def usual() -> list[str]:
    """Return the tables that an export takes unless others are named."""
    return [name for name in published() if name not in texts()["left_out"]]


def is_risky(text: str) -> bool:
    """Tell whether a spreadsheet could run a text as a formula, or the text begins with the guard itself."""
    return bool(_RISKY.match(text))


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs as a formula; `unguarded` undoes it exactly."""
    return GUARD + text if is_risky(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text.removeprefix(GUARD)


def sheet_name(table: Table) -> str:
    """Return the name of a table's Excel sheet: Chinese label and name as far as 31 letters reach."""
    name = f"{table.zh} {table.name}"
    return name if len(name) <= _MOST_SHEET_LETTERS else table.name[:_MOST_SHEET_LETTERS]


def notes(vintage: Vintage, selection: Selection, form: str) -> list[Note]:
    """Return what a reader of an export of the format `form` must know, most general first."""
    known = texts()
    return [
        Note(known["about_zh"], known["about_en"]),
        _built(vintage),
        _selected(selection),
        _counted(vintage),
        _licence(),
        *(Note(one["zh"], one["en"]) for one in [*known["caveats"], known["formats"][form]]),
    ]


def _licence() -> Note:
    known = texts()
    names = "; ".join(f"{one['title']} ({one['path']})" for one in known["licences"])
    return Note(f"许可：{names}。{known['rights_zh']}", f"Licence: {names}. {known['rights_en']}")


def _counted(vintage: Vintage) -> Note:
    figures = {"documents": vintage.documents, "reports": vintage.reports}
    return Note(*(texts()[f"source_{language}"].format(**figures) for language in ("zh", "en")))


def _built(vintage: Vintage) -> Note:
    versions = ", ".join(vintage.parser_versions) or "?"
    day = f"{vintage.built_at:%Y-%m-%d %H:%M:%S} UTC"
    return Note(
        f"数据仓库生成于 {day}；gongkai {vintage.gongkai_version}，解析器 {versions}。",
        f"Warehouse built at {day}; gongkai {vintage.gongkai_version}, parser {versions}.",
    )


def _selected(selection: Selection) -> Note:
    years = ", ".join(map(str, selection.years))
    agencies = ", ".join(f"{name} ({agency_id})" for agency_id, name in selection.agencies.items())
    return Note(
        f"报告年度：{years or '全部'}。机构：{agencies or '全部'}。",
        f"Report years: {years or 'all'}. Agencies: {agencies or 'all'}.",
    )


def descriptor(files: Sequence[File], vintage: Vintage, selection: Selection, form: str) -> dict[str, Any]:
    """Return the descriptor (datapackage.json) of an export of the format `form`."""
    known = texts()
    names = [file.table.name for file in files]
    package = {
        "name": "gongkai",
        "title": f"{known['title_zh']} | {known['title_en']}",
        "description": "\n\n".join(f"{note.zh}\n{note.en}" for note in notes(vintage, selection, form)),
        "created": f"{vintage.built_at:%Y-%m-%dT%H:%M:%SZ}",
        "keywords": known["keywords"],
        "licenses": known["licences"],
        "sources": list(_sources(vintage)),
        "vintage": {
            "warehouse_built_at": f"{vintage.built_at:%Y-%m-%dT%H:%M:%SZ}",
            "parser_versions": list(vintage.parser_versions),
            "gongkai_version": vintage.gongkai_version,
        },
        "selection": {"years": list(selection.years), "agencies": list(selection.agencies)},
        "resources": [_resource(file, names, form) for file in files],
    }
    if form == "csv":
        package["text_guard"] = {"prefix": GUARD, "before": RISKY}
    return package


def _sources(vintage: Vintage) -> Iterator[dict[str, str]]:
    counted = _counted(vintage)
    yield {"title": f"{counted.zh} | {counted.en}"}
    for form in forms().values():
        yield {"title": f"{form.basis}（{form.code}年表式 | form of {form.code}）"}


def _resource(file: File, names: Collection[str], form: str) -> dict[str, Any]:
    table = file.table
    resource: dict[str, Any] = {
        "name": table.name,
        "type": "table",
        "path": file.path,
        "format": form,
        "mediatype": _MEDIA_TYPES[form],
        "title": f"{table.zh} | {table.en}",
        "description": f"{table.grain_zh}。{table.about_zh}\n{table.grain_en}. {table.about_en}",
        "bytes": file.byte_size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": schema(table, names, in_chinese=form == "xlsx"),
    }
    if form == "csv":
        resource["encoding"] = "utf-8"
    if form == "xlsx":
        resource["dialect"] = {"excel": {"sheet": sheet_name(table)}}
    return resource


def schema(table: Table, names: Collection[str], *, in_chinese: bool = False) -> dict[str, Any]:
    """Return the Table Schema of a table beside the exported tables `names`.

    `in_chinese`: fields and keys are named by the Chinese headers, the column's name stands beside.
    """
    shown = {column.name: column.zh if in_chinese else column.name for column in table.columns}
    fields = [
        {
            "name": shown[column.name],
            **({"column": column.name} if in_chinese else {}),
            **_field(column, table),
        }
        for column in table.columns
    ]
    keys = [
        _foreign_key(table, reference, in_chinese=in_chinese)
        for reference in references(table)
        if reference.table_name in names
    ]
    found: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.key:
        found["primaryKey"] = [shown[name] for name in table.key]
    return {**found, "foreignKeys": keys} if keys else found


def references(table: Table) -> Iterator[Reference]:
    """Yield what the columns of a table refer to: the key of another table, or of the table itself."""
    for column in table.column_names:
        other = _keyed().get(column, table.name)
        if other != table.name and column not in table.loose:
            yield Reference(column, other, column)
        elif column in texts()["references"] and len(table.key) == 1:
            named = texts()["references"][column]
            yield Reference(column, named or table.name, tables()[named or table.name].key[0])


@cache
def _keyed() -> Mapping[str, str]:
    """Return by its key's name the first table whose key is one column."""
    found: dict[str, str] = {}
    for table in map(tables().__getitem__, published()):
        if len(table.key) == 1:
            found.setdefault(table.key[0], table.name)
    return found


def _foreign_key(table: Table, reference: Reference, *, in_chinese: bool) -> dict[str, Any]:
    other = tables()[reference.table_name]
    own, key = reference.column, reference.key
    if in_chinese:
        own, key = _label(table, own), _label(other, key)
    # The standard names the table itself by an empty text.
    resource = "" if other is table else other.name
    return {"fields": [own], "reference": {"resource": resource, "fields": [key]}}


def _label(table: Table, column_name: str) -> str:
    return next(column.zh for column in table.columns if column.name == column_name)


def _field(column: Column, table: Table) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    # An empty text is a value to the warehouse, but a missing one to readers of CSV and Excel.
    never_empty = column.type != "VARCHAR" or column.values or column.name in table.key
    if not column.nullable and never_empty:
        limits["required"] = True
    if column.values and column.type == "VARCHAR":
        limits["enum"] = sorted(column.values)
    if column.least is not None:
        limits["minimum"] = column.least
    described = {
        "type": _TYPES[column.type],
        "title": f"{column.zh} | {column.en}",
        "description": f"{column.about_zh} | {column.about_en}",
    }
    return {**described, "constraints": limits} if limits else described
