"""Frames built byte by byte for the tests of dissect/, and a reader of the layers they become."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from netviz.dissect.packet import dissect
from netviz.model.layers import Dissection, Field, Layer

MAC_A, MAC_B = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
IP_A, IP_B = bytes([10, 0, 0, 1]), bytes([10, 0, 0, 2])
IP6_A, IP6_B = bytes.fromhex("20010db8" + "00" * 11 + "01"), bytes.fromhex("20010db8" + "00" * 11 + "02")


def ethernet(payload: bytes, kind: int = 0x0800) -> bytes:
    return MAC_B + MAC_A + kind.to_bytes(2, "big") + payload


def ipv4(
    payload: bytes,
    protocol: int = 6,
    options: bytes = b"",
    total: int | None = None,
    fragment: int = 0x4000,
    first: int | None = None,
) -> bytes:
    size = 20 + len(options)
    total = size + len(payload) if total is None else total
    head = bytes([0x40 | size // 4 if first is None else first, 0]) + total.to_bytes(2, "big") + b"\x12\x34"
    return head + fragment.to_bytes(2, "big") + bytes([64, protocol]) + b"\xab\xcd" + IP_A + IP_B + options + payload


def ipv6(payload: bytes, following: int = 6, length: int | None = None) -> bytes:
    length = len(payload) if length is None else length
    return b"\x60\x01\x23\x45" + length.to_bytes(2, "big") + bytes([following, 64]) + IP6_A + IP6_B + payload


def tcp(
    payload: bytes = b"",
    options: bytes = b"",
    ports: tuple[int, int] = (51515, 8000),
    flags: int = 0x18,
    offset: int | None = None,
    seq: int = 0x01020304,
) -> bytes:
    offset = 5 + len(options) // 4 if offset is None else offset
    head = ports[0].to_bytes(2, "big") + ports[1].to_bytes(2, "big") + seq.to_bytes(4, "big") + b"\x05\x06\x07\x08"
    return head + (offset << 12 | flags).to_bytes(2, "big") + b"\x01\xf6\xbe\xef\x00\x00" + options + payload


def udp(payload: bytes = b"", ports: tuple[int, int] = (40000, 9), length: int | None = None) -> bytes:
    length = 8 + len(payload) if length is None else length
    return ports[0].to_bytes(2, "big") + ports[1].to_bytes(2, "big") + length.to_bytes(2, "big") + b"\x11\x22" + payload


def walked(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields, parents before their parts."""
    for field in fields:
        yield field
        yield from walked(field.children)


def all_fields(found: Dissection) -> list[Field]:
    return [field for layer in found.layers for field in walked(layer.fields)]


def field(found: Dissection, key: str, nth: int = 0) -> Field:
    """The nth field of a key, in the order of the tree."""
    return [each for each in all_fields(found) if each.key == key][nth]


def shape(found: Dissection) -> list[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Name, header and payload of every layer."""
    return [(layer.protocol, tuple(layer.header), tuple(layer.payload)) for layer in found.layers]


def end_of(layer: Layer) -> int:
    return layer.trailer.end if layer.trailer is not None else layer.payload.end


@pytest.fixture(scope="session")
def build() -> SimpleNamespace:
    """Builders of headers, each around its payload."""
    return SimpleNamespace(
        ethernet=ethernet, ipv4=ipv4, ipv6=ipv6, tcp=tcp, udp=udp, mac_a=MAC_A, mac_b=MAC_B, ip_a=IP_A, ip_b=IP_B
    )


@pytest.fixture(scope="session")
def look() -> SimpleNamespace:
    """Readers of a dissection."""
    return SimpleNamespace(dissect=dissect, field=field, fields=all_fields, shape=shape, end_of=end_of, walked=walked)
