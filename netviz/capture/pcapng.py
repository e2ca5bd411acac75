"""The walk over a pcapng file: sections, interfaces and packets in blocks. Knows not where the bytes come from.

Packets come from enhanced, simple and obsolete packet blocks, of any number of sections and interfaces in either byte
order. A simple packet block has no time: it is given the time of the packet before it, or zero where there is none.
Custom blocks and those of unknown types are skipped by their length. Specification: draft-ietf-opsawg-pcapng.
"""

import struct
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.capture.pcapng_notes import Clock, Notes, commented
from netviz.capture.walking import BATCH_BYTES, INT32_MAX, cut_short, first_true, gather
from netviz.errors import UnreadableCapture
from netviz.model.frames import Buffer, CaptureInfo, FrameBatch, Interface
from netviz.model.limits import Limits

MAGIC: Final = b"\x0a\x0d\x0d\x0a"
HEAD: Final = 16
"""Bytes of a section header block that tell its byte order and version."""

_SECTION: Final = 0x0A0D0D0A
_INTERFACE, _OBSOLETE, _SIMPLE, _NAMES, _STATISTICS, _ENHANCED, _SECRETS = 1, 2, 3, 4, 5, 6, 10
_TELLING: Final = frozenset((_SECTION, _INTERFACE, _NAMES, _STATISTICS, _SECRETS))
_RARER: Final = frozenset((_OBSOLETE, _SIMPLE))
_SHORTEST: Final = {_SECTION: 28, _INTERFACE: 20}
_ORDERS: Final = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_VERSIONS: Final = ((1, 0), (1, 2))
"""1.2 was written by some programs before the numbering was settled, and means 1.0."""


def section_head(head: bytes) -> tuple[str, tuple[int, int]] | None:
    """Byte order and version from the first 16 bytes of a section header block; None where it is none."""
    order = _ORDERS.get(head[8:12])
    if order is None or head[:4] != MAGIC:
        return None
    major, minor = struct.unpack_from(order + "HH", head, 12)
    return order, (major, minor)


