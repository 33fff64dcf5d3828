"""SQL that finds what differs between two warehouses, attached as `a` and `b`.

Belongs here: the statements and the order of their columns. Does not belong here: running them or
showing what they find (assets).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from pipeline.catalogue import tables
from pipeline.catalogue.statements import literal, quoted

# Of an added or removed row the one figure or text that says most; the first that the table has.
_TELLING = ("value", "requests", "cases", "message", "title", "name", "reason")
# What names the report rather than the row within it: columns of their own.
_ABOUT = ("report_id", "agency_id", "report_year")

CHANGES = """
    CREATE TABLE change (
        place INTEGER, table_name VARCHAR, change VARCHAR, agency_id VARCHAR, agency_name VARCHAR,
        report_year INTEGER, file_name VARCHAR, report_id VARCHAR, row_key VARCHAR, column_name VARCHAR,
        before VARCHAR, after VARCHAR, nth INTEGER
    )"""
# What is shown of a change; the rest of the columns orders and counts them.
SHOWN = (
    "table_name, change, agency_id, agency_name, report_year, file_name, report_id, row_key, column_name, "
    "before, after"
)
_REPORTS = """
    SELECT
        {side} AS side, report_id, document_id, agency_id, agency_name, report_year, is_current, file_name
    FROM {name}.core.report
    LEFT JOIN (SELECT document_id, file_name FROM {name}.raw.document) AS document USING (document_id)"""
_CURRENT = """
    CREATE VIEW current_cell_{name} AS
    SELECT report.agency_id, report.report_year, cell.*
    FROM {name}.core.cell
    INNER JOIN (
        SELECT report_id, agency_id, report_year FROM {name}.core.report WHERE is_current
    ) AS report USING (report_id)"""
# The reports of both sides, to say of whom a row is: an id is the same report in both, and `b` says how it is
# now. Then the current report of each agency-year, the bodies, and the cells of current reports.
PREPARED = (
    f"""
    CREATE TABLE about AS
    SELECT DISTINCT ON (report_id) *
    FROM ({_REPORTS.format(side=1, name="b")} UNION ALL {_REPORTS.format(side=2, name="a")})
    ORDER BY report_id, side""",
    """
    CREATE TABLE about_current AS
    SELECT DISTINCT ON (agency_id, report_year) *
    FROM about
    WHERE is_current
    ORDER BY agency_id, report_year, side, report_id""",
    "CREATE TABLE body AS SELECT agency_id, max(agency_name) AS agency_name FROM about GROUP BY agency_id",
    _CURRENT.format(name="a"),
    _CURRENT.format(name="b"),
)
SUMMARY = """
    SELECT
        table_name,
        count(*) FILTER (WHERE change = 'row added') AS added,
        count(*) FILTER (WHERE change = 'row removed') AS removed,
        count(*) FILTER (WHERE change = 'value changed' AND nth = 1) AS changed,
        count(*) FILTER (WHERE change = 'value changed') AS changed_values
    FROM change
    GROUP BY place, table_name
    ORDER BY place"""
BY_AGENCY = """
    SELECT
        agency_id,
        any_value(agency_name) AS agency_name,
        report_year,
        table_name,
        count(*) FILTER (WHERE change = 'row added') AS added,
        count(*) FILTER (WHERE change = 'row removed') AS removed,
        count(*) FILTER (WHERE change = 'value changed' AND nth = 1) AS changed,
        count(*) FILTER (WHERE change = 'value changed') AS changed_values
    FROM change
    WHERE agency_id IS NOT NULL
    GROUP BY agency_id, report_year, place, table_name
    ORDER BY agency_name, agency_id, report_year, place"""
DETAIL = (
    f"SELECT {SHOWN} FROM change "
    "ORDER BY place, report_year, agency_id, report_id, row_key, nth, before, after, change"
)

# Not a table of the warehouse: the same agency, year and cell, whatever report it is from.
CURRENT = "core.cell (current)"
_CURRENT_COLUMNS = (
    "table_code",
    "row_code",
    "column_code",
    "value",
    "corrected_value",
    "raw_text",
    "value_status",
    "check_status",
)

Columns = Mapping[str, str]


class Change(NamedTuple):
    """A difference of schema: what it is, where, and the types."""

    change: str
    table_name: str
    column_name: str | None = None
    before: str | None = None
    after: str | None = None


class Compared(NamedTuple):
    """A table that both warehouses have: its columns with their types on either side.

    `own_key` and `sources` (on either side) where it is no table of the catalogue.
    """

    name: str
    before: Columns
    after: Columns
    own_key: tuple[str, ...] = ()
    sources: tuple[str, str] | None = None

    @property
    def columns(self) -> list[str]:
        """Return the columns that both have, in the order of `b`."""
        return [name for name in self.after if name in self.before]

    @property
    def key(self) -> list[str]:
        """Return the catalogue's key, if both have it; else nothing."""
        table = tables().get(self.name)
        wanted = list(table.key if table else self.own_key)
        return wanted if set(wanted) <= set(self.columns) else []

    def source(self, side: str) -> str:
        """Return where its rows are on the side `a` or `b`."""
        return self.sources["ab".index(side)] if self.sources else f"{side}.{quoted(self.name)}"


