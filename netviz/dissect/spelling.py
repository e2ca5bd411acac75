"""scapy's fields -> keys, labels and forms as people know them (Wireshark's names). A table and its reader."""

from typing import Final, NamedTuple

from netviz.dissect import message_numbers, numbers
from netviz.dissect.cursor import bit_field, bits_of
from netviz.dissect.forms import Form, address, hexadecimal, named, named_hexadecimal, number, octets, text, times, yes
from netviz.dissect.step import Window
from netviz.dissect.tracing import Seen, read_header, scapy_class
from netviz.model.layers import Field


class Spelling(NamedTuple):
    """How netviz shows a field that scapy reads."""

    key: str
    label: str
    form: Form = number


_ETHERTYPE: Final = named_hexadecimal(numbers.ETHERTYPES)
_PROTOCOL: Final = named(numbers.IP_PROTOCOLS)
_VLAN: Final[dict[str, Spelling]] = {
    "prio": Spelling("vlan.priority", "Priority"),
    "dei": Spelling("vlan.dei", "Drop Eligible"),
    "vlan": Spelling("vlan.id", "VLAN ID"),
    "type": Spelling("vlan.etype", "Type", _ETHERTYPE),
}
_ICMPV6: Final[dict[str, Spelling]] = {
    "type": Spelling("icmpv6.type", "Type", named(numbers.ICMPV6_TYPES)),
    "code": Spelling("icmpv6.code", "Code"),
    "cksum": Spelling("icmpv6.checksum", "Checksum", hexadecimal),
}
_ICMPV6_RESERVED: Final = Spelling("icmpv6.reserved", "Reserved", octets)
_MLD: Final[dict[str, Spelling]] = {
    **_ICMPV6,
    "mrd": Spelling("icmpv6.mld.maximum_response_delay", "Maximum Response Delay"),
    "reserved": _ICMPV6_RESERVED,
    "mladdr": Spelling("icmpv6.mld.multicast_address", "Multicast Address", address),
}

