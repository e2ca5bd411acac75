"""Connections that only seem to begin: a SYN on ports in use that nobody took, and after it the old connection goes on.

Connections are numbered as tshark numbers streams: a SYN with another number begins a new one. But who is ESTABLISHED
answers such a SYN with a challenge ACK and goes on (RFC 9293 section 3.10.7.4, RFC 5961 section 4): the SYN was forged,
or very late. What follows it is then a part of the connection before, and is followed there.
"""

import numpy as np

from netviz.model.packets import PacketTable
from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.pipeline.rows import RowIndex
from netviz.tcp.assignment import ConnectionAssigner

_MASK = 0xFFFFFFFF


class Strays:
    """Which connections are parts of the one before them on the same ports."""

    def __init__(self, packets: PacketTable, rows: RowIndex, assigner: ConnectionAssigner) -> None:
        self._packets = packets
        self._rows = rows
        self._assigner = assigner
        self._decided: dict[int, bool] = {}

    def home(self, connection: int) -> int:
        """The connection that the segments of `connection` are of: mostly itself."""
        while self._assigner.reuses_ports(connection) and self._is_part(connection):
            before = self._assigner.before(connection)
            if before is None:
                break
            connection = before
        return connection

    def is_decided(self, connection: int) -> bool:
        """Whether what comes later can not change `home`."""
        return not self._assigner.reuses_ports(connection) or connection in self._decided

    def rows(self, connection: int) -> np.ndarray:
        """Rows of a connection with those of its parts, ascending. Shape (n,)."""
        found = [self._rows.rows(connection)]
        following = self._assigner.after(connection)
        while following is not None and self._is_part(following):
            found.append(self._rows.rows(following))
            following = self._assigner.after(following)
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _is_part(self, connection: int) -> bool:
        known = self._decided.get(connection)
        if known is None:
            known = self._decide(connection)
            if known is not None:
                self._decided[connection] = known
        return bool(known)

    def _decide(self, connection: int) -> bool | None:
        """Whether it goes on with the numbers of the one before; None while nothing tells."""
        before = self._assigner.before(connection)
        rows = self._rows.rows(connection)
        if before is None or not len(rows):
            return False
        packets, first = self._packets, int(rows[0])
        if packets.value("flags", first) & (SYN | ACK | RST | FIN) != SYN:
            return False
        side, initial = packets.value("side", first), packets.value("seq", first)
        flags, sides = packets["flags"][rows].astype(np.int64), packets["side"][rows]
        ahead = packets["ack"][rows].astype(np.int64) - initial & _MASK
        room = 1 + packets.value("payload_length", first)
        answered = (sides != side) & (flags & (SYN | ACK) == SYN | ACK) & (ahead > 0) & (ahead <= room)
        if answered.any():
            return False
        goes_on = np.flatnonzero((sides == side) & (flags & (SYN | RST) == 0))
        if not len(goes_on):
            return None
        number = packets.value("seq", int(rows[goes_on[0]]))
        return number == self._next_seq(before, side) and number != (initial + 1 & _MASK)

    def _next_seq(self, connection: int, side: int) -> int | None:
        """The number after the last one that a side of a connection sent."""
        packets, rows = self._packets, self._rows.rows(connection)
        flags, sides = packets["flags"][rows], packets["side"][rows]
        mine = rows[(sides == side) & (flags & (SYN | RST) == 0)]
        before = self._assigner.before(connection)
        if not len(mine) and before is not None and self._is_part(connection):
            return self._next_seq(before, side)
        if not len(mine):
            mine = rows[(sides == side) & (flags & RST == 0)]
        if not len(mine):
            return None
        last = int(mine[-1])
        marks = packets.value("flags", last)
        end = packets.value("seq", last) + packets.value("payload_length", last) + bool(marks & SYN) + bool(marks & FIN)
        return end & _MASK
