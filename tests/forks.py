"""Real processes that start at once: forked from one that has imported everything and has run nothing.

An ingest started by the console script spends two seconds on imports; a hundred of them would spend minutes.
The process that forks has run no frame and no query, so that no thread pool is cut off by the fork.
Its processes do not wait a second for files to come to rest: what a test wrote, it has written.

Belongs here: starting, ending and awaiting such processes. Does not belong here: what they do.
"""

import atexit
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, NoReturn

_LONGEST = 200.0
_CHANGING = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "os.utime"}


class Forks:
    """The process that forks; `start` runs a module's function in a new process."""

    def __init__(self, server: "subprocess.Popen[str]", folder: Path) -> None:
        self._server = server
        self._folder = folder
        self._started = 0

    def start(self, function: str, *arguments: str, env: Mapping[str, str] | None = None) -> "Child":
        """Start `package.module:function` with texts as arguments; what it prints goes to two files.

        It has the environment of this process, with `env` besides, and its working directory.
        """
        self._started += 1
        output, errors = (self._folder / f"{self._started:04}.{kind}" for kind in ("out", "err"))
        for path in (output, errors):
            path.touch()  # the process may not have come to open it when somebody looks
        place = {"env": {**os.environ, **(env or {})}, "cwd": str(Path.cwd())}
        pid = self.ask("start", function, list(arguments), place, [str(output), str(errors)])
        return Child(self, int(pid), output, errors)

    def gongkai(self, *arguments: str | Path, env: Mapping[str, str] | None = None) -> "Child":
        """Start the console script with arguments."""
        return self.start("tests.forks:console_script", *map(str, arguments), env=env)

    def ask(self, *request: object) -> str:
        """Return the server's answer to a request."""
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return self._server.stdout.readline().strip()


class Child(NamedTuple):
    """A process that was started: its id, and the files that it prints to."""

    forks: Forks
    pid: int
    output: Path
    errors: Path

    def code(self) -> int | None:
        """Return the exit code, negative for a signal; None while it runs."""
        answer = self.forks.ask("poll", self.pid)
        return int(answer) if answer else None

    def kill(self) -> None:
        """End the process at once, as a power cut of its own."""
        os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Return the exit code when the process has ended."""
        until = time.monotonic() + _LONGEST
        while (code := self.code()) is None:
            assert time.monotonic() < until, f"{self.pid} doesn't end:\n{self.printed()}"
            time.sleep(0.01)
        return code

    def printed(self) -> str:
        """Return what the process has printed: its output, then its errors."""
        return "".join(path.read_text(encoding="utf-8") for path in (self.output, self.errors))


@contextmanager
def forks(folder: Path) -> Iterator[Forks]:
    """Give a process that forks; outputs go to `folder`. What it started and still runs ends with it."""
    folder.mkdir(parents=True, exist_ok=True)
    # Root may read what it may not; who runs the command may not.
    rights = "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"
    before = ["setpriv", *rights] if os.geteuid() == 0 else []
    command = [*before, sys.executable, "-m", "tests.forks"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield Forks(server, folder)
        assert server.stdin
        server.stdin.close()
        server.wait(30)


def console_script(*arguments: str) -> None:
    """Run `gongkai` with arguments."""
    from assets.cli import main  # noqa: PLC0415 - the server alone imports all of it

    sys.argv = ["gongkai", *arguments]
    main()


def killed_at(step: str, folder: str, *arguments: str) -> None:
    """Run `gongkai` and end at once before its `step`-th change of a file in `folder`, counted from 1.

    What Python itself changes counts, as renaming into place; polars and DuckDB write on their own.
    A run that ends by itself prints how many changes it made.
    """
    made = 0

    def watch(event: str, details: tuple[object, ...]) -> None:
        nonlocal made
        if not _changes(event, details, folder):
            return
        made += 1
        if made == int(step):
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    try:
        console_script(*arguments)
    finally:
        print(f"changes: {made}")


def vanishing(path: str, times: str, *arguments: str) -> None:
    """Run `gongkai`; a file is removed just before it is opened for the time named, counted from 1."""
    opened = 0

    def watch(event: str, details: tuple[object, ...]) -> None:
        nonlocal opened
        if event == "open" and str(details[0]) == path:
            opened += 1
            if opened == int(times):
                os.unlink(path)  # noqa: PTH108 - Path would open the way to further events

    sys.addaudithook(watch)
    console_script(*arguments)


def _changes(event: str, details: tuple[object, ...], folder: str) -> bool:
    """Return whether an event of Python's audit hooks changes a file or folder below `folder`."""
    if event == "open" and not (isinstance(details[2], int) and details[2] & (os.O_WRONLY | os.O_RDWR)):
        return False
    return event in _CHANGING and any(str(detail).startswith(folder) for detail in details)


# --- the server ---


def serve() -> Callable[[], object] | None:
    """Answer requests until the input ends, then end what still runs.

    In a process that was forked, return at once with its work.
    """
    _prepare()
    running: set[int] = set()
    for line in sys.stdin:
        kind, *rest = json.loads(line)
        if kind == "poll":
            print(_poll(rest[0], running), flush=True)
            continue
        pid = os.fork()
        if not pid:
            return _work(*rest)
        running.add(pid)
        print(pid, flush=True)
    for pid in running:
        os.kill(pid, signal.SIGKILL)
    return None


def _prepare() -> None:
    """Import all that an ingest needs, load the job, and dictionary and lookups by reading a report."""
    for module in (
        "assets.job",
        "assets.query",
        "dagster._core.execution.execute_in_process",
        "pandera.backends.polars.container",
        "pandera.strategies.base_strategies",
        "upath.implementations.local",
    ):
        importlib.import_module(module)
    from dagster import DagsterInstance  # noqa: PLC0415 - the server alone imports it

    from assets.definitions import defs  # noqa: PLC0415 - as above
    from pipeline.documents import open_document  # noqa: PLC0415 - as above
    from pipeline.frames.dimensions import region_rows  # noqa: PLC0415 - as above
    from pipeline.frames.reports import report_of  # noqa: PLC0415 - as above
    from pipeline.narrative import terms  # noqa: PLC0415 - as above
    from pipeline.reading import read  # noqa: PLC0415 - as above
    from tests.commands import SEEDS  # noqa: PLC0415 - as above

    with TemporaryDirectory() as folder, DagsterInstance.ephemeral(folder):
        defs.resolve_job_def("ingest")
    region_rows()
    stream = open_document(SEEDS[0].read_bytes())
    report_of(read(stream), stream, "d")
    terms("政府信息公开")
    vars(importlib.import_module("assets.intake"))["_REST_SECONDS"] = 0
    gc.freeze()  # what is imported is no garbage of any process that is forked


def _work(
    function: str, arguments: list[str], place: dict[str, Any], files: list[str]
) -> Callable[[], object]:
    module, _, name = function.partition(":")
    for number, file in enumerate(files, 1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(place["env"])
    os.chdir(place["cwd"])
    return partial(getattr(importlib.import_module(module), name), *arguments)


def _poll(pid: int, running: set[int]) -> str:
    ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        return ""
    running.remove(pid)
    return str(os.waitstatus_to_exitcode(status))


def _exit(work: Callable[[], object]) -> NoReturn:
    """Do the work and end as a Python program ends, but for C++ libraries: their threads weren't forked."""
    try:
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - printed as Python does at the end of a program
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    forked = serve()
    if forked:
        _exit(forked)
