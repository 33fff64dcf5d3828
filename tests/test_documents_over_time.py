"""Documents over many nights: added, changed, removed, renamed, put back; what is kept and what counts.

Histories of all kinds run without Dagster and against a model; one goes through the command line.
"""

import importlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any
from unittest.mock import ANY

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import archive
from assets.archive import LOST
from assets.build import PUBLISHED
from assets.intake import _IN_MOTION, list_folder
from assets.storage import Storage
from pipeline.frames.reports import report_id
from pipeline.reading import identify
from tests import nights
from tests.commands import RAW, SEEDS, gongkai
from tests.nights import FIRST_NIGHT, night, tables
from tests.small_reports import figures, report

NO_REPORT = "会议通知\n\n请各科室于周五下午三点到三楼会议室开会，议题为年度预算。\n"
# (agency, year, published, requests): versions with dates of their own, equal dates, and none.
VERSIONS = [
    ("启东市教育局", 2021, "2022年1月10日", 5),
    ("启东市教育局", 2021, "2022年3月10日", 6),
    ("启东市教育局", 2021, None, 7),
    ("启东市教育局", 2022, "2023年1月10日", 8),
    ("海安市财政局", 2022, "2023年1月12日", 9),
    ("海安市财政局", 2022, "2023年1月12日", 10),
    ("海安市财政局", 2022, "2023年1月12日", 11),
]
CONTENTS = [
    *(report(name, year, figures(new), published=day).encode() for name, year, day, new in VERSIONS),
    NO_REPORT.encode(),
]
NOTICE = len(VERSIONS)
DATES = [date(2022, 1, 10), date(2022, 3, 10), None, date(2023, 1, 10), *[date(2023, 1, 12)] * 3]
IDS = [sha256(data).hexdigest()[:16] for data in CONTENTS]
TIED = {4, 5, 6}

# File names to the number of their content: what lies in the folder on one night.
Folder = dict[str, int]
NAMES = ["a.txt", "b.txt", "丙/c.txt", "d.txt"]


@pytest.fixture(autouse=True, scope="module")
def _at_once() -> Iterator[None]:
    with nights.at_once():
        yield


@pytest.fixture
def own(tmp_path: Path) -> Storage:
    return nights.storage(tmp_path)


def put(storage: Storage, folder: Folder) -> None:
    """Make the folder of documents what it shall be."""
    shutil.rmtree(storage.raw_folder)
    storage.raw_folder.mkdir()
    for name, content in folder.items():
        path = storage.raw_folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(CONTENTS[content])


def column(rows: pl.DataFrame, key: str, value: str) -> dict[str, object]:
    return dict(rows.select(key, value).iter_rows())


# --- any order, any nights ---

placed = st.dictionaries(
    st.sampled_from([f"{number}.txt" for number in range(8)]), st.integers(0, NOTICE), max_size=8
)
arrivals = st.lists(st.integers(0, 3), min_size=8, max_size=8)


def in_nights(files: Folder, when: dict[str, int]) -> dict[str, pl.DataFrame]:
    """The tables after the nights on which the files arrive."""
    with TemporaryDirectory() as folder:
        storage = nights.storage(Path(folder))
        for number in sorted({0, *(when[name] for name in files)}):
            put(storage, {name: content for name, content in files.items() if when[name] <= number})
            night(storage, number)
        return tables(storage)


@settings(max_examples=8)
@given(placed, arrivals)
def test_any_order_of_files_and_any_split_into_nights_gives_the_same_warehouse(
    files: Folder, times: list[int]
) -> None:
    same_warehouse(files, times)


@pytest.mark.nightly
@settings(max_examples=200)
@given(placed, arrivals)
def test_many_orders_and_splits_give_the_same_warehouse(files: Folder, times: list[int]) -> None:
    same_warehouse(files, times)


