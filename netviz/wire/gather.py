"""Bytes of many frames at once: the same few bytes at a position of each frame, as one array. Knows no protocol."""

from typing import Any

import numpy as np
import numpy.typing as npt

from netviz.model.frames import Buffer

Bytes2D = npt.NDArray[np.uint8]
"""Shape (k, width): the bytes of k headers, one header a row; contiguous, so it can be viewed as wider numbers."""


class ByteReader:
    """Reads equally long pieces at any positions of one buffer."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._size = len(buffer)

    def take(self, positions: npt.NDArray[np.int64], width: int) -> Bytes2D:
        """Shape (k, width): `width` bytes from each position. All of them must lie in the buffer.

        Raises: IndexError where one does not: callers look at a frame's captured length first.
        """
        if not len(positions):
            return np.empty((0, width), np.uint8)
        return _gather(self._buffer, self._size, positions, width)

    def window(self, positions: npt.NDArray[np.int64], available: npt.NDArray[Any], width: int) -> Bytes2D:
        """Like `take`, but of each piece only the first `available` bytes are the frame's: the others are 0."""
        found = np.empty((len(positions), width), np.uint8)
        inside = positions + width <= self._size
        if inside.all():
            found = self.take(positions, width)
        else:
            found[inside] = self.take(positions[inside], width)
            found[~inside] = self._at_the_end(positions[~inside], width)
        short = np.flatnonzero(available < width)
        if len(short):
            found[short] *= np.arange(width) < available[short, None]
        return found

    def _at_the_end(self, positions: npt.NDArray[np.int64], width: int) -> Bytes2D:
        """Pieces that pass the end of the buffer, from a padded copy of its last bytes."""
        base = max(0, self._size - width)
        tail = bytes(self._buffer[base:]) + bytes(width)
        return _gather(tail, len(tail), positions - base, width)


def _gather(buffer: Buffer, size: int, positions: npt.NDArray[np.int64], width: int) -> Bytes2D:
    # A view that has a piece of `width` bytes begin at every byte: one fancy index copies whole headers.
    pieces: npt.NDArray[np.void] = np.ndarray((max(size - width + 1, 0),), f"V{width}", buffer=buffer, strides=(1,))
    return pieces[positions].view(np.uint8).reshape(-1, width)