SPELLINGS: Final[dict[str, dict[str, Spelling]]] = {
    "Ether": {
        "dst": Spelling("eth.dst", "Destination", address),
        "src": Spelling("eth.src", "Source", address),
        "type": Spelling("eth.type", "Type", _ETHERTYPE),
    },
    "Dot3": {
        "dst": Spelling("eth.dst", "Destination", address),
        "src": Spelling("eth.src", "Source", address),
        "len": Spelling("eth.len", "Length"),
    },
    "Dot1Q": _VLAN,
    "Dot1AD": _VLAN,
    "LLC": {
        "dsap": Spelling("llc.dsap", "DSAP", named_hexadecimal(numbers.LLC_POINTS)),
        "ssap": Spelling("llc.ssap", "SSAP", named_hexadecimal(numbers.LLC_POINTS)),
        "ctrl": Spelling("llc.control", "Control", hexadecimal),
    },
    "SNAP": {
        "OUI": Spelling("llc.oui", "Organization Code", hexadecimal),
        "code": Spelling("llc.type", "Type", _ETHERTYPE),
    },
    "CookedLinux": {
        "pkttype": Spelling("sll.pkttype", "Packet Type", named(numbers.COOKED_TYPES)),
        "lladdrtype": Spelling("sll.hatype", "Hardware Type", named(numbers.HARDWARE_TYPES)),
        "lladdrlen": Spelling("sll.halen", "Address Length"),
        "proto": Spelling("sll.etype", "Protocol", _ETHERTYPE),
    },
    "CookedLinuxV2": {
        "proto": Spelling("sll.etype", "Protocol", _ETHERTYPE),
        "reserved": Spelling("sll.reserved", "Reserved", octets),
        "ifindex": Spelling("sll.ifindex", "Interface Index"),
        "lladdrtype": Spelling("sll.hatype", "Hardware Type", named(numbers.HARDWARE_TYPES)),
        "pkttype": Spelling("sll.pkttype", "Packet Type", named(numbers.COOKED_TYPES)),
        "lladdrlen": Spelling("sll.halen", "Address Length"),
    },
    "HDLC": {
        "address": Spelling("ppp.address", "Address", hexadecimal),
        "control": Spelling("ppp.control", "Control", hexadecimal),
    },
    "PPPoE": {
        "version": Spelling("pppoe.version", "Version"),
        "type": Spelling("pppoe.type", "Type"),
        "code": Spelling("pppoe.code", "Code", named_hexadecimal(numbers.PPPOE_CODES)),
        "sessionid": Spelling("pppoe.session_id", "Session ID", hexadecimal),
        "len": Spelling("pppoe.payload_length", "Payload Length"),
    },
    "MPLS": {
        "label": Spelling("mpls.label", "Label"),
        "cos": Spelling("mpls.exp", "Traffic Class"),
        "s": Spelling("mpls.bottom", "Bottom of Stack", yes),
        "ttl": Spelling("mpls.ttl", "Time to Live"),
    },
    "ARP": {
        "hwtype": Spelling("arp.hw.type", "Hardware Type", named(numbers.HARDWARE_TYPES)),
        "ptype": Spelling("arp.proto.type", "Protocol Type", _ETHERTYPE),
        "hwlen": Spelling("arp.hw.size", "Hardware Size"),
        "plen": Spelling("arp.proto.size", "Protocol Size"),
        "op": Spelling("arp.opcode", "Operation", named(numbers.ARP_OPERATIONS)),
        "hwsrc": Spelling("arp.src.hw_mac", "Sender MAC", address),
        "psrc": Spelling("arp.src.proto_ipv4", "Sender IP", address),
        "hwdst": Spelling("arp.dst.hw_mac", "Target MAC", address),
        "pdst": Spelling("arp.dst.proto_ipv4", "Target IP", address),
    },
    "IP": {
        "version": Spelling("ip.version", "Version"),
        "ihl": Spelling("ip.hdr_len", "Header Length", times(4)),
        "tos": Spelling("ip.dsfield", "Differentiated Services", hexadecimal),
        "len": Spelling("ip.len", "Total Length"),
        "id": Spelling("ip.id", "Identification", hexadecimal),
        "flags": Spelling("ip.flags", "Flags"),
        "frag": Spelling("ip.frag_offset", "Fragment Offset", times(8)),
        "ttl": Spelling("ip.ttl", "Time to Live"),
        "proto": Spelling("ip.proto", "Protocol", _PROTOCOL),
        "chksum": Spelling("ip.checksum", "Header Checksum", hexadecimal),
        "src": Spelling("ip.src", "Source", address),
        "dst": Spelling("ip.dst", "Destination", address),
    },
    "IPv6": {
        "version": Spelling("ipv6.version", "Version"),
        "tc": Spelling("ipv6.tclass", "Traffic Class", lambda value, raw: f"0x{value:02x}"),
        "fl": Spelling("ipv6.flow", "Flow Label", lambda value, raw: f"0x{value:05x}"),
        "plen": Spelling("ipv6.plen", "Payload Length"),
        "nh": Spelling("ipv6.nxt", "Next Header", _PROTOCOL),
        "hlim": Spelling("ipv6.hlim", "Hop Limit"),
        "src": Spelling("ipv6.src", "Source", address),
        "dst": Spelling("ipv6.dst", "Destination", address),
    },
    "IPv6ExtHdrFragment": {
        "nh": Spelling("ipv6.fraghdr.nxt", "Next Header", _PROTOCOL),
        "res1": Spelling("ipv6.fraghdr.reserved_octet", "Reserved", hexadecimal),
        "offset": Spelling("ipv6.fraghdr.offset", "Fragment Offset", times(8)),
        "res2": Spelling("ipv6.fraghdr.reserved_bits", "Reserved"),
        "m": Spelling("ipv6.fraghdr.more", "More Fragments", yes),
        "id": Spelling("ipv6.fraghdr.ident", "Identification", hexadecimal),
    },
    "IPv6ExtHdrHopByHop": {
        "nh": Spelling("ipv6.hopopts.nxt", "Next Header", _PROTOCOL),
        "len": Spelling("ipv6.hopopts.len", "Length"),
    },
    "IPv6ExtHdrDestOpt": {
        "nh": Spelling("ipv6.dstopts.nxt", "Next Header", _PROTOCOL),
        "len": Spelling("ipv6.dstopts.len", "Length"),
    },
    "IPv6ExtHdrRouting": {
        "nh": Spelling("ipv6.routing.nxt", "Next Header", _PROTOCOL),
        "len": Spelling("ipv6.routing.len", "Length"),
        "type": Spelling("ipv6.routing.type", "Routing Type"),
        "segleft": Spelling("ipv6.routing.segleft", "Segments Left"),
        "reserved": Spelling("ipv6.routing.reserved", "Reserved", octets),
    },
    "GRE": {
        "chksum_present": Spelling("gre.flags.checksum", "Checksum Present", yes),
        "routing_present": Spelling("gre.flags.routing", "Routing Present", yes),
        "key_present": Spelling("gre.flags.key", "Key Present", yes),
        "seqnum_present": Spelling("gre.flags.sequence_number", "Sequence Present", yes),
        "strict_route_source": Spelling("gre.flags.strict_source_route", "Strict Route", yes),
        "recursion_control": Spelling("gre.flags.recursion_control", "Recursion Control"),
        "flags": Spelling("gre.flags.reserved", "Reserved"),
        "version": Spelling("gre.flags.version", "Version", named(numbers.GRE_VERSIONS)),
        "proto": Spelling("gre.proto", "Protocol Type", _ETHERTYPE),
        "chksum": Spelling("gre.checksum", "Checksum", hexadecimal),
        "offset": Spelling("gre.offset", "Offset"),
        "key": Spelling("gre.key", "Key", hexadecimal),
        "sequence_number": Spelling("gre.sequence_number", "Sequence Number"),
    },
    "VXLAN": {
        "flags": Spelling("vxlan.flags", "Flags", hexadecimal),
        "reserved0": Spelling("vxlan.reserved_24", "Reserved", octets),
        "reserved1": Spelling("vxlan.reserved_16", "Reserved", octets),
        "NextProtocol": Spelling("vxlan.next_proto", "Next Protocol"),
        "gpflags": Spelling("vxlan.gp_flags", "Group Policy Flags", hexadecimal),
        "gpid": Spelling("vxlan.gbp", "Group Policy ID"),
        "vni": Spelling("vxlan.vni", "VNI"),
        "reserved2": Spelling("vxlan.reserved_8", "Reserved", hexadecimal),
    },
    "TCP": {
        "sport": Spelling("tcp.srcport", "Source Port"),
        "dport": Spelling("tcp.dstport", "Destination Port"),
        "seq": Spelling("tcp.seq_raw", "Sequence Number"),
        "ack": Spelling("tcp.ack_raw", "Acknowledgment Number"),
        "dataofs": Spelling("tcp.hdr_len", "Data Offset", times(4)),
        "reserved": Spelling("tcp.flags.res", "Reserved"),
        "flags": Spelling("tcp.flags", "Flags"),
        "window": Spelling("tcp.window_size_value", "Window"),
        "chksum": Spelling("tcp.checksum", "Checksum", hexadecimal),
        "urgptr": Spelling("tcp.urgent_pointer", "Urgent Pointer"),
    },
    "UDP": {
        "sport": Spelling("udp.srcport", "Source Port"),
        "dport": Spelling("udp.dstport", "Destination Port"),
        "len": Spelling("udp.length", "Length"),
        "chksum": Spelling("udp.checksum", "Checksum", hexadecimal),
    },
    "SCTP": {
        "sport": Spelling("sctp.srcport", "Source Port"),
        "dport": Spelling("sctp.dstport", "Destination Port"),
        "tag": Spelling("sctp.verification_tag", "Verification Tag", hexadecimal),
        "chksum": Spelling("sctp.checksum", "Checksum", hexadecimal),
    },
    "ICMP": {
        "type": Spelling("icmp.type", "Type", named(numbers.ICMP_TYPES)),
        "code": Spelling("icmp.code", "Code"),
        "chksum": Spelling("icmp.checksum", "Checksum", hexadecimal),
        "id": Spelling("icmp.ident", "Identifier"),
        "seq": Spelling("icmp.seq", "Sequence Number"),
        "ts_ori": Spelling("icmp.originate_timestamp", "Originate Timestamp"),
        "ts_rx": Spelling("icmp.receive_timestamp", "Receive Timestamp"),
        "ts_tx": Spelling("icmp.transmit_timestamp", "Transmit Timestamp"),
        "gw": Spelling("icmp.redir_gw", "Gateway", address),
        "ptr": Spelling("icmp.pointer", "Pointer"),
        "reserved": Spelling("icmp.reserved", "Reserved", octets),
        "length": Spelling("icmp.length", "Length of Quotation", times(4)),
        "addr_mask": Spelling("icmp.address_mask", "Address Mask", address),
        "nexthopmtu": Spelling("icmp.mtu", "MTU of Next Hop"),
        "unused": Spelling("icmp.unused", "Unused", octets),
    },
    "ICMPv6EchoRequest": {
        **_ICMPV6,
        "id": Spelling("icmpv6.echo.identifier", "Identifier", hexadecimal),
        "seq": Spelling("icmpv6.echo.sequence_number", "Sequence Number"),
    },
    "ICMPv6DestUnreach": {
        **_ICMPV6,
        "length": Spelling("icmpv6.length", "Length of Quotation", times(8)),
        "unused": _ICMPV6_RESERVED,
    },
    "ICMPv6TimeExceeded": {
        **_ICMPV6,
        "length": Spelling("icmpv6.length", "Length of Quotation", times(8)),
        "unused": _ICMPV6_RESERVED,
    },
    "ICMPv6PacketTooBig": {**_ICMPV6, "mtu": Spelling("icmpv6.mtu", "MTU")},
    "ICMPv6ParamProblem": {**_ICMPV6, "ptr": Spelling("icmpv6.pointer", "Pointer")},
    "ICMPv6ND_RS": {**_ICMPV6, "res": _ICMPV6_RESERVED},
    "ICMPv6ND_RA": {
        **_ICMPV6,
        "chlim": Spelling("icmpv6.nd.ra.cur_hop_limit", "Current Hop Limit"),
        "M": Spelling("icmpv6.nd.ra.flag.m", "Managed", yes),
        "O": Spelling("icmpv6.nd.ra.flag.o", "Other Configuration", yes),
        "H": Spelling("icmpv6.nd.ra.flag.h", "Home Agent", yes),
        "prf": Spelling("icmpv6.nd.ra.flag.prf", "Preference"),
        "P": Spelling("icmpv6.nd.ra.flag.p", "Proxy", yes),
        "res": Spelling("icmpv6.nd.ra.flag.rsv", "Reserved"),
        "routerlifetime": Spelling("icmpv6.nd.ra.router_lifetime", "Router Lifetime"),
        "reachabletime": Spelling("icmpv6.nd.ra.reachable_time", "Reachable Time"),
        "retranstimer": Spelling("icmpv6.nd.ra.retrans_timer", "Retransmission Timer"),
    },
    "ICMPv6ND_NS": {
        **_ICMPV6,
        "res": _ICMPV6_RESERVED,
        "tgt": Spelling("icmpv6.nd.ns.target_address", "Target Address", address),
    },
    "ICMPv6ND_NA": {
        **_ICMPV6,
        "R": Spelling("icmpv6.nd.na.flag.r", "Router", yes),
        "S": Spelling("icmpv6.nd.na.flag.s", "Solicited", yes),
        "O": Spelling("icmpv6.nd.na.flag.o", "Override", yes),
        "res": Spelling("icmpv6.nd.na.flag.rsv", "Reserved"),
        "tgt": Spelling("icmpv6.nd.na.target_address", "Target Address", address),
    },
    "ICMPv6ND_Redirect": {
        **_ICMPV6,
        "res": _ICMPV6_RESERVED,
        "tgt": Spelling("icmpv6.rd.na.target_address", "Target Address", address),
        "dst": Spelling("icmpv6.rd.na.destination_address", "Destination Address", address),
    },
    "ICMPv6MLQuery": _MLD,
    "ICMPv6MLReport2": {
        **_ICMPV6,
        "res": Spelling("icmpv6.code", "Code"),
        "reserved": _ICMPV6_RESERVED,
        "records_number": Spelling("icmpv6.mldr.nb_mcast_records", "Number of Records"),
    },
    "ICMPv6Unknown": _ICMPV6,
    "BOOTP": {
        "op": Spelling("dhcp.type", "Message Type", named(message_numbers.DHCP_OPERATIONS)),
        "htype": Spelling("dhcp.hw.type", "Hardware Type", named(numbers.HARDWARE_TYPES)),
        "hlen": Spelling("dhcp.hw.len", "Hardware Address Length"),
        "hops": Spelling("dhcp.hops", "Hops"),
        "xid": Spelling("dhcp.id", "Transaction ID", hexadecimal),
        "secs": Spelling("dhcp.secs", "Seconds Elapsed"),
        "flags": Spelling("dhcp.flags", "Flags", hexadecimal),
        "ciaddr": Spelling("dhcp.ip.client", "Client IP", address),
        "yiaddr": Spelling("dhcp.ip.your", "Your IP", address),
        "siaddr": Spelling("dhcp.ip.server", "Next Server IP", address),
        "giaddr": Spelling("dhcp.ip.relay", "Relay Agent IP", address),
        "sname": Spelling("dhcp.server", "Server Name", text),
        "file": Spelling("dhcp.file", "Boot File", text),
        "options": Spelling("dhcp.cookie", "Magic Cookie", address),
    },
}
"""scapy class -> scapy field -> how netviz shows it. A field that is absent is shown by our own walk, or nowhere."""