def same_warehouse(files: Folder, times: list[int]) -> None:
    """All but first_seen_at is the same. Versions with equal dates, which nothing but that tells apart, are
    left to the model below: the one seen first counts as the earlier.
    """
    untied = {name: 4 if content in TIED else content for name, content in files.items()}
    when = {f"{number}.txt": time for number, time in enumerate(times)}
    at_once = in_nights(untied, dict.fromkeys(when, 0))
    split = in_nights(untied, when)
    differs = nights.differing(
        *(nights.without(one, raw_document=["first_seen_at"]) for one in (at_once, split))
    )
    assert not differs


# --- any history ---


def document_rows(history: list[Folder]) -> set[tuple[object, ...]]:
    """What raw.document must say: (document, file, status, first seen, withdrawn)."""
    first, last = seen_on(history)
    rows: set[tuple[object, ...]] = set()
    for content in first:
        names = sorted(name for name, there in history[last[content]].items() if there == content)
        gone = last[content] + 1 if last[content] < len(history) - 1 else None
        status = "quarantined" if content == NOTICE else "ingested"
        rows.add((IDS[content], names[0], status, time(first[content]), time(gone)))
        if gone is None:
            rows |= {("", name, "duplicate", time(first[content]), None) for name in names[1:]}
    return rows


def seen_on(history: list[Folder]) -> tuple[dict[int, int], dict[int, int]]:
    """The first and the last night on which each content was in the folder."""
    last = {content: number for number, folder in enumerate(history) for content in folder.values()}
    first = {content: number for number, folder in [*enumerate(history)][::-1] for content in folder.values()}
    return first, last


def time(number: int | None) -> object:
    return None if number is None else FIRST_NIGHT + timedelta(days=number)


def version_rows(history: list[Folder]) -> set[tuple[object, ...]]:
    """What core.report must say: (report, version, is it current, withdrawn)."""
    first, last = seen_on(history)
    groups: dict[tuple[str, int], list[int]] = {}
    for content in first:
        if content != NOTICE:
            groups.setdefault(VERSIONS[content][:2], []).append(content)
    rows: set[tuple[object, ...]] = set()
    for group in groups.values():
        ordered = sorted(group, key=lambda one: (DATES[one] or date.min, first[one], IDS[one]))
        present = [one for one in ordered if last[one] == len(history) - 1]
        for version, one in enumerate(ordered, start=1):
            gone = None if one in present else time(last[one] + 1)
            rows.add((report_id(IDS[one]), version, one == (present or ordered)[-1], gone))
    return rows


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """All contents in one night: their cells, sections and words, whatever becomes of their files."""
    storage = nights.storage(tmp_path_factory.mktemp("whole"))
    put(storage, {f"{content}.txt": content for content in range(len(CONTENTS))})
    night(storage)
    return tables(storage)


BY_REPORT = [
    "core.section",
    "core.cell",
    "core.section_term",
    "core.narrative_figure",
    "ledger.agency",
    "ledger.finding",
]


histories = st.lists(
    st.dictionaries(st.sampled_from(NAMES), st.integers(0, NOTICE), max_size=4), min_size=1, max_size=5
)


@settings(max_examples=10)
@given(histories)
def test_after_any_history_nothing_is_lost_and_what_counts_is_right(
    whole: dict[str, pl.DataFrame], history: list[Folder]
) -> None:
    right_after(whole, history)


@pytest.mark.nightly
@settings(max_examples=200)
@given(histories)
def test_after_many_histories_nothing_is_lost(whole: dict[str, pl.DataFrame], history: list[Folder]) -> None:
    right_after(whole, history)


def right_after(whole: dict[str, pl.DataFrame], history: list[Folder]) -> None:
    with TemporaryDirectory() as folder:
        storage, opened = nights.storage(Path(folder)), 0
        for number, state in enumerate(history):
            put(storage, state)
            opened += night(storage, number).get("opening", 0)
        found = tables(storage)
        (storage.store / "compared.json").unlink(missing_ok=True)
        night(storage, len(history) - 1)
        assert not nights.differing(found, tables(storage))
    assert opened == len(seen_on(history)[0])  # each content once, whatever its files are called
    shown = found["raw.document"].with_columns(
        document_id=pl.when(pl.col("status") == "duplicate").then(pl.lit("")).otherwise("document_id")
    )
    columns = ["document_id", "file_name", "status", "first_seen_at", "withdrawn_at"]
    assert set(shown.select(columns).rows()) == document_rows(history)
    reports = found["core.report"]
    assert (
        set(reports.select("report_id", "version", "is_current", "withdrawn_at").rows())
        == version_rows(history)
    )  # fmt: skip
    for name in BY_REPORT:
        kept = whole[name].join(reports, "report_id", "semi", maintain_order="left")
        assert (
            found[name]
            .sort("report_id", maintain_order=True)
            .equals(kept.sort("report_id", maintain_order=True))
        ), name


