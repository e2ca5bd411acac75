"""gzip and zstd streams, unpacked piece by piece. Knows nothing of captures.

Recognised by their first bytes, never by a name. A stream that is cut or damaged gives what came before that place.
"""

import sys
import zlib
from collections.abc import Iterator
from typing import Any, Final, Protocol

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE: Final = b"\x2a\x4d\x18"
"""Last three of the four bytes that a zstd frame to be skipped begins with; the first is 0x50 to 0x5f."""

_GZIP_PIECE: Final = 64 << 10
_ZSTD_PIECE: Final = 4 << 10
_BLOCK: Final = 1 << 20


def compression_of(head: bytes) -> str:
    """`gzip`, `zstd`, or empty where the first bytes are neither's."""
    if head[:2] == GZIP:
        return "gzip"
    if head[:4] == ZSTD or (head[1:4] == _ZSTD_SKIPPABLE and head[0] & 0xF0 == 0x50):
        return "zstd"
    return ""


class _Damaged(Exception):
    """The stream is no longer what it should be; `rest` is what could still be had of it."""

    def __init__(self, rest: bytes = b"") -> None:
        super().__init__()
        self.rest = rest


class _Member(Protocol):
    """One compressed member (gzip) or frame (zstd)."""

    piece: int
    unused: bytes

    @property
    def ended(self) -> bool: ...

    def step(self, data: bytes) -> tuple[bytes, bool]:
        """At most one block of unpacked bytes, and whether there is more to be had without more data."""
        ...


class _GzipMember:
    piece = _GZIP_PIECE

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(wbits=31)
        self.unused = b""

    @property
    def ended(self) -> bool:
        return self._decoder.eof

    def step(self, data: bytes) -> tuple[bytes, bool]:
        data = self._decoder.unconsumed_tail + data
        before = self._decoder.copy()
        try:
            block = self._decoder.decompress(data, _BLOCK)
        except zlib.error:
            raise _Damaged(_until_damage(before, data)) from None
        self.unused = self._decoder.unused_data
        return block, not self._decoder.eof and (len(block) == _BLOCK or bool(self._decoder.unconsumed_tail))


def _until_damage(decoder: Any, data: bytes) -> bytes:
    """What the bytes before the damaged one give: zlib keeps to itself what a failed call had unpacked."""
    blocks = bytearray()
    try:
        for at in range(len(data)):
            blocks += decoder.decompress(data[at : at + 1])
    except zlib.error:
        pass
    return bytes(blocks)


class _ZstdMember:
    piece = _ZSTD_PIECE

    def __init__(self) -> None:
        # In the standard library from 3.14 on.
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        self._error: type[Exception] = zstd.ZstdError
        self._decoder = zstd.ZstdDecompressor()
        self.unused = b""

    @property
    def ended(self) -> bool:
        return bool(self._decoder.eof)

    def step(self, data: bytes) -> tuple[bytes, bool]:
        try:
            block: bytes = self._decoder.decompress(data, _BLOCK)
        except self._error:
            raise _Damaged from None
        self.unused = self._decoder.unused_data
        return block, not self._decoder.eof and not self._decoder.needs_input


_MEMBERS: Final[dict[str, type[_GzipMember] | type[_ZstdMember]]] = {"gzip": _GzipMember, "zstd": _ZstdMember}


class Unpacker:
    """Unpacks a stream of one or more members; `feed` takes it in pieces of any size."""

    def __init__(self, kind: str) -> None:
        self._new_member = _MEMBERS[kind]
        self._member: _Member = self._new_member()
        self._members_ended = 0
        self._in_member = 0
        self._gave = False
        self.stopped = False
        """Nothing after this place can be unpacked: damage, or bytes after the last member that are no member."""
        self.damaged = False

    @property
    def whole(self) -> bool:
        """Whether the stream may end here: every member that began has ended."""
        return not self.damaged and (self.stopped or self._member.ended or not self._in_member)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Blocks of at most 1 MiB (what is saved from damage may be longer)."""
        for at in range(0, len(data), self._member.piece):
            piece = data[at : at + self._member.piece]
            while piece and not self.stopped:
                if self._member.ended:
                    self._next_member()
                self._in_member += len(piece)
                yield from self._unpacked(piece)
                piece = self._member.unused if self._member.ended else b""

    def _next_member(self) -> None:
        self._members_ended += 1
        self._member, self._in_member, self._gave = self._new_member(), 0, False

    def _unpacked(self, piece: bytes) -> Iterator[bytes]:
        more = True
        while more:
            try:
                block, more = self._member.step(piece)
            except _Damaged as damage:
                self.stopped = True
                # What follows the last member and was never one is padding, as gzip(1) has it.
                self.damaged = not self._members_ended or self._gave or bool(damage.rest)
                if damage.rest:
                    yield damage.rest
                return
            piece = b""
            if block:
                self._gave = True
                yield block
