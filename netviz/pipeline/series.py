"""Connections as arrays, from the packet table: gathers the columns that `tcp.series` works on, and keeps the latest."""

from collections import OrderedDict
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable
from netviz.model.protocols import ACK, SYN
from netviz.tcp.connection import Connection
from netviz.tcp.series import Columns, ConnectionSeries, connection_series
from netviz.wire.option_columns import option_columns
from netviz.wire.options import tcp_options

_KEPT: Final = 16
_FIXED: Final = 20

Integers = npt.NDArray[np.int64]


class SeriesCache:
    """The series of the connections looked at last."""

    def __init__(self, packets: PacketTable) -> None:
        self._packets = packets
        self._kept: OrderedDict[int, tuple[int, ConnectionSeries]] = OrderedDict()

    def get(self, connection: Connection, rows: Integers, marks: Integers) -> ConnectionSeries:
        """The series of a connection whose packets are in `rows` (shape (n,)), with the analysis marks of each."""
        kept = self._kept.get(connection.id)
        if kept is None or kept[0] != len(rows):
            kept = self._kept[connection.id] = len(rows), self._made(connection, rows, marks)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(connection.id)
        return kept[1]

    def _made(self, connection: Connection, rows: Integers, marks: Integers) -> ConnectionSeries:
        packets = self._packets
        timestamp, echo, sack = option_columns(packets, rows)
        flags, sides = packets["flags"][rows].astype(np.int64), packets["side"][rows].astype(np.int8)
        seq, ack, window, length = (
            packets[name][rows].astype(np.int64) for name in ("seq", "ack", "window", "payload_length")
        )
        columns = Columns(
            rows + 1,
            packets["time"][rows].astype(np.int64),
            sides,
            flags,
            seq,
            ack,
            window,
            length,
            marks,
            timestamp,
            echo,
            sack,
        )
        by_role = connection.first_seq
        first = by_role.get("client"), by_role.get("server")
        first_seqs = first if connection.client_side == 0 else (first[1], first[0])
        syns = [(sides == side) & (flags & SYN != 0) & (seq == first_seqs[side]) for side in (0, 1)]
        scales = self._scale(rows, flags, syns[0]), self._scale(rows, flags, syns[1])
        return connection_series(connection.id, columns, connection.client_side, first_seqs, scales)

    def _scale(self, rows: Integers, flags: Integers, is_syn: npt.NDArray[np.bool_]) -> int | None:
        """The shift that a side's SYN offers; -1: none; None: no SYN of it was captured."""
        syns = np.flatnonzero(is_syn)
        if not len(syns):
            return None
        answers = syns[flags[syns] & ACK != 0]
        row = int(rows[answers[-1] if len(answers) else syns[-1]])
        offered = tcp_options(syn_options(self._packets, row)).window_scale
        return -1 if offered is None else offered


def syn_options(packets: PacketTable, row: int) -> bytes:
    """Option bytes of one segment, as far as captured."""
    whole = packets.reassembled.get(row)
    header = packets.frame(row) if whole is None else whole
    return header[packets.value("transport_offset", row) + _FIXED : packets.value("payload_offset", row)]
