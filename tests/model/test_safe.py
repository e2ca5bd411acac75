"""Whatever a packet wrote, what comes out is visible characters only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.model.safe import safe


@given(st.text() | st.binary())
def test_nothing_invisible_comes_through(text: str | bytes) -> None:
    assert safe(text).isprintable()


@given(st.text(min_size=1), st.integers(1, 50))
def test_length_is_bounded_before_signs_are_written_out(text: str, limit: int) -> None:
    assert len(safe(text, limit)) <= limit * len("\\U0010ffff")


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("한글 경로", "한글 경로"),
        ("a\x1b[31mb", "a␛[31mb"),
        ("\x00\x07\x7f", "␀␇␡"),
        ("\x9b31m", "\\x9b31m"),
        ("a\u202eb", "a\\u202eb"),
        ("\u200b", "\\u200b"),
        ("[/b]", "[/b]"),
        (b"\xff\xfeok", "\\xff\\xfeok"),
    ],
)
def test_signs(given_text: str | bytes, shown: str) -> None:
    assert safe(given_text) == shown


def test_plain_text_is_left_alone_and_long_text_says_so() -> None:
    assert safe("x" * 10, 10) == "x" * 10
    assert safe("x" * 11, 10) == "x" * 9 + "…"
