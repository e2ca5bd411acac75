"""What one side of a connection sent again, and why: a fast retransmission, a time-out and its back-off, a probe.

The analysis says that a segment was sent again; how long its sender had waited, and what it had heard, says why.
"""

from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, SYN
from netviz.tcp.marks import (
    DUPLICATE_ACK,
    FAST_RETRANSMISSION,
    KEEP_ALIVE,
    RETRANSMISSION,
    SPURIOUS_RETRANSMISSION,
    ZERO_WINDOW_PROBE,
)
from netviz.tcp.series import DirectionSeries

Integers = npt.NDArray[np.int64]

_LEAST_TIMEOUT: Final = 180_000_000
"""Nanoseconds: no sender that is known waits less than 200 ms (Linux; RFC 6298 section 2.4 says a second), as captured."""
_BACKS_OFF: Final = 1.5
"""Times as long as the time-out before: less is the same time again (Linux repeats its first SYNs so)."""


class Reason(StrEnum):
    """Why a segment was sent again."""

    FAST = "fast"
    """Three duplicate acknowledgements (RFC 5681 section 3.2)."""

    RECOVERY = "recovery"
    """More of what was lost, after a fast retransmission and before all of it was acknowledged (RFC 6582, RFC 6675)."""

    TIMEOUT = "timeout"
    """Nothing was heard for the time-out (RFC 6298 section 5.4)."""

    BACK_OFF = "back-off"
    """Nothing was heard once more, for about twice the time (RFC 6298 section 5.5)."""

    SPURIOUS = "spurious"
    """It had been acknowledged already."""

    EARLY = "early"
    """Sooner than any time-out and without duplicate acknowledgements: a tail loss probe (RFC 8985), or the original was
    lost before the capture."""

    ANSWER = "answer"
    """A SYN,ACK for a SYN that came again (RFC 9293 section 3.10.7.4)."""

    WINDOW_PROBE = "window-probe"
    """To learn whether a closed window has opened (RFC 9293 section 3.8.6.1)."""

    KEEP_ALIVE = "keep-alive"
    """To learn whether the other side is still there (RFC 9293 section 3.8.4)."""


class SentAgain(NamedTuple):
    """One segment that was sent again, or that asks again."""

    packet: int
    reason: Reason
    before: int | None
    """Packet that carried its first number before, the newest; None where it was not captured."""

    waited: int | None
    """Nanoseconds since then."""

    attempt: int
    """How many times in a row it was sent for this reason, 1 for the first."""

    ratio: float | None
    """How much longer than the time before it was waited, where it is the second in a row or more."""


def sent_again(own: DirectionSeries, other: DirectionSeries) -> list[SentAgain]:
    """What a side sent again, in packet order; `other` is what it heard."""
    asked = RETRANSMISSION | ZERO_WINDOW_PROBE | KEEP_ALIVE
    chosen = np.flatnonzero(own.marks & asked)
    if not len(chosen):
        return []
    order = np.argsort(own.seq, kind="stable")
    ordered = own.seq[order]
    duplicates = other.packets[other.marks & DUPLICATE_ACK != 0]
    reached = np.maximum.accumulate(own.end)
    recovering_to = -1
    found: list[SentAgain] = []
    for index in chosen.tolist():
        first, last = np.searchsorted(ordered, (own.seq[index], own.seq[index] + 1))
        same = order[first:last]
        same = same[same < index]
        if own.end[index] > own.seq[index]:
            same = same[own.end[same] > own.seq[same]]
        before = int(same.max()) if len(same) else None
        if before is None and index and own.marks[index] & (ZERO_WINDOW_PROBE | KEEP_ALIVE):
            before = index - 1
        reason = _reason(own, index, before, duplicates, recovering_to)
        if reason is Reason.FAST:
            recovering_to = int(reached[index - 1])
        found.append(_told(own, found, index, before, reason))
    return found


def _reason(own: DirectionSeries, index: int, before: int | None, duplicates: Integers, recovering_to: int) -> Reason:
    marks = int(own.marks[index])
    if marks & ZERO_WINDOW_PROBE:
        return Reason.WINDOW_PROBE
    if marks & KEEP_ALIVE:
        return Reason.KEEP_ALIVE
    if marks & FAST_RETRANSMISSION:
        return Reason.FAST
    waited = None if before is None else int(own.times[index] - own.times[before])
    if waited is not None and waited >= _LEAST_TIMEOUT and own.seq[index] >= recovering_to:
        return Reason.TIMEOUT
    if marks & SPURIOUS_RETRANSMISSION:
        return Reason.SPURIOUS
    if own.seq[index] < recovering_to:
        return Reason.RECOVERY if waited is None or waited < 5 * _LEAST_TIMEOUT else Reason.TIMEOUT
    if waited is not None and waited >= _LEAST_TIMEOUT:
        return Reason.TIMEOUT
    if own.flags[index] & (SYN | ACK) == SYN | ACK:
        return Reason.ANSWER
    start = own.packets[max(index - 1, 0)]
    heard = np.searchsorted(duplicates, (start, own.packets[index]))
    return Reason.RECOVERY if heard[1] > heard[0] else Reason.EARLY


def _told(own: DirectionSeries, found: list[SentAgain], index: int, before: int | None, reason: Reason) -> SentAgain:
    packet = int(own.packets[index])
    waited = None if before is None else int(own.times[index] - own.times[before])
    attempt, ratio = 1, None
    last = found[-1] if found else None
    repeats = last is not None and before is not None and last.packet == int(own.packets[before])
    in_a_row = (Reason.TIMEOUT, Reason.BACK_OFF) if reason is Reason.TIMEOUT else (reason,)
    if last is not None and repeats and last.reason in in_a_row:
        attempt = last.attempt + 1
        ratio = waited / last.waited if waited is not None and last.waited else None
        if reason is Reason.TIMEOUT and ratio is not None and ratio >= _BACKS_OFF:
            reason = Reason.BACK_OFF
    return SentAgain(packet, reason, None if before is None else int(own.packets[before]), waited, attempt, ratio)
