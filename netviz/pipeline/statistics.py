"""What a capture holds, counted as of any packet: protocols, endpoints, conversations, lengths, rates, TCP beside UDP.

Everything is summed from columns with numpy. Sums up to round packet numbers are kept, so that moving through a million
packets adds a few thousand rows at a time. Knows numbers, not names: `pipeline.stack` has those.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.endpoint import Endpoint
from netviz.model.packets import PacketTable
from netviz.model.protocols import FIN, RST, SYN
from netviz.pipeline.prefix import Ints, Prefix, sums_by
from netviz.pipeline.store import Store

TIME_BINS: Final = 4096
"""Intervals into which the time of a capture is cut; a drawing adds neighbours up."""
LENGTH_EDGES: Final = (20, 40, 80, 160, 320, 640, 1280, 2560, 5120)
"""Packet lengths are counted below each, and from the last one on, as tshark's `plen,tree` does."""
TRANSPORTS: Final = (6, 17)
"""IP protocol numbers that stand beside each other: TCP, UDP."""
_ARP: Final = 0x0806
_ETHERTYPES: Final = (0x0800, 0x86DD, _ARP)
_PROTOCOLS: Final = 64
_IP_PROTOCOLS: Final = 256


class Stack(NamedTuple):
    """What packets of one kind have in each layer, lowest first, as the packet table numbers it."""

    link_type: int
    ethertype: int
    """0 where it is none of IPv4, IPv6 and ARP."""
    ip_protocol: int
    protocol: int
    packets: int
    bytes: int


class Transport(NamedTuple):
    """One transport protocol's share."""

    packets: int
    bytes: int
    headers: int
    """Bytes of its own headers."""
    payload: int
    """Bytes that it carried."""
    empty: int
    """Packets that carried nothing: SYN, FIN and bare acknowledgements."""
    flows: int


class Layers(NamedTuple):
    """Bytes on the wire by the layer that they belong to."""

    link: int
    network: int
    transport: int
    application: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """Numbers of many rows of a table; arrays of shape (k,), in order of appearance."""

    sent_packets: Ints
    sent_bytes: Ints
    received_packets: Ints
    received_bytes: Ints

    @property
    def packets(self) -> Ints:
        """Both ways."""
        return self.sent_packets + self.received_packets

    @property
    def bytes(self) -> Ints:
        """Both ways."""
        return self.sent_bytes + self.received_bytes


@dataclass(frozen=True, slots=True)
class Conversations:
    """Flows that had appeared, by their number in `numbers`; side 0 is who sent first."""

    numbers: Ints
    traffic: Traffic
    first_row: Ints
    last_row: Ints


class _Some:
    """Chosen rows of the packet table as a table of their own."""

    def __init__(self, packets: PacketTable, rows: Ints) -> None:
        self._packets, self._rows = packets, rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self._packets[name][self._rows]


