"""One packet taken apart: layers, fields with exact spans, and where and why it stopped. Data only.

`dissect/` makes these from one frame; `explain/` has words for them; `report/` and `tui/` show them.
"""

from dataclasses import dataclass

from netviz.model.evidence import Span
from netviz.model.osi import Place


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a header, exactly where it is in the frame."""

    key: str
    """Stable name, Wireshark's where it has one: `ip.ttl`, `tcp.flags`, `http.header`. `explain/` may have words for it."""

    label: str
    """Short English name as the field's specification has it: "Time to Live"."""

    value: str
    """The value as text, already safe for a terminal."""

    bit_start: int
    """First bit, counted from the first bit of the frame."""

    bit_end: int
    """Bit after the last one."""

    children: tuple["Field", ...] = ()
    """Parts of this field: the flags of a flags field, the options of an options field, the questions of a DNS message."""

    @property
    def span(self) -> Span:
        """The bytes that hold the field, whole bytes even where the field has fewer bits."""
        return Span(self.bit_start // 8, -(-self.bit_end // 8))


@dataclass(frozen=True, slots=True)
class Layer:
    """One protocol's header (and trailer) in a frame, with what it carries."""

    protocol: str
    """Name as in `model.osi.PLACES`: "Ethernet", "IPv4", "TCP", "HTTP"."""

    place: Place | None
    """Where it stands on both ladders; None for a protocol netviz only names."""

    header: Span
    """Bytes of this layer's own header (of a message without a split: all of it)."""

    payload: Span
    """Bytes it carries for the layer above: empty where there is none."""

    fields: tuple[Field, ...]

    trailer: Span | None = None
    """Bytes after the payload that are this layer's: Ethernet padding."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where taking a packet apart had to stop."""

    layer: str
    """The protocol that could not be read (or the bytes after which nothing is known)."""

    offset: int
    """Byte offset in the frame at which it stopped."""

    reason: str
    """Key of the sentence `broken.<reason>` in `explain/`: `too-short`, `bad-version`, `bad-header-length`, `bad-length`,
    `length-beyond-capture`, `too-deep`, `unknown`, `dissector-failed`."""

    needed: int = 0
    """Bytes that were needed there, where the reason is a length."""

    available: int = 0
    """Bytes that were there."""


@dataclass(frozen=True, slots=True)
class Dissection:
    """One packet in depth: its layers from the lowest up, and the break, if any."""

    layers: tuple[Layer, ...]
    broken: Break | None
    captured: int
    """Bytes captured of the frame; every span lies within them."""

    length: int
    """Bytes the frame had on the wire."""
