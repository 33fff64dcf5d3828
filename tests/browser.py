"""A headless Chromium for tests that look at a page as a person would.

Belongs here: starting and stopping Debian's browser, and the few things a test asks of it (open, wait, read,
picture). Does not belong here: what a page ought to say; that is the test's business.

It speaks the DevTools protocol itself, so no driver and no downloaded browser are needed. Pages on this
machine load and every other name fails to resolve: a page that needs the network shows it.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",  # root has no user namespace to build the sandbox in
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers give /dev/shm 64 MB, too little for a large page
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--remote-debugging-port=0",  # it chooses a free port and writes it into its profile
    "--lang=en-US",
)
START_SECONDS = 30.0
CALL_SECONDS = 30.0
POLL_SECONDS = 0.1


class BrowserError(Exception):
    """The browser is absent, did not start, or a page did not do what was waited for."""


def find_chromium() -> str:
    """Return the path of an installed Chromium; BrowserError says how to install one."""
    for program in PROGRAMS:
        path = shutil.which(program)
        if path:
            return path
    raise BrowserError("No Chromium here. On Debian: apt-get install chromium fonts-noto-cjk")


class Browser:
    """One Chromium with one page; a context manager that leaves no process and no profile behind.

    `width` and `height` are the window's, in CSS pixels.
    """

    def __init__(self, width: int = 1400, height: int = 900) -> None:
        self._program = find_chromium()
        self._window = f"--window-size={width},{height}"
        self._stack = ExitStack()
        self._socket: ClientConnection | None = None
        self._calls = 0

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self, url: str) -> None:
        """Go to `url`; BrowserError when nothing answers there."""
        failure = self._call("Page.navigate", url=url).get("errorText")
        if failure:
            raise BrowserError(f"{url} did not load: {failure}")

    def wait_for(self, *texts: str, gone: tuple[str, ...] = (), seconds: float = 30.0) -> str:
        """Wait until the page shows every one of `texts` and none of `gone`; return its text.

        BrowserError after `seconds`, with what is wrong and what the page says.
        """
        deadline = time.monotonic() + seconds
        while True:
            shown = self.text()
            absent = [text for text in texts if text not in shown]
            lasting = [text for text in gone if text in shown]
            if not absent and not lasting:
                return shown
            if time.monotonic() > deadline:
                raise BrowserError(
                    f"after {seconds:.0f} s not shown: {absent}, still shown: {lasting}; "
                    f"the page says: {shown[:2000]!r}"
                )
            time.sleep(POLL_SECONDS)

    def text(self) -> str:
        """Return the text a reader of the page sees, lines as laid out."""
        return str(self.evaluate("document.body ? document.body.innerText : ''"))

    def html(self) -> str:
        """Return the document as it stands after its scripts ran."""
        return str(self.evaluate("document.documentElement.outerHTML"))

    def evaluate(self, expression: str) -> Any:
        """Return the JSON value of a JavaScript expression (a promise is awaited), or raise BrowserError."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise BrowserError(f"{expression!r}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def screenshot(self, path: Path) -> Path:
        """Write what the window shows to `path` as PNG, and return it."""
        path.write_bytes(base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"]))
        return path

    def close(self) -> None:
        """Stop the browser with every process it started, and remove its profile. May be called twice."""
        self._socket = None
        self._stack.close()

    def _start(self) -> None:
        profile = self._stack.enter_context(
            # The last of its processes may still write while it is removed.
            tempfile.TemporaryDirectory(prefix="gongkai-chromium-", ignore_cleanup_errors=True)
        )
        command = [self._program, *FLAGS, self._window, f"--user-data-dir={profile}", "about:blank"]
        # A group of its own, so that its children are stopped with it.
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self._stack.callback(stop_group, process)
        address = page_address(process, Path(profile) / "DevToolsActivePort")
        self._socket = self._stack.enter_context(
            connect(address, open_timeout=CALL_SECONDS, max_size=None, compression=None, proxy=None)
        )

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a DevTools method and return its result; events that arrive before the answer are dropped."""
        if self._socket is None:
            raise BrowserError("the browser is not running: use it as a context manager")
        self._calls += 1
        self._socket.send(json.dumps({"id": self._calls, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=CALL_SECONDS))
            if message.get("id") == self._calls:
                if "error" in message:
                    raise BrowserError(f"{method}: {message['error']}")
                return dict(message["result"])


def page_address(process: subprocess.Popen[bytes], port_file: Path) -> str:
    """Return the DevTools address of the first page, once the browser wrote its port into `port_file`."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BrowserError("Chromium ended at once; try it by hand with --headless --no-sandbox")
        words = port_file.read_text().split() if port_file.exists() else []
        pages = list_pages(int(words[0])) if words else []
        if pages:
            return pages[0]
        time.sleep(POLL_SECONDS)
    raise BrowserError(f"Chromium opened no page within {START_SECONDS:.0f} s")


def list_pages(port: int) -> list[str]:
    """Return the DevTools addresses of the pages of the browser that listens on `port` of this machine."""
    # No proxy: the environment's must not come between two processes of one machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/json/list", timeout=CALL_SECONDS) as answer:
        targets = json.load(answer)
    return [target["webSocketDebuggerUrl"] for target in targets if target["type"] == "page"]


def stop_group(process: subprocess.Popen[bytes], seconds: float = 10.0) -> None:
    """End a process that was started in a session of its own, and all of its children; wait for it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
