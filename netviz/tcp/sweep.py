"""The analysis of all segments of a capture, column by column, batch by batch: `Analyses.feed(segments) -> marks`.

Most segments go on where the one before them stopped. What those are marked with, and what they leave behind, is worked
out for all of them at once (`plain`); the others are stepped through one at a time (`walk`), from what the columns say
both directions had shown before them. However the segments are cut into batches, they get the same marks.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, RST, SYN
from netviz.tcp.analysis import NOT_OFFERED, UNKNOWN
from netviz.tcp.carried import (
    ACKED_AT,
    CONFIRMABLE,
    DUPLICATES,
    FROM_COLUMNS,
    IS_SCALED,
    ISN,
    LAST_ACK,
    LAST_MARKS,
    NEXT_SEQ,
    SCALE,
    SYN_END,
    WINDOW,
    Carried,
)  # fmt: skip
from netviz.tcp.evidence import Evidence, NoEvidence
from netviz.tcp.handshake_times import HandshakeTimes
from netviz.tcp.marks import KEEP_ALIVE, ZERO_WINDOW_PROBE, Marks
from netviz.tcp.plain import look
from netviz.tcp.turns import turns
from netviz.tcp.view import View
from netviz.tcp.walk import walk

Integers = npt.NDArray[np.int64]


class Segments(NamedTuple):
    """TCP segments in the order of the capture; all of shape (n,)."""

    connection: Integers
    side: npt.NDArray[np.int8]
    time: Integers
    flags: Integers
    seq: Integers
    ack: Integers
    window: Integers
    length: Integers
    scale: Integers
    """Window scale that a SYN offers, -1 where it offers none; of other segments it means nothing."""

    is_reused: npt.NDArray[np.bool_]
    """Whether an earlier connection had the same addresses and ports."""

    evidence: Evidence = NoEvidence()
    """What the packets tell besides, by index."""


class Found(NamedTuple):
    """What was found of each segment; both of shape (n,)."""

    marks: Marks
    shift: npt.NDArray[np.int8]
    """By how much its window is shifted (RFC 7323); -1 where a SYN was not captured and it can not be known."""


class Analyses:
    """The analysis of many connections, as far as it has come."""

    def __init__(self) -> None:
        self._carried = Carried()
        self._times = HandshakeTimes()

    def forget(self, connection: int) -> None:
        """Begin anew with a connection."""
        self._carried.forget([2 * connection, 2 * connection + 1])
        self._times.forget(connection)

    def feed(self, segments: Segments) -> Found:
        """Mark the next segments of the capture."""
        count = len(segments.connection)
        if not count:
            return Found(np.empty(0, np.uint16), np.empty(0, np.int8))
        view = self._view(segments)
        look(view)
        view.round_trip = self._times.feed(view)
        walk(view, self._carried)
        self._keep(view)
        marks, shift = np.zeros(count, np.uint16), np.zeros(count, np.int8)
        marks[view.given[view.given >= 0]] = view.marks[view.given >= 0]
        shift[view.given[view.given >= 0]] = _shifts(view)[view.given >= 0]
        return Found(marks, shift)

    def _view(self, segments: Segments) -> View:
        """The segments put together by connection, before each connection what its directions had shown by then."""
        connection = segments.connection
        active = np.unique(connection)
        keys = np.stack((2 * active, 2 * active + 1), 1).ravel()
        before = self._carried.rows(keys)
        known = np.flatnonzero(before[:, NEXT_SEQ] >= 0)
        before, keys = before[known], keys[known]
        number = len(keys)
        order = np.argsort(np.concatenate((keys >> 1, connection)), kind="stable")

        is_in_order = bool((order[1:] > order[:-1]).all())

        def column(carried: Integers, given: npt.NDArray[np.generic]) -> Integers:
            together = np.concatenate((carried, given.astype(np.int64, copy=False)))
            return together if is_in_order else together[order]

        nothing = np.zeros(number, np.int64)
        flags = column(nothing, segments.flags)
        acks = np.where(segments.flags & ACK != 0, segments.ack, -1)
        is_syn = segments.flags & SYN != 0
        size = segments.length + ((segments.flags & 3) != 0)
        connections, side = column(keys >> 1, connection), column(keys & 1, segments.side).astype(np.int8)
        seq, sizes = column(before[:, NEXT_SEQ], segments.seq), column(nothing, size)
        is_carried = np.concatenate((np.ones(number, np.bool_), np.zeros(len(connection), np.bool_)))[order]
        return View(
            given=order - number,
            is_carried=is_carried,
            connection=connections,
            side=side,
            time=column(before[:, ACKED_AT], segments.time),
            flags=flags,
            seq=seq,
            ack=column(before[:, LAST_ACK], segments.ack),
            last_ack=column(before[:, LAST_ACK], acks),
            window=column(before[:, WINDOW], segments.window),
            is_scaled=column(before[:, IS_SCALED], ~is_syn) != 0,
            length=column(nothing, segments.length),
            size=sizes,
            scale=column(before[:, SCALE], np.where(is_syn, segments.scale, UNKNOWN)),
            isn=column(before[:, ISN], np.where(is_syn, segments.seq, -1)),
            syn_end=column(before[:, SYN_END], np.where(is_syn, segments.seq + size & 0xFFFFFFFF, 0)),
            duplicates=column(before[:, DUPLICATES], np.zeros(len(connection), np.int64)),
            is_reused=column(nothing, segments.is_reused) != 0,
            is_open=column(
                (before[:, CONFIRMABLE] >= 0) | (before[:, LAST_MARKS] & (KEEP_ALIVE | ZERO_WINDOW_PROBE) != 0),
                np.zeros(len(connection), np.bool_),
            ) != 0,
            turns=turns(connections, side, seq, sizes, is_carried | (flags & RST == 0)),
            evidence=segments.evidence,
        )  # fmt: skip

    def _keep(self, view: View) -> None:
        """Leave what the columns say of both directions for the next batch; what was walked to the end is left there."""
        stops = np.append(np.flatnonzero(np.diff(view.connection)), len(view.connection) - 1)
        stops = stops[~np.isin(view.connection[stops], np.array(sorted(view.left_open), np.int64))]
        for side in (0, 1):
            last = view.turns.latest[side][stops]
            there = last >= 0
            last = last[there]
            rows = np.empty((len(last), FROM_COLUMNS), np.int64)
            head = view.turns.head[last]
            for field, values in (
                (NEXT_SEQ, view.turns.reached[last]), (LAST_ACK, view.last_ack[last]), (ACKED_AT, view.time[last]),
                (DUPLICATES, view.duplicates[last]), (WINDOW, view.window[last]), (IS_SCALED, view.is_scaled[last]),
                (SCALE, view.scale[head]), (ISN, view.isn[head]), (SYN_END, view.syn_end[head]),
            ):  # fmt: skip
                rows[:, field] = values
            self._carried.keep(view.connection[stops][there] * 2 + side, rows)


def _shifts(view: View) -> npt.NDArray[np.int8]:
    """By how much each window is shifted: scaling must have been offered by both, and a SYN's own never is."""
    places = np.arange(len(view.flags))
    tells = view.is_carried | (view.flags & (SYN | RST) == SYN)
    tells[view.foreign] = False
    scales = []
    for side in (0, 1):
        last = np.maximum.accumulate(np.where(tells & (view.side == side), places, -1))
        scales.append(np.where(last >= view.turns.start, view.scale[last], UNKNOWN))
    own = np.where(view.side == 0, scales[0], scales[1])
    other = np.where(view.side == 0, scales[1], scales[0])
    is_off = (own == NOT_OFFERED) | (other == NOT_OFFERED)
    shift = np.where(is_off, 0, np.where((own == UNKNOWN) | (other == UNKNOWN), -1, own))
    return np.where(view.flags & SYN != 0, 0, shift).astype(np.int8)
