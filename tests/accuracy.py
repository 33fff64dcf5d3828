"""`make accuracy`: how much of made reports the reader reads right, flags, or gets wrong without a word.

Belongs here: making reports, reading them, adding up verdicts, printing the table, keeping the worst files.
Does not belong here: making (tests/generator), judging one cell (tests/generator/judge.py).

    python -m tests.accuracy [--reports N] [--seed S] [--clean | --damaged] [--layout L] [--form F]
                             [--by WHAT] [--keep DIR]

Exit code 1 when anything is silently wrong: a number, a year, or a reader that crashed.
"""

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from pipeline.documents import open_document
from pipeline.documents.stream import Unreadable
from pipeline.reading import Reading, read
from tests.generator import FORMS, LAYOUTS, SLOW_LAYOUTS, Made, make_again
from tests.generator.another import Instead, is_of_another
from tests.generator.judge import Judgement, Verdict, judge, tells_application_form
from tests.generator.truth import Key

HEAD = " ".join(
    (
        f"{'':21}",
        f"{'reports':>7}",
        f"{'cells right/total':>24}",
        f"{'non-zero right/total':>26}",
        " flagged status    open SILENT traceless failed  line_no",
    )
)
CHUNK = 25
WORST = 12


@dataclass(frozen=True, slots=True)
class Task:
    """One report to make; everything else follows from the seed.

    `damages` are those that it takes, without any those that the seed draws if it is `damaged`.
    """

    seed: int
    layout: str
    form: str | None
    damaged: bool
    damages: tuple[str, ...] = ()

    def make(self, instead: Instead | None = None) -> Made:
        given = {"layout": self.layout, "form": self.form}
        return make_again(instead, self.seed, given, self.damages or ("random" if self.damaged else None))


@dataclass(slots=True)
class Outcome:
    """What became of one report: counts for the table, and enough to name the worst cases."""

    task: Task
    form: str
    style: str
    damages: tuple[str, ...]
    counts: Counter[str] = field(default_factory=Counter)
    problem: str = ""
    silent: tuple[tuple[Key, str], ...] = ()

    def badness(self) -> tuple[int, int, int]:
        count = self.counts
        lost = count["nonzero"] - count["nonzero_right"]
        return count["crash"] + count["wrong_year"], count["silent"], lost + count["status"]


def measure(task: Task) -> Outcome:
    """Make one report, read it, judge it."""
    made = task.make()
    outcome = Outcome(task, made.form, made.style, made.damages)
    outcome.counts["reports"] = 1
    try:
        reading = read(open_document(made.data, made.file_name))
    except Unreadable as error:
        outcome.problem = error.reason
        outcome.counts["failed" if made.truth.agency else "nameless"] = 1
        _count_cells(outcome, made, judge(made.truth, {}))
    except Exception:  # noqa: BLE001 - a crash of the reader is a result to be counted, not the end of the measurement
        outcome.problem = traceback.format_exc(limit=-2).strip().replace("\n", " | ")
        outcome.counts["crash"] = 1
        _count_cells(outcome, made, judge(made.truth, {}))
    else:
        _judge_reading(outcome, made, reading)
    return outcome


def _judge_reading(outcome: Outcome, made: Made, reading: Reading) -> None:
    truth = made.truth
    cells = {(cell.table_code, cell.row_code, cell.column_code): cell for cell in reading.cells}
    findings = {
        (found.table_code, found.row_code, found.column_code)
        for found in reading.findings
        if found.table_code and found.row_code and found.column_code
    }
    judgement = judge(truth, cells, findings)
    _count_cells(outcome, made, judgement)
    silent = judgement.silent()
    outcome.silent = tuple((key, repr(cells[key])) for key in silent if key in cells)
    if silent and is_of_another(made, silent, cells, outcome.task.make):
        outcome.counts["traceless"] = outcome.counts.pop("silent")
    _count_document(outcome, made, reading)
    if made.lines is not None:
        right = [
            key for key, verdict in judgement.cells.items() if verdict == Verdict.RIGHT and key in made.lines
        ]
        outcome.counts["placed"] = len(right)
        outcome.counts["placed_right"] = sum(cells[key].line_no == made.lines[key] for key in right)


