"""What the release gate looks at, measured in an open warehouse.

Belongs here: the queries. Does not belong here: what a measure may be (pipeline.release).
"""

from collections.abc import Iterator, Mapping

import duckdb

from pipeline.catalogue.statements import quoted
from pipeline.release import Measure, bounds
from pipeline.release.gate import OVERALL

_DOCUMENTS = "SELECT count(*) FROM raw.document WHERE status = 'ingested'"
_REPORTS = "SELECT report_year, count(*) FROM core.report WHERE is_current GROUP BY ALL ORDER BY ALL"
# The cells of current reports: what analysts see of a report that has been replaced is its last version.
_CELLS = """
    SELECT
        report_year,
        count(*) FILTER (WHERE check_status = 'verified') AS verified,
        count(*) AS cells,
        count(*) FILTER (WHERE check_status = 'verified' AND coalesce(corrected_value, value) <> 0)
            AS verified_non_zero,
        count(*) FILTER (WHERE coalesce(corrected_value, value) <> 0) AS non_zero
    FROM core.cell
    INNER JOIN (SELECT report_id, report_year FROM core.report WHERE is_current) USING (report_id)
    GROUP BY report_year
    ORDER BY report_year
"""


def measured(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> list[Measure]:
    """Return the measures of a warehouse whose tables have so many `rows`."""
    return [
        *(Measure("rows", name, count, rows.get("core.report")) for name, count in rows.items()),
        Measure("documents", "ingested", connection.execute(_DOCUMENTS).fetchall()[0][0]),
        *(Measure("reports", str(year), count) for year, count in connection.execute(_REPORTS).fetchall()),
        *_verified(connection.execute(_CELLS).fetchall()),
        *_filled(connection, rows),
    ]


def _verified(years: list[tuple[int, int, int, int, int]]) -> Iterator[Measure]:
    sums = [sum(row[place] for row in years) for place in range(1, 5)]
    for of, counts in [(OVERALL, sums), *((str(row[0]), row[1:]) for row in years)]:
        yield Measure("verified", of, *counts[:2])
        yield Measure("verified_non_zero", of, *counts[2:])


def _filled(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, int]) -> Iterator[Measure]:
    for table, columns in bounds().columns.items():
        if table in rows:
            counts = ", ".join(f"count({quoted(column)})" for column in columns)
            (found,) = connection.execute(f"SELECT {counts} FROM {quoted(table)}").fetchall()
            for column, count in zip(columns, found, strict=True):
                yield Measure("filled", f"{table}.{column}", count, rows[table])
