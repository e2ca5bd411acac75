"""A saved capture at its own pace, or some times as fast: batches are delivered when their frames are due.

The clock that the core does not have is here, beside the sockets. Knows nothing of what frames mean.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from netviz.model.frames import CaptureInfo, FrameBatch, Source

_LONGEST_PAUSE: Final = 0.25
"""Seconds after which a pause is looked at again, so that closing takes effect."""

_TOGETHER: Final = 5_000_000
"""Frames that are due within so many nanoseconds are delivered together."""


class PacedSource:
    """Another source's frames when they are due."""

    def __init__(self, source: Source, speed: float = 1.0) -> None:
        """`speed` is how many seconds of the capture pass in a second."""
        self._source = source
        self._speed = speed
        self.info: CaptureInfo = source.info
        self._stopped = threading.Event()

    def batches(self) -> Iterator[FrameBatch]:
        """Batches as they come due; a frame whose time lies before that of an earlier one is due at once.

        Raises: what the source raises.
        """
        latest = None
        began, first = time.monotonic_ns(), 0
        for batch in self._source.batches():
            if not len(batch):
                continue
            due = np.maximum.accumulate(batch.times)
            if latest is None:
                first = int(due[0])
            else:
                due = np.maximum(due, latest)
            latest = int(due[-1])
            elapsed = ((due - first) / self._speed).astype(np.int64)
            at = 0
            while at < len(batch):
                if not self._wait_until(began + int(elapsed[at])):
                    return
                now = time.monotonic_ns() - began + _TOGETHER
                stop = max(int(np.searchsorted(elapsed, now, side="right")), at + 1)
                yield batch.part(at, stop)
                at = stop

    def stop(self) -> None:
        """Deliver no more."""
        self._stopped.set()

    def close(self) -> None:
        """Deliver no more, and close the source."""
        self.stop()
        self._source.close()

    def _wait_until(self, due: int) -> bool:
        while not self._stopped.is_set():
            left = (due - time.monotonic_ns()) / 1e9
            if left <= 0:
                return True
            self._stopped.wait(min(left, _LONGEST_PAUSE))
        return False


class SteppedSource:
    """Another source's frames one at a time, each when `wait` returns; it returns False to end."""

    def __init__(self, source: Source, wait: Callable[[], bool]) -> None:
        self._source = source
        self._wait = wait
        self.info: CaptureInfo = source.info

    def batches(self) -> Iterator[FrameBatch]:
        """Batches of one frame.

        Raises: what the source raises.
        """
        for batch in self._source.batches():
            for index in range(len(batch)):
                if not self._wait():
                    return
                yield batch.part(index, index + 1)

    def close(self) -> None:
        """Close the source."""
        self._source.close()
