"""Both directions of one connection: segments in, ordered bytes to whoever takes them. Knows no HTTP."""

from typing import Final

from netviz.model.frames import Buffer
from netviz.model.limits import LimitCounter, Limits
from netviz.model.protocols import FIN, RST, SYN
from netviz.tcp.stream import Consumer, OrderedStream

_SEQ_MASK: Final = 0xFFFFFFFF
_ENDS: Final = FIN | RST

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

    def take(self, taken: Taken) -> bool:
        """One segment, in the order of the capture. True: here every segment can be taken."""
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
        return True

    def pass_over(self, taken: Taken, size: int, last_row: int) -> bool:
        """A run of `size` bytes in order that begins with this segment and ends with the packet of `last_row`.

        Whether all of it could be taken at once, because it lies within a body. If not, nothing was done.
        """
        row, _, side, _, seq, _, _, _, _, _, _ = taken
        if self._fins is not None or self.streams[1 - side].waiting:
            return False
        return self.streams[side].pass_over(row, last_row, seq, size)

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
