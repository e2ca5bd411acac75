"""Ranges of one direction's numbers that were sent, as later ones show, and not captured (yet). Bounded."""

from typing import Final, NamedTuple

from netviz.tcp.arithmetic import distance

_MOST_HOLES: Final = 64


class Hole(NamedTuple):
    """Numbers from `start` up to `end` that were not captured."""

    start: int
    end: int
    noticed: int
    """Nanoseconds: when the first segment beyond it was captured."""


def note(holes: list[Hole], hole: Hole) -> None:
    """One more; of too many the oldest is forgotten."""
    holes.append(hole)
    if len(holes) > _MOST_HOLES:
        del holes[0]


def filled(holes: list[Hole], start: int, end: int) -> tuple[int, int]:
    """Take a range out of the holes; returns how much of it was missing, and when (ns) that was noticed."""
    left: list[Hole] = []
    found = noticed = 0
    for hole in holes:
        first = hole.start if distance(hole.start, start) > 0 else start
        last = hole.end if distance(end, hole.end) > 0 else end
        size = distance(last, first)
        if size <= 0:
            left.append(hole)
            continue
        found += size
        noticed = hole.noticed
        left += [part for part in (hole._replace(end=first), hole._replace(start=last)) if part.start != part.end]
    holes[:] = left[-_MOST_HOLES:]
    return found, noticed
