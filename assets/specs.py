"""The catalogue's tables as Dagster's assets: keys, descriptions, columns.

Belongs here: what the UI shows of a table. Does not belong here: how it is made.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import dagster as dg
import polars as pl

from pipeline.catalogue import Table, tables

# What a step yields.
Result = dg.MaterializeResult[None] | dg.AssetCheckResult

_PREVIEW_ROWS = 5
_PREVIEW_COLUMNS = 12


def key(table_name: str) -> dg.AssetKey:
    """Return the asset key of a table: core.cell is core/cell."""
    return dg.AssetKey(table_name.split("."))


# Published between one and six o'clock in Shanghai, every night: an analyst who comes at eight finds today's.
FRESH = dg.FreshnessPolicy.cron(
    deadline_cron="0 6 * * *", lower_bound_delta=timedelta(hours=5), timezone="Asia/Shanghai"
)


def spec(name: str, table: Table, deps: Iterable[str], kind: str) -> dg.AssetSpec:
    """Return the spec of the asset `name` (a table, or a view of one) that reads the tables `deps`."""
    return dg.AssetSpec(
        key(name),
        deps=[key(dep) for dep in sorted(deps)],
        group_name=name.partition(".")[0],
        kinds={kind},
        description=f"{table.zh}：{table.grain_zh}。{table.about_zh}\n\n"
        f"{table.en}: {table.grain_en}. {table.about_en}",
        metadata={"dagster/column_schema": _columns(table, in_chinese=name.startswith("zh."))},
        freshness_policy=FRESH if kind == "duckdb" else None,
    )


def parquet_spec(table_name: str, deps: Iterable[str]) -> dg.AssetSpec:
    """Return the spec of a table that is stored as Parquet."""
    return spec(table_name, tables()[table_name], deps, "parquet")


def facts(rows: int, preview: pl.DataFrame) -> dict[str, dg.MetadataValue]:
    """Return a materialisation's metadata: row count and the first rows."""
    return {
        "dagster/row_count": dg.MetadataValue.int(rows),
        "preview": dg.MetadataValue.md(markdown(preview)),
    }


def markdown(rows: pl.DataFrame) -> str:
    """Return the first rows of a frame as a Markdown table."""
    shown = rows.head(_PREVIEW_ROWS)
    shown = shown.select(shown.columns[:_PREVIEW_COLUMNS])
    lines = ["| " + " | ".join(shown.columns) + " |", "|" + " --- |" * len(shown.columns)]
    lines += ["| " + " | ".join(_short(value) for value in row) + " |" for row in shown.iter_rows()]
    return "\n".join(lines)


def _short(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split()).replace("|", "\\|")
    return text if len(text) <= 40 else text[:39] + "…"


def _columns(table: Table, *, in_chinese: bool) -> dg.TableSchema:
    return dg.TableSchema(
        [
            dg.TableColumn(
                column.zh if in_chinese else column.name,
                column.type,
                f"{column.zh}：{column.about_zh} | {column.en}: {column.about_en}",
                dg.TableColumnConstraints(nullable=column.nullable),
            )
            for column in table.columns
        ]
    )


def unique_check(name: str) -> dg.AssetCheckSpec:
    """Return the check that a table's key is unique; it blocks what is built on the table."""
    return dg.AssetCheckSpec("unique_key", asset=key(name), blocking=True, description="The key is unique.")


def unique_result(name: str, repeated: int) -> dg.AssetCheckResult:
    """Return the result of that check for a number of rows whose key another row has too."""
    metadata: Mapping[str, int] = {"repeated": repeated}
    return dg.AssetCheckResult(
        passed=repeated == 0, check_name="unique_key", asset_key=key(name), metadata=metadata
    )
