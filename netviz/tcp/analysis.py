"""What the numbers of a segment say about loss, order and windows: the names tshark has as `tcp.analysis.*`.

Each segment is held against what its direction and the other one have shown so far. Names that describe one thing at
two depths stand together: a fast retransmission is also a retransmission.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.model.protocols import ACK, FIN, RST, SYN
from netviz.tcp.arithmetic import HALF, MASK, distance, is_after, is_at_or_after
from netviz.tcp.connection import Role
from netviz.tcp.side import Side
from netviz.wire.options import TcpOptions

RETRANSMISSION: Final = 1 << 0
FAST_RETRANSMISSION: Final = 1 << 1
SPURIOUS_RETRANSMISSION: Final = 1 << 2
OUT_OF_ORDER: Final = 1 << 3
PREVIOUS_SEGMENT_LOST: Final = 1 << 4
ACKED_UNSEEN: Final = 1 << 5
DUPLICATE_ACK: Final = 1 << 6
ZERO_WINDOW: Final = 1 << 7
WINDOW_FULL: Final = 1 << 8
WINDOW_UPDATE: Final = 1 << 9
ZERO_WINDOW_PROBE: Final = 1 << 10
ZERO_WINDOW_PROBE_ACK: Final = 1 << 11
KEEP_ALIVE: Final = 1 << 12
KEEP_ALIVE_ACK: Final = 1 << 13
PORT_REUSED: Final = 1 << 14

NAMES: Final[tuple[str, ...]] = (
    "retransmission",
    "fast-retransmission",
    "spurious-retransmission",
    "out-of-order",
    "previous-segment-lost",
    "acked-unseen",
    "duplicate-ack",
    "zero-window",
    "window-full",
    "window-update",
    "zero-window-probe",
    "zero-window-probe-ack",
    "keep-alive",
    "keep-alive-ack",
    "port-reused",
)
"""Name of each bit, in order."""

_MARKS: Final = SYN | FIN | RST
_FAST: Final = 20_000_000
"""Nanoseconds after a duplicate acknowledgement within which a retransmission counts as its answer."""
_REORDERED: Final = 3_000_000
"""Nanoseconds within which a late segment counts as out of order, where no round trip was measured."""
_DUPLICATES_FOR_FAST: Final = 2
"""A sender waits for three (RFC 5681 section 3.2); one of them may be missing in the capture."""


class _Direction:
    """What one side has shown as far as the analysis goes."""

    __slots__ = (
        "acked_at", "confirmable", "duplicates", "is_known_missing", "last_ack", "last_marks", "next_at", "next_seq", "scale",
        "window", "window_is_scaled",
    )  # fmt: skip

    def __init__(self) -> None:
        self.next_seq: int | None = None
        """Number after the highest one sent."""
        self.next_at = 0
        """When it was sent, in nanoseconds."""
        self.confirmable: int | None = None
        """Up to where the other side may acknowledge: beyond it, something was not captured."""
        self.is_known_missing = False
        """An acknowledgement was marked for what is missing, and no other hole was seen since."""
        self.last_ack: int | None = None
        self.acked_at = 0
        self.duplicates = 0
        """Duplicate acknowledgements since the last one that was none."""
        self.window: int | None = None
        self.window_is_scaled = False
        """The window of a SYN never is (RFC 7323 section 2.2)."""
        self.scale: int | None = None
        """Shift of this side's windows as its SYN offers it (-1: not at all); None where its SYN was not seen."""
        self.last_marks = 0


