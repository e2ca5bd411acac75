"""Which of two segments was sent first, and what that makes of a segment that fills a hole."""

import numpy as np
import pytest

from netviz.model.protocols import ACK
from netviz.tcp.evidence import Clock, order
from netviz.tcp.marks import names_of
from netviz.tcp.sweep import Analyses, Segments


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (Clock(5, 9), Clock(4, 10), 1),
        (Clock(4, 10), Clock(5, 9), -1),
        (Clock(1, 0), Clock(2**32 - 1, 0), 1),
        (Clock(5, 10), Clock(5, 9), 1),
        (Clock(-1, 9), Clock(-1, 10), -1),
        (Clock(-1, 1), Clock(-1, 65535), 1),
        (Clock(-1, 9), Clock(-1, 9), 0),
        (Clock(-1, 0), Clock(-1, 9), 0),
        (Clock(-1, 9), Clock(-1, 40000), 0),
        (Clock(5, 0), Clock(-1, 0), 0),
    ],
)
def test_the_senders_clock_counts_then_its_datagrams(one, other, found):
    assert order(one, other) == found


class Told:
    """Evidence that a test gives."""

    def __init__(self, clocks, copies=()):
        self.clocks, self.copies = clocks, copies

    def clock(self, index):
        return self.clocks[index]

    def is_copy(self, index):
        return index in self.copies


def marked(rows, evidence):
    """Rows of (milliseconds, seq, length) that one side sends."""
    times, seqs, lengths = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    nothing = np.zeros(len(rows), np.int64)
    segments = Segments(
        nothing, nothing.astype(np.int8), times * 1_000_000, nothing + ACK, seqs, nothing + 1, nothing + 1000, lengths,
        nothing - 1, nothing != 0, evidence,
    )  # fmt: skip
    return [names_of(mark) for mark in Analyses().feed(segments).marks.tolist()]


@pytest.mark.parametrize(("late", "name"), [(30, "out-of-order"), (50, "retransmission")])
@pytest.mark.parametrize("wait", [1, 100])
def test_a_hole_is_filled_by_what_was_sent_before_or_after(late, name, wait):
    rows = [(0, 100, 10), (1, 120, 10), (1 + wait, 110, 10)]
    clocks = [Clock(20, 0), Clock(40, 0), Clock(late, 0)]
    assert marked(rows, Told(clocks)) == [(), ("previous-segment-lost",), (name,)]


@pytest.mark.parametrize(("wait", "name"), [(1, "out-of-order"), (100, "retransmission")])
def test_without_a_clock_time_decides(wait, name):
    rows = [(0, 100, 10), (1, 120, 10), (1 + wait, 110, 10)]
    assert marked(rows, Told([Clock()] * 3))[2] == (name,)


def test_the_same_datagram_again_is_neither_late_nor_sent_again():
    rows = [(0, 100, 10), (1, 110, 10), (2, 100, 10)]
    assert marked(rows, Told([Clock()] * 3, {2})) == [(), (), ("network-duplicate",)]
    assert marked(rows, Told([Clock()] * 3)) == [(), (), ("retransmission",)]
