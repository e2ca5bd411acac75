"""The TCP analysis of all packets, as columns beside the packet table: worked out when first asked for, and further as
packets come. `netviz summary` never asks.

May be asked by a screen and by what works beside it at once; who comes while another is at work waits for a part of it.
"""

from collections.abc import Callable
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.packets import PacketTable
from netviz.model.protocols import SYN
from netviz.pipeline.segment_evidence import SegmentEvidence
from netviz.pipeline.strays import Strays
from netviz.tcp.assignment import ConnectionAssigner
from netviz.tcp.marks import Marks
from netviz.tcp.sweep import Analyses, Found, Segments
from netviz.wire.option_columns import window_scales

_AT_A_TIME: Final = 1 << 16
AT_ONCE: Final = 1 << 15
"""So many packets may be looked at while a key press waits: some hundredths of a second."""

Rows = npt.NDArray[np.int64]


class TcpColumns:
    """Marks and window shifts of all segments, up to a row."""

    def __init__(self, packets: PacketTable, assigner: ConnectionAssigner, strays: Strays) -> None:
        self._packets = packets
        self._assigner = assigner
        self._strays = strays
        self._analyses = Analyses()
        self._marks = np.zeros(4096, np.uint16)
        self._shifts = np.full(4096, -1, np.int8)
        self._undecided: set[int] = set()
        self._turn = Lock()
        self.covered = 0
        """Rows that were looked at."""
        self.revision = 0
        """Grows when rows that had been looked at got other marks."""

    @property
    def marks(self) -> Marks:
        """Bits of `tcp.marks` of each packet; 0 where it is no segment. Shape (covered,)."""
        return self._marks[: self.covered]

    @property
    def shifts(self) -> npt.NDArray[np.int8]:
        """By how much a segment's window is shifted; -1 where that is not known. Shape (covered,)."""
        return self._shifts[: self.covered]

    def advance(self, stop: int | None = None, go_on: Callable[[], bool] = lambda: True) -> None:
        """Look at all packets so far, or those before row `stop`; or at fewer, once `go_on` says no."""
        end = len(self._packets) if stop is None else min(stop, len(self._packets))
        while self.covered < end and go_on():
            with self._turn:
                if self.covered < end:
                    self._look(min(self.covered + _AT_A_TIME, end))

    def keep_up(self) -> None:
        """Look at all packets so far if that takes no time that anybody would notice."""
        if len(self._packets) - self.covered <= AT_ONCE:
            self.advance()

    def of(self, rows: Rows) -> Found:
        """The same of the rows of one connection (ascending, from its first on, at least one), and of no other."""
        analyses = Analyses()
        parts = [analyses.feed(self._segments(rows[at : at + _AT_A_TIME])) for at in range(0, len(rows), _AT_A_TIME)]
        return Found(np.concatenate([part.marks for part in parts]), np.concatenate([part.shift for part in parts]))

    def _look(self, stop: int) -> None:
        first = self.covered
        self._reserve(stop)
        rows = np.flatnonzero(self._packets["connection"][first:stop] >= 0) + first
        self._put(rows, self._analyses.feed(self._segments(rows)))
        self.covered = stop
        if self._undecided:
            self._decide()

    def _put(self, rows: Rows, found: Found) -> None:
        self._marks[rows], self._shifts[rows] = found

    def _decide(self) -> None:
        """A connection that turns out to be a part of the one before it is looked at anew, as that part."""
        for connection in sorted(self._undecided):
            home = self._strays.home(connection)
            if home == connection:
                if self._strays.is_decided(connection):
                    self._undecided.discard(connection)
                continue
            self._undecided.discard(connection)
            for each in (home, connection):
                self._analyses.forget(each)
            rows = self._strays.rows(home)
            rows = rows[: np.searchsorted(rows, self.covered)]
            self._put(rows, self._analyses.feed(self._segments(rows)))
            self.revision += 1

    def _segments(self, rows: Rows) -> Segments:
        packets = self._packets

        def column(name: str) -> npt.NDArray[np.int64]:
            return packets[name][rows].astype(np.int64)

        flags = column("flags")
        scale = np.full(len(rows), -1, np.int64)
        syns = np.flatnonzero(flags & SYN)
        scale[syns] = window_scales(packets, rows[syns])
        connection = self._homes(column("connection"))
        return Segments(
            connection, packets["side"][rows].astype(np.int8), column("time"), flags, column("seq"), column("ack"),
            column("window"), column("payload_length"), scale, self._assigner.reusing(connection),
            SegmentEvidence(packets, rows),
        )  # fmt: skip

    def _homes(self, connections: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The connections that segments are really of (`strays`)."""
        again = np.unique(connections[self._assigner.reusing(connections)]).tolist()
        for connection in again:
            home = self._strays.home(connection)
            if home != connection:
                connections = np.where(connections == connection, home, connections)
            elif not self._strays.is_decided(connection):
                self._undecided.add(connection)
        return connections

    def _reserve(self, rows: int) -> None:
        if rows > len(self._marks):
            more = max(rows, 2 * len(self._marks)) - len(self._marks)
            self._marks = np.concatenate((self._marks, np.zeros(more, np.uint16)))
            self._shifts = np.concatenate((self._shifts, np.full(more, -1, np.int8)))
