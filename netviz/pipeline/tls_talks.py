"""TLS connections: connect, handshake, then what nobody without the keys can read, by its sizes and times."""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from netviz.http.tls_records import (
    APPLICATION_DATA,
    CHANGE_CIPHER_SPEC,
    HANDSHAKE,
    TLS_1_3,
    Hello,
    Record,
    read_records,
)
from netviz.http.websocket_frames import Run
from netviz.model.protocols import Protocol
from netviz.pipeline.growth import growth
from netviz.pipeline.store import Store
from netviz.tcp.connection import Role

_MOST_RECORDS: Final = 20_000
_ENDLESS: Final = 1 << 62


class Turn(NamedTuple):
    """Records of application data that one side sent before the other said something again."""

    sender: Role
    first_row: int
    last_row: int
    records: int
    size: int
    """Bytes of the records without their headers; what encryption adds is in them."""


class TlsTalk(NamedTuple):
    """A TLS connection as far as it can be told. Rows count from 0."""

    connection: int
    client_hello: Hello | None
    server_hello: Hello | None
    done_row: int | None
    """Row with which the handshake was over, by the records' kinds; None where that was not seen."""

    turns: tuple[Turn, ...]
    cut: tuple[Role, ...]
    """Sides of which bytes are missing, so that no more is told."""

    def until(self, as_of: int) -> tuple[Turn, ...]:
        """The turns that had begun by packet `as_of`."""
        return tuple(each for each in self.turns if each.first_row < as_of)


def tls_connections(store: Store) -> list[int]:
    """Numbers of the connections in which a packet begins with a TLS record, ascending."""
    return list(_connections(store, store.version))


@lru_cache(maxsize=2)
def _connections(store: Store, version: int) -> tuple[int, ...]:
    packets = store.packets
    rows = packets["protocol"] == Protocol.TLS
    found = np.unique(packets["connection"][rows])
    return tuple(found[found >= 0].tolist())


def tls_talk(store: Store, connection: int) -> TlsTalk | None:
    """A connection as TLS; None where its bytes are no records."""
    return _talk(store, connection, growth(store, connection))


@lru_cache(maxsize=128)
def _talk(store: Store, connection: int, grown: int) -> TlsTalk | None:
    """Kept until the connection has more packets."""
    found = store.connection(connection)
    sides: dict[Role, tuple[list[Record], Hello | None, bool]] = {}
    for side in (0, 1):
        runs = store.deep(lambda reader, side=side: reader.stream(connection, side, 0, _ENDLESS))  # type: ignore[misc]
        begin = runs[0][0] if runs else 0
        read = read_records(
            (Run(at, row, bytes(buffer[start:stop])) for at, row, buffer, start, stop in runs), begin, _MOST_RECORDS
        )
        sides[found.role_of(side)] = (read.records if read.is_tls else [], read.hello, read.cut or not read.is_tls)
    client, server = sides["client"], sides["server"]
    if not client[0] and not server[0]:
        return None
    done = _done(client[0], server[0], server[1])
    cut = tuple(role for role, side in sides.items() if side[2] and side[0])
    return TlsTalk(connection, client[1], server[1], done, _turns(client[0], server[0], done), cut)


def _done(client: list[Record], server: list[Record], hello: Hello | None) -> int | None:
    """Row with which the handshake is over.

    TLS 1.3 sends its last handshake messages as records that look like application data: the client's first of those
    behind the Server Hello ends it. Before, each side's first handshake record behind its Change Cipher Spec does.
    """
    if hello is None:
        return None
    if hello.version >= TLS_1_3:
        return next((each.row for each in client if each.kind == APPLICATION_DATA and each.row > hello.row), None)
    ends = [_finished(client), _finished(server)]
    return None if None in ends else max(each for each in ends if each is not None)


def _finished(records: list[Record]) -> int | None:
    changed = next((place for place, each in enumerate(records) if each.kind == CHANGE_CIPHER_SPEC), len(records))
    return next((each.row for each in records[changed:] if each.kind == HANDSHAKE), None)


def _turns(client: list[Record], server: list[Record], done: int | None) -> tuple[Turn, ...]:
    """Application data behind the handshake, joined to turns, in the order of the capture."""
    if done is None:
        return ()
    both: list[tuple[Role, Record]] = [("client", each) for each in client] + [("server", each) for each in server]
    said = [(role, each) for role, each in both if each.kind == APPLICATION_DATA and each.row > done]
    said.sort(key=lambda pair: pair[1].row)
    turns: list[Turn] = []
    for role, each in said:
        last = turns[-1] if turns else None
        if last is not None and last.sender == role:
            turns[-1] = last._replace(last_row=each.row, records=last.records + 1, size=last.size + each.length)
        else:
            turns.append(Turn(role, each.first_row, each.row, 1, each.length))
    return tuple(turns)
