"""One connection as numpy arrays, for graphs and measures: numbers, windows, bytes in flight, round-trip times, SACK.

Every array is in packet order and stands beside the packets' numbers, so what holds as of packet N is a bisection:
`direction.upto(N)` elements of a direction, `series.upto(N)` of the whole connection, none worked out again.

Sequence numbers are relative: 0 is the SYN's (or that of the first segment seen), and they do not wrap. Sizes are in
bytes, times in nanoseconds.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import HALF, MASK
from netviz.tcp.connection import Role
from netviz.tcp.round_trips import Acknowledged, RoundTrips, Sent, round_trips

Integers = npt.NDArray[np.int64]

UNKNOWN: Final = -1


class SackBlocks(NamedTuple):
    """Blocks that one side reported as received (RFC 2018); all of shape (m,), in packet order."""

    packets: Integers
    times: Integers
    lefts: Integers
    rights: Integers
    """Relative numbers of the other side's bytes: `left` is the first one, `right` the one after the last."""

    acks: Integers
    """The acknowledgement in the same packet. A block at or below it tells of a duplicate (D-SACK, RFC 2883)."""


@dataclass(frozen=True, slots=True)
class DirectionSeries:
    """What one side sent. Arrays are int64: of shape (k,), an element a segment; where it says (n,), an element a packet
    of the whole connection."""

    packets: Integers
    times: Integers
    flags: Integers
    seq: Integers
    end: Integers
    """Number after the segment's last one: SYN and FIN count as one each (RFC 9293 section 3.4)."""

    length: Integers
    """Payload bytes on the wire."""

    ack: Integers
    """Relative to the other side's numbers; -1 where the segment acknowledges nothing."""

    window: Integers
    """Window offered, in bytes: scaled, where both SYNs offered scaling (RFC 7323); else as in the header."""

    window_scale: int | None
    """Shift of `window` beyond the SYN; None where a SYN was not captured and it can not be known."""

    marks: Integers
    """What the analysis says of each segment: bits of `tcp.analysis` (RETRANSMISSION ...)."""

    timestamp: Integers
    """The sender's clock (RFC 7323), -1 where there is none."""

    echo: Integers
    """The echo of the other's clock, -1 where there is none."""

    sack: SackBlocks
    """What this side reported of the other's bytes."""

    rtt: RoundTrips
    """Of this side's segments, by the other's acknowledgements."""

    in_flight: Integers
    """(n,): sent and not acknowledged after each packet of the connection, in bytes (SYN and FIN count); -1 before the
    first segment."""

    peer_window: Integers
    """(n,): what the other side last offered, in bytes: the most that `in_flight` may be; -1 where not known yet."""

    peer_edge: Integers
    """(n,): number after the last one that the other side's window admits; -1 where not known yet."""

    def upto(self, packet: int | None) -> int:
        """How many of the segments come at or before a packet number (None: all)."""
        return len(self.packets) if packet is None else int(np.searchsorted(self.packets, packet, side="right"))


@dataclass(frozen=True, slots=True)
class ConnectionSeries:
    """Both directions of one connection, on one line of packets."""

    connection: int
    packets: Integers
    """Shape (n,): numbers of all packets of the connection."""

    times: Integers
    sides: npt.NDArray[np.int8]
    """Shape (n,): which side sent each."""

    client_side: int
    directions: tuple[DirectionSeries, DirectionSeries]
    """By side."""

    def of(self, role: Role) -> DirectionSeries:
        """What the client or the server sent."""
        return self.directions[self.client_side if role == "client" else 1 - self.client_side]

    def upto(self, packet: int | None) -> int:
        """How many of the connection's packets come at or before a packet number (None: all)."""
        return len(self.packets) if packet is None else int(np.searchsorted(self.packets, packet, side="right"))


class Columns(NamedTuple):
    """One connection's packets as they come from the packet table; all of shape (n,)."""

    packets: Integers
    times: Integers
    sides: npt.NDArray[np.int8]
    flags: Integers
    seq: Integers
    ack: Integers
    window: Integers
    length: Integers
    marks: Integers
    timestamp: Integers
    echo: Integers
    sack: Integers
    """Shape (m, 3): index of the packet, left and right edge as in the option."""


def connection_series(
    connection: int, columns: Columns, client_side: int, first_seqs: tuple[int | None, int | None],
    scales: tuple[int | None, int | None],
) -> ConnectionSeries:  # fmt: skip
    """Work out the series. `first_seqs` are where relative numbers begin, by side; `scales` what each SYN offered:
    -1 no scaling, None where it was not captured."""
    bases = [_base(columns, side, first_seqs[side]) for side in (0, 1)]
    halves = [_half(columns, side, bases, _shift(scales, side)) for side in (0, 1)]
    directions = [_direction(columns, side, halves, _shift(scales, side)) for side in (0, 1)]
    return ConnectionSeries(
        connection, columns.packets, columns.times, columns.sides, client_side, (directions[0], directions[1])
    )


def unwrapped(numbers: npt.NDArray[Any], base: int) -> Integers:
    """Sequence numbers as distances from `base` that do not wrap: each is taken as near as can be to the one before."""
    chain = np.concatenate((np.full(1, base, np.int64), numbers.astype(np.int64)))
    return np.cumsum((chain[1:] - chain[:-1] + HALF & MASK) - HALF)


