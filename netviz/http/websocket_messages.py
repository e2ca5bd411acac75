"""Frames joined to messages: fragments in order, permessage-deflate undone within bounds, text held to UTF-8.

RFC 6455 sections 5.4 and 8.1, RFC 7692. Control frames may stand between the fragments of a message.
"""

import zlib
from dataclasses import dataclass, field
from typing import Final

from netviz.http.websocket import Deflate
from netviz.http.websocket_frames import CLOSE, CONTINUATION, RSV1, TEXT, Frame
from netviz.model.limits import LimitCounter, Limits

_WINDOW: Final = -15
"""Raw deflate with the largest window: it decodes what was made with any smaller one."""

_FLUSH: Final = b"\0\0\xff\xff"
"""RFC 7692 7.2.2: what the sender took off the end of each message."""


@dataclass(slots=True, eq=False)
class SocketMessage:
    """A message: its frames, and its content, where it is whole."""

    opcode: int
    """Of its first frame: text, binary, or a control frame."""

    frames: list[Frame] = field(default_factory=list)
    compressed: bool = False
    content: bytes | None = None
    """Joined, and decompressed; None where it is not whole, or could not be decoded."""

    problem: str = ""
    """Key (`websocket.problem.*`) of why there is no content: `open`, `gap`, `bomb`, `bad-coding`, `context`, `long`."""

    @property
    def text(self) -> str | None:
        """The content as text, where it is text."""
        if self.opcode != TEXT or self.content is None:
            return None
        return self.content.decode("utf-8", "backslashreplace")


class _Inflater:
    """Undoes permessage-deflate for one direction. What was lost can not be undone, and nor can what refers back to it."""

    def __init__(self, begins_anew: bool, limits: Limits, counter: LimitCounter) -> None:
        self._begins_anew = begins_anew
        self._left = limits.body_decoded_bytes
        self._counter = counter
        self._decoder = zlib.decompressobj(_WINDOW)
        self._broken = False

    def undo(self, data: bytes) -> tuple[bytes | None, str]:
        """A message's content, and the problem met."""
        if self._begins_anew:
            self._decoder, self._broken = zlib.decompressobj(_WINDOW), False
        if self._broken:
            return None, "context"
        try:
            content = self._decoder.decompress(data + _FLUSH, self._left + 1)
        except zlib.error:
            self._broken = True
            return None, "bad-coding"
        if len(content) > self._left:
            self._broken = True
            self._counter.hit("body_decoded_bytes")
            return None, "bomb"
        self._left -= len(content)
        if self._decoder.eof:
            # RFC 7692 7.2.3.4: a sender may end a block as the last one; what follows begins anew.
            self._decoder = zlib.decompressobj(_WINDOW)
        return content, ""

    def lose(self) -> None:
        """A message could not be read: the next ones may refer to it."""
        self._broken = True


def messages_of(
    frames: list[Frame], from_client: bool, deflate: Deflate | None, limits: Limits, counter: LimitCounter
) -> list[SocketMessage]:
    """The messages of one direction, in the order in which they began. What is against the RFC is added to the frames."""
    anew = deflate is not None and (deflate.client_anew if from_client else deflate.server_anew)
    inflater = _Inflater(anew, limits, counter) if deflate is not None else None
    found: list[SocketMessage] = []
    begun: SocketMessage | None = None
    closed = False
    for frame in frames:
        if closed:
            frame.violations.append("after-close")
        closed = closed or frame.opcode == CLOSE
        _check_reserved(frame, inflater is not None)
        if frame.is_control:
            found.append(_ended(SocketMessage(frame.opcode, [frame]), None))
            continue
        if frame.opcode == CONTINUATION and begun is not None:
            begun.frames.append(frame)
        else:
            if frame.opcode == CONTINUATION:
                frame.violations.append("continuation-alone")
            elif begun is not None:
                frame.violations.append("message-inside")
                _ended(begun, inflater)
            begun = SocketMessage(frame.opcode, [frame], inflater is not None and bool(frame.rsv & RSV1))
            found.append(begun)
        if frame.fin:
            _ended(begun, inflater)
            begun = None
    if begun is not None:
        begun.problem = "open"
    return found


def _check_reserved(frame: Frame, is_deflated: bool) -> None:
    """Reserved bits: RSV1 belongs to the first frame of a compressed message, where that was agreed on."""
    allowed = RSV1 if is_deflated and not frame.is_control and frame.opcode != CONTINUATION else 0
    if frame.rsv & ~allowed:
        frame.violations.append("reserved-bits")


def _ended(message: SocketMessage, inflater: _Inflater | None) -> SocketMessage:
    """Join and decode a message whose last frame is there."""
    message.problem = _problem(message)
    if message.problem:
        if message.compressed and inflater is not None:
            inflater.lose()
        return message
    joined = b"".join(frame.payload for frame in message.frames)
    if message.compressed and inflater is not None:
        message.content, message.problem = inflater.undo(joined)
    else:
        message.content = joined
    if message.opcode == TEXT and message.content is not None:
        try:
            message.content.decode("utf-8")
        except UnicodeDecodeError:
            message.frames[-1].violations.append("not-utf-8")
    return message


def _problem(message: SocketMessage) -> str:
    if any(frame.missing for frame in message.frames):
        return "gap"
    if not all(frame.complete for frame in message.frames) or not message.frames[-1].fin:
        return "open"
    return "" if all(frame.is_kept for frame in message.frames) else "long"
