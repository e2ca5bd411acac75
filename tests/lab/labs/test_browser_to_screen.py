"""A click on the CORS lab's page in a real browser, and the verdict on a Korean screen of 80x24.

`-s` prints the milliseconds between the two; no test hangs on their number.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from netviz.lab.browser import chromium
from netviz.lab.here import HERE

pytestmark = pytest.mark.oracle

_PATIENCE = 30.0
_PORT = 20_000 + os.getpid() % 20_000
_LOCALHOST = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"


class Terminal:
    """A terminal of 80x24 with a program in it."""

    def __init__(self, *command: str) -> None:
        self._tmux = ["tmux", "-L", f"netviz-test-{os.getpid()}"]
        self._run("new-session", "-d", "-x", "80", "-y", "24", "-e", "LANG=C.UTF-8", *command)

    def _run(self, *arguments: str) -> str:
        done = subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True, timeout=10)
        return done.stdout

    def press(self, key: str) -> None:
        self._run("send-keys", key)

    def shows(self, wanted: Callable[[str], object]) -> str:
        """The screen, as soon as it is as wanted."""
        ends = time.monotonic() + _PATIENCE
        while not wanted(screen := self._run("capture-pane", "-p")):
            assert time.monotonic() < ends, screen
        return screen

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def lab() -> Iterator[Terminal]:
    """The CORS lab, its card on the screen."""
    if os.geteuid() != 0:
        pytest.skip("needs root to capture on loopback")
    if missing := [program for program in ("tmux", "chromium") if shutil.which(program) is None]:
        pytest.skip(f"not installed: {', '.join(missing)}")
    command = (sys.executable, "-m", "netviz", "lab", "cors", "--lang", "ko", "--port", str(_PORT))
    terminal = Terminal(*command)
    yield terminal
    terminal.close()


def test_a_click_is_judged_on_the_screen(lab: Terminal) -> None:
    card = lab.shows(lambda screen: "Enter" in screen)
    found = re.search(r"http://localhost:\d+/", card)
    assert found is not None
    lab.press("Enter")
    lab.shows(lambda screen: "1 패킷" in screen)
    lab.press("5")
    lab.shows(lambda screen: "URL" in screen)
    with chromium(HERE, (_LOCALHOST,)) as browser:
        browser.load(found.group())
        browser.evaluate("window.ready")
        for number, (case, verdict) in enumerate((("preflight-allowed", "허용"), ("preflight-header", "차단")), 1):
            browser.evaluate(f"choose('{case}')")
            clicked = time.monotonic()
            browser.evaluate("document.getElementById('do-put').click()")
            row = re.compile(rf"(?m)^ +{number} . {verdict} +PUT +사전 요청")
            lab.shows(row.search)
            print(f"{case}: {(time.monotonic() - clicked) * 1000:.0f} ms from click to verdict")
        read = browser.evaluate("[...document.querySelectorAll('#results b')].map((each) => each.textContent)")
    assert [each[0] for each in read if each[0] in "✓✗"] == ["✗", "✓"]
