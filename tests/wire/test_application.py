"""What a payload is, by its first bytes."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from netviz.model.protocols import Fragment, Protocol
from netviz.wire.application import HTTP_METHODS
from netviz.wire.decode import decode

Decoded = Callable[..., dict[str, int]]

DNS = "12340100000100000000000003777777076578616d706c650000010001"
OVER_TCP = [
    *((method + b" / HTTP/1.1\r\n", 3000, Protocol.HTTP) for method in HTTP_METHODS),
    *((method + b"X / HTTP/1.1\r\n", 80, Protocol.TCP) for method in HTTP_METHODS),
    *((method, 80, Protocol.TCP) for method in HTTP_METHODS),
    (b"HTTP/1.1 200 OK\r\n", 5000, Protocol.HTTP),
    (b"HTTP/1.", 5000, Protocol.HTTP),
    (b"HTTP/2 200", 80, Protocol.TCP),
    (b"get / HTTP/1.1\r\n", 80, Protocol.TCP),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 3000, Protocol.HTTP2),
    (b"SSH-2.0-OpenSSH", 2222, Protocol.SSH),
    (b"\x16\x03\x01\x02\x00\x01", 8443, Protocol.TLS),
    (b"\x17\x03\x03\x00\x01\x00", 443, Protocol.TLS),
    (b"\x18\x03\x03\x00\x01\x00", 443, Protocol.TCP),
    (b"\x16\x02\x01\x02\x00\x01", 443, Protocol.TCP),
    (b"\x16\x03\x01\xff\xff\x01", 443, Protocol.TCP),
    (b"\x16\x03\x01\x02", 443, Protocol.TCP),
    (len(bytes.fromhex(DNS)).to_bytes(2) + bytes.fromhex(DNS), 53, Protocol.DNS),
    (bytes.fromhex(DNS), 53, Protocol.TCP),
    (b"\x00", 53, Protocol.TCP),
    (b"\x00", 80, Protocol.TCP),
]
OVER_UDP = [
    (bytes.fromhex(DNS), 53, Protocol.DNS),
    (bytes.fromhex(DNS), 5353, Protocol.MDNS),
    (bytes.fromhex(DNS), 5354, Protocol.UDP),
    (bytes.fromhex(DNS)[:11], 53, Protocol.UDP),
    (bytes.fromhex("1234780000010000000000000000010001"), 53, Protocol.UDP),
    (bytes.fromhex("12340140000100000000000000"), 53, Protocol.UDP),
    (bytes.fromhex("123401000000000000000000"), 53, Protocol.UDP),
    (b"\x01\x01\x06\x00" + bytes(232) + bytes.fromhex("63825363 350101"), 67, Protocol.DHCP),
    (b"\x01\x01\x06\x00" + bytes(232) + bytes.fromhex("63825364 350101"), 67, Protocol.UDP),
    (b"\x01\x01\x06\x00" + bytes(232) + bytes.fromhex("638253"), 67, Protocol.UDP),
    (bytes.fromhex("01123456 0001000a"), 547, Protocol.DHCPV6),
    (bytes.fromhex("00123456 0001000a"), 547, Protocol.UDP),
    (b"\x23" + bytes(47), 123, Protocol.NTP),
    (b"\x23" + bytes(46), 123, Protocol.UDP),
    (b"\x16\x02" + bytes(10), 123, Protocol.NTP),
    (b"\x23" + bytes(47), 124, Protocol.UDP),
    (bytes.fromhex("c000000001 08 0011223344556677 00"), 4433, Protocol.QUIC),
    (bytes.fromhex("c06b3343cf 08 0011223344556677 00"), 4433, Protocol.QUIC),
    (bytes.fromhex("c0ff00001d 08 0011223344556677 00"), 4433, Protocol.QUIC),
    (bytes.fromhex("c000000009 08 0011223344556677 00"), 4433, Protocol.UDP),
    (bytes.fromhex("c000000001 15 0011223344556677 00"), 4433, Protocol.UDP),
    (bytes.fromhex("4011223344"), 443, Protocol.QUIC),
    (bytes.fromhex("4011223344"), 4433, Protocol.UDP),
    (bytes.fromhex("0011223344"), 443, Protocol.UDP),
    (b"GET / HTTP/1.1\r\n", 80, Protocol.UDP),
]


@pytest.mark.parametrize(("payload", "port", "protocol"), OVER_TCP)
def test_a_tcp_payload(payload: bytes, port: int, protocol: Protocol, decoded: Decoded, build: SimpleNamespace) -> None:
    assert decoded(build.ipv4(build.tcp(payload, 40000, port)), 228)["protocol"] == protocol
    assert decoded(build.ipv6(build.tcp(payload, port, 40000)), 229)["protocol"] == protocol


@pytest.mark.parametrize(("payload", "port", "protocol"), OVER_UDP)
def test_a_udp_payload(payload: bytes, port: int, protocol: Protocol, decoded: Decoded, build: SimpleNamespace) -> None:
    assert decoded(build.ipv4(build.udp(payload, 40000, port), 17), 228)["protocol"] == protocol
    assert decoded(build.ipv6(build.udp(payload, port, 40000), 17), 229)["protocol"] == protocol


def test_bytes_behind_the_packet_are_not_its_payload(decoded: Decoded, build: SimpleNamespace) -> None:
    packet = build.ipv4(build.tcp())
    assert decoded(packet + b"GET / HTTP/1.1\r\n", 228)["protocol"] == Protocol.TCP
    whole = build.ipv4(build.tcp(b"GET / HTTP/1.1\r\n"))
    assert decoded(whole[:44], 228)["protocol"] == Protocol.HTTP
    assert decoded(whole[:43], 228)["protocol"] == Protocol.TCP


def test_the_next_frame_is_not_read(make_batch: Callable, build: SimpleNamespace) -> None:
    cut = build.ipv4(build.tcp(b"GE"), total=60)
    columns = decode(make_batch([cut, b"T / HTTP/1.1\r\n"], [228, 147]))
    assert columns["protocol"].tolist() == [Protocol.TCP, Protocol.UNKNOWN]


def test_a_fragment_shows_no_application(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(build.udp(bytes.fromhex(DNS), 40000, 53), 17, fragment=0x2000), 228)
    assert (found["protocol"], found["fragment"]) == (Protocol.IPV4, Fragment.FIRST)
