"""Keys typed through a real terminal: what is searched, marked and copied comes out as it should, and nothing else."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from netviz.cli.shipped import shipped

_PATIENCE = 60


class Terminal:
    """tmux as it is when nobody has set it up, with a program in it."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._tmux = ["tmux", "-f", "/dev/null", "-L", f"netviz-keys-{os.getpid()}"]
        places = ["-e", f"XDG_STATE_HOME={folder}", "-e", f"XDG_CONFIG_HOME={folder}", "-e", "LANG=C.UTF-8"]
        self.run("new-session", "-d", "-x", "120", "-y", "40", *places, *command)

    def run(self, *arguments: str) -> str:
        done = subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True, timeout=20)
        return done.stdout

    def type(self, *keys: str) -> None:
        for key in keys:
            self.run("send-keys", key)

    def shows(self, wanted: Callable[[str], object]) -> str:
        """The screen, as soon as it is as wanted."""
        ends = time.monotonic() + _PATIENCE
        while not wanted(screen := self.run("capture-pane", "-p")):
            assert time.monotonic() < ends, screen
        return screen

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """The demonstration at its fifth packet."""
    if shutil.which("tmux") is None:
        pytest.skip("not installed: tmux")
    place = f"{shipped('demo.pcapng')}#5"
    found = Terminal(tmp_path, sys.executable, "-m", "netviz", place, "--lang", "en", "--theme", "dark")
    yield found
    found.close()


def test_find_mark_copy_and_filter(terminal: Terminal) -> None:
    terminal.shows(lambda screen: "0.006671" in screen and "dst MAC" in screen)
    terminal.type("f")
    terminal.shows(lambda screen: "Bodies" in screen)
    terminal.type("cookie", "Tab", "Tab", "Tab", "Tab")
    terminal.shows(lambda screen: "Text in the bytes" in screen and "cookie" in screen)
    terminal.type("Enter")
    terminal.shows(lambda screen: "1 of 3 packets" in screen)
    terminal.type("n")
    terminal.shows(lambda screen: "2 of 3 packets" in screen)
    terminal.type("M")
    terminal.shows(lambda screen: "is marked (1 in all)" in screen)
    terminal.type("y")
    offered = terminal.shows(lambda screen: "Command that opens it" in screen)
    number = next(line.split("This place")[0].split()[-1] for line in offered.splitlines() if "This place" in line)
    terminal.type(number)
    terminal.shows(lambda screen: "Copied: This place: demo.pcapng#" in screen)
    assert terminal.run("show-buffer").startswith("demo.pcapng#")
    terminal.type("i")
    terminal.shows(lambda screen: "This connection" in screen)
    terminal.type("1")
    terminal.shows(lambda screen: "only this" in screen)
    terminal.type("1")
    terminal.shows(lambda screen: "connection == " in screen and "others hidden" in screen)
