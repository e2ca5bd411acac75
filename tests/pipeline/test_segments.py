"""Segments that are made as they are looked at are those of the packet table."""

from pathlib import Path

import numpy as np

from netviz.capture.opening import open_capture
from netviz.pipeline.analyzer import analyze
from netviz.pipeline.segments import Segments

CAPTURES = Path(__file__).parents[2] / "captures"


def test_they_are_alike_one_by_one_in_parts_and_all_together():
    store = analyze(open_capture(str(CAPTURES / "http-loss.pcap")))
    segments = store.segments(0)
    listed = list(segments)
    assert len(listed) == len(segments) == store.connection(0).packets
    assert [segments[index] for index in range(len(segments))] == listed and segments[-1] == listed[-1]
    assert list(segments[3:9]) == listed[3:9] and len(segments[3:9]) == 6
    assert list(segments.at(np.array([0, 4]))) == [listed[0], listed[4]]
    for segment in listed:
        assert segment.seq == store.packets.value("seq", segment.packet - 1)
    assert listed[0].options.startswith(b"\x02\x04") and listed[2].options == b""


def test_none_are_made_before_they_are_looked_at():
    class Watched:
        asked = 0

        def __getitem__(self, name):
            self.asked += 1
            return np.zeros(10, np.int64)

        def value(self, name, row):
            return row

    packets = Watched()
    segments = Segments(packets, np.arange(10))
    assert len(segments) == 10 and packets.asked == 0
    assert segments[4].time == 4 and packets.asked == 0
