"""DNS lookups: each query with the response that answers it, by conversation and transaction id (RFC 1035 section 4.1.1).

Found a packet at a time as packets come; a message is taken apart when somebody looks at it. As of a packet.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import numpy as np

from netviz.model.endpoint import Endpoint
from netviz.model.protocols import Protocol
from netviz.pipeline.store import Store
from netviz.wire.dns_sections import DnsSections, sections

_TCP: Final = 6
_KEPT: Final = 4096


@dataclass(slots=True, eq=False)
class Lookup:
    """A question and its answer. Either may be missing."""

    id: int
    """From 1, in order of the capture."""

    flow: int
    transaction: int
    query: int | None = None
    """Row of the query."""

    response: int | None = None
    again: list[int] = field(default_factory=list)
    """Rows at which the same was asked again before an answer came."""

    @property
    def first(self) -> int:
        """Row with which it became known."""
        return self.query if self.query is not None else self.response or 0


@dataclass(frozen=True, slots=True)
class ReadLookup:
    """A lookup taken apart."""

    lookup: Lookup
    client: Endpoint
    server: Endpoint
    transport: str
    """`UDP` or `TCP`."""

    query: DnsSections | None
    response: DnsSections | None
    seconds: float | None
    """From the newest query to the response."""

    @property
    def name(self) -> str:
        """What is asked for; empty where the message can not be read."""
        return self._question[0]

    @property
    def type(self) -> str:
        """Type of record that is asked for."""
        return self._question[1]

    @property
    def _question(self) -> tuple[str, str]:
        for message in (self.query, self.response):
            if message is not None and message.questions:
                return message.questions[0]
        return "", ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Addresses in the answer, through its aliases."""
        if self.response is None:
            return ()
        return tuple(each.data for each in self.response.answers if each.type in ("A", "AAAA"))


class LookupIndex:
    """All lookups of a store so far. The same object each time: `lookups_of`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._covered = 0
        self._found: list[Lookup] = []
        self._open: dict[tuple[int, int], Lookup] = {}
        self.read = lru_cache(maxsize=_KEPT)(self._read)

    def upto(self, as_of: int) -> list[Lookup]:
        """Lookups that had begun by packet `as_of`, in order."""
        self._cover()
        return self._found[: bisect_right(self._found, as_of - 1, key=lambda each: each.first)]

    def of_packet(self, packet: int) -> Lookup | None:
        """The lookup that a packet asks or answers."""
        rows = packet - 1
        near = (each for each in self.upto(packet)[::-1][:_KEPT])
        return next((each for each in near if rows in (each.query, each.response, *each.again)), None)

    def _cover(self) -> None:
        """Look at what came since."""
        packets = self._store.packets
        count = len(packets)
        if count == self._covered:
            return
        rows = np.flatnonzero(packets["protocol"][self._covered : count] == Protocol.DNS) + self._covered
        self._covered = count
        for place, row in enumerate(rows.tolist()):
            if len(self._found) >= self._store.limits.lookups:
                self._store.limit_counter.hit("lookups", len(rows) - place)
                break
            self._take(row)

    def _take(self, row: int) -> None:
        payload = dns_payload(self._store, row)
        flow = self._store.packets.value("flow", row)
        if len(payload) < 4 or flow < 0:
            return
        transaction, is_response = int.from_bytes(payload[:2]), bool(payload[2] & 0x80)
        known = self._open.get((flow, transaction))
        if known is not None and known.response is not None and is_response:
            return  # the same answer once more
        if known is None or known.response is not None:
            known = self._open[flow, transaction] = Lookup(len(self._found) + 1, flow, transaction)
            self._found.append(known)
        if is_response:
            known.response = row
        elif known.query is None:
            known.query = row
        else:
            known.again.append(row)

    def _read(self, lookup: Lookup, response: int | None) -> ReadLookup:
        """A lookup taken apart; `response` is the row of the response as far as it is to be known."""
        store = self._store
        packets = store.packets
        asked = [
            row for row in (lookup.query, *lookup.again) if row is not None and (response is None or row < response)
        ]
        first = lookup.first
        side = packets.value("side", first)
        ends = store.flows.endpoints(lookup.flow)
        asker = side if lookup.query is not None else 1 - side
        taken = None
        if response is not None and asked:
            taken = (packets.value("time", response) - packets.value("time", asked[-1])) / 1e9
        return ReadLookup(
            lookup,
            ends[asker],
            ends[1 - asker],
            "TCP" if packets.value("ip_protocol", first) == _TCP else "UDP",
            sections(dns_payload(store, lookup.query)) if lookup.query is not None else None,
            sections(dns_payload(store, response)) if response is not None else None,
            taken,
        )


def dns_payload(store: Store, row: int) -> bytes:
    """The DNS message of a packet, without the length that it has on a stream."""
    payload = store.packets.payload(row)
    return payload[2:] if store.packets.value("ip_protocol", row) == _TCP else payload


def read_lookup(store: Store, lookup: Lookup, as_of: int) -> ReadLookup:
    """A lookup as it was known at packet `as_of`."""
    known = lookup.response is not None and lookup.response < as_of
    return lookups_of(store).read(lookup, lookup.response if known else None)


@lru_cache(maxsize=2)
def lookups_of(store: Store) -> LookupIndex:
    """The lookups of a store; the same object each time."""
    return LookupIndex(store)
