"""Small whole reports whose few figures a test sets itself, for tests of what stands across reports.

Belongs here: printing one report with a body, a year, a date, a sentence of text and figures that satisfy
the identities. Does not belong here: what a test plants or expects.
"""

from pathlib import Path

from pipeline.forms import forms
from tests.reading.made import Key, report_text

_QUIET = "全年工作平稳有序。"


def figures(new: int = 0, carried_in: int = 0, carried_out: int = 0) -> dict[Key, str]:
    """Requests of natural persons, granted as far as they are not carried out."""
    handled = new + carried_in - carried_out
    rows = {
        "received_new": new,
        "carried_in": carried_in,
        "granted": handled,
        "total_handled": handled,
        "carried_out": carried_out,
    }
    return {
        ("application", row, column): str(count)
        for row, count in rows.items()
        for column in ("natural_person", "total")
    }


def report(
    name: str,
    year: int,
    raws: dict[Key, str] | None = None,
    *,
    published: str | None = None,
    overview: str = _QUIET,
    contact: str = "",
) -> str:
    """Return a report's text. `published` is a date as written (2021年1月20日), `contact` its last line."""
    text = report_text(
        "2019" if year < forms()["2021"].first_year else "2021",
        raws,
        opening=f"{name}{year}年政府信息公开工作年度报告",
        closing="\n".join(line for line in (contact, name, published) if line) + "\n",
    )
    return text.replace(_QUIET, overview, 1)


def write(folder: Path, reports: dict[str, str]) -> Path:
    """Write reports by their file names (without ending) into a new folder, and return it."""
    folder.mkdir(parents=True)
    for file_name, text in reports.items():
        (folder / f"{file_name}.txt").write_text(text, encoding="utf-8")
    return folder
