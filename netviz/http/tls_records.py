"""What a TLS connection shows although nothing in it can be read: the hellos, and how much of what kind went when.

Records from ordered bytes (RFC 8446 section 5.1, RFC 5246 section 6.2). Knows no keys, and decrypts nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from netviz.http.websocket_frames import Run

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
TLS_1_3: Final = 0x0304
_HEADER: Final = 5
_LONGEST_RECORD: Final = (1 << 14) + 2048
_LONGEST_HELLO: Final = 1 << 16
_SERVER_NAME, _ALPN, _SUPPORTED_VERSIONS = 0, 16, 43
_RETRY: Final = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""The random of a Hello Retry Request (RFC 8446 4.1.3)."""


class Record(NamedTuple):
    """One record: its content type, its length without the header, and the rows that brought it."""

    kind: int
    length: int
    first_row: int
    row: int
    """With which it was whole; rows count as what was sent before is known too."""


@dataclass(slots=True)
class Hello:
    """What a Client Hello or a Server Hello says in the clear. Texts are as on the wire."""

    row: int
    version: int
    """The one that is meant: supported_versions before the old field. The highest that a client offers."""

    server_name: str = ""
    protocols: tuple[str, ...] = ()
    """ALPN names: offered, or chosen."""

    cipher: int = 0
    is_retry: bool = False


@dataclass(slots=True)
class Records:
    """One direction."""

    records: list[Record]
    hello: Hello | None
    is_tls: bool
    """The first bytes are a record's."""

    cut: bool
    """Bytes are missing, or what comes is no record: nothing is told from there on."""


def read_records(runs: Iterable[Run], begin: int, most: int) -> Records:
    """The records of one direction, from stream offset `begin` on; of a long one `most` are listed."""
    found = Records([], None, False, False)
    waiting, hello, now, begun = bytearray(), bytearray(), -1, -1
    for run in runs:
        if run.offset != begin:
            found.cut = True
            break
        begin += len(run.data)
        now = max(now, run.row)
        if not waiting:
            begun = run.row
        waiting += run.data
        at = 0
        while len(waiting) - at >= _HEADER and len(found.records) < most:
            kind, length = waiting[at], int.from_bytes(waiting[at + 3 : at + 5], "big")
            if not CHANGE_CIPHER_SPEC <= kind <= APPLICATION_DATA or waiting[at + 1] != 3 or length > _LONGEST_RECORD:
                found.cut = True
                return found
            found.is_tls = True
            if len(waiting) - at - _HEADER < length:
                break
            body = bytes(waiting[at + _HEADER : at + _HEADER + length])
            found.records.append(Record(kind, length, begun, now))
            at += _HEADER + length
            begun = run.row
            if kind == HANDSHAKE and found.hello is None and len(hello) < _LONGEST_HELLO:
                hello += body
                found.hello = read_hello(bytes(hello), now)
        del waiting[:at]
        if len(found.records) >= most:
            found.cut = True
            break
    return found


def read_hello(data: bytes, row: int) -> Hello | None:
    """A Client Hello or Server Hello (RFC 8446 4.1); None where it has not all come, or is none."""
    if len(data) < 4 or data[0] not in (1, 2) or len(data) - 4 < int.from_bytes(data[1:4], "big"):
        return None
    body = data[4 : 4 + int.from_bytes(data[1:4], "big")]
    if len(body) < 35:
        return None
    hello = Hello(row, int.from_bytes(body[:2], "big"), is_retry=data[0] == 2 and body[2:34] == _RETRY)
    at = 35 + body[34]
    if data[0] == 1:
        at += 2 + int.from_bytes(body[at : at + 2], "big")
        at += 1 + (body[at] if at < len(body) else 0)
    else:
        hello.cipher = int.from_bytes(body[at : at + 2], "big")
        at += 3
    _extensions(hello, body[at + 2 : at + 2 + int.from_bytes(body[at : at + 2], "big")], data[0] == 1)
    return hello


def _extensions(hello: Hello, data: bytes, by_client: bool) -> None:
    at = 0
    while at + 4 <= len(data):
        kind, size = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        value = data[at + 4 : at + 4 + size]
        if kind == _SERVER_NAME and by_client and len(value) > 5:
            hello.server_name = value[5 : 5 + int.from_bytes(value[3:5], "big")].decode("utf-8", "backslashreplace")
        elif kind == _ALPN:
            hello.protocols = _names(value[2:])
        elif kind == _SUPPORTED_VERSIONS:
            listed = value[1:] if by_client else value
            offered = [int.from_bytes(listed[each : each + 2], "big") for each in range(0, len(listed) - 1, 2)]
            # Values that clients put in to keep servers tolerant (RFC 8701) are no versions.
            hello.version = max((each for each in offered if each >> 8 == 3), default=hello.version)
        at += 4 + size


def _names(data: bytes) -> tuple[str, ...]:
    found, at = [], 0
    while at < len(data):
        found.append(data[at + 1 : at + 1 + data[at]].decode("utf-8", "backslashreplace"))
        at += 1 + data[at]
    return tuple(found)
