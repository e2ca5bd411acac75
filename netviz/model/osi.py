"""The two ladders of every textbook and where a protocol stands on them. Data only; names in a language live in `explain/`.

OSI-7 is the reference model (ISO/IEC 7498-1); TCP/IP-4 is RFC 1122's. On the wire the session and presentation layers
rarely have bytes of their own: what a protocol here occupies is what it has bytes for.
"""

from enum import IntEnum
from typing import Final, NamedTuple


class Osi(IntEnum):
    """Layers of the OSI reference model, by number."""

    PHYSICAL = 1
    DATA_LINK = 2
    NETWORK = 3
    TRANSPORT = 4
    SESSION = 5
    PRESENTATION = 6
    APPLICATION = 7


class TcpIp(IntEnum):
    """Layers of the Internet's model, RFC 1122 section 1.1.3, by number from below."""

    LINK = 1
    INTERNET = 2
    TRANSPORT = 3
    APPLICATION = 4


TCPIP_OF_OSI: Final[dict[Osi, TcpIp]] = {
    Osi.PHYSICAL: TcpIp.LINK,
    Osi.DATA_LINK: TcpIp.LINK,
    Osi.NETWORK: TcpIp.INTERNET,
    Osi.TRANSPORT: TcpIp.TRANSPORT,
    Osi.SESSION: TcpIp.APPLICATION,
    Osi.PRESENTATION: TcpIp.APPLICATION,
    Osi.APPLICATION: TcpIp.APPLICATION,
}


class Place(NamedTuple):
    """Where a protocol stands: its OSI layer, its TCP/IP layer, and the name of its protocol data unit."""

    osi: Osi
    tcpip: TcpIp
    unit: str
    """frame, packet, segment, datagram, message or record: a key that `explain/` has words for."""


_LINK = Place(Osi.DATA_LINK, TcpIp.LINK, "frame")
_INTERNET = Place(Osi.NETWORK, TcpIp.INTERNET, "packet")
_APPLICATION = Place(Osi.APPLICATION, TcpIp.APPLICATION, "message")

PLACES: Final[dict[str, Place]] = {
    "Ethernet": _LINK,
    "802.1Q": _LINK,
    "802.1ad": _LINK,
    "802.3": _LINK,
    "LLC": _LINK,
    "SNAP": _LINK,
    "802.11": _LINK,
    "Radiotap": _LINK,
    "Linux cooked": _LINK,
    "Linux cooked v2": _LINK,
    "Loopback": _LINK,
    "PPP": _LINK,
    "PPPoE": _LINK,
    "MPLS": _LINK,
    "STP": _LINK,
    "CDP": _LINK,
    "LLDP": _LINK,
    "EAPOL": _LINK,
    # RFC 1122 2.3.2 treats address resolution with the link layer; it has no network-layer header of its own.
    "ARP": _LINK,
    "IPv4": _INTERNET,
    "IPv6": _INTERNET,
    "GRE": _INTERNET,
    # Extension headers stand between the IPv6 header and what it carries, and are the network's (RFC 8200 section 4).
    "IPv6 Hop-by-Hop Options": _INTERNET,
    "IPv6 Routing": _INTERNET,
    "IPv6 Fragment": _INTERNET,
    "IPv6 Destination Options": _INTERNET,
    "AH": _INTERNET,
    "ESP": _INTERNET,
    # ICMP is an integral part of IP (RFC 792, RFC 4443), though carried by it.
    "ICMP": _INTERNET,
    "ICMPv6": _INTERNET,
    "IGMP": _INTERNET,
    "TCP": Place(Osi.TRANSPORT, TcpIp.TRANSPORT, "segment"),
    "UDP": Place(Osi.TRANSPORT, TcpIp.TRANSPORT, "datagram"),
    "SCTP": Place(Osi.TRANSPORT, TcpIp.TRANSPORT, "packet"),
    "DCCP": Place(Osi.TRANSPORT, TcpIp.TRANSPORT, "packet"),
    "QUIC": Place(Osi.TRANSPORT, TcpIp.APPLICATION, "packet"),
    # TLS encrypts (presentation) and keeps a session; TCP/IP has one layer for all that is above transport.
    "TLS": Place(Osi.PRESENTATION, TcpIp.APPLICATION, "record"),
    "VXLAN": Place(Osi.DATA_LINK, TcpIp.LINK, "frame"),
    "HTTP": _APPLICATION,
    "HTTP/2": _APPLICATION,
    "WebSocket": _APPLICATION,
    "DNS": _APPLICATION,
    "mDNS": _APPLICATION,
    "DHCP": _APPLICATION,
    "DHCPv6": _APPLICATION,
    "NTP": _APPLICATION,
    "SSH": _APPLICATION,
    "Data": _APPLICATION,
}
"""Protocol name (as in the packet list and in `Layer.protocol`) -> its place. Absent: a protocol netviz only names."""


def place_of(protocol: str) -> Place | None:
    """The place of a protocol on both ladders, or None where netviz does not know it."""
    return PLACES.get(protocol)
