"""The segments in some rows of the packet table: made one by one as they are looked at, however many there are."""

from collections.abc import Iterator, Sequence
from typing import Final, overload

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable
from netviz.model.protocols import SYN
from netviz.pipeline.series import syn_options
from netviz.tcp.connection import Segment

_COLUMNS: Final = ("time", "side", "flags", "seq", "ack", "window", "payload_length")
_AT_A_TIME: Final = 4096


class Segments(Sequence[Segment]):
    """Segments in packet order. What was taken of it once does not change."""

    def __init__(self, packets: PacketTable, rows: npt.NDArray[np.int64]) -> None:
        self._packets = packets
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Segment: ...
    @overload
    def __getitem__(self, index: slice) -> "Segments": ...
    def __getitem__(self, index: int | slice) -> "Segment | Segments":
        if isinstance(index, slice):
            return Segments(self._packets, self._rows[index])
        row = int(self._rows[index])
        time, side, flags, seq, ack, window, length = (self._packets.value(name, row) for name in _COLUMNS)
        return Segment(row + 1, time, side, flags, seq, ack, window, length, self._options(row, flags))

    def __iter__(self) -> Iterator[Segment]:
        for start in range(0, len(self._rows), _AT_A_TIME):
            yield from self.at(np.arange(start, min(start + _AT_A_TIME, len(self._rows))))

    def at(self, places: npt.NDArray[np.int64]) -> Iterator[Segment]:
        """Those at some places, shape (k,)."""
        rows = self._rows[places]
        columns = [self._packets[name][rows].tolist() for name in _COLUMNS]
        for row, time, side, flags, seq, ack, window, length in zip(rows.tolist(), *columns, strict=True):
            yield Segment(row + 1, time, side, flags, seq, ack, window, length, self._options(row, flags))

    def _options(self, row: int, flags: int) -> bytes:
        return syn_options(self._packets, row) if flags & SYN else b""
