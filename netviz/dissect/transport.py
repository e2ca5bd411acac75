"""TCP, UDP, SCTP and DCCP headers. May not know the network below; which message is above, `application` tells."""

from netviz.dissect import numbers
from netviz.dissect.application import over_tcp, over_udp
from netviz.dissect.cursor import Cursor, OutOfBytes, TooManyFields, bits_of
from netviz.dissect.forms import hexadecimal, named, number, yes
from netviz.dissect.network import stopped
from netviz.dissect.options import tcp_options
from netviz.dissect.spelling import header_fields
from netviz.dissect.step import DATA, Step, Window, ends, too_short
from netviz.model.layers import Break, Field
from netviz.model.protocols import flags_text

_INET = "scapy.layers.inet"
_TCP_FLAGS = (
    ("tcp.flags.res", "Reserved", 3, number),
    ("tcp.flags.ae", "Accurate ECN", 1, yes),
    ("tcp.flags.cwr", "Congestion Window Reduced", 1, yes),
    ("tcp.flags.ece", "ECN-Echo", 1, yes),
    ("tcp.flags.urg", "Urgent", 1, yes),
    ("tcp.flags.ack", "Acknowledgment", 1, yes),
    ("tcp.flags.push", "Push", 1, yes),
    ("tcp.flags.reset", "Reset", 1, yes),
    ("tcp.flags.syn", "Syn", 1, yes),
    ("tcp.flags.fin", "Fin", 1, yes),
)


def tcp(window: Window) -> Step:
    """TCP (RFC 9293 section 3.1): 20 bytes and the options that the data offset leaves room for."""
    fields = _with_tcp_flags(window, header_fields(window, _INET, "TCP", 20))
    if window.size < 20:
        return ends("TCP", fields, window, too_short("TCP", window, 20))
    size, at = 4 * (window.byte(12) >> 4), window.start + 12
    if size < 20:
        return stopped("TCP", fields, window.start + 20, window, Break("TCP", at, "bad-header-length", 20, size))
    if window.start + size > window.claimed and not window.under.quoted:
        stop = Break("TCP", at, "bad-header-length", size, window.claimed - window.start)
        return stopped("TCP", fields, window.start + 20, window, stop)
    fields += tcp_options(window, 20, min(size, window.size))
    if window.size < size:
        return ends("TCP", fields, window, too_short("TCP", window, size))
    ports = (window.number(0, 2), window.number(2, 2))
    under = window.under._replace(ports=ports, stream=True)
    payload = window.frame[window.start + size : window.end]
    follows = over_tcp(payload, under) if payload else None
    return Step("TCP", fields, window.start + size, window.end, window.claimed, follows, under)


