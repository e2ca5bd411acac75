"""The two buttons at the side of a mouse: back and forward, as in a browser.

Terminals report them as buttons 8 and 9 (xterm's control sequences: codes 128 and 129); the toolkit takes these for
the left and the middle one. Here they become the keys alt+left and alt+right.
"""

from typing import Final

from textual._xterm_parser import XTermParser
from textual.events import Key
from textual.message import Message

_SIDE: Final = 128
_KEYS: Final = {128: "alt+left", 129: "alt+right"}


class SideButtons(XTermParser):
    """The toolkit's parser of what a terminal sends, which also knows these buttons."""

    def parse_mouse_code(self, code: str) -> Message | None:
        """A mouse event; a key where a side button was pressed, nothing where it was let go."""
        match = self._re_sgr_mouse.match(code)
        if match is None or not int(match[1]) & _SIDE:
            return super().parse_mouse_code(code)
        key = _KEYS.get(int(match[1]) & ~0b11100)
        return Key(key, None) if key is not None and match[4] == "M" else None


def hear_side_buttons() -> None:
    """Let the toolkit's driver read with this parser, where there is such a driver."""
    try:
        from textual.drivers import linux_driver
    except ImportError:
        return
    linux_driver.XTermParser = SideButtons  # type: ignore[attr-defined]
