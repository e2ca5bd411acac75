"""What a payload is, by its first bytes: HTTP, TLS and SSH on any port, others where port and bytes agree.

A packet that goes on with what another began shows nothing of its own: it stays TCP, UDP.
"""

from typing import Final

import numpy as np

from netviz.model.protocols import Protocol
from netviz.wire.unwrapping import Mask, Numbers, Rows, Unwrapping

HTTP_METHODS: Final = (
    b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH", b"QUERY",
    b"PROPFIND", b"PROPPATCH", b"MKCOL", b"COPY", b"MOVE", b"LOCK", b"UNLOCK", b"SEARCH", b"REPORT",
    b"PURGE", b"LINK", b"UNLINK", b"SUBSCRIBE", b"UNSUBSCRIBE", b"NOTIFY",
)  # fmt: skip
"""RFC 9110, 5789, 4918, 5323, 3253, and what caches and device discovery use. Others are not known by their bytes."""

_WINDOW: Final = 16


def _word(token: bytes) -> tuple[int, int]:
    """Mask and value of the bytes at the front of 8, as a big-endian number."""
    return int.from_bytes((b"\xff" * len(token)).ljust(8, b"\0")), int.from_bytes(token.ljust(8, b"\0"))


def _pattern(token: bytes) -> tuple[tuple[int, int], tuple[int, int]]:
    return _word(token[:8]), _word(token[8:])


_HTTP_STARTS: Final = (b"HTTP/1.", *(method + b" " for method in HTTP_METHODS))
_BY_FIRST_BYTE: Final = {
    first: [_pattern(start) for start in _HTTP_STARTS if start[0] == first] for first in {s[0] for s in _HTTP_STARTS}
}
_IS_FIRST_BYTE: Final = np.zeros(256, np.bool_)
_IS_FIRST_BYTE[list(_BY_FIRST_BYTE)] = True

_HTTP2_PREFACE: Final = _pattern(b"PRI * HTTP/2.0\r\n")
_SSH: Final = _pattern(b"SSH-")
_DNS_PORTS: Final = {53: Protocol.DNS, 5353: Protocol.MDNS}
_DNS_OPCODES: Final = np.isin(np.arange(16), (0, 1, 2, 4, 5, 6))
_MOST_QUESTIONS: Final = 256
_LONGEST_TLS_RECORD: Final = (1 << 14) + 2048


def recognise_tcp(work: Unwrapping, rows: Rows) -> None:
    """Name the protocol of the TCP payloads at which the rows are."""
    if not work.size(rows):
        return
    head = _window(work, rows)
    _name(work, rows, _is_tls(head) & (work.limit[rows] - work.at[rows] >= 5), Protocol.TLS)
    text = np.flatnonzero(_IS_FIRST_BYTE[head[:, 0]] | (head[:, 0] == ord("S")))
    if len(text):
        chosen = text if isinstance(rows, slice) else rows[text]
        _name_text(work, chosen, head[text].view(">u8"))
    _recognise_dns_stream(work, rows)


def _name_text(work: Unwrapping, rows: Rows, words: Numbers) -> None:
    _name(work, rows, _is_http(words), Protocol.HTTP)
    _name(work, rows, _begins(words, _HTTP2_PREFACE), Protocol.HTTP2)
    _name(work, rows, _begins(words, _SSH), Protocol.SSH)


def _is_http(words: Numbers) -> Mask:
    found = np.zeros(len(words), np.bool_)
    first = (words[:, 0] >> 56).astype(np.uint8)
    for byte in np.unique(first):
        for pattern in _BY_FIRST_BYTE.get(int(byte), ()):
            found |= _begins(words, pattern)
    return found


def _begins(words: Numbers, pattern: tuple[tuple[int, int], tuple[int, int]]) -> Mask:
    (mask, value), (more_mask, more) = pattern
    found: Mask = words[:, 0] & np.uint64(mask) == np.uint64(value)
    if more_mask:
        found &= words[:, 1] & np.uint64(more_mask) == np.uint64(more)
    return found


def _is_tls(head: Numbers) -> Mask:
    """A record header (RFC 8446 section 5.1): content type, version 3.0 to 3.4, a length that a record can have."""
    length = head[:, 3].astype(np.int32) << 8 | head[:, 4]
    known = (head[:, 0] >= 20) & (head[:, 0] <= 23) & (head[:, 1] == 3) & (head[:, 2] <= 4)
    found: Mask = known & (length > 0) & (length <= _LONGEST_TLS_RECORD)
    return found


