"""One direction's bytes in order: segments as they were captured in, every byte once and gaps out. Bounded.

A byte that came twice is delivered once: the first copy counts. What came too early waits, up to a bound, for what is
missing before it. A hole that will not be filled becomes a gap: because the other side acknowledged past it (so the
capture missed it), because more would have to wait than the bound allows, or because the direction ends.

Bytes are never copied: the consumer gets the place of each run in the buffer it lies in. Knows no HTTP.
"""

from typing import Final, Literal, NamedTuple, Protocol

from netviz.model.frames import Buffer
from netviz.model.limits import LimitCounter, Limits
from netviz.tcp.arithmetic import HALF, MASK, distance

End = Literal["fin", "reset", "capture-end"]
"""How a direction ends."""

_GREATEST_WINDOW: Final = 1 << 30
"""RFC 7323 section 2.3: no byte is sent further ahead than this, so a segment beyond it is no part of the stream."""


class Consumer(Protocol):
    """Who takes the ordered bytes of one direction. The stream offset of a call is the sum of the lengths before it."""

    def feed(self, row: int, buffer: Buffer, start: int, stop: int) -> None:
        """The next bytes: buffer[start:stop], carried by the packet in `row`.

        Bytes that had to wait come after those that filled the hole before them, so `row` may be smaller than that of
        the call before.
        """
        ...

    def pass_over(self, first_row: int, last_row: int, size: int) -> bool:
        """The next `size` bytes, carried by the packets first_row..last_row, need not be looked at.

        False: they do, and have to be fed.
        """
        ...

    def gap(self, row: int, length: int) -> None:
        """The next `length` bytes are not in the capture; known with the packet in `row`."""
        ...

    def end(self, row: int, how: str) -> None:
        """No more bytes will come: `fin`, `reset` or `capture-end`. Called once."""
        ...


class Waiting(NamedTuple):
    """Bytes that came before their turn: `length` on the wire from `seq`, captured as buffer[start:stop]."""

    seq: int
    length: int
    row: int
    buffer: Buffer
    start: int
    stop: int


