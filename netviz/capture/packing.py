"""Frames to the bytes of pcapng enhanced packet blocks, many at a time. Knows nothing of files.

Between two frames always lie the padding and the trailer of one block and the head of the next: numpy makes all of
those at once, and what is left for each frame is two slices and one join.
"""

from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_ENHANCED: Final = 6
_JOINT: Final = 36


def packed(
    memory: Any,
    offsets: npt.NDArray[np.int64],
    captured: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int32],
    times: npt.NDArray[np.int64],
    interfaces: npt.NDArray[np.uint16] | int,
) -> bytes:
    """The blocks of frames that lie at memory[offset : offset + captured]; times in ns, as the interface block says.

    Arrays have shape (n,). Times before the epoch become 0.
    """
    count = len(offsets)
    if not count:
        return b""
    padding = -captured & 3
    totals = captured + padding + 32
    stamps = np.maximum(times, 0)
    joints = np.zeros((count + 1, _JOINT // 4), "<u4")
    joints[1:, 1] = totals
    heads = joints[:-1]
    heads[:, 2] = _ENHANCED
    heads[:, 3] = totals
    heads[:, 4] = interfaces
    heads[:, 5] = stamps >> 32
    heads[:, 6] = stamps & 0xFFFFFFFF
    heads[:, 7] = captured
    heads[:, 8] = lengths
    begins = np.arange(count + 1) * _JOINT
    ends = begins + _JOINT
    begins[1:] += 4 - padding
    begins[0] += 8
    ends[-1] -= _JOINT - 8
    between = joints.tobytes()
    joined = [between[start:stop] for start, stop in zip(begins.tolist(), ends.tolist(), strict=True)]
    frames = [memory[start:stop] for start, stop in zip(offsets.tolist(), (offsets + captured).tolist(), strict=True)]
    return b"".join((*chain.from_iterable(zip(joined, frames, strict=False)), joined[-1]))
