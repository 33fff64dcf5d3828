"""SQL text that follows from the catalogue and from the SQL files.

Belongs here: comments, typed table statements, Chinese twins, and the order in which
the files depend on each other. Does not belong here: running any of it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter

import sqlglot
from sqlglot import expressions

from pipeline.catalogue.load import Column, Table, tables


def quoted(name: str) -> str:
    """Return a name as a quoted SQL identifier; a dot parts schema and table."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def literal(text: str) -> str:
    """Return a text as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def create_from(table: Table, source: str) -> str:
    """Return the statement that makes `table` from a SELECT: its columns, types and order.

    A value that doesn't fit its column's type stops the statement; nothing is turned to null.
    """
    columns = ", ".join(f"CAST({quoted(c.name)} AS {c.type}) AS {quoted(c.name)}" for c in table.columns)
    order = f" ORDER BY {', '.join(map(quoted, table.sort))}" if table.sort and table.kind == "sql" else ""
    return f"CREATE TABLE {quoted(table.name)} AS SELECT {columns} FROM (\n{source}\n){order}"


def twin(table: Table) -> str:
    """Return the statement that makes the Chinese view of a mart: same name and rows, Chinese columns."""
    columns = ", ".join(f"{quoted(column.name)} AS {quoted(column.zh)}" for column in table.columns)
    return f"CREATE VIEW {quoted(twin_name(table))} AS SELECT {columns} FROM {quoted(table.name)}"


def twin_name(table: Table) -> str:
    """Return the name of a mart's Chinese view."""
    return f"zh.{table.name.split('.')[1]}"


def twins() -> dict[str, Table]:
    """Return every mart that has a Chinese view, by the view's name."""
    return {twin_name(table): table for table in tables().values() if table.schema == "mart"}


def comments(table: Table) -> Iterator[str]:
    """Yield the statements that describe a table, its columns and, of a mart, its Chinese view."""
    text = f"{table.zh}：{table.grain_zh}。{table.about_zh} | {table.en}: {table.grain_en}. {table.about_en}"
    yield f"COMMENT ON TABLE {quoted(table.name)} IS {literal(text)}"
    for column in table.columns:
        place = f"{quoted(table.name)}.{quoted(column.name)}"
        yield f"COMMENT ON COLUMN {place} IS {literal(column_text(column))}"
    if twin_name(table) in twins():
        view = quoted(twin_name(table))
        yield f"COMMENT ON VIEW {view} IS {literal(text)}"
        for column in table.columns:
            yield f"COMMENT ON COLUMN {view}.{quoted(column.zh)} IS {literal(column_text(column))}"


def column_text(column: Column) -> str:
    """Return a column's description in both languages, with the values that it allows."""
    allowed = f" [{', '.join(sorted(column.values))}]" if column.values and len(column.values) < 10 else ""
    return f"{column.zh}：{column.about_zh} | {column.en}: {column.about_en}{allowed}"


@cache  # parsing takes longer than the statements themselves, and each is asked about several times
def dependencies(sql: str) -> frozenset[str]:
    """Return the tables (`schema.table`) that a statement reads.

    A table without a schema is a name of the statement's own WITH.
    """
    parsed = sqlglot.parse_one(sql, dialect="duckdb")
    tables = parsed.find_all(expressions.Table)
    return frozenset(f"{found.db}.{found.name}" for found in tables if found.db)


def in_order(statements: Mapping[str, str]) -> list[str]:
    """Return the tables that `statements` make, each after those that it reads.

    Raises graphlib.CycleError when two need each other. Same input, same order.
    """
    graph = {name: sorted(dependencies(sql) & set(statements)) for name, sql in sorted(statements.items())}
    return list(TopologicalSorter(graph).static_order())
