"""What all tests share: properties are about what is right, never about how fast the machine is; a talk made by hand."""

import struct
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import settings

from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.pipeline.analyzer import Analyzer
from netviz.pipeline.store import Store

settings.register_profile("netviz", deadline=None)
settings.load_profile("netviz")

MILLISECOND = 1_000_000
Said = tuple[int, bytes]
"""Who says it (0 the client), and what."""


def _segment(side: int, flags: int, numbers: tuple[int, int], data: bytes) -> bytes:
    """IPv4 and TCP around data, checksums left at zero."""
    ports, hosts = (40000, 80), (bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2]))
    tcp = struct.pack("!HHIIHHHH", ports[side], ports[1 - side], *numbers, 0x5000 | flags, 502, 0, 0)
    ends = hosts[side] + hosts[1 - side]
    return struct.pack("!BBHHHBBH", 0x45, 0, 40 + len(data), 1, 0x4000, 64, 6, 0) + ends + tcp + data


def _talked(said: Sequence[Said], batch: int = 1000, lost: Sequence[int] = ()) -> Store:
    """A store of one connection: packets 1 to 3 open it, each thing said is a packet; a millisecond lies between two.

    `lost` are indices of `said` that the capture does not have; `batch` is how many packets come at a time.
    """
    seqs, frames = [1000, 9000], []
    for index, (side, flags, data) in enumerate(
        [(0, 2, b""), (1, 18, b""), (0, 16, b""), *((s, 24, d) for s, d in said)]
    ):
        if index - 3 not in lost:
            frames.append(_segment(side, flags, (seqs[side], seqs[1 - side] if flags & 16 else 0), data))
        seqs[side] += len(data) + bool(flags & 2)
    analyzer = Analyzer(CaptureInfo("made by hand", "pcap"))
    for first in range(0, len(frames), batch):
        part = frames[first : first + batch]
        sizes, count = np.array([len(each) for each in part], np.int32), len(part)
        times = 1_700_000_000_000_000_000 + np.arange(first, first + count, dtype=np.int64) * MILLISECOND
        kinds, interfaces = np.full(count, 101, np.uint16), np.zeros(count, np.uint16)
        offsets = np.cumsum(sizes, dtype=np.int64) - sizes
        analyzer.feed(FrameBatch(b"".join(part), offsets, sizes, sizes, times, kinds, interfaces))
    analyzer.finish()
    return analyzer.store


@pytest.fixture
def talked() -> Callable[..., Store]:
    """See `_talked`."""
    return _talked
