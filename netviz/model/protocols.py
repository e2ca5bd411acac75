"""Numbers that the packet table's small columns hold. Data only."""

from enum import IntEnum
from typing import Final


class Protocol(IntEnum):
    """The highest protocol that a packet's own bytes show, by its bytes on any port where bytes can tell."""

    UNKNOWN = 0
    """A link type or ethertype that netviz lists with raw bytes."""
    ETHERNET = 1
    ARP = 2
    IPV4 = 3
    IPV6 = 4
    ICMP = 5
    ICMPV6 = 6
    IGMP = 7
    TCP = 8
    UDP = 9
    SCTP = 10
    DCCP = 11
    TLS = 12
    HTTP = 13
    DNS = 14
    DHCP = 15
    DHCPV6 = 16
    QUIC = 17
    WIFI = 18
    LLC = 19
    GRE = 20
    HTTP2 = 21
    MDNS = 22
    NTP = 23
    SSH = 24
    PPP = 25
    OTHER_IP = 26


PROTOCOL_NAMES: Final[dict[int, str]] = {
    Protocol.UNKNOWN: "Data",
    Protocol.ETHERNET: "Ethernet",
    Protocol.ARP: "ARP",
    Protocol.IPV4: "IPv4",
    Protocol.IPV6: "IPv6",
    Protocol.ICMP: "ICMP",
    Protocol.ICMPV6: "ICMPv6",
    Protocol.IGMP: "IGMP",
    Protocol.TCP: "TCP",
    Protocol.UDP: "UDP",
    Protocol.SCTP: "SCTP",
    Protocol.DCCP: "DCCP",
    Protocol.TLS: "TLS",
    Protocol.HTTP: "HTTP",
    Protocol.DNS: "DNS",
    Protocol.DHCP: "DHCP",
    Protocol.DHCPV6: "DHCPv6",
    Protocol.QUIC: "QUIC",
    Protocol.WIFI: "802.11",
    Protocol.LLC: "LLC",
    Protocol.GRE: "GRE",
    Protocol.HTTP2: "HTTP/2",
    Protocol.MDNS: "mDNS",
    Protocol.NTP: "NTP",
    Protocol.SSH: "SSH",
    Protocol.PPP: "PPP",
    Protocol.OTHER_IP: "IP",
}


class Fragment(IntEnum):
    """What part of an IP datagram a packet is."""

    WHOLE = 0
    FIRST = 1
    MIDDLE = 2
    LAST = 3
    COMPLETED = 4
    """A fragment whose arrival made the datagram complete; its transport columns are those of the whole datagram."""


class Broken(IntEnum):
    """Why decoding a packet to columns stopped before its end."""

    NO = 0
    LINK_TOO_SHORT = 1
    NETWORK_TOO_SHORT = 2
    NETWORK_BAD_VERSION = 3
    NETWORK_BAD_LENGTH = 4
    """A header length below the least, or a total length below the header's."""
    TRANSPORT_TOO_SHORT = 5
    TRANSPORT_BAD_LENGTH = 6
    TOO_DEEP = 7
    """More headers inside each other than are followed."""


FIN: Final = 0x001
SYN: Final = 0x002
RST: Final = 0x004
PSH: Final = 0x008
ACK: Final = 0x010
URG: Final = 0x020
ECE: Final = 0x040
CWR: Final = 0x080
AE: Final = 0x100

TCP_FLAGS: Final[tuple[tuple[int, str], ...]] = (
    (SYN, "SYN"),
    (FIN, "FIN"),
    (RST, "RST"),
    (PSH, "PSH"),
    (ACK, "ACK"),
    (URG, "URG"),
    (ECE, "ECE"),
    (CWR, "CWR"),
    (AE, "AE"),
)
"""Bit -> name (RFC 9293 section 3.1, RFC 9768 for AE), in the order people say them: SYN,ACK and FIN,ACK."""


def flags_text(flags: int) -> str:
    """Names of the TCP flags that are set, as `SYN,ACK`."""
    return ",".join(name for bit, name in TCP_FLAGS if flags & bit)
