"""Follows the byte streams of connections that speak HTTP: segments in, ordered bytes to the framer.

HTTP is recognised by its bytes on any port. Until a connection shows a start line, the numbers of its latest rows with
payload wait, so that what came out of order just before is not lost. Every decision here is made row by row in the
order of the capture: how the packets were cut into batches can not show.
"""

from collections import deque
from collections.abc import Iterable, Iterator
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
from netviz.tcp.stream import Consumer, OrderedStream

_WAITING_ROWS: Final = 64
_SEQ_MASK: Final = 0xFFFFFFFF
_ENDS: Final = FIN | RST
_UNKNOWN: Final = -1
_NEVER: Final = -2
"""The streams began before the SYN was seen: what it says came too late."""


Taken = tuple[int, int, int, int, int, int, int, Buffer, int, int, bool]
"""One segment as a follower takes it: row, connection, side, flags, seq, ack, payload bytes on the wire, and the captured
payload as buffer[start:stop], and whether it begins with an HTTP start line. A plain tuple: one is made for each segment."""


class Follower:
    """Both directions of one connection: puts segments in order and passes the bytes on."""

    __slots__ = ("_fins", "streams")

    def __init__(
        self,
        consumers: tuple[Consumer, Consumer],
        first_seqs: tuple[int | None, int | None],
        limits: Limits,
        counter: LimitCounter,
    ) -> None:
        self.streams = (
            OrderedStream(consumers[0], limits, counter, first_seqs[0]),
            OrderedStream(consumers[1], limits, counter, first_seqs[1]),
        )
        self._fins: list[int | None] | None = None
        """Where each direction ends, while bytes before that are missing."""

    def take(self, taken: Taken) -> None:
        """One segment, in the order of the capture."""
        row, _, side, flags, seq, ack, length, buffer, start, stop, _ = taken
        stream = self.streams[side]
        other = self.streams[1 - side]
        if other.waiting:
            other.acknowledged(row, ack)
        # What a RST carries is a remark about the reset (RFC 1122 4.2.2.12), no stream data.
        if length and not flags & RST:
            stream.push(row, seq + 1 & _SEQ_MASK if flags & SYN else seq, buffer, start, stop, length)
        if flags & _ENDS or self._fins is not None:
            self._end(row, side, flags, seq + length & _SEQ_MASK)

    def _end(self, row: int, side: int, flags: int, stop: int) -> None:
        """Ends a direction once all its bytes up to the FIN have come, or both with a RST."""
        stream = self.streams[side]
        fins = self._fins
        if flags & RST:
            stream.finish(row, "reset")
            self.streams[1 - side].finish(row, "reset")
        fin = stop if flags & FIN else fins[side] if fins is not None else None
        if not flags & RST and fin is not None and (stream.next_seq is None or stream.next_seq == fin):
            stream.finish(row, "fin")
            fin = None
        if fin is not None or fins is not None:
            self._fins = fins = fins or [None, None]
            fins[side] = fin

    def finish(self, row: int) -> None:
        """The capture ends: what still waits is given up as lost."""
        for stream in self.streams:
            stream.finish(row, "capture-end")


class HttpFollowing:
    """The stage between `wire/` and `http/`: feeds every connection that shows HTTP to a framer of its own."""

    def __init__(self, packets: PacketTable, exchanges: list[Exchange], limits: Limits, counter: LimitCounter) -> None:
        self._packets = packets
        self._exchanges = exchanges
        self._limits = limits
        self._counter = counter
        self._followers: dict[int, Follower] = {}
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
        for taken in _taken(self._packets, self._without_syns(_segments(self._packets, first, stop))):
            follower = followers.get(taken[1])
            if follower is not None:
                follower.take(taken)
            else:
                self._undecided(taken)

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
        talk = Conversation(connection, self._limits, self._counter, self._exchanges)
        follower = Follower(sides_of(talk), self._seqs_before(row, connection), self._limits, self._counter)
        self._followers[connection] = follower
        earlier = self._waiting.pop(connection, ())
        self.first_rows[connection] = earlier[0] if earlier else row
        if earlier:
            for again in segments_of(self._packets, earlier):
                follower.take(again)
        follower.take(taken)


def _segments(packets: PacketTable, first: int, stop: int) -> npt.NDArray[np.int64]:
    """Of the rows first..stop the TCP segments that matter to a stream: with payload, SYN, FIN or RST."""
    marks = packets["flags"][first:stop] & np.uint16(SYN | FIN | RST)
    carries = packets["payload_length"][first:stop] > 0
    wanted = (packets["connection"][first:stop] >= 0) & (carries | (marks != 0))
    return np.flatnonzero(wanted) + first


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
