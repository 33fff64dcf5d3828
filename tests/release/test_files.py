"""The files of releases: whatever moment a kill comes at, what is published is whole and the next run heals.

The warehouses are a few bytes each: no step here looks into one.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from assets import releases
from assets.releases import Fingerprint, Release
from tests.release.killed import killed_before

KEEP = 3


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill loses nothing that the system has taken; only a power cut does."""
    monkeypatch.setattr("os.fsync", lambda _: None)


def built(folder: Path, content: str) -> tuple[Path, Release]:
    """Put a new file beside the published one, with its record."""
    path = releases.beside(folder)
    path.write_text(content)
    release_id, made_at = releases.next_id(folder)
    return path, Release(
        release_id=release_id,
        made_at=made_at,
        previous=None,
        parser_version="v",
        inputs={"content": content},
        rows={},
        verified_share=None,
        verified_share_non_zero=None,
        measures=[],
        file=releases.fingerprint(path),
    )


def publish(folder: Path, content: str) -> None:
    releases.publish(folder, *built(folder, content), KEEP)


def hold(folder: Path, content: str) -> None:
    releases.hold(folder, *built(folder, content))


def publish_held(folder: Path) -> None:
    standing = releases.held(folder)
    assert standing is not None
    new = releases.beside(folder)
    releases.duplicate(releases.held_file(folder, standing), new)
    release_id, made_at = releases.next_id(folder)
    changes = {"release_id": release_id, "made_at": made_at, "acknowledged": "why"}
    releases.publish(folder, new, standing.model_copy(update=changes), KEEP)


def roll_back(folder: Path, content: str) -> None:
    (wanted,) = [one for one in releases.releases(folder) if one.inputs["content"] == content]
    releases.roll_back(folder, wanted)


def kept(folder: Path) -> list[object]:
    return [one.inputs["content"] for one in releases.releases(folder)]


def content(folder: Path) -> str:
    return (folder / "gongkai.duckdb").read_text()


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def expected_files(folder: Path) -> set[str]:
    """What may be there: the published file, releases and a held build in pairs, and a pin that stands."""
    names = {"gongkai.duckdb"} if releases.releases(folder) else set()
    names |= {
        f"releases/{one.release_id}{end}" for one in releases.releases(folder) for end in (".duckdb", ".json")
    }
    standing = releases.held(folder)
    names |= {f"held/{standing.release_id}{end}" for end in (".duckdb", ".json")} if standing else set()
    return names | ({"releases/pinned.json"} if releases.pinned(folder) else set())


def nothing(folder: Path) -> None:
    del folder


def three(folder: Path) -> None:
    for text in ("a", "b", "c"):
        publish(folder, text)


def three_and_held(folder: Path) -> None:
    three(folder)
    hold(folder, "held")


def rolled_back(folder: Path) -> None:
    three(folder)
    roll_back(folder, "a")
    hold(folder, "held")


# How it begins, what is done, what may be published after a kill and healing, and what when it ends well.
CASES: dict[str, tuple[Callable[[Path], None], Callable[[Path], None], set[str | None], str]] = {
    "first": (nothing, lambda folder: publish(folder, "new"), {None, "new"}, "new"),
    "next": (three, lambda folder: publish(folder, "new"), {"c", "new"}, "new"),
    "after held": (three_and_held, lambda folder: publish(folder, "new"), {"c", "new"}, "new"),
    "held is published": (three_and_held, publish_held, {"c", "held"}, "held"),
    "acknowledged": (rolled_back, publish_held, {"a", "held"}, "held"),
    "hold": (three, lambda folder: hold(folder, "x"), {"c"}, "c"),
    "hold another": (three_and_held, lambda folder: hold(folder, "x"), {"c"}, "c"),
    "hold while pinned": (rolled_back, lambda folder: hold(folder, "x"), {"a"}, "a"),
    "roll back": (three, lambda folder: roll_back(folder, "b"), {"c", "b"}, "b"),
    "roll back further": (rolled_back, lambda folder: roll_back(folder, "b"), {"a", "b"}, "b"),
    "roll forward": (rolled_back, lambda folder: roll_back(folder, "c"), {"a", "c"}, "c"),
}


