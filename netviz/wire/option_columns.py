"""SACK blocks and timestamps of many TCP segments at once, as numpy arrays. `options` reads one segment's in full.

The option lists are walked side by side: one step takes one option of every segment that has more.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable
from netviz.wire.gather import ByteReader

_FIXED: Final = 20
_MOST_BYTES: Final = 40
_END, _NO_OPERATION, _WINDOW_SCALE, _SACK, _TIMESTAMPS = 0, 1, 3, 5, 8
_LARGEST_SHIFT: Final = 14

Integers = npt.NDArray[np.int64]
_Bytes = npt.NDArray[np.uint8]


class OptionColumns(NamedTuple):
    """What the options of n segments say, of those two kinds that stand in ordinary segments."""

    timestamp: Integers
    """Shape (n,): the sender's clock (RFC 7323 section 3.2), -1 where there is none."""

    echo: Integers
    """Shape (n,): the echo of the other's clock, -1 where there is none."""

    sack: Integers
    """Shape (m, 3): index of the segment, left and right edge of a block (absolute numbers, RFC 2018), in order."""


def window_scales(packets: PacketTable, rows: Integers) -> Integers:
    """The shift that each SYN in `rows` (shape (n,)) offers for its sender's windows, -1 where it offers none; more than
    14 count as 14 (RFC 7323 section 2.3)."""
    found = np.full(len(rows), -1, np.int64)
    if not len(rows):
        return found
    raw, sizes = _option_bytes(packets, rows)
    at = np.zeros(len(rows), np.int64)
    going = np.flatnonzero(sizes > 0)
    while len(going):
        kind, length, going = _next(raw, sizes, at, going)
        scaled = going[(kind == _WINDOW_SCALE) & (length == 3)]
        found[scaled] = np.minimum(raw[scaled, at[scaled] + 2], _LARGEST_SHIFT)
        at[going] += length
        going = going[at[going] < sizes[going]]
    return found


def option_columns(packets: PacketTable, rows: Integers) -> OptionColumns:
    """Read the options of the TCP segments in `rows` (shape (n,)), as far as captured. Any bytes are taken."""
    raw, sizes = _option_bytes(packets, rows)
    timestamp, echo = np.full(len(rows), -1, np.int64), np.full(len(rows), -1, np.int64)
    blocks: list[Integers] = []
    at = np.zeros(len(rows), np.int64)
    going = np.flatnonzero(sizes > 0)
    while len(going):
        kind, length, going = _next(raw, sizes, at, going)
        times = going[(kind == _TIMESTAMPS) & (length == 10)]
        timestamp[times], echo[times] = _number(raw, times, at[times] + 2), _number(raw, times, at[times] + 6)
        is_sack = (kind == _SACK) & (length > 2) & (length % 8 == 2)
        for block in range(4):
            edges = going[is_sack & (length >= 10 + 8 * block)]
            place = at[edges] + 2 + 8 * block
            blocks.append(np.stack((edges, _number(raw, edges, place), _number(raw, edges, place + 4)), 1))
        at[going] += length
        going = going[at[going] < sizes[going]]
    found = np.concatenate(blocks) if blocks else np.empty((0, 3), np.int64)
    return OptionColumns(timestamp, echo, found[np.argsort(found[:, 0], kind="stable")])


def _next(raw: _Bytes, sizes: Integers, at: Integers, going: Integers) -> tuple[Integers, Integers, Integers]:
    """Kind and length of the option that each list is at; lists that end or lie here are left out."""
    kind = raw[going, at[going]].astype(np.int64)
    length = np.where(kind == _NO_OPERATION, 1, raw[going, np.minimum(at[going] + 1, _MOST_BYTES)].astype(np.int64))
    sound = (kind != _END) & ((kind == _NO_OPERATION) | (length >= 2)) & (at[going] + length <= sizes[going])
    return kind[sound], length[sound], going[sound]


def _number(raw: _Bytes, rows: Integers, at: Integers) -> Integers:
    """Four bytes of each row, the most significant first."""
    taken = raw[rows[:, None], at[:, None] + np.arange(4)]
    return np.ascontiguousarray(taken).view(">u4")[:, 0].astype(np.int64)


def _option_bytes(packets: PacketTable, rows: Integers) -> tuple[_Bytes, Integers]:
    """Shape (n, 41): the option bytes of each row, padded with zeros, and how many they are."""
    start = packets["transport_offset"][rows].astype(np.int64) + _FIXED
    sizes = np.clip(np.minimum(packets["payload_offset"][rows], packets["captured"][rows]) - start, 0, _MOST_BYTES)
    raw = np.zeros((len(rows), _MOST_BYTES + 1), np.uint8)
    whole = (
        [index for index, row in enumerate(rows.tolist()) if row in packets.reassembled] if packets.reassembled else []
    )
    sizes[whole] = 0
    buffers = packets["buffer"][rows]
    for buffer in np.unique(buffers[sizes > 0]).tolist():
        mine = np.flatnonzero((buffers == buffer) & (sizes > 0))
        places = packets["offset"][rows[mine]] + start[mine]
        raw[mine, :_MOST_BYTES] = ByteReader(packets.buffers[buffer]).window(places, sizes[mine], _MOST_BYTES)
    for index in whole:
        row = int(rows[index])
        found = packets.reassembled[row][int(start[index]) : packets.value("payload_offset", row)][:_MOST_BYTES]
        raw[index, : len(found)] = np.frombuffer(found, np.uint8)
        sizes[index] = len(found)
    return raw, sizes.astype(np.int64)
