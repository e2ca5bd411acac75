"""Fields that stand in the headers of link, network and transport, read for many packets at once."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from netviz.filter.part import Array, Dense, Mask, Part, Values
from netviz.model.protocols import Protocol

Read = Callable[[Part], list[Values]]

_IPV4: Final = 0x0800
_IPV6: Final = 0x86DD
_TAGS: Final = (0x8100, 0x9100)
_BY_PROTOCOL: Final = {
    "llc": (Protocol.LLC,), "arp": (Protocol.ARP,), "igmp": (Protocol.IGMP,), "gre": (Protocol.GRE,),
    "dns": (Protocol.DNS,), "mdns": (Protocol.MDNS,), "dhcp": (Protocol.DHCP,), "dhcpv6": (Protocol.DHCPV6,),
    "ntp": (Protocol.NTP,), "tls": (Protocol.TLS,), "ssh": (Protocol.SSH,), "quic": (Protocol.QUIC,),
    "http2": (Protocol.HTTP2,), "wlan": (Protocol.WIFI,), "ppp": (Protocol.PPP,),
}  # fmt: skip
_BY_IP: Final = {"tcp": 6, "udp": 17, "icmp": 1, "icmpv6": 58, "sctp": 132, "dccp": 33}


def presence(part: Part, protocol: str) -> Mask:
    """Which rows have a protocol's header."""
    found: Mask = part.kept(f"presence {protocol}", lambda: _presence(part, protocol))
    return found


def _presence(part: Part, protocol: str) -> Mask:
    if protocol == "frame":
        return part.everywhere()
    if protocol == "eth":
        there: Mask = (part.column("link_type") == 1) & (part.column("captured") >= 14)
        return there
    if protocol == "vlan":
        there, kind = part.number(presence(part, "eth"), 12, 2)
        return there & np.isin(kind, _TAGS)
    if protocol in ("ip", "ipv6"):
        wanted = _IPV4 if protocol == "ip" else _IPV6
        there = (part.column("ethertype") == wanted) & (part.column("network_offset") >= 0)
        return there
    if protocol in _BY_IP:
        there = (part.column("ip_protocol") == _BY_IP[protocol]) & (part.column("transport_offset") >= 0)
        return there & part.is_whole
    return np.isin(part.column("protocol"), _BY_PROTOCOL[protocol])


def start_of(part: Part, protocol: str) -> Array:
    """Where a protocol's header begins in the frame, shape (n,): right for the rows that have it."""
    if protocol in ("ip", "ipv6", "arp"):
        return part.column("network_offset")
    if protocol in _BY_IP:
        return part.column("transport_offset")
    if protocol in ("dns", "mdns"):
        return part.column("payload_offset") + np.where(part.column("ip_protocol") == 6, 2, 0)
    if protocol in ("tls", "ssh", "http2", "quic", "dhcp", "dhcpv6", "ntp"):
        return part.column("payload_offset")
    return np.zeros(len(part), np.int64)


def column(protocol: str, name: str) -> Read:
    """A column of the packet table."""
    return lambda part: [Dense(presence(part, protocol), part.column(name))]


def number(protocol: str, skip: int, width: int, mask: int = -1, shift: int = 0, unit: int = 1) -> Read:
    """Bits of a number in a header: `(value >> shift & mask) * unit`."""

    def read(part: Part) -> list[Values]:
        above = protocol not in ("eth", "vlan", "arp", "ip", "ipv6")
        there, value = part.number(presence(part, protocol), start_of(part, protocol) + skip, width, above)
        return [Dense(there, (value >> shift & mask) * unit)]

    return read


def address(protocol: str, width: int, *skips: int) -> Read:
    """Addresses in a header, one value each."""

    def read(part: Part) -> list[Values]:
        at = start_of(part, protocol)
        return [Dense(*part.octets(presence(part, protocol), at + skip, width)) for skip in skips]

    return read


def ports(protocol: str, *names: str) -> Read:
    """The ports of a transport."""
    return lambda part: [Dense(presence(part, protocol), part.column(name)) for name in names]


def flag(protocol: str, column_name: str, bit: int) -> Read:
    """One bit of a column, as 0 or 1."""

    def read(part: Part) -> list[Values]:
        return [Dense(presence(part, protocol), (part.column(column_name) & np.uint16(bit) != 0).astype(np.int64))]

    return read


