"""The console script: `gongkai ingest` and `gongkai sql`.

Belongs here: options and exit codes. Each command's work is in a module of its own,
imported when the command runs: `gongkai sql` must not wait for Dagster.
"""

import enum
from pathlib import Path
from typing import Annotated

import typer

from assets.paths import RAW, WAREHOUSE

app = typer.Typer(
    name="gongkai",
    help="Chinese government information disclosure reports, read into one DuckDB warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Warehouse = Annotated[
    Path, typer.Option(help="Folder of the warehouse.", envvar="GONGKAI_WAREHOUSE", file_okay=False)
]


class Format(enum.StrEnum):
    """How `gongkai sql` gives its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


@app.command()
def ingest(
    raw: Annotated[
        Path, typer.Option(help="Folder of documents.", envvar="GONGKAI_RAW", file_okay=False, exists=True)
    ] = RAW,
    warehouse: Warehouse = WAREHOUSE,
    year: Annotated[
        list[int] | None,
        typer.Option(
            help="Read only this report year, all of it again; more years can follow.", metavar="YYYY"
        ),
    ] = None,
    more: Annotated[list[int] | None, typer.Argument(hidden=True)] = None,
) -> None:
    """Read what is new in the folder of documents and publish the warehouse.

    Ends with 0 when every document is ingested or quarantined, 1 when the pipeline failed, 2 for wrong usage.
    """
    from assets.ingest import run  # noqa: PLC0415 - Dagster takes a second to load

    raise typer.Exit(run(raw.resolve(), warehouse.resolve(), _years(year or [], more or [])))


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="A SELECT on the warehouse.")],
    warehouse: Warehouse = WAREHOUSE,
    form: Annotated[Format, typer.Option("--format", help="How to give the answer.")] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, instead of printing.")
    ] = None,
) -> None:
    """Ask the warehouse a question; nothing can be changed."""
    from assets.query import run  # noqa: PLC0415 - as above

    raise typer.Exit(run(query, warehouse.resolve(), form.value, output))


def _years(named: list[int], more: list[int]) -> list[int]:
    """Return the years of `--year 2019 --year 2020` or `--year 2019 2020`."""
    from assets.partitions import FIRST_YEAR, LAST_YEAR  # noqa: PLC0415 - as above

    if more and not named:
        raise typer.BadParameter(f"{more[0]} stands alone: put --year before it")
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in named + more):
        raise typer.BadParameter(
            f"a report year is between {FIRST_YEAR} and {LAST_YEAR}", param_hint="--year"
        )
    return named + more


def main() -> None:
    """Run the console script."""
    app()


if __name__ == "__main__":
    main()
