"""Smaller messages: VXLAN, NTP, QUIC's long headers, HTTP/2's first frames, SSH's greeting, and bytes nobody knows."""

from typing import Final

from netviz.dissect import message_numbers as numbers
from netviz.dissect.cursor import Cursor, OutOfBytes, TooManyFields, bits_of
from netviz.dissect.forms import hexadecimal, named, named_hexadecimal, number, octets, signed, text, yes
from netviz.dissect.link import CARRIED_BY_ETHERTYPE
from netviz.dissect.spelling import header_fields
from netviz.dissect.step import DATA, Step, Under, Window, ends, too_short
from netviz.model.osi import place_of
from netviz.model.safe import safe

_PREFACE_SIZE: Final = 24


def data(window: Window) -> Step:
    """Bytes that no dissector knows."""
    cursor = Cursor(window.frame, window.start, window.end)
    cursor.rest("data.data", "Data")
    return ends(DATA, tuple(cursor.fields), window)


def fragment_data(window: Window) -> Step:
    """Bytes of a datagram whose header was in another fragment."""
    cursor = Cursor(window.frame, window.start, window.end)
    cursor.rest("data.fragment", "Continues a datagram of an earlier fragment")
    return ends(DATA, tuple(cursor.fields), window)


def continued(window: Window) -> Step:
    """The middle of a message that an earlier packet began, under the name of its protocol."""
    name = window.under.carried or DATA
    protocol = name if place_of(name) is not None else DATA
    cursor = Cursor(window.frame, window.start, window.end)
    cursor.rest("data.continued", "Continues a message of an earlier packet", lambda value, raw: _glimpse(raw))
    return ends(protocol, tuple(cursor.fields), window)


def _glimpse(raw: bytes) -> str:
    shown = raw[:200]
    if any(byte < 9 or 13 < byte < 32 for byte in shown):
        return octets(0, raw)
    return safe(raw, 200)


def vxlan(window: Window) -> Step:
    """VXLAN (RFC 7348 section 5): an Ethernet frame of a virtual network inside a datagram."""
    fields = header_fields(window, "scapy.layers.vxlan", "VXLAN", 8)
    if window.size < 8:
        return ends("VXLAN", fields, window, too_short("VXLAN", window, 8))
    under = Under(wire=window.under.wire, carried=window.under.carried)
    return Step("VXLAN", fields, window.start + 8, window.end, window.claimed, "Ethernet", under)


def gre(window: Window) -> Step:
    """GRE (RFC 2784, RFC 2890; version 1 is PPTP's, RFC 2637)."""
    size = 4 + _gre_optional(window) if window.size >= 4 else 4
    if window.size >= 2 and window.number(0, 2) & 0x4007:
        return _gre_plain(window)
    fields = header_fields(window, "scapy.layers.l2", "GRE", size)
    if window.size < size:
        return ends("GRE", fields, window, too_short("GRE", window, size))
    follows = CARRIED_BY_ETHERTYPE.get(window.number(2, 2), DATA)
    return Step("GRE", fields, window.start + size, window.end, window.claimed, follows, window.under)


def _gre_optional(window: Window) -> int:
    flags = window.byte(0)
    return 4 * (bool(flags & 0x80) + bool(flags & 0x20) + bool(flags & 0x10))


def _gre_plain(window: Window) -> Step:
    """GRE with source routes (RFC 1701), or of another version: its first four bytes, the rest as data."""
    fields = header_fields(window, "scapy.layers.l2", "GRE", 4)
    if window.size < 4:
        return ends("GRE", fields, window, too_short("GRE", window, 4))
    return Step("GRE", fields, window.start + 4, window.end, window.claimed, DATA, window.under)


def ntp(window: Window) -> Step:
    """NTP (RFC 5905 section 7.3): 48 bytes and what authenticates them; control messages have another form."""
    if window.size < 1 or window.byte(0) & 7 in (6, 7):
        return ends("NTP", data(window).fields, window)
    cursor = Cursor(window.frame, window.start, window.end)
    parts = (
        ("ntp.flags.li", "Leap Indicator", 2, number),
        ("ntp.flags.vn", "Version", 3, number),
        ("ntp.flags.mode", "Mode", 3, named(numbers.NTP_MODES)),
    )
    try:
        cursor.number("ntp.flags", "Flags", 1, hexadecimal, bits_of(window.frame, 8 * window.start, parts))
        cursor.number("ntp.stratum", "Stratum", 1)
        cursor.number("ntp.ppoll", "Poll", 1, signed)
        cursor.number("ntp.precision", "Precision", 1, signed)
        for key, label in (("ntp.rootdelay", "Root Delay"), ("ntp.rootdispersion", "Root Dispersion")):
            cursor.number(key, label, 4, _seconds_16)
        cursor.octets("ntp.refid", "Reference ID", 4)
        for key, label in _NTP_TIMES:
            cursor.number(key, label, 8, _seconds_32)
    except OutOfBytes:
        return ends("NTP", tuple(cursor.fields), window, too_short("NTP", window, 48))
    cursor.rest("ntp.extension", "Extension or Authentication")
    return ends("NTP", tuple(cursor.fields), window)


_NTP_TIMES: Final = (
    ("ntp.reftime", "Reference Timestamp"),
    ("ntp.org", "Origin Timestamp"),
    ("ntp.rec", "Receive Timestamp"),
    ("ntp.xmt", "Transmit Timestamp"),
)


