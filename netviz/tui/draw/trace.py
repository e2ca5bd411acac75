"""One connection's series as its graphs want it: by direction what was sent, acknowledged, allowed and timed, in seconds.

Times are seconds from the connection's first packet. Everything is as of a packet: `until` cuts the arrays.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import RST
from netviz.pipeline.store import Store
from netviz.tcp.connection import Role
from netviz.tcp.series import ConnectionSeries, DirectionSeries

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sent:
    """Segments of one end that take sequence numbers. All of shape (n,)."""

    packet: Ints
    time: Floats
    start: Ints
    end: Ints
    length: Ints
    """Payload bytes."""

    marks: Ints
    """Bits of `tcp.analysis`."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Segments of the other end that acknowledge. All of shape (n,)."""

    packet: Ints
    time: Floats
    ack: Ints
    window: Ints
    """Bytes that it offers to take after `ack`."""

    marks: Ints


@dataclass(frozen=True, slots=True)
class Trips:
    """Round trips that could be timed, by the acknowledgement. All of shape (n,)."""

    packet: Ints
    time: Floats
    seconds: Floats
    smoothed: Floats


@dataclass(frozen=True, slots=True)
class Sacks:
    """SACK blocks that the other end sent. All of shape (n,)."""

    packet: Ints
    time: Floats
    left: Ints
    right: Ints


@dataclass(frozen=True, slots=True)
class Flight:
    """Bytes on their way, after each packet of the connection. All of shape (n,)."""

    packet: Ints
    time: Floats
    flying: Ints
    window: Ints
    """What the other end allows, 0 where nothing is known yet."""


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction of a connection, from its sender's point of view."""

    role: Role
    sent: Sent
    answers: Answers
    trips: Trips
    sacks: Sacks
    flight: Flight
    shift: int | None
    """Window scale of the other end's windows; None where its SYN was not seen."""

    def until(self, packet: int) -> "Direction":
        """The same as of a packet number."""
        parts = {name: _cut(getattr(self, name), packet) for name in ("sent", "answers", "trips", "sacks", "flight")}
        return replace(self, **parts)


@dataclass(frozen=True, slots=True)
class Trace:
    """Both directions, and all packets with their times."""

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
    return _made(store, connection, len(store.packets))


@lru_cache(maxsize=4)
def _made(store: Store, connection: int, count: int) -> Trace:
    """Kept by how many packets had come: asking the store for a series costs something even where it is known."""
    series = store.series(connection)
    start = int(series.times[0]) if len(series.times) else 0
    client, server = series.of("client"), series.of("server")
    directions: dict[Role, Direction] = {
        "client": _direction("client", client, server, series, start),
        "server": _direction("server", server, client, series, start),
    }
    return Trace(series.packets, (series.times - start) / 1e9, directions)


def _direction(
    role: Role, own: DirectionSeries, other: DirectionSeries, series: ConnectionSeries, start: int
) -> Direction:
    takes = (own.flags & RST == 0) & (own.end > own.seq)
    heard = (other.flags & RST == 0) & (other.ack >= 0)
    known = own.in_flight >= 0
    return Direction(
        role,
        Sent(
            own.packets[takes],
            (own.times[takes] - start) / 1e9,
            own.seq[takes],
            own.end[takes],
            own.length[takes],
            own.marks[takes],
        ),
        Answers(
            other.packets[heard],
            (other.times[heard] - start) / 1e9,
            other.ack[heard],
            other.window[heard],
            other.marks[heard],
        ),
        Trips(own.rtt.packets, (own.rtt.times - start) / 1e9, own.rtt.samples / 1e9, own.rtt.smoothed / 1e9),
        Sacks(other.sack.packets, (other.sack.times - start) / 1e9, other.sack.lefts, other.sack.rights),
        Flight(
            series.packets[known],
            (series.times[known] - start) / 1e9,
            own.in_flight[known],
            np.maximum(own.peer_window[known], 0),
        ),
        other.window_scale,
    )
