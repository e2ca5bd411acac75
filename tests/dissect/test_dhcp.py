"""DHCP: the fixed part and each option, with lengths that may lie."""

from types import SimpleNamespace

FIXED = (
    bytes([2, 1, 6, 0]) + b"\xde\xad\xbe\xef" + bytes(2) + b"\x80\x00" + bytes(4) + b"\x0a\0\0\x09" + bytes(8)
    + bytes.fromhex("020000000009") + bytes(10) + b"server".ljust(64, b"\0") + bytes(128)
)  # fmt: skip
COOKIE = b"\x63\x82\x53\x63"


def test_an_offer(build: SimpleNamespace, look: SimpleNamespace) -> None:
    options = bytes([53, 1, 2, 1, 4, 255, 255, 255, 0, 51, 4, 0, 0, 14, 16, 12, 1, 104, 255, 0, 0])
    found = look.dissect(build.ipv4(build.udp(FIXED + COOKIE + options, (67, 68)), 17), 101)
    assert found.layers[-1].protocol == "DHCP"
    assert look.field(found, "dhcp.ip.your").value == "10.0.0.9"
    assert look.field(found, "dhcp.ip.your").span == (28 + 16, 28 + 20)
    assert look.field(found, "dhcp.hw.mac_addr").value == "02:00:00:00:00:09"
    assert look.field(found, "dhcp.server").value == "server"
    assert look.field(found, "dhcp.flags.bc").value == "1"
    said = [(each.label, each.value) for each in look.fields(found) if each.key == "dhcp.option.type"]
    assert said == [
        ("DHCP Message Type", "2 (OFFER)"),
        ("Subnet Mask", "255.255.255.0"),
        ("IP Address Lease Time", "3600"),
        ("Host Name", "h"),
    ]
    assert look.field(found, "dhcp.option.padding").span.end == found.captured


def test_an_option_that_lies(build: SimpleNamespace, look: SimpleNamespace) -> None:
    found = look.dissect(build.ipv4(build.udp(FIXED + COOKIE + bytes([53, 200, 1]), (67, 68)), 17), 101)
    assert found.broken is None
    assert look.field(found, "dhcp.option.unreadable").span == (28 + 240, 28 + 243)


def test_without_the_cookie_it_is_data(build: SimpleNamespace, look: SimpleNamespace) -> None:
    assert look.dissect(build.ipv4(build.udp(FIXED + bytes(4), (67, 68)), 17), 101).layers[-1].protocol == "Data"
