"""A temporary file for the frames that are kept: what was captured lies on disk, mapped, and not in this process's memory.

The file has no name, so it vanishes with the process. It grows by segments, each mapped once; frames never pass from
one segment to the next. Behind the newest bytes the pages are given back to the system.
"""

import mmap
import os
import tempfile
from pathlib import Path
from typing import Any, Final

SEGMENT: Final = 64 << 20
_RELEASED_AT_ONCE: Final = 4 << 20


class NoRoom(Exception):
    """The disk that holds the temporary file has no room left."""


class Spill:
    """Append-only bytes. One writer; what was appended can be read by any number."""

    def __init__(self, free_bytes: int, segment: int = SEGMENT) -> None:
        """Make the file where the system has its temporary files, and leave `free_bytes` of that disk free.

        Raises: OSError where no file can be made.
        """
        self.folder = _folder() or tempfile.gettempdir()
        self._file = tempfile.TemporaryFile(prefix="netviz-", buffering=0, dir=self.folder)  # noqa: SIM115
        self._free = free_bytes
        self._segment = segment
        self._start = self._at = self._released = 0
        self._map: mmap.mmap | None = None
        self.size = 0
        """Bytes appended."""

    def append(self, memory: Any, start: int, stop: int) -> tuple[mmap.mmap, int]:
        """Copy memory[start:stop] behind what is there; returns the mapping that holds it and its offset in there.

        Raises: NoRoom where the disk is (nearly) full, and where the bytes are more than a segment.
        """
        length = stop - start
        if self._map is None or self._at + length > self._segment:
            self._map = self._new_segment(length)
        at = self._at
        with memoryview(memory)[start:stop] as left:
            self._write(left, self._start + at)
        # Frames begin anywhere: a step of 16 keeps the next ones where the kernel had aligned them.
        self._at += length + -length % 16
        self.size += length
        return self._map, at

    def release(self, mapping: mmap.mmap, upto: int) -> None:
        """Give the pages before an offset back to the system, once they are many: read again, they are mapped again."""
        if mapping is not self._map:
            mapping.madvise(mmap.MADV_DONTNEED)
            return
        upto -= upto % mmap.PAGESIZE
        if upto - self._released >= _RELEASED_AT_ONCE:
            mapping.madvise(mmap.MADV_DONTNEED, self._released, upto - self._released)
            self._released = upto

    def room(self) -> int:
        """Bytes that are free on the disk of the file."""
        status = os.fstatvfs(self._file.fileno())
        return status.f_bavail * status.f_frsize

    def close(self) -> None:
        """Close the file; what is mapped stays readable."""
        self._file.close()

    def _new_segment(self, length: int) -> mmap.mmap:
        file = self._file.fileno()
        if length > self._segment or self.room() < self._free + self._segment:
            raise NoRoom
        self._start += self._segment if self._map is not None else 0
        self._at = self._released = 0
        try:
            os.ftruncate(file, self._start + self._segment)
            return mmap.mmap(file, self._segment, access=mmap.ACCESS_READ, offset=self._start)
        except OSError as error:
            raise NoRoom from error

    def _write(self, left: memoryview, at: int) -> None:
        try:
            while left:
                count = os.pwrite(self._file.fileno(), left, at)
                left, at = left[count:], at + count
        except OSError as error:
            raise NoRoom from error


def _folder() -> str | None:
    """A folder on a disk: where the usual one is kept in memory, and nobody chose it, the next best."""
    if any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP")):
        return None
    usual = tempfile.gettempdir()
    return "/var/tmp" if _in_memory(usual) and os.access("/var/tmp", os.W_OK) and not _in_memory("/var/tmp") else None


def _in_memory(folder: str) -> bool:
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    kinds = {fields[1]: fields[2] for fields in (line.split() for line in lines) if len(fields) > 2}
    for place in (Path(folder), *Path(folder).parents):
        if str(place) in kinds:
            return kinds[str(place)] in ("tmpfs", "ramfs")
    return False
