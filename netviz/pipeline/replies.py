"""Which datagram asks and which one replies, where the protocol above UDP says so. UDP itself has nothing that ties two.

DNS, DHCP, DHCPv6, SNMP and NTP carry a number that the reply repeats. Knows bytes, no packet table.
"""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from netviz.model.protocols import Protocol
from netviz.wire.dns import question

Tie = Literal["dns-id", "dhcp-xid", "dhcpv6-xid", "snmp-id", "ntp-time", "ports"]
"""What ties a reply to its request; `ports`: nothing does, it only comes next the other way, and is a guess."""

BYTES_READ: Final = 512
"""Payload bytes that are looked at: what ties lies in front."""
_SNMP_PORT: Final = 161
_SNMP_PDUS: Final = range(0xA0, 0xA9)
_SNMP_RESPONSE: Final = 0xA2
_DHCPV6_REPLIES: Final = (2, 7)
_NTP_CLIENT, _NTP_SERVER = 3, 4


class Message(NamedTuple):
    """What a datagram's contents say of its place in an exchange."""

    tie: Tie
    number: bytes | int
    """What request and reply have in common."""

    is_reply: bool
    subject: str = ""
    """The name and type that a DNS message asks for; empty where there is none."""


class Pair(NamedTuple):
    """One datagram's place among the others, all by packet number."""

    tie: Tie
    is_reply: bool
    answers: int | None = None
    """The request that this one replies to."""

    answered: int | None = None
    """The first reply to this one."""

    asked_before: int | None = None
    """The same request, sent earlier: the program asked again, for UDP does not."""


class Heard(NamedTuple):
    """A datagram as pairing takes it."""

    packet: int
    sender: object
    """Who sent it, told apart from who else did."""

    protocol: int
    ports: tuple[int, int]
    payload: bytes


def message_of(protocol: int, ports: tuple[int, int], payload: bytes) -> Message | None:
    """What a datagram says of itself, None where its protocol has no such number or it can not be read."""
    read = _READERS.get(protocol)
    if read is None and _SNMP_PORT in ports:
        read = _snmp
    return read(payload) if read is not None else None


def _dns(payload: bytes) -> Message | None:
    found = question(payload)
    if found is None:
        return None
    subject = f"{found.name} {found.type}" if found.name is not None else ""
    return Message("dns-id", found.id, found.is_response, subject.lower())


def _dhcp(payload: bytes) -> Message | None:
    return Message("dhcp-xid", payload[4:8], payload[0] == 2) if len(payload) >= 8 else None


def _dhcpv6(payload: bytes) -> Message | None:
    return Message("dhcpv6-xid", payload[1:4], payload[0] in _DHCPV6_REPLIES) if len(payload) >= 4 else None


def _ntp(payload: bytes) -> Message | None:
    """A server's origin time is the client's transmit time (RFC 5905 section 8)."""
    mode = payload[0] & 7 if len(payload) >= 48 else None
    if mode == _NTP_CLIENT:
        return Message("ntp-time", payload[40:48], False)
    return Message("ntp-time", payload[24:32], True) if mode == _NTP_SERVER else None


def _snmp(payload: bytes) -> Message | None:
    """Versions 1 and 2c (RFC 1157, RFC 3416): version, community, then a PDU that begins with the request's number."""
    found = _inside(payload, 0, 0x30)
    if found is None:
        return None
    at, _ = found
    for tag in (0x02, 0x04):
        found = _inside(payload, at, tag)
        if found is None:
            return None
        at = sum(found)
    kind = payload[at] if at < len(payload) else 0
    pdu = _inside(payload, at, kind) if kind in _SNMP_PDUS else None
    number = _inside(payload, pdu[0], 0x02) if pdu is not None else None
    if number is None:
        return None
    return Message("snmp-id", payload[number[0] : sum(number)], kind == _SNMP_RESPONSE)


def _inside(payload: bytes, at: int, tag: int) -> tuple[int, int] | None:
    """Where the contents of a BER value begin and how long they are; None where another one, or none, is there."""
    if at + 2 > len(payload) or payload[at] != tag:
        return None
    size, start = payload[at + 1], at + 2
    if size >= 0x80:
        start += size & 0x7F
        size = int.from_bytes(payload[at + 2 : start][:4], "big")
    return (start, size) if start < len(payload) else None


_READERS: Final[dict[int, Callable[[bytes], Message | None]]] = {
    Protocol.DNS: _dns,
    Protocol.DHCP: _dhcp,
    Protocol.DHCPV6: _dhcpv6,
    Protocol.NTP: _ntp,
}


def paired(datagrams: list[Heard]) -> dict[int, Pair]:
    """The places of datagrams that come in the order of the capture, by packet number.

    A reply answers the latest request before it with the same number, from somebody else.
    """
    pairs: dict[int, Pair] = {}
    asked: dict[tuple[Tie, bytes | int], list[tuple[Heard, str]]] = {}
    before: Heard | None = None
    for each in datagrams:
        message = message_of(each.protocol, each.ports, each.payload)
        if message is None:
            _guess(pairs, before, each)
        elif message.is_reply:
            _reply(pairs, asked.get((message.tie, message.number), []), each, message)
        else:
            _request(pairs, asked.setdefault((message.tie, message.number), []), each, message)
        before = each if message is None else None
    return pairs


def _request(pairs: dict[int, Pair], asked: list[tuple[Heard, str]], each: Heard, message: Message) -> None:
    same = [request for request, subject in asked if request.sender == each.sender and subject == message.subject]
    pairs[each.packet] = Pair(message.tie, False, asked_before=same[-1].packet if same else None)
    asked.append((each, message.subject))


def _reply(pairs: dict[int, Pair], asked: list[tuple[Heard, str]], each: Heard, message: Message) -> None:
    found = [
        request
        for request, subject in asked
        if request.sender != each.sender and (not message.subject or subject == message.subject)
    ]
    if not found:
        pairs[each.packet] = Pair(message.tie, True)
        return
    request = found[-1].packet
    pairs[each.packet] = Pair(message.tie, True, answers=request)
    if pairs[request].answered is None:
        pairs[request] = pairs[request]._replace(answered=each.packet)


def _guess(pairs: dict[int, Pair], before: Heard | None, each: Heard) -> None:
    """Nothing in it tells: what comes right after one from the other side is taken for its reply, and said to be a guess."""
    if before is None or before.sender == each.sender or each.protocol == Protocol.QUIC:
        return
    first = pairs.get(before.packet)
    if first is not None and first.is_reply:
        return
    pairs[before.packet] = Pair("ports", False, answered=each.packet)
    pairs[each.packet] = Pair("ports", True, answers=before.packet)
