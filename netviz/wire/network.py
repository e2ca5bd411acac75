"""IPv4, IPv6 with its extension headers, and what carries a packet in a packet; read for many packets at once.

Each function takes one kind of header off the rows that are at it and says what comes next. Knows no transport.
"""

from typing import Final

import numpy as np

from netviz.model.protocols import Broken, Fragment, Protocol
from netviz.wire.link import ETHERTYPE_IPV4, ETHERTYPE_IPV6, follow_ethertype
from netviz.wire.unwrapping import Mask, Numbers, Rows, Step, Unwrapping

AUTHENTICATION: Final = 51
IPV6_FRAGMENT: Final = 44
IPV6_EXTENSIONS: Final = (0, 43, 60)
"""Extension headers of the common form (RFC 8200 section 4): hop-by-hop options, routing, destination options."""

_TRANSPORTS: Final = {
    6: Step.TCP,
    17: Step.UDP,
    1: Step.ICMP,
    58: Step.ICMPV6,
    132: Step.SCTP,
    33: Step.DCCP,
    2: Step.IGMP,
    AUTHENTICATION: Step.AUTHENTICATION,
}
_IPV6_HEADERS: Final = {
    **_TRANSPORTS,
    **dict.fromkeys(IPV6_EXTENSIONS, Step.IPV6_EXTENSION),
    IPV6_FRAGMENT: Step.IPV6_FRAGMENT,
}
_CARRIERS: Final = {4: Step.IPV4, 41: Step.IPV6, 47: Step.GRE}
_NO_NEXT_HEADER: Final = 59


def ipv4(work: Unwrapping, rows: Rows) -> None:
    """RFC 791 section 3.1. A total length of 0 (segmentation offload) means to the end of the frame."""
    work.announce(rows, ETHERTYPE_IPV4, Protocol.IPV4)
    rows = work.with_room(rows, 20, Broken.NETWORK_TOO_SHORT)
    head = work.read(rows, 10)
    version = head[:, 0] >> 4 == 4
    if not version.all():
        rows, head = work.sound(rows, version, Broken.NETWORK_BAD_VERSION), head[version]
    work.enter_network(rows, ETHERTYPE_IPV4, Protocol.IPV4)
    total = head.view(">u2")[:, 1].astype(np.int32)
    header = (head[:, 0] & 15).astype(np.int32) * 4
    good = (header >= 20) & ((total == 0) | (total >= header))
    if not good.all():
        rows = work.sound(rows, good, Broken.NETWORK_BAD_LENGTH)
        head, total, header = head[good], total[good], header[good]
    start = work.at[rows]
    work.shorten(rows, np.where(total == 0, work.end[rows], start + total))
    work.columns["ip_protocol"][rows] = head[:, 9]
    options_there = header <= work.limit[rows] - start
    work.at[rows] = start + header
    if not options_there.all():
        rows = work.sound(rows, options_there, Broken.NETWORK_TOO_SHORT)
        head = head[options_there]
    _ipv4_content(work, rows, head.view(">u2")[:, 3], head[:, 9])


def _ipv4_content(work: Unwrapping, rows: Rows, fragments: Numbers, protocols: Numbers) -> None:
    fragments = fragments & 0x3FFF
    if fragments.any():
        first = _fragment(work, rows, fragments & 0x1FFF, (fragments & 0x2000).astype(np.bool_))
        rows, protocols = work.where(rows, first), protocols[first]
    follow_ip_protocol(work, rows, protocols, _TRANSPORTS)


def _fragment(work: Unwrapping, rows: Rows, offset: Numbers, more: Mask) -> Mask:
    """Say which part of a datagram the rows are; true where what follows is the datagram's beginning."""
    begins: Mask = offset == 0
    ends = np.where(begins, Fragment.WHOLE, Fragment.LAST)
    part = np.where(more, np.where(begins, Fragment.FIRST, Fragment.MIDDLE), ends)
    # A fragment of a fragment stays what the outer header says.
    work.columns["fragment"][rows] = np.where(is_part(work, rows), work.columns["fragment"][rows], part)
    return begins


def ipv6(work: Unwrapping, rows: Rows) -> None:
    """RFC 8200 section 3. A payload length of 0 (jumbogram, segmentation offload) means to the end of the frame."""
    work.announce(rows, ETHERTYPE_IPV6, Protocol.IPV6)
    rows = work.with_room(rows, 40, Broken.NETWORK_TOO_SHORT)
    head = work.read(rows, 8)
    version = head[:, 0] >> 4 == 6
    if not version.all():
        rows, head = work.sound(rows, version, Broken.NETWORK_BAD_VERSION), head[version]
    work.enter_network(rows, ETHERTYPE_IPV6, Protocol.IPV6)
    length = head.view(">u2")[:, 2].astype(np.int32)
    work.at[rows] += 40
    work.shorten(rows, np.where(length == 0, work.end[rows], work.at[rows] + length))
    _ipv6_next(work, rows, head[:, 6])