class OrderedStream:
    """Puts one direction of a connection in order. Sequence numbers are absolute, modulo 2**32."""

    __slots__ = ("_consumer", "_counter", "_ended", "_feed", "_limits", "_pending_bytes", "next_seq", "waiting")

    def __init__(self, consumer: Consumer, limits: Limits, counter: LimitCounter, first_seq: int | None) -> None:
        """`first_seq` numbers the first byte (one after the SYN's); None: it is that of the first payload seen."""
        self.next_seq = first_seq
        """Number of the next byte in turn; None before the first one of a stream joined in its middle."""
        self.waiting: list[Waiting] = []
        """What waits, in stream order, without overlaps."""
        self._consumer = consumer
        self._feed = consumer.feed
        self._limits = limits
        self._counter = counter
        self._pending_bytes = 0
        self._ended = False

    def push(self, row: int, seq: int, buffer: Buffer, start: int, stop: int, length: int) -> None:
        """Take a segment's payload: `length` bytes on the wire from `seq`, of which buffer[start:stop] was captured.

        A capture that cut its packets has fewer bytes than there were: the rest is a gap.
        """
        if seq == self.next_seq and not self.waiting and stop - start == length > 0 and not self._ended:
            self.next_seq = seq + length & MASK
            self._feed(row, buffer, start, stop)
        elif length > 0 and not self._ended:
            self._place(Waiting(seq & MASK, length, row, buffer, start, max(start, min(stop, start + length))))

    def pass_over(self, first_row: int, last_row: int, seq: int, size: int) -> bool:
        """Whether a run of `size` bytes from `seq` is next in turn and need not be looked at; if so, it is taken."""
        if seq != self.next_seq or self.waiting or self._ended:
            return False
        if not self._consumer.pass_over(first_row, last_row, size):
            return False
        self.next_seq = seq + size & MASK
        return True

    def acknowledged(self, row: int, ack: int) -> None:
        """The other side confirms all bytes before `ack`: what is missing before it was sent, but not captured.

        Only holes with bytes waiting behind them are given up: the rest may be captured after its acknowledgement.
        """
        if not self.waiting or self.next_seq is None:
            return
        last = self.waiting[-1]
        if distance(last.seq + last.length & MASK, ack) < 0:
            return
        while self.waiting and distance(ack, self.next_seq) > 0:
            hole_end = self.waiting[0].seq
            self._give_up(row, hole_end if distance(ack, hole_end) > 0 else ack)
            self._drain()

    def finish(self, row: int, how: End) -> None:
        """The direction ends with the packet in `row`: what still waits is delivered, holes as gaps."""
        if self._ended:
            return
        while self.waiting:
            self._give_up(row, self.waiting[0].seq)
            self._drain()
        self._ended = True
        self._consumer.end(row, how)

    def _place(self, new: Waiting) -> None:
        if self.next_seq is None:
            self.next_seq = new.seq
        ahead = distance(new.seq, self.next_seq)
        if ahead < 0:
            if new.length <= -ahead:
                return
            new = _without_first(new, -ahead)
            ahead = 0
        if ahead > _GREATEST_WINDOW:
            return
        if ahead or self.waiting:
            self._keep(new)
            self._drain()
            self._bound(new.row)
        else:
            self._deliver(new)

    def _keep(self, new: Waiting) -> None:
        """Store the parts of a segment that nothing waiting covers yet."""
        if not self.waiting or distance(new.seq, self.waiting[-1].seq) >= self.waiting[-1].length:
            self.waiting.append(new)
            self._pending_bytes += new.length
            return
        kept: list[Waiting] = []
        for index, old in enumerate(self.waiting):
            before = distance(old.seq, new.seq)
            if before >= new.length:
                self.waiting[index:index] = [new]
                self.waiting[:index] = kept
                self._pending_bytes += new.length
                return
            if before > 0:
                kept.append(_first(new, before))
                self._pending_bytes += before
            kept.append(old)
            covered = before + old.length
            if covered >= new.length:
                self.waiting[: index + 1] = kept
                return
            if covered > 0:
                new = _without_first(new, covered)
        self.waiting = [*kept, new]
        self._pending_bytes += new.length

    def _bound(self, row: int) -> None:
        """Give up the first hole while more waits than may."""
        limits = self._limits
        while self.waiting:
            if len(self.waiting) > limits.stream_pending_segments:
                self._counter.hit("stream_pending_segments")
            elif self._pending_bytes > limits.stream_pending_bytes:
                self._counter.hit("stream_pending_bytes")
            else:
                return
            self._give_up(row, self.waiting[0].seq)
            self._drain()

    def _drain(self) -> None:
        """Deliver what waits and is now in turn."""
        taken = 0
        for waiting in self.waiting:
            if waiting.seq != self.next_seq:
                break
            taken += 1
            self._pending_bytes -= waiting.length
            self._deliver(waiting)
        if taken:
            del self.waiting[:taken]

    def _deliver(self, run: Waiting) -> None:
        self.next_seq = run.seq + run.length & MASK
        captured = run.stop - run.start
        if captured:
            self._feed(run.row, run.buffer, run.start, run.stop)
        if captured < run.length:
            self._consumer.gap(run.row, run.length - captured)

    def _give_up(self, row: int, until: int) -> None:
        """The bytes before `until` will not come."""
        missing = until - (self.next_seq or 0) & MASK
        self.next_seq = until
        if 0 < missing < HALF:
            self._consumer.gap(row, missing)


def _first(run: Waiting, count: int) -> Waiting:
    return run._replace(length=count, stop=min(run.stop, run.start + count))


def _without_first(run: Waiting, count: int) -> Waiting:
    start = min(run.start + count, run.stop)
    return run._replace(seq=run.seq + count & MASK, length=run.length - count, start=start)