def _recognise_dns_stream(work: Unwrapping, rows: Rows) -> None:
    """DNS over TCP (RFC 1035 section 4.2.2): a length before each message."""
    rows = work.where(rows, _on_port(work, rows, 53))
    if work.size(rows):
        work.at[rows] += 2
        rows = work.where(rows, work.limit[rows] - work.at[rows] >= 12)
        _name(work, rows, _is_dns(_window(work, rows)), Protocol.DNS)


def recognise_udp(work: Unwrapping, rows: Rows) -> None:
    """Name the protocol of the UDP payloads at which the rows are."""
    if not work.size(rows):
        return
    head = _window(work, rows)
    room = work.limit[rows] - work.at[rows]
    _name(work, rows, _is_quic(head) | _is_quic_short(head) & _on_port(work, rows, 443), Protocol.QUIC)
    is_dns = (room >= 12) & _is_dns(head)
    for port, protocol in _DNS_PORTS.items():
        _name(work, rows, is_dns & _on_port(work, rows, port), protocol)
    _name(work, rows, _is_ntp(head, room) & _on_port(work, rows, 123), Protocol.NTP)
    is_dhcpv6 = (head[:, 0] >= 1) & (head[:, 0] <= 36) & (room >= 4)
    _name(work, rows, is_dhcpv6 & (_on_port(work, rows, 546) | _on_port(work, rows, 547)), Protocol.DHCPV6)
    _recognise_dhcp(work, rows, room)


_DHCP_COOKIE_AT: Final = 236
_DHCP_COOKIE: Final = 0x63825363


def _recognise_dhcp(work: Unwrapping, rows: Rows, room: Numbers) -> None:
    """RFC 2131 section 3: the cookie stands behind the fixed fields of BOOTP."""
    ports = _on_port(work, rows, 67) | _on_port(work, rows, 68)
    rows = work.where(rows, ports & (room >= _DHCP_COOKIE_AT + 4))
    if work.size(rows):
        cookie = work.read(rows, 4, skip=_DHCP_COOKIE_AT).view(">u4")[:, 0]
        _name(work, rows, cookie == _DHCP_COOKIE, Protocol.DHCP)


def _is_dns(head: Numbers) -> Mask:
    """Known opcode, reserved bit clear, a query asks, a response says something (RFC 1035 section 4.1.1)."""
    counts = head[:, 4:12].copy().view(">u2")
    known = _DNS_OPCODES[head[:, 2] >> 3 & 15] & (head[:, 3] & 0x40 == 0)
    is_response = head[:, 2] & 0x80 != 0
    # A response of REFUSED or FORMERR may come with its header alone.
    says = np.where(is_response, counts.any(axis=1) | (head[:, 3] & 15 != 0), counts[:, 0] > 0)
    found: Mask = known & says & (counts[:, 0] <= _MOST_QUESTIONS)
    return found


def _is_ntp(head: Numbers, room: Numbers) -> Mask:
    """Version 1 to 4; modes 1 to 5 have the full header, 6 and 7 are control messages (RFC 5905 section 7.3)."""
    version, mode = head[:, 0] >> 3 & 7, head[:, 0] & 7
    full = (mode >= 1) & (mode <= 5) & (room >= 48)
    found: Mask = (version >= 1) & (version <= 4) & (full | ((mode >= 6) & (room >= 8)))
    return found


_QUIC_VERSIONS: Final = (0x00000001, 0x6B3343CF)
_QUIC_DRAFTS: Final = 0xFF0000


def _is_quic(head: Numbers) -> Mask:
    """A long header (RFC 9000 section 17.2) of version 1, 2 or a draft, with a connection id of a possible length."""
    version = head[:, 1:5].copy().view(">u4")[:, 0]
    known = np.isin(version, _QUIC_VERSIONS) | (version >> 8 == _QUIC_DRAFTS)
    found: Mask = (head[:, 0] & 0xC0 == 0xC0) & known & (head[:, 5] <= 20)
    return found


def _is_quic_short(head: Numbers) -> Mask:
    """The fixed bit (RFC 9000 section 17.3), or a long header of a version not known here."""
    found: Mask = head[:, 0] & 0xC0 != 0
    return found


def _on_port(work: Unwrapping, rows: Rows, port: int) -> Mask:
    columns = work.columns
    found: Mask = (columns["source_port"][rows] == port) | (columns["destination_port"][rows] == port)
    return found


def _name(work: Unwrapping, rows: Rows, mask: Mask, protocol: Protocol) -> None:
    if mask.any():
        work.columns["protocol"][work.where(rows, mask)] = protocol


def _window(work: Unwrapping, rows: Rows) -> Numbers:
    at = work.at[rows]
    return work.reader.window(work.offsets[rows] + at, work.limit[rows] - at, _WINDOW)
