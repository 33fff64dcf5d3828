"""Work spread over processes, so that two cores are used and one bad document harms only itself.

Belongs here: batches, processes and what to do when one of them dies. Does not belong
here: what the work is.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from threading import Thread
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# Fewer bytes than this are done sooner here than a new process is up (about 2 s of imports).
_SMALL = 1_000_000
_WORKERS = os.cpu_count() or 1
_BATCH = 50
_BATCH_BYTES = 4_000_000
_OBJECTS = 50_000  # made, and not freed, before cycles are looked for


def batches(tasks: Sequence[Task], size: Callable[[Task], int]) -> list[list[Task]]:
    """Return tasks in batches of at most 50 and about 4 MB of documents."""
    made: list[list[Task]] = []
    room = 0
    for task in tasks:
        if not made or len(made[-1]) == _BATCH or size(task) > room:
            made.append([])
            room = _BATCH_BYTES
        made[-1].append(task)
        room -= size(task)
    return made


def run(
    work: Callable[[list[Task]], Result], tasks: Sequence[Task], size: Callable[[Task], int]
) -> Iterator[tuple[list[Task], Result | None]]:
    """Yield each batch with its result, in order; None for a task whose process died.

    `work` must be a module's own function: other processes import it.
    """
    todo = batches(tasks, size)
    if sum(map(size, tasks)) < _SMALL and not _processes.cache_info().currsize:
        yield from ((batch, work(batch)) for batch in todo)
        return
    while todo:
        try:
            for result in _processes().map(work, todo.copy()):
                yield todo.pop(0), result
        except BrokenProcessPool:
            _processes.cache_clear()
            for _ in range(min(_WORKERS, len(todo))):
                yield from _apart(work, todo.pop(0))


def end() -> None:
    """End the processes: the steps that need none may have their memory."""
    if _processes.cache_info().currsize:
        _processes().shutdown()
        _processes.cache_clear()


@cache
def _processes() -> ProcessPoolExecutor:
    """Return the processes that the reading steps of a run share; they end with it at the latest."""
    return _pool(_WORKERS)


def _apart(
    work: Callable[[list[Task]], Result], batch: list[Task]
) -> Iterator[tuple[list[Task], Result | None]]:
    """Do a batch that may hold the task that killed a process, in halves until that one is alone."""
    try:
        with _pool(1) as pool:
            yield batch, pool.submit(work, batch).result()
    except BrokenProcessPool:
        if len(batch) == 1:
            yield batch, None
            return
        middle = len(batch) // 2
        yield from _apart(work, batch[:middle])
        yield from _apart(work, batch[middle:])


def _pool(workers: int) -> ProcessPoolExecutor:
    # spawn: polars keeps threads, and a forked copy of a process with threads can hang.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin)


def _begin() -> None:
    collect_seldom()
    _end_with_parent()


def collect_seldom() -> None:
    """Let this process look for garbage in cycles seldom.

    Reading a text makes no cycles, but remembers so much that looking for some takes a sixth of its time;
    what the readers of PDF and DOCX leave meanwhile are a few megabytes.
    """
    gc.set_threshold(_OBJECTS)


def _end_with_parent() -> None:
    """Let this process end when the one that started it has ended, in whatever way.

    A worker waits for work on a pipe that it holds open itself: it would outlive a killed parent
    for good. The parent's sentinel is ready at once where the parent has ended before this.
    """
    Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