def current_cells(before: Columns, after: Columns) -> Compared:
    """Return the cells of current reports as a table, for two tables core.cell.

    A report that was published again is another report; here its figures stand beside those before.
    """
    place, own = {"agency_id": "VARCHAR", "report_year": "INTEGER"}, _CURRENT_COLUMNS
    old, new = ({**place, **{name: side[name] for name in own if name in side}} for side in (before, after))
    key = ("agency_id", "report_year", *own[:3])
    return Compared(CURRENT, old, new, own_key=key, sources=("current_cell_a", "current_cell_b"))


def schema_changes(before: Mapping[str, Columns], after: Mapping[str, Columns]) -> list[Change]:
    """Return the tables and columns that were added, removed or changed in type."""
    found = [Change("table added", name) for name in after if name not in before]
    found += [Change("table removed", name) for name in before if name not in after]
    for name in (name for name in after if name in before):
        old, new = before[name], after[name]
        found += [Change("column added", name, one, None, new[one]) for one in new if one not in old]
        found += [Change("column removed", name, one, old[one], None) for one in old if one not in new]
        found += [
            Change("type changed", name, one, old[one], new[one])
            for one in new
            if one in old and old[one] != new[one]
        ]
    return found


def chosen(agency: str | None, years: Sequence[int]) -> str:
    """Return the statement that drops the changes of other agencies and years than those asked for."""
    kept = []
    if agency is not None:
        part = literal(f"%{agency.replace('%', '').replace('_', '')}%")
        kept.append(f"(agency_id = {literal(agency)} OR agency_name LIKE {part})")
    if years:
        kept.append(f"report_year IN ({', '.join(map(str, years))})")
    return f"DELETE FROM change WHERE ({' AND '.join(kept)}) IS NOT TRUE"


def changes(table: Compared, place: int) -> str:
    """Return the statement that inserts what differs in the rows of a table.

    Whole reports (or agencies, or whatever the key begins with) that are alike are put aside by
    their hash first: only the rows of the others are joined.
    """
    rows = _keyed(table) if table.key else _unkeyed(table)
    return f"""
        INSERT INTO change
        WITH {_unlike(table)},
        found AS ({rows})
        SELECT
            {place}, {literal(table.name)}, change, coalesce(found.agency_id, about.agency_id),
            coalesce(about.agency_name, body.agency_name), coalesce(found.report_year, about.report_year),
            about.file_name, coalesce(found.report_id, about.report_id), row_key,
            column_name, before, after, nth
        FROM found
        LEFT JOIN {_link(table)}
        LEFT JOIN body ON body.agency_id = found.agency_id"""


def _link(table: Compared) -> str:
    for column in ("report_id", "document_id"):
        if column in table.columns:
            return f"about ON about.{column} = found.{column}"
    if {"agency_id", "report_year"} <= set(table.columns):
        return (
            "about_current AS about "
            "ON about.agency_id = found.agency_id AND about.report_year = found.report_year"
        )
    return "about ON false"


def _unlike(table: Compared) -> str:
    """Return the reports (or what the key begins with) whose rows are not the same on both sides."""
    sides = [
        f"""(SELECT {_part_of(table, side)} AS part, count(*) AS n, sum(hash({_list(table, side)})) AS h
            FROM {table.source(side)} GROUP BY ALL)"""
        for side in ("a", "b")
    ]
    return f"""unlike AS (
            SELECT part FROM {sides[0]} AS one FULL JOIN {sides[1]} AS other USING (part)
            WHERE one.n IS DISTINCT FROM other.n OR one.h IS DISTINCT FROM other.h
        )"""


def _side(table: Compared, side: str) -> str:
    columns = ", ".join(f"{_value(table, side, name)} AS {quoted(name)}" for name in table.columns)
    return f"""(SELECT {columns} FROM {table.source(side)}
            WHERE {_part_of(table, side)} IN (SELECT part FROM unlike))"""


def _part_of(table: Compared, side: str) -> str:
    # A hash, as it is never NULL and small to remember.
    return f"hash({_value(table, side, (table.key or table.columns)[0])})"


def _value(table: Compared, side: str, column: str) -> str:
    """Return a column as it is compared: of a type that has changed, as the new type."""
    if side == "b" or table.before[column] == table.after[column]:
        return quoted(column)
    return f"TRY_CAST({quoted(column)} AS {table.after[column]})"