def _count_document(outcome: Outcome, made: Made, reading: Reading) -> None:
    truth = made.truth
    forms = reading.disclosure_form == truth.disclosure_form and (
        reading.application_form == truth.application_form or not tells_application_form(truth)
    )
    outcome.counts["wrong_form"] = int(not forms)
    outcome.counts["wrong_year"] = int(reading.report_year != truth.year)
    outcome.counts["other_name"] = int(truth.agency is not None and reading.agency_name != truth.agency)
    if reading.report_year != truth.year:
        outcome.problem = f"year {reading.report_year} instead of {truth.year}"
    elif outcome.counts["other_name"]:
        outcome.problem = f"named {reading.agency_name} instead of {truth.agency}"


def _count_cells(outcome: Outcome, made: Made, judgement: Judgement) -> None:
    count = outcome.counts
    for key, verdict in judgement.cells.items():
        cell = made.truth.cells[key]
        count[verdict.value] += 1
        if cell.undetermined:
            continue
        count["total"] += 1
        if cell.value:
            count["nonzero"] += 1
            count["nonzero_right"] += verdict == Verdict.RIGHT
    count["silent"] += len(judgement.extra)


# --- many reports ---


def tasks(options: argparse.Namespace) -> Iterator[Task]:
    """The reports to make: layouts take turns, slow ones every eighth round; clean and damaged alternate by
    seed.
    """
    fast = [name for name in LAYOUTS if name not in SLOW_LAYOUTS]
    turn = [*fast * 8, *SLOW_LAYOUTS] if options.layout is None else [options.layout]
    for number in range(options.reports):
        layout = turn[number % len(turn)]
        damaged = options.damaged if options.damaged is not None else number // len(turn) % 2 == 1
        yield Task(options.seed + number, layout, options.form, damaged)


def _measure_chunk(chunk: list[Task]) -> list[Outcome]:
    return [measure(task) for task in chunk]


def measure_all(all_tasks: Iterable[Task], jobs: int = 2) -> Iterator[Outcome]:
    """Outcomes in the order of the tasks, made and read in a pool of processes."""
    source = iter(all_tasks)
    chunks = iter(lambda: list(islice(source, CHUNK)), [])
    if jobs == 1:
        for chunk in chunks:
            yield from _measure_chunk(chunk)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for outcomes in pool.map(_measure_chunk, chunks):
            yield from outcomes


def _groups(outcome: Outcome, by: str) -> list[str]:
    """The rows of the table that an outcome counts in."""
    form = "hybrid" if "+" in outcome.form else outcome.form
    return {
        "both": [f"{outcome.task.layout:14} {form}"],
        "layout": [outcome.task.layout],
        "form": [form],
        "style": [outcome.style],
        "damage": list(outcome.damages) or ["(none)"],
    }[by]


@dataclass(slots=True)
class Table:
    """Counts by group, their sum, and the worst outcomes met so far."""

    by: str
    rows: dict[str, Counter[str]] = field(default_factory=dict)
    whole: Counter[str] = field(default_factory=Counter)
    worst: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        for name in _groups(outcome, self.by):
            self.rows.setdefault(name, Counter()).update(outcome.counts)
        self.whole.update(outcome.counts)
        if any(outcome.badness()) or outcome.problem:
            self.worst = sorted([*self.worst, outcome], key=Outcome.badness, reverse=True)[:WORST]

    def lines(self) -> Iterator[str]:
        yield HEAD
        for name in sorted(self.rows):
            yield _line(name, self.rows[name])
        yield _line("all", self.whole)

    def failing(self) -> bool:
        return bool(self.whole["silent"] or self.whole["wrong_year"] or self.whole["crash"])


def _share(part: int, whole: int) -> str:
    """A share that says 100 % only when nothing is missing."""
    if not whole:
        return "–"
    return "100 %" if part == whole else f"{min(100 * part / whole, 99.99):.2f} %"


def _of(count: Counter[str], part: str, whole: str) -> str:
    return f"{count[part]:,}/{count[whole]:,} {_share(count[part], count[whole]):>8}"


