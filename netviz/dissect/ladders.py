"""The layers of one packet on the two ladders, OSI-7 and TCP/IP-4, and the sums of its encapsulation. No language.

A layer of a ladder has what the packet has bytes for. The physical layer never has: bits on the medium are not in a
capture; and what a protocol above transport does for session and presentation it does with bytes of its own layer.
"""

from dataclasses import dataclass
from typing import Literal

from netviz.model.layers import Dissection, Layer
from netviz.model.osi import TCPIP_OF_OSI, Osi, TcpIp

Standing = Literal["has-bytes", "none-here", "not-in-capture"]
"""Whether this packet has bytes for a layer; `not-in-capture` is the physical layer, which no capture has."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The arithmetic of one layer: header + payload + trailer = total, in captured bytes."""

    index: int
    """Which layer of the dissection, from 0."""

    protocol: str
    header: int
    payload: int
    trailer: int

    @property
    def total(self) -> int:
        """All bytes of the layer's data unit that were captured: the payload of the layer below it."""
        return self.header + self.payload + self.trailer

    @property
    def overhead(self) -> int:
        """Bytes that this layer adds to what it carries."""
        return self.header + self.trailer


@dataclass(frozen=True, slots=True)
class Rung:
    """One layer of a ladder and what of this packet stands on it."""

    number: int
    protocols: tuple[str, ...]
    """Names from the lowest up; a tunnel has some names more than once."""

    overhead: int
    """Bytes of headers and trailers of these protocols."""

    content: int
    """Bytes that the packet's topmost layer carries itself, where it stands here: a body, echo data."""

    standing: Standing

    @property
    def own(self) -> int:
        """All bytes of the packet that are this rung's; over a ladder they add up to those of all that has a place."""
        return self.overhead + self.content


@dataclass(frozen=True, slots=True)
class Ladders:
    """Both ladders, from the top down, and the sums from the lowest layer up."""

    osi: tuple[Rung, ...]
    """Layers 7 to 1."""

    tcpip: tuple[Rung, ...]
    """Layers 4 to 1."""

    sums: tuple[Sum, ...]
    overhead: int
    """Bytes of headers and trailers up to transport: captured bytes that are not `carried`."""

    carried: int
    """Captured bytes that all of this is for: the message above transport, or what the topmost header carries."""


def sums(dissection: Dissection) -> tuple[Sum, ...]:
    """The arithmetic of every layer, from the lowest up."""
    return tuple(
        Sum(
            index,
            layer.protocol,
            layer.header.end - layer.header.start,
            layer.payload.end - layer.payload.start,
            layer.trailer.end - layer.trailer.start if layer.trailer is not None else 0,
        )
        for index, layer in enumerate(dissection.layers)
    )


def ladders(dissection: Dissection) -> Ladders:
    """Where the protocols of one packet stand, and what each layer costs."""
    sums_ = sums(dissection)
    osi = tuple(_rung(dissection.layers, sums_, Osi(number)) for number in range(7, 0, -1))
    tcpip = tuple(_rung(dissection.layers, sums_, TcpIp(number)) for number in range(4, 0, -1))
    carried = _carried(dissection.layers, sums_)
    return Ladders(osi, tcpip, sums_, dissection.captured - carried, carried)


def _carried(layers: tuple[Layer, ...], sums_: tuple[Sum, ...]) -> int:
    for layer, sum_ in zip(layers, sums_, strict=True):
        if layer.place is None or layer.place.osi > Osi.TRANSPORT:
            return sum_.total
    return sums_[-1].payload if sums_ else 0


def _rung(layers: tuple[Layer, ...], sums_: tuple[Sum, ...], rung: Osi | TcpIp) -> Rung:
    there = [sum_ for layer, sum_ in zip(layers, sums_, strict=True) if _stands_on(layer, rung)]
    standing: Standing = "has-bytes" if there else "none-here"
    if rung is Osi.PHYSICAL:
        standing = "not-in-capture"
    content = there[-1].payload if there and there[-1] is sums_[-1] else 0
    names = tuple(each.protocol for each in there)
    return Rung(int(rung), names, sum(each.overhead for each in there), content, standing)


def _stands_on(layer: Layer, rung: Osi | TcpIp) -> bool:
    if layer.place is None:
        return False
    return (layer.place.osi if isinstance(rung, Osi) else layer.place.tcpip) is rung


def osi_numbers(layer: TcpIp) -> tuple[int, ...]:
    """The OSI layers, from the top down, that stand beside one layer of the Internet's model."""
    return tuple(sorted((int(osi) for osi, tcpip in TCPIP_OF_OSI.items() if tcpip is layer), reverse=True))
