"""Where messages begin and end: a tolerant, passive push parser over both directions of one connection.

It watches and can not ask again, so nothing stops it: what is against RFC 9112 is marked and read on; what is no HTTP
is passed over until a start line comes at the beginning of a packet or behind a gap. Bytes come in order with the row
of the packet that brought them; only heads are looked at, bodies are counted. It knows no TCP and no ports.
"""

from collections.abc import Sequence
from typing import Final

from netviz.http.chunked import ChunkReader
from netviz.http.conversation import Conversation
from netviz.http.exchange import Message, Piece
from netviz.http.fields import EXPECT, read_framing
from netviz.http.opening import Opening, opening_of, read_opening, usual_message
from netviz.http.start_line import is_certain_start, may_begin_start_line
from netviz.http.unfinished import Progress, UnfinishedHead
from netviz.model.frames import Buffer

_WINDOW: Final = 4096
_ENDLESS: Final = 1 << 62
_SWITCHING_PROTOCOLS: Final = 101

_START, _LENGTH, _CHUNKED, _LOST, _TUNNEL, _BEHIND = range(6)
"""What the next bytes of a direction are: a message's start or the rest of its head, a body of which the length is
known (or that ends with the connection), a chunked body, nothing that can be told, no HTTP, the first behind a gap."""


def sides_of(talk: Conversation, offsets: Sequence[int] = (0, 0)) -> "tuple[Side, Side]":
    """Both directions of one connection, each to be fed by itself, from these offsets of their streams on."""
    sides = Side(talk, 0, offsets[0]), Side(talk, 1, offsets[1])
    sides[0]._other, sides[1]._other = sides[1], sides[0]
    return sides


