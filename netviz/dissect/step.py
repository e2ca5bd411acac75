"""The nouns of the walk through a frame: the window a dissector sees, and what it says about it. Data only.

Comes before every dissector; knows no protocol.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from netviz.model.layers import Break, Field


class Under(NamedTuple):
    """What the layers below have told that the layers above need."""

    network: int = 0
    """4 or 6: version of the innermost IP, 0 where there is none."""

    ports: tuple[int, int] = (0, 0)
    """Source and destination port of the transport."""

    kind: int = 0
    """A number from the layer below that this layer's form depends on."""

    quoted: bool = False
    """Inside an ICMP error: a packet that is quoted, not carried, and cut short by design (RFC 792)."""

    part: bool = False
    """Only a part of a datagram is here: a fragment, or a quoted packet."""

    stream: bool = False
    """On a byte stream, where a message may go on in a later segment: running out of bytes breaks nothing."""

    wire: int = 0
    """Bytes the whole frame had on the wire: what is missing below that was cut off by the capture."""

    carried: str | None = None
    """Protocol of the message that an earlier packet began and this one's payload continues."""

    within: int = 0
    """Payload bytes that are the rest of what began in an earlier packet; more begins behind them."""


class Window(NamedTuple):
    """The bytes of one frame that a layer may look at."""

    frame: bytes
    start: int
    """Offset of the layer's first byte."""

    end: int
    """Offset after the last captured byte that belongs to it."""

    claimed: int
    """Offset at which it ends by the lengths of the layers below: `end`, or more where bytes are missing."""

    under: Under = Under()

    @property
    def size(self) -> int:
        """Captured bytes."""
        return self.end - self.start

    def bytes(self) -> bytes:
        """Copy of the captured bytes."""
        return self.frame[self.start : self.end]

    def byte(self, offset: int) -> int:
        """One byte, counted from the layer's first; the dissector has made sure that it is there."""
        return self.frame[self.start + offset]

    def number(self, offset: int, size: int) -> int:
        """A number in network byte order, counted from the layer's first byte."""
        at = self.start + offset
        return int.from_bytes(self.frame[at : at + size], "big")


class Step(NamedTuple):
    """What a dissector says about one layer."""

    protocol: str
    fields: tuple[Field, ...]
    header_end: int
    """Offset after the header."""

    payload_end: int
    """Offset after the captured payload: `header_end` where the layer carries nothing."""

    claimed: int
    """Offset at which the payload ends by this layer's own length, else by the window's."""

    follows: str | None = None
    """Name of the dissector of the payload; None where there is nothing to take apart in it."""

    under: Under = Under()
    """What the layer above is told."""

    stop: Break | None = None
    """Why it went no further."""


Dissector = Callable[[Window], Step]
"""Never raises for any bytes, and gives spans within its window."""

DATA: Final = "Data"
"""Name of bytes that no dissector knows."""


def ends(protocol: str, fields: tuple[Field, ...], window: Window, stop: Break | None = None) -> Step:
    """A layer that takes all of its window: a message without a split, or one that stopped inside its header."""
    return Step(protocol, fields, window.end, window.end, window.claimed, None, window.under, stop)


def too_short(protocol: str, window: Window, needed: int) -> Break | None:
    """The break of a header for which `needed` bytes are not there; None in a quoted packet, which is cut by design."""
    if window.under.quoted:
        return None
    cut = min(window.claimed, window.under.wire) - window.start >= needed
    reason = "length-beyond-capture" if cut else "too-short"
    return Break(protocol, window.start, reason, needed, window.size)
