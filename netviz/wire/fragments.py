"""IP fragments put together (RFC 791 section 3.2, RFC 8200 section 4.5), whatever batches they come in. Bounded.

Where fragments overlap, the bytes that came first stay: one rule for all, though receivers differ and RFC 5722 has IPv6
receivers drop the datagram. A fragment that was not captured whole can not be used. Knows no transport header: the
datagram that is complete goes through `decode` like any other bytes.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from netviz.model.frames import FrameBatch
from netviz.model.limits import LimitCounter, Limits
from netviz.model.packets import Columns
from netviz.model.protocols import Fragment
from netviz.wire.decode import decode_datagrams
from netviz.wire.network import IPV6_EXTENSIONS, IPV6_FRAGMENT

_LONGEST_DATAGRAM: Final = 0xFFFF
_PIECE_COST: Final = 64
"""What keeping one piece costs beyond its bytes: many tiny fragments must not be cheap."""

_NANOSECONDS: Final = 1_000_000_000


class FragmentPart(NamedTuple):
    """What one fragment brings of its datagram."""

    key: bytes
    """Equal for all fragments of a datagram: addresses, identification, and the protocol for IPv4."""

    ip_protocol: int
    offset: int
    more: bool
    content: bytes


@dataclass(slots=True)
class _Datagram:
    """A datagram that waits for fragments. Pieces never overlap."""

    time: int
    """Of the fragment that came first, in nanoseconds since the epoch."""

    starts: list[int] = field(default_factory=list)
    pieces: dict[int, bytes] = field(default_factory=dict)
    covered: int = 0
    length: int | None = None
    """Known once the last fragment has come."""

    ip_protocol: int | None = None
    """As the first fragment says: for IPv6, another's may differ."""

    def cost(self) -> int:
        return self.covered + _PIECE_COST * len(self.starts)

    def add(self, part: FragmentPart) -> None:
        """Keep what is new of a fragment."""
        end = part.offset + len(part.content)
        if not part.more and self.length is None:
            self.length = end
        if part.offset == 0 and self.ip_protocol is None:
            self.ip_protocol = part.ip_protocol
        at = part.offset
        for start, stop in self._holes(at, end if self.length is None else min(end, self.length)):
            self.pieces[start] = part.content[start - at : stop - at]
            insort(self.starts, start)
            self.covered += stop - start

    def _holes(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of start..end that no piece covers."""
        holes = []
        for index in range(max(bisect_left(self.starts, start) - 1, 0), len(self.starts)):
            piece = self.starts[index]
            if piece >= end:
                break
            if piece > start:
                holes.append((start, piece))
            start = max(start, piece + len(self.pieces[piece]))
        if start < end:
            holes.append((start, end))
        return holes

    def whole(self) -> bytes | None:
        """The datagram, if nothing of it is missing. What lies behind its last fragment is not part of it."""
        if self.length is None or self.covered < self.length or self.ip_protocol is None or self._holes(0, self.length):
            return None
        return b"".join(self.pieces[start] for start in self.starts)[: self.length]


class Reassembler:
    """Carries fragments from batch to batch; the oldest datagram goes when a bound is reached."""

    def __init__(self, limits: Limits, counter: LimitCounter) -> None:
        self._limits = limits
        self._counter = counter
        self._waiting: OrderedDict[bytes, _Datagram] = OrderedDict()
        self._cost = 0

    def feed(self, batch: FrameBatch, columns: Columns, first_row: int) -> dict[int, bytes]:
        """Row (`first_row` is the batch's first) -> the datagram complete there: transport header and payload.

        The columns of such a row become those of the whole datagram, offsets counted in it, and Fragment.COMPLETED.
        """
        completed: dict[int, tuple[bytes, int]] = {}
        for index in np.flatnonzero(columns["fragment"] != Fragment.WHOLE).tolist():
            place = int(columns["network_offset"][index]), int(columns["ethertype"][index])
            part = fragment_part(batch.frame(index), *place)
            if part is not None:
                done = self._take(part, int(batch.times[index]))
                if done is not None:
                    completed[index] = done
        if completed:
            _complete(columns, list(completed), list(completed.values()))
        return {first_row + index: whole for index, (whole, _) in completed.items()}

    def _take(self, part: FragmentPart, time: int) -> tuple[bytes, int] | None:
        datagram = self._datagram(part.key, time)
        self._cost -= datagram.cost()
        datagram.add(part)
        self._cost += datagram.cost()
        whole = datagram.whole()
        if whole is None or datagram.ip_protocol is None:
            self._bound()
            return None
        self._drop(part.key)
        return whole, datagram.ip_protocol

    def _datagram(self, key: bytes, time: int) -> _Datagram:
        found = self._waiting.get(key)
        if found is not None and time - found.time > self._limits.fragment_seconds * _NANOSECONDS:
            self._counter.hit("fragment_seconds")
            self._drop(key)
            found = None
        if found is None:
            found = self._waiting[key] = _Datagram(time)
        return found

    def _bound(self) -> None:
        while self._waiting and len(self._waiting) > self._limits.fragments_pending:
            self._counter.hit("fragments_pending")
            self._drop(next(iter(self._waiting)))
        while self._waiting and self._cost > self._limits.fragment_bytes:
            self._counter.hit("fragment_bytes")
            self._drop(next(iter(self._waiting)))

    def _drop(self, key: bytes) -> None:
        self._cost -= self._waiting.pop(key).cost()


_OWN_COLUMNS: Final = ("ethertype", "network_offset", "fragment")


def _complete(columns: Columns, indexes: list[int], done: list[tuple[bytes, int]]) -> None:
    decoded = decode_datagrams([whole for whole, _ in done], [ip_protocol for _, ip_protocol in done])
    for name, values in decoded.items():
        if name not in _OWN_COLUMNS:
            columns[name][indexes] = values
    columns["fragment"][indexes] = Fragment.COMPLETED


def fragment_part(frame: bytes, network: int, ethertype: int) -> FragmentPart | None:
    """What a fragment brings, None where it was not captured whole or can not be part of a datagram."""
    found = _ipv4_part(frame[network:]) if ethertype == 0x0800 else _ipv6_part(frame[network:])
    if found is not None and found.more and len(found.content) % 8:
        # Offsets count units of 8 bytes: what is over, receivers leave out.
        found = found._replace(content=found.content[: len(found.content) // 8 * 8])
    if found is None or not found.content or found.offset + len(found.content) > _LONGEST_DATAGRAM:
        return None
    return found


def _ipv4_part(packet: bytes) -> FragmentPart | None:
    header, total = (packet[0] & 15) * 4, int.from_bytes(packet[2:4])
    end = total or len(packet)
    if end > len(packet):
        return None
    flags = int.from_bytes(packet[6:8])
    key = packet[12:20] + packet[4:6] + packet[9:10]
    return FragmentPart(key, packet[9], (flags & 0x1FFF) * 8, bool(flags & 0x2000), packet[header:end])


def _ipv6_part(packet: bytes) -> FragmentPart | None:
    length = int.from_bytes(packet[4:6])
    end = 40 + length if length else len(packet)
    if end > len(packet):
        return None
    following, at = packet[6], 40
    while following in IPV6_EXTENSIONS:
        following, at = packet[at], at + (packet[at + 1] + 1) * 8
    if following != IPV6_FRAGMENT:
        return None
    fragment = int.from_bytes(packet[at + 2 : at + 4])
    key = packet[8:40] + packet[at + 4 : at + 8]
    return FragmentPart(key, packet[at], fragment & 0xFFF8, bool(fragment & 1), packet[at + 8 : end])
