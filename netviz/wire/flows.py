"""Which packets belong together: a number for each 5-tuple, in order of appearance, and which side sent each packet.

Keys are compared exactly, never by a hash of them alone. Knows no TCP state: a 4-tuple used again is the same flow.
"""

from collections.abc import Container
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.endpoint import Endpoint, address_text
from netviz.model.frames import FrameBatch
from netviz.model.packets import Columns
from netviz.model.protocols import Broken, Fragment
from netviz.wire.gather import ByteReader

_WITH_PORTS: Final = np.isin(np.arange(256), (6, 17, 33, 132))
_NO_IP: Final = 255
_NETWORK_BROKEN: Final = (Broken.NETWORK_TOO_SHORT, Broken.NETWORK_BAD_VERSION, Broken.NETWORK_BAD_LENGTH)

Words = npt.NDArray[np.uint64]


class _Keys(NamedTuple):
    """The flows of some packets of one IP version, as numbers that two packets share exactly if they share the flow."""

    rows: npt.NDArray[np.int64]
    words: tuple[Words, ...]
    """Three or five, of shape (k,): lower endpoint, upper endpoint, protocol (_ipv4_keys, _ipv6_keys)."""
    swapped: npt.NDArray[np.bool_]
    """Whether the sender is the upper endpoint."""


class FlowTable:
    """All flows of a capture. A flow is two endpoints and an IP protocol; without ports (ICMP and others) they are 0.

    No flow have packets without a readable IP header, without the whole fixed header of a protocol that has ports, and
    fragments, except the one that makes its datagram complete: the datagram counts there, once.
    """

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._keys: list[bytes] = []
        self._first_rows: list[int] = []
        self._first_swapped = np.zeros(64, np.bool_)
        self._rows = 0

    def __len__(self) -> int:
        return len(self._keys)

    def assign(
        self, batch: FrameBatch, columns: Columns, reassembled: Container[int]
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int8]]:
        """Flow number and side of each packet of the next batch, both of shape (n,); -1 and 0 where there is no flow.

        `reassembled` names the rows, counted from the first packet of the capture, at which a datagram became complete.
        """
        count = len(batch)
        flows, sides = np.full(count, -1, np.int32), np.zeros(count, np.int8)
        eligible = self._eligible(columns, reassembled)
        groups = [keys for keys in (_ipv4_keys(batch, columns, eligible), _ipv6_keys(batch, columns, eligible)) if keys]
        distinct = [_distinct(keys.words) for keys in groups]
        numbers = self._number(groups, [firsts for firsts, _ in distinct])
        for keys, (_, group_of), number in zip(groups, distinct, numbers, strict=True):
            flow = number[group_of]
            flows[keys.rows] = flow
            sides[keys.rows] = keys.swapped ^ self._first_swapped[flow]
        self._rows += count
        return flows, sides

    def endpoints(self, flow: int) -> tuple[Endpoint, Endpoint]:
        """Side 0, which sent the flow's first packet, and side 1."""
        key = self._keys[flow]
        width = 4 if len(key) == _IPV4_KEY else 16
        middle = width + 2
        lower = Endpoint(address_text(key[:width]), int.from_bytes(key[width:middle]))
        upper = Endpoint(address_text(key[middle : middle + width]), int.from_bytes(key[middle + width : 2 * middle]))
        return (upper, lower) if self._first_swapped.item(flow) else (lower, upper)

    def find(self, source: bytes, destination: bytes, ip_protocol: int) -> tuple[int, int] | None:
        """The flow of a packet and the side that sends it, by its ends: address and port as they stand in the headers.

        None where no packet of the capture has made that flow.
        """
        lower, upper = min(source, destination), max(source, destination)
        flow = self._numbers.get(lower + upper + bytes((ip_protocol,)))
        if flow is None:
            return None
        return flow, int((source > destination) ^ bool(self._first_swapped.item(flow)))

    def ip_protocol(self, flow: int) -> int:
        """The IP protocol number of a flow."""
        return self._keys[flow][-1]

    def count(self, ip_protocol: int) -> int:
        """How many flows are of an IP protocol."""
        return sum(key[-1] == ip_protocol for key in self._keys)

    def first_row(self, flow: int) -> int:
        """The row of the flow's first packet."""
        return self._first_rows[flow]

    def _eligible(self, columns: Columns, reassembled: Container[int]) -> npt.NDArray[np.bool_]:
        ip_protocol: npt.NDArray[Any] = columns["ip_protocol"]
        payload_offset: npt.NDArray[Any] = columns["payload_offset"]
        eligible: npt.NDArray[np.bool_] = (ip_protocol != _NO_IP) & (~_WITH_PORTS[ip_protocol] | (payload_offset >= 0))
        if columns["broken"].any():
            eligible &= ~np.isin(columns["broken"], _NETWORK_BROKEN)
        for row in np.flatnonzero(columns["fragment"] != Fragment.WHOLE).tolist():
            eligible[row] &= self._rows + row in reassembled
        return eligible

    def _number(self, groups: list[_Keys], firsts: list[npt.NDArray[np.int64]]) -> list[npt.NDArray[np.int32]]:
        """The flow number of each distinct key; keys not met before are numbered by their first packet."""
        found, new = [], []
        for index, (keys, first) in enumerate(zip(groups, firsts, strict=True)):
            texts = _key_bytes(np.stack([word[first] for word in keys.words]))
            found.append(np.array([self._numbers.get(text, -1) for text in texts], np.int32))
            for place in np.flatnonzero(found[-1] < 0).tolist():
                row = int(first[place])
                new.append((int(keys.rows[row]), index, place, texts[place], bool(keys.swapped[row])))
        for row, index, place, text, swapped in sorted(new):
            # The same key may be here twice (see _distinct): only its first packet makes the flow.
            known = self._numbers.get(text)
            found[index][place] = self._add(text, self._rows + row, swapped) if known is None else known
        return found

    def _add(self, key: bytes, first_row: int, swapped: bool) -> int:
        flow = len(self._keys)
        self._numbers[key] = flow
        self._keys.append(key)
        self._first_rows.append(first_row)
        if flow >= len(self._first_swapped):
            self._first_swapped = np.concatenate((self._first_swapped, np.zeros_like(self._first_swapped)))
        self._first_swapped[flow] = swapped
        return flow


