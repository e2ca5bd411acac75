"""ICMP errors by the connection whose segment they quote. Found when first asked for, and further as packets come."""

from typing import NamedTuple

from netviz.model.packets import PacketTable
from netviz.tcp.assignment import ConnectionAssigner
from netviz.wire.flows import FlowTable
from netviz.wire.quoted import Quoted, error_rows, quoted_segment

_TCP = 6


class Undelivered(NamedTuple):
    """One segment that did not get through."""

    row: int
    """Of the ICMP error that says so."""

    side: int
    """Who had sent the segment."""

    seq: int
    no_route: bool


class UndeliveredSegments:
    """What ICMP errors say, connection by connection."""

    def __init__(self, packets: PacketTable, flows: FlowTable, assigner: ConnectionAssigner) -> None:
        self._packets = packets
        self._flows = flows
        self._assigner = assigner
        self._found: dict[int, list[Undelivered]] = {}
        self._covered = 0

    def of(self, connection: int) -> list[Undelivered]:
        """The errors about a connection, in the order of the capture."""
        self._cover(len(self._packets))
        return self._found.get(connection, [])

    def _cover(self, count: int) -> None:
        if count == self._covered:
            return
        for row in error_rows(self._packets, self._covered, count):
            quoted = quoted_segment(self._packets, row)
            if quoted is not None:
                self._note(quoted)
        self._covered = count

    def _note(self, quoted: Quoted) -> None:
        found = self._flows.find(quoted.source, quoted.destination, _TCP)
        if found is None:
            return
        flow, side = found
        connection = self._assigner.connection_at(flow, quoted.row)
        if connection is not None:
            undelivered = Undelivered(quoted.row, side, quoted.seq, quoted.no_route)
            self._found.setdefault(connection, []).append(undelivered)
