"""Runs of segments that go on where their sides stopped: a connection's tracker takes each of them in one go."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import MASK
from netviz.tcp.run import Integers, Run

if TYPE_CHECKING:
    from netviz.tcp.connection import Segment
    from netviz.tcp.tracker import ConnectionTracker

_SHORTEST: Final = 32
"""Fewer segments are sooner fed one by one."""
_AT_A_TIME: Final = 4096


def feed(tracker: "ConnectionTracker", run: Run, segments: Callable[[Integers], Iterable["Segment"]]) -> None:
    """Feed segments to a tracker. `segments` makes those at some places, each as it is fed by itself."""
    breaks = np.flatnonzero(~_goes_on(run))
    edges = np.append(breaks, len(run.packet))
    begins = np.concatenate((np.zeros(1, np.int64), breaks + 1))
    at = 0
    for place in np.flatnonzero(edges - begins >= _SHORTEST).tolist():
        begin, end = int(begins[place]), int(edges[place])
        _one_by_one(tracker, at, begin, segments)
        _pass(tracker, run, begin, end, segments)
        at = end
    _one_by_one(tracker, at, len(run.packet), segments)


def _pass(
    tracker: "ConnectionTracker", run: Run, at: int, end: int, segments: Callable[[Integers], Iterable["Segment"]]
) -> None:
    """All of a run at once, or where that can not be, some of it one by one first."""
    step = _SHORTEST
    while at < end and not tracker.passes(run.part(at, end)):
        stop = min(at + step, end)
        _one_by_one(tracker, at, stop, segments)
        at, step = stop, _AT_A_TIME


def _one_by_one(
    tracker: "ConnectionTracker", at: int, stop: int, segments: Callable[[Integers], Iterable["Segment"]]
) -> None:
    for start in range(at, stop, _AT_A_TIME):
        for segment in segments(np.arange(start, min(start + _AT_A_TIME, stop))):
            tracker.feed(segment)


def _goes_on(run: Run) -> npt.NDArray[np.bool_]:
    """Which segments begin where the one before them of their side ended, and neither open nor close."""
    found: npt.NDArray[np.bool_] = run.flags & (SYN | FIN | RST | ACK) == ACK
    ends = run.seq + run.length + (run.flags & SYN != 0) + (run.flags & FIN != 0) & MASK
    for side in (0, 1):
        mine = np.flatnonzero(run.side == side)
        found[mine[1:]] &= run.seq[mine[1:]] == ends[mine[:-1]]
        found[mine[:1]] = False
    return found
