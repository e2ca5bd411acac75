"""Ways out of the screen that are no key of its own: a signal, Ctrl-C, Ctrl-Z and back, and a kill that nobody hears.

A signal ends the screen as its own key would, so that what was captured is finished and kept. Against SIGKILL a small
shell stands by: it puts the terminal back when the pipe to it breaks. Knows no capture.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType

from netviz.explain.words import Language, say

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LEAVE: Final = (
    r"\033[?2004l\033[?7h\033[?2048l\033[?1000l\033[?1003l\033[?1015l\033[?1006l"
    r"\033[<u\033[?1049l\033[?25h\033[?1004l\033[0m"
)
"""Paste, wrapping, size and mouse reports, keyboard protocol, alternate screen, cursor, focus reports, colours."""

_GUARD: Final = """
saved=$(stty -g <&2) || exit 1
echo ready
read -r line && exit 0
stty "$saved" <&2
printf '%b%s\\r\\n' "$1" "$2" >&2
"""
"""Its standard input is the pipe, its standard error the terminal. A line that comes says that all is well."""

_PATIENCE: Final = 2.0


class Leaving(App[int]):
    """An application that a signal ends in good order, and that can be suspended."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend", show=False, priority=True),
        Binding("ctrl+c", "quit", show=False, priority=True),
    ]
    ended_by: str = ""
    """The signal that ended it."""

    async def on_mount(self) -> None:
        """Hear signals from here on."""
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in _SIGNALS:
                loop.add_signal_handler(number, self._end, number)

    def _end(self, number: signal.Signals) -> None:
        self.ended_by = number.name
        self.exit(0)

    def action_suspend(self) -> None:
        """Stop, and let the shell go on; with everything that was started with us, or the shell would still wait."""
        if self._driver is not None and self._driver.can_suspend:
            os.killpg(os.getpgrp(), signal.SIGTSTP)


def tell_end(app: Leaving, language: Language) -> None:
    """Say what ended the screen, where it was not the user."""
    if app.ended_by:
        with suppress(OSError):
            print(say("screen.ended-by", language, name=app.ended_by), file=sys.stderr, flush=True)


@contextmanager
def terminal_kept(language: Language) -> Iterator[None]:
    """The terminal is put back even if this process is killed during the block; where there is one, and a shell."""
    guard = _guard(say("screen.killed", language))
    try:
        yield
    finally:
        if guard is not None and guard.stdin is not None:
            with suppress(OSError):
                guard.stdin.write("done\n")
                guard.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                guard.wait(timeout=_PATIENCE)


def _guard(words: str) -> "subprocess.Popen[str] | None":
    terminal = sys.__stderr__
    if terminal is None or not terminal.isatty():
        return None
    try:
        # In a session of its own: no signal from the terminal's keys reaches it.
        guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", _LEAVE, words],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=terminal.fileno(), text=True, start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None
    assert guard.stdout is not None
    guard.stdout.readline()
    return guard
