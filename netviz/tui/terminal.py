"""What the terminal is like, asked before the screen starts: its colours, and whether lines are drawn one cell wide.

Some terminals, set up for Korean, draw `─` two cells wide, which tears every frame apart. The cursor's position after
one such sign tells (it is asked by CSI 6n); those get signs of one cell.
"""

import os
import re
import select
import sys
import time
from typing import Final

_ANSWER: Final = re.compile(rb"\x1b\[\d+;(\d+)R")
_PATIENCE: Final = 0.2
"""Seconds to wait for an answer; a terminal that gives none is taken to be an ordinary one."""


def draws_ascii(choice: str = "auto") -> bool:
    """Whether to draw with ASCII signs: as the user chose, `auto` being where the terminal would tear the others."""
    return choice == "ascii" or (choice == "auto" and draws_lines_wide())


def draws_lines_wide() -> bool:
    """Whether the terminal draws signs of ambiguous width in two cells."""
    try:
        import termios
        import tty
    except ImportError:
        return False
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    file = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(file)
    except termios.error:
        return False
    try:
        tty.setcbreak(file)
        os.write(sys.stdout.fileno(), "\r─\x1b[6n".encode())
        column = _answer(file)
        os.write(sys.stdout.fileno(), b"\r    \r")
    except OSError:
        return False
    finally:
        termios.tcsetattr(file, termios.TCSANOW, before)
    return column is not None and column > 2


def _answer(file: int) -> int | None:
    heard, until = b"", time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if select.select([file], [], [], 0.02)[0]:
            heard += os.read(file, 64)
            match = _ANSWER.search(heard)
            if match:
                return int(match.group(1))
    return None


def has_sixteen_colours(color_system: str | None) -> bool:
    """Whether the toolkit found a terminal that knows the sixteen standard colours only."""
    return color_system == "standard"
