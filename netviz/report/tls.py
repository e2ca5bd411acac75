"""TLS connections as `netviz exchanges --json` has them beside the exchanges that can be read."""

from netviz.explain.tls_notes import cipher_name, version_name
from netviz.pipeline.store import Store
from netviz.pipeline.tls_talks import TlsTalk, tls_connections, tls_talk
from netviz.report.form import seconds


def tls_objects(store: Store) -> list[dict[str, object]]:
    """Each connection that speaks TLS: its hellos, how long connecting and the handshake took, and its opaque data."""
    talks = (tls_talk(store, connection) for connection in tls_connections(store))
    return [_object(store, talk) for talk in talks if talk is not None]


def _object(store: Store, talk: TlsTalk) -> dict[str, object]:
    connection = store.connection(talk.connection)
    hello, answer, shake = talk.client_hello, talk.server_hello, connection.handshake
    return {
        "connection": talk.connection,
        "client": {"address": connection.client.address, "port": connection.client.port},
        "server": {"address": connection.server.address, "port": connection.server.port},
        "client_hello": hello.row + 1 if hello is not None else None,
        "server_name": hello.server_name or None if hello is not None else None,
        "protocols_offered": list(hello.protocols) if hello is not None else [],
        "server_hello": answer.row + 1 if answer is not None else None,
        "version": version_name(answer.version) if answer is not None else None,
        "cipher": cipher_name(answer.cipher) if answer is not None else None,
        "protocol": answer.protocols[0] if answer is not None and answer.protocols else None,
        "connect": _between(store, _row(shake.syn), _row(shake.ack)),
        "tls": _between(store, hello.row if hello is not None else None, talk.done_row),
        "handshake_done": talk.done_row + 1 if talk.done_row is not None else None,
        "data": [
            {"from": turn.sender, "first_packet": turn.first_row + 1, "last_packet": turn.last_row + 1,
             "records": turn.records, "bytes": turn.size}
            for turn in talk.turns
        ],
        "cut": list(talk.cut),
    }  # fmt: skip


def _row(packet: int | None) -> int | None:
    return packet - 1 if packet is not None else None


def _between(store: Store, first: int | None, last: int | None) -> float | None:
    if first is None or last is None:
        return None
    return seconds(store.packets.value("time", last) - store.packets.value("time", first))
