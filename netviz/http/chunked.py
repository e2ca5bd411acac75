"""The chunked transfer coding (RFC 9112 section 7.1) as a push parser: given bytes, it says which are data.

Used twice: by the framer, which only counts, and by `body.py`, which joins the chunks. It keeps no data of a body, at
most one unfinished line. Lenient: bare LF, white space after a size; each marked.
"""

import re
from typing import Final

_SIZE: Final = re.compile(rb"([ \t]*)([0-9A-Fa-f]{1,16})([ \t]*)(?:;[^\n]*)?\r?")
_USUAL_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})\r\n")
_EXTENSION_SPACE: Final = re.compile(rb"[0-9A-Fa-f]+[ \t]*;")

_AT_SIZE, _AT_DATA, _AT_DATA_END, _AT_TRAILER, _DONE, _BROKEN = range(6)


class ChunkReader:
    """Walks over a chunked body. `left` is how much of the present chunk's data is still to come."""

    __slots__ = ("_line", "_most", "_state", "_trailer_bytes", "left", "trailers", "violations")

    def __init__(self, most_line_bytes: int) -> None:
        self.left = 0
        self.violations: list[str] = []
        self._most = most_line_bytes
        self._line = bytearray()
        self._state = _AT_SIZE
        self._trailer_bytes = 0
        self.trailers: list[bytes] = []
        """Field lines behind the last chunk (RFC 9112 section 7.1.2), as they came."""

    @property
    def done(self) -> bool:
        """The last chunk and the trailers are over."""
        return self._state == _DONE

    @property
    def broken(self) -> bool:
        """What came is no chunk: where the body ends can not be known."""
        return self._state == _BROKEN

    def feed(self, data: bytes, at: int, into: bytearray | None = None) -> tuple[int, int]:
        """Take `data` from `at` on, as far as the body goes. Returns (bytes of content in it, position behind it).

        The content is added to `into`, where there is one. The position is the end of `data`, unless the body is over:
        `done` or `broken`.
        """
        content = 0
        while at < len(data) and self._state < _DONE:
            if self._state == _AT_SIZE and not self._line:
                begin, end, at = self._whole_chunk(data, at)
            else:
                begin, end, at = self._step(data, at)
            content += end - begin
            if into is not None:
                into += data[begin:end]
        return content, at

    def _whole_chunk(self, data: bytes, at: int) -> tuple[int, int, int]:
        """As `_step`, for the usual case: a chunk that is there from its size to its line end."""
        found = _USUAL_SIZE.match(data, at)
        if found is not None:
            begin = found.end()
            end = begin + int(found[1], 16)
            if data.startswith(b"\r\n", end):
                if begin == end:
                    self._state = _DONE
                return begin, end, end + 2
        return self._step(data, at)

    def _step(self, data: bytes, at: int) -> tuple[int, int, int]:
        """Take one piece of `data` from `at`: (content start, content stop, next position)."""
        if self.left:
            stop = min(at + self.left, len(data))
            self.left -= stop - at
            if not self.left:
                self._state = _AT_DATA_END
            return at, stop, stop
        if self._state == _AT_DATA_END:
            return self._after_data(data, at)
        line_end = data.find(b"\n", at)
        stop = len(data) if line_end < 0 else line_end
        taken = data[at : min(stop, at + self._most + 1 - len(self._line))]
        self._line += taken
        if len(self._line) > self._most:
            self._break("long-chunk-line")
            return at, at, at + len(taken)
        if line_end < 0:
            return at, at, stop
        self._take_line()
        return at, at, line_end + 1

    def passed(self, left: int) -> None:
        """Data of the present chunk went by, or was lost, without `step`: `left` of it are still to come."""
        self.left = left
        if not left:
            self._state = _AT_DATA_END

    def _after_data(self, data: bytes, at: int) -> tuple[int, int, int]:
        """The line end behind a chunk's data."""
        if not self._line and data.startswith(b"\r\n", at):
            self._state = _AT_SIZE
            return at, at, at + 2
        byte = data[at : at + 1]
        if byte == b"\n":
            if not self._line:
                self._mark("bare-lf")
            self._line.clear()
            self._state = _AT_SIZE
        elif byte == b"\r" and not self._line:
            self._line += byte
        else:
            self._break("bad-chunk")
            return at, at, at
        return at, at, at + 1

    def _take_line(self) -> None:
        line = bytes(self._line)
        self._line.clear()
        if not line.endswith(b"\r"):
            self._mark("bare-lf")
        if self._state == _AT_TRAILER:
            self._trailer_bytes += len(line)
            if not line.rstrip(b"\r"):
                self._state = _DONE
            elif self._trailer_bytes > self._most:
                self._break("long-trailers")
            else:
                self.trailers.append(line.rstrip(b"\r"))
            return
        found = _SIZE.fullmatch(line)
        if found is None:
            self._break("bad-chunk")
            return
        if found[1] or (found[3] and not _EXTENSION_SPACE.match(line)):
            self._mark("chunk-size-space")
        self.left = int(found[2], 16)
        self._state = _AT_DATA if self.left else _AT_TRAILER

    def _break(self, violation: str) -> None:
        self._mark(violation)
        self._state = _BROKEN

    def _mark(self, violation: str) -> None:
        if violation not in self.violations:
            self.violations.append(violation)
