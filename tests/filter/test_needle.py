"""What is searched for finds itself in bytes and texts, and what can not be searched for is told by its column."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.filter.fault import FilterError
from netviz.filter.needle import Needle, Query


@pytest.mark.parametrize(
    ("query", "octets", "spans"),
    [
        (Query("text", "get"), b"GET x get", [(0, 3), (6, 9)]),
        (Query("text", "get", cased=True), b"GET x get", [(6, 9)]),
        (Query("text", "a.c"), b"abc a.c", [(4, 7)]),
        (Query("text", "a.c", True), b"abc a.c", [(0, 3), (4, 7)]),
        (Query("text", "x+", True), b"axxxb", [(1, 4)]),
        (Query("text", "(ab|cd)+$", True), b"ab abcd", [(3, 7)]),
        (Query("text", "[a-c]+", True, True), b"abCcab", [(0, 2), (3, 6)]),
        (Query("text", "x*", True), b"abc", []),
        (Query("text", r"\bid\b", True), b"id=1 side", [(0, 2)]),
        (Query("hex", "0d 0a"), b"a\r\nb\r\n", [(1, 3), (4, 6)]),
        (Query("hex", "DE:ad??ef"), b"\xde\xad\n\xef", [(0, 4)]),
        (Query("body", "한"), "글한글".encode(), [(3, 6)]),
    ],
)
def test_it_is_found_where_it_is(query, octets, spans):
    needle = Needle(query)
    assert needle.spans(octets) == spans
    assert needle.found_in(octets) == (bool(spans) or query.text == "x*")


def test_places_in_a_text_are_characters():
    assert Needle(Query("list", "b")).text_spans("한글 b") == [(3, 4)]


@pytest.mark.parametrize(
    ("query", "start"),
    [
        (Query("text", "ab(", True), 2),
        (Query("text", "한글[", True), 2),
        (Query("text", r"(a)\1", True), 0),
        (Query("hex", "de ag"), 3),
        (Query("hex", "abc"), 2),
        (Query("hex", " "), 0),
        (Query("text", ""), 0),
        (Query("list", "x" * 1001), 1000),
    ],
)
def test_what_can_not_be_searched_for_is_told_by_its_column(query, start):
    with pytest.raises(FilterError) as told:
        Needle(query)
    assert told.value.start == start


PATTERNS = [
    "a",
    "a|bc",
    "(ab)+",
    "(a|b)*c",
    "a{2,3}b",
    "[^a-b]c",
    r"\ba",
    r"\d+\s\w*$",
    "a.c",
    "^a",
    "(a+)+b",
    "x?y??z",
]


@given(st.sampled_from(PATTERNS), st.text("abcxyz1 .\n", max_size=14))
def test_spans_are_matches_in_order(pattern, text):
    needle, octets = Needle(Query("text", pattern, True)), text.encode()
    spans = needle.spans(octets)
    assert needle.found_in(octets) == bool(spans)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    whole = re.compile(pattern.strip("^$").replace(r"\b", "").encode(), re.IGNORECASE)
    assert all(whole.fullmatch(octets[start:end]) for start, end in spans)


def test_a_hostile_pattern_runs_once_through_the_text():
    needle = Needle(Query("text", "(a+)+b", True))
    assert needle.spans(b"a" * 20_000) == []
    assert Needle(Query("text", "a*b", True)).spans(b"a" * 20_000 + b"b") == [(0, 20_001)]
