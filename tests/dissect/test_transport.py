"""TCP, UDP, SCTP and DCCP: the fields of their headers, bit by bit."""

from types import SimpleNamespace

import pytest


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (0x02, "SYN (0x002)"),
        (0x12, "SYN,ACK (0x012)"),
        (0x11, "FIN,ACK (0x011)"),
        (0, "0x000"),
        (0x1C2, "SYN,ECE,CWR,AE (0x1c2)"),
    ],
)
def test_flags_are_named_and_counted_in_bits(
    build: SimpleNamespace, look: SimpleNamespace, flags: int, said: str
) -> None:
    found = look.dissect(build.ipv4(build.tcp(flags=flags)), 101)
    field = look.field(found, "tcp.flags")
    assert (field.value, field.bit_start, field.bit_end) == (said, 8 * 32 + 4, 8 * 34)
    assert sum(1 << (9 - index) for index, part in enumerate(field.children) if index and part.value == "1") == flags
    assert [part.bit_end - part.bit_start for part in field.children] == [3] + [1] * 9


def test_the_data_offset_is_four_bits(build: SimpleNamespace, look: SimpleNamespace) -> None:
    field = look.field(look.dissect(build.ipv4(build.tcp(options=bytes(4))), 101), "tcp.hdr_len")
    assert (field.value, field.bit_start, field.bit_end) == ("6 (24 B)", 256, 260)


def test_fields_stand_in_the_order_of_their_bytes(build: SimpleNamespace, look: SimpleNamespace) -> None:
    for payload, protocol in ((build.tcp(options=bytes(8)), 6), (build.udp(), 17)):
        found = look.dissect(build.ethernet(build.ipv4(payload, protocol)), 1)
        for layer in found.layers:
            starts = [each.bit_start for each in layer.fields]
            assert starts == sorted(starts)
            assert sum(each.bit_end - each.bit_start for each in layer.fields) == 8 * (
                layer.header.end - layer.header.start
            )


def test_a_udp_length_of_zero_ends_with_its_packet(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.udp(b"abc", length=0), 17), 101)
    assert found.broken is None
    assert look.shape(found)[1] == ("UDP", (20, 28), (28, 31))


def test_sctp_chunks(build: SimpleNamespace, look: SimpleNamespace) -> None:
    head = b"\x13\x88\x13\x89\0\0\0\x01\xde\xad\xbe\xef"
    chunk = bytes([0, 3]) + (18).to_bytes(2, "big") + b"\0\0\0\x05\0\x01\0\x02\0\0\0\0hi" + bytes(2)
    found = look.dissect(build.ipv4(head + chunk + bytes([11, 0, 0, 4]), 132), 101)
    assert look.field(found, "sctp.chunk").value == "DATA"
    assert look.field(found, "sctp.chunk").span == (32, 52)
    assert look.field(found, "sctp.data_tsn").value == "5"
    assert look.field(found, "sctp.chunk", 1).value == "COOKIE ACK"


def test_sctp_with_a_chunk_that_lies(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(bytes(12) + bytes([0, 3, 0xFF, 0xFF, 1, 2]), 132), 101)
    assert look.field(found, "sctp.chunk_rest").span == (32, 38)


def test_dccp_with_a_long_sequence_number(build: SimpleNamespace, look: SimpleNamespace) -> None:
    header = b"\0\x07\0\x08" + bytes([4, 0]) + b"\x12\x34" + bytes([0x05, 0]) + b"\0\0\0\0\0\x09"
    found = look.dissect(build.ipv4(header + b"data", 33), 101)
    assert look.shape(found)[1:] == [("DCCP", (20, 36), (36, 40)), ("Data", (36, 40), (40, 40))]
    assert look.field(found, "dccp.type").value == "2 (Data)"
    assert look.field(found, "dccp.seq").value == "9"
    assert look.field(found, "dccp.seq").span == (30, 36)


def test_a_dccp_offset_below_its_header(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(b"\0\x07\0\x08" + bytes([2]) + bytes(9), 33), 101)
    assert (found.broken.layer, found.broken.reason) == ("DCCP", "bad-header-length")
