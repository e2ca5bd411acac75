"""The blocks of a pcapng file that carry no packets: options, interfaces, names, statistics, secrets, comments.

Given is the body of a block that is all there; what does not fit in it is left out, never an error. Knows no offsets.
Specification: draft-ietf-opsawg-pcapng.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from netviz.capture.walking import gather
from netviz.model.endpoint import address_text
from netviz.model.frames import Buffer, CaptureInfo, Interface
from netviz.model.limits import Limits

COMMENT: Final = 1
_IF_NAME, _IF_DESCRIPTION, _IF_TSRESOL, _IF_TSOFFSET = 2, 3, 9, 14
_ISB_IFRECV, _ISB_IFDROP, _ISB_OSDROP = 4, 5, 7
_NAME_RECORDS: Final = {1: 4, 2: 16, 3: 6}
"""Type of a name resolution record -> bytes of its address: IPv4, IPv6, EUI-48."""

_INT64_MIN, _INT64_MAX = -(1 << 63), (1 << 63) - 1
_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """How an interface counts time: steps a second, and whole seconds to add."""

    steps: int = 1_000_000
    offset: int = 0

    def nanoseconds(self, ticks: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Nanoseconds since the Unix epoch; what passes 64 bits is held at the nearest time that does not."""
        whole, rest = divmod(_NS, self.steps)
        if not rest and 0 <= self.offset < 1 << 32 and int(ticks.max(initial=0)) <= (1 << 62) // whole:
            return ticks.astype(np.int64) * whole + self.offset * _NS
        exact = (self.offset * _NS + tick * _NS // self.steps for tick in ticks.tolist())
        return np.fromiter((min(max(time, _INT64_MIN), _INT64_MAX) for time in exact), np.int64, len(ticks))


def options(body: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """(code, value) of each option; ends at the end mark, or at an option longer than what is left."""
    at, head = 0, struct.Struct(order + "HH")
    while at + 4 <= len(body):
        code, length = head.unpack_from(body, at)
        if code == 0 or at + 4 + length > len(body):
            return
        yield code, body[at + 4 : at + 4 + length]
        at += 4 + (length + 3 & ~3)


def text_of(value: bytes) -> str:
    """Text of an option: UTF-8, perhaps with a terminating zero; other bytes stay to be seen as escapes."""
    return value.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


class Notes:
    """Fills a `CaptureInfo` from blocks, up to the bound on what is kept."""

    def __init__(self, info: CaptureInfo, limits: Limits) -> None:
        self._info = info
        self._left = limits.capture_notes_bytes

    def kept(self, size: int) -> bool:
        """Whether `size` bytes more may be kept; counts them, or the hit."""
        if size > self._left:
            self._info.limit_counter.hit("capture_notes_bytes")
            return False
        self._left -= size
        return True

    def section(self, body: bytes, order: str) -> None:
        """A section header block, after its fixed part."""
        self._comments(options(body, order))

    def interface(self, body: bytes, order: str) -> tuple[Interface, Clock]:
        """An interface description block of at least 8 bytes; the interface is listed in the capture's info."""
        link_type, snaplen = struct.unpack_from(order + "HxxI", body)
        found = dict[int, bytes]()
        for code, value in options(body[8:], order):
            if code == COMMENT:
                self._comments(iter([(code, value)]))
            found.setdefault(code, value)
        names = [self._text(found.get(code, b"")) for code in (_IF_NAME, _IF_DESCRIPTION)]
        interface = Interface(link_type, names[0], names[1], snaplen)
        self._info.interfaces.append(interface)
        return interface, _clock(found, order)

    def names(self, body: bytes, order: str) -> None:
        """A name resolution block: the first name of each address."""
        for kind, value in options(body, order):
            width = _NAME_RECORDS.get(kind, 0)
            if width and len(value) > width and self.kept(len(value)):
                self._info.names.setdefault(address_text(value[:width]), text_of(value[width:]))

    def statistics(self, body: bytes, order: str, interfaces: list[Interface]) -> None:
        """An interface statistics block: the latest figures count."""
        if len(body) < 12:
            return
        number = struct.unpack_from(order + "I", body)[0]
        if number >= len(interfaces):
            return
        figures = {
            code: int.from_bytes(value, "little" if order == "<" else "big")
            for code, value in options(body[12:], order)
            if len(value) == 8
        }
        drops = [figures[code] for code in (_ISB_IFDROP, _ISB_OSDROP) if code in figures]
        if _ISB_IFRECV in figures:
            interfaces[number].received = figures[_ISB_IFRECV]
        if drops:
            interfaces[number].dropped = sum(drops)

    def secrets(self, body: bytes, order: str) -> None:
        """A decryption secrets block."""
        if len(body) < 8:
            return
        kind, length = struct.unpack_from(order + "II", body)
        content = body[8 : 8 + length]
        if self.kept(len(content)):
            self._info.secrets.append((kind, content))

    def packet_comment(self, body: bytes, order: str) -> str:
        """The comments among a packet's options, one a line; empty where there is none (or no room)."""
        found = [value for code, value in options(body, order) if code == COMMENT]
        return "\n".join(text_of(value) for value in found if self.kept(len(value)))

    def _comments(self, found: Iterator[tuple[int, bytes]]) -> None:
        for code, value in found:
            if code == COMMENT and self.kept(len(value)):
                self._info.comments.append(text_of(value))

    def _text(self, value: bytes) -> str:
        return text_of(value) if self.kept(len(value)) else ""


def _clock(found: dict[int, bytes], order: str) -> Clock:
    resolution, offset = found.get(_IF_TSRESOL, b""), found.get(_IF_TSOFFSET, b"")
    exponent = resolution[0] if len(resolution) == 1 else 6
    steps = 1 << (exponent & 0x7F) if exponent & 0x80 else 10**exponent
    return Clock(steps, struct.unpack(order + "q", offset)[0] if len(offset) == 8 else 0)


def commented(data: Buffer, starts: npt.NDArray[np.int64], stops: npt.NDArray[np.int64], order: str) -> list[int]:
    """Indices of the packets whose options, data[start:stop], hold a comment; all packets take a step at a time."""
    index, at, found = np.arange(len(starts)), starts, list[int]()
    while True:
        inside = at + 4 <= stops[index]
        index, at = index[inside], at[inside]
        if not len(index):
            return sorted(found)
        heads = gather(data, at, 4, order + "u2").astype(np.int64)
        found += index[heads[:, 0] == COMMENT].tolist()
        further = heads[:, 0] > COMMENT
        index, at = index[further], (at + 4 + (heads[:, 1] + 3 & ~3))[further]