class Analysis:
    """Marks the segments of one connection."""

    __slots__ = ("_directions", "_found", "_is_timing", "_marks", "_reused", "_round_trip", "_syn_at")

    def __init__(self, reused: bool = False) -> None:
        self._directions = (_Direction(), _Direction())
        self._marks: dict[int, int] = {}
        self._found: dict[int, tuple[list[int], list[int]]] = {}
        self._reused = reused
        self._syn_at: int | None = None
        self._is_timing = False
        self._round_trip = 0

    def names(self, packet: int) -> tuple[str, ...]:
        """Names of what a packet was marked with."""
        marks = self._marks.get(packet, 0)
        return tuple(name for bit, name in enumerate(NAMES) if marks >> bit & 1)

    def marks_of(self, packets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The bits of each of some packets, which are in order; shape as given."""
        found = np.zeros(len(packets), np.int64)
        if self._marks:
            numbers = np.fromiter(self._marks, np.int64, len(self._marks))
            marks = np.fromiter(self._marks.values(), np.int64, len(self._marks))
            at = np.minimum(np.searchsorted(numbers, packets), len(numbers) - 1)
            found = np.where(numbers[at] == packets, marks[at], 0)
        return found

    def by_name(self, roles: tuple[Role, Role]) -> dict[str, dict[Role, list[int]]]:
        """Name -> who sent it -> packet numbers."""
        return {
            name: {roles[side]: list(packets) for side, packets in enumerate(self._found[1 << bit])}
            for bit, name in enumerate(NAMES)
            if 1 << bit in self._found
        }

    def feed(
        self, packet: int, time: int, side: int, flags: int, seq: int, ack: int, window: int, length: int, new: int,
        sender: Side,
    ) -> None:  # fmt: skip
        """Mark one segment, which its sender has noted already: `new` of its numbers had not been seen before."""
        directions = self._directions
        forward, reverse = directions[side], directions[1 - side]
        special = flags & _MARKS
        if special:
            marks = self._note_special(forward, time, flags, seq, sender.options)
        else:
            marks = 0 if window else ZERO_WINDOW
            if self._is_timing and flags & ACK:
                self._end_timing(time)
        if forward.next_seq is None:
            pass
        elif seq == forward.next_seq:
            if not special:
                marks |= _in_turn(forward, reverse, ack, window, length)
        else:
            marks |= _out_of_turn(forward, reverse, seq, flags, length)
        if length and not special and not marks & ZERO_WINDOW_PROBE:
            marks |= _fills_window(forward, reverse, seq + length & MASK)
        if ack != forward.last_ack and not marks & DUPLICATE_ACK:
            forward.duplicates = 0
        if flags & ACK and reverse.confirmable is not None and 0 < (ack - reverse.confirmable & MASK) < HALF:
            if not reverse.is_known_missing:
                marks |= ACKED_UNSEEN
            reverse.is_known_missing = True
            reverse.confirmable = reverse.next_seq
        if (length or special & (SYN | FIN)) and not marks & (KEEP_ALIVE | ZERO_WINDOW_PROBE):
            marks |= self._repetition(forward, reverse, time, seq, length, new, sender)
        if marks & ZERO_WINDOW_PROBE:
            marks &= ~ZERO_WINDOW
        _advance(forward, time, special, seq, length, marks)
        forward.window = window
        forward.window_is_scaled = not special & SYN
        forward.last_ack = ack if flags & ACK else None
        forward.acked_at = time
        forward.last_marks = marks
        if marks:
            self._mark(packet, side, marks)

    def _note_special(self, forward: _Direction, time: int, flags: int, seq: int, options: TcpOptions | None) -> int:
        """What only a SYN, FIN or RST tells."""
        if not flags & SYN:
            if self._is_timing and flags & ACK:
                self._end_timing(time)
            return 0
        shift = None if options is None else options.window_scale
        forward.scale = -1 if shift is None else shift
        if flags & ACK:
            self._is_timing = self._syn_at is not None and not self._round_trip
            return 0
        marks = PORT_REUSED if self._reused and self._syn_at is None else 0
        self._syn_at = time
        return marks

    def _end_timing(self, time: int) -> None:
        """The handshake is complete: SYN to last ACK is the first round trip known."""
        self._is_timing = False
        self._round_trip = time - (self._syn_at or 0)

    def _repetition(
        self, forward: _Direction, reverse: _Direction, time: int, seq: int, length: int, new: int, sender: Side
    ) -> int:
        """Retransmission, fast retransmission, spurious one, or out of order; 0 where the segment only goes on."""
        if length and reverse.last_ack is not None and is_at_or_after(reverse.last_ack, seq + length & MASK):
            return SPURIOUS_RETRANSMISSION | RETRANSMISSION
        next_seq = forward.next_seq
        if next_seq is None or seq == next_seq or not is_after(next_seq, seq):
            return 0
        if length > 1 and distance(next_seq, seq) == 1:
            # The byte of a keep-alive or window probe, now with what follows it.
            return 0
        if reverse.duplicates >= _DUPLICATES_FOR_FAST and reverse.last_ack == seq and time - reverse.acked_at < _FAST:
            return FAST_RETRANSMISSION | RETRANSMISSION
        # Sent again, it would be a round trip behind the first segment that showed the hole; and bytes seen before are
        # no late original. (tshark counts from the highest segment, so it takes much that is sent again for late.)
        if new and time - sender.filled_since < (self._round_trip or _REORDERED) and next_seq != seq + length & MASK:
            return OUT_OF_ORDER
        return RETRANSMISSION

    def _mark(self, packet: int, side: int, marks: int) -> None:
        self._marks[packet] = marks
        bit = 1
        while bit <= marks:
            if marks & bit:
                self._found.setdefault(bit, ([], []))[side].append(packet)
            bit <<= 1


def _in_turn(forward: _Direction, reverse: _Direction, ack: int, window: int, length: int) -> int:
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


def _answers_probe(forward: _Direction, reverse: _Direction, ack: int, same_ack: bool) -> int:
    if same_ack:
        return ZERO_WINDOW_PROBE_ACK
    if forward.last_ack is None or ack != (forward.last_ack + 1 & MASK):
        return 0
    # The receiver took the probe's byte after all.
    reverse.next_seq = reverse.confirmable = ack
    return ZERO_WINDOW_PROBE_ACK


def _fills_window(forward: _Direction, reverse: _Direction, end: int) -> int:
    """Whether a segment goes exactly up to the edge of the window that the other side last offered."""
    if reverse.scale is None or reverse.window is None or reverse.last_ack is None:
        return 0
    shift = reverse.scale if reverse.window_is_scaled and reverse.scale > 0 and forward.scale != -1 else 0
    return WINDOW_FULL if end == (reverse.last_ack + (reverse.window << shift) & MASK) else 0


def _out_of_turn(forward: _Direction, reverse: _Direction, seq: int, flags: int, length: int) -> int:
    """Marks of a segment that begins elsewhere than with the next number expected."""
    ahead = distance(seq, forward.next_seq or 0)
    if ahead > 0:
        if flags & RST:
            return 0
        forward.is_known_missing = False
        return PREVIOUS_SEGMENT_LOST
    if ahead < -1 or length > 1 or flags & _MARKS:
        return 0
    # A probe against a closed window may have the form of a keep-alive (Linux sends it so); tshark calls it one.
    return ZERO_WINDOW_PROBE if reverse.window == 0 else KEEP_ALIVE


def _advance(forward: _Direction, time: int, special: int, seq: int, length: int, marks: int) -> None:
    """Move to what comes after a segment. The byte of a window probe does not count: it may not have been taken."""
    if marks & ZERO_WINDOW_PROBE or special & RST:
        return
    end = seq + length + (1 if special & (SYN | FIN) else 0) & MASK
    if forward.next_seq is None or 0 < (end - forward.next_seq & MASK) < HALF:
        forward.next_seq = end
        forward.next_at = time
    if forward.confirmable is None or seq == forward.confirmable:
        forward.confirmable = forward.next_seq
