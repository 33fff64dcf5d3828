"""Ends work on files at any moment, as SIGKILL does, but in this process and at a moment that is chosen.

Belongs here: counting the steps that touch the disk and stopping before one of them. Nothing after it touches
the disk either: clean-up that a killed process would not get to do is not done.
"""

import sys
from collections.abc import Callable

_TOUCHES = {"open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}


class Killed(BaseException):
    """The end of the work; not an Exception, so nobody handles it."""


class _Moment:
    """When to end: before this many further steps; None: never."""

    left: int | None = None


def killed_before(step: int, work: Callable[[], object]) -> bool:
    """Do the work up to its `step`-th touch of the disk (from 0); return whether it ended there."""
    if _watch not in _watching:
        sys.addaudithook(_watch)
        _watching.append(_watch)
    _Moment.left = step
    try:
        work()
    except Killed:
        return True
    finally:
        _Moment.left = None
    return False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    del arguments
    if _Moment.left is None or event not in _TOUCHES:
        return
    if _Moment.left <= 0:
        raise Killed
    _Moment.left -= 1


_watching: list[Callable[[str, tuple[object, ...]], None]] = []
