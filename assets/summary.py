"""The closing summary of an ingest, read from the published warehouse itself."""

from pathlib import Path

import duckdb

from assets.aligned import aligned
from assets.archive import LOST

_STATUS = "SELECT status, count(*) FROM raw.document WHERE withdrawn_at IS NULL GROUP BY status"
_WITHDRAWN = "SELECT count(*) FROM raw.document WHERE withdrawn_at IS NOT NULL"
_YEARS = "SELECT report_year, count(*) FROM core.report GROUP BY report_year ORDER BY report_year"
_CELLS = """
    SELECT check_status, count(*), count(*) FILTER (WHERE coalesce(corrected_value, value) <> 0)
    FROM core.cell
    GROUP BY check_status
"""
_CORRECTIONS = "SELECT state, count(*) FROM quality.correction GROUP BY state ORDER BY state"
_IDLE = """
    SELECT document_id || ' ' || concat_ws('.', table_code, row_code, column_code), message
    FROM quality.correction
    WHERE state <> 'applied'
"""
_FINDINGS = """
    SELECT rule.rule_code, rule.severity, counted.findings, rule.title_zh, rule.title_en
    FROM (SELECT rule_code, count(*) AS findings FROM quality.finding GROUP BY rule_code) AS counted
    INNER JOIN quality.rule USING (rule_code)
    ORDER BY list_position(['error', 'warning', 'info'], rule.severity), counted.findings DESC, rule.rule_code
"""
_KEPT_OUT = """
    SELECT file_name, status, reason
    FROM raw.document
    WHERE status <> 'ingested' AND (withdrawn_at IS NULL OR reason = ?)
    ORDER BY status DESC, file_name
"""


def summary(database: Path, *, changed: bool, seconds: float) -> str:
    """Return what the published warehouse holds, and whether this run changed it."""
    with duckdb.connect(database, read_only=True) as connection:
        parts: list[str] = [
            _documents(dict(connection.sql(_STATUS).fetchall())),
            *_withdrawn(connection.sql(_WITHDRAWN).fetchall()),
            _reports(connection.sql(_YEARS).fetchall()),
            _cells({row[0]: row[1:] for row in connection.sql(_CELLS).fetchall()}),
            *_corrections(connection.sql(_CORRECTIONS).fetchall(), connection.sql(_IDLE).fetchall()),
            _findings(connection.sql(_FINDINGS).fetchall()),
            *_kept_out(connection.execute(_KEPT_OUT, [LOST]).fetchall()),
        ]
    size = database.stat().st_size / 1e6
    last = f"Published {database} ({size:.1f} MB)" if changed else f"Nothing changed: {database} stands"
    return "\n".join([*parts, f"{last} in {seconds:.1f} s."]) + "\n"


def _documents(by_status: dict[str, int]) -> str:
    counts = ", ".join(
        f"{by_status.get(status, 0):,} {status}" for status in ("ingested", "quarantined", "duplicate")
    )
    return f"Documents  {sum(by_status.values()):,}: {counts}"


def _withdrawn(rows: list[tuple[int]]) -> list[str]:
    return [
        f"Withdrawn  {count:,}: no longer in the folder, their rows are kept" for (count,) in rows if count
    ]


def _reports(by_year: list[tuple[int, int]]) -> str:
    years = ", ".join(f"{count:,} on {year}" for year, count in by_year) or "none"
    return f"Reports    {sum(count for _, count in by_year):,}: {years}"


def _cells(by_check: dict[str, tuple[int, int]]) -> str:
    """Say the verified share over all cells and, as most are zero, over the others too."""
    total, non_zero = (sum(counts[place] for counts in by_check.values()) for place in (0, 1))
    verified = by_check.get("verified", (0, 0))
    contradicted = by_check.get("contradicted", (0, 0))[0]
    return (
        f"Cells      {total:,}: {verified[0]:,} verified ({_share(verified[0], total)}), "
        f"{contradicted:,} contradicted; of {non_zero:,} non-zero {verified[1]:,} verified "
        f"({_share(verified[1], non_zero)})"
    )


def _corrections(by_state: list[tuple[str, int]], idle: list[tuple[str, str]]) -> list[str]:
    """Say how many corrections there are, and name each that is not applied."""
    if not by_state:
        return []
    counts = ", ".join(f"{count:,} {state}" for state, count in by_state)
    total = f"Corrections {sum(count for _, count in by_state):,}: {counts}"
    return [total, *(f"Correction  {place}: {message}" for place, message in idle)]


def _findings(rows: list[tuple[str, str, int, str, str]]) -> str:
    table = aligned(["finding", "severity", "rows", "标题", "title"], rows) if rows else ""
    return f"Findings   {sum(row[2] for row in rows):,}\n{table}"


def _kept_out(rows: list[tuple[str, str, str]]) -> list[str]:
    return [f"{status.capitalize():<11} {name}: {reason}" for name, status, reason in rows]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"
