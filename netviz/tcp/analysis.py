"""What the numbers of a segment say about loss, order and windows, given what both sides have shown before: `step`.

Knows one segment and two directions. `sweep` takes whole columns of segments, and steps only where it must.
"""

from typing import Final, NamedTuple

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import HALF, MASK, distance, is_after, is_at_or_after
from netviz.tcp.evidence import Evidence, order
from netviz.tcp.holes import Hole, filled, note
from netviz.tcp.marks import (
    ACKED_UNSEEN,
    DUPLICATE_ACK,
    FAST_RETRANSMISSION,
    KEEP_ALIVE,
    KEEP_ALIVE_ACK,
    NETWORK_DUPLICATE,
    OUT_OF_ORDER,
    PORT_REUSED,
    PREVIOUS_SEGMENT_LOST,
    RETRANSMISSION,
    SPURIOUS_RETRANSMISSION,
    WINDOW_FULL,
    WINDOW_UPDATE,
    ZERO_WINDOW,
    ZERO_WINDOW_PROBE,
    ZERO_WINDOW_PROBE_ACK,
)

NOT_OFFERED: Final = -1
"""A window scale: the SYN was seen and offers none."""

UNKNOWN: Final = -2
"""A window scale: the SYN was not captured."""

_FAST: Final = 20_000_000
"""Nanoseconds after a duplicate acknowledgement within which a retransmission counts as its answer."""
_REORDERED: Final = 3_000_000
"""Nanoseconds within which a late segment counts as out of order, where no round trip was measured."""
_DUPLICATES_FOR_FAST: Final = 2
"""A sender waits for three (RFC 5681 section 3.2); one of them may be missing in the capture."""
_GREATEST_WINDOW: Final = 1 << 30
"""RFC 7323 section 2.3: what lies further ahead can be no part of the connection."""


class Direction:
    """What one side has shown as far as the analysis goes."""

    __slots__ = (
        "acked_at", "confirmable", "duplicates", "holes", "is_known_missing", "isn", "last_ack", "last_marks",
        "next_seq", "scale", "syn_end", "window", "window_is_scaled",
    )  # fmt: skip

    def __init__(self) -> None:
        self.next_seq = -1
        """Number after the highest one sent; -1 where nothing was."""
        self.confirmable = -1
        """Up to where the other side may acknowledge: beyond it, something was not captured."""
        self.is_known_missing = False
        """An acknowledgement was marked for what is missing, and no other hole was seen since."""
        self.holes: list[Hole] = []
        self.last_ack = -1
        self.acked_at = 0
        self.duplicates = 0
        """Duplicate acknowledgements since the last one that was none."""
        self.window = -1
        self.window_is_scaled = False
        """The window of a SYN never is (RFC 7323 section 2.2)."""
        self.scale = UNKNOWN
        """Shift of this side's windows as its SYN offers it."""
        self.isn = -1
        self.syn_end = 0
        """Number after the SYN and the data in it."""
        self.last_marks = 0


class Row(NamedTuple):
    """One segment, in numbers."""

    time: int
    """Nanoseconds."""

    flags: int
    seq: int
    ack: int
    window: int
    length: int
    scale: int
    """What a SYN offers; NOT_OFFERED where it offers nothing."""

    is_reused: bool
    """An earlier connection had the same addresses and ports."""

    place: int
    """Where `Evidence` finds it."""


def is_foreign(row: Row, forward: Direction, reverse: Direction) -> bool:
    """Whether a SYN is not of this connection: its sender has begun with another number (it is forged, or very late), or
    it answers a number that no SYN of this connection had (RFC 9293 section 3.10.7.3)."""
    if not row.flags & SYN or row.seq == forward.isn:
        return False
    if not row.flags & ACK:
        return forward.isn >= 0
    if forward.isn >= 0 or reverse.isn < 0:
        return False
    return not 0 < distance(row.ack, reverse.isn) <= distance(reverse.syn_end, reverse.isn)


