"""Sequence numbers, which wrap at 2**32 (RFC 9293 section 3.4). Knows nothing else of TCP."""

from typing import Final

import numpy as np
import numpy.typing as npt

MODULUS: Final = 1 << 32
MASK: Final = MODULUS - 1
HALF: Final = 1 << 31


def add(number: int, count: int) -> int:
    """The sequence number `count` bytes after `number` (before it, where `count` is negative)."""
    return number + count & MASK


def distance(later: int, earlier: int) -> int:
    """How far `later` is ahead of `earlier`, from -2**31 to 2**31 - 1: negative where it is behind.

    RFC 9293 compares modulo 2**32: which of two numbers comes first is only defined while they lie less than half the
    space apart, which the greatest window (2**30) keeps true for all bytes in flight.
    """
    return (later - earlier + HALF & MASK) - HALF


def distances(later: npt.NDArray[np.int64], earlier: npt.NDArray[np.int64] | int) -> npt.NDArray[np.int64]:
    """The same of many numbers at once."""
    return (later - earlier + HALF & MASK) - HALF


def is_after(one: int, other: int) -> bool:
    """Whether `one` comes after `other`."""
    return 0 < (one - other & MASK) < HALF


def is_at_or_after(one: int, other: int) -> bool:
    """Whether `one` is `other` or comes after it."""
    return (one - other & MASK) < HALF


def latest(one: int, other: int) -> int:
    """The one of two sequence numbers that comes after the other."""
    return one if (one - other & MASK) < HALF else other


def relative(number: int, first: int) -> int:
    """A sequence number counted from the first one of its direction, as people read them: 0 to 2**32 - 1."""
    return number - first & MASK
