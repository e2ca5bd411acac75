"""Follows the byte streams of connections that speak HTTP: segments in, ordered bytes to the framer.

HTTP is recognised by its bytes on any port. Until a connection shows a start line, the numbers of its latest rows with
payload wait, so that what came out of order just before is not lost. Every decision here is made row by row in the
order of the capture: how the packets were cut into batches can not show.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.http.conversation import Conversation
from netviz.http.exchange import Exchange
from netviz.http.framing import sides_of
from netviz.model.frames import Buffer
from netviz.model.limits import LimitCounter, Limits
from netviz.model.packets import PacketTable
from netviz.model.protocols import FIN, RST, SYN, Protocol
from netviz.pipeline.follower import Follower, Taken
from netviz.pipeline.runs import Runs, find_runs
from netviz.pipeline.tidy import TidyTalk
from netviz.tcp.stream import Consumer

_WAITING_ROWS: Final = 64
_SEQ_MASK: Final = 0xFFFFFFFF
_UNKNOWN: Final = -1
_NEVER: Final = -2
"""The streams began before the SYN was seen: what it says came too late."""


class HttpFollowing:
    """The stage between `wire/` and `http/`: feeds every connection that shows HTTP to a framer of its own."""

    def __init__(self, packets: PacketTable, exchanges: list[Exchange], limits: Limits, counter: LimitCounter) -> None:
        self._packets = packets
        self._exchanges = exchanges
        self._limits = limits
        self._counter = counter
        self._followers: dict[int, Follower | TidyTalk] = {}
        self._waiting: dict[int, deque[int]] = {}
        self._first_seqs = np.full(1024, _UNKNOWN, np.int64)
        """At 2 * connection + side: number of the side's first byte, by its SYN; or _UNKNOWN, _NEVER."""
        self._syn_rows = np.zeros(1024, np.int64)
        """Row of that SYN."""
        self.first_rows: dict[int, int] = {}
        """Connection -> first row that was given to its streams; where a replay has to start."""

    def feed(self, first: int, stop: int) -> None:
        """Follow the rows first..stop of the packet table."""
        followers = self._followers
        rows = self._without_syns(_segments(self._packets, first, stop))
        if not len(rows):
            return
        runs = _runs(self._packets, rows)
        late: list[Taken] = []
        """Segments of runs that could not be taken at once, as a heap."""
        for taken, run in zip(_taken(self._packets, runs.rows), runs.of, strict=True):
            if late and late[0][0] < taken[0]:
                self._catch_up(late, taken[0])
            follower = followers.get(taken[1])
            if run >= 0:
                members = runs.members[run]
                if follower is not None and follower.pass_over(taken, runs.sizes[run], int(members[-1])):
                    continue
                for member in segments_of(self._packets, members[1:]):
                    heappush(late, member)
            if follower is None:
                self._undecided(taken)
            elif not follower.take(taken):
                self._generalize(follower, taken)
        self._catch_up(late, stop)

    def _catch_up(self, late: list[Taken], row: int) -> None:
        """Follow what has been left behind, up to a row."""
        while late and late[0][0] < row:
            taken = heappop(late)
            follower = self._followers.get(taken[1])
            if follower is None:
                self._undecided(taken)
            elif not follower.take(taken):
                self._generalize(follower, taken)

    def finish(self) -> None:
        """The capture ends."""
        last = max(len(self._packets) - 1, 0)
        for follower in self._followers.values():
            follower.finish(last)

    def first_seqs(self, connection: int) -> tuple[int | None, int | None]:
        """Sequence number of the first byte of each side, where its SYN was seen."""
        first, second = self._first_seqs.item(2 * connection), self._first_seqs.item(2 * connection + 1)
        return first if first >= 0 else None, second if second >= 0 else None

    def _without_syns(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Notes the first bare SYN of each side all at once, for they are many; returns the other rows."""
        if not len(rows):
            return rows
        packets = self._packets
        keys = packets["connection"][rows].astype(np.int64) * 2 + packets["side"][rows]
        self._reserve(int(keys.max()) + 2)
        flags = packets["flags"][rows]
        bare = np.flatnonzero(((flags & np.uint16(SYN | FIN | RST)) == SYN) & (packets["payload_length"][rows] == 0))
        found, first = np.unique(keys[bare], return_index=True)
        is_new = self._first_seqs[found] == _UNKNOWN
        found, noted = found[is_new], bare[first[is_new]]
        self._first_seqs[found] = (packets["seq"][rows[noted]].astype(np.int64) + 1) & _SEQ_MASK
        self._syn_rows[found] = rows[noted]
        return np.delete(rows, noted)

    def _reserve(self, keys: int) -> None:
        size = len(self._first_seqs)
        if keys > size:
            grown = max(keys, 2 * size) - size
            self._first_seqs = np.concatenate((self._first_seqs, np.full(grown, _UNKNOWN, np.int64)))
            self._syn_rows = np.concatenate((self._syn_rows, np.zeros(grown, np.int64)))

    def _seqs_before(self, row: int, connection: int) -> tuple[int | None, int | None]:
        """`first_seqs` as of a row, which they stay from then on: at that row the streams begin."""
        key = 2 * connection
        seqs = self._first_seqs
        for side_key in (key, key + 1):
            if seqs.item(side_key) < 0 or self._syn_rows.item(side_key) > row:
                seqs[side_key] = _NEVER
        return self.first_seqs(connection)

    def _undecided(self, taken: Taken) -> None:
        row, connection, side, flags, seq, _, length, _, _, _, starts_http = taken
        if flags & SYN:
            self._first_seqs[2 * connection + side] = seq + 1 & _SEQ_MASK
            self._syn_rows[2 * connection + side] = row
        if not length:
            return
        if starts_http:
            self._start(taken)
        else:
            self._waiting.setdefault(connection, deque(maxlen=_WAITING_ROWS)).append(row)

    def _start(self, taken: Taken) -> None:
        row, connection = taken[0], taken[1]
        first_seqs = self._seqs_before(row, connection)
        earlier = self._waiting.pop(connection, ())
        self.first_rows[connection] = earlier[0] if earlier else row
        if not earlier and first_seqs[0] is not None and first_seqs[1] is not None:
            tidy = TidyTalk(connection, (first_seqs[0], first_seqs[1]), self._limits, self._exchanges)
            self._followers[connection] = tidy
            if not tidy.take(taken):
                self._generalize(tidy, taken)
            return
        talk = Conversation(connection, self._limits, self._counter, self._exchanges)
        follower = Follower(sides_of(talk), first_seqs, self._limits, self._counter)
        self._followers[connection] = follower
        for again in segments_of(self._packets, earlier):
            follower.take(again)
        follower.take(taken)

    def _generalize(self, tidy: Follower | TidyTalk, taken: Taken) -> None:
        """Something came that is no whole message in turn: from here on in the general way."""
        if isinstance(tidy, TidyTalk):
            follower = self._followers[taken[1]] = tidy.general(taken[0], self._counter)
            follower.take(taken)


def _segments(packets: PacketTable, first: int, stop: int) -> npt.NDArray[np.int64]:
    """Of the rows first..stop the TCP segments that matter to a stream: with payload, SYN, FIN or RST."""
    marks = packets["flags"][first:stop] & np.uint16(SYN | FIN | RST)
    carries = packets["payload_length"][first:stop] > 0
    wanted = (packets["connection"][first:stop] >= 0) & (carries | (marks != 0))
    return np.flatnonzero(wanted) + first


def _runs(packets: PacketTable, rows: npt.NDArray[np.int64]) -> Runs:
    """Runs among segments that only carry bytes on."""
    length = packets["payload_length"][rows].astype(np.int64)
    plain = (length > 0) & (packets["flags"][rows] & np.uint16(SYN | FIN | RST) == 0)
    plain &= packets["protocol"][rows] != Protocol.HTTP
    plain &= packets["payload_offset"][rows] + length <= packets["captured"][rows]
    if packets.reassembled:
        plain &= [row not in packets.reassembled for row in rows.tolist()]
    connections, sides, seqs = (packets[name][rows].astype(np.int64) for name in ("connection", "side", "seq"))
    return find_runs(rows, connections, sides, seqs, length, plain)


def segments_of(packets: PacketTable, rows: Iterable[int]) -> Iterator[Taken]:
    """Chosen rows as a follower takes them."""
    return _taken(packets, np.fromiter(rows, np.int64))


def _taken(packets: PacketTable, rows: npt.NDArray[np.int64]) -> Iterator[Taken]:
    def listed(name: str) -> list[int]:
        found: list[int] = packets[name][rows].tolist()
        return found

    offsets, lengths = packets["offset"][rows], packets["payload_length"][rows]
    starts = offsets + packets["payload_offset"][rows]
    stops = np.maximum(starts, np.minimum(starts + lengths, offsets + packets["captured"][rows]))
    numbers = rows.tolist()
    buffers: list[Buffer] = [packets.buffers[index] for index in listed("buffer")]
    places = starts.tolist(), stops.tolist()
    for index, row in enumerate(numbers) if packets.reassembled else ():
        if row in packets.reassembled:
            buffers[index], places[0][index], places[1][index] = _whole(packets, row)
    return zip(
        numbers, listed("connection"), listed("side"), listed("flags"), listed("seq"), listed("ack"),
        lengths.tolist(), buffers, *places, (packets["protocol"][rows] == Protocol.HTTP).tolist(), strict=True,
    )  # fmt: skip


def _whole(packets: PacketTable, row: int) -> tuple[bytes, int, int]:
    """The payload of a datagram that came in fragments: it lies in no frame."""
    whole = packets.reassembled[row]
    start = min(packets.value("payload_offset", row), len(whole))
    return whole, start, min(start + packets.value("payload_length", row), len(whole))


def replay(
    packets: PacketTable,
    rows: Iterable[int],
    consumers: tuple[Consumer, Consumer],
    first_seqs: tuple[int | None, int | None],
    limits: Limits,
) -> None:
    """Run rows of one connection through streams once more, to look at its bytes in depth."""
    follower = Follower(consumers, first_seqs, limits, LimitCounter())
    last = 0
    for taken in segments_of(packets, rows):
        follower.take(taken)
        last = taken[0]
    follower.finish(last)
