"""The round trip of each handshake: from the SYN to the acknowledgement that completes it, all connections at once."""

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, RST, SYN
from netviz.tcp.view import View

Integers = npt.NDArray[np.int64]

_SYN_AT, _IS_ANSWERED, _ROUND_TRIP = range(3)


class HandshakeTimes:
    """What is known of each connection's opening: when its newest SYN was, whether it was answered, the round trip."""

    def __init__(self) -> None:
        self._known = np.zeros((1024, 3), np.int64)

    def forget(self, connection: int) -> None:
        """Begin anew with a connection."""
        if connection < len(self._known):
            self._known[connection] = 0

    def feed(self, view: View) -> Integers:
        """The round trip in nanoseconds known at each segment, 0 where it is not. Shape (n,)."""
        self._reserve(int(view.connection[-1]) + 1)
        round_trip: Integers = self._known[view.connection, _ROUND_TRIP]
        marks = np.where(view.is_carried, 0, view.flags & (SYN | ACK | RST))
        pending = self._pending(view, marks)
        if not len(pending):
            return round_trip
        acks = np.flatnonzero(marks & (SYN | ACK | RST) == ACK)
        at = np.searchsorted(acks, pending)
        ends = np.append(acks, len(marks))[at]
        stops = np.searchsorted(view.connection, view.connection[pending], side="right")
        completed = ends < stops
        pending, ends, stops = pending[completed], ends[completed], stops[completed]
        connections = view.connection[pending]
        times = view.time[ends] - self._known[connections, _SYN_AT]
        self._known[connections, _ROUND_TRIP] = times
        lengths = stops - ends
        rows = np.repeat(ends - np.cumsum(lengths) + lengths, lengths) + np.arange(int(lengths.sum()))
        round_trip[rows] = np.repeat(times, lengths)
        return round_trip

    def _pending(self, view: View, marks: Integers) -> Integers:
        """Of each connection whose SYN is answered, with the round trip not known yet, the place to look from."""
        places = np.arange(len(marks))
        syns = np.where(marks & (SYN | ACK | RST) == SYN, places, -1)
        answers = np.flatnonzero(marks & (SYN | ACK | RST) == SYN | ACK)
        latest = np.maximum.accumulate(syns)
        _, first = np.unique(view.connection[answers], return_index=True)
        answers = answers[first]
        answers = answers[self._known[view.connection[answers], _IS_ANSWERED] == 0]
        stops = np.append(np.flatnonzero(np.diff(view.connection)), len(marks) - 1)
        waiting = stops[self._is_waiting(view.connection[stops])]
        self._note_syns(view, latest, answers, stops)
        self._known[view.connection[answers[self._known[view.connection[answers], _SYN_AT] != 0]], _IS_ANSWERED] = 1
        answers = answers[self._is_waiting(view.connection[answers])]
        found: Integers = np.concatenate((view.turns.start[waiting], answers))
        return found

    def _is_waiting(self, connections: Integers) -> npt.NDArray[np.bool_]:
        known = self._known[connections]
        found: npt.NDArray[np.bool_] = (known[:, _IS_ANSWERED] != 0) & (known[:, _ROUND_TRIP] == 0)
        return found

    def _note_syns(self, view: View, latest: Integers, answers: Integers, stops: Integers) -> None:
        """The newest SYN before the answer, or so far where there is no answer yet."""
        stops = stops[self._known[view.connection[stops], _IS_ANSWERED] == 0]
        stops = stops[~np.isin(view.connection[stops], view.connection[answers])]
        for places in (answers, stops):
            syn = latest[places]
            there = syn >= view.turns.start[places]
            self._known[view.connection[places[there]], _SYN_AT] = view.time[syn[there]]

    def _reserve(self, connections: int) -> None:
        if connections > len(self._known):
            more = max(connections, 2 * len(self._known)) - len(self._known)
            self._known = np.concatenate((self._known, np.zeros((more, 3), np.int64)))
