"""One connection as arrays: each array with the smallest conversation that shows it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import MASK
from netviz.tcp.series import Columns, ConnectionSeries, connection_series, unwrapped

Row = tuple[int, int, int, int, int, int]
"""Side, flags, seq, ack, window, length."""

HANDSHAKE: list[Row] = [(0, SYN, 1000, 0, 100, 0), (1, SYN | ACK, 5000, 1001, 100, 0), (0, ACK, 1001, 5001, 100, 0)]


def series(
    rows: list[Row],
    scales: tuple[int | None, int | None] = (-1, -1),
    first: tuple[int | None, int | None] = (1000, 5000),
    sack: list[tuple[int, int, int]] | None = None,
) -> ConnectionSeries:
    table = np.array(rows, np.int64).reshape(-1, 6).T
    count = len(rows)
    columns = Columns(
        np.arange(1, count + 1), np.arange(count) * 10, table[0].astype(np.int8), table[1], table[2], table[3], table[4],
        table[5], np.zeros(count, np.int64), np.full(count, -1), np.full(count, -1),
        np.array(sack or [], np.int64).reshape(-1, 3),
    )  # fmt: skip
    return connection_series(0, columns, 0, first, scales)


def test_numbers_are_relative_and_syn_and_fin_count():
    found = series([*HANDSHAKE, (0, ACK, 1001, 5001, 100, 50), (0, FIN | ACK, 1051, 5001, 100, 0)])
    client, server = found.of("client"), found.of("server")
    assert client.seq.tolist() == [0, 1, 1, 51]
    assert client.end.tolist() == [1, 1, 51, 52]
    assert client.ack.tolist() == [-1, 1, 1, 1]
    assert (server.seq.tolist(), server.ack.tolist()) == ([0], [1])


def test_bytes_in_flight_rise_with_segments_and_fall_with_acknowledgements():
    found = series([*HANDSHAKE, (0, ACK, 1001, 5001, 100, 50), (0, ACK, 1051, 5001, 100, 50),
                    (1, ACK, 5001, 1051, 100, 0), (0, ACK, 1001, 5001, 100, 50), (1, ACK, 5001, 1101, 100, 0)])  # fmt: skip
    assert found.of("client").in_flight.tolist() == [1, 0, 0, 50, 100, 50, 50, 0]
    assert found.of("server").in_flight.tolist() == [-1, 1, 0, 0, 0, 0, 0, 0]


def test_what_was_not_captured_is_in_flight_too():
    found = series([*HANDSHAKE, (0, ACK, 1101, 5001, 100, 50)])
    assert found.of("client").in_flight[-1] == 150


def test_windows_are_scaled_beyond_the_syn_where_both_offer_it():
    found = series(HANDSHAKE, scales=(3, 2))
    assert found.of("client").window.tolist() == [100, 800]
    assert found.of("server").window.tolist() == [100]
    assert (found.of("client").window_scale, found.of("server").window_scale) == (3, 2)
    assert found.of("client").peer_window.tolist() == [-1, 100, 100]
    assert found.of("client").peer_edge.tolist() == [-1, 101, 101]
    assert found.of("server").peer_edge.tolist() == [-1, -1, 801]


@pytest.mark.parametrize(("scales", "shift"), [((3, -1), 0), ((-1, 3), 0), ((3, None), None), ((None, None), None)])
def test_windows_are_not_scaled_where_one_side_does_not_offer_it(scales, shift):
    client = series(HANDSHAKE, scales=scales).of("client")
    assert client.window.tolist() == [100, 100] and client.window_scale == shift


def test_a_reset_is_no_link_in_the_chain_of_numbers():
    found = series([*HANDSHAKE, (0, RST, 1001 + (1 << 31) - 5 & MASK, 0, 0, 0), (0, ACK, 1001, 5001, 100, 5)])
    assert found.of("client").seq.tolist() == [0, 1, (1 << 31) - 4, 1]
    assert found.of("client").in_flight.tolist() == [1, 0, 0, 0, 5]


def test_sack_blocks_are_relative_to_the_bytes_they_report():
    found = series([*HANDSHAKE, (0, ACK, 1101, 5001, 100, 50), (1, ACK, 5001, 1001, 100, 0)], sack=[(4, 1101, 1151)])
    sack = found.of("server").sack
    assert (sack.packets.tolist(), sack.lefts.tolist(), sack.rights.tolist(), sack.acks.tolist()) == (
        [5],
        [101],
        [151],
        [1],
    )
    assert not len(found.of("client").sack.packets)


def test_a_capture_that_begins_in_the_middle_counts_from_there():
    found = series([(0, ACK, 70, 90, 10, 5), (1, ACK, 90, 75, 10, 0)], first=(70, 90), scales=(None, None))
    assert found.of("client").seq.tolist() == [0] and found.of("client").in_flight.tolist() == [5, 0]


def test_one_direction_alone_counts_from_what_it_acknowledges():
    found = series([(0, ACK, 70, 90, 10, 5), (0, ACK, 75, 95, 10, 5)], first=(70, None), scales=(None, None))
    assert found.of("client").ack.tolist() == [0, 5]
    assert found.of("client").peer_window.tolist() == [-1, -1]


def test_as_of_a_packet_is_a_bisection():
    found = series([*HANDSHAKE, (0, ACK, 1001, 5001, 100, 50)])
    assert [found.upto(packet) for packet in (0, 2, 4, None)] == [0, 2, 4, 4]
    assert [found.of("client").upto(packet) for packet in (0, 1, 2, 3, None)] == [0, 1, 1, 2, 3]


@given(st.lists(st.integers(-1000, 1000), max_size=30), st.integers(0, MASK))
def test_numbers_that_wrap_go_on(steps: list[int], base: int) -> None:
    ways = np.cumsum(np.array(steps, np.int64))
    assert unwrapped(base + ways & MASK, base).tolist() == ways.tolist()


ROW = st.tuples(st.integers(0, 1), st.sampled_from([0, SYN, ACK, SYN | ACK, FIN | ACK, RST, RST | ACK]),
                st.integers(0, MASK), st.integers(0, MASK), st.integers(0, 65535), st.integers(0, 65535))  # fmt: skip


@given(st.lists(ROW, max_size=12), st.sampled_from([(None, None), (-1, 3), (14, 0)]))
def test_any_numbers_make_series_of_the_right_shape(rows: list[Row], scales: tuple[int | None, int | None]) -> None:
    found = series(rows, scales, first=(None, None))
    for direction in found.directions:
        assert len(direction.in_flight) == len(direction.peer_window) == len(rows)
        assert len(direction.packets) == len(direction.seq) == len(direction.window) == len(direction.marks)
        assert (direction.in_flight >= -1).all()
    assert sum(len(direction.packets) for direction in found.directions) == len(rows)
