"""The numbers that a laboratory sheet asks of one direction of a connection: RTT, acknowledgements, window, bursts.

From the arrays of `series.py`, as of a packet. Sizes in bytes, times in nanoseconds. Knows no language.
"""

from collections import Counter
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, RST, SYN
from netviz.tcp.connection import Role
from netviz.tcp.series import ConnectionSeries, DirectionSeries

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ALPHA: Final = 1 / 8
"""EstimatedRTT = (1 - ALPHA) * EstimatedRTT + ALPHA * SampleRTT (RFC 6298 section 2.3)."""
_LEAST_BURST: Final = 2
"""Segments that make a burst."""
_LEAST_GAP: Final = 1_000_000
"""Nanoseconds: on a line of microseconds, shorter silences are those of programs and of the clock."""
_GAP_SHARE: Final = 0.25
"""A gap of this share of the round-trip time ends a burst. Within one, segments leave back to back, or at a sender's pace."""


class DataSegments(NamedTuple):
    """Segments with data of one side, in packet order; all of shape (k,)."""

    packets: Integers
    times: Integers
    """When captured, since the epoch."""

    seq: Integers
    length: Integers
    ack_packets: Integers
    """The first packet of the other side that acknowledges the whole segment; 0 where none does yet."""

    rtt: Integers
    """From the segment to that packet; -1 where there is none, or the segment was sent more than once (Karn)."""

    estimated: Integers
    """EstimatedRTT after this segment's sample; -1 before the first."""


class AckSizes(NamedTuple):
    """How much the acknowledgements of one side acknowledge."""

    acks: int
    """Acknowledgements that go further."""

    sizes: list[tuple[int, int, int]]
    """(bytes, how often, first packet), the most frequent first."""

    several: int
    """How many acknowledge two segments or more: delayed acknowledgements (RFC 9293 section 3.8.6.3)."""


class LeastWindow(NamedTuple):
    """The smallest window that one side offered."""

    packet: int
    window: int
    zero: int
    """How often it was 0."""


class Throughput(NamedTuple):
    """Payload bytes acknowledged over the time that took."""

    bytes: int
    nanoseconds: int
    first_packet: int
    """The first segment with data."""

    last_packet: int
    """The last packet that acknowledges more."""

    @property
    def bits_per_second(self) -> float:
        """8 * bytes / seconds."""
        return self.bytes * 8e9 / self.nanoseconds


class Bursts(NamedTuple):
    """Segments that left back to back, as fleets; all of shape (m,)."""

    packets: Integers
    """First packet of each."""

    times: Integers
    segments: Integers
    bytes: Integers
    gap: int
    """What silence ends a burst."""

    period: int | None
    """The median time from one to the next; None for fewer than three."""


def data_segments(series: ConnectionSeries, role: Role, as_of: int | None = None) -> DataSegments:
    """What a side sent of data, each with its acknowledgement and the estimate that follows from it.

    Worked out once for a series and cut for a packet: acknowledgements come in order, so that those known by then are
    the first ones.
    """
    key = 0 if role == "client" else 1
    kept = next((each for each in _kept if each[0] is series and each[1] == key), None)
    if kept is None:
        kept = (series, key, _data_segments(series, role))
        _kept[:] = [*_kept[1 - _KEPT :], kept]
    return kept[2] if as_of is None else _cut(kept[2], as_of)


_KEPT: Final = 4
_kept: list[tuple[ConnectionSeries, int, DataSegments]] = []
"""The series looked at last, with what they gave."""


def _cut(data: DataSegments, as_of: int) -> DataSegments:
    count = int(np.searchsorted(data.packets, as_of, side="right"))
    packets, times, seq, length, acks, rtt, estimated = (each[:count] for each in data)
    known = (acks > 0) & (acks <= as_of)
    samples = np.where(known, rtt, -1)
    sampled = np.flatnonzero(samples >= 0)
    means = estimated.copy()
    if len(sampled):
        means[sampled[-1] :] = estimated[sampled[-1]]
    else:
        means[:] = -1
    return DataSegments(packets, times, seq, length, np.where(known, acks, 0), samples, means)


def _data_segments(series: ConnectionSeries, role: Role) -> DataSegments:
    own, other = series.of(role), series.of(_other(role))
    sent = np.flatnonzero(own.length > 0)
    packets, times, ends = own.packets[sent], own.times[sent], own.seq[sent] + own.length[sent]
    at, reached = _acknowledged(other, None)
    found = _first_after(reached, other.packets[at], ends, packets)
    known = found >= 0
    place = at[np.maximum(found, 0)] if len(at) else np.zeros(len(sent), np.int64)
    ack_packets = np.where(known, other.packets[place], 0) if len(at) else np.zeros(len(sent), np.int64)
    once = _sent_once(own, sent)
    samples = np.where(known & once, other.times[place] - times, -1) if len(at) else np.full(len(sent), -1, np.int64)
    return DataSegments(packets, times, own.seq[sent], own.length[sent], ack_packets, samples, _estimated(samples))


def _other(role: Role) -> Role:
    return "server" if role == "client" else "client"