def _seconds_16(value: int, raw: bytes) -> str:
    return f"{value / 65536:.6f} s"


def _seconds_32(value: int, raw: bytes) -> str:
    """Seconds since 1900 (RFC 5905 section 6)."""
    return f"{value >> 32}.{(value & 0xFFFFFFFF) * 10**9 >> 32:09d} s"


def _quic_short(window: Window) -> Step:
    """A short header (RFC 9000 section 17.3): only two bits mean something to who does not know the connection."""
    parts = (("quic.header_form", "Header Form", 1, number), ("quic.fixed_bit", "Fixed Bit", 1, number))
    cursor = Cursor(window.frame, window.start, window.end)
    cursor.fields += bits_of(window.frame, 8 * window.start, (*parts, ("quic.protected", "Protected", 6, number)))
    cursor.take(1)
    cursor.rest("quic.remaining_payload", "Connection ID and protected payload")
    return ends("QUIC", tuple(cursor.fields), window)


def quic(window: Window) -> Step:
    """The header of the first QUIC packet in a datagram (RFC 9000 section 17.2); what is protected stays data."""
    cursor = Cursor(window.frame, window.start, window.end)
    first = window.byte(0)
    if first & 0x80 == 0 or window.size < 7:
        return _quic_short(window)
    second_version = window.number(1, 4) == 0x6B3343CF
    kinds = {(kind + second_version) % 4: name for kind, name in numbers.QUIC_TYPES.items()}
    parts = (
        ("quic.header_form", "Header Form", 1, number),
        ("quic.fixed_bit", "Fixed Bit", 1, number),
        ("quic.long.packet_type", "Packet Type", 2, named(kinds)),
        ("quic.protected", "Protected", 4, number),
    )
    cursor.fields += bits_of(window.frame, 8 * window.start, parts)
    cursor.take(1)
    try:
        version = cursor.number("quic.version", "Version", 4, named_hexadecimal(numbers.QUIC_VERSIONS))
        for name, label in (("d", "Destination Connection ID"), ("s", "Source Connection ID")):
            length = cursor.number(f"quic.{name}cil", f"{label} Length", 1)
            if length:
                cursor.octets(f"quic.{name}cid", label, length)
        if version and kinds[first >> 4 & 3] == "Initial":
            token = _variable(cursor, "quic.token_length", "Token Length")
            if token:
                cursor.octets("quic.token", "Token", token)
        if version and kinds[first >> 4 & 3] != "Retry":
            _variable(cursor, "quic.length", "Length")
    except OutOfBytes as short:
        needed = short.at + short.needed - window.start
        return ends("QUIC", tuple(cursor.fields), window, too_short("QUIC", window, needed))
    cursor.rest("quic.remaining_payload", "Protected payload")
    return ends("QUIC", tuple(cursor.fields), window)


def _variable(cursor: Cursor, key: str, label: str) -> int:
    """An integer of variable length (RFC 9000 section 16)."""
    head = cursor.peek(1)
    size = 1 << (head[0] >> 6) if head else 1
    mask = (1 << (8 * size - 2)) - 1
    return mask & cursor.number(key, label, size, lambda value, raw: str(value & mask))


def http2(window: Window) -> Step:
    """The beginning of an HTTP/2 connection (RFC 9113 section 3.4): the client's preface and the frames behind it."""
    cursor = Cursor(window.frame, window.start, window.end)
    try:
        cursor.octets("http2.magic", "Connection preface", _PREFACE_SIZE, text)
        while cursor.left:
            _http2_frame(cursor)
    except (OutOfBytes, TooManyFields):
        cursor.rest("http2.unread", "Part of a frame")
    return ends("HTTP/2", tuple(cursor.fields), window)


def _http2_frame(cursor: Cursor) -> None:
    begin, since = cursor.at, len(cursor.fields)
    head = cursor.peek(9)
    length = int.from_bytes(head[:3], "big")
    if len(head) < 9 or 9 + length > cursor.left:
        raise OutOfBytes(begin, 9 + length, cursor.left)
    cursor.number("http2.length", "Length", 3)
    kind = cursor.number("http2.type", "Type", 1, named(numbers.HTTP2_FRAMES))
    cursor.number("http2.flags", "Flags", 1, hexadecimal)
    stream = (("http2.r", "Reserved", 1, yes), ("http2.streamid", "Stream", 31, number))
    cursor.fields += bits_of(cursor.frame, 8 * cursor.at, stream)
    cursor.take(4)
    if length:
        cursor.octets("http2.payload", "Payload", length)
    cursor.group("http2.stream", "Frame", numbers.HTTP2_FRAMES.get(kind, str(kind)), begin, since)


def ssh(window: Window) -> Step:
    """SSH's greeting (RFC 4253 section 4.2), and what stands behind it in the segment."""
    cursor = Cursor(window.frame, window.start, window.end)
    line = window.frame.find(b"\n", window.start, min(window.end, window.start + 256))
    size = (line + 1 if line >= 0 else window.end) - window.start
    cursor.octets("ssh.protocol", "Identification", size, lambda value, raw: safe(raw.rstrip(b"\r\n"), 255))
    cursor.rest("ssh.data", "Data")
    return ends("SSH", tuple(cursor.fields), window)
