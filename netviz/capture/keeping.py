"""Keeps what is taken off an interface within bounds, and hands it on as batches. Knows no socket and no protocol.

The capture thread puts in, the engine's thread takes out. Frames lie in the temporary file; what waits in memory is
where they are.
"""

import threading
from collections import deque
from typing import Final

import numpy as np

from netviz.capture.spill import NoRoom, Spill
from netviz.capture.taken import Taken
from netviz.model.frames import CaptureInfo, FrameBatch
from netviz.model.limits import Limits
from netviz.model.live import LiveState

_BATCH_FRAMES: Final = 16_384


class Keeper:
    """A bounded queue of batches whose frames are on disk."""

    def __init__(self, info: CaptureInfo, state: LiveState, limits: Limits) -> None:
        """Make the temporary file.

        Raises: OSError where it can not be made.
        """
        self._info = info
        self._state = state
        self._limits = limits
        self._spill = Spill(limits.spill_free_bytes)
        self._batches: deque[FrameBatch] = deque()
        self._put = self._given = 0
        self._full = ""
        self.news = threading.Event()
        """Something was put in."""
        state.most_packets, state.most_bytes = limits.live_packets, limits.live_bytes
        state.most_seconds = limits.live_seconds

    def keep(self, taken: Taken, interface: int, link_type: int) -> None:
        """Keep frames of one interface, by its number."""
        if not len(taken):
            return
        state = self._state
        taken = self._within_bounds(taken)
        count = len(taken)
        if not count:
            return
        if self._put - self._given + count > self._limits.live_waiting:
            state.dropped_by_queue += count
            return
        start = int(taken.offsets.min())
        stop = int((taken.offsets + taken.captured).max())
        try:
            buffer, at = self._spill.append(taken.memory, start, stop)
        except NoRoom:
            self._reached("spill_free_bytes", count)
            return
        if not state.kept:
            state.kept_since = int(taken.times[0])
        state.kept += count
        state.kept_bytes += stop - start
        self._batches.append(
            FrameBatch(
                buffer, taken.offsets - start + at, taken.captured, taken.lengths, taken.times,
                np.full(count, link_type, np.uint16), np.full(count, interface, np.uint16),
            )
        )  # fmt: skip
        self._put += count
        state.waiting = self._put - self._given
        self.news.set()

    def next(self) -> FrameBatch | None:
        """What waits, as one batch of bounded length; None where nothing does."""
        batches = self._batches
        if not batches:
            return None
        found: list[FrameBatch] = []
        count = 0
        while batches and count < _BATCH_FRAMES and (not found or batches[0].buffer is found[0].buffer):
            found.append(batches.popleft())
            count += len(found[-1])
        return _joined(found)

    def given(self, batch: FrameBatch) -> None:
        """The batch has been analysed: its pages need not be in memory."""
        self._given += len(batch)
        self._state.waiting = self._put - self._given
        self._state.analysed_to = int(batch.times[-1])
        buffer = batch.buffer
        if not isinstance(buffer, bytes | memoryview):
            self._spill.release(buffer, int(batch.offsets[0]))

    def close(self) -> None:
        """Close the temporary file; frames that were handed on stay readable."""
        self._spill.close()

    def _within_bounds(self, taken: Taken) -> Taken:
        """The frames that the bounds leave room for; the others are counted."""
        state, limits = self._state, self._limits
        if self._full:
            self._reached(self._full, len(taken))
            return taken.first(0)
        if state.kept_bytes >= limits.live_bytes:
            self._reached("live_bytes", len(taken))
            return taken.first(0)
        if limits.live_seconds and state.kept and taken.times[0] - state.kept_since >= limits.live_seconds * 10**9:
            self._reached("live_seconds", len(taken))
            return taken.first(0)
        room = limits.live_packets - state.kept
        if len(taken) > room:
            self._reached("live_packets", len(taken) - room)
            return taken.first(room)
        return taken

    def _reached(self, bound: str, count: int) -> None:
        if not self._full:
            self._full = bound
            self._state.note(bound, packets=self._state.kept, bytes=self._state.kept_bytes)
        self._state.not_kept += count
        self._info.limit_counter.hit(bound, count)


def _joined(batches: list[FrameBatch]) -> FrameBatch:
    """Batches over one buffer as one, by time where they are of several interfaces."""
    if len(batches) == 1:
        return batches[0]
    whole = FrameBatch(
        batches[0].buffer,
        np.concatenate([batch.offsets for batch in batches]),
        np.concatenate([batch.captured for batch in batches]),
        np.concatenate([batch.lengths for batch in batches]),
        np.concatenate([batch.times for batch in batches]),
        np.concatenate([batch.link_types for batch in batches]),
        np.concatenate([batch.interfaces for batch in batches]),
    )
    if len({int(batch.interfaces[0]) for batch in batches}) == 1:
        return whole
    order = np.argsort(whole.times, kind="stable")
    return FrameBatch(
        whole.buffer, whole.offsets[order], whole.captured[order], whole.lengths[order], whole.times[order],
        whole.link_types[order], whole.interfaces[order],
    )  # fmt: skip
