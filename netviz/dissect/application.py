"""Which message the payload of a transport is: told by its bytes, and by the port only where bytes can't tell.

Knows how messages begin, not what is in them.
"""

import re
from typing import Final

from netviz.dissect.step import DATA, Under

CONTINUED: Final = "Continued"
"""Dissector of a payload that is the middle of a message which an earlier packet began."""

_METHODS: Final = (
    b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH", b"QUERY",
    b"PROPFIND", b"PROPPATCH", b"MKCOL", b"COPY", b"MOVE", b"LOCK", b"UNLOCK", b"SEARCH", b"REPORT",
    b"PURGE", b"LINK", b"UNLINK", b"SUBSCRIBE", b"UNSUBSCRIBE", b"NOTIFY",
)  # fmt: skip
"""Methods known by their bytes alone, as in the packet table: RFC 9110, 5789, 4918, 5323, 3253 and their kin."""

_KNOWN_START: Final = re.compile(b"(?:HTTP/1[.]|(?:" + b"|".join(_METHODS) + b") )")
_REQUEST_LINE: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} [^ \r\n\x00-\x08]{1,8000} HTTP/1[.]\d\r?\n")
"""A request with a method of its own making is known by the version at the end of its line."""

_HTTP2_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_TLS_RECORD_MOST: Final = (1 << 14) + 2048
_DNS_PORTS: Final = {53: "DNS", 5353: "mDNS"}
_DNS_OPCODES: Final = (0, 1, 2, 4, 5, 6)
_QUESTIONS_MOST: Final = 256
_DHCP_COOKIE: Final = b"\x63\x82\x53\x63"
_QUIC_VERSIONS: Final = (0x00000001, 0x6B3343CF)


def starts_http(payload: bytes) -> bool:
    """Whether the bytes begin with a request line or a status line of HTTP/1.x, or with what may become one."""
    return _KNOWN_START.match(payload) is not None or _REQUEST_LINE.match(payload) is not None


def starts_tls(payload: bytes) -> bool:
    """Whether the bytes begin with the header of a TLS record (RFC 8446 section 5.1)."""
    if len(payload) < 5 or not 20 <= payload[0] <= 23 or payload[1] != 3 or payload[2] > 4:
        return False
    return 0 < int.from_bytes(payload[3:5], "big") <= _TLS_RECORD_MOST


def over_tcp(payload: bytes, under: Under) -> str:
    """The dissector for bytes on a TCP stream."""
    if under.carried == "WebSocket":
        return "WebSocket"
    if under.carried is not None:
        return CONTINUED
    if under.quoted:
        return DATA
    if starts_http(payload):
        return "HTTP"
    if starts_tls(payload):
        return "TLS"
    if payload.startswith(_HTTP2_PREFACE[:16]):
        return "HTTP/2"
    if payload.startswith(b"SSH-"):
        return "SSH"
    return "DNS" if 53 in under.ports and _is_dns(payload[2:]) else DATA


def over_udp(payload: bytes, under: Under) -> str:
    """The dissector for a datagram: the port's protocol where its bytes agree, QUIC by its bytes."""
    if under.quoted:
        return DATA
    for port, name in _DNS_PORTS.items():
        if port in under.ports and _is_dns(payload):
            return name
    return _agrees(payload, under) or ("QUIC" if _is_quic(payload, 443 in under.ports) else DATA)


def _agrees(payload: bytes, under: Under) -> str:
    """The protocol that a port other than DNS's names, where the bytes are such a message; else empty."""
    ports = set(under.ports)
    if ports & {67, 68} and payload[236:240] == _DHCP_COOKIE:
        return "DHCP"
    if ports & {546, 547} and len(payload) >= 4 and 1 <= payload[0] <= 36:
        return "DHCPv6"
    if 123 in ports and _is_ntp(payload):
        return "NTP"
    # Only its port and its one flag show that VXLAN is there (RFC 7348 section 5).
    if under.ports[1] == 4789 and payload[:4] == b"\x08\0\0\0" and payload[7:8] == b"\0":
        return "VXLAN"
    return ""


def _is_dns(payload: bytes) -> bool:
    """A known opcode, the reserved bit clear, some record and not absurdly many questions (RFC 1035 section 4.1.1)."""
    if len(payload) < 12:
        return False
    questions = int.from_bytes(payload[4:6], "big")
    known = payload[2] >> 3 & 15 in _DNS_OPCODES and payload[3] & 0x40 == 0
    return known and questions <= _QUESTIONS_MOST and any(payload[4:12])


def _is_ntp(payload: bytes) -> bool:
    """Version 1 to 4; modes 1 to 5 have the whole header, 6 and 7 are control messages (RFC 5905 section 7.3)."""
    version, mode = payload[0] >> 3 & 7, payload[0] & 7
    return 1 <= version <= 4 and ((1 <= mode <= 5 and len(payload) >= 48) or (mode >= 6 and len(payload) >= 8))


def _is_quic(payload: bytes, on_its_port: bool) -> bool:
    """A long header (RFC 9000 section 17.2) of a known version; on port 443 any header with its fixed bits."""
    if len(payload) >= 7 and payload[0] & 0xC0 == 0xC0 and payload[5] <= 20:
        version = int.from_bytes(payload[1:5], "big")
        if version in _QUIC_VERSIONS or version >> 8 == 0xFF0000:
            return True
    return on_its_port and payload[0] & 0xC0 != 0
