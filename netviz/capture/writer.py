"""Write frames as pcapng, so that what was written can be read after a crash. Knows nothing of what frames mean.

Only whole blocks are handed to the system, each by as few writes as it takes, and times are in nanoseconds.
Specification: draft-ietf-opsawg-pcapng.
"""

import contextlib
import errno
import os
import struct
from collections.abc import Sequence
from typing import BinaryIO, Final, Protocol

from netviz.capture.packing import packed
from netviz.capture.pcapng_notes import COMMENT
from netviz.errors import NetvizError
from netviz.model.frames import FrameBatch, Interface

_SECTION, _INTERFACE, _STATISTICS, _ENHANCED = 0x0A0D0D0A, 1, 5, 6
_BYTE_ORDER_MAGIC: Final = 0x1A2B3C4D
_SHB_USERAPPL: Final = 4
_IF_NAME, _IF_DESCRIPTION, _IF_TSRESOL = 2, 3, 9
_ISB_IFRECV, _ISB_IFDROP = 4, 5
_NANOSECONDS: Final = b"\x09"
_LONGEST_OPTION: Final = 0xFFFF
_FLUSH_BYTES: Final = 64 << 10
_NO_SPACE: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class RawFile(Protocol):
    """What the writer needs of a file: an unbuffered one may take fewer bytes than it is given."""

    def write(self, data: bytes | memoryview, /) -> int | None: ...


