"""Which TCP connection each segment belongs to: batches of columns in, connection numbers out. Numpy; reads no frame.

A flow (two addresses, two ports) may carry several connections one after another. A new one begins with a segment of a
flow never seen, or with a pure SYN whose sequence number is not the initial one that its sender has in the flow's
present connection; a SYN with that number is a retransmission. This is how tshark numbers `tcp.stream`.

What is carried from batch to batch is per flow: its present connection, and the initial sequence number of each side
(known from its SYN; else one before its first byte seen, or before the first byte that the other side acknowledged).
"""

from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, SYN

_UNKNOWN: Final = -1
_SEQ_MASK: Final = 0xFFFFFFFF

IntArray = npt.NDArray[np.int64]
_Scalar = TypeVar("_Scalar", bound=np.generic)


class ConnectionAssigner:
    """Numbers connections from 0 in the order of their first packet."""

    def __init__(self) -> None:
        self._current = np.full(1024, _UNKNOWN, np.int32)
        self._initial = np.full(2048, _UNKNOWN, np.int64)
        self._began_open = np.zeros(1024, np.bool_)
        self._flows = np.zeros(1024, np.int32)
        self._first_rows = np.zeros(1024, np.int64)
        self._reused = np.zeros(1024, np.bool_)
        self._before: dict[int, int] = {}
        self._after: dict[int, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def flow_of(self, connection: int) -> int:
        """The flow that carries a connection."""
        return int(self._flows[connection])

    def first_row(self, connection: int) -> int:
        """Row of the connection's first packet in the packet table."""
        return int(self._first_rows[connection])

    @property
    def first_rows(self) -> npt.NDArray[np.int64]:
        """Row of each connection's first packet, ascending. Shape (connections,)."""
        return self._first_rows[: self._count]

    def connection_at(self, flow: int, row: int) -> int | None:
        """The connection that a flow carried as of a row; None where none had begun."""
        latest = int(self._current[flow]) if flow < len(self._current) else _UNKNOWN
        if latest == _UNKNOWN or self._first_rows[latest] <= row:
            return latest if latest != _UNKNOWN else None
        begun = np.flatnonzero((self._flows[: self._count] == flow) & (self._first_rows[: self._count] <= row))
        return int(begun[-1]) if len(begun) else None

    def reuses_ports(self, connection: int) -> bool:
        """Whether an earlier connection had the same addresses and ports."""
        return bool(self._reused[connection])

    def reusing(self, connections: IntArray) -> npt.NDArray[np.bool_]:
        """The same of many connections. Shape as given."""
        found: npt.NDArray[np.bool_] = self._reused[connections]
        return found

    def before(self, connection: int) -> int | None:
        """The connection before this one on the same addresses and ports."""
        return self._before.get(connection)

    def after(self, connection: int) -> int | None:
        """The one after it."""
        return self._after.get(connection)

    def assign(
        self,
        flow: npt.NDArray[np.int32],
        side: npt.NDArray[np.int8],
        is_tcp: npt.NDArray[np.bool_],
        flags: npt.NDArray[np.uint16],
        seq: npt.NDArray[np.uint32],
        first_row: int,
        ack: npt.NDArray[np.uint32] | None = None,
    ) -> npt.NDArray[np.int32]:
        """The connection of every row of a batch, -1 where it is no TCP. All arrays have shape (n,).

        With `ack` a side that has not been heard yet is known by what the other one acknowledged; without it, a SYN
        from such a side begins a new connection if the present one was joined in its middle.
        """
        rows = np.flatnonzero(is_tcp)
        connection = np.full(len(flow), _UNKNOWN, np.int32)
        if not len(rows):
            return connection
        batch = _Batch(flow[rows], side[rows], flags[rows], seq[rows], None if ack is None else ack[rows])
        self._reserve_flows(int(batch.flow.max()) + 1)
        before = self._current[batch.flow]
        starts = self._open_connections(batch, before, first_row, rows)
        connection[rows] = self._spread(batch, before, starts)
        self._learn(batch, connection[rows])
        return connection

    def _open_connections(
        self, batch: "_Batch", before: npt.NDArray[np.int32], first_row: int, rows: IntArray
    ) -> list[tuple[int, int]]:
        """Looks at the rows that may begin a connection; returns (index, connection) of those that do."""
        starts: list[tuple[int, int]] = []
        last_start: dict[int, int] = {}
        for index in batch.candidates(before):
            flow = int(batch.flow[index])
            if self._current[flow] != _UNKNOWN and not self._is_new(batch, index, last_start.get(flow, 0)):
                continue
            starts.append((index, self._open(flow, first_row + int(rows[index]))))
            last_start[flow] = index
            flags = int(batch.flags[index])
            self._began_open[flow] = flags & (SYN | ACK) == ACK
            self._initial[2 * flow : 2 * flow + 2] = _UNKNOWN
        return starts

    def _is_new(self, batch: "_Batch", index: int, start: int) -> bool:
        """Whether a pure SYN does not fit the present connection, begun at index `start` of this batch or before."""
        key = int(batch.key[index])
        initial = int(self._initial[key])
        if initial == _UNKNOWN:
            initial = batch.initial_before(key, start, index)
        if initial == _UNKNOWN:
            return bool(self._began_open[int(batch.flow[index])])
        return initial != int(batch.seq[index])

    def _open(self, flow: int, row: int) -> int:
        number = self._count
        if number == len(self._flows):
            self._flows = _longer(self._flows, 2 * number, 0)
            self._first_rows = _longer(self._first_rows, 2 * number, 0)
            self._reused = _longer(self._reused, 2 * number, 0)
        self._flows[number] = flow
        self._first_rows[number] = row
        before = int(self._current[flow])
        self._reused[number] = before != _UNKNOWN
        if before != _UNKNOWN:
            self._before[number], self._after[before] = before, number
        self._current[flow] = number
        self._count = number + 1
        return number

    def _spread(
        self, batch: "_Batch", before: npt.NDArray[np.int32], starts: list[tuple[int, int]]
    ) -> npt.NDArray[np.int32]:
        """The connection of each row: the latest of its flow that began at or before it."""
        if not starts:
            return before
        now = self._current[batch.flow]
        begun = np.array(starts, np.int64)
        flows = batch.flow[begun[:, 0]]
        changes_midway = before[begun[:, 0]] != _UNKNOWN
        if not changes_midway.any() and len(np.unique(flows)) == len(flows):
            return now
        size = len(batch.flow)
        codes = flows.astype(np.int64) * size + begun[:, 0]
        order = np.argsort(codes)
        mine = batch.flow.astype(np.int64) * size + np.arange(size)
        at = np.searchsorted(codes[order], mine, side="right") - 1
        chosen = order[np.maximum(at, 0)]
        fits = (at >= 0) & (flows[chosen] == batch.flow)
        return np.where(fits, begun[chosen, 1], before).astype(np.int32)

    def _learn(self, batch: "_Batch", connection: npt.NDArray[np.int32]) -> None:
        """Notes initial sequence numbers of sides heard (or acknowledged) for the first time in their connection."""
        missing = (self._initial[batch.key] == _UNKNOWN) | (self._initial[batch.key ^ 1] == _UNKNOWN)
        rows = np.flatnonzero(missing & (connection == self._current[batch.flow]))
        if not len(rows):
            return
        keys, values = batch.initials(rows)
        fresh = self._initial[keys] == _UNKNOWN
        # Of several rows with one key the last assignment stays, so they go in backwards: the first one counts.
        self._initial[keys[fresh][::-1]] = values[fresh][::-1]

    def _reserve_flows(self, flows: int) -> None:
        capacity = len(self._current)
        if flows <= capacity:
            return
        while capacity < flows:
            capacity *= 2
        self._current = _longer(self._current, capacity, _UNKNOWN)
        self._initial = _longer(self._initial, 2 * capacity, _UNKNOWN)
        self._began_open = _longer(self._began_open, capacity, 0)


class _Batch:
    """The TCP rows of one batch. `key` is 2 * flow + side."""

    def __init__(
        self,
        flow: npt.NDArray[np.int32],
        side: npt.NDArray[np.int8],
        flags: npt.NDArray[np.uint16],
        seq: npt.NDArray[np.uint32],
        ack: npt.NDArray[np.uint32] | None,
    ) -> None:
        self.flow = flow
        self.flags = flags
        self.seq = seq
        self.ack = ack
        self.key: IntArray = flow.astype(np.int64) * 2 + side
        self._sorted: tuple[IntArray, IntArray] | None = None

    def candidates(self, before: npt.NDArray[np.int32]) -> list[int]:
        """Rows that may begin a connection: pure SYNs, and the first row of each flow that has none yet."""
        may_begin = (self.flags & (SYN | ACK)) == SYN
        unseen = np.flatnonzero(before == _UNKNOWN)
        if len(unseen):
            _, first = np.unique(self.flow[unseen], return_index=True)
            may_begin[unseen[first]] = True
        found: list[int] = np.flatnonzero(may_begin).tolist()
        return found

    def initials(self, rows: IntArray) -> tuple[IntArray, IntArray]:
        """What rows tell of initial sequence numbers, in row order: (key, number), for both sides."""
        flags = self.flags[rows]
        own = (self.seq[rows].astype(np.int64) - ((flags & SYN) == 0)) & _SEQ_MASK
        if self.ack is None:
            return self.key[rows], own
        keys = np.repeat(self.key[rows], 2)
        keys[1::2] ^= 1
        values = np.repeat(own, 2)
        values[1::2] = (self.ack[rows].astype(np.int64) - 1) & _SEQ_MASK
        told = np.ones(len(keys), np.bool_)
        told[1::2] = (flags & ACK) != 0
        return keys[told], values[told]

    def initial_before(self, key: int, start: int, stop: int) -> int:
        """The initial number of a key by the first of the rows start..stop that tells it, -1 where none does."""
        if self._sorted is None:
            self._sorted = self._sort()
        codes, values = self._sorted
        at = int(np.searchsorted(codes, key * len(self.key) + start))
        if at < len(codes) and codes[at] < key * len(self.key) + stop:
            return int(values[at])
        return _UNKNOWN

    def _sort(self) -> tuple[IntArray, IntArray]:
        rows = np.arange(len(self.key))
        keys, values = self.initials(rows)
        if self.ack is not None:
            rows = np.repeat(rows, 1 + ((self.flags & ACK) != 0))
        codes = keys * len(self.key) + rows
        order = np.argsort(codes, kind="stable")
        return codes[order], values[order]


def _longer(array: npt.NDArray[_Scalar], capacity: int, fill: int) -> npt.NDArray[_Scalar]:
    grown = np.full(capacity, fill, array.dtype)
    grown[: len(array)] = array
    return grown
