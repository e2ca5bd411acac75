"""The lab's DNS server: answers what it knows, says NXDOMAIN for what it does not, and remembers what it was asked."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.lab.names import reply

ZONE = {"www.shop.example": {"A": "10.9.0.1", "AAAA": "fd09::1"}, "api.shop.example": {"A": "10.9.0.3"}}


def query(name: str, record_type: int, number: int = 7) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", record_type, 1)


@pytest.mark.parametrize(
    ("name", "record_type", "kind", "status", "counts", "address"),
    [
        ("www.shop.example", 1, "A", "NOERROR", (1, 1, 0, 0), bytes([10, 9, 0, 1])),
        ("WWW.Shop.example", 1, "A", "NOERROR", (1, 1, 0, 0), bytes([10, 9, 0, 1])),
        ("www.shop.example", 28, "AAAA", "NOERROR", (1, 1, 0, 0), b"\xfd\x09" + bytes(13) + b"\x01"),
        ("api.shop.example", 28, "AAAA", "NOERROR", (1, 0, 1, 0), b""),
        ("api.shop.example", 16, "TYPE16", "NOERROR", (1, 0, 1, 0), b""),
        ("nothing.shop.example", 1, "A", "NXDOMAIN", (1, 0, 1, 0), b""),
    ],
)
def test_a_question_is_answered(
    name: str, record_type: int, kind: str, status: str, counts: tuple[int, ...], address: bytes
) -> None:
    asked = query(name, record_type)
    response, said = reply(asked, ZONE)
    number, flags, *found = struct.unpack_from("!6H", response)
    assert (number, tuple(found)) == (7, counts)
    assert flags == 0x8180 | (3 if status == "NXDOMAIN" else 0)
    assert response[12 : len(asked)] == asked[12:]
    assert response.endswith(address)
    assert said == {"name": name, "type": kind, "status": status}


@given(st.binary(max_size=80))
def test_what_is_no_query_is_refused_and_nothing_else(message: bytes) -> None:
    try:
        response, _ = reply(message, ZONE)
    except ValueError:
        return
    assert response[:2] == message[:2]