_FLAG_BITS: Final[dict[str, tuple[tuple[str, str, int, Form], ...]]] = {
    "ip.flags": (
        ("ip.flags.rb", "Reserved", 1, yes),
        ("ip.flags.df", "Don't Fragment", 1, yes),
        ("ip.flags.mf", "More Fragments", 1, yes),
    ),
    "ip.dsfield": (
        ("ip.dsfield.dscp", "DSCP", 6, named(numbers.DSCP)),
        ("ip.dsfield.ecn", "ECN", 2, named(numbers.ECN)),
    ),
    "ipv6.tclass": (
        ("ipv6.tclass.dscp", "DSCP", 6, named(numbers.DSCP)),
        ("ipv6.tclass.ecn", "ECN", 2, named(numbers.ECN)),
    ),
    "dhcp.flags": (("dhcp.flags.bc", "Broadcast", 1, yes), ("dhcp.flags.reserved", "Reserved", 15, number)),
}
"""Fields that have bits of their own: key -> (key, label, bits, form) of each, from the first bit on."""


def header_fields(window: Window, module: str, name: str, size: int) -> tuple[Field, ...]:
    """Fields of the header of `size` bytes at the front of a window, as scapy's class lays it out."""
    content = window.frame[window.start : min(window.start + size, window.end)]
    header = read_header(scapy_class(module, name), content, window.start)
    return spelled(window.frame, header.seen, name, window.start + len(content))


def spelled(frame: bytes, seen: tuple[Seen, ...], name: str, end: int) -> tuple[Field, ...]:
    """netviz's fields for those that scapy saw before byte `end`. Values are read again from the bits themselves."""
    fields = []
    for part in seen:
        spelling = SPELLINGS[name].get(part.name)
        if spelling is None or part.bit_end > 8 * end or part.bit_end <= part.bit_start:
            continue
        field = bit_field(frame, spelling.key, spelling.label, part.bit_start, part.bit_end, spelling.form)
        fields.append(with_bits(frame, field))
    return tuple(fields)


def with_bits(frame: bytes, field: Field) -> Field:
    """The field with its bits as parts, where it has any."""
    parts = _FLAG_BITS.get(field.key)
    if parts is None:
        return field
    return Field(
        field.key, field.label, field.value, field.bit_start, field.bit_end, bits_of(frame, field.bit_start, parts)
    )
