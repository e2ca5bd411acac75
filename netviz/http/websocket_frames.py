"""WebSocket frames of one direction, from its ordered bytes (RFC 6455 section 5): where each lies, and what is in it.

Nothing stops it: what is against the RFC is marked and read on. Bytes that are missing within a payload are counted;
where a frame's beginning is missing, nothing behind it can be told, as no frame can be found by its bytes alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
OPCODES: Final = {
    CONTINUATION: "continuation", TEXT: "text", BINARY: "binary", CLOSE: "close", PING: "ping", PONG: "pong",
}  # fmt: skip
RSV1: Final = 4
"""The bit with which permessage-deflate marks a message (RFC 7692 section 6), among `Frame.rsv`."""

_LONGEST_HEADER: Final = 14
_MOST_CONTROL: Final = 125
_UNSENDABLE_CODES: Final = (1004, 1005, 1006, 1015)


class Run(NamedTuple):
    """Bytes of a stream that one packet brought."""

    offset: int
    """Of the first in the stream."""

    row: int
    data: bytes


@dataclass(slots=True, eq=False)
class Frame:
    """One frame. Rows count from 0; offsets are the stream's."""

    start: int
    """Offset of its first byte."""

    header: int
    """Bytes of its header."""

    first_row: int
    head_row: int
    """Row of the packet with which its header was complete: the frame is known from then on."""

    last_row: int
    fin: bool
    rsv: int
    """The three reserved bits as a number; RSV1 is 4."""

    opcode: int
    mask: bytes
    """Masking key, empty where it is not masked."""

    length: int
    """Payload bytes, as the header says."""

    bits: int
    """How the length is written: 7, 16 or 64 bits."""

    seen: int = 0
    missing: int = 0
    payload: bytes = b""
    """Unmasked; what came before the first byte that is missing, and no more than was to be kept."""

    is_kept: bool = True
    """`payload` holds all that came; False beyond the bound."""

    violations: list[str] = field(default_factory=list)
    """Keys (`websocket.violation.*`)."""

    @property
    def complete(self) -> bool:
        """All of its payload came."""
        return self.seen == self.length

    @property
    def name(self) -> str:
        """The opcode's name; of a reserved one its number."""
        return OPCODES.get(self.opcode, f"0x{self.opcode:X}")

    @property
    def is_control(self) -> bool:
        """Close, ping or pong, or an opcode reserved for more of them."""
        return self.opcode >= CLOSE

    @property
    def close(self) -> tuple[int, str] | None:
        """Status code and reason of a close frame; None where it has none, or is another frame."""
        if self.opcode != CLOSE or len(self.payload) < 2:
            return None
        return int.from_bytes(self.payload[:2], "big"), self.payload[2:].decode("utf-8", "backslashreplace")


class Frames(NamedTuple):
    """The frames of one direction."""

    frames: list[Frame]
    lost_at: int | None
    """Offset from which on nothing can be told, as a frame's beginning is missing; None where all is told."""

    stopped: bool
    """There are more than were to be listed."""


