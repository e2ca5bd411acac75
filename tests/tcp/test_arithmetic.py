"""Comparisons modulo 2**32, RFC 9293 section 3.4."""

from hypothesis import given
from hypothesis import strategies as st

from netviz.tcp.arithmetic import HALF, MASK, add, distance, is_after, is_at_or_after, latest, relative

NUMBERS = st.integers(0, MASK)
STEPS = st.integers(-(HALF - 1), HALF - 1)


@given(NUMBERS, STEPS)
def test_distance_undoes_add_over_the_wrap(number: int, count: int) -> None:
    assert distance(add(number, count), number) == count


@given(NUMBERS, st.integers(1, HALF - 1))
def test_what_was_added_comes_after(number: int, count: int) -> None:
    later = add(number, count)
    assert is_after(later, number) and not is_after(number, later)
    assert is_at_or_after(later, number) and not is_at_or_after(number, later)
    assert latest(later, number) == latest(number, later) == later


@given(NUMBERS)
def test_a_number_is_not_after_itself(number: int) -> None:
    assert not is_after(number, number)
    assert is_at_or_after(number, number)
    assert distance(number, number) == 0


def test_relative_numbers_go_over_the_wrap() -> None:
    assert relative(5, 0xFFFFFFFE) == 7
    assert relative(0xFFFFFFFE, 0xFFFFFFFE) == 0
    assert distance(0, MASK) == 1 and distance(MASK, 0) == -1
