"""What a transport protocol cost on the packets at hand: headers, packets and round trips before the first data byte.

The same numbers of a UDP conversation and of a TCP connection, so that the two can stand beside each other. As of any
packet; from the columns alone.
"""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.pipeline.store import Store

Ints = npt.NDArray[np.int64]
_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class TransportCosts:
    """One connection's or conversation's costs. Sizes in bytes."""

    packets: int
    header_bytes: int
    """Of the transport's own headers."""

    least_header: int
    most_header: int
    payload_bytes: int
    """As sent, what was sent twice counted twice."""

    packets_without_payload: int
    packets_before_data: int | None
    """How many packets had to pass before the first payload byte was sent; None where none was sent yet."""

    before: tuple[int, ...]
    """The first few of these packets."""

    first_data: int | None
    """Packet of that byte, None where none was sent yet."""

    round_trips_before_data: int | None
    """How often the sender of that byte had to wait for the other side before."""

    before_data: int | None
    """Nanoseconds from the first packet to that byte's."""

    sent_again: tuple[int, ...]
    """Packets that repeat bytes (TCP), or a request (a program over UDP)."""

    out_of_order: int
    """Segments that came out of order, as the capture shows them; always 0 of UDP, which has no order."""

    @property
    def header_share(self) -> float | None:
        """Header bytes for each payload byte; None before the first."""
        return self.header_bytes / self.payload_bytes if self.payload_bytes else None


def udp_costs(store: Store, conversation: int, as_of: int) -> TransportCosts:
    """Of a UDP conversation."""
    found = store.datagrams.conversation(conversation)
    again = store.datagrams.asked_again(found, as_of)
    return _costs(store, found.rows, as_of, tuple(again), 0)


def tcp_costs(store: Store, connection: int, as_of: int) -> TransportCosts:
    """Of a TCP connection."""
    found = store.connection(connection)
    again: set[int] = set()
    for name in ("retransmission", "fast-retransmission", "spurious-retransmission"):
        for packets in found.analysis.get(name, {}).values():
            again.update(packets[: bisect_right(packets, as_of)])
    disordered = sum(bisect_right(packets, as_of) for packets in found.analysis.get("out-of-order", {}).values())
    return _costs(store, store.connection_rows(connection), as_of, tuple(sorted(again)), disordered)


def _costs(store: Store, rows: Ints, as_of: int, again: tuple[int, ...], disordered: int) -> TransportCosts:
    packets = store.packets
    rows = rows[: int(np.searchsorted(rows, as_of))]
    payload = np.maximum(packets["payload_length"][rows].astype(np.int64), 0)
    whole = packets["payload_offset"][rows] >= 0
    headers = (packets["payload_offset"][rows] - packets["transport_offset"][rows])[whole].astype(np.int64)
    carrying = np.flatnonzero(payload)
    first = int(carrying[0]) if len(carrying) else None
    before = rows[:first] if first is not None else rows[:0]
    sides = packets["side"][rows[: first + 1]] if first is not None else np.empty(0, np.int8)
    return TransportCosts(
        len(rows),
        int(headers.sum()),
        int(headers.min()) if len(headers) else 0,
        int(headers.max(initial=0)),
        int(payload.sum()),
        int((payload == 0).sum()),
        len(before) if first is not None else None,
        tuple((before[:_NAMED] + 1).tolist()),
        int(rows[first]) + 1 if first is not None else None,
        int((np.diff(sides) != 0).sum()) // 2 if first is not None else None,
        packets.value("time", int(rows[first])) - packets.value("time", int(rows[0])) if first is not None else None,
        again,
        disordered,
    )