@pytest.mark.parametrize(
    ("case", "links"),
    [*((case, True) for case in CASES), *((case, False) for case in ("next", "acknowledged", "roll back"))],
)
def test_whatever_the_moment_of_a_kill_the_published_file_is_whole_and_the_next_run_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, links: bool
) -> None:
    if not links:
        monkeypatch.setattr("os.link", no_link)
    begin, work, allowed, end = CASES[case]
    for step in count():
        folder = tmp_path / str(step)
        folder.mkdir()
        begin(folder)
        (folder / "gongkai.duckdb.wal").write_text("of a writer that was killed")
        died = killed_before(step, lambda folder=folder: work(folder))  # type: ignore[misc]
        if (folder / "gongkai.duckdb").exists():
            assert content(folder) in allowed
        else:
            assert None in allowed
        if died and step % 2:  # healing can be killed as well
            killed_before(step // 2, lambda folder=folder: releases.heal(folder))  # type: ignore[misc]
        releases.heal(folder)
        (folder / "gongkai.duckdb.wal").unlink(missing_ok=True)
        assert files(folder) == expected_files(folder)
        now = releases.published(folder)
        assert (now.inputs["content"] if now else None) in allowed
        assert now is None or content(folder) == now.inputs["content"]
        if not died:
            assert content(folder) == end
            assert step > 5
            return


def no_link(*_: object) -> None:
    raise PermissionError(1, "this file system has no links")


def test_the_last_ones_are_kept_and_ids_rise(tmp_path: Path) -> None:
    for text in "abcde":
        publish(tmp_path, text)
    assert kept(tmp_path) == ["c", "d", "e"]
    ids = [one.release_id for one in releases.releases(tmp_path)]
    assert ids == sorted(set(ids))
    assert files(tmp_path) == expected_files(tmp_path)


def test_a_rollback_stands_until_something_is_published(tmp_path: Path) -> None:
    three(tmp_path)
    roll_back(tmp_path, "b")
    assert content(tmp_path) == "b"
    pin = releases.pinned(tmp_path)
    assert pin is not None
    assert str(pin).startswith(f"rolled back to {releases.releases(tmp_path)[1].release_id} on 2")
    roll_back(tmp_path, "a")
    assert content(tmp_path) == "a"
    roll_back(tmp_path, "c")
    assert (content(tmp_path), releases.pinned(tmp_path)) == ("c", None)
    roll_back(tmp_path, "a")
    publish(tmp_path, "d")
    assert (content(tmp_path), releases.pinned(tmp_path)) == ("d", None)
    assert files(tmp_path) == expected_files(tmp_path)


def test_a_published_file_that_is_gone_or_was_written_to_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.link", no_link)  # with a link the kept file would be the same one
    three(tmp_path)
    for harm in (Path.unlink, lambda path: path.write_text("?")):
        harm(tmp_path / "gongkai.duckdb")
        releases.heal(tmp_path)
        assert content(tmp_path) == "c"


def test_a_file_that_was_only_touched_is_still_the_release(tmp_path: Path) -> None:
    three(tmp_path)
    now = releases.published(tmp_path)
    assert now is not None
    (tmp_path / "gongkai.duckdb").touch()
    assert releases.is_intact(tmp_path / "gongkai.duckdb", now)
    (tmp_path / "gongkai.duckdb").write_text("z")
    assert not releases.is_intact(tmp_path / "gongkai.duckdb", now)


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    three(tmp_path)
    record = tmp_path / "releases" / f"{releases.releases(tmp_path)[0].release_id}.json"
    record.write_text('{"release_id": 1}')
    with pytest.raises(releases.ReleaseError, match=record.name):
        releases.heal(tmp_path)


def test_a_fingerprint_knows_size_time_and_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("abc")
    assert releases.fingerprint(path) == Fingerprint(
        byte_size=3,
        mtime_ns=path.stat().st_mtime_ns,
        sha256="ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    )