def step(row: Row, forward: Direction, reverse: Direction, round_trip: int, evidence: Evidence) -> int:
    """Bits of what a segment shows, which is not foreign; both directions then know it. `round_trip`: that of the
    handshake in nanoseconds, 0 while it is not known. A reset says nothing of what comes next."""
    time, flags, seq, ack, window, length, *_ = row
    if flags & RST:
        return _acks_unseen(flags, ack, reverse)
    special = flags & (SYN | FIN)
    knows_syn = forward.isn >= 0
    marks = 0 if special or window else ZERO_WINDOW
    if special & SYN:
        marks = _open(row, forward, reverse)
    if forward.next_seq < 0:
        pass
    elif seq == forward.next_seq:
        if not special:
            marks |= _in_turn(forward, reverse, ack, window, length)
    else:
        marks |= _out_of_turn(forward, reverse, seq, special, length)
    if length and not special and not marks & ZERO_WINDOW_PROBE:
        marks |= _fills_window(forward, reverse, seq + length & MASK)
    if ack != forward.last_ack and not marks & DUPLICATE_ACK:
        forward.duplicates = 0
    marks |= _acks_unseen(flags, ack, reverse)
    if (length or special) and not marks & (KEEP_ALIVE | ZERO_WINDOW_PROBE):
        marks |= _repetition(row, forward, reverse, round_trip, knows_syn, evidence)
    if marks & ZERO_WINDOW_PROBE:
        marks &= ~ZERO_WINDOW
    _advance(row, forward, marks, evidence)
    forward.window = window
    forward.window_is_scaled = not special & SYN
    forward.last_ack = ack if flags & ACK else -1
    forward.acked_at = time
    forward.last_marks = marks
    return marks


def _open(row: Row, forward: Direction, reverse: Direction) -> int:
    """What only a SYN tells."""
    is_first = not row.flags & ACK and forward.isn < 0 and reverse.isn < 0
    end = row.seq + 1 + row.length & MASK
    forward.syn_end = end if forward.isn != row.seq or is_after(end, forward.syn_end) else forward.syn_end
    forward.isn, forward.scale = row.seq, row.scale
    return PORT_REUSED if is_first and row.is_reused else 0


def _acks_unseen(flags: int, ack: int, reverse: Direction) -> int:
    if not flags & ACK or reverse.next_seq < 0 or not 0 < (ack - reverse.confirmable & MASK) < HALF:
        return 0
    found = 0 if reverse.is_known_missing else ACKED_UNSEEN
    reverse.is_known_missing = True
    reverse.confirmable = reverse.next_seq
    return found


def _repetition(
    row: Row, forward: Direction, reverse: Direction, round_trip: int, knows_syn: bool, evidence: Evidence
) -> int:
    """Retransmission, fast retransmission, spurious one, out of order, or the same again; 0 where it only goes on."""
    time, flags, seq, _, _, length, *_ = row
    next_seq = forward.next_seq
    end = seq + length & MASK
    is_late = next_seq >= 0 and is_after(next_seq, seq)
    size = length + bool(flags & FIN)
    new, hole = filled(forward.holes, seq, seq + size & MASK) if is_late and forward.holes else (0, None)
    if is_late and not new and evidence.is_copy(row.place):
        return NETWORK_DUPLICATE
    is_original = hole is not None and new == size and _was_overtaken(row, hole, round_trip, evidence)
    if length and reverse.last_ack >= 0 and is_at_or_after(reverse.last_ack, end):
        return OUT_OF_ORDER if is_original else SPURIOUS_RETRANSMISSION | RETRANSMISSION
    if not is_late:
        return 0
    if length > 1 and distance(next_seq, seq) == 1:
        # The byte of a keep-alive or window probe, now with what follows it.
        return 0
    if reverse.duplicates >= _DUPLICATES_FOR_FAST and reverse.last_ack == seq and time - reverse.acked_at < _FAST:
        return FAST_RETRANSMISSION | RETRANSMISSION
    if flags & SYN and not knows_syn:
        return OUT_OF_ORDER
    return OUT_OF_ORDER if is_original else RETRANSMISSION