def ipv6_extension(work: Unwrapping, rows: Rows) -> None:
    """An extension header of the common form: next header, and its length in units of 8 bytes beyond the first 8."""
    _extension(work, rows, 8, 1)


def authentication(work: Unwrapping, rows: Rows) -> None:
    """RFC 4302 section 2: the length counts 4 bytes, beyond the first 8."""
    _extension(work, rows, 4, 2)


def _extension(work: Unwrapping, rows: Rows, unit: int, more: int) -> None:
    rows = work.with_room(rows, 8, Broken.NETWORK_TOO_SHORT)
    head = work.read(rows, 2)
    length = (head[:, 1].astype(np.int32) + more) * unit
    whole = length <= work.limit[rows] - work.at[rows]
    rows = work.sound(rows, whole, Broken.NETWORK_TOO_SHORT)
    work.at[rows] += length[whole]
    _ipv6_next(work, rows, head[whole, 0])


def ipv6_fragment(work: Unwrapping, rows: Rows) -> None:
    """RFC 8200 section 4.5. One that is first and last (RFC 6946) is a whole packet."""
    rows = work.with_room(rows, 8, Broken.NETWORK_TOO_SHORT)
    head = work.read(rows, 4)
    offset_and_more = head.view(">u2")[:, 1]
    begins = _fragment(work, rows, offset_and_more & 0xFFF8, (offset_and_more & 1).astype(np.bool_))
    work.at[rows] += 8
    work.columns["ip_protocol"][rows] = head[:, 0]
    _ipv6_next(work, work.where(rows, begins), head[begins, 0])


def _ipv6_next(work: Unwrapping, rows: Rows, protocols: Numbers) -> None:
    work.columns["ip_protocol"][rows] = protocols
    follow_ip_protocol(work, rows, protocols, _IPV6_HEADERS)


def follow_ip_protocol(
    work: Unwrapping, rows: Rows, protocols: Numbers, steps: dict[int, Step] = _IPV6_HEADERS
) -> None:
    """Queue rows by what their protocol number announces. A first fragment is followed to its transport header only."""
    rest = work.choose(rows, protocols, steps)
    if not work.size(rest):
        return
    rest = work.where(rest, ~is_part(work, rest))
    protocols = work.columns["ip_protocol"][rest]
    work.columns["protocol"][work.where(rest, protocols != _NO_NEXT_HEADER)] = Protocol.OTHER_IP
    for number, step in _CARRIERS.items():
        carriers = work.where(rest, protocols == number)
        if work.size(carriers):
            work.columns["protocol"][carriers] = Protocol.GRE if step is Step.GRE else Protocol.OTHER_IP
            work.carry(carriers, step)


def is_part(work: Unwrapping, rows: Rows) -> Mask:
    """Which rows are fragments: what follows the IP header is part of a datagram only. Shape (size(rows),)."""
    parts: Mask = work.columns["fragment"][rows] != Fragment.WHOLE
    return parts


def gre(work: Unwrapping, rows: Rows) -> None:
    """RFC 2784 and RFC 2890: flags, the ethertype of what is carried, and a word for each flag that is set."""
    rows = work.with_room(rows, 4, Broken.NETWORK_TOO_SHORT)
    words = work.read(rows, 4).view(">u2")
    # Source routes and version 1 (PPTP) are another header under the same number.
    plain = (words[:, 0] & 0x4007) == 0
    rows, flags, ethertypes = work.where(rows, plain), words[plain, 0], words[plain, 1]
    length = 4 + 4 * sum((flags >> bit & 1).astype(np.int32) for bit in (15, 13, 12))
    whole = length <= work.limit[rows] - work.at[rows]
    rows, ethertypes = work.sound(rows, whole, Broken.NETWORK_TOO_SHORT), ethertypes[whole]
    work.at[rows] += length[whole]
    bridged = ethertypes == 0x6558
    work.then(Step.ETHERNET, work.where(rows, bridged))
    routed = ethertypes > 1500
    follow_ethertype(work, work.where(rows, routed & ~bridged), ethertypes[routed & ~bridged])


def vxlan(work: Unwrapping, rows: Rows) -> None:
    """RFC 7348 section 5: eight bytes, then an Ethernet frame."""
    rows = work.with_room(rows, 8, Broken.LINK_TOO_SHORT)
    work.at[rows] += 8
    work.then(Step.ETHERNET, rows)
