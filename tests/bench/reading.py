"""Reading and parsing a text against the floor, and how cost and memory grow with documents.

The floor is what no reader can do without: read the file, decode it, split it into lines, and try one
regular expression on each line (does it end in a figure?). Both sides run in one process. Of documents read
again and again, whose lines the reader remembers, the best of several rounds counts; of documents that were
never read before, as a load of many different ones reads them, each is read once and the median counts. So
the ratios hold on a noisy machine. Garbage is collected as in the processes of a load (assets/pool.py).
"""

import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median

from assets.pool import collect_seldom
from pipeline.documents import open_document
from pipeline.reading import Reading, read
from tests.generator import make_report
from tests.generator.layouts import TEXT_LAYOUTS

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


def once(work: Callable[[Path], object], path: Path) -> float:
    """Return the processor's time for one round, in seconds."""
    start = time.process_time()
    work(path)
    return time.process_time() - start


def best(work: Callable[[Path], object], path: Path) -> float:
    """Return the shortest of several rounds, in seconds."""
    return min(once(work, path) for _ in range(ROUNDS))


def against_floor(paths: Iterable[Path], what: str) -> None:
    """Print the ratio of full reading to the floor over some files."""
    pairs = [(best(floor, path), best(full, path)) for path in paths]
    low, high = (1e6 * sum(column) / len(pairs) for column in zip(*pairs, strict=True))
    print(f"{what}: floor {low:.0f} µs, reading {high:.0f} µs a document: {high / low:.1f} times the floor")


def of_unseen(paths: Sequence[Path], what: str) -> None:
    """Print the ratio of full reading to the floor over the second half of some files, each read once.

    The first half is read before, so that the forms are loaded and usual labels known.
    """
    pairs = [(once(floor, path), once(full, path)) for path in paths]
    low, high = (1e6 * median(column) for column in zip(*pairs[len(pairs) // 2 :], strict=True))
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
    """Measure the five real reports, made ones, made ones never read before, and growth."""
    collect_seldom()
    against_floor(sorted(RAW.glob("*.txt")), "five real reports")
    with tempfile.TemporaryDirectory() as folder:
        against_floor(_made(folder, range(20), ["tabs"]), "twenty made reports, tabs")
        of_unseen(_made(folder, range(1_000, 2_000), ["tabs"]), "made reports not read before, tabs")
        of_unseen(_made(folder, range(2_000, 3_000), list(TEXT_LAYOUTS)), "the same, any layout of text")
    growth(sizes)


def _made(folder: str, seeds: Iterable[int], layouts: Sequence[str]) -> list[Path]:
    """Return made reports of several layouts in turn, as files in UTF-8."""
    paths = []
    for seed in seeds:
        made = make_report(seed, layout=layouts[seed % len(layouts)])
        paths.append(Path(folder, f"{seed}.txt"))
        paths[-1].write_bytes(made.data.decode(made.encoding or "utf-8").encode("utf-8"))
    return paths


if __name__ == "__main__":
    run((*SIZES, *map(int, sys.argv[1:])))
