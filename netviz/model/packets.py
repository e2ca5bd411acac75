"""The packet table: append-only numpy columns, one row a packet. Row = packet number - 1.

One writer appends, any number of readers look: the published count is written last, and a column that has to grow is
replaced by a longer copy, so an array that a reader already holds stays right for the rows it knew. Nothing here knows
what the numbers mean; `wire/` writes them, and DECODED_COLUMNS and ASSIGNED_COLUMNS say what they are.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from netviz.model.frames import Buffer, FrameBatch

FRAME_COLUMNS: Final[dict[str, str]] = {
    "time": "i8",  # nanoseconds since the epoch
    "offset": "i8",  # of the frame in its buffer
    "buffer": "i4",  # index into PacketTable.buffers
    "captured": "i4",  # bytes captured
    "length": "i4",  # bytes on the wire
    "link_type": "u2",
    "interface": "u2",
}
"""Written from the FrameBatch: name -> dtype."""

DECODED_COLUMNS: Final[dict[str, str]] = {
    "protocol": "u1",  # model.protocols.Protocol: the highest that this packet's own bytes show
    "ethertype": "u2",  # of the innermost network layer, 0 where there is none
    "network_offset": "i4",  # of the innermost IP (or ARP) header in the frame, -1 where there is none
    "transport_offset": "i4",  # of the transport (or ICMP) header in the frame, -1 where there is none
    "payload_offset": "i4",  # of what the transport header carries, in the frame, -1 where there is none
    "payload_length": "i4",  # bytes of it on the wire, by the IP header's length; may pass what was captured
    "ip_protocol": "u1",  # number in the IP header (or last IPv6 header), 255 where there is none
    "source_port": "u2",
    "destination_port": "u2",
    "flags": "u2",  # TCP: the 12 bits after the data offset; ICMP: type << 8 | code
    "seq": "u4",
    "ack": "u4",
    "window": "u2",  # as in the header, not scaled
    "fragment": "u1",  # model.protocols.Fragment
    "broken": "u1",  # model.protocols.Broken: why decoding stopped early, 0 where it did not
}
"""Written by wire.decode from the bytes of the batch alone: name -> dtype."""

ASSIGNED_COLUMNS: Final[dict[str, str]] = {
    "flow": "i4",  # number of the 5-tuple (wire.flows), -1 where the packet has none
    "side": "i1",  # 0: sent by the endpoint that sent the flow's first packet, 1: by the other
    "connection": "i4",  # tcp connection id, -1 where the packet is no TCP segment
}
"""Written after decoding, with what is carried from batch to batch: name -> dtype."""

COLUMNS: Final[dict[str, str]] = {**FRAME_COLUMNS, **DECODED_COLUMNS, **ASSIGNED_COLUMNS}

Columns = dict[str, npt.NDArray[np.generic]]
"""Column name -> array of shape (n,), with the dtypes of COLUMNS."""

_FIRST_CAPACITY = 4096


class PacketTable:
    """All packets of a capture, as columns. `table["seq"]` is the column up to the published count."""

    def __init__(self) -> None:
        self.buffers: list[Buffer] = []
        self.comments: dict[int, str] = {}
        """Row -> packet comment as written (not yet safe)."""
        self.marked: frozenset[int] = frozenset()
        """Rows that the user has marked; replaced as a whole, never changed."""
        self.reassembled: dict[int, bytes] = {}
        """Row of the fragment that completed a datagram -> the whole transport datagram (header and payload)."""
        self._arrays = {name: np.empty(_FIRST_CAPACITY, dtype) for name, dtype in COLUMNS.items()}
        self._capacity = _FIRST_CAPACITY
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, name: str) -> npt.NDArray[np.integer[Any]]:
        """The column, shape (len(self),), to be read only."""
        count = self._count
        column: npt.NDArray[np.integer[Any]] = self._arrays[name][:count]
        return column

    def value(self, name: str, row: int) -> int:
        """One number as a Python int."""
        return int(self._arrays[name][row])

    def append(self, batch: FrameBatch, columns: Columns) -> int:
        """Append a batch and its decoded and assigned columns; returns the row of its first packet."""
        first, count = self._count, len(batch)
        self._reserve(first + count)
        if not self.buffers or self.buffers[-1] is not batch.buffer:
            self.buffers.append(batch.buffer)
        rows = slice(first, first + count)
        self._arrays["buffer"][rows] = len(self.buffers) - 1
        for name, values in (
            ("time", batch.times),
            ("offset", batch.offsets),
            ("captured", batch.captured),
            ("length", batch.lengths),
            ("link_type", batch.link_types),
            ("interface", batch.interfaces),
            *columns.items(),
        ):
            self._arrays[name][rows] = values
        for index, text in batch.comments.items():
            self.comments[first + index] = text
        self._count = first + count
        return first

    def frame(self, row: int) -> bytes:
        """Copy of the captured bytes of one packet."""
        start = self.value("offset", row)
        return bytes(self.buffers[self.value("buffer", row)][start : start + self.value("captured", row)])

    def payload(self, row: int) -> bytes:
        """What the transport header of this packet carries, as far as captured (or as reassembled from fragments)."""
        start, length = self.value("payload_offset", row), self.value("payload_length", row)
        whole = self.reassembled.get(row)
        if whole is not None:
            return whole[start : start + length]
        if start < 0:
            return b""
        return self.frame(row)[start : start + length]

    def addresses(self, row: int) -> tuple[bytes, bytes]:
        """Source and destination as bytes: 4 (IPv4, or ARP's protocol addresses), 16 (IPv6), 6 (MAC), or empty."""
        frame, network = self.frame(row), self.value("network_offset", row)
        ethertype = self.value("ethertype", row)
        if network >= 0 and ethertype == 0x0800:
            return frame[network + 12 : network + 16], frame[network + 16 : network + 20]
        if network >= 0 and ethertype == 0x86DD:
            return frame[network + 8 : network + 24], frame[network + 24 : network + 40]
        if self.value("link_type", row) == 1 and len(frame) >= 12:
            return frame[6:12], frame[0:6]
        return b"", b""

    def _reserve(self, rows: int) -> None:
        if rows <= self._capacity:
            return
        while self._capacity < rows:
            self._capacity *= 2
        for name, old in self._arrays.items():
            longer = np.empty(self._capacity, old.dtype)
            longer[: self._count] = old[: self._count]
            self._arrays[name] = longer
