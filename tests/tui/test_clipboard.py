"""What leaves for the clipboard: harmless, bounded, and in the one sequence that terminals take it from."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.tui.clipboard import Clip, clipping, given_to_tmux, sequence, sequences


@pytest.mark.parametrize(
    ("text", "clip"),
    [
        ("tcp.port == 80", Clip("tcp.port == 80", False)),
        ("a\x1b]52;c;ZXZpbA==\x07b", Clip("a␛]52;c;ZXZpbA==␇b", False)),
        ("rm -rf /\r", Clip("rm -rf /␍", False)),
        ("one\ntwo", Clip("one\ntwo", False)),
        ("a\u202eb", Clip("a\\u202eb", False)),
        ("\udcff", Clip("\\udcff", False)),
        ("한글" * 4, Clip("한글한", True)),
    ],
)
def test_a_clip_is_harmless_and_bounded(text, clip):
    assert clipping(text, 9 if "한" in text else 1000) == clip


@given(st.text(), st.integers(1, 50))
def test_whatever_is_copied_fits_and_holds_no_control(text, most):
    clip = clipping(text, most)
    assert len(clip.text.encode()) <= most
    assert all(line.isprintable() for line in clip.text.split("\n"))
    control = sequence(clip.text)
    assert re.fullmatch(r"\x1b\]52;c;[A-Za-z0-9+/=]*\a", control)
    assert base64.b64decode(control[7:-1]).decode() == clip.text


@pytest.mark.parametrize(
    ("environment", "wrapped"),
    [({"TERM": "xterm-256color"}, False), ({"TERM": "tmux-256color"}, True), ({"TMUX": "/tmp/x,1,0"}, True)],
)
def test_behind_tmux_the_sequence_is_sent_once_more_wrapped(environment, wrapped):
    sent = sequences("a", environment)
    plain = "\x1b]52;c;YQ==\a"
    assert sent == plain + ("\x1bPtmux;\x1b\x1b]52;c;YQ==\a\x1b\\" if wrapped else "")


def test_tmux_is_only_asked_from_within(tmp_path):
    assert not given_to_tmux("a", {"TERM": "xterm"})
    assert not given_to_tmux("a", {"TMUX": f"{tmp_path}/no-socket,1,0"})
