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

from netviz.http.exchange import Exchange
from netviz.http.framing import HttpConversation
from netviz.model.frames import Buffer
from netviz.model.limits import LimitCounter, Limits
from netviz.model.packets import PacketTable
from netviz.model.protocols import FIN, RST, SYN, Protocol
from netviz.tcp.stream import Consumer, OrderedStream

_WAITING_ROWS: Final = 64
_SEQ_MASK: Final = 0xFFFFFFFF


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
        self._fins: list[int | None] = [None, None]

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
        if flags & FIN:
            self._fins[side] = seq + length & _SEQ_MASK
        if flags & RST:
            stream.finish(row, "reset")
            other.finish(row, "reset")
        elif self._fins[side] is not None:
            self._close(side, row)

    def _close(self, side: int, row: int) -> None:
        """Ends a direction once all its bytes up to the FIN have come."""
        fin = self._fins[side]
        stream = self.streams[side]
        if fin is not None and (stream.next_seq is None or stream.next_seq == fin):
            stream.finish(row, "fin")
            self._fins[side] = None

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
        self._first_seqs: dict[int, list[int | None]] = {}
        self.first_rows: dict[int, int] = {}
        """Connection -> first row that was given to its streams; where a replay has to start."""

    def feed(self, first: int, stop: int) -> None:
        """Follow the rows first..stop of the packet table."""
        followers = self._followers
        for taken in segments(self._packets, first, stop):
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
        known = self._first_seqs.get(connection, (None, None))
        return known[0], known[1]

    def _undecided(self, taken: Taken) -> None:
        row, connection, side, flags, seq, _, length, _, _, _, starts_http = taken
        if flags & SYN:
            self._first_seqs.setdefault(connection, [None, None])[side] = seq + 1 & _SEQ_MASK
        if not length:
            return
        if starts_http:
            self._start(taken)
        else:
            self._waiting.setdefault(connection, deque(maxlen=_WAITING_ROWS)).append(row)

    def _start(self, taken: Taken) -> None:
        row, connection = taken[0], taken[1]
        conversation = HttpConversation(connection, self._limits, self._counter, self._exchanges)
        follower = Follower(conversation.sides, self.first_seqs(connection), self._limits, self._counter)
        self._followers[connection] = follower
        earlier = self._waiting.pop(connection, ())
        self.first_rows[connection] = earlier[0] if earlier else row
        if earlier:
            for again in segments_of(self._packets, earlier):
                follower.take(again)
        follower.take(taken)


def segments(packets: PacketTable, first: int, stop: int) -> Iterator[Taken]:
    """TCP segments of the rows first..stop that matter to a stream: with payload, SYN, FIN or RST."""
    marks = packets["flags"][first:stop] & np.uint16(SYN | FIN | RST)
    carries = packets["payload_length"][first:stop] > 0
    wanted = (packets["connection"][first:stop] >= 0) & (carries | (marks != 0))
    return _taken(packets, np.flatnonzero(wanted) + first)


def segments_of(packets: PacketTable, rows: Iterable[int]) -> Iterator[Taken]:
    """The same for chosen rows."""
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
