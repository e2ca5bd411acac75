"""What the packets themselves tell of when segments were sent: timestamps and IP identifications, looked up on demand."""

from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable
from netviz.tcp.evidence import Clock
from netviz.wire.options import tcp_options

_IPV4: Final = 0x0800
_FIXED: Final = 20
_ROWS_BACK: Final = 4096
"""So far back an earlier copy is looked for."""
_LONGEST: Final = 200_000_000
"""Nanoseconds: no sender that is known repeats by a timer sooner (Linux; RFC 6298 section 2.4 says a second)."""


class SegmentEvidence:
    """Looks at the packets in some rows of the packet table, ascending. Shape (n,)."""

    def __init__(self, packets: PacketTable, rows: npt.NDArray[np.int64]) -> None:
        self._packets = packets
        self._rows = rows

    def clock(self, index: int) -> Clock:
        """When the segment in a row was sent, by its sender."""
        return self._clock(int(self._rows[index]))

    def is_copy(self, index: int) -> bool:
        """Whether the same datagram with the same numbers stands in a row before: it was doubled on its way, or captured
        twice. A sender that repeats a segment sends it in a datagram of another number."""
        packets, row = self._packets, int(self._rows[index])
        own = self._clock(row)
        if not own.identification:
            return False
        first = max(row - _ROWS_BACK, 0)

        def equal(*names: str) -> npt.NDArray[np.bool_]:
            found: npt.NDArray[np.bool_] = np.ones(row - first, np.bool_)
            for name in names:
                found &= packets[name][first:row] == packets[name][row]
            return found

        own_side = equal("flow", "side")
        same = own_side & equal("seq", "payload_length", "flags")
        others = np.flatnonzero(own_side & ~same)
        if len(others) and self._clock(int(others[-1]) + first).identification == own.identification:
            return False  # All its datagrams have that number.
        for before in (np.flatnonzero(same)[::-1] + first).tolist():
            clock = self._clock(before)
            elapsed = packets.value("time", row) - packets.value("time", before)
            if clock == own and (own.timestamp >= 0 or elapsed < _LONGEST):
                return True
        return False

    def _clock(self, row: int) -> Clock:
        packets = self._packets
        frame, network = packets.frame(row), packets.value("network_offset", row)
        identification = 0
        if packets.value("ethertype", row) == _IPV4 and network >= 0:
            identification = int.from_bytes(frame[network + 4 : network + 6])
        whole = packets.reassembled.get(row) or frame
        start = packets.value("transport_offset", row) + _FIXED
        times = tcp_options(whole[start : packets.value("payload_offset", row)]).timestamps
        return Clock(times[0] if times else -1, identification)