# --- the archive ---


def kept(storage: Storage, content: int) -> Path:
    digest = sha256(CONTENTS[content]).hexdigest()
    return storage.archive / digest[:2] / digest


def test_every_content_that_was_opened_is_kept_byte_by_byte(own: Storage) -> None:
    put(own, {"a.txt": 0, "b.txt": 0, "notice.txt": NOTICE})
    night(own)
    held = {path.relative_to(own.archive).as_posix(): path.read_bytes() for path in files(own.archive)}
    assert held == {
        f"{digest[:2]}/{digest}": CONTENTS[one]
        for one in (0, NOTICE)
        for digest in [sha256(CONTENTS[one]).hexdigest()]
    }


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_new_parser_version_reads_withdrawn_documents_from_the_archive(
    own: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own, {"a.txt": 0, "b.txt": 3})
    night(own)
    put(own, {"b.txt": 3})
    night(own, 1)
    before = tables(own)
    new_version(monkeypatch)
    assert night(own, 2) == {"opening": 2, "reading 2021": 1, "reading 2022": 1}
    after = tables(own)
    assert after["ledger.reading"]["parser_version"].unique().to_list() == ["another version"]
    versions = {"raw_document": ["parser_version"], "ledger_reading": ["parser_version"]}
    assert not nights.differing(nights.without(before, **versions), nights.without(after, **versions))


def new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("assets.intake", "assets.year", "assets.comparison"):
        monkeypatch.setattr(f"{module}.parser_version", lambda: "another version")


