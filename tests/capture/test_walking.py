"""The pieces that both walks stand on."""

import numpy as np
import pytest

from netviz.capture.walking import cut_short, first_true, gather, longest_frame
from netviz.model.frames import CaptureInfo
from netviz.model.limits import DEFAULT_LIMITS, Limits


def test_gather_reads_unaligned_numbers_in_either_order():
    data = bytes(range(1, 12))
    assert gather(data, np.array([0, 3, 7]), 4, ">u2").tolist() == [
        [0x0102, 0x0304],
        [0x0405, 0x0607],
        [0x0809, 0x0A0B],
    ]
    assert gather(data, np.array([7]), 4, "<u4").tolist() == [[0x0B0A0908]]


@pytest.mark.parametrize("flags, index", [([], 0), ([False], 1), ([True, True], 0), ([False, True, False, True], 1)])
def test_first_true(flags, index):
    assert first_true(np.array(flags, bool)) == index


@pytest.mark.parametrize("link_type, snaplen, longest", [
    (1, 0, 262_144), (1, 96, 262_144), (1, 1 << 20, 1 << 20), (1, 16 << 20, 16 << 20), (1, (16 << 20) + 1, 262_144),
    (231, 0, 16 << 20), (249, 96, 16 << 20),
])  # fmt: skip
def test_the_longest_frame_that_is_believed(link_type, snaplen, longest):
    assert longest_frame(link_type, snaplen, DEFAULT_LIMITS) == longest
    assert longest_frame(249, 0, Limits(frame_bytes=5)) == 5


def test_the_first_reason_for_a_cut_stays():
    info = CaptureInfo("x")
    cut_short(info, "record-lies")
    cut_short(info, "record-cut")
    assert (info.cut_short, info.cut_reason) == (True, "record-lies")
