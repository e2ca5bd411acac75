"""Headless Chromium on a machine of the lab, driven through its DevTools pipe. Knows no capture and no CORS rule.

The pipe speaks JSON messages, each ended by a zero byte, on descriptors 3 (to the browser) and 4 (from it). What a
page's script could read, and the code with which the browser refused, come from the browser itself.
"""

import fcntl
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from netviz.lab.namespaces import Namespace
from netviz.lab.requirements import CannotRecord

Message = dict[str, Any]

_SWITCHED_OFF: Final = (
    "HttpsUpgrades",
    "OptimizationHints",
    "MediaRouter",
    "Translate",
    "NetworkTimeServiceQuerying",
    "LensOverlay",
    "IsolateSandboxedIframes",
)

FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--metrics-recording-only",
    "--disable-features=" + ",".join(_SWITCHED_OFF),
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.example",
)
"""The browser's own errands (updates, accounts) find no name, so that a capture holds only what a page asked for.
Sandboxed frames share the page's process, so that their loads are told in the page's session."""

_PATIENCE: Final = 40.0
_ENDING: Final = 5.0
_ABOVE_THE_PIPE: Final = 10


class Browser:
    """A running Chromium with one page."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._out = to_browser
        self._in = from_browser
        self._rest = b""
        self._last = 0
        self._session: str | None = None
        self.events: list[Message] = []
        """DevTools events, in the order of their coming."""

    def open_page(self) -> None:
        """A blank page whose network events are told."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Network.enable")
        self.ask("Page.enable")

    def ask(self, method: str, **parameters: object) -> Message:
        """Send one command and wait for its result. Raises: CannotRecord where Chromium refuses or is silent."""
        self._last += 1
        number = self._last
        message: Message = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        for answer in self._messages(time.monotonic() + _PATIENCE):
            if answer.get("id") == number:
                if "error" in answer:
                    raise CannotRecord("lab-command-failed", command=method, reason=answer["error"].get("message"))
                result: Message = answer["result"]
                return result
            self.events.append(answer)
        raise CannotRecord("lab-command-failed", command=method, reason="Chromium is silent")

    def visit(self, url: str) -> list[Message]:
        """Load a page and wait for what its script promises to tell in `window.told`: a list of objects."""
        self.ask("Page.navigate", url=url)
        self._wait_for("Page.loadEventFired")
        told = self.ask("Runtime.evaluate", expression="window.told", awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told or not isinstance(told["result"].get("value"), list):
            raise CannotRecord("lab-went-otherwise", what=f"the page at {url} told nothing: {told}")
        value: list[Message] = told["result"]["value"]
        self.take_news(0.5)
        return value

    @contextmanager
    def fresh_page(self) -> Iterator[None]:
        """A page in a browser context of its own (cookies, caches, connections) during the block; events begin anew."""
        before, self._session = self._session, None
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        self.events = []
        try:
            target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
            self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Network", "Page", "Audits", "Log"):
                self.ask(f"{domain}.enable")
            yield
        finally:
            self._session = None
            self.ask("Target.disposeBrowserContext", browserContextId=context)
            self._session = before

    def load(self, url: str) -> None:
        """Navigate to a page and wait until it has loaded."""
        self.ask("Page.navigate", url=url)
        self._wait_for("Page.loadEventFired")

    def evaluate(self, expression: str) -> Any:
        """The value that an expression's promise comes to in the page. Raises: CannotRecord where it is refused."""
        told = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise CannotRecord("lab-went-otherwise", what=f"a script of the page failed: {told['exceptionDetails']}")
        return told["result"].get("value")

    def quit(self) -> None:
        """Ask Chromium to end, as a user would, and wait until it has."""
        self._session = None
        with suppress(CannotRecord, OSError):
            self.ask("Browser.close")
            self.take_news(_ENDING)

    def _wait_for(self, event: str) -> None:
        if any(message.get("method") == event for message in self.events):
            return
        for message in self._messages(time.monotonic() + _PATIENCE):
            self.events.append(message)
            if message.get("method") == event:
                return
        raise CannotRecord("lab-went-otherwise", what=f"no {event}")

    def take_news(self, seconds: float) -> None:
        """Note the events that come within so many seconds."""
        self.events.extend(self._messages(time.monotonic() + seconds))

    def _messages(self, until: float) -> Iterator[Message]:
        """Messages as they come, until a moment or the end of the pipe."""
        while True:
            while b"\0" in self._rest:
                message, self._rest = self._rest.split(b"\0", 1)
                yield json.loads(message)
            patience = until - time.monotonic()
            if patience <= 0 or not select.select([self._in], [], [], patience)[0]:
                return
            came = os.read(self._in, 1 << 16)
            if not came:
                return
            self._rest += came


@contextmanager
def chromium(machine: Namespace, more_flags: Sequence[str] = ()) -> Iterator[Browser]:
    """A fresh Chromium, with a profile of its own, on the machine during the block; its page is still blank.

    A flag given twice counts as given last.
    """
    with tempfile.TemporaryDirectory(prefix="nvcap-chromium-", ignore_cleanup_errors=True) as profile:
        their_in, our_out = _pipe()
        our_in, their_out = _pipe()

        def place_pipe() -> None:
            os.dup2(their_in, 3)
            os.dup2(their_out, 4)

        command = machine.command("chromium", *FLAGS, *more_flags, f"--user-data-dir={profile}", "about:blank")
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=place_pipe, pass_fds=(3, 4), start_new_session=True,
        )  # fmt: skip
        os.close(their_in)
        os.close(their_out)
        browser = Browser(our_out, our_in)
        try:
            browser.open_page()
            yield browser
        finally:
            browser.quit()
            _end(process)
            os.close(our_out)
            os.close(our_in)


def _pipe() -> tuple[int, int]:
    """A pipe whose descriptors are none of those that the browser expects its own at."""
    ends = os.pipe()
    above = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _ABOVE_THE_PIPE) for end in ends)
    for end in ends:
        os.close(end)
    return above[0], above[1]


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Wait for Chromium to end; if it does not, end the process group that was started for it."""
    try:
        process.wait(timeout=_ENDING)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait(timeout=_ENDING)
