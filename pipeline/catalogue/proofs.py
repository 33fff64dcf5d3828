"""SELECTs of the rows that a warehouse must not hold: what the catalogue says of its tables, turned round.

Belongs here: conditions that follow from columns and keys. Does not belong here: running
them, or what is done about a row.
"""

from collections.abc import Iterator

from pipeline.catalogue.load import Column, Table, tables
from pipeline.catalogue.statements import literal, quoted

# A row of a report may break its schema where this finding says so: it stays, openly.
_OWNED_UP = "SELECT report_id FROM quality.finding WHERE rule_code = 'row.schema'"
# Codes that lie outside the dimension of the same key by intention.
_OPEN = {
    # An agency's region may be one of a year past, or finer than the list.
    "region_code",
}


def broken_rows(table: Table) -> str:
    """Return the SELECT of how many rows break the schema of their columns and no finding owns up to it."""
    conditions = " OR ".join(f"({condition})" for column in table.columns for condition in _breaks(column))
    said = f" AND report_id NOT IN ({_OWNED_UP})" if "report_id" in table.column_names else ""
    return f"SELECT count(*) FROM {quoted(table.name)} WHERE ({conditions or 'FALSE'}){said}"


def lost_rows(table: Table) -> str | None:
    """Return the SELECT of how many rows name a row of another table that isn't there; None: none can."""
    conditions = [
        # Of NULL and no row at all NOT IN is true: in a first load every document may be quarantined.
        f"({column} IS NOT NULL AND {column} NOT IN (SELECT {column} FROM {quoted(owner)}))"
        for column, owner in references(table).items()
    ]
    if not conditions:
        return None
    return f"SELECT count(*) FROM {quoted(table.name)} WHERE {' OR '.join(conditions)}"


def references(table: Table) -> dict[str, str]:
    """Return the columns of a table that are the key of another one, with that table."""
    owners = {
        other.key[0]: other.name
        for other in tables().values()
        if len(other.key) == 1 and other.kind != "store" and other.key[0] not in _OPEN
    }
    return {
        column: owners[column]
        for column in table.column_names
        if owners.get(column, table.name) != table.name and column not in table.loose
    }


def _breaks(column: Column) -> Iterator[str]:
    name = quoted(column.name)
    if not column.nullable:
        yield f"{name} IS NULL"
    if column.values is not None:
        yield f"{name} NOT IN ({', '.join(map(literal, sorted(column.values)))})"
    if column.least is not None:
        yield f"{name} < {column.least}"