class FrameReader:
    """Reads one direction, run by run."""

    def __init__(self, start: int, from_client: bool, most_frames: int, most_bytes: int) -> None:
        """`start`: stream offset of the first frame; `most_bytes`: payload that is kept of all frames together."""
        self._offset = start
        self._from_client = from_client
        self._most_frames = most_frames
        self._room = most_bytes
        self._head = bytearray()
        self._head_row = 0
        self._now = -1
        self._frame: Frame | None = None
        self._kept = bytearray()
        self.frames: list[Frame] = []
        self.lost_at: int | None = None
        self.stopped = False

    def read(self, runs: Iterable[Run]) -> Frames:
        """Read runs in order; what lies between them is missing."""
        for run in runs:
            if run.offset > self._offset:
                self._gap(run.offset - self._offset)
            if self.lost_at is not None or self.stopped:
                break
            self._run(run)
        self._settle()
        return Frames(self.frames, self.lost_at, self.stopped)

    def _gap(self, length: int) -> None:
        frame = self._frame
        left = frame.length - frame.seen - frame.missing if frame is not None else 0
        if frame is None or self._head or length > left:
            self.lost_at = self._offset if frame is None else frame.start + frame.header + frame.length
        if frame is not None:
            frame.missing += min(length, left)
            if frame.missing + frame.seen == frame.length:
                self._settle()
        self._offset += length

    def _run(self, run: Run) -> None:
        at, data = 0, run.data
        # Packets may come out of order: what was sent is known when all before it is.
        self._now = row = max(self._now, run.row)
        while at < len(data) and not self.stopped:
            if self._frame is None:
                at += self._header(row, data, at)
            if self._frame is not None:
                at += self._payload(row, data, at)
        self._offset = run.offset + len(data)

    def _header(self, row: int, data: bytes, at: int) -> int:
        """Take bytes of a header; returns how many."""
        if not self._head:
            self._head_row = row
        before = len(self._head)
        self._head += data[at : at + _LONGEST_HEADER - before]
        size = _header_size(self._head)
        if size is None or len(self._head) < size:
            taken = len(self._head) - before
            self._offset += taken
            return taken
        self._offset += size - before
        if len(self.frames) >= self._most_frames:
            self.stopped = True
        else:
            self._frame = _frame(bytes(self._head[:size]), self._offset - size, self._head_row, row, self._from_client)
            self.frames.append(self._frame)
        self._head.clear()
        return size - before

    def _payload(self, row: int, data: bytes, at: int) -> int:
        frame = self._frame
        assert frame is not None
        taken = min(len(data) - at, frame.length - frame.seen - frame.missing)
        room = min(taken, self._room)
        if not frame.missing:
            self._kept += data[at : at + room]
            self._room -= room
            frame.is_kept = frame.is_kept and room == taken
        frame.seen += taken
        self._offset += taken
        if taken:
            frame.last_row = max(frame.last_row, row)
        if frame.seen + frame.missing == frame.length:
            self._settle()
        return taken

    def _settle(self) -> None:
        """The present frame is at its end, as far as it came."""
        frame = self._frame
        if frame is not None:
            frame.payload = unmasked(bytes(self._kept), frame.mask)
            frame.violations += _content_violations(frame)
            self._frame, self._kept = None, bytearray()


def unmasked(payload: bytes, key: bytes) -> bytes:
    """RFC 6455 5.3. All bytes at once, as one long number."""
    if not key or not payload:
        return payload
    repeated = (key * (len(payload) // 4 + 1))[: len(payload)]
    mixed = int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")
    return mixed.to_bytes(len(payload), "big")


def _header_size(head: bytearray) -> int | None:
    """Bytes of a header by its first two; None where these have not come."""
    if len(head) < 2:
        return None
    longer = {126: 2, 127: 8}.get(head[1] & 0x7F, 0)
    return 2 + longer + (4 if head[1] & 0x80 else 0)


def _frame(head: bytes, start: int, first_row: int, row: int, from_client: bool) -> Frame:
    """A frame from its whole header."""
    short = head[1] & 0x7F
    bits = {126: 16, 127: 64}.get(short, 7)
    length = int.from_bytes(head[2 : 2 + bits // 8], "big") if bits > 7 else short
    mask = head[-4:] if head[1] & 0x80 else b""
    frame = Frame(
        start, len(head), first_row, row, row, bool(head[0] & 0x80), head[0] >> 4 & 7, head[0] & 15, mask, length, bits
    )
    wrong = {
        "opcode": frame.opcode not in OPCODES,
        "unmasked": from_client and not mask,
        "masked": not from_client and bool(mask),
        "length-not-short": (bits == 16 and length < 126) or (bits == 64 and length < 1 << 16),
        "length-sign": bits == 64 and length >> 63 == 1,
        "control-long": frame.is_control and length > _MOST_CONTROL,
        "control-fragmented": frame.is_control and not frame.fin,
    }
    frame.violations += [name for name, is_so in wrong.items() if is_so]
    return frame


def _content_violations(frame: Frame) -> list[str]:
    """What is wrong within a close frame (RFC 6455 5.5.1, 7.4)."""
    if frame.opcode != CLOSE or not frame.complete or not frame.is_kept:
        return []
    if frame.length == 1:
        return ["close-short"]
    code = int.from_bytes(frame.payload[:2], "big") if frame.payload else 1000
    found = [] if 1000 <= code < 5000 and code not in _UNSENDABLE_CODES else ["close-code"]
    try:
        frame.payload[2:].decode("utf-8")
    except UnicodeDecodeError:
        found.append("close-reason")
    return found
