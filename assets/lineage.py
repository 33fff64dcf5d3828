"""Where each column comes from, for Dagster: read off sql/ by sqlglot, and off the catalogue where no SQL is.

Belongs here: columns and the columns they are computed from. Does not belong here: which table
is made from which (build.upstream), or what a column means (pipeline.catalogue).
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer import build_scope, qualify

from assets.specs import key
from assets.storage import Storage
from pipeline.catalogue import Table, metrics, tables, twins

# Of each column the columns it comes from, as (table, column).
Sources = dict[str, list[tuple[str, str]]]

_DIALECT = "duckdb"
# A table whose only key is the column: whoever else has that column has it from there.
_PARTS = ("core.report", "raw.document")


def column_lineage(storage: Storage, sql_texts: Mapping[str, str]) -> dict[str, dg.TableColumnLineage]:
    """Return the lineage of every published table and Chinese view that has one, by its name.

    Following the SQL takes seconds, so it is done once for each state of sql/ and the catalogue and kept.
    """
    code = hashlib.sha256(json.dumps([dict(sql_texts), _schema()], sort_keys=True).encode()).hexdigest()
    path = storage.store / "lineage.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if kept.get("code") != code:
        kept = {"code": code, "columns": {name: traced(name, text) for name, text in sql_texts.items()}}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    found = {**kept["columns"], **{name: renamed(table) for name, table in twins().items()}}
    return {name: shown(sources) for name, sources in found.items() if sources}


def shown(sources: Mapping[str, list[tuple[str, str]]]) -> dg.TableColumnLineage:
    """Return a table's sources as Dagster takes them."""
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(key(table), source) for table, source in found]
            for column, found in sources.items()
        }
    )


def handed_down(name: str) -> Sources:
    """Return the ids that a table read from documents has from its report or document; no SQL makes it.

    Its other columns are read from the documents themselves: no column stands behind them.
    """
    owners = {tables()[owner].key[0]: owner for owner in _PARTS if owner != name}
    return {column: [(owners[column], column)] for column in tables()[name].column_names if column in owners}


def renamed(table: Table) -> Sources:
    """Return the sources of a Chinese view: each column is one of the mart."""
    return {column.zh: [(table.name, column.name)] for column in table.columns}


def traced(name: str, sql: str) -> Sources:
    """Return the columns from which each column of a table made by SQL is computed; sorted.

    A column that counts rows comes from none and is left out.
    """
    found: dict[str, set[tuple[str, str]]] = {}
    for branch in _branches(sqlglot.parse_one(sql, dialect=_DIALECT)):
        for column, sources in _columns(branch, tables()[name]):
            found.setdefault(column, set()).update(sources)
    for column, source in _pivoted(tables()[name]):
        found.setdefault(column, {source})
    return {column: sorted(sources) for column, sources in found.items() if sources}


def _branches(statement: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the SELECTs of a UNION, each under its WITH: sqlglot follows BY NAME by position, wrongly."""
    if not isinstance(statement, exp.Union):
        yield statement
        return
    for side in (statement.this, statement.expression):
        branch = side.copy()
        if statement.args.get("with_"):
            branch.set("with_", statement.args["with_"].copy())
        yield from _branches(branch)


def _columns(statement: exp.Expr, table: Table) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    logger = logging.getLogger("sqlglot")
    logger.disabled = True  # it warns of PIVOT, which _pivoted answers
    try:
        whole = qualify.qualify(
            statement, dialect=_DIALECT, schema=_schema(), validate_qualify_columns=False, identify=False
        )
        scope = build_scope(whole)
        for column in table.column_names:
            try:
                node = lineage(column, whole, schema=_schema(), scope=scope, dialect=_DIALECT, copy=False)
            except SqlglotError:  # this branch has no such column
                continue
            yield column, {source for leaf in node.walk() for source in _table_column(leaf)}
    finally:
        logger.disabled = False


def _table_column(leaf: object) -> Iterator[tuple[str, str]]:
    source = getattr(leaf, "expression", None)
    name = getattr(leaf, "name", "")
    if isinstance(source, exp.Table) and source.db and not getattr(leaf, "downstream", ()):
        yield f"{source.db}.{source.name}", str(name).rsplit(".", 1)[-1]


def _pivoted(table: Table) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the columns that PIVOT makes, which sqlglot can't follow: a metric's are named for it."""
    own = set(table.column_names)
    for code in metrics():
        for suffix, source in (("", "value"), ("_n", "n"), ("_check_status", "check_status")):
            if code in own and f"{code}{suffix}" in own:
                yield f"{code}{suffix}", ("mart.metric_value", source)


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for table in tables().values():
        own = {column.name: column.type for column in table.columns}
        schema.setdefault(table.schema, {})[table.name.split(".")[1]] = own
    return schema
