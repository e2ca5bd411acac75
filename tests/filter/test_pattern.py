"""Regular expressions find what Python's own find, and no pattern takes long."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.filter.pattern import BadPattern, Pattern

PATTERNS = [
    "", "a", "^a", "b$", "a|bc", "(ab)+", "(a|b)*c", "a{2,3}b", "(a{1,2}){2}", "[^a-b]c", r"\ba", r"\Bb", r"\d+\s\w*$", "a.c",
    "a*b*c*", "^$", "(?:ab|a)(bc)?$", "(a+)+b", "x?y??z",
]  # fmt: skip


@given(st.sampled_from(PATTERNS), st.text("abcxyz1 .\n", max_size=12))
def test_the_same_is_found(pattern: str, text: str) -> None:
    octets = text.encode()
    wanted = re.search(pattern.replace("$", r"\Z").encode(), octets, re.IGNORECASE)
    assert Pattern(pattern).found_in(octets) == (wanted is not None)


def test_the_end_is_the_end() -> None:
    assert Pattern("b$").found_in(b"ab")
    assert not Pattern("b$").found_in(b"b\n")


def test_letters_match_without_case() -> None:
    assert Pattern("get|POST").found_in(b"xGeT")
    assert Pattern("[a-c]+(d|e)").found_in(b"ABCD")


def test_a_pattern_that_python_would_not_finish_is_one_run() -> None:
    assert not Pattern("(a+)+b").found_in(b"a" * 20_000)
    assert not Pattern("(a|a)*(a|a)*c").found_in(b"a" * 20_000)


@pytest.mark.parametrize("pattern", ["(", "a{5000}{5000}", "(?=a)b", r"(a)\1", "a" * 2000, "*"])
def test_what_can_not_be_bounded_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        Pattern(pattern)
