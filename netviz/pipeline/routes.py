"""Routes that traceroute found: probes whose TTL grows, and who answered each, put together again from the packets.

An ICMP error quotes the IP header that it is about and 8 bytes behind it (RFC 792; RFC 4443 section 3 quotes more): by
them it meets its probe. What no error tells of (the target's own answers) meets its probe by ports, or by the echo's
identifier and sequence number. The TTL is the one seen where it was captured. No language, no screen.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from netviz.pipeline.store import Store
from netviz.wire.gather import ByteReader

AnswerKind = Literal["time-exceeded", "unreachable", "reply"]
Key = tuple[bytes, bytes, int]
"""Source, target, IP protocol number of the probes."""

_ICMP, _TCP, _UDP, _ICMP6 = 1, 6, 17, 58
_NAMES: Final = {_ICMP: "ICMP", _TCP: "TCP", _UDP: "UDP", _ICMP6: "ICMPv6"}
_ECHO: Final = {_ICMP: (8, 0), _ICMP6: (128, 129)}
"""Types of an echo request and its reply."""

_SYN, _ACK, _RST = 2, 16, 4
_PATIENCE_NS: Final = 30_000_000_000
"""An answer is not looked for after so long."""


@dataclass(slots=True)
class Probe:
    """One packet that was sent to die on the way."""

    row: int
    time: int
    ttl: int
    sign: tuple[int, ...]
    """What its answer bears: the IP identification, ports, or the echo's numbers."""

    answer: int | None = None
    """Row of the answer."""

    answered_by: str = ""
    kind: AnswerKind | None = None
    seconds: float | None = None
    """From the probe to its answer."""