class Side:
    """One direction: takes its bytes in order (`feed`), what is missing (`gap`) and its end (`end`)."""

    __slots__ = (
        "_chunks", "_direction", "_head", "_junk_row", "_left", "_message", "_next", "_now", "_offset",
        "_other", "_preceded", "_state", "_talk", "_unsure",
    )  # fmt: skip

    def __init__(self, talk: Conversation, direction: int, offset: int) -> None:
        self._talk = talk
        self._other = self
        self._direction = direction
        self._state = self._next = _START
        """What comes now, and what comes after the present message."""
        self._offset = offset
        self._now = -1
        """Newest row that was told of."""
        self._head: UnfinishedHead | None = None
        self._message: Message | None = None
        """Whose body is being read."""
        self._left = 0
        """Bytes still to come of the body, or of the present chunk."""
        self._chunks: ChunkReader | None = None
        self._unsure = False
        """The body may turn out not to be there, and another message to begin."""
        self._preceded = False
        """Empty lines came before the start line."""
        self._junk_row = -1
        """Row of which the remaining bytes are no start of a message."""

    def feed(self, row: int, buffer: Buffer, start: int, stop: int) -> None:
        """Bytes in order: buffer[start:stop], brought by the packet of `row`."""
        if self.pass_over(row, row, stop - start):
            return
        if row > self._now:
            self._now = row
        at = start
        while at < stop:
            state = self._state
            if state == _START:
                at = self._start(row, buffer, at, stop)
            elif self._unsure and self._message_begins(row, buffer, at, stop):
                self._body_never_came()
            elif state == _LENGTH:
                at = self._length_body(row, at, stop)
            elif state == _CHUNKED:
                at = self._chunked_body(row, buffer, at, stop)
            elif state == _LOST and row != self._junk_row:
                self._state = _START
            elif state == _BEHIND:
                # With care: the rest of a start line must not pass for one.
                self._head = UnfinishedHead(self._offset, self._talk.limits.message_head_bytes, True)
                self._state = _START
            else:
                self._offset += stop - at
                return

    def resume(self, message: Message, left: int) -> None:
        """Go on within a body of which `left` bytes are still to come."""
        self._message, self._left, self._state = message, left, _LENGTH

    def pass_over(self, first_row: int, last_row: int, size: int) -> bool:
        """The next `size` bytes, which these packets brought: whether they lie within a body, and so are but counted."""
        message = self._message
        if size >= self._left or message is None or self._unsure:
            return False
        self._left -= size
        self._offset += size
        message.body_bytes += size
        message.body_end += size
        if last_row > message.last_row:
            message.last_row = last_row
        if first_row < message.first_row:
            message.first_row = first_row
        return True

    def gap(self, row: int, length: int) -> None:
        """`length` bytes are missing; that became clear with the packet of `row`."""
        self._now = max(self._now, row)
        self._junk_row = -1
        message = self._message
        if message is None:
            self._cut_head("gap-in-head")
            self._lose()
        else:
            self._gap_in_body(message, length)
        if self._state == _LOST:
            self._state = _BEHIND
        self._offset += length

    def end(self, row: int, how: str) -> None:
        """The direction is over: `fin`, `reset`, or `capture-end`."""
        self._now = max(self._now, row)
        self._cut_head("head-cut-short")
        message = self._message
        if message is not None and message.framing == "close" and how == "fin":
            message.complete = not message.missing
        self._leave_body(_LOST)

    # Heads.

    def _start(self, row: int, buffer: Buffer, at: int, stop: int) -> int:
        """A message is due, or its head goes on. Returns the position behind the head, or where to go on trying."""
        if self._head is None:
            data = bytes(buffer[at:stop] if stop - at <= _WINDOW else buffer[at : at + _WINDOW])
            end = data.find(b"\r\n\r\n")
            opening = read_opening(data[:end]) if end > 0 else None
            if opening is not None:
                length = end + 4
                if opening.tidy and length <= self._talk.limits.message_head_bytes:
                    body = at + length
                    if opening.usual and opening.length <= stop - body and not self._preceded:
                        return self._whole(opening, row, at, body)
                    begin = self._offset
                    self._offset = begin + length
                    return body + self._begin(opening, begin, (Piece(row, at, body),), row, row, stop - body)
            else:
                empty = len(data) - len(data.lstrip(b"\r\n"))
                if empty:
                    self._preceded = True
                    self._offset += empty
                    return at + empty
                if not may_begin_start_line(data):
                    self._state, self._junk_row, self._preceded = _LOST, row, False
                    return at
        return self._continue_head(row, buffer, at, stop)

    def _whole(self, opening: Opening, row: int, at: int, body: int) -> int:
        """A message that lies whole in one run, with nothing unusual: most do. As `_begin`, at a fraction of the cost.

        Returns the position behind it.
        """
        message = usual_message(opening, self._direction, self._offset, row, at, body, self._now, _ENDLESS)
        size, offset = message.body_bytes, message.body_start
        if opening.fields > self._talk.limits.message_headers:
            self._talk.counter.hit("message_headers")
        if not opening.status:
            self._talk.requests(self._direction).request(message)
        else:
            request = self._talk.requests(1 - self._direction).response(message).request
            if request is not None and request.verb in ("HEAD", "CONNECT"):
                message.body_end, message.body_bytes, message.complete, message.framing = offset, 0, False, "none"
                self._offset = offset
                return body + self._expect_response(message, request.verb, opening, size)
        self._offset = offset + size
        if opening.length >= 0:
            self._state = self._next
        return body + size

    def _continue_head(self, row: int, buffer: Buffer, at: int, stop: int) -> int:
        """A head that does not lie in one piece, or that is not tidy."""
        most = self._talk.limits.message_head_bytes
        head = self._head
        if head is None:
            head = self._head = UnfinishedHead(self._offset, most)
        progress, taken = head.add(row, bytes(buffer[at : min(stop, at + most + 1)]), at)
        self._offset += taken
        if progress is Progress.NO_HEAD:
            self._head, self._preceded = None, False
            self._state, self._junk_row = _LOST, row
        elif progress is Progress.COMPLETE:
            self._head = None
            if head.line is not None:
                opening = opening_of(head.line, read_framing(head.fields()))
                self._begin(opening, head.start, tuple(head.pieces), *head.rows, 0)
        elif progress is Progress.TOO_LONG:
            self._talk.counter.hit("message_head_bytes")
            self._cut_head("head-too-long")
            self._junk_row = row
            self._lose()
        return at + taken

    def _cut_head(self, why: str) -> None:
        """A head that will not be completed: the message is known by its start line, and no more."""
        head, self._head = self._head, None
        if head is None or head.line is None:
            return
        message = head.cut_short(self._direction, self._now, self._offset, why)
        status = message.status
        if not status:
            self._talk.requests(self._direction).request(message)
        elif status < 200 and status != _SWITCHING_PROTOCOLS:
            self._talk.requests(1 - self._direction).interim(message)
        else:
            self._talk.requests(1 - self._direction).response(message)

    def _begin(
        self, opening: Opening, start: int, pieces: tuple[Piece, ...], first_row: int, last_row: int, following: int
    ) -> int:
        """A head is complete: the message is known, and how its body ends.

        Returns how many of the `following` bytes behind it were taken: a body that lies whole in them.
        """
        status, violations = opening.status, opening.violations
        if self._preceded:
            violations = ("empty-line-before", *violations)
            self._preceded = False
        offset = self._offset
        message = Message(
            "response" if status else "request", self._direction, start, pieces, self._now, first_row, last_row,
            opening.method, status, offset, offset, 0, False, "none", 0, violations, opening.hints, (), opening,
        )  # fmt: skip
        if opening.fields > self._talk.limits.message_headers:
            self._talk.counter.hit("message_headers")
        if status:
            return self._begin_response(message, opening, following)
        self._talk.requests(self._direction).request(message)
        taken = 0
        if opening.chunked:
            self._expect_chunks(message)
        elif opening.coded or opening.length < 0:
            # RFC 9112 6.3: a request whose last coding is not chunked has no length that could be known.
            message.complete = not opening.coded
        else:
            taken = self._expect_bytes(message, opening.length, following)
        if opening.hints & EXPECT:
            self._unsure = self._message is not None
        return taken

    def _begin_response(self, message: Message, opening: Opening, following: int) -> int:
        status = message.status
        pairing = self._talk.requests(1 - self._direction)
        if status < 200 and status != _SWITCHING_PROTOCOLS:
            pairing.interim(message)
            return self._no_body(message, opening)
        request = pairing.response(message).request
        taken = self._expect_response(message, request.verb if request is not None else "", opening, following)
        if request is None:
            # It may be the answer to HEAD, and have no body whatever its fields say.
            self._unsure = self._message is not None
        return taken

    def _expect_response(self, message: Message, method: str, opening: Opening, following: int) -> int:
        """The body of a final response to a request of `method`. Returns how much of it was taken at once."""
        status = message.status
        if status == _SWITCHING_PROTOCOLS or (method == "CONNECT" and status < 300):
            return self._leave_http(message)
        if method == "HEAD" or status == 204 or status == 304:
            return self._no_body(message, opening)
        if opening.length >= 0 and not opening.coded:
            return self._expect_bytes(message, opening.length, following)
        if opening.chunked:
            self._expect_chunks(message)
        else:
            message.framing = "close"
            self._message, self._left, self._state = message, _ENDLESS, _LENGTH
        return 0

    def _no_body(self, message: Message, opening: Opening) -> int:
        message.complete = True
        if (message.status < 200 or message.status == 204) and (opening.coded or opening.length >= 0):
            message.violations += ("length-without-body",)
        return 0

    def _leave_http(self, message: Message) -> int:
        message.complete = True
        message.framing = "upgrade" if message.status == _SWITCHING_PROTOCOLS else "tunnel"
        for side in (self, self._other):
            side._next = _TUNNEL
            if side._message is None:
                side._state, side._head = _TUNNEL, None
        return 0

    # Bodies.

    def _expect_bytes(self, message: Message, length: int, following: int) -> int:
        """A body of `length`. Returns how much of it was taken at once: all, where all of it follows the head."""
        message.framing = "length"
        if length > following:
            self._message, self._left, self._state = message, length, _LENGTH
            return 0
        self._offset += length
        message.body_bytes = length
        message.body_end = self._offset
        message.complete = True
        self._state = self._next
        return length

    def _expect_chunks(self, message: Message) -> None:
        message.framing = "chunked"
        self._message, self._state, self._chunks = message, _CHUNKED, ChunkReader(self._talk.limits.message_head_bytes)

    def _length_body(self, row: int, at: int, stop: int) -> int:
        message = self._message
        taken = min(self._left, stop - at)
        if message is not None:
            self._left -= taken
            self._advance(message, row, taken, taken)
        if not self._left:
            self._finish()
        return at + taken

    def _chunked_body(self, row: int, buffer: Buffer, at: int, stop: int) -> int:
        message, chunks = self._message, self._chunks
        if message is None or chunks is None:
            return stop
        if self._left:
            chunks.passed(self._left)
        content, taken = chunks.feed(bytes(buffer[at:stop]), 0)
        self._left = chunks.left
        self._advance(message, row, taken, content)
        if chunks.violations:
            message.violations += tuple(each for each in chunks.violations if each not in message.violations)
        if chunks.done:
            self._finish()
        elif chunks.broken:
            self._junk_row = row
            self._lose()
        return at + taken

    def _advance(self, message: Message, row: int, taken: int, content: int) -> None:
        self._offset += taken
        message.body_end = self._offset
        message.body_bytes += content
        message.last_row = max(message.last_row, row)
        message.first_row = min(message.first_row, row)

    def _finish(self) -> None:
        if self._message is not None:
            self._message.complete = not self._message.missing
        self._leave_body(self._next)

    def _leave_body(self, state: int) -> None:
        if self._message is not None:
            self._now = max(self._now, self._message.last_row)
        self._message, self._left, self._chunks, self._unsure, self._state = None, 0, None, False, state

    def _gap_in_body(self, message: Message, length: int) -> None:
        """Bytes of a body are missing. Where its length covers them, what follows is still known."""
        covered = min(length, self._left)
        message.missing += covered or length
        message.gaps += ((self._offset, covered or length),)
        message.body_end += covered
        self._left -= covered
        if self._chunks is not None and covered == length:
            self._chunks.passed(self._left)
        elif self._left == 0:
            self._leave_body(self._next)
        if covered < length:
            self._lose()

    def _message_begins(self, row: int, buffer: Buffer, at: int, stop: int) -> bool:
        """Whether, where a body should be, a packet begins with another message instead."""
        message = self._message
        if message is None or (message.framing != "close" and (message.body_bytes or message.missing)):
            self._unsure = False
            return False
        return row != message.last_row and is_certain_start(bytes(buffer[at : min(stop, at + _WINDOW)]))

    def _body_never_came(self) -> None:
        """It was not sent after all: the answer was to HEAD, or came before a request with `Expect` sent its body."""
        message = self._message
        if message is not None:
            if message.kind == "request":
                message.violations += ("body-not-sent",)
            else:
                message.framing = "close" if message.body_bytes or message.missing else "none"
                message.complete = not message.missing
        self._leave_body(_START)

    def _lose(self) -> None:
        """What comes next can not be told any more, and messages may be missing."""
        if self._state != _TUNNEL:
            self._leave_body(_LOST)
            self._talk.lost()
