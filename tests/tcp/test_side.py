"""What a side has sent: bytes once, holes, what arrived before a FIN."""

from hypothesis import given
from hypothesis import strategies as st

from netviz.tcp.arithmetic import MASK
from netviz.tcp.side import Side

PIECES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 15)), max_size=20)
FIRST = st.sampled_from([0, 7, MASK - 20, (1 << 31) - 10])


@given(PIECES, FIRST)
def test_each_number_counts_as_new_once(pieces, first) -> None:
    side = Side()
    side.covers(first, 0, 0)
    seen: set[int] = set()
    for time, (start, length) in enumerate(pieces):
        numbers = set(range(start, start + length))
        assert side.covers(first + start & MASK, length, time) == len(numbers - seen)
        seen |= numbers
    missing = set(range(max(seen, default=-1) + 1)) - seen
    holes = {
        (hole.start - first & MASK) + offset for hole in side.holes for offset in range(hole.end - hole.start & MASK)
    }
    assert holes == missing


@given(PIECES, FIRST, st.integers(0, 75))
def test_all_before_a_number_is_there_when_nothing_is_missing(pieces, first, number) -> None:
    side = Side()
    side.covers(first, 0, 0)
    seen: set[int] = set()
    for start, length in pieces:
        side.covers(first + start & MASK, length, 0)
        seen |= set(range(start, start + length))
    assert side.has_all_before(first + number & MASK, None) == (set(range(number)) <= seen)


def test_what_is_confirmed_counts_as_there() -> None:
    side = Side()
    side.covers(0, 10, 0)
    side.covers(20, 10, 5)
    assert not side.has_all_before(30, None)
    assert not side.has_all_before(30, 15)
    assert side.has_all_before(30, 20)
    assert not side.has_all_before(31, 31)


def test_holes_that_are_split_stay_few() -> None:
    side = Side()
    side.covers(0, 1, 0)
    side.covers(1000, 1, 0)
    for start in range(2, 1000, 4):
        side.covers(start, 1, 0)
    assert len(side.holes) == 64


def test_numbers_beyond_every_window_are_ignored() -> None:
    side = Side()
    side.covers(0, 10, 0)
    assert side.covers((1 << 30) + 100, 10, 0) == 0
    assert side.sent == 10 and side.holes == []
