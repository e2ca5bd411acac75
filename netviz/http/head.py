"""One message head taken apart: start line and header fields, each with the packet and the bytes that carry it.

Deep and lazy. What the fields say is read once for all equal blocks (`block.py`); the evidence
of a field is made when the field is looked at: of most heads only a field or two ever are.
"""

from bisect import bisect_right
from itertools import accumulate
from collections.abc import Sequence
from typing import Final, TypeAlias, overload

from netviz.http.block import Block, read_block, text_of
from netviz.http.exchange import Head, Header, IndexedHeaders, Message
from netviz.http.start_line import StartLine, read_start_line
from netviz.model.evidence import Evidence, Span
from netviz.model.limits import DEFAULT_LIMITS, Limits

HeadPiece: TypeAlias = tuple[int, int | None, bytes]
"""Row, where the piece begins in its frame (None: in no frame, it came out of IP fragments), and its bytes."""

_SPACE: Final = b" \t"
_WHOLE: Final = [0]


def read_head(message: Message, pieces: Sequence[HeadPiece], limits: Limits = DEFAULT_LIMITS) -> Head:
    """Start line and fields of a message. At most `limits.message_headers` fields are listed; more are marked.

    `pieces` are the message's `head`, in order. Evidence of what crosses packets names the packet in which it begins.
    """
    text = pieces[0][2] if len(pieces) == 1 else b"".join(data for _, _, data in pieces)
    place = _Place(pieces)
    feed = text.find(b"\n")
    line_end = feed if feed >= 0 else len(text)
    first = text[:line_end].removesuffix(b"\r")
    begins = line_end + 1
    block = read_block(text[begins:], limits.message_headers)
    marks = message.violations and tuple(dict.fromkeys((*message.violations, *block.marks))) or block.marks
    return _head(read_start_line(first), first, place, _Headers(block, place, begins), marks)


class _Place:
    """Where each byte of a head lies."""

    __slots__ = ("_begins", "_pieces")

    def __init__(self, pieces: Sequence[HeadPiece]) -> None:
        self._pieces = pieces
        self._begins = _WHOLE if len(pieces) == 1 else [0, *accumulate(len(data) for _, _, data in pieces)][:-1]

    def at(self, begin: int, end: int) -> Evidence:
        """Evidence of the head's bytes begin..end."""
        if not self._pieces:
            return Evidence(0)
        index = max(bisect_right(self._begins, begin) - 1, 0)
        row, frame_start, data = self._pieces[index]
        if frame_start is None:
            return Evidence(row + 1)
        offset = begin - self._begins[index]
        stop = min(max(end - self._begins[index], offset), len(data))
        return Evidence(row + 1, Span(frame_start + offset, frame_start + stop))


class _Headers(IndexedHeaders):
    """The fields of one head: what they say is shared with every equal head, where they lie is its own."""

    __slots__ = ("_base", "_block", "_place")

    def __init__(self, block: Block, place: _Place, base: int) -> None:
        self._block = block
        self._place = place
        self._base = base

    @property
    def shared(self) -> Block:
        """The block that equal heads have in common."""
        return self._block

    def __len__(self) -> int:
        return len(self._block.lines)

    @overload
    def __getitem__(self, index: int) -> Header: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Header]: ...

    def __getitem__(self, index: int | slice) -> Header | Sequence[Header]:
        if isinstance(index, slice):
            return [self._header(each) for each in range(*index.indices(len(self)))]
        return self._header(index)

    def named(self, name: str) -> list[Header]:
        """All fields of a name, in order; `name` in lower case."""
        return [self._header(index) for index in self._block.places.get(name, ())]

    def values(self, name: str) -> list[str]:
        """Their values only."""
        lines = self._block.lines
        return [lines[index].value for index in self._block.places.get(name, ())]

    def names(self) -> tuple[str, ...]:
        """Names of all fields, in order, in lower case."""
        return self._block.names

    def _header(self, index: int) -> Header:
        line, base, at = self._block.lines[index], self._base, self._place.at
        return Header(
            line.name,
            line.value,
            at(base + line.name_begin, base + line.name_end),
            at(base + line.value_begin, base + line.value_end),
        )


def _head(line: StartLine | None, first: bytes, place: _Place, headers: _Headers, marks: tuple[str, ...]) -> Head:
    line_at = place.at(0, len(first))
    if line is None:
        return Head("", "", "", 0, "", line_at, headers, marks)
    reason = ""
    if line.status:
        parts = first.split(None, 2)
        reason = text_of(parts[2].rstrip(_SPACE)) if len(parts) > 2 else ""
    version = f"HTTP/{line.version}" if line.version else ""
    return Head(line.method, text_of(line.target), version, line.status, reason, line_at, headers, marks)
