"""What ICMP errors quote: an IP header and the first eight bytes behind it (RFC 792, RFC 4443 section 3).

Of a TCP segment those eight bytes are the ports and the sequence number, which is all that is needed to find the
connection; of a UDP datagram they are its whole header.
"""

from typing import Final, NamedTuple

import numpy as np

from netviz.model.packets import PacketTable

_TCP: Final = 6
_UDP: Final = 17
_ICMP, _ICMPV6 = 1, 58
_V4_ERRORS: Final = (3, 11, 12)
"""Destination unreachable, time exceeded, parameter problem."""
_V6_ERRORS: Final = (1, 3, 4)
_FRAGMENTATION_NEEDED: Final = 3 << 8 | 4
_NO_ROUTE: Final = (3 << 8, 3 << 8 | 1, 1 << 8, 1 << 8 | 3)
"""Network or host unreachable; for IPv6 no route, or address unreachable."""
_MOST_EXTENSIONS: Final = 8
_EXTENSIONS: Final = (0, 43, 60)
_FRAGMENT: Final = 44


class Quoted(NamedTuple):
    """A TCP segment that could not be delivered, as the error quotes it."""

    row: int
    """Of the ICMP error."""

    source: bytes
    """Address and port, as they stand in the headers: 6 bytes or 18."""

    destination: bytes
    seq: int
    no_route: bool
    """Network or host unreachable, rather than a port, a policy or a header."""


class QuotedDatagram(NamedTuple):
    """A UDP datagram that could not be delivered, as the error quotes it."""

    row: int
    """Of the ICMP error."""

    source: bytes
    """Address and port, as they stand in the headers: 6 bytes or 18."""

    destination: bytes
    identification: int | None
    """Of the IPv4 header; IPv6 has none."""

    length: int
    """Of the UDP header: header and data."""

    checksum: int


def error_rows(packets: PacketTable, first: int, stop: int) -> list[int]:
    """Rows first..stop of ICMP errors that end an attempt to connect. (Fragmentation needed only makes packets smaller.)"""
    protocol, flags = packets["ip_protocol"][first:stop], packets["flags"][first:stop]
    kind = flags >> 8
    found = (protocol == _ICMP) & np.isin(kind, _V4_ERRORS) & (flags != _FRAGMENTATION_NEEDED)
    found |= (protocol == _ICMPV6) & np.isin(kind, _V6_ERRORS)
    rows: list[int] = (np.flatnonzero(found & (packets["payload_offset"][first:stop] >= 0)) + first).tolist()
    return rows


def quoted_segment(packets: PacketTable, row: int) -> Quoted | None:
    """The segment that an error quotes; None where it is of another protocol, a later fragment, or cut."""
    inner = packets.payload(row)
    start = _behind_ip(inner, _TCP)
    if start is None:
        return None
    number = int.from_bytes(inner[start + 4 : start + 8], "big")
    return Quoted(row, *_ends(inner, start), number, packets.value("flags", row) in _NO_ROUTE)


def quoted_datagram(packets: PacketTable, row: int) -> QuotedDatagram | None:
    """The UDP datagram that an error quotes; None where it is of another protocol, a later fragment, or cut."""
    inner = packets.payload(row)
    start = _behind_ip(inner, _UDP)
    if start is None:
        return None
    identification = int.from_bytes(inner[4:6], "big") if inner[0] >> 4 == 4 else None
    length, checksum = (int.from_bytes(inner[start + at : start + at + 2], "big") for at in (4, 6))
    return QuotedDatagram(row, *_ends(inner, start), identification, length, checksum)


def _behind_ip(inner: bytes, protocol: int) -> int | None:
    """Where the transport header begins of which eight bytes are quoted."""
    version = inner[0] >> 4 if inner else 0
    start = _behind_ipv4(inner, protocol) if version == 4 else _behind_ipv6(inner, protocol) if version == 6 else None
    return start if start is not None and start + 8 <= len(inner) else None


def _ends(inner: bytes, start: int) -> tuple[bytes, bytes]:
    addresses = (inner[12:16], inner[16:20]) if inner[0] >> 4 == 4 else (inner[8:24], inner[24:40])
    return addresses[0] + inner[start : start + 2], addresses[1] + inner[start + 2 : start + 4]


def _behind_ipv4(inner: bytes, protocol: int) -> int | None:
    if len(inner) < 20 or inner[9] != protocol or int.from_bytes(inner[6:8], "big") & 0x1FFF:
        return None
    size = (inner[0] & 15) * 4
    return size if size >= 20 else None


def _behind_ipv6(inner: bytes, protocol: int) -> int | None:
    if len(inner) < 40:
        return None
    following, at = inner[6], 40
    for _ in range(_MOST_EXTENSIONS):
        if following == protocol:
            return at
        if at + 8 > len(inner) or following not in (*_EXTENSIONS, _FRAGMENT):
            return None
        if following == _FRAGMENT:
            if int.from_bytes(inner[at + 2 : at + 4], "big") & 0xFFF8:
                return None
            following, at = inner[at], at + 8
        else:
            following, at = inner[at], at + 8 + 8 * inner[at + 1]
    return None
