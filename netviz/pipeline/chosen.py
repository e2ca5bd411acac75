"""What a display filter leaves of a capture: the connections, exchanges and counts that its packets belong to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netviz.http.exchange import Exchange, Message
from netviz.model.packets import PacketTable
from netviz.pipeline.store import Store


class ChosenPackets:
    """Some rows of the packet table, read as a table of their own."""

    def __init__(self, packets: PacketTable, rows: npt.NDArray[np.int64]) -> None:
        self._packets = packets
        self._rows = rows
        chosen = set(rows.tolist()) if packets.comments else set()
        self.comments = {row: text for row, text in packets.comments.items() if row in chosen}

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Their rows in the whole table, ascending. Shape (len(self),)."""
        return self._rows

    def __getitem__(self, name: str) -> npt.NDArray[np.integer[Any]]:
        column: npt.NDArray[np.integer[Any]] = self._packets[name][self._rows]
        return column


@dataclass(frozen=True, slots=True)
class Chosen:
    """Packets that match a filter, and what they belong to."""

    packets: ChosenPackets
    connections: list[int]
    exchanges: frozenset[int]
    """Those of which a packet carries bytes."""

    udp: list[int]
    """Numbers of the UDP conversations."""

    @property
    def conversations(self) -> int:
        """How many UDP conversations."""
        return len(self.udp)


def chosen(store: Store, rows: npt.NDArray[np.int64]) -> Chosen:
    """What the packets of some rows (ascending) belong to."""
    packets = store.packets
    connections = np.unique(packets["connection"][rows])
    flows = np.unique(packets["flow"][rows])
    return Chosen(
        ChosenPackets(packets, rows),
        connections[connections >= 0].tolist(),
        frozenset(each.id for each in store.exchanges if _has_one_of(packets, each, rows)),
        [number for flow in flows[flows >= 0].tolist() if (number := store.datagrams.of_flow(flow)) is not None],
    )


def _has_one_of(packets: PacketTable, exchange: Exchange, rows: npt.NDArray[np.int64]) -> bool:
    messages = (exchange.request, *exchange.interim, exchange.response)
    return any(_carried(packets, exchange.connection, each, rows) for each in messages if each is not None)


def _carried(packets: PacketTable, connection: int, message: Message, rows: npt.NDArray[np.int64]) -> bool:
    start, stop = np.searchsorted(rows, (message.first_row, message.last_row + 1))
    inside = rows[start:stop]
    if message.first_row == message.last_row or not len(inside):
        return bool(len(inside))
    own = (packets["connection"][inside] == connection) & (packets["side"][inside] == message.direction)
    return bool((own & (packets["payload_length"][inside] > 0)).any())
