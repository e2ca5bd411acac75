"""Link headers, read for many packets at once: Ethernet, tags, cooked captures, loopback, PPP, MPLS, LLC and ARP.

Each function takes one kind of header off the rows that are at it and says what comes next. Knows nothing above.
"""

from typing import Final

import numpy as np

from netviz.model.protocols import Broken, Protocol
from netviz.wire.unwrapping import ALL, Numbers, Rows, Step, Unwrapping

ETHERTYPE_IPV4: Final = 0x0800
ETHERTYPE_ARP: Final = 0x0806
ETHERTYPE_IPV6: Final = 0x86DD

_ETHERTYPES: Final = {
    ETHERTYPE_IPV4: Step.IPV4,
    ETHERTYPE_IPV6: Step.IPV6,
    ETHERTYPE_ARP: Step.ARP,
    0x8100: Step.TAG,
    0x88A8: Step.TAG,
    0x9100: Step.TAG,
    0x8847: Step.MPLS,
    0x8848: Step.MPLS,
    0x8864: Step.PPPOE,
}
_LONGEST_802_3: Final = 1500
"""Up to here the field is a length and LLC follows (IEEE 802.3 section 3.2.6)."""

_BY_LINK_TYPE: Final = {
    0: (Step.LOOPBACK, Protocol.UNKNOWN),
    1: (Step.ETHERNET, Protocol.ETHERNET),
    9: (Step.PPP, Protocol.PPP),
    12: (Step.RAW_IP, Protocol.UNKNOWN),
    14: (Step.RAW_IP, Protocol.UNKNOWN),
    50: (Step.PPP, Protocol.PPP),
    51: (Step.PPPOE, Protocol.PPP),
    101: (Step.RAW_IP, Protocol.UNKNOWN),
    105: (None, Protocol.WIFI),
    108: (Step.LOOPBACK, Protocol.UNKNOWN),
    113: (Step.COOKED, Protocol.UNKNOWN),
    127: (None, Protocol.WIFI),
    228: (Step.IPV4, Protocol.IPV4),
    229: (Step.IPV6, Protocol.IPV6),
    276: (Step.COOKED_2, Protocol.UNKNOWN),
}
"""LINKTYPE_ number -> the first header and what the packet is called before it is read. Others are listed raw."""


def begin(work: Unwrapping, link_types: Numbers) -> None:
    """Put every packet at the first header of its link type."""
    if not len(link_types):
        return
    first = link_types[0]
    kinds = [first] if (link_types == first).all() else np.unique(link_types)
    for kind in kinds:
        rows = ALL if len(kinds) == 1 else np.flatnonzero(link_types == kind)
        step, protocol = _BY_LINK_TYPE.get(int(kind), (None, Protocol.UNKNOWN))
        work.columns["protocol"][rows] = protocol
        if step is not None:
            work.then(step, rows)


def ethernet(work: Unwrapping, rows: Rows) -> None:
    """Two addresses and an ethertype, or a length (IEEE 802.3)."""
    rows = work.with_room(rows, 14, Broken.LINK_TOO_SHORT)
    ethertypes = work.read(rows, 2, skip=12).view(">u2")[:, 0]
    work.at[rows] += 14
    follow_ethertype(work, rows, ethertypes)


def tag(work: Unwrapping, rows: Rows) -> None:
    """A VLAN tag (IEEE 802.1Q, 802.1ad): tag control information and the next ethertype."""
    rows = work.with_room(rows, 4, Broken.LINK_TOO_SHORT)
    ethertypes = work.read(rows, 2, skip=2).view(">u2")[:, 0]
    work.at[rows] += 4
    follow_ethertype(work, rows, ethertypes)


def follow_ethertype(work: Unwrapping, rows: Rows, ethertypes: Numbers) -> None:
    """Queue rows by what their ethertype announces; one that is not followed is noted where it is the outermost."""
    rest = work.choose(rows, ethertypes, _ETHERTYPES)
    if not work.size(rest):
        return
    known = np.isin(ethertypes, list(_ETHERTYPES))
    left = ethertypes[~known]
    has_length = left <= _LONGEST_802_3
    lengths = work.where(rest, has_length)
    work.shorten(lengths, np.minimum(work.end[lengths], work.at[lengths] + left[has_length]))
    work.then(Step.LLC, lengths)
    _raw(work, work.where(rest, ~has_length), left[~has_length])


def _raw(work: Unwrapping, rows: Rows, ethertypes: Numbers) -> None:
    outermost = work.outermost(rows)
    rows = work.where(rows, outermost)
    work.columns["protocol"][rows] = Protocol.UNKNOWN
    work.columns["ethertype"][rows] = ethertypes[outermost]


def llc(work: Unwrapping, rows: Rows) -> None:
    """IEEE 802.2: service access points and control; with SNAP (RFC 1042) an ethertype follows."""
    work.columns["protocol"][work.where(rows, work.outermost(rows))] = Protocol.LLC
    rows = work.with_room(rows, 3, Broken.LINK_TOO_SHORT)
    head = work.read(rows, 3)
    is_snap = (head[:, 0] == 0xAA) & (head[:, 1] == 0xAA) & (head[:, 2] == 3)
    rows = work.with_room(work.where(rows, is_snap), 8, Broken.LINK_TOO_SHORT)
    snap = work.read(rows, 5, skip=3)
    # Organisation 0 is Ethernet's own; RFC 1042's ethertypes are only there.
    encapsulated = (snap[:, :3] == 0).all(axis=1)
    rows = work.where(rows, encapsulated)
    work.at[rows] += 8
    ethertypes = snap[encapsulated, 3:].copy().view(">u2")[:, 0]
    work.choose(rows, ethertypes, _ETHERTYPES)


