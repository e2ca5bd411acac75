"""What the walks over pcap and pcapng share: their shape, the gathering of headers, and how a capture is cut short.

A walk is handed bytes that are there and says how far it came. It knows neither where they come from nor whether more
will follow, so a mapped file, a file that is still being unpacked and a pipe are walked by the same code.
"""

from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from netviz.capture.link_types import DBUS, EBHSCR, USBPCAP
from netviz.model.frames import Buffer, CaptureInfo, FrameBatch
from netviz.model.limits import Limits

FIRST_FRAMES: Final = 2_000
"""Frames of the first batch: enough to fill a screen at once."""

BATCH_FRAMES: Final = 16_384
"""Frames of every later batch."""

BATCH_BYTES: Final = 16 << 20
"""Bytes of a capture after which a batch ends though it has few frames, so that large frames do not pile up."""

INT32_MAX: Final = (1 << 31) - 1

_USUAL_LONGEST: Final = 262_144
_LONG_FRAMES: Final = frozenset((DBUS, USBPCAP, EBHSCR))


class Walk(Protocol):
    """The walk over the records of one capture. It remembers what earlier records said, such as the interfaces."""

    start: int
    """Offset of the first record in the capture."""

    ended: bool
    """Nothing after the last offset can be read, however many bytes follow; the capture's info says why."""

    wanted: int
    """Bytes from the last offset on that are needed for the next step."""

    def walk(self, data: Buffer, start: int, end: int, most: int) -> tuple[FrameBatch | None, int]:
        """The frames of at most `most` records in data[start:end], and the offset where the walk stands then.

        Without frames and without a step forward, `wanted` bytes are needed, or the walk has ended.
        """
        ...


def gather(data: Buffer, at: npt.NDArray[np.int64], width: int, dtype: str) -> npt.NDArray[Any]:
    """`width` bytes from each offset as numbers, shape (len(at), width / itemsize). Offsets need no alignment.

    Every offset + width lies within the data.
    """
    anywhere: npt.NDArray[np.void] = np.ndarray((len(data) - width + 1,), f"V{width}", buffer=data, strides=(1,))
    return anywhere[at].view(dtype).reshape(len(at), -1)


def first_true(flags: npt.NDArray[np.bool_]) -> int:
    """Index of the first True; the length where there is none."""
    index = int(flags.argmax()) if len(flags) else 0
    return index if len(flags) and flags[index] else len(flags)


def longest_frame(link_type: int, snaplen: int, limits: Limits) -> int:
    """Captured bytes beyond which a record's length is a lie: what tcpdump and Wireshark take, or an honest snaplen."""
    if link_type in _LONG_FRAMES:
        return limits.frame_bytes
    return max(_USUAL_LONGEST, snaplen if snaplen <= limits.frame_bytes else 0)


def cut_short(info: CaptureInfo, reason: str) -> None:
    """Note that the capture is not read to its end; the first reason stays."""
    if not info.cut_short:
        info.cut_short, info.cut_reason = True, reason
