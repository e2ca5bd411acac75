"""A batch of raw frames as a capture delivers them, and what is known of the capture. Knows no protocol.

The same shape comes from a file, a pipe, a replay and a live interface, so nothing behind it can tell them apart.
"""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from netviz.model.limits import LimitCounter
from netviz.model.live import LiveState

Buffer: TypeAlias = bytes | mmap.mmap | memoryview
"""Bytes that stay where they are for as long as a frame in them may be looked at."""


@dataclass(frozen=True, slots=True)
class FrameBatch:
    """Frames in the order of the capture. Arrays have shape (n,); a frame is buffer[offset : offset + captured]."""

    buffer: Buffer
    """Holds every frame of this batch; frames are never copied out of it."""

    offsets: npt.NDArray[np.int64]
    """Byte offset of each frame in `buffer`."""

    captured: npt.NDArray[np.int32]
    """Bytes captured of each frame; offset + captured never passes the end of `buffer`."""

    lengths: npt.NDArray[np.int32]
    """Bytes each frame had on the wire, as the capture claims."""

    times: npt.NDArray[np.int64]
    """Nanoseconds since the Unix epoch."""

    link_types: npt.NDArray[np.uint16]
    """LINKTYPE_ number of each frame (1 Ethernet, 113 Linux cooked, 101 raw IP ...)."""

    interfaces: npt.NDArray[np.uint16]
    """Index into `CaptureInfo.interfaces`."""

    comments: dict[int, str] = field(default_factory=dict)
    """Packet comments: index in this batch -> text as it was written (not yet safe)."""

    def __len__(self) -> int:
        return len(self.offsets)

    def frame(self, index: int) -> bytes:
        """Copy of the captured bytes of one frame."""
        start = int(self.offsets[index])
        return bytes(self.buffer[start : start + int(self.captured[index])])

    def part(self, start: int, stop: int) -> "FrameBatch":
        """The frames start..stop as a batch of their own over the same buffer."""
        comments = {index - start: text for index, text in self.comments.items() if start <= index < stop}
        return FrameBatch(
            self.buffer,
            self.offsets[start:stop],
            self.captured[start:stop],
            self.lengths[start:stop],
            self.times[start:stop],
            self.link_types[start:stop],
            self.interfaces[start:stop],
            comments,
        )


LIVE: Final = "live"
"""`CaptureInfo.format` of what comes from an interface."""


@dataclass(slots=True)
class Interface:
    """One interface of a capture as its header describes it. Texts are as written: not yet safe."""

    link_type: int
    name: str = ""
    description: str = ""
    snaplen: int = 0
    """Longest part of a frame that was kept; 0 is no limit."""

    received: int | None = None
    """Packets the interface received, where the capture says so."""

    dropped: int | None = None
    """Packets the kernel dropped, where the capture says so."""


@dataclass(slots=True)
class CaptureInfo:
    """What is known of a capture; grows while it is read."""

    file: str
    """Name as the user gave it; `-` for a pipe, the interface's name when live."""

    format: str = ""
    """`pcap` or `pcapng`, or LIVE; empty until the first bytes are read."""

    compression: str = ""
    """`gzip`, `zstd` or empty."""

    interfaces: list[Interface] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    """Comments on the capture or its sections, as written."""

    names: dict[str, str] = field(default_factory=dict)
    """Address -> name, from name resolution blocks in the capture. Nothing is ever looked up."""

    secrets: list[tuple[int, bytes]] = field(default_factory=list)
    """Decryption secrets blocks: (type, content). 0x544c534b is a TLS key log."""

    cut_short: bool = False
    """The capture ends in the middle of a record, or a record lies about its length: what came before was read."""

    cut_reason: str = ""
    """Key of the reason in `explain/`: `record-cut`, `record-lies`, `compression-cut`, `unsupported-version`, `limit`,
    `no-space`."""

    limit_counter: LimitCounter = field(default_factory=LimitCounter)
    """Bounds that were hit while the capture was read."""

    size: int | None = None
    """Bytes of the file as stored, None where it is a pipe or live."""

    position: int = 0
    """Bytes of `size` read so far, for progress."""

    live: LiveState | None = None
    """The gauges, where frames come from an interface or a pipe."""


class Source(Protocol):
    """Where frames come from. A file, a pipe and an interface look the same from here."""

    info: CaptureInfo

    def batches(self) -> Iterator[FrameBatch]:
        """Frames in batches, in order; ends when the capture does. The first batch is small, for a quick first look.

        Raises: UnreadableCapture where nothing at all can be read.
        """
        ...

    def close(self) -> None:
        """Give back what the source holds open. Buffers of batches already delivered stay readable."""
        ...
