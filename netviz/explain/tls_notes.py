"""A TLS connection in words, as of a packet: connecting, the handshake, then how much went which way, and nothing more."""

from typing import Any, Final

from netviz.dissect.message_numbers import TLS_CIPHERS, TLS_VERSIONS
from netviz.explain.notes import Note, note, seconds, title
from netviz.explain.words import Language
from netviz.model.evidence import Evidence
from netviz.pipeline.store import Store
from netviz.pipeline.tls_talks import TlsTalk, tls_connections, tls_talk

MOST_CONNECTIONS: Final = 50
_MOST_TURNS: Final = 40


def tls_notes(store: Store, as_of: int, language: Language) -> list[Note]:
    """All TLS connections that had begun; nothing where there are none."""
    found: list[Note] = []
    for talk in known_talks(store, as_of):
        found += tls_connection_notes(store, talk, as_of, language)
    return [title("tls.title", language), note("tls.opaque", language, "faint"), *found] if found else []


def known_talks(store: Store, as_of: int) -> list[TlsTalk]:
    """The first TLS connections of which a hello had come by packet `as_of`."""
    found = []
    for connection in tls_connections(store)[:MOST_CONNECTIONS]:
        talk = tls_talk(store, connection)
        if talk is not None and store.connection(connection).first_packet <= as_of and _begun(talk, as_of):
            found.append(talk)
    return found


def _begun(talk: TlsTalk, as_of: int) -> bool:
    hello = talk.client_hello or talk.server_hello
    return hello is None or hello.row < as_of


def tls_connection_notes(store: Store, talk: TlsTalk, as_of: int, language: Language) -> list[Note]:
    """One of them."""
    connection = store.connection(talk.connection)
    ends: dict[str, Any] = {
        "connection": talk.connection,
        "client": str(connection.client),
        "server": str(connection.server),
    }
    found = [note("tls.connection", language, at=Evidence(connection.first_packet), **ends)]
    hello, answer = talk.client_hello, talk.server_hello
    times = store.packets["time"]
    handshake = connection.handshake
    if handshake.syn is not None and handshake.ack is not None and handshake.ack <= as_of:
        took = seconds(int(times[handshake.ack - 1] - times[handshake.syn - 1]) / 1e9)
        found.append(note("tls.connect", language, at=Evidence(handshake.syn), time=took))
    if hello is not None:
        details: dict[str, Any] = {"name": hello.server_name or "-", "protocols": ", ".join(hello.protocols) or "-"}
        found.append(note("tls.client-hello", language, at=Evidence(hello.row + 1), **details))
    if answer is not None and answer.row < as_of:
        details = {"version": version_name(answer.version), "cipher": cipher_name(answer.cipher)}
        found.append(note("tls.server-hello", language, at=Evidence(answer.row + 1), **details))
    if talk.done_row is not None and talk.done_row < as_of and hello is not None:
        took = seconds(int(times[talk.done_row] - times[hello.row]) / 1e9)
        found.append(note("tls.handshake", language, at=Evidence(talk.done_row + 1), time=took))
    found += _turns(store, talk, as_of, language)
    if as_of >= len(store.packets):
        found += [note(f"tls.cut-{role}", language, "warn") for role in talk.cut]
    return [found[0], *(each._replace(indent=2) for each in found[1:])]


def _turns(store: Store, talk: TlsTalk, as_of: int, language: Language) -> list[Note]:
    times, found, before = store.packets["time"], list[Note](), talk.done_row
    turns = talk.until(as_of)
    for turn in turns[:_MOST_TURNS]:
        after = seconds(int(times[turn.first_row] - times[before]) / 1e9) if before is not None else "-"
        details: dict[str, Any] = {"bytes": turn.size, "records": turn.records, "time": after}
        whole = turn.last_row < as_of
        key = f"tls.data-{turn.sender}" if whole else f"tls.data-{turn.sender}-coming"
        found.append(note(key, language, at=Evidence(turn.first_row + 1), **(details if whole else {"time": after})))
        before = turn.last_row
    if len(turns) > _MOST_TURNS:
        found.append(note("tls.more", language, "faint", count=len(turns) - _MOST_TURNS))
    return found


def version_name(version: int) -> str:
    """`TLS 1.3`."""
    return TLS_VERSIONS.get(version, f"0x{version:04x}")


def cipher_name(cipher: int) -> str:
    """IANA's name of a cipher suite, or its number."""
    return TLS_CIPHERS.get(cipher, f"0x{cipher:04x}")
