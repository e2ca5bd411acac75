"""Content and transfer codings undone within a bound: gzip, deflate, br, zstd (RFC 9110 section 8.4.1, RFC 8878).

A few bytes can claim to become gigabytes: output is asked for in bounded pieces and refused past the bound. Decoders of
br and zstd are loaded when first needed.
"""

import zlib
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

_STEP: Final = 64 << 10
_MOST_MEMBERS: Final = 256
"""Members (gzip) or frames (zstd) of one content that are decoded; what follows them is left alone."""

_ZSTD_WINDOW_LOG: Final = 23
"""RFC 9659: a decoder of the zstd content coding need not accept a window over 8 MB."""


class Decoded(NamedTuple):
    """What came out, and why not all of it did: a key as `Body.problem`, empty where all did."""

    content: bytes
    problem: str = ""


class _Decoder(Protocol):
    """Gives decoded bytes for coded ones, never more than asked for at a time."""

    def decode(self, data: bytes, most: int) -> bytes:
        """Up to `most` decoded bytes; called with empty `data` for more of the same."""
        ...

    @property
    def finished(self) -> bool:
        """The coded data's own end was reached."""
        ...

    @property
    def hungry(self) -> bool:
        """Nothing more comes without more data."""
        ...

    @property
    def unused(self) -> bytes:
        """Bytes it was given that lie behind that end."""
        ...


class _Zlib:
    def __init__(self, window_bits: int) -> None:
        self._inflate = zlib.decompressobj(window_bits)
        self._tail = b""

    def decode(self, data: bytes, most: int) -> bytes:
        out = self._inflate.decompress(self._tail + data, most)
        self._tail = self._inflate.unconsumed_tail
        return out

    @property
    def finished(self) -> bool:
        return self._inflate.eof

    @property
    def hungry(self) -> bool:
        return not self._tail

    @property
    def unused(self) -> bytes:
        return self._inflate.unused_data


class _Brotli:
    unused = b""

    def __init__(self) -> None:
        import brotli

        self._decoder = brotli.Decompressor()

    def decode(self, data: bytes, most: int) -> bytes:
        out: bytes = self._decoder.process(data, output_buffer_limit=most)
        return out

    @property
    def finished(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def hungry(self) -> bool:
        return bool(self._decoder.can_accept_more_data())


class _Zstd:
    def __init__(self) -> None:
        zstd = _zstd_module()
        options = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}  # type: ignore[attr-defined]
        self._decoder = zstd.ZstdDecompressor(options=options)  # type: ignore[attr-defined]

    def decode(self, data: bytes, most: int) -> bytes:
        out: bytes = self._decoder.decompress(data, most)
        return out

    @property
    def finished(self) -> bool:
        return bool(self._decoder.eof)

    @property
    def hungry(self) -> bool:
        return bool(self._decoder.needs_input)

    @property
    def unused(self) -> bytes:
        return bytes(self._decoder.unused_data)


def _zstd_module() -> object:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        from backports import zstd
    return zstd  # type: ignore[no-any-return, unused-ignore]


def _gzip() -> _Decoder:
    return _Zlib(zlib.MAX_WBITS | 16)


def _wrapped_deflate() -> _Decoder:
    return _Zlib(zlib.MAX_WBITS)


def _bare_deflate() -> _Decoder:
    return _Zlib(-zlib.MAX_WBITS)


_GZIP_MAGIC: Final = b"\x1f\x8b"
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_CODINGS: Final[dict[str, tuple[Callable[[], _Decoder], bytes]]] = {
    "gzip": (_gzip, _GZIP_MAGIC),
    "x-gzip": (_gzip, _GZIP_MAGIC),
    "br": (_Brotli, b""),
    "zstd": (_Zstd, _ZSTD_MAGIC),
    "deflate": (_wrapped_deflate, b""),
}
"""Coding -> its decoder, and how another member begins where several may stand in a row (RFC 1952 2.2, RFC 8878 3)."""


def decode(coding: str, data: bytes, most_bytes: int) -> Decoded:
    """Undo one coding. What passes `most_bytes` is refused: the content up to there, and the problem `bomb`.

    Problems: `unknown-coding`, `bad-coding` (the data is not in it), `cut-short` (it ends early), `bomb`.
    """
    name = coding.lower()
    if name in ("", "identity"):
        return Decoded(data)
    found = _CODINGS.get(name)
    if found is None:
        return Decoded(data, "unknown-coding")
    result = _members(*found, data, most_bytes)
    if name == "deflate" and result == (b"", "bad-coding"):
        # RFC 9110 8.4.1.2: deflate is the zlib format; some senders leave its wrapper off.
        return _members(_bare_deflate, b"", data, most_bytes)
    return result


def _members(make: Callable[[], _Decoder], magic: bytes, data: bytes, most_bytes: int) -> Decoded:
    out = bytearray()
    position, problem = 0, ""
    for _ in range(_MOST_MEMBERS):
        position, problem = _member(make(), data, position, out, most_bytes)
        if problem or not magic or not data.startswith(magic, position):
            break
    return Decoded(bytes(out[:most_bytes]), problem)


def _member(decoder: _Decoder, data: bytes, position: int, out: bytearray, most_bytes: int) -> tuple[int, str]:
    """Decode one member from `position` on, into `out`. Returns the position behind it, and the problem met."""
    try:
        for begin in range(position, len(data), _STEP):
            piece = data[begin : begin + _STEP]
            given = piece
            while not decoder.finished:
                more = decoder.decode(given, most_bytes + 1 - len(out))
                out += more
                if len(out) > most_bytes:
                    return begin, "bomb"
                given = b""
                if decoder.hungry or not more:
                    break
            if decoder.finished:
                return begin + len(piece) - len(decoder.unused), ""
    except Exception:  # each decoder has an exception class of its own; whichever it is, the data is not in that coding
        return len(data), "bad-coding"
    return len(data), "cut-short" if position < len(data) else ""
