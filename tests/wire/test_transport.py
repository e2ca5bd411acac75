"""Transport headers: what they say, and lengths that lie."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from netviz.model.protocols import Broken, Protocol

Decoded = Callable[..., dict[str, int]]


def test_a_tcp_header_in_full(decoded: Decoded, build: SimpleNamespace) -> None:
    segment = build.tcp(b"data", 65535, 1, 0xFFFFFFFF, 0x80000000, 0xFFF, 0xFFFF, options=bytes(40))
    found = decoded(build.ipv4(segment), 228)
    assert (found["source_port"], found["destination_port"]) == (65535, 1)
    assert (found["seq"], found["ack"], found["flags"], found["window"]) == (0xFFFFFFFF, 0x80000000, 0xFFF, 0xFFFF)
    assert (found["payload_offset"], found["payload_length"]) == (80, 4)


@pytest.mark.parametrize(("offset", "broken"), [(4, 6), (5, 0), (6, 0), (7, 6)])
def test_a_tcp_data_offset_that_lies(offset: int, broken: int, decoded: Decoded, build: SimpleNamespace) -> None:
    segment = bytearray(build.tcp(b"data"))
    segment[12] = offset << 4
    found = decoded(build.ipv4(bytes(segment)), 228)
    assert found["broken"] == broken
    assert found["seq"] == 1
    assert (found["payload_offset"] == -1) == bool(broken)


def test_tcp_options_that_were_not_captured_leave_the_payload_known(decoded: Decoded, build: SimpleNamespace) -> None:
    packet = build.ipv4(build.tcp(b"x" * 100, options=bytes(12)))
    found = decoded(packet[:44], 228, len(packet))
    assert (found["broken"], found["payload_offset"], found["payload_length"]) == (Broken.TRANSPORT_TOO_SHORT, 52, 100)


@pytest.mark.parametrize(
    ("length", "payload", "broken"), [(12, 4, 0), (10, 2, 0), (8, 0, 0), (0, 4, 0), (7, 0, 6), (13, 0, 6)]
)
def test_a_udp_length(length: int, payload: int, broken: int, decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(build.udp(b"data", length=length), 17), 228)
    assert (found["payload_length"], found["broken"]) == (payload, broken)


def test_the_length_of_a_first_fragment_is_that_of_the_datagram(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(build.udp(b"x" * 8, length=3000), 17, fragment=0x2000), 228)
    assert (found["broken"], found["payload_length"]) == (Broken.NO, 8)


@pytest.mark.parametrize(
    ("protocol", "message", "name"),
    [(1, "0800f7ff00010002", Protocol.ICMP), (58, "8000f7ff00010002", Protocol.ICMPV6)],
)
def test_an_icmp_message(protocol: int, message: str, name: Protocol, decoded: Decoded, build: SimpleNamespace) -> None:
    packet = build.ipv4(bytes.fromhex(message) + b"ping", protocol)
    found = decoded(packet, 228)
    assert (found["protocol"], found["flags"]) == (name, int(message[:4], 16))
    assert (found["source_port"], found["transport_offset"], found["payload_offset"]) == (0, 20, 28)
    assert found["payload_length"] == 4
    cut = decoded(packet[:25], 228)
    assert (cut["flags"], cut["payload_offset"], cut["broken"]) == (
        int(message[:4], 16),
        -1,
        Broken.TRANSPORT_TOO_SHORT,
    )


def test_sctp_dccp_and_igmp(decoded: Decoded, build: SimpleNamespace) -> None:
    ports = bytes.fromhex("9c400009")
    sctp = decoded(build.ipv4(ports + bytes(8) + b"chunk", 132), 228)
    assert (sctp["protocol"], sctp["destination_port"], sctp["payload_length"]) == (Protocol.SCTP, 9, 5)
    dccp = decoded(build.ipv4(ports + bytes([4, 0]) + bytes(10) + b"data", 33), 228)
    assert (dccp["protocol"], dccp["source_port"], dccp["payload_offset"]) == (Protocol.DCCP, 40000, 36)
    assert decoded(build.ipv4(ports + bytes([2, 0]) + bytes(10), 33), 228)["broken"] == Broken.TRANSPORT_BAD_LENGTH
    igmp = decoded(build.ipv4(bytes.fromhex("16000904e00000fb"), 2), 228)
    assert (igmp["protocol"], igmp["transport_offset"], igmp["payload_length"]) == (Protocol.IGMP, 20, 0)
