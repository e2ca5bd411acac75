"""Names of the numbers in headers up to transport, as IANA and IEEE spell them. A table; knows nothing else."""

from typing import Final

ETHERTYPES: Final[dict[int, str]] = {
    0x0800: "IPv4",
    0x0806: "ARP",
    0x0842: "Wake-on-LAN",
    0x6558: "Transparent Ethernet",
    0x8035: "RARP",
    0x8100: "802.1Q",
    0x86DD: "IPv6",
    0x8808: "Ethernet flow control",
    0x8809: "Slow protocols",
    0x880B: "PPP",
    0x8847: "MPLS",
    0x8848: "MPLS multicast",
    0x8863: "PPPoE discovery",
    0x8864: "PPPoE session",
    0x888E: "EAPOL",
    0x88A8: "802.1ad",
    0x88CC: "LLDP",
    0x88E5: "MACsec",
    0x88F7: "PTP",
    0x9000: "Loopback test",
    0x9100: "802.1Q (double tag)",
}

IP_PROTOCOLS: Final[dict[int, str]] = {
    0: "Hop-by-Hop Options",
    1: "ICMP",
    2: "IGMP",
    4: "IPv4",
    6: "TCP",
    17: "UDP",
    33: "DCCP",
    41: "IPv6",
    43: "Routing",
    44: "Fragment",
    46: "RSVP",
    47: "GRE",
    50: "ESP",
    51: "AH",
    58: "ICMPv6",
    59: "No Next Header",
    60: "Destination Options",
    88: "EIGRP",
    89: "OSPF",
    103: "PIM",
    112: "VRRP",
    115: "L2TP",
    132: "SCTP",
    135: "Mobility",
    136: "UDP-Lite",
    137: "MPLS",
}

HARDWARE_TYPES: Final[dict[int, str]] = {
    1: "Ethernet",
    6: "IEEE 802",
    15: "Frame Relay",
    24: "IEEE 1394",
    32: "InfiniBand",
    772: "Loopback",
    803: "802.11 radiotap",
    65534: "None",
}

ARP_OPERATIONS: Final[dict[int, str]] = {
    1: "request",
    2: "reply",
    3: "RARP request",
    4: "RARP reply",
    8: "InARP request",
    9: "InARP reply",
}

COOKED_TYPES: Final[dict[int, str]] = {
    0: "to us",
    1: "broadcast",
    2: "multicast",
    3: "to someone else",
    4: "sent by us",
}

LLC_POINTS: Final[dict[int, str]] = {
    0x00: "null",
    0x06: "IP",
    0x42: "Spanning Tree",
    0xAA: "SNAP",
    0xAB: "SNAP",
    0xE0: "IPX",
    0xF0: "NetBIOS",
    0xFE: "OSI network layer",
    0xFF: "global",
}

FAMILIES: Final[dict[int, str]] = {2: "IPv4", 10: "IPv6", 24: "IPv6", 28: "IPv6", 30: "IPv6"}
"""Address families in loopback headers: IPv6's number differs from system to system."""

PPP_PROTOCOLS: Final[dict[int, str]] = {
    0x0021: "IPv4",
    0x0057: "IPv6",
    0x0281: "MPLS",
    0x8021: "IPCP",
    0x8057: "IPv6CP",
    0xC021: "LCP",
    0xC023: "PAP",
    0xC223: "CHAP",
}

PPPOE_CODES: Final[dict[int, str]] = {
    0x00: "session",
    0x07: "PADO",
    0x09: "PADI",
    0x19: "PADR",
    0x65: "PADS",
    0xA7: "PADT",
}

DSCP: Final[dict[int, str]] = {
    0: "CS0",
    8: "CS1",
    10: "AF11",
    12: "AF12",
    14: "AF13",
    16: "CS2",
    18: "AF21",
    20: "AF22",
    22: "AF23",
    24: "CS3",
    26: "AF31",
    28: "AF32",
    30: "AF33",
    32: "CS4",
    34: "AF41",
    36: "AF42",
    38: "AF43",
    40: "CS5",
    46: "EF",
    48: "CS6",
    56: "CS7",
}

ECN: Final[dict[int, str]] = {0: "Not-ECT", 1: "ECT(1)", 2: "ECT(0)", 3: "CE"}

IP_OPTIONS: Final[dict[int, str]] = {
    0: "End of Options",
    1: "No Operation",
    7: "Record Route",
    68: "Timestamp",
    130: "Security",
    131: "Loose Source Route",
    136: "Stream ID",
    137: "Strict Source Route",
    148: "Router Alert",
}

IPV6_OPTIONS: Final[dict[int, str]] = {0: "Pad1", 1: "PadN", 5: "Router Alert", 0xC2: "Jumbo Payload"}