def _ipv4_keys(batch: FrameBatch, columns: Columns, eligible: npt.NDArray[np.bool_]) -> _Keys | None:
    rows = _rows_of(columns, eligible, 0x0800)
    if not len(rows):
        return None
    addresses = _addresses(batch, columns, rows, 12, 8).view(">u4").astype(np.uint64)
    ports = _ports(columns, rows)
    source, destination = addresses[:, 0] << np.uint64(16) | ports[0], addresses[:, 1] << np.uint64(16) | ports[1]
    words = np.minimum(source, destination), np.maximum(source, destination), _protocols(columns, rows)
    return _Keys(rows, words, source > destination)


def _ipv6_keys(batch: FrameBatch, columns: Columns, eligible: npt.NDArray[np.bool_]) -> _Keys | None:
    rows = _rows_of(columns, eligible, 0x86DD)
    if not len(rows):
        return None
    address = _addresses(batch, columns, rows, 8, 32).view(">u8").astype(np.uint64).T
    ports = _ports(columns, rows)
    source, destination = (address[0], address[1], ports[0]), (address[2], address[3], ports[1])
    swapped = _above(source, destination)
    lower = [np.where(swapped, there, here) for here, there in zip(source, destination, strict=True)]
    upper = [np.where(swapped, here, there) for here, there in zip(source, destination, strict=True)]
    both_ports = lower[2] << np.uint64(16) | upper[2]
    last = both_ports << np.uint64(8) | _protocols(columns, rows)
    return _Keys(rows, (lower[0], lower[1], upper[0], upper[1], last), swapped)


def _rows_of(columns: Columns, eligible: npt.NDArray[np.bool_], ethertype: int) -> npt.NDArray[np.int64]:
    return np.flatnonzero(eligible & (columns["ethertype"] == ethertype) & (columns["network_offset"] != -1))


def _addresses(
    batch: FrameBatch, columns: Columns, rows: npt.NDArray[np.int64], skip: int, width: int
) -> npt.NDArray[np.uint8]:
    network: npt.NDArray[Any] = columns["network_offset"][rows]
    return ByteReader(batch.buffer).take(batch.offsets[rows] + network + skip, width)


def _ports(columns: Columns, rows: npt.NDArray[np.int64]) -> tuple[Words, Words]:
    return columns["source_port"][rows].astype(np.uint64), columns["destination_port"][rows].astype(np.uint64)


def _protocols(columns: Columns, rows: npt.NDArray[np.int64]) -> Words:
    return columns["ip_protocol"][rows].astype(np.uint64)


def _above(one: tuple[Words, ...], other: tuple[Words, ...]) -> npt.NDArray[np.bool_]:
    """Whether `one` is greater than `other`, the first word counting most."""
    above = np.zeros(len(one[0]), np.bool_)
    for here, there in zip(reversed(one), reversed(other), strict=True):
        above = np.where(here == there, above, here > there)
    return above


_MIXERS: Final = tuple(
    np.uint64(odd)
    for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD)
)


def _distinct(words: tuple[Words, ...]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First packet of each group of equal keys, and the number of the group that each packet is in.

    Equal keys come together by sorting 16 bits mixed from their words, which is fast; where keys share those bits, one
    may have several groups.
    """
    mix = np.zeros(len(words[0]), np.uint64)
    for word, mixer in zip(words, _MIXERS, strict=False):
        mix = (mix ^ word) * mixer
        mix ^= mix >> np.uint64(29)
    order = np.argsort((mix >> np.uint64(48)).astype(np.uint16), kind="stable")
    begins = np.ones(len(order), np.bool_)
    begins[1:] = False
    for word in words:
        ordered = word[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    group_of = np.empty(len(order), np.int64)
    group_of[order] = np.cumsum(begins) - 1
    return order[begins], group_of


_IPV4_KEY: Final = 13
_IPV4_KEY_BYTES: Final = (*range(2, 8), *range(10, 16), 23)
_IPV6_KEY_BYTES: Final = (*range(16), 35, 36, *range(16, 32), 37, 38, 39)
"""Which bytes of the words make the exact key: lower address and port, upper address and port, protocol."""


def _key_bytes(words: Words) -> list[bytes]:
    """The keys, one a column of shape (3 or 5, k), as bytes: equal where the flows are."""
    chosen = _IPV4_KEY_BYTES if len(words) == 3 else _IPV6_KEY_BYTES
    table = words.T.astype(">u8", order="C").view(np.uint8)[:, chosen]
    width = len(chosen)
    text = table.tobytes()
    return [text[start : start + width] for start in range(0, len(text), width)]
