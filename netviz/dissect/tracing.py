"""scapy takes a header apart while its bytes remember where they came from. The only file of dissect/ that loads scapy.

scapy's fields read a header by slicing bytes off its front, and keep no places. `TracedBytes` are bytes whose slices
know their offset in the frame, so the place before and after each field's reading is the field's span, bits included.
Packets inside fields (lists of records) are dissected by `Packet.do_dissect`, which is replaced by a traced copy while
one frame is looked at: hence the lock. The copy leaves bytes alone that are not traced, so other threads see no change.
"""

import importlib
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import RLock
from typing import Any, Final, NamedTuple, SupportsIndex

_LOCK: Final = RLock()
_LOADED_FIRST: Final = ("scapy.layers.l2", "scapy.layers.inet", "scapy.layers.inet6")


class Seen(NamedTuple):
    """A field that scapy read: its name there, the bits it took, and the fields of packets within it."""

    owner: str
    """Name of the scapy class."""

    name: str
    bit_start: int
    bit_end: int
    reading: Any
    """The scapy packet, its field and the value, for `spelling`."""

    parts: tuple["Seen", ...] = ()

    def spelling(self) -> str:
        """scapy's own words for the value, not yet safe. To be asked for when the whole header has been read: the words
        for one field may depend on another."""
        packet, field, value = self.reading
        try:
            return str(field.i2repr(packet, value))
        except Exception:  # a spelling is a courtesy: the bytes are shown either way
            return ""


class TracedBytes(bytes):
    """Bytes that remember their offset in the frame through slicing, and where to report."""

    offset: int
    sink: list[Seen]

    def __new__(cls, content: bytes, offset: int, sink: list[Seen]) -> "TracedBytes":
        made = bytes.__new__(cls, memoryview(content))
        made.offset = offset
        made.sink = sink
        return made

    def _moved(self, content: bytes, by: int) -> "TracedBytes":
        return TracedBytes(content, self.offset + by, self.sink)

    def __bytes__(self) -> bytes:
        return self

    def __getitem__(self, key: SupportsIndex | slice) -> Any:
        found = bytes.__getitem__(self, key)
        if isinstance(key, slice):
            start, _, step = key.indices(len(self))
            if step == 1:
                return self._moved(found, start)  # type: ignore[arg-type]
        return found

    def __add__(self, other: Any) -> bytes:
        joined = bytes.__add__(self, other)
        if isinstance(other, TracedBytes) and other.offset == self.offset + len(self):
            return self._moved(joined, 0)
        return joined

    def lstrip(self, chars: Any = None) -> bytes:
        """Without the leading bytes of a set."""
        kept = bytes.lstrip(self, chars)
        return self._moved(kept, len(self) - len(kept))

    def rstrip(self, chars: Any = None) -> bytes:
        """Without the trailing bytes of a set."""
        return self._moved(bytes.rstrip(self, chars), 0)

    def partition(self, separator: Any) -> tuple[bytes, bytes, bytes]:
        """Before, at and after the first place of a separator."""
        before, found, after = bytes.partition(self, separator)
        return self._moved(before, 0), found, self._moved(after, len(before) + len(found))


class Header(NamedTuple):
    """A header as scapy read it."""

    packet: Any
    """The scapy packet, for what depends on its values: its length, what follows it."""

    seen: tuple[Seen, ...]
    rest: Any
    """Bytes that scapy left for what follows; TracedBytes where their place is known."""

    failed: bool
    """scapy raised: `seen` has what it had read before, `rest` is empty."""


@cache
def scapy_class(module: str, name: str) -> Any:
    """A protocol of scapy, its module loaded when first asked for. Never `scapy.all`: that costs a second."""
    with _LOCK:
        # scapy warns of interfaces, routes and its own modules on the terminal, which has a screen on it.
        logging.getLogger("scapy").setLevel(logging.CRITICAL)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for first in _LOADED_FIRST:
                importlib.import_module(first)
            return getattr(importlib.import_module(module), name)