class _Half(NamedTuple):
    """One side's own numbers, before the other's are looked at."""

    places: Integers
    flags: Integers
    seq: Integers
    end: Integers
    ack: Integers
    window: Integers


def _base(columns: Columns, side: int, first: int | None) -> int:
    """Where a side's relative numbers begin; of a side that was not heard, where the other acknowledges first."""
    if first is not None:
        return first
    acks = columns.ack[(columns.sides != side) & (columns.flags & ACK != 0)]
    return int(acks[0]) if len(acks) else 0


def _shift(scales: tuple[int | None, int | None], side: int) -> int | None:
    """By how much a side's windows are shifted: it must have been offered by both."""
    own, other = scales[side], scales[1 - side]
    if own == UNKNOWN or other == UNKNOWN:
        return 0
    return own if other is not None else None


def _half(columns: Columns, side: int, bases: list[int], shift: int | None) -> _Half:
    index = np.flatnonzero(columns.sides == side)
    flags = columns.flags[index]
    seq = _chained(columns.seq[index], flags & RST == 0, bases[side])
    end = seq + columns.length[index] + (flags & SYN != 0) + (flags & FIN != 0)
    acknowledges = flags & ACK != 0
    ack = _chained(columns.ack[index], acknowledges & (flags & RST == 0), bases[1 - side])
    shifts = np.where(flags & SYN != 0, 0, shift or 0)
    return _Half(index, flags, seq, end, np.where(acknowledges, ack, UNKNOWN), columns.window[index] << shifts)


def _chained(numbers: Integers, ordinary: npt.NDArray[np.bool_], base: int) -> Integers:
    """Distances that do not wrap. What stands in a reset, or means nothing, is no link of the chain: it goes by the
    ordinary number before it."""
    found = np.empty(len(numbers), np.int64)
    found[ordinary] = unwrapped(numbers[ordinary], base)
    others = np.flatnonzero(~ordinary)
    if len(others):
        links = np.flatnonzero(ordinary)
        at = np.searchsorted(links, others) - 1
        near = np.where(at >= 0, found[links[np.maximum(at, 0)]] if len(links) else 0, 0)
        absolute = base + near & MASK
        found[others] = near + ((numbers[others] - absolute + HALF & MASK) - HALF)
    return found


def _direction(columns: Columns, side: int, halves: list[_Half], shift: int | None) -> DirectionSeries:
    own, other = halves[side], halves[1 - side]
    ordinary = own.flags & RST == 0
    using = ordinary & (own.end > own.seq)
    heard = (other.flags & (ACK | RST)) == ACK
    acks = Acknowledged(columns.packets[other.places[heard]], columns.times[other.places[heard]], other.ack[heard])
    sent = Sent(columns.packets[own.places[using]], columns.times[own.places[using]], own.seq[using], own.end[using])
    in_flight, acknowledged = _in_flight(len(columns.packets), own, ordinary, other, heard)
    windows = _carried(len(columns.packets), other.places[heard], other.window[heard])
    edges = np.where((acknowledged >= 0) & (windows >= 0), acknowledged + windows, UNKNOWN)
    mine = own.places
    return DirectionSeries(
        columns.packets[mine], columns.times[mine], own.flags, own.seq, own.end, columns.length[mine], own.ack,
        own.window, shift, columns.marks[mine], columns.timestamp[mine], columns.echo[mine],
        _sack(columns, side, own), round_trips(sent, acks), in_flight, windows, edges,
    )  # fmt: skip


def _in_flight(
    count: int, own: _Half, ordinary: npt.NDArray[np.bool_], other: _Half, heard: npt.NDArray[np.bool_]
) -> tuple[Integers, Integers]:
    """Bytes in flight after each packet, and up to where the other side has acknowledged (-1: not yet)."""
    reached = _carried(count, own.places[ordinary], _highest(own.end[ordinary]))
    acknowledged = _carried(count, other.places[heard], _highest(other.ack[heard]))
    first = int(own.seq[ordinary].min()) if ordinary.any() else 0
    flying = np.maximum(reached - np.maximum(acknowledged, first), 0)
    return np.where(reached >= 0, flying, UNKNOWN), acknowledged


def _highest(numbers: Integers) -> Integers:
    return np.maximum.accumulate(numbers) if len(numbers) else numbers


def _carried(count: int, index: Integers, values: Integers) -> Integers:
    """Shape (count,): at each place the value of the latest index at or before it, -1 before the first."""
    if not len(index):
        return np.full(count, UNKNOWN, np.int64)
    at = np.zeros(count, np.int64)
    at[index] = 1
    at = np.cumsum(at)
    return np.concatenate((np.full(1, UNKNOWN, np.int64), values))[at]


def _sack(columns: Columns, side: int, own: _Half) -> SackBlocks:
    at = columns.sack[:, 0]
    mine = columns.sack[columns.sides[at] == side]
    segment = np.searchsorted(own.places, mine[:, 0])
    acks = own.ack[segment]
    absolute = columns.ack[mine[:, 0]]
    edges = [acks + ((mine[:, column] - absolute + HALF & MASK) - HALF) for column in (1, 2)]
    return SackBlocks(columns.packets[mine[:, 0]], columns.times[mine[:, 0]], edges[0], edges[1], acks)
