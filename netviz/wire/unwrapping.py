"""Where each packet of a batch stands while its headers are taken off, one after the other. Knows no header's format.

All rows that are at the same kind of header are a step of the same round: each header is read once for many packets.
What a packet's columns become depends on its own bytes only, never on the packets beside it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

import numpy as np
import numpy.typing as npt

from netviz.model.frames import Buffer
from netviz.model.limits import DEFAULT_LIMITS
from netviz.model.packets import DECODED_COLUMNS
from netviz.model.protocols import Broken
from netviz.wire.gather import ByteReader, Bytes2D

Rows = slice | npt.NDArray[np.int64]
"""Which rows of the batch: row numbers, ascending, or `ALL`, which numpy reads and writes without an index array."""

ALL = slice(None)

Numbers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


class Step(Enum):
    """The header that a packet is at."""

    ETHERNET = auto()
    COOKED = auto()
    COOKED_2 = auto()
    LOOPBACK = auto()
    RAW_IP = auto()
    PPP = auto()
    TAG = auto()
    MPLS = auto()
    PPPOE = auto()
    LLC = auto()
    ARP = auto()
    IPV4 = auto()
    IPV6 = auto()
    IPV6_EXTENSION = auto()
    IPV6_FRAGMENT = auto()
    AUTHENTICATION = auto()
    GRE = auto()
    VXLAN = auto()
    TCP = auto()
    UDP = auto()
    SCTP = auto()
    DCCP = auto()
    ICMP = auto()
    ICMPV6 = auto()
    IGMP = auto()


_UNSET = {"network_offset": -1, "transport_offset": -1, "payload_offset": -1, "ip_protocol": 255}
_TRANSPORT_COLUMNS = ("transport_offset", "payload_offset", "payload_length", "source_port", "destination_port")


def _joined(groups: list[Rows]) -> Rows:
    # A packet is at one step at a time: beside ALL there is no other group.
    arrays = [rows for rows in groups if not isinstance(rows, slice)]
    return np.sort(np.concatenate(arrays)) if len(arrays) > 1 else groups[0]


class Unwrapping:
    """A batch of packets on the way through their headers. Arrays: shape (n,); positions: from the frame's start."""

    def __init__(
        self, buffer: Buffer, offsets: npt.NDArray[np.int64], captured: npt.NDArray[np.int32], lengths: Numbers
    ) -> None:
        count = len(offsets)
        self.reader = ByteReader(buffer)
        self.offsets = offsets
        self.at = np.zeros(count, np.int32)
        """Where the header begins that the packet is at."""
        self.limit = captured.copy()
        """First byte that may not be read: the end of what was captured, or earlier where a header says so."""
        self.end = np.maximum(captured, lengths)
        """Where the packet ends on the wire, by its innermost header; may pass what was captured."""
        self.columns: dict[str, Numbers] = {
            name: np.full(count, _UNSET.get(name, 0), dtype) for name, dtype in DECODED_COLUMNS.items()
        }
        self.tunnels = True
        """Whether to go on into the packets that packets carry."""
        self._carried = False
        self._next: defaultdict[Step, list[Rows]] = defaultdict(list)

    def run(self, steps: Mapping[Step, Callable[["Unwrapping", Rows], None]]) -> None:
        """Take headers off until no packet has one left, or has had more than are followed."""
        for _ in range(DEFAULT_LIMITS.nested_headers):
            if not self._next:
                return
            now, self._next = self._next, defaultdict(list)
            for step, groups in now.items():
                steps[step](self, _joined(groups))
        for groups in self._next.values():
            for rows in groups:
                self.columns["broken"][rows] = Broken.TOO_DEEP

    def then(self, step: Step, rows: Rows) -> None:
        """The next header of these rows is a `step`."""
        if self.size(rows):
            self._next[step].append(rows)

    def size(self, rows: Rows) -> int:
        """How many rows."""
        return len(self.offsets) if isinstance(rows, slice) else len(rows)

    def where(self, rows: Rows, mask: Mask) -> Rows:
        """Those of the rows at which the mask, of shape (size(rows),), is true."""
        if mask.all():
            return rows
        return np.flatnonzero(mask) if isinstance(rows, slice) else rows[mask]

    def read(self, rows: Rows, width: int, skip: int = 0) -> Bytes2D:
        """Shape (size(rows), width): bytes from `skip` bytes behind where the rows are; they must be there."""
        return self.reader.take(self.offsets[rows] + (self.at[rows] + skip), width)

    def with_room(self, rows: Rows, width: int | Numbers, broken: Broken) -> Rows:
        """The rows that have `width` bytes left to read; the others stop here, `broken`."""
        return self.sound(rows, self.limit[rows] - self.at[rows] >= width, broken)

    def sound(self, rows: Rows, good: Mask, broken: Broken) -> Rows:
        """The rows where `good` is true; the others stop here, `broken`."""
        if good.all():
            return rows
        self.columns["broken"][self.where(rows, ~good)] = broken
        return self.where(rows, good)

    def choose(self, rows: Rows, keys: Numbers, steps: Mapping[int, Step]) -> Rows:
        """Queue each row for the step that its key names; returns the rows whose key names none."""
        left = np.ones(len(keys), np.bool_)
        for key, step in steps.items():
            found = keys == key
            if found.any():
                self.then(step, self.where(rows, found))
                left &= ~found
                if not left.any():
                    break
        return self.where(rows, left)

    def shorten(self, rows: Rows, end: Numbers) -> None:
        """A header of these rows says where the packet ends: nothing behind it is the packet's (padding is not)."""
        self.end[rows] = end
        self.limit[rows] = np.minimum(self.limit[rows], end)

    def announce(self, rows: Rows, ethertype: int, protocol: int) -> None:
        """The header before says that a network header begins here; whether it can be read is not known yet."""
        if self._carried:
            rows = self.where(rows, self.outermost(rows))
        self.columns["ethertype"][rows] = ethertype
        self.columns["protocol"][rows] = protocol

    def outermost(self, rows: Rows) -> Mask:
        """Which rows have had no network header yet. Shape (size(rows),)."""
        found: Mask = self.columns["network_offset"][rows] < 0
        return found

    def enter_network(self, rows: Rows, ethertype: int, protocol: int) -> None:
        """A network header is where these rows are: what an outer packet had as transport is no longer theirs."""
        columns = self.columns
        columns["network_offset"][rows] = self.at[rows]
        if self._carried:
            columns["ethertype"][rows] = ethertype
            columns["protocol"][rows] = protocol
            for name in _TRANSPORT_COLUMNS:
                columns[name][rows] = _UNSET.get(name, 0)
            columns["ip_protocol"][rows] = _UNSET["ip_protocol"]

    def carry(self, rows: Rows, step: Step) -> None:
        """These packets carry another packet, which begins with `step`."""
        if self.tunnels:
            self._carried = True
            self.then(step, rows)
