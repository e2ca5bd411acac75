"""The walk over a pcap file: a header, then records of a header and a frame. Knows not where the bytes come from.

Read are both byte orders, micro- and nanoseconds, the "modified" format with its longer record headers, the IXIA forms
with a longer file header, and files before version 2.4, whose records have the two lengths in either order.
Specification: draft-ietf-opsawg-pcap.
"""

import struct
from itertools import repeat
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.capture.walking import BATCH_BYTES, INT32_MAX, cut_short, first_true, gather, longest_frame
from netviz.errors import UnreadableCapture
from netviz.model.frames import Buffer, CaptureInfo, FrameBatch, Interface
from netviz.model.limits import Limits

HEADER: Final = 24


class Variant(NamedTuple):
    """What a magic number says of a file."""

    order: str
    """Byte order as `struct` writes it."""

    unit: int
    """Nanoseconds in one step of the fraction of a time."""

    record: int = 16
    """Bytes of a record's header."""

    header: int = HEADER
    """Bytes of the file's header."""


VARIANTS: Final[dict[bytes, Variant]] = {
    b"\xd4\xc3\xb2\xa1": Variant("<", 1000),
    b"\xa1\xb2\xc3\xd4": Variant(">", 1000),
    b"\x4d\x3c\xb2\xa1": Variant("<", 1),
    b"\xa1\xb2\x3c\x4d": Variant(">", 1),
    # Kuznetzov's patch to libpcap: interface index, protocol and packet type follow the lengths.
    b"\x34\xcd\xb2\xa1": Variant("<", 1000, record=24),
    b"\xa1\xb2\xcd\x34": Variant(">", 1000, record=24),
    # IXIA's lcap, hardware and software: the size of all records follows the file's header.
    b"\xac\x01\x00\x1c": Variant("<", 1, header=HEADER + 4),
    b"\x1c\x00\x01\xac": Variant(">", 1, header=HEADER + 4),
    b"\xab\x01\x00\x1c": Variant("<", 1, header=HEADER + 4),
    b"\x1c\x00\x01\xab": Variant(">", 1, header=HEADER + 4),
}
"""First four bytes -> variant."""


class PcapWalk:
    """The walk over one pcap file's records; see `walking.Walk`."""

    def __init__(self, head: bytes, info: CaptureInfo, limits: Limits) -> None:
        """Read the file's header, the first 24 bytes.

        Raises: UnreadableCapture for a version that no program writes.
        """
        variant = VARIANTS[head[:4]]
        major, minor, snaplen, network = struct.unpack_from(variant.order + "HH8xII", head, 4)
        if not (major == 2 and minor <= 4) and (major, minor) != (543, 0):
            raise UnreadableCapture("unsupported-version", file=info.file, version=f"{major}.{minor}")
        # The upper bits tell of a frame check sequence; the lower 16 are the link type.
        self._link_type = network & 0xFFFF
        self._variant = variant
        self._dtype = variant.order + "u4"
        # Before 2.4 some systems wrote the two lengths the other way round; the shorter is what was captured.
        self._either_order = (major, minor) != (2, 4)
        self._lengths = struct.Struct(f"{variant.order}8xII{variant.record - 16}x")
        self._captured = struct.Struct(f"{variant.order}8xI{variant.record - 12}x")
        self._longest = longest_frame(self._link_type, snaplen, limits)
        self._info = info
        info.format = "pcap"
        info.interfaces.append(Interface(self._link_type, snaplen=snaplen))
        self.start = variant.header
        self.ended = False
        self.wanted = variant.record

    def walk(self, data: Buffer, start: int, end: int, most: int) -> tuple[FrameBatch | None, int]:
        """See `walking.Walk.walk`."""
        offsets = self._offsets(memoryview(data)[: min(end, start + BATCH_BYTES)], start, most)
        if not offsets:
            self.wanted = self._variant.record
            return None, start
        at = np.fromiter(offsets, np.int64, len(offsets))
        words = gather(data, at, 16, self._dtype)
        captured, lengths = self._both_lengths(words)
        stops = at + (captured + self._variant.record)
        lies = captured > self._longest
        count = first_true(lies | (stops > end))
        if count < len(at):
            self._stopped(bool(lies[count]), int(stops[count] - at[count]))
        if not count:
            return None, start
        batch = self._batch(data, at[:count], words[:count], captured[:count], lengths[:count])
        return batch, int(stops[count - 1])

    def _offsets(self, view: memoryview, at: int, most: int) -> list[int]:
        """Offsets of record headers, each whole in the view. What they say is judged afterwards, all at once."""
        offsets: list[int] = []
        keep, record = offsets.append, self._variant.record
        try:
            if self._either_order:
                both = self._lengths.unpack_from
                for _ in repeat(None, most):
                    keep(at)
                    at += record + min(both(view, at))
            else:
                captured = self._captured.unpack_from
                for _ in repeat(None, most):
                    keep(at)
                    at += record + captured(view, at)[0]
        except struct.error:
            offsets.pop()
        return offsets

    def _both_lengths(self, words: npt.NDArray[Any]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        captured, lengths = words[:, 2].astype(np.int64), words[:, 3].astype(np.int64)
        if self._either_order:
            return np.minimum(captured, lengths), np.maximum(captured, lengths)
        return captured, lengths

    def _stopped(self, lies: bool, wanted: int) -> None:
        self.wanted = wanted
        if lies:
            self.ended = True
            cut_short(self._info, "record-lies")

    def _batch(
        self,
        data: Buffer,
        at: npt.NDArray[np.int64],
        words: npt.NDArray[Any],
        captured: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
    ) -> FrameBatch:
        count = len(at)
        return FrameBatch(
            data,
            at + self._variant.record,
            captured.astype(np.int32),
            np.minimum(lengths, INT32_MAX).astype(np.int32),
            words[:, 0].astype(np.int64) * 1_000_000_000 + words[:, 1].astype(np.int64) * self._variant.unit,
            np.full(count, self._link_type, np.uint16),
            np.zeros(count, np.uint16),
        )