def _list(table: Compared, side: str) -> str:
    return ", ".join(_value(table, side, column) for column in table.columns)


def _keyed(table: Compared) -> str:
    on = " AND ".join(f"one.{quoted(name)} = other.{quoted(name)}" for name in table.key)
    values = [name for name in table.columns if name not in table.key]
    differ = " OR ".join(f"one.{quoted(name)} IS DISTINCT FROM other.{quoted(name)}" for name in values)
    first = quoted(table.key[0])
    added = _part("row added", None, None, _telling(table, "other"))
    removed = _part("row removed", None, _telling(table, "one"), None)
    return f"""
        WITH pair AS (
            SELECT
                {_about(table)},
                {_row_key(table, _both)} AS row_key,
                CASE
                    WHEN one.{first} IS NULL THEN [{added}]
                    WHEN other.{first} IS NULL THEN [{removed}]
                    ELSE list_filter([{", ".join(_compared(name) for name in values)}], lambda p: p.differs)
                END AS parts
            FROM {_side(table, "a")} AS one
            FULL JOIN {_side(table, "b")} AS other ON {on}
            WHERE one.{first} IS NULL OR other.{first} IS NULL OR {differ or "false"}
        ),
        each AS (
            SELECT * EXCLUDE (parts), unnest(parts) AS part, generate_subscripts(parts, 1) AS nth FROM pair
        )
        SELECT * EXCLUDE (part), part.change, part.column_name, part.before, part.after FROM each"""


def _unkeyed(table: Compared) -> str:
    """Rows without a key are compared as a bag: so many more of one kind, so many fewer of another."""
    columns = ", ".join(map(quoted, table.columns))
    return f"""
        SELECT
            {_own(table)},
            {_row_key(table, quoted)} AS row_key,
            CASE WHEN more > 0 THEN 'row added' ELSE 'row removed' END AS change,
            NULL AS column_name,
            CASE WHEN more < 0 THEN {_telling(table)} END AS before,
            CASE WHEN more > 0 THEN {_telling(table)} END AS after,
            unnest(range(1, abs(more) + 1)) AS nth
        FROM (
            SELECT {columns}, CAST(sum(d) AS BIGINT) AS more
            FROM (
                SELECT {columns}, -1 AS d FROM {_side(table, "a")}
                UNION ALL
                SELECT {columns}, 1 AS d FROM {_side(table, "b")}
            )
            GROUP BY ALL
            HAVING sum(d) <> 0
        )"""


def _compared(column: str) -> str:
    one, other = f"one.{quoted(column)}", f"other.{quoted(column)}"
    part = _part("value changed", column, one, other)
    return part.removesuffix("}") + f", 'differs': {one} IS DISTINCT FROM {other}}}"


def _part(change: str, column: str | None, before: str | None, after: str | None) -> str:
    name = literal(column) if column else "CAST(NULL AS VARCHAR)"
    texts = [f"CAST({value or 'NULL'} AS VARCHAR)" for value in (before, after)]
    part = f"{{'change': {literal(change)}, 'column_name': {name}, 'before': {texts[0]}, 'after': {texts[1]}"
    return part + ("}" if column else ", 'differs': true}")


def _about(table: Compared) -> str:
    """Return report, document, agency and year of a row: the new side's, or NULL where there is none."""
    return ", ".join(
        f"coalesce(other.{name}, one.{name}) AS {name}"
        if name in table.columns
        else f"{_nothing(name)} AS {name}"
        for name in (*_ABOUT, "document_id")
    )


def _own(table: Compared) -> str:
    return ", ".join(
        name if name in table.columns else f"{_nothing(name)} AS {name}" for name in (*_ABOUT, "document_id")
    )


def _nothing(name: str) -> str:
    return "CAST(NULL AS INTEGER)" if name == "report_year" else "CAST(NULL AS VARCHAR)"


def _both(column: str) -> str:
    return f"coalesce(one.{quoted(column)}, other.{quoted(column)})"


def _row_key(table: Compared, value: Callable[[str], str]) -> str:
    """Return the row's place within its report, as application.granted.total."""
    names = table.key or [name for name in table.columns if name.endswith("_code")]
    own = [f"CAST({value(name)} AS VARCHAR)" for name in names if name not in _ABOUT]
    return f"concat_ws('.', {', '.join(own)})" if own else "CAST(NULL AS VARCHAR)"


def _telling(table: Compared, side: str | None = None) -> str:
    for name in _TELLING:
        if name in table.columns:
            return f"{side}.{quoted(name)}" if side else f"CAST({quoted(name)} AS VARCHAR)"
    return "NULL"
