"""Bytes that remember their place, and scapy reading them."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from netviz.dissect.tracing import TracedBytes, read_header, scapy_class, tracing


@given(
    content=st.binary(min_size=1, max_size=40),
    start=st.integers(-50, 50),
    stop=st.integers(-50, 50),
    base=st.integers(0, 999),
)
def test_a_slice_knows_where_it_came_from(content: bytes, start: int, stop: int, base: int) -> None:
    part = TracedBytes(content, base, [])[start:stop]
    assert part == content[start:stop]
    assert not part or content[part.offset - base : part.offset - base + len(part)] == part


def test_pieces_that_meet_stay_traced_and_others_do_not() -> None:
    whole = TracedBytes(b"abcdef", 10, [])
    assert (whole[:2] + whole[2:4]).offset == 10
    assert not isinstance(whole[:2] + whole[3:], TracedBytes)
    assert not isinstance(whole[::-1], TracedBytes)
    assert whole.partition(b"c")[2].offset == 13
    assert TracedBytes(b"  ab ", 0, []).strip() == b"ab"
    assert TracedBytes(b"  ab ", 0, []).lstrip().offset == 2


def test_the_fields_of_a_header_with_their_bits(build: SimpleNamespace) -> None:
    header = read_header(scapy_class("scapy.layers.inet", "IP"), build.ipv4(b"")[:20], 14)
    assert [(seen.name, seen.bit_start - 112, seen.bit_end - 112) for seen in header.seen][:4] == [
        ("version", 0, 4),
        ("ihl", 4, 8),
        ("tos", 8, 16),
        ("len", 16, 32),
    ]
    assert not header.failed


def test_a_header_that_is_cut_has_the_fields_before_the_cut(build: SimpleNamespace) -> None:
    header = read_header(scapy_class("scapy.layers.inet", "TCP"), build.tcp()[:9], 0)
    assert header.failed
    assert [seen.name for seen in header.seen] == ["sport", "dport", "seq"]


def test_packets_inside_fields_report_theirs() -> None:
    report = bytes([143, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0]) + bytes(15) + b"\x09"
    protocol = scapy_class("scapy.layers.inet6", "ICMPv6MLReport2")
    with tracing():
        header = read_header(protocol, report, 100)
    records = next(seen for seen in header.seen if seen.name == "records")
    assert [(part.name, part.bit_start // 8) for part in records.parts][:4] == [
        ("rtype", 108),
        ("auxdata_len", 109),
        ("sources_number", 110),
        ("dst", 112),
    ]
    assert not any(seen.parts for seen in read_header(protocol, report, 100).seen), "only while tracing"
