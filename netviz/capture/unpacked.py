"""A capture file as it can be mapped: the file itself, or a compressed one unpacked into a temporary file.

Both say how many bytes are there now and can be asked for more. Knows no format of captures.
"""

import errno
import os
import tempfile
from collections.abc import Iterator
from typing import Final, Protocol

from netviz.capture.compression import Unpacker
from netviz.errors import UnreadableCapture
from netviz.model.frames import CaptureInfo
from netviz.model.limits import Limits

_READ: Final = 256 << 10
_FIRST_STEP: Final = 2 << 20
_LARGEST_STEP: Final = 256 << 20
_NO_SPACE: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class Backing(Protocol):
    """A file that can be mapped, perhaps while it grows."""

    available: int
    """Bytes that are there now."""

    cut_reason: str
    """Why there are no more, where the capture is not whole; empty where it is."""

    def fileno(self) -> int: ...

    def head(self, size: int) -> bytes:
        """The first bytes."""
        ...

    def consumed(self, offset: int) -> int:
        """How far into the file as stored one has read to have come to this offset."""
        ...

    def more(self) -> bool:
        """Try to have more bytes; False where there will be none."""
        ...

    def close(self) -> None: ...


class StoredFile:
    """A capture file as it is; owns the descriptor."""

    cut_reason = ""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self.available = size

    def fileno(self) -> int:
        """The descriptor of the file."""
        return self._descriptor

    def head(self, size: int) -> bytes:
        """See `Backing.head`."""
        return os.pread(self._descriptor, size, 0)

    def consumed(self, offset: int) -> int:
        """See `Backing.consumed`."""
        return offset

    def more(self) -> bool:
        """See `Backing.more`."""
        return False

    def close(self) -> None:
        """Close the file; what is mapped of it stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class UnpackedFile:
    """A compressed capture, unpacked in growing steps into a temporary file without a name; owns the descriptor."""

    def __init__(self, descriptor: int, info: CaptureInfo, limits: Limits) -> None:
        self._stored = descriptor
        self._info = info
        self._limit = limits.decompressed_capture_bytes
        self._unpacker = Unpacker(info.compression)
        self._file = tempfile.TemporaryFile(prefix="netviz-", buffering=0)  # noqa: SIM115 - closed by close()
        self._read = 0
        self._blocks: Iterator[bytes] = self._unpacked()
        self.available = 0
        self.cut_reason = ""
        self.more()

    def fileno(self) -> int:
        """The descriptor of the temporary file."""
        return self._file.fileno()

    def head(self, size: int) -> bytes:
        """See `Backing.head`."""
        return os.pread(self.fileno(), size, 0)

    def consumed(self, offset: int) -> int:
        """See `Backing.consumed`."""
        return self._read

    def more(self) -> bool:
        """Unpack as much again as there is, within a step's bounds."""
        before = self.available
        target = before + min(max(before, _FIRST_STEP), _LARGEST_STEP)
        for block in self._blocks:
            if not self._append(block):
                self._blocks = iter(())
                break
            if self.available >= target:
                break
        return self.available > before

    def close(self) -> None:
        """Close both files; what is mapped stays."""
        if self._stored >= 0:
            os.close(self._stored)
            self._stored = -1
        self._file.close()

    def _append(self, block: bytes) -> bool:
        if self.available + len(block) > self._limit:
            self._info.limit_counter.hit("decompressed_capture_bytes")
            self.cut_reason = "limit"
            block = block[: self._limit - self.available]
        try:
            self.available += self._write_all(block)
        except OSError as error:
            if error.errno not in _NO_SPACE:
                raise UnreadableCapture("unreadable", file=self._info.file, reason=error.strerror) from None
            self.cut_reason = "no-space"
        return not self.cut_reason

    def _write_all(self, block: bytes) -> int:
        view = memoryview(block)
        while view:
            view = view[self._file.write(view) :]
        return len(block)

    def _unpacked(self) -> Iterator[bytes]:
        while not self._unpacker.stopped:
            data = self._next_piece()
            if not data:
                break
            yield from self._unpacker.feed(data)
        if not self._unpacker.whole:
            self.cut_reason = "compression-cut"

    def _next_piece(self) -> bytes:
        try:
            data = os.read(self._stored, _READ)
        except OSError as error:
            raise UnreadableCapture("unreadable", file=self._info.file, reason=error.strerror) from None
        self._read += len(data)
        return data
