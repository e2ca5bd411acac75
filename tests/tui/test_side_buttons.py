"""The buttons at the side of a mouse."""

import pytest
from textual.events import Key, MouseDown

from netviz.tui.side_buttons import SideButtons


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("\x1b[<128;5;5M", "alt+left"),
        ("\x1b[<129;5;5M", "alt+right"),
        ("\x1b[<132;5;5M", "alt+left"),
        ("\x1b[<128;5;5m", None),
        ("\x1b[<130;5;5M", None),
    ],
)
def test_side_buttons_are_keys(code, key):
    found = SideButtons().parse_mouse_code(code)
    assert found is None if key is None else isinstance(found, Key) and found.key == key


def test_other_buttons_stay():
    assert isinstance(SideButtons().parse_mouse_code("\x1b[<0;5;5M"), MouseDown)
