"""Fields that only a conversation tells: relative numbers, streams, states, steps of opening and closing, analysis.

Columns where columns do; a connection is worked out in depth only where a filter asks for its states.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.filter.fields import ANALYSIS
from netviz.filter.headers import presence
from netviz.filter.part import Array, Dense, Mask, Part, Sparse, Values
from netviz.model.protocols import ACK, FIN, SYN
from netviz.pipeline.store import Store
from netviz.tcp.connection import Connection, Role
from netviz.tcp.marks import NAMES, Marks, bit_of
from netviz.tcp.states import State

_UNKNOWN: Final = -1
_SEQ_MASK: Final = 0xFFFFFFFF
_STATES: Final = tuple(str(state) for state in State)
_HANDSHAKE: Final = ("syn", "syn_ack", "ack")
_CLOSE: Final = ("fin_1", "ack_1", "fin_2", "ack_2")


class Conversations:
    """What has been worked out about the connections of one store, to be read part by part."""

    def __init__(self, store: Store) -> None:
        self._store = store
        # Filters run beside the screen: what is worked out for one must not be worked on by the other.
        self._tracking = store.tracking()
        self._bases: npt.NDArray[np.int64] = np.full(2048, _UNKNOWN, np.int64)
        """At 2 * connection + side: the number that a side's relative numbers count from."""
        self._based = 0
        self._ranks: npt.NDArray[np.int64] = np.empty(0, np.int64)

    # Relative numbers, as tshark counts them.

    def _base(self, stop: int) -> npt.NDArray[np.int64]:
        packets = self._store.packets
        first, self._based = self._based, max(stop, self._based)
        if first >= stop:
            return self._bases
        connections = packets["connection"][first:stop].astype(np.int64)
        rows = np.flatnonzero(connections >= 0)
        keys = connections[rows] * 2 + packets["side"][first:stop][rows]
        flags, seqs = packets["flags"][first:stop][rows], packets["seq"][first:stop][rows].astype(np.int64)
        acks = packets["ack"][first:stop][rows].astype(np.int64)
        if len(keys) and int(keys.max()) + 2 > len(self._bases):
            more = max(int(keys.max()) + 2, 2 * len(self._bases)) - len(self._bases)
            self._bases = np.concatenate((self._bases, np.full(more, _UNKNOWN, np.int64)))
        own = np.where(flags & SYN, seqs, seqs - 1 & _SEQ_MASK)
        acking = np.flatnonzero(flags & ACK)
        # A side counts from its own first segment, or from what the other acknowledged before it was seen.
        order = np.concatenate((np.arange(len(keys)) * 2, acking * 2 + 1))
        sides = np.concatenate((keys, keys[acking] ^ 1))
        values = np.concatenate((own, acks[acking] - 1 & _SEQ_MASK))
        sort = np.argsort(order, kind="stable")
        found, index = np.unique(sides[sort], return_index=True)
        fresh = self._bases[found] == _UNKNOWN
        self._bases[found[fresh]] = values[sort][index[fresh]]
        return self._bases

    def _keys(self, part: Part) -> npt.NDArray[np.int64]:
        return np.maximum(part.column("connection").astype(np.int64), 0) * 2 + part.column("side")

    def seq(self, part: Part) -> list[Values]:
        """Sequence numbers from the side's first."""
        there = self._is_segment(part)
        return [Dense(there, part.column("seq").astype(np.int64) - self._base(part.stop)[self._keys(part)] & _SEQ_MASK)]

    def ack(self, part: Part) -> list[Values]:
        """Acknowledgement numbers from the other side's first."""
        there = self._is_segment(part)
        base = self._base(part.stop)[self._keys(part) ^ 1]
        relative = part.column("ack").astype(np.int64) - base & _SEQ_MASK
        return [Dense(there, np.where(part.column("flags") & ACK, relative, 0))]

    def next_seq(self, part: Part) -> list[Values]:
        """The sequence number after a segment."""
        dense = self.seq(part)[0]
        flags = part.column("flags")
        more = part.column("payload_length").astype(np.int64) + (flags & SYN != 0) + (flags & FIN != 0)
        return [Dense(self._is_segment(part), dense.data + more & _SEQ_MASK)] if isinstance(dense, Dense) else []

    @staticmethod
    def _is_segment(part: Part) -> Mask:
        found: Mask = presence(part, "tcp") & (part.column("connection") >= 0)
        return found

    # Numbers of conversations.

    def connection(self, part: Part) -> list[Values]:
        """The TCP connection's number."""
        return [Dense(self._is_segment(part), part.column("connection"))]

    def udp_stream(self, part: Part) -> list[Values]:
        """The UDP conversation's number, in order of appearance."""
        flows = self._store.flows
        if len(self._ranks) < len(flows):
            is_udp = np.array([flows.ip_protocol(flow) == 17 for flow in range(len(flows))], np.int64)
            self._ranks = np.cumsum(is_udp) - 1
        numbers = part.column("flow")
        there = presence(part, "udp") & (numbers >= 0)
        ranks = self._ranks if len(self._ranks) else np.zeros(1, np.int64)
        return [Dense(there, ranks[np.maximum(numbers, 0)])]

    # In depth.

    def _each(self, part: Part) -> Iterator[tuple[Connection, Array]]:
        """Connections with packets in the part, and their rows there."""
        numbers = part.column("connection")
        order = np.argsort(numbers, kind="stable")
        ordered = numbers[order]
        if not len(ordered):
            return
        begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        for at, rows in zip(begins, np.split(order, begins[1:]), strict=True):
            if ordered[at] >= 0:
                yield self._tracking.connection(int(ordered[at])), rows

    def state(self, role: Role) -> Callable[[Part], list[Values]]:
        """State of an endpoint after each segment."""

        def read(part: Part) -> list[Values]:
            codes = np.zeros(len(part), np.int64)
            for connection, rows in self._each(part):
                steps = [step for step in connection.transitions if step.endpoint == role]
                known = [connection.initial_states[role], *(step.to_state for step in steps)]
                packets = np.array([step.packet for step in steps], np.int64)
                numbers = np.array([_STATES.index(str(state)) for state in known], np.int64)
                codes[rows] = numbers[np.searchsorted(packets, rows + part.first + 1, side="right")]
            return [Dense(self._is_segment(part), codes, _STATES)]

        return read

    def steps(self, handshake: bool) -> Callable[[Part], list[Values]]:
        """Number of the step of opening or closing that a packet is."""

        def read(part: Part) -> list[Values]:
            found: list[tuple[int, int]] = []
            for connection, _ in self._each(part):
                source = connection.handshake if handshake else connection.close_steps
                for step, name in enumerate(_HANDSHAKE if handshake else _CLOSE, 1):
                    packet = getattr(source, name)
                    if packet is not None and part.first < packet <= part.stop:
                        found.append((packet - 1 - part.first, step))
            return [Sparse(np.array([row for row, _ in found], np.int64), [step for _, step in found])]

        return read

    def word(self, name: str) -> Callable[[Part], list[Values]]:
        """One word or number about the whole connection: its opening, its closing, Zeek's state, completeness."""

        def read(part: Part) -> list[Values]:
            at, data = [], []
            for connection, rows in self._each(part):
                value = getattr(connection, name)
                at.append(rows)
                data += [value if isinstance(value, int) else str(value)] * len(rows)
            return [Sparse(np.concatenate(at) if at else np.empty(0, np.int64), data)]

        return read

    def _marks(self, part: Part) -> Marks:
        """The analysis of each packet, as bits."""
        columns = self._store.tcp_columns
        columns.advance(part.stop)
        return columns.marks[part.first : part.stop]

    def analysis_names(self, part: Part) -> list[Values]:
        """Every analysis name of each packet."""
        marks = self._marks(part)
        given = [(name, np.flatnonzero(marks & np.uint16(bit_of(name)))) for name in NAMES]
        names = [name for name, rows in given for _ in range(len(rows))]
        return [Sparse(np.concatenate([rows for _, rows in given]), names)]

    def analysis(self, name: str) -> Callable[[Part], list[Values]]:
        """Packets marked with one name."""
        bit = np.uint16(bit_of(name))

        def read(part: Part) -> list[Values]:
            rows = np.flatnonzero(self._marks(part) & bit)
            return [Sparse(rows, [1] * len(rows))]

        return read

    def window(self, part: Part) -> list[Values]:
        """The window in bytes: scaled, where both SYNs were captured and offered it (RFC 7323)."""
        columns = self._store.tcp_columns
        columns.advance(part.stop)
        shifts = np.maximum(columns.shifts[part.first : part.stop], 0)
        return [Dense(self._is_segment(part), part.column("window").astype(np.int64) << shifts)]

    def readers(self) -> dict[str, Callable[[Part], list[Values]]]:
        """Field -> how its values are read."""
        return {
            "tcp.seq": self.seq,
            "tcp.ack": self.ack,
            "tcp.nxtseq": self.next_seq,
            "tcp.stream": self.connection,
            "tcp.window_size": self.window,
            "connection": self.connection,
            "udp.stream": self.udp_stream,
            "tcp.state.client": self.state("client"),
            "tcp.state.server": self.state("server"),
            "handshake.step": self.steps(True),
            "close.step": self.steps(False),
            "connection.opening": self.word("opening"),
            "connection.closing": self.word("closing"),
            "connection.state": self.word("conn_state"),
            "tcp.completeness": self.word("completeness"),
            "tcp.analysis": self.analysis_names,
            **{f"tcp.analysis.{name}": self.analysis(ours) for name, ours in ANALYSIS.items()},
        }
