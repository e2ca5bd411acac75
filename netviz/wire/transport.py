"""TCP, UDP, SCTP, DCCP, ICMP and IGMP headers, read for many packets at once.

Each function takes one kind of header off the rows that are at it. A cut header gives the columns that are there.
"""

from typing import Final

import numpy as np

from netviz.model.protocols import Broken, Protocol
from netviz.wire.application import recognise_tcp, recognise_udp
from netviz.wire.network import is_part
from netviz.wire.unwrapping import Mask, Numbers, Rows, Step, Unwrapping

_VXLAN_PORT: Final = 4789


def tcp(work: Unwrapping, rows: Rows) -> None:
    """RFC 9293 section 3.1. Options that were not captured leave the payload's place known."""
    whole = _enter(work, rows, Protocol.TCP)
    rows, words = _ports(work, rows, 20)
    columns, numbers = work.columns, words.view(">u4")
    columns["seq"][rows], columns["ack"][rows] = numbers[:, 1], numbers[:, 2]
    columns["flags"][rows], columns["window"][rows] = words[:, 6] & 0xFFF, words[:, 7]
    header = (words[:, 6] >> 12).astype(np.int32) * 4
    good = (header >= 20) & (header <= work.end[rows] - work.at[rows])
    rows = work.sound(rows, good, Broken.TRANSPORT_BAD_LENGTH)
    _payload(work, rows, header[good])
    rows = work.with_room(rows, 0, Broken.TRANSPORT_TOO_SHORT)
    recognise_tcp(work, _carrying(work, rows, whole))


def udp(work: Unwrapping, rows: Rows) -> None:
    """RFC 768. A length of 0 (jumbogram, segmentation offload) means that of the IP header."""
    whole = _enter(work, rows, Protocol.UDP)
    rows, words = _ports(work, rows, 8)
    length = words[:, 2].astype(np.int32)
    behind = work.end[rows] - work.at[rows]
    good = (length == 0) | ((length >= 8) & ((length <= behind) | is_part(work, rows)))
    if not good.all():
        rows = work.sound(rows, good, Broken.TRANSPORT_BAD_LENGTH)
        length, behind = length[good], behind[good]
    work.shorten(rows, work.at[rows] + np.where(length == 0, behind, np.minimum(length, behind)))
    _payload(work, rows, 8)
    rows = _carrying(work, rows, whole)
    recognise_udp(work, rows)
    _tunnel(work, rows)


def _tunnel(work: Unwrapping, rows: Rows) -> None:
    """VXLAN (RFC 7348 section 5): its port, and the header's only flag."""
    rows = work.where(rows, work.columns["destination_port"][rows] == _VXLAN_PORT)
    rows = work.where(rows, work.limit[rows] - work.at[rows] >= 8)
    if work.size(rows):
        head = work.read(rows, 8).view(">u4")
        work.carry(work.where(rows, (head[:, 0] == 0x08000000) & (head[:, 1] & 0xFF == 0)), Step.VXLAN)


def sctp(work: Unwrapping, rows: Rows) -> None:
    """RFC 9260 section 3: the common header; its chunks are the payload."""
    _enter(work, rows, Protocol.SCTP)
    _payload(work, _ports(work, rows, 12)[0], 12)


def dccp(work: Unwrapping, rows: Rows) -> None:
    """RFC 4340 section 5.1: the data offset counts words of 4 bytes."""
    _enter(work, rows, Protocol.DCCP)
    rows, words = _ports(work, rows, 12)
    header = (words[:, 2] >> 8).astype(np.int32) * 4
    good = (header >= 12) & (header <= work.end[rows] - work.at[rows])
    _payload(work, work.sound(rows, good, Broken.TRANSPORT_BAD_LENGTH), header[good])


def icmp(work: Unwrapping, rows: Rows) -> None:
    """RFC 792: type, code, checksum and a word of the message's own."""
    _message(work, rows, Protocol.ICMP)


def icmpv6(work: Unwrapping, rows: Rows) -> None:
    """RFC 4443, with the word that its messages begin with."""
    _message(work, rows, Protocol.ICMPV6)


def igmp(work: Unwrapping, rows: Rows) -> None:
    """RFC 2236 section 2: eight bytes; what newer versions have more is the payload."""
    _enter(work, rows, Protocol.IGMP)
    work.columns["transport_offset"][rows] = work.at[rows]
    _payload(work, work.with_room(rows, 8, Broken.TRANSPORT_TOO_SHORT), 8)


def _message(work: Unwrapping, rows: Rows, protocol: Protocol) -> None:
    _enter(work, rows, protocol)
    rows = work.with_room(rows, 2, Broken.TRANSPORT_TOO_SHORT)
    work.columns["transport_offset"][rows] = work.at[rows]
    work.columns["flags"][rows] = work.read(rows, 2).view(">u2")[:, 0]
    _payload(work, work.with_room(rows, 8, Broken.TRANSPORT_TOO_SHORT), 8)


def _enter(work: Unwrapping, rows: Rows, protocol: Protocol) -> bool:
    """Name the rows' protocol, except of fragments, which are no message of it; true where none is a fragment."""
    parts = is_part(work, rows)
    work.columns["protocol"][work.where(rows, ~parts)] = protocol
    return not parts.any()


def _ports(work: Unwrapping, rows: Rows, width: int) -> tuple[Rows, Numbers]:
    """The ports that headers begin with; returns the rows whose fixed header is there, and that as 16-bit words."""
    whole = work.limit[rows] - work.at[rows] >= width
    if not whole.all():
        cut = work.with_room(work.where(rows, ~whole), 4, Broken.TRANSPORT_TOO_SHORT)
        _set_ports(work, cut, work.read(cut, 4).view(">u2"))
        rows = work.sound(rows, whole, Broken.TRANSPORT_TOO_SHORT)
    words = work.read(rows, width).view(">u2")
    _set_ports(work, rows, words)
    return rows, words


def _set_ports(work: Unwrapping, rows: Rows, words: Numbers) -> None:
    work.columns["transport_offset"][rows] = work.at[rows]
    work.columns["source_port"][rows] = words[:, 0]
    work.columns["destination_port"][rows] = words[:, 1]


def _payload(work: Unwrapping, rows: Rows, header: int | Numbers) -> None:
    """The rows go on behind their header, with what it carries."""
    at = work.at[rows] + header
    work.at[rows] = at
    work.columns["payload_offset"][rows] = at
    work.columns["payload_length"][rows] = np.maximum(work.end[rows] - at, 0)


def _carrying(work: Unwrapping, rows: Rows, whole: bool) -> Rows:
    """Those whose payload, of a whole datagram, was captured at least in part."""
    there: Mask = work.limit[rows] > work.at[rows]
    return work.where(rows, there if whole else there & ~is_part(work, rows))