def _acknowledged(other: DirectionSeries, as_of: int | None) -> tuple[Integers, Integers]:
    """Indices of a side's acknowledgements, and how far each, or one before it, has gone."""
    count = other.upto(as_of)
    flags = other.flags[:count]
    at = np.flatnonzero((flags & (ACK | RST)) == ACK)
    acks = other.ack[at]
    return at, np.maximum.accumulate(acks) if len(acks) else acks


def _first_after(reached: Integers, ack_packets: Integers, ends: Integers, packets: Integers) -> Integers:
    """For each segment the first acknowledgement that covers it and comes after it; -1 where there is none."""
    if not len(reached):
        return np.full(len(ends), -1, np.int64)
    found = np.maximum(np.searchsorted(reached, ends, side="left"), np.searchsorted(ack_packets, packets))
    return np.where(found < len(reached), found, -1)


def _sent_once(own: DirectionSeries, sent: Integers) -> npt.NDArray[np.bool_]:
    """Whether no part of a segment was sent before or again: else the acknowledgement may be of either (Karn's rule)."""
    starts, ends = own.seq[sent], own.seq[sent] + own.length[sent]
    copies = np.searchsorted(np.sort(starts), ends) - np.searchsorted(np.sort(ends), starts, side="right")
    once: npt.NDArray[np.bool_] = copies == 1
    return once


def _estimated(samples: Integers) -> Integers:
    found: list[float] = []
    mean = -1.0
    for sample in samples.tolist():
        if sample >= 0:
            mean = float(sample) if mean < 0 else (1 - ALPHA) * mean + ALPHA * sample
        found.append(mean)
    return np.array(found, np.int64) if found else np.empty(0, np.int64)


def ack_sizes(series: ConnectionSeries, role: Role, as_of: int | None = None) -> AckSizes:
    """What the acknowledgements of `role` acknowledge of the other side's data; SYN and FIN are not counted."""
    own, data = series.of(role), data_segments(series, _other(role), as_of)
    at, reached = _acknowledged(own, as_of)
    if not len(at) or not len(data.packets):
        return AckSizes(0, [], 0)
    ends = np.unique(data.seq + data.length)
    low, high = int(data.seq.min()), int(ends[-1])
    inside = np.clip(reached, low, high)
    gained = np.diff(inside, prepend=low)
    further = np.flatnonzero(gained > 0)
    sizes = gained[further]
    covered = np.searchsorted(ends, inside[further], side="right")
    before = np.searchsorted(ends, inside[further] - sizes, side="right")
    first: dict[int, int] = {}
    for size, packet in zip(sizes.tolist(), own.packets[at[further]].tolist(), strict=True):
        first.setdefault(size, packet)
    counted = Counter(sizes.tolist()).most_common()
    listed = [(size, times, first[size]) for size, times in counted]
    return AckSizes(len(further), listed, int((covered - before >= 2).sum()))


def least_window(series: ConnectionSeries, role: Role, as_of: int | None = None) -> LeastWindow | None:
    """The smallest window that `role` offered behind its SYN, scaled; the first packet that did."""
    own = series.of(role)
    count = own.upto(as_of)
    at = np.flatnonzero((own.flags[:count] & (SYN | RST)) == 0)
    if not len(at):
        return None
    windows = own.window[at]
    first = int(at[int(windows.argmin())])
    return LeastWindow(int(own.packets[first]), int(windows.min()), int((windows == 0).sum()))


def throughput(series: ConnectionSeries, role: Role, as_of: int | None = None) -> Throughput | None:
    """Payload that `role` sent and the other side acknowledged, over the time from the first of it to that."""
    data = data_segments(series, role, as_of)
    other = series.of(_other(role))
    at, reached = _acknowledged(other, as_of)
    if not len(data.packets) or not len(at):
        return None
    low, high = int(data.seq.min()), int((data.seq + data.length).max())
    done = min(int(reached[-1]), high)
    if done <= low:
        return None
    last = int(at[int(np.searchsorted(reached, done))])
    took = int(other.times[last]) - int(data.times[0])
    if took <= 0:
        return None
    return Throughput(done - low, took, int(data.packets[0]), int(other.packets[last]))


def bursts(series: ConnectionSeries, role: Role, as_of: int | None = None) -> Bursts | None:
    """Fleets of segments of `role`; None where the round-trip time is not known, or nothing comes in bursts."""
    data = data_segments(series, role, as_of)
    samples = data.rtt[data.rtt >= 0]
    if not len(samples):
        return None
    gap = max(int(np.median(samples) * _GAP_SHARE), _LEAST_GAP)
    begins = np.flatnonzero(np.concatenate((np.ones(1, np.bool_), np.diff(data.times) > gap)))
    sizes = np.diff(np.append(begins, len(data.packets)))
    if int((sizes >= _LEAST_BURST).sum()) < _LEAST_BURST:
        return None
    carried = np.add.reduceat(data.length, begins)
    starts = data.times[begins]
    period = int(np.median(np.diff(starts))) if len(begins) > 2 else None
    return Bursts(data.packets[begins], starts, sizes, carried, gap, period)
