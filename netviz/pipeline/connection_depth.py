"""One connection in depth: what is measured of each direction, what was sent again and why, when windows were closed."""

from typing import Final, NamedTuple

import numpy as np

from netviz.model.protocols import RST, SYN
from netviz.pipeline.series import syn_options
from netviz.pipeline.store import Store
from netviz.tcp.connection import Connection, Role
from netviz.tcp.marks import ZERO_WINDOW_PROBE
from netviz.tcp.measures import Measures, measures
from netviz.tcp.sent_again import SentAgain, sent_again
from netviz.tcp.series import ConnectionSeries, DirectionSeries
from netviz.wire.options import TcpOptions, tcp_options

ROLES: Final[tuple[Role, Role]] = ("client", "server")
LISTED: Final = 10
"""Data segments of each direction that are listed, where no other number was asked for."""


class Closed(NamedTuple):
    """A time during which a side's window was closed."""

    closed: int
    """Packet that said so."""

    opened: int | None
    """Packet with which it opened again; None where it did not."""

    nanoseconds: int | None
    probes: list[int]
    """Packets with which the other side asked (RFC 9293 section 3.8.6.1)."""


class ConnectionDepth(NamedTuple):
    """One connection, measured."""

    connection: Connection
    series: ConnectionSeries
    measures: dict[Role, Measures]
    sent_again: dict[Role, list[SentAgain]]
    closed: dict[Role, list[Closed]]
    """Of the windows that each side offers."""

    is_scaled: bool | None
    """Whether both offered window scaling, so that it is in force; None where a SYN was not captured."""


def connection_depth(store: Store, number: int, most: int = LISTED) -> ConnectionDepth:
    """Work out a connection in depth. `most`: how many data segments of each direction are listed."""
    connection = store.connection(number)
    series = store.series(number)
    options = {role: _options(store, connection, series.of(role), role) for role in ROLES}
    client = connection.client_side
    sides = {"client": client, "server": 1 - client}
    both = [options[role] for role in ROLES]
    known = [each for each in both if each is not None]
    scaled = all(each.window_scale is not None for each in known)
    return ConnectionDepth(
        connection,
        series,
        {
            role: measures(series, sides[role], options[role], connection.first_seq.get(role), most)
            for role in ROLES
        },
        {role: sent_again(series.of(role), series.directions[1 - sides[role]]) for role in ROLES},
        {role: _closed(series.of(role), series.directions[1 - sides[role]]) for role in ROLES},
        scaled if len(known) == 2 or not scaled else None,
    )  # fmt: skip


def _options(store: Store, connection: Connection, own: DirectionSeries, role: Role) -> TcpOptions | None:
    """What the side's own SYN offers: the newest copy, as that one was answered last."""
    isn = connection.first_seq.get(role)
    for packet in own.packets[own.flags & SYN != 0][::-1].tolist():
        if isn is not None and store.packets.value("seq", packet - 1) == isn:
            return tcp_options(syn_options(store.packets, packet - 1))
    return None


def _closed(own: DirectionSeries, other: DirectionSeries) -> list[Closed]:
    told = np.flatnonzero(own.flags & (SYN | RST) == 0)
    shut = own.window[told] == 0
    begins = np.flatnonzero(shut & ~np.concatenate((np.zeros(1, np.bool_), shut[:-1])))
    probes = other.packets[other.marks & ZERO_WINDOW_PROBE != 0]
    found = []
    for begin in begins.tolist():
        later = np.flatnonzero(~shut[begin:])
        end = int(told[begin + later[0]]) if len(later) else None
        first = int(told[begin])
        opened = None if end is None else int(own.packets[end])
        asked = probes[(probes > own.packets[first]) & (probes < (np.inf if opened is None else opened))]
        elapsed = None if end is None else int(own.times[end] - own.times[first])
        found.append(Closed(int(own.packets[first]), opened, elapsed, asked.tolist()))
    return found
