"""IPv4 and IPv6: header lengths, fragments, extension headers, packets in packets."""

from types import SimpleNamespace


def test_flags_and_offset_are_bits(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(b"\0" * 8, 17, fragment=0x2003), 101)
    flags, offset = look.field(found, "ip.flags"), look.field(found, "ip.frag_offset")
    assert (flags.value, flags.bit_start, flags.bit_end) == ("MF (0x1)", 48, 51)
    assert (offset.value, offset.bit_start, offset.bit_end) == ("3 (24 B)", 51, 64)
    assert [part.value for part in flags.children] == ["0", "0", "1"]


def test_a_later_fragment_is_never_read_as_a_header(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.udp(b"abc"), 17, fragment=0x0001), 101)
    assert [layer.protocol for layer in found.layers] == ["IPv4", "Data"]
    assert look.field(found, "data.fragment").span == (20, 31)


def test_a_first_fragment_shows_its_transport_and_breaks_nothing(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.udp(b"abc", length=3000), 17, fragment=0x2000), 101)
    assert [layer.protocol for layer in found.layers] == ["IPv4", "UDP", "Data"]
    assert found.broken is None


def test_extension_headers_are_layers_of_their_own(build: SimpleNamespace, look: SimpleNamespace) -> None:
    hop = bytes([44, 0, 5, 2, 0, 0, 1, 0])
    fragment = bytes([17, 0]) + b"\x00\x01" + b"\0\0\0\x07"
    found = look.dissect(build.ipv6(hop + fragment + build.udp(b"abc"), 0), 229)
    assert look.shape(found) == [
        ("IPv6", (0, 40), (40, 67)),
        ("IPv6 Hop-by-Hop Options", (40, 48), (48, 67)),
        ("IPv6 Fragment", (48, 56), (56, 67)),
        ("UDP", (56, 64), (64, 67)),
        ("Data", (64, 67), (67, 67)),
    ]
    assert look.field(found, "ipv6.opt").label == "Router Alert"
    more = look.field(found, "ipv6.fraghdr.more")
    assert (more.value, more.bit_start, more.bit_end) == ("1", 8 * 51 + 7, 8 * 52)


def test_a_later_ipv6_fragment_is_data(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv6(bytes([17, 0, 0, 8]) + bytes(4) + build.udp(), 44), 229)
    assert [layer.protocol for layer in found.layers] == ["IPv6", "IPv6 Fragment", "Data"]


def test_a_routing_header_with_an_address(build: SimpleNamespace, look: SimpleNamespace) -> None:
    route = bytes([59, 2, 0, 1]) + bytes(4) + bytes(16)
    found = look.dissect(build.ipv6(route + b"xy", 43), 229)
    assert look.shape(found)[1:] == [("IPv6 Routing", (40, 64), (64, 66)), ("Data", (64, 66), (66, 66))]
    assert look.field(found, "ipv6.routing.segleft").value == "1"


def test_an_extension_header_longer_than_the_packet(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv6(bytes([17, 200]) + bytes(6), 0), 229)
    assert (found.broken.layer, found.broken.reason, found.broken.needed) == (
        "IPv6 Hop-by-Hop Options",
        "too-short",
        1608,
    )


def test_thousands_of_padding_options_are_listed_up_to_a_bound(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv6(bytes([59, 255]) + bytes(2046), 0), 229)
    assert found.broken is None
    assert 1000 < len(look.fields(found)) < 2100
    assert look.field(found, "options.unreadable").span.end == 40 + 2048


def test_traffic_class_and_flow_label_are_bits(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv6(b"", 59), 229)
    traffic, flow = look.field(found, "ipv6.tclass"), look.field(found, "ipv6.flow")
    assert (traffic.bit_start, traffic.bit_end, traffic.value) == (4, 12, "0x00")
    assert (flow.bit_start, flow.bit_end, flow.value) == (12, 32, "0x12345")


def test_ip_in_ip_and_ipv6_in_ip(build: SimpleNamespace, look: SimpleNamespace) -> None:
    inner = build.ipv6(build.ipv4(build.udp(), 17), 4)
    found = look.dissect(build.ipv4(inner, 41), 101)
    assert [layer.protocol for layer in found.layers] == ["IPv4", "IPv6", "IPv4", "UDP"]


def test_authentication_and_encapsulation(build: SimpleNamespace, look: SimpleNamespace) -> None:
    header = bytes([50, 4, 0, 0]) + b"\0\0\0\x01\0\0\0\x02" + bytes(12)
    found = look.dissect(build.ipv4(header + b"\0\0\0\x09\0\0\0\x01secret", 51), 101)
    assert look.shape(found)[1:] == [
        ("AH", (20, 44), (44, 58)),
        ("ESP", (44, 52), (52, 58)),
        ("Data", (52, 58), (58, 58)),
    ]
    assert found.layers[-1].place is None


def test_ipv6_headers_mean_nothing_behind_ipv4(build: SimpleNamespace, look: SimpleNamespace) -> None:
    assert look.dissect(build.ipv4(bytes(8), 0), 101).layers[1].protocol == "Data"


def test_gre_with_a_key(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(b"\x20\0\x08\0\0\0\0\x2a" + build.ipv4(build.udp(), 17), 47), 101)
    assert look.shape(found)[1] == ("GRE", (20, 28), (28, 56))
    assert look.field(found, "gre.key").value == "0x0000002a"
    assert look.field(found, "gre.key").span == (24, 28)