class PcapngWriter:
    """Writes one section. `interfaces` may grow meanwhile: what is new is described before its first frame."""

    def __init__(
        self,
        target: str | os.PathLike[str] | RawFile,
        interfaces: Sequence[Interface],
        application: str = "netviz",
        comment: str = "",
        flush_bytes: int = _FLUSH_BYTES,
    ) -> None:
        """Make the file, or write into one that is open in binary mode and stays the caller's to close.

        `flush_bytes` is how much may wait in memory and be lost in a crash; 0 writes each frame at once.

        Raises: NetvizError where the file can not be made.
        """
        self._interfaces = interfaces
        self._flush_bytes = flush_bytes
        self._described = 0
        self._last_time = 0
        self._waiting = bytearray()
        self._usable = True
        self.size = 0
        """Bytes handed to the system."""

        self.unwritten = 0
        """Frames that were to be written when the disk was full, and are not in the file."""

        self._made: BinaryIO | None = None
        if isinstance(target, str | os.PathLike):
            self.file = os.fspath(target)
            self._out: RawFile = self._make()
        else:
            self.file = str(getattr(target, "name", "-"))
            self._out = target
        head = struct.pack("<IHHq", _BYTE_ORDER_MAGIC, 1, 0, -1)
        self._add(_SECTION, head + _options((COMMENT, _encoded(comment)), (_SHB_USERAPPL, _encoded(application))))
        self._describe()
        self.flush()

    def write(
        self, frame: bytes | memoryview, time: int, length: int | None = None, interface: int = 0, comment: str = ""
    ) -> None:
        """Write one frame: its bytes, ns since the epoch (0 where it is before), bytes on the wire, interface's index.

        Raises: NetvizError where the disk is full or the file can not be written; ValueError for an unknown interface.
        """
        if not 0 <= interface < len(self._interfaces):
            raise ValueError(f"interface {interface} of {len(self._interfaces)}")
        self._describe()
        captured = len(frame)
        self._last_time = time = max(time, 0)
        wire = captured if length is None else length
        head = struct.pack("<IIIII", interface, time >> 32, time & 0xFFFFFFFF, captured, wire)
        self._add(_ENHANCED, b"".join((head, frame, bytes(-captured % 4), _options((COMMENT, _encoded(comment))))))
        if len(self._waiting) > self._flush_bytes:
            self.flush()

    def write_batch(self, batch: FrameBatch) -> None:
        """Write all frames of a batch; its interfaces are those the writer was given.

        Raises: as `write`.
        """
        if not batch.comments and int(batch.interfaces.max(initial=0)) < len(self._interfaces):
            columns = (batch.offsets, batch.captured, batch.lengths, batch.times)
            self.write_packed(
                packed(batch.buffer, *columns, batch.interfaces), int(batch.times[-1]) if len(batch) else 0
            )
            return
        whole = memoryview(batch.buffer)
        listed = (batch.offsets, batch.captured, batch.times, batch.lengths, batch.interfaces)
        rows = zip(*(column.tolist() for column in listed), strict=True)
        for index, (start, size, time, length, interface) in enumerate(rows):
            self.write(whole[start : start + size], time, length, interface, batch.comments.get(index, ""))

    def write_packed(self, blocks: bytes, last_time: int) -> None:
        """Write enhanced packet blocks that are made already (`packing.packed`); `last_time` is their last frame's, ns.

        Raises: as `write`.
        """
        self._describe()
        self._last_time = max(last_time, 0)
        self._waiting += blocks
        if len(self._waiting) > self._flush_bytes:
            self.flush()

    def flush(self) -> None:
        """Hand what waits to the system. Where the disk is full, the file is made to end with its last whole block.

        Raises: NetvizError where the disk is full or the file can not be written.
        """
        waiting, self._waiting = self._waiting, bytearray()
        left = memoryview(waiting)
        try:
            while left:
                left = left[self._out.write(left) or 0 :]
            self.size += len(waiting)
        except OSError as error:
            self._usable = False
            self._end_with_whole_block(waiting, len(waiting) - len(left))
            raise _error(self.file, error) from None

    def close(self) -> None:
        """Write what is known of the interfaces' drops, and close the file where the writer made it.

        Raises: as `flush`; the file is closed all the same.
        """
        try:
            if self._usable:
                self._usable = False
                for number, interface in enumerate(self._interfaces[: self._described]):
                    self._count(number, interface)
                self.flush()
        finally:
            if self._made is not None:
                self._made.close()

    def __enter__(self) -> "PcapngWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make(self) -> RawFile:
        try:
            self._made = made = open(self.file, "wb", buffering=0)  # noqa: SIM115 - closed by close()
        except (OSError, ValueError) as error:
            raise _error(self.file, error) from None
        return made

    def _end_with_whole_block(self, blocks: bytearray, written: int) -> None:
        """Cut off what was written of a block that found no room, so that every reader takes the file as whole."""
        at = 0
        while at + 8 <= written and at + int.from_bytes(blocks[at + 4 : at + 8], "little") <= written:
            at += int.from_bytes(blocks[at + 4 : at + 8], "little")
        self.size += at
        while at + 8 <= len(blocks):
            self.unwritten += int.from_bytes(blocks[at : at + 4], "little") == _ENHANCED
            at += int.from_bytes(blocks[at + 4 : at + 8], "little")
        if self._made is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self._made.fileno(), self.size)

    def _describe(self) -> None:
        """Describe the interfaces that are new."""
        for interface in self._interfaces[self._described :]:
            options = _options(
                (_IF_NAME, _encoded(interface.name)),
                (_IF_DESCRIPTION, _encoded(interface.description)),
                (_IF_TSRESOL, _NANOSECONDS),
            )
            self._add(_INTERFACE, struct.pack("<HHI", interface.link_type, 0, interface.snaplen) + options)
            self._described += 1

    def _count(self, number: int, interface: Interface) -> None:
        figures = [(_ISB_IFRECV, interface.received), (_ISB_IFDROP, interface.dropped)]
        known = [(code, struct.pack("<Q", figure)) for code, figure in figures if figure is not None]
        if known:
            head = struct.pack("<III", number, self._last_time >> 32, self._last_time & 0xFFFFFFFF)
            self._add(_STATISTICS, head + _options(*known))

    def _add(self, kind: int, body: bytes) -> None:
        length = struct.pack("<I", len(body) + 12)
        self._waiting += b"".join((struct.pack("<I", kind), length, body, length))


def _options(*options: tuple[int, bytes]) -> bytes:
    """Options as bytes with their end mark; without those that are empty, and nothing where all are."""
    parts = [struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4) for code, value in options if value]
    return b"".join((*parts, bytes(4))) if parts else b""


def _encoded(text: str) -> bytes:
    """UTF-8, no longer than an option can be, and cut between characters."""
    value = text.encode("utf-8", "backslashreplace")
    return value[:_LONGEST_OPTION].decode("utf-8", "ignore").encode() if len(value) > _LONGEST_OPTION else value


def _error(file: str, error: Exception) -> NetvizError:
    key = "disk-full" if isinstance(error, OSError) and error.errno in _NO_SPACE else "can-not-write"
    return NetvizError(key, file=file, reason=getattr(error, "strerror", None) or str(error))
