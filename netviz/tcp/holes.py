"""Ranges of one direction's numbers that were sent, as later ones show, and not captured (yet). Bounded."""

from typing import Final, NamedTuple

from netviz.tcp.arithmetic import distance
from netviz.tcp.evidence import Clock

_MOST_HOLES: Final = 64


class Hole(NamedTuple):
    """Numbers from `start` up to `end` that were not captured."""

    start: int
    end: int
    noticed: int
    """Nanoseconds: when the first segment beyond it was captured."""

    clock: Clock = Clock()
    """When that segment was sent, by its sender."""


def note(holes: list[Hole], hole: Hole) -> None:
    """One more; of too many the oldest is forgotten."""
    holes.append(hole)
    if len(holes) > _MOST_HOLES:
        del holes[0]


def filled(holes: list[Hole], start: int, end: int) -> tuple[int, Hole | None]:
    """Take a range out of the holes; returns how much of it was missing, and from which hole (the last one)."""
    left: list[Hole] = []
    found, touched = 0, None
    for hole in holes:
        first = hole.start if distance(hole.start, start) > 0 else start
        last = hole.end if distance(end, hole.end) > 0 else end
        size = distance(last, first)
        if size <= 0:
            left.append(hole)
            continue
        found += size
        touched = hole
        left += [part for part in (hole._replace(end=first), hole._replace(start=last)) if part.start != part.end]
    holes[:] = left[-_MOST_HOLES:]
    return found, touched
