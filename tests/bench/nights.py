"""Nights over a large warehouse: the memory of its first load, and a night without changes against hashing.

`python -m tests.bench nights` makes 2,000 reports; GONGKAI_BENCH_NIGHTS sets another number (the aim is for
50,000: at most 3 times the hashing, under 2 GB), and GONGKAI_BENCH_FOLDER a folder that is kept, so that a
second run finds documents and warehouse and measures nights alone. No two reports are of one body and year.
"""

import csv
import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from itertools import count, product
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.agencies.tables import DATA
from tests.commands import GONGKAI
from tests.generator import Made, corpus

DOCUMENTS = int(os.environ.get("GONGKAI_BENCH_NIGHTS", "2000"))
KEPT = os.environ.get("GONGKAI_BENCH_FOLDER")
SEED = 9_000
ROUNDS = 3
BODIES = ("财政局", "教育局", "民政局", "水利局", "卫生健康局")


def run() -> None:
    """Print time and memory of a first load, then the time of nights over it as multiples of hashing."""
    with nullcontext(KEPT) if KEPT else TemporaryDirectory(prefix="gongkai-bench-") as folder:
        raw, warehouse = Path(folder, "raw"), Path(folder, "warehouse")
        if not raw.exists():
            make(raw, DOCUMENTS)
        size = sum(path.stat().st_size for path in raw.iterdir())
        print(f"{len(list(raw.iterdir())):,} documents, {size / 1e6:.0f} MB, {os.cpu_count()} cores")
        if not (warehouse / "gongkai.duckdb").exists():
            _print_ingest("first load", *_ingest(raw, warehouse))
        for _ in range(ROUNDS):
            hashing = _hashing(raw)
            seconds, peak = _ingest(raw, warehouse)
            _print_ingest("night without changes", seconds, peak)
            print(f"    {seconds / hashing:.2f} times hashing all bytes once ({hashing:.2f} s)")


def make(raw: Path, documents: int) -> None:
    """Write reports into a new folder."""
    raw.mkdir(parents=True)
    bodies: dict[int, Iterator[str]] = {}
    for number, made in zip(count(), corpus(documents, SEED), strict=False):
        name = next(bodies.setdefault(made.truth.year or 0, _names()))
        (raw / f"{number:05}_{made.file_name}").write_bytes(_renamed(made, name))


def _names() -> Iterator[str]:
    """Yield bodies of all counties, the county's prefecture before its name."""
    with (DATA / "regions.csv").open(encoding="utf-8") as file:
        rows = {row["code"]: row for row in csv.DictReader(file) if not row["successor"]}
    counties = [row for row in rows.values() if row["level"] == "county" and row["parent"] in rows]
    for body, county in product(BODIES, counties):
        yield rows[county["parent"]]["name"] + county["name"] + body


def _renamed(made: Made, name: str) -> bytes:
    """Return a report's bytes with another body's name; DOCX and PDF, which are few, keep theirs."""
    encoding = made.encoding or "utf-8"
    return made.data.replace((made.truth.agency or "?").encode(encoding), name.encode(encoding))


def _hashing(raw: Path) -> float:
    """Return the seconds that reading and hashing every file once takes, one after another."""
    began = time.perf_counter()
    for path in sorted(raw.iterdir()):
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256").hexdigest()
    return time.perf_counter() - began


def _ingest(raw: Path, warehouse: Path) -> tuple[float, float]:
    """Run `gongkai ingest`; return its seconds and the peak memory in MB of it and its workers together."""
    began = time.perf_counter()
    command: list[str | Path] = [GONGKAI, "ingest", "--raw", raw, "--warehouse", warehouse]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.5)
        assert process.returncode == 0, f"{command} ended with {process.returncode}"
    return time.perf_counter() - began, peak


def _memory(pid: int) -> float:
    """Return the memory in MB of a process and all below it, what they share counted once."""
    own = 0.0
    with suppress(OSError, ValueError):  # ended between two looks
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        own = float(rollup.partition("Pss:")[2].split()[0]) * 1024 / 1e6
    return own + sum(map(_memory, _children(pid)))


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, path.read_text(encoding="ascii").split())
    return found


def _print_ingest(name: str, seconds: float, peak: float) -> None:
    print(f"  {name}: {seconds:.1f} s, peak memory of all processes {peak:.0f} MB", flush=True)
