"""What else a segment tells of when it was sent: the sender's clock (RFC 7323) and the count of its datagrams.

Two segments of one side can be told apart by them where sequence numbers and the clock of the capture can not tell which
of the two was sent first, or whether they are one and the same, delivered twice.
"""

from typing import Final, NamedTuple, Protocol

from netviz.tcp.arithmetic import distance

_IDENTIFICATIONS: Final = 1 << 16
_NEAR: Final = 1 << 10
"""Datagrams further apart by number than this may have numbers that count nothing."""


class Clock(NamedTuple):
    """When a segment was sent, by its sender."""

    timestamp: int = -1
    """TSval, -1 where there is none."""

    identification: int = 0
    """Of the IPv4 datagram (RFC 791); 0 where there is none, or it is not counted (RFC 6864)."""


class Evidence(Protocol):
    """Looks at the segments of one batch, by their place in it."""

    def clock(self, index: int) -> Clock:
        """When it was sent."""

    def is_copy(self, index: int) -> bool:
        """Whether it is an earlier segment itself, once more: the same numbers in the same datagram."""


class NoEvidence:
    """Where there are no packets to look at."""

    def clock(self, index: int) -> Clock:
        """Nothing is known."""
        return Clock()

    def is_copy(self, index: int) -> bool:
        """Nothing is known."""
        return False


def order(one: Clock, other: Clock) -> int:
    """1 where `one` was sent after `other`, -1 where it was sent before, 0 where neither is known."""
    if one.timestamp >= 0 and other.timestamp >= 0 and one.timestamp != other.timestamp:
        return 1 if distance(one.timestamp, other.timestamp) > 0 else -1
    if not one.identification or not other.identification:
        return 0
    ahead = (one.identification - other.identification) % _IDENTIFICATIONS
    if ahead and min(ahead, _IDENTIFICATIONS - ahead) <= _NEAR:
        return 1 if ahead <= _NEAR else -1
    return 0
