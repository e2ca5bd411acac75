"""Link layers: Ethernet and its tags, LLC, cooked captures, loopback, PPP, MPLS, ARP. May not know what they carry."""

from typing import Final

from netviz.dissect import numbers
from netviz.dissect.cursor import Cursor
from netviz.dissect.forms import address, hexadecimal, named_hexadecimal, octets
from netviz.dissect.spelling import header_fields
from netviz.dissect.step import DATA, Step, Window, ends, too_short
from netviz.model.layers import Break, Field

_L2: Final = "scapy.layers.l2"

CARRIED_BY_ETHERTYPE: Final[dict[int, str]] = {
    0x0800: "IPv4",
    0x0806: "ARP",
    0x6558: "Ethernet",
    0x8035: "ARP",
    0x8100: "802.1Q",
    0x86DD: "IPv6",
    0x880B: "PPP",
    0x8847: "MPLS",
    0x8848: "MPLS",
    0x8863: "PPPoE",
    0x8864: "PPPoE",
    0x888E: "EAPOL",
    0x88A8: "802.1ad",
    0x88CC: "LLDP",
    0x9100: "802.1Q",
    0x9200: "802.1Q",
}
"""EtherType -> dissector."""

_WITHOUT_ETHERTYPE: Final = (770, 802, 803, 824)
"""Frame relay, 802.11 with prism or radiotap, netlink."""

_LENGTH_MOST: Final = 1500
"""A type field up to here is a length (IEEE 802.3 clause 3.2.6)."""


def carries(
    protocol: str, fields: tuple[Field, ...], window: Window, size: int, follows: str | None, length: int | None = None
) -> Step:
    """A layer with a header of `size` bytes that carries the rest of its window, or `length` bytes of it."""
    header_end = window.start + size
    claimed = window.claimed if length is None else min(header_end + length, window.claimed)
    end = min(window.end, claimed)
    return Step(protocol, fields, header_end, end, claimed, follows, window.under)


def by_ethertype(kind: int) -> str:
    """The dissector for what an EtherType announces."""
    return "LLC" if kind <= _LENGTH_MOST else CARRIED_BY_ETHERTYPE.get(kind, DATA)


def ethernet(window: Window) -> Step:
    """Ethernet II, or IEEE 802.3 where the type field is a length."""
    if window.size >= 14 and window.number(12, 2) <= _LENGTH_MOST:
        fields = header_fields(window, _L2, "Dot3", 14)
        return carries("802.3", fields, window, 14, "LLC", window.number(12, 2))
    fields = header_fields(window, _L2, "Ether", 14)
    if window.size < 14:
        return ends("Ethernet", fields, window, too_short("Ethernet", window, 14))
    return carries("Ethernet", fields, window, 14, by_ethertype(window.number(12, 2)))


def _tag(protocol: str, window: Window) -> Step:
    fields = header_fields(window, _L2, "Dot1Q", 4)
    if window.size < 4:
        return ends(protocol, fields, window, too_short(protocol, window, 4))
    return carries(protocol, fields, window, 4, by_ethertype(window.number(2, 2)))


def vlan(window: Window) -> Step:
    """A tag of IEEE 802.1Q: what stands between the addresses and the type that is really carried."""
    return _tag("802.1Q", window)


def provider_vlan(window: Window) -> Step:
    """A provider's tag (IEEE 802.1ad), outside the customer's."""
    return _tag("802.1ad", window)


def llc(window: Window) -> Step:
    """IEEE 802.2: access points and a control field of one byte, or two where frames are numbered."""
    if window.size == 0:
        return ends("LLC", (), window, too_short("LLC", window, 3))
    size = 4 if window.size >= 3 and window.byte(2) & 3 != 3 else 3
    fields = header_fields(window, _L2, "LLC", 3)
    if window.size < size:
        return ends("LLC", fields, window, too_short("LLC", window, size))
    if size == 4:
        control = Field(
            "llc.control", "Control", f"0x{window.number(2, 2):04x}", 8 * window.start + 16, 8 * window.start + 32
        )
        fields = (*fields[:2], control)
    points = (window.byte(0), window.byte(1))
    unnumbered = window.byte(2) == 3
    follows = {(0xAA, 0xAA): "SNAP", (0x42, 0x42): "STP"}.get(points, DATA) if unnumbered else DATA
    return carries("LLC", fields, window, size, follows)


def snap(window: Window) -> Step:
    """The extension of LLC that carries an EtherType after an organization code."""
    fields = header_fields(window, _L2, "SNAP", 5)
    if window.size < 5:
        return ends("SNAP", fields, window, too_short("SNAP", window, 5))
    organization, kind = window.number(0, 3), window.number(3, 2)
    if organization == 0:
        return carries("SNAP", fields, window, 5, CARRIED_BY_ETHERTYPE.get(kind, DATA))
    return carries("SNAP", fields, window, 5, "CDP" if (organization, kind) == (0x00000C, 0x2000) else DATA)


def _address_part(window: Window, at: int, length: int) -> tuple[Field, ...]:
    """The link-layer address in the 8 bytes that a cooked header has for it, and the unused ones after it."""
    start = window.start + at
    cursor = Cursor(window.frame, start, min(start + 8, window.end))
    length = min(length, 8, cursor.left)
    if length > 0:
        cursor.octets("sll.src.eth" if length == 6 else "sll.src.other", "Source", length, address)
    cursor.rest("sll.unused", "Unused")
    return tuple(cursor.fields)


