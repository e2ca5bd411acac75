"""Connections in depth, worked out when somebody looks: the rows of one connection through its tracker, once.

A tracker is kept for the connections looked at last and goes on from where it was when more packets have come.
"""

from collections import OrderedDict
from typing import Final

import numpy as np

from netviz.model.packets import PacketTable
from netviz.pipeline.rows import RowIndex
from netviz.pipeline.segments import Segments
from netviz.pipeline.series import SeriesCache
from netviz.pipeline.strays import Strays
from netviz.pipeline.tcp_columns import AT_ONCE, TcpColumns
from netviz.pipeline.undelivered import UndeliveredSegments
from netviz.tcp.assignment import ConnectionAssigner
from netviz.tcp.connection import Connection
from netviz.tcp.marks import names_of, packets_by_name
from netviz.tcp.run import Run
from netviz.tcp.runs import feed
from netviz.tcp.series import ConnectionSeries
from netviz.tcp.sweep import Found
from netviz.tcp.tracker import ConnectionTracker
from netviz.wire.flows import FlowTable

_KEPT_TRACKERS: Final = 1024
_FEW: Final = 128
"""Rows of a connection that are fed one by one."""


class _Tracked:
    """A tracker, how many rows of its connection it has seen, and its snapshot, if still fresh."""

    __slots__ = ("errors", "found", "rows", "snapshot", "tracker")

    def __init__(self, tracker: ConnectionTracker) -> None:
        self.tracker = tracker
        self.rows = 0
        self.errors = 0
        """How many ICMP errors about it were taken."""
        self.found: Found | None = None
        """Of its rows, where they are not taken from the columns of the whole capture."""
        self.snapshot: Connection | None = None


class ConnectionTracking:
    """Trackers of the connections looked at last, fed on demand from the packet table."""

    def __init__(
        self, packets: PacketTable, flows: FlowTable, assigner: ConnectionAssigner, columns: TcpColumns
    ) -> None:
        self._packets = packets
        self._flows = flows
        self._assigner = assigner
        self._columns = columns
        self._strays = Strays(packets, RowIndex(packets, "connection"), assigner)
        self._kept: OrderedDict[int, _Tracked] = OrderedDict()
        self._fed_at: dict[int, int] = {}
        self._series = SeriesCache(packets)
        self._undelivered = UndeliveredSegments(packets, flows, assigner)

    def count(self, as_of: int | None = None) -> int:
        """Connections that had appeared by packet number `as_of`."""
        if as_of is None:
            return len(self._assigner)
        found = self._packets["connection"][:as_of]
        return int(found.max(initial=-1)) + 1

    def connection(self, connection: int) -> Connection:
        """Snapshot of a connection, or of the one that it is only a part of (`strays`)."""
        connection = self._strays.home(connection)
        tracked = self._tracked(connection)
        if tracked.snapshot is None:
            snapshot = tracked.snapshot = tracked.tracker.connection()
            rows = self._strays.rows(connection)[: tracked.rows]
            is_client = self._packets["side"][rows] == snapshot.client_side
            snapshot.analysis = packets_by_name(self._found(tracked, rows).marks, rows + 1, is_client)
        return tracked.snapshot

    def analysis(self, row: int) -> tuple[str, ...]:
        """Analysis names of one packet."""
        return names_of(self._told(row)[0])

    def window(self, row: int) -> int:
        """The window that a segment offers, in bytes; as in the header where its scale can not be known."""
        return self._packets.value("window", row) << max(self._told(row)[1], 0)

    def _told(self, row: int) -> tuple[int, int]:
        """Marks of one packet, and by how much its window is shifted."""
        connection = self._packets.value("connection", row)
        if connection < 0:
            return 0, 0
        columns = self._columns
        columns.keep_up()
        if row >= columns.covered:
            rows = self._strays.rows(self._strays.home(connection))
            if len(rows) <= AT_ONCE:
                tracked = self._tracked(self._strays.home(connection))
                found, at = self._found(tracked, rows[: tracked.rows]), int(np.searchsorted(rows, row))
                return int(found.marks[at]), int(found.shift[at])
            columns.advance(row + 1)
        return int(columns.marks[row]), int(columns.shifts[row])

    def _found(self, tracked: _Tracked, rows: np.ndarray) -> Found:
        """The same of each row of a connection: of a short one it is worked out by itself, if need be."""
        self._columns.keep_up()
        if len(rows) and rows[-1] >= self._columns.covered:
            if len(rows) <= AT_ONCE:
                if tracked.found is None or len(tracked.found.marks) != len(rows):
                    tracked.found = self._columns.of(rows)
                return tracked.found
            self._columns.advance(int(rows[-1]) + 1)
        tracked.found = None
        return Found(self._columns.marks[rows], self._columns.shifts[rows])

    def home(self, connection: int) -> int:
        """The connection that the segments of one are really of: mostly itself."""
        return self._strays.home(connection)

    def series(self, connection: int) -> ConnectionSeries:
        """A connection as arrays."""
        connection = self._strays.home(connection)
        tracked = self._tracked(connection)
        rows = self._strays.rows(connection)[: tracked.rows]
        return self._series.get(self.connection(connection), rows, self._found(tracked, rows).marks.astype(np.int64))

    def rows(self, connection: int) -> np.ndarray:
        """Rows of a connection's segments, ascending. Shape (n,)."""
        return self._strays.rows(self._strays.home(connection))

    def segments(self, connection: int) -> Segments:
        """Segments of a connection, in the order of the capture."""
        return Segments(self._packets, self._strays.rows(self._strays.home(connection)))

    def _tracked(self, connection: int) -> _Tracked:
        tracked = self._kept.get(connection)
        if tracked is None:
            side_0, side_1 = self._flows.endpoints(self._assigner.flow_of(connection))
            tracked = self._kept[connection] = _Tracked(ConnectionTracker(connection, side_0, side_1))
            if len(self._kept) > _KEPT_TRACKERS:
                old, _ = self._kept.popitem(last=False)
                self._fed_at.pop(old, None)
        self._kept.move_to_end(connection)
        if self._fed_at.get(connection) != len(self._packets):
            self._catch_up(connection, tracked)
        return tracked

    def _catch_up(self, connection: int, tracked: _Tracked) -> None:
        count = len(self._packets)
        rows = self._strays.rows(connection)
        errors = self._undelivered.of(connection)
        if len(rows) > tracked.rows or len(errors) > tracked.errors:
            for error in errors[tracked.errors :]:
                stop = int(np.searchsorted(rows, error.row))
                self._feed(tracked, rows[tracked.rows : stop])
                tracked.tracker.unreachable(error.row + 1, error.side, error.seq, error.no_route)
            self._feed(tracked, rows[tracked.rows :])
            tracked.errors = len(errors)
            tracked.snapshot = None
        self._fed_at[connection] = count

    def _feed(self, tracked: _Tracked, rows: np.ndarray) -> None:
        segments = Segments(self._packets, rows)
        if len(rows) < _FEW:
            for segment in segments:
                tracked.tracker.feed(segment)
        else:
            flags, seq, ack, length = (
                self._packets[name][rows].astype(np.int64) for name in ("flags", "seq", "ack", "payload_length")
            )
            run = Run(rows + 1, self._packets["side"][rows], flags, seq, ack, length)
            feed(tracked.tracker, run, segments.at)
        tracked.rows += len(rows)
