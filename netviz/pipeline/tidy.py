"""A connection that so far is nothing but messages in turn, each beginning with a segment: most are, and so they cost a
fraction of the general way.

Here a segment begins a message, goes on with its body, or ends a direction. If it does none of this, nothing is done,
and the connection goes on in the general way (`tcp.stream`, `http.framing`) from where it is. Both leave the same facts.
"""

from typing import Final

from netviz.http.conversation import Conversation
from netviz.http.exchange import Exchange, Message
from netviz.http.framing import sides_of
from netviz.http.opening import read_opening, usual_message
from netviz.model.limits import LimitCounter, Limits
from netviz.model.protocols import FIN, RST, SYN
from netviz.pipeline.follower import Follower, Taken

_SEQ_MASK: Final = 0xFFFFFFFF
_LONGEST_HEAD: Final = 4096
_NOBODY: Final = -1
_BOTH: Final = 3


class TidyTalk:
    """One connection of which both SYNs were seen, from its first message on."""

    __slots__ = (
        "_asking", "_bodies", "_connection", "_ended", "_exchanges", "_last", "_left", "_limits", "_next_seqs", "_offsets",
        "_waiting",
    )  # fmt: skip

    def __init__(self, connection: int, first_seqs: tuple[int, int], limits: Limits, exchanges: list[Exchange]) -> None:
        self._connection = connection
        self._limits = limits
        self._exchanges = exchanges
        self._next_seqs = list(first_seqs)
        self._offsets = [0, 0]
        """Stream offset of the next byte of each side."""
        self._bodies: list[Message | None] = [None, None]
        """The message of each side whose body is to go on."""
        self._left = [0, 0]
        """Bytes of that body that are still to come."""
        self._ended = 0
        """Bit 1 << side: no more bytes will come from that side."""
        self._asking = _NOBODY
        """The side that sends the requests."""
        self._waiting: Exchange | None = None
        self._last: Message | None = None
        """The newest response."""

    def take(self, taken: Taken) -> bool:
        """One segment, in the order of the capture. False: it is nothing for this way, and nothing was done."""
        row, _, side, flags, seq, _, length, buffer, start, stop, _ = taken
        if flags & RST:
            self._ended = _BOTH
            return True
        if self._ended >> side & 1:
            return True
        if seq != self._next_seqs[side] or flags & SYN:
            return False
        if length:
            if stop - start != length:
                return False
            if self._left[side]:
                if not self._body(row, side, length):
                    return False
            elif not self._message(row, side, bytes(buffer[start:stop][:_LONGEST_HEAD]), start, stop):
                return False
            self._next_seqs[side] = seq + length & _SEQ_MASK
            self._offsets[side] += length
        if flags & FIN:
            self._ended |= 1 << side
        return True

    def pass_over(self, taken: Taken, size: int, last_row: int) -> bool:
        """See `Follower.pass_over`."""
        side, seq = taken[2], taken[4]
        if self._ended >> side & 1 or seq != self._next_seqs[side] or size >= self._left[side]:
            return False
        self._next_seqs[side] = seq + size & _SEQ_MASK
        self._offsets[side] += size
        return self._body(last_row, side, size)

    def _body(self, row: int, side: int, size: int) -> bool:
        """Whether the next `size` bytes of a side, the last of them brought by the packet of `row`, go on with its body."""
        left, message = self._left[side] - size, self._bodies[side]
        if left < 0 or message is None:
            return False
        self._left[side] = left
        message.body_bytes += size
        message.body_end += size
        message.last_row = row
        message.complete = not left
        return True

    def _message(self, row: int, side: int, data: bytes, start: int, stop: int) -> bool:
        """Whether buffer[start:stop], which begins with `data`, begins the message that is due; if so, it is kept."""
        end = data.find(b"\r\n\r\n")
        opening = read_opening(data[:end]) if end > 0 else None
        if opening is None or not opening.usual or opening.fields > self._limits.message_headers:
            return False
        body = start + end + 4
        following = stop - body
        if following > max(opening.length, 0) or body - start > self._limits.message_head_bytes:
            return False
        waiting = self._waiting
        if opening.status:
            if waiting is None or side == self._asking:
                return False
        elif waiting is not None or side == 1 - self._asking or opening.method in ("HEAD", "CONNECT"):
            return False
        message = usual_message(opening, side, self._offsets[side], row, start, body, row, following)
        if waiting is not None:
            waiting.response = self._last = message
            self._waiting = None
        else:
            self._asking = side
            self._waiting = Exchange(len(self._exchanges) + 1, self._connection, message)
            self._exchanges.append(self._waiting)
        if not message.complete:
            self._bodies[side], self._left[side] = message, opening.length - following
        return True

    def general(self, row: int, counter: LimitCounter) -> Follower:
        """The same connection for the general way, as it is before the packet of `row`."""
        talk = Conversation(self._connection, self._limits, counter, self._exchanges)
        if self._asking != _NOBODY:
            talk.requests(self._asking).resume(self._waiting, self._last)
        seqs, sides = self._next_seqs, sides_of(talk, self._offsets)
        follower = Follower(sides, (seqs[0], seqs[1]), self._limits, counter)
        for side in (0, 1):
            message = self._bodies[side]
            if message is not None and self._left[side]:
                sides[side].resume(message, self._left[side])
            if self._ended >> side & 1:
                follower.streams[side].finish(row, "fin")
        return follower

    def finish(self, row: int) -> None:
        """The capture ends: nothing waits."""
