"""Readers at all times: while ingests publish one after another, no query fails and none sees a mixture."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests import small_reports
from tests.forks import Child, Forks
from tests.operations.readers import ask, state

pytestmark = pytest.mark.timeout(900)  # many runs in one test; the usual limit is for one
FEW, MANY = 3, 20
ASK = f"{ask.__module__}:{ask.__name__}"
# How many times each reader asks before it opens the file anew; 0: it holds the file for the whole time.
READERS = ("1", "1", "12", "0")


def test_readers_find_one_published_state_at_a_time(server: Forks, tmp_path: Path) -> None:
    read_while_publishing(server, tmp_path, FEW)


@pytest.mark.nightly
def test_readers_find_one_published_state_at_a_time_over_twenty_ingests(
    server: Forks, tmp_path: Path
) -> None:
    read_while_publishing(server, tmp_path, MANY)


def read_while_publishing(server: Forks, folder: Path, ingests: int) -> None:
    raw, warehouse, stop = folder / "raw", folder / "warehouse", folder / "stop"
    write(raw, {f"{number}": report(number) for number in range(4)})
    publish(server, raw, warehouse)
    database = warehouse / "gongkai.duckdb"
    states = [state(database)]
    readers = [server.start(ASK, str(database), str(stop), at_once) for at_once in READERS]
    for reader in readers:
        wait_for_answer(reader)
    for night in range(1, ingests + 1):
        change(raw, night)
        publish(server, raw, warehouse)
        states.append(state(database))
    stop.touch()
    for reader in readers:
        assert reader.wait() == 0, reader.printed()
    assert len(set(states)) == ingests + 1
    for reader, at_once in zip(readers, READERS, strict=True):
        assert_in_order(reader.printed().split(), states)
        last = states[0] if at_once == "0" else states[-1]
        assert reader.printed().split()[-1] == last


def assert_in_order(answers: Sequence[str], states: Sequence[str]) -> None:
    """Each answer is that of a published state, and none is of an earlier one than the answer before it."""
    assert set(answers) <= set(states)
    places = [states.index(answer) for answer in answers]
    assert places == sorted(places)


def change(raw: Path, night: int) -> None:
    """Add a report, change one or take one away, by turns."""
    if night % 3 == 1:
        write(raw, {f"{night + 10}": report(night + 10)})
    elif night % 3 == 2:
        write(raw, {"0": report(0, more=night)})
    else:
        (raw / f"{night + 8}.txt").unlink()


def write(raw: Path, reports: dict[str, str]) -> None:
    raw.mkdir(exist_ok=True)
    for name, text in reports.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")


def report(number: int, more: int = 0) -> str:
    body = f"启东市{'审财教民水住卫农商文体环统医退林城交工科应气信粮市法监外侨税海'[number]}局"
    return small_reports.report(body, 2020, small_reports.figures(new=10 + number + more))


def publish(server: Forks, raw: Path, warehouse: Path) -> None:
    child = server.gongkai("ingest", "--raw", raw, "--warehouse", warehouse)
    assert child.wait() == 0, child.printed()


def wait_for_answer(reader: Child) -> None:
    while not reader.printed():
        assert reader.code() is None, reader.printed()
