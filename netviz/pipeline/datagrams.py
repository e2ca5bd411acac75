"""UDP conversations: datagrams between two endpoints, without any state, since UDP keeps none.

Found from the columns when first asked for; what one conversation's datagrams say (requests, replies, ICMP errors about
them) is worked out when somebody looks at it. Conversations count from 0 in order of appearance, as tshark's udp.stream.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.endpoint import Endpoint
from netviz.model.limits import LimitCounter, Limits
from netviz.model.packets import PacketTable
from netviz.model.protocols import Protocol
from netviz.pipeline.replies import BYTES_READ, Heard, Pair, paired
from netviz.pipeline.rows import RowIndex
from netviz.wire.flows import FlowTable
from netviz.wire.quoted import QuotedDatagram, error_rows, quoted_datagram

_UDP: Final = 17
_KEPT: Final = 256
_LOOKED_BACK: Final = 256
"""Datagrams before an ICMP error among which the one that it quotes is looked for."""
_ALL_THREE: Final = 3
_ACROSS: Final = (Protocol.DHCP, Protocol.DHCPV6)
"""Protocols whose reply comes from, or goes to, another address than the request had: they pair across conversations."""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class UdpConversation:
    """Two endpoints that sent each other datagrams. The grouping is netviz's own: no field of UDP makes it."""

    id: int
    flow: int
    one: Endpoint
    """Who sent the first datagram: side 0."""

    other: Endpoint
    rows: Ints
    """Rows of its datagrams, ascending."""

    errors: Ints
    """Rows of the ICMP errors that quote one of them, ascending."""

    entries: Ints
    """Both, ascending."""

    @property
    def first_packet(self) -> int:
        """Number of the first datagram's packet."""
        return int(self.rows[0]) + 1

    @property
    def last_packet(self) -> int:
        """Number of the last packet, datagram or ICMP error."""
        return int(self.entries[-1]) + 1

    def upto(self, packet: int) -> int:
        """How many of the entries come at or before a packet number."""
        return int(np.searchsorted(self.entries, packet))


class Datagram(NamedTuple):
    """One datagram as of a packet."""

    packet: int
    time: int
    """Nanoseconds since the epoch."""

    side: int
    payload: int
    """Bytes that it carries, on the wire."""

    size: int
    """Bytes of the whole packet on the wire."""

    protocol: int
    pair: Pair | None
    """Its place in an exchange, where its protocol tells or a guess can be made."""

    refused: int | None
    """The ICMP error that quotes it."""


class Volume(NamedTuple):
    """What one side sent as of a packet."""

    datagrams: int
    payload: int
    bytes: int
    """On the wire."""


