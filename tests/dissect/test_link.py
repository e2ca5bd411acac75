"""Link layers: what they announce, and where their headers end."""

from types import SimpleNamespace

import pytest


def test_two_provider_tags_and_a_customers(build: SimpleNamespace, look: SimpleNamespace) -> None:
    tags = bytes.fromhex("0064 8100 2065 8100 7066 0800")
    found = look.dissect(build.ethernet(tags + build.ipv4(build.udp(), 17), 0x88A8), 1)
    assert look.shape(found)[1:4] == [
        ("802.1ad", (14, 18), (18, 54)),
        ("802.1Q", (18, 22), (22, 54)),
        ("802.1Q", (22, 26), (26, 54)),
    ]
    assert [look.field(found, "vlan.id", n).value for n in range(3)] == ["100", "101", "102"]
    tag = look.field(found, "vlan.priority", 2)
    assert (tag.value, tag.bit_start, tag.bit_end) == ("3", 8 * 22, 8 * 22 + 3)


def test_a_length_instead_of_a_type_is_802_3_with_llc(build: SimpleNamespace, look: SimpleNamespace) -> None:
    bridge = bytes.fromhex("424203") + bytes(35)
    found = look.dissect(build.ethernet(bridge, len(bridge)) + bytes(8), 1)
    assert look.shape(found)[:2] == [("802.3", (0, 14), (14, 52)), ("LLC", (14, 17), (17, 52))]
    assert found.layers[2].protocol == "STP"
    assert found.layers[0].trailer == (52, 60)
    assert look.field(found, "eth.len").value == "38"


def test_snap_carries_an_ethertype(build: SimpleNamespace, look: SimpleNamespace) -> None:
    content = bytes.fromhex("aaaa03 000000 0800") + build.ipv4(build.udp(), 17)
    found = look.dissect(build.ethernet(content, len(content)), 1)
    assert [layer.protocol for layer in found.layers] == ["802.3", "LLC", "SNAP", "IPv4", "UDP"]
    assert look.field(found, "llc.type").span == (20, 22)


def test_a_numbered_llc_frame_has_two_bytes_of_control(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ethernet(bytes.fromhex("f0f0 0204 aabb"), 6), 1)
    assert look.shape(found)[1] == ("LLC", (14, 18), (18, 20))
    assert look.field(found, "llc.control").value == "0x0204"


def test_cooked_headers_of_both_versions(build: SimpleNamespace, look: SimpleNamespace) -> None:
    packet = build.ipv4(build.udp(), 17)
    first = bytes.fromhex("0004 0001 0006") + build.mac_a + bytes(2) + b"\x08\x00" + packet
    found = look.dissect(first, 113)
    assert look.shape(found)[0] == ("Linux cooked", (0, 16), (16, 44))
    assert look.field(found, "sll.src.eth").value == build.mac_a.hex(":")
    assert look.field(found, "sll.unused").span == (12, 14)
    second = b"\x08\x00\0\0\0\0\0\x03\x00\x01\x00\x06" + build.mac_a + bytes(2) + packet
    found = look.dissect(second, 276)
    assert look.shape(found)[0] == ("Linux cooked v2", (0, 20), (20, 48))
    assert look.field(found, "sll.ifindex").value == "3"
    assert look.field(found, "sll.src.eth").span == (12, 18)


@pytest.mark.parametrize("family", ["02000000", "00000002"])
def test_loopback_in_either_byte_order(build: SimpleNamespace, look: SimpleNamespace, family: str) -> None:
    found = look.dissect(bytes.fromhex(family) + build.ipv4(build.udp(), 17), 0)
    assert [layer.protocol for layer in found.layers] == ["Loopback", "IPv4", "UDP"]
    assert look.field(found, "null.family").value == "2 (IPv4)"


@pytest.mark.parametrize("family", [10, 24, 28, 30])
def test_loopback_knows_ipv6_of_every_system(build: SimpleNamespace, look: SimpleNamespace, family: int) -> None:
    found = look.dissect(bytes([family, 0, 0, 0]) + build.ipv6(build.udp(), 17), 0)
    assert found.layers[1].protocol == "IPv6"


@pytest.mark.parametrize(
    ("head", "size"),
    [("ff03 0021", 4), ("ff03 21", 3), ("0021", 2), ("21", 1)],
    ids=["full", "short", "bare", "bare short"],
)
def test_ppp_in_all_its_lengths(build: SimpleNamespace, look: SimpleNamespace, head: str, size: int) -> None:
    found = look.dissect(bytes.fromhex(head) + build.ipv4(build.udp(), 17), 9)
    assert look.shape(found)[0] == ("PPP", (0, size), (size, size + 28))
    assert look.field(found, "ppp.protocol").span == (size - (1 if size % 2 else 2), size)


def test_pppoe_ends_at_its_length(build: SimpleNamespace, look: SimpleNamespace) -> None:
    session = b"\x11\x00\x12\x34" + (30).to_bytes(2, "big") + b"\x00\x21" + build.ipv4(build.udp(), 17)
    found = look.dissect(build.ethernet(session + bytes(4), 0x8864), 1)
    assert [layer.protocol for layer in found.layers] == ["Ethernet", "PPPoE", "PPP", "IPv4", "UDP"]
    assert found.layers[0].trailer == (50, 54)


def test_a_stack_of_labels(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ethernet(bytes.fromhex("00010040 00011140") + build.ipv4(build.udp(), 17), 0x8847), 1)
    assert [layer.protocol for layer in found.layers] == ["Ethernet", "MPLS", "MPLS", "IPv4", "UDP"]
    label = look.field(found, "mpls.label", 1)
    assert (label.value, label.bit_start, label.bit_end) == ("17", 144, 164)


ARP = bytes.fromhex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002")


def test_arp_ends_with_its_addresses(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ethernet(ARP, 0x0806) + bytes(18), 1)
    assert look.shape(found) == [("Ethernet", (0, 14), (14, 42)), ("ARP", (14, 42), (42, 42))]
    assert found.layers[0].trailer == (42, 60)
    assert look.field(found, "arp.opcode").value == "1 (request)"
    assert look.field(found, "arp.dst.proto_ipv4").span == (38, 42)


def test_arp_with_addresses_of_other_lengths(build: SimpleNamespace, look: SimpleNamespace) -> None:
    message = bytes.fromhex("0006 0800 08 04 0001") + bytes(8) + b"\x0a\0\0\x01" + bytes(8) + b"\x0a\0\0\x02"
    found = look.dissect(build.ethernet(message, 0x0806), 1)
    assert found.layers[1].header == (14, 46)
    assert look.field(found, "arp.src.proto").value == "10.0.0.1"


def test_arp_cut_in_its_addresses_keeps_those_that_are_there(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ethernet(ARP, 0x0806)[:32], 1)
    assert found.broken.reason == "too-short"
    assert look.field(found, "arp.src.proto").value == "10.0.0.1"
