"""Writes what is taken off an interface to pcapng while it is taken: one file, or a ring of files. Knows no screen.

A disk that is full, or any other refusal, ends the writing and not the capture; the file then ends with its last whole
block and any reader takes it.
"""

import contextlib
import os
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from netviz.capture.packing import packed
from netviz.capture.taken import Taken
from netviz.capture.writer import PcapngWriter
from netviz.errors import NetvizError
from netviz.model.frames import Interface
from netviz.model.live import LiveState

_NUMBERED: Final = "_{number:05d}_{stamp}"


@dataclass(frozen=True, slots=True)
class Portion:
    """When a file is full (`-b`), or a capture done (`-a`); 0 is never."""

    packets: int = 0
    size: int = 0
    """Bytes."""

    seconds: float = 0
    files: int = 0
    """With -b: how many files are kept, the oldest goes; with -a: how many are written."""

    @property
    def rotates(self) -> bool:
        """Whether a file is ever full."""
        return bool(self.packets or self.size or self.seconds)


class Recorder:
    """Writes frames of a capture. All of it is called by the capture thread, after the first file has been made."""

    def __init__(
        self,
        file: str,
        interfaces: Sequence[Interface],
        state: LiveState,
        ring: Portion | None = None,
        owner: tuple[int, int] | None = None,
    ) -> None:
        """Make the (first) file; it is given to `owner` (user and group number), where there is one.

        Raises: NetvizError where it can not be made.
        """
        self._file = file
        self._interfaces = interfaces
        self._state = state
        self._ring = ring or Portion()
        self._kept: deque[str] = deque()
        self.files = 0
        """Files made."""
        self._failed = False
        self._writer = self._open(owner)

    @property
    def rotates(self) -> bool:
        """Whether more files will be made."""
        return self._ring.rotates

    def write(self, taken: Taken, interface: int) -> None:
        """Write frames of one interface, by its number."""
        if self._failed or not len(taken):
            return
        with self._failing_softly():
            while len(taken):
                if self.is_full():
                    self._writer.close()
                    self._writer = self._open(None)
                room = self._ring.packets - self._packets if self._ring.packets else len(taken)
                self._write(taken.first(room), interface)
                taken = taken.rest(room)

    @property
    def size(self) -> int:
        """Bytes of the present file."""
        return self._writer.size

    def flush(self) -> None:
        """Hand all that was written to the system, so that others can read it."""
        if not self._failed:
            with self._failing_softly():
                self._writer.flush()

    def close(self) -> None:
        """End the file with what is known of drops."""
        with self._failing_softly():
            self._writer.close()

    def is_full(self) -> bool:
        """Whether the present file of a ring is full: the next frames make another."""
        ring = self._ring
        return bool(
            (ring.packets and self._packets >= ring.packets)
            or (ring.size and self._writer.size >= ring.size)
            or (ring.seconds and time.monotonic() - self._since >= ring.seconds)
        )

    def _write(self, taken: Taken, interface: int) -> None:
        blocks = packed(taken.memory, taken.offsets, taken.captured, taken.lengths, taken.times, interface)
        # Counted first: where the disk is full, what found no room is taken off again.
        self._packets += len(taken)
        self._state.written += len(taken)
        self._state.written_bytes += len(blocks)
        self._writer.write_packed(blocks, int(taken.times[-1]))

    def _open(self, owner: tuple[int, int] | None) -> PcapngWriter:
        self.files += 1
        name = self._file
        if self.rotates:
            root, extension = os.path.splitext(self._file)
            stamp = time.strftime("%Y%m%d%H%M%S")
            name = root + _NUMBERED.format(number=self.files, stamp=stamp) + extension
        writer = PcapngWriter(name, self._interfaces)
        if owner is not None:
            with contextlib.suppress(OSError):
                os.chown(name, *owner)
        self._packets, self._since = 0, time.monotonic()
        self._state.file, self._state.files = name, self.files
        self._kept.append(name)
        if self._ring.files and len(self._kept) > self._ring.files:
            with contextlib.suppress(OSError):
                os.unlink(self._kept.popleft())
        return writer

    @contextlib.contextmanager
    def _failing_softly(self):  # type: ignore[no-untyped-def]
        try:
            yield
        except NetvizError as error:
            if not self._failed:
                self._failed = True
                self._state.written -= self._writer.unwritten
                self._state.note(error.key, grave=True, **error.details)
