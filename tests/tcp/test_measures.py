"""What is measured of a direction, on numbers that were worked out by hand."""

import numpy as np
import pytest

from netviz.model.protocols import ACK, FIN, SYN
from netviz.tcp.measures import Extreme, Throughput, measures
from netviz.tcp.series import Columns, connection_series
from netviz.wire.options import TcpOptions

MILLISECOND = 1_000_000


def series_of(rows):
    """Rows of (ms, side, flags, seq, ack, window, length)."""
    times, sides, flags, seq, ack, window, length = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    nothing = np.zeros(len(rows), np.int64)
    columns = Columns(
        np.arange(1, len(rows) + 1), times * MILLISECOND, sides.astype(np.int8), flags, seq, ack, window, length,
        nothing, nothing - 1, nothing - 1, np.empty((0, 3), np.int64),
    )  # fmt: skip
    return connection_series(0, columns, 0, (1000, 5000), (0, 0))


OPENING = [
    (0, 0, SYN, 1000, 0, 9000, 0),
    (10, 1, SYN | ACK, 5000, 1001, 8000, 0),
    (20, 0, ACK, 1001, 5001, 7000, 0),
]


def measured(rows, side=0, most=10):
    return measures(series_of([*OPENING, *rows]), side, TcpOptions(mss=1460), 1000, most)


UPLOAD = [
    (100, 0, ACK, 1001, 5001, 7000, 100),  # 4
    (101, 0, ACK, 1101, 5001, 7000, 100),  # 5
    (102, 0, ACK, 1201, 5001, 7000, 50),  # 6
    (140, 1, ACK, 5001, 1101, 8000, 0),  # 7
    (161, 1, ACK, 5001, 1251, 6000, 0),  # 8
]


def test_segments_are_timed_to_the_acknowledgement_that_covers_them():
    found = measured(UPLOAD).segments
    assert [(each.packet, each.seq, each.length, each.acked_by) for each in found] == [
        (4, 1, 100, 7), (5, 101, 100, 8), (6, 201, 50, 8)
    ]  # fmt: skip
    assert [each.rtt for each in found] == [40 * MILLISECOND, 60 * MILLISECOND, 59 * MILLISECOND]
    # 40, then 0.875 of it and 0.125 of 60, then the same with 59.
    assert [each.estimated for each in found] == [40_000_000, 42_500_000, 44_562_500]


def test_as_many_segments_are_listed_as_asked_for():
    found = measured(UPLOAD, most=2)
    assert len(found.segments) == 2 and found.data_segments == 3


def test_what_was_sent_twice_gives_no_time():
    again = [*UPLOAD[:3], (130, 0, ACK, 1101, 5001, 7000, 100), *UPLOAD[3:]]
    found = measured(again)
    assert [each.rtt is None for each in found.segments] == [False, True, False, True]
    assert found.repeated == 100
    assert found.segments[1].estimated == found.segments[0].estimated


def test_what_is_never_acknowledged_has_no_acknowledgement():
    (only,) = measured(UPLOAD[:1]).segments
    assert (only.acked_by, only.rtt, only.estimated) == (None, None, None)
    assert measured(UPLOAD[:1]).throughput is None


def test_flight_windows_and_throughput():
    found = measured(UPLOAD)
    assert found.in_flight == Extreme(250, 6)
    assert found.throughput == Throughput(250, 61 * MILLISECOND, 4, 8)
    assert found.least_window == Extreme(7000, 3)
    other = measured(UPLOAD, side=1)
    assert (other.least_window, other.greatest_window) == (Extreme(6000, 8), Extreme(8000, 7))
    assert other.throughput is None and other.segments == [] and other.data_segments == 0


def test_round_trips_are_told_with_their_packets():
    rtt = measured(UPLOAD).rtt
    assert rtt is not None
    assert (rtt.least, rtt.least_packet, rtt.greatest, rtt.greatest_packet) == (10_000_000, 2, 59_000_000, 8)
    assert rtt.samples == 3 and rtt.median == 40_000_000
    assert rtt.timeout == rtt.estimated + 4 * rtt.deviation


def test_acknowledgements_of_one_segment_and_of_two():
    acks = measured(UPLOAD, side=1).acks
    assert (acks.acks, acks.of_one, acks.of_two, acks.of_more) == (2, 1, 1, 0)
    assert sorted(acks.sizes) == [(100, 1, 7), (150, 1, 8)]
    assert measured(UPLOAD).acks.acks == 0


@pytest.mark.parametrize("side", [0, 1])
def test_a_fin_is_no_data(side):
    closing = [(200, 0, FIN | ACK, 1001, 5001, 7000, 0), (210, 1, FIN | ACK, 5001, 1002, 8000, 0)]
    found = measured(closing, side)
    assert (found.data_segments, found.acks.acks, found.throughput, found.repeated) == (0, 0, None, 0)
