"""What one endpoint has sent: its numbers, the ranges missing in between, its SYN, FIN and RST. No rules of states."""

from typing import Final

from netviz.model.protocols import ACK, FIN, SYN
from netviz.tcp.arithmetic import HALF, MASK, distance, latest
from netviz.tcp.connection import Segment
from netviz.tcp.holes import Hole, filled, note
from netviz.tcp.machine import Machine
from netviz.tcp.states import State
from netviz.wire.options import TcpOptions, tcp_options

_MOST_SYNS: Final = 16
_LEAST_TIMEOUT: Final = 200_000_000
"""Nanoseconds: no sender that is known repeats by a timer sooner (Linux; RFC 6298 section 2.4 says a second)."""
_GREATEST_WINDOW: Final = 1 << 30
"""RFC 7323 section 2.3: no number further ahead than this can be part of the connection."""


class Side:
    """One endpoint of a connection as a sender, with its state machine."""

    __slots__ = (
        "acked", "acked_syn_data", "beyond", "bytes", "fin", "fin_ack_packet", "fin_packet",
        "fin_shown", "first_seq", "holes", "isn", "letters", "machine", "newest", "odd_ack", "options", "pure_syn",
        "reply_delay", "rst_packet", "rst_seq", "rst_time", "sent", "syn_ack", "syn_end", "syn_packet", "syn_time",
        "syns",
    )  # fmt: skip

    def __init__(self) -> None:
        self.machine = Machine(State.CLOSED)
        self.first_seq: int | None = None
        self.sent: int | None = None
        """Number after the last one sent so far."""
        self.holes: list[Hole] = []
        """Ranges before `sent` that were not captured, in order."""
        self.bytes = 0
        self.acked: int | None = None
        """Highest acknowledgement sent: all before it was received from the other side."""
        self.odd_ack: int | None = None
        """What a SYN,ACK of this side acknowledged though no SYN of the connection had it."""
        self.acked_syn_data = False
        """This side's SYN,ACK acknowledged data that came with the SYN (Fast Open, RFC 7413)."""
        self.isn: int | None = None
        self.syn_end = 0
        """Number after the SYN and the data in it."""
        self.syn_packet = 0
        """Packet of the newest copy of the SYN (or SYN,ACK)."""
        self.syn_time = 0
        self.syns: list[tuple[int, int | None]] = []
        """Copies of the SYN: packet and timestamp value."""
        self.pure_syn: int | None = None
        """Packet of the first SYN without ACK."""
        self.syn_ack: int | None = None
        """Packet of the first SYN with ACK."""
        self.options: TcpOptions | None = None
        self.fin: int | None = None
        """Number after the FIN."""
        self.fin_packet: int | None = None
        self.beyond: tuple[int, int] | None = None
        """Number and packet of the newest segment without payload that begins beyond all that was captured before it."""
        self.fin_shown: int | None = None
        """Packet before the first FIN captured that shows by its number that a FIN had been sent."""
        self.fin_ack_packet: int | None = None
        """First packet of the other side that acknowledges the FIN."""
        self.rst_packet: int | None = None
        self.rst_seq = 0
        self.rst_time = 0
        self.newest = 0
        """Packet of the newest segment; 0 if that had payload, which the socket of a closed program resets. Not kept
        up while both ends are settled in ESTABLISHED."""
        self.reply_delay = 0
        """Nanoseconds from a segment to this endpoint until its answer, as captured; 0 while not known."""
        self.letters = 0
        """Bits of `history.Letter` this side has shown."""

    def covers(self, seq: int, length: int, time: int) -> int:
        """Note that `length` numbers from `seq` were captured at a time; returns how many of them were new."""
        sent = self.sent
        if sent is None:
            self.sent = seq + length & MASK
            return length
        ahead = seq - sent & MASK
        if ahead < HALF:
            if ahead > _GREATEST_WINDOW:
                return 0
            if ahead:
                note(self.holes, Hole(sent, seq, time))
            self.sent = seq + length & MASK
            return length
        new = distance(seq + length & MASK, sent)
        if new > 0:
            self.sent = sent + new & MASK
        else:
            new = 0
        return new + filled(self.holes, seq, seq + length & MASK)[0] if self.holes else new

    def has_all_before(self, number: int, confirmed: int | None) -> bool:
        """Whether everything before `number` was captured, or is `confirmed` as received up to that number."""
        if self.sent is None or distance(self.sent, number) < 0:
            return False
        for hole in self.holes:
            if distance(number, hole.start) > 0 and (confirmed is None or distance(hole.end, confirmed) > 0):
                return False
        return True

    def takes_syn(self, segment: Segment) -> None:
        """Note a SYN or SYN,ACK."""
        end = segment.seq + 1 + segment.length & MASK
        self.syn_end = latest(end, self.syn_end) if self.isn == segment.seq else end
        self.isn = segment.seq
        self.syn_packet, self.syn_time = segment.packet, segment.time
        self.options = tcp_options(segment.options)
        value = self.options.timestamps[0] if self.options.timestamps else None
        if len(self.syns) < _MOST_SYNS:
            self.syns.append((segment.packet, value))
        if segment.flags & ACK:
            self.syn_ack = segment.packet if self.syn_ack is None else self.syn_ack
        else:
            self.pure_syn = segment.packet if self.pure_syn is None else self.pure_syn

    def answers_after(self, nanoseconds: int, asked_again: bool) -> None:
        """Note how long the first answer took. `asked_again`: what it answers was sent more than once, so that it may
        answer an earlier copy; then only what comes later than any time-out is surely no answer to something older."""
        if not self.reply_delay:
            least = _LEAST_TIMEOUT if asked_again else 0
            self.reply_delay = max(nanoseconds, least)

    def numbers(self, flags: int, seq: int, length: int, time: int) -> None:
        """Note the numbers that a segment uses."""
        if flags & SYN:
            seq = seq + 1 & MASK
            if self.sent is None:
                self.sent = seq
        if length or self.sent is None:
            self.bytes += self.covers(seq, length, time)
        if flags & FIN:
            self.covers(seq + length & MASK, 1, time)
