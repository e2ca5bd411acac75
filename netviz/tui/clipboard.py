"""Text for the clipboard: made harmless, cut to a bound, and as the sequence (OSC 52) that a terminal takes it from.

What a packet wrote may be pasted into a shell: control characters become visible signs, and only line ends that netviz
itself set are kept. The sequence holds base64 and nothing else. Knows no widget and no packet.
"""

import base64
import shutil
import subprocess
from collections.abc import Mapping
from typing import Final, NamedTuple

from netviz.model.limits import DEFAULT_LIMITS
from netviz.model.safe import safe

_ESCAPE: Final = "\x1b"
_PATIENCE: Final = 2.0
"""Seconds that tmux is waited for."""


class Clip(NamedTuple):
    """What goes to the clipboard."""

    text: str
    cut: bool
    """Whether it was longer than a terminal takes."""


def clipping(text: str, most: int = DEFAULT_LIMITS.clipboard_bytes) -> Clip:
    """Text as it may leave for the clipboard: each line through `safe`, of `most` bytes in UTF-8 at most."""
    clear = "\n".join(safe(line, most) for line in text[:most].split("\n"))
    octets = clear.encode("utf-8")
    cut = len(octets) > most or len(text) > most
    return Clip(octets[:most].decode("utf-8", "ignore"), cut)


def sequence(text: str) -> str:
    """OSC 52 for a text (xterm's control sequences: `52 ; c ; base64`)."""
    return f"{_ESCAPE}]52;c;{base64.b64encode(text.encode('utf-8')).decode('ascii')}\a"


def through_tmux(control: str) -> str:
    """A sequence wrapped so that tmux hands it to the terminal around it (its option `allow-passthrough`)."""
    return f"{_ESCAPE}Ptmux;{control.replace(_ESCAPE, 2 * _ESCAPE)}{_ESCAPE}\\"


def sequences(text: str, environment: Mapping[str, str]) -> str:
    """What is written to the terminal: OSC 52, and where tmux may stand in between, the same once more for behind it."""
    control = sequence(text)
    inside = "TMUX" in environment or environment.get("TERM", "").startswith(("tmux", "screen"))
    return control + through_tmux(control) if inside else control


def given_to_tmux(text: str, environment: Mapping[str, str]) -> bool:
    """Give the text to the tmux that we run in, whose own setting `set-clipboard` then says whether the terminal gets it.

    As tmux is set up at first, it takes no clipboard from what runs in it; its own buffers go to the terminal.
    """
    program = shutil.which("tmux") if environment.get("TMUX") else None
    if program is None:
        return False
    try:
        done = subprocess.run(
            [program, "load-buffer", "-w", "-"],
            input=text.encode("utf-8"),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0
