"""Round-trip times of one direction: from a segment to the acknowledgement that covers it, smoothed as RFC 6298 says.

As the point of capture sees them: near the sender they are the sender's own, near the receiver only its reply delay.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_BLOCK: Final = 256

ALPHA: Final = 1 / 8
BETA: Final = 1 / 4
"""RFC 6298 section 2.3: how much a new sample moves the smoothed time and its variation."""


class RoundTrips(NamedTuple):
    """One element an acknowledgement that gave a sample, in packet order; all of shape (k,) and int64, in nanoseconds."""

    packets: Integers
    """Number of the packet that acknowledges."""

    times: Integers
    """When it was captured, since the epoch."""

    sent_packets: Integers
    """Number of the packet that it acknowledges: the newest that it covers whole."""

    samples: Integers
    smoothed: Integers
    """SRTT after the sample."""

    variation: Integers
    """RTTVAR after the sample."""


class Sent(NamedTuple):
    """Segments that use numbers, as one side sent them: packet, time, first number and number after the last, (n,)."""

    packets: Integers
    times: Integers
    starts: Integers
    ends: Integers


class Acknowledged(NamedTuple):
    """Acknowledgements by the other side: packet, time and number, (m,)."""

    packets: Integers
    times: Integers
    numbers: Integers


def round_trips(sent: Sent, acknowledged: Acknowledged) -> RoundTrips:
    """Samples of the acknowledgements that go further than any before.

    None is taken of a segment that was sent more than once by then, since the acknowledgement may be of either copy
    (Karn's rule, RFC 6298 section 3).
    """
    reached = np.maximum.accumulate(sent.ends) if len(sent.ends) else sent.ends
    before = np.concatenate((np.full(1, np.iinfo(np.int64).min), reached[:-1]))
    first = np.flatnonzero(sent.ends > before) if len(sent.ends) else np.empty(0, np.int64)
    repeated_at = _repeated_at(sent, first, before)
    further = _further(acknowledged.numbers)
    numbers = acknowledged.numbers[further]
    chosen = np.searchsorted(sent.ends[first], numbers, side="right") - 1
    last = np.concatenate((np.full(1, np.iinfo(np.int64).min), numbers[:-1]))
    good = chosen >= 0
    chosen = np.maximum(chosen, 0)
    if len(first):
        segment = first[chosen]
        good &= sent.ends[segment] > last
        good &= sent.packets[segment] < acknowledged.packets[further]
        good &= repeated_at[chosen] > acknowledged.packets[further]
    else:
        segment, good = chosen, np.zeros(len(chosen), np.bool_)
    acks, segments = further[good], segment[good]
    samples = acknowledged.times[acks] - sent.times[segments]
    kept = samples >= 0
    acks, segments, samples = acks[kept], segments[kept], samples[kept]
    smoothed, variation = _smooth(samples)
    return RoundTrips(
        acknowledged.packets[acks], acknowledged.times[acks], sent.packets[segments], samples, smoothed, variation
    )


def _further(numbers: Integers) -> Integers:
    """Indices at which the numbers pass their maximum so far."""
    if not len(numbers):
        return np.empty(0, np.int64)
    top = np.maximum.accumulate(numbers)
    rises = np.ones(len(numbers), np.bool_)
    rises[1:] = top[1:] > top[:-1]
    return np.flatnonzero(rises)


def _repeated_at(sent: Sent, first: Integers, before: Integers) -> Integers:
    """For each segment that went further than those before: the first packet in which part of it was sent again."""
    repeated = np.full(len(first), np.iinfo(np.int64).max)
    again = np.flatnonzero(sent.starts < before)
    if not len(again) or not len(first):
        return repeated
    # Segments `first` lie side by side in order, so those that a copy touches are a range.
    low = np.searchsorted(sent.ends[first], sent.starts[again], side="right")
    high = np.searchsorted(sent.starts[first], np.minimum(sent.ends[again], before[again]), side="left")
    counts = np.maximum(high - low, 0)
    copies = np.repeat(again, counts)
    touched = np.repeat(low - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    np.minimum.at(repeated, touched, sent.packets[copies])
    return repeated


def _smooth(samples: Integers) -> tuple[Integers, Integers]:
    """SRTT and RTTVAR after each sample (RFC 6298 section 2)."""
    if not len(samples):
        return samples, samples
    values = samples.astype(np.float64)
    smoothed = _followed(values, values[0], ALPHA)
    before = np.concatenate((values[:1], smoothed[:-1]))
    varied = _followed(np.abs(before - values), values[0] / 2, BETA)
    return smoothed.astype(np.int64), varied.astype(np.int64)


def _followed(values: Floats, first: float, weight: float) -> Floats:
    """Each value moves the result so far by a share of how far it is from it; the first one is `first`. Worked out in
    blocks, each as powers of what is kept of the result before it."""
    found = np.empty(len(values))
    found[0] = first
    kept = (1 - weight) ** np.arange(_BLOCK + 1)
    shares = np.where(
        np.tri(_BLOCK, dtype=np.bool_), weight * kept[np.abs(np.subtract.outer(range(_BLOCK), range(_BLOCK)))], 0
    )
    for at in range(1, len(values), _BLOCK):
        part = values[at : at + _BLOCK]
        size = len(part)
        found[at : at + size] = shares[:size, :size] @ part + found[at - 1] * kept[1 : size + 1]
    return found