class PcapngWalk:
    """The walk over one pcapng file's blocks; see `walking.Walk`."""

    start = 0

    def __init__(self, head: bytes, info: CaptureInfo, limits: Limits) -> None:
        """Look at the first 16 bytes, which are a section header block's.

        A version that is not known ends the walk at that section, the first one too: what the capture says of itself up
        to there is kept.

        Raises: UnreadableCapture where they are not.
        """
        section = section_head(head)
        if section is None:
            raise UnreadableCapture("not-a-capture", file=info.file, bytes=head[:12].hex(" "))
        info.format = "pcapng"
        self._info = info
        self._limits = limits
        self._notes = Notes(info, limits)
        self._enter_section(section[0])
        self._last_time = 0
        self.ended = False
        self.wanted = HEAD

    def walk(self, data: Buffer, start: int, end: int, most: int) -> tuple[FrameBatch | None, int]:
        """See `walking.Walk.walk`."""
        self.wanted = 8
        offsets, at = self._offsets(data, start, end, most)
        if not offsets:
            return None, at
        blocks = np.fromiter(offsets, np.int64, len(offsets))
        heads = gather(data, blocks, 8, self._order + "u4").astype(np.int64)
        lengths = heads[:, 1]
        sound = self._sound(data, blocks, heads, end)
        words = self._words(data, blocks[:sound], heads[:sound])
        room = lengths[:sound] - np.where(heads[:sound, 0] == _SIMPLE, 16, 32)
        count = first_true((words[:, 3] > room) | (words[:, 0] >= len(self._interfaces)))
        if count < sound:
            self._lies()
        if not count:
            return None, int(blocks[0])
        batch = self._batch(data, blocks[:count], heads[:count], words[:count])
        return batch, at if count == len(blocks) else int(blocks[count - 1] + lengths[count - 1])

    def _enter_section(self, order: str) -> None:
        self._order = order
        self._head = struct.Struct(order + "II").unpack_from
        self._interfaces: list[Interface] = []
        self._clocks: list[Clock] = []
        self._first_interface = len(self._info.interfaces)

    def _lies(self, reason: str = "record-lies") -> None:
        self.ended = True
        cut_short(self._info, reason)

    def _offsets(self, data: Buffer, at: int, end: int, most: int) -> tuple[list[int], int]:
        """Offsets of packet blocks whose first 8 bytes are there, up to a block that tells something; and the end."""
        view = memoryview(data)[: min(end, at + BATCH_BYTES)]
        offsets: list[int] = []
        keep, head = offsets.append, self._head
        try:
            for _ in repeat(None, most):
                kind, length = head(view, at)
                if kind == _ENHANCED or kind in _RARER:
                    keep(at)
                    at += length
                    continue
                # What is told after packets is heard once these packets are known to be sound.
                if offsets and (kind in _TELLING or not self._fits(at, length, end)):
                    break
                size = self._heard(data, at, end)
                if not size:
                    break
                at, head = at + size, self._head
        except struct.error:
            pass
        return offsets, at

    def _fits(self, at: int, length: int, end: int) -> bool:
        return 12 <= length <= self._limits.block_bytes and not length & 3 and at + length <= end

    def _heard(self, data: Buffer, at: int, end: int) -> int:
        """Take in a block that holds no packet; returns its length, or 0 where it lies or is not all there."""
        if bytes(data[at : at + 4]) == MAGIC and not self._next_section(bytes(data[at : min(at + HEAD, end)])):
            return 0
        kind, length = self._head(data, at)
        if not _SHORTEST.get(kind, 12) <= length <= self._limits.block_bytes or length & 3:
            self._lies()
            return 0
        if at + length > end:
            self.wanted = length
            return 0
        if struct.unpack_from(self._order + "I", data, at + length - 4)[0] != length:
            self._lies()
            return 0
        if kind in _TELLING:
            self._told(kind, bytes(data[at + 8 : at + length - 4]))
        return 0 if self.ended else int(length)

    def _next_section(self, head: bytes) -> bool:
        if len(head) < HEAD:
            self.wanted = HEAD
            return False
        section = section_head(head)
        if section is None or section[1] not in _VERSIONS:
            self._lies("unsupported-version" if section else "record-lies")
            return False
        self._enter_section(section[0])
        return True

    def _told(self, kind: int, body: bytes) -> None:
        if kind == _SECTION:
            self._notes.section(body[16:], self._order)
        elif kind == _INTERFACE:
            self._new_interface(body)
        elif kind == _NAMES:
            self._notes.names(body, self._order)
        elif kind == _STATISTICS:
            self._notes.statistics(body, self._order, self._interfaces)
        else:
            self._notes.secrets(body, self._order)

    def _new_interface(self, body: bytes) -> None:
        if len(self._info.interfaces) >= self._limits.interfaces:
            self._info.limit_counter.hit("interfaces")
            self._lies("limit")
            return
        interface, clock = self._notes.interface(body, self._order)
        self._interfaces.append(interface)
        self._clocks.append(clock)

    def _sound(self, data: Buffer, blocks: npt.NDArray[np.int64], heads: npt.NDArray[np.int64], end: int) -> int:
        """How many blocks, from the first, are all there and say the same length at both ends."""
        lengths, stops = heads[:, 1], blocks + heads[:, 1]
        least = np.where(heads[:, 0] == _SIMPLE, 16, 32)
        lies = (lengths < least) | (lengths & 3 != 0) | (lengths > self._limits.block_bytes)
        count = first_true(lies | (stops > end))
        if count:
            ends = gather(data, stops[:count] - 4, 4, self._order + "u4")[:, 0]
            differs = first_true(ends != lengths[:count])
            if differs < count:
                self._lies()
                return differs
        if count < len(blocks):
            self.wanted = int(lengths[count])
            if lies[count]:
                self._lies()
        return count

    def _words(
        self, data: Buffer, blocks: npt.NDArray[np.int64], heads: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Interface, upper and lower half of the time, captured and wire length of each packet block, shape (n, 5)."""
        kinds = heads[:, 0]
        words = np.empty((len(blocks), 5), np.int64)
        simple = kinds == _SIMPLE
        timed = ~simple
        words[timed] = gather(data, blocks[timed], 28, self._order + "u4")[:, 2:] if timed.any() else 0
        obsolete = kinds == _OBSOLETE
        if obsolete.any():
            # The obsolete block counts drops in the second half of what is the interface now.
            both = words[obsolete, 0]
            words[obsolete, 0] = both & 0xFFFF if self._order == "<" else both >> 16
        if simple.any():
            words[simple] = 0
            lengths = gather(data, blocks[simple], 12, self._order + "u4")[:, 2].astype(np.int64)
            snaplen = self._interfaces[0].snaplen if self._interfaces else 0
            kept = np.minimum(lengths, heads[simple, 1] - 16)
            words[simple, 3] = np.minimum(kept, snaplen) if snaplen else kept
            words[simple, 4] = lengths
        return words

    def _batch(
        self, data: Buffer, blocks: npt.NDArray[np.int64], heads: npt.NDArray[np.int64], words: npt.NDArray[np.int64]
    ) -> FrameBatch:
        simple = heads[:, 0] == _SIMPLE
        frames = blocks + np.where(simple, 12, 28)
        interfaces = words[:, 0]
        link_types = np.array([each.link_type for each in self._interfaces], np.uint16)
        return FrameBatch(
            data,
            frames,
            words[:, 3].astype(np.int32),
            np.minimum(words[:, 4], INT32_MAX).astype(np.int32),
            self._times(interfaces, words, simple),
            link_types[interfaces],
            (interfaces + self._first_interface).astype(np.uint16),
            self._comments(data, frames + (words[:, 3] + 3 & ~3), blocks + heads[:, 1] - 4, ~simple),
        )

    def _times(
        self, interfaces: npt.NDArray[np.int64], words: npt.NDArray[np.int64], simple: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        ticks = words[:, 1].astype(np.uint64) << np.uint64(32) | words[:, 2].astype(np.uint64)
        first = int(interfaces[0])
        if (interfaces == first).all():
            times = self._clocks[first].nanoseconds(ticks)
        else:
            times = np.empty(len(ticks), np.int64)
            for number in np.unique(interfaces).tolist():
                chosen = interfaces == number
                times[chosen] = self._clocks[number].nanoseconds(ticks[chosen])
        if simple.any():
            before = np.maximum.accumulate(np.where(simple, -1, np.arange(len(times))))
            times = np.where(before < 0, self._last_time, times[before])
        self._last_time = int(times[-1])
        return times

    def _comments(
        self,
        data: Buffer,
        starts: npt.NDArray[np.int64],
        stops: npt.NDArray[np.int64],
        optioned: npt.NDArray[np.bool_],
    ) -> dict[int, str]:
        rows = np.flatnonzero(optioned & (starts + 4 <= stops))
        if not len(rows):
            return {}
        found: dict[int, str] = {}
        for row in rows[commented(data, starts[rows], stops[rows], self._order)].tolist():
            text = self._notes.packet_comment(bytes(data[starts[row] : stops[row]]), self._order)
            if text:
                found[row] = text
        return found
