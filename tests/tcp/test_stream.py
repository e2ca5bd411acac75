"""Bytes in order: once each, gaps of the right length, bounded."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.model.frames import Buffer
from netviz.model.limits import DEFAULT_LIMITS, LimitCounter, Limits
from netviz.tcp.arithmetic import MASK
from netviz.tcp.stream import OrderedStream

TEXT = bytes(range(256)) * 4


class Collected:
    """What a stream delivered: bytes with `None` for each byte of a gap, the rows, and the end."""

    def __init__(self) -> None:
        self.out: list[int | None] = []
        self.rows: list[int] = []
        self.gaps: list[tuple[int, int]] = []
        self.ends: list[tuple[int, str]] = []

    def feed(self, row: int, buffer: Buffer, start: int, stop: int) -> None:
        assert start < stop
        self.rows.append(row)
        self.out += bytes(buffer[start:stop])

    def gap(self, row: int, length: int) -> None:
        assert length > 0
        self.gaps.append((row, length))
        self.out += [None] * length

    def end(self, row: int, how: str) -> None:
        self.ends.append((row, how))


def stream(first_seq: int | None = 0, limits: Limits = DEFAULT_LIMITS) -> tuple[OrderedStream, Collected, LimitCounter]:
    collected, counter = Collected(), LimitCounter()
    return OrderedStream(collected, limits, counter, first_seq), collected, counter


def push(ordered: OrderedStream, row: int, start: int, stop: int, first: int = 0, captured: int | None = None) -> None:
    """The bytes start..stop of TEXT as a segment, its buffer being TEXT itself."""
    kept = stop - start if captured is None else captured
    ordered.push(row, first + start & MASK, TEXT, start, start + kept, stop - start)


def test_bytes_in_order_go_straight_through_with_their_place() -> None:
    ordered, collected, _ = stream(100)
    push(ordered, 7, 0, 10, first=100)
    push(ordered, 8, 10, 30, first=100)
    assert collected.out == list(TEXT[:30]) and collected.rows == [7, 8]
    assert ordered.next_seq == 130


def test_the_first_copy_of_a_byte_wins() -> None:
    ordered, collected, _ = stream()
    ordered.push(1, 0, b"first", 0, 5, 5)
    ordered.push(2, 0, b"other", 0, 5, 5)
    ordered.push(3, 3, b"XXnew", 0, 5, 5)
    assert bytes(filter(None, collected.out)) == b"firstnew" and collected.rows == [1, 3]


def test_the_first_copy_wins_among_bytes_that_wait() -> None:
    ordered, collected, _ = stream()
    ordered.push(1, 10, b"0123456789", 0, 10, 10)
    ordered.push(2, 5, b"abcdefghij" * 2, 0, 20, 20)
    assert collected.out == []
    ordered.push(3, 0, b"-----", 0, 5, 5)
    assert bytes(byte or 0 for byte in collected.out) == b"-----abcde0123456789fghij"
    assert collected.rows == [3, 2, 1, 2]


def test_what_waits_comes_after_what_fills_the_hole() -> None:
    ordered, collected, _ = stream()
    push(ordered, 1, 10, 20)
    push(ordered, 2, 20, 30)
    assert collected.out == [] and len(ordered.waiting) == 2
    push(ordered, 3, 0, 10)
    assert collected.out == list(TEXT[:30]) and collected.rows == [3, 1, 2] and not ordered.waiting


def test_a_cut_segment_ends_in_a_gap() -> None:
    ordered, collected, _ = stream()
    push(ordered, 1, 0, 100, captured=40)
    push(ordered, 2, 100, 110)
    assert collected.out == [*TEXT[:40], *[None] * 60, *TEXT[100:110]]
    assert collected.gaps == [(1, 60)]


def test_a_cut_segment_that_waited_ends_in_a_gap() -> None:
    ordered, collected, _ = stream()
    push(ordered, 1, 10, 110, captured=0)
    push(ordered, 2, 0, 10)
    assert collected.out == [*TEXT[:10], *[None] * 100]


def test_an_acknowledged_hole_is_a_gap() -> None:
    ordered, collected, _ = stream()
    push(ordered, 1, 10, 20)
    ordered.acknowledged(2, 4)
    assert collected.gaps == [(2, 4)] and ordered.waiting
    ordered.acknowledged(3, 20)
    assert collected.gaps == [(2, 4), (3, 6)] and collected.out == [*[None] * 10, *TEXT[10:20]]


def test_several_acknowledged_holes_are_gaps_each() -> None:
    ordered, collected, _ = stream()
    push(ordered, 1, 10, 20)
    push(ordered, 2, 30, 40)
    ordered.acknowledged(3, 40)
    assert collected.gaps == [(3, 10), (3, 10)]


@pytest.mark.parametrize("ack", [0, MASK, 41, 1 << 31])
def test_an_acknowledgement_of_nothing_known_changes_nothing(ack: int) -> None:
    ordered, collected, _ = stream()
    push(ordered, 1, 30, 40)
    ordered.acknowledged(2, ack)
    assert collected.gaps == []


def test_what_is_acknowledged_before_it_is_captured_is_no_gap() -> None:
    ordered, collected, _ = stream()
    ordered.acknowledged(1, 10)
    push(ordered, 2, 0, 10)
    assert collected.out == list(TEXT[:10])


def test_the_end_delivers_what_waits() -> None:
    ordered, collected, _ = stream()
    push(ordered, 1, 5, 10)
    ordered.finish(9, "reset")
    ordered.finish(10, "capture-end")
    push(ordered, 11, 10, 20)
    push(ordered, 12, 0, 5)
    assert collected.out == [*[None] * 5, *TEXT[5:10]]
    assert collected.gaps == [(9, 5)] and collected.ends == [(9, "reset")]


def test_a_stream_joined_in_its_middle_begins_with_what_comes_first() -> None:
    ordered, collected, _ = stream(None)
    push(ordered, 1, 20, 30, first=MASK - 25)
    push(ordered, 2, 10, 20, first=MASK - 25)
    push(ordered, 3, 30, 40, first=MASK - 25)
    assert collected.out == list(TEXT[20:40])


def test_a_segment_beyond_every_window_is_no_part_of_the_stream() -> None:
    ordered, collected, _ = stream()
    ordered.push(1, (1 << 30) + 1, TEXT, 0, 5, 5)
    assert not ordered.waiting
    ordered.finish(2, "fin")
    assert collected.gaps == []


def test_too_many_segments_waiting_declare_a_gap() -> None:
    ordered, collected, counter = stream(limits=Limits(stream_pending_segments=3))
    for index in range(4):
        push(ordered, index, 10 + 2 * index, 11 + 2 * index)
    assert counter.counts["stream_pending_segments"] == 1
    assert collected.gaps == [(3, 10)] and len(ordered.waiting) == 3


def test_too_many_bytes_waiting_declare_a_gap() -> None:
    ordered, collected, counter = stream(limits=Limits(stream_pending_bytes=100))
    push(ordered, 1, 10, 90)
    push(ordered, 2, 100, 190)
    assert counter.counts["stream_pending_bytes"] == 1
    assert collected.gaps == [(2, 10)] and len(ordered.waiting) == 1


def test_many_segments_in_order_after_one_hole_hit_no_bound_twice() -> None:
    ordered, collected, counter = stream(limits=Limits(stream_pending_segments=3))
    for index in range(1, 100):
        push(ordered, index, 10 * index, 10 * index + 10)
    assert counter.counts["stream_pending_segments"] == 1
    assert sum(length for _, length in collected.gaps) == 10


CUTS = st.lists(st.integers(0, 200), max_size=12).map(lambda cuts: sorted({0, *cuts, 200}))
FIRST = st.sampled_from([0, 1, MASK, MASK - 100, 1 << 31])


@given(CUTS, st.randoms(use_true_random=False), FIRST, st.integers(0, 6))
def test_any_order_and_repetition_gives_the_same_bytes(cuts, random, first, repeats) -> None:
    pieces = list(pairwise(cuts))
    pieces += [random.choice(pieces) for _ in range(repeats)]
    random.shuffle(pieces)
    ordered, collected, _ = stream(first)
    for row, (start, stop) in enumerate(pieces):
        push(ordered, row, start, stop, first=first)
    assert collected.out == list(TEXT[:200]) and not ordered.waiting
    assert ordered.next_seq == first + 200 & MASK


SEGMENTS = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 60), st.integers(0, 60)), max_size=40)


@given(SEGMENTS, FIRST, st.integers(1, 5), st.integers(1, 120))
def test_every_offset_is_delivered_once_whatever_is_missing(segments, first, most, most_bytes) -> None:
    limits = Limits(stream_pending_segments=most, stream_pending_bytes=most_bytes)
    ordered, collected, _ = stream(first, limits)
    for row, (start, length, kept) in enumerate(segments):
        push(ordered, row, start, start + length, first=first, captured=min(kept, length))
        assert len(ordered.waiting) <= most
        assert sum(waiting.length for waiting in ordered.waiting) <= most_bytes
        if row % 7 == 6:
            ordered.acknowledged(row, first + start & MASK)
    ordered.finish(99, "fin")
    assert all(byte is None or byte == TEXT[offset] for offset, byte in enumerate(collected.out))
    assert len(collected.out) <= max((start + length for start, length, _ in segments), default=0)
    assert collected.ends == [(99, "fin")]


@given(SEGMENTS, FIRST)
def test_with_enough_room_each_captured_byte_is_there(segments, first) -> None:
    ordered, collected, _ = stream(first)
    seen: dict[int, bool] = {}
    for row, (start, length, _) in enumerate(segments):
        push(ordered, row, start, start + length, first=first)
        seen.update(dict.fromkeys(range(start, start + length), True))
    ordered.finish(99, "capture-end")
    end = max(seen, default=-1) + 1
    assert collected.out == [TEXT[offset] if offset in seen else None for offset in range(end)]
