"""The whole ingest of 2,000 made reports: documents per second, memory, and where the time goes.

`python -m tests.bench ingest` runs it; GONGKAI_BENCH_DOCUMENTS sets another number. The reports are those of
tests.generator: all layouts in turn, varied figures, one in a hundred a PDF.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from assets import pool
from assets.ingest import Wish
from assets.job import problems
from assets.progress import Progress
from assets.storage import Storage
from pipeline.checking import narrative
from pipeline.documents import Stream, Unreadable, open_document
from pipeline.frames import Read, Report, agency_of, batch
from pipeline.frames.reports import _CHECKED
from pipeline.narrative import terms
from pipeline.normalise import disagreements
from pipeline.reading import identify, read
from pipeline.schemas import violations
from pipeline.version import parser_version
from tests.generator import corpus

DOCUMENTS = int(os.environ.get("GONGKAI_BENCH_DOCUMENTS", "2000"))
SAMPLE = 200
SEED = 7_000

Item = TypeVar("Item")
Result = TypeVar("Result")


class Stages(Progress):
    """Notes when each step of an ingest begins."""

    def __init__(self) -> None:
        self.began: list[tuple[str, float]] = []

    def stage(self, name: str, total: int) -> None:
        """Note a step; the report years count as one."""
        del total
        self.began.append((name.split(maxsplit=1)[0], time.perf_counter()))


def run() -> None:
    """Print the figures of a first ingest, of a night without changes, and of a document's steps."""
    with TemporaryDirectory(prefix="gongkai-bench-") as folder:
        raw, warehouse = Path(folder, "raw"), Path(folder, "warehouse")
        raw.mkdir()
        size = _make(raw)
        print(f"{DOCUMENTS:,} documents, {size / 1e6:.1f} MB, {os.cpu_count()} cores")
        _print_ingest("first ingest", _ingest(raw, warehouse))
        _print_ingest("night without changes", _ingest(raw, warehouse))
        built = (warehouse / "gongkai.duckdb").stat().st_size
        print(f"  warehouse {built / 1e6:.1f} MB, {built / DOCUMENTS / 1e3:.1f} kB a document")
        _print_steps(sorted(raw.iterdir())[:SAMPLE])


def _make(raw: Path) -> int:
    size = 0
    for made in corpus(DOCUMENTS, SEED):
        size += (raw / f"{made.seed}_{made.file_name}").write_bytes(made.data)
    return size


def _ingest(raw: Path, warehouse: Path) -> dict[str, float]:
    """Ingest in a process of its own, whose memory is then its own, and return what it measured."""
    warehouse.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.bench.ingest", str(raw), str(warehouse)]
    began = time.perf_counter()
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(ended.stdout)
    return {"all": time.perf_counter() - began, **measured}


def _measured(raw: Path, warehouse: Path) -> dict[str, float]:
    stages = Stages()
    began = time.perf_counter()
    assert not list(problems(Storage(raw=str(raw), warehouse=str(warehouse)), stages, Wish()))
    ended = time.perf_counter()
    if pool._processes.cache_info().currsize:
        pool._processes().shutdown()
    found: dict[str, float] = {"scanning": stages.began[0][1] - began}
    for (name, start), (_, end) in zip(stages.began, [*stages.began[1:], ("", ended)], strict=True):
        found[name] = found.get(name, 0) + end - start
    for name, who in (("main process", resource.RUSAGE_SELF), ("largest worker", resource.RUSAGE_CHILDREN)):
        found[name] = resource.getrusage(who).ru_maxrss / 1e3
    return found


def _print_ingest(name: str, measured: dict[str, float]) -> None:
    seconds = measured.pop("all")
    memory = ", ".join(f"{part} {measured.pop(part):.0f} MB" for part in ("main process", "largest worker"))
    steps = ", ".join(f"{part} {spent:.1f} s" for part, spent in measured.items())
    print(f"  {name}: {seconds:.1f} s, {DOCUMENTS / seconds:.0f} documents/s; peak memory: {memory}")
    print(f"    start-up {seconds - sum(measured.values()):.1f} s, {steps}")


def _print_steps(paths: Sequence[Path]) -> None:
    """Print what each step costs a document, one after another on one core."""
    terms("")  # the dictionary is loaded once, not for a document
    agency_of(read(open_document(paths[0].read_bytes())), open_document(paths[0].read_bytes()), "d")
    opened = _timed("open", lambda path: open_document(path.read_bytes(), path.name), paths)
    streams = [stream for stream in opened if _is_readable(stream)]
    _timed("identify", identify, streams)
    readings = _timed("read", read, streams)
    both = list(zip(readings, streams, strict=True))
    agencies = _timed("agency", lambda pair: agency_of(*pair, "d"), both)
    spoken_for = [(*pair, agency.scope, agency.names) for pair, agency in zip(both, agencies, strict=True)]
    figures = _timed("narrative figures", lambda parts: narrative.figures(*parts), spoken_for)
    _timed("terms", lambda reading: [terms(section.text) for section in reading.sections], readings)
    reads = [
        Read(str(number), Report(reading, agency, spoken))
        for number, (reading, agency, spoken) in enumerate(zip(readings, agencies, figures, strict=True))
    ]
    batches = [reads[start : start + 50] for start in range(0, len(reads), 50)]
    frames = _timed(
        "frames, terms remembered", lambda part: batch(part, parser_version()), batches, len(reads)
    )
    _timed("  of it the second witness", lambda part: disagreements(part["core.cell"]), frames, len(reads))
    _timed(
        "  of it pandera",
        lambda part: [violations(name, part[name]) for name in _CHECKED],
        frames,
        len(reads),
    )


def _is_readable(stream: Stream) -> bool:
    try:
        identify(stream)
    except Unreadable:
        return False
    return True


def _timed(
    name: str, work: Callable[[Item], Result], items: Sequence[Item], documents: int = 0
) -> list[Result]:
    began = time.perf_counter()
    results = [work(item) for item in items]
    spent = (time.perf_counter() - began) / (documents or len(items))
    print(f"    {name:<28}{1e3 * spent:6.2f} ms a document")
    return results


if __name__ == "__main__":
    json.dump(_measured(Path(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