def _was_overtaken(row: Row, hole: Hole, round_trip: int, evidence: Evidence) -> bool:
    """Whether a segment that fills a hole was sent before the one that showed the hole.

    The sender's clock and its count of datagrams say so for certain. Where they do not: sent again, it would be a round
    trip behind. (tshark counts from the highest segment, so it takes much that is sent again for late.)
    """
    sent = order(evidence.clock(row.place), hole.clock)
    return sent < 0 if sent else row.time - hole.noticed < (round_trip or _REORDERED)


def _in_turn(forward: Direction, reverse: Direction, ack: int, window: int, length: int) -> int:
    """Marks of a segment without SYN, FIN and RST that begins with the next number expected."""
    if length:
        return ZERO_WINDOW_PROBE if length == 1 and reverse.window == 0 else 0
    same_ack = ack == forward.last_ack
    if window == forward.window:
        if same_ack and window and reverse.last_marks & KEEP_ALIVE:
            return KEEP_ALIVE_ACK
        if not window and reverse.last_marks & ZERO_WINDOW_PROBE:
            return _answers_probe(forward, reverse, ack, same_ack)
        if same_ack and window:
            forward.duplicates += 1
            return DUPLICATE_ACK
        return 0
    return WINDOW_UPDATE if same_ack and window else 0


def _answers_probe(forward: Direction, reverse: Direction, ack: int, same_ack: bool) -> int:
    if same_ack:
        return ZERO_WINDOW_PROBE_ACK
    if forward.last_ack < 0 or ack != (forward.last_ack + 1 & MASK):
        return 0
    # The receiver took the probe's byte after all.
    reverse.next_seq = reverse.confirmable = ack
    return ZERO_WINDOW_PROBE_ACK


def _fills_window(forward: Direction, reverse: Direction, end: int) -> int:
    """Whether a segment goes exactly up to the edge of the window that the other side last offered."""
    if reverse.scale == UNKNOWN or reverse.last_ack < 0:
        return 0
    is_scaled = reverse.window_is_scaled and reverse.scale > 0 and forward.scale != NOT_OFFERED
    shift = reverse.scale if is_scaled else 0
    return WINDOW_FULL if end == (reverse.last_ack + (reverse.window << shift) & MASK) else 0


def _out_of_turn(forward: Direction, reverse: Direction, seq: int, special: int, length: int) -> int:
    """Marks of a segment that begins elsewhere than with the next number expected."""
    ahead = distance(seq, forward.next_seq)
    if ahead > 0:
        forward.is_known_missing = False
        return PREVIOUS_SEGMENT_LOST
    if ahead < -1 or length > 1 or special:
        return 0
    # A probe against a closed window may have the form of a keep-alive (Linux sends it so); tshark calls it one.
    return ZERO_WINDOW_PROBE if reverse.window == 0 else KEEP_ALIVE


def _advance(row: Row, forward: Direction, marks: int, evidence: Evidence) -> None:
    """Move to what comes after a segment. The byte of a window probe does not count: it may not have been taken."""
    if marks & ZERO_WINDOW_PROBE:
        return
    end = row.seq + row.length + (1 if row.flags & (SYN | FIN) else 0) & MASK
    if forward.next_seq < 0:
        forward.next_seq = forward.confirmable = end
        return
    follows = row.seq == forward.confirmable
    if 0 < (end - forward.next_seq & MASK) < HALF:
        gap = distance(row.seq, forward.next_seq)
        if gap > 0:
            if gap > _GREATEST_WINDOW:
                return
            note(forward.holes, Hole(forward.next_seq, row.seq, row.time, evidence.clock(row.place)))
        forward.next_seq = end
    if follows:
        forward.confirmable = forward.next_seq
