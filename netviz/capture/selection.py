"""Chosen packets of a capture as pcapng: the frames, times, interfaces and comments that they had. Knows no meaning."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from netviz.capture.writer import PcapngWriter
from netviz.model.frames import Interface
from netviz.model.packets import PacketTable

_BLOCKS = 1 << 20


class _Taken:
    """What the writer has handed over, until it is fetched."""

    def __init__(self) -> None:
        self.parts = bytearray()

    def write(self, data: bytes | memoryview, /) -> int:
        """Take all of it."""
        self.parts += data
        return len(data)

    def fetch(self) -> bytes:
        """What has come since the last time."""
        parts, self.parts = bytes(self.parts), bytearray()
        return parts


def pcapng_blocks(
    packets: PacketTable, rows: npt.NDArray[np.int64], interfaces: Sequence[Interface]
) -> Iterator[bytes]:
    """The file in parts, of the packets of `rows` (ascending). What an interface counted in all is not said of a part."""
    known = [replace(each, received=None, dropped=None) for each in interfaces]
    taken = _Taken()
    with PcapngWriter(taken, known, flush_bytes=_BLOCKS) as writer:
        for row in rows.tolist():
            length, interface = packets.value("length", row), packets.value("interface", row)
            comment = packets.comments.get(row, "")
            writer.write(packets.frame(row), packets.value("time", row), length, interface, comment)
            if len(taken.parts) >= _BLOCKS:
                yield taken.fetch()
    yield taken.fetch()