@pytest.mark.parametrize("harm", ["cut short", "removed", "unreadable"])
def test_a_damaged_copy_is_said_and_its_document_quarantined_and_the_file_heals_it(
    own: Storage, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    put(own, {"a.txt": 0, "b.txt": 3})
    night(own)
    put(own, {})
    night(own, 1)
    path = kept(own, 0)
    path.unlink()
    if harm == "cut short":
        path.write_bytes(CONTENTS[0][:100])
    elif harm == "unreadable":
        path.mkdir()
    new_version(monkeypatch)
    night(own, 2)
    found = {row["document_id"]: row for row in tables(own)["raw.document"].iter_rows(named=True)}
    assert (found[IDS[0]]["status"], found[IDS[0]]["reason"]) == ("quarantined", LOST)
    assert (found[IDS[3]]["status"], found[IDS[3]]["reason"]) == ("ingested", None)
    if harm == "unreadable":
        path.rmdir()  # what stands there is no file: a person must take it away
    put(own, {"a.txt": 0})
    night(own, 3)
    assert path.read_bytes() == CONTENTS[0]
    reports = tables(own)["core.report"]
    assert column(reports, "report_id", "withdrawn_at") == {
        report_id(IDS[0]): None,
        report_id(IDS[3]): time(1),
    }


def test_a_copy_that_is_damaged_while_the_file_is_there_is_healed_when_it_is_read(own: Storage) -> None:
    put(own, {"a.txt": 0})
    night(own)
    before = tables(own)
    kept(own, 0).write_bytes(b"half")
    assert night(own, 1, years=[2021]) == {"reading 2021": 1}
    assert kept(own, 0).read_bytes() == CONTENTS[0]
    assert not nights.differing(before, tables(own))


def test_a_warehouse_made_before_the_archive_gets_it_filled(own: Storage) -> None:
    put(own, {"a.txt": 0, "b.txt": 3})
    night(own)
    before = tables(own)
    shutil.rmtree(own.archive)
    assert night(own, 1) == {"opening": 2}
    assert [path.read_bytes() for path in files(own.archive)] == [
        CONTENTS[one] for one in sorted((0, 3), key=lambda one: sha256(CONTENTS[one]).hexdigest())
    ]
    assert not nights.differing(before, tables(own))
    assert night(own, 2) == {}


def test_an_archive_that_cannot_be_written_ends_the_night_and_blames_no_document(own: Storage) -> None:
    put(own, {"a.txt": 0})
    own.folder.mkdir()
    own.archive.write_bytes(b"a file where the folder should be")
    with pytest.raises(archive.UnwritableError, match="can't be written"):
        night(own)
    assert not own.store.exists()


def test_half_written_copies_of_ended_processes_are_removed(own: Storage) -> None:
    put(own, {"a.txt": 0})
    night(own)
    ended = subprocess.Popen(["true"])
    ended.wait()
    beside = [kept(own, 0).with_name(f".{'0' * 64}.{pid}") for pid in (ended.pid, os.getpid())]
    for path in beside:
        path.write_bytes(b"half")
    assert night(own, 1) == {}
    assert [path.exists() for path in beside] == [False, True]


# --- files that move while they are read ---


def meanwhile(monkeypatch: pytest.MonkeyPatch, step: str, change: Callable[[], object]) -> None:
    """Let something happen to the folder just before a step of the night."""
    module, _, name = step.rpartition(".")
    real = getattr(importlib.import_module(module), name)

    def changed(*arguments: Any, **named: Any) -> Any:
        change()
        return real(*arguments, **named)

    monkeypatch.setattr(step, changed)


def remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def shown(storage: Storage) -> dict[str, tuple[object, ...]]:
    rows = tables(storage)["raw.document"]
    return {row[0]: row[1:] for row in rows.select("file_name", "status", "reason", "withdrawn_at").rows()}


INGESTED = ("ingested", None, None)
IN_MOTION = ("quarantined", _IN_MOTION, None)


def test_a_file_that_vanishes_before_it_is_opened_is_not_there(
    own: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own, {"a.txt": 0, "b.txt": 3, "c.txt": 3})
    gone = [own.raw_folder / "a.txt", own.raw_folder / "b.txt"]
    meanwhile(monkeypatch, "assets.intake.open_contents", lambda: remove(*gone))
    night(own)
    # The other file of the same bytes gives them; that the first has gone is for the next night.
    assert shown(own) == {"b.txt": INGESTED, "c.txt": ("duplicate", ANY, None)}
    night(own, 1)
    assert shown(own) == {"c.txt": INGESTED}


def test_a_file_that_changes_before_it_is_opened_is_left_for_the_next_run(
    own: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own, {"a.txt": 0})
    with monkeypatch.context() as patched:
        changed = own.raw_folder / "a.txt"
        meanwhile(patched, "assets.intake.open_contents", lambda: changed.write_bytes(CONTENTS[3]))
        night(own)
    assert shown(own) == {"a.txt": IN_MOTION}
    night(own, 1)
    assert shown(own) == {"a.txt": INGESTED}
    assert tables(own)["core.report"]["report_year"].to_list() == [2022]


@pytest.mark.parametrize("change", ["vanishes", "changes"])
def test_a_file_that_moves_after_it_was_opened_is_read_from_the_archive(
    own: Storage, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    put(own, {"a.txt": 0})
    path = own.raw_folder / "a.txt"
    meanwhile(
        monkeypatch,
        "tests.nights.read_year",
        lambda: remove(path) if change == "vanishes" else path.write_bytes(CONTENTS[3]),
    )
    night(own)
    assert shown(own) == {"a.txt": INGESTED}
    assert tables(own)["core.report"]["report_id"].to_list() == [report_id(IDS[0])]


def test_a_file_that_is_being_copied_in_is_left_for_the_next_run_and_the_old_one_stands(
    own: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own, {"a.txt": 0, "b.txt": 3})
    night(own)
    half, new = own.raw_folder / "a.txt", own.raw_folder / "new.txt"
    half.write_bytes(CONTENTS[1][:500])
    new.write_bytes(CONTENTS[4][:500])

    def go_on() -> None:
        half.write_bytes(CONTENTS[1][:900])
        new.write_bytes(CONTENTS[4][:900])

    with monkeypatch.context() as patched:
        meanwhile(patched, "assets.intake._wait_for_rest", go_on)
        night(own, 1)
    rows = tables(own)["raw.document"]
    found = rows.select("file_name", "status", "reason", "withdrawn_at").rows()
    assert sorted(found, key=str) == sorted(
        [("a.txt", *INGESTED), ("a.txt", *IN_MOTION), ("b.txt", *INGESTED), ("new.txt", *IN_MOTION)], key=str
    )
    half.write_bytes(CONTENTS[1])
    new.write_bytes(CONTENTS[4])
    night(own, 2)
    assert set(document_ids(own)) == {IDS[0], IDS[1], IDS[3], IDS[4]}  # no half file ever became a document


def document_ids(storage: Storage) -> list[str]:
    ids: list[str] = tables(storage)["raw.document"]["document_id"].to_list()
    return ids


@pytest.mark.parametrize(("age", "waits"), [(0.0, 1.0), (0.4, 0.6), (3600.0, 0.0), (-3600.0, 1.0)])
def test_only_files_touched_just_now_are_waited_for(
    own: Storage, monkeypatch: pytest.MonkeyPatch, age: float, waits: float
) -> None:
    """A fresh clone is taken whole after a second; a clock of the disk that is ahead costs no more."""
    put(own, {"a.txt": 0, "b.txt": 3})
    waited: list[float] = []
    monkeypatch.setattr("assets.intake._REST_SECONDS", 1.0)
    touched = max(path.stat().st_ctime for path in files(own.raw_folder))
    monkeypatch.setattr(
        "assets.intake.time", SimpleNamespace(time=lambda: touched + age, sleep=waited.append)
    )
    found = list_folder(own.raw_folder)
    assert waited == [pytest.approx(waits, abs=1e-3)]
    assert [file.sha256 for file in found] == [sha256(CONTENTS[one]).hexdigest() for one in (0, 3)]


def test_a_folder_that_cannot_be_listed_is_said_and_what_is_in_it_not_withdrawn(
    own: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own, {"a.txt": 0, "丙/c.txt": 3})
    night(own)
    real = os.scandir

    def refused(path: str) -> Any:
        if str(path).endswith("丙"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr("os.scandir", refused)
    night(own, 1)
    found = shown(own)
    assert found["a.txt"] == found["丙/c.txt"] == INGESTED
    assert found["丙/"][0] == "quarantined"
    assert "can't be listed (Permission denied)" in str(found["丙/"][1])


def test_a_folder_of_documents_that_cannot_be_listed_is_no_empty_one(own: Storage) -> None:
    put(own, {"a.txt": 0})
    night(own)
    shutil.rmtree(own.raw_folder)
    with pytest.raises(FileNotFoundError):
        night(own, 1)
    assert shown(own) == {"a.txt": INGESTED}


# --- one year again ---


def test_a_rerun_of_one_year_reads_only_that_and_leaves_all_else(own: Storage) -> None:
    put(own, {"a.txt": 0, "b.txt": 1, "c.txt": 3, "d.txt": 4})
    night(own)
    put(own, {"b.txt": 1, "c.txt": 3, "d.txt": 4})
    night(own, 1)
    before = tables(own)
    assert night(own, 2, years=[2021]) == {"reading 2021": 2}  # the withdrawn version too
    assert not nights.differing(before, tables(own))
    # Meanwhile a file of each year went, and one of 2022 has another name: only 2021 is looked at.
    put(own, {"renamed.txt": 3})
    night(own, 3, years=[2021])
    after = tables(own)
    withdrawn = column(after["core.report"], "report_id", "withdrawn_at")
    assert withdrawn == {
        report_id(IDS[0]): time(1),
        report_id(IDS[1]): time(3),
        report_id(IDS[3]): None,
        report_id(IDS[4]): None,
    }
    was, now = (one["raw.document"].filter(pl.col("report_year") == 2022) for one in (before, after))
    assert was.equals(now)
    night(own, 4)
    assert shown(own)["renamed.txt"] == INGESTED
    assert shown(own)["d.txt"] == ("ingested", None, time(4))


def test_a_year_that_a_new_parser_moves_is_moved_by_a_whole_run_alone(
    own: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own, {"a.txt": 0, "b.txt": 3})
    night(own)
    new_version(monkeypatch)
    monkeypatch.setattr("assets.intake.identify", lambda stream: identify(stream)._replace(report_year=2022))
    night(own, 1, years=[2022])
    # The report on 2021 stays where it is: in two years at once nothing could be published.
    assert tables(own)["core.report"].select("report_id", "report_year").rows() == [
        (report_id(IDS[0]), 2021),
        (report_id(IDS[3]), 2022),
    ]
    night(own, 2)
    assert tables(own)["raw.document"]["report_year"].to_list() == [2022, 2022]
    assert own.years("core.report") == [2021, 2022]
    assert own.read("core.report", 2021).height == 0


# --- through the command line ---


def rows_of(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(warehouse / "gongkai.duckdb", read_only=True) as db:
        return db.sql(query).fetchall()


LICENSING = """
    SELECT report.version, report.is_current, report.withdrawn_at IS NOT NULL, cell.value, cell.line_no
    FROM core.cell INNER JOIN core.report USING (report_id)
    WHERE agency_name LIKE '启东%' AND row_code = 'licensing' AND column_code = 'decisions'
    ORDER BY version
"""


def test_changed_withdrawn_and_reread_documents_through_the_command_line(
    own_warehouse: Path, tmp_path: Path
) -> None:
    raw, out = tmp_path / "raw", own_warehouse
    shutil.copytree(RAW, raw)
    everything = rows_of(out, "SELECT * FROM core.cell")
    # A figure is put right without another date, and another report is taken down.
    changed, removed = raw / SEEDS[1].name, raw / SEEDS[4].name
    changed.write_text(SEEDS[1].read_text(encoding="utf-8").replace("30710", "30711"), encoding="utf-8")
    removed.unlink()
    ended = gongkai("ingest", "--raw", raw, "--warehouse", out)
    assert ended.returncode == 0, ended.stderr
    assert "Documents  4: 4 ingested, 0 quarantined, 0 duplicate" in ended.stdout
    assert "Withdrawn  2: no longer in the folder" in ended.stdout
    assert "reading 2020" in ended.stderr
    assert "reading 2019" not in ended.stderr
    assert "4/4" not in ended.stderr  # a night with one new file costs one file
    assert rows_of(out, LICENSING) == [(1, False, True, 30710.0, 36), (2, True, False, 30711.0, 36)]
    assert set(everything) < set(rows_of(out, "SELECT * FROM core.cell"))
    shown = "SELECT licensing_decisions FROM mart.agency_year WHERE agency_name LIKE '启东%'"
    assert rows_of(out, shown) == [(30711.0,)]
    # Without another version the withdrawn report still counts, and says that it is withdrawn.
    gone = "agency_name LIKE '%秦山%' AND withdrawn_at IS NOT NULL"
    assert len(rows_of(out, f"SELECT * FROM mart.agency_year WHERE {gone}")) == 1
    assert rows_of(out, "SELECT count(*) FROM mart.coverage WHERE withdrawn_at IS NOT NULL") == [(1,)]
    before = {name: rows_of(out, f"SELECT * FROM {name}") for name in PUBLISHED}
    ended = gongkai("ingest", "--raw", raw, "--warehouse", out, "--year", "2020")
    assert "5/5" in ended.stderr  # the withdrawn ones too, from the archive
    assert "Nothing changed" in ended.stdout
    assert {name: rows_of(out, f"SELECT * FROM {name}") for name in PUBLISHED} == before
