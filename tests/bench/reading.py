"""Reading and parsing a text against the floor, and how cost and memory grow with documents.

The floor is what no reader can do without: read the file, decode it, split it into lines, and try one
regular expression on each line (does it end in a figure?). Both sides run in one process, the best of
several rounds counts, so that the ratio holds on a noisy machine.
"""

import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.documents import open_document
from pipeline.reading import Reading, read
from tests.generator import make_report

RAW = Path(__file__).parents[2] / "data" / "raw"
ENDS_IN_FIGURE = re.compile(r"[+-]?\d[\d,.]*\s*\|?\s*$")
ROUNDS = 30
SIZES = (1_000, 10_000)
"""Documents made and read one after another; `python -m tests.bench.reading 50000` adds a size."""


def floor(path: Path) -> int:
    """Count the lines of a file that end in a figure."""
    text = path.read_bytes().decode("utf-8")
    return sum(1 for line in text.splitlines() if ENDS_IN_FIGURE.search(line))


def full(path: Path) -> Reading:
    """Read a file whole: three tables, identities, sections, findings, evidence."""
    return read(open_document(path.read_bytes(), path.name))


def best(work: Callable[[Path], object], path: Path) -> float:
    """Return the shortest of several rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work(path)
        times.append(time.perf_counter() - start)
    return min(times)


def against_floor(paths: Iterable[Path], what: str) -> None:
    """Print the ratio of full reading to the floor over some files."""
    pairs = [(best(floor, path), best(full, path)) for path in paths]
    low, high = (1e6 * sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    print(f"{what}: floor {low:.0f} µs, reading {high:.0f} µs a document: {high / low:.1f} times the floor")


def growth(sizes: Iterable[int]) -> None:
    """Print time a document and peak memory over growing numbers of different documents."""
    for size in sizes:
        spent = 0.0
        for seed in range(size):
            made = make_report(seed, layout="tabs")
            start = time.perf_counter()
            read(open_document(made.data, made.file_name))
            spent += time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{size:>6} varied documents: {1e6 * spent / size:.0f} µs each, peak {peak:.0f} MB")


def run(sizes: Iterable[int] = SIZES) -> None:
    """Measure the five real reports, made ones, and growth."""
    against_floor(sorted(RAW.glob("*.txt")), "five real reports")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{seed}.txt") for seed in range(20)]
        for seed, path in enumerate(paths):
            made = make_report(seed, layout="tabs")
            path.write_bytes(made.data.decode(made.encoding or "utf-8").encode("utf-8"))
        against_floor(paths, "twenty made reports, tabs")
    growth(sizes)


if __name__ == "__main__":
    run((*SIZES, *map(int, sys.argv[1:])))
