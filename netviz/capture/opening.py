"""Open a capture by name: a file, compressed or not, a pipe, or `-` for what comes through standard input.

Every way in which a name is no capture has its own error. Formats are recognised by their bytes; names say nothing.
"""

import mmap
import os
import stat

from netviz.capture.compression import compression_of
from netviz.capture.mapped import MappedSource
from netviz.capture.pipe import PipeSource
from netviz.capture.unpacked import Backing, StoredFile, UnpackedFile
from netviz.errors import BadArgument, UnreadableCapture
from netviz.model.frames import CaptureInfo, Source
from netviz.model.limits import DEFAULT_LIMITS, Limits


def open_capture(name: str, limits: Limits = DEFAULT_LIMITS, stdin_fd: int = 0) -> Source:
    """A source for a path, or for `-`: what comes through `stdin_fd`, which stays the caller's to close.

    A file is recognised here; a pipe when its first batch is asked for, as its bytes may take their time.

    Raises: UnreadableCapture where it can not be opened or is no capture; BadArgument for `-` with nothing piped.
    """
    if name == "-":
        if os.isatty(stdin_fd):
            raise BadArgument("nothing-piped")
        if not _whole_file(stdin_fd):
            return PipeSource(CaptureInfo(name), stdin_fd, limits, owned=False)
        descriptor = os.dup(stdin_fd)
    else:
        descriptor = _opened(name)
    try:
        return _source(name, descriptor, limits)
    except BaseException:
        os.close(descriptor)
        raise


def _whole_file(descriptor: int) -> bool:
    """Whether standard input is a file from its start (`netviz - < file`): then it is mapped like any other."""
    return stat.S_ISREG(os.fstat(descriptor).st_mode) and os.lseek(descriptor, 0, os.SEEK_CUR) == 0


def _opened(name: str) -> int:
    try:
        return os.open(name, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableCapture("missing-file", file=name) from None
    except PermissionError:
        raise UnreadableCapture("no-permission-file", file=name) from None
    except IsADirectoryError:
        raise UnreadableCapture("is-folder", file=name) from None
    except (OSError, ValueError) as error:
        raise UnreadableCapture("unreadable", file=name, reason=_reason(error)) from None


def _source(name: str, descriptor: int, limits: Limits) -> Source:
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableCapture("is-folder", file=name)
    if not stat.S_ISREG(status.st_mode):
        return PipeSource(CaptureInfo(name), descriptor, limits)
    info = CaptureInfo(name, size=status.st_size)
    try:
        head = os.pread(descriptor, 4, 0)
        if head and not _can_be_mapped(descriptor, status.st_size):
            return PipeSource(info, descriptor, limits)
        info.compression = compression_of(head)
        return MappedSource(info, _backing(descriptor, info, limits), limits)
    except OSError as error:
        raise UnreadableCapture("unreadable", file=name, reason=_reason(error)) from None


def _backing(descriptor: int, info: CaptureInfo, limits: Limits) -> Backing:
    if not info.compression:
        return StoredFile(descriptor, info.size or 0)
    unpacked = UnpackedFile(descriptor, info, limits)
    if not unpacked.available and unpacked.cut_reason:
        key = "no-space" if unpacked.cut_reason == "no-space" else "bad-compression"
        raise UnreadableCapture(key, file=info.file, compression=info.compression)
    return unpacked


def _can_be_mapped(descriptor: int, size: int) -> bool:
    """Some file systems map nothing, and a file of /proc has bytes though its size is none."""
    if not size:
        return False
    try:
        mmap.mmap(descriptor, 1, access=mmap.ACCESS_READ).close()
    except OSError:
        return False
    return True


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
