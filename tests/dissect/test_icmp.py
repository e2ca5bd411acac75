"""ICMP, ICMPv6 and IGMP: messages with data, errors that quote packets, records of listeners."""

from types import SimpleNamespace


def test_an_echo_carries_data_of_its_own(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(bytes([8, 0, 0xAB, 0xCD, 0, 7, 0, 1]) + b"pingpong", 1), 101)
    assert look.shape(found)[1:] == [("ICMP", (20, 28), (28, 36))]
    assert look.field(found, "icmp.type").value == "8 (Echo)"
    assert look.field(found, "icmp.seq").value == "1"
    assert look.field(found, "data.data").span == (28, 36)


def test_an_error_quotes_a_packet_that_stands_on_no_ladder(build: SimpleNamespace, look: SimpleNamespace) -> None:
    quoted = build.ipv4(build.tcp()[:8], total=600)
    found = look.dissect(build.ipv4(bytes([3, 4, 0, 0, 0, 0, 0x05, 0x78]) + quoted, 1), 101)
    assert [layer.protocol for layer in found.layers] == ["IPv4", "ICMP", "IPv4", "TCP"]
    assert [layer.place is None for layer in found.layers] == [False, False, True, True]
    assert found.broken is None, "a quotation is short by design"
    assert look.field(found, "icmp.code").value == "4 (Fragmentation Needed and DF set)"
    assert look.field(found, "icmp.mtu").value == "1400"
    assert look.field(found, "tcp.dstport").value == "8000"


def test_extensions_behind_a_quotation_are_not_the_quoted_packets(
    build: SimpleNamespace, look: SimpleNamespace
) -> None:
    quoted = build.ipv4(build.udp(bytes(100)), 17)
    error = bytes([11, 0, 0, 0, 0, 32, 0, 0]) + quoted + b"\x20\0\xab\xcd\0\x08\x01\x01\0\x01\x01\x01"
    found = look.dissect(build.ipv4(error, 1), 101)
    assert found.layers[1].payload == (28, 28 + 128)
    assert found.layers[1].trailer == (156, 168)


def test_an_icmpv6_error(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv6(bytes([2, 0, 0, 0, 0, 0, 5, 0]) + build.ipv6(build.udp(bytes(9)), 17), 58), 229)
    assert [layer.protocol for layer in found.layers] == ["IPv6", "ICMPv6", "IPv6", "UDP", "Data"]
    assert look.field(found, "icmpv6.mtu").value == "1280"


def test_a_listener_report(build: SimpleNamespace, look: SimpleNamespace) -> None:
    record = bytes([4, 0, 0, 1]) + bytes.fromhex("ff02" + "00" * 13 + "fb") + bytes(15) + b"\x09"
    found = look.dissect(build.ipv6(bytes([143, 0, 0, 0, 0, 0, 0, 1]) + record, 58), 229)
    assert look.field(found, "icmpv6.mldr.mar").value == "ff02::fb (change to exclude)"
    assert look.field(found, "icmpv6.mldr.mar.source_address").value == "::9"


def test_a_record_that_promises_more_than_there_is(build: SimpleNamespace, look: SimpleNamespace) -> None:
    record = bytes([4, 0, 0xFF, 0xFF]) + bytes(16)
    found = look.dissect(build.ipv6(bytes([143]) + bytes(7) + record + bytes(20), 58), 229)
    assert found.broken is None
    assert look.field(found, "icmpv6.mldr.mar.rest").span == (40 + 8 + 36, 40 + 8 + 40)


def test_igmp_queries_and_reports(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(bytes([0x11, 100, 0, 0, 224, 0, 0, 251]), 2), 101)
    assert look.field(found, "igmp.maddr").value == "224.0.0.251"
    report = bytes([0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 239, 1, 2, 3])
    found = look.dissect(build.ipv4(report, 2), 101)
    assert look.field(found, "igmp.record").value == "239.1.2.3 (change to exclude)"
    assert look.field(found, "igmp.record").span == (28, 36)


def test_messages_that_are_too_short(build: SimpleNamespace, look: SimpleNamespace) -> None:
    for frame, link in (
        (build.ipv4(b"\x08\0", 1), 101),
        (build.ipv6(b"\x87\0", 58), 229),
        (build.ipv4(b"\x11", 2), 101),
    ):
        found = look.dissect(frame, link)
        assert found.broken.reason == "too-short"
