"""A message head of which not everything has come: its bytes and where they lie, until its empty line.

Also the careful way for heads that lie in one packet but are untidy (lines that end with LF alone). What seemed to be a
head and is none may have been the rest of something, with the true head behind it at the beginning of a later packet:
so where packets begin is kept until the start line is there. Bounded by `Limits.message_head_bytes`.
"""

import re
from collections.abc import Callable
from enum import Enum
from typing import Final

from netviz.http.exchange import Message, Piece
from netviz.http.fields import read_framing
from netviz.http.opening import opening_of
from netviz.http.start_line import (
    StartLine,
    is_certain_start,
    may_become_start_line,
    may_stand_behind_gap,
    read_start_line,
)

_END: Final = re.compile(rb"\n\r?\n")
_EMPTY_LINES: Final = re.compile(rb"[\r\n]*")
_MOST_BEGINS: Final = 16
"""A start line comes in a packet or two; only so many beginnings of packets are tried for one."""


class Progress(Enum):
    """What an unfinished head has become with the bytes that were added."""

    MORE = "its end has not come"
    COMPLETE = "its empty line is there"
    NO_HEAD = "it does not begin with a start line"
    TOO_LONG = "it passes the bound"


class UnfinishedHead:
    """Collects a head. `line` is there as soon as the start line is complete and is one."""

    __slots__ = ("_begins", "_behind_gap", "_most", "_searched", "line", "pieces", "start", "text")

    def __init__(self, start: int, most_bytes: int, behind_gap: bool = False) -> None:
        self._behind_gap = behind_gap
        self.start = start
        """Stream offset of its first byte."""
        self.line: StartLine | None = None
        self.text = bytearray()
        self.pieces: list[Piece] = []
        self._most = most_bytes
        self._searched = 0
        self._begins: list[int] = []
        """Offsets in `text` at which later packets begin."""

    @property
    def rows(self) -> tuple[int, int]:
        """Earliest and newest row of the packets that brought bytes of it."""
        rows = [piece.row for piece in self.pieces]
        return min(rows), max(rows)

    def add(self, row: int, data: bytes, at: int) -> tuple[Progress, int]:
        """Add `data`, which lies at `at` in its packet's buffer. Returns how it stands and how many bytes it took.

        With NO_HEAD nothing is kept, and the bytes taken are none of a head.
        """
        before = len(self.text)
        data = data[: self._most + 1 - before]
        if self.pieces and self.pieces[-1].row != row:
            self._begins = [*self._begins[1 - _MOST_BEGINS :], before]
        self.text += data
        self.pieces.append(Piece(row, at, at + len(data)))
        if self.line is None and not self._find_line(before):
            return Progress.NO_HEAD, len(data)
        if self.line is None:
            return Progress.MORE, len(data)
        # An empty line may have begun in the bytes that were there before: \n \r | \n.
        found = _END.search(self.text, max(self._searched - 2, 0))
        self._searched = len(self.text)
        beyond = 0
        if found is not None:
            beyond = len(self.text) - found.end()
            del self.text[found.end() :]
            self.pieces[-1] = self.pieces[-1]._replace(stop=self.pieces[-1].stop - beyond)
        if len(self.text) > self._most:
            return Progress.TOO_LONG, len(data) - beyond
        return Progress.MORE if found is None else Progress.COMPLETE, len(data) - beyond

    def fields(self) -> bytes:
        """The field lines that are complete, as `read_framing` takes them: from the start line's end on."""
        text = bytes(self.text)
        found = _END.search(text)
        stop = found.start() if found is not None else text.rfind(b"\n")
        begin = text.find(b"\n")
        return text[begin - text[:begin].endswith(b"\r") : max(stop - text[:stop].endswith(b"\r"), 0)]

    def cut_short(self, direction: int, known_at: int, stop: int, why: str) -> Message:
        """The message of which no more than this will come, `line` being there: `stop` is its stream offset."""
        assert self.line is not None
        opening = opening_of(self.line, read_framing(self.fields()))
        return Message(
            "response" if opening.status else "request", direction, self.start, tuple(self.pieces), known_at, *self.rows,
            opening.method, opening.status, stop, stop, violations=(*opening.violations, why), hints=opening.hints,
        )  # fmt: skip

    def _find_line(self, searched: int) -> bool:
        """Look for the start line, `searched` bytes being known to have no line end. False: there is none."""
        text = self.text
        if text.find(b"\n", searched) < 0:
            begin = self._first(lambda at: may_become_start_line(text, at))
            if len(text) > self._most:
                return False
        else:
            begin = self._first(lambda at: is_certain_start(text, at))
            if begin is None:
                begin = self._first(self._is_line_or_may_become)
        if begin is None:
            begin = self._first(lambda at: at == len(text))
        if begin is None:
            return False
        self._drop(begin)
        self._behind_gap = self._behind_gap and not begin
        line_end = text.find(b"\n")
        if line_end >= 0:
            self.line = read_start_line(bytes(text[:line_end]))
        return True

    def _first(self, test: Callable[[int], bool]) -> int | None:
        """The first beginning of a packet, its empty lines passed over, for which the test holds."""
        for begin in (0, *self._begins):
            found = _EMPTY_LINES.match(self.text, begin)
            at = found.end() if found is not None else begin
            if test(at) and (begin or not self._behind_gap or may_stand_behind_gap(self.text, at)):
                return at
        return None

    def _is_line_or_may_become(self, at: int) -> bool:
        line_end = self.text.find(b"\n", at)
        if line_end < 0:
            return may_become_start_line(self.text, at)
        return read_start_line(bytes(self.text[at:line_end])) is not None

    def _drop(self, begin: int) -> None:
        """Let go of the bytes before `begin`, which were none of this head."""
        if not begin:
            return
        del self.text[:begin]
        self.start += begin
        self._begins = [each - begin for each in self._begins if each > begin]
        rest = begin
        while rest:
            first = self.pieces[0]
            size = first.stop - first.start
            if size > rest:
                self.pieces[0] = first._replace(start=first.start + rest)
                return
            del self.pieces[0]
            rest -= size
