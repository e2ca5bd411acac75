"""A capture file that another program is still writing, as a source: read like a pipe that never ends (`tail -f`).

At the end of what is there it waits, and looks again some times a second. Knows no format of captures.
"""

import os
import select
from collections.abc import Iterator
from typing import Final

from netviz.capture.pipe import PipeSource
from netviz.errors import UnreadableCapture
from netviz.model.frames import CaptureInfo
from netviz.model.limits import DEFAULT_LIMITS, Limits
from netviz.model.live import LiveState

_LOOK_AGAIN_MS: Final = 50


class FollowedFile(PipeSource):
    """A `Source` over a file that grows; `close` or `stop` ends it, and so does another program that shortens it."""

    def __init__(self, name: str, limits: Limits = DEFAULT_LIMITS) -> None:
        """Open the file.

        Raises: UnreadableCapture where it can not be opened.
        """
        try:
            descriptor = os.open(name, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
        except FileNotFoundError:
            raise UnreadableCapture("missing-file", file=name) from None
        except PermissionError:
            raise UnreadableCapture("no-permission-file", file=name) from None
        except OSError as error:
            raise UnreadableCapture("unreadable", file=name, reason=error.strerror) from None
        super().__init__(CaptureInfo(name, live=LiveState(way="file")), descriptor, limits)

    def stop(self) -> None:
        """Read no further; what was read is still delivered."""
        self.close()

    def _read(self) -> Iterator[bytes]:
        waiting = select.poll()
        waiting.register(self._woken, select.POLLIN)
        read = 0
        while not self._stopped:
            piece = self._read_once(self._block)
            if piece:
                read += len(piece)
                yield piece
                continue
            if os.fstat(self._descriptor).st_size < read:
                assert self.info.live is not None
                self.info.live.note("follow-shrunk", grave=True, file=self.info.file)
                return
            waiting.poll(_LOOK_AGAIN_MS)
