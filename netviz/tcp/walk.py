"""Steps through the segments that are not plain, from what the columns say of both directions before each.

After a step, the next plain segments are passed over if both directions are again as the columns say; else they are
stepped through as well, one at a time.
"""

from typing import Final

import numpy as np

from netviz.model.protocols import ACK
from netviz.tcp.analysis import Row, is_foreign, step
from netviz.tcp.arithmetic import HALF, MASK
from netviz.tcp.carried import Carried
from netviz.tcp.marks import KEEP_ALIVE, ZERO_WINDOW_PROBE
from netviz.tcp.view import View

_ASKS: Final = KEEP_ALIVE | ZERO_WINDOW_PROBE


def walk(view: View, carried: Carried) -> None:
    """Mark what is not plain; leaves the state of the connections that this changed in `carried`."""
    is_plain = view.is_plain
    for place in np.flatnonzero(view.is_open).tolist():
        # What follows was looked at as if nothing were open.
        rest = view.given[place:]
        is_plain[place + int(np.argmax(rest >= 0))] = False
    places = np.flatnonzero(~is_plain)
    if not len(places):
        return
    begins = np.flatnonzero(np.diff(view.connection[places], prepend=-1))
    stops = np.searchsorted(view.connection, view.connection[places[begins]], side="right").tolist()
    for mine, stop in zip(np.split(places, begins[1:]), stops, strict=True):
        _Walk(view, carried, mine.tolist(), stop).go()


class _Walk:
    """Through one connection, from its first segment that is not plain to the end of the batch."""

    def __init__(self, view: View, carried: Carried, places: list[int], stop: int) -> None:
        self._view = view
        self._carried = carried
        self._places = places
        self._stop = stop
        self._connection = int(view.connection[places[0]])
        self._sides = (carried.load(2 * self._connection), carried.load(2 * self._connection + 1))
        self._lags: list[int | None] = [None, None]
        """By side: up to where the other may acknowledge, where that is not all it sent."""
        self._is_astray = False
        """A segment of somebody else stands in the columns: they are right again with the next batch."""

    def go(self) -> None:
        """Step where it must be."""
        self._look_for_lags()
        places, stop, at, place = self._places, self._stop, 0, self._places[0]
        is_open = False
        while place < stop:
            self._arrive(place)
            while True:
                self._step(place)
                place += 1
                is_open = not self._is_as_expected(place - 1)
                if not is_open or place == stop:
                    break
            self._look_for_lags()
            while at < len(places) and places[at] < place:
                at += 1
            place = self._lagging(place, places[at] if at < len(places) else stop)
        if not is_open:
            self._arrive(stop)
        for side, direction in enumerate(self._sides):
            self._carried.save(2 * self._connection + side, direction)
        self._view.left_open.add(self._connection)

    def _step(self, place: int) -> None:
        view = self._view
        side = int(view.side[place])
        forward, reverse = self._sides[side], self._sides[1 - side]
        row = Row(
            int(view.time[place]), int(view.flags[place]), int(view.seq[place]), int(view.ack[place]),
            int(view.window[place]), int(view.length[place]), int(view.scale[place]), bool(view.is_reused[place]),
            int(view.given[place]),
        )  # fmt: skip
        if is_foreign(row, forward, reverse):
            self._is_astray = True
            view.foreign.append(place)
            view.marks[place] = 0
            return
        view.marks[place] = step(row, forward, reverse, int(view.round_trip[place]), view.evidence)

    def _arrive(self, place: int) -> None:
        """Both directions as they are before a place, from the columns; what columns do not tell stays."""
        view = self._view
        for side, direction in enumerate(self._sides):
            last = int(view.turns.latest[side][place - 1])
            if last < int(view.turns.start[place - 1]):
                continue
            if direction.next_seq < 0 or direction.isn < 0:
                head = int(view.turns.head[last])
                direction.scale, direction.isn = int(view.scale[head]), int(view.isn[head])
                direction.syn_end = int(view.syn_end[head])
            direction.next_seq = int(view.turns.reached[last])
            lag = self._lags[side]
            direction.confirmable = direction.next_seq if lag is None else lag
            direction.last_ack, direction.acked_at = int(view.last_ack[last]), int(view.time[last])
            direction.window, direction.window_is_scaled = int(view.window[last]), bool(view.is_scaled[last])
            direction.duplicates = int(view.duplicates[last])
            direction.last_marks &= ~_ASKS if not view.is_carried[last] else -1

    def _is_as_expected(self, place: int) -> bool:
        """Whether both directions are as the columns say after a segment."""
        if self._is_astray:
            return False
        turns = self._view.turns
        for side, direction in enumerate(self._sides):
            last = int(turns.latest[side][place])
            if last < 0:
                continue
            if direction.next_seq != turns.reached[last] or direction.duplicates != self._view.duplicates[last]:
                return False
            if direction.last_marks & _ASKS or direction.scale != self._view.scale[turns.head[last]]:
                return False
        return True

    def _look_for_lags(self) -> None:
        for side, direction in enumerate(self._sides):
            self._lags[side] = None if direction.confirmable == direction.next_seq else direction.confirmable

    def _lagging(self, place: int, stop: int) -> int:
        """The first place before `stop` that acknowledges beyond what a direction with a lag allows."""
        view = self._view
        for side, lag in enumerate(self._lags):
            if lag is None or place >= stop:
                continue
            part = slice(place, stop)
            acks = (view.side[part] != side) & (view.flags[part] & ACK != 0)
            beyond = acks & ((view.ack[part] - lag - 1 & MASK) < HALF - 1)
            if beyond.any():
                stop = place + int(np.argmax(beyond))
        return stop
