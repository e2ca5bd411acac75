"""What the terminal is taken to be like, from its environment."""

import pytest

from netviz.tui.terminal import wants_rest


@pytest.mark.parametrize(
    ("environment", "rest"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "linux"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}, True),
        ({"TEXTUAL_ANIMATIONS": "none"}, True),
        ({}, False),
    ],
)
def test_nothing_moves_where_it_would_disturb(environment, rest):
    assert wants_rest(environment) is rest