class Statistics:
    """The counts of one store, or of chosen rows of it. Cheap to make; what it works out is kept.

    "The first `count` packets" are those of the store, or of the chosen ones; rows count among the same.
    """

    def __init__(self, store: Store, rows: Ints | None = None) -> None:
        self._store = store
        self._packets: PacketTable | _Some = store.packets if rows is None else _Some(store.packets, rows)
        self._rows = rows
        self._links: list[int] = []
        self._ethertype_code = np.zeros(1 << 16, np.uint8)
        for code, number in enumerate(_ETHERTYPES, 1):
            self._ethertype_code[number] = code
        self._stacks = Prefix(self._stack_part)
        self._flows = Prefix(self._flow_part)
        self._lengths = Prefix(self._length_part)
        self._transports = Prefix(self._transport_part)
        self._layers = Prefix(self._layer_part)
        self._rates = Prefix(self._rate_part)
        self._rates_of = (0, 0, 0)
        self._address_of = np.empty(0, np.int64)
        self._addresses: dict[str, int] = {}
        self._endpoints: list[Endpoint] = []
        self._flow_protocol = np.empty(0, np.int64)
        self._known: dict[str, tuple[int, Any]] = {}

    def __len__(self) -> int:
        return len(self._packets)

    def packet(self, row: int) -> int:
        """The packet's number in the capture."""
        return row + 1 if self._rows is None else int(self._rows[row]) + 1

    def time(self, row: int) -> int:
        """Nanoseconds since the epoch."""
        return int(self._packets["time"][row])

    def stacks(self, count: int) -> list[Stack]:
        """Every combination of protocols among the first `count` packets."""
        sums = self._once("stacks", count, self._stacks.upto)
        found = []
        for code in np.flatnonzero(sums[:, 0]).tolist():
            rest, protocol = divmod(code, _PROTOCOLS)
            rest, ip_protocol = divmod(rest, _IP_PROTOCOLS)
            link, ethertype = divmod(rest, len(_ETHERTYPES) + 1)
            packets, size = sums[code].tolist()
            number = _ETHERTYPES[ethertype - 1] if ethertype else 0
            found.append(Stack(self._links[link], number, ip_protocol, protocol, packets, size))
        return found

    def first_row(self, stack: Stack, count: int) -> int | None:
        """Row of the first packet of a combination."""
        return self._first_row(stack[:4], count)

    def conversations(self, count: int) -> Conversations:
        """Flows among the first `count` packets."""
        return self._once("conversations", count, self._conversations)  # type: ignore[no-any-return]

    def endpoints(self, count: int) -> tuple[list[str], Traffic, Ints]:
        """Addresses among the first `count` packets with their traffic, and the first row of each."""
        return self._once("endpoints", count, self._by_address)  # type: ignore[no-any-return]

    def ends(self, flow: int) -> tuple[Endpoint, Endpoint]:
        """Who sent first, and the other one."""
        self._name_flows()
        return self._endpoints[2 * flow], self._endpoints[2 * flow + 1]

    def ip_protocol(self, flow: int) -> int:
        """IP protocol number of a flow."""
        return int(self._protocols()[flow])

    def lengths(self, count: int) -> tuple[Ints, int, int, float]:
        """Packets below each of LENGTH_EDGES and from the last one on; the least, the greatest and the mean length."""
        lengths = self._packets["length"][:count]
        counted = self._once("lengths", count, self._lengths.upto)
        if not count:
            return counted, 0, 0, 0.0
        return counted, int(lengths.min()), int(lengths.max()), float(lengths.mean(dtype=np.float64))

    def transports(self, count: int) -> dict[int, Transport]:
        """TCP and UDP beside each other, by IP protocol number."""
        sums = self._once("transports", count, self._transports.upto)
        flows = self.conversations(count).numbers
        protocols = self._protocols()[flows]
        return {
            number: Transport(*[*map(int, sums[index]), int((protocols == number).sum())])
            for index, number in enumerate(TRANSPORTS)
        }

    def layers(self, count: int) -> Layers:
        """Bytes of the first `count` packets by layer."""
        return Layers(*self._once("layers", count, self._layers.upto).tolist())

    def marks(self, count: int) -> dict[int, int]:
        """TCP segments with SYN, FIN and RST among the first `count` packets, by flag."""
        flags = self._packets["flags"][:count][self._packets["ip_protocol"][:count] == 6]
        counted = np.bincount(flags & 7, minlength=8)
        return {bit: int(sum(counted[value] for value in range(8) if value & bit)) for bit in (SYN, FIN, RST)}

    def rates(self, count: int) -> tuple[int, int, Ints]:
        """Start and length of an interval in ns, and packets and bytes in each: shape (TIME_BINS, 2).

        The intervals reach over all packets that have come, so that they stay where they are from packet to packet.
        """
        times = self._packets["time"]
        total = len(times)
        if self._rates_of[0] != total:
            first, last = (int(times.min()), int(times.max())) if total else (0, 0)
            self._rates_of = total, first, max(-(-(last - first + 1) // TIME_BINS), 1)
            self._rates = Prefix(self._rate_part)
            self._known.pop("rates", None)
        return self._rates_of[1], self._rates_of[2], self._once("rates", count, self._rates.upto)

    def _once(self, name: str, count: int, work: Callable[[int], Any]) -> Any:
        known = self._known.get(name)
        if known is None or known[0] != count:
            known = self._known[name] = count, work(count)
        return known[1]

    # What runs of rows contribute.

    def _code(self, first: int, stop: int) -> Ints:
        packets = self._packets
        links = packets["link_type"][first:stop]
        index = np.zeros(len(links), np.int64)
        seen = [int(links[0])] if len(links) and (links == links[0]).all() else np.unique(links).tolist()
        for number in seen:
            if number not in self._links:
                self._links.append(number)
            index[links == number] = self._links.index(number)
        code = index * (len(_ETHERTYPES) + 1) + self._ethertype_code[packets["ethertype"][first:stop]]
        code = code * _IP_PROTOCOLS + packets["ip_protocol"][first:stop]
        whole: Ints = code * _PROTOCOLS + np.minimum(packets["protocol"][first:stop], _PROTOCOLS - 1)
        return whole

    def _stack_part(self, first: int, stop: int) -> Ints:
        return sums_by(self._code(first, stop), self._packets["length"][first:stop])

    def _flow_part(self, first: int, stop: int) -> Ints:
        packets = self._packets
        flows = packets["flow"][first:stop].astype(np.int64)
        inside = flows >= 0
        codes = flows[inside] * 2 + packets["side"][first:stop][inside]
        return sums_by(codes, packets["length"][first:stop][inside], least=2)

    def _length_part(self, first: int, stop: int) -> Ints:
        places = np.searchsorted(np.array(LENGTH_EDGES), self._packets["length"][first:stop], side="right")
        counted: Ints = np.bincount(places, minlength=len(LENGTH_EDGES) + 1).astype(np.int64)
        return counted

    def _transport_part(self, first: int, stop: int) -> Ints:
        packets = self._packets
        found = []
        for number in TRANSPORTS:
            at = np.flatnonzero(packets["ip_protocol"][first:stop] == number) + first
            carried = packets["payload_length"][at].astype(np.int64)
            whole = packets["payload_offset"][at] >= 0
            headers = np.where(whole, packets["payload_offset"][at] - packets["transport_offset"][at], 0)
            sizes = packets["length"][at]
            found.append([len(at), sizes.sum(), headers.sum(), np.maximum(carried, 0).sum(), (carried <= 0).sum()])
        return np.array(found, np.int64)

    def _layer_part(self, first: int, stop: int) -> Ints:
        packets = self._packets
        length = packets["length"][first:stop].astype(np.int64)
        edges = [np.zeros_like(length)]
        # ARP has no network header: it belongs to the link layer (RFC 1122 section 2.3.2).
        is_arp = packets["ethertype"][first:stop] == _ARP
        for name in ("network_offset", "transport_offset", "payload_offset"):
            offset = np.where(is_arp, -1, packets[name][first:stop])
            edges.append(np.maximum(np.where(offset >= 0, np.minimum(offset, length), length), edges[-1]))
        return np.array([part.sum() for part in np.diff(np.stack([*edges, length]), axis=0)], np.int64)

    def _rate_part(self, first: int, stop: int) -> Ints:
        packets = self._packets
        _, start, width = self._rates_of
        places = np.clip((packets["time"][first:stop] - start) // width, 0, TIME_BINS - 1)
        return sums_by(places, packets["length"][first:stop], least=TIME_BINS)

    # Flows and addresses.

    def _conversations(self, count: int) -> Conversations:
        sums = self._flows.upto(count)
        if len(sums) % 2:
            sums = np.concatenate((sums, np.zeros((1, 2), np.int64)))
        by_side = sums.reshape(-1, 2, 2)
        numbers = np.flatnonzero(by_side[:, :, 0].sum(axis=1))
        sides = by_side[numbers]
        traffic = Traffic(sides[:, 0, 0], sides[:, 0, 1], sides[:, 1, 0], sides[:, 1, 1])
        flows = self._packets["flow"][:count]
        first, last = np.zeros((2, len(by_side) + 1), np.int64)
        # Where a flow comes again, what is written later stays; -1 goes to the place behind all.
        last[flows] = np.arange(count)
        first[flows[::-1]] = np.arange(count)[::-1]
        return Conversations(numbers, traffic, first[numbers], last[numbers])

    def _by_address(self, count: int) -> tuple[list[str], Traffic, Ints]:
        self._name_flows()
        found = self.conversations(count)
        one, other = self._address_of[2 * found.numbers], self._address_of[2 * found.numbers + 1]
        sides = found.traffic
        whole = len(self._addresses)

        def summed(at_one: Ints, at_other: Ints) -> Ints:
            ends, sizes = np.concatenate((one, other)), np.concatenate((at_one, at_other))
            return np.bincount(ends, weights=sizes, minlength=whole).astype(np.int64)

        traffic = Traffic(
            summed(sides.sent_packets, sides.received_packets),
            summed(sides.sent_bytes, sides.received_bytes),
            summed(sides.received_packets, sides.sent_packets),
            summed(sides.received_bytes, sides.sent_bytes),
        )
        first = np.full(whole, count, np.int64)
        np.minimum.at(first, one, found.first_row)
        np.minimum.at(first, other, found.first_row)
        seen = np.flatnonzero(traffic.packets)
        names = list(self._addresses)
        cut = Traffic(*(getattr(traffic, name)[seen] for name in Traffic.__dataclass_fields__))
        return [names[index] for index in seen.tolist()], cut, first[seen]

    def _protocols(self) -> Ints:
        self._name_flows()
        return self._flow_protocol

    def _name_flows(self) -> None:
        """Write down the ends of flows that are new."""
        flows = self._store.flows
        known, total = len(self._flow_protocol), len(flows)
        if known == total:
            return
        for flow in range(known, total):
            self._endpoints.extend(flows.endpoints(flow))
        protocols = [flows.ip_protocol(flow) for flow in range(known, total)]
        self._flow_protocol = np.concatenate((self._flow_protocol, np.array(protocols, np.int64)))
        numbers = [
            self._addresses.setdefault(end.address, len(self._addresses)) for end in self._endpoints[2 * known :]
        ]
        self._address_of = np.concatenate((self._address_of, np.array(numbers, np.int64)))

    def _first_row(self, kind: tuple[int, ...], count: int) -> int | None:
        packets = self._packets
        link, ethertype, ip_protocol, protocol = kind
        wanted = (packets["link_type"][:count] == link) & (packets["protocol"][:count] == protocol)
        wanted &= packets["ip_protocol"][:count] == ip_protocol
        code = _ETHERTYPES.index(ethertype) + 1 if ethertype else 0
        wanted &= self._ethertype_code[packets["ethertype"][:count]] == code
        return int(wanted.argmax()) if wanted.any() else None


@lru_cache(maxsize=2)
def statistics_of(store: Store) -> Statistics:
    """The counts of a store; the same object each time."""
    return Statistics(store)
