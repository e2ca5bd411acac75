"""One message head taken apart: start line and header fields, each with the packet and the bytes that carry it.

Deep and lazy. What the fields say is read once for all equal blocks (`block.py`); the evidence
of a field is made when the field is looked at: of most heads only a field or two ever are.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias, overload

from netviz.http.block import Block, read_block, text_of
from netviz.http.exchange import Head, Header, IndexedHeaders, Message
from netviz.http.start_line import StartLine, read_start_line
from netviz.model.evidence import Evidence, Span
from netviz.model.limits import DEFAULT_LIMITS, Limits

HeadPiece: TypeAlias = tuple[int, int | None, bytes]
"""Row, where the piece begins in its frame (None: in no frame, it came out of IP fragments), and its bytes."""

_SPACE: Final = b" \t"
_WHOLE: Final = [0]
_REMEMBERED_HEADS: Final = 2048
_REMEMBERED_LENGTH: Final = 2048


def read_head(message: Message, pieces: Sequence[HeadPiece], limits: Limits = DEFAULT_LIMITS) -> Head:
    """Start line and fields of a message. At most `limits.message_headers` fields are listed; more are marked.

    `pieces` are the message's `head`, in order. Evidence of what crosses packets names the packet in which it begins.
    """
    text = pieces[0][2] if len(pieces) == 1 else b"".join(data for _, _, data in pieces)
    return read_head_text(message, text, lambda _: pieces, limits)


def read_head_text(
    message: Message,
    text: bytes,
    find: Callable[[Message], Sequence[HeadPiece]],
    limits: Limits = DEFAULT_LIMITS,
) -> Head:
    """The same from the bytes of the head; its pieces are asked for when somebody wants to see where the bytes lie."""
    read = _remembered if len(text) <= _REMEMBERED_LENGTH else _said
    return _HeadOnDemand(read(text, limits.message_headers), message, find)


class _Said(NamedTuple):
    """What a head says by its bytes alone."""

    method: str
    target: str
    status: int
    line: StartLine | None
    first: bytes
    """The start line without its line end."""

    base: int
    """Where the fields begin."""

    block: Block


def _said(text: bytes, most: int) -> _Said:
    feed = text.find(b"\n")
    line_end = feed if feed >= 0 else len(text)
    first = text[:line_end].removesuffix(b"\r")
    line = read_start_line(first)
    block = read_block(text[line_end + 1 :], most)
    if line is None:
        return _Said("", "", 0, None, first, line_end + 1, block)
    return _Said(line.method, text_of(line.target), line.status, line, first, line_end + 1, block)


_remembered = lru_cache(maxsize=_REMEMBERED_HEADS)(_said)


class _HeadOnDemand(Head):
    """A head of which only what every verdict asks is there from the start.

    Passes over a whole capture make one of these for each message and look at little of it; so the other slots of
    `Head` stay empty, and Python asks `__getattr__` for them the first time that they are read.
    """

    __slots__ = ("_find", "_message", "_said")

    def __init__(self, said: _Said, message: Message, find: Callable[[Message], Sequence[HeadPiece]]) -> None:
        self.method = said.method
        self.target = said.target
        self.status = said.status
        self._said = said
        self._message = message
        self._find = find

    @property
    def shared(self) -> Block:
        """See `Head.shared`."""
        return self._said.block

    def __getattr__(self, name: str) -> object:
        if name == "violations":
            self.violations = tuple(dict.fromkeys((*self._message.violations, *self._said.block.marks)))
        elif name == "version":
            line = self._said.line
            self.version = f"HTTP/{line.version}" if line is not None and line.version else ""
        elif name == "reason":
            self.reason = _reason(self._said)
        elif name == "line_at":
            self.line_at = _Place(self._message, self._find).at(0, len(self._said.first))
        elif name == "headers":
            self.headers = _Headers(self._said.block, _Place(self._message, self._find), self._said.base)
        else:
            raise AttributeError(name)
        return getattr(self, name)


def _reason(said: _Said) -> str:
    parts = said.first.split(None, 2) if said.status else ()
    return text_of(parts[2].rstrip(_SPACE)) if len(parts) > 2 else ""


class _Place:
    """Where each byte of a head lies. Its pieces are looked for with the first question."""

    __slots__ = ("_begins", "_find", "_message", "_pieces")

    def __init__(self, message: Message, find: Callable[[Message], Sequence[HeadPiece]]) -> None:
        self._message = message
        self._find = find
        self._pieces: Sequence[HeadPiece] | None = None
        self._begins = _WHOLE

    def at(self, begin: int, end: int) -> Evidence:
        """Evidence of the head's bytes begin..end."""
        if self._pieces is None:
            self._pieces = self._find(self._message)
            if len(self._pieces) > 1:
                self._begins = [0, *accumulate(len(data) for _, _, data in self._pieces)][:-1]
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
