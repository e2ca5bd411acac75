"""TLS records and hellos, whole and cut anywhere; nothing behind what is missing is told."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.http.tls_records import APPLICATION_DATA, HANDSHAKE, read_hello, read_records
from netviz.http.websocket_frames import Run


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind, 3, 3]) + struct.pack("!H", len(body)) + body


def extension(kind: int, body: bytes) -> bytes:
    return struct.pack("!HH", kind, len(body)) + body


def hello(kind: int, extensions: bytes, version: int = 0x0303, random: bytes = bytes(32)) -> bytes:
    middle = b"\x00\x04\x13\x01\x0a\x0a\x01\x00" if kind == 1 else b"\x13\x01\x00"
    body = struct.pack("!H", version) + random + b"\x02id" + middle + struct.pack("!H", len(extensions)) + extensions
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


NAME = extension(0, b"\x00\x0f\x00\x00\x0cshop.example")
ALPN = extension(16, b"\x00\x0c\x02h2\x08http/1.1")
CLIENT = hello(1, NAME + ALPN + extension(43, b"\x06\x7a\x7a\x03\x04\x03\x03"))
SERVER = hello(2, extension(43, b"\x03\x04") + extension(16, b"\x00\x03\x02h2"))


def runs(data: bytes, cut: int) -> list[Run]:
    size = cut or max(len(data), 1)
    return [Run(7 + at, at // size, data[at : at + size]) for at in range(0, len(data), size)]


def test_hellos() -> None:
    client, server = read_hello(CLIENT, 3), read_hello(SERVER, 4)
    assert client is not None and server is not None
    assert (client.server_name, client.protocols, client.version, client.row) == (
        "shop.example",
        ("h2", "http/1.1"),
        0x0304,
        3,
    )
    assert (server.version, server.cipher, server.protocols, server.is_retry) == (0x0304, 0x1301, ("h2",), False)
    older = read_hello(hello(2, b""), 0)
    assert older is not None and older.version == 0x0303


@pytest.mark.parametrize("size", range(len(CLIENT)))
def test_half_a_hello_is_none(size: int) -> None:
    assert read_hello(CLIENT[:size], 0) is None


@pytest.mark.parametrize("cut", [0, 1, 2, 7, 50])
def test_records_however_they_are_cut(cut: int) -> None:
    data = record(HANDSHAKE, CLIENT[:40]) + record(HANDSHAKE, CLIENT[40:]) + record(20, b"\x01")
    data += record(APPLICATION_DATA, b"x" * 300) + record(APPLICATION_DATA, b"y")[:-1]
    found = read_records(runs(data, cut), 7, 100)
    assert [(each.kind, each.length) for each in found.records] == [
        (22, 40),
        (22, len(CLIENT) - 40),
        (20, 1),
        (23, 300),
    ]
    assert found.hello is not None and found.hello.server_name == "shop.example"
    assert found.is_tls and not found.cut
    assert all(each.first_row <= each.row for each in found.records)


def test_what_is_missing_or_no_record_ends_the_telling() -> None:
    data = record(22, CLIENT) + record(23, b"x") * 3
    gap = [*runs(data[:-6], 0), Run(7 + len(data) - 3, 9, data[-3:])]
    assert (len(read_records(gap, 7, 100).records), read_records(gap, 7, 100).cut) == (3, True)
    other = read_records(runs(b"GET / HTTP/1.1\r\n\r\n", 0), 7, 100)
    assert (other.records, other.is_tls, other.cut) == ([], False, True)
    assert len(read_records(runs(data, 0), 7, 2).records) == 2


@given(st.binary(max_size=120), st.integers(1, 30))
def test_any_bytes_never_raise(data: bytes, cut: int) -> None:
    read_records(runs(data, cut), 7, 100)
    read_records(runs(record(22, data), cut), 7, 100)
    read_hello(b"\x01" + len(data).to_bytes(3, "big") + data, 0)
    read_hello(CLIENT[:60] + data, 0)
