"""What the packet before from the same sender looked like, to be drawn beside the selected one. Values only."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from netviz.dissect.comparing import Place, fields_by_place
from netviz.model.layers import Dissection, Field
from netviz.model.packets import PacketTable

_FIRST_LOOK: Final = 1024
_ETHERNET: Final = 1
_SENDER: Final = slice(6, 12)
"""Bytes of an Ethernet frame that name its sender."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The packet before."""

    packet: int | None
    """Its number; None where the sender sent none before."""

    fields: dict[Place, Field]

    def differing(self, dissection: Dissection) -> dict[int, str | None]:
        """Of a packet's fields, by their `id`, those that differ: the value before, None where there was none."""
        if self.packet is None:
            return {}
        found: dict[int, str | None] = {}
        for place, field in fields_by_place(dissection).items():
            before = self.fields.get(place)
            if before is None or before.value != field.value:
                found[id(field)] = before.value if before is not None else None
        return found


def row_before(packets: PacketTable, row: int) -> int | None:
    """The last row before a row that the same sender sent; None where there is none.

    The sender is that of the flow and direction; of packets without a flow, whoever sent the same protocol from the same
    Ethernet address. Looks back in steps that double, so that a near one costs little.
    """
    stop, step = row, _FIRST_LOOK
    while stop > 0:
        start = max(stop - step, 0)
        for at in _alike(packets, row, start, stop):
            if packets.value("flow", row) >= 0 or _sender(packets, at) == _sender(packets, row):
                return at
        stop, step = start, step * 2
    return None


def _alike(packets: PacketTable, row: int, start: int, stop: int) -> list[int]:
    """Rows of a stretch that may be of the same sender, the latest first."""
    columns = ("flow", "side") if packets.value("flow", row) >= 0 else ("flow", "protocol", "link_type")
    same = np.logical_and.reduce([packets[name][start:stop] == packets.value(name, row) for name in columns])
    found: list[int] = (np.flatnonzero(same)[::-1] + start).tolist()
    return found


def _sender(packets: PacketTable, row: int) -> bytes:
    return packets.frame(row)[_SENDER] if packets.value("link_type", row) == _ETHERNET else b""
