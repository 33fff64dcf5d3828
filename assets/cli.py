"""The console script: `gongkai ingest`, `status`, `sql`, `export`, `releases`, `rollback`, `diff` and more.

Belongs here: options and exit codes. Each command's work is in a module of its own,
imported when the command runs: `gongkai sql` must not wait for Dagster.
"""

import enum
import re
from pathlib import Path
from typing import Annotated

import typer

from assets.paths import CORRECTIONS, KEEP, RAW, WAREHOUSE

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
Wait = Annotated[
    float,
    typer.Option(
        help="Seconds to wait while another process writes to the warehouse.", min=0, metavar="SECONDS"
    ),
]


class Format(enum.StrEnum):
    """How `gongkai sql` gives its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


class DiffFormat(enum.StrEnum):
    """How `gongkai diff` gives every change."""

    table = "table"
    csv = "csv"
    json = "json"


class StatusFormat(enum.StrEnum):
    """How `gongkai status` is printed."""

    table = "table"
    json = "json"


class FileFormat(enum.StrEnum):
    """What files `gongkai export` writes."""

    parquet = "parquet"
    csv = "csv"
    xlsx = "xlsx"


@app.command()
def ingest(  # noqa: PLR0913, PLR0917 - each option of the command is a parameter
    raw: Annotated[
        Path, typer.Option(help="Folder of documents.", envvar="GONGKAI_RAW", file_okay=False, exists=True)
    ] = RAW,
    warehouse: Warehouse = WAREHOUSE,
    corrections: Annotated[
        Path,
        typer.Option(
            help="File of reviewed corrections.", envvar="GONGKAI_CORRECTIONS", dir_okay=False, exists=True
        ),
    ] = CORRECTIONS,
    year: Annotated[
        list[int] | None,
        typer.Option(
            help="Read only this report year, all of it again; more years can follow.", metavar="YYYY"
        ),
    ] = None,
    acknowledge: Annotated[
        str | None,
        typer.Option(
            help="Publish although the release gate would hold the build back, and record why.",
            metavar="REASON",
        ),
    ] = None,
    wait: Wait = 0,
    keep: Annotated[
        int, typer.Option(help="How many published warehouses to keep.", envvar="GONGKAI_KEEP", min=1)
    ] = KEEP,
    more: Annotated[list[int] | None, typer.Argument(hidden=True)] = None,
) -> None:
    """Read what is new in the folder of documents and publish the warehouse.

    Ends with 0 when every document is ingested or quarantined, 1 when the pipeline failed or the new
    warehouse is held back, 2 for wrong usage.
    """
    from assets.ingest import Wish, run  # noqa: PLC0415 - each command loads its own alone

    if acknowledge is not None and not acknowledge.strip():
        raise typer.BadParameter("say why the build is right", param_hint="--acknowledge")
    asked = _years(year or [], more or [])
    wish = Wish(asked, (acknowledge or "").strip(), wait, keep, corrections.resolve())
    raise typer.Exit(run(raw.resolve(), warehouse.resolve(), wish))


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="A SELECT on the warehouse.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", "-f", help="A file with the SELECT, as in sql/questions/.", dir_okay=False, exists=True
        ),
    ] = None,
    warehouse: Warehouse = WAREHOUSE,
    form: Annotated[Format, typer.Option("--format", help="How to give the answer.")] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, instead of printing.")
    ] = None,
) -> None:
    """Ask the warehouse a question; nothing can be changed."""
    from assets.query import run  # noqa: PLC0415 - as above

    if (query is None) == (file is None):
        raise typer.BadParameter("Give one SELECT: as text or with --file.", param_hint="QUERY")
    text = query if file is None else file.read_text(encoding="utf-8")
    raise typer.Exit(run(text or "", warehouse.resolve(), form.value, output))


@app.command()
def export(  # noqa: PLR0913, PLR0917 - each option of the command is a parameter
    folder: Annotated[Path, typer.Argument(help="Folder to write.", metavar="DIR", file_okay=False)],
    form: Annotated[FileFormat, typer.Option("--format", help="What files to write.")],
    warehouse: Warehouse = WAREHOUSE,
    years: Annotated[
        list[str] | None, typer.Option(help="Only these report years: 2021 or 2019,2021-2023.")
    ] = None,
    agencies: Annotated[
        list[str] | None, typer.Option(help="Only these agencies: names or ids, parted by commas.")
    ] = None,
    tables: Annotated[
        list[str] | None,
        typer.Option(help="These tables instead of the usual ones: core.cell or core.*,mart.*."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier export.")] = False,
) -> None:
    """Write tables as files, with a Frictionless data package that describes them.

    Ends with 0 when the folder is written, 1 when it could not be, 2 for wrong usage.
    """
    from assets.export import Wish, chosen, run  # noqa: PLC0415 - as above

    try:
        names = chosen(_parted(tables))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--tables") from error
    wish = Wish(form.value, names, _spans(_parted(years)), _parted(agencies))
    raise typer.Exit(run(folder.absolute(), warehouse.resolve(), wish, overwrite=overwrite))


@app.command()
def releases(warehouse: Warehouse = WAREHOUSE) -> None:
    """List the published warehouses that are kept, and the build that is held back."""
    from assets.rollback import show  # noqa: PLC0415 - as above

    raise typer.Exit(show(warehouse.resolve()))


@app.command()
def rollback(
    release: Annotated[
        str | None, typer.Argument(help="A release of `gongkai releases`; else the one before the published.")
    ] = None,
    warehouse: Warehouse = WAREHOUSE,
    wait: Wait = 0,
) -> None:
    """Publish an earlier warehouse again. Later builds are held back until one is acknowledged.

    Ends with 0 when it is published, 1 when it could not be, 2 for wrong usage.
    """
    from assets.rollback import run  # noqa: PLC0415 - as above

    raise typer.Exit(run(warehouse.resolve(), release, wait))


@app.command()
def diff(  # noqa: PLR0913, PLR0917 - each option of the command is a parameter
    a: Annotated[
        str,
        typer.Argument(help="`published`, `held`, a release, a file or a warehouse's folder.", metavar="A"),
    ],
    b: Annotated[str, typer.Argument(help="The same: what is compared with A.", metavar="B")],
    warehouse: Warehouse = WAREHOUSE,
    form: Annotated[
        DiffFormat | None, typer.Option("--format", help="Every change, instead of a summary.")
    ] = None,
    table: Annotated[
        list[str] | None, typer.Option(help="These tables alone: core.cell,core.report.")
    ] = None,
    agency: Annotated[
        str | None, typer.Option(help="This agency alone: its id or a part of its name.")
    ] = None,
    year: Annotated[
        list[str] | None, typer.Option(help="These report years alone: 2019 or 2019-2021.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Show no more than so many changes.", min=0)] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 1 when A and B differ.")] = False,
) -> None:
    """Say what differs between two warehouses: schema, rows and values, by table, agency and year.

    Ends with 0 when they are compared, 1 when they could not be, 2 for wrong usage.
    """
    from assets.difference import Wish, run  # noqa: PLC0415 - as above
    from pipeline.catalogue import tables  # noqa: PLC0415 - as above

    unknown = [name for name in _parted(table) if name not in tables()]
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: no such table", param_hint="--table")
    shown = "" if form is None else form.value
    wish = Wish(_parted(table), agency, _spans(_parted(year), "--year"), shown, limit)
    raise typer.Exit(run(warehouse.resolve(), (a, b), wish, exit_code=exit_code))


@app.command()
def status(
    raw: Annotated[
        Path, typer.Option(help="Folder of documents.", envvar="GONGKAI_RAW", file_okay=False, exists=True)
    ] = RAW,
    warehouse: Warehouse = WAREHOUSE,
    form: Annotated[StatusFormat, typer.Option("--format", help="How to print it.")] = StatusFormat.table,
    verify: Annotated[
        bool, typer.Option("--verify", help="Hash every file, not only those touched since the last run.")
    ] = False,
) -> None:
    """Say when the last good build was, what is held back, quarantined and waiting; changes nothing.

    Ends with 0 when all is well, 1 when something needs attention, 2 for wrong usage.
    """
    from assets.status import run  # noqa: PLC0415 - as above

    raise typer.Exit(run(raw.resolve(), warehouse.resolve(), form.value, verify=verify))


@app.command()
def dictionary(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write, instead of printing.")
    ] = None,
) -> None:
    """Write the data dictionary as one HTML page: tables, columns, codes, rules, metrics, forms."""
    from assets.dictionary import run  # noqa: PLC0415 - as above

    raise typer.Exit(run(output))


def _parted(texts: list[str] | None) -> list[str]:
    """Return the parts of `a,b` and of an option given several times."""
    parts = (part.strip() for text in texts or [] for part in re.split("[,，、]", text))
    return [part for part in parts if part]


def _spans(texts: list[str], option: str = "--years") -> list[int]:
    """Return the years of 2019 and 2021-2023."""
    found: list[int] = []
    for text in texts:
        matched = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text, re.ASCII)
        first, last = (int(year) for year in (matched[1], matched[2] or matched[1])) if matched else (1, 0)
        if first > last:
            raise typer.BadParameter(f"{text} is neither a year nor a span as 2019-2021", param_hint=option)
        found += range(first, last + 1)
    return found


def _years(named: list[int], more: list[int]) -> list[int]:
    """Return the years of `--year 2019 --year 2020` or `--year 2019 2020`."""
    if more and not named:
        raise typer.BadParameter(f"{more[0]} stands alone: put --year before it")
    if not named:
        return []
    from assets.partitions import FIRST_YEAR, LAST_YEAR  # noqa: PLC0415 - Dagster takes a second to load

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
