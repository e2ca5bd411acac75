"""A streamed source whose frames are moved to a temporary file: a pipe may bring more than fits into memory.

Knows neither where the frames come from nor what they mean.
"""

from collections.abc import Iterator

import numpy as np

from netviz.capture.spill import NoRoom, Spill
from netviz.capture.walking import cut_short
from netviz.model.frames import CaptureInfo, FrameBatch, Source
from netviz.model.limits import DEFAULT_LIMITS, Limits


class SpilledSource:
    """Another source's batches, over a mapped file in place of memory."""

    def __init__(self, source: Source, limits: Limits = DEFAULT_LIMITS) -> None:
        """Make the temporary file.

        Raises: OSError where it can not be made.
        """
        self._source = source
        self.info: CaptureInfo = source.info
        self._spill = Spill(limits.spill_free_bytes)

    def batches(self) -> Iterator[FrameBatch]:
        """See `model.frames.Source`. Ends, and says so, where the disk has no room left.

        Raises: what the source raises.
        """
        try:
            for batch in self._source.batches():
                try:
                    moved = self._moved(batch)
                except NoRoom:
                    self.info.limit_counter.hit("spill_free_bytes", len(batch))
                    cut_short(self.info, "limit")
                    break
                yield moved
                if not isinstance(moved.buffer, bytes | memoryview):
                    self._spill.release(moved.buffer, int(moved.offsets[0]))
        finally:
            self._spill.close()

    def close(self) -> None:
        """Close the source; batches already delivered stay readable."""
        self._source.close()

    def _moved(self, batch: FrameBatch) -> FrameBatch:
        if not len(batch):
            return batch
        start = int(batch.offsets.min())
        stop = int((batch.offsets + batch.captured).max())
        buffer, at = self._spill.append(batch.buffer, start, stop)
        offsets = batch.offsets + np.int64(at - start)
        return FrameBatch(
            buffer, offsets, batch.captured, batch.lengths, batch.times, batch.link_types, batch.interfaces,
            batch.comments,
        )  # fmt: skip
