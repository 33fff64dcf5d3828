"""What resolving names costs: microseconds a name, memory of the register, time to load it.

Belongs here: making 100,000 names of every kind, and measuring.
Does not belong here: whether answers are right (tests/agencies).

    python -m tests.bench.agencies
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter

from pipeline.agencies import Evidence, resolve
from pipeline.agencies.bodies import departments
from pipeline.agencies.places import OPEN, Place, all_towns, regions, zones

NAMES = 100_000
SEED = 20
_FRESH = 5  # new processes for what only a new process shows

# Run in a new process: loads everything that resolving may touch, and says what it took.
_LOAD = """
import json, resource, time
from pathlib import Path
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
before = resident()
start = time.perf_counter()
import pipeline.agencies as agencies
imported = time.perf_counter()
agencies.resolve("启东市行政审批局")
first = time.perf_counter()
agencies.resolve("海盐县秦山街道办事处", agencies.Evidence(phone_area="0573", postcode="314300"))
done = time.perf_counter()
print(json.dumps({
    "import": imported - start, "regions_and_zones": first - imported, "towns": done - first,
    "resident": resident() - before,
}))
"""
_HELD = """
import json, tracemalloc
import pipeline.agencies as agencies
tracemalloc.start()
agencies.resolve("启东市行政审批局")
regions, _ = tracemalloc.get_traced_memory()
agencies.resolve("海盐县秦山街道办事处", agencies.Evidence(phone_area="0573", postcode="314300"))
whole, _ = tracemalloc.get_traced_memory()
print(json.dumps({"regions_and_zones": regions, "towns": whole - regions}))
"""


def names(number: int) -> list[tuple[str, Evidence]]:
    """Names of governments, departments, towns, zones and agencies, full and short, some without a place."""
    chance = random.Random(SEED)
    makers = (_department, _department, _department, _government, _town, _town, _zone, _tax_office, _bare)
    known = _Known()
    return [chance.choice(makers)(known, chance) for _ in range(number)]


class _Known:
    """What names are made of."""

    def __init__(self) -> None:
        every = [place for places in regions().by_code.values() for place in places]
        self.regions = [place for place in every if place.last == OPEN]
        self.towns = [town for town in all_towns() if town.last == OPEN]
        self.zones = [zone for zones_ in zones().by_stem.values() for zone in zones_]
        self.departments = sorted(departments())


def _department(known: _Known, chance: random.Random) -> tuple[str, Evidence]:
    return f"{_chain(chance.choice(known.regions), chance)}{chance.choice(known.departments)}", _evidence(
        chance
    )


def _government(known: _Known, chance: random.Random) -> tuple[str, Evidence]:
    body = chance.choice(["人民政府", "人民政府办公室", "政府办"])
    return f"{_chain(chance.choice(known.regions), chance)}{body}", _evidence(chance)


def _town(known: _Known, chance: random.Random) -> tuple[str, Evidence]:
    town = chance.choice(known.towns)
    told = "" if town.parent is None else town.parent.name
    return chance.choice([f"{told}{town.name}", town.name]), Evidence(introduction=told, report_year=2021)


def _zone(known: _Known, chance: random.Random) -> tuple[str, Evidence]:
    return f"{chance.choice(known.zones).name}{chance.choice(['管委会', '经发局', '财政局'])}", _evidence(
        chance
    )


def _tax_office(known: _Known, chance: random.Random) -> tuple[str, Evidence]:
    return f"国家税务总局{_chain(chance.choice(known.regions), chance)}税务局", _evidence(chance)


def _bare(known: _Known, chance: random.Random) -> tuple[str, Evidence]:
    place = chance.choice(known.regions).name
    return chance.choice(["财政局", "市教育局", "我局"]), Evidence(
        signature=f"{place}财政局", report_year=2021
    )


def _chain(place: Place, chance: random.Random) -> str:
    chain = [one.name for one in place.chain()]
    return "".join(reversed(chain[: chance.randint(1, len(chain))]))


def _evidence(chance: random.Random) -> Evidence:
    return Evidence(phone_area=chance.choice([None, "0515", "010"]), report_year=chance.randint(2014, 2025))


def run() -> dict[str, float]:
    """Measure and print; the figures by name (seconds, bytes, microseconds)."""
    figures = _resolving() | _loading()
    print("agencies: cost of resolving names")
    for name, value in figures.items():
        print(f"  {name:<34} {value:>12,.1f}")
    return figures


def _resolving() -> dict[str, float]:
    made = names(NAMES)
    statuses: Counter[str] = Counter()
    start = time.perf_counter()
    for name, evidence in made:
        statuses[resolve(name, evidence).resolution.value] += 1
    spent = time.perf_counter() - start
    shares = {f"share {status} (%)": 100 * count / NAMES for status, count in sorted(statuses.items())}
    return {"names": float(NAMES), "microseconds a name": spent / NAMES * 1e6} | shares


def _loading() -> dict[str, float]:
    """The median of fresh processes: what a worker pays once."""
    runs = [_fresh(_LOAD) for _ in range(_FRESH)]
    middle = {key: sorted(run[key] for run in runs)[_FRESH // 2] for key in runs[0]}
    held = _fresh(_HELD)
    return {
        "import (ms)": middle["import"] * 1e3,
        "load regions, zones, bodies (ms)": middle["regions_and_zones"] * 1e3,
        "load towns, contacts (ms)": middle["towns"] * 1e3,
        "held: regions, zones, bodies (MB)": held["regions_and_zones"] / 1e6,
        "held: towns, contacts (MB)": held["towns"] / 1e6,
        "resident growth of the process (MB)": middle["resident"] / 1e6,
    }


def _fresh(program: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    run()