class Datagrams:
    """The UDP conversations of one capture."""

    def __init__(self, packets: PacketTable, flows: FlowTable, limits: Limits, counter: LimitCounter) -> None:
        self._packets = packets
        self._flows = flows
        self._limits = limits
        self._counter = counter
        self._index = RowIndex(packets, "flow")
        self._numbers: list[int] = []
        self._first_rows = np.empty(0, np.int64)
        self._seen_flows = 0
        self._ids: dict[int, int] = {}
        self._kept: OrderedDict[int, UdpConversation] = OrderedDict()
        self._pairs: OrderedDict[int, tuple[int, dict[int, Pair]]] = OrderedDict()
        self._across: tuple[int, dict[int, Pair]] = (-1, {})
        self._errors: dict[int, list[int]] = {}
        """Flow -> rows of ICMP errors about it."""
        self._refused: dict[int, int] = {}
        """Packet of a datagram -> packet of the first error that quotes it."""
        self._error_of: dict[int, int] = {}
        """Packet of an error -> packet of the datagram that it quotes."""
        self._errors_seen = 0
        self._errors_read = 0
        self._hit: set[str] = set()

    # Which there are.

    def count(self, as_of: int | None = None) -> int:
        """Conversations that had appeared by packet number `as_of` (None: by the newest)."""
        self._find()
        return len(self._numbers) if as_of is None else int(np.searchsorted(self._first_rows, as_of))

    @property
    def first_rows(self) -> Ints:
        """Row of each conversation's first datagram, ascending. Shape (k,)."""
        self._find()
        return self._first_rows

    def of_row(self, row: int) -> int | None:
        """The conversation of a datagram, or the one that an ICMP error is about."""
        packets = self._packets
        if packets.value("ip_protocol", row) == _UDP:
            self._find()
            return self._ids.get(packets.value("flow", row))
        self._read_errors()
        about = self._error_of.get(row + 1)
        return None if about is None else self._ids.get(packets.value("flow", about - 1))

    def of_flow(self, flow: int) -> int | None:
        """The conversation that a flow is; None where it is no UDP."""
        self._find()
        return self._ids.get(flow)

    def _find(self) -> None:
        flows, total = self._flows, len(self._flows)
        if total == self._seen_flows:
            return
        found = [flow for flow in range(self._seen_flows, total) if flows.ip_protocol(flow) == _UDP]
        for flow in found:
            self._ids[flow] = len(self._numbers)
            self._numbers.append(flow)
        first = np.array([flows.first_row(flow) for flow in found], np.int64)
        self._first_rows = np.concatenate((self._first_rows, first))
        self._seen_flows = total

    # One of them.

    def conversation(self, number: int) -> UdpConversation:
        """One conversation with all its datagrams so far."""
        self._find()
        self._read_errors()
        flow = self._numbers[number]
        rows = self._index.rows(flow)
        errors = np.array(self._errors.get(flow, []), np.int64)
        known = self._kept.get(number)
        if known is None or len(known.entries) != len(rows) + len(errors):
            entries = np.sort(np.concatenate((rows, errors))) if len(errors) else rows
            known = self._kept[number] = UdpConversation(
                number, flow, *self._flows.endpoints(flow), rows, errors, entries
            )
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(number)
        return known

    def volumes(self, conversation: UdpConversation, as_of: int) -> tuple[Volume, Volume]:
        """What each side had sent by packet number `as_of`."""
        rows = conversation.rows[: int(np.searchsorted(conversation.rows, as_of))]
        sides = self._packets["side"][rows]
        payload, size = (self._packets[name][rows].astype(np.int64) for name in ("payload_length", "length"))
        by_side = (sides == 0, sides == 1)
        found = [Volume(int(mine.sum()), int(payload[mine].sum()), int(size[mine].sum())) for mine in by_side]
        return found[0], found[1]

    def datagram(self, conversation: UdpConversation, row: int, as_of: int) -> Datagram:
        """One datagram of a conversation, with what was known of it at a packet."""
        packets, packet = self._packets, row + 1
        pair = self._pair(conversation, packet)
        if pair is not None and pair.answered is not None and pair.answered > as_of:
            pair = pair._replace(answered=None) if pair.tie != "ports" else None
        refused = self._refused.get(packet)
        return Datagram(
            packet,
            packets.value("time", row),
            packets.value("side", row),
            packets.value("payload_length", row),
            packets.value("length", row),
            packets.value("protocol", row),
            pair,
            refused if refused is not None and refused <= as_of else None,
        )

    def asked_again(self, conversation: UdpConversation, as_of: int) -> list[int]:
        """Packets up to `as_of` in which the program sent a request once more."""
        if not len(conversation.rows):
            return []
        protocol = self._packets.value("protocol", int(conversation.rows[0]))
        self._pair(conversation, conversation.first_packet)
        pairs = self._across_pairs() if protocol in _ACROSS else self._pairs[conversation.flow][1]
        mine = set((conversation.rows[: self._limits.datagrams_paired] + 1).tolist()) if protocol in _ACROSS else pairs
        return [
            packet
            for packet, pair in pairs.items()
            if pair.asked_before is not None and packet <= as_of and packet in mine
        ]

    def asked_before(self, packet: int) -> int | None:
        """The packet that sent the same request before this one did."""
        number = self.of_row(packet - 1)
        pair = None if number is None else self._pair(self.conversation(number), packet)
        return pair.asked_before if pair is not None else None

    def quoted(self, packet: int) -> int | None:
        """The datagram's packet that an ICMP error quotes."""
        self._read_errors()
        return self._error_of.get(packet)

    # Requests and replies.

    def _pair(self, conversation: UdpConversation, packet: int) -> Pair | None:
        if self._packets.value("protocol", packet - 1) in _ACROSS:
            return self._across_pairs().get(packet)
        count = min(len(conversation.rows), self._limits.datagrams_paired)
        known = self._pairs.get(conversation.flow)
        if known is None or known[0] != count:
            if count < len(conversation.rows):
                self._bound_hit("datagrams_paired")
            heard = [self._heard(row, self._packets.value("side", row)) for row in conversation.rows[:count].tolist()]
            known = self._pairs[conversation.flow] = count, paired(heard)
            if len(self._pairs) > _KEPT:
                self._pairs.popitem(last=False)
        self._pairs.move_to_end(conversation.flow)
        return known[1].get(packet)

    def _across_pairs(self) -> dict[int, Pair]:
        count = len(self._packets)
        if self._across[0] != count:
            rows = np.flatnonzero(np.isin(self._packets["protocol"][:count], _ACROSS))
            if len(rows) > self._limits.datagrams_paired:
                self._bound_hit("datagrams_paired")
                rows = rows[: self._limits.datagrams_paired]
            heard = [self._heard(row, self._packets.value("source_port", row)) for row in rows.tolist()]
            self._across = count, paired(heard)
        return self._across[1]

    def _heard(self, row: int, sender: object) -> Heard:
        packets = self._packets
        ports = packets.value("source_port", row), packets.value("destination_port", row)
        return Heard(row + 1, sender, packets.value("protocol", row), ports, packets.payload(row)[:BYTES_READ])

    # ICMP errors.

    def _read_errors(self) -> None:
        count = len(self._packets)
        if count == self._errors_seen:
            return
        for row in error_rows(self._packets, self._errors_seen, count):
            if self._errors_read >= self._limits.icmp_errors_read:
                self._bound_hit("icmp_errors_read")
                break
            self._errors_read += 1
            quoted = quoted_datagram(self._packets, row)
            if quoted is not None:
                self._note(quoted)
        self._errors_seen = count

    def _note(self, quoted: QuotedDatagram) -> None:
        found = self._flows.find(quoted.source, quoted.destination, _UDP)
        if found is None:
            return
        flow, side = found
        rows = self._index.rows(flow)
        rows = rows[: int(np.searchsorted(rows, quoted.row))][-_LOOKED_BACK:]
        row = self._sent(rows[self._packets["side"][rows] == side], quoted)
        if row is None:
            return
        self._errors.setdefault(flow, []).append(quoted.row)
        self._refused.setdefault(row + 1, quoted.row + 1)
        self._error_of[quoted.row + 1] = row + 1

    def _sent(self, rows: Ints, quoted: QuotedDatagram) -> int | None:
        """The datagram that is quoted: the latest that shares most of its length, checksum and IP identification."""
        best, agreed = None, 0
        for row in rows[::-1].tolist():
            header = self._packets.frame(row)
            at, network = self._packets.value("transport_offset", row), self._packets.value("network_offset", row)
            same = self._packets.value("payload_length", row) == quoted.length - 8
            alike = same + (header[at + 6 : at + 8] == quoted.checksum.to_bytes(2, "big"))
            alike += header[network + 4 : network + 6] == (quoted.identification or 0).to_bytes(2, "big")
            if alike > agreed:
                best, agreed = row, alike
            if agreed == _ALL_THREE:
                break
        return best

    def _bound_hit(self, name: str) -> None:
        if name not in self._hit:
            self._hit.add(name)
            self._counter.hit(name)
