"""One connection's segments as arrays to draw graphs from: what each end sent, what was acknowledged, what was allowed.

Times are seconds from the connection's first segment, numbers are counted from the first byte of their direction and do
not wrap. Everything is as of a packet: `until` cuts the arrays, nothing is worked out anew.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.pipeline.store import Store
from netviz.tcp.connection import Role
from netviz.tcp.options import read_options

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

_MOST_SACKS = 20_000
"""Acknowledgements of one connection whose SACK blocks are read from their bytes."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one end sent, a row a segment that takes sequence numbers. All of shape (n,)."""

    packet: Ints
    time: Floats
    start: Ints
    end: Ints
    length: Ints
    """Payload bytes."""

    again: Marks
    """Nothing of it goes beyond what had been sent before: it was sent again, or came late."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the other end acknowledged, a row a segment with ACK. All of shape (n,)."""

    packet: Ints
    time: Floats
    ack: Ints
    window: Ints
    """Bytes that it offers to take after `ack`, scaled where both ends agreed on it."""


@dataclass(frozen=True, slots=True)
class Trips:
    """Round trips, a row an acknowledgement that could be timed (Karn: not of what was sent twice). All of shape (n,)."""

    packet: Ints
    time: Floats
    seconds: Floats
    smoothed: Floats
    """SRTT of RFC 6298 section 2, as it is after this sample."""


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction of a connection, from its sender's point of view."""

    role: Role
    sent: Sent
    answers: Answers
    trips: Trips
    sacks: tuple[tuple[int, float, int, int], ...]
    """Packet, time, first and last number of each SACK block that the other end sent."""

    shift: int | None
    """Window scale of the other end's windows; None where it is not used or its SYN was not seen."""

    def until(self, packet: int) -> "Direction":
        """The same as of a packet number."""
        sacks = self.sacks
        if sacks and sacks[-1][0] > packet:
            sacks = tuple(each for each in sacks if each[0] <= packet)
        return replace(
            self,
            sent=_cut(self.sent, packet),
            answers=_cut(self.answers, packet),
            trips=_cut(self.trips, packet),
            sacks=sacks,
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """Both directions, and all segments with their times."""

    packet: Ints
    time: Floats
    directions: dict[Role, Direction]


def _cut(part: Any, packet: int) -> Any:
    count = int(np.searchsorted(part.packet, packet, side="right"))
    if count == len(part.packet):
        return part
    return type(part)(*(getattr(part, name)[:count] for name in part.__dataclass_fields__))


def trace_of(store: Store, connection: int) -> Trace:
    """The trace of a connection, as far as its packets have come."""
    return _trace(store, connection, len(store.packets))


@lru_cache(maxsize=4)
def _trace(store: Store, connection: int, count: int) -> Trace:
    packets = store.packets
    rows = np.flatnonzero(packets["connection"][:count] == connection)
    found = store.connection(connection)
    times = packets["time"][rows]
    seconds = (times - (times[0] if len(times) else 0)) / 1e9
    is_client = packets["side"][rows] == found.client_side
    flags = packets["flags"][rows].astype(np.int64)
    shifts = _shifts(store, rows, flags, is_client)
    directions: dict[Role, Direction] = {}
    ends: tuple[tuple[Role, Marks], ...] = (("client", is_client), ("server", ~is_client))
    for role, mine in ends:
        directions[role] = _direction(store, role, rows, seconds, flags, mine, shifts[role])
    return Trace(rows + 1, seconds, directions)


def _shifts(store: Store, rows: Ints, flags: Ints, is_client: Marks) -> dict[Role, int | None]:
    """Shift of the windows that answer each end: those of the other one. Both ends have to offer it (RFC 7323 1.3)."""
    offered: dict[bool, int | None] = {}
    for index in np.flatnonzero(flags & SYN).tolist()[:8]:
        row = int(rows[index])
        raw = store.packets.frame(row)
        start, stop = store.packets.value("transport_offset", row) + 20, store.packets.value("payload_offset", row)
        offered.setdefault(bool(is_client[index]), read_options(raw[start:stop]).window_scale)
    if offered.get(True) is None or offered.get(False) is None:
        return {"client": None, "server": None}
    return {"client": offered[False], "server": offered[True]}


def _direction(
    store: Store, role: Role, rows: Ints, seconds: Floats, flags: Ints, mine: Marks, shift: int | None
) -> Direction:
    packets = store.packets
    takes = np.flatnonzero(mine & ((flags & RST) == 0))
    seq = packets["seq"][rows[takes]].astype(np.int64)
    length = packets["payload_length"][rows[takes]].astype(np.int64)
    extra = ((flags[takes] & SYN) > 0).astype(np.int64) + ((flags[takes] & FIN) > 0)
    base = int(seq[0]) if len(seq) else None
    start = _unwrapped(seq, base)
    carries = length + extra > 0
    takes, start, length, extra = takes[carries], start[carries], length[carries], extra[carries]
    end = start + length + extra
    highest = np.maximum.accumulate(end) if len(end) else end
    before = np.concatenate(([np.iinfo(np.int64).min], highest[:-1])) if len(end) else end
    sent = Sent(rows[takes] + 1, seconds[takes], start, end, length, end <= before)
    heard = np.flatnonzero(~mine & ((flags & ACK) > 0) & ((flags & RST) == 0))
    acks = packets["ack"][rows[heard]].astype(np.int64)
    ack = _unwrapped(acks, base if base is not None else (int(acks[0]) if len(acks) else None))
    window = packets["window"][rows[heard]].astype(np.int64)
    if shift:
        window = np.where((flags[heard] & SYN) > 0, window, window << shift)
    answers = Answers(rows[heard] + 1, seconds[heard], ack, window)
    sacks = _sacks(store, rows[heard], seconds[heard], ack, acks)
    return Direction(role, sent, answers, _trips(sent, answers), sacks, shift)


def _unwrapped(numbers: Ints, base: int | None) -> Ints:
    """Numbers modulo 2**32 counted from `base` without wrapping: each is taken to be near the one before it."""
    if not len(numbers) or base is None:
        return numbers
    steps = np.diff(numbers, prepend=base)
    return np.cumsum((steps + (1 << 31)) % (1 << 32) - (1 << 31))


def _trips(sent: Sent, answers: Answers) -> Trips:
    """Each acknowledgement of something new against the segment whose last byte it confirms."""
    new = np.flatnonzero(~sent.again)
    ends, ack = sent.end[new], answers.ack
    if not len(ends) or not len(ack):
        empty = np.empty(0, np.float64)
        return Trips(np.empty(0, np.int64), empty, empty, empty)
    highest = np.concatenate(([np.iinfo(np.int64).min], np.maximum.accumulate(ack)[:-1]))
    fresh = np.flatnonzero(ack > highest)
    at = np.searchsorted(ends, ack[fresh], side="right") - 1
    known = (at >= 0) & (ends[at] > highest[fresh])
    # What was sent twice tells no round trip: which copy was acknowledged is not known.
    repeated = np.flatnonzero(sent.again)
    bounds = np.zeros(len(ends) + 1, np.int64)
    np.add.at(bounds, np.searchsorted(ends, sent.start[repeated], side="right"), 1)
    np.add.at(bounds, np.searchsorted(ends, sent.end[repeated], side="right"), -1)
    twice = np.cumsum(bounds)[:-1] > 0
    known &= ~twice[at]
    fresh, at = fresh[known], at[known]
    seconds = answers.time[fresh] - sent.time[new][at]
    valid = seconds >= 0
    fresh, seconds = fresh[valid], seconds[valid]
    return Trips(answers.packet[fresh], answers.time[fresh], seconds, _smoothed(seconds))


def _smoothed(samples: Floats) -> Floats:
    """SRTT after each sample (RFC 6298 section 2: a new sample counts an eighth)."""
    found, last = [], None
    for sample in samples.tolist():
        last = sample if last is None else last + (sample - last) / 8
        found.append(last)
    return np.array(found, np.float64)


def _sacks(
    store: Store, rows: Ints, seconds: Floats, ack: Ints, raw_ack: Ints
) -> tuple[tuple[int, float, int, int], ...]:
    """SACK blocks (RFC 2018) of segments whose header is longer than timestamps make it."""
    packets = store.packets
    header = packets["payload_offset"][rows] - packets["transport_offset"][rows]
    found = []
    for index in np.flatnonzero(header >= 32)[:_MOST_SACKS].tolist():
        row = int(rows[index])
        start = packets.value("transport_offset", row) + 20
        for left, right in _blocks(packets.frame(row)[start : start + int(header[index]) - 20]):
            offset = (left - int(raw_ack[index]) + (1 << 31)) % (1 << 32) - (1 << 31)
            first = int(ack[index]) + offset
            found.append((row + 1, float(seconds[index]), first, first + ((right - left) & 0xFFFFFFFF)))
    return tuple(found)


def _blocks(options: bytes) -> list[tuple[int, int]]:
    at = 0
    while at + 1 < len(options) and options[at]:
        if options[at] == 1:
            at += 1
            continue
        size = options[at + 1]
        if size < 2:
            break
        if options[at] == 5:
            body = options[at + 2 : at + size]
            return [
                (int.from_bytes(body[each : each + 4]), int.from_bytes(body[each + 4 : each + 8]))
                for each in range(0, len(body) - 7, 8)
            ]
        at += size
    return []