@dataclass(frozen=True, slots=True)
class Hop:
    """All probes of one TTL."""

    ttl: int
    probes: tuple[Probe, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Who answered, in order of appearance."""
        return tuple(dict.fromkeys(each.answered_by for each in self.probes if each.answered_by))

    @property
    def times(self) -> tuple[float, ...]:
        """Round trips, seconds."""
        return tuple(each.seconds for each in self.probes if each.seconds is not None)


@dataclass(frozen=True, slots=True)
class Route:
    """The way from one address to another, as far as probes told."""

    source: str
    target: str
    protocol: str
    hops: tuple[Hop, ...]

    @property
    def reached(self) -> int | None:
        """TTL of the first probe that the target itself answered."""
        return next((hop.ttl for hop in self.hops if self.target in hop.addresses), None)

    @property
    def longest_step(self) -> tuple[Hop, Hop, float] | None:
        """The two answering hops in a row between which the least round trip grows most, and by how much, seconds."""
        known = [hop for hop in self.hops if hop.times]
        steps = [
            (near, far, min(far.times) - min(near.times)) for near, far in pairwise(known)
        ]  # fmt: skip
        longest = max(steps, key=lambda step: step[2], default=None)
        return longest if longest is not None and longest[2] > 0 else None


@dataclass(slots=True)
class _Trail:
    """The errors about probes of one key."""

    first: int
    last: int
    errors: list[tuple[int, tuple[int, ...], AnswerKind]] = field(default_factory=list)
    """Row, sign of the probe, what it says."""

    is_route: bool = False
    """Whether a probe died on the way: other errors alone make no route."""


@lru_cache(maxsize=4)
def routes_of(store: Store, as_of: int) -> tuple[Route, ...]:
    """The routes that were known at packet `as_of`, in order of their first error."""
    packets = store.packets
    numbers, flags = packets["ip_protocol"][:as_of], packets["flags"][:as_of]
    kinds = flags >> 8
    dead = ((numbers == _ICMP) & ((kinds == 11) | (kinds == 3))) | ((numbers == _ICMP6) & ((kinds == 3) | (kinds == 1)))
    rows = np.flatnonzero(dead & (packets["transport_offset"][:as_of] >= 0))
    beyond = len(rows) - store.limits.route_errors - store.limit_counter.counts.get("route_errors", 0)
    if beyond > 0:
        store.limit_counter.hit("route_errors", beyond)
    rows = rows[: store.limits.route_errors]
    trails: dict[Key, _Trail] = {}
    for row in rows.tolist():
        _note_error(store, row, trails)
    found = [_route(store, key, trail, as_of) for key, trail in trails.items() if trail.is_route]
    return tuple(route for route in found if route.hops)


def _note_error(store: Store, row: int, trails: dict[Key, _Trail]) -> None:
    packets = store.packets
    quoted = packets.frame(row)[packets.value("transport_offset", row) + 8 :]
    read = _quoted(quoted)
    if read is None:
        return
    key, sign = read
    kind, code = divmod(packets.value("flags", row), 256)
    died = (packets.value("ip_protocol", row), kind, code) in ((_ICMP, 11, 0), (_ICMP6, 3, 0))
    trail = trails.setdefault(key, _Trail(row, row))
    trail.errors.append((row, sign, "time-exceeded" if died else "unreachable"))
    trail.is_route |= died
    trail.last = row


def _quoted(data: bytes) -> tuple[Key, tuple[int, ...]] | None:
    """Key and sign of the packet that an error quotes; None where too little of it is there."""
    version = data[0] >> 4 if data else 0
    if version == 4 and len(data) >= 20:
        length = (data[0] & 15) * 4
        number, identification = data[9], int.from_bytes(data[4:6])
        ends, rest = (data[12:16], data[16:20]), data[length : length + 8]
    elif version == 6 and len(data) >= 40:
        number, identification = data[6], 0
        ends, rest = (data[8:24], data[24:40]), data[40:48]
    else:
        return None
    if len(rest) < 8 or number not in _NAMES:
        return None
    return (*ends, number), _sign(number, identification, rest)


def _sign(number: int, identification: int, rest: bytes) -> tuple[int, ...]:
    """What tells a probe from others, in the 8 bytes behind its IP header."""
    first, second = int.from_bytes(rest[0:2]), int.from_bytes(rest[2:4])
    if number in _ECHO:
        return int.from_bytes(rest[4:6]), int.from_bytes(rest[6:8])
    return (first, second, int.from_bytes(rest[4:8])) if number == _TCP else (first, second, identification)


def _route(store: Store, key: Key, trail: _Trail, as_of: int) -> Route:
    source, target, number = key
    probes = _probes(store, key, trail, as_of)
    for row, sign, kind in trail.errors:
        _meet(store, probes, sign, row, kind)
    for row, sign in _replies(store, key, trail, as_of):
        _meet(store, probes, sign, row, "reply")
    hops: dict[int, list[Probe]] = {}
    for probe in probes:
        hops.setdefault(probe.ttl, []).append(probe)
    last = max((probe.ttl for probe in probes if probe.kind == "time-exceeded"), default=0)
    while last + 1 in hops:
        last += 1
    kept = tuple(Hop(ttl, tuple(hops[ttl])) for ttl in sorted(hops) if ttl <= last)
    return Route(str(ip_address(source)), str(ip_address(target)), _NAMES[number], kept)


def _meet(store: Store, probes: list[Probe], sign: tuple[int, ...], row: int, kind: AnswerKind) -> None:
    """An answer meets the newest probe before it that bears its sign and has none yet."""
    fitting = [probe for probe in probes if probe.sign == sign and probe.row < row and probe.answer is None]
    if fitting:
        probe = fitting[-1]
        probe.answer, probe.kind = row, kind
        probe.answered_by = str(ip_address(store.packets.addresses(row)[0]))
        probe.seconds = (store.packets.value("time", row) - probe.time) / 1e9


def _probes(store: Store, key: Key, trail: _Trail, as_of: int) -> list[Probe]:
    source, target, number = key
    wanted = _window(store, trail, as_of) & (store.packets["ip_protocol"][:as_of] == number)
    flags = store.packets["flags"][:as_of]
    if number in _ECHO:
        wanted &= flags == _ECHO[number][0] << 8
    elif number == _TCP:
        wanted &= flags & (_SYN | _ACK) == _SYN
    found = []
    for row, head, rest in _heads(store, np.flatnonzero(wanted), source + target):
        four = len(source) == 4
        identification = int.from_bytes(head[4:6]) if four else 0
        sign = _sign(number, identification, rest)
        found.append(Probe(row, store.packets.value("time", row), head[8] if four else head[7], sign))
    return found


def _replies(store: Store, key: Key, trail: _Trail, as_of: int) -> list[tuple[int, tuple[int, ...]]]:
    """Rows of the target's own answers, with the signs of the probes they answer. UDP's are errors."""
    source, target, number = key
    if number == _UDP:
        return []
    wanted = _window(store, trail, as_of) & (store.packets["ip_protocol"][:as_of] == number)
    flags = store.packets["flags"][:as_of]
    wanted &= flags == _ECHO[number][1] << 8 if number in _ECHO else (flags & _ACK != 0) & (flags & (_SYN | _RST) != 0)
    found: list[tuple[int, tuple[int, ...]]] = []
    for row, _, rest in _heads(store, np.flatnonzero(wanted), target + source):
        if number == _TCP:
            far, near = int.from_bytes(rest[0:2]), int.from_bytes(rest[2:4])
            found.append((row, (near, far, (store.packets.value("ack", row) - 1) & 0xFFFFFFFF)))
        else:
            found.append((row, _sign(number, 0, rest)))
    return found


def _window(store: Store, trail: _Trail, as_of: int) -> npt.NDArray[np.bool_]:
    """Packets near enough in time to a trail's errors."""
    times = store.packets["time"][:as_of]
    first, last = times[trail.first] - _PATIENCE_NS, times[trail.last] + _PATIENCE_NS
    near: npt.NDArray[np.bool_] = (times >= first) & (times <= last)
    return near


def _heads(store: Store, rows: npt.NDArray[Any], ends: bytes) -> list[tuple[int, bytes, bytes]]:
    """(row, IP header, 8 bytes of the transport header) of the packets between two addresses, up to a bound."""
    packets = store.packets
    size = 20 if len(ends) == 8 else 40
    ethertype = 0x0800 if size == 20 else 0x86DD
    place = 12 if size == 20 else 8
    network, transport = packets["network_offset"][rows], packets["transport_offset"][rows]
    there = (packets["ethertype"][rows] == ethertype) & (network >= 0) & (transport >= 0)
    rows = rows[there & (packets["captured"][rows] >= transport + 8)]
    fitting: list[int] = []
    for number in np.unique(packets["buffer"][rows]).tolist():
        own = rows[packets["buffer"][rows] == number]
        at = packets["offset"][own] + packets["network_offset"][own] + place
        pieces = ByteReader(packets.buffers[number]).take(at.astype(np.int64), len(ends))
        fitting += own[(pieces == np.frombuffer(ends, np.uint8)).all(axis=1)].tolist()
    found = []
    for row in sorted(fitting)[: store.limits.route_probes]:
        frame, at = packets.frame(row), packets.value("network_offset", row)
        behind = packets.value("transport_offset", row)
        found.append((row, frame[at : at + size], frame[behind : behind + 8]))
    return found
