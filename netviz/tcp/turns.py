"""Segments of many connections side by side: which came before each from either side, and what number was expected.

In numpy, as far as columns can tell: a SYN that belongs to somebody else is taken for one of the connection's.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.tcp.arithmetic import HALF, MASK

Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_FARTHEST = 1 << 40


class Turns(NamedTuple):
    """All arrays of shape (n,): an element a segment, connections one after another, in each the order of the capture."""

    start: Integers
    """Where the segment's connection begins."""

    latest: tuple[Integers, Integers]
    """By side: the latest segment at or before this one that counts, -1 where there was none."""

    before: Integers
    """The latest of the same side before this one."""

    opposite: Integers
    """The latest of the other side before this one."""

    head: Integers
    """The first of the same side that counts (of one that does not count: itself)."""

    ahead: Integers
    """How far it begins ahead of the number expected: 0 in turn, negative where numbers come again. 0 for the first."""

    reached: Integers
    """The number expected of its side after it."""


def turns(connection: Integers, side: npt.NDArray[np.int8], seq: Integers, size: Integers, counts: Mask) -> Turns:
    """Look at segments sorted by connection. `size` is how many numbers each uses; those that do not `count` (resets)
    stand beside the numbers of their side."""
    number = len(connection)
    places = np.arange(number)
    first = _firsts(connection)
    start = np.maximum.accumulate(np.where(first, places, 0))
    inclusive, earlier = [], []
    for each in (0, 1):
        last = np.maximum.accumulate(np.where(counts & (side == each), places, -1))
        last[last < start] = -1
        shifted = np.empty_like(last)
        shifted[0], shifted[1:] = -1, last[:-1]
        shifted[first] = -1
        inclusive.append(last)
        earlier.append(shifted)
    is_other = side != 0
    head, ahead, reached = places.copy(), np.zeros(number, np.int64), np.zeros(number, np.int64)
    for each in (0, 1):
        mine = np.flatnonzero(counts & (side == each))
        if len(mine):
            begin, ahead[mine], reached[mine] = _expected(connection[mine], seq[mine], size[mine])
            head[mine] = mine[begin]
    return Turns(
        start, (inclusive[0], inclusive[1]), np.where(is_other, earlier[1], earlier[0]),
        np.where(is_other, earlier[0], earlier[1]), head, ahead, reached,
    )  # fmt: skip


def _firsts(connection: Integers) -> Mask:
    first = np.ones(len(connection), np.bool_)
    first[1:] = connection[1:] != connection[:-1]
    return first


def _expected(connection: Integers, seq: Integers, size: Integers) -> tuple[Integers, Integers, Integers]:
    """Of one side of each connection: index of its first segment, how far each is ahead, and what it reaches.

    Numbers are followed as distances from the one before, so that they may wrap (RFC 9293 section 3.4), and each
    connection gets a range of its own, so that one running maximum serves all of them.
    """
    first = _firsts(connection)
    starts = np.flatnonzero(first)
    lengths = np.diff(np.append(starts, len(seq)))
    steps = np.diff(seq, prepend=seq[:1])
    steps = (steps + HALF & MASK) - HALF
    steps[starts] = 0
    place = np.cumsum(steps)
    place -= np.repeat(place[starts], lengths)
    place = np.clip(place, -_FARTHEST, _FARTHEST)
    ends = place + size
    span = int(max(ends.max(), -place.min())) + 1
    shelf = np.repeat(np.arange(len(starts), dtype=np.int64) * (2 * span), lengths)
    top = np.maximum.accumulate(ends + shelf) - shelf
    expected = np.empty_like(top)
    expected[0], expected[1:] = 0, top[:-1]
    expected[starts] = 0
    base = np.repeat(seq[starts], lengths)
    ahead = np.where(np.abs(place) < _FARTHEST, place - expected, 1)
    return np.repeat(starts, lengths), ahead, base + top & MASK
