"""A capture file as a source: mapped into memory, walked, and given back to the system behind the walk.

Frames stay in the mapping. Pages behind the walk are dropped from this process; a frame that is looked at again is read
again from the system's cache. Knows no format of captures and no compression.
"""

import mmap
from collections.abc import Iterator
from typing import Final

from netviz.capture.recognition import HEAD, recognised
from netviz.capture.unpacked import Backing
from netviz.capture.walking import BATCH_FRAMES, FIRST_FRAMES, cut_short
from netviz.errors import UnreadableCapture
from netviz.model.frames import Buffer, CaptureInfo, FrameBatch
from netviz.model.limits import Limits

_RELEASED_AT_ONCE: Final = 4 << 20


class Window:
    """A part of a file in memory, from a page's start to what was there when it was mapped."""

    def __init__(self, descriptor: int, start: int, stop: int) -> None:
        """Map start..stop, which is not empty, and what is before it on its page."""
        self.base = start - start % mmap.ALLOCATIONGRANULARITY
        self.data = mmap.mmap(descriptor, stop - self.base, access=mmap.ACCESS_READ, offset=self.base)
        self._released = 0
        if hasattr(mmap, "MADV_SEQUENTIAL"):
            self.data.madvise(mmap.MADV_SEQUENTIAL)

    def release(self, upto: int) -> None:
        """Let go of the pages before `upto`, once they are many."""
        upto -= upto % mmap.PAGESIZE
        if upto - self._released >= _RELEASED_AT_ONCE and hasattr(mmap, "MADV_DONTNEED"):
            self.data.madvise(mmap.MADV_DONTNEED, self._released, upto - self._released)
            self._released = upto


def release_pages(buffer: Buffer) -> None:
    """Let go of the pages of a buffer of frames, where it is a mapped file: a frame looked at again is read again."""
    if isinstance(buffer, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        buffer.madvise(mmap.MADV_DONTNEED)


class MappedSource:
    """A `Source` over a capture file. A file that others shorten meanwhile can not be helped: the system ends us."""

    def __init__(self, info: CaptureInfo, backing: Backing, limits: Limits) -> None:
        """Recognise the capture.

        Raises: UnreadableCapture as `recognised` does.
        """
        self.info = info
        self._backing = backing
        self._walk = recognised(backing.head(HEAD), info, limits)
        self._at = self._walk.start
        self._most = FIRST_FRAMES

    def batches(self) -> Iterator[FrameBatch]:
        """Frames in batches, in order; see `model.frames.Source`."""
        backing, walk = self._backing, self._walk
        try:
            while True:
                if self._at + walk.wanted <= backing.available:
                    yield from self._walked(self._window())
                if walk.ended or not backing.more():
                    break
        finally:
            self.close()
        self._finish()

    def close(self) -> None:
        """Close the file. Frames already delivered stay readable."""
        self._backing.close()

    def _window(self) -> Window:
        try:
            return Window(self._backing.fileno(), self._at, self._backing.available)
        except (OSError, ValueError) as error:
            # Shortened since it was opened, or no room for the mapping.
            raise UnreadableCapture("unreadable", file=self.info.file, reason=str(error)) from None

    def _walked(self, window: Window) -> Iterator[FrameBatch]:
        while not self._walk.ended:
            here = self._at - window.base
            batch, stop = self._walk.walk(window.data, here, len(window.data), self._most)
            if batch is None and stop == here:
                return
            self._at = window.base + stop
            self.info.position = self._backing.consumed(self._at)
            if batch is not None:
                self._most = BATCH_FRAMES
                yield batch
            window.release(stop)

    def _finish(self) -> None:
        if self._backing.cut_reason:
            cut_short(self.info, self._backing.cut_reason)
        elif self._at != self._backing.available:
            cut_short(self.info, "record-cut")
