"""IPv4 and IPv6 with its extension headers. May not know the link below nor the transport above."""

from typing import Final

from netviz.dissect import numbers
from netviz.dissect.cursor import Cursor, bits_of
from netviz.dissect.forms import hexadecimal, named, times
from netviz.dissect.options import ip_options, ipv6_options
from netviz.dissect.spelling import header_fields
from netviz.dissect.step import DATA, Step, Window, ends, too_short
from netviz.model.layers import Break, Field

CARRIED_BY_IP: Final[dict[int, str]] = {
    0: "IPv6 Hop-by-Hop Options",
    1: "ICMP",
    2: "IGMP",
    4: "IPv4",
    6: "TCP",
    17: "UDP",
    33: "DCCP",
    41: "IPv6",
    43: "IPv6 Routing",
    44: "IPv6 Fragment",
    47: "GRE",
    50: "ESP",
    51: "AH",
    58: "ICMPv6",
    60: "IPv6 Destination Options",
    89: "OSPF",
    103: "PIM",
    112: "VRRP",
    132: "SCTP",
    137: "MPLS",
}
"""Protocol number of an IP header -> dissector."""

_ONLY_BEHIND_IPV6: Final = (0, 43, 44, 60)

FRAGMENT: Final = "Fragment"
"""Dissector of the bytes that continue a datagram whose header was in an earlier fragment."""


def stopped(protocol: str, fields: tuple[Field, ...], header_end: int, window: Window, stop: Break) -> Step:
    """A layer whose header can not be right: what its own first bytes say is shown, the rest stays data."""
    header_end = min(header_end, window.end)
    return Step(protocol, fields, header_end, window.end, window.claimed, DATA, window.under, stop)


def ipv4(window: Window) -> Step:
    """IPv4 (RFC 791 section 3.1). The payload ends at the total length; a total length of 0 is left by segmentation
    offload, where the card writes it after the capture: then it ends with the frame."""
    stop = _ipv4_stop(window)
    if stop is not None and stop.reason == "bad-version":
        version = bits_of(window.frame, 8 * window.start, (("ip.version", "Version", 4, named({})),))
        return stopped("IPv4", version, window.start + 1, window, stop)
    fields = header_fields(window, "scapy.layers.inet", "IP", 20)
    fields = tuple(_with_flag_names(field) for field in fields)
    if window.size < 20:
        return ends("IPv4", fields, window, stop)
    if stop is not None and stop.reason != "length-beyond-capture":
        return stopped("IPv4", fields, window.start + 20, window, stop)
    header = 4 * (window.byte(0) & 15)
    fields += ip_options(window, 20, min(header, window.size))
    if stop is not None or header > window.size:
        return ends("IPv4", fields, window, stop)
    return _ipv4_carries(fields, window, header)


def _ipv4_stop(window: Window) -> Break | None:
    if window.size and window.byte(0) >> 4 != 4:
        return Break("IPv4", window.start, "bad-version")
    if window.size < 20:
        return too_short("IPv4", window, 20)
    header, total = 4 * (window.byte(0) & 15), window.number(2, 2)
    if header < 20:
        return Break("IPv4", window.start, "bad-header-length", 20, header)
    if 0 < total < header:
        return Break("IPv4", window.start + 2, "bad-length", header, total)
    if header > window.size:
        return too_short("IPv4", window, header)
    return None


def _ipv4_carries(fields: tuple[Field, ...], window: Window, header: int) -> Step:
    total, fragment = window.number(2, 2), window.number(6, 2)
    claimed = window.start + total if total else window.claimed
    offset, more = fragment & 0x1FFF, fragment & 0x2000
    under = window.under._replace(network=4, part=window.under.part or bool(offset or more))
    follows = FRAGMENT if offset else _carried_by_ipv4(window.byte(9))
    return Step("IPv4", fields, window.start + header, min(window.end, claimed), claimed, follows, under)


def _carried_by_ipv4(number: int) -> str:
    """IPv6's extension headers have no meaning behind an IPv4 header."""
    return DATA if number in _ONLY_BEHIND_IPV6 else CARRIED_BY_IP.get(number, DATA)


def _with_flag_names(field: Field) -> Field:
    if field.key != "ip.flags":
        return field
    set_ = [name for name, part in zip(("R", "DF", "MF"), field.children, strict=True) if part.value == "1"]
    value = ",".join(set_) + f" (0x{int(field.value):x})" if set_ else "0x0"
    return Field(field.key, field.label, value, field.bit_start, field.bit_end, field.children)


