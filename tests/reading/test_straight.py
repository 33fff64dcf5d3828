"""The direct and the straight way of reading, which nearly all tables take: the long way gives just the same.

What they pass over - damage, rows left empty, several readings - is weighed where anything is not as the form
has it. Here they are switched off, and all tables are weighed.
"""

from collections.abc import Callable, Sequence

import pytest

from pipeline.documents import open_document
from pipeline.documents.stream import Unreadable
from pipeline.forms import Table
from pipeline.reading import Reading, read
from pipeline.reading.regions import Region
from pipeline.reading.rows.bands import Band, bands
from pipeline.reading.rows.direct import align_directly
from pipeline.reading.rows.placed import Alignment
from pipeline.reading.rows.serials import drop_row_numbers, drop_serials
from pipeline.reading.rows.slots import Slot
from pipeline.reading.rows.straight import align_straight
from pipeline.reading.tables import dispute, table
from tests.generator import Made, make_report
from tests.reading.test_attack import damaged_tasks

REPORTS = 100


def reports(number: int, seed: int, *, damaged: bool) -> list[Made]:
    damages = "random" if damaged else None
    return [make_report(t.seed, layout=t.layout, damages=damages) for t in damaged_tasks(number, seed)]


def readings(made: list[Made]) -> list[Reading | str]:
    found: list[Reading | str] = []
    for one in made:
        try:
            found.append(read(open_document(one.data, one.file_name)))
        except Unreadable as error:
            found.append(error.reason)
    return found


@pytest.mark.parametrize("damaged", [False, True])
def test_the_straight_way_reads_what_the_long_way_reads(
    damaged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = reports(REPORTS, 41_000, damaged=damaged)
    taken: list[Alignment | None] = []

    def counted(spec: Table, found: Sequence[Band]) -> Alignment | None:
        taken.append(align_straight(spec, found))
        return taken[-1]

    monkeypatch.setattr(table, "align_directly", lambda *_: None)
    monkeypatch.setattr(table, "align_straight", counted)
    straight = readings(made)
    assert sum(found is not None for found in taken) > REPORTS
    monkeypatch.setattr(table, "align_straight", lambda *_: None)
    for one, quick, slow in zip(made, straight, readings(made), strict=True):
        assert quick == slow, one.file_name


@pytest.mark.parametrize("damaged", [False, True])
def test_the_direct_way_gives_rows_the_places_that_bands_give_them(
    damaged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Alignment] = []

    def compared(spec: Table, region: Region) -> Alignment | None:
        direct = align_directly(spec, region)
        if direct is not None:
            taken.append(direct)
            found = drop_row_numbers(drop_serials(bands(region.entries, region.left_out)))
            assert direct == align_straight(spec, found)
        return direct

    monkeypatch.setattr(table, "align_directly", compared)
    readings(reports(2 * REPORTS, 42_000, damaged=damaged))
    assert len(taken) > REPORTS / 2


@pytest.mark.parametrize("damaged", [False, True])
def test_fifteen_plain_cells_are_read_as_bands_are(damaged: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made = reports(2 * REPORTS, 43_000, damaged=damaged)
    taken: list[Slot] = []

    def counted(find: Callable[[Region], list[Slot]]) -> Callable[[Region], list[Slot]]:
        def found(region: Region) -> list[Slot]:
            slots = find(region)
            taken.extend(slots[:1])
            return slots

        return found

    for name in ("_in_one_line", "_in_own_lines"):
        monkeypatch.setattr(dispute, name, counted(getattr(dispute, name)))
    direct = readings(made)
    assert len(taken) > REPORTS / 4
    for name in ("_in_one_line", "_in_own_lines"):
        monkeypatch.setattr(dispute, name, lambda _: [])
    for one, quick, slow in zip(made, direct, readings(made), strict=True):
        assert quick == slow, one.file_name
