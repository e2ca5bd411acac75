"""A DNS message whole: flags, counts, records; cut at any byte and made of any bytes it never raises."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.wire.dns_sections import Record, sections

NAME = b"\x03www\x04shop\x07example\x00"
POINTER = b"\xc0\x0c"


def record(kind: int, data: bytes, ttl: int = 300, name: bytes = POINTER, cls: int = 1) -> bytes:
    return name + struct.pack("!HHIH", kind, cls, ttl, len(data)) + data


def message(flags: int, *parts: tuple[bytes, ...]) -> bytes:
    counts = [len(part) for part in parts] + [0] * (4 - len(parts))
    return struct.pack("!6H", 0xBEEF, flags, *counts) + b"".join(piece for part in parts for piece in part)


QUESTION = NAME + b"\x00\x01\x00\x01"
ANSWER = message(
    0x8580,
    (QUESTION,),
    (record(5, b"\x04real\xc0\x10"), record(1, bytes((10, 9, 0, 1)), 60)),
    (record(2, b"\x02ns\xc0\x10"), record(6, b"\x02ns\xc0\x10\x05admin\xc0\x10" + bytes(20))),
    (record(28, bytes(15) + b"\x01"), record(41, b"", 0, b"\x00", 1232)),
)


def test_every_record_of_every_section_is_read() -> None:
    found = sections(ANSWER)
    assert found is not None
    assert (found.id, found.is_response, found.authoritative, found.truncated) == (0xBEEF, True, True, False)
    assert (found.recursion_desired, found.recursion_available, found.rcode) == (True, True, "NOERROR")
    assert (found.counts, found.questions, found.broken) == ((1, 2, 2, 2), (("www.shop.example", "A"),), False)
    assert found.answers == (
        Record("www.shop.example", "CNAME", 300, "real.shop.example"),
        Record("www.shop.example", "A", 60, "10.9.0.1"),
    )
    assert [(each.type, each.data) for each in found.authority] == [
        ("NS", "ns.shop.example"),
        ("SOA", "ns.shop.example admin.shop.example"),
    ]
    assert [(each.name, each.type, each.data) for each in found.additional] == [
        ("www.shop.example", "AAAA", "::1"),
        (".", "OPT", "UDP 1232"),
    ]


@pytest.mark.parametrize("cut", range(len(ANSWER)))
def test_a_cut_message_gives_what_came_before(cut: int) -> None:
    found = sections(ANSWER[:cut])
    assert (found is None) == (cut < 12)
    assert found is None or found.broken


def test_counts_that_lie_cost_nothing() -> None:
    found = sections(struct.pack("!6H", 1, 0x8000, 65535, 65535, 65535, 65535) + QUESTION * 100)
    assert found is not None
    assert found.broken and len(found.questions) == 60 and found.answers == ()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_value(data: bytes) -> None:
    found = sections(data)
    assert (found is None) == (len(data) < 12)