def cooked(window: Window) -> Step:
    """Linux cooked capture: what `any` delivers instead of each interface's own header."""
    fields = header_fields(window, _L2, "CookedLinux", 16)
    if window.size < 16:
        return ends("Linux cooked", fields, window, too_short("Linux cooked", window, 16))
    fields = (*fields[:3], *_address_part(window, 6, window.number(4, 2)), *fields[3:])
    return carries("Linux cooked", fields, window, 16, _cooked_kind(window.number(2, 2), window.number(14, 2)))


def cooked2(window: Window) -> Step:
    """Linux cooked capture, version 2."""
    fields = header_fields(window, _L2, "CookedLinuxV2", 20)
    if window.size < 20:
        return ends("Linux cooked v2", fields, window, too_short("Linux cooked v2", window, 20))
    fields = (*fields, *_address_part(window, 12, window.byte(11)))
    return carries("Linux cooked v2", fields, window, 20, _cooked_kind(window.number(8, 2), window.number(0, 2)))


def _cooked_kind(hardware: int, kind: int) -> str:
    """The dissector of what a cooked header announces; some hardware types have no EtherType in that field."""
    if hardware in _WITHOUT_ETHERTYPE:
        return DATA
    return "LLC" if kind == 4 else CARRIED_BY_ETHERTYPE.get(kind, DATA)


def loopback(window: Window) -> Step:
    """BSD loopback: an address family of 4 bytes, in the byte order of the machine that captured, or of the network."""
    if window.size < 4:
        return ends("Loopback", (), window, too_short("Loopback", window, 4))
    family = window.number(0, 4)
    if family > 0xFFFF:
        family = int.from_bytes(window.bytes()[:4], "little")
    value = f"{family} ({numbers.FAMILIES[family]})" if family in numbers.FAMILIES else str(family)
    field = Field("null.family", "Family", value, 8 * window.start, 8 * window.start + 32)
    return carries("Loopback", (field,), window, 4, numbers.FAMILIES.get(family, DATA))


def ppp(window: Window) -> Step:
    """PPP (RFC 1661), with or without HDLC's address and control bytes (RFC 1662); the protocol may have one byte."""
    cursor = Cursor(window.frame, window.start, window.end)
    if cursor.peek(2) == b"\xff\x03":
        cursor.number("ppp.address", "Address", 1, hexadecimal)
        cursor.number("ppp.control", "Control", 1, hexadecimal)
    first = cursor.peek(1)
    size = 1 if first and first[0] & 1 else 2
    if cursor.left < size:
        return ends("PPP", tuple(cursor.fields), window, too_short("PPP", window, cursor.at - window.start + size))
    kind = cursor.number("ppp.protocol", "Protocol", size, named_hexadecimal(numbers.PPP_PROTOCOLS))
    follows = {0x21: "IPv4", 0x57: "IPv6", 0x281: "MPLS", 0x283: "MPLS"}.get(kind, DATA)
    return carries("PPP", tuple(cursor.fields), window, cursor.at - window.start, follows)


def pppoe(window: Window) -> Step:
    """PPP over Ethernet (RFC 2516): a session carries PPP, discovery carries tags."""
    fields = header_fields(window, "scapy.layers.ppp", "PPPoE", 6)
    if window.size < 6:
        return ends("PPPoE", fields, window, too_short("PPPoE", window, 6))
    return carries("PPPoE", fields, window, 6, DATA if window.byte(1) else "PPP", window.number(4, 2))


def mpls(window: Window) -> Step:
    """One label of an MPLS stack (RFC 3032). What the last label carries shows only in its first half byte."""
    fields = header_fields(window, "scapy.contrib.mpls", "MPLS", 4)
    if window.size < 4:
        return ends("MPLS", fields, window, too_short("MPLS", window, 4))
    follows = "MPLS"
    if window.byte(2) & 1:
        follows = {4: "IPv4", 6: "IPv6"}.get(window.byte(4) >> 4, DATA) if window.size > 4 else DATA
    return carries("MPLS", fields, window, 4, follows)


def arp(window: Window) -> Step:
    """Address resolution (RFC 826): eight fixed bytes, then addresses of the lengths they tell."""
    size = 8 if window.size < 8 else 8 + 2 * window.byte(4) + 2 * window.byte(5)
    if window.size < size or (window.size >= 8 and (window.byte(4), window.byte(5)) != (6, 4)):
        return _arp_of_any_size(window, size)
    fields = header_fields(window, _L2, "ARP", size)
    return carries("ARP", fields, window, size, None, 0)


def _arp_of_any_size(window: Window, size: int) -> Step:
    fields = header_fields(window, _L2, "ARP", 8)
    if window.size >= 8:
        cursor = Cursor(window.frame, window.start + 8, min(window.start + size, window.end))
        hardware, protocol = window.byte(4), window.byte(5)
        for key, label, width, form in (
            ("arp.src.hw", "Sender hardware address", hardware, octets),
            ("arp.src.proto", "Sender protocol address", protocol, address),
            ("arp.dst.hw", "Target hardware address", hardware, octets),
            ("arp.dst.proto", "Target protocol address", protocol, address),
        ):
            if 0 < width <= cursor.left:
                cursor.octets(key, label, width, form)
        fields = (*fields, *cursor.fields)
    if window.size < size:
        return ends("ARP", fields, window, too_short("ARP", window, size))
    return carries("ARP", fields, window, size, None, 0)


def raw_ip(window: Window) -> Step:
    """No link layer at all: the first half byte says which IP it is. A layer without a header of its own."""
    version = window.byte(0) >> 4 if window.size else 0
    if version in (4, 6):
        return Step("", (), window.start, window.end, window.claimed, f"IPv{version}", window.under)
    stop = Break("IP", window.start, "bad-version") if window.size else too_short("IP", window, 1)
    return Step("", (), window.start, window.end, window.claimed, DATA, window.under, stop)
