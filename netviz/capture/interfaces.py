"""This machine's interfaces: names, addresses, state, link type, and why one can not be used. Knows no frames."""

import difflib
import ipaddress
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_SYSTEM: Final = Path("/sys/class/net")
_LINK_TYPE_OF_HARDWARE: Final = {1: 1, 772: 1, 65534: 101, 801: 105, 803: 127, 512: 9, 776: 101, 768: 101, 778: 101}
"""ARPHRD_ number (Linux if_arp.h) -> LINKTYPE_."""

_UP: Final = 1
_RTM_NEWADDR, _RTM_GETADDR, _DONE = 20, 22, 3
_REQUEST_DUMP: Final = 0x301
_IFA_ADDRESS, _IFA_LOCAL = 1, 2


@dataclass(slots=True)
class Found:
    """One interface as the system describes it."""

    name: str
    link_type: int
    up: bool
    carrier: bool
    """Something is connected to it."""

    loopback: bool
    hardware_address: str = ""
    addresses: list[str] = field(default_factory=list)
    received: int = 0
    """Packets since the interface was made, both ways."""

    sent: int = 0
    why_not: str = ""
    """Key of the reason why it can not be used, under `interfaces.why` in `explain/`; empty where it can."""


def interface_names() -> list[str]:
    """Names of this machine's interfaces."""
    return [name for _, name in socket.if_nameindex()]


def link_type_of(interface: str) -> int:
    """LINKTYPE_ of frames from an interface; Ethernet where the system does not say."""
    hardware = _number(interface, "type")
    return _LINK_TYPE_OF_HARDWARE.get(1 if hardware is None else hardware, 1)


def nearest(name: str, known: list[str]) -> list[str]:
    """The names, those that are written most like `name` first."""
    return sorted(known, key=lambda each: -difflib.SequenceMatcher(None, name.lower(), each.lower()).ratio())


def interfaces() -> list[Found]:
    """All interfaces of this machine: those that are up and have an address first."""
    addresses = _addresses()
    found = [_described(index, name, addresses.get(index, [])) for index, name in socket.if_nameindex()]
    return sorted(found, key=lambda each: (not each.up, each.loopback, not each.addresses))


def traffic(interface: str) -> tuple[int, int]:
    """Packets received and sent by an interface so far; (0, 0) where the system does not say."""
    return (
        _number(interface, "statistics/rx_packets") or 0,
        _number(interface, "statistics/tx_packets") or 0,
    )


def _described(index: int, name: str, addresses: list[str]) -> Found:
    flags = _number(name, "flags", 16) or 0
    hardware = _number(name, "type")
    received, sent = traffic(name)
    found = Found(
        name, link_type_of(name), bool(flags & _UP), _number(name, "carrier") == 1, hardware == 772,
        _text(name, "address"), addresses, received, sent,
    )  # fmt: skip
    if not found.up:
        found.why_not = "down"
    elif not found.carrier and not found.loopback:
        found.why_not = "no-carrier"
    return found


def _text(interface: str, name: str) -> str:
    try:
        return (_SYSTEM / interface / name).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _number(interface: str, name: str, base: int = 10) -> int | None:
    try:
        return int(_text(interface, name), base)
    except ValueError:
        return None


def _addresses() -> dict[int, list[str]]:
    """Interface's index -> its addresses, asked of the kernel (rtnetlink(7)); empty where it does not tell."""
    found: dict[int, list[str]] = {}
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as asking:
            asking.settimeout(1)
            asking.send(struct.pack("=IHHII", 24, _RTM_GETADDR, _REQUEST_DUMP, 1, 0) + bytes(8))
            while True:
                answer = asking.recv(1 << 16)
                for kind, body in _messages(answer):
                    if kind == _DONE:
                        return found
                    if kind == _RTM_NEWADDR:
                        _add_address(body, found)
    except (OSError, AttributeError, struct.error):
        return found


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("=IH", data, at)
        if length < 16:
            return
        yield kind, data[at + 16 : at + length]
        at += length + -length % 4


def _add_address(body: bytes, found: dict[int, list[str]]) -> None:
    _, prefix, _, _, index = struct.unpack_from("=BBBBI", body)
    at, known = 8, {}
    while at + 4 <= len(body):
        length, kind = struct.unpack_from("=HH", body, at)
        if length < 4:
            break
        known[kind] = body[at + 4 : at + length]
        at += length + -length % 4
    address = known.get(_IFA_LOCAL) or known.get(_IFA_ADDRESS)
    if address:
        found.setdefault(index, []).append(f"{ipaddress.ip_address(address)}/{prefix}")
