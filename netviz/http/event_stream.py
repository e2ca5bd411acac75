"""Server-sent events (WHATWG HTML, section 9.2): a `text/event-stream` body taken apart as it comes.

Push: content with the row that brought it goes in, events come out as soon as the empty line behind them is there.
"""

import re
from dataclasses import dataclass, field
from typing import Final

_LINE_END: Final = re.compile(rb"\r\n|\n|\r")
_BOM: Final = b"\xef\xbb\xbf"
_LONGEST: Final = 1 << 20
"""Bytes of one event that are kept."""


@dataclass(slots=True)
class StreamEvent:
    """One block of lines, up to the empty line behind it. Texts are as on the wire."""

    start: int
    """Offset of its first byte in the body's content."""

    first_row: int
    row: int
    """Row of the packet with which it was complete."""

    end: int = 0
    """Offset behind its last line, the empty line left out."""

    event: str = ""
    """Its type; empty where it has none, which means `message`."""

    data: list[str] = field(default_factory=list)
    id: str | None = None
    retry: int | None = None
    """Milliseconds that the browser is to wait before it connects again."""

    comments: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)
    """Lines that mean nothing to a browser."""

    @property
    def is_dispatched(self) -> bool:
        """The page gets it: a block without data is none."""
        return bool(self.data)


class EventReader:
    """Reads one stream."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._buffer = bytearray()
        self._start = 0
        """Offset of `_buffer` in the content."""
        self._block: StreamEvent | None = None
        self._now = -1
        self.events: list[StreamEvent] = []
        self.stopped = False
        """There are more events than are listed."""

    def feed(self, content: bytes, row: int) -> None:
        """The next bytes of the content, and the row that brought them."""
        if self.stopped:
            return
        # Packets may come out of order: what was sent is known when all before it is.
        self._now = row = max(self._now, row)
        self._buffer += content
        at = 0
        while not self.stopped and (found := _LINE_END.search(self._buffer, at)) is not None:
            # A lone CR at the end may be the first half of CR LF.
            if found[0] == b"\r" and found.end() == len(self._buffer):
                break
            self._line(bytes(self._buffer[at : found.start()]), self._start + at, self._start + found.end(), row)
            at = found.end()
        del self._buffer[:at]
        self._start += at
        if len(self._buffer) > _LONGEST:
            self._start += len(self._buffer)
            self._buffer.clear()

    @property
    def unfinished_row(self) -> int | None:
        """Row of the newest bytes of a block that is not ended by an empty line: a browser has not seen it yet."""
        return self._now if self._block is not None or self._buffer else None

    def _line(self, line: bytes, start: int, end: int, row: int) -> None:
        if not start:
            line = line.removeprefix(_BOM)
        if not line:
            if self._block is not None:
                self._block.row = row
                self.events.append(self._block)
                self._block = None
                self.stopped = len(self.events) >= self._most
            return
        block = self._block
        if block is None:
            block = self._block = StreamEvent(start, row, row)
        block.row, block.end = row, end
        name, _, value = line.decode("utf-8", "replace").partition(":")
        _set(block, name, value.removeprefix(" "))


def _set(block: StreamEvent, name: str, value: str) -> None:
    if name == "":
        block.comments.append(value)
    elif name == "data":
        block.data.append(value)
    elif name == "event":
        block.event = value
    elif name == "id" and "\0" not in value:
        block.id = value
    elif name == "retry" and value.isascii() and value.isdigit():
        block.retry = int(value[:18])
    else:
        block.other.append(name)