def ipv6(window: Window) -> Step:
    """IPv6 (RFC 8200 section 3). A payload length of 0 ends with the frame: a jumbogram, or segmentation offload."""
    if window.size and window.byte(0) >> 4 != 6:
        version = bits_of(window.frame, 8 * window.start, (("ipv6.version", "Version", 4, named({})),))
        return stopped("IPv6", version, window.start + 1, window, Break("IPv6", window.start, "bad-version"))
    fields = header_fields(window, "scapy.layers.inet6", "IPv6", 40)
    if window.size < 40:
        return ends("IPv6", fields, window, too_short("IPv6", window, 40))
    length = window.number(4, 2)
    claimed = window.start + 40 + length if length else window.claimed
    under = window.under._replace(network=6)
    follows = _next(window.byte(6))
    end = max(window.start + 40, min(window.end, claimed))
    return Step("IPv6", fields, window.start + 40, end, claimed, follows, under)


def _next(number: int) -> str | None:
    return None if number == 59 else CARRIED_BY_IP.get(number, DATA)


def _extension(window: Window, protocol: str, name: str, at_least: int) -> Step:
    """An extension header whose second byte counts the units of 8 bytes after the first."""
    size = 8 * (window.byte(1) + 1) if window.size >= 2 else 8
    fields = header_fields(window, "scapy.layers.inet6", name, at_least)
    fields += ipv6_options(window, 2, min(size, window.size)) if at_least == 2 else ()
    if window.size < size:
        return ends(protocol, fields, window, too_short(protocol, window, size))
    header_end = window.start + size
    return Step(protocol, fields, header_end, window.end, window.claimed, _next(window.byte(0)), window.under)


def hop_by_hop(window: Window) -> Step:
    """Options for every node on the way (RFC 8200 section 4.3)."""
    return _extension(window, "IPv6 Hop-by-Hop Options", "IPv6ExtHdrHopByHop", 2)


def destination_options(window: Window) -> Step:
    """Options for the destination (RFC 8200 section 4.6)."""
    return _extension(window, "IPv6 Destination Options", "IPv6ExtHdrDestOpt", 2)


def routing(window: Window) -> Step:
    """Nodes to visit on the way (RFC 8200 section 4.4); what follows the fixed part depends on its type."""
    step = _extension(window, "IPv6 Routing", "IPv6ExtHdrRouting", 8)
    cursor = Cursor(window.frame, min(window.start + 8, step.header_end), step.header_end)
    cursor.rest("ipv6.routing.data", "Type-specific Data")
    return step._replace(fields=step.fields + tuple(cursor.fields))


def fragment(window: Window) -> Step:
    """Fragment header (RFC 8200 section 4.5)."""
    fields = header_fields(window, "scapy.layers.inet6", "IPv6ExtHdrFragment", 8)
    if window.size < 8:
        return ends("IPv6 Fragment", fields, window, too_short("IPv6 Fragment", window, 8))
    bits = window.number(2, 2)
    under = window.under._replace(part=window.under.part or bool(bits & 0xFFF9))
    follows = FRAGMENT if bits >> 3 else _next(window.byte(0))
    return Step("IPv6 Fragment", fields, window.start + 8, window.end, window.claimed, follows, under)


def authentication(window: Window) -> Step:
    """Authentication header (RFC 4302): its length counts units of four bytes, minus two."""
    size = 4 * (window.byte(1) + 2) if window.size >= 2 else 12
    if window.size < size or size < 12:
        return ends("AH", (), window, too_short("AH", window, max(size, 12)))
    cursor = Cursor(window.frame, window.start, window.start + size)
    cursor.number("ah.next_header", "Next Header", 1, named(numbers.IP_PROTOCOLS))
    cursor.number("ah.length", "Length", 1, times(4))
    cursor.number("ah.reserved", "Reserved", 2, hexadecimal)
    cursor.number("ah.spi", "Security Parameters Index", 4, hexadecimal)
    cursor.number("ah.sequence", "Sequence Number", 4)
    cursor.rest("ah.icv", "Integrity Check Value")
    fields = tuple(cursor.fields)
    return Step("AH", fields, cursor.at, window.end, window.claimed, _next(window.byte(0)), window.under)


def encapsulated(window: Window) -> Step:
    """Encapsulating Security Payload (RFC 4303): what it carries is encrypted, and so is what it would be."""
    if window.size < 8:
        return ends("ESP", (), window, too_short("ESP", window, 8))
    cursor = Cursor(window.frame, window.start, window.end)
    cursor.number("esp.spi", "Security Parameters Index", 4, hexadecimal)
    cursor.number("esp.sequence", "Sequence Number", 4)
    return Step("ESP", tuple(cursor.fields), cursor.at, window.end, window.claimed, DATA, window.under)