TCP_OPTIONS: Final[dict[int, str]] = {
    0: "End of Options",
    1: "No-Operation",
    2: "Maximum Segment Size",
    3: "Window Scale",
    4: "SACK Permitted",
    5: "SACK",
    8: "Timestamps",
    19: "MD5 Signature",
    28: "User Timeout",
    29: "Authentication",
    30: "Multipath TCP",
    34: "Fast Open Cookie",
}

ICMP_TYPES: Final[dict[int, str]] = {
    0: "Echo Reply",
    3: "Destination Unreachable",
    4: "Source Quench",
    5: "Redirect",
    8: "Echo",
    9: "Router Advertisement",
    10: "Router Solicitation",
    11: "Time Exceeded",
    12: "Parameter Problem",
    13: "Timestamp",
    14: "Timestamp Reply",
    17: "Address Mask Request",
    18: "Address Mask Reply",
    42: "Extended Echo Request",
    43: "Extended Echo Reply",
}

ICMP_CODES: Final[dict[int, dict[int, str]]] = {
    3: {
        0: "Net Unreachable",
        1: "Host Unreachable",
        2: "Protocol Unreachable",
        3: "Port Unreachable",
        4: "Fragmentation Needed and DF set",
        5: "Source Route Failed",
        9: "Network Administratively Prohibited",
        10: "Host Administratively Prohibited",
        13: "Communication Administratively Prohibited",
    },
    5: {0: "for the Network", 1: "for the Host", 2: "for the Service and Network", 3: "for the Service and Host"},
    11: {0: "Time to Live exceeded in transit", 1: "Fragment reassembly time exceeded"},
    12: {0: "Pointer indicates the error", 1: "Missing a required option", 2: "Bad length"},
}

ICMPV6_TYPES: Final[dict[int, str]] = {
    1: "Destination Unreachable",
    2: "Packet Too Big",
    3: "Time Exceeded",
    4: "Parameter Problem",
    128: "Echo Request",
    129: "Echo Reply",
    130: "Multicast Listener Query",
    131: "Multicast Listener Report",
    132: "Multicast Listener Done",
    133: "Router Solicitation",
    134: "Router Advertisement",
    135: "Neighbor Solicitation",
    136: "Neighbor Advertisement",
    137: "Redirect",
    143: "Multicast Listener Report v2",
}

ICMPV6_CODES: Final[dict[int, dict[int, str]]] = {
    1: {
        0: "No route to destination",
        1: "Administratively prohibited",
        2: "Beyond scope of source address",
        3: "Address unreachable",
        4: "Port unreachable",
        5: "Source address failed policy",
        6: "Reject route to destination",
    },
    3: {0: "Hop limit exceeded in transit", 1: "Fragment reassembly time exceeded"},
    4: {0: "Erroneous header field", 1: "Unrecognized Next Header", 2: "Unrecognized IPv6 option"},
}

IGMP_TYPES: Final[dict[int, str]] = {
    0x11: "Membership Query",
    0x12: "Version 1 Report",
    0x16: "Version 2 Report",
    0x17: "Leave Group",
    0x22: "Version 3 Report",
}

ND_OPTIONS: Final[dict[int, str]] = {
    1: "Source Link-Layer Address",
    2: "Target Link-Layer Address",
    3: "Prefix Information",
    4: "Redirected Header",
    5: "MTU",
    7: "Advertisement Interval",
    14: "Nonce",
    24: "Route Information",
    25: "Recursive DNS Server",
    31: "DNS Search List",
    37: "Captive Portal",
    38: "PREF64",
}

MLD_RECORDS: Final[dict[int, str]] = {
    1: "is include",
    2: "is exclude",
    3: "change to include",
    4: "change to exclude",
    5: "allow new sources",
    6: "block old sources",
}

SCTP_CHUNKS: Final[dict[int, str]] = {
    0: "DATA",
    1: "INIT",
    2: "INIT ACK",
    3: "SACK",
    4: "HEARTBEAT",
    5: "HEARTBEAT ACK",
    6: "ABORT",
    7: "SHUTDOWN",
    8: "SHUTDOWN ACK",
    9: "ERROR",
    10: "COOKIE ECHO",
    11: "COOKIE ACK",
    12: "ECNE",
    13: "CWR",
    14: "SHUTDOWN COMPLETE",
    15: "AUTH",
    64: "I-DATA",
    192: "FORWARD TSN",
}

DCCP_TYPES: Final[dict[int, str]] = {
    0: "Request",
    1: "Response",
    2: "Data",
    3: "Ack",
    4: "DataAck",
    5: "CloseReq",
    6: "Close",
    7: "Reset",
    8: "Sync",
    9: "SyncAck",
}

GRE_VERSIONS: Final[dict[int, str]] = {0: "GRE", 1: "Enhanced GRE"}
