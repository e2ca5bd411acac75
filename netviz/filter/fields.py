"""The names of all fields with their kinds, and the nearest name to one that was mistyped. Data; knows no packets."""

from difflib import get_close_matches
from typing import Final

from netviz.filter.syntax import Field, Kind

_PROTOCOLS: Final = (
    "frame eth vlan llc arp ip ipv6 icmp icmpv6 igmp tcp udp sctp dccp gre dns mdns dhcp dhcpv6 ntp tls ssh quic http "
    "http2 wlan ppp cors websocket"
)
_NUMBERS: Final = (
    "frame.number frame.len frame.cap_len frame.interface_id eth.type vlan.id vlan.priority arp.opcode "
    "ip.version ip.hdr_len ip.dsfield ip.len ip.id ip.flags ip.frag_offset ip.ttl ip.proto ip.checksum "
    "ipv6.version ipv6.tclass ipv6.flow ipv6.plen ipv6.nxt ipv6.hlim icmp.type icmp.code icmpv6.type icmpv6.code "
    "tcp.port tcp.srcport tcp.dstport tcp.stream tcp.seq tcp.seq_raw tcp.ack tcp.ack_raw tcp.nxtseq tcp.len "
    "tcp.hdr_len tcp.flags tcp.window_size tcp.window_size_value tcp.checksum tcp.urgent_pointer tcp.completeness "
    "udp.port udp.srcport udp.dstport udp.stream udp.length udp.checksum "
    "dns.id dns.qry.type dns.flags.rcode dns.count.queries dns.count.answers tls.record.content_type tls.handshake.type "
    "http.response.code http.content_length connection exchange handshake.step close.step websocket.rsv websocket.opcode "
    "websocket.payload_length websocket.payload_length_ext_16 websocket.payload_length_ext_64 websocket.length "
    "websocket.payload.close.status_code"
)
_BOOLEANS: Final = (
    "ip.flags.df ip.flags.mf tcp.flags.syn tcp.flags.ack tcp.flags.fin tcp.flags.reset tcp.flags.push tcp.flags.urg "
    "tcp.flags.ece tcp.flags.cwr tcp.flags.ae dns.flags.response http.request http.response http.chunked cors.preflight "
    "cors.cross_origin websocket.fin websocket.mask frame.marked"
)
_TEXTS: Final = (
    "frame.comment dns.qry.name http.request.method http.request.uri http.request.full_uri http.request.version "
    "http.response.version http.response.phrase http.host http.user_agent http.cookie http.set_cookie "
    "http.content_type http.origin http.referer http.server http.location http.authorization http.connection "
    "http.accept http.accept_encoding http.accept_language http.cache_control http.content_encoding "
    "http.transfer_encoding http.last_modified http.date http.upgrade http.header http.file_data cors.origin cors.url "
    "websocket.payload.text websocket.payload.close.reason"
)
_NAMES: Final = (
    "protocol tcp.analysis tcp.state.client tcp.state.server connection.opening connection.closing connection.state "
    "cors.verdict cors.code cors.kind cors.confidence broken websocket.violation"
)
ANALYSIS: Final[dict[str, str]] = {
    "retransmission": "retransmission",
    "fast_retransmission": "fast-retransmission",
    "spurious_retransmission": "spurious-retransmission",
    "out_of_order": "out-of-order",
    "lost_segment": "previous-segment-lost",
    "ack_lost_segment": "acked-unseen",
    "duplicate_ack": "duplicate-ack",
    "zero_window": "zero-window",
    "window_full": "window-full",
    "window_update": "window-update",
    "zero_window_probe": "zero-window-probe",
    "zero_window_probe_ack": "zero-window-probe-ack",
    "keep_alive": "keep-alive",
    "keep_alive_ack": "keep-alive-ack",
    "reused_ports": "port-reused",
}
"""Wireshark's `tcp.analysis.*` -> the name of netviz's analysis."""

_BY_KIND: Final[dict[Kind, str]] = {
    "protocol": _PROTOCOLS,
    "number": _NUMBERS,
    "boolean": _BOOLEANS,
    "text": _TEXTS,
    "name": _NAMES,
    "seconds": "frame.time_relative frame.time_delta frame.time_epoch http.time",
    "mac": "eth.addr eth.src eth.dst arp.src.hw_mac arp.dst.hw_mac",
    "ipv4": "ip.addr ip.src ip.dst arp.src.proto_ipv4 arp.dst.proto_ipv4",
    "ipv6": "ipv6.addr ipv6.src ipv6.dst",
    "bytes": "tcp.payload udp.payload websocket.masking_key",
}
ALIASES: Final = {
    "tcp.dport": "tcp.dstport",
    "tcp.sport": "tcp.srcport",
    "tcp.flags.rst": "tcp.flags.reset",
    "tcp.flags.psh": "tcp.flags.push",
    "http.status": "http.response.code",
    "http.method": "http.request.method",
    "http.url": "http.request.full_uri",
    "frame.pkt_comment": "frame.comment",
    "tcp.analysis.flags": "tcp.analysis",
    "bootp": "dhcp",
    "ssl": "tls",
    "ipv4": "ip",
    "icmp6": "icmpv6",
}
"""Other names that people type -> the name here."""

FIELDS: Final[dict[str, Field]] = {
    name: Field(name, kind)
    for kind, names in _BY_KIND.items()
    for name in (*names.split(), *((f"tcp.analysis.{each}" for each in ANALYSIS) if kind == "boolean" else ()))
}
HEADER_PREFIX: Final = "http.header."
"""Before the name of any header field: `http.header.access-control-allow-origin`."""

_MOST_SUGGESTIONS: Final = 3


def field_named(name: str) -> Field | None:
    """The field, also by an alias, or None. Names are compared without case."""
    lower = name.lower()
    known = FIELDS.get(ALIASES.get(lower, lower))
    if known is None and lower.startswith(HEADER_PREFIX) and len(lower) > len(HEADER_PREFIX):
        return Field(lower, "text")
    return known


def nearest(name: str) -> tuple[str, ...]:
    """Names of fields that may have been meant, the likeliest first."""
    lower = name.lower()
    known = [*FIELDS, *ALIASES]
    close = get_close_matches(lower, known, _MOST_SUGGESTIONS, 0.7)
    last = [each for each in known if len(lower) > 2 and each.endswith(f".{lower}")]
    found = dict.fromkeys(ALIASES.get(each, each) for each in (*close, *last))
    return tuple(found)[:_MOST_SUGGESTIONS]
