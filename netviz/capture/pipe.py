"""A pipe as a source: frames are delivered as soon as their bytes are there. Compressed pipes are unpacked on the way.

What can not be mapped is read like a pipe too. Each batch owns its bytes. Knows no format of captures.
"""

import os
import select
import threading
from collections.abc import Iterator
from typing import Final

from netviz.capture.compression import Unpacker, compression_of
from netviz.capture.recognition import HEAD, recognised
from netviz.capture.walking import BATCH_FRAMES, FIRST_FRAMES, Walk, cut_short
from netviz.errors import UnreadableCapture
from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.model.limits import Limits

_BLOCK: Final = 1 << 20
_COMPRESSION_HEAD: Final = 4


class PipeSource:
    """A `Source` over a descriptor that is read once, from where it stands. Another thread may `close` it."""

    def __init__(
        self, info: CaptureInfo, descriptor: int, limits: Limits, owned: bool = True, block: int = _BLOCK
    ) -> None:
        """Prepare to read a descriptor, and to close it in the end where it is owned. Nothing is read yet.

        `block` is the most bytes that are taken at a time.
        """
        self.info = info
        self._descriptor = descriptor
        self._owned = owned
        self._block = block
        self._limits = limits
        self._walk: Walk | None = None
        self._unpacker: Unpacker | None = None
        self._at = self._frames = self._bytes = 0
        self._stopped = self._running = self._released = False
        # A read that waits for bytes is woken through this pipe when the source is closed.
        self._woken, self._waker = os.pipe()
        self._lock = threading.Lock()

    def batches(self) -> Iterator[FrameBatch]:
        """Frames as they arrive; see `model.frames.Source`.

        Raises: UnreadableCapture where the first bytes are no capture's, or reading fails.
        """
        self._running = True
        pending = bytearray()
        try:
            for block in self._unpacked():
                pending += block
                if len(pending) < (self._walk.wanted if self._walk else HEAD):
                    continue
                data = bytes(pending)
                yield from self._walked(data)
                pending = bytearray(data[self._at :])
                self._bytes += self._at
                self._at = 0
                if self._ended():
                    return
            self._finish(bytes(pending))
        finally:
            self._running = False
            self._release()

    def close(self) -> None:
        """End the reading; frames already delivered stay readable."""
        self._stopped = True
        if not self._running:
            self._release()
            return
        with self._lock:
            if not self._released:
                os.write(self._waker, b"\0")

    def _walked(self, data: bytes) -> Iterator[FrameBatch]:
        """The frames that are whole in the data; `self._at` says how far it is used up."""
        if self._walk is None:
            self._walk = recognised(data[:HEAD], self.info, self._limits)
            self._at = self._walk.start
        while not self._walk.ended:
            most = BATCH_FRAMES if self._frames else FIRST_FRAMES
            batch, stop = self._walk.walk(data, self._at, len(data), most)
            if batch is None and stop == self._at:
                return
            self._at = stop
            if batch is not None:
                self._frames += len(batch)
                yield batch

    def _ended(self) -> bool:
        """Whether reading ends here. Batches keep their bytes, so what a pipe may bring has a bound."""
        for name, count in (("live_packets", self._frames), ("live_bytes", self._bytes)):
            if count >= getattr(self._limits, name):
                self.info.limit_counter.hit(name)
                cut_short(self.info, "limit")
                return True
        return self._walk is not None and self._walk.ended

    def _finish(self, rest: bytes) -> None:
        if self._stopped:
            return
        whole = self._unpacker is None or self._unpacker.whole
        if self._walk is None:
            if not whole and not rest:
                raise UnreadableCapture("bad-compression", file=self.info.file, compression=self.info.compression)
            self._at = recognised(rest, self.info, self._limits).start
        if not whole:
            cut_short(self.info, "compression-cut")
        elif len(rest) != self._at:
            cut_short(self.info, "record-cut")

    def _unpacked(self) -> Iterator[bytes]:
        """The pipe's bytes, unpacked where its first bytes say that it is compressed."""
        head = b""
        for block in self._read():
            self.info.position += len(block)
            if self._unpacker is not None:
                yield from self._unpacker.feed(block)
            elif len(head) >= _COMPRESSION_HEAD:
                yield block
            else:
                head += block
                if len(head) >= _COMPRESSION_HEAD:
                    yield from self._first(head)
        if len(head) < _COMPRESSION_HEAD:
            yield head

    def _first(self, head: bytes) -> Iterator[bytes]:
        self.info.compression = compression_of(head)
        if not self.info.compression:
            yield head
            return
        self._unpacker = Unpacker(self.info.compression)
        yield from self._unpacker.feed(head)

    def _read(self) -> Iterator[bytes]:
        poll = select.poll()
        poll.register(self._descriptor, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        ended = False
        while not ended:
            poll.poll()
            # A program that writes fast is read in large blocks: what is there already, and not a byte is waited for.
            pieces: list[bytes] = []
            room = self._block
            while room and not ended and (not pieces or poll.poll(0)):
                if self._stopped:
                    return
                piece = self._read_once(room)
                if piece is None:
                    break
                ended = not piece
                pieces.append(piece)
                room -= len(piece)
            yield b"".join(pieces)

    def _read_once(self, most: int) -> bytes | None:
        """What is there, empty at the end, None where another reader was faster."""
        try:
            return os.read(self._descriptor, most)
        except BlockingIOError:
            return None
        except OSError as error:
            raise UnreadableCapture("unreadable", file=self.info.file, reason=error.strerror) from None

    def _release(self) -> None:
        with self._lock:
            if self._released:
                return
            self._released = True
        os.close(self._woken)
        os.close(self._waker)
        if self._owned:
            os.close(self._descriptor)