def _message_type(protocol: str, shift: int) -> Read:
    return lambda part: [Dense(presence(part, protocol), part.column("flags") >> np.uint16(shift) & np.uint16(255))]


_FLAGS: Final = {
    "fin": 0x001, "syn": 0x002, "reset": 0x004, "push": 0x008, "ack": 0x010, "urg": 0x020, "ece": 0x040, "cwr": 0x080,
    "ae": 0x100,
}  # fmt: skip


def _tcp() -> Iterator[tuple[str, Read]]:
    yield "tcp.flags", column("tcp", "flags")
    for name, bit in _FLAGS.items():
        yield f"tcp.flags.{name}", flag("tcp", "flags", bit)
    yield "tcp.seq_raw", column("tcp", "seq")
    yield "tcp.ack_raw", column("tcp", "ack")
    yield "tcp.window_size_value", column("tcp", "window")
    yield "tcp.len", column("tcp", "payload_length")
    yield "tcp.hdr_len", number("tcp", 12, 1, 15, 4, 4)
    yield "tcp.checksum", number("tcp", 16, 2)
    yield "tcp.urgent_pointer", number("tcp", 18, 2)


READERS: Final[dict[str, Read]] = {
    **{
        f"{name}.{suffix}": ports(name, *columns)
        for name in ("tcp", "udp")
        for suffix, columns in (
            ("port", ("source_port", "destination_port")), ("srcport", ("source_port",)),
            ("dstport", ("destination_port",)),
        )
    },
    "eth.addr": address("eth", 6, 0, 6), "eth.dst": address("eth", 6, 0), "eth.src": address("eth", 6, 6),
    "eth.type": number("eth", 12, 2),
    "vlan.id": number("vlan", 14, 2, 0xFFF), "vlan.priority": number("vlan", 14, 2, 7, 13),
    "arp.opcode": number("arp", 6, 2),
    "arp.src.hw_mac": address("arp", 6, 8), "arp.src.proto_ipv4": address("arp", 4, 14),
    "arp.dst.hw_mac": address("arp", 6, 18), "arp.dst.proto_ipv4": address("arp", 4, 24),
    "ip.addr": address("ip", 4, 12, 16), "ip.src": address("ip", 4, 12), "ip.dst": address("ip", 4, 16),
    "ip.version": number("ip", 0, 1, 15, 4), "ip.hdr_len": number("ip", 0, 1, 15, 0, 4),
    "ip.dsfield": number("ip", 1, 1), "ip.len": number("ip", 2, 2), "ip.id": number("ip", 4, 2),
    "ip.flags": number("ip", 6, 1, 7, 5), "ip.flags.df": number("ip", 6, 1, 1, 6), "ip.flags.mf": number("ip", 6, 1, 1, 5),
    "ip.frag_offset": number("ip", 6, 2, 0x1FFF), "ip.ttl": number("ip", 8, 1), "ip.proto": number("ip", 9, 1),
    "ip.checksum": number("ip", 10, 2),
    "ipv6.addr": address("ipv6", 16, 8, 24), "ipv6.src": address("ipv6", 16, 8), "ipv6.dst": address("ipv6", 16, 24),
    "ipv6.version": number("ipv6", 0, 1, 15, 4), "ipv6.tclass": number("ipv6", 0, 2, 0xFF, 4),
    "ipv6.flow": number("ipv6", 0, 4, 0xFFFFF), "ipv6.plen": number("ipv6", 4, 2), "ipv6.nxt": number("ipv6", 6, 1),
    "ipv6.hlim": number("ipv6", 7, 1),
    "icmp.type": _message_type("icmp", 8), "icmp.code": _message_type("icmp", 0),
    "icmpv6.type": _message_type("icmpv6", 8), "icmpv6.code": _message_type("icmpv6", 0),
    "udp.length": number("udp", 4, 2), "udp.checksum": number("udp", 6, 2),
    "dns.id": number("dns", 0, 2), "dns.flags.response": number("dns", 2, 1, 1, 7),
    "dns.flags.rcode": number("dns", 3, 1, 15), "dns.count.queries": number("dns", 4, 2),
    "dns.count.answers": number("dns", 6, 2),
    "tls.record.content_type": number("tls", 0, 1),
    **dict(_tcp()),
}  # fmt: skip
"""Field -> how its values are read."""
