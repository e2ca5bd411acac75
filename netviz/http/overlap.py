"""Whether requests were one after the other or at once, from the times of their packets. Times in nanoseconds."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

Word = Literal["alone", "sequential", "parallel", "pipelined", "mixed"]


class Bar(NamedTuple):
    """One exchange in time. `end` is None while it has no answer."""

    id: int
    connection: int
    start: int
    end: int | None


class Overlap(NamedTuple):
    """How a group of exchanges lies in time."""

    word: Word
    most: int
    """The largest number under way at one moment."""

    first: tuple[int, int] | None
    """Numbers of the first two that were under way together."""

    begun: int | None
    """When the second of them began, and ..."""

    ended: int | None
    """... when the first of them ended: the overlap lies between. None where its end was not seen."""

    connections: int


def overlap_of(bars: Sequence[Bar]) -> Overlap:
    """How the exchanges lie in time. Those that never ended count as under way until the last packet of the others."""
    ordered = sorted(bars, key=lambda bar: (bar.start, bar.id))
    connections = len({bar.connection for bar in ordered})
    if len(ordered) < 2:
        return Overlap("alone", len(ordered), None, None, None, connections)
    last = max(max(bar.end or bar.start, bar.start) for bar in ordered) + 1
    running: list[Bar] = []
    most, together = 1, 0
    pair: tuple[Bar, Bar] | None = None
    same = other = False
    for bar in ordered:
        running = [each for each in running if (each.end if each.end is not None else last) > bar.start]
        if running:
            together += 1
            pair = pair or (running[-1], bar)
            same |= any(each.connection == bar.connection for each in running)
            other |= any(each.connection != bar.connection for each in running)
        running.append(bar)
        most = max(most, len(running))
    if pair is None:
        return Overlap("sequential", 1, None, None, None, connections)
    word: Word = "pipelined" if same and not other else "parallel" if together == len(ordered) - 1 else "mixed"
    return Overlap(word, most, (pair[0].id, pair[1].id), pair[1].start, pair[0].end, connections)
