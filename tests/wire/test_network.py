"""IP headers: lengths that lie, options and extension headers, fragments, and packets in packets."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from netviz.model.protocols import Broken, Fragment, Protocol

Decoded = Callable[..., dict[str, int]]


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ((0, 0x55), Broken.NETWORK_BAD_VERSION),
        ((0, 0x44), Broken.NETWORK_BAD_LENGTH),
        ((0, 0x4F), Broken.NETWORK_BAD_LENGTH),
        ((3, 19), Broken.NETWORK_BAD_LENGTH),
        ((3, 39), Broken.TRANSPORT_TOO_SHORT),
        ((3, 200), Broken.NO),
    ],
)
def test_an_ipv4_header_that_lies(
    change: tuple[int, int], broken: Broken, decoded: Decoded, build: SimpleNamespace
) -> None:
    packet = bytearray(build.ipv4(build.tcp()))
    packet[change[0]] = change[1]
    assert decoded(bytes(packet), 228)["broken"] == broken


def test_a_network_header_that_can_not_be_read_has_no_addresses(decoded: Decoded, build: SimpleNamespace) -> None:
    short = decoded(build.ethernet(build.ipv4(build.tcp())[:19]))
    assert (short["protocol"], short["ethertype"], short["network_offset"]) == (Protocol.IPV4, 0x0800, -1)
    assert short["ip_protocol"] == 255


def test_the_total_length_says_how_long_the_payload_is(decoded: Decoded, build: SimpleNamespace) -> None:
    packet = build.ipv4(build.tcp(b"x" * 8))
    assert decoded(packet + b"padding", 228)["payload_length"] == 8
    assert decoded(build.ipv4(build.tcp(b"x" * 8), total=1500), 228, 1500)["payload_length"] == 1460
    assert decoded(build.ipv4(build.tcp(b"x" * 8), total=0), 228)["payload_length"] == 8
    assert decoded(build.ipv4(build.tcp(b"x" * 8), total=0), 228, 5040)["payload_length"] == 5000


def test_ipv4_options_stand_before_the_transport(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(build.tcp(), options=bytes.fromhex("94040000")), 228)
    assert (found["transport_offset"], found["destination_port"]) == (24, 80)
    cut = decoded(build.ipv4(build.tcp(), options=bytes.fromhex("94040000"))[:22], 228)
    assert (cut["broken"], cut["network_offset"], cut["transport_offset"]) == (Broken.NETWORK_TOO_SHORT, 0, -1)


def test_ipv6_extension_headers_are_passed(decoded: Decoded, build: SimpleNamespace) -> None:
    chain = bytes.fromhex(
        "2b00010400000000"  # hop-by-hop options, then a routing header
        "3c02000000000000" + "00" * 16 +  # routing (24 bytes), then destination options
        "3300010400000000"  # destination options, then authentication
        "0604000000000001" + "00" * 16  # authentication (24 bytes), then TCP
    )  # fmt: skip
    found = decoded(build.ipv6(chain + build.tcp(), 0), 229)
    assert (found["ip_protocol"], found["transport_offset"], found["destination_port"]) == (6, 40 + 64, 80)
    for cut in (41, 47, 60, 103):
        assert decoded(build.ipv6(chain + build.tcp(), 0)[:cut], 229)["broken"] == Broken.NETWORK_TOO_SHORT


def test_ipv6_without_a_next_header_is_ipv6(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv6(b"", 59), 229)
    assert (found["protocol"], found["ip_protocol"], found["broken"]) == (Protocol.IPV6, 59, Broken.NO)


def test_ipv6_of_length_zero_goes_to_the_end(decoded: Decoded, build: SimpleNamespace) -> None:
    packet = bytearray(build.ipv6(build.tcp(b"12345")))
    packet[4:6] = b"\0\0"
    assert decoded(bytes(packet), 229)["payload_length"] == 5


@pytest.mark.parametrize(
    ("field", "fragment", "has_ports"),
    [
        (0x4000, Fragment.WHOLE, True),
        (0x2000, Fragment.FIRST, True),
        (0x2001, Fragment.MIDDLE, False),
        (0x0001, Fragment.LAST, False),
        (0x1000, Fragment.LAST, False),
    ],
)
def test_parts_of_a_datagram(
    field: int, fragment: Fragment, has_ports: bool, decoded: Decoded, build: SimpleNamespace
) -> None:
    found = decoded(build.ipv4(build.tcp(b"GET / HTTP/1.1\r\n"), fragment=field), 228)
    assert found["fragment"] == fragment
    assert found["protocol"] == (Protocol.HTTP if fragment is Fragment.WHOLE else Protocol.IPV4)
    assert (found["transport_offset"] >= 0) == has_ports
    header = bytes([6, 0]) + ((field & 0x1FFF) << 3 | field >> 13 & 1).to_bytes(2) + bytes(4)
    again = decoded(build.ipv6(header + build.tcp(), 44), 229)
    assert (again["fragment"], again["ip_protocol"]) == (fragment, 6)
    assert (again["transport_offset"] >= 0) == has_ports


def test_a_fragment_of_a_fragment_stays_a_fragment(decoded: Decoded, build: SimpleNamespace) -> None:
    headers = bytes.fromhex("2c00000100000007 0600000000000008")
    assert decoded(build.ipv6(headers + build.tcp(), 44), 229)["fragment"] == Fragment.FIRST


TUNNELS = (
    "IP in IP", "IPv4 in IPv6", "GRE", "GRE with checksum, key and sequence", "GRE with Ethernet", "VXLAN",
    "IP in IP in GRE",
)  # fmt: skip


def inner(build: SimpleNamespace) -> bytes:
    return build.ipv4(build.tcp(b"GET / HTTP/1.1\r\n"), source="c0000201", destination="c0000202")


def tunnels(build: SimpleNamespace) -> dict[str, bytes]:
    packet = inner(build)
    return {
        "IP in IP": build.ipv4(packet, 4),
        "IPv4 in IPv6": build.ipv6(packet, 4),
        "GRE": build.ipv4(bytes.fromhex("00000800") + packet, 47),
        "GRE with checksum, key and sequence": build.ipv4(bytes.fromhex("b0000800") + bytes(12) + packet, 47),
        "GRE with Ethernet": build.ipv4(bytes.fromhex("00006558") + build.ethernet(packet), 47),
        "VXLAN": build.ipv4(build.udp(bytes.fromhex("0800000000007b00") + build.ethernet(packet), 5000, 4789), 17),
        "IP in IP in GRE": build.ipv4(bytes.fromhex("00000800") + build.ipv4(packet, 4), 47),
    }


@pytest.mark.parametrize("name", TUNNELS)
def test_the_innermost_packet_counts(name: str, decoded: Decoded, build: SimpleNamespace) -> None:
    frame = build.ethernet(tunnels(build)[name], 0x86DD if "IPv6" in name else 0x0800)
    found = decoded(frame)
    start = len(frame) - len(inner(build))
    assert (found["network_offset"], found["transport_offset"], found["payload_offset"]) == (
        start,
        start + 20,
        start + 40,
    )
    assert (found["protocol"], found["ip_protocol"], found["destination_port"]) == (Protocol.HTTP, 6, 80)
    assert (found["ethertype"], found["payload_length"], found["broken"]) == (0x0800, 16, Broken.NO)


def test_a_tunnel_with_arp_leaves_nothing_of_the_outer_transport(decoded: Decoded, build: SimpleNamespace) -> None:
    arp = build.ethernet(bytes.fromhex("0001080006040001") + bytes(20), 0x0806)
    found = decoded(build.ipv4(build.udp(bytes.fromhex("0800000000007b00") + arp, 5000, 4789), 17), 228)
    assert (found["protocol"], found["ethertype"], found["ip_protocol"]) == (Protocol.ARP, 0x0806, 255)
    assert (found["transport_offset"], found["payload_offset"], found["destination_port"]) == (-1, -1, 0)


def test_a_tunnel_with_a_broken_packet_keeps_the_outer_headers(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(build.udp(bytes.fromhex("0800000000007b00") + b"short", 5000, 4789), 17), 228)
    assert (found["network_offset"], found["destination_port"]) == (0, 4789)
    assert (found["protocol"], found["broken"]) == (Protocol.UDP, Broken.LINK_TOO_SHORT)


def test_what_a_tunnel_only_announces_leaves_the_outer_packet(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(bytes.fromhex("000086dd") + b"short", 47), 228)
    assert (found["protocol"], found["ethertype"], found["network_offset"]) == (Protocol.GRE, 0x0800, 0)
    assert found["broken"] == Broken.NETWORK_TOO_SHORT


def test_gre_that_is_not_plain_is_named_only(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(bytes.fromhex("3001880b00000000"), 47), 228)
    assert (found["protocol"], found["ip_protocol"], found["broken"]) == (Protocol.GRE, 47, Broken.NO)


def test_an_ip_protocol_that_is_not_known(decoded: Decoded, build: SimpleNamespace) -> None:
    found = decoded(build.ipv4(b"ospf", 89), 228)
    assert (found["protocol"], found["ip_protocol"], found["transport_offset"]) == (Protocol.OTHER_IP, 89, -1)
