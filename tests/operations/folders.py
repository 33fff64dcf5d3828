"""Folders of documents for the nights of these tests: small ones, and such that the process pool starts.

Belongs here: writing documents. Does not belong here: what a test expects of them.
"""

import shutil
from pathlib import Path

from tests.commands import SEEDS

_ABOVE = 400_000
"""Three documents of so many bytes are read by other processes."""


def first_night(raw: Path) -> Path:
    """Write three reports, a duplicate and what is no report."""
    raw.mkdir(parents=True)
    for place, name in enumerate(("kept.txt", "changed.txt", "deleted.txt")):
        shutil.copy(SEEDS[place], raw / name)
    shutil.copy(SEEDS[0], raw / "same.txt")
    (raw / "notice.txt").write_text("会议通知\n\n请各科室于周五下午三点开会。\n", encoding="utf-8")
    return raw


def second_night(raw: Path) -> None:
    """Change such a folder: a report more, one changed, one gone."""
    shutil.copy(SEEDS[3], raw / "added.txt")
    text = SEEDS[1].read_text(encoding="utf-8")
    (raw / "changed.txt").write_text(
        text.replace("2021年1月5日", "2021年3月8日").replace("30710", "30711"), encoding="utf-8"
    )
    (raw / "deleted.txt").unlink()


def heavy(raw: Path) -> Path:
    """Write five reports of which each takes little to read and much room: other processes read them."""
    raw.mkdir(parents=True)
    for path in SEEDS:
        text = path.read_text(encoding="utf-8")
        (raw / path.name).write_text(text + "\n" * _ABOVE, encoding="utf-8")
    return raw