@contextmanager
def tracing() -> Iterator[None]:
    """Hold scapy for one frame: packets inside fields report their fields too."""
    with _LOCK:
        packet_class = scapy_class("scapy.packet", "Packet")
        original = packet_class.do_dissect

        def do_dissect(self: Any, content: Any) -> Any:
            return _fields_of(self, content) if isinstance(content, TracedBytes) else original(self, content)

        packet_class.do_dissect = do_dissect
        try:
            yield
        finally:
            packet_class.do_dissect = original


def read_header(protocol: Any, content: bytes, offset: int, under: Any = None) -> Header:
    """Let a scapy class read one header from the front of `content`, which begins at `offset` in the frame.

    What the header carries is not dissected.
    """
    sink: list[Seen] = []
    packet = protocol()
    packet.underlayer = under
    packet.original = content
    try:
        rest = packet.pre_dissect(TracedBytes(content, offset, sink))
        if _is_plain(packet):
            rest = _fields_of(packet, rest) if isinstance(rest, TracedBytes) else packet.do_dissect(rest)
        else:
            rest = packet.do_dissect(rest)
        rest = packet.post_dissect(rest)
    except Exception:  # whatever scapy trips over in hostile bytes, what it had read stands
        return Header(packet, tuple(sink), b"", True)
    return Header(packet, tuple(sink), rest, False)


def _is_plain(packet: Any) -> bool:
    """Whether the class reads its fields one after another, as most do."""
    return type(packet).do_dissect is scapy_class("scapy.packet", "Packet").do_dissect


def _fields_of(packet: Any, content: TracedBytes) -> Any:
    """`Packet.do_dissect` with the place of each field noted."""
    sink, whole, rest = content.sink, content, content
    packet.raw_packet_cache_fields = {}
    for field in packet.fields_desc:
        mark, before = len(sink), _place(rest)
        rest, value = field.getfield(packet, rest)
        if field.isconditional and value is None:
            continue
        rest, after = _placed(rest, before, sink)
        start = before[0] + 8 * _padding_before(packet, field, before[1])
        parts = tuple(part for part in sink[mark:] if start <= part.bit_start and part.bit_end <= after)
        del sink[mark:]
        sink.append(Seen(type(packet).__name__, field.name, start, max(start, after), (packet, field, value), parts))
        packet.fields[field.name] = value
        if not rest and (field.ismayend or (value is not None and field.isconditional and field.fld.ismayend)):
            break
    packet.raw_packet_cache = whole[: -len(rest)] if rest else whole
    packet.explicit = 1
    return rest


def _place(rest: Any) -> tuple[int, int]:
    """First bit of what is left, and how many bytes that is. Inside a byte scapy hands on (bytes, bits used)."""
    content, bits = (rest[0], rest[1]) if isinstance(rest, tuple) else (rest, 0)
    return 8 * content.offset + bits, len(content)


def _placed(rest: Any, before: tuple[int, int], sink: list[Seen]) -> tuple[Any, int]:
    """What is left after a field with its place known again, and the bit at which it begins.

    A field that rebuilt its bytes lost their place, but not how many it took off the front.
    """
    content, bits = (rest[0], rest[1]) if isinstance(rest, tuple) else (rest, 0)
    offset = getattr(content, "offset", None)
    if offset is None:
        offset = before[0] // 8 + before[1] - len(content)
        content = TracedBytes(content, offset, sink)
        rest = (content, *rest[1:]) if isinstance(rest, tuple) else content
    return rest, 8 * offset + bits


def _padding_before(packet: Any, field: Any, left: int) -> int:
    """Bytes that only align a field and stand before it (scapy's ReversePadField, as radiotap has them)."""
    if field.isconditional:
        field = field.fld
    if type(field).__name__ != "ReversePadField":
        return 0
    return int(field.padlen(field.original_length(packet) - left, packet))