def _with_tcp_flags(window: Window, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The reserved bits and the flags as one field of 12 bits, named as people say them."""
    known = tuple(field for field in fields if field.key not in ("tcp.flags", "tcp.flags.res"))
    if window.size < 14:
        return known
    first = 8 * (window.start + 12) + 4
    flags = window.number(12, 2) & 0xFFF
    names = flags_text(flags)
    value = f"{names} (0x{flags:03x})" if names else f"0x{flags:03x}"
    field = Field("tcp.flags", "Flags", value, first, first + 12, bits_of(window.frame, first, _TCP_FLAGS))
    place = next((index for index, each in enumerate(known) if each.bit_start > first), len(known))
    return (*known[:place], field, *known[place:])


def udp(window: Window) -> Step:
    """UDP (RFC 768). A length of 0 is a jumbogram's (RFC 2675): the datagram ends with its packet."""
    fields = header_fields(window, _INET, "UDP", 8)
    if window.size < 8:
        return ends("UDP", fields, window, too_short("UDP", window, 8))
    length = window.number(4, 2)
    if 0 < length < 8:
        stop = Break("UDP", window.start + 4, "bad-length", 8, length)
        return stopped("UDP", fields, window.start + 8, window, stop)
    behind = window.claimed - window.start
    if length > behind and not window.under.part:
        stop = Break("UDP", window.start + 4, "bad-length", length, behind)
        return stopped("UDP", fields, window.start + 8, window, stop)
    claimed = min(window.claimed, window.start + length) if length else window.claimed
    end = min(window.end, claimed)
    under = window.under._replace(ports=(window.number(0, 2), window.number(2, 2)))
    payload = window.frame[window.start + 8 : end]
    follows = over_udp(payload, under) if payload else None
    return Step("UDP", fields, window.start + 8, end, claimed, follows, under)


def sctp(window: Window) -> Step:
    """SCTP (RFC 9260 section 3): 12 bytes, then chunks; each chunk is one field."""
    fields = header_fields(window, "scapy.layers.sctp", "SCTP", 12)
    if window.size < 12:
        return ends("SCTP", fields, window, too_short("SCTP", window, 12))
    cursor = Cursor(window.frame, window.start + 12, window.end)
    try:
        while cursor.left:
            _chunk(cursor)
    except (OutOfBytes, TooManyFields):
        cursor.rest("sctp.chunk_rest", "Unread chunks")
    return ends("SCTP", fields + tuple(cursor.fields), window)


def _chunk(cursor: Cursor) -> None:
    begin, since = cursor.at, len(cursor.fields)
    head = cursor.peek(4)
    length = int.from_bytes(head[2:4], "big")
    if len(head) < 4 or not 4 <= length <= cursor.left:
        raise OutOfBytes(begin, max(4, length), cursor.left)
    kind = cursor.number("sctp.chunk_type", "Chunk Type", 1, named(numbers.SCTP_CHUNKS))
    cursor.number("sctp.chunk_flags", "Chunk Flags", 1, hexadecimal)
    cursor.number("sctp.chunk_length", "Chunk Length", 2)
    if kind == 0 and length >= 16:
        cursor.number("sctp.data_tsn", "TSN", 4)
        cursor.number("sctp.data_sid", "Stream Identifier", 2)
        cursor.number("sctp.data_ssn", "Stream Sequence Number", 2)
        cursor.number("sctp.data_payload_proto_id", "Payload Protocol", 4)
    if begin + length > cursor.at:
        cursor.octets("sctp.chunk_value", "Chunk Value", begin + length - cursor.at)
    padding = min(-length % 4, cursor.left)
    if padding:
        cursor.octets("sctp.chunk_padding", "Padding", padding)
    cursor.group("sctp.chunk", "Chunk", numbers.SCTP_CHUNKS.get(kind, str(kind)), begin, since)


def dccp(window: Window) -> Step:
    """DCCP (RFC 4340 section 5.1): 12 bytes, or 16 with long sequence numbers, then what its type adds."""
    if window.size < 12:
        return ends("DCCP", (), window, too_short("DCCP", window, 12))
    cursor = Cursor(window.frame, window.start, window.end)
    ports = (
        cursor.number("dccp.srcport", "Source Port", 2),
        cursor.number("dccp.dstport", "Destination Port", 2),
    )
    size = 4 * cursor.number("dccp.data_offset", "Data Offset", 1, lambda value, raw: f"{value} ({4 * value} B)")
    bits = 8 * cursor.at
    parts = (("dccp.ccval", "CCVal", 4, number), ("dccp.cscov", "Checksum Coverage", 4, number))
    cursor.fields += bits_of(window.frame, bits, parts)
    cursor.take(1)
    cursor.number("dccp.checksum", "Checksum", 2, hexadecimal)
    kinds = (
        ("dccp.res1", "Reserved", 3, number),
        ("dccp.type", "Type", 4, named(numbers.DCCP_TYPES)),
        ("dccp.x", "Extended Sequence Numbers", 1, yes),
    )
    cursor.fields += bits_of(window.frame, 8 * cursor.at, kinds)
    long = cursor.take(1)[0] & 1
    least = 16 if long else 12
    if size < least or window.size < size:
        bad = Break("DCCP", window.start + 4, "bad-header-length", least, size)
        stop = bad if size < least else too_short("DCCP", window, size)
        return ends("DCCP", tuple(cursor.fields), window, stop)
    cursor.end = window.start + size
    if long:
        cursor.octets("dccp.res2", "Reserved", 1)
    cursor.number("dccp.seq", "Sequence Number", 6 if long else 3)
    cursor.rest("dccp.rest", "Type-specific Fields and Options")
    under = window.under._replace(ports=ports)
    return Step("DCCP", tuple(cursor.fields), cursor.end, window.end, window.claimed, _data(window, size), under)


def _data(window: Window, size: int) -> str | None:
    return DATA if window.size > size else None