def _line(name: str, count: Counter[str]) -> str:
    columns = [
        f"{name:21}",
        f"{count['reports']:>7,}",
        f"{_of(count, 'right', 'total'):>24}",
        f"{_of(count, 'nonzero_right', 'nonzero'):>26}",
        f"{count['flagged']:>8,}",
        f"{count['status']:>6,}",
        f"{count['open'] + count['open_right']:>7,}",
        f"{count['silent']:>6,}",
        f"{count['traceless']:>9,}",
        f"{count['failed'] + count['crash']:>6,}",
        f"{_share(count['placed_right'], count['placed']):>8}",
    ]
    return " ".join(columns)


# --- the worst cases ---


def _describe(outcome: Outcome) -> str:
    task, count = outcome.task, outcome.counts
    call = f"make_report({task.seed}, layout={task.layout!r}, form={task.form!r}"
    call += ', damages="random")' if task.damaged else ")"
    lost = count["nonzero"] - count["nonzero_right"]
    how = f"form {outcome.form}, style {outcome.style}, damages {', '.join(outcome.damages) or 'none'}"
    return f"{call}\n    {how}: silent {count['silent']}, non-zero not right {lost}, status {count['status']}"


def print_worst(table: Table, keep: Path | None) -> None:
    """Name the worst reports with how to make them again; write their files and wrong cells to `keep`."""
    for outcome in table.worst:
        print(_describe(outcome))
        if outcome.problem:
            print(f"    {outcome.problem}")
        made = outcome.task.make()
        for key, got in outcome.silent[:4]:
            wanted = made.truth.cells.get(key)
            print(f"    {'.'.join(key)}: wanted {wanted}\n        got {got}")
        if keep:
            _keep(keep, made, outcome)
    if keep and table.worst:
        print(f"Their files are in {keep}")


def _keep(directory: Path, made: Made, outcome: Outcome) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / made.file_name).write_bytes(made.data)
    facts = {
        "make": _describe(outcome).split("\n", maxsplit=1)[0],
        "damages": made.damages,
        "silent": {".".join(key): got for key, got in outcome.silent},
        "truth": {
            ".".join(key): [cell.status, cell.value, cell.raw, "open" if cell.undetermined else "told"]
            for key, cell in made.truth.cells.items()
        },
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (directory / f"{made.file_name}.truth.json").write_text(text, encoding="utf-8")


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Options of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.accuracy", description=__doc__.split("\n")[0] if __doc__ else ""
    )
    parser.add_argument("--reports", type=int, default=2000, help="how many reports (default 2000)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first report (default 0)")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--clean", dest="damaged", action="store_const", const=False, help="undamaged reports only"
    )
    kind.add_argument(
        "--damaged", dest="damaged", action="store_const", const=True, help="damaged reports only"
    )
    parser.add_argument("--layout", choices=LAYOUTS)
    parser.add_argument("--form", choices=tuple(FORMS))
    parser.add_argument("--by", choices=("both", "layout", "form", "style", "damage"), default="both")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="write the worst reports and their truth there"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    return parser.parse_args(arguments)


def _closing(whole: Counter[str], seconds: float) -> str:
    """What the table has no columns for."""
    names = {
        "failed": "quarantined although readable",
        "nameless": "quarantined for want of a name",
        "crash": "crashed",
        "wrong_year": "wrong year",
        "wrong_form": "wrong form",
        "other_name": "named otherwise",
        "open_right": "open cells found all the same",
        "traceless": "traceless (the document is that of another report)",
    }
    facts = ", ".join(f"{text} {whole[name]:,}" for name, text in names.items())
    return f"{whole['reports']:,} reports in {seconds:.1f} s: {facts}."


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    options = parse(arguments)
    table = Table(options.by)
    start = time.perf_counter()
    for outcome in measure_all(tasks(options), options.jobs):
        table.add(outcome)
    seconds = time.perf_counter() - start
    for line in table.lines():
        print(line)
    print(f"\n{_closing(table.whole, seconds)}")
    print_worst(table, options.keep)
    return 1 if table.failing() else 0


if __name__ == "__main__":
    sys.exit(main())