_ARPHRD_UNREADABLE: Final = (770, 802, 803, 824)
"""Hardware types whose cooked header has no ethertype: frame relay, 802.11 with prism or radiotap, netlink."""


def cooked(work: Unwrapping, rows: Rows) -> None:
    """LINKTYPE_LINUX_SLL: packet type, hardware type, address, ethertype."""
    _cooked(work, rows, 16, hardware=2, ethertype=14)


def cooked_2(work: Unwrapping, rows: Rows) -> None:
    """LINKTYPE_LINUX_SLL2: ethertype, interface, hardware type, packet type, address."""
    _cooked(work, rows, 20, hardware=8, ethertype=0)


def _cooked(work: Unwrapping, rows: Rows, width: int, hardware: int, ethertype: int) -> None:
    rows = work.with_room(rows, width, Broken.LINK_TOO_SHORT)
    words = work.read(rows, width).view(">u2")
    readable = ~np.isin(words[:, hardware // 2], _ARPHRD_UNREADABLE)
    rows, ethertypes = work.where(rows, readable), words[readable, ethertype // 2]
    work.at[rows] += width
    # Numbers below 1536 name no ethertype here; 4 says that LLC follows (there is no length).
    is_llc = ethertypes == 4
    work.then(Step.LLC, work.where(rows, is_llc))
    has_type = ethertypes > _LONGEST_802_3
    follow_ethertype(work, work.where(rows, has_type), ethertypes[has_type])


_LOOPBACK_FAMILIES: Final = {2: Step.IPV4, 10: Step.IPV6, 24: Step.IPV6, 28: Step.IPV6, 30: Step.IPV6}
"""Address family, as the systems that write such captures number it (AF_INET6 differs between them)."""


def loopback(work: Unwrapping, rows: Rows) -> None:
    """LINKTYPE_NULL and LINKTYPE_LOOP: an address family, in the byte order of who wrote it."""
    rows = work.with_room(rows, 4, Broken.LINK_TOO_SHORT)
    family = work.read(rows, 4).view("<u4")[:, 0]
    family = np.where(family > 0xFFFF, family.byteswap(), family)
    work.at[rows] += 4
    work.choose(rows, family, _LOOPBACK_FAMILIES)


_IP_VERSIONS: Final = {4: Step.IPV4, 6: Step.IPV6}


def raw_ip(work: Unwrapping, rows: Rows) -> None:
    """No link header: the first four bits are the IP version."""
    rows = work.with_room(rows, 1, Broken.NETWORK_TOO_SHORT)
    neither = work.choose(rows, work.read(rows, 1)[:, 0] >> 4, _IP_VERSIONS)
    work.columns["broken"][neither] = Broken.NETWORK_BAD_VERSION


def mpls(work: Unwrapping, rows: Rows) -> None:
    """One MPLS label (RFC 3032). Behind the last one nothing names the content: IP is known by its version."""
    rows = work.with_room(rows, 5, Broken.LINK_TOO_SHORT)
    head = work.read(rows, 5)
    is_last = (head[:, 2] & 1).astype(np.bool_)
    work.at[rows] += 4
    work.then(Step.MPLS, work.where(rows, ~is_last))
    last = work.where(rows, is_last)
    other = work.choose(last, head[is_last, 4] >> 4, _IP_VERSIONS)
    _raw(work, other, np.zeros(work.size(other), np.uint16))


_PPP_PROTOCOLS: Final = {0x0021: Step.IPV4, 0x0057: Step.IPV6, 0x0281: Step.MPLS, 0x0283: Step.MPLS}


def pppoe(work: Unwrapping, rows: Rows) -> None:
    """A PPPoE session (RFC 2516): version, code, session, length, and the PPP protocol."""
    rows = work.with_room(rows, 6, Broken.LINK_TOO_SHORT)
    length = work.read(rows, 2, skip=4).view(">u2")[:, 0]
    work.at[rows] += 6
    work.shorten(rows, np.minimum(work.end[rows], work.at[rows] + length))
    work.then(Step.PPP, rows)


def ppp(work: Unwrapping, rows: Rows) -> None:
    """PPP (RFC 1661): address and control, if not left out, and a protocol of two bytes, or one where it is odd."""
    work.columns["protocol"][work.where(rows, work.outermost(rows))] = Protocol.PPP
    rows = work.with_room(rows, 4, Broken.LINK_TOO_SHORT)
    framed = work.read(rows, 2).view(">u2")[:, 0] == 0xFF03
    work.at[rows] += 2 * framed
    number = work.read(rows, 2).view(">u2")[:, 0]
    is_short = (number & 0x0100).astype(np.bool_)
    work.at[rows] += np.where(is_short, 1, 2)
    work.choose(rows, np.where(is_short, number >> 8, number), _PPP_PROTOCOLS)


def arp(work: Unwrapping, rows: Rows) -> None:
    """Address resolution (RFC 826): fixed part, then four addresses of the lengths it says."""
    work.announce(rows, ETHERTYPE_ARP, Protocol.ARP)
    rows = work.with_room(rows, 8, Broken.NETWORK_TOO_SHORT)
    work.enter_network(rows, ETHERTYPE_ARP, Protocol.ARP)
    lengths = work.read(rows, 2, skip=4).astype(np.int32).sum(axis=1)
    work.with_room(rows, 8 + 2 * lengths, Broken.NETWORK_TOO_SHORT)
