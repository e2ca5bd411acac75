"""Builders of capture files, variant by variant, and what was put into them."""

import contextlib
import os
import struct
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest

from netviz.capture.opening import open_capture
from netviz.capture.pipe import PipeSource
from netviz.model.frames import CaptureInfo, Source
from netviz.model.limits import DEFAULT_LIMITS, Limits

MAGICS = {"microseconds": 0xA1B2C3D4, "nanoseconds": 0xA1B23C4D, "modified": 0xA1B2CD34, "ixia": 0x1C0001AC}


class Packet(NamedTuple):
    """One frame as a test puts it in and as it comes out of a batch."""

    data: bytes
    time: int = 0
    length: int = 0
    link_type: int = 1
    interface: int = 0
    comment: str = ""


@dataclass
class Reading:
    """All that came out of a source."""

    info: CaptureInfo
    packets: list[Packet] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    """Frames of each batch."""


def options(order: str, *pairs: tuple[int, bytes]) -> bytes:
    parts = [struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4) for code, value in pairs]
    return b"".join([*parts, bytes(4)]) if parts else b""


class Pcap:
    """Bytes of a pcap file."""

    def __init__(self, order: str = "<", kind: str = "microseconds", link_type: int = 1, snaplen: int = 65535,
                 version: tuple[int, int] = (2, 4)) -> None:  # fmt: skip
        self.order, self.kind = order, kind
        self.data = struct.pack(order + "IHHiIII", MAGICS[kind], *version, 0, 0, snaplen, link_type)
        if kind == "ixia":
            self.data += bytes(4)
        self.ends = [len(self.data)]
        """Where the header and each record end."""

    def add(self, data: bytes, time: int = 0, length: int | None = None, captured: int | None = None) -> "Pcap":
        unit = 1 if self.kind in ("nanoseconds", "ixia") else 1000
        lengths = (len(data) if captured is None else captured, len(data) if length is None else length)
        self.data += struct.pack(self.order + "IIII", time // 10**9, time % 10**9 // unit, *lengths)
        self.data += (bytes(8) if self.kind == "modified" else b"") + data
        self.ends.append(len(self.data))
        return self


class Pcapng:
    """Bytes of a pcapng file."""

    def __init__(self, order: str = "<", **section: object) -> None:
        self.order = order
        self.data = b""
        self.ends: list[int] = []
        """Where each block that holds a packet ends."""
        self.section(order, **section)  # type: ignore[arg-type]

    def block(self, kind: int, body: bytes, trailer: int | None = None) -> "Pcapng":
        length = 12 + len(body)
        ends = struct.pack(self.order + "I", length if trailer is None else trailer)
        self.data += struct.pack(self.order + "II", kind, length) + body + ends
        if kind in (2, 3, 6):
            self.ends.append(len(self.data))
        return self

    def claim(self, kind: int, length: int) -> "Pcapng":
        """A block that claims a length and has 28 bytes more."""
        self.data += struct.pack(self.order + "II", kind, length) + bytes(28)
        return self

    def section(self, order: str = "<", version: tuple[int, int] = (1, 0), comment: str = "") -> "Pcapng":
        self.order = order
        found = options(order, (1, comment.encode())) if comment else b""
        return self.block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, *version, -1) + found)

    def interface(self, link_type: int = 1, snaplen: int = 0, *found: tuple[int, bytes]) -> "Pcapng":
        return self.block(1, struct.pack(self.order + "HHI", link_type, 0, snaplen) + options(self.order, *found))

    def enhanced(self, data: bytes, ticks: int = 0, length: int | None = None, interface: int = 0,
                 *found: tuple[int, bytes]) -> "Pcapng":  # fmt: skip
        wire = len(data) if length is None else length
        head = struct.pack(self.order + "IIIII", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(data), wire)
        return self.block(6, head + data + bytes(-len(data) % 4) + options(self.order, *found))

    def obsolete(self, data: bytes, ticks: int = 0, interface: int = 0, drops: int = 0xFFFF) -> "Pcapng":
        head = struct.pack(
            self.order + "HHIIII", interface, drops, ticks >> 32, ticks & 0xFFFFFFFF, len(data), len(data)
        )
        return self.block(2, head + data + bytes(-len(data) % 4))

    def simple(self, data: bytes, length: int | None = None) -> "Pcapng":
        wire = len(data) if length is None else length
        return self.block(3, struct.pack(self.order + "I", wire) + data + bytes(-len(data) % 4))


def read(source: Source) -> Reading:
    reading = Reading(source.info)
    for batch in source.batches():
        reading.sizes.append(len(batch))
        for row in range(len(batch)):
            start, size = int(batch.offsets[row]), int(batch.captured[row])
            assert min(start, size) >= 0 and start + size <= len(batch.buffer), "a frame leaves its buffer"
            reading.packets.append(
                Packet(
                    batch.frame(row), int(batch.times[row]), int(batch.lengths[row]), int(batch.link_types[row]),
                    int(batch.interfaces[row]), batch.comments.get(row, ""),
                )
            )  # fmt: skip
    return reading


def read_piped(data: bytes, limits: Limits = DEFAULT_LIMITS, block: int = 1 << 20) -> Reading:
    """Read what comes through a pipe, at most `block` bytes at a time."""
    out, into = os.pipe()

    def feed() -> None:
        # The reader may stop before all is sent.
        with open(into, "wb", buffering=0) as pipe, contextlib.suppress(OSError):
            for at in range(0, len(data), 1 << 16):
                pipe.write(data[at : at + (1 << 16)])

    feeder = threading.Thread(target=feed)
    feeder.start()
    try:
        return read(PipeSource(CaptureInfo("-"), out, limits, block=block))
    finally:
        feeder.join()


class Captures:
    """What the tests of this folder share."""

    Packet, Pcap, Pcapng = Packet, Pcap, Pcapng
    options, read, read_piped = staticmethod(options), staticmethod(read), staticmethod(read_piped)

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    def file(self, data: bytes) -> str:
        """A file that holds these bytes."""
        self._count += 1
        path = self._folder / f"{self._count}.capture"
        path.write_bytes(data)
        return str(path)

    def read_file(self, data: bytes, limits: Limits = DEFAULT_LIMITS) -> Reading:
        """Open a file with these bytes and read all of it."""
        path = self.file(data)
        try:
            return read(open_capture(path, limits))
        finally:
            Path(path).unlink()


@pytest.fixture(scope="session")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Captures:
    return Captures(tmp_path_factory.mktemp("captures"))


@pytest.fixture(scope="session")
def three_packets() -> list[tuple[bytes, int]]:
    """(bytes, time) of frames of odd and even sizes, one of them empty."""
    return [
        (bytes(range(61)), 1_700_000_000_123_456_000),
        (b"", 1_700_000_000_123_457_000),
        (b"\xff" * 1500, 1_700_000_001_000_000_000),
    ]
