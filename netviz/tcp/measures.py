"""What is measured of one direction of a connection, each with the packet that shows it. Numbers in, numbers out."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import RST, SYN
from netviz.tcp.round_trips import ALPHA
from netviz.tcp.series import ConnectionSeries, DirectionSeries
from netviz.wire.options import TcpOptions

Integers = npt.NDArray[np.int64]

_MOST_SIZES: Final = 8


class RoundTripTimes(NamedTuple):
    """Of a side's segments, by the other's acknowledgements, at the point of capture; nanoseconds."""

    samples: int
    least: int
    least_packet: int
    """The acknowledgement that gave the sample, as in `greatest_packet`."""

    median: int
    greatest: int
    greatest_packet: int
    estimated: int
    """EstimatedRTT (SRTT) after the last sample: alpha is 1/8 (RFC 6298 section 2.3)."""

    deviation: int
    """DevRTT (RTTVAR), beta is 1/4."""

    timeout: int
    """Estimate and four deviations (RFC 6298 section 2.3)."""


class DataSegment(NamedTuple):
    """One segment with payload."""

    packet: int
    seq: int
    """Relative: the first byte after the SYN is 1."""

    length: int
    sent: int
    """Nanoseconds since the epoch."""

    acked_by: int | None
    """The first acknowledgement that covers all of it."""

    rtt: int | None
    """Nanoseconds until then; None as well where it was sent more than once (Karn's rule)."""

    estimated: int | None
    """EstimatedRTT after it, from the first data segment on."""


class AckSizes(NamedTuple):
    """How many bytes the acknowledgements of a side took in."""

    acks: int
    """Acknowledgements that went further than those before."""

    of_one: int
    """Those of which each took in one data segment or a part of it."""

    of_two: int
    of_more: int
    sizes: list[tuple[int, int, int]]
    """Bytes, how often, first packet: the most frequent first, a bounded number of them."""


class Throughput(NamedTuple):
    """Payload over the time from the first data segment until the last of it was acknowledged."""

    payload: int
    nanoseconds: int
    first: int
    last: int
    """Packets between which it was measured."""


class Extreme(NamedTuple):
    """A value in bytes and the packet that shows it."""

    value: int
    packet: int


class Measures(NamedTuple):
    """All that is measured of what one side sent."""

    options: TcpOptions | None
    """Of its SYN; None where that was not captured."""

    isn: int | None
    data_segments: int
    repeated: int
    """Bytes that were sent more than once."""

    rtt: RoundTripTimes | None
    in_flight: Extreme | None
    """The most that was sent and not acknowledged."""

    least_window: Extreme | None
    """The least window that this side offered after its SYN, scaled."""

    greatest_window: Extreme | None
    acks: AckSizes
    throughput: Throughput | None
    segments: list[DataSegment]
    """The first data segments, so many as were asked for."""


def measures(series: ConnectionSeries, side: int, options: TcpOptions | None, isn: int | None, most: int) -> Measures:
    """Measure what a side sent. `most`: how many of its data segments are listed."""
    own, other = series.directions[side], series.directions[1 - side]
    data = np.flatnonzero(own.length > 0)
    heard = np.flatnonzero((other.ack >= 0) & (other.flags & RST == 0))
    reached = np.maximum.accumulate(other.ack[heard]) if len(heard) else heard
    return Measures(
        options, isn, len(data), _repeated(own, data), _round_trip_times(own), _in_flight(series, own),
        *_windows(own), _ack_sizes(own, other), _throughput(own, other, data, heard, reached),
        _segments(own, other, data, heard, reached, most),
    )  # fmt: skip


def _payload(direction: DirectionSeries, index: Integers) -> tuple[Integers, Integers]:
    """First number of the payload of some segments, and the one after its last."""
    starts = direction.seq[index] + (direction.flags[index] & SYN != 0)
    return starts, starts + direction.length[index]


def _repeated(own: DirectionSeries, data: Integers) -> int:
    """Bytes sent less bytes spanned, where nothing is missing; at least 0."""
    starts, ends = _payload(own, data)
    order = np.argsort(starts, kind="stable")
    if not len(order):
        return 0
    reached = np.maximum.accumulate(np.concatenate((starts[order][:1], ends[order])))
    fresh = np.maximum(ends[order] - np.maximum(starts[order], reached[:-1]), 0)
    return int((ends - starts).sum() - fresh.sum())


def _round_trip_times(own: DirectionSeries) -> RoundTripTimes | None:
    found = own.rtt
    if not len(found.samples):
        return None
    least, greatest = int(found.samples.argmin()), int(found.samples.argmax())
    estimated, deviation = int(found.smoothed[-1]), int(found.variation[-1])
    return RoundTripTimes(
        len(found.samples), int(found.samples[least]), int(found.packets[least]), int(np.median(found.samples)),
        int(found.samples[greatest]), int(found.packets[greatest]), estimated, deviation, estimated + 4 * deviation,
    )  # fmt: skip


def _in_flight(series: ConnectionSeries, own: DirectionSeries) -> Extreme | None:
    if not len(own.in_flight) or int(own.in_flight.max()) <= 0:
        return None
    at = int(own.in_flight.argmax())
    return Extreme(int(own.in_flight[at]), int(series.packets[at]))


def _windows(own: DirectionSeries) -> tuple[Extreme | None, Extreme | None]:
    told = np.flatnonzero(own.flags & (SYN | RST) == 0)
    if not len(told):
        return None, None
    least, greatest = (int(told[at]) for at in (own.window[told].argmin(), own.window[told].argmax()))
    return (
        Extreme(int(own.window[least]), int(own.packets[least])),
        Extreme(int(own.window[greatest]), int(own.packets[greatest])),
    )


def _ack_sizes(own: DirectionSeries, other: DirectionSeries) -> AckSizes:
    """Of the acknowledgements that `own` sent for the other's data."""
    acks = np.flatnonzero((own.ack >= 0) & (own.flags & (RST | SYN) == 0))
    if not len(acks):
        return AckSizes(0, 0, 0, 0, [])
    reached = np.maximum.accumulate(own.ack[acks])
    starts, ends = _payload(other, np.flatnonzero(other.length > 0))
    ends = np.unique(ends)
    base = int(starts.min()) if len(starts) else int(reached[0])
    before = np.concatenate((np.full(1, base, np.int64), reached[:-1]))
    before, top = np.maximum(before, base), np.minimum(reached, int(ends.max()) if len(ends) else base)
    taken = top - before
    further = np.flatnonzero(taken > 0)
    covered = np.searchsorted(ends, top[further], side="right") - np.searchsorted(ends, before[further], side="right")
    sizes, first, times = np.unique(taken[further], return_index=True, return_counts=True)
    order = np.argsort(-times, kind="stable")[:_MOST_SIZES]
    listed = [(int(sizes[at]), int(times[at]), int(own.packets[acks[further[first[at]]]])) for at in order.tolist()]
    one, two = int((covered <= 1).sum()), int((covered == 2).sum())
    return AckSizes(len(further), one, two, len(further) - one - two, listed)


def _throughput(
    own: DirectionSeries, other: DirectionSeries, data: Integers, heard: Integers, reached: Integers
) -> Throughput | None:
    if not len(data) or not len(heard):
        return None
    first = int(data[0])
    starts, ends = _payload(own, data)
    start, end = int(starts.min()), min(int(ends.max()), int(reached[-1]))
    at = int(np.searchsorted(reached, end))
    last = int(heard[min(at, len(heard) - 1)])
    elapsed = int(other.times[last] - own.times[first])
    if elapsed <= 0 or end <= start:
        return None
    return Throughput(end - start, elapsed, int(own.packets[first]), int(other.packets[last]))


def _segments(
    own: DirectionSeries, other: DirectionSeries, data: Integers, heard: Integers, reached: Integers, most: int
) -> list[DataSegment]:
    """The first segments with payload. Of one that was sent more than once no time is taken (Karn's rule)."""
    starts, ends = _payload(own, data)
    listed = data[:most]
    first, last = starts[:most], ends[:most]
    copies = np.searchsorted(np.sort(starts), last) - np.searchsorted(np.sort(ends), first, side="right")
    places = np.searchsorted(reached, last)
    covered = places < len(heard)
    acks = heard[np.minimum(places, len(heard) - 1)] if len(heard) else np.zeros(len(listed), np.int64)
    found: list[DataSegment] = []
    estimated: float | None = None
    for at, index in enumerate(listed.tolist()):
        ack = int(acks[at]) if covered[at] and other.packets[acks[at]] > own.packets[index] else None
        rtt = int(other.times[ack] - own.times[index]) if ack is not None and copies[at] == 1 else None
        if rtt is not None:
            estimated = float(rtt) if estimated is None else estimated + ALPHA * (rtt - estimated)
        found.append(
            DataSegment(
                int(own.packets[index]), int(first[at]), int(own.length[index]), int(own.times[index]),
                None if ack is None else int(other.packets[ack]), rtt, None if estimated is None else int(estimated),
            )
        )  # fmt: skip
    return found
