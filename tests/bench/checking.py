"""What the checks over prose, years and agencies cost: per report, and over ten thousand made ones.

Belongs here: measuring. Does not belong here: whether they are right (tests/checking).

    python -m tests.bench checking
"""

import time
from collections.abc import Callable
from datetime import date
from random import Random
from statistics import median

import polars as pl

from pipeline.checking import across
from pipeline.checking.copied import copies
from pipeline.checking.narrative import figures
from pipeline.documents import Stream, open_document
from pipeline.reading import Reading, read
from tests.checking.years import FIRST, LAST, corpus, frames, parents
from tests.generator import make_report
from tests.reading import golden

REPORTS = 10_000
ROUNDS = 7
FAMILIES = 20
_YEARS = LAST - FIRST + 1
# Length of a report's running text, in sentences of about 30 letters; four of ten are written by many.
_SENTENCES, _SHARED = 60, 0.4


def run() -> dict[str, float]:
    """Measure and print; the figures by name."""
    measured = _narrative() | _across() | _copied()
    print("checking: prose against tables, years against years, texts against texts")
    for name, value in measured.items():
        print(f"  {name:<46} {value:>12,.1f}")
    return measured


def _narrative() -> dict[str, float]:
    """Microseconds a report beside reading it whole, once all patterns are made."""
    made = [make_report(seed, layout="tabs") for seed in range(100)]
    streams = [open_document(one.data, one.file_name) for one in made]
    readings = [read(stream) for stream in streams]
    seeds = [(golden.reading(stem), golden.stream(stem)) for stem in golden.STEMS]
    once = _seconds(lambda: _state([(readings[0], streams[0])]))
    reading = _seconds(lambda: [read(one) for one in streams])
    return {
        "narrative: first report (ms)": once * 1e3,
        "narrative: microseconds a made report": _each(list(zip(readings, streams, strict=True))),
        "narrative: microseconds a real report": _each(seeds),
        "reading: microseconds a made report": reading / len(made) * 1e6,
    }


def _each(reports: list[tuple[Reading, Stream]]) -> float:
    return median(_seconds(lambda: _state(reports)) for _ in range(ROUNDS)) / len(reports) * 1e6


def _state(reports: list[tuple[Reading, Stream]]) -> None:
    for reading, stream in reports:
        figures(reading, stream, "own")


def _across() -> dict[str, float]:
    """Seconds over ten thousand reports of seven years, beside one scan of their cells."""
    reports, cells = frames(corpus(REPORTS // _YEARS, families=FAMILIES))
    above = pl.DataFrame(parents(FAMILIES), ["agency_id", "parent_id"], orient="row")
    spent = median(_seconds(lambda: across.findings(reports, cells, above)) for _ in range(ROUNDS))
    scan = median(
        _seconds(lambda: cells.group_by("table_code").agg(pl.col("value").sum())) for _ in range(ROUNDS)
    )
    return {
        "across: reports": float(reports.height),
        "across: cells": float(cells.height),
        "across: seconds": spent,
        "across: times one group-by of all cells": spent / scan,
    }


def _copied() -> dict[str, float]:
    """Seconds for half of ten thousand reports and for all of them: the cost grows with their number."""
    half, whole = _texts(REPORTS // 2), _texts(REPORTS)
    first = _seconds(lambda: copies(*half))
    second = _seconds(lambda: copies(*whole))
    return {
        "copied: letters a report": len("".join(whole[1]["text"].to_list())) / REPORTS,
        "copied: seconds for 5,000 reports": first,
        "copied: seconds for 10,000 reports": second,
        "copied: found": float(copies(*whole).height),
    }


def _texts(number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reports of agencies over two years; one in a hundred copies last year's text."""
    rng = Random(number)
    letters = [chr(0x4E00 + code) for code in range(2_500)]
    shared = ["".join(rng.choices(letters, k=30)) for _ in range(200)]

    def text() -> str:
        return "。".join(
            rng.choice(shared) if rng.random() < _SHARED else "".join(rng.choices(letters, k=30))
            for _ in range(_SENTENCES)
        )

    first = [text() for _ in range(number // 2)]
    second = [old if rng.random() < 0.01 else text() for old in first]
    rows = [(year, at, one) for year, ones in ((2023, first), (2024, second)) for at, one in enumerate(ones)]
    names = [f"{year}-{at}" for year, at, _ in rows]
    reports = {
        "report_id": names,
        "agency_id": [f"a{at}" for _, at, _ in rows],
        "report_year": [year for year, _, _ in rows],
        "published_on": [date(year + 1, 1, 1 + at % 28) for year, at, _ in rows],
        "is_current": [True] * len(rows),
    }
    sections = {
        "report_id": names,
        "section_code": ["overview"] * len(rows),
        "text": [one for _, _, one in rows],
    }
    return pl.DataFrame(reports), pl.DataFrame(sections)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    run()
