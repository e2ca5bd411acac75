"""Playing at the capture's own pace, with time given by the test."""

import numpy as np
import pytest

from netviz.model.frames import FrameBatch
from netviz.model.packets import PacketTable
from netviz.tui.playback import SPEEDS, Playback


def table(*seconds: float) -> PacketTable:
    count = len(seconds)
    packets = PacketTable()
    zeros = np.zeros(count, np.int64)
    times = np.array([int(second * 1e9) for second in seconds], np.int64)
    small, kinds = zeros.astype(np.int32), np.ones(count, np.uint16)
    packets.append(FrameBatch(b"", zeros, small, small, times, kinds, kinds), {})
    return packets


@pytest.mark.parametrize(
    ("elapsed", "reached"), [(0.0, 1), (0.99, 1), (1.0, 2), (1.5, 3), (2.49, 3), (2.5, 4), (100.0, 4)]
)
def test_packets_are_due_when_their_time_has_passed(elapsed, reached):
    assert Playback().advance(table(0, 1.0, 1.5, 2.5), 1, elapsed) == reached


def test_time_adds_up_over_many_small_ticks():
    playback, position = Playback(), 1
    for _ in range(25):
        position = playback.advance(table(0, 1.0, 1.5, 2.5), position, 0.1)
    assert position == 4


def test_speed_multiplies_and_keeps_to_its_bounds():
    playback = Playback()
    playback.faster(1)
    assert playback.advance(table(0, 2.0), 1, 1.0) == 2
    playback.faster(100)
    assert playback.speed == SPEEDS[-1]
    playback.faster(-100)
    assert playback.speed == SPEEDS[0]


def test_a_time_that_jumps_back_is_due_at_once():
    assert Playback().advance(table(5.0, 1.0, 1.0), 1, 0.0) == 3


def test_pausing_forgets_the_wait():
    playback = Playback()
    playback.toggle()
    playback.advance(table(0, 1.0), 1, 0.9)
    playback.pause()
    assert playback.advance(table(0, 1.0), 1, 0.9) == 1
